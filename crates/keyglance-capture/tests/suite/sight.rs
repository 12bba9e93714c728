//! Codes are drawn and read back, pictures are safe to open, and the simulated
//! camera sees what a camera would.

use std::cell::Cell;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use image::imageops::{flip_horizontal, invert, overlay, rotate90, rotate180, rotate270};
use image::{ExtendedColorType, GrayImage, ImageEncoder, Luma};
use keyglance_capture::simulated::{Screen, SimulatedCamera, Timing, View};
use keyglance_capture::{
    FrameSource, NextFrame, OpticsError, Quality, Scan, Scanner, StillPictures, WatchedPicture,
    read_picture,
};
use keyglance_qr::{
    self as qr, Code, PictureError, QUIET_ZONE, Reading, RenderError, TerminalStyle, VideoDecoder,
    WorkBudget, decode_frame, decode_image, decode_image_within,
};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// Bytes that each version holds at error correction M (ISO/IEC 18004, table 7).
const CAPACITY: [usize; 40] = [
    14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666,
    711, 779, 857, 911, 997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911,
    1989, 2099, 2213, 2331,
];

fn random_bytes(seed: u64, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    ChaCha20Rng::seed_from_u64(seed).fill_bytes(&mut bytes);
    bytes
}

fn luma(code: &Code, pixels: u32) -> GrayImage {
    qr::render_grayscale(code, pixels).unwrap()
}

/// The one code of a picture.
fn only(readings: Vec<Reading>) -> Reading {
    let [reading] = readings.try_into().unwrap_or_else(|all| panic!("not one: {all:?}"));
    reading
}

/// Texts of the lengths that the protocol has, from 47 to 195 characters.
fn texts() -> Vec<String> {
    let text = |length: usize| "KG1:".to_owned() + &"Qd7_xV3-".repeat(length)[..length - 4];
    [47, 58, 112, 152, 195].map(text).to_vec()
}

// What is drawn.

#[test]
fn each_code_is_one_byte_segment_at_level_m_in_the_smallest_version() {
    for (version, capacity) in (1..).zip(CAPACITY) {
        // Digits tempt an encoder into the numeric mode.
        let bytes = vec![b'7'; capacity];
        let code = Code::from_bytes(&bytes).unwrap();
        assert_eq!(usize::from(code.version()), version);
        assert_eq!(code.side(), 17 + 4 * version);

        let grid = rqrr::SimpleGrid::from_func(code.side(), |x, y| code.is_dark(x, y));
        let mut read = Vec::new();
        let metadata = rqrr::Grid::new(grid).decode_to(&mut read).unwrap();
        assert_eq!(read, bytes);
        assert_eq!(metadata.ecc_level, 0, "M is 00 in the format information");

        // The first codeword stands in the corner, two modules wide, upwards.
        let last = code.side() - 1;
        let codeword = (0..8).fold(0_u8, |word, bit| {
            let (x, y) = (last - bit % 2, last - bit / 2);
            let masked = match metadata.mask {
                0 => (x + y) % 2 == 0,
                1 => y % 2 == 0,
                2 => x % 3 == 0,
                3 => (x + y) % 3 == 0,
                4 => (y / 2 + x / 3) % 2 == 0,
                5 => (x * y) % 2 + (x * y) % 3 == 0,
                6 => ((x * y) % 2 + (x * y) % 3) % 2 == 0,
                _ => ((x + y) % 2 + (x * y) % 3) % 2 == 0,
            };
            word << 1 | u8::from(code.is_dark(x, y) ^ masked)
        });
        let length = if version < 10 { capacity >> 4 } else { capacity >> 12 };
        assert_eq!((codeword >> 4, usize::from(codeword & 15)), (0b0100, length), "{version}");
    }
}

