//! Frames of a camera: quick steps on each, the costly ones in turn.

use image::{GrayImage, imageops};

use super::pipeline::Pipeline;
use super::search::{Search, pixels};
use super::steps::{FRAME, FRAME_TURNS};
use super::tuning::{MAX_FRAME_PIXELS, MOVEMENT, REMEMBERED_FRAMES};
use super::{Point, Reading, WorkBudget, scale};

/// Reads the frames of one camera, in order.
///
/// Each frame in which nothing was read gets one of the costly steps, in turn; for
/// half a second all of them are tried where a code was read last.
///
/// ```
/// use keyglance_qr::{Code, VideoDecoder, WorkBudget, render_grayscale};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut decoder = VideoDecoder::default();
/// // A camera would give these.
/// for text in ["one", "two"] {
///     let frame = render_grayscale(&Code::new(text)?, 6)?;
///     let readings = decoder.read(&frame, &mut WorkBudget::live());
///     assert_eq!(readings[0].text().as_deref(), Some(text));
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct VideoDecoder {
    turn: usize,
    /// Where a code was read, and for how many more frames that counts.
    last_seen: Option<(Region, u32)>,
}

/// A part of a frame, in pixels.
#[derive(Clone, Copy, Debug)]
struct Region {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

impl Region {
    /// Around a code, and as much more as it may have moved; none where that is most
    /// of the frame, since searching it would be no better than searching all of it.
    fn around(reading: &Reading, frame: &GrayImage) -> Option<Self> {
        let range = |of: fn(&Point) -> f32, most: u32| {
            let places = || reading.corners.iter().map(of);
            let (least, largest) =
                (places().fold(f32::MAX, f32::min), places().fold(f32::MIN, f32::max));
            let slack = (largest - least) * MOVEMENT;
            // A cast saturates at zero.
            let (from, to) = ((least - slack) as u32, ((largest + slack) as u32).min(most));
            (to > from).then(|| (from, to - from))
        };
        let (left, width) = range(|p| p.x, frame.width())?;
        let (top, height) = range(|p| p.y, frame.height())?;
        let is_part = u64::from(width) * u64::from(height) * 2 < pixels(frame);
        is_part.then_some(Self { left, top, width, height })
    }

    fn crop(self, frame: &GrayImage) -> GrayImage {
        imageops::crop_imm(frame, self.left, self.top, self.width, self.height).to_image()
    }
}

/// Every code in one frame of a camera that the quick steps find, within
/// [`WorkBudget::live`].
///
/// For frame after frame, a [`VideoDecoder`] finds more.
///
/// ```
/// use keyglance_qr::{Code, decode_frame, render_grayscale};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let frame = render_grayscale(&Code::new("hello")?, 6)?;
/// assert_eq!(decode_frame(&frame)[0].text().as_deref(), Some("hello"));
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn decode_frame(frame: &GrayImage) -> Vec<Reading> {
    VideoDecoder::default().read(frame, &mut WorkBudget::live())
}

impl VideoDecoder {
    /// Every code in the next frame. It stops at the first step that reads one and
    /// leaves nothing that looks like another.
    #[must_use]
    pub fn read(&mut self, frame: &GrayImage, budget: &mut WorkBudget<'_>) -> Vec<Reading> {
        let mut search = Search::new(budget);
        let reduced = (pixels(frame) > MAX_FRAME_PIXELS).then(|| scale::halve(frame));
        let factor = if reduced.is_some() { 2.0 } else { 1.0 };
        let working = reduced.as_ref().unwrap_or(frame);
        let mut pipeline = Pipeline::new(frame, working, factor);
        pipeline.run(&mut search, &FRAME);
        if search.is_empty() && self.last_seen.is_none() {
            self.turn = self.turn.wrapping_add(1);
            if let Some(stage) = FRAME_TURNS.get(self.turn % FRAME_TURNS.len()) {
                pipeline.run(&mut search, std::slice::from_ref(stage));
            }
        }
        let mut readings = search.into_readings();
        if let (true, Some((region, _))) = (readings.is_empty(), self.last_seen) {
            readings = read_region(frame, region, budget);
        }
        self.last_seen = match (readings.first(), self.last_seen) {
            (Some(reading), _) => {
                Region::around(reading, frame).map(|region| (region, REMEMBERED_FRAMES))
            }
            (None, Some((region, left @ 1..))) => Some((region, left - 1)),
            (None, _) => None,
        };
        readings
    }
}

/// Tries all costly steps in the part of the frame where a code was.
fn read_region(frame: &GrayImage, region: Region, budget: &mut WorkBudget<'_>) -> Vec<Reading> {
    let part = region.crop(frame);
    let mut search = Search::new(budget);
    let mut pipeline = Pipeline::new(&part, &part, 1.0);
    for stage in &FRAME_TURNS {
        pipeline.run(&mut search, std::slice::from_ref(stage));
        if !search.is_empty() {
            break;
        }
    }
    let corner = Point { x: region.left as f32, y: region.top as f32 };
    let mut readings = search.into_readings();
    for reading in &mut readings {
        reading.corners = reading.corners.map(|p| p.moved(corner, 1.0));
    }
    readings
}
