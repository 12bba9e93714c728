//! Whole pairings: in either role, repeated, with another key, interrupted.

use super::harness::press;
use super::{TestHarness, peer};
use crate::gui::report::Report;
use crate::messages::window::compare::digit_by_digit;
use keyglance_capture::{CameraError, ScanEvent};
use keyglance_core::pairing::{CheckEntry, Phase, Role};
use keyglance_core::trust::Method;
use keyglance_core::trust::Trust;
use keyglance_profile::Require;

#[test]
fn both_roles_pair_compare_and_keep_a_verified_contact() {
    let mut roles = [0, 0];
    for seed in 0..8 {
        let mut bench = TestHarness::ana();
        let mut bo = peer("Bo", 1, seed);
        bench.pair(&mut bo);
        roles[usize::from(bo.pairing().unwrap().role == Role::Initiator)] += 1;
        bench.click("Compare the check code");
        let ours = bench.profile().keys().unwrap().0[0].comparison.unwrap().codes().shown;
        let theirs = bo.check_code().unwrap();
        assert!(bench.sees(&digit_by_digit(ours)), "our digits, to be read out");
        assert!(!bench.sees(&digit_by_digit(theirs)) && !bench.sees(&theirs.digits()));
        assert!(!bench.enabled("Check"), "nobody clicks through");
        bench.write("Six digits of the other screen", &ours.to_string());
        bench.click("Check");
        assert!(bench.sees("These are your own digits."));
        assert_eq!(bench.profile().keys().unwrap().0[0].file.verified, None);
        bench.write("Six digits of the other screen", &theirs.to_string());
        bench.click("Check");
        assert!(bench.sees("Compared. This is Bo."));
        assert_eq!(bo.enter_check_code(&ours.to_string()), Some(CheckEntry::Match));
        let theirs = bo.pairing().unwrap();
        bench.click("Done");
        assert!(bench.sees("Bo") && bench.sees("Compared"));

        let (keys, _) = bench.profile().keys().unwrap();
        let key = &keys[0].file;
        assert_eq!(key.key_id(), theirs.key_id());
        assert_eq!(
            key.exporter().unwrap().secret_bytes(),
            theirs.exporter().unwrap().secret_bytes()
        );
        assert_eq!(key.verified.unwrap().method, Method::CheckCode);
        assert!(key.is_acknowledged());
        assert_eq!(bo.phase(), Phase::Finished);
    }
    assert!(roles.iter().all(|n| *n > 0), "{roles:?}");
}

/// Neither screen may go dark while they face each other.
#[test]
fn the_computer_is_kept_awake_while_it_pairs_and_no_longer() {
    let mut bench = TestHarness::ana();
    let asked = |bench: &mut TestHarness| -> Vec<bool> {
        let done = bench.done();
        let asked = done.split("; ").filter_map(|line| line.strip_prefix("KeepAwake("));
        asked.map(|line| line == "true)").collect()
    };
    assert_eq!(asked(&mut bench), [] as [bool; 0]);
    // Until Same key.
    bench.click("Pair a device");
    assert_eq!(asked(&mut bench), [true]);
    let mut bo = peer("Bo", 1, 1);
    bench.face(&mut bo, 12);
    assert!(bench.has_paired());
    assert_eq!(asked(&mut bench), [false]);
    bench.compare_later();
    bench.click("Done");
    // Until the user leaves.
    bench.click("Pair a device");
    bench.key(eframe::egui::Key::Escape);
    assert_eq!(asked(&mut bench), [true, false]);
    // Until it pauses by itself, and again with a new code.
    bench.click("Pair a device");
    bench.wait(301.0);
    assert_eq!(asked(&mut bench), [true, false]);
    bench.click("Show a new code");
    assert_eq!(asked(&mut bench), [true]);
}

