//! Paints a window without a graphics driver: the meshes of egui by the rules of
//! `egui-wgpu`'s shader (`egui.wgsl`, predictable filtering, no dithering). The
//! arithmetic is the same on every machine.

use std::collections::HashMap;

use eframe::egui::epaint::{ImageData, Primitive, Vertex};
use eframe::egui::{
    Color32, ColorImage, Context, FullOutput, Mesh, TextureFilter, TextureId, TextureOptions,
    TextureWrapMode, TexturesDelta,
};
use egui_kittest::TestRenderer;
use image::{Rgba, RgbaImage};

/// Steps within a pixel to which corners are rounded, as graphics cards do it.
const SUBPIXELS: f32 = 256.0;

/// Red, green, blue and opacity, premultiplied, from 0 to 1 in gamma space.
type Colour = [f32; 4];

struct Texture {
    image: ColorImage,
    options: TextureOptions,
}

impl Texture {
    /// The texel at `x`, `y`; outside, the nearest one at the edge.
    fn texel(&self, x: f32, y: f32) -> Colour {
        let [width, height] = self.image.size;
        let at = |value: f32, size: usize| (value.max(0.0) as usize).min(size - 1);
        colour(self.image.pixels[at(y, height) * width + at(x, width)])
    }

    fn sample(&self, u: f32, v: f32) -> Colour {
        let [width, height] = self.image.size.map(|size| size as f32);
        let (x, y) = (u * width, v * height);
        if self.options.magnification == TextureFilter::Nearest {
            return self.texel(x.floor(), y.floor());
        }
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let row = |y| mix(self.texel(left, y), self.texel(left + 1.0, y), x - left);
        mix(row(top), row(top + 1.0), y - top)
    }
}

fn colour(colour: Color32) -> Colour {
    colour.to_array().map(|channel| f32::from(channel) / 255.0)
}

fn mix(a: Colour, b: Colour, share: f32) -> Colour {
    std::array::from_fn(|i| a[i] * (1.0 - share) + b[i] * share)
}

/// The pixels that may be painted: left, top, right, bottom; the last two are
/// outside.
type Clip = [i64; 4];

/// Twice the area of the triangle `a`, `b`, `c`, in subpixels; negative if it
/// runs the other way round.
fn area(a: [i64; 2], b: [i64; 2], c: [i64; 2]) -> i64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// Whether a pixel just on the edge from `a` to `b` belongs to this triangle:
/// only on top and left edges, so that neighbours do not both paint it.
fn owns_edge(a: [i64; 2], b: [i64; 2]) -> bool {
    (a[1] == b[1] && b[0] > a[0]) || b[1] < a[1]
}

