//! The shapes that stand for a state. Each is told by its shape, not by its colour.

use eframe::egui::epaint::PathShape;
use eframe::egui::{Color32, Pos2, Rect, Sense, Shape, Stroke, Ui, Vec2, pos2, vec2};

use super::Severity;
use crate::gui::theme;

/// The shape of a state, which screen readers skip: the words beside it say the same.
pub fn shape(ui: &mut Ui, severity: Severity, size: f32) {
    let colour = severity.colour(ui);
    let behind = theme::palette(ui.ctx()).raised;
    mark(ui, severity, size, colour, behind);
}

/// The same in other colours: `on` is what is drawn within a filled shape.
pub fn mark(ui: &mut Ui, severity: Severity, size: f32, colour: Color32, on: Color32) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(size), Sense::hover());
    ui.painter().extend(shapes(rect, severity, colour, on));
}

fn shapes(rect: Rect, severity: Severity, colour: Color32, on: Color32) -> Vec<Shape> {
    let unit = rect.width() / 24.0;
    let at = |x: f32, y: f32| rect.min + vec2(x, y) * unit;
    let centre = rect.center();
    let ring =
        |radius: f32| Shape::circle_stroke(centre, radius * unit, Stroke::new(2.0 * unit, colour));
    match severity {
        Severity::Waiting => vec![ring(9.0)],
        Severity::Half => vec![ring(9.0), half_disc(centre, 9.0 * unit, colour)],
        Severity::Near => vec![ring(9.5), Shape::circle_filled(centre, 5.0 * unit, colour)],
        Severity::Good => vec![
            Shape::circle_filled(centre, 10.5 * unit, colour),
            Shape::line(
                vec![at(7.0, 12.4), at(10.6, 16.0), at(17.0, 8.6)],
                Stroke::new(2.4 * unit, on),
            ),
        ],
        Severity::Problem => vec![
            Shape::Path(PathShape::convex_polygon(
                vec![at(12.0, 2.0), at(23.0, 21.5), at(1.0, 21.5)],
                colour,
                Stroke::new(1.5 * unit, colour),
            )),
            Shape::line_segment([at(12.0, 8.5), at(12.0, 14.5)], Stroke::new(2.2 * unit, on)),
            Shape::circle_filled(at(12.0, 17.9), 1.4 * unit, on),
        ],
    }
}

fn half_disc(centre: Pos2, radius: f32, colour: Color32) -> Shape {
    let points = (0..=16_u8).map(|step| {
        let angle = std::f32::consts::PI * (0.5 + f32::from(step) / 16.0);
        pos2(centre.x + radius * angle.cos(), centre.y - radius * angle.sin())
    });
    Shape::Path(PathShape::convex_polygon(points.collect(), colour, Stroke::NONE))
}
