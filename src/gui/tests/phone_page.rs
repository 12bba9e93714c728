//! A phone that pairs by a page in its browser: where that page is, and its files.

use std::fs;
use std::path::PathBuf;

use eframe::egui::{Key, Theme};
use image::DynamicImage;

use super::TestHarness;
use super::harness::{clear, paired, press};
use crate::gui::effect::FileDialog;
use crate::gui::message::Message;
use crate::gui::model::PhonePageView;
use crate::gui::report::Report;
use crate::gui::route::Route;
use crate::gui::screen::Screen;
use crate::messages::phone_page as words;
use keyglance_profile::PHONE_PAGE_FILES;
use keyglance_qr::decode_image;

const ADDRESS: &str = "https://keys.example/phone/";

/// An address that is set, of a page that came with the program.
pub fn known() -> Report {
    let sha256 = "3f9a21c4".repeat(8);
    let address = Some(ADDRESS.parse().unwrap());
    Report::PhonePage(Box::new(PhonePageView { address, page: Ok(sha256) }))
}

fn open(bench: &mut TestHarness) {
    bench.window().update(Message::Go(Route::Phone(None)));
    bench.settle();
}

/// Installs a page with the program of this window.
fn install(bench: &TestHarness) {
    let folder = bench.folder().join("share/keyglance/phone");
    fs::create_dir_all(&folder).unwrap();
    for name in PHONE_PAGE_FILES {
        fs::write(folder.join(name), "").unwrap();
    }
    // SHA-256 of nothing.
    let sum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let sums = PHONE_PAGE_FILES.map(|name| format!("{sum}  {name}\n")).concat();
    fs::write(folder.join("SHA256SUMS"), sums).unwrap();
}

#[test]
fn an_address_that_a_person_sets_is_shown_as_a_code_and_leads_to_pairing() {
    let mut bench = TestHarness::painted(Theme::Dark, 0).called_ana();
    open(&mut bench);
    for way in ["host of your own", "save the page’s files", "what apps scan needs no page"] {
        assert!(bench.sees(way), "{way}");
    }
    assert!(bench.sees(words::HOST_POWER), "said before anything is set");
    bench.key(Key::Enter);
    assert!(bench.sees("No address was given."));
    bench.write("Address of the page", "http://keys.example/");
    bench.key(Key::Enter);
    assert!(bench.sees("The address has to begin with https://."));
    assert_eq!(bench.profile().phone_page().unwrap(), None);
    clear(&mut bench, "Address of the page");
    bench.write("Address of the page", ADDRESS);
    bench.click("Use this address");
    assert_eq!(bench.profile().phone_page().unwrap().unwrap().as_str(), ADDRESS);
    assert!(bench.sees(ADDRESS) && bench.sees(words::HOST_POWER) && bench.sees(words::NEW_DEVICE));
    assert!(bench.sees("1. Scan this") && bench.sees("20 to 30 cm"));
    // What a phone's camera reads off the screen.
    let picture = DynamicImage::from(bench.harness().render().unwrap()).into_luma8();
    let read: Vec<_> =
        decode_image(&picture).into_iter().filter_map(|reading| reading.into_text()).collect();
    assert_eq!(read, [ADDRESS]);
    // The focus is on the only thing to do.
    bench.key(Key::Enter);
    assert!(matches!(bench.window().app.screen, Screen::Pairing(_)));
}

#[test]
fn another_address_takes_its_place_or_none_does() {
    let mut bench = TestHarness::ana();
    bench.profile().set_phone_page(Some(ADDRESS.parse().unwrap())).unwrap();
    open(&mut bench);
    assert!(bench.sees(ADDRESS) && !bench.sees("Where is the page?"));
    bench.click("Another address…");
    bench.click("Use this address");
    assert!(bench.enabled("They are on the page"), "the same one, unchanged");
    bench.click("Another address…");
    bench.click("Cancel");
    assert!(bench.enabled("They are on the page"));
    bench.click("Another address…");
    bench.write("Address of the page", "x");
    bench.click("Use this address");
    let kept = bench.profile().phone_page().unwrap().unwrap();
    assert_eq!(kept.as_str(), format!("{ADDRESS}x"));
    bench.click("Another address…");
    bench.click("Remove the address");
    assert!(bench.sees("Where is the page?"));
    assert_eq!(bench.profile().phone_page().unwrap(), None);
}

#[test]
fn the_pages_files_are_saved_for_a_host_and_replace_nothing() {
    let mut bench = TestHarness::ana();
    open(&mut bench);
    assert!(bench.sees("was not installed with this program"));
    assert!(!bench.sees("Save the page’s files…"));
    install(&bench);
    open(&mut bench);
    bench.click("Save the page’s files…");
    let folder = bench.folder().join("www");
    // What the dialog gives is a folder for them, and no other profile.
    let chosen = Some(vec![folder.clone()]);
    bench.report(Report::FilesChosen(FileDialog::PageFolder, chosen));
    bench.click("Save the files");
    assert!(bench.sees("The page’s files are in"), "{:?}", bench.done());
    let mut names: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    let mut wanted = PHONE_PAGE_FILES.map(std::ffi::OsString::from);
    wanted.sort();
    assert_eq!(names, wanted);

    fs::write(folder.join("sw.js"), "mine").unwrap();
    bench.click("Save the page’s files…");
    bench.report(Report::FilesChosen(FileDialog::PageFolder, Some(vec![folder.clone()])));
    bench.click("Save the files");
    assert!(bench.sees("sw.js is already there."));
    assert_eq!(fs::read_to_string(folder.join("sw.js")).unwrap(), "mine");
    let other: PathBuf = bench.folder().join("profile");
    assert_eq!(bench.window().app.model.profile, other);
}

#[test]
fn the_settings_have_the_address_too() {
    let (mut bench, _) = paired();
    let settings = |bench: &mut TestHarness| {
        bench.window().update(Message::Go(Route::Settings));
        bench.settle();
    };
    settings(&mut bench);
    assert!(bench.sees("Page for phones") && bench.sees(words::NO_ADDRESS));
    bench.write("Address of the page", "https://ana@keys.example/");
    press(&mut bench, "Use this address");
    assert!(bench.sees("The address holds a user or a password."));
    assert_eq!(bench.profile().phone_page().unwrap(), None);
    bench.window().update(Message::Go(Route::Home));
    bench.settle();
    assert!(bench.window().app.leaving.is_some(), "what was typed is not lost unasked");
    bench.window().update(Message::Leave);
    bench.settle();
    settings(&mut bench);
    bench.write("Address of the page", ADDRESS);
    press(&mut bench, "Use this address");
    assert_eq!(bench.profile().phone_page().unwrap().unwrap().as_str(), ADDRESS);
    // Another choice of the settings leaves it.
    press(&mut bench, "Short sounds while pairing");
    assert_eq!(bench.profile().phone_page().unwrap().unwrap().as_str(), ADDRESS);
    assert!(!bench.profile().settings().unwrap().sounds);
    press(&mut bench, "Remove the address");
    assert_eq!(bench.profile().phone_page().unwrap(), None);
}
