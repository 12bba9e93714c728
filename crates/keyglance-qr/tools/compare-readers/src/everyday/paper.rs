//! Codes on paper, in the styles that people print and after what paper suffers.

use std::f32::consts::TAU;

use image::{GrayImage, Luma};
use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

use super::Dice;

/// Pixels a module.
const FINE: u32 = 6;
const QUIET: u32 = 4;
const DARK: u8 = 30;
const LIGHT: u8 = 225;

/// How a code is drawn, and what happened to it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Ink {
    Plain,
    Dots,
    /// Rounded, with something in the middle.
    Logo,
    Inverted,
    /// Scratched and stained.
    Worn,
    /// Half of one corner square is hidden.
    Covered,
}

/// A code with its quiet zone, and where it is sampled.
pub(super) struct Paper {
    sheet: GrayImage,
    modules: u32,
}

impl Paper {
    pub(super) fn new(version: usize, level: EcLevel, ink: Ink, dice: &mut Dice) -> (String, Self) {
        let text = dice.text(version, level);
        let mut bits = Bits::new(Version::Normal(version as i16));
        bits.push_byte_data(text.as_bytes()).and_then(|()| bits.push_terminator(level)).unwrap();
        let code = QrCode::with_bits(bits, level).unwrap();
        let (side, colors) = (code.width(), code.to_colors());
        let is_dark = |x: i64, y: i64| {
            let inside = (0..side as i64).contains(&x) && (0..side as i64).contains(&y);
            inside && colors[y as usize * side + x as usize] == Color::Dark
        };
        let modules = side as u32;
        let pixels = (modules + 2 * QUIET) * FINE;
        let mut sheet = GrayImage::from_fn(pixels, pixels, |x, y| {
            let place = |at: u32| (at as f32 + 0.5) / FINE as f32 - QUIET as f32;
            let (u, v) = (place(x), place(y));
            let (column, row) = (u.floor() as i64, v.floor() as i64);
            let (off_u, off_v) = (u - column as f32 - 0.5, v - row as f32 - 0.5);
            let dark = is_dark(column, row)
                && match ink {
                    Ink::Dots if !in_square(column, row, side as i64) => off_u.hypot(off_v) < 0.42,
                    // A corner is round where both modules beside it are light.
                    Ink::Logo => {
                        let (beside, below) = (off_u.signum() as i64, off_v.signum() as i64);
                        let corner =
                            !is_dark(column + beside, row) && !is_dark(column, row + below);
                        !corner || off_u.hypot(off_v) < 0.5
                    }
                    _ => true,
                };
            Luma([if dark != (ink == Ink::Inverted) { DARK } else { LIGHT }])
        });
        let mut spoil = |left: f32, top: f32, radius: f32, level: u8, square: bool| {
            stamp(&mut sheet, (left, top), radius, level, square);
        };
        let all = side as f32;
        match ink {
            Ink::Logo => spoil(all / 2.0, all / 2.0, all * dice.between(0.09..0.13), 140, false),
            Ink::Worn => {
                for _ in 0..dice.below(2..6) {
                    let (mut x, mut y) = (dice.between(0.0..all), dice.between(0.0..all));
                    let angle = dice.between(0.0..TAU);
                    let wide = dice.between(0.2..0.6);
                    for _ in 0..(all * 4.0) as usize {
                        spoil(x, y, wide, LIGHT, false);
                        (x, y) = (x + angle.cos() * 0.25, y + angle.sin() * 0.25);
                    }
                }
                for _ in 0..dice.below(1..4) {
                    let (x, y) = (dice.between(0.0..all), dice.between(0.0..all));
                    let level = dice.below(20..200) as u8;
                    spoil(x, y, dice.between(0.8..2.2), level, false);
                }
            }
            Ink::Covered => {
                let (x, y) = [(3.5, 3.5), (all - 3.5, 3.5), (3.5, all - 3.5)][dice.below(0..3)];
                // The half that is away from the other modules, or a quarter more.
                let away = |at: f32| if at < all / 2.0 { at - 3.5 } else { at + 3.5 };
                spoil(away(x), away(y), dice.between(3.0..4.5), dice.below(60..230) as u8, true);
            }
            Ink::Plain | Ink::Dots | Ink::Inverted => {}
        }
        (text, Self { sheet, modules })
    }

    /// Modules along a side.
    pub(super) fn side(&self) -> u32 {
        self.modules
    }

    /// The grey at a place in modules from the middle; none beside the paper.
    pub(super) fn grey(&self, u: f32, v: f32) -> Option<f32> {
        let half = (self.modules + 2 * QUIET) as f32 / 2.0;
        let place = |at: f32| (at + half) * FINE as f32;
        let (x, y) = (place(u), place(v));
        let inside = x >= 0.0 && y >= 0.0;
        let pixel = inside.then(|| self.sheet.get_pixel_checked(x as u32, y as u32)).flatten()?;
        Some(f32::from(pixel.0[0]))
    }
}

/// Whether a module belongs to a corner square.
fn in_square(x: i64, y: i64, side: i64) -> bool {
    let near = |at: i64| at < 7;
    let far = |at: i64| at >= side - 7;
    (near(x) && (near(y) || far(y))) || (far(x) && near(y))
}

/// A disc or a square of one grey; places in modules.
fn stamp(sheet: &mut GrayImage, (u, v): (f32, f32), radius: f32, level: u8, square: bool) {
    let pixel = |at: f32| (at + QUIET as f32) * FINE as f32;
    let reach = radius * FINE as f32;
    let range = |at: f32, most: u32| {
        (pixel(at) - reach).max(0.0) as u32..((pixel(at) + reach).max(0.0) as u32).min(most)
    };
    for y in range(v, sheet.height()) {
        for x in range(u, sheet.width()) {
            let far = (x as f32 + 0.5 - pixel(u)).hypot(y as f32 + 0.5 - pixel(v));
            if square || far < reach {
                sheet.put_pixel(x, y, Luma([level]));
            }
        }
    }
}