#[test]
fn every_version_at_every_size_reads_back_byte_for_byte() {
    for (version, capacity) in (1..).zip(CAPACITY) {
        let bytes = random_bytes(version, capacity);
        let code = Code::from_bytes(&bytes).unwrap();
        for pixels in [1, 2, 3, 4, 7] {
            let picture = qr::load_grayscale(&qr::render_png(&code, pixels).unwrap()).unwrap();
            assert_eq!(picture, luma(&code, pixels));
            let reading = only(decode_image(&picture));
            assert_eq!(reading.bytes, bytes, "version {version} at {pixels}");
            assert_eq!(reading.text, None, "random bytes are no text");
        }
        let live = only(decode_frame(&luma(&code, 4)));
        assert_eq!(live.bytes, bytes, "version {version}, live");
    }
}

#[test]
fn every_byte_value_survives() {
    let all: Vec<u8> = (0..=255).collect();
    let mut reversed = all.clone();
    reversed.reverse();
    for bytes in [all, reversed, vec![0; 100], vec![255; 100], b"\xef\xbb\xbf\x93\xfa".to_vec()] {
        let picture = luma(&Code::from_bytes(&bytes).unwrap(), 3);
        assert_eq!(only(decode_image(&picture)).bytes, bytes);
        assert_eq!(only(decode_frame(&picture)).bytes, bytes);
    }
    let text = "Grüße, 世界 🌍";
    assert_eq!(only(decode_image(&luma(&Code::new(text).unwrap(), 3))).text.as_deref(), Some(text));
}

#[test]
fn codes_of_others_read_byte_for_byte() {
    use qrcode::bits::Bits;
    use qrcode::{EcLevel, QrCode, Version};
    let mut bits = Bits::new(Version::Normal(5));
    bits.push_numeric_data(b"0012345").unwrap();
    bits.push_alphanumeric_data(b"HTTPS://A.B/$%").unwrap();
    bits.push_byte_data(b"caf\xe9 \x00").unwrap();
    bits.push_eci_designator(26).unwrap();
    bits.push_byte_data("é".as_bytes()).unwrap();
    bits.push_terminator(EcLevel::H).unwrap();
    let symbol = QrCode::with_bits(bits, EcLevel::H).unwrap();
    let dark = symbol.to_colors();
    let side = symbol.width() + 8;
    let picture = GrayImage::from_fn(side as u32 * 4, side as u32 * 4, |x, y| {
        let (x, y) = ((x / 4) as usize, (y / 4) as usize);
        let inside = (4..side - 4).contains(&x) && (4..side - 4).contains(&y);
        let at = |x: usize, y: usize| dark[(y - 4) * (side - 8) + x - 4] == qrcode::Color::Dark;
        Luma([if inside && at(x, y) { 0 } else { 255 }])
    });
    let bytes = b"0012345HTTPS://A.B/$%caf\xe9 \x00\xc3\xa9";
    assert_eq!(only(decode_image(&picture)).bytes, bytes);
}

#[test]
fn a_code_that_cannot_be_drawn_says_why() {
    let code = Code::new("x").unwrap();
    assert!(matches!(qr::render_png(&code, 0), Err(RenderError::NoPixels)));
    assert!(matches!(qr::render_grayscale(&code, u32::MAX), Err(RenderError::TooLarge { .. })));
}

#[test]
fn a_terminal_shows_a_code_that_reads() {
    for text in texts() {
        let code = Code::new(&text).unwrap();
        let side = code.side() + 2 * QUIET_ZONE;
        for style in [TerminalStyle::Colour, TerminalStyle::Plain] {
            let shown = qr::render_terminal(&code, style);
            assert_eq!(shown.lines().count(), side.div_ceil(2));
            assert_eq!(shown.contains('\x1b'), style == TerminalStyle::Colour);
            assert!(style == TerminalStyle::Plain || shown.lines().all(|l| l.ends_with("\x1b[0m")));
            let rows = light_on_dark_terminal(&shown);
            assert!(rows.iter().all(|row| row.len() == side));
            let picture = GrayImage::from_fn(side as u32 * 3, rows.len() as u32 * 3, |x, y| {
                Luma([if rows[y as usize / 3][x as usize / 3] { 255 } else { 0 }])
            });
            assert_eq!(
                only(decode_image(&picture)).text.as_deref(),
                Some(text.as_str()),
                "{style:?}"
            );
            assert!(rows.iter().take(QUIET_ZONE).flatten().all(|light| *light));
            assert!(rows.iter().all(|row| row[..QUIET_ZONE].iter().all(|light| *light)));
            assert!(rows.iter().all(|row| row[side - QUIET_ZONE..].iter().all(|light| *light)));
            assert!(rows.iter().rev().take(QUIET_ZONE).flatten().all(|light| *light));
        }
    }
}

