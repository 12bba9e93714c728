//! A camera that looks at a rendered code: the pinhole model, a lens that is a
//! little out of focus, light that is not even, and a noisy sensor. All of it
//! follows from a seed.
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use image::GrayImage;

use super::{Frame, FrameSource, Next, OpticsError};
use crate::qr::{Code, QUIET_ZONE};

/// A screen that shows one code at a time. Clones are the same screen.
#[derive(Clone, Debug, Default)]
pub struct Screen(Arc<Mutex<Vec<Shown>>>);

/// From when on, and what.
type Shown = (Duration, Option<Code>);

impl Screen {
    /// From `at` on, shows `code`, or nothing. Times never go back.
    pub fn show(&self, at: Duration, code: Option<&Code>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((at, code.cloned()));
    }

    fn at(&self, time: Duration) -> Option<Code> {
        let mut history = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let current = history.iter().rposition(|(at, _)| *at <= time)?;
        // What was shown before is never asked for again.
        history.drain(..current);
        history.first().and_then(|(_, code)| code.clone())
    }
}

/// How a camera sees the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Height of the code with its quiet zone, as a fraction of the frame's,
    /// when it is not tilted.
    pub code_fraction: f64,
    /// Turned about the vertical axis, degrees.
    pub tilt: f64,
    /// Turned about the horizontal axis, degrees.
    pub pitch: f64,
    /// Turned in the picture's plane, degrees.
    pub roll: f64,
    /// Standard deviation of the defocus, pixels.
    pub blur: f64,
    /// Standard deviation of the sensor's noise, grey levels of 255.
    pub noise: f64,
    /// How much darker the darkest side of the picture is, 0 to 1.
    pub uneven: f64,
}

impl View {
    /// 1280×720, straight on, nothing in the way.
    #[must_use]
    pub const fn ideal() -> Self {
        Self {
            width: 1280,
            height: 720,
            code_fraction: 0.75,
            tilt: 0.0,
            pitch: 0.0,
            roll: 0.0,
            blur: 0.0,
            noise: 0.0,
            uneven: 0.0,
        }
    }
}

impl Default for View {
    /// A laptop's webcam, half a metre from another laptop.
    fn default() -> Self {
        Self {
            code_fraction: 0.6,
            pitch: 6.0,
            roll: 2.0,
            blur: 0.8,
            noise: 4.0,
            uneven: 0.3,
            ..Self::ideal()
        }
    }
}

/// When a camera sees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Between two frames.
    pub interval: Duration,
    /// From the screen's light to the frame: display, exposure, transfer.
    pub latency: Duration,
    /// Time of the first frame.
    pub first: Duration,
}

impl Rate {
    /// `fps` frames a second (0.1 to 1000; others are brought into that
    /// range), seen `latency` late, beginning at `first`.
    #[must_use]
    pub fn new(fps: f64, latency: Duration, first: Duration) -> Self {
        let fps = if fps.is_finite() { fps.clamp(0.1, 1000.0) } else { 30.0 };
        Self { interval: Duration::from_secs_f64(1.0 / fps), latency, first }
    }
}

/// The camera. Never waits: each frame has its own simulated time.
#[derive(Debug)]
pub struct SimulatedCamera {
    screen: Screen,
    view: View,
    rate: Rate,
    frames: u32,
    noise: SplitMix64,
}

impl SimulatedCamera {
    /// A camera that sees `screen`; the noise follows from `seed`.
    #[must_use]
    pub fn new(screen: Screen, view: View, rate: Rate, seed: u64) -> Self {
        Self { screen, view, rate, frames: 0, noise: SplitMix64(seed) }
    }

    /// The time of the next frame.
    #[must_use]
    pub fn next_time(&self) -> Duration {
        self.rate.first + self.rate.interval * self.frames
    }
}

impl FrameSource for SimulatedCamera {
    fn next_frame(&mut self, _wait: Duration) -> Result<Next, OpticsError> {
        let light = self.next_time().checked_sub(self.rate.latency);
        self.frames += 1;
        let code = light.and_then(|light| self.screen.at(light));
        Ok(Next::Frame(take(code.as_ref(), &self.view, &mut self.noise)))
    }
}

