//! Whether the camera works, seen before it is needed.

use eframe::egui::{Ui, vec2};

use crate::gui::code::Textures;
use crate::gui::state::State;
use crate::gui::{theme, widgets};
use crate::messages;
use keyglance_capture::{OpticsError, ScanEvent, ScannedFrame};

/// What the camera shows while it is tested.
#[derive(Debug, Default)]
pub struct CameraTest {
    pub on: bool,
    sight: Option<ScannedFrame>,
    sights: u64,
    failed: Option<OpticsError>,
}

impl CameraTest {
    pub fn turn(&mut self, on: bool) {
        *self = Self { on, sights: self.sights, ..Self::default() };
    }

    pub fn scanned(&mut self, event: ScanEvent) {
        match event {
            ScanEvent::Seen(sight) => {
                self.sight = Some(sight);
                self.failed = None;
                self.sights += 1;
            }
            ScanEvent::Failed(error) => self.failed = Some(error),
            ScanEvent::Opened(_) | ScanEvent::Ended => {}
        }
    }

    /// Gives whether the test is to be turned on or off.
    pub fn show(&self, ui: &mut Ui, state: &State, textures: &mut Textures) -> Option<bool> {
        let text = if self.on { "Stop the test" } else { "Test the camera" };
        let turn = widgets::button(ui, text).clicked().then_some(!self.on);
        if !self.on {
            return turn;
        }
        match (&self.failed, &self.sight) {
            (Some(error), _) => {
                let told = messages::window::optics(error);
                widgets::warning(ui, &told.what);
                ui.label(told.advice);
            }
            (None, Some(sight)) => {
                let width = ui.available_width();
                let colour = theme::palette(ui.ctx()).accent;
                let size = vec2(width, width * 9.0 / 16.0);
                textures.show_sight(ui, sight, self.sights, size, state.settings.mirror, colour);
                ui.label(if sight.codes.is_empty() {
                    "It works. Hold a code before it to see it outlined."
                } else {
                    "It works, and reads codes."
                });
            }
            (None, None) => {
                ui.label("Starting the camera…");
            }
        }
        turn
    }
}
