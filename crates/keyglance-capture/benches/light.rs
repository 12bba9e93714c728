//! How long light takes: to make a code, to take a frame and to read one.
//!
//! Plain rxing and plain rqrr read the same frames in the same run.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use image::GrayImage;
use keyglance_capture::simulated::{SimulatedCamera, SimulatedDisplay, Timing, View};
use keyglance_qr::{self as qr, Code};
use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader as _;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source};

/// As long as the longest text of a pairing.
const LENGTH: usize = 195;

fn light(criterion: &mut Criterion) {
    let text = "KG1:".to_owned() + &"Qd7_xV3-".repeat(LENGTH)[..LENGTH - 4];
    let code = Code::new(&text).unwrap();

    let mut group = criterion.benchmark_group("code");
    group.bench_function("encode", |b| b.iter(|| Code::new(black_box(&text))));
    group.bench_function("png, 8 pixels a module", |b| b.iter(|| qr::render_png(&code, 8)));
    group.bench_function("terminal", |b| {
        b.iter(|| qr::render_terminal(&code, qr::TerminalStyle::Colour, 1))
    });
    group.finish();

    let tilted = View { tilt_degrees: 30.0, blur_pixels: 1.0, noise: 6.0, ..View::default() };
    let mut group = criterion.benchmark_group("simulated frame");
    let other = Code::new(&text.replace('Q', "q")).unwrap();
    for (name, view) in [("ideal", View::ideal()), ("mild", View::default()), ("tilted", tilted)] {
        let mut still = camera(Some(&code), view);
        group.bench_function(name, |b| b.iter(|| still.take()));
    }
    // The worst case: another code in every frame.
    let screen = SimulatedDisplay::new();
    let mut changing = watching(&screen, tilted);
    let mut codes = [&code, &other].into_iter().cycle();
    group.bench_function("tilted, changed", |b| {
        b.iter(|| {
            screen.show(changing.now(), codes.next());
            changing.take()
        });
    });
    group.finish();

    let frames = [
        ("ideal", camera(Some(&code), View::ideal()).take()),
        ("mild", camera(Some(&code), View::default()).take()),
        ("tilted", camera(Some(&code), tilted).take()),
        ("blank", camera(None, View::default()).take()),
    ];
    for (name, frame) in frames {
        let mut group = criterion.benchmark_group(format!("read 1280x720, {name}"));
        group.bench_function("decode_live", |b| b.iter(|| qr::decode_frame(&frame)));
        group.bench_function("decode", |b| b.iter(|| qr::decode_image(&frame)));
        group.bench_function("rxing", |b| b.iter(|| rxing(&frame)));
        group.bench_function("rqrr", |b| b.iter(|| rqrr(&frame)));
        group.finish();
    }
}

fn camera(code: Option<&Code>, view: View) -> SimulatedCamera {
    let screen = SimulatedDisplay::new();
    screen.show(Duration::ZERO, code);
    watching(&screen, view)
}

fn watching(screen: &SimulatedDisplay, view: View) -> SimulatedCamera {
    let timing = Timing { latency: Duration::ZERO, ..Timing::default() };
    SimulatedCamera::new(screen.clone(), view, timing, 1)
}

fn rxing(frame: &GrayImage) -> usize {
    let source = Luma8Source::new_with_slice(frame.as_raw(), frame.width(), frame.height());
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source.unwrap()));
    let hints = DecodeHints {
        PossibleFormats: Some([BarcodeFormat::QR_CODE].into_iter().collect()),
        TryHarder: Some(true),
        ..DecodeHints::default()
    };
    QrReader.decode_multiple_with_hints(&mut bitmap, &hints).map_or(0, |found| found.len())
}

fn rqrr(frame: &GrayImage) -> usize {
    let (width, height) = (frame.width() as usize, frame.height() as usize);
    let mut pixels = frame.as_raw().iter().copied();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |_, _| {
        pixels.next().unwrap_or_default()
    });
    prepared.detect_grids().iter().filter(|grid| grid.decode().is_ok()).count()
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .sample_size(20);
    targets = light
}
criterion_main!(benches);