fn fill_triangle(
    picture: &mut RgbaImage,
    clip: Clip,
    texture: &Texture,
    mut corners: [&Vertex; 3],
    pixels_per_point: f32,
) {
    let snap = |value: f32| (value * pixels_per_point * SUBPIXELS).round() as i64;
    let mut at = corners.map(|corner| [snap(corner.pos.x), snap(corner.pos.y)]);
    let mut whole = area(at[0], at[1], at[2]);
    if whole == 0 {
        return;
    }
    if whole < 0 {
        corners.swap(1, 2);
        at.swap(1, 2);
        whole = -whole;
    }
    let one = SUBPIXELS as i64;
    // Most of a window is of one colour, and is worked out once.
    let [first, ..] = corners;
    let plain = corners.iter().all(|v| v.uv == first.uv && v.color == first.color);
    let plain = plain.then(|| {
        let (texel, colour) = (texture.sample(first.uv.x, first.uv.y), colour(first.color));
        std::array::from_fn(|i| texel[i] * colour[i])
    });
    let lowest = |axis: usize| at.iter().map(|corner| corner[axis]).min().unwrap().div_euclid(one);
    let highest = |axis: usize| at.iter().map(|corner| corner[axis]).max().unwrap() / one + 1;
    for y in lowest(1).max(clip[1])..highest(1).min(clip[3]) {
        for x in lowest(0).max(clip[0])..highest(0).min(clip[2]) {
            let centre = [x * one + one / 2, y * one + one / 2];
            // The share of each corner, by the triangle on the other side.
            let shares = [(1, 2), (2, 0), (0, 1)].map(|(from, to)| {
                let share = area(at[from], at[to], centre);
                (share > 0 || share == 0 && owns_edge(at[from], at[to])).then_some(share)
            });
            let [Some(a), Some(b), Some(c)] = shares else { continue };
            let source: Colour = plain.unwrap_or_else(|| {
                let shares = [a, b, c].map(|share| share as f32 / whole as f32);
                let blend = |value: &dyn Fn(&Vertex) -> f32| -> f32 {
                    (0..3).map(|i| shares[i] * value(corners[i])).sum()
                };
                let texel = texture.sample(blend(&|v| v.uv.x), blend(&|v| v.uv.y));
                std::array::from_fn(|i| texel[i] * blend(&|v| colour(v.color)[i]))
            });
            let pixel = picture.get_pixel_mut(x as u32, y as u32);
            let below = pixel.0.map(|channel| f32::from(channel) / 255.0);
            *pixel = Rgba(std::array::from_fn(|i| {
                let above = source[i] + below[i] * (1.0 - source[3]);
                (above * 255.0).round() as u8
            }));
        }
    }
}

/// Paints into memory what a window shows.
#[derive(Default)]
pub struct SoftwareRenderer {
    textures: HashMap<TextureId, Texture>,
}

impl SoftwareRenderer {
    fn paint(&self, picture: &mut RgbaImage, clip: Clip, mesh: &Mesh, pixels_per_point: f32) {
        let texture = &self.textures[&mesh.texture_id];
        for corners in mesh.indices.as_chunks::<3>().0 {
            let corners = corners.map(|index| &mesh.vertices[index as usize]);
            fill_triangle(picture, clip, texture, corners, pixels_per_point);
        }
    }
}

impl TestRenderer for SoftwareRenderer {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        for (id, deltas) in delta.set.drain() {
            for delta in deltas {
                assert_eq!(delta.options.wrap_mode, TextureWrapMode::ClampToEdge);
                let ImageData::Color(image) = delta.image;
                let Some([left, top]) = delta.pos else {
                    let image = image.as_ref().clone();
                    self.textures.insert(id, Texture { image, options: delta.options });
                    continue;
                };
                let texture = self.textures.get_mut(&id).unwrap();
                let width = texture.image.size[0];
                for (y, row) in image.pixels.chunks(image.size[0]).enumerate() {
                    let start = (top + y) * width + left;
                    texture.image.pixels[start..start + row.len()].copy_from_slice(row);
                }
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    fn render(&mut self, ctx: &Context, output: &FullOutput) -> Result<RgbaImage, String> {
        let pixels_per_point = ctx.pixels_per_point();
        let size = ctx.content_rect().size() * pixels_per_point;
        let mut picture = RgbaImage::new(size.x.round() as u32, size.y.round() as u32);
        let [width, height] = [i64::from(picture.width()), i64::from(picture.height())];
        for shape in ctx.tessellate(output.shapes.clone(), pixels_per_point) {
            let edge =
                |value: f32, size| ((value * pixels_per_point).round() as i64).clamp(0, size);
            let clip = [
                edge(shape.clip_rect.min.x, width),
                edge(shape.clip_rect.min.y, height),
                edge(shape.clip_rect.max.x, width),
                edge(shape.clip_rect.max.y, height),
            ];
            match shape.primitive {
                Primitive::Mesh(mesh) => self.paint(&mut picture, clip, &mesh, pixels_per_point),
                Primitive::Callback(_) => return Err("a callback paints by itself".to_owned()),
            }
        }
        Ok(picture)
    }
}