/// Grey levels of the scene.
const ROOM: f32 = 45.0;
const DARK: f32 = 20.0;
const LIGHT: f32 = 235.0;
/// The focal length, in frame widths: about 60 degrees across.
const FOCAL: f64 = 0.87;

/// One frame. The order is the light's: scene, lens, light, sensor.
fn take(code: Option<&Code>, view: &View, noise: &mut SplitMix64) -> Frame {
    let (width, height) = (view.width as usize, view.height as usize);
    let mut scene = vec![ROOM; width * height];
    if let Some(code) = code {
        draw(&mut scene, width, code, view);
    }
    blur(&mut scene, width, view.blur);
    let (across, down) = (1.0 / width.max(1) as f32, 1.0 / height.max(1) as f32);
    let (uneven, sigma) = (view.uneven as f32, view.noise as f32);
    for (i, value) in scene.iter_mut().enumerate() {
        let (x, y) = ((i % width) as f32 * across, (i / width) as f32 * down);
        let light = 1.0 - uneven * (0.6 * x + 0.4 * y);
        *value = *value * light + if sigma > 0.0 { sigma * noise.normal() } else { 0.0 };
    }
    let pixels = scene.into_iter().map(|v| v.clamp(0.0, 255.0) as u8).collect();
    GrayImage::from_raw(view.width, view.height, pixels).unwrap_or_default()
}

/// Draws the screen's panel by looking, for each pixel, where its ray meets it.
fn draw(scene: &mut [f32], width: usize, code: &Code, view: &View) {
    let (frame_width, frame_height) = (f64::from(view.width), f64::from(view.height));
    let focal = FOCAL * frame_width;
    // In modules; a quiet zone and two modules of white panel beyond it.
    let side = (code.side() + 2 * QUIET_ZONE) as f64;
    let half = side / 2.0 + 2.0;
    let distance = focal * side / (view.code_fraction.clamp(0.01, 10.0) * frame_height);

    // Columns: the panel's axes and its centre, in the camera's coordinates.
    let [right, down] = axes(view);
    let plane = [[right[0], down[0], 0.0], [right[1], down[1], 0.0], [right[2], down[2], distance]];
    let Some(to_panel) = inverse(&plane) else { return };
    let panel_at = |x: f64, y: f64| {
        let ray = [(x - frame_width / 2.0) / focal, (y - frame_height / 2.0) / focal, 1.0];
        let [u, v, w] = to_panel.map(|row| row[0] * ray[0] + row[1] * ray[1] + row[2] * ray[2]);
        (w > 0.0).then(|| (u / w, v / w)).filter(|(u, v)| u.abs() < half && v.abs() < half)
    };
    let modules = code.side() as f64 / 2.0;
    let shade = |x: f64, y: f64| match panel_at(x, y) {
        None => ROOM,
        Some((u, v)) => {
            let (column, row) = (u + modules, v + modules);
            // A negative number becomes 0 as usize: it must not be asked for.
            let dark = column >= 0.0 && row >= 0.0 && code.is_dark(column as usize, row as usize);
            if dark { DARK } else { LIGHT }
        }
    };
    // A pixel collects light over its whole area.
    const SAMPLES: [f64; 3] = [1.0 / 6.0, 0.5, 5.0 / 6.0];
    for (y, row) in scene.chunks_exact_mut(width.max(1)).enumerate() {
        for (x, pixel) in row.iter_mut().enumerate() {
            let (x, y) = (x as f64, y as f64);
            let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)];
            if corners.iter().all(|(dx, dy)| panel_at(x + dx, y + dy).is_none()) {
                continue;
            }
            let sum: f32 = SAMPLES
                .iter()
                .flat_map(|dy| SAMPLES.iter().map(move |dx| (dx, dy)))
                .map(|(dx, dy)| shade(x + dx, y + dy))
                .sum();
            *pixel = sum / 9.0;
        }
    }
}

