//! The widgets that screens are made of.

use eframe::egui::{
    self, Align2, Button, CentralPanel, Color32, FontFamily, FontId, Frame, Label, Margin, Rect,
    Response, RichText, Role, ScrollArea, Sense, Stroke, TextEdit, Ui, UiBuilder, Vec2, WidgetInfo,
};

use super::code::{ShownCode, Textures};
use super::icons;
use super::theme::{self, COLUMN, GAP, MARGIN};
use crate::messages::{self, Notification};
use keyglance_core::contacts::Contact;
use keyglance_core::trust::Trust;

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

    /// How a contact looks: one that is held back is a problem.
    pub fn of_contact(contact: &Contact) -> Self {
        if contact.is_held_back() { Self::Problem } else { Self::of(contact.trust()) }
    }

    const fn shape(self) -> &'static str {
        match self {
            Self::Waiting => icons::CIRCLE,
            Self::Half => icons::CIRCLE_HALF,
            Self::Near => icons::RECORD,
            Self::Good => icons::CHECK_CIRCLE,
            Self::Problem => icons::WARNING,
        }
    }

    pub fn colour(self, ui: &Ui) -> Color32 {
        let palette = theme::palette(ui.ctx());
        match self {
            Self::Waiting => palette.weak,
            Self::Half | Self::Near | Self::Good => palette.good,
            Self::Problem => palette.problem,
        }
    }
}

/// A column in the middle that scrolls if it is too long.
pub fn page(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    CentralPanel::default().show(ui, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let side = ((ui.available_width() - COLUMN) / 2.0).max(f32::from(MARGIN));
            let width = (ui.available_width() - 2.0 * side).min(COLUMN);
            let spacing = ui.spacing().item_spacing;
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.add_space(side);
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing = spacing;
                    ui.set_width(width);
                    ui.add_space(f32::from(MARGIN));
                    content(ui);
                    ui.add_space(f32::from(MARGIN));
                });
            });
        });
    });
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
            textures.code_ui(ui, shown, room, "Our code");
        });
        if count > 1 {
            // Below the code, where nothing has to make room for it.
            let below = right.with_min_y(square.bottom());
            let layout = egui::Layout::top_down(egui::Align::Center);
            ui.scope_builder(UiBuilder::new().max_rect(below).layout(layout), |ui| {
                weak(ui, &messages::window::shown_in_parts(count));
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
        node.set_label("What was read of their code");
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
        shape(ui, severity, 26.0);
        let words = ui.label(RichText::new(text).heading().color(colour));
        ui.ctx().accesskit_node_builder(words.id, |node| {
            node.set_live(egui::accesskit::Live::Polite);
        });
    });
}

/// The shape alone, which screen readers skip: the text beside it says the same.
pub fn shape(ui: &mut Ui, severity: Severity, size: f32) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(size), Sense::hover());
    let font = FontId::new(size, FontFamily::Proportional);
    let (shape, colour) = (severity.shape(), severity.colour(ui));
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, shape, font, colour);
}

pub fn heading(ui: &mut Ui, text: &str) {
    ui.heading(text);
    ui.add_space(GAP);
}

pub fn strong(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).font(theme::strong()));
}

pub fn weak(ui: &mut Ui, text: &str) {
    let colour = theme::palette(ui.ctx()).weak;
    ui.label(RichText::new(text).small().color(colour));
}

pub fn warning(ui: &mut Ui, text: &str) {
    let colour = theme::palette(ui.ctx()).problem;
    ui.horizontal_top(|ui| {
        shape(ui, Severity::Problem, 20.0);
        ui.add(Label::new(RichText::new(text).color(colour)).wrap());
    });
}

/// What went wrong, and what to do about it.
pub fn problem(ui: &mut Ui, problem: &Notification) {
    warning(ui, &problem.what);
    ui.label(&problem.advice);
}

/// Shown while a passphrase is being processed. Returns whether the user cancels.
pub fn working(ui: &mut Ui, text: &str) -> bool {
    status(ui, Severity::Waiting, text);
    if !theme::is_motion_reduced(ui) {
        ui.spinner();
    }
    ui.label("The passphrase is made slow to guess; this takes a moment.");
    button(ui, "Cancel").clicked()
}