/// Which half cells are light, on a terminal that is black unless told otherwise.
fn light_on_dark_terminal(shown: &str) -> Vec<Vec<bool>> {
    let mut rows = Vec::new();
    for line in shown.lines() {
        let (mut upper, mut lower) = (Vec::new(), Vec::new());
        // The default: light ink on dark paper.
        let (mut ink, mut paper) = (true, false);
        let mut rest = line;
        while let Some(next) = rest.chars().next() {
            if let Some(escape) = rest.strip_prefix("\x1b[") {
                let (codes, after) = escape.split_once('m').unwrap();
                rest = after;
                (ink, paper) = match codes.split(';').collect::<Vec<_>>()[..] {
                    ["0"] => (true, false),
                    ["38", "5", fg, "48", "5", bg] => (white(fg), white(bg)),
                    _ => panic!("escape {codes}"),
                };
                continue;
            }
            let (top, bottom) = match next {
                '█' => (ink, ink),
                '▀' => (ink, paper),
                '▄' => (paper, ink),
                ' ' => (paper, paper),
                other => panic!("{other:?}"),
            };
            upper.push(top);
            lower.push(bottom);
            rest = &rest[next.len_utf8()..];
        }
        rows.extend([upper, lower]);
    }
    rows
}

fn white(colour: &str) -> bool {
    match colour {
        "16" => false,
        "231" => true,
        other => panic!("a theme may change colour {other}"),
    }
}

#[test]
fn an_svg_is_a_code_that_reads() {
    let code = Code::new(&texts()[0]).unwrap();
    let svg = qr::render_svg(&code);
    let side = code.side() + 2 * QUIET_ZONE;
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    assert!(svg.contains(&format!("viewBox=\"0 0 {side} {side}\"")));
    assert!(svg.contains("shape-rendering=\"crispEdges\""));
    assert!(svg.contains(&format!("<rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>")));
    assert_eq!(svg.matches("<path").count(), 1);
    assert!(svg.ends_with("</svg>\n") && svg.matches('"').count().is_multiple_of(2));

    let path = svg.split_once(" d=\"").unwrap().1.split_once('"').unwrap().0;
    let mut picture = GrayImage::from_pixel(side as u32, side as u32, Luma([255]));
    for run in path.split_terminator('z') {
        let (place, shape) = run.strip_prefix('M').unwrap().split_once('h').unwrap();
        let (x, y) = place.split_once(' ').unwrap();
        let length = shape.split_once('v').unwrap().0;
        assert_eq!(shape, format!("{length}v1h-{length}"));
        let (x, y): (u32, u32) = (x.parse().unwrap(), y.parse().unwrap());
        for x in x..x + length.parse::<u32>().unwrap() {
            picture.put_pixel(x, y, Luma([0]));
        }
    }
    assert_eq!(picture, luma(&code, 1));
}

// What is read.

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
    let mut found: Vec<_> = decode_image(&picture).into_iter().map(|r| r.text.unwrap()).collect();
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
        let mut found: Vec<_> =
            decode_image(&picture).into_iter().map(|r| r.text.unwrap()).collect();
        found.sort();
        assert_eq!(found, expected);
    }
    assert!(decode_frame(&sheet).len() > 60);
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
                    assert_eq!(only(readings).text.as_deref(), Some(text), "{x} {y} {size}");
                }
            }
        }
    }
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

