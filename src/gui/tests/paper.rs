//! A device and an export on paper, from the window.

use super::harness::{TestHarness, clear, paired, press};
use crate::gui::message::Message;
use crate::gui::report::Report;
use crate::gui::route::Route;
use crate::gui::screens::{export, from_paper, paper};
use egui_kittest::kittest::Queryable as _;
use keyglance_core::crypto::IdentityKey;
use keyglance_core::exports::Program;
use keyglance_core::keyfile::{Passphrase, WorkFactor};
use keyglance_core::paper::{Content, Kind, PageText, Plan, SealedText, Share, split};
use keyglance_profile::{FromPaper, IdentityState, PaperReader};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;
use zeroize::Zeroizing;

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
    let kind = Kind::Device;
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
    let kind = Kind::Passphrase;
    let now = "2026-05-02T12:00:00Z".parse().unwrap();
    let FromPaper::File(_, back) = reader.restore(Some(kind), now).unwrap() else { panic!() };
    let is_export =
        |entry: std::fs::DirEntry| std::fs::read(entry.path()).is_ok_and(|file| file == *back);
    let mut files = std::fs::read_dir(bench.folder()).unwrap();
    assert!(files.any(|entry| is_export(entry.unwrap())), "the file that was saved");
    let exports = bench.profile().find_key("Bo").unwrap().exports.clone();
    assert!(exports.iter().any(|export| export.to.contains("pages to print")), "{exports:?}");
}

/// What the codes of the pages of a device say, 2 of 3, and the words beside them.
fn device_pages(key: &IdentityKey) -> Vec<(String, String)> {
    let shares = split(&Content::device(key).secret, Plan::DEFAULT, &mut rng()).unwrap();
    let page = |share: Share| {
        let words = share.words().to_string();
        let (name, created) = ("Old laptop".to_owned(), Some(1_700_000_000));
        let page = PageText { share, kind: Kind::Device, name, created };
        (page.text().to_string(), words)
    };
    shares.into_iter().map(page).collect()
}

/// The same of a file, with the second code of each page.
fn file_pages(file: &[u8], name: &str) -> (Vec<String>, String) {
    let content = Content::file(file, &mut rng());
    let shares = split(&content.secret, Plan::DEFAULT, &mut rng()).unwrap();
    let sealed = SealedText::seal(file, &content.secret, shares[0].set()).unwrap();
    let page = |share: Share| {
        let page = PageText { share, kind: Kind::File, name: name.to_owned(), created: None };
        page.text().to_string()
    };
    (shares.into_iter().map(page).collect(), sealed.text().to_string())
}

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(11)
}

fn own(bench: &TestHarness) -> String {
    bench.profile().unlock_identity(None).unwrap().key.public().to_string()
}

#[test]
fn a_device_comes_back_by_typed_words_once_the_user_is_sure() {
    let (mut bench, _) = paired();
    let before = own(&bench);
    let key = IdentityKey::generate(&mut rng());
    let pages = device_pages(&key);
    bench.window().update(Message::Go(Route::Restore));
    bench.settle();
    press(&mut bench, "From pages on paper…");
    assert!(!bench.enabled("Add the page"), "nothing is there yet");
    // A slip of the hand loses nothing.
    let wrong = pages[0].1.replacen(' ', " x", 1);
    bench.write("Words of a page", &wrong);
    bench.click("Add the page");
    assert!(!bench.sees("Pages that were read"));
    clear(&mut bench, "Words of a page");
    for (_, words) in pages.iter().take(2) {
        assert!(bench.harness().query_by_label("Restore").is_none(), "they are too few");
        bench.write("Words of a page", words);
        bench.click("Add the page");
    }
    assert!(bench.sees("The pages are enough."));
    assert!(!bench.enabled("Restore"), "words do not say what they are");
    bench.click("A device’s own key");
    bench.click("Restore");
    assert!(bench.sees("This device will be somebody else"));
    bench.click("Keep the current one");
    assert_eq!(own(&bench), before, "nothing is replaced without a yes");
    bench.click("Restore");
    bench.click("Restore from the pages");
    assert_eq!(own(&bench), key.public().to_string());
    assert!(bench.profile().find_key("Bo").is_ok(), "what is shared stays");
}