#[test]
fn our_code_says_nothing_that_is_not_stored() {
    for seed in 0..8 {
        let mut bench = TestHarness::ana();
        let mut bo = peer("Bo", 1, seed);
        bench.click("Pair a device");
        for _ in 0..12 {
            let now = bench.window().fixed_time.unwrap();
            let Some(code) = bench.code() else { break };
            bo.handle(now, &code);
            // The other device finishes once our code says that we have the key.
            if bo.phase() == Phase::Finished {
                let (keys, _) = bench.profile().keys().unwrap();
                assert_eq!(keys.len(), 1);
                break;
            }
            let theirs = bo.text().unwrap().to_owned();
            bench.camera_sees(&theirs);
        }
        assert_eq!(bo.phase(), Phase::Finished);
    }
}

#[test]
fn where_the_key_cannot_be_stored_the_other_device_never_believes_in_it() {
    for seed in 0..6 {
        let mut bench = TestHarness::ana();
        let mut bo = peer("Bo", 1, seed);
        bench.click("Pair a device");
        let keys = bench.folder().join("profile/keys");
        std::fs::remove_dir(&keys).unwrap();
        std::fs::write(&keys, "in the way").unwrap();
        bench.face(&mut bo, 12);
        assert!(bench.sees("The key could not be saved."));
        assert!(bench.code().is_none());
        assert!(!bo.pairing().is_some_and(|pairing| pairing.is_acknowledged()));
        bench.click("Close");
    }
}

/// Types digits that are not the other screen's, and checks them.
fn type_wrong(bench: &mut TestHarness, bo: &super::harness::Peer) {
    let ours = bench.profile().keys().unwrap().0[0].comparison.unwrap().codes().shown.digits();
    let theirs = bo.check_code().unwrap().digits();
    let digits = ["111111", "222222", "333333"];
    let wrong =
        digits.into_iter().find(|digits| ![&ours, &theirs].contains(&&(*digits).to_owned()));
    bench.write("Six digits of the other screen", wrong.unwrap());
    bench.click("Check");
}

#[test]
fn digits_that_are_wrong_twice_wipe_the_key_and_say_why() {
    let mut bench = TestHarness::ana();
    let mut bo = peer("Bo", 1, 3);
    bench.pair(&mut bo);
    bench.click("Compare the check code");
    type_wrong(&mut bench, &bo);
    assert!(bench.sees("Not what the other screen shows.") && bench.sees("One try is left."));
    assert_eq!(bench.profile().keys().unwrap().0.len(), 1);
    type_wrong(&mut bench, &bo);
    assert!(bench.sees("The two devices do not agree."));
    assert!(bench.profile().keys().unwrap().0.is_empty());
    assert!(bench.profile().contacts().unwrap().0.is_empty());
    bench.click("Start again");
    assert!(bench.sees("Looking: now") && bench.code().is_some());
}

#[test]
fn later_keeps_the_key_and_the_contacts_page_opens_the_comparison_again() {
    let mut bench = TestHarness::ana();
    let mut bo = peer("Bo", 1, 3);
    bench.pair(&mut bo);
    bench.click("Compare the check code");
    type_wrong(&mut bench, &bo);
    bench.click("Later");
    assert!(bench.sees("Not compared yet"));
    bench.click("Done");
    bench.click("Bo");
    bench.click("Compare…");
    let shown = bench.profile().keys().unwrap().0[0].comparison.unwrap().codes().shown;
    assert!(bench.sees(&digit_by_digit(shown)) && bench.sees("One try is left."));
    bench.write("Six digits of the other screen", &bo.check_code().unwrap().to_string());
    bench.click("Check");
    assert!(bench.sees("Compared with Bo."));
    let key = &bench.profile().keys().unwrap().0[0];
    assert_eq!(key.file.verified.unwrap().method, Method::CheckCode);
    assert!(!bench.sees("Compare…"));
}

