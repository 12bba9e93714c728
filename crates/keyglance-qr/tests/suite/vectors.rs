//! What codes say that other writers wrote: `tests/vectors/README.md`.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use keyglance_qr::image::{GrayImage, Luma};
use keyglance_qr::{
    DecidedBy, Gathered, Part, PartCollector, Reading, Text, Version, decode_frame, decode_image,
    load_grayscale,
};

use crate::samples::only;

struct Vector {
    name: String,
    writer: String,
    width: u32,
    height: u32,
    bytes: Vec<u8>,
    by: String,
    text: Option<String>,
    modules: Vec<bool>,
}

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn vectors(file: &str) -> Vec<Vector> {
    let lines = std::fs::read_to_string(folder("vectors").join(file)).unwrap();
    let vectors: Vec<_> = lines.lines().map(vector).collect();
    assert!(vectors.len() > 6, "{}", vectors.len());
    vectors
}

fn vector(line: &str) -> Vector {
    let fields: Vec<_> = line.split('\t').collect();
    let [name, writer, size, bytes, by, text, modules] = fields[..] else { panic!("{line}") };
    let digit = |at: usize, of: &str| u8::from_str_radix(&of[at..=at], 16).unwrap();
    let (width, height) = size.split_once('x').unwrap();
    Vector {
        name: name.to_owned(),
        writer: writer.to_owned(),
        width: width.parse().unwrap(),
        height: height.parse().unwrap(),
        bytes: (0..bytes.len())
            .step_by(2)
            .map(|at| digit(at, bytes) << 4 | digit(at + 1, bytes))
            .collect(),
        by: by.to_owned(),
        text: (by != "-").then(|| text.to_owned()),
        modules: (0..modules.len())
            .flat_map(|at| [8, 4, 2, 1].map(|bit| digit(at, modules) & bit != 0))
            .collect(),
    }
}

impl Vector {
    fn picture(&self, pixels: u32) -> GrayImage {
        let quiet = 4;
        let side = |modules| (modules + 2 * quiet) * pixels;
        GrayImage::from_fn(side(self.width), side(self.height), |x, y| {
            let (x, y) = ((x / pixels).wrapping_sub(quiet), (y / pixels).wrapping_sub(quiet));
            let is_dark =
                x < self.width && y < self.height && self.modules[(y * self.width + x) as usize];
            Luma([if is_dark { 0 } else { 255 }])
        })
    }

    fn says(&self, reading: &Reading) {
        let what = format!("{} by {}", self.name, self.writer);
        assert_eq!(reading.bytes, self.bytes, "{what}");
        let text = reading.text();
        assert_eq!(text.as_deref(), self.text.as_deref(), "{what}");
        assert_eq!(text.map_or("-".to_owned(), |text| by(&text)), self.by, "{what}");
    }
}

fn by(text: &Text<'_>) -> String {
    match text.by {
        DecidedBy::Eci(number) => format!("eci {number}"),
        DecidedBy::Guessed(_) => format!("guessed {}", text.by.charset()),
        other => other.name().to_owned(),
    }
}

#[test]
fn the_text_follows_the_charset_that_a_code_names_or_its_bytes_show() {
    let vectors = vectors("charsets.tsv");
    for vector in &vectors {
        vector.says(&only(decode_frame(&vector.picture(4))));
    }
    // Every charset of the standard, by two writers but for those that one lacks.
    let ecis: BTreeSet<_> = vectors.iter().filter_map(|v| v.by.strip_prefix("eci ")).collect();
    let known = (3..=13).chain(15..=18).chain(20..=30).map(|number: u32| number.to_string());
    let missing: Vec<_> = known.filter(|eci| !ecis.contains(eci.as_str())).collect();
    assert_eq!(missing, [""; 0]);
    assert!(vectors.iter().filter(|vector| vector.writer == "segno").count() > 20);
}

#[test]
fn utf_8_is_borrowed_and_a_guess_is_not_acted_on() {
    for vector in vectors("charsets.tsv") {
        let reading = only(decode_frame(&vector.picture(4)));
        let Some(text) = reading.text() else { continue };
        if text.by == DecidedBy::Utf8 {
            assert!(matches!(text.string, std::borrow::Cow::Borrowed(_)), "{}", vector.name);
        }
        assert!(!text.contains('\u{FFFD}'), "{}", vector.name);
        let is_guessed = vector.by.starts_with("guessed");
        assert_eq!(text.if_certain().is_none(), is_guessed, "{}", vector.name);
    }
}

fn part_of(by: &str) -> Part {
    let numbers: Vec<u8> =
        by.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect();
    let [number, count, parity] = numbers[..] else { panic!("{by}") };
    Part { index: number - 1, count, parity }
}

