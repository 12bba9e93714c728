//! Settings, the protection of the identity, and profiles that cannot be opened.

use std::sync::Arc;

use eframe::egui::Key;
use egui_kittest::kittest::NodeT as _;

use super::harness::{clear, paired, press};
use super::{TestHarness, peer};
use crate::gui::effect::{FileDialog, ProfileCommand};
use crate::gui::message::Message;
use crate::gui::model::CameraName;
use crate::gui::report::{Report, WrittenFile};
use crate::gui::route::Route;
use crate::gui::screens::{seal, settings};
use crate::gui::world::World as _;
use keyglance_capture::ScanEvent;
use keyglance_core::keyfile::Passphrase;
use keyglance_profile::{Identity, IdentityState, Motion, Theme};

fn pass(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned().into()).unwrap()
}

#[test]
fn the_identity_is_protected_locked_and_opened() {
    let (mut bench, _) = paired();
    bench.click("Settings");
    bench.write("New passphrase", "first");
    bench.write("Repeat the passphrase", "second");
    press(&mut bench, "Set passphrase");
    assert!(bench.sees("The two passphrases do not match."));
    clear(&mut bench, "Repeat the passphrase");
    bench.write("Repeat the passphrase", "first");
    press(&mut bench, "Set passphrase");
    assert!(bench.sees("Saved.") && bench.sees("A passphrase protects this device."));
    let IdentityState::Sealed(bytes) = bench.profile().identity().unwrap() else { panic!() };
    Identity::unseal(&bytes, &pass("first")).unwrap();

    // As at the next start.
    bench.window().app.model.device = None;
    bench.window().carry_out(crate::gui::app::App::start());
    bench.settle();
    bench.write("Passphrase of this device", "wrong");
    bench.click("Open");
    assert!(bench.sees("That is not the passphrase."));
    bench.write("Passphrase of this device", "first");
    bench.click("Open");
    assert!(bench.sees("Bo"));
}

#[test]
fn settings_are_kept_and_the_camera_is_tested() {
    let (mut bench, _) = paired();
    bench.click("Settings");
    assert!(!bench.sees("Test the camera"), "there is none");
    let camera = CameraName { index: 0, name: "Desk".to_owned() };
    bench.report(Report::Cameras(vec![camera]));
    for choice in ["Dark", "125 %", "Short sounds while pairing", "Reduced"] {
        press(&mut bench, choice);
    }
    let settings = bench.profile().settings().unwrap();
    assert_eq!((settings.theme, settings.text_size), (Theme::Dark, 125));
    assert!(!settings.sounds && settings.motion == Motion::Reduced);
    press(&mut bench, "Test the camera");
    bench.camera_sees("anything");
    assert!(bench.sees("It works, and reads codes."));
    bench.done();
    bench.click("Back to Home");
    assert!(bench.done().contains("StopScan"), "the camera is let go");
    bench.click("Pair a device");
    bench.report(Report::Scan(ScanEvent::Ended));
    assert!(bench.sees("The camera is off."));
}

