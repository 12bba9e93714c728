//! Codes on this screen, where the desktop takes the pictures of it: said before the first,
//! one for each press, and our own code in them is no code of the other device.

use eframe::egui::Key;

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

use super::harness::{frame, paired, press};
use super::{TestHarness, peer};
use crate::gui::message::Message;
use crate::gui::model::FrameSourceChoice;
use crate::gui::report::Report;
use crate::gui::route::Route;
use crate::messages::PICTURE_OF_THE_SCREEN as EXPLAINED;
use keyglance_capture::{CaptureError, ScanEvent, ScreenAccess, ScreenError};
use keyglance_core::crypto::{Fingerprint, FingerprintCode, IdentityKey};
use keyglance_core::trust::Trust;

/// A window on a desktop that takes the pictures.
fn on_wayland() -> TestHarness {
    let mut bench = TestHarness::ana();
    bench.report(Report::ScreenAccess(ScreenAccess::Portal));
    bench.done();
    bench
}

fn explained(mut bench: TestHarness) -> TestHarness {
    bench.window().app.model.settings.screen_explained = true;
    bench
}

fn screen_shows(bench: &mut TestHarness, codes: &[&str]) {
    let codes = codes.iter().map(|code| code.as_bytes().to_vec()).collect();
    bench.report(Report::CodesRead(Ok(codes)));
}

#[test]
fn what_becomes_of_the_picture_is_said_before_the_first_and_never_again() {
    let mut bench = on_wayland();
    bench.click("What is this code?");
    bench.done();
    bench.click("This screen");
    assert!(bench.sees(EXPLAINED));
    assert_eq!(bench.done(), "", "no picture is taken before that is read");
    bench.key(Key::Escape);
    assert!(!bench.sees(EXPLAINED));
    assert_eq!(bench.done(), "", "nor after it was refused");
    bench.click("This screen");
    bench.click("Take it");
    assert_eq!(bench.done(), "ReadScreen");
    assert!(!bench.sees(EXPLAINED));
    for _ in 0..2 {
        bench.click("This screen");
        assert_eq!(bench.done(), "ReadScreen", "one press, one picture");
    }
    let stored = bench.profile().settings().unwrap();
    assert!(stored.screen_explained, "and another start does not say it again");
}

#[test]
fn a_screen_that_leaves_no_picture_needs_no_words() {
    let mut bench = TestHarness::ana();
    bench.click("What is this code?");
    bench.done();
    bench.click("This screen");
    assert_eq!(bench.done(), "ReadScreen");
    assert!(!bench.sees(EXPLAINED));
}

/// Until it is known how the screen is read, it is said too: no picture comes unannounced.
#[test]
fn whoever_is_faster_than_the_desktop_is_told_too() {
    let mut bench = TestHarness::ana();
    bench.window().app.model.screen_access = None;
    bench.click("What is this code?");
    bench.done();
    bench.click("This screen");
    assert!(bench.sees(EXPLAINED));
    assert_eq!(bench.done(), "");
    // Whoever leaves has not agreed.
    bench.window().update(Message::Go(Route::Home));
    bench.settle();
    assert!(!bench.sees(EXPLAINED));
    assert!(!bench.done().contains("ReadScreen"));
}

#[test]
fn pairing_by_the_screen_takes_a_picture_at_each_press() {
    let mut bench = explained(on_wayland());
    bench.click("Pair a device");
    assert!(!bench.sees("Look again"));
    bench.click("Not working?");
    press(&mut bench, "This screen");
    assert!(bench.done().ends_with("ReadScreen"));
    // The sheet is closed, and what comes is in view.
    assert!(!bench.sees("Take turns") && bench.sees("Looking"));
    let ours = bench.code().unwrap();
    screen_shows(&mut bench, &[&ours]);
    assert!(bench.sees("Only our own code is on this screen. Show theirs on it, too."));
    assert!(!bench.sees("Point the cameras"));
    let mut bo = peer("Bo laptop", 1, 1);
    for _ in 0..8 {
        // A picture shows one code, so that has to be all of it, as bright and large as it was.
        bench.wait(20.0);
        if let Some(display) = bench.display() {
            assert_eq!((display.carousel().count(), display.panel()), (1, (100, 100)));
        }
        if bench.has_paired() {
            break;
        }
        let now = bench.window().fixed_time.unwrap();
        bo.handle(now, &bench.code().unwrap());
        bench.done();
        bench.click("Look at this screen again");
        assert_eq!(bench.done().matches("ReadScreen").count(), 1, "one press, one picture");
        let codes = [bench.code().unwrap(), bo.text().unwrap().to_owned()];
        screen_shows(&mut bench, &[&codes[0], &codes[1]]);
        assert!(!bench.sees("own code"), "ours beside theirs is what has to be");
    }
    assert!(bench.has_paired());
}

