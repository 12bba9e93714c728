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
use sensor::Sensor;

/// When a simulated camera takes its frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timing {
    /// Frames a second; taken as at least one in 1,000 seconds.
    pub frames_per_second: f64,
    /// A frame shows what the screen showed this long before its time.
    pub latency: Duration,
    /// The time of the first frame.
    pub phase: Duration,
}

impl Default for Timing {
    /// 30 frames a second, 60 ms behind, from zero.
    fn default() -> Self {
        Self { frames_per_second: 30.0, latency: Duration::from_millis(60), phase: Duration::ZERO }
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
    /// What was in view last, and its light behind the lens: screens change seldom.
    last: Option<(Vec<Option<Arc<Code>>>, Light)>,
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
        Self { info, displays: vec![(screen, view)], sensor, timing, frame: 0, last: None }
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

    /// Takes the frame of [`now`](Self::now).
    pub fn take(&mut self) -> GrayImage {
        // Light that left before time began shows blank screens.
        let seen = self.now().checked_sub(self.timing.latency);
        self.frame = self.frame.saturating_add(1);
        let codes: Vec<_> = self
            .displays
            .iter()
            .map(|(screen, _)| seen.and_then(|seen| screen.shown_at(seen)))
            .collect();
        let last = self.last.take().filter(|(shown, _)| *shown == codes);
        let (_, light) = self.last.insert(last.unwrap_or_else(|| {
            let mut light = self.sensor.room();
            for ((_, view), code) in self.displays.iter().zip(&codes) {
                scene::project(&mut light, view, code.as_deref());
            }
            (codes, self.sensor.focus(light))
        }));
        self.sensor.expose(light)
    }
}

impl FrameSource for SimulatedCamera {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn next_frame(&mut self, _wait: Duration) -> Result<NextFrame, CaptureError> {
        Ok(NextFrame::Frame(self.take()))
    }
}
