//! The one picture: two screens that face each other. While they pair, a golden glance
//! goes between them; when both hold the key they close up, and the gap between them is
//! a key. And the picture of a contact, which is that mark with teeth of its own.

use eframe::egui::epaint::PathShape;
use eframe::egui::{Color32, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, vec2};

use super::theme::{self, Palette};
use keyglance_core::crypto::ContactPicture;

/// The size of the picture at scale 1, in points.
const SIZE: Vec2 = vec2(240.0, 104.0);

/// What the picture shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scene {
    /// Our screen looks out; dots wander from it. `step`, 0 to 3, says which is brightest.
    Looking { step: u8 },
    /// Ours sees theirs, `reach` (0 to 1) of the way.
    Seen { reach: f32 },
    /// Each sees the other.
    Agreed { reach: f32 },
    /// Both hold the key; `closed` runs from 0 (apart) to 1 (the mark).
    SameKey { closed: f32 },
}

impl Scene {
    /// The mark: two screens, and a key between them.
    pub const MARK: Self = Self::SameKey { closed: 1.0 };
}

/// Draws the picture `width` points wide, in the palette's colours. `behind` is what is
/// behind it: the key is painted in it. Screen readers hear `name`, or skip it if that is
/// empty, because words beside it say the same.
pub fn scene(
    ui: &mut Ui,
    width: f32,
    scene: Scene,
    palette: &Palette,
    behind: Color32,
    name: &str,
) {
    let scale = width / SIZE.x;
    let (rect, response) = ui.allocate_exact_size(SIZE * scale, Sense::hover());
    if !name.is_empty() {
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    }
    ui.painter().extend(shapes(rect.min, scale, scene, palette, behind));
}

/// The mark alone, cut to its own width: half that of the picture.
pub fn mark(ui: &mut Ui, width: f32, palette: &Palette, behind: Color32) {
    let scale = width / MARK_WIDTH;
    let (rect, _) = ui.allocate_exact_size(vec2(MARK_WIDTH, SIZE.y) * scale, Sense::hover());
    let origin = rect.min - vec2((SIZE.x - MARK_WIDTH) / 2.0, 0.0) * scale;
    ui.painter().extend(shapes(origin, scale, Scene::MARK, palette, behind));
}

/// How wide the mark is at scale 1, in points.
const MARK_WIDTH: f32 = 116.0;
/// How wide the mark is, for its height.
pub const MARK_RATIO: f32 = MARK_WIDTH / SIZE.y;

/// The corners of a convex polygon, each rounded: egui joins lines with mitres only.
fn rounded(corners: [Pos2; 4], radius: f32) -> Vec<Pos2> {
    let [a, b, c, d] = corners;
    let mut points = Vec::with_capacity(28);
    for (before, corner, after) in [(d, a, b), (a, b, c), (b, c, d), (c, d, a)] {
        let from = corner + (before - corner).normalized() * radius;
        let to = corner + (after - corner).normalized() * radius;
        // A quadratic curve from one tangent point to the other.
        for step in 0..=6_u8 {
            let t = f32::from(step) / 6.0;
            let (p, q) = (from + (corner - from) * t, corner + (to - corner) * t);
            points.push(p + (q - p) * t);
        }
    }
    points
}

