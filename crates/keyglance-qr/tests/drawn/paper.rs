//! Codes on paper, in the styles that people print and after what paper suffers.

use std::f32::consts::TAU;

use image::{GrayImage, Luma};
use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

use super::Dice;

/// Pixels a module.
const FINE: u32 = 6;
pub(super) const QUIET: u32 = 4;
pub(super) const DARK: u8 = 30;
pub(super) const LIGHT: u8 = 225;

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

/// The modules of a code, and what it says.
pub(super) struct Modules {
    pub(super) text: String,
    pub(super) side: i64,
    colors: Vec<Color>,
}

impl Modules {
    /// One byte segment that fills this version, or nearly.
    pub(super) fn new(version: usize, level: EcLevel, dice: &mut Dice) -> Self {
        let text = dice.text(version, level);
        let mut bits = Bits::new(Version::Normal(version as i16));
        bits.push_byte_data(text.as_bytes()).and_then(|()| bits.push_terminator(level)).unwrap();
        let code = QrCode::with_bits(bits, level).unwrap();
        Self { text, side: code.width() as i64, colors: code.to_colors() }
    }

    /// Whether a module is dark; what lies beyond the code is light.
    pub(super) fn is_dark(&self, x: i64, y: i64) -> bool {
        let inside = (0..self.side).contains(&x) && (0..self.side).contains(&y);
        inside && self.colors[(y * self.side + x) as usize] == Color::Dark
    }

    /// Whether the module at a place is dark.
    pub(super) fn is_dark_at(&self, u: f32, v: f32) -> bool {
        self.is_dark(u.floor() as i64, v.floor() as i64)
    }
}

/// A sheet of paper with a code on it, and where it is sampled.
pub(super) struct Paper {
    sheet: GrayImage,
    modules: u32,
}

impl Paper {
    /// A code with its quiet zone.
    pub(super) fn new(version: usize, level: EcLevel, ink: Ink, dice: &mut Dice) -> (String, Self) {
        let modules = Modules::new(version, level, dice);
        let side = modules.side;
        let mut paper = Self::painted((side, side), QUIET, |u, v| {
            let (column, row) = (u.floor() as i64, v.floor() as i64);
            let (off_u, off_v) = (u - column as f32 - 0.5, v - row as f32 - 0.5);
            let dark = modules.is_dark(column, row)
                && match ink {
                    Ink::Dots if !in_square(column, row, side) => off_u.hypot(off_v) < 0.42,
                    // A corner is round where both modules beside it are light.
                    Ink::Logo => {
                        let (beside, below) = (off_u.signum() as i64, off_v.signum() as i64);
                        let corner = !modules.is_dark(column + beside, row)
                            && !modules.is_dark(column, row + below);
                        !corner || off_u.hypot(off_v) < 0.5
                    }
                    _ => true,
                };
            if dark != (ink == Ink::Inverted) { DARK } else { LIGHT }
        });
        let sheet = &mut paper.sheet;
        let mut spoil = |left: f32, top: f32, radius: f32, level: u8, square: bool| {
            stamp(sheet, (left, top), radius, level, square);
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
        (modules.text, paper)
    }

    /// As many modules wide and high, and a margin around; `ink` gives the grey at each
    /// place, in modules from the top left one.
    pub(super) fn painted(
        (across, down): (i64, i64),
        margin: u32,
        ink: impl Fn(f32, f32) -> u8,
    ) -> Self {
        let pixels = |modules: i64| (modules as u32 + 2 * margin) * FINE;
        let place = |at: u32| (at as f32 + 0.5) / FINE as f32 - margin as f32;
        let sheet = GrayImage::from_fn(pixels(across), pixels(down), |x, y| {
            Luma([ink(place(x), place(y))])
        });
        Self { sheet, modules: across as u32 }
    }

    /// Modules along the upper side, without the margin.
    pub(super) fn side(&self) -> u32 {
        self.modules
    }

    /// Its width and height, in modules.
    pub(super) fn extent(&self) -> (f32, f32) {
        let (width, height) = self.sheet.dimensions();
        ((width / FINE) as f32, (height / FINE) as f32)
    }

    /// The grey at a place in modules from the middle; none beside the paper.
    pub(super) fn grey(&self, u: f32, v: f32) -> Option<f32> {
        let place = |at: f32, pixels: u32| at * FINE as f32 + pixels as f32 / 2.0;
        let (x, y) = (place(u, self.sheet.width()), place(v, self.sheet.height()));
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
