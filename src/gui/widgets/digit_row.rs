//! Rows of digits to read out and to compare: each digit in a cell of the same width,
//! since the font's own digits are not.

use eframe::egui::{
    Align2, Color32, Pos2, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use super::buttons::ring;
use crate::gui::theme;

/// How wide a digit's cell is, for its size.
const CELL: f32 = 0.66;
/// Between two groups, in cells.
const PARTING: f32 = 0.9;

/// Fifteen digits in three groups.
pub fn digits(ui: &mut Ui, groups: &[String; 3], size: f32, colour: Color32) {
    let (rect, response) = ui.allocate_exact_size(size_of(size), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken(groups)));
    paint(ui, rect.left_center(), groups, size, colour);
}

/// The same with a box to tick, all of which can be pressed.
pub fn digit_row(ui: &mut Ui, groups: &[String; 3], ticked: bool) -> Response {
    const BOX: f32 = 20.0;
    let all = ui.available_width();
    let gap = if all < 300.0 { 10.0 } else { 16.0 };
    // As large as the row allows.
    let size = (20.0_f32).min((all - BOX - gap - 8.0) / (CELL * (15.0 + 2.0 * PARTING)));
    let (rect, response) = ui.allocate_exact_size(vec2(all, 36.0), Sense::click());
    let palette = theme::palette(ui.ctx());
    if response.hovered() {
        ui.painter().rect_filled(rect, 8.0, palette.sunken);
    }
    let square = Rect::from_center_size(
        pos2(rect.left() + 4.0 + BOX / 2.0, rect.center().y),
        Vec2::splat(BOX),
    );
    if ticked {
        ui.painter().rect_filled(square, 4.0, palette.accent);
        let at = |x: f32, y: f32| square.min + vec2(x, y) * BOX;
        let tick = vec![at(0.22, 0.52), at(0.43, 0.72), at(0.79, 0.29)];
        ui.painter().add(Shape::line(tick, Stroke::new(2.5, palette.on_accent)));
    } else {
        let line = Stroke::new(1.0, palette.line);
        ui.painter().rect_stroke(square, 4.0, line, StrokeKind::Inside);
    }
    paint(ui, pos2(square.right() + gap, rect.center().y), groups, size, palette.text);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, ticked, spoken(groups)));
    ring(ui, &response);
    response
}

/// How large digits can be so that a row of them fits.
pub fn digits_that_fit(ui: &Ui) -> f32 {
    (ui.available_width() / (CELL * (15.0 + 2.0 * PARTING))).min(20.0)
}

fn size_of(size: f32) -> Vec2 {
    vec2(size * CELL * (15.0 + 2.0 * PARTING), size * 1.5)
}

fn paint(ui: &Ui, left: Pos2, groups: &[String; 3], size: f32, colour: Color32) {
    let mut x = left.x;
    let cell = size * CELL;
    for group in groups {
        for digit in group.chars() {
            let at = pos2(x + cell / 2.0, left.y);
            ui.painter().text(at, Align2::CENTER_CENTER, digit, theme::digits_plain(size), colour);
            x += cell;
        }
        x += cell * PARTING;
    }
}

/// Digit by digit: nobody compares ten thousands.
fn spoken(groups: &[String; 3]) -> String {
    let apart = |group: &String| group.chars().map(String::from).collect::<Vec<_>>().join(" ");
    groups.iter().map(apart).collect::<Vec<_>>().join(", ")
}
