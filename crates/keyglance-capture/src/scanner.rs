//! Reads the codes in frames.

use std::time::Duration;

use image::GrayImage;

use super::{CaptureError, FrameSource, NextFrame, SourceInfo};
use keyglance_qr::{self as qr, Picture, Point, Reading, VideoDecoder, WorkBudget};

/// Reads the codes in a source's frames.
pub struct Scanner {
    source: Box<dyn FrameSource>,
    live: VideoDecoder,
}

/// The result of one poll.
#[derive(Clone, Debug, PartialEq)]
pub enum Scan {
    /// A frame with all its codes, often none.
    Seen {
        /// The codes that were read.
        readings: Vec<Reading>,
        /// The frame they were read in.
        frame: GrayImage,
    },
    /// No frame within the wait.
    Nothing,
    /// The source has no more frames.
    Ended,
}

impl Scanner {
    /// Scans this source.
    #[must_use]
    pub fn new(source: Box<dyn FrameSource>) -> Self {
        Self { source, live: VideoDecoder::default() }
    }

    /// What the source is.
    #[must_use]
    pub fn info(&self) -> &SourceInfo {
        self.source.info()
    }

    /// Waits at most `wait` for a frame and reads it: quickly if frames follow each
    /// other, thoroughly if it is a still picture.
    ///
    /// # Errors
    /// The source's [`CaptureError`].
    pub fn poll(&mut self, wait: Duration) -> Result<Scan, CaptureError> {
        Ok(match self.source.next_frame(wait)? {
            NextFrame::Frame(frame) => {
                let readings = match self.source.info().frames_per_second {
                    Some(_) => self.live.read(&frame, &mut WorkBudget::live()),
                    None => qr::decode_image(&frame),
                };
                Scan::Seen { readings, frame }
            }
            NextFrame::Picture(picture) => {
                Scan::Seen { readings: scan_picture(&picture), frame: picture.into_grey() }
            }
            NextFrame::Nothing => Scan::Nothing,
            NextFrame::Ended => Scan::Ended,
        })
    }
}

/// All codes in a picture file: in every frame, and in other tones where grey shows none.
#[must_use]
pub fn scan_picture(picture: &Picture) -> Vec<Reading> {
    qr::decode_picture(picture, &mut WorkBudget::still())
}

/// How well a code was seen, for hints.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality {
    /// The code's height as a part of the frame's.
    pub height: f32,
    /// The darkest and the lightest twentieth of its pixels lie this far apart, 0 to 1.
    pub contrast: f32,
    /// Pixels between the code and the nearest edge of the frame.
    pub margin: f32,
    /// Pixels per module.
    pub module: f32,
    /// The steepest edges rise by this part of the contrast from one pixel to
    /// the next, 0 to 1.
    pub sharpness: f32,
}

impl Quality {
    /// Measures a reading in the frame where it was read.
    #[must_use]
    pub fn of(reading: &Reading, frame: &GrayImage) -> Self {
        let (left, right) = range(&reading.corners, |p| p.x);
        let (top, bottom) = range(&reading.corners, |p| p.y);
        let (width, height) = (frame.width() as f32, frame.height() as f32);
        let mut counts = [0_u32; 256];
        let mut total = 0;
        let mut steps = [0_u32; 256];
        for y in (top.max(0.0) as u32..bottom.clamp(0.0, height) as u32).step_by(2) {
            for x in (left.max(0.0) as u32..right.clamp(0.0, width) as u32).step_by(2) {
                let at = |x: u32| frame.get_pixel_checked(x, y).map_or(0, |pixel| pixel.0[0]);
                let level = at(x);
                if let Some(count) = steps.get_mut(usize::from(level.abs_diff(at(x + 1)))) {
                    *count += 1;
                }
                if let Some(count) = counts.get_mut(usize::from(level)) {
                    *count += 1;
                    total += 1;
                }
            }
        }
        let dark = level_of(counts.iter().copied(), total / 20);
        let light = level_of(counts.iter().rev().copied(), total / 20);
        let contrast = 255_usize.saturating_sub(dark + light) as f32;
        let steepest = 255 - level_of(steps.iter().rev().copied(), total / 50).min(255);
        Self {
            height: (bottom - top) / height.max(1.0),
            contrast: contrast / 255.0,
            margin: left.min(top).min(width - right).min(height - bottom),
            module: reading.module_pixels(),
            sharpness: (steepest as f32 / contrast.max(1.0)).min(1.0),
        }
    }
}

fn range(corners: &[Point; 4], of: fn(&Point) -> f32) -> (f32, f32) {
    let least = corners.iter().map(of).fold(f32::INFINITY, f32::min);
    (least, corners.iter().map(of).fold(f32::NEG_INFINITY, f32::max))
}

/// How many levels it takes to count more than `many` pixels.
fn level_of(counts: impl Iterator<Item = u32>, many: u32) -> usize {
    let mut sum = 0;
    counts
        .take_while(|count| {
            sum += count;
            sum <= many
        })
        .count()
}
