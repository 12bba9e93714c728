//! Settings, the protection of the identity, and profiles that cannot be opened.

use eframe::egui::Key;

use super::TestHarness;
use super::harness::{paired, press};
use crate::gui::effect::FileDialog;
use crate::gui::model::CameraName;
use crate::gui::report::Report;
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
    bench.write("New passphrase", "first");
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
