//! How paper looks in a photograph: where it lies, how it bends, in which light.

use std::f32::consts::TAU;

use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, ImageFormat, Luma, imageops};

use super::Dice;
use super::paper::Paper;

/// How far paper seems to be from where it is, in modules.
const REACH: f32 = 8.0;

/// What falls on the paper.
pub(super) enum Light {
    Even,
    /// Half of it gets so much less.
    Shadow(f32),
    /// A lamp is mirrored in it: a radius, in sides of the code.
    Spot(f32),
    /// One lamp at one side: so much of its light is left at the other.
    Lamp(f32),
}

/// Along a line, paper is folded under: what lies beyond seems shifted.
#[derive(Clone, Copy)]
pub(super) struct Fold {
    /// Of the normal of the line, in radians.
    angle: f32,
    /// From the middle of the code, in modules.
    off: f32,
    shift: (f32, f32),
}

impl Fold {
    /// Through a code of this side, by this many modules.
    pub(super) fn new(side: u32, modules: f32, dice: &mut Dice) -> Self {
        let (angle, towards) = (dice.between(0.0..TAU), dice.between(0.0..TAU));
        let off = dice.either(0.0..0.3) * side as f32;
        Self { angle, off, shift: (towards.cos() * modules, towards.sin() * modules) }
    }
}

/// A photograph of one paper.
pub(super) struct View {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Pixels a module, in the middle.
    pub(super) module: f32,
    /// Degrees.
    pub(super) roll: f32,
    pub(super) tilt: f32,
    pub(super) lean: f32,
    /// Radians from the middle of the code to its side, around a can.
    pub(super) bend: f32,
    /// How far it is crumpled, in modules.
    pub(super) crease: f32,
    pub(super) fold: Option<Fold>,
    /// Pixels.
    pub(super) blur: f32,
    /// Movement while the shutter is open: pixels to the right and down.
    pub(super) motion: (f32, f32),
    /// 1 is full contrast, 0 is flat grey.
    pub(super) contrast: f32,
    pub(super) noise: f32,
    /// Of the JPEG, 1 to 100.
    pub(super) quality: u8,
    pub(super) light: Light,
}

impl View {
    /// A good one, of a code that fills a good part of it.
    pub(super) fn new(side: u32, dice: &mut Dice) -> Self {
        let (width, height) = (1280, 960);
        Self {
            width,
            height,
            module: dice.between(0.35..0.6) * height as f32 / side as f32,
            roll: dice.between(0.0..360.0),
            tilt: dice.either(0.0..10.0),
            lean: dice.either(0.0..10.0),
            bend: 0.0,
            crease: 0.0,
            fold: None,
            blur: 0.8,
            motion: (0.0, 0.0),
            contrast: 1.0,
            noise: 4.0,
            quality: 80,
            light: Light::Even,
        }
    }

    pub(super) fn picture(&self, paper: &Paper, dice: &mut Dice) -> GrayImage {
        let side = paper.side() as f32;
        let (width, height) = (self.width as f32, self.height as f32);
        let middle =
            (width * (0.5 + dice.either(0.0..0.06)), height * (0.5 + dice.either(0.0..0.06)));
        let (waves, clutter) =
            (dice.between(0.0..6.0), Clutter::new(self.width, self.height, dice));
        let light = LightAt::new(&self.light, middle, side * self.module, dice);
        let plane = Plane::new(self, middle);
        let fine = if self.module > 4.0 { 2 } else { 4 };
        let (wide, high) = paper.extent();
        let sharp = GrayImage::from_fn(self.width, self.height, |x, y| {
            let mut sum = 0.0;
            // Most pixels are far from the paper, whatever bends it.
            let near = plane
                .place(x as f32 + 0.5, y as f32 + 0.5)
                .is_some_and(|(u, v)| u.abs() < wide / 2.0 + REACH && v.abs() < high / 2.0 + REACH);
            for at in 0..fine * fine {
                let inside = |step: u32| (step as f32 + 0.5) / fine as f32;
                let (x, y) = (x as f32 + inside(at % fine), y as f32 + inside(at / fine));
                let grey = near
                    .then(|| plane.place(x, y))
                    .flatten()
                    .and_then(|place| self.bent(place, side, waves))
                    .and_then(|(u, v)| paper.grey(u, v));
                sum += light.on(grey.unwrap_or_else(|| clutter.grey(x, y)), x, y);
            }
            Luma([(sum / (fine * fine) as f32) as u8])
        });
        let moved = smeared(&sharp, self.motion);
        let dim = self.contrasted(moved.as_ref().unwrap_or(&sharp));
        let sharp = dim.as_ref().or(moved.as_ref()).unwrap_or(&sharp);
        filmed(sharp, self.blur, self.noise, self.quality, dice)
    }