/// Photographs that others use to compare readers.
#[test]
fn photographs_read_as_they_should() {
    let corpora = env::var_os("KEYGLANCE_CORPORA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        PathBuf::from,
    );
    let Some(pictures) = pictures_under(&corpora.join("zxing-qrcode")) else {
        eprintln!("skipped: {} not found", corpora.display());
        return;
    };
    let (mut still_reads, mut live_reads, mut wrong) = (0, 0, Vec::new());
    for path in &pictures {
        let picture = read_picture(path).unwrap();
        let (still, live) = (decode_image(&picture), decode_frame(&picture));
        still_reads += usize::from(!still.is_empty());
        live_reads += usize::from(!live.is_empty());
        let Ok(expected) = fs::read(path.with_extension("txt")) else { continue };
        let Ok(expected) = String::from_utf8(expected) else { continue };
        for readings in [still, live] {
            // Bytes in another charset cannot be compared here.
            let right = |r: &Reading| r.text.as_deref().is_none_or(|t| same_text(t, &expected));
            if !readings.is_empty() && !readings.iter().any(right) {
                wrong.push((path.clone(), readings));
            }
        }
    }
    eprintln!("{still_reads} and live {live_reads} of {} pictures read", pictures.len());
    assert_eq!(wrong, []);
    assert!(still_reads * 179 >= 174 * pictures.len(), "{still_reads} of {}", pictures.len());
    assert!(live_reads * 179 >= 171 * pictures.len(), "{live_reads} of {}", pictures.len());
}

/// The text beside one picture lacks a letter that its code has: the code drawn
/// from the text as read agrees with the picture (docs/reading.md).
fn same_text(read: &str, expected: &str) -> bool {
    read.trim() == expected.trim() || read.replace("photography of", "photograph of") == expected
}

/// A picture full of squares such as a code has in its corners.
fn carpet(module: u32, gap: u32) -> GrayImage {
    GrayImage::from_fn(1280, 720, |x, y| {
        let (x, y) = (x / module % (7 + gap), y / module % (7 + gap));
        let ring = x.abs_diff(3).max(y.abs_diff(3));
        Luma([if ring <= 3 && ring != 2 { 0 } else { 255 }])
    })
}

#[test]
fn a_hostile_picture_costs_no_more_than_it_may() {
    for (module, gap) in [(1, 1), (2, 1), (3, 2)] {
        let picture = carpet(module, gap);
        let mut live = WorkBudget::live();
        assert_eq!(VideoDecoder::default().read(&picture, &mut live), vec![]);
        assert!(live.spent() <= WorkBudget::live().limit(), "{live:?}");
        let mut still = WorkBudget::still();
        assert_eq!(decode_image_within(&picture, &mut still), vec![]);
        assert!(still.spent() <= WorkBudget::still().limit(), "{still:?}");
    }
}

#[test]
fn what_is_used_up_stays_used_up() {
    let (mut live, mut effort) = (VideoDecoder::default(), WorkBudget::live());
    for _ in 0..4 {
        assert_eq!(live.read(&carpet(3, 2), &mut effort), vec![]);
        assert!(effort.spent() <= WorkBudget::live().limit(), "{effort:?}");
    }
}

#[test]
fn a_caller_can_end_the_reading() {
    let asked = Cell::new(0);
    let stop = || {
        asked.set(asked.get() + 1);
        asked.get() > 10
    };
    let mut effort = WorkBudget::still().until(&stop);
    assert_eq!(decode_image_within(&carpet(3, 2), &mut effort), vec![]);
    let few = WorkBudget::still().limit() / 10;
    assert!(asked.get() < 2_000 && effort.spent() < few, "{} {effort:?}", asked.get());
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
            assert_eq!(reading.version, code.version());
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
    assert_eq!(only(decode_image(&picture)).text.as_deref(), Some("tight"));
    assert_eq!(only(decode_frame(&picture)).text.as_deref(), Some("tight"));
}