#[test]
fn the_first_start_takes_the_pages_of_a_device_by_the_camera() {
    let mut bench = TestHarness::new();
    let key = IdentityKey::generate(&mut rng());
    bench.window().update(Message::Go(Route::FromPaper));
    bench.settle();
    bench.click("Camera");
    let pages = device_pages(&key);
    // A page stays in view for many frames, and a code of something else is passed over.
    for text in [&pages[2].0, &pages[2].0, "https://example.org/"] {
        bench.camera_sees(text);
    }
    assert!(bench.sees("1 of 2 that are needed: one more."));
    bench.camera_sees(&pages[0].0);
    assert!(bench.sees("The pages are enough.") && bench.sees("Camera"), "it stops by itself");
    bench.click("Restore");
    assert_eq!(own(&bench), key.public().to_string());
    let name = bench.profile().unlock_identity(None).unwrap().name;
    assert_eq!(name.as_str(), "Old laptop");
}

#[test]
fn a_file_comes_back_from_photographs_in_place_of_no_other() {
    let (mut bench, _) = paired();
    let (pages, sealed) = file_pages(b"the file", "note.txt");
    bench.window().update(Message::Go(Route::FromPaper));
    bench.settle();
    let photographs = |texts: &[&str]| {
        let codes = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
        Report::CodesRead(Ok(codes))
    };
    bench.report(photographs(&[]));
    assert!(bench.sees("No code of a page of Keyglance was found."));
    bench.report(photographs(&[&pages[0], &pages[1]]));
    assert!(bench.sees("The second code of one of them is needed too."));
    assert!(!bench.enabled("Restore"));
    bench.report(photographs(&[&sealed]));
    let path = bench.folder().join("note.txt");
    std::fs::write(&path, "another").unwrap();
    bench.click("Restore");
    assert!(bench.sees("already there"), "what is there stays");
    assert_eq!(std::fs::read(&path).unwrap(), b"another");
    let other = bench.folder().join("back.txt");
    let typed = from_paper::Message::Path(other.display().to_string());
    bench.window().update(Message::FromPaper(typed));
    bench.settle();
    // The pages are still there.
    bench.click("Restore");
    assert!(bench.sees("It is back"));
    assert_eq!(std::fs::read(&other).unwrap(), b"the file");
}

#[test]
fn a_protected_device_stays_protected_by_its_own_passphrase() {
    let (mut bench, _) = paired();
    let word = Passphrase::new(Zeroizing::new("correct horse".to_owned())).unwrap();
    let before = bench.profile().unlock_identity(None).unwrap();
    bench.profile().store_identity(&before, Some((&word, WorkFactor::Log2(2)))).unwrap();
    bench.window().app.model.device.as_mut().unwrap().protected = true;
    let key = IdentityKey::generate(&mut rng());
    let pages = device_pages(&key);
    bench.window().update(Message::Go(Route::FromPaper));
    bench.settle();
    let codes = pages.iter().map(|(text, _)| text.as_bytes().to_vec()).collect();
    bench.report(Report::CodesRead(Ok(codes)));
    bench.click("Restore");
    bench.write("Passphrase of this device", "wrong horse");
    bench.click("Restore from the pages");
    assert!(bench.sees("That is not the passphrase."));
    let still = bench.profile().unlock_identity(Some(&word)).unwrap();
    assert_eq!(still.key.public(), before.key.public());
    bench.click("Restore");
    bench.write("Passphrase of this device", "correct horse");
    bench.click("Restore from the pages");
    assert!(matches!(bench.profile().identity().unwrap(), IdentityState::Sealed(_)));
    let now = bench.profile().unlock_identity(Some(&word)).unwrap();
    assert_eq!(now.key.public(), key.public());
    // What is no device has nothing to do with that.
    let (pages, sealed) = file_pages(b"the file", "note.txt");
    bench.window().update(Message::Go(Route::FromPaper));
    bench.settle();
    let codes = [&pages[1], &pages[2], &sealed].map(|text| text.as_bytes().to_vec());
    bench.report(Report::CodesRead(Ok(codes.to_vec())));
    bench.click("Restore");
    assert_eq!(std::fs::read(bench.folder().join("note.txt")).unwrap(), b"the file");
}
