//! Pictures to the bytes of every code in them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::GrayImage;
use rxing::common::BitMatrix;

use super::{finder, threshold};

/// Pictures with more pixels are halved until they have no more.
const MAX_WORKING_PIXELS: u64 = 4_000_000;

/// Pictures with fewer pixels are also tried enlarged, for modules of a pixel or two.
const SMALL_PIXELS: u64 = 640 * 480;

/// A place in a picture: pixels from the top left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

/// Which reader found a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// rxing's port of ZXing-C++.
    Rxing,
    /// rqrr, a port of quirc.
    Rqrr,
}

/// A code that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The bytes as text, if they are UTF-8.
    pub text: Option<String>,
    /// The bytes as the code's segments hold them, whatever charset was meant;
    /// Kanji segments in Shift JIS.
    pub bytes: Vec<u8>,
    /// The outer corners of the modules: the code's own top left, top right,
    /// bottom right and bottom left. Clockwise unless the picture is mirrored.
    pub corners: [Point; 4],
    /// Who found it.
    pub reader: Reader,
}

impl Reading {
    pub(super) fn new(bytes: Vec<u8>, corners: [Point; 4], reader: Reader) -> Self {
        Self { text: String::from_utf8(bytes.clone()).ok(), bytes, corners, reader }
    }

    /// The middle of the four corners.
    #[must_use]
    pub fn centre(&self) -> Point {
        let sum = self
            .corners
            .iter()
            .fold(Point::default(), |sum, p| Point { x: sum.x + p.x, y: sum.y + p.y });
        Point { x: sum.x / 4.0, y: sum.y / 4.0 }
    }

    /// Whether a point lies inside the four corners.
    fn holds(&self, point: Point) -> bool {
        let next = self.corners.iter().cycle().skip(1);
        let sides = self.corners.iter().zip(next).map(|(from, to)| {
            (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x)
        });
        let (mut left, mut right) = (false, false);
        for side in sides {
            left |= side < 0.0;
            right |= side > 0.0;
        }
        !(left && right)
    }
}

/// Every code in a picture: light on dark, rotated and mirrored ones too.
///
/// For stills: it tries all that it knows, tens of milliseconds for a megapixel.
/// A code found twice is given once; equal codes in two places are given twice.
#[must_use]
pub fn decode(picture: &GrayImage) -> Vec<Reading> {
    let mut found = Found::default();
    let mut scale = 1.0;
    let mut smaller = None;
    while pixels(smaller.as_ref().unwrap_or(picture)) > MAX_WORKING_PIXELS {
        smaller = Some(threshold::halved(smaller.as_ref().unwrap_or(picture)));
        scale *= 2.0;
    }
    let working = smaller.as_ref().unwrap_or(picture);

    found.both_ways(threshold_of(threshold::local, working), scale);
    found.both_ways(threshold_of(threshold::global, working), scale);
    let half = threshold::halved(working);
    found.both_ways(threshold_of(threshold::local, &half), scale * 2.0);
    if found.is_empty() {
        found.add(finder::rqrr(working), scale);
    }
    if found.is_empty() && pixels(working) <= SMALL_PIXELS {
        let large = threshold::enlarged(working, 3);
        found.both_ways(threshold_of(threshold::global, &large), scale / 3.0);
        if found.is_empty() {
            found.add(finder::rqrr(&large), scale / 3.0);
        }
    }
    if found.is_empty() && smaller.is_some() {
        found.both_ways(threshold_of(threshold::local, picture), 1.0);
    }
    found.readings
}

/// Every code in a camera's frame, within a frame's time: it stops at the first
/// way of looking that finds one.
#[must_use]
pub fn decode_live(frame: &GrayImage) -> Vec<Reading> {
    let mut found = Found::default();
    let mut dark = threshold_of(threshold::local, frame);
    found.in_pixels(dark.as_ref(), 1.0);
    if found.is_empty() {
        let half = threshold::halved(frame);
        found.in_pixels(threshold_of(threshold::local, &half).as_ref(), 2.0);
    }
    if found.is_empty() {
        if let Some(dark) = &mut dark {
            dark.flip_self();
        }
        found.in_pixels(dark.as_ref(), 1.0);
    }
    if found.is_empty() {
        found.add(finder::rqrr(frame), 1.0);
    }
    found.readings
}

/// The readings so far, each code once.
#[derive(Default)]
struct Found {
    readings: Vec<Reading>,
}

impl Found {
    fn is_empty(&self) -> bool {
        self.readings.is_empty()
    }

    /// Looks for dark on light, then for light on dark.
    fn both_ways(&mut self, mut dark: Option<BitMatrix>, scale: f32) {
        self.in_pixels(dark.as_ref(), scale);
        if let Some(dark) = &mut dark {
            dark.flip_self();
        }
        self.in_pixels(dark.as_ref(), scale);
    }

    fn in_pixels(&mut self, dark: Option<&BitMatrix>, scale: f32) {
        self.add(dark.map(finder::rxing).unwrap_or_default(), scale);
    }

    /// Adds what is new, from a picture that was `scale` times smaller.
    fn add(&mut self, readings: Vec<Reading>, scale: f32) {
        for mut reading in readings {
            reading.corners = reading.corners.map(|p| Point { x: p.x * scale, y: p.y * scale });
            let centre = reading.centre();
            let again = |old: &Reading| {
                old.bytes == reading.bytes && (old.holds(centre) || reading.holds(old.centre()))
            };
            if !self.readings.iter().any(again) {
                self.readings.push(reading);
            }
        }
    }
}

fn threshold_of(
    threshold: fn(&GrayImage) -> Option<BitMatrix>,
    picture: &GrayImage,
) -> Option<BitMatrix> {
    if pixels(picture) == 0 {
        return None;
    }
    catch_unwind(AssertUnwindSafe(|| threshold(picture))).ok().flatten()
}

fn pixels(picture: &GrayImage) -> u64 {
    u64::from(picture.width()) * u64::from(picture.height())
}