/// The smallest modules, in the faults of a cheap camera.
#[test]
fn small_modules_read_through_a_poor_camera() {
    let mild = View { tilt_degrees: 0.0, lean_degrees: 0.0, ..View::default() };
    let views = [
        ("mild", mild, 2.0),
        ("defocus", View { blur_pixels: 1.5, ..mild }, 2.5),
        ("movement", View { motion_pixels: 4.0, ..mild }, 3.5),
        ("noise", View { noise: 15.0, ..mild }, 2.5),
        ("moiré", View { moire: 0.5, ..mild }, 3.0),
        ("glare", View { glare: 0.5, ..mild }, 3.0),
        ("dim", View { exposure: 0.15, noise: 4.0, ..mild }, 4.0),
    ];
    for (name, view, module) in views {
        let reads = (0..5).filter(|seed| {
            let text = &texts()[*seed as usize % texts().len()];
            let side = Code::new(text).unwrap().side() as f64;
            let view = View { code_fraction: side * module / 720.0, ..view };
            let readings = decode_frame(&camera(screen_with(text), view, *seed).take());
            assert!(readings.iter().all(|r| r.text.as_ref() == Some(text)), "{name} {seed}");
            !readings.is_empty()
        });
        assert!(reads.count() >= 4, "{name}");
    }
}

/// Hands shake, and a code is read now and then: it is sought where it was.
#[test]
fn a_code_that_was_read_is_read_more_often_afterwards() {
    let text: &String = &('a'..='z').cycle().take(150).collect();
    let side = Code::new(text).unwrap().side() as f64;
    let view = View {
        tilt_degrees: 60.0,
        lean_degrees: 0.0,
        code_fraction: side * 3.5 / 720.0,
        ..View::default()
    };
    let (mut remembering, mut anew) = (0, 0);
    for seed in 0..6 {
        let mut camera = camera(screen_with(text), view, seed);
        let mut live = VideoDecoder::default();
        for _ in 0..6 {
            let frame = camera.take();
            let readings = live.read(&frame, &mut WorkBudget::live());
            assert!(readings.iter().all(|r| r.text.as_ref() == Some(text)));
            remembering += readings.len();
            anew += decode_frame(&frame).len();
        }
    }
    assert!(remembering >= anew + 5, "{remembering} against {anew} of 36");
}

fn pictures_under(folder: &Path) -> Option<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).ok()? {
        let path = entry.ok()?.path();
        if path.is_dir() {
            found.extend(pictures_under(&path)?);
        } else if path.extension().is_some_and(|e| e == "png") {
            found.push(path);
        }
    }
    found.sort();
    Some(found)
}

// What is opened.

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
        only(decode_image(&qr::load_grayscale(&jpeg).unwrap())).text.as_deref(),
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
fn a_file_that_is_no_picture_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let picture = |path: &Path, error| OpticsError::Picture { path: path.to_owned(), error };
    let whole = qr::render_png(&Code::new("x").unwrap(), 4).unwrap();

    let text = write("text.png", b"This is not a picture.");
    assert_eq!(read_picture(&text), Err(picture(&text, PictureError::NotAPicture)));
    let gif = write("gif.png", b"GIF89a\x01\x00\x01\x00");
    assert_eq!(read_picture(&gif), Err(picture(&gif, PictureError::NotAPicture)));
    let empty = write("empty.png", b"");
    assert_eq!(read_picture(&empty), Err(picture(&empty, PictureError::Empty)));
    let half = write("half.png", &whole[..whole.len() / 2]);
    assert_eq!(read_picture(&half), Err(picture(&half, PictureError::Damaged)));
    let start = write("start.png", &whole[..20]);
    assert_eq!(read_picture(&start), Err(picture(&start, PictureError::Damaged)));
    let is_folder = OpticsError::IsDirectory(folder.path().to_owned());
    assert_eq!(read_picture(folder.path()), Err(is_folder));
    let missing = folder.path().join("missing.png");
    assert_eq!(read_picture(&missing), Err(OpticsError::NotFound(missing)));
    // A wrong extension is nothing.
    assert!(read_picture(write("code.txt", &whole)).is_ok());

    // A sparse file: it takes no room, and must not be read.
    let large = folder.path().join("large.png");
    fs::File::create(&large).unwrap().set_len(65 * 1024 * 1024).unwrap();
    let start = Instant::now();
    assert_eq!(read_picture(&large), Err(picture(&large, PictureError::TooManyBytes)));
    assert!(start.elapsed() < Duration::from_secs(1));
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

