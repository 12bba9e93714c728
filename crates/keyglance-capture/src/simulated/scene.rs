//! Where a screen falls in a frame, and how bright each pixel of it is.

use image::{ImageBuffer, Luma};

use keyglance_qr::{Code, QUIET_ZONE};

/// Light on the sensor before it is exposed: 0 is black, 1 is full white.
pub(super) type Light = ImageBuffer<Luma<f32>, Vec<f32>>;

/// The white of a screen, and of the panel around the code.
const CODE_WHITE: f32 = 0.92;
const PANEL: f32 = 0.78;
/// A screen's black still glows.
const CODE_BLACK: f32 = 0.06;
const BEZEL: f32 = 0.03;
/// The code's white square takes this much of the panel's height.
const SQUARE_OF_PANEL: f64 = 0.85;
const PANEL_ASPECT: f64 = 1.6;
/// How wide the frame around the panel is, in panel heights.
const BEZEL_WIDTH: f64 = 0.04;
/// Half the horizontal field of view of a laptop's camera, as a tangent (66°).
const HALF_FIELD: f64 = 0.65;

/// How a simulated camera sees a screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// The frame's width in pixels.
    pub width: u32,
    /// The frame's height in pixels.
    pub height: u32,
    /// How far the screen is turned about its vertical axis, in degrees.
    pub tilt_degrees: f64,
    /// How far the screen is leant about its horizontal axis, in degrees.
    pub lean_degrees: f64,
    /// How far the screen is turned in its own plane, in degrees, clockwise.
    pub roll_degrees: f64,
    /// The code's height, without quiet zone and face on, as a part of the frame's.
    pub code_fraction: f64,
    /// Where the code's middle is, from the frame's middle, in frame heights.
    pub offset: (f64, f64),
    /// Defocus: the standard deviation of a Gaussian, in pixels.
    pub blur_pixels: f64,
    /// Movement while the shutter is open, in pixels to the right.
    pub motion_pixels: f64,
    /// Sensor noise: the standard deviation, in grey levels of 255.
    pub noise: f64,
    /// 1 is full contrast, 0 is flat grey.
    pub contrast: f64,
    /// How much darker the left edge is than the right, as a part.
    pub gradient: f64,
    /// How much darker the corners are than the middle, as a part.
    pub vignette: f64,
    /// How bright the room behind the screen is, as a part of white.
    pub room: f64,
    /// How much of the light counts: below 1 it is dim, above 1 white overflows.
    pub exposure: f64,
    /// A lamp mirrored in the screen near the frame's middle: its light as a part of white.
    pub glare: f64,
    /// The beat between the screen's pixels and the sensor's, as a part of the light.
    pub moire: f64,
}

impl Default for View {
    /// Two laptops at arm's length: 1280 × 720, a slight turn, mild faults.
    fn default() -> Self {
        Self {
            tilt_degrees: 8.0,
            lean_degrees: 4.0,
            roll_degrees: 2.0,
            code_fraction: 0.4,
            offset: (0.05, -0.04),
            blur_pixels: 0.8,
            noise: 3.0,
            contrast: 0.85,
            gradient: 0.15,
            vignette: 0.2,
            room: 0.18,
            ..Self::ideal()
        }
    }
}

impl View {
    /// Face on, sharp, evenly lit and without noise: 1280 × 720.
    #[must_use]
    pub fn ideal() -> Self {
        Self {
            width: 1280,
            height: 720,
            tilt_degrees: 0.0,
            lean_degrees: 0.0,
            roll_degrees: 0.0,
            code_fraction: 0.6,
            offset: (0.0, 0.0),
            blur_pixels: 0.0,
            motion_pixels: 0.0,
            noise: 0.0,
            contrast: 1.0,
            gradient: 0.0,
            vignette: 0.0,
            room: 0.1,
            exposure: 1.0,
            glare: 0.0,
            moire: 0.0,
        }
    }
}

