//! Frames of a camera: quick steps on each, the costly ones in turn.

use image::{GrayImage, imageops};

use super::pipeline::{Pipeline, Stage};
use super::scene::Scene;
use super::search::{Search, pixels};
use super::steps::{FIRST_TURNS, FRAME, FRAME_CANDIDATES, FRAME_TURNS, QUICK_TURNS};
use super::tuning::{
    CALM_FRAMES, CALM_STRIDE, CALM_THOROUGH, MAX_FRAME_PIXELS, MOVEMENT, PROMISE_FRAMES,
    PROMISE_STRIDE, REMEMBERED_FRAMES,
};
use super::{Point, Reading, WorkBudget, scale};

/// Reads the frames of one camera, in order.
///
/// Every frame is looked at in the plain ways. The costlier ones are for the first
/// frame, for those that promise a code, and for half a second where a code was read
/// last; the others get one of them in turn. What is even all over has no code; of a
/// scene that has not changed for a second, one frame in four is looked at.
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
    /// Frames since the first.
    frames: u32,
    /// Turns that were taken.
    turns: usize,
    /// What the last frame that was looked at showed.
    scene: Option<Scene>,
    /// Frames since something changed, was read, or promised a code.
    calm: u32,
    /// Frames in a row that promised a code and gave none.
    promises: u32,
    /// Where a code was read, unless all over the frame, and for how many more frames that
    /// counts.
    last_seen: Option<(Option<Region>, u32)>,
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
        let scene = Scene::of(frame, budget);
        let is_first = self.frames == 0;
        self.frames = self.frames.wrapping_add(1).max(1);
        self.calm = self.calm.saturating_add(1);
        if let Some(scene) = &scene
            && self.scene.as_ref().is_none_or(|earlier| scene.differs_from(earlier))
        {
            self.calm = 0;
        }
        let is_calm = scene.is_some() && self.calm >= CALM_FRAMES && self.last_seen.is_none();
        let is_even = scene.as_ref().is_some_and(Scene::is_even);
        if is_even || (is_calm && !self.calm.is_multiple_of(CALM_STRIDE)) {
            self.forget_a_little();
            return Vec::new();
        }
        self.scene = scene;

        let (reduced, factor) = scale::reduce(frame, MAX_FRAME_PIXELS, 1, budget);
        let mut search = Search::new(budget);
        let mut pipeline = Pipeline::new(frame, reduced.as_ref().unwrap_or(frame), factor);
        let is_due = is_first || (is_calm && self.calm.is_multiple_of(CALM_THOROUGH));
        self.look(&mut pipeline, &mut search, is_due);

        let mut readings = search.into_readings();
        if let (true, Some((Some(region), _))) = (readings.is_empty(), self.last_seen) {
            readings = read_region(frame, region, budget);
        }
        match readings.first() {
            Some(reading) => {
                (self.calm, self.promises) = (0, 0);
                self.last_seen = Some((Region::around(reading, frame), REMEMBERED_FRAMES));
            }
            None => self.forget_a_little(),
        }
        readings
    }

    /// Takes the steps of one frame: thoroughly where that is due or seems worth it.
    pub(super) fn look(
        &mut self,
        pipeline: &mut Pipeline<'_>,
        search: &mut Search<'_, '_>,
        is_due: bool,
    ) {
        pipeline.run(search, &FRAME);
        let is_promising = search.is_promising(pipeline.original());
        let is_thorough = self.believes(is_promising) || is_due || self.last_seen.is_some();
        let (quick, costly) = FRAME_TURNS.split_at(if is_due { FIRST_TURNS } else { QUICK_TURNS });
        // Where a code was, all turns follow.
        let is_watched = matches!(self.last_seen, Some((Some(_), _)));
        if is_thorough {
            pipeline.run(search, quick);
        } else if search.is_empty() {
            pipeline.run(search, self.next_of(&FRAME_TURNS));
        }
        pipeline.run(search, &FRAME_CANDIDATES);
        if is_thorough && search.is_empty() && !is_watched {
            pipeline.run(search, self.next_of(costly));
        }
    }

    /// After a thorough look, the turns that it left to other frames.
    pub(super) fn take_other_turns(
        &mut self,
        pipeline: &mut Pipeline<'_>,
        search: &mut Search<'_, '_>,
    ) {
        let (_, costly) = FRAME_TURNS.split_at(FIRST_TURNS);
        for _ in 1..costly.len() {
            pipeline.run(search, self.next_of(costly));
        }
    }

    /// The one of these stages whose turn it is.
    fn next_of<'s>(&mut self, stages: &'s [Stage]) -> &'s [Stage] {
        let turn = self.turns % stages.len().max(1);
        self.turns = self.turns.wrapping_add(1);
        stages.get(turn..=turn).unwrap_or_default()
    }

    /// Whether a frame that promises a code is worth a thorough look: at first, and now and
    /// then if no code comes of it.
    fn believes(&mut self, is_promising: bool) -> bool {
        self.promises = if is_promising { self.promises.saturating_add(1) } else { 0 };
        if is_promising {
            self.calm = 0;
        }
        is_promising
            && (self.promises < PROMISE_FRAMES || self.promises.is_multiple_of(PROMISE_STRIDE))
    }

    /// A frame later, less is known of where a code was.
    fn forget_a_little(&mut self) {
        self.last_seen = match self.last_seen {
            Some((region, left @ 1..)) => Some((region, left - 1)),
            _ => None,
        };
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
