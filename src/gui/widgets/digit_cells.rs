//! Six cells for the digits of the other screen.

use eframe::egui::{
    self, Align2, Color32, FontFamily, FontId, Frame, Rect, Response, Sense, Stroke, TextEdit, Ui,
    UiBuilder, Vec2,
};

use crate::gui::focus::{self, Rank};
use crate::gui::theme;

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
    focus::offer(ui, Rank::First, &response);
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
        } else if next {
            let line = square.shrink2(Vec2::new(0.0, size.y * 0.26)).y_range();
            ui.painter().vline(square.center().x, line, Stroke::new(2.0, palette.accent));
        }
        left += width + if cell == 2 { PARTING } else { SPACE };
    }
    response
}
