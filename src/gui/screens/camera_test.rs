//! Whether the camera works, tried before it is needed.

use eframe::egui::Ui;

use crate::gui::camera_view::{CameraView, Drawn};
use crate::gui::code::Textures;
use crate::gui::effect::WorldCommand;
use crate::gui::model::Model;
use crate::gui::widgets;
use crate::messages::window::camera as words;
use keyglance_capture::ScanEvent;

/// What the camera shows while it is tested.
#[derive(Debug, Default)]
pub struct CameraTest {
    pub on: bool,
    view: CameraView,
}

impl CameraTest {
    /// Starts or stops the test; gives what the camera is to do.
    pub fn turn(&mut self, on: bool, model: &Model) -> WorldCommand {
        if on {
            return self.start(model, model.settings.camera.clone());
        }
        self.on = false;
        self.view.clear();
        WorldCommand::StopScan
    }

    /// Starts the test with the camera of this name, or the first.
    pub fn start(&mut self, model: &Model, camera: Option<String>) -> WorldCommand {
        self.on = true;
        self.view.start_with(model, camera)
    }

    pub fn scanned(&mut self, event: ScanEvent) {
        self.view.take(event);
    }

    /// Gives whether the user turned the test on or off.
    pub fn ui(&self, ui: &mut Ui, model: &Model, textures: &mut Textures) -> Option<bool> {
        let text = if self.on { words::STOP_THE_TEST } else { words::TEST_THE_CAMERA };
        let turned = widgets::button(ui, text).clicked().then_some(!self.on);
        if self.on {
            self.view_ui(ui, model, textures);
        }
        turned
    }

    /// What the camera sees.
    pub fn view_ui(&self, ui: &mut Ui, model: &Model, textures: &mut Textures) {
        let width = ui.available_width();
        if self.view.ui(ui, width, model, textures) == Drawn::Frame {
            let reads = self.view.frame().is_some_and(|frame| !frame.codes.is_empty());
            ui.label(if reads { words::IT_WORKS_AND_READS_CODES } else { words::IT_WORKS });
        }
    }
}
