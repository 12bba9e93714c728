//! Picture files: every step is tried.

use image::GrayImage;

use super::pipeline::{Pipeline, StepReport};
use super::search::{Search, pixels};
use super::steps::{IMAGE, REDUCE};
use super::tuning::{MAX_FRAME_PIXELS, MAX_IMAGE_PIXELS};
use super::{Reading, VideoDecoder, WorkBudget, scale};

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
    if pixels(picture) == 0 {
        return Vec::new();
    }
    let mut search = Search::new(budget);
    read_as_frame(picture, &mut search);
    search.forget_unread();
    search.seek_single_finders();
    let started = search.budget.spent();
    let (reduced, factor) = scale::reduce(picture, MAX_IMAGE_PIXELS, u32::MAX, search.budget);
    if factor > 1.0 {
        let work = search.budget.spent() - started;
        search.budget.report(StepReport { step: REDUCE, work, codes: 0 });
    }
    Pipeline::new(picture, reduced.as_ref().unwrap_or(picture), factor).run(&mut search, &IMAGE);
    search.into_readings()
}

/// What is read in a frame is read in an image: the same steps within the same work, and
/// then those that the frames after it would get.
fn read_as_frame(picture: &GrayImage, search: &mut Search<'_, '_>) {
    let held = search.budget.hold_back_all_but(WorkBudget::live().limit());
    let (reduced, factor) = scale::reduce(picture, MAX_FRAME_PIXELS, 1, search.budget);
    let mut pipeline = Pipeline::new(picture, reduced.as_ref().unwrap_or(picture), factor);
    let mut decoder = VideoDecoder::default();
    decoder.look(&mut pipeline, search, true);
    search.budget.release(held);
    decoder.take_other_turns(&mut pipeline, search);
}