#[cfg(unix)]
#[test]
fn a_pipe_or_a_device_neither_hangs_nor_fills_memory() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.png");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [pipe, PathBuf::from("/dev/zero")] {
        let (send, receive) = mpsc::channel();
        let theirs = path.clone();
        std::thread::spawn(move || send.send(read_picture(theirs)));
        let result = receive.recv_timeout(Duration::from_secs(5)).expect("it hangs");
        assert_eq!(result, Err(OpticsError::NotAFile(path.clone())));
        let mut watched = WatchedPicture::new(&path);
        assert_eq!(watched.next_frame(Duration::ZERO), Ok(NextFrame::Nothing));
    }
}

// Where frames come from.

#[test]
fn still_pictures_come_once_each_and_a_bad_one_spoils_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let [one, bad, two] = ["one", "bad", "two"].map(|name| folder.path().join(name));
    fs::write(&one, qr::render_png(&Code::new("one").unwrap(), 3).unwrap()).unwrap();
    fs::write(&bad, "no picture").unwrap();
    fs::write(&two, qr::render_png(&Code::new("two").unwrap(), 3).unwrap()).unwrap();
    let mut scanner = Scanner::new(Box::new(StillPictures::new(vec![one, bad.clone(), two])));
    let text = |scan| match scan {
        Ok(Scan::Seen { readings, .. }) => only(readings).text.unwrap(),
        other => panic!("{other:?}"),
    };
    assert_eq!(text(scanner.poll(Duration::ZERO)), "one");
    let error = scanner.poll(Duration::ZERO).unwrap_err();
    assert_eq!(error, OpticsError::Picture { path: bad, error: PictureError::NotAPicture });
    assert!(!error.is_final());
    assert_eq!(text(scanner.poll(Duration::ZERO)), "two");
    assert_eq!(scanner.poll(Duration::ZERO), Ok(Scan::Ended));
    assert_eq!(scanner.poll(Duration::ZERO), Ok(Scan::Ended));
}

#[test]
fn a_watched_picture_is_seen_when_it_comes_and_whenever_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("code.png");
    let mut scanner = Scanner::new(Box::new(WatchedPicture::new(&path)));
    assert_eq!(scanner.poll(Duration::ZERO), Ok(Scan::Nothing));
    // Being written: half of it is nothing to see, and no error.
    let first = qr::render_png(&Code::new("text 0").unwrap(), 3).unwrap();
    fs::write(&path, &first[..first.len() / 2]).unwrap();
    assert_eq!(scanner.poll(Duration::ZERO), Ok(Scan::Nothing));
    fs::write(&path, &first).unwrap();

    let mut next = |wait| match scanner.poll(wait) {
        Ok(Scan::Seen { readings, .. }) => Some(only(readings).text.unwrap()),
        Ok(Scan::Nothing) => None,
        other => panic!("{other:?}"),
    };
    let wait = Duration::from_secs(5);
    assert_eq!(next(wait).as_deref(), Some("text 0"));
    // The same length, in the same tick of the clock: a rename must be noticed.
    for number in 1..20 {
        let text = format!("text {}", number % 2);
        let other = folder.path().join("other.png");
        let mut bytes = qr::render_png(&Code::new(&text).unwrap(), 3).unwrap();
        bytes.resize(2000, 0);
        fs::write(&other, bytes).unwrap();
        fs::rename(&other, &path).unwrap();
        assert_eq!(next(Duration::ZERO), Some(text), "change {number}");
    }
    // Unchanged, it is still in view, but not thirty times a second.
    let start = Instant::now();
    assert_eq!(next(Duration::ZERO), None);
    assert_eq!(next(wait).as_deref(), Some("text 1"));
    assert!(start.elapsed() >= Duration::from_millis(150));
    // Rewritten in place, with the same length and perhaps the same time.
    let mut bytes = qr::render_png(&Code::new("text 2").unwrap(), 3).unwrap();
    bytes.resize(2000, 0);
    fs::write(&path, bytes).unwrap();
    assert_eq!(next(wait).as_deref(), Some("text 2"));
    fs::remove_file(&path).unwrap();
    assert_eq!(next(Duration::ZERO), None);
}

