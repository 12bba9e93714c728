//! From a picture to what it is: codes of every kind before the simulated camera, and in
//! pictures as other programs draw them.

use std::collections::BTreeSet;

use image::{GrayImage, Luma};
use keyglance_capture::simulated::View;
use keyglance_inspect::jiff::Timestamp;
use keyglance_inspect::serde_json::{self, Value};
use keyglance_inspect::test_util::{EXAMPLES, SAMPLES};
use keyglance_inspect::{inspect, kinds};
use keyglance_qr::{Code, decode_frame, decode_image};
use qrcode::QrCode;

use crate::samples::{camera, screen};

struct Sample {
    name: String,
    payload: Vec<u8>,
}

fn read(lines: &str) -> Vec<Sample> {
    let read = |line| {
        let line: Value = serde_json::from_str(line).unwrap();
        let payload = match line["payload"].as_str() {
            Some(text) => text.as_bytes().to_vec(),
            None => base64(line["payload_base64"].as_str().unwrap()),
        };
        Sample { name: line["id"].as_str().unwrap().to_owned(), payload }
    };
    let lines = lines.lines().filter(|line| !line.trim().is_empty());
    lines.map(read).filter(|sample| !sample.payload.is_empty()).collect()
}

/// One that is certainly of each kind.
fn one_of_each_kind() -> Vec<Sample> {
    let mut left: BTreeSet<&str> = kinds().map(|kind| kind.id).collect();
    let all = read(SAMPLES).into_iter().chain(read(EXAMPLES));
    let one_of_each = all
        .filter(|sample| {
            let verdict = told(&sample.payload);
            let sure = matches!(verdict["confidence"].as_str(), Some("exact" | "could-be"));
            sure && left.remove(verdict["id"].as_str().unwrap())
        })
        .collect();
    assert!(left.is_empty(), "no sample of {left:?}");
    one_of_each
}

fn base64(text: &str) -> Vec<u8> {
    let digits = text.trim_end_matches('=').bytes().map(|digit| match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        _ => 63,
    });
    let digits: Vec<u8> = digits.collect();
    digits
        .chunks(4)
        .flat_map(|four| {
            let bits = (0..4).fold(0, |bits, place| {
                bits << 6 | u32::from(four.get(place).copied().unwrap_or(0))
            });
            bits.to_be_bytes()[1..four.len()].to_vec()
        })
        .collect()
}

/// What is said, secrets too: a wrong byte in them is wrong.
fn told(payload: &[u8]) -> Value {
    let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    inspect(payload, now).to_json(true)
}

/// As a person holds a telephone: so near that a module has some pixels.
fn view(code: &Code) -> View {
    let near = View { tilt_degrees: 6.0, lean_degrees: 3.0, ..View::default() };
    let fraction = code.side() as f64 * 4.0 / 720.0;
    if fraction < 0.6 {
        return View { code_fraction: fraction.max(0.4), ..near };
    }
    // The largest ones need a camera with more pixels.
    View { width: 2560, height: 1440, code_fraction: 0.75, offset: (0.0, 0.0), ..near }
}

#[test]
fn every_kind_is_told_right_through_a_camera() {
    let mut wrong = Vec::new();
    for (seed, sample) in one_of_each_kind().into_iter().enumerate() {
        let code = match str::from_utf8(&sample.payload) {
            Ok(text) => Code::new(text).unwrap(),
            Err(_) => Code::from_bytes(&sample.payload).unwrap(),
        };
        let mut camera = camera(screen(&code), view(&code), seed as u64);
        // A camera does not stand still: what one frame hides, the next shows.
        match (0..4).find_map(|_| decode_frame(&camera.take()).pop()) {
            Some(reading) if told(&reading.bytes) == told(&sample.payload) => {}
            Some(_) => wrong.push(format!("{} told wrong", sample.name)),
            None => wrong.push(format!("{} not read", sample.name)),
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Other programs mix numeric, alphanumeric and byte segments as each saves most.
#[test]
fn every_sample_is_told_right_from_a_picture() {
    let mut wrong = Vec::new();
    for sample in read(SAMPLES) {
        let code = QrCode::new(&sample.payload).unwrap();
        let side = code.width();
        let colors = code.to_colors();
        let pixels = (side + 8) as u32 * 4;
        let picture = GrayImage::from_fn(pixels, pixels, |x, y| {
            let module = |at: u32| (at as usize / 4).checked_sub(4).filter(|at| *at < side);
            let dark = module(x)
                .zip(module(y))
                .is_some_and(|(x, y)| colors[y * side + x] == qrcode::Color::Dark);
            Luma([if dark { 0 } else { 255 }])
        });
        let told_of: Vec<_> =
            decode_image(&picture).iter().map(|reading| told(&reading.bytes)).collect();
        if told_of != [told(&sample.payload)] {
            wrong.push(sample.name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
