//! Picture files: everything is tried.

use image::GrayImage;
use rxing::common::BitMatrix;

use super::crumpled::POSSIBLE;
use super::effort::WorkBudget;
use super::search::{MEANS, Search, pixels};
use super::{Reading, scale, threshold};

/// Pictures with more pixels are halved until they have no more.
const MAX_WORKING_PIXELS: u64 = 4_000_000;
/// Pictures with fewer pixels are also tried enlarged, for modules of a pixel or two.
const SMALL_PIXELS: u64 = 1300 * 800;
/// Pictures with fewer are enlarged once more.
const TINY_PIXELS: u64 = 640 * 480;

/// Every code in a picture: light on dark, rotated and mirrored ones too.
///
/// For stills: it tries all that it knows, at most [`WorkBudget::still`]. A code
/// found twice is given once; equal codes in two places are given twice.
#[must_use]
pub fn decode_image(picture: &GrayImage) -> Vec<Reading> {
    decode_image_within(picture, &mut WorkBudget::still())
}

/// The same, within this effort.
#[must_use]
pub fn decode_image_within(picture: &GrayImage, effort: &mut WorkBudget<'_>) -> Vec<Reading> {
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
    search.look_closer(picture, POSSIBLE, 12, 12);
    if (!search.is_done(picture) || search.is_sheet()) && !search.is_over() {
        if search.is_empty() {
            search.look_at_pairs(picture, 16, 6);
        }
        costly(&mut search, working, factor);
        search.look_closer(picture, POSSIBLE, 12, 12);
    }
    if search.is_empty() && smaller.is_some() {
        let dark = search.look(picture, 1.0, |p| threshold::blocks(p, 24));
        search.look_inverted(dark, 1.0);
        search.look_closer(picture, POSSIBLE, 12, 12);
    }
    search.into_readings()
}

/// What every picture is asked.
fn quick(search: &mut Search<'_, '_>, working: &GrayImage, factor: f32) {
    let half = search.make(working, 1, scale::halved).unwrap_or_default();
    for range in [24, 8] {
        both_ways(search, working, factor, |p| threshold::blocks(p, range));
        both_ways(search, &half, factor * 2.0, |p| threshold::blocks(p, range));
    }
    both_ways(search, working, factor, threshold::global);
    wide_mean(search, working, factor, working.width().max(working.height()) / 16);
}

/// What a picture is asked where nothing was read.
fn costly(search: &mut Search<'_, '_>, working: &GrayImage, factor: f32) {
    let third = search.make(working, 1, scale::thirded).unwrap_or_default();
    let quarter = search.make(working, 2, |p| scale::halved(&scale::halved(p)));
    for (smaller, times) in [(third, 3.0), (quarter.unwrap_or_default(), 4.0)] {
        both_ways(search, &smaller, factor * times, |p| threshold::blocks(p, 8));
    }
    for radius in [7, 12, 25] {
        wide_mean(search, working, factor, radius);
    }
    for (radius, strength) in [(2, 1.5), (4, 2.5)] {
        let sharp = search.make(working, MEANS, |p| scale::sharpened(p, radius, strength));
        let sharp = sharp.unwrap_or_default();
        both_ways(search, &sharp, factor, |p| threshold::blocks(p, 24));
    }
    // Paper with grain, and codes that are only outlined.
    for radius in [1, 2, 4] {
        let soft = search.make(working, MEANS, |p| scale::softened(p, radius)).unwrap_or_default();
        both_ways(search, &soft, factor, |p| threshold::blocks(p, 8));
        both_ways(search, &soft, factor, threshold::global);
    }
    if search.is_empty() {
        enlarged(search, working, factor);
    }
}

/// Modules of a pixel or two.
fn enlarged(search: &mut Search<'_, '_>, working: &GrayImage, factor: f32) {
    if pixels(working) > SMALL_PIXELS {
        return;
    }
    let double = search.make(working, 80, scale::doubled).unwrap_or_default();
    for range in [24, 8] {
        both_ways(search, &double, factor / 2.0, |p| threshold::blocks(p, range));
    }
    let sharp = search.make(&double, MEANS, |p| scale::sharpened(p, 3, 2.0)).unwrap_or_default();
    both_ways(search, &sharp, factor / 2.0, |p| threshold::blocks(p, 24));
    if search.is_empty() && pixels(working) <= TINY_PIXELS {
        let triple = search.make(working, 20, scale::tripled).unwrap_or_default();
        both_ways(search, &triple, factor / 3.0, threshold::global);
    }
}

/// Dark on light, then light on dark.
fn both_ways(
    search: &mut Search<'_, '_>,
    picture: &GrayImage,
    factor: f32,
    threshold: impl FnOnce(&GrayImage) -> Option<BitMatrix>,
) {
    let dark = search.look(picture, factor, threshold);
    search.look_inverted(dark, factor);
}

fn wide_mean(search: &mut Search<'_, '_>, picture: &GrayImage, factor: f32, radius: u32) {
    if search.effort.spend(pixels(picture) * MEANS) {
        both_ways(search, picture, factor, |p| threshold::local_mean(p, radius));
    }
}
