//! A camera that exists only in numbers: a screen seen through perspective,
//! defocus, noise and uneven light, in frames of simulated time.
//!
//! The demo, the tests and the benches share it. The same seed gives the same
//! frames on every run.

mod display;
mod scene;
mod sensor;

use std::sync::Arc;
use std::time::Duration;

use image::GrayImage;

use super::{CaptureError, FrameSource, NextFrame, SourceInfo};
pub use display::{HISTORY, SimulatedDisplay};
use keyglance_qr::Code;
use scene::Light;
pub use scene::View;
use sensor::{Sensor, SplitMix64};

/// When a simulated camera takes its frames, and which of them arrive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timing {
    /// Frames a second; taken as at least one in 1,000 seconds.
    pub frames_per_second: f64,
    /// A frame shows what the screen showed this long before its time.
    pub latency: Duration,
    /// How long the shutter is open from then on: what changes meanwhile is in the frame
    /// as a blend of both. At most the latency.
    pub exposure: Duration,
    /// The time of the first frame.
    pub phase: Duration,
    /// The part of the frames that never arrive, 0 to 1.
    pub loss: f64,
}

impl Default for Timing {
    /// 30 frames a second of 10 ms, 60 ms behind, from zero; all arrive.
    fn default() -> Self {
        Self {
            frames_per_second: 30.0,
            latency: Duration::from_millis(60),
            exposure: Duration::from_millis(10),
            phase: Duration::ZERO,
            loss: 0.0,
        }
    }
}

/// A camera that looks at simulated screens.
///
/// It never sleeps: every [`next_frame`](FrameSource::next_frame) is one frame,
/// taken at the simulated time [`now`](Self::now).
#[derive(Debug)]
pub struct SimulatedCamera {
    info: SourceInfo,
    displays: Vec<(SimulatedDisplay, View)>,
    sensor: Sensor,
    timing: Timing,
    frame: u32,
    /// Which frames are lost.
    chance: SplitMix64,
    /// What was in view last, and its light behind the lens: screens change seldom. Two of
    /// them while the one replaces the other.
    seen: Vec<(Vec<Option<Arc<Code>>>, Light)>,
}

impl SimulatedCamera {
    /// A camera that sees one screen.
    #[must_use]
    pub fn new(screen: SimulatedDisplay, view: View, timing: Timing, seed: u64) -> Self {
        let info = SourceInfo {
            name: "simulated camera".to_owned(),
            width: view.width,
            height: view.height,
            frames_per_second: Some(timing.frames_per_second),
        };
        let sensor = Sensor::new(&view, seed);
        let chance = SplitMix64::new(!seed);
        Self {
            info,
            displays: vec![(screen, view)],
            sensor,
            timing,
            frame: 0,
            chance,
            seen: vec![],
        }
    }

    /// Another screen in the same frame, in front of the ones before. Of its
    /// view, only the geometry counts.
    #[must_use]
    pub fn also_sees(mut self, screen: SimulatedDisplay, view: View) -> Self {
        self.displays.push((screen, view));
        self
    }

    /// The simulated time of the next frame.
    #[must_use]
    pub fn now(&self) -> Duration {
        let rate = self.timing.frames_per_second.max(0.001);
        let since_first = Duration::try_from_secs_f64(f64::from(self.frame) / rate);
        self.timing.phase.saturating_add(since_first.unwrap_or(Duration::MAX))
    }

    /// The frame of [`now`](Self::now), unless it is lost.
    pub fn receive(&mut self) -> Option<GrayImage> {
        let arrives = self.chance.part() >= self.timing.loss;
        if arrives {
            return Some(self.take());
        }
        self.frame = self.frame.saturating_add(1);
        None
    }

    /// Takes the frame of [`now`](Self::now), which is not lost.
    pub fn take(&mut self) -> GrayImage {
        // Light that left before time began shows blank screens.
        let from = self.now().checked_sub(self.timing.latency);
        let exposure = self.timing.exposure.min(self.timing.latency);
        self.frame = self.frame.saturating_add(1);
        let scenes = match from {
            Some(from) => self.scenes(from, from + exposure),
            None => vec![(1.0, vec![None; self.displays.len()])],
        };
        let mut lights = Vec::with_capacity(scenes.len());
        for (share, codes) in scenes {
            let light = self.light(codes);
            lights.push((share, light));
        }
        let frame = match lights.as_slice() {
            [(_, (_, light))] => self.sensor.expose(light),
            several => {
                let parts = several.iter().map(|(share, (_, light))| (*share, light));
                let light = self.sensor.blend(parts);
                self.sensor.expose(&light)
            }
        };
        let kept = lights.len().saturating_sub(2);
        self.seen = lights.into_iter().skip(kept).map(|(_, seen)| seen).collect();
        frame
    }

    /// What the displays show during this time, and each for which part of it.
    fn scenes(&self, from: Duration, to: Duration) -> Vec<(f32, Vec<Option<Arc<Code>>>)> {
        let mut starts: Vec<Duration> = self
            .displays
            .iter()
            .flat_map(|(display, _)| display.changes_between(from, to))
            .chain([from])
            .collect();
        starts.sort_unstable();
        starts.dedup();
        let ends = starts.iter().skip(1).copied().chain([to]);
        let whole = (to - from).as_secs_f32();
        starts
            .iter()
            .zip(ends)
            .map(|(start, end)| {
                let share = if whole > 0.0 { (end - *start).as_secs_f32() / whole } else { 1.0 };
                let codes = self.displays.iter().map(|(display, _)| display.shown_at(*start));
                (share, codes.collect())
            })
            .collect()
    }

    /// The light of this scene behind the lens.
    fn light(&mut self, codes: Vec<Option<Arc<Code>>>) -> (Vec<Option<Arc<Code>>>, Light) {
        if let Some(at) = self.seen.iter().position(|(shown, _)| *shown == codes) {
            return self.seen.swap_remove(at);
        }
        let mut light = self.sensor.room();
        for ((_, view), code) in self.displays.iter().zip(&codes) {
            scene::project(&mut light, view, code.as_deref());
        }
        let light = self.sensor.focus(light);
        (codes, light)
    }
}

impl FrameSource for SimulatedCamera {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn next_frame(&mut self, _wait: Duration) -> Result<NextFrame, CaptureError> {
        Ok(self.receive().map_or(NextFrame::Nothing, NextFrame::Frame))
    }
}
