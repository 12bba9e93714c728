//! Picture files: everything is tried.

use image::GrayImage;

use super::effort::Effort;
use super::search::{Search, pixels};
use super::{Reading, scale, threshold};

/// Pictures with more pixels are halved until they have no more.
const MAX_WORKING_PIXELS: u64 = 4_000_000;
/// Pictures with fewer pixels are also tried enlarged, for modules of a pixel or two.
const SMALL_PIXELS: u64 = 1300 * 800;
/// Pictures with fewer are enlarged once more.
const TINY_PIXELS: u64 = 640 * 480;

/// Every code in a picture: light on dark, rotated and mirrored ones too.
///
/// For stills: it tries all that it knows, at most [`Effort::still`]. A code
/// found twice is given once; equal codes in two places are given twice.
#[must_use]
pub fn decode(picture: &GrayImage) -> Vec<Reading> {
    decode_within(picture, &mut Effort::still())
}

/// The same, within this effort.
#[must_use]
pub fn decode_within(picture: &GrayImage, effort: &mut Effort<'_>) -> Vec<Reading> {
    let mut search = Search::new(effort);
    let mut factor = 1.0;
    let mut smaller = None;
    while pixels(smaller.as_ref().unwrap_or(picture)) > MAX_WORKING_PIXELS {
        let larger = smaller.as_ref().unwrap_or(picture);
        if !search.effort.spend(pixels(larger)) {
            return Vec::new();
        }
        smaller = Some(scale::halved(larger));
        factor *= 2.0;
    }
    let working = smaller.as_ref().unwrap_or(picture);
    if pixels(working) == 0 {
        return Vec::new();
    }

    quick(&mut search, working, factor);
    search.look_closer(picture, 12);
    if search.is_empty() && !search.is_over() {
        costly(&mut search, working, factor);
        search.look_closer(picture, 12);
    }
    if search.is_empty() && smaller.is_some() {
        let dark = search.look(picture, 1.0, |p| threshold::blocks(p, 24));
        search.look_inverted(dark, 1.0);
        search.look_closer(picture, 12);
    }
    search.into_readings()
}

/// What every picture is asked.
fn quick(search: &mut Search<'_, '_>, working: &GrayImage, factor: f32) {
    let half = scale::halved(working);
    for range in [24, 8] {
        let dark = search.look(working, factor, |p| threshold::blocks(p, range));
        search.look_inverted(dark, factor);
        let dark = search.look(&half, factor * 2.0, |p| threshold::blocks(p, range));
        search.look_inverted(dark, factor * 2.0);
    }
    let dark = search.look(working, factor, threshold::global);
    search.look_inverted(dark, factor);
    let radius = working.width().max(working.height()) / 16;
    let dark = search.look(working, factor, |p| threshold::local_mean(p, radius));
    search.look_inverted(dark, factor);
}

/// What a picture is asked where nothing was read.
fn costly(search: &mut Search<'_, '_>, working: &GrayImage, factor: f32) {
    let third = scale::thirded(working);
    let quarter = scale::halved(&scale::halved(working));
    for (smaller, times) in [(third, 3.0), (quarter, 4.0)] {
        let dark = search.look(&smaller, factor * times, |p| threshold::blocks(p, 8));
        search.look_inverted(dark, factor * times);
    }
    for radius in [7, 12, 25] {
        let dark = search.look(working, factor, |p| threshold::local_mean(p, radius));
        search.look_inverted(dark, factor);
    }
    for (radius, strength) in [(2, 1.5), (4, 2.5)] {
        let sharp = scale::sharpened(working, radius, strength);
        let dark = search.look(&sharp, factor, |p| threshold::blocks(p, 24));
        search.look_inverted(dark, factor);
    }
    // Paper with grain, and codes that are only outlined.
    for radius in [1, 2, 4] {
        let soft = scale::softened(working, radius);
        let dark = search.look(&soft, factor, |p| threshold::blocks(p, 8));
        search.look_inverted(dark, factor);
        let dark = search.look(&soft, factor, threshold::global);
        search.look_inverted(dark, factor);
    }
    if !search.is_empty() {
        return;
    }
    search.ask_again(working, factor);
    if pixels(working) > SMALL_PIXELS {
        return;
    }
    let double = scale::doubled(working);
    for range in [24, 8] {
        let dark = search.look(&double, factor / 2.0, |p| threshold::blocks(p, range));
        search.look_inverted(dark, factor / 2.0);
    }
    let sharp = scale::sharpened(&double, 3, 2.0);
    let dark = search.look(&sharp, factor / 2.0, |p| threshold::blocks(p, 24));
    search.look_inverted(dark, factor / 2.0);
    if search.is_empty() {
        search.ask_again(&double, factor / 2.0);
    }
    if search.is_empty() && pixels(working) <= TINY_PIXELS {
        let triple = scale::tripled(working);
        let dark = search.look(&triple, factor / 3.0, threshold::global);
        search.look_inverted(dark, factor / 3.0);
        if search.is_empty() {
            search.ask_again(&triple, factor / 3.0);
        }
    }
}
