//! The simulated camera sees what a camera would.

use std::time::Duration;

use keyglance_capture::simulated::{SimulatedCamera, SimulatedDisplay, Timing, View};
use keyglance_capture::{Quality, Scan, Scanner};
use keyglance_qr::{Code, Reading, decode_frame, decode_image};

use crate::samples::{camera, hard_view, only, screen_with, texts};

#[test]
fn the_same_seed_gives_the_same_frames() {
    let frames = |seed| {
        let mut camera = camera(screen_with("seeded"), View::default(), seed);
        [camera.take(), camera.take()]
    };
    assert_eq!(frames(1), frames(1));
    let ([one, two], [other, _]) = (frames(1), frames(2));
    assert!(one != two, "noise does not stand still");
    assert!(one != other);
    assert_eq!(one.dimensions(), (1280, 720));
}

#[test]
fn an_ideal_view_is_the_code_itself() {
    let text = &texts()[3];
    let code = Code::new(text).unwrap();
    let mut camera = camera(screen_with(text), View::ideal(), 1);
    let frame = camera.take();
    let reading = only(decode_frame(&frame));
    assert_eq!(reading.text().as_deref(), Some(text.as_str()));
    // 60 % of the height, in the middle.
    let (low, high) = (360.0 - 216.0, 360.0 + 216.0);
    let corners = [(-216.0, low), (216.0, low), (216.0, high), (-216.0, high)];
    for (point, (x, y)) in reading.corners.iter().zip(corners) {
        assert!((point.x - 640.0 - x).abs() < 4.0 && (point.y - y).abs() < 4.0, "{reading:?}");
    }
    for (x, y) in [(0, 0), (3, 9), (20, 20), (code.side() - 1, 0)] {
        let pixel = |at: usize, from: f32| from + (at as f32 + 0.5) * 432.0 / code.side() as f32;
        let level = frame.get_pixel(pixel(x, 424.0) as u32, pixel(y, 144.0) as u32).0[0];
        assert_eq!(level < 128, code.is_dark(x, y));
    }
    let quality = Quality::of(&reading, &frame);
    assert!((quality.height - 0.6).abs() < 0.02 && quality.contrast > 0.7, "{quality:?}");
    assert!((quality.margin - 144.0).abs() < 5.0, "{quality:?}");
}

#[test]
fn a_camera_that_lags_sees_what_was_shown_before() {
    let [one, two] = ["one", "two"].map(|text| Code::new(text).unwrap());
    let screen = SimulatedDisplay::new();
    let ms = Duration::from_millis;
    screen.show(ms(0), Some(&one));
    screen.show(ms(200), Some(&two));
    let timing =
        Timing { frames_per_second: 10.0, latency: ms(120), phase: ms(50), ..Timing::default() };
    let mut camera = SimulatedCamera::new(screen, View::ideal(), timing, 1);
    let mut seen = Vec::new();
    for _ in 0..5 {
        let now = camera.now();
        let reading = decode_frame(&camera.take()).pop();
        seen.push((now, reading.and_then(Reading::into_text)));
    }
    let expected = [
        (50, None),
        (150, Some("one")),
        (250, Some("one")),
        (350, Some("two")),
        (450, Some("two")),
    ];
    assert_eq!(seen, expected.map(|(at, text)| (ms(at), text.map(str::to_owned))));
}

#[test]
fn a_frame_in_which_the_code_changes_is_a_blend_of_both() {
    let [one, two] = ["KG1:ONE", "KG1:TWO"].map(|text| Code::new(text).unwrap());
    let ms = Duration::from_millis;
    let read = |change: u64| {
        let screen = SimulatedDisplay::new();
        screen.show(ms(0), Some(&one));
        screen.show(ms(change), Some(&two));
        // The shutter is open from 40 to 60 ms.
        let timing =
            Timing { latency: ms(60), exposure: ms(20), phase: ms(100), ..Timing::default() };
        let mut camera = SimulatedCamera::new(screen, View::ideal(), timing, 1);
        decode_frame(&camera.take()).pop().and_then(Reading::into_text)
    };
    let [first, second] = ["KG1:ONE", "KG1:TWO"].map(|text| Some(text.to_owned()));
    assert_eq!([61, 60, 58].map(read), [first.clone(), first.clone(), first]);
    assert_eq!(read(50), None, "as much of one as of the other");
    assert_eq!([42, 40, 39].map(read), [second.clone(), second.clone(), second]);
}

#[test]
fn so_many_frames_are_lost() {
    let lost = |loss: f64, seed| {
        let timing = Timing { latency: Duration::ZERO, loss, ..Timing::default() };
        let view = View { width: 64, height: 36, ..View::ideal() };
        let mut camera = SimulatedCamera::new(screen_with("lost"), view, timing, seed);
        let lost: Vec<bool> = (0..1000).map(|_| camera.receive().is_none()).collect();
        // Time passes for those too.
        assert!((camera.now().as_secs_f64() - 1000.0 / 30.0).abs() < 1e-6);
        lost
    };
    let count = |lost: &[bool]| lost.iter().filter(|lost| **lost).count();
    assert_eq!((count(&lost(0.0, 1)), count(&lost(1.0, 1))), (0, 1000));
    for seed in 0..5 {
        assert!((250..350).contains(&count(&lost(0.3, seed))));
    }
    assert_eq!(lost(0.3, 1), lost(0.3, 1));
    assert_ne!(lost(0.3, 1), lost(0.3, 2));
}

#[test]
fn two_screens_in_view_are_two_codes() {
    let left = View { offset: (-0.4, 0.0), code_fraction: 0.35, ..View::default() };
    let right = View { offset: (0.45, 0.0), ..left };
    let timing = Timing { latency: Duration::ZERO, ..Timing::default() };
    let camera = SimulatedCamera::new(screen_with("theirs"), left, timing, 5)
        .also_sees(screen_with("a third"), right);
    let mut scanner = Scanner::new(Box::new(camera));
    let Ok(Scan::Seen { readings, .. }) = scanner.poll(Duration::ZERO) else { panic!() };
    let mut found: Vec<_> = readings.into_iter().filter_map(Reading::into_text).collect();
    found.sort();
    assert_eq!(found, ["a third", "theirs"]);
}

#[test]
fn a_blank_screen_is_nothing_to_read() {
    for seed in 0..10 {
        let frame = camera(SimulatedDisplay::new(), hard_view(seed), seed).take();
        assert_eq!((decode_image(&frame), decode_frame(&frame)), (vec![], vec![]));
    }
}
