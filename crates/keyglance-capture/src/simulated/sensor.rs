//! Turns the light on a sensor into a frame.

use image::GrayImage;

use super::scene::{Light, View};

/// Random noise values that are drawn once and used from another place in each row.
const NOISE_VALUES: usize = 1 << 14;

/// The sensor with its faults: uneven light, defocus, movement, noise.
#[derive(Debug)]
pub(super) struct Sensor {
    width: u32,
    height: u32,
    room: Vec<f32>,
    /// How much of the light each pixel takes.
    gain: Vec<f32>,
    /// What falls on each pixel besides, in grey levels; empty without glare.
    glare: Vec<f32>,
    blur: Vec<f32>,
    motion: usize,
    noise: Vec<f32>,
    contrast: f32,
    random: SplitMix64,
}

impl Sensor {
    pub(super) fn new(view: &View, seed: u64) -> Self {
        let mut random = SplitMix64::new(seed);
        // Long enough for a row from any start.
        let values = NOISE_VALUES + view.width as usize;
        let noise = (0..values).map(|_| random.normal() * view.noise as f32).collect();
        let pixels = || pixels(view.width, view.height);
        let room = pixels().map(|(x, y)| wall(x, y) * view.room as f32).collect();
        let gain = pixels()
            .map(|(x, y)| {
                let side = 1.0 - view.gradient as f32 * (0.5 - x);
                let corner = (x - 0.5).powi(2) + (y - 0.5).powi(2);
                let even = side * (1.0 - view.vignette as f32 * corner * 2.0) * 255.0;
                even * view.exposure as f32 * beat(view, x, y)
            })
            .collect();
        let lamp = |(x, y): (f32, f32)| {
            let (x, y) = ((x - 0.53) / 0.07, (y - 0.46) / 0.09);
            255.0 * view.glare as f32 * (-0.5 * (x * x + y * y)).exp()
        };
        let glare = if view.glare > 0.0 { pixels().map(lamp).collect() } else { Vec::new() };
        Self {
            width: view.width,
            height: view.height,
            room,
            gain,
            glare,
            blur: gaussian(view.blur_pixels),
            motion: view.motion_pixels.clamp(0.0, 64.0).round() as usize,
            noise,
            contrast: view.contrast as f32,
            random,
        }
    }

    /// The light of the room alone.
    pub(super) fn room(&self) -> Light {
        Light::from_raw(self.width, self.height, self.room.clone()).unwrap_or_default()
    }

    /// The light behind the lens: out of focus, and moved while the shutter was open.
    pub(super) fn focus(&self, light: Light) -> Light {
        let width = self.width as usize;
        let mut light = light.into_raw();
        if self.blur.len() > 1 {
            light = convolved_down(&convolved(&light, width, &self.blur), width, &self.blur);
        }
        if self.motion > 1 {
            let streak = vec![1.0 / self.motion as f32; self.motion];
            light = convolved(&light, width, &streak);
        }
        Light::from_raw(self.width, self.height, light).unwrap_or_default()
    }

    /// The light of several scenes, each for a part of the time that the shutter is open.
    pub(super) fn blend<'a>(&self, parts: impl Iterator<Item = (f32, &'a Light)>) -> Light {
        let mut sum = Light::new(self.width, self.height);
        for (share, light) in parts {
            sum.iter_mut().zip(light.iter()).for_each(|(sum, light)| *sum += share * light);
        }
        sum
    }

    /// The frame that this light makes, with noise of its own.
    pub(super) fn expose(&mut self, light: &Light) -> GrayImage {
        let width = (self.width as usize).max(1);
        let mut frame = vec![0; light.as_raw().len()];
        let (contrast, grey) = (self.contrast, (1.0 - self.contrast) * 0.5);
        let rows = frame.chunks_mut(width).zip(light.as_raw().chunks(width));
        for ((frame, light), gain) in rows.zip(self.gain.chunks(width)) {
            let start = self.random.next() as usize % NOISE_VALUES;
            let noise = self.noise.get(start..).unwrap_or_default();
            let pixels = frame.iter_mut().zip(light).zip(gain).zip(noise);
            for (((pixel, light), gain), noise) in pixels {
                // A cast to a byte saturates.
                *pixel = ((light * contrast + grey) * gain + noise + 0.5) as u8;
            }
        }
        for (pixel, glare) in frame.iter_mut().zip(&self.glare) {
            *pixel = pixel.saturating_add(*glare as u8);
        }
        GrayImage::from_raw(self.width, self.height, frame).unwrap_or_default()
    }
}

/// Two gratings of nearly the same pitch make a slow wave; three colours, three of them.
fn beat(view: &View, x: f32, y: f32) -> f32 {
    if view.moire <= 0.0 {
        return 1.0;
    }
    let (x, y) = (x * view.width as f32, y * view.height as f32);
    let wave = |across: f32, down: f32| (x * across + y * down).sin();
    let waves = wave(0.55, 0.08) + wave(-0.11, 0.71) + wave(0.9, 0.85);
    1.0 - view.moire as f32 * (0.5 + waves / 6.0)
}

