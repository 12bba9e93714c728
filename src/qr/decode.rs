//! Pixels to texts: rxing first, rqrr second.
//!
//! Both readers are fenced: where one panics, it has read nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::GrayImage;
use image::imageops::{self, FilterType};
use rxing::common::{GlobalHistogramBinarizer, HybridBinarizer};
use rxing::multi::MultipleBarcodeReader as _;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, Binarizer, BinaryBitmap, DecodeHints, Luma8LuminanceSource};

/// A position in a picture, in pixels from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

/// Which library read a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Crate rxing.
    Rxing,
    /// Crate rqrr.
    Rqrr,
}

/// A code that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What it carries, byte for byte.
    pub bytes: Vec<u8>,
    /// Its corners, clockwise from the code's own upper left.
    pub corners: [Point; 4],
    /// Who read it.
    pub reader: Reader,
}

impl Reading {
    /// The bytes as a text, where they are UTF-8.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        str::from_utf8(&self.bytes).ok()
    }

    fn centre(&self) -> Point {
        let [a, b, c, d] = self.corners;
        Point { x: (a.x + b.x + c.x + d.x) / 4.0, y: (a.y + b.y + c.y + d.y) / 4.0 }
    }

    /// The distance from the centre to a corner.
    fn reach(&self) -> f32 {
        let (centre, [corner, ..]) = (self.centre(), self.corners);
        (centre.x - corner.x).hypot(centre.y - corner.y)
    }

    fn scaled(mut self, factor: f32) -> Self {
        for corner in &mut self.corners {
            corner.x *= factor;
            corner.y *= factor;
        }
        self
    }
}

/// Below this many pixels along the shorter side, a picture is enlarged too.
const SMALL: u32 = 400;

/// Every code in a still picture: everything is tried, and what the steps find is joined.
#[must_use]
pub fn decode(image: &GrayImage) -> Vec<Reading> {
    let mut found = Vec::new();
    add(&mut found, rxing(image, HybridBinarizer::new));
    add(&mut found, resized(image, 0.5));
    if image.width().min(image.height()) < SMALL {
        add(&mut found, resized(image, 3.0));
    }
    if found.is_empty() {
        add(&mut found, rxing(image, GlobalHistogramBinarizer::new));
    }
    let mut inverted = image.clone();
    imageops::invert(&mut inverted);
    add(&mut found, rxing(&inverted, HybridBinarizer::new));
    add(&mut found, rqrr(image));
    found
}

/// The codes in one frame of many: the first step that finds any is enough.
#[must_use]
pub fn decode_live(image: &GrayImage) -> Vec<Reading> {
    let steps: [&dyn Fn() -> Vec<Reading>; 3] =
        [&|| rxing(image, HybridBinarizer::new), &|| resized(image, 0.5), &|| rqrr(image)];
    steps.iter().map(|step| step()).find(|found| !found.is_empty()).unwrap_or_default()
}

/// Adds what is not there yet: other bytes, or another place.
fn add(found: &mut Vec<Reading>, more: Vec<Reading>) {
    for reading in more {
        let (centre, reach) = (reading.centre(), reading.reach());
        let known = found.iter().any(|other| {
            let at = other.centre();
            other.bytes == reading.bytes && (at.x - centre.x).hypot(at.y - centre.y) < reach
        });
        if !known {
            found.push(reading);
        }
    }
}

fn resized(image: &GrayImage, factor: f32) -> Vec<Reading> {
    // Pictures are below 64 megapixels.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    let scaled = |side: u32| ((side as f32 * factor) as u32).max(1);
    if image.width() == 0 || image.height() == 0 {
        return Vec::new();
    }
    let (width, height) = (scaled(image.width()), scaled(image.height()));
    let filter = if factor < 1.0 { FilterType::Triangle } else { FilterType::Nearest };
    let other = imageops::resize(image, width, height, filter);
    rxing(&other, HybridBinarizer::new).into_iter().map(|r| r.scaled(1.0 / factor)).collect()
}

fn rxing<B: Binarizer>(
    image: &GrayImage,
    binarizer: impl Fn(Luma8LuminanceSource) -> B,
) -> Vec<Reading> {
    let read = || {
        let source =
            Luma8LuminanceSource::new(image.as_raw().clone(), image.width(), image.height())
                .ok()?;
        let hints = DecodeHints {
            PossibleFormats: Some([BarcodeFormat::QR_CODE].into_iter().collect()),
            TryHarder: Some(true),
            ..DecodeHints::default()
        };
        let mut bitmap = BinaryBitmap::new(binarizer(source));
        QrReader.decode_multiple_with_hints(&mut bitmap, &hints).ok()
    };
    let results = catch_unwind(AssertUnwindSafe(read)).ok().flatten().unwrap_or_default();
    results
        .iter()
        .filter_map(|result| {
            let [a, b, c, d] = result.getPoints().try_into().ok()?;
            let point = |p: rxing::Point| Point { x: p.x, y: p.y };
            Some(Reading {
                // The C++ port keeps the content here, not the codewords.
                bytes: result.getRawBytes().to_vec(),
                corners: [point(a), point(b), point(c), point(d)],
                reader: Reader::Rxing,
            })
        })
        .collect()
}

fn rqrr(image: &GrayImage) -> Vec<Reading> {
    let read = || {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let raw = image.as_raw();
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
            raw.get(y * width + x).copied().unwrap_or(255)
        });
        let mut found = Vec::new();
        for grid in prepared.detect_grids() {
            let mut bytes = Vec::new();
            if grid.decode_to(&mut bytes).is_ok() {
                // Pixels, far below 2^24.
                #[allow(clippy::cast_precision_loss)]
                let corners = grid.bounds.map(|p| Point { x: p.x as f32, y: p.y as f32 });
                found.push(Reading { bytes, corners, reader: Reader::Rqrr });
            }
        }
        found
    };
    if image.width() == 0 || image.height() == 0 {
        return Vec::new();
    }
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_default()
}