/// A picture file or a text that holds our own code is a mistake, as before.
#[test]
fn our_own_code_from_elsewhere_is_still_told() {
    let mut bench = explained(on_wayland());
    bench.click("Pair a device");
    let ours = bench.code().unwrap();
    screen_shows(&mut bench, &[&ours]);
    assert!(bench.sees("That is our own code."));
}

#[test]
fn a_window_that_watches_the_screen_asks_for_each_look() {
    let mut bench = on_wayland();
    bench.window().app.model.frame_source = FrameSourceChoice::Screen;
    bench.click("Pair a device");
    assert!(bench.sees(EXPLAINED));
    assert!(!bench.done().contains("Scan(Screen"));
    bench.key(Key::Escape);
    assert!(bench.sees("No picture of this screen was taken."));
    bench.click("Look at this screen again");
    bench.click("Take it");
    assert!(bench.done().contains("Scan(Screen, None)"));
    assert!(bench.sees("Looking at this screen…"));
    let ours = bench.code().unwrap();
    bench.report(Report::Scan(ScanEvent::Seen(frame(&ours))));
    bench.report(Report::Scan(ScanEvent::Ended));
    assert!(bench.sees("Only our own code is on this screen."));
    bench.click("Look at this screen again");
    assert_eq!(bench.done(), "Scan(Screen, None)");
    let bo = peer("Bo laptop", 1, 1);
    bench.report(Report::Scan(ScanEvent::Seen(frame(bo.text().unwrap()))));
    bench.report(Report::Scan(ScanEvent::Ended));
    assert!(bench.sees("Seen: now"));
}

/// X11: frames follow each other, and our own code is in each of them.
#[test]
fn a_screen_that_is_watched_does_not_name_our_own_code() {
    let mut bench = TestHarness::ana();
    bench.window().app.model.frame_source = FrameSourceChoice::Screen;
    bench.click("Pair a device");
    assert!(bench.done().contains("Scan(Screen, None)"));
    let ours = bench.code().unwrap();
    bench.camera_sees(&ours);
    assert!(!bench.sees("own code") && !bench.sees("Look again"));
}

#[test]
fn a_refusal_is_said_and_pressing_again_asks_again() {
    let mut bench = explained(on_wayland());
    bench.click("What is this code?");
    bench.click("This screen");
    let refused = CaptureError::from(ScreenError::Refused);
    let refused = crate::messages::window::explain(&refused);
    bench.report(Report::CodesRead(Err(refused)));
    assert!(bench.sees("You said no."));
    bench.done();
    bench.click("This screen");
    assert_eq!(bench.done(), "ReadScreen");
}

#[test]
fn a_picture_that_stays_behind_is_named_beside_what_was_read() {
    let mut bench = explained(on_wayland());
    bench.click("What is this code?");
    bench.click("This screen");
    screen_shows(&mut bench, &["a text"]);
    let left = CaptureError::from(ScreenError::PictureLeft("/tmp/out.png".into()));
    bench.report(Report::Failed(crate::messages::window::explain(&left)));
    assert!(bench.sees("A picture of your screen is left in /tmp/out.png. Delete it."));
    assert!(bench.sees("a text"));
}

#[test]
fn a_contact_is_checked_and_added_by_a_code_on_the_screen() {
    let (bench, bo) = paired();
    let mut bench = explained(bench);
    let theirs = Fingerprint::of(&bo.pairing().unwrap().local.identity);
    let ours = Fingerprint::of(&bo.pairing().unwrap().peer.identity);
    let id = bench.profile().find_contact("Bo").unwrap().id();
    bench.window().update(Message::Go(Route::Verify(id)));
    bench.settle();
    bench.click("Scan theirs");
    bench.click("This screen");
    assert!(bench.done().ends_with("ReadScreen"));
    screen_shows(&mut bench, &[]);
    assert!(bench.sees("no code"));
    screen_shows(&mut bench, &[&FingerprintCode::new(&ours, &theirs).to_text()]);
    assert!(bench.sees("That is our own code. Scan theirs."));
    screen_shows(&mut bench, &[&FingerprintCode::new(&theirs, &ours).to_text()]);
    assert!(bench.sees("Compared with Bo"));
    assert!(matches!(bench.profile().find_contact("Bo").unwrap().trust(), Trust::Verified(_)));
    // A picture that comes late changes nothing any more.
    screen_shows(&mut bench, &[&FingerprintCode::new(&theirs, &theirs).to_text()]);
    assert!(bench.sees("Compared with Bo"));

    bench.window().update(Message::Go(Route::Add));
    bench.settle();
    bench.click("This screen");
    assert!(bench.done().ends_with("ReadScreen"));
    let key = IdentityKey::generate(&mut ChaCha20Rng::seed_from_u64(9)).public().to_string();
    screen_shows(&mut bench, &["nothing of ours", &key]);
    bench.write("Name", "Cleo");
    bench.click("Add contact");
    assert_eq!(bench.profile().find_contact("Cleo").unwrap().name.to_string(), "Cleo");
}
