//! The widgets that screens are made of.

mod buttons;
mod dialog;
mod digit_cells;
mod digit_row;
mod forms;
mod layout;
mod marks;
pub mod names;
mod select;
mod text;

use eframe::egui::{
    self, CentralPanel, Color32, Frame, Label, Margin, Rect, Response, RichText, ScrollArea, Sense,
    Stroke, TextEdit, Ui, UiBuilder, Vec2,
};

use super::code::{ShownCode, Textures};
use super::focus::{self, Rank};
use super::theme::{self, GAP, MARGIN, MEASURE};
use crate::messages::window::common;
use crate::messages::window::widgets as words;
use crate::messages::{self, Notification};
pub use buttons::{
    attention, attention_named, back, button, button_wide, button_width, chip, chip_if, filled,
    icon, link, menu_item, more, named, primary, primary_if, primary_wide, small_link, small_tile,
    tile,
};
pub use dialog::{Dialog, dialog};
pub use digit_cells::{CELLS, digit_cells};
pub use digit_row::{digit_row, digits, digits_that_fit};
pub use forms::{Place, at_right, field_with, file_card, file_card_with, notice, place, spread};
use keyglance_core::trust::Trust;
use keyglance_profile::Verdict;
pub use layout::{
    beside, frame, is_narrow, list, page, page_centred, page_of, page_with_bar, row, two_columns,
};
pub use marks::{mark, shape};
pub use names::can_draw;
pub use select::select;
pub use text::{
    heading, heading_with_focus, label_silent, section, small_strong, state_line, strong, weak,
    words,
};

/// How a status looks. Each has a shape of its own: colour alone must not carry
/// the meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Waiting,
    Half,
    Near,
    Good,
    Problem,
}

impl Severity {
    /// How a contact's trust looks.
    pub const fn of(trust: Trust) -> Self {
        match trust {
            Trust::Broken => Self::Problem,
            Trust::Unverified | Trust::SeenByCamera => Self::Waiting,
            Trust::Verified(_) => Self::Good,
        }
    }

    /// How a verdict looks.
    pub const fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Compared(_) => Self::Good,
            Verdict::NotCompared | Verdict::Unconfirmed | Verdict::NotInUse | Verdict::Blocked => {
                Self::Waiting
            }
            Verdict::DifferentKey { .. } | Verdict::DoesNotMatch | Verdict::Unreadable => {
                Self::Problem
            }
        }
    }

    pub fn colour(self, ui: &Ui) -> Color32 {
        let palette = theme::palette(ui.ctx());
        match self {
            Self::Waiting => palette.weak,
            Self::Half | Self::Near | Self::Good => palette.accent,
            Self::Problem => palette.attention,
        }
    }
}

/// A code on the right, as large as the window allows, and a column beside it.
pub fn beside_code(
    ui: &mut Ui,
    textures: &mut Textures,
    shown: ShownCode<'_>,
    content: impl FnOnce(&mut Ui),
) {
    let frame = Frame::central_panel(ui.style()).inner_margin(Margin::ZERO);
    CentralPanel::default().frame(frame).show(ui, |ui| {
        let all = ui.max_rect();
        let column = (all.width() * 0.38).clamp(240.0, 420.0);
        let (left, right) = all.split_left_right_at_x(all.left() + column);
        let room = (all.height() * 0.9).min(right.width() - 2.0 * GAP).max(1.0);
        ui.scope_builder(UiBuilder::new().max_rect(left), |ui| {
            ScrollArea::vertical().id_salt("column").auto_shrink(false).show(ui, |ui| {
                Frame::new().inner_margin(Margin::same(MARGIN)).show(ui, content);
            });
        });
        let square = Rect::from_center_size(right.center(), Vec2::splat(room));
        let count = shown.count();
        ui.scope_builder(UiBuilder::new().max_rect(square), |ui| {
            textures.code_ui(ui, shown, room, common::OUR_CODE);
        });
        if count > 1 {
            // Below the code, where nothing has to make room for it.
            let below = right.with_min_y(square.bottom());
            let layout = egui::Layout::top_down(egui::Align::Center);
            ui.scope_builder(UiBuilder::new().max_rect(below).layout(layout), |ui| {
                weak(ui, &messages::window::pairing::shown_in_parts(count));
            });
        }
    });
}

/// How much of a message in parts was read. It changes several times a second: to a screen
/// reader it is a progress bar, which it tells as often as its user likes, and no line that
/// is read out at each change.
pub fn parts(ui: &mut Ui, have: u8, count: u8, text: &str) {
    let words = ui.add(Label::new(text).extend());
    ui.ctx().accesskit_node_builder(words.id, |node| {
        node.set_role(egui::accesskit::Role::ProgressIndicator);
        node.set_label(words::WHAT_WAS_READ_OF_THEIR_CODE);
        node.set_numeric_value(have.into());
        node.set_min_numeric_value(0.0);
        node.set_max_numeric_value(count.into());
    });
    let palette = theme::palette(ui.ctx());
    let size = Vec2::new(ui.available_width(), BAR);
    let (bar, _) = ui.allocate_exact_size(size, Sense::hover());
    let read = f32::from(have) / f32::from(count.max(1));
    let filled = bar.with_max_x(bar.left() + bar.width() * read);
    ui.painter().rect_filled(bar, BAR / 2.0, palette.line.gamma_multiply(0.35));
    ui.painter().rect_filled(filled, BAR / 2.0, palette.accent);
}

