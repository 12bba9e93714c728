//! Several codes in one picture.

use image::GrayImage;
use qrcode::EcLevel;

use super::super::paper::{DARK, LIGHT, QUIET};
use super::super::view::{Light, View};
use super::{Dice, Drawn, Modules, Paper, modules};

/// Where a code lies on a sheet, and what it is.
struct Placed {
    left: f32,
    top: f32,
    modules: Modules,
}

impl Placed {
    /// From the top left module of this code.
    fn place(&self, u: f32, v: f32) -> (f32, f32) {
        (u - self.left, v - self.top)
    }

    fn is_dark(&self, u: f32, v: f32) -> bool {
        let (u, v) = self.place(u, v);
        self.modules.is_dark_at(u, v)
    }

    /// How far a place lies beyond its modules; less than zero inside.
    fn beyond(&self, u: f32, v: f32) -> f32 {
        let (half, (u, v)) = (self.modules.side as f32 / 2.0, self.place(u, v));
        (u - half).abs().max((v - half).abs()) - half
    }
}

/// Sixty labels with modules of one or two pixels, in the light of one lamp.
pub(super) fn sheet(dice: &mut Dice) -> Drawn {
    let gap = dice.below(1..4) as i64;
    // Of version 3, with its quiet zone.
    let cell = 29 + 8 + gap;
    let codes: Vec<_> = (0..60_i64)
        .map(|at| {
            let modules = modules(dice, 1..4, EcLevel::M);
            let left = (at % 10 * cell + (cell - modules.side) / 2) as f32;
            let top = (at / 10 * cell + (cell - modules.side) / 2) as f32;
            Placed { left, top, modules }
        })
        .collect();
    let paper = Paper::painted((10 * cell, 6 * cell), QUIET, |u, v| {
        let (column, row) = ((u / cell as f32).floor(), (v / cell as f32).floor());
        let inside = (0.0..10.0).contains(&column) && (0.0..6.0).contains(&row);
        let code = inside.then(|| &codes[(row * 10.0 + column) as usize]);
        if code.is_some_and(|code| code.is_dark(u, v)) { DARK } else { LIGHT }
    });
    let mut view = View::new(paper.side(), dice);
    // All of it must be in the picture.
    view.module = dice.between(1.4..2.6).min(1150.0 / (10 * cell) as f32);
    (view.blur, view.noise, view.quality) = (dice.between(0.4..0.69), 3.0, 90);
    view.roll = dice.either(0.0..6.0);
    (view.tilt, view.lean) = (dice.either(0.0..8.0), dice.either(0.0..8.0));
    view.light = Light::Lamp(dice.between(0.4..0.8));
    seen(&view, &paper, codes, dice)
}

/// Three beside each other; a bright strip crosses two of them.
pub(super) fn under_a_strip(dice: &mut Dice) -> Drawn {
    let codes = row_of(3, 8.0, dice);
    let spared = [0, 2][dice.below(0..2)];
    let side = codes[0].modules.side as f32;
    let (from, wide) = (dice.between(2.0..side - 4.0), dice.between(1.5..2.5));
    let slant = dice.either(0.0..0.05);
    let paper = Paper::painted(extent(&codes), QUIET, |u, v| {
        let dark = codes.iter().any(|code| code.is_dark(u, v));
        let at = codes.iter().position(|code| code.beyond(u, v) < 4.0);
        let lit = at != Some(spared) && (from..from + wide).contains(&(v + u * slant));
        match (dark, lit) {
            (true, true) => 190,
            (false, true) => 250,
            (true, false) => DARK,
            (false, false) => LIGHT,
        }
    });
    let view = in_a_row(&paper, dice);
    seen(&view, &paper, codes, dice)
}

/// Two beside each other, one on dark ground with one module of light around it.
pub(super) fn light_framed(dice: &mut Dice) -> Drawn {
    let codes = row_of(2, 10.0, dice);
    let framed = dice.below(0..2);
    let paper = Paper::painted(extent(&codes), QUIET, |u, v| {
        let beyond = codes[framed].beyond(u, v);
        let is_ground = (1.0..4.0).contains(&beyond);
        let dark = is_ground || codes.iter().any(|code| code.is_dark(u, v));
        if dark { DARK } else { LIGHT }
    });
    let view = in_a_row(&paper, dice);
    seen(&view, &paper, codes, dice)
}

/// Codes of one version, so far from each other.
fn row_of(count: usize, gap: f32, dice: &mut Dice) -> Vec<Placed> {
    let version = dice.below(2..7);
    (0..count)
        .map(|at| {
            let modules = modules(dice, version..version + 1, EcLevel::M);
            Placed { left: at as f32 * (modules.side as f32 + gap), top: 0.0, modules }
        })
        .collect()
}

fn extent(codes: &[Placed]) -> (i64, i64) {
    let right = |code: &Placed| code.left as i64 + code.modules.side;
    (codes.iter().map(right).max().unwrap_or_default(), codes[0].modules.side)
}

fn in_a_row(paper: &Paper, dice: &mut Dice) -> View {
    let mut view = View::new(paper.side(), dice);
    view.module = dice.between(0.6..0.8) * view.width as f32 / paper.side() as f32;
    view.roll = dice.either(0.0..10.0);
    view
}

fn seen(view: &View, paper: &Paper, codes: Vec<Placed>, dice: &mut Dice) -> Drawn {
    let picture: GrayImage = view.picture(paper, dice);
    Drawn { picture, texts: codes.into_iter().map(|code| code.modules.text).collect() }
}