    /// None at full contrast.
    fn contrasted(&self, picture: &GrayImage) -> Option<GrayImage> {
        let level = |grey: u8| (128.0 + (f32::from(grey) - 128.0) * self.contrast) as u8;
        let mut dim = (self.contrast < 1.0).then(|| picture.clone())?;
        dim.iter_mut().for_each(|grey| *grey = level(*grey));
        Some(dim)
    }

    /// From where a place seems to be to where it is on the paper.
    fn bent(&self, (mut u, mut v): (f32, f32), side: f32, waves: f32) -> Option<(f32, f32)> {
        if self.bend > 0.0 {
            let radius = side / 2.0 / self.bend;
            u = radius * Some(u / radius).filter(|part| part.abs() < 1.0)?.asin();
        }
        let wave = |at: f32, length: f32, phase: f32| (at / length * TAU + phase).sin();
        let before = (u, v);
        u += self.crease * wave(before.1, 13.0, waves) * wave(before.0, 31.0, waves * 2.0);
        v += self.crease * wave(before.0, 11.0, waves * 3.0);
        if let Some(Fold { angle, off, shift }) = self.fold
            && u * angle.cos() + v * angle.sin() > off
        {
            (u, v) = (u + shift.0, v + shift.1);
        }
        Some((u, v))
    }
}

/// The mean along a movement; none where nothing moves.
fn smeared(picture: &GrayImage, (right, down): (f32, f32)) -> Option<GrayImage> {
    let steps = (right.abs().max(down.abs()) * 2.0).ceil();
    (steps > 0.0).then(|| {
        let last = (picture.width() as f32 - 1.0, picture.height() as f32 - 1.0);
        GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
            let at = |step: f32| {
                let part = (step + 0.5) / steps - 0.5;
                let place = |at: u32, way: f32, last: f32| {
                    (at as f32 + 0.5 + way * part).clamp(0.0, last) as u32
                };
                f32::from(picture.get_pixel(place(x, right, last.0), place(y, down, last.1)).0[0])
            };
            let sum: f32 = (0..steps as u32).map(|step| at(step as f32)).sum();
            Luma([(sum / steps) as u8])
        })
    })
}

/// What a lens and a sensor make of it, and a JPEG of that.
pub(super) fn filmed(
    sharp: &GrayImage,
    blur: f32,
    noise: f32,
    quality: u8,
    dice: &mut Dice,
) -> GrayImage {
    // The fast one is of boxes of whole pixels: too coarse for little blur.
    let mut picture =
        if blur < 0.7 { imageops::blur(sharp, blur) } else { imageops::fast_blur(sharp, blur) };
    for pixel in picture.iter_mut() {
        *pixel = (f32::from(*pixel) + dice.normal() * noise).clamp(0.0, 255.0) as u8;
    }
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, quality).encode_image(&picture).unwrap();
    image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg).unwrap().into_luma8()
}

/// A plane in space before a camera.
struct Plane {
    right: [f32; 3],
    down: [f32; 3],
    normal: [f32; 3],
    distance: f32,
    focal: f32,
    middle: (f32, f32),
}