/// How thick [`parts`] draws its bar, in points.
const BAR: f32 = 6.0;

/// The line that says how things stand; screen readers read it out as it changes.
pub fn status(ui: &mut Ui, severity: Severity, text: &str) {
    let colour = severity.colour(ui);
    ui.horizontal_wrapped(|ui| {
        shape(ui, severity, 28.0);
        let words = heading_with_focus(ui, RichText::new(text).heading().color(colour), 1);
        ui.ctx().accesskit_node_builder(words.id, |node| {
            node.set_live(egui::accesskit::Live::Polite);
        });
    });
}

pub fn warning(ui: &mut Ui, text: &str) {
    let colour = theme::palette(ui.ctx()).attention;
    ui.horizontal_top(|ui| {
        shape(ui, Severity::Problem, 20.0);
        words(ui, RichText::new(text).color(colour));
    });
}

/// What went wrong, and what to do about it.
pub fn problem(ui: &mut Ui, problem: &Notification) {
    warning(ui, &problem.what);
    words(ui, problem.advice.as_str().into());
}

/// The page while a passphrase is being processed. Returns whether the user cancels.
pub fn working_page(ui: &mut Ui, text: &str) -> bool {
    let mut cancelled = false;
    page_centred(ui, |ui| cancelled = working(ui, text));
    cancelled
}

fn working(ui: &mut Ui, text: &str) -> bool {
    status(ui, Severity::Waiting, text);
    if !theme::is_motion_reduced(ui) {
        ui.spinner();
    }
    ui.label(words::WHY_SLOW);
    button(ui, common::CANCEL).clicked()
}

/// A labelled line of text.
pub fn field(ui: &mut Ui, name: &str, text: &mut String) -> Response {
    let label = ui.label(name);
    let width = ui.available_width().min(MEASURE);
    let field = TextEdit::singleline(text).desired_width(width).margin(FIELD_MARGIN);
    let response = ui.add(field).labelled_by(label.id);
    focus::offer(ui, Rank::Field, &response);
    buttons::ring(ui, &response);
    response
}

/// The same under a name in letters that stand out, as wide as there is room.
pub fn field_strong(ui: &mut Ui, name: &str, text: &mut String) -> Response {
    let label = ui.label(RichText::new(name).font(theme::strong()));
    let width = ui.available_width();
    let field = TextEdit::singleline(text).desired_width(width).margin(FIELD_MARGIN);
    let response = ui.add(field).labelled_by(label.id);
    focus::offer(ui, Rank::Field, &response);
    buttons::ring(ui, &response);
    response
}

/// A field for searching, with its hint inside, which a new page begins in.
pub fn search(ui: &mut Ui, hint: &str, text: &mut String) -> Response {
    let response = search_field(ui, hint, text);
    focus::offer(ui, Rank::First, &response);
    response
}

/// The same on a page that begins elsewhere.
pub fn search_field(ui: &mut Ui, hint: &str, text: &mut String) -> Response {
    let width = ui.available_width();
    let icon = RichText::new(super::icons::MAGNIFYING_GLASS).size(20.0);
    let field = TextEdit::singleline(text)
        .prefix(icon)
        .hint_text(hint)
        .desired_width(width)
        .margin(FIELD_MARGIN);
    let response = ui.add(field);
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(hint));
    buttons::ring(ui, &response);
    if ui.input_mut(|input| input.consume_key(egui::Modifiers::COMMAND, egui::Key::F)) {
        response.request_focus();
    }
    response
}

/// Between a field's outline and its text, so that it is as high as a button.
const FIELD_MARGIN: Margin = Margin { left: 12, right: 12, top: 10, bottom: 10 };

/// A labelled line of text that is hidden.
pub fn secret(ui: &mut Ui, name: &str, text: &mut String) -> Response {
    let label = ui.label(name);
    let width = ui.available_width().min(MEASURE);
    let field = TextEdit::singleline(text).password(true).desired_width(width).margin(FIELD_MARGIN);
    let response = ui.add(field).labelled_by(label.id);
    focus::offer(ui, Rank::Field, &response);
    buttons::ring(ui, &response);
    response
}

/// A card about something that needs attention.
pub fn attention_card<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    let palette = theme::palette(ui.ctx());
    Frame::new()
        .fill(palette.soft_attention)
        .stroke(Stroke::new(1.0, palette.attention))
        .corner_radius(12)
        .inner_margin(Margin::same(16))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            content(ui)
        })
        .inner
}

/// A raised card with a border.
pub fn card<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    let palette = theme::palette(ui.ctx());
    Frame::new()
        .fill(palette.raised)
        .stroke(Stroke::new(1.0, palette.hair))
        .corner_radius(12)
        .inner_margin(Margin::same(16))
        .show(ui, content)
        .inner
}
