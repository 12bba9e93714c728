//! Codes as people meet them: on cans and posters, worn, glaring, many on a sheet,
//! drawn with dots.

use std::ops::Range;

use image::{GrayImage, Luma, imageops};
use keyglance_qr::Code;
use qrcode::EcLevel;

use super::paper::{Ink, Paper};
use super::view::{self, Light, View};
use super::{Dice, Draw, Drawn};

/// The rows, and how a picture of each is drawn.
pub const ROWS: [(&str, Draw); 18] = [
    ("flat and near", |dice| one(dice, 1..11, |_, _| {})),
    ("from aside", |dice| {
        one(dice, 2..11, |dice, view| {
            view.tilt = dice.either(35.0..60.0);
            view.lean = dice.either(0.0..30.0);
        })
    }),
    ("on a can", |dice| one(dice, 2..9, |dice, view| view.bend = dice.between(0.5..0.85))),
    ("crumpled", |dice| one(dice, 2..9, |dice, view| view.crease = dice.between(0.3..0.9))),
    ("large versions", |dice| one(dice, 20..41, |_, view| view.module *= 0.8)),
    ("large versions, from aside", |dice| {
        one(dice, 16..31, |dice, view| view.tilt = dice.either(20.0..40.0))
    }),
    ("far away", |dice| {
        one(dice, 1..8, |dice, view| (view.module, view.blur) = (dice.between(2.2..3.2), 0.7))
    }),
    ("in a large photograph", |dice| {
        one(dice, 1..8, |dice, view| {
            (view.width, view.height) = (3264, 2448);
            view.module = dice.between(3.0..6.0);
            view.blur = 1.2;
        })
    }),
    ("out of focus", |dice| {
        one(dice, 1..8, |dice, view| view.blur = view.module * dice.between(0.5..0.8))
    }),
    ("half in shadow", |dice| {
        one(dice, 1..11, |dice, view| view.light = Light::Shadow(dice.between(0.15..0.4)))
    }),
    ("glare", |dice| {
        one(dice, 2..11, |dice, view| view.light = Light::Spot(dice.between(0.10..0.22)))
    }),
    ("strong JPEG", |dice| one(dice, 1..11, |dice, view| view.quality = dice.below(6..16) as u8)),
    ("dots", |dice| styled(dice, Ink::Dots)),
    ("rounded, with a picture in the middle", |dice| styled(dice, Ink::Logo)),
    ("light on dark", |dice| styled(dice, Ink::Inverted)),
    ("worn", |dice| styled(dice, Ink::Worn)),
    ("a corner square half covered", |dice| styled(dice, Ink::Covered)),
    ("sixty on a sheet", sheet),
];

/// One code, flat in a photograph of 1280 × 960 unless the kind changes that.
pub(super) fn one(
    dice: &mut Dice,
    versions: Range<usize>,
    change: impl FnOnce(&mut Dice, &mut View),
) -> Drawn {
    seen(dice, versions, Ink::Plain, EcLevel::M, change)
}

fn styled(dice: &mut Dice, ink: Ink) -> Drawn {
    let level = if matches!(ink, Ink::Logo | Ink::Worn) { EcLevel::H } else { EcLevel::M };
    seen(dice, 2..9, ink, level, |dice, view| view.tilt = dice.either(0.0..25.0))
}

fn seen(
    dice: &mut Dice,
    versions: Range<usize>,
    ink: Ink,
    level: EcLevel,
    change: impl FnOnce(&mut Dice, &mut View),
) -> Drawn {
    let version = dice.below(versions);
    let (text, paper) = Paper::new(version, level, ink, dice);
    let mut view = View::new(paper.side(), dice);
    change(dice, &mut view);
    Drawn { picture: view.picture(&paper, dice), texts: vec![text] }
}

/// Labels on a sheet, as a scanner or a phone from above sees them.
fn sheet(dice: &mut Dice) -> Drawn {
    let module = dice.below(3..6) as u32;
    let mut texts = Vec::new();
    let mut sheet = GrayImage::from_pixel(10 * 37 * module, 6 * 37 * module, Luma([235]));
    for at in 0..60_u32 {
        let version = dice.below(1..4);
        let text = dice.text(version, EcLevel::M);
        let code = keyglance_qr::render_grayscale(&Code::new(&text).unwrap(), module).unwrap();
        let (x, y) = (at % 10 * 37 * module, at / 10 * 37 * module);
        imageops::replace(&mut sheet, &code, i64::from(x), i64::from(y));
        texts.push(text);
    }
    Drawn { picture: view::filmed(&sheet, 0.8, 4.0, 85, dice), texts }
}
