//! PNG and JPEG as bytes: every kind of pixel is read, and no damage does harm.

use std::time::{Duration, Instant};

use image::{ExtendedColorType, ImageEncoder};
use keyglance_qr::{self as qr, Code, PictureError, decode_frame, decode_image};

use crate::samples::{luma, only};

#[test]
fn pictures_of_every_pixel_kind_read() {
    let code = Code::new("any pixels").unwrap();
    let grey = luma(&code, 4);
    let (width, height) = grey.dimensions();
    let spread = |of: &dyn Fn(u8) -> Vec<u8>| -> Vec<u8> {
        grey.as_raw().iter().flat_map(|level| of(*level)).collect()
    };
    let png = |bytes: &[u8], kind| {
        let mut out = Vec::new();
        image::codecs::png::PngEncoder::new(&mut out)
            .write_image(bytes, width, height, kind)
            .unwrap();
        out
    };
    let wide = |level: u8| [level, level];
    let files = [
        png(&spread(&|l| vec![l]), ExtendedColorType::L8),
        png(&spread(&|l| vec![l, 255]), ExtendedColorType::La8),
        png(&spread(&|l| vec![l; 3]), ExtendedColorType::Rgb8),
        // Black with holes: what is clear is white.
        png(&spread(&|l| vec![0, 0, 0, 255 - l]), ExtendedColorType::Rgba8),
        png(&spread(&|l| wide(l).to_vec()), ExtendedColorType::L16),
        png(&spread(&|l| [[0; 2], wide(255 - l)].concat()), ExtendedColorType::La16),
        png(&spread(&|l| wide(l).repeat(3)), ExtendedColorType::Rgb16),
        png(
            &spread(&|l| [[0; 2], [0; 2], [0; 2], wide(255 - l)].concat()),
            ExtendedColorType::Rgba16,
        ),
    ];
    for (at, file) in files.iter().enumerate() {
        assert_eq!(qr::load_grayscale(file).unwrap(), grey, "kind {at}");
    }
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 70)
        .write_image(&spread(&|l| vec![l; 3]), width, height, ExtendedColorType::Rgb8)
        .unwrap();
    assert_eq!(
        only(decode_image(&qr::load_grayscale(&jpeg).unwrap())).text().as_deref(),
        Some("any pixels")
    );
    jpeg.truncate(jpeg.len() / 2);
    // Some decoders give the upper half, which is as good as an error.
    if let Ok(picture) = qr::load_grayscale(&jpeg) {
        assert_eq!(picture.dimensions(), (width, height));
        let _ = decode_image(&picture);
    }
}

#[test]
fn a_header_of_a_thousand_million_pixels_costs_nothing() {
    let whole = qr::render_png(&Code::new("x").unwrap(), 4).unwrap();
    for (width, height) in [(31_623_u32, 31_623_u32), (u32::MAX >> 1, u32::MAX >> 1), (0, 5)] {
        let mut png = whole.clone();
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        let start = Instant::now();
        let expected = Err(PictureError::TooManyPixels { width, height });
        assert_eq!(qr::load_grayscale(&png), expected);
        assert_eq!(qr::load_grayscale(&png[..40]), expected);
        assert!(start.elapsed() < Duration::from_millis(100));
    }
    // A JPEG's sizes stand in its frame header, FFC0.
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new(&mut jpeg)
        .write_image(&[0; 64], 8, 8, ExtendedColorType::L8)
        .unwrap();
    let header = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    jpeg[header + 5..header + 9].copy_from_slice(&[0xfd, 0xe8, 0xfd, 0xe8]);
    let start = Instant::now();
    let expected = Err(PictureError::TooManyPixels { width: 65_000, height: 65_000 });
    assert_eq!(qr::load_grayscale(&jpeg), expected);
    assert!(start.elapsed() < Duration::from_millis(100));
}

#[test]
fn no_damage_to_a_picture_panics() {
    let png = qr::render_png(&Code::new("x").unwrap(), 2).unwrap();
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new(&mut jpeg)
        .write_image(&[90; 48 * 48], 48, 48, ExtendedColorType::L8)
        .unwrap();
    for whole in [png, jpeg] {
        for cut in 0..whole.len() {
            let _ = qr::load_grayscale(&whole[..cut]);
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            let _ = qr::load_grayscale(&damaged).map(|picture| decode_frame(&picture));
        }
    }
}
