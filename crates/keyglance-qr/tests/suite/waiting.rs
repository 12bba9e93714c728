//! A camera that looks at nothing: little work, and nothing missed.

use std::cell::RefCell;

use image::imageops::overlay;
use image::{GrayImage, Luma};
use keyglance_qr::{
    Code, StepReport, VideoDecoder, WorkBudget, decode_frame, decode_image, frame_steps,
};

use crate::photographs::photographs;
use crate::samples::{luma, random_bytes};

/// Frames a second.
const RATE: usize = 30;

/// A desk: boxes of several greys, and the camera's noise.
fn desk(frame: u64, noise: u8) -> GrayImage {
    let grain = random_bytes(frame, 1280 * 720);
    let mut desk = GrayImage::from_pixel(1280, 720, Luma([140]));
    let boxes = random_bytes(7, 40 * 5);
    for (at, numbers) in boxes.chunks_exact(5).enumerate() {
        let size = |number: u8| 20 + u32::from(number);
        let box_ = GrayImage::from_pixel(size(numbers[0]), size(numbers[1]), Luma([numbers[2]]));
        let (x, y) = (u32::from(numbers[3]) * 5, (u32::from(numbers[4]) * 3 + at as u32) % 720);
        overlay(&mut desk, &box_, i64::from(x), i64::from(y));
    }
    for (pixel, grain) in desk.iter_mut().zip(grain) {
        *pixel = pixel.saturating_add(grain % (2 * noise + 1)).saturating_sub(noise);
    }
    desk
}

/// The work for one frame, and the steps that it got.
fn watch(decoder: &mut VideoDecoder, frame: &GrayImage) -> (u64, Vec<&'static str>, usize) {
    let steps = RefCell::new(Vec::new());
    let observer = |report: StepReport| steps.borrow_mut().push(report.step);
    let mut budget = WorkBudget::live().observed_by(&observer);
    let codes = decoder.read(frame, &mut budget).len();
    let spent = budget.spent();
    (spent, steps.take(), codes)
}

#[test]
fn a_scene_that_never_changes_is_looked_at_thoroughly_twice_a_second_and_costs_little() {
    let mut decoder = VideoDecoder::default();
    let frames: Vec<_> = (0..4).map(|seed| desk(seed, 6)).collect();
    let watched: Vec<_> =
        (0..4 * RATE).map(|at| watch(&mut decoder, &frames[at % frames.len()])).collect();
    // What the first frame gets, but for the turn that follows.
    let thorough = |steps: &Vec<&str>| steps.iter().position(|step| *step == "two finders");
    let all = &watched[0].1[..=thorough(&watched[0].1).unwrap()];
    for (at, second) in watched.chunks(RATE).enumerate() {
        let count = second.iter().filter(|(_, steps, _)| steps.starts_with(all)).count();
        assert!(count >= if at == 0 { 1 } else { 2 }, "second {at}: {count}");
        let looked = second.iter().filter(|(_, steps, _)| !steps.is_empty()).count();
        assert_eq!(looked < RATE / 2, at > 0, "second {at}: {looked}");
    }
    // One frame more or less, the same work.
    let mut again = VideoDecoder::default();
    assert_eq!(watch(&mut again, &frames[0]), watched[0]);
}

#[test]
fn a_code_that_appears_in_a_still_scene_is_read_within_three_frames() {
    for module in [2, 4] {
        let mut decoder = VideoDecoder::default();
        let frames: Vec<_> = (0..4).map(|seed| desk(seed, 6)).collect();
        for at in 0..5 * RATE {
            assert_eq!(watch(&mut decoder, &frames[at % frames.len()]).2, 0);
        }
        let code = luma(&Code::new("here I am, after five seconds").unwrap(), module);
        let read = (0..3).filter(|at| {
            let mut frame = desk(100 + at, 6);
            overlay(&mut frame, &code, 700, 300);
            watch(&mut decoder, &frame).2 == 1
        });
        assert_eq!(read.count(), 3, "{module} px a module");
    }
}

#[test]
fn a_covered_lens_costs_next_to_nothing_and_what_follows_is_read() {
    let mut decoder = VideoDecoder::default();
    for seed in 0..5 {
        let mut frame = GrayImage::from_pixel(1280, 720, Luma([20]));
        frame.iter_mut().zip(random_bytes(seed, 1280 * 720)).for_each(|(pixel, grain)| {
            *pixel += grain % 24;
        });
        let (spent, steps, codes) = watch(&mut decoder, &frame);
        assert!(spent < 1_000_000 && steps.is_empty() && codes == 0, "{spent} {steps:?}");
    }
    let mut frame = GrayImage::from_pixel(1280, 720, Luma([40]));
    overlay(&mut frame, &luma(&Code::new("uncovered").unwrap(), 3), 300, 300);
    assert_eq!(watch(&mut decoder, &frame).2, 1);
}

#[test]
fn a_moving_scene_costs_plain_looks_and_one_turn() {
    let mut decoder = VideoDecoder::default();
    let wide = desk(1, 6);
    let mut turns = Vec::new();
    for at in 0..12 {
        let frame = image::imageops::crop_imm(&wide, at * 5, at * 3, 1180, 640).to_image();
        let reports = RefCell::new(Vec::new());
        let observer = |report: StepReport| reports.borrow_mut().push(report);
        let mut budget = WorkBudget::live().observed_by(&observer);
        assert_eq!(decoder.read(&frame, &mut budget), []);
        let reports = reports.take();
        let is_turn = |report: &&StepReport| report.step.starts_with("turn: ");
        let plain: u64 = reports.iter().filter(|r| !is_turn(r)).map(|r| r.work).sum();
        let own = reports.iter().filter(is_turn).map(|report| report.step);
        let own: Vec<_> = own.filter(|step| *step != "turn: sample grid").collect();
        if at > 0 {
            assert_eq!(own.len(), 1, "{reports:?}");
            assert!(plain < 8_000_000 && budget.spent() < 20_000_000, "{plain} {budget:?}");
        }
        turns.extend(own);
    }
    turns.sort_unstable();
    turns.dedup();
    let all = frame_steps().into_iter().filter(|step| step.starts_with("turn: "));
    assert_eq!(turns.len(), all.count() - 1, "all but the sample grid, in eight frames: {turns:?}");
}

/// By construction: an image gets all that a frame gets.
#[test]
fn an_image_is_read_wherever_a_frame_is() {
    let mut read = 0;
    for (name, picture) in photographs() {
        for turned in [picture.clone(), image::imageops::rotate90(&picture)] {
            let live = decode_frame(&turned);
            let still = decode_image(&turned);
            read += live.len();
            for code in live {
                assert!(still.iter().any(|other| other.bytes == code.bytes), "{name}");
            }
        }
    }
    assert!(read > 40, "{read}");
}
