//! Messages that are larger than one code: both windows show them in parts.

use std::collections::BTreeSet;
use std::time::Duration;

use eframe::egui::Theme;
use eframe::egui::accesskit::{Live, Role};
use egui_kittest::kittest::NodeT as _;
use image::{DynamicImage, GrayImage};

use super::{TestHarness, peer};
use crate::gui::message::Message;
use crate::gui::report::Report;
use keyglance_capture::ScanEvent;
use keyglance_core::pairing::{
    Carousel, DEFAULT_CODE_CHARACTERS, Frame, Role as Part, Suite, Suites,
};
use keyglance_qr::decode_frame;

/// A camera's time for a frame.
const FRAME: Duration = Duration::from_millis(100);

const SAFE: &str = "Also safe from a quantum computer that recorded the pairing.";

fn shown(bench: &mut TestHarness) -> Option<String> {
    bench.carousel().map(|codes| codes.code().to_owned())
}

/// How our code is shown: how many characters it has, its white and its size.
fn appearance(bench: &mut TestHarness) -> Option<(usize, u8, u8)> {
    let display = bench.display()?;
    let (white, size) = display.panel();
    Some((display.carousel().code().len(), white, size))
}

/// Lets two windows look at each other until both have the same key, with cameras that
/// read what is shown like this only. Returns how long it took, and how many codes the
/// largest message had.
fn look_at_each_other(
    benches: &mut [TestHarness; 2],
    reads: impl Fn((usize, u8, u8)) -> bool,
) -> (Duration, usize) {
    let (mut time, mut most) = (Duration::ZERO, 0);
    while !benches.iter_mut().all(TestHarness::has_paired) {
        let codes = [0, 1].map(|i| {
            let bench = &mut benches[i];
            let seen = appearance(bench).is_some_and(&reads);
            shown(bench).filter(|_| seen)
        });
        for (bench, seen) in benches.iter_mut().zip(codes.into_iter().rev()) {
            most = most.max(bench.carousel().map_or(0, Carousel::count));
            if let Some(seen) = seen {
                bench.window().update(Message::Report(Report::Scan(ScanEvent::Seen(
                    super::harness::frame(&seen),
                ))));
            }
            bench.step(FRAME);
        }
        time += FRAME;
        assert!(time < Duration::from_secs(150), "not paired");
    }
    (time, most)
}

#[test]
fn two_windows_pair_in_suite_2_by_codes_in_turn() {
    for seed in 0..3 {
        let mut benches = TestHarness::two(seed);
        for bench in &mut benches {
            bench.click("Pair a device");
        }
        let (time, most) = look_at_each_other(&mut benches, |_| true);
        assert_eq!(most, 7, "message 1 does not fit into one code");
        assert!(time < Duration::from_secs(8), "{time:?}");
        let keys = benches.each_ref().map(|bench| {
            let (keys, _) = bench.profile().keys().unwrap();
            (keys[0].file.key_id(), keys[0].file.suite, keys[0].file.is_acknowledged())
        });
        assert_eq!(keys[0], keys[1]);
        assert_eq!((keys[0].1, keys[0].2), (Suite::XxHfs, true));
        for (bench, other) in benches.iter_mut().zip(["Bo laptop", "Ana laptop"]) {
            bench.settle();
            bench.compare_later();
            assert!(bench.sees(SAFE), "what next");
            bench.click("Done");
            bench.click(other);
            assert!(bench.sees(SAFE), "the contact's page");
        }
    }
}

#[test]
fn reduced_motion_shows_four_codes_a_second_at_most_and_pairs_too() {
    let mut benches = TestHarness::two(0);
    for bench in &mut benches {
        bench.click("Settings");
        super::harness::press(bench, "Reduced");
        bench.click("Back to Home");
        bench.click("Pair a device");
    }
    let (time, most) = look_at_each_other(&mut benches, |_| true);
    assert_eq!(most, 7);
    // Both first messages are whole only after eight changes.
    assert!(time > Duration::from_millis(2 * 8 * 250), "{time:?}");
}

#[test]
fn two_windows_with_poor_cameras_pair_by_smaller_codes() {
    type Camera = fn((usize, u8, u8)) -> bool;
    // Nothing may stall for a minute, which would spend a try and begin anew.
    let cameras: [(&str, u64, Camera); 3] = [
        ("up to version 6", 30, |(characters, ..)| characters <= 154),
        ("up to version 4", 55, |(characters, ..)| characters <= 90),
        ("up to version 6, not on full white", 80, |(characters, white, _)| {
            characters <= 154 && white < 100
        }),
    ];
    for (camera, seconds, reads) in cameras {
        let mut benches = TestHarness::two(1);
        for bench in &mut benches {
            bench.click("Pair a device");
        }
        let (time, most) = look_at_each_other(&mut benches, reads);
        assert!(time < Duration::from_secs(seconds) && most > 7, "{camera}: {time:?}, {most}");
        let ids =
            benches.each_ref().map(|bench| bench.profile().keys().unwrap().0[0].file.key_id());
        assert_eq!(ids[0], ids[1], "{camera}");
    }
}