impl Plane {
    fn new(view: &View, middle: (f32, f32)) -> Self {
        let [roll, tilt, lean] = [view.roll, view.tilt, view.lean].map(f32::to_radians);
        let turned = |[x, y, z]: [f32; 3]| {
            let (x, y) = (x * roll.cos() - y * roll.sin(), x * roll.sin() + y * roll.cos());
            let (x, z) = (x * tilt.cos() + z * tilt.sin(), z * tilt.cos() - x * tilt.sin());
            let (y, z) = (y * lean.cos() - z * lean.sin(), y * lean.sin() + z * lean.cos());
            [x, y, z]
        };
        // As a telephone sees: some 65° across.
        let focal = view.width as f32 * 0.8;
        Self {
            right: turned([1.0, 0.0, 0.0]),
            down: turned([0.0, 1.0, 0.0]),
            normal: turned([0.0, 0.0, 1.0]),
            distance: focal / view.module,
            focal,
            middle,
        }
    }

    /// The place on the plane, in modules, that a pixel shows.
    fn place(&self, x: f32, y: f32) -> Option<(f32, f32)> {
        let dot = |a: [f32; 3], b: [f32; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        let ray = [(x - self.middle.0) / self.focal, (y - self.middle.1) / self.focal, 1.0];
        let far = self.normal[2] * self.distance / dot(self.normal, ray);
        let at = [ray[0] * far, ray[1] * far, ray[2] * far - self.distance];
        (far > 0.0).then(|| (dot(at, self.right), dot(at, self.down)))
    }
}

/// What lies around the paper.
struct Clutter(GrayImage);

impl Clutter {
    const COARSE: u32 = 8;

    fn new(width: u32, height: u32, dice: &mut Dice) -> Self {
        let (across, down) = (width / Self::COARSE + 1, height / Self::COARSE + 1);
        let mut picture = GrayImage::from_pixel(across, down, Luma([dice.below(70..190) as u8]));
        for _ in 0..40 {
            let (left, top) = (dice.below(0..across as usize), dice.below(0..down as usize));
            let (wide, high) = (dice.below(1..30), dice.below(1..30));
            let level = Luma([dice.below(20..240) as u8]);
            let box_ = GrayImage::from_pixel(wide as u32, high as u32, level);
            imageops::replace(&mut picture, &box_, left as i64, top as i64);
        }
        Self(picture)
    }

    fn grey(&self, x: f32, y: f32) -> f32 {
        let at = |place: f32| place as u32 / Self::COARSE;
        self.0.get_pixel_checked(at(x), at(y)).map_or(0.0, |pixel| f32::from(pixel.0[0]))
    }
}

/// The light at each pixel.
struct LightAt {
    shadow: f32,
    lamp: f32,
    side: f32,
    spot: f32,
    middle: (f32, f32),
    towards: (f32, f32),
}

impl LightAt {
    fn new(light: &Light, middle: (f32, f32), side: f32, dice: &mut Dice) -> Self {
        let angle = dice.between(0.0..TAU);
        let off = |dice: &mut Dice| dice.either(0.0..0.35) * side;
        let (shadow, spot, lamp) = match *light {
            Light::Even => (1.0, 0.0, 1.0),
            Light::Shadow(level) => (level, 0.0, 1.0),
            Light::Spot(radius) => (1.0, radius * side, 1.0),
            Light::Lamp(level) => (1.0, 0.0, level),
        };
        let middle = (middle.0 + off(dice), middle.1 + off(dice));
        Self { shadow, spot, lamp, side, middle, towards: (angle.cos(), angle.sin()) }
    }

    fn on(&self, grey: f32, x: f32, y: f32) -> f32 {
        let (x, y) = (x - self.middle.0, y - self.middle.1);
        let along = x * self.towards.0 + y * self.towards.1;
        // The edge of a shadow is some pixels soft.
        let lit = ((along + 6.0) / 12.0).clamp(0.0, 1.0);
        let mirrored = match self.spot > 0.0 {
            true => 260.0 * (-(x.hypot(y) / self.spot).powi(4)).exp(),
            false => 0.0,
        };
        let nearer = (along / self.side + 0.5).clamp(0.0, 1.0);
        let lamp = self.lamp + (1.0 - self.lamp) * nearer;
        (grey * (self.shadow + (1.0 - self.shadow) * lit) * lamp + mirrored).min(255.0)
    }
}