#[test]
fn what_the_other_device_refuses_is_deleted_here_by_hand() {
    let mut bench = TestHarness::ana();
    bench.pair(&mut peer("Bo", 1, 3));
    bench.click("Compare the check code");
    bench.click("Something is wrong…");
    bench.click("Keep it");
    assert_eq!(bench.profile().keys().unwrap().0.len(), 1);
    bench.click("Something is wrong…");
    bench.click("Delete the key");
    assert!(bench.sees("their device may still have the key"));
    assert!(bench.profile().keys().unwrap().0.is_empty());
}

#[test]
fn a_known_contact_keeps_both_keys_unless_told_otherwise() {
    for replace in [false, true] {
        let mut bench = TestHarness::ana();
        bench.pair(&mut peer("Bo", 1, 1));
        bench.compare_later();
        bench.click("Done");
        bench.pair(&mut peer("Bo", 1, 2));
        bench.compare_later();
        assert!(bench.sees("You already have Bo."));
        if replace {
            bench.click("Replace: stop using the old key");
        }
        bench.click("Done");
        let (keys, _) = bench.profile().keys().unwrap();
        let retired: Vec<bool> = keys.iter().map(|key| key.retired_at.is_some()).collect();
        assert_eq!(retired, [replace, false], "nothing is lost, and the new one is in use");
        assert_eq!(bench.profile().contacts().unwrap().0.len(), 1);
    }
}

#[test]
fn another_key_under_a_known_name_is_told_and_replaces_nothing() {
    let mut bench = TestHarness::ana();
    bench.pair(&mut peer("Bo", 1, 1));
    bench.compare_later();
    bench.click("Done");
    bench.pair(&mut peer("Bo", 2, 2));
    bench.compare_later();
    assert!(bench.sees("Bo has a different key than before"));
    // Nothing is decided while the result is open.
    let names = |bench: &TestHarness| -> Vec<_> {
        bench.profile().contacts().unwrap().0.into_iter().map(|c| c.name.to_string()).collect()
    };
    assert_eq!(names(&bench), ["Bo", "Bo 2"]);
    let usable =
        |bench: &TestHarness, name| bench.profile().find_usable_key(name, Require::Usable).is_ok();
    assert!(usable(&bench, "Bo") && !usable(&bench, "Bo 2"), "the new one is held back");
    bench.click("Done");
    assert_eq!(names(&bench), ["Bo", "Bo 2"]);
    assert!(usable(&bench, "Bo") && !usable(&bench, "Bo 2"), "and stays so");
    assert!(bench.sees("Appeared with a different key today"), "the row of the known one");

    // Another one: decided right away, and compared.
    let mut third = peer("Bo", 3, 3);
    bench.pair(&mut third);
    bench.compare_later();
    bench.click("Decide…");
    assert!(bench.sees("has appeared with a different key"));
    bench.click("Their new device: compare…");
    assert!(!usable(&bench, "Bo 3"), "decided, and not compared");
    let theirs = third.check_code().unwrap();
    bench.write("Six digits of the other screen", &theirs.digits());
    bench.click("Check");
    assert_eq!(names(&bench), ["Bo", "Bo (old)", "Bo 2"]);
    assert!(usable(&bench, "Bo") && !usable(&bench, "Bo (old)") && !usable(&bench, "Bo 2"));
}

#[test]
fn a_key_that_is_deleted_after_all_leaves_nothing() {
    let mut bench = TestHarness::ana();
    bench.pair(&mut peer("Bo", 1, 1));
    bench.compare_later();
    bench.click("Delete this key…");
    bench.click("Keep it");
    assert_eq!(bench.profile().keys().unwrap().0.len(), 1);
    bench.click("Delete this key…");
    bench.click("Delete the key");
    assert!(bench.sees("Share a secret key with another device"));
    assert!(bench.profile().keys().unwrap().0.is_empty());
}