/// Draws a screen that shows a code, or a blank panel, over what is there.
pub(super) fn project(light: &mut Light, view: &View, code: Option<&Code>) {
    let Some(to_screen) = Projection::new(view) else { return };
    // A blank panel is as large as a version 3 code.
    let panel = Panel::new(code, code.map_or(29, Code::side));
    let Some((left, top, right, bottom)) = to_screen.bounds(&panel, view) else { return };
    let width = light.width() as usize;
    let rows = light.chunks_exact_mut(width.max(1)).enumerate();
    for (y, row) in rows.skip(top as usize).take((bottom - top) as usize) {
        let pixels = row.iter_mut().enumerate().skip(left as usize);
        for (x, pixel) in pixels.take((right - left) as usize) {
            let (x, y) = (x as f64, y as f64);
            let mut sum = 0.0;
            let mut covered = 0.0;
            let Some(middle) = to_screen.map(x + 0.5, y + 0.5) else { continue };
            if panel.is_plain(middle) {
                // Nothing changes within this pixel.
                *pixel = panel.light(middle).unwrap_or(*pixel);
                continue;
            }
            for (dx, dy) in SAMPLES {
                if let Some(light) =
                    to_screen.map(x + dx, y + dy).and_then(|point| panel.light(point))
                {
                    sum += light;
                    covered += 1.0;
                }
            }
            let share = covered / SAMPLES.len() as f32;
            *pixel = *pixel * (1.0 - share) + sum / SAMPLES.len() as f32;
        }
    }
}

/// Where within a pixel its light is taken: a turned square, which meets edges
/// of every direction at more than two places.
const SAMPLES: [(f64, f64); 4] = [(0.375, 0.125), (0.875, 0.375), (0.625, 0.875), (0.125, 0.625)];

/// What is on the screen, in units of the code's height from the code's middle.
struct Panel<'a> {
    code: Option<&'a Code>,
    side: f64,
    /// Half the white square around the code.
    square: f64,
    half_width: f64,
    half_height: f64,
    bezel: f64,
}

impl<'a> Panel<'a> {
    fn new(code: Option<&'a Code>, side: usize) -> Self {
        let square = (side + 2 * QUIET_ZONE) as f64 / side as f64 / 2.0;
        let half_height = square / SQUARE_OF_PANEL;
        let bezel = half_height * 2.0 * BEZEL_WIDTH;
        Self {
            code,
            side: side as f64,
            square,
            half_width: half_height * PANEL_ASPECT,
            half_height,
            bezel,
        }
    }

    /// Whether a point lies well inside the bare panel.
    fn is_plain(&self, (u, v): (f64, f64)) -> bool {
        let (u, v) = (u.abs(), v.abs());
        let outside_square = u.max(v) > self.square + 0.02;
        outside_square && u < self.half_width - 0.02 && v < self.half_height - 0.02
    }

    /// How bright a point is; `None` outside the screen.
    fn light(&self, (u, v): (f64, f64)) -> Option<f32> {
        if u.abs() > self.half_width || v.abs() > self.half_height {
            let inside =
                u.abs() < self.half_width + self.bezel && v.abs() < self.half_height + self.bezel;
            return inside.then_some(BEZEL);
        }
        let Some(code) = self.code else { return Some(PANEL) };
        if u.abs() > self.square || v.abs() > self.square {
            return Some(PANEL);
        }
        let (x, y) = ((u + 0.5) * self.side, (v + 0.5) * self.side);
        let dark = x >= 0.0 && y >= 0.0 && code.is_dark(x as usize, y as usize);
        Some(if dark { CODE_BLACK } else { CODE_WHITE })
    }
}

/// Frame to screen, as a 3 × 3 homography, and the other way.
struct Projection {
    to_frame: [[f64; 3]; 3],
    to_screen: [[f64; 3]; 3],
}

impl Projection {
    fn new(view: &View) -> Option<Self> {
        let (width, height) = (f64::from(view.width), f64::from(view.height));
        let focal = width / 2.0 / HALF_FIELD;
        // So far away that the code, face on, has its part of the frame's height.
        let distance = focal / (view.code_fraction.max(0.001) * height);
        let (sin_t, cos_t) = view.tilt_degrees.to_radians().sin_cos();
        let (sin_l, cos_l) = view.lean_degrees.to_radians().sin_cos();
        let (sin_r, cos_r) = view.roll_degrees.to_radians().sin_cos();
        // The screen's axes: rolled in its plane, then leant, then turned.
        let turned = |x: f64, y: f64| {
            let (y, z) = (y * cos_l, y * sin_l);
            (x * cos_t + z * sin_t, y, z * cos_t - x * sin_t)
        };
        let right = turned(cos_r, sin_r);
        let down = turned(-sin_r, cos_r);
        let middle_x = width / 2.0 + view.offset.0 * height;
        let middle_y = height / 2.0 + view.offset.1 * height;
        let row = |of: fn(&(f64, f64, f64)) -> f64, middle: f64| {
            let along = |axis: &(f64, f64, f64)| focal * of(axis) + middle * axis.2;
            [along(&right), along(&down), middle * distance]
        };
        let to_frame =
            [row(|p| p.0, middle_x), row(|p| p.1, middle_y), [right.2, down.2, distance]];
        Some(Self { to_frame, to_screen: inverse(&to_frame)? })
    }

