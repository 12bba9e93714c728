//! Settings, the protection of the identity, and profiles that cannot be opened.

use super::TestHarness;
use super::harness::{paired, press};
use crate::gui::report::Report;
use keyglance_capture::ScanEvent;
use keyglance_core::keyfile::Passphrase;
use keyglance_profile::{Identity, IdentityState, Theme};

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
    assert!(bench.sees("Saved.") && bench.sees("The identity is protected."));
    let IdentityState::Sealed(bytes) = bench.profile().identity().unwrap() else { panic!() };
    Identity::unseal(&bytes, &pass("first")).unwrap();

    // As at the next start.
    bench.window().app.model.device = None;
    bench.window().carry_out(crate::gui::app::App::start());
    bench.settle();
    bench.write("Passphrase", "wrong");
    bench.click("Open");
    assert!(bench.sees("The passphrase is wrong."));
    bench.write("Passphrase", "first");
    bench.click("Open");
    assert!(bench.sees("Contacts") && bench.sees("Bo"));
}

#[test]
fn settings_are_kept_and_the_camera_is_tested() {
    let (mut bench, _) = paired();
    bench.click("Settings");
    for choice in ["Dark", "125 %", "Short sounds while pairing", "Reduced motion"] {
        bench.click(choice);
    }
    let settings = bench.profile().settings().unwrap();
    assert_eq!((settings.theme, settings.text_size), (Theme::Dark, 125));
    assert!(!settings.sounds && settings.reduced_motion);
    bench.click("Test the camera");
    bench.camera_sees("anything");
    assert!(bench.sees("It works, and reads codes."));
    bench.done();
    bench.click("Back");
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
    assert!(bench.sees("newer than this program") && bench.sees("Nothing was changed."));
    std::fs::remove_file(profile.join("profile.json")).unwrap();
    bench.click("Try again");
    assert!(bench.sees("Welcome to Keyglance"));
}