#[cfg(feature = "camera")]
#[test]
fn without_a_camera_there_is_an_answer_at_once() {
    use keyglance_capture::{Camera, list};
    let start = Instant::now();
    let cameras = list().unwrap();
    if cameras.is_empty() {
        assert_eq!(Camera::open(None).unwrap_err(), OpticsError::NoCamera);
        assert_eq!(Camera::open(Some(3)).unwrap_err(), OpticsError::NoCamera);
    } else {
        assert_eq!(Camera::open(Some(999)).unwrap_err(), OpticsError::NoSuchCamera(999));
    }
    assert!(start.elapsed() < Duration::from_secs(3));
}

// The simulated camera.

fn screen_with(text: &str) -> Screen {
    let screen = Screen::new();
    screen.show(Duration::ZERO, Some(&Code::new(text).unwrap()));
    screen
}

fn hard_view(seed: u64) -> View {
    let sign = if seed.is_multiple_of(2) { 1.0 } else { -1.0 };
    View {
        tilt_degrees: 30.0 * sign,
        blur_pixels: 1.0,
        noise: 6.0,
        roll_degrees: (seed % 7) as f64 * 3.0 - 9.0,
        offset: ((seed % 5) as f64 * 0.06 - 0.12, (seed % 3) as f64 * 0.05 - 0.05),
        ..View::default()
    }
}

fn camera(screen: Screen, view: View, seed: u64) -> SimulatedCamera {
    let timing = Timing { latency: Duration::ZERO, ..Timing::default() };
    SimulatedCamera::new(screen, view, timing, seed)
}

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
    assert_eq!(reading.text.as_deref(), Some(text.as_str()));
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
fn ninety_nine_of_a_hundred_hard_frames_read() {
    let texts = texts();
    let missed: Vec<_> = (0..100)
        .filter(|seed| {
            let text = &texts[*seed as usize % texts.len()];
            let frame = camera(screen_with(text), hard_view(*seed), *seed).take();
            let readings = decode_frame(&frame);
            assert!(readings.iter().all(|r| r.text.as_ref() == Some(text)), "seed {seed}");
            readings.is_empty()
        })
        .collect();
    assert!(missed.len() <= 1, "not read: seeds {missed:?}");
}

#[test]
fn a_camera_that_lags_sees_what_was_shown_before() {
    let [one, two] = ["one", "two"].map(|text| Code::new(text).unwrap());
    let screen = Screen::new();
    let ms = Duration::from_millis;
    screen.show(ms(0), Some(&one));
    screen.show(ms(200), Some(&two));
    let timing = Timing { frames_per_second: 10.0, latency: ms(120), phase: ms(50) };
    let mut camera = SimulatedCamera::new(screen, View::ideal(), timing, 1);
    let mut seen = Vec::new();
    for _ in 0..5 {
        let now = camera.now();
        let reading = decode_frame(&camera.take()).pop();
        seen.push((now, reading.and_then(|r| r.text)));
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
fn two_screens_in_view_are_two_codes() {
    let left = View { offset: (-0.4, 0.0), code_fraction: 0.35, ..View::default() };
    let right = View { offset: (0.45, 0.0), ..left };
    let timing = Timing { latency: Duration::ZERO, ..Timing::default() };
    let camera = SimulatedCamera::new(screen_with("theirs"), left, timing, 5)
        .also_sees(screen_with("a third"), right);
    let mut scanner = Scanner::new(Box::new(camera));
    let Ok(Scan::Seen { readings, .. }) = scanner.poll(Duration::ZERO) else { panic!() };
    let mut found: Vec<_> = readings.into_iter().filter_map(|r| r.text).collect();
    found.sort();
    assert_eq!(found, ["a third", "theirs"]);
}

#[test]
fn a_blank_screen_is_nothing_to_read() {
    for seed in 0..10 {
        let frame = camera(Screen::new(), hard_view(seed), seed).take();
        assert_eq!((decode_image(&frame), decode_frame(&frame)), (vec![], vec![]));
    }
}
