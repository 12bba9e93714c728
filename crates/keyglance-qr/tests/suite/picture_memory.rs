//! What pictures may take at most: four bytes a pixel and 64 MiB, beside the file.
//!
//! Each is loaded in a process of its own, and the system says what that took.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use image::{ExtendedColorType, ImageEncoder as _};
use keyglance_qr::{MAX_PIXELS, Picture};

const FILE: &str = "KEYGLANCE_TEST_PICTURE";

/// The process of the tests below.
#[test]
#[ignore = "the tests below run it"]
fn loads_the_picture_that_is_named() {
    let file = fs::read(std::env::var_os(FILE).unwrap()).unwrap();
    let before = peak();
    let picture = Picture::load(file);
    let loaded = peak();
    let pixels = picture.as_ref().map_or(0, |picture| picture.grey().len());
    println!("result: {} {pixels} {:?}", loaded - before, picture.err());
}

/// The most memory that this process has had so far, in kB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().split(' ').next().unwrap().parse().unwrap()
}

struct Taken {
    /// In kB, until the picture was loaded.
    loading: u64,
    pixels: u64,
    error: String,
}

fn taken(file: &Path) -> Taken {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "picture_memory::loads_the_picture_that_is_named"]);
    command.args(["--ignored", "--nocapture", "--test-threads", "1"]).env(FILE, file);
    let run = command.output().unwrap();
    assert!(run.status.success(), "{run:?}");
    let said = String::from_utf8(run.stdout).unwrap();
    let (_, result) = said.split_once("result: ").unwrap();
    let mut parts = result.lines().next().unwrap().splitn(3, ' ');
    let mut number = || parts.next().unwrap().parse().unwrap();
    let (loading, pixels) = (number(), number());
    Taken { loading, pixels, error: parts.next().unwrap().to_owned() }
}

fn assert_bounded(name: &str, file: &[u8]) -> Taken {
    let path = write(name, file);
    let taken = taken(&path);
    fs::remove_file(path).unwrap();
    let bound = (4 * taken.pixels) / 1024 + 64 * 1024;
    assert!(taken.loading <= bound, "{name}: {} kB of {bound}", taken.loading);
    taken
}

fn write(name: &str, file: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, file).unwrap();
    path
}

fn png(side: u32, depth: png::BitDepth, color: png::ColorType) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, side, side);
    encoder.set_color(color);
    encoder.set_depth(depth);
    encoder.set_compression(png::Compression::Fastest);
    let mut writer = encoder.write_header().unwrap();
    let mut rows = writer.stream_writer().unwrap();
    let pixel = color.samples() * if depth == png::BitDepth::Sixteen { 2 } else { 1 };
    let row = vec![0x80; pixel * side as usize];
    for _ in 0..side {
        std::io::Write::write_all(&mut rows, &row).unwrap();
    }
    rows.finish().unwrap();
    writer.finish().unwrap();
    out
}

#[test]
fn the_largest_png_takes_little_more_than_its_brightness() {
    let side = MAX_PIXELS.isqrt() as u32;
    let file = png(side, png::BitDepth::Sixteen, png::ColorType::Rgba);
    let taken = assert_bounded("large.png", &file);
    assert_eq!(taken.pixels, u64::from(side) * u64::from(side));
    // Rows, not whole pictures: a byte a pixel, and another for an animation.
    assert!(taken.loading < 2 * taken.pixels / 1024, "{} kB", taken.loading);
}

#[test]
fn a_colour_profile_and_texts_are_not_unpacked() {
    // 8 × 8 pixels, and a colour profile of 40 MB in 39 kB.
    let taken = assert_bounded("bomb.png", include_bytes!("../files/icc-bomb.png"));
    assert!(taken.loading < 4_000, "{} kB", taken.loading);
    assert_eq!(taken.pixels, 64);
}

#[test]
fn every_format_keeps_to_the_bound() {
    let side = 2400;
    let colours = vec![0x80_u8; 3 * side as usize * side as usize];
    let area = u64::from(side) * u64::from(side);
    // Bytes for each pixel, and half of one for what grows with the picture beside that.
    let assert_bytes = |name, file: &[u8], halves: u64| {
        let taken = assert_bounded(name, file);
        assert_eq!(taken.pixels, area, "{name}: {}", taken.error);
        let most = halves * area / 2 / 1024 + 4096;
        assert!(taken.loading <= most, "{name}: {} kB of {most}", taken.loading);
    };
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new(&mut jpeg)
        .write_image(&colours, side, side, ExtendedColorType::Rgb8)
        .unwrap();
    assert_bytes("large.jpg", &jpeg, 2);
    // Called progressive, every coefficient is kept: two bytes, three components.
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    jpeg[frame + 1] = 0xc2;
    assert_bytes("progressive.jpg", &jpeg, 2 + 12 + 1);
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x1f, 0x40, 0x1f, 0x40]);
    assert_eq!(assert_bounded("huge.jpg", &jpeg).error, "Some(TooMuchMemory)");

    let mut webp = Vec::new();
    image_webp::WebPEncoder::new(&mut webp)
        .encode(&colours, side, side, image_webp::ColorType::Rgb8)
        .unwrap();
    assert_bytes("large.webp", &webp, 8 + 1);

    let mut bmp = Vec::new();
    image::codecs::bmp::BmpEncoder::new(&mut bmp)
        .write_image(&colours, side, side, ExtendedColorType::Rgb8)
        .unwrap();
    assert_bytes("large.bmp", &bmp, 6 + 1);

    let mut animation = Vec::new();
    let side = side as u16;
    let mut encoder = gif::Encoder::new(&mut animation, side, side, &[0; 6]).unwrap();
    for dispose in [gif::DisposalMethod::Previous, gif::DisposalMethod::Background] {
        let mut frame = gif::Frame::from_indexed_pixels(8, 8, vec![1; 64], Some(0));
        frame.dispose = dispose;
        encoder.write_frame(&frame).unwrap();
    }
    drop(encoder);
    assert_bytes("animation.gif", &animation, 4);
}
