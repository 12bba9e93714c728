//! Draws our code and the camera's preview, as textures.

use eframe::egui::{
    self, Color32, ColorImage, Context, Pos2, Rect, Sense, Shape, Stroke, TextureHandle,
    TextureOptions, Ui, Vec2, vec2,
};

use keyglance_capture::ScannedFrame;
use keyglance_qr::{Code, QUIET_ZONE};

/// One texture for our code and one for the preview, kept while the window is open.
#[derive(Default)]
pub struct Textures {
    code: Option<(String, u8, usize, TextureHandle)>,
    preview: Option<(u64, TextureHandle)>,
}

impl Textures {
    /// The texture of a code, one pixel per module including the quiet zone, and
    /// its side in modules.
    fn code(&mut self, ctx: &Context, text: &str, white: u8) -> Option<(usize, &TextureHandle)> {
        let fresh =
            !matches!(&self.code, Some((have, light, ..)) if have == text && *light == white);
        if fresh {
            let code = Code::new(text).ok()?;
            let side = code.side() + 2 * QUIET_ZONE;
            let light =
                Color32::from_gray(u8::try_from(u16::from(white) * 255 / 100).unwrap_or(255));
            let mut image = ColorImage::filled([side, side], light);
            let places = (0..code.side()).flat_map(|y| (0..code.side()).map(move |x| (x, y)));
            for (x, y) in places.filter(|(x, y)| code.is_dark(*x, *y)) {
                let at = (y + QUIET_ZONE) * side + x + QUIET_ZONE;
                if let Some(pixel) = image.pixels.get_mut(at) {
                    *pixel = Color32::BLACK;
                }
            }
            let texture = match self.code.take() {
                Some((.., mut texture)) => {
                    texture.set(image, TextureOptions::NEAREST);
                    texture
                }
                None => ctx.load_texture("code", image, TextureOptions::NEAREST),
            };
            self.code = Some((text.to_owned(), white, side, texture));
        }
        self.code.as_ref().map(|(_, _, side, texture)| (*side, texture))
    }

    /// Swaps the code's texture, so that it can be borrowed apart from the preview's.
    pub fn swap_code(&mut self, other: &mut Self) {
        std::mem::swap(&mut self.code, &mut other.code);
    }

    /// Paints a code in a square of at most `room` points, with a whole number of
    /// physical pixels per module, and the same in every theme. `panel` is its
    /// white and size in percent.
    pub fn code_ui(
        &mut self,
        ui: &mut Ui,
        text: &str,
        room: f32,
        panel: (u8, u8),
        name: &str,
    ) -> egui::Response {
        let ctx = ui.ctx().clone();
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(room), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, name));
        let Some((side, texture)) = self.code(&ctx, text, panel.0) else { return response };
        let scale = ctx.pixels_per_point();
        let rect = crisp(rect, side, room * f32::from(panel.1) / 100.0, scale);
        let uv = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
        ui.painter().image(texture.id(), rect, uv, Color32::WHITE);
        response
    }

    /// Paints what the camera saw last, as large as fits into `size`, with an
    /// outline around each code. `number` changes with each frame.
    pub fn preview_ui(
        &mut self,
        ui: &mut Ui,
        frame: &ScannedFrame,
        number: u64,
        size: Vec2,
        mirror: bool,
        outline: Color32,
    ) {
        if !matches!(&self.preview, Some((have, _)) if *have == number) {
            let (width, height) = frame.preview.dimensions();
            let image =
                ColorImage::from_gray([width as usize, height as usize], frame.preview.as_raw());
            match &mut self.preview {
                Some((have, texture)) => {
                    texture.set(image, TextureOptions::LINEAR);
                    *have = number;
                }
                None => {
                    let texture = ui.ctx().load_texture("preview", image, TextureOptions::LINEAR);
                    self.preview = Some((number, texture));
                }
            }
        }
        let Some((_, texture)) = &self.preview else { return };
        let (outer, response) = ui.allocate_exact_size(size, Sense::hover());
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::Image, true, "What the camera sees")
        });
        let picture = vec2(frame.preview.width() as f32, frame.preview.height() as f32);
        let scale = (outer.size() / picture).min_elem();
        let rect = Rect::from_center_size(outer.center(), picture * scale);
        let (left, right) = if mirror { (1.0, 0.0) } else { (0.0, 1.0) };
        let uv = Rect::from_min_max(Pos2::new(left, 0.0), Pos2::new(right, 1.0));
        ui.painter().image(texture.id(), rect, uv, Color32::WHITE);
        for (reading, _) in &frame.codes {
            let corners = frame.outline(reading).map(|p| {
                let x = if mirror { picture.x - p.x } else { p.x };
                rect.min + vec2(x, p.y) * scale
            });
            ui.painter().add(Shape::closed_line(corners.to_vec(), Stroke::new(3.0, outline)));
        }
    }
}

/// The largest square in `rect`, of at most `room` points, in which a module is a
/// whole number of physical pixels, aligned to the pixel grid.
fn crisp(rect: Rect, side: usize, room: f32, pixels_per_point: f32) -> Rect {
    let pixels = (room * pixels_per_point / side as f32).floor().max(1.0);
    let size = pixels * side as f32 / pixels_per_point;
    let snap = |at: f32| (at * pixels_per_point).round() / pixels_per_point;
    let corner = rect.center() - Vec2::splat(size / 2.0);
    Rect::from_min_size(Pos2::new(snap(corner.x), snap(corner.y)), Vec2::splat(size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_whole_physical_pixels_on_the_grid() {
        for scale in [1.0_f32, 1.25, 1.5, 2.0] {
            for room in [180.0, 333.3, 700.0] {
                let at = Rect::from_min_size(Pos2::new(13.3, 7.7), Vec2::splat(room));
                let rect = crisp(at, 41, room, scale);
                let module = rect.width() * scale / 41.0;
                assert!((module - module.round()).abs() < 1e-3 && module >= 1.0, "{module}");
                for edge in [rect.min.x * scale, rect.min.y * scale] {
                    assert!((edge - edge.round()).abs() < 1e-3, "{edge}");
                }
                assert!(rect.width() <= room.max(41.0 / scale) + 1e-3);
            }
        }
    }
}
