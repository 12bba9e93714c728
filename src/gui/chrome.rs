//! What every page has around it: the window's title, the line above and the question before
//! leaving.

use eframe::egui::{self, Frame, Margin, Panel, Ui};

use super::app::App;
use super::message::Message;
use super::screen::Question;
use super::theme;
use super::widgets::{self, Dialog};
use crate::messages::PICTURE_OF_THE_SCREEN;
use crate::messages::window::{chrome as words, common};

pub fn title(app: &App) -> String {
    match app.screen.title() {
        Some(state) => words::title(state),
        None => words::KEYGLANCE.to_owned(),
    }
}

/// The question that stands before leaving a screen.
pub fn leaving_ui(ui: &mut Ui, app: &App, messages: &mut Vec<Message>) {
    let Some(leaving) = &app.leaving else { return };
    let (title, stay, leave) = match leaving.question {
        Question::Unsaved => (words::LEAVE_WITHOUT_SAVING, words::KEEP_EDITING, words::LEAVE),
        Question::StopPairing => (words::STOP_PAIRING, words::GO_ON, words::STOP),
    };
    let dialog = widgets::dialog(ui.ctx(), title, |ui| {
        ui.horizontal(|ui| {
            if widgets::primary(ui, stay).clicked() {
                messages.push(Message::Stay);
            }
            if widgets::button(ui, leave).clicked() {
                messages.push(Message::Leave);
            }
        });
    });
    if dialog == Dialog::Dismissed {
        messages.push(Message::Stay);
    }
}

/// How a picture of the screen is taken, before the first one.
pub fn explaining_ui(ui: &mut Ui, app: &App, messages: &mut Vec<Message>) {
    if app.explaining.is_none() {
        return;
    }
    let dialog = widgets::dialog(ui.ctx(), words::A_PICTURE_OF_YOUR_SCREEN, |ui| {
        ui.label(PICTURE_OF_THE_SCREEN);
        widgets::weak(ui, words::DESKTOP_MAY_ASK);
        ui.add_space(theme::GAP);
        ui.horizontal_wrapped(|ui| {
            if widgets::primary(ui, words::TAKE_IT).clicked() {
                messages.push(Message::LookAtScreen(true));
            }
            if widgets::button(ui, common::CANCEL).clicked() {
                messages.push(Message::LookAtScreen(false));
            }
        });
    });
    if dialog == Dialog::Dismissed {
        messages.push(Message::LookAtScreen(false));
    }
}

/// The line above every screen, until it is dismissed.
pub fn notification_ui(ui: &mut Ui, app: &App, messages: &mut Vec<Message>) {
    let Some(notification) = &app.notification else { return };
    let palette = theme::palette(ui.ctx());
    let frame = Frame::new().fill(palette.raised).inner_margin(Margin::symmetric(24, 10));
    Panel::top("notification").frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if widgets::button(ui, words::DISMISS).clicked() {
                    messages.push(Message::DismissNotification);
                }
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    let text = format!("{} {}", notification.what, notification.advice);
                    widgets::words(ui, text.into());
                });
            });
        });
    });
}