#[test]
fn parts_of_one_text_are_told_and_put_together() {
    let vectors = vectors("parts.tsv");
    for parts in vectors.chunk_by(|a, b| a.name == b.name) {
        let readings: Vec<_> =
            parts.iter().map(|part| only(decode_frame(&part.picture(4)))).collect();
        for (reading, vector) in readings.iter().zip(parts) {
            assert_eq!((reading.part, &reading.bytes), (Some(part_of(&vector.by)), &vector.bytes));
        }
        let (mut collector, now) = (PartCollector::default(), Duration::ZERO);
        // In any order, all at once.
        let gathered = collector.gather(now, readings.iter().rev().cloned().collect());
        let [Gathered::Whole(whole)] = &gathered[..] else { panic!("{gathered:?}") };
        assert_eq!(whole.text().as_deref(), parts[0].text.as_deref());
        assert_eq!(usize::from(whole.count), parts.len());
        // One after the other within a minute, the first of them twice.
        let second = |at: usize| Duration::from_secs(20 * at as u64);
        let mut collector = PartCollector::default();
        for (at, reading) in readings.iter().enumerate() {
            let gathered = collector.gather(second(at.min(2)), vec![reading.clone()]);
            match &gathered[..] {
                [Gathered::Part(..)] => assert!(at + 1 < readings.len()),
                [Gathered::Whole(_)] => assert_eq!(at + 1, readings.len()),
                other => panic!("{other:?}"),
            }
        }
        // Too late for the first.
        let mut collector = PartCollector::default();
        let _ = collector.gather(now, readings[..1].to_vec());
        let gathered = collector.gather(Duration::from_secs(61), readings[1..].to_vec());
        assert!(gathered.iter().all(|one| matches!(one, Gathered::Part(..))), "{gathered:?}");
        assert_eq!(gathered.len(), readings.len() - 1);
        // Another byte in one of them: the parity does not agree.
        let mut changed = readings.clone();
        changed[1].bytes[0] ^= 1;
        let gathered = PartCollector::default().gather(now, changed);
        assert_eq!(gathered.len(), readings.len());
    }
    // A character may begin in one part and end in the next.
    assert!(vectors.iter().any(|part| std::str::from_utf8(&part.bytes).is_err()));
}

fn picture(name: &str) -> GrayImage {
    load_grayscale(&std::fs::read(folder("codes").join(name)).unwrap()).unwrap()
}

#[test]
fn pictures_of_codes_in_other_charsets() {
    for (name, text) in [
        ("kanji.png", "鍵を読む"),
        ("latin1-eci.png", "Grüße"),
        ("latin1.png", "Schlüssel für Zoë"),
    ] {
        for readings in [decode_image(&picture(name)), decode_frame(&picture(name))] {
            assert_eq!(only(readings).text().as_deref(), Some(text), "{name}");
        }
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_key() {
    let reading = only(decode_image(&picture("bom-key.png")));
    assert!(reading.bytes.starts_with(&[0xEF, 0xBB, 0xBF]), "bytes are kept as they are");
    let text = reading.text().unwrap().if_certain().unwrap().into_owned();
    assert!(text.is_ascii() && !text.is_empty(), "{text:?}");
}

/// Their parity is a number of the writer's own, so nothing says that they fit.
#[test]
fn parts_of_another_parity_are_told_one_by_one() {
    let readings = decode_image(&picture("structured-append.png"));
    let gathered = PartCollector::default().gather(Duration::ZERO, readings);
    let told: Vec<_> = gathered
        .iter()
        .map(|one| match one {
            Gathered::Part(reading, part) => format!("{part}: {}", reading.text().unwrap()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        told,
        [
            "Part 1 of 4 of one text: This text is sp",
            "Part 2 of 4 of one text: read over four",
            "Part 3 of 4 of one text:  codes, to be ",
            "Part 4 of 4 of one text: read in order.",
        ]
    );
}

#[test]
fn a_version_is_called_as_the_standards_call_it() {
    let names =
        [Version::Normal(7), Version::Micro(3), Version::Rectangular { height: 11, width: 43 }]
            .map(|version| version.to_string());
    assert_eq!(names, ["7", "M3", "R11x43"]);
}

#[test]
fn micro_and_rectangular_codes_are_read_in_an_image_and_not_in_a_frame() {
    let mut versions = BTreeSet::new();
    for vector in vectors("micro.tsv") {
        let picture = vector.picture(5);
        let reading = only(decode_image(&picture));
        vector.says(&reading);
        let size = (reading.version.width(), reading.version.height());
        assert_eq!(size, (vector.width as usize, vector.height as usize));
        versions.insert(reading.version.to_string());
        let side = |modules: u32| (4.0 * 5.0, (4 + modules) as f32 * 5.0);
        let ((left, right), (top, bottom)) = (side(vector.width), side(vector.height));
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        for (corner, (x, y)) in reading.corners.iter().zip(corners) {
            let off = (corner.x - x).abs().max((corner.y - y).abs());
            assert!(off < 3.0, "{}: {:?}", vector.name, reading.corners);
        }
        assert_eq!(decode_frame(&picture), vec![], "{}", vector.name);
    }
    assert!(versions.iter().filter(|version| version.starts_with('M')).count() == 4);
    assert!(versions.iter().filter(|version| version.starts_with('R')).count() > 4);
}

#[test]
fn a_micro_code_lies_as_it_likes() {
    use keyglance_qr::image::imageops::{flip_horizontal, rotate90, rotate180, rotate270};
    for vector in vectors("micro.tsv").iter().filter(|vector| vector.name.starts_with("micro")) {
        let picture = vector.picture(4);
        for turned in [rotate90(&picture), rotate180(&picture), rotate270(&picture)] {
            vector.says(&only(decode_image(&turned)));
        }
        vector.says(&only(decode_image(&flip_horizontal(&picture))));
        let mut inverted = picture.clone();
        keyglance_qr::image::imageops::invert(&mut inverted);
        vector.says(&only(decode_image(&inverted)));
    }
}

/// One module wrong in a Micro QR code of version 1 can be detected and not corrected,
/// and of the others no more may be corrected than the standard says.
#[test]
fn a_damaged_micro_code_says_what_it_said_or_nothing() {
    for vector in vectors("micro.tsv").iter_mut().filter(|vector| vector.width <= 27) {
        let (mut read, modules) = (0, vector.modules.clone());
        for at in (0..(vector.width * vector.height) as usize).step_by(41) {
            vector.modules[at] ^= true;
            for reading in decode_image(&vector.picture(3)) {
                vector.says(&reading);
                read += 1;
            }
            vector.modules.clone_from(&modules);
        }
        let is_m1 = vector.width == 11;
        assert!(read > 0 || is_m1, "{}", vector.name);
    }
}
