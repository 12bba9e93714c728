//! A key file that was opened or dropped: what it is, before it is added.

use std::convert::Infallible;
use std::path::PathBuf;

use eframe::egui::Ui;

use crate::gui::effect::Effect;
use crate::gui::model::Model;
use crate::gui::route::{Outbox, Route};
use crate::gui::widgets;

#[derive(Debug)]
pub struct Page {
    path: PathBuf,
}

impl Page {
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }
}

pub type Message = Infallible;

pub fn update(_page: &mut Page, _model: &Model, message: Message) -> Vec<Effect> {
    match message {}
}

pub fn ui(ui: &mut Ui, page: &Page, _model: &Model, out: &mut Outbox<Message>) {
    widgets::page(ui, |ui| {
        if widgets::back(ui, "Home").clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, "A file");
        ui.label(page.path.display().to_string());
    });
}
