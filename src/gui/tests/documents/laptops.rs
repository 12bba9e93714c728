//! Two laptops, with what is on their screens.

use std::collections::HashMap;

use eframe::egui::{Align2, CornerRadius, FontId, Pos2, Rect, Theme, Ui, Vec2};
use egui_kittest::Harness;
use image::{RgbImage, imageops};

use super::couple::opaque;
use crate::gui::tests::software_renderer::SoftwareRenderer;
use crate::gui::theme;

/// Each screen, in pixels.
const SCREEN: Vec2 = Vec2::new(574.0, 378.0);
/// The windows on them are drawn so much smaller.
pub const SCALE: f32 = 0.7;

/// The size of the windows, in points.
pub fn window_size() -> Vec2 {
    SCREEN / SCALE
}

const AROUND: f32 = 12.0;
/// Of a lid around its screen.
const EDGE: f32 = 12.0;
/// How far the keyboard stands out.
const FOOT: f32 = 16.0;
const FOOT_HEIGHT: f32 = 16.0;
const BETWEEN: f32 = 20.0;
const CAPTION: f32 = 56.0;

fn lid(which: usize) -> Rect {
    let size = SCREEN + Vec2::splat(2.0 * EDGE);
    let left = AROUND + FOOT + which as f32 * (size.x + 2.0 * FOOT + BETWEEN);
    Rect::from_min_size(Pos2::new(left, AROUND), size)
}

/// The size of the whole picture.
fn size() -> Vec2 {
    let right = lid(1).right_bottom();
    Vec2::new(right.x + FOOT + AROUND, right.y + FOOT_HEIGHT + CAPTION)
}

fn draw(ui: &Ui, caption: &str) {
    let colours = theme::LIGHT;
    let painter = ui.ctx().layer_painter(ui.layer_id());
    let body = colours.text;
    painter.rect_filled(Rect::from_min_size(Pos2::ZERO, size()), 0, colours.page);
    for lid in [0, 1].map(lid) {
        painter.rect_filled(lid, CornerRadius { nw: 14, ne: 14, sw: 4, se: 4 }, body);
        let camera = Pos2::new(lid.center().x, lid.top() + EDGE / 2.0);
        painter.circle_filled(camera, 3.0, colours.weak);
        let foot = Rect::from_min_max(
            Pos2::new(lid.left() - FOOT, lid.bottom()),
            Pos2::new(lid.right() + FOOT, lid.bottom() + FOOT_HEIGHT),
        );
        painter.rect_filled(foot, CornerRadius { nw: 2, ne: 2, sw: 12, se: 12 }, colours.line);
        let notch =
            Rect::from_center_size(foot.center_top() + Vec2::new(0.0, 3.0), [96.0, 6.0].into());
        painter.rect_filled(notch, CornerRadius { nw: 0, ne: 0, sw: 6, se: 6 }, colours.weak);
    }
    let at = Pos2::new(size().x / 2.0, size().y - CAPTION / 2.0 + 2.0);
    let font = FontId::new(24.0, theme::strong().family);
    painter.text(at, Align2::CENTER_CENTER, caption, font, colours.text);
}

/// Draws them, each caption once.
#[derive(Default)]
pub struct Laptops {
    drawn: HashMap<&'static str, RgbImage>,
}

impl Laptops {
    pub fn draw(&mut self, caption: &'static str, screens: &[RgbImage; 2]) -> RgbImage {
        let mut picture = self
            .drawn
            .entry(caption)
            .or_insert_with(|| {
                let mut harness = Harness::builder()
                    .with_size(size())
                    .with_theme(Theme::Light)
                    .with_context_setup(theme::install)
                    .renderer(SoftwareRenderer::default())
                    .build_ui(|ui| draw(ui, caption));
                harness.run_steps(2);
                opaque(&harness.render().unwrap())
            })
            .clone();
        for (which, screen) in screens.iter().enumerate() {
            let at = lid(which).min + Vec2::splat(EDGE);
            imageops::replace(&mut picture, screen, at.x as i64, at.y as i64);
        }
        picture
    }
}

/// What a camera sees of the other laptop, from a forearm away in a dim room.
pub fn seen_by_camera(screen: &RgbImage) -> image::GrayImage {
    let mut view =
        image::GrayImage::from_fn(640, 360, |x, y| image::Luma([(46 + (x + 2 * y) / 40) as u8]));
    let grey = image::DynamicImage::ImageRgb8(screen.clone()).into_luma8();
    let height = 285;
    let width = height * screen.width() / screen.height();
    let (left, top) = ((640 - i64::from(width)) / 2, (352 - i64::from(height)) / 2);
    let lid = image::GrayImage::from_pixel(width + 20, height + 20, image::Luma([18]));
    imageops::replace(&mut view, &lid, left - 10, top - 10);
    let mut small = imageops::resize(&grey, width, height, imageops::FilterType::Triangle);
    for pixel in small.pixels_mut() {
        // A screen in a dim room is neither black nor quite white.
        pixel.0[0] = (30 + u32::from(pixel.0[0]) * 205 / 255) as u8;
    }
    imageops::replace(&mut view, &small, left, top);
    view
}
