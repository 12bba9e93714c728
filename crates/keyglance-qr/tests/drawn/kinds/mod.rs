//! Kinds of codes that readers miss: one row each.

mod altered;
mod many;
mod spoilt;
mod tight;

use std::ops::Range;

use qrcode::EcLevel;

use self::altered::Alteration;
use self::tight::{Surround, Tight};
use super::paper::{Modules, Paper};
use super::view::View;
use super::{Dice, Draw, Drawn, everyday};

/// The rows, and how a picture of each is drawn.
pub const ROWS: [(&str, Draw); 19] = [
    ("sheet, small modules", many::sheet),
    ("versions 25 to 40", |dice| {
        everyday::one(dice, 25..41, |dice, view| view.module = dice.between(2.0..3.5))
    }),
    ("versions 25 to 40, from aside", |dice| {
        everyday::one(dice, 25..41, |dice, view| {
            (view.module, view.tilt) = (dice.between(2.0..3.5), dice.either(24.0..26.0));
        })
    }),
    ("no quiet zone, dark around, on a screen", |dice| {
        tight::on_screen(dice, Tight::all_around(Surround::Dark))
    }),
    ("no quiet zone, dark around, photographed", |dice| {
        tight::photographed(dice, Tight::all_around(Surround::Dark))
    }),
    ("no quiet zone at one side, on a screen", |dice| {
        let tight = Tight::at_one_side(dice);
        tight::on_screen(dice, tight)
    }),
    ("no quiet zone at one side, photographed", |dice| {
        let tight = Tight::at_one_side(dice);
        tight::photographed(dice, tight)
    }),
    ("no quiet zone, light code on light, on a screen", |dice| {
        tight::on_screen(dice, Tight::all_around(Surround::Light))
    }),
    ("no quiet zone, light code on light, photographed", |dice| {
        tight::photographed(dice, Tight::all_around(Surround::Light))
    }),
    ("squares with a coloured centre", |dice| {
        let grey = dice.below(90..161) as u8;
        altered::drawn(dice, Alteration::Coloured(grey))
    }),
    ("squares with a hole", |dice| altered::drawn(dice, Alteration::Hole)),
    ("squares with cut corners", |dice| altered::drawn(dice, Alteration::CutCorners)),
    ("round squares", |dice| altered::drawn(dice, Alteration::Round)),
    ("from 60° aside, dark frames beside", spoilt::foreshortened),
    ("folded", spoilt::folded),
    ("worn off, crumpled", spoilt::worn),
    ("dim and smeared", spoilt::smeared),
    ("two of three under a bright strip", many::under_a_strip),
    ("one of two in a light frame", many::light_framed),
];

/// A photograph of one paper, as [`View::new`] sees it unless `change` says otherwise.
fn photographed(
    modules: Modules,
    paper: &Paper,
    dice: &mut Dice,
    change: impl FnOnce(&mut Dice, &mut View),
) -> Drawn {
    let mut view = View::new(paper.side(), dice);
    change(dice, &mut view);
    Drawn { picture: view.picture(paper, dice), texts: vec![modules.text] }
}

fn modules(dice: &mut Dice, versions: Range<usize>, level: EcLevel) -> Modules {
    let version = dice.below(versions);
    Modules::new(version, level, dice)
}