/// Every pixel's place, from 0 to 1 across and down.
fn pixels(width: u32, height: u32) -> impl Iterator<Item = (f32, f32)> {
    let part = |at: u32, of: u32| (at as f32 + 0.5) / of as f32;
    (0..height).flat_map(move |y| (0..width).map(move |x| (part(x, width), part(y, height))))
}

/// A wall with a shelf and a bright window, so that there is something behind the screen.
fn wall(x: f32, y: f32) -> f32 {
    let shelf = (0.70..0.73).contains(&y) || (y < 0.70 && x < 0.2 && (x * 40.0).fract() < 0.45);
    let window = (0.80..0.97).contains(&x) && (0.05..0.35).contains(&y);
    let sash = (x - 0.885).abs() < 0.004 || (y - 0.2).abs() < 0.006;
    match (window && !sash, shelf) {
        (true, _) => 3.0,
        (false, true) => 0.35,
        (false, false) => 0.8 + 0.4 * y,
    }
}

fn gaussian(sigma: f64) -> Vec<f32> {
    if !(sigma > 0.05 && sigma < 50.0) {
        return vec![1.0];
    }
    let radius = (sigma * 2.5).ceil() as i32;
    let weights: Vec<f64> =
        (-radius..=radius).map(|at| (-0.5 * (f64::from(at) / sigma).powi(2)).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| (weight / sum) as f32).collect()
}

/// Convolves each row with a kernel; the edge pixels continue beyond the edge.
fn convolved(light: &[f32], width: usize, kernel: &[f32]) -> Vec<f32> {
    let radius = kernel.len() / 2;
    let mut out = Vec::with_capacity(light.len());
    let mut padded = Vec::with_capacity(width + kernel.len());
    for row in light.chunks(width.max(1)) {
        let (Some(first), Some(last)) = (row.first(), row.last()) else { continue };
        padded.clear();
        padded.extend(std::iter::repeat_n(*first, radius));
        padded.extend_from_slice(row);
        padded.extend(std::iter::repeat_n(*last, radius));
        let start = out.len();
        out.resize(start + row.len(), 0.0);
        let Some(to) = out.get_mut(start..) else { continue };
        for (shift, weight) in kernel.iter().enumerate() {
            let shifted = padded.get(shift..).unwrap_or_default();
            to.iter_mut().zip(shifted).for_each(|(to, light)| *to += light * weight);
        }
    }
    out
}

/// The same down the columns.
fn convolved_down(light: &[f32], width: usize, kernel: &[f32]) -> Vec<f32> {
    let rows: Vec<&[f32]> = light.chunks(width.max(1)).collect();
    let radius = kernel.len() / 2;
    let mut out = vec![0.0; light.len()];
    for (y, to) in out.chunks_mut(width.max(1)).enumerate() {
        for (shift, weight) in kernel.iter().enumerate() {
            let from = (y + shift).saturating_sub(radius).min(rows.len().saturating_sub(1));
            let row = rows.get(from).copied().unwrap_or_default();
            to.iter_mut().zip(row).for_each(|(to, light)| *to += light * weight);
        }
    }
    out
}

/// Noise, not secrets: Steele, Lea and Flood's SplitMix64 (2014).
#[derive(Debug)]
pub(super) struct SplitMix64(u64);

impl SplitMix64 {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From 0 to 1, without 1.
    pub(super) fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// About normal with mean 0 and deviation 1: the sum of twelve even ones.
    fn normal(&mut self) -> f32 {
        (0..12).map(|_| (self.next() >> 40) as f32 / (1 << 24) as f32).sum::<f32>() - 6.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blur_keeps_the_light_and_spreads_it() {
        let kernel = gaussian(1.5);
        assert!((kernel.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        let mut light = vec![0.0; 21 * 21];
        light[10 * 21 + 10] = 1.0;
        let blurred = convolved_down(&convolved(&light, 21, &kernel), 21, &kernel);
        assert!((blurred.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        assert!(blurred[10 * 21 + 10] < 0.1 && blurred[10 * 21 + 12] > 0.01);
        assert!((blurred[8 * 21 + 10] - blurred[10 * 21 + 8]).abs() < 1e-6);
    }

    #[test]
    fn movement_spreads_sideways_alone() {
        let mut light = vec![0.0; 21 * 3];
        light[21 + 10] = 1.0;
        for length in [2, 3, 4] {
            let moved = convolved(&light, 21, &vec![1.0 / length as f32; length]);
            assert_eq!(moved.iter().filter(|light| **light > 0.0).count(), length);
            assert!((moved[21..42].iter().sum::<f32>() - 1.0).abs() < 1e-5);
        }
    }

    #[test]
    fn noise_is_about_as_strong_as_asked() {
        let view = View { noise: 5.0, ..View::ideal() };
        let mut sensor = Sensor::new(&view, 7);
        let light = Light::from_pixel(1280, 720, image::Luma([0.5]));
        let frame = sensor.expose(&light);
        let values = || frame.as_raw().iter().map(|v| f64::from(*v));
        let mean = values().sum::<f64>() / values().count() as f64;
        let variance = values().map(|v| (v - mean).powi(2)).sum::<f64>() / values().count() as f64;
        assert!((mean - 127.5).abs() < 1.0 && (variance.sqrt() - 5.0).abs() < 0.3);
    }
}
