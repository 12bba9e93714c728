//! Codes that are folded, worn, foreshortened or smeared.

use image::{GrayImage, Luma};
use qrcode::EcLevel;

use super::super::paper::{DARK, LIGHT, QUIET};
use super::super::view::Fold;
use super::{Dice, Drawn, Paper, modules, photographed};

/// To half its width, with a dark frame at each side.
pub(super) fn foreshortened(dice: &mut Dice) -> Drawn {
    let modules = modules(dice, 2..7, EcLevel::M);
    let side = modules.side as f32;
    let (outer, thick) = (dice.between(8.0..18.0), dice.between(1.0..2.0));
    let is_frame = |u: f32, v: f32| {
        let beyond = (u - side / 2.0).abs() - side / 2.0 - 6.0 - outer / 2.0;
        let far = beyond.abs().max((v - side / 2.0).abs());
        (outer / 2.0 - thick..outer / 2.0).contains(&far)
    };
    let paper = Paper::painted((modules.side, modules.side), 28, |u, v| {
        if modules.is_dark_at(u, v) || is_frame(u, v) { DARK } else { LIGHT }
    });
    photographed(modules, &paper, dice, |dice, view| {
        (view.module, view.blur) = (6.0, 0.5);
        (view.tilt, view.lean) = (dice.either(60.0..65.0), 0.0);
        view.roll = dice.below(0..4) as f32 * 90.0 + dice.either(0.0..8.0);
    })
}

/// Under, along a line: a strip of one to two modules is hidden, or seen twice.
pub(super) fn folded(dice: &mut Dice) -> Drawn {
    let modules = modules(dice, 2..9, EcLevel::M);
    let paper = Paper::painted((modules.side, modules.side), QUIET, |u, v| {
        if modules.is_dark_at(u, v) { DARK } else { LIGHT }
    });
    let shift = dice.between(1.0..2.0);
    let fold = Fold::new(paper.side(), shift, dice);
    photographed(modules, &paper, dice, |_, view| view.fold = Some(fold))
}

/// Ink came off in spots, and the paper is crumpled a little.
pub(super) fn worn(dice: &mut Dice) -> Drawn {
    let modules = modules(dice, 2..7, EcLevel::H);
    let grain = Grain::new(modules.side as f32, 1.5, dice);
    let share = dice.between(0.1..0.25);
    let paper = Paper::painted((modules.side, modules.side), QUIET, |u, v| {
        if modules.is_dark_at(u, v) && grain.at(u, v) > share { DARK } else { LIGHT }
    });
    photographed(modules, &paper, dice, |dice, view| view.crease = dice.between(0.1..0.3))
}

/// A fifth of the contrast, and moved along one axis while the shutter was open.
pub(super) fn smeared(dice: &mut Dice) -> Drawn {
    let modules = modules(dice, 1..7, EcLevel::M);
    let paper = Paper::painted((modules.side, modules.side), QUIET, |u, v| {
        if modules.is_dark_at(u, v) { DARK } else { LIGHT }
    });
    photographed(modules, &paper, dice, |dice, view| {
        view.contrast = 0.2;
        view.roll = dice.below(0..4) as f32 * 90.0 + dice.either(0.0..3.0);
        let motion = dice.between(6.0..10.0);
        // Most of a module, or all of it.
        view.module = motion / dice.between(0.7..1.0);
        view.motion = [(motion, 0.0), (0.0, motion)][dice.below(0..2)];
        view.noise = 2.0;
    })
}

/// Smooth noise, evenly from 0 to 1.
struct Grain {
    levels: GrayImage,
    size: f32,
}

impl Grain {
    /// For a square of this side, in grains of this size.
    fn new(side: f32, size: f32, dice: &mut Dice) -> Self {
        let cells = (side / size) as u32 + 3;
        let mut level = || dice.below(0..256) as u8;
        Self { levels: GrayImage::from_fn(cells, cells, |_, _| Luma([level()])), size }
    }

    fn at(&self, u: f32, v: f32) -> f32 {
        let (x, y) = (u.max(0.0) / self.size, v.max(0.0) / self.size);
        let level = |x: u32, y: u32| f32::from(self.levels.get_pixel(x, y).0[0]) / 255.0;
        let (left, top) = (x as u32, y as u32);
        let (right, down) = (x - left as f32, y - top as f32);
        let row = |y: u32| level(left, y) * (1.0 - right) + level(left + 1, y) * right;
        row(top) * (1.0 - down) + row(top + 1) * down
    }
}
