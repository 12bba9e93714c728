//! Codes that a phone scans.

use std::convert::Infallible;

use eframe::egui::Ui;

use crate::gui::effect::Effect;
use crate::gui::model::Model;
use crate::gui::route::{Outbox, Route};
use crate::gui::widgets;

#[derive(Debug, Default)]
pub struct Page {}

pub type Message = Infallible;

pub fn update(_page: &mut Page, _model: &Model, message: Message) -> Vec<Effect> {
    match message {}
}

pub fn ui(ui: &mut Ui, _page: &Page, _model: &Model, out: &mut Outbox<Message>) {
    widgets::page(ui, |ui| {
        if widgets::back(ui, "Home").clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, "For a phone");
    });
}
