//! Codes that are turned, mirrored, torn, bent or many, and pictures without any.

use image::imageops::{flip_horizontal, invert, overlay, rotate90, rotate180, rotate270};
use image::{GrayImage, Luma};
use keyglance_qr::{Code, Reading, Version, decode_frame, decode_image};

use crate::samples::{luma, only, random_bytes, texts};

#[test]
fn a_code_reads_from_every_side_and_says_where_it_is() {
    let bytes = b"which way up".to_vec();
    let code = Code::from_bytes(&bytes).unwrap();
    let upright = luma(&code, 6);
    let (near, far) = (4.0 * 6.0, 29.0 * 6.0 - 4.0 * 6.0);
    let [tl, tr, br, bl] = [(near, near), (far, near), (far, far), (near, far)];
    let mirrored = flip_horizontal(&upright);
    let cases = [
        (upright.clone(), [tl, tr, br, bl]),
        (rotate90(&upright), [tr, br, bl, tl]),
        (rotate180(&upright), [br, bl, tl, tr]),
        (rotate270(&upright), [bl, tl, tr, br]),
        (mirrored.clone(), [tr, tl, bl, br]),
        (rotate90(&mirrored), [br, tr, tl, bl]),
    ];
    for (at, (mut picture, corners)) in cases.into_iter().enumerate() {
        for inverted in [false, true] {
            let (still, live) = (only(decode_image(&picture)), only(decode_frame(&picture)));
            for reading in [still, live] {
                assert_eq!(reading.bytes, bytes);
                for (point, (x, y)) in reading.corners.iter().zip(corners) {
                    let off = (point.x - x).hypot(point.y - y);
                    assert!(off < 6.0, "case {at} {inverted}: {:?}", reading.corners);
                }
            }
            invert(&mut picture);
        }
    }
}