/// A window that has not seen any part yet of what its peer shows in parts: message 1, or
/// 2 if the window is the initiator.
fn before_the_first_part(part: Part) -> (TestHarness, Vec<String>) {
    for seed in 0..16 {
        let mut bench = TestHarness::seeded(seed).called_ana();
        let mut bo = peer("Bo", 1, seed);
        bench.click("Pair a device");
        for _ in 0..2 {
            let now = bench.window().fixed_time.unwrap();
            bo.handle(now, &bench.code().unwrap());
            let theirs = bo.codes(DEFAULT_CODE_CHARACTERS);
            let initiator =
                matches!(Frame::from_text(bo.code().unwrap()), Ok(Frame::Message2 { .. }));
            if theirs.len() > 1 && initiator == (part == Part::Initiator) {
                return (bench, theirs);
            }
            if theirs.len() > 1 {
                break;
            }
            bench.camera_sees(&theirs[0]);
        }
    }
    panic!("always the other part");
}

/// What is said of parts: the words, and how it is told to a screen reader.
fn counter(bench: &mut TestHarness) -> Option<String> {
    let root = bench.harness().root();
    let mut nodes = root.children_recursive();
    let node = nodes.find(|node| node.accesskit_node().role() == Role::ProgressIndicator)?;
    let node = node.accesskit_node();
    let (words, label) = (node.value().unwrap(), node.label().unwrap());
    assert_eq!(label, "What was read of their code");
    let numbers = (node.numeric_value().unwrap(), node.max_numeric_value().unwrap());
    assert_eq!(words, format!("Part {} of {}", numbers.0, numbers.1));
    assert_eq!(node.live(), Live::Off, "at each part it would be read out");
    Some(words)
}

/// What a screen reader reads out when it changes.
fn live(bench: &mut TestHarness) -> Vec<String> {
    let root = bench.harness().root();
    let nodes = root.children_recursive().map(|node| node.accesskit_node());
    let live = nodes.filter(|node| node.live() != Live::Off);
    live.filter_map(|node| node.label().or_else(|| node.value())).collect()
}

#[test]
fn the_reader_is_told_how_many_parts_it_has_of_how_many() {
    for (part, before, meanwhile, after) in [
        (Part::Initiator, "I see them", "They see me", "They see me"),
        (Part::Responder, "Looking", "I see them", "They see me"),
    ] {
        let (mut bench, theirs) = before_the_first_part(part);
        assert_eq!((counter(&mut bench), theirs.len()), (None, 7));
        assert_eq!(live(&mut bench), [before]);
        // In another order, and doubled.
        for (have, part) in [3, 0, 1, 2, 5, 4].into_iter().enumerate() {
            for _ in 0..2 {
                bench.camera_sees(&theirs[part]);
                assert_eq!(counter(&mut bench), Some(format!("Part {} of 7", have + 1)));
                assert_eq!(live(&mut bench), [meanwhile], "not read out at each part");
            }
        }
        bench.camera_sees(&theirs[6]);
        assert_eq!(counter(&mut bench), None, "the whole is there");
        assert_eq!(live(&mut bench), [after]);
    }
}

#[test]
fn the_number_of_parts_goes_when_no_more_come() {
    let (mut bench, theirs) = before_the_first_part(Part::Initiator);
    bench.camera_sees(&theirs[0]);
    for _ in 0..3 {
        // The same again is no news.
        bench.camera_sees(&theirs[0]);
        assert!(counter(&mut bench).is_some());
        bench.wait(1.2);
    }
    bench.wait(1.0);
    assert_eq!(counter(&mut bench), None);
    bench.camera_sees(&theirs[1]);
    assert_eq!(counter(&mut bench).unwrap(), "Part 2 of 7");
}

#[test]
fn while_parts_of_an_answer_come_our_code_stays_as_they_read_it() {
    let (mut bench, theirs) = before_the_first_part(Part::Initiator);
    let panel = |bench: &mut TestHarness| {
        let (_, white, size) = appearance(bench).unwrap();
        (bench.carousel().unwrap().count(), (white, size))
    };
    for part in &theirs[..3] {
        for _ in 0..70 {
            bench.step(FRAME);
        }
        assert_eq!(panel(&mut bench), (7, (100, 100)));
        bench.camera_sees(part);
    }
    for _ in 0..110 {
        bench.step(FRAME);
    }
    assert_ne!(panel(&mut bench), (7, (100, 100)), "they went");
}

