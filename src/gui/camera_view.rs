//! What the camera shows on a page that looks for codes.

use eframe::egui::{Ui, vec2};

use super::code::Textures;
use super::effect::WorldCommand;
use super::model::Model;
use super::{theme, widgets};
use crate::messages;
use crate::messages::window::common;
use keyglance_capture::{CaptureError, ScanEvent, ScannedFrame};

/// The newest frame, or why there is none.
#[derive(Debug, Default)]
pub struct CameraView {
    frame: Option<ScannedFrame>,
    /// Counts the frames, so that each is drawn once.
    frame_number: u64,
    error: Option<CaptureError>,
}

/// What was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawn {
    Frame,
    Starting,
    /// Why there is no picture, and what to do.
    Problem,
}

impl CameraView {
    /// Forgets what was seen.
    pub fn clear(&mut self) {
        *self = Self { frame_number: self.frame_number, ..Self::default() };
    }

    /// Begins anew with this camera, or the first; gives what the camera is to do.
    pub fn start_with(&mut self, model: &Model, camera: Option<String>) -> WorldCommand {
        self.clear();
        WorldCommand::Scan(model.frame_source.clone(), camera)
    }

    /// The same with the camera of the settings.
    pub fn start(&mut self, model: &Model) -> WorldCommand {
        self.start_with(model, model.settings.camera.clone())
    }

    /// Takes what the camera did. Gives the frame, if it is a new one.
    pub fn take(&mut self, event: ScanEvent) -> Option<&ScannedFrame> {
        match event {
            ScanEvent::Seen(frame) => {
                self.error = None;
                self.frame_number += 1;
                Some(self.frame.insert(frame))
            }
            ScanEvent::Failed(error) => {
                self.error = Some(error);
                None
            }
            ScanEvent::Opened(_) | ScanEvent::Ended => None,
        }
    }

    pub const fn frame(&self) -> Option<&ScannedFrame> {
        self.frame.as_ref()
    }

    /// Draws it, `width` points wide and 16 to 9.
    pub fn ui(&self, ui: &mut Ui, width: f32, model: &Model, textures: &mut Textures) -> Drawn {
        match (&self.error, &self.frame) {
            (Some(error), _) => {
                widgets::problem(ui, &messages::window::explain(error));
                Drawn::Problem
            }
            (None, Some(frame)) => {
                let colour = theme::palette(ui.ctx()).accent;
                let size = vec2(width, width * 9.0 / 16.0);
                let mirror = model.is_preview_mirrored();
                textures.preview_ui(ui, frame, self.frame_number, size, mirror, colour);
                Drawn::Frame
            }
            (None, None) => {
                ui.label(common::STARTING_THE_CAMERA);
                Drawn::Starting
            }
        }
    }
}