/// The panel's right and down, unit vectors.
fn axes(view: &View) -> [[f64; 3]; 2] {
    let (sin_y, cos_y) = view.tilt.to_radians().sin_cos();
    let (sin_x, cos_x) = view.pitch.to_radians().sin_cos();
    let (sin_z, cos_z) = view.roll.to_radians().sin_cos();
    let turn = |[x, y, z]: [f64; 3]| {
        let (x, y) = (x * cos_z - y * sin_z, x * sin_z + y * cos_z);
        let (y, z) = (y * cos_x - z * sin_x, y * sin_x + z * cos_x);
        let (x, z) = (x * cos_y + z * sin_y, z * cos_y - x * sin_y);
        [x, y, z]
    };
    [turn([1.0, 0.0, 0.0]), turn([0.0, 1.0, 0.0])]
}

fn inverse(m: &[[f64; 3]; 3]) -> Option<[[f64; 3]; 3]> {
    let [[a, b, c], [d, e, f], [g, h, i]] = *m;
    let determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
    if determinant.abs() < 1e-9 {
        return None;
    }
    let rows = [
        [e * i - f * h, c * h - b * i, b * f - c * e],
        [f * g - d * i, a * i - c * g, c * d - a * f],
        [d * h - e * g, b * g - a * h, a * e - b * d],
    ];
    Some(rows.map(|row| row.map(|value| value / determinant)))
}

/// A Gaussian, across and then down.
fn blur(pixels: &mut [f32], width: usize, sigma: f64) {
    if sigma < 0.05 || width == 0 {
        return;
    }
    let reach = (3.0 * sigma).ceil().min(64.0) as i32;
    let weights: Vec<f32> = (-reach..=reach)
        .map(|i| (-f64::from(i * i) / (2.0 * sigma * sigma)).exp() as f32)
        .collect();
    let total: f32 = weights.iter().sum();
    let weights: Vec<f32> = weights.iter().map(|w| w / total).collect();
    let reach = reach as usize;

    let mut padded = vec![0.0; width + 2 * reach];
    for row in pixels.chunks_exact_mut(width) {
        let (first, last) = (row.first().copied(), row.last().copied());
        padded.fill(first.unwrap_or(0.0));
        if let Some(middle) = padded.get_mut(reach..reach + width) {
            middle.copy_from_slice(row);
        }
        if let Some(end) = padded.get_mut(reach + width..) {
            end.fill(last.unwrap_or(0.0));
        }
        for (pixel, window) in row.iter_mut().zip(padded.windows(weights.len())) {
            *pixel = window.iter().zip(&weights).map(|(p, w)| p * w).sum();
        }
    }

    let source = pixels.to_vec();
    let rows: Vec<&[f32]> = source.chunks_exact(width).collect();
    let Some(bottom) = rows.len().checked_sub(1) else { return };
    for (y, row) in pixels.chunks_exact_mut(width).enumerate() {
        row.fill(0.0);
        for (k, weight) in weights.iter().enumerate() {
            let from = (y + k).saturating_sub(reach).min(bottom);
            for (pixel, value) in row.iter_mut().zip(rows.get(from).copied().unwrap_or(&[])) {
                *pixel += value * weight;
            }
        }
    }
}

/// Steele, Lea and Flood's generator, for noise and nothing else.
#[derive(Debug)]
struct SplitMix64(u64);

impl SplitMix64 {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Nearly normal, standard deviation 1: the sum of four uniform numbers.
    fn normal(&mut self) -> f32 {
        let sum: u32 = self
            .next()
            .to_le_bytes()
            .chunks_exact(2)
            .map(|pair| {
                u32::from(pair.first().copied().unwrap_or(0)) << 8
                    | u32::from(pair.last().copied().unwrap_or(0))
            })
            .sum();
        // Four times a variance of 1/12.
        (sum as f32 / 65536.0 - 2.0) * 1.732_050_8
    }
}