fn shapes(
    origin: Pos2,
    scale: f32,
    scene: Scene,
    palette: &Palette,
    behind: Color32,
) -> Vec<Shape> {
    let at = |x: f32, y: f32| origin + vec2(x, y) * scale;
    let closed = if let Scene::SameKey { closed } = scene { closed } else { 0.0 };
    // Closed, the inner edges lie behind the key's shaft.
    let (inner, outer) = (62.0 - 66.0 * closed, 112.0 - 57.0 * closed);
    let screen = |side: f32| {
        let x = |distance: f32| 120.0 + side * distance;
        let corners =
            [at(x(outer), 5.0), at(x(inner), 20.0), at(x(inner), 84.0), at(x(outer), 99.0)];
        rounded(corners, 7.0 * scale)
    };
    let fill =
        |points, colour| Shape::Path(PathShape::convex_polygon(points, colour, Stroke::NONE));
    // Lines of epaint end square: a rounded bar is a rectangle.
    let bar = |x0: f32, x1: f32, colour| {
        Shape::rect_filled(Rect::from_min_max(at(x0, 49.0), at(x1, 55.0)), 3.0 * scale, colour)
    };
    let dashes = |from: f32, to: f32| {
        let stroke = Stroke::new(2.5 * scale, palette.line);
        Shape::dashed_line(&[at(from, 52.0), at(to, 52.0)], stroke, 5.0 * scale, 6.0 * scale)
    };
    let mut out = vec![fill(screen(-1.0), palette.our_screen)];
    if let Scene::Looking { .. } = scene {
        let mut edge = screen(1.0);
        edge.extend(edge.first().copied());
        let stroke = Stroke::new(2.5 * scale, palette.line);
        out.extend(Shape::dashed_line(&edge, stroke, 7.0 * scale, 6.0 * scale));
    } else {
        out.push(fill(screen(1.0), palette.their_screen));
    }
    let codes: &[(f32, Color32)] = match scene {
        Scene::Looking { .. } => &[(-1.0, palette.on_our_screen)],
        Scene::Seen { .. } | Scene::Agreed { .. } => {
            &[(-1.0, palette.on_our_screen), (1.0, palette.on_their_screen)]
        }
        Scene::SameKey { .. } => &[],
    };
    for (side, colour) in codes {
        let x = |distance: f32| 120.0 + side * (62.0 + distance);
        for quad in FINDERS {
            let points = quad.iter().map(|(distance, y)| at(x(*distance), *y)).collect();
            out.push(Shape::closed_line(points, Stroke::new(4.0 * scale, *colour)));
        }
        for y in [62.5, 72.0] {
            let line = [at(x(19.0), y + 0.5), at(x(9.0), y - 0.5)];
            out.push(Shape::line_segment(line, Stroke::new(4.0 * scale, *colour)));
        }
    }
    let glance = Shape::circle_filled(at(120.0, 52.0), 7.0 * scale, palette.gold);
    match scene {
        Scene::Looking { step } => {
            for dot in 0..3_u8 {
                // The brightest wanders away from our screen.
                let alpha = match (step + 3 - dot) % 3 {
                    0 => 1.0,
                    1 => 0.6,
                    _ => 0.3,
                };
                let centre = at(80.0 + 18.0 * f32::from(dot), 52.0);
                let colour = palette.gold.gamma_multiply(alpha);
                out.push(Shape::circle_filled(centre, 4.0 * scale, colour));
            }
        }
        Scene::Seen { reach } => {
            out.push(bar(70.0, 70.0 + 30.0 * reach, palette.our_screen));
            out.extend(dashes(140.0, 170.0));
            out.push(glance);
        }
        Scene::Agreed { reach } => {
            out.push(bar(70.0, 100.0, palette.our_screen));
            out.push(bar(170.0 - 30.0 * reach, 170.0, palette.their_screen));
            let ring = Stroke::new(5.0 * scale, palette.our_screen);
            out.push(Shape::circle_stroke(at(120.0, 52.0), 14.0 * scale, ring));
            out.push(glance);
        }
        Scene::SameKey { closed } => {
            let hole = |x0: f32, y0: f32, x1: f32, y1: f32| {
                Shape::rect_filled(Rect::from_min_max(at(x0, y0), at(x1, y1)), 0.0, behind)
            };
            out.push(hole(115.5, 0.0, 124.5, 104.0));
            out.push(Shape::circle_filled(at(120.0, 40.0), 16.5 * scale, behind));
            out.push(hole(120.0, 62.0, 120.0 + 21.0 * closed, 69.0));
            out.push(hole(120.0, 73.5, 120.0 + 15.0 * closed, 80.5));
            out.push(Shape::circle_filled(at(120.0, 40.0), 7.0 * scale, palette.gold));
        }
    }
    out
}

/// Finder patterns on a screen, by their distance from its inner edge, and their height.
const FINDERS: [[(f32, f32); 4]; 3] = [
    [(41.0, 21.0), (28.0, 24.0), (28.0, 38.0), (41.0, 38.0)],
    [(19.0, 27.0), (9.0, 29.5), (9.0, 40.5), (19.0, 39.5)],
    [(41.0, 66.0), (28.0, 66.0), (28.0, 80.0), (41.0, 83.0)],
];

/// The picture of a contact, `size` points wide: 40 in rows, 64 on pages. Screen readers
/// skip it; it reminds, and proves nothing.
pub fn contact(ui: &mut Ui, size: f32, picture: &ContactPicture) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(size), Sense::hover());
    ui.painter().extend(contact_shapes(rect.min, size, picture));
}

fn contact_shapes(origin: Pos2, size: f32, picture: &ContactPicture) -> Vec<Shape> {
    let scale = size / 40.0;
    let colour = theme::CONTACT_PICTURES.get(usize::from(picture.colour)).copied();
    let colour = colour.unwrap_or(theme::LIGHT.accent);
    let block = |x: f32, y: f32, width: f32, height: f32, radius: f32, fill| {
        let size = vec2(width, height) * scale;
        let rect = Rect::from_min_size(origin + vec2(x, y) * scale, size);
        Shape::rect_filled(rect, radius * scale, fill)
    };
    let bow = origin + vec2(20.0, 10.6) * scale;
    let pale = Color32::WHITE.lerp_to_gamma(colour, 0.24);
    let mut out = vec![
        block(0.0, 0.0, 40.0, 40.0, 9.6, colour),
        block(4.0, 4.0, 14.8, 32.0, 4.0, Color32::WHITE),
        block(21.2, 4.0, 14.8, 32.0, 4.0, pale),
        Shape::circle_filled(bow, 5.2 * scale, colour),
        Shape::circle_filled(bow, 2.2 * scale, Color32::WHITE),
    ];
    for (tooth, length) in (0_u8..).zip(picture.teeth) {
        let long = f32::from(length) * 4.0;
        let x = if tooth % 2 == 0 { 19.5 - long } else { 20.5 };
        out.push(block(x, 17.4 + 4.6 * f32::from(tooth / 2), long, 3.0, 0.0, colour));
    }
    out
}