#[test]
fn all_codes_of_a_picture_are_found_once_each() {
    let mut picture = GrayImage::from_pixel(900, 700, Luma([255]));
    let place = |picture: &mut GrayImage, text: &str, scale, x, y, dark_paper| {
        let mut code = luma(&Code::new(text).unwrap(), scale);
        if dark_paper {
            invert(&mut code);
        }
        overlay(picture, &code, x, y);
    };
    place(&mut picture, "one", 5, 20, 20, false);
    place(&mut picture, "two", 8, 300, 30, false);
    place(&mut picture, "three", 3, 600, 60, true);
    place(&mut picture, "one", 4, 60, 400, false);
    place(&mut picture, &texts()[1], 4, 400, 350, false);
    let mut found: Vec<_> =
        decode_image(&picture).into_iter().map(|r| r.into_text().unwrap()).collect();
    found.sort();
    let mut expected = vec!["one", "one", "two", "three", texts()[1].as_str()]
        .into_iter()
        .map(str::to_owned)
        .collect::<Vec<_>>();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_sheet_of_labels_is_read_whole() {
    let (across, down, cell) = (10, 8, 33 * 3);
    let mut sheet = GrayImage::from_pixel(across * cell, down * cell, Luma([240]));
    let mut expected = Vec::new();
    for at in 0..across * down {
        let text = format!("label {at:03}");
        let label = luma(&Code::new(&text).unwrap(), 3);
        let (x, y) = (at % across * cell, at / across * cell);
        overlay(&mut sheet, &label, i64::from(x), i64::from(y));
        expected.push(text);
    }
    // Sharp, and as a cheap scanner gives it.
    for picture in [sheet.clone(), image::imageops::fast_blur(&sheet, 0.8)] {
        for readings in [decode_image(&picture), decode_frame(&picture)] {
            assert_eq!(sorted(readings), expected);
        }
    }
}

#[test]
fn a_frame_shows_all_labels_whichever_way_they_lie() {
    // Labels of several sizes on grey card, each turned by some quarters: patterns of
    // neighbours lie nearer to each other than a code's own.
    let (across, down, cell) = (8, 5, 35 * 3);
    let mut sheet = GrayImage::from_pixel(across * cell, down * cell, Luma([190]));
    let mut expected = Vec::new();
    for at in 0..across * down {
        let text = format!("{at:02}{}", "x".repeat(at as usize * 7 % 30));
        let mut label = luma(&Code::new(&text).unwrap(), 3);
        for _ in 0..at * at / 3 % 4 {
            label = image::imageops::rotate90(&label);
        }
        // Two modules of quiet zone, so that they lie close.
        let side = label.width() - 12;
        let label = image::imageops::crop_imm(&label, 6, 6, side, side).to_image();
        overlay(&mut sheet, &label, i64::from(at % across * cell), i64::from(at / across * cell));
        expected.push(text);
    }
    expected.sort();
    let picture = image::imageops::fast_blur(&sheet, 0.8);
    assert_eq!(sorted(decode_frame(&picture)), expected);
}

#[test]
fn a_frame_shows_a_large_code_and_small_ones_beside_it() {
    let large = "7".repeat(997);
    let code = luma(&Code::new(&large).unwrap(), 3);
    let mut sheet = GrayImage::from_pixel(code.width() + 120, code.height(), Luma([255]));
    overlay(&mut sheet, &code, 0, 0);
    let mut expected = vec![large];
    for at in 0..3 {
        let small = luma(&Code::new(&format!("small {at}")).unwrap(), 3);
        overlay(&mut sheet, &small, i64::from(code.width()), 110 * at);
        expected.push(format!("small {at}"));
    }
    assert_eq!(sorted(decode_frame(&sheet)), expected);
}

fn sorted(readings: Vec<Reading>) -> Vec<String> {
    let mut texts: Vec<_> =
        readings.into_iter().map(|reading| reading.into_text().unwrap()).collect();
    texts.sort();
    texts
}

/// A sticker, a shadow's edge, a torn corner.
#[test]
fn a_code_is_read_by_two_of_its_squares() {
    let text = "two squares are enough";
    let code = Code::new(text).unwrap();
    let (module, quiet) = (6, 4 * 6);
    let square = 7 * module;
    let whole = luma(&code, module as u32);
    let far = i64::from(whole.width()) - quiet - square;
    for (x, y) in [(quiet, quiet), (far, quiet), (quiet, far)] {
        for (size, level) in [(square, 120), (square / 2, 90), (square / 2, 250)] {
            let mut torn = whole.clone();
            // From the outer corner inwards.
            let from = |at: i64| if at == far { at + square - size } else { at };
            let patch = GrayImage::from_pixel(size as u32, size as u32, Luma([level]));
            overlay(&mut torn, &patch, from(x), from(y));
            for picture in [torn.clone(), rotate90(&torn)] {
                for readings in [decode_image(&picture), decode_frame(&picture)] {
                    assert_eq!(only(readings).text().as_deref(), Some(text), "{x} {y} {size}");
                }
            }
        }
    }
}

/// Shirts, bottles, bent paper: lines that are not straight.
#[test]
fn a_code_on_a_wave_is_read() {
    for seed in 0..6_u64 {
        let bytes = random_bytes(seed, 60);
        let code = Code::from_bytes(&bytes).unwrap();
        let flat = luma(&code, 8);
        let (width, height) = flat.dimensions();
        let phase = seed as f32;
        let picture = GrayImage::from_fn(width, height, |x, y| {
            let along = (y as f32 / 45.0 + phase).sin() * 2.5;
            let across = (x as f32 / 60.0 + phase * 2.0).sin() * 2.0;
            let (x, y) = (x as f32 + along, y as f32 + across);
            Luma([flat.get_pixel_checked(x as u32, y as u32).map_or(255, |pixel| pixel.0[0])])
        });
        for readings in [decode_image(&picture), decode_frame(&picture)] {
            let reading = only(readings);
            assert_eq!(reading.bytes, bytes, "wave {seed}");
            assert_eq!(reading.version, Version::Normal(code.version()));
            assert!((reading.module_pixels() - 8.0).abs() < 0.5, "{}", reading.module_pixels());
        }
    }
}

#[test]
fn a_quiet_zone_of_one_module_is_enough() {
    let code = Code::new("tight").unwrap();
    let whole = luma(&code, 5);
    let side = whole.width() - 6 * 5;
    let tight = image::imageops::crop_imm(&whole, 15, 15, side, side).to_image();
    let mut picture = GrayImage::from_pixel(300, 200, Luma([70]));
    overlay(&mut picture, &tight, 80, 30);
    assert_eq!(only(decode_image(&picture)).text().as_deref(), Some("tight"));
    assert_eq!(only(decode_frame(&picture)).text().as_deref(), Some("tight"));
}

#[test]
fn nothing_is_read_where_nothing_is() {
    for (width, height) in [(0, 0), (0, 9), (9, 0), (1, 1), (2, 2), (3, 500), (500, 3), (39, 41)] {
        for level in [0, 128, 255] {
            let flat = GrayImage::from_pixel(width, height, Luma([level]));
            assert_eq!((decode_image(&flat), decode_frame(&flat)), (vec![], vec![]));
        }
    }
    for seed in 0..200 {
        let size = [(320, 240), (160, 120), (97, 61), (240, 320)][seed as usize % 4];
        let noise = random_bytes(seed, (size.0 * size.1) as usize);
        // Noise, gradients, coarse blocks (the most like modules), and stripes.
        let picture = GrayImage::from_fn(size.0, size.1, |x, y| {
            let at = |x: u32, y: u32| noise[(y * size.0 + x) as usize];
            Luma([match seed / 4 % 4 {
                0 => at(x, y),
                1 => (x * 255 / size.0 + u32::from(at(x, y)) / 16).min(255) as u8,
                2 => (at(x / 3, y / 3) & 1) * 255,
                _ => (at(x / 2, 0) & 1) * 200 + at(x, y) / 8,
            }])
        });
        assert_eq!(
            (decode_image(&picture), decode_frame(&picture)),
            (vec![], vec![]),
            "seed {seed}"
        );
    }
}
