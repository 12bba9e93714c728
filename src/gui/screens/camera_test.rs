//! Whether the camera works, tried before it is needed.

use eframe::egui::{Ui, vec2};

use crate::gui::code::Textures;
use crate::gui::effect::WorldCommand;
use crate::gui::model::{FrameSourceChoice, Model};
use crate::gui::{theme, widgets};
use crate::messages;
use keyglance_capture::{CaptureError, ScanEvent, ScannedFrame};

/// What the camera shows while it is tested.
#[derive(Debug, Default)]
pub struct CameraTest {
    pub on: bool,
    frame: Option<ScannedFrame>,
    /// Counts the frames, so that each is drawn once.
    frame_number: u64,
    error: Option<CaptureError>,
}

impl CameraTest {
    /// Starts or stops the test; gives what the camera is to do.
    pub fn turn(&mut self, on: bool, model: &Model) -> WorldCommand {
        if on {
            return self.start(model, model.settings.camera.clone());
        }
        *self = Self { frame_number: self.frame_number, ..Self::default() };
        WorldCommand::StopScan
    }

    /// Starts the test with the camera of this name, or the first.
    pub fn start(&mut self, model: &Model, camera: Option<String>) -> WorldCommand {
        *self = Self { on: true, frame_number: self.frame_number, ..Self::default() };
        WorldCommand::Scan(model.frame_source.clone(), camera)
    }

    pub fn scanned(&mut self, event: ScanEvent) {
        match event {
            ScanEvent::Seen(frame) => {
                self.frame = Some(frame);
                self.error = None;
                self.frame_number += 1;
            }
            ScanEvent::Failed(error) => self.error = Some(error),
            ScanEvent::Opened(_) | ScanEvent::Ended => {}
        }
    }

    /// Gives whether the user turned the test on or off.
    pub fn ui(&self, ui: &mut Ui, model: &Model, textures: &mut Textures) -> Option<bool> {
        let text = if self.on { "Stop the test" } else { "Test the camera" };
        let turned = widgets::button(ui, text).clicked().then_some(!self.on);
        if self.on {
            self.view_ui(ui, model, textures);
        }
        turned
    }

    /// What the camera sees.
    pub fn view_ui(&self, ui: &mut Ui, model: &Model, textures: &mut Textures) {
        match (&self.error, &self.frame) {
            (Some(error), _) => widgets::problem(ui, &messages::window::capture(error)),
            (None, Some(frame)) => {
                let width = ui.available_width();
                let colour = theme::palette(ui.ctx()).accent;
                let size = vec2(width, width * 9.0 / 16.0);
                // A file or a screen is no mirror.
                let camera = model.frame_source == FrameSourceChoice::Camera;
                let mirror = model.settings.mirror && camera;
                textures.preview_ui(ui, frame, self.frame_number, size, mirror, colour);
                ui.label(if frame.codes.is_empty() {
                    "It works. Hold a code in front of it to see the code outlined."
                } else {
                    "It works, and reads codes."
                });
            }
            (None, None) => {
                ui.label("Starting the camera…");
            }
        }
    }
}
