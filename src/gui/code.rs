//! Draws our code and the camera's preview, as textures.

use eframe::egui::{
    self, Color32, ColorImage, Context, Pos2, Rect, Sense, Shape, Stroke, TextureHandle,
    TextureOptions, Ui, Vec2, vec2,
};

use zeroize::Zeroizing;

use super::code_display::CodeDisplay;
use crate::messages::window::widgets as words;
use keyglance_capture::ScannedFrame;
use keyglance_qr::{Code, QUIET_ZONE};

/// A code to paint: one of several alike, or the only one.
pub struct ShownCode<'a> {
    texts: Vec<&'a str>,
    index: usize,
    /// Its white and its size, in percent.
    panel: (u8, u8),
}

impl<'a> ShownCode<'a> {
    /// A code that stays.
    pub fn single(text: &'a str) -> Self {
        Self { texts: vec![text], index: 0, panel: (100, 100) }
    }

    /// The one whose turn it is.
    pub fn of(display: &'a CodeDisplay) -> Self {
        let carousel = display.carousel();
        let texts = carousel.codes().iter().map(String::as_str).collect();
        Self { texts, index: carousel.index(), panel: display.panel() }
    }

    /// How many take turns.
    pub fn count(&self) -> usize {
        self.texts.len()
    }
}

/// One texture for our code and one for the preview, kept while the window is open.
#[derive(Default)]
pub struct Textures {
    code: Option<CodeTexture>,
    preview: Option<(u64, TextureHandle)>,
}

/// The codes of one message, one above the other: which of them is seen changes often, and
/// costs no new texture.
struct CodeTexture {
    texts: Vec<Zeroizing<String>>,
    /// Of one code, with its quiet zone, in modules.
    side: usize,
    texture: TextureHandle,
    /// It was drawn since the last pass.
    drawn: bool,
}

impl CodeTexture {
    fn is_of(&self, texts: &[&str]) -> bool {
        self.texts.iter().map(|text| text.as_str()).eq(texts.iter().copied())
    }
}

impl Textures {
    /// The texture of these codes, one pixel per module including the quiet zone.
    fn codes(&mut self, ctx: &Context, texts: &[&str]) -> Option<&CodeTexture> {
        if self.code.as_ref().is_none_or(|have| !have.is_of(texts)) {
            let codes = Code::alike(texts).ok()?;
            let side = codes.first()?.side() + 2 * QUIET_ZONE;
            let image = stack(&codes, side);
            let texture = match self.code.take() {
                Some(CodeTexture { mut texture, .. }) => {
                    texture.set(image, TextureOptions::NEAREST);
                    texture
                }
                None => ctx.load_texture("code", image, TextureOptions::NEAREST),
            };
            let texts = texts.iter().map(|text| Zeroizing::new((*text).to_owned())).collect();
            self.code = Some(CodeTexture { texts, side, texture, drawn: true });
        }
        let code = self.code.as_mut()?;
        code.drawn = true;
        Some(code)
    }

    /// After a pass: a code that is not shown any more is not kept, since it may be a secret.
    pub fn end_pass(&mut self) {
        let drawn = self.code.as_mut().is_some_and(|code| std::mem::take(&mut code.drawn));
        if !drawn {
            self.code = None;
        }
    }

    /// Paints a code in a square of at most `room` points, with a whole number of
    /// physical pixels per module, and the same in every theme.
    pub fn code_ui(&mut self, ui: &mut Ui, shown: ShownCode<'_>, room: f32, name: &str) {
        let ctx = ui.ctx().clone();
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(room), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, name));
        let ShownCode { texts, index, panel: (white, size) } = shown;
        let Some(codes) = self.codes(&ctx, &texts) else { return };
        let scale = ctx.pixels_per_point();
        let rect = crisp(rect, codes.side, room * f32::from(size) / 100.0, scale);
        let part = |index: usize| index as f32 / texts.len() as f32;
        let uv = Rect::from_min_max(Pos2::new(0.0, part(index)), Pos2::new(1.0, part(index + 1)));
        let white = Color32::from_gray(u8::try_from(u16::from(white) * 255 / 100).unwrap_or(255));
        ui.painter().image(codes.texture.id(), rect, uv, white);
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
            egui::WidgetInfo::labeled(egui::Role::Image, true, words::WHAT_THE_CAMERA_SEES)
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

/// Codes of one size, one above the other, black on white.
fn stack(codes: &[Code], side: usize) -> ColorImage {
    let mut image = ColorImage::filled([side, side * codes.len()], Color32::WHITE);
    let size = side - 2 * QUIET_ZONE;
    for (n, code) in codes.iter().enumerate() {
        let places = (0..size).flat_map(|y| (0..size).map(move |x| (x, y)));
        for (x, y) in places.filter(|(x, y)| code.is_dark(*x, *y)) {
            let at = (n * side + y + QUIET_ZONE) * side + x + QUIET_ZONE;
            if let Some(pixel) = image.pixels.get_mut(at) {
                *pixel = Color32::BLACK;
            }
        }
    }
    image
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

    #[test]
    fn codes_in_turn_share_a_texture_and_a_place() {
        use eframe::egui::epaint::Primitive;
        let texts = ["A".repeat(120), "B".repeat(120), "C".repeat(30)];
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let ctx = Context::default();
        let mut textures = Textures::default();
        let (mut uploads, mut places, mut parts) = (0, Vec::new(), Vec::new());
        for pass in 0..9 {
            let shown = ShownCode { texts: texts.clone(), index: pass % 3, panel: (50, 100) };
            let mut shown = Some(shown);
            let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
                if let Some(shown) = shown.take() {
                    textures.code_ui(ui, shown, 300.0, "Our code");
                }
            });
            let code = textures.code.as_ref().unwrap().texture.id();
            uploads += usize::from(output.textures_delta.set.contains_key(&code));
            output.textures_delta.clear();
            for shape in ctx.tessellate(output.shapes.clone(), 1.0) {
                if let Primitive::Mesh(mesh) = shape.primitive
                    && mesh.texture_id == code
                {
                    places.push(mesh.calc_bounds());
                    parts.push(mesh.vertices.iter().map(|v| v.uv.y).fold(1.0, f32::min));
                    assert!(mesh.vertices.iter().all(|v| v.color == Color32::from_gray(127)));
                }
            }
        }
        assert_eq!(uploads, 1, "once a message, not once a change");
        assert_eq!(places.len(), 9);
        assert!(places.iter().all(|place| *place == places[0]), "{places:?}");
        assert_eq!(parts[..3], [0.0, 1.0 / 3.0, 2.0 / 3.0]);
    }
}