/// Digits that the user compares.
pub fn digits(ui: &mut Ui, text: &str) {
    ui.add(Label::new(RichText::new(text).font(theme::digits()).strong()));
}

/// The button that most users will want.
pub fn primary(ui: &mut Ui, text: &str) -> Response {
    let palette = theme::palette(ui.ctx());
    let text = RichText::new(text).color(palette.on_accent);
    ui.add(Button::new(text).fill(palette.accent).stroke(Stroke::NONE))
}

pub fn button(ui: &mut Ui, text: &str) -> Response {
    ui.button(text)
}

/// A button with an icon only. Screen readers and the tooltip say `name`.
pub fn icon(ui: &mut Ui, icon: &str, name: &str) -> Response {
    let response = ui.add(Button::new(RichText::new(icon).size(20.0)));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    response.on_hover_text(name)
}

/// A labelled line of text.
pub fn field(ui: &mut Ui, name: &str, text: &mut String) -> Response {
    let label = ui.label(name);
    let width = ui.available_width().min(COLUMN);
    ui.add(TextEdit::singleline(text).desired_width(width).margin(Margin::symmetric(10, 9)))
        .labelled_by(label.id)
}

/// Cells of [`digit_cells`].
pub const CELLS: usize = 6;

/// Six cells for digits, by threes: one field for the keyboard, the clipboard and
/// screen readers. Only digits stay in `text`.
pub fn digit_cells(ui: &mut Ui, name: &str, text: &mut String) -> Response {
    const SPACE: f32 = 6.0;
    const PARTING: f32 = 14.0;
    let width = ((ui.available_width() - 4.0 * SPACE - PARTING) / 6.0).clamp(24.0, 46.0);
    let size = Vec2::new(6.0 * width + 4.0 * SPACE + PARTING, width * 1.5);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let response = ui
        .scope_builder(UiBuilder::new().max_rect(rect), |ui| {
            // The cells are drawn below; the field only takes the keys.
            ui.visuals_mut().text_cursor.stroke = Stroke::NONE;
            ui.visuals_mut().selection.bg_fill = Color32::TRANSPARENT;
            let field = TextEdit::singleline(text)
                .frame(Frame::NONE)
                .text_color(Color32::TRANSPARENT)
                .font(FontId::new(1.0, FontFamily::Monospace))
                .desired_width(size.x)
                .min_size(size);
            ui.add_sized(size, field)
        })
        .inner;
    text.retain(|c| c.is_ascii_digit());
    let id = response.id;
    ui.ctx().accesskit_node_builder(id, |node| node.set_label(name));
    let palette = theme::palette(ui.ctx());
    let mut left = rect.left();
    for cell in 0..CELLS {
        let square = Rect::from_min_size(egui::pos2(left, rect.top()), Vec2::new(width, size.y));
        let next = response.has_focus() && cell == text.len().min(CELLS - 1);
        let stroke =
            if next { Stroke::new(2.0, palette.accent) } else { Stroke::new(1.0, palette.line) };
        ui.painter().rect(square, 8, palette.page, stroke, egui::StrokeKind::Inside);
        if let Some(digit) = text.chars().nth(cell) {
            let font = theme::digits_of(width * 0.85);
            let centre = square.center();
            ui.painter().text(centre, Align2::CENTER_CENTER, digit, font, palette.text);
        }
        left += width + if cell == 2 { PARTING } else { SPACE };
    }
    response
}

/// A labelled line of text that is hidden.
pub fn secret(ui: &mut Ui, name: &str, text: &mut String) -> Response {
    let label = ui.label(name);
    let width = ui.available_width().min(COLUMN);
    ui.add(
        TextEdit::singleline(text)
            .password(true)
            .desired_width(width)
            .margin(Margin::symmetric(10, 9)),
    )
    .labelled_by(label.id)
}

/// A raised card with a border.
pub fn card<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    let palette = theme::palette(ui.ctx());
    Frame::new()
        .fill(palette.raised)
        .stroke(Stroke::new(1.0, palette.line))
        .corner_radius(10)
        .inner_margin(Margin::same(14))
        .show(ui, content)
        .inner
}
