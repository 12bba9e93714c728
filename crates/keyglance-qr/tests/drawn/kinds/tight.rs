//! Codes whose quiet zone is missing: what is around has the colour of their squares.

use image::{GrayImage, Luma};
use qrcode::EcLevel;

use super::{Dice, Drawn, Modules, Paper, modules};

/// What is around a code without a quiet zone.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Surround {
    /// Around a dark code.
    Dark,
    /// Around a light code.
    Light,
}

/// Which sides lack the quiet zone.
#[derive(Clone, Copy)]
pub(super) struct Tight {
    surround: Surround,
    /// Left, right, top, bottom.
    sides: [bool; 4],
}

/// Of the sides that have one.
const QUIET: f32 = 4.0;
/// Of the surround that is on the paper, in modules.
const AROUND: u32 = 10;

impl Tight {
    pub(super) fn all_around(surround: Surround) -> Self {
        Self { surround, sides: [true; 4] }
    }

    pub(super) fn at_one_side(dice: &mut Dice) -> Self {
        let surround = [Surround::Dark, Surround::Light][dice.below(0..2)];
        let mut sides = [false; 4];
        sides[dice.below(0..4)] = true;
        Self { surround, sides }
    }

    /// Whether a place is dark.
    fn is_dark(self, modules: &Modules, u: f32, v: f32) -> bool {
        let side = modules.side as f32;
        let beyond = [-u, u - side, -v, v - side];
        let is_code = beyond.iter().all(|beyond| *beyond < 0.0);
        let is_around = beyond
            .iter()
            .zip(self.sides)
            .any(|(beyond, tight)| *beyond >= if tight { 0.0 } else { QUIET });
        let dark = if is_code { modules.is_dark_at(u, v) } else { is_around };
        dark != (self.surround == Surround::Light)
    }
}

/// Whole pixels a module, and no lens.
pub(super) fn on_screen(dice: &mut Dice, tight: Tight) -> Drawn {
    let modules = modules(dice, 1..11, EcLevel::M);
    let module = dice.below(1..5) as i64;
    let (dark, light) = (dice.below(0..50) as u8, dice.below(205..256) as u8);
    let (width, height) = (640, 480);
    let place = |dice: &mut Dice, most: u32| {
        dice.below(40..(i64::from(most) - modules.side * module - 40) as usize) as i64
    };
    let (left, top) = (place(dice, width), place(dice, height));
    let picture = GrayImage::from_fn(width, height, |x, y| {
        let at = |place: u32, from: i64| (i64::from(place) - from).div_euclid(module) as f32 + 0.5;
        let is_dark = tight.is_dark(&modules, at(x, left), at(y, top));
        Luma([if is_dark { dark } else { light }])
    });
    Drawn { picture, texts: vec![modules.text] }
}

pub(super) fn photographed(dice: &mut Dice, tight: Tight) -> Drawn {
    let modules = modules(dice, 1..11, EcLevel::M);
    let (dark, light) = (dice.below(15..60) as u8, dice.below(180..240) as u8);
    let paper = Paper::painted((modules.side, modules.side), AROUND, |u, v| {
        if tight.is_dark(&modules, u, v) { dark } else { light }
    });
    super::photographed(modules, &paper, dice, |dice, view| view.module = dice.between(2.5..6.0))
}
