//! Parts of forms that several screens have.

use std::path::Path;

use eframe::egui::{Align, Layout, TextEdit, Ui};
use keyglance_profile::printable_path;

use super::text::{label_silent, strong, weak, words};
use super::{
    FIELD_MARGIN, MEASURE, Rank, Severity, button, buttons, card, focus, is_narrow, shape,
};
use crate::gui::icons;
use crate::gui::theme::{self, GAP};
use crate::messages::window::common;

/// A labelled line of text, with something else set for the field.
pub fn field_with(
    ui: &mut Ui,
    name: &str,
    text: &mut String,
    set: impl FnOnce(TextEdit<'_>) -> TextEdit<'_>,
) -> eframe::egui::Response {
    let label = ui.label(name);
    let width = ui.available_width().min(MEASURE);
    let field = set(TextEdit::singleline(text).desired_width(width).margin(FIELD_MARGIN));
    let response = ui.add(field).labelled_by(label.id);
    focus::offer(ui, Rank::Field, &response);
    buttons::ring(ui, &response);
    response
}

/// What the user did with a path.
#[derive(Debug)]
pub enum Place {
    Typed(String),
    /// Wants the system's dialog to choose it.
    Choose,
}

/// A path to type, and a button that lets the system's dialog choose it.
pub fn place(ui: &mut Ui, name: &str, path: &str) -> Option<Place> {
    let label = ui.label(name);
    let mut path = path.to_owned();
    ui.horizontal(|ui| {
        let choose = 108.0;
        let width = (ui.available_width() - choose).clamp(80.0, MEASURE);
        let field =
            TextEdit::singleline(&mut path).desired_width(width - 24.0).margin(FIELD_MARGIN);
        let response = ui.add(field).labelled_by(label.id);
        focus::offer(ui, Rank::Field, &response);
        buttons::ring(ui, &response);
        let changed = response.changed();
        if button(ui, common::CHOOSE).clicked() {
            return Some(Place::Choose);
        }
        changed.then_some(Place::Typed(path))
    })
    .inner
}

/// A line about the state of something, with what to do about it. Gives whether the button
/// was pressed.
pub fn notice(ui: &mut Ui, severity: Severity, text: &str, action: &str) -> bool {
    ui.horizontal(|ui| {
        shape(ui, severity, 20.0);
        words(ui, text.into());
    });
    button(ui, action).clicked()
}

/// A file that was written, and a button that shows its folder. Gives whether that was
/// pressed.
pub fn file_card(ui: &mut Ui, path: &Path, about: &str) -> bool {
    file_card_with(ui, path, about, |ui| button(ui, common::OPEN_FOLDER).clicked())
}

/// The same with other buttons, which are drawn from the right.
pub fn file_card_with<R>(
    ui: &mut Ui,
    path: &Path,
    about: &str,
    buttons: impl FnOnce(&mut Ui) -> R,
) -> R {
    let palette = theme::palette(ui.ctx());
    let name = path.file_name().map(Path::new).unwrap_or(path);
    let about_it = |ui: &mut Ui| {
        ui.horizontal(|ui| {
            label_silent(ui, icons::FLOPPY_DISK, theme::icon(24.0), palette.accent);
            ui.add_space(GAP);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 4.0;
                strong(ui, &printable_path(name));
                weak(ui, about);
            });
        });
    };
    card(ui, |ui| {
        ui.set_width(ui.available_width());
        if is_narrow(ui) {
            about_it(ui);
            return ui.horizontal_wrapped(buttons).inner;
        }
        spread(ui, 48.0, buttons, about_it)
    })
}

/// A line of this height with something at its right end, and the rest at its left.
pub fn spread<R>(
    ui: &mut Ui,
    height: f32,
    right: impl FnOnce(&mut Ui) -> R,
    left: impl FnOnce(&mut Ui),
) -> R {
    let size = eframe::egui::vec2(ui.available_width(), height);
    let line = ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        let result = right(ui);
        let rest = ui.available_width();
        let size = eframe::egui::vec2(rest, height);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.set_width(rest);
            left(ui);
        });
        result
    });
    line.inner
}

/// Something at the right end of a bar, behind what is drawn in it already.
pub fn at_right(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let width = ui.available_size_before_wrap().x;
    // Below the others where it is narrow.
    if width < 120.0 {
        return content(ui);
    }
    let size = eframe::egui::vec2(width, theme::CONTROL);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), content);
}
