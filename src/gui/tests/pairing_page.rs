//! What is seen, heard and told while two devices pair, and on the way to the first use of
//! their key.

use std::time::Duration;

use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{Key, Theme, Vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::harness::{Peer, press};
use super::{TestHarness, peer};
use crate::gui::report::Report;
use crate::gui::screen::Screen;
use crate::gui::theme;
use crate::messages::window::compare::digit_by_digit;
use keyglance_capture::{CameraError, ScanEvent};
use keyglance_core::pairing::{CheckCode, Role as Part};
use keyglance_profile::Motion;

/// Everything of this role: its name, and how it is read out.
fn told(bench: &mut TestHarness, role: Role) -> Vec<(String, Live)> {
    let root = bench.harness().root();
    let nodes = root.children_recursive().map(|node| node.accesskit_node());
    let nodes = nodes.filter(|node| node.role() == role);
    nodes.map(|node| (node.label().or_else(|| node.value()).unwrap(), node.live())).collect()
}

fn names(bench: &mut TestHarness, role: Role) -> Vec<String> {
    told(bench, role).into_iter().map(|(name, _)| name).collect()
}

/// What is read out when it changes.
fn live(bench: &mut TestHarness) -> Vec<(String, Live)> {
    let root = bench.harness().root();
    let nodes = root.children_recursive().map(|node| node.accesskit_node());
    let nodes = nodes.filter(|node| node.live() != Live::Off);
    nodes.map(|node| (node.label().or_else(|| node.value()).unwrap(), node.live())).collect()
}

fn to_seen(bench: &mut TestHarness, bo: &Peer) {
    bench.click("Pair a device");
    let hello = bo.text().unwrap().to_owned();
    bench.camera_sees(&hello);
    assert!(bench.sees("Seen: now"));
}

fn to_agreed(bench: &mut TestHarness, bo: &mut Peer) {
    for _ in 0..6 {
        bench.face(bo, 1);
        if bench.sees("Agreed: now") {
            return;
        }
    }
    panic!("they do not agree");
}

/// A window and a peer that have paired, in which the window has this part.
fn paired_as(part: Part, mut bench: impl FnMut() -> TestHarness) -> (TestHarness, Peer) {
    for seed in 0..16 {
        let (mut bench, mut bo) = (bench(), peer("Bo laptop", 1, seed));
        bench.pair(&mut bo);
        if bo.pairing().unwrap().role != part {
            return (bench, bo);
        }
    }
    panic!("always the other part");
}

#[test]
fn each_state_is_a_heading_a_picture_and_a_step_in_the_same_words() {
    let mut bench = TestHarness::ana();
    let mut bo = peer("Bo laptop", 1, 3);
    let check = |bench: &mut TestHarness, words: &str, steps: [&str; 4]| {
        let heading = (words.to_owned(), Live::Polite);
        assert_eq!(told(bench, Role::Heading), [heading], "one, read out as it changes");
        let images = names(bench, Role::Image);
        assert!(images.contains(&words.to_owned()), "{images:?}");
        assert_eq!(names(bench, Role::ListItem), steps);
    };
    bench.click("Pair a device");
    let steps = ["Looking: now", "Seen: not yet", "Agreed: not yet", "Same key: not yet"];
    check(&mut bench, "Looking", steps);
    assert!(bench.sees("Turn both screens to face each other, a forearm apart."));
    let hello = bo.text().unwrap().to_owned();
    bench.camera_sees(&hello);
    let steps = ["Looking: done", "Seen: now", "Agreed: not yet", "Same key: not yet"];
    check(&mut bench, "I see them", steps);
    assert!(bench.sees("Waiting for the other device to see us. Keep still."));
    to_agreed(&mut bench, &mut bo);
    let steps = ["Looking: done", "Seen: done", "Agreed: now", "Same key: not yet"];
    check(&mut bench, "They see me", steps);
    assert!(bench.sees("Almost there. Keep the screens facing until both chime."));
    bench.face(&mut bo, 12);
    assert_eq!(told(&mut bench, Role::Heading), [("Same key".to_owned(), Live::Polite)]);
    assert!(bench.sees("You and Bo laptop now share a secret."));
}

#[test]
fn a_pause_is_told_quietly_and_a_problem_at_once() {
    let mut bench = TestHarness::ana();
    bench.click("Pair a device");
    bench.wait(301.0);
    assert_eq!(told(&mut bench, Role::Heading), [("Paused".to_owned(), Live::Polite)]);
    assert!(bench.done().contains("StopScan"), "the camera is off");
    bench.key(Key::Enter);
    assert!(bench.sees("Looking: now") && bench.code().is_some(), "Enter shows a new code");
    let hellos: Vec<String> =
        (1..40).map(|seed| peer("x", seed, seed).text().unwrap().to_owned()).collect();
    for hello in &hellos {
        bench.camera_sees(hello);
        if bench.sees("A different device appeared.") {
            break;
        }
        if bench.sees("Seen: now") && bench.carousel().unwrap().count() > 1 {
            bench.click("Not working?");
            press(&mut bench, "Start again");
        }
    }
    let heading = ("A different device appeared.".to_owned(), Live::Assertive);
    assert_eq!(told(&mut bench, Role::Heading), [heading]);
    assert!(bench.code().is_none());
}

#[test]
fn the_windows_edge_lights_up_while_they_are_in_view() {
    let size = Vec2::new(960.0, 640.0);
    let mut bench = TestHarness::painted_whole(Theme::Light, size, 1.0, 0).called_ana();
    let edges = |bench: &mut TestHarness| {
        let picture = bench.harness().render().unwrap();
        let accent = theme::LIGHT.accent.to_array();
        let middles = [(3, 320), (956, 320), (480, 3), (480, 636)];
        middles.map(|(x, y)| picture.get_pixel(x, y).0 == accent)
    };
    let mut bo = peer("Bo laptop", 1, 3);
    bench.click("Pair a device");
    assert_eq!(edges(&mut bench), [false; 4]);
    let hello = bo.text().unwrap().to_owned();
    bench.camera_sees(&hello);
    assert_eq!(edges(&mut bench), [true; 4], "seen");
    to_agreed(&mut bench, &mut bo);
    assert_eq!(edges(&mut bench), [true; 4], "agreed");
    bench.wait(301.0);
    if !bench.has_paired() && bench.code().is_none() {
        assert_eq!(edges(&mut bench), [false; 4], "stopped");
    }
}

#[test]
fn each_step_is_heard_once_and_two_at_one_go_are_one() {
    for seed in 0..6 {
        let mut bench = TestHarness::ana();
        let mut bo = peer("Bo laptop", 1, seed);
        bench.click("Pair a device");
        bench.done();
        bench.face(&mut bo, 12);
        let done = bench.done();
        for (cue, most) in [("Play(Seen)", 1), ("Play(Agreed)", 1), ("Play(Done)", 1)] {
            assert!(done.matches(cue).count() <= most, "{cue}: {done}");
        }
        assert!(done.contains("Play(Agreed)") && done.contains("Play(Done)"), "{done}");
    }
}

#[test]
fn the_other_name_is_shown_as_soon_as_it_is_known_and_not_before() {
    for seed in 0..8 {
        let mut bench = TestHarness::ana();
        let mut bo = peer("Bo laptop", 1, seed);
        to_seen(&mut bench, &bo);
        assert!(!bench.sees("Bo laptop") && bench.sees("Them"));
        to_agreed(&mut bench, &mut bo);
        bench.face(&mut bo, 1);
        if !bench.has_paired() && bench.sees("Bo laptop") {
            assert!(!bench.sees("Them"));
            return;
        }
    }
    panic!("never");
}

#[test]
fn ten_seconds_without_an_answer_are_told() {
    let mut bench = TestHarness::ana();
    to_seen(&mut bench, &peer("Bo laptop", 1, 3));
    assert!(!bench.sees("Still waiting."));
    bench.wait(10.5);
    let waiting = ("Still waiting. Can it see our code?".to_owned(), Live::Polite);
    assert!(live(&mut bench).contains(&waiting));
}

#[test]
fn what_is_no_pairing_code_is_told_by_what_it_is() {
    let mut bench = TestHarness::ana();
    bench.click("Pair a device");
    bench.click("Not working?");
    bench.write("Their code as text", "correct horse");
    press(&mut bench, "Use this text");
    assert!(bench.sees("That text is not a pairing code."));
    assert!(!bench.sees("That is a QR code") && !bench.sees("What is it?"));
    bench.key(Key::Escape);
    assert!(!bench.sees("Their code as text"), "the sheet closes first");
    assert!(bench.sees("That text is not a pairing code."), "and is no way out");
    bench.camera_sees("https://example.org");
    assert!(bench.sees("That is a QR code, but not a pairing code."));
    bench.click("What is it?");
    assert!(bench.sees("An ordinary web address") && bench.sees("https://example.org"));
    bench.click("Back to Home");
    bench.click("Pair a device");
    bench.camera_sees("WIFI:T:WPA;S:Guests;P:correct horse;;");
    assert!(bench.sees("That is a Wi-Fi code, not a pairing code."));
    bench.click("What is it?");
    assert!(bench.sees("Wi-Fi: network") && bench.sees("Guests") && !bench.sees("correct horse"));
}

#[test]
fn without_a_camera_the_ways_without_one_open_by_themselves() {
    let mut bench = TestHarness::ana();
    bench.click("Pair a device");
    bench.report(Report::Scan(ScanEvent::Failed(CameraError::NoCamera.into())));
    let headings = ["Looking", "Not working?", "Take turns", "No camera"];
    assert_eq!(names(&mut bench, Role::Heading), headings);
    assert_eq!(names(&mut bench, Role::Dialog), ["Not working?"]);
    assert!(bench.enabled("Start again"));
    assert!(bench.sees("Connect one, or use this screen, a picture or text."));
    bench.click("Close");
    assert_eq!(names(&mut bench, Role::Dialog), [""; 0]);
    bench.click("Not working?");
    let all = ["Closer or further", "Dim the other screen", "Another camera"];
    for heading in all {
        assert!(bench.sees(heading), "{heading}");
    }
    bench.key(Key::Escape);
    assert_eq!(names(&mut bench, Role::Heading), ["Looking"]);
    assert!(bench.code().is_some());
}

#[test]
fn nothing_moves_where_that_is_not_wished() {
    let moves = |bench: &mut TestHarness| {
        let window = bench.window();
        let now = window.fixed_time.unwrap();
        window.app.next_deadline().map(|at| at - now)
    };
    let frame = Duration::from_millis(16);
    for (chosen, system, reduced) in [
        (Motion::System, false, false),
        (Motion::System, true, true),
        (Motion::Reduced, false, true),
        (Motion::Full, true, false),
    ] {
        let bench = &mut TestHarness::ana();
        bench.window().app.model.settings.motion = chosen;
        bench.report(Report::SystemMotion(system));
        assert!(bench.done().contains("Restyle"));
        let (mut bo, mut looked) = (peer("Bo laptop", 1, 3), Vec::new());
        bench.click("Pair a device");
        looked.extend(moves(bench));
        let hello = bo.text().unwrap().to_owned();
        bench.camera_sees(&hello);
        let grows = moves(bench) == Some(frame);
        bench.wait(0.25);
        assert_ne!(moves(bench), Some(frame), "the line has grown");
        assert_eq!((looked[0] <= Duration::from_millis(400), grows), (!reduced, !reduced));
        bench.face(&mut bo, 12);
        assert!(bench.has_paired());
        assert_eq!(moves(bench) == Some(frame), !reduced, "the screens close");
        bench.wait(0.8);
        assert_ne!(moves(bench), Some(frame), "they are closed");
    }
}

/// Types what the other screen shows, digit by digit, and Enter.
fn type_digits(bench: &mut TestHarness, code: CheckCode) {
    for digit in code.digits().chars() {
        bench.harness().event(eframe::egui::Event::Text(digit.to_string()));
        bench.settle();
    }
    bench.key(Key::Enter);
}

#[test]
fn the_keyboard_alone_compares_and_names() {
    let (mut bench, bo) = paired_as(Part::Responder, TestHarness::ana);
    bench.key(Key::Enter);
    assert!(bench.sees("Compare with Bo laptop"));
    // Enter before all six are there checks nothing.
    bench.harness().event(eframe::egui::Event::Text("1".to_owned()));
    bench.settle();
    bench.key(Key::Enter);
    assert!(!bench.sees("One try is left."));
    bench.key(Key::Backspace);
    let ours = bench.profile().keys().unwrap().0[0].comparison.unwrap().codes().shown;
    type_digits(&mut bench, ours);
    let own = ("These are your own digits.".to_owned(), Live::Assertive);
    assert!(live(&mut bench).contains(&own));
    type_digits(&mut bench, bo.check_code().unwrap());
    assert!(bench.sees("Compared. This is Bo laptop."));
    bench.harness().event(eframe::egui::Event::Text("!".to_owned()));
    bench.settle();
    bench.key(Key::Enter);
    assert!(matches!(bench.window().app.screen, Screen::Home(_)));
    assert_eq!(bench.profile().contacts().unwrap().0[0].name.as_str(), "Bo laptop!");
}

#[test]
fn a_wrong_entry_is_told_at_once_and_stays_told() {
    let (mut bench, bo) = paired_as(Part::Responder, TestHarness::ana);
    bench.key(Key::Enter);
    let right = bo.check_code().unwrap().digits();
    let wrong = if right == "111111" { "222222" } else { "111111" };
    type_digits(&mut bench, CheckCode::from_digits(wrong).unwrap());
    let said = ("Not what the other screen shows.".to_owned(), Live::Assertive);
    assert!(live(&mut bench).contains(&said));
    bench.harness().event(eframe::egui::Event::Text(right[..1].to_owned()));
    bench.settle();
    assert!(bench.sees("One try is left."), "while it is typed again, too");
}

#[test]
fn who_reads_first_is_told_to_each() {
    let (mut one, _) = paired_as(Part::Initiator, TestHarness::ana);
    one.click("Compare the check code");
    assert!(one.sees("You read first.") && !one.sees("Listen first."));
    let (mut other, _) = paired_as(Part::Responder, TestHarness::ana);
    other.click("Compare the check code");
    assert!(other.sees("Listen first.") && !other.sees("You read first."));
    assert!(!other.sees("Show our code again"), "nobody reads it any more");
}

#[test]
fn a_screen_reader_reads_our_digits_each_time_it_is_asked() {
    let (mut bench, _) = paired_as(Part::Responder, TestHarness::ana);
    bench.click("Compare the check code");
    let ours = bench.profile().keys().unwrap().0[0].comparison.unwrap().codes().shown;
    let digits = digit_by_digit(ours);
    assert!(names(&mut bench, Role::Label).contains(&digits), "digit by digit: {digits}");
    let aloud = |bench: &mut TestHarness| {
        let all = live(bench).into_iter().filter(|(_, live)| *live == Live::Assertive);
        all.map(|(words, _)| words).collect::<Vec<_>>()
    };
    assert!(aloud(&mut bench).is_empty(), "not unasked: others may be in the room");
    bench.key(Key::F2);
    let first = aloud(&mut bench);
    bench.key(Key::F2);
    let second = aloud(&mut bench);
    assert!(first[0].contains(&digits) && second[0].contains(&digits));
    assert_ne!(first, second, "what does not change is not read out again");
}

#[test]
fn the_digits_are_large_and_apart_in_every_window() {
    for (width, height) in [(480.0, 400.0), (900.0, 600.0), (1920.0, 1080.0)] {
        let (mut bench, _) = paired_as(Part::Initiator, TestHarness::ana);
        bench.harness().set_size(Vec2::new(width, height));
        bench.settle();
        bench.click("Compare the check code");
        let ours = bench.profile().keys().unwrap().0[0].comparison.unwrap().codes().shown;
        let node = bench.harness().get_by_label(&digit_by_digit(ours)).rect();
        let least = if width < 560.0 { theme::DIGITS_LEAST } else { 72.0 };
        assert!(node.height() >= least, "{width}x{height}: {node:?}");
        let cells = bench.harness().get_by_label("Six digits of the other screen").rect();
        assert!(!node.intersects(cells) && cells.bottom() < height, "{width}x{height}");
    }
}

#[test]
fn whoever_may_still_read_our_code_sees_it_again() {
    let (mut bench, _) = paired_as(Part::Initiator, TestHarness::ana);
    assert!(bench.sees("Bo laptop may still be reading this.") && bench.code().is_some());
    bench.click("Compare the check code");
    assert!(bench.code().is_none());
    bench.click("Show our code again");
    assert!(bench.code().is_some());
    bench.key(Key::Escape);
    assert!(bench.sees("Compare with Bo laptop"));
    bench.key(Key::Escape);
    assert!(bench.sees("Not compared yet."));
    bench.key(Key::Escape);
    assert!(matches!(bench.window().app.screen, Screen::Home(_)));
    assert_eq!(bench.profile().keys().unwrap().0.len(), 1);
}

#[test]
fn each_way_on_saves_the_name_and_esc_asks_before_it_is_lost() {
    let (mut bench, _) = paired_as(Part::Responder, TestHarness::ana);
    bench.compare_later();
    super::harness::clear(&mut bench, "Name");
    bench.write("Name", "Bo at work");
    bench.key(Key::Escape);
    assert!(bench.sees("Leave without saving?"));
    bench.click("Keep editing");
    bench.click("Put it on a phone… Wi-Fi, WireGuard, Meshtastic");
    assert!(matches!(bench.window().app.screen, Screen::Phone(_)));
    assert_eq!(bench.profile().contacts().unwrap().0[0].name.as_str(), "Bo at work");
}

#[test]
fn a_question_that_is_open_does_not_outlive_the_pairing() {
    let mut bench = TestHarness::ana();
    let mut bo = peer("Bo laptop", 1, 3);
    to_seen(&mut bench, &bo);
    bench.key(Key::Escape);
    assert!(bench.sees("Stop pairing?"));
    bench.face(&mut bo, 12);
    assert!(bench.has_paired() && !bench.sees("Stop pairing?"));
}