#[test]
fn pasted_text_pairs_and_is_not_called_seen_by_camera() {
    let mut bench = TestHarness::ana();
    let mut bo = peer("Bo", 1, 1);
    bench.click("Pair a device");
    bench.click("Not working?");
    for _ in 0..8 {
        let Some(code) = bench.code() else { break };
        bo.handle(bench.window().fixed_time.unwrap(), &code);
        if !bench.sees("Their code as text") {
            break;
        }
        let theirs = bo.text().unwrap().to_owned();
        bench.write("Their code as text", &theirs);
        press(&mut bench, "Use this text");
    }
    assert!(bench.has_paired());
    assert_eq!(bench.profile().contacts().unwrap().0[0].trust(), Trust::Unverified);
}

/// A responder that waits for DONE, which never comes.
fn left_waiting() -> (TestHarness, super::harness::Peer) {
    for seed in 0.. {
        let mut bench = TestHarness::ana();
        let mut bo = peer("Bo", 1, seed);
        bench.click("Pair a device");
        for _ in 0..6 {
            let Some(code) = bench.code() else { break };
            bo.handle(bench.window().fixed_time.unwrap(), &code);
            if bo.phase() == Phase::Finished {
                break;
            }
            let theirs = bo.text().unwrap().to_owned();
            bench.camera_sees(&theirs);
        }
        if bo.phase() == Phase::Finished && !bench.has_paired() {
            return (bench, bo);
        }
    }
    unreachable!()
}

#[test]
fn a_person_can_say_that_the_other_device_shows_paired() {
    let (mut bench, bo) = left_waiting();
    assert!(!bench.sees("It shows Same key"));
    bench.wait(10.5);
    assert!(bench.sees("Bo has not confirmed. The key is kept, locked."));
    bench.click("It shows Same key");
    assert!(bench.has_paired());
    assert_eq!(bo.phase(), Phase::Finished);
    assert!(bench.profile().keys().unwrap().0[0].file.is_acknowledged());
}

#[test]
fn who_leaves_before_the_end_keeps_the_key_locked() {
    let (mut bench, _) = left_waiting();
    bench.click("Cancel");
    bench.click("Go on");
    bench.click("Cancel");
    assert!(bench.sees("Stop pairing?"));
    bench.click("Stop");
    assert!(bench.sees("The key is saved as Bo, but locked."));
    let (keys, _) = bench.profile().keys().unwrap();
    assert!(!keys[0].file.is_acknowledged());
    bench.click("Bo");
    assert!(bench.sees("Unconfirmed") && !bench.sees("Use key with…"));
    assert!(bench.sees("Bo has not confirmed. The key is kept, locked."));
    bench.click("It shows Same key");
    assert!(bench.sees("Use key with…"));
}