/// A window that shows a message in parts, as `part` of the pairing.
fn showing_parts(theme: Theme, part: Part) -> TestHarness {
    for seed in 0..16 {
        let mut bench = TestHarness::painted(theme, seed).called_ana();
        bench.click("Pair a device");
        let mut bo = peer("Bo", 1, seed);
        let now = bench.window().fixed_time.unwrap();
        bo.handle(now, &bench.code().unwrap());
        bench.camera_sees(bo.code().unwrap());
        let ours = Frame::from_text(&bench.code().unwrap()).unwrap();
        let initiator = matches!(ours, Frame::Message1 { .. });
        if initiator == (part == Part::Initiator) {
            // The line of the picture has grown.
            bench.step(Duration::from_millis(210));
            bench.harness().run_steps(2);
            return bench;
        }
    }
    panic!("always the other part");
}

fn picture(bench: &mut TestHarness) -> GrayImage {
    DynamicImage::from(bench.harness().render().unwrap()).to_luma8()
}

#[test]
fn the_codes_on_the_screen_are_read_and_stay_where_they_are() {
    let mut bench = showing_parts(Theme::Dark, Part::Initiator);
    assert!(bench.sees("Our code changes by itself: it is shown in 7 parts."));
    let mut read = BTreeSet::new();
    let mut first: Option<Vec<f32>> = None;
    while read.len() < 7 {
        let readings = decode_frame(&picture(&mut bench));
        let code = shown(&mut bench).unwrap();
        let reading = readings.iter().find(|reading| reading.bytes == code.as_bytes());
        let reading = reading.unwrap_or_else(|| panic!("{code} is not read"));
        assert_eq!(reading.version, keyglance_qr::Version::Normal(10));
        let corners: Vec<f32> = reading.corners.iter().flat_map(|p| [p.x, p.y]).collect();
        let before = first.get_or_insert_with(|| corners.clone());
        let moved = corners.iter().zip(before.iter()).any(|(a, b)| (a - b).abs() > 1.5);
        assert!(!moved, "{corners:?} {before:?}");
        assert!(read.insert(code), "each has its turn");
        let now = bench.window().fixed_time.unwrap();
        let next = bench.window().app.next_deadline().unwrap();
        bench.step(next - now);
    }
}

#[test]
fn between_two_codes_nothing_is_repainted() {
    let mut bench = showing_parts(Theme::Light, Part::Initiator);
    for _ in 0..20 {
        bench.harness().run_steps(3);
        let now = bench.window().fixed_time.unwrap();
        let next = bench.carousel().unwrap().next_change().unwrap();
        let output = bench.harness().output();
        let delay = output.viewport_output.values().map(|viewport| viewport.repaint_delay).min();
        assert_eq!(delay, Some(next - now));
        let before = shown(&mut bench);
        bench.step(next - now - Duration::from_micros(1));
        assert_eq!(shown(&mut bench), before);
        bench.step(Duration::from_micros(1));
        assert_ne!(shown(&mut bench), before);
    }
}

#[test]
fn whoever_does_not_answer_is_shown_smaller_codes_in_every_state() {
    for part in [Part::Initiator, Part::Responder] {
        let mut bench = showing_parts(Theme::Light, part);
        let mut seen = BTreeSet::new();
        for _ in 0..550 {
            bench.step(FRAME);
            let count = bench.carousel().unwrap().count();
            seen.insert((count, appearance(&mut bench).unwrap().1));
        }
        let smallest = if part == Part::Initiator { 29 } else { 28 };
        let counts: BTreeSet<usize> = seen.iter().map(|(count, _)| *count).collect();
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), [7, 15, smallest]);
        for white in [100, 75, 50] {
            assert!(seen.contains(&(smallest, white)), "{seen:?}");
        }
    }
}

#[test]
fn a_peer_that_knows_suite_1_only_is_shown_one_code_at_a_time() {
    let mut bench = TestHarness::ana();
    let mut bo = peer("Bo", 1, 1).with_suites(Suites::XX);
    bench.click("Pair a device");
    let mut most = 0;
    for _ in 0..12 {
        most = most.max(bench.carousel().map_or(0, Carousel::count));
        bench.face(&mut bo, 1);
    }
    assert!(bench.has_paired());
    assert_eq!(most, 1);
    assert_eq!(bench.profile().keys().unwrap().0[0].file.suite, Suite::Xx);
    bench.compare_later();
    assert!(!bench.sees("quantum"));
    bench.click("Done");
    bench.click("Bo");
    assert!(bench.sees("Not compared") && !bench.sees("quantum"));
}
