//! Where things are while pairing. Our code is as large as can be and never moves; the rest
//! takes what is left.

use eframe::egui::{Rect, Vec2, pos2, vec2};

use crate::gui::theme::{GAP, NARROW};

/// How thick the window's edge lights up, in points.
pub const EDGE: f32 = GAP;
/// How much of the height our code takes.
const CODE: f32 = 0.92;
/// What a column needs at least, with its picture, its preview and its steps.
const COLUMN: Vec2 = vec2(256.0, 540.0);
/// How wide it becomes at most.
const WIDEST: f32 = 400.0;
/// Between a column and what is beside it.
const BESIDE: f32 = GAP * 4.0;
/// A code that is large enough for any camera, so that the preview is worth more.
const LARGE: f32 = 560.0;
/// What remains where there is no room for a column.
const STRIP: f32 = 128.0;
/// The buttons below a strip.
const BAR: f32 = GAP * 6.0;

/// What is where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    pub form: Form,
    /// Picture, state and steps; in a column, preview and buttons too.
    pub column: Rect,
    /// A square.
    pub code: Rect,
    /// The buttons, where they are not in the column.
    pub bar: Rect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Column,
    Strip,
}

impl Layout {
    pub fn new(all: Rect) -> Self {
        let (column, strip) = (Self::column(all), Self::strip(all));
        let is_roomy = all.width() >= NARROW && all.height() >= COLUMN.y;
        // A column is no reason for a small code.
        let large = (0.8 * strip.code.width()).min(LARGE);
        if is_roomy && column.code.width() >= large { column } else { strip }
    }

    fn column(all: Rect) -> Self {
        let margin = all.height() * (1.0 - CODE) / 2.0;
        let most = all.width() - COLUMN.x - 2.0 * BESIDE - margin;
        let side = (all.height() * CODE).min(most).max(1.0);
        let centre = pos2(all.right() - margin - side / 2.0, all.center().y);
        let code = Rect::from_center_size(centre, Vec2::splat(side));
        let left = all.with_max_x(code.left());
        let width = (left.width() - 2.0 * BESIDE).min(WIDEST);
        let height = all.height() - 2.0 * BESIDE;
        let column = Rect::from_center_size(left.center(), vec2(width, height));
        Self { form: Form::Column, column, code, bar: Rect::NOTHING }
    }

    fn strip(all: Rect) -> Self {
        let inside = all.shrink(EDGE + GAP / 2.0);
        let (above, bar) = inside.split_top_bottom_at_y(inside.bottom() - BAR);
        let side = (above.height() - GAP / 2.0).min(above.width() - STRIP - GAP).max(1.0);
        let corner = pos2(above.right() - side, above.top());
        let code = Rect::from_min_size(corner, Vec2::splat(side));
        let column = above.with_max_x(code.left() - GAP);
        let bar = bar.with_min_y(bar.top() + GAP / 2.0);
        Self { form: Form::Strip, column, code, bar }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(width: f32, height: f32) -> Layout {
        Layout::new(Rect::from_min_size(pos2(0.0, 0.0), vec2(width, height)))
    }

    #[test]
    fn our_code_takes_92_percent_of_the_height_where_a_column_has_room_beside_it() {
        for (width, height) in [(900.0, 600.0), (960.0, 640.0), (1280.0, 800.0), (1920.0, 1080.0)] {
            let layout = layout(width, height);
            assert_eq!(layout.form, Form::Column);
            assert!((layout.code.width() - 0.92 * height).abs() < 0.5, "{layout:?}");
        }
    }

    #[test]
    fn nothing_covers_another_and_nothing_is_cut_whatever_the_size() {
        for width in [320.0, 480.0, 512.0, 560.0, 700.0, 900.0, 1000.0, 2560.0] {
            for height in [256.0, 320.0, 400.0, 539.0, 540.0, 680.0, 1600.0] {
                let all = Rect::from_min_size(pos2(0.0, 0.0), vec2(width, height));
                let Layout { form, column, code, bar } = Layout::new(all);
                let mut parts = vec![column, code];
                parts.extend((form == Form::Strip).then_some(bar));
                for (n, part) in parts.iter().enumerate() {
                    assert!(all.shrink(EDGE).contains_rect(*part), "{width}x{height}: {part:?}");
                    for other in parts.iter().skip(n + 1) {
                        let both = part.intersect(*other);
                        assert!(!both.is_positive(), "{width}x{height}: {part:?} {other:?}");
                    }
                }
                assert!(column.width() >= STRIP && code.width() >= 150.0, "{width}x{height}");
                let fits = (all.height() * CODE).min(all.width() - STRIP);
                assert!(
                    code.width() >= (0.75 * fits - BAR).min(LARGE),
                    "{width}x{height}: {code:?}"
                );
            }
        }
    }
}
