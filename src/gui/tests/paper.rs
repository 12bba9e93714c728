//! A device and an export on paper, from the window.

use super::harness::{TestHarness, paired, press};
use crate::gui::message::Message;
use crate::gui::route::Route;
use crate::gui::screens::{export, paper};
use keyglance_core::exports::Program;
use keyglance_profile::{FromPaper, PaperReader};

/// The words of the pages of a file.
fn words(bench: &TestHarness) -> Vec<String> {
    let path = bench.folder().join("keyglance-pages.html");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "only this user may read it");
    }
    let html = std::fs::read_to_string(path).unwrap();
    let lists = html.split("<ol class=\"words\">").skip(1);
    let words = |list: &str| {
        let list = list.split_once("</ol>").unwrap().0;
        let words = list.split("</li>").filter_map(|li| li.strip_prefix("<li>"));
        words.collect::<Vec<_>>().join(" ")
    };
    lists.map(words).collect()
}

#[test]
fn this_device_goes_on_as_many_pages_as_were_chosen() {
    let (mut bench, _) = paired();
    bench.window().update(Message::Go(Route::Identity));
    bench.settle();
    press(&mut bench, "On paper…");
    assert!(bench.sees("Any 2 of the 3 pages restore it, so 1 may be lost."));
    bench.window().update(Message::Paper(paper::Message::Count(5)));
    bench.window().update(Message::Paper(paper::Message::Needed(3)));
    bench.settle();
    assert!(bench.sees("Any 3 of the 5 pages restore it, so 2 may be lost."));
    // Fewer pages than are needed are none.
    bench.window().update(Message::Paper(paper::Message::Count(2)));
    bench.settle();
    assert!(bench.sees("All 2 pages are needed"));
    bench.window().update(Message::Paper(paper::Message::Count(4)));
    bench.settle();
    bench.click("Save pages");
    assert!(bench.sees("The pages are there") && bench.sees("delete it"));
    let words = words(&bench);
    assert_eq!(words.len(), 4);
    let mut reader = PaperReader::default();
    for page in &words[2..] {
        reader.read_words(page).unwrap();
    }
    let kind = keyglance_core::paper::Kind::Device;
    let now = "2026-05-02T12:00:00Z".parse().unwrap();
    let FromPaper::Device(back) = reader.restore(Some(kind), now).unwrap() else { panic!() };
    let own = bench.profile().unlock_identity(None).unwrap();
    assert_eq!(back.key.public(), own.key.public());
    // A file that is there stays as it is.
    bench.click("Done");
    press(&mut bench, "On paper…");
    bench.click("Save pages");
    assert!(bench.sees("already there"), "not replaced");
}

#[test]
fn an_export_goes_on_paper_from_where_it_was_saved() {
    let (mut bench, _) = paired();
    let key = bench.profile().find_key("Bo").unwrap().file.key_id();
    let restic = Program::find("restic").unwrap();
    for message in [
        Message::Go(Route::Export(key)),
        Message::Export(export::Message::Program(restic)),
        Message::Export(export::Message::Continue),
        Message::Export(export::Message::Protect(false)),
        Message::Export(export::Message::Save),
    ] {
        bench.window().update(message);
        bench.settle();
    }
    press(&mut bench, "On paper…");
    assert!(bench.sees("The key for restic that you share with Bo."));
    bench.click("Save pages");
    let mut reader = PaperReader::default();
    for page in words(&bench).iter().skip(1) {
        reader.read_words(page).unwrap();
    }
    let kind = keyglance_core::paper::Kind::Passphrase;
    let now = "2026-05-02T12:00:00Z".parse().unwrap();
    let FromPaper::File(_, back) = reader.restore(Some(kind), now).unwrap() else { panic!() };
    let is_export =
        |entry: std::fs::DirEntry| std::fs::read(entry.path()).is_ok_and(|file| file == *back);
    let mut files = std::fs::read_dir(bench.folder()).unwrap();
    assert!(files.any(|entry| is_export(entry.unwrap())), "the file that was saved");
    let exports = bench.profile().find_key("Bo").unwrap().exports.clone();
    assert!(exports.iter().any(|export| export.to.contains("pages to print")), "{exports:?}");
}