#[test]
fn where_the_key_cannot_be_unlocked_the_result_says_so() {
    let (mut bench, _) = left_waiting();
    bench.wait(10.5);
    for file in std::fs::read_dir(bench.folder().join("profile/keys")).unwrap() {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
    bench.click("It shows Same key");
    assert!(bench.has_paired() && bench.sees("This key is not here any more."));
}

#[test]
fn a_second_device_stops_it_and_five_minutes_pause_it() {
    let mut bench = TestHarness::ana();
    bench.click("Pair a device");
    let hellos: Vec<String> =
        (1..40).map(|seed| peer("x", seed, seed).text().unwrap().to_owned()).collect();
    for hello in &hellos {
        bench.camera_sees(hello);
        if bench.sees("A different device appeared.") {
            break;
        }
        if !bench.sees("I see them") {
            // It locked on to the first device: try again.
            bench.click("Not working?");
            super::harness::press(&mut bench, "Start again");
        }
    }
    assert!(bench.sees("No key was saved."));
    bench.click("Start again");
    let before = bench.code();
    bench.wait(301.0);
    assert!(bench.sees("Paused") && bench.sees("Nothing was saved.") && bench.code().is_none());
    assert!(bench.done().contains("Play(Problem)"));
    bench.click("Show a new code");
    assert!(bench.code().is_some() && bench.code() != before, "a new key");
}

#[test]
fn every_camera_failure_is_told_in_words_with_a_way_out() {
    for (error, words) in [
        (CameraError::NoCamera, "No camera found."),
        (CameraError::NoSuchCamera(3), "That camera is no longer connected."),
        (CameraError::Busy, "Another app is using the camera."),
        (CameraError::Denied, "The camera is blocked."),
        (CameraError::Stalled, "The camera sends no pictures."),
        (CameraError::Unplugged, "The camera was unplugged."),
        (CameraError::UnsupportedFormat, "The camera's pictures cannot be read."),
        (CameraError::Failed, "The camera failed."),
        (CameraError::FixedStalled, "Switch it on"),
        (CameraError::FixedFailed, "The camera failed."),
        (CameraError::NeedsPipeWire, "This computer's camera is reached through PipeWire."),
        (CameraError::NeedsPipeWire, "keyglance-pipewire"),
    ] {
        let mut bench = TestHarness::ana();
        bench.click("Pair a device");
        assert!(bench.sees("Starting the camera…"));
        bench.report(Report::Scan(ScanEvent::Failed(error.into())));
        assert!(bench.sees(words), "{words}");
        assert!(bench.code().is_some(), "our code stays: there are ways without a camera");
        bench.done();
        bench.click("Try again");
        assert!(bench.done().contains("Scan(Camera"));
        assert!(bench.sees("Starting the camera…"));
    }
}

#[test]
fn a_camera_that_was_unplugged_goes_on_by_itself() {
    let mut bench = TestHarness::ana();
    bench.click("Pair a device");
    bench.camera_sees("nothing");
    bench.report(Report::Scan(ScanEvent::Failed(CameraError::Unplugged.into())));
    assert!(bench.sees("The camera was unplugged.") && bench.sees("continues by itself"));
    assert!(bench.code().is_some());
    bench.camera_sees("nothing");
    assert!(!bench.sees("The camera was unplugged."));
}

#[test]
fn while_the_system_asks_for_permission_the_window_says_so_and_goes_on_when_it_is_given() {
    let mut bench = TestHarness::ana();
    bench.click("Pair a device");
    bench.done();
    bench.report(Report::Scan(ScanEvent::Failed(CameraError::AwaitingPermission.into())));
    assert!(bench.sees("The system asks whether the camera may be used."));
    // A question is no problem to be heard.
    assert!(!bench.done().contains("Problem"));
    bench.camera_sees("nothing");
    assert!(!bench.sees("The system asks"));
}

#[test]
fn foreign_own_and_newer_codes_are_told_apart() {
    let mut bench = TestHarness::ana();
    bench.click("Pair a device");
    bench.camera_sees("https://example.org");
    assert!(bench.sees("That is a QR code, but not a pairing code."));
    let own = bench.code().unwrap();
    bench.camera_sees(&own);
    assert!(bench.sees("That is our own code."));
    bench.camera_sees("KG2:AAAA");
    assert!(bench.sees("The other app is newer."));
    bench.wait(12.0);
    assert!(bench.sees("Press Pair a device on the other one too."));
}

#[test]
fn unseen_for_long_our_code_changes_its_light_by_itself() {
    let mut bench = TestHarness::ana();
    bench.click("Pair a device");
    let panel = |bench: &mut TestHarness| {
        let window = bench.window();
        let crate::gui::screen::Screen::Pairing(page) = &window.app.screen else { panic!() };
        page.display().panel()
    };
    assert_eq!(panel(&mut bench), (100, 100));
    let mut seen = std::collections::BTreeSet::new();
    bench.wait(7.0);
    for _ in 0..9 {
        bench.wait(1.5);
        seen.insert(panel(&mut bench));
    }
    assert!(seen.len() == 6, "{seen:?}");
    let hello = peer("Bo", 1, 1).text().unwrap().to_owned();
    bench.camera_sees(&hello);
    assert_eq!(panel(&mut bench), (100, 100));
}