    /// A pixel's place on the screen; none behind the camera.
    fn map(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        apply(&self.to_screen, x, y)
    }

    /// The pixels that the screen covers: left, top, right, bottom.
    fn bounds(&self, panel: &Panel<'_>, view: &View) -> Option<(u32, u32, u32, u32)> {
        let (u, v) = (panel.half_width + panel.bezel, panel.half_height + panel.bezel);
        let (mut left, mut top) = (f64::INFINITY, f64::INFINITY);
        let (mut right, mut bottom) = (0.0_f64, 0.0_f64);
        for (u, v) in [(-u, -v), (u, -v), (u, v), (-u, v)] {
            let (x, y) = apply(&self.to_frame, u, v)?;
            (left, top) = (left.min(x), top.min(y));
            (right, bottom) = (right.max(x), bottom.max(y));
        }
        let clip = |at: f64, most: u32| at.clamp(0.0, f64::from(most)) as u32;
        let (left, top) = (clip(left.floor(), view.width), clip(top.floor(), view.height));
        let (right, bottom) = (clip(right.ceil(), view.width), clip(bottom.ceil(), view.height));
        (left < right && top < bottom).then_some((left, top, right, bottom))
    }
}

/// A point through a homography; none where it falls on or behind the horizon.
fn apply([a, b, c]: &[[f64; 3]; 3], x: f64, y: f64) -> Option<(f64, f64)> {
    let dot = |row: &[f64; 3]| row[0] * x + row[1] * y + row[2];
    let depth = dot(c);
    let scale = depth.recip();
    (depth > 1e-9).then(|| (dot(a) * scale, dot(b) * scale))
}

/// The inverse, scaled so that depths stay positive in front of the camera.
fn inverse(&[a, b, c]: &[[f64; 3]; 3]) -> Option<[[f64; 3]; 3]> {
    let cross = |p: [f64; 3], q: [f64; 3]| {
        [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]]
    };
    let (bc, ca, ab) = (cross(b, c), cross(c, a), cross(a, b));
    let determinant = a[0] * bc[0] + a[1] * bc[1] + a[2] * bc[2];
    if !determinant.is_normal() {
        return None;
    }
    let row =
        |i: usize| [bc, ca, ab].map(|column| column.get(i).copied().unwrap_or(0.0) / determinant);
    Some([row(0), row(1), row(2)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_face_on_is_as_high_as_asked() {
        let view = View { code_fraction: 0.5, offset: (0.1, 0.0), ..View::ideal() };
        let projection = Projection::new(&view).unwrap();
        let (x, top) = apply(&projection.to_frame, 0.0, -0.5).unwrap();
        let (_, bottom) = apply(&projection.to_frame, 0.0, 0.5).unwrap();
        assert!((bottom - top - 360.0).abs() < 1e-6 && (x - 712.0).abs() < 1e-6);
    }

    #[test]
    fn there_and_back_is_the_same_point() {
        let view =
            View { tilt_degrees: 40.0, lean_degrees: -20.0, roll_degrees: 70.0, ..View::default() };
        let projection = Projection::new(&view).unwrap();
        for (u, v) in [(0.0, 0.0), (-0.5, 0.4), (0.9, -0.7)] {
            let (x, y) = apply(&projection.to_frame, u, v).unwrap();
            let (back_u, back_v) = projection.map(x, y).unwrap();
            assert!((back_u - u).abs() < 1e-9 && (back_v - v).abs() < 1e-9);
        }
    }

    #[test]
    fn no_view_panics() {
        for tilt_degrees in [0.0, 89.9, 90.0, 180.0, f64::NAN] {
            for code_fraction in [0.0, 0.5, 50.0, f64::INFINITY] {
                for (width, height) in [(0, 0), (1, 1), (64, 48)] {
                    let view =
                        View { tilt_degrees, code_fraction, width, height, ..View::default() };
                    let mut light = Light::new(width, height);
                    project(&mut light, &view, Some(&Code::new("x").unwrap()));
                }
            }
        }
    }
}
