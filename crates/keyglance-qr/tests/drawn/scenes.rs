//! What a camera sees while no code is before it.

use image::{GrayImage, Luma, imageops};

use super::Dice;

const WIDTH: u32 = 1280;
const HEIGHT: u32 = 720;
/// What the camera sees in the course of a scene is larger than one frame.
const SPAN: u32 = 400;

/// A scene before a camera that moves or does not.
pub struct Scene {
    seen: GrayImage,
    /// Pixels to the right in each frame.
    step: u32,
    /// Standard deviation, in greys.
    noise: f32,
}

impl Scene {
    /// Any of the first 80 frames.
    pub fn frame(&self, at: u32) -> GrayImage {
        let left = (at * self.step).min(SPAN);
        let mut frame =
            imageops::crop_imm(&self.seen, left, at * self.step / 4, WIDTH, HEIGHT).to_image();
        let mut dice = Dice::new(u64::from(at));
        for grey in frame.iter_mut() {
            *grey = (f32::from(*grey) + dice.normal() * self.noise) as u8;
        }
        frame
    }
}

/// Scenes without a code, with their names.
pub fn without_codes() -> Vec<(&'static str, Scene)> {
    let still = |seen, noise| Scene { seen, step: 0, noise };
    let moving =
        |seen: GrayImage| Scene { seen: imageops::fast_blur(&seen, 0.8), step: 4, noise: 3.0 };
    vec![
        ("moving: boxes", moving(boxes(&mut Dice::new(1)))),
        ("moving: shelves", moving(shelves(&mut Dice::new(2)))),
        ("moving: leaves", moving(leaves(&mut Dice::new(3)))),
        ("even grey with noise", still(even(128), 4.0)),
        ("dark", still(even(6), 3.0)),
        ("a page of text", still(imageops::fast_blur(&text(&mut Dice::new(4)), 0.8), 3.0)),
        ("a keyboard", still(imageops::fast_blur(&keyboard(&mut Dice::new(5)), 0.8), 3.0)),
    ]
}

fn even(level: u8) -> GrayImage {
    GrayImage::from_pixel(WIDTH + SPAN, HEIGHT + SPAN, Luma([level]))
}

fn fill(picture: &mut GrayImage, (x, y): (i64, i64), (wide, high): (u32, u32), level: u8) {
    imageops::replace(picture, &GrayImage::from_pixel(wide, high, Luma([level])), x, y);
}

/// Boxes of all sizes and greys over each other.
fn boxes(dice: &mut Dice) -> GrayImage {
    let mut picture = even(120);
    for _ in 0..400 {
        let at = (dice.below(0..1600) as i64, dice.below(0..1100) as i64);
        let size = (dice.below(4..160) as u32, dice.below(4..160) as u32);
        fill(&mut picture, at, size, dice.below(20..240) as u8);
    }
    picture
}

/// Books: narrow upright boxes with stripes across.
fn shelves(dice: &mut Dice) -> GrayImage {
    let mut picture = even(60);
    for shelf in 0..6 {
        let (mut x, bottom) = (0, (shelf + 1) * 180);
        while x < 1700 {
            let (wide, high) = (dice.below(8..40) as u32, dice.below(90..165) as u32);
            let level = dice.below(40..220) as u8;
            let top = bottom - i64::from(high);
            fill(&mut picture, (x, top), (wide, high), level);
            for _ in 0..dice.below(0..5) {
                let down = dice.below(4..high as usize - 8) as i64;
                let band = dice.below(20..240) as u8;
                fill(&mut picture, (x + 2, top + down), (wide - 4, dice.below(2..8) as u32), band);
            }
            x += i64::from(wide) + dice.below(0..3) as i64;
        }
    }
    picture
}

/// Smooth noise of four sizes.
fn leaves(dice: &mut Dice) -> GrayImage {
    let mut sums = vec![0.0_f32; ((WIDTH + SPAN) * (HEIGHT + SPAN)) as usize];
    for (size, weight) in [(64, 0.35), (24, 0.3), (9, 0.25), (4, 0.2)] {
        let (across, down) = ((WIDTH + SPAN) / size + 2, (HEIGHT + SPAN) / size + 2);
        let coarse = GrayImage::from_fn(across, down, |_, _| Luma([dice.below(0..256) as u8]));
        let at = |x: u32, y: u32| f32::from(coarse.get_pixel(x, y).0[0]);
        for (place, sum) in (0_u32..).zip(&mut sums) {
            let (x, y) = (place % (WIDTH + SPAN), place / (WIDTH + SPAN));
            let part = |at: u32| (at % size) as f32 / size as f32;
            let row = |y: u32| at(x / size, y) * (1.0 - part(x)) + at(x / size + 1, y) * part(x);
            *sum += weight * (row(y / size) * (1.0 - part(y)) + row(y / size + 1) * part(y));
        }
    }
    let levels = sums.into_iter().map(|sum| ((sum - 140.0) * 2.0 + 120.0) as u8).collect();
    GrayImage::from_raw(WIDTH + SPAN, HEIGHT + SPAN, levels).unwrap()
}

/// Lines of letters, each some strokes on a grid of five by seven.
fn text(dice: &mut Dice) -> GrayImage {
    let mut picture = even(225);
    for line in 0..60 {
        let mut x = 60;
        while x < 1500 {
            for _ in 0..dice.below(2..10) {
                letter(&mut picture, (x, 40 + line * 18), 2, 40, dice);
                x += 12;
            }
            x += 8;
        }
    }
    picture
}

fn letter(picture: &mut GrayImage, (x, y): (i64, i64), pen: u32, level: u8, dice: &mut Dice) {
    let step = i64::from(pen);
    for _ in 0..dice.below(2..5) {
        let (column, row) = (dice.below(0..4) as i64, dice.below(0..6) as i64);
        let size = if dice.below(0..2) == 0 {
            (pen, pen * dice.below(2..7) as u32)
        } else {
            (pen * dice.below(2..5) as u32, pen)
        };
        let (wide, high) =
            (size.0.min(pen * (5 - column as u32)), size.1.min(pen * (7 - row as u32)));
        fill(picture, (x + column * step, y + row * step), (wide, high), level);
    }
}

/// Dark keys on a lighter case, with light letters.
fn keyboard(dice: &mut Dice) -> GrayImage {
    let mut picture = even(110);
    for row in 0..9_i64 {
        for column in 0..22_i64 {
            let (x, y) = (column * 78 + row * 20 % 60, row * 78);
            fill(&mut picture, (x + 4, y + 4), (70, 70), 40);
            fill(&mut picture, (x + 10, y + 7), (58, 58), 55);
            letter(&mut picture, (x + 18, y + 14), 4, 215, dice);
        }
    }
    picture
}
