//! Codes whose corner squares a designer altered.

use qrcode::EcLevel;

use super::super::paper::{DARK, LIGHT, QUIET};
use super::{Dice, Drawn, Paper, modules, photographed};

/// What was done to the corner squares.
#[derive(Clone, Copy)]
pub(super) enum Alteration {
    /// The centre has this grey.
    Coloured(u8),
    /// The centre has a light hole of one module.
    Hole,
    /// The ring lacks its corners.
    CutCorners,
    /// Ring and centre are round.
    Round,
}

pub(super) fn drawn(dice: &mut Dice, alteration: Alteration) -> Drawn {
    let modules = modules(dice, 1..9, EcLevel::Q);
    let far = modules.side as f32 - 3.5;
    let middles = [(3.5, 3.5), (far, 3.5), (3.5, far)];
    let paper = Paper::painted((modules.side, modules.side), QUIET, |u, v| {
        let own = middles.iter().map(|(x, y)| (u - x, v - y));
        match own.into_iter().find(|(x, y)| x.abs().max(y.abs()) < 3.5) {
            Some(off) => alteration.grey(off),
            None if modules.is_dark_at(u, v) => DARK,
            None => LIGHT,
        }
    });
    photographed(modules, &paper, dice, |dice, view| {
        (view.tilt, view.lean) = (dice.either(0.0..25.0), dice.either(0.0..10.0));
    })
}

impl Alteration {
    /// At a place in modules from the middle of the square.
    fn grey(self, (x, y): (f32, f32)) -> u8 {
        let far = match self {
            Self::Round => x.hypot(y),
            _ => x.abs().max(y.abs()),
        };
        let (is_centre, is_ring) = (far < 1.5, (2.5..3.5).contains(&far));
        match self {
            Self::Coloured(grey) if is_centre => grey,
            Self::Hole if far < 0.5 => LIGHT,
            Self::CutCorners if is_ring && x.abs() + y.abs() > 5.5 => LIGHT,
            _ if is_centre || is_ring => DARK,
            _ => LIGHT,
        }
    }
}