#[test]
fn a_profile_that_cannot_be_opened_is_told_and_tried_again() {
    let mut bench = TestHarness::new();
    let profile = bench.folder().join("profile");
    std::fs::write(profile.join("profile.json"), r#"{"format":"keyglance-profile","version":9}"#)
        .unwrap();
    bench.window().carry_out(crate::gui::app::App::start());
    bench.settle();
    assert!(bench.sees("made by a newer Keyglance") && bench.sees("Nothing was changed."));
    std::fs::remove_file(profile.join("profile.json")).unwrap();
    bench.click("Try again");
    assert!(bench.sees("Welcome to Keyglance"));
}

#[test]
fn what_is_typed_is_not_thrown_away_unasked() {
    let (mut bench, _) = paired();
    bench.click("Settings");
    bench.write("New passphrase", "half of it");
    bench.key(Key::Escape);
    assert!(bench.sees("Leave without saving?"));
    bench.click("Keep editing");
    assert!(bench.sees("New passphrase"));
    bench.key(Key::Escape);
    bench.click("Leave");
    assert!(!bench.sees("New passphrase"));
}

#[test]
fn another_profile_is_chosen_for_this_run() {
    let (mut bench, _) = paired();
    bench.click("Settings");
    bench.done();
    press(&mut bench, "Choose folder…");
    assert!(bench.done().contains("OpenDialog(Folder"));
    let other = bench.folder().join("other");
    bench.report(Report::FilesChosen(FileDialog::Folder, Some(vec![other.clone()])));
    assert!(!bench.sees("Bo") && other.exists(), "a new profile, without contacts");
    let first = bench.folder().join("profile");
    bench.report(Report::FilesChosen(FileDialog::Folder, Some(vec![first])));
    assert!(bench.sees("Bo"));
}

/// A file where the folder should be: it is said, and another folder is offered.
#[test]
fn a_profile_that_is_none_offers_another_folder() {
    let mut bench = TestHarness::new();
    let file = bench.folder().join("file");
    std::fs::write(&file, "x").unwrap();
    bench.report(Report::FilesChosen(FileDialog::Folder, Some(vec![file])));
    assert!(bench.sees("is not a folder") && !bench.sees("--profile"));
    bench.done();
    bench.click("Choose folder…");
    assert!(bench.done().contains("OpenDialog(Folder"));
}

/// A window with a contact, under the passphrase "first", which locks after five minutes.
fn locking() -> TestHarness {
    let (mut bench, _) = paired();
    bench.click("Settings");
    assert!(bench.sees("Set a passphrase first."), "there is nothing to ask for");
    bench.window().update(Message::Settings(settings::Message::LockAfter(Some(5))));
    for field in ["New passphrase", "Repeat the passphrase"] {
        bench.write(field, "first");
    }
    press(&mut bench, "Set passphrase");
    press(&mut bench, "Off");
    bench.wait(3600.0);
    assert!(bench.window().app.model.device.is_some(), "off is off");
    press(&mut bench, "5 minutes");
    assert_eq!(bench.profile().settings().unwrap().lock_after, Some(5));
    bench
}

#[test]
fn a_window_that_nobody_uses_locks_and_forgets() {
    let mut bench = locking();
    bench.write("New passphrase", "half of another");
    bench.wait(299.0);
    bench.key(Key::ArrowDown);
    bench.wait(299.0);
    assert!(bench.sees("New passphrase"), "somebody used it in between");
    let deadline = bench.window().app.next_deadline().unwrap();
    assert_eq!(deadline.as_secs() - bench.window().fixed_time.unwrap().as_secs(), 1);
    let device = bench.window().app.model.device.clone().unwrap();
    bench.wait(1.0);
    assert!(bench.sees("Keyglance is locked") && !bench.sees("New passphrase"));
    assert_eq!(Arc::strong_count(&device.key), 1, "the device's own key is forgotten");
    assert_eq!(bench.window().app.next_deadline(), None, "and idle is idle");
    for message in [Message::Go(Route::Pair), Message::Go(Route::Settings), Message::OpenFile] {
        bench.window().update(message);
    }
    bench.settle();
    assert!(bench.sees("Keyglance is locked"), "there is no way around");
    bench.write("Passphrase of this device", "first");
    bench.click("Open");
    assert!(bench.sees("Bo"));
    bench.wait(299.0);
    assert!(bench.sees("Bo"), "opening it was a use of it");
}

#[test]
fn the_key_of_a_file_is_forgotten_with_the_rest() {
    let mut bench = locking();
    let mut other = TestHarness::seeded(9).called("Desk");
    other.pair(&mut peer("Cleo", 2, 2));
    let key = other.profile().find_key("Cleo").unwrap().file.to_json().to_vec();
    let path = bench.folder().join("cleo.keyglance");
    std::fs::write(&path, key).unwrap();
    bench.window().update(Message::Dropped(vec![path]));
    bench.settle();
    assert!(bench.sees("Add to contacts"));
    bench.wait(301.0);
    assert!(bench.sees("Keyglance is locked"));
    let world = &mut bench.window().world;
    world.command_profile(ProfileCommand::ImportKey);
    let reports = world.reports();
    assert!(reports.iter().any(|report| matches!(report, Report::KeyImported(Err(_)))));
}

#[test]
fn what_is_under_way_is_not_interrupted_by_the_lock() {
    let mut bench = locking();
    bench.window().update(Message::Go(Route::Pair));
    bench.settle();
    bench.wait(299.0);
    assert!(!bench.sees("Paused"));
    bench.wait(2.0);
    assert!(bench.sees("Paused"), "a pairing ends by itself");
    bench.wait(299.0);
    assert!(bench.sees("Paused"), "and that is seen for a while");
    bench.wait(2.0);
    assert!(bench.sees("Keyglance is locked"));
}

#[test]
fn a_large_file_is_encrypted_however_long_it_takes() {
    let mut bench = locking();
    let bo = bench.profile().find_contact("Bo").unwrap().id();
    let path = bench.folder().join("film");
    bench.window().update(Message::Go(Route::Seal(bo, Some(path.clone()))));
    let window = bench.window();
    // The worker is at work on it.
    let now = window.fixed_time.unwrap();
    window.app.update(Message::Seal(seal::Message::Encrypt), now);
    bench.wait(3600.0);
    assert!(bench.sees("Encrypting…"));
    bench.report(Report::Sealed(Ok(WrittenFile { path, bytes: 7 })));
    bench.wait(299.0);
    assert!(bench.sees("Encrypted for Bo"), "and what came of it is seen for a while");
    bench.wait(2.0);
    assert!(bench.sees("Keyglance is locked"));
}

#[test]
fn without_a_passphrase_nothing_locks() {
    let mut bench = locking();
    bench.write("Passphrase of this device", "first");
    press(&mut bench, "Remove passphrase");
    assert!(bench.sees("Set a passphrase first."));
    bench.wait(3600.0);
    assert!(bench.sees("Settings"));
}

#[test]
fn a_passphrase_of_six_words_is_made_shown_and_used() {
    let (mut bench, _) = paired();
    bench.click("Settings");
    press(&mut bench, "Make one of six words");
    assert!(bench.sees("Strong.") && bench.sees("Write it down: it is not shown again."));
    let made = made(&mut bench);
    bench.done();
    press(&mut bench, "Copy");
    assert!(bench.done().contains("CopySecret") && bench.sees("Copied"));
    press(&mut bench, "Set passphrase");
    assert!(bench.sees("Saved.") && !bench.sees(&made), "not shown again");
    let IdentityState::Sealed(bytes) = bench.profile().identity().unwrap() else { panic!() };
    Identity::unseal(&bytes, &pass(&made)).unwrap();

    press(&mut bench, "Make one of six words");
    let other = self::made(&mut bench);
    assert_ne!(made, other);
    bench.write("Repeat the passphrase", "x");
    assert!(!bench.sees(&other), "something else was typed");
}

/// The six words on the page.
fn made(bench: &mut TestHarness) -> String {
    let known = |text: &String| {
        let words: Vec<&str> = text.split(' ').collect();
        let plain = |word: &&str| word.len() > 2 && word.chars().all(|c| c.is_ascii_lowercase());
        words.len() == 6 && words.iter().all(plain)
    };
    let root = bench.harness().root();
    let mut texts = root.children_recursive().filter_map(|node| node.accesskit_node().value());
    texts.find(known).unwrap()
}
