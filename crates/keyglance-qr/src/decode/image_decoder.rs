//! Picture files: every step is tried.

use image::GrayImage;

use super::pipeline::{Pipeline, StepReport};
use super::search::{Search, pixels};
use super::steps::{IMAGE, REDUCE};
use super::tuning::MAX_IMAGE_PIXELS;
use super::{Reading, WorkBudget, scale};

/// Every code in a picture: also light on dark, rotated and mirrored ones.
///
/// For stills: it tries all that it knows, within [`WorkBudget::still`]. A code
/// found twice is returned once; equal codes in two places are returned twice.
///
/// ```
/// use keyglance_qr::{Code, decode_image, load_grayscale, render_png};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let png = render_png(&Code::new("hello")?, 4)?;
/// let readings = decode_image(&load_grayscale(&png)?);
/// assert_eq!(readings[0].bytes, b"hello");
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn decode_image(picture: &GrayImage) -> Vec<Reading> {
    decode_image_within(picture, &mut WorkBudget::still())
}

/// Every code in a picture that can be found within this budget.
///
/// ```
/// use std::time::{Duration, Instant};
///
/// use keyglance_qr::{WorkBudget, decode_image_within, image::GrayImage};
///
/// let deadline = Instant::now() + Duration::from_millis(500);
/// let is_late = || Instant::now() >= deadline;
/// let mut budget = WorkBudget::still().until(&is_late);
/// let blank = GrayImage::new(640, 480);
/// assert!(decode_image_within(&blank, &mut budget).is_empty());
/// assert!(budget.spent() <= budget.limit());
/// ```
#[must_use]
pub fn decode_image_within(picture: &GrayImage, budget: &mut WorkBudget<'_>) -> Vec<Reading> {
    let started = budget.spent();
    let (mut reduced, mut factor) = (None, 1.0);
    while pixels(reduced.as_ref().unwrap_or(picture)) > MAX_IMAGE_PIXELS {
        let larger = reduced.as_ref().unwrap_or(picture);
        if !budget.spend(pixels(larger)) {
            return Vec::new();
        }
        reduced = Some(scale::halve(larger));
        factor *= 2.0;
    }
    let working = reduced.as_ref().unwrap_or(picture);
    if pixels(working) == 0 {
        return Vec::new();
    }
    if reduced.is_some() {
        let work = budget.spent() - started;
        budget.report(StepReport { step: REDUCE, work, codes: 0 });
    }
    let mut search = Search::new(budget);
    Pipeline::new(picture, working, factor).run(&mut search, &IMAGE);
    search.into_readings()
}
