//! Picture files: every frame, and where nothing was read, other tones than grey.

use std::ops::ControlFlow;

use super::search::pixels;
use super::tuning::DECODING_WORK;
use super::{Reading, StepReport, WorkBudget, decode_image_within};
use crate::picture::{Picture, Tone};

/// What it costs to decode a file again.
const DECODED_AGAIN: &str = "decoded again";

/// Every code in a picture file that can be found within this budget.
///
/// The first look is that of [`decode_image_within`] at [`Picture::grey`]; the frames of
/// an animation share it. Where it reads nothing, at most half of the budget goes for
/// second opinions: what is clear over black instead of white, 16-bit samples stretched
/// to what the picture uses, and, where colours of one brightness lie side by side, the
/// direction in which they differ most, then red, green and blue each as grey. The
/// picture is decoded again for each, so that no more of it need be kept.
///
/// Corners are in pixels of the picture; `readings` of an animation come in the order of
/// its frames.
#[must_use]
pub fn decode_picture(picture: &Picture, budget: &mut WorkBudget<'_>) -> Vec<Reading> {
    let whole = budget.left();
    let readings = match picture.frames() {
        1 => decode_image_within(picture.grey(), budget),
        _ => read_frames(picture, Tone::GREY, budget),
    };
    if !readings.is_empty() {
        return readings;
    }
    within(whole / 2, budget, |budget| second_opinions(picture, budget))
}

/// Charges for a frame that was decoded once more.
fn charge(picture: &Picture, budget: &mut WorkBudget<'_>) -> bool {
    let work = DECODING_WORK * pixels(picture.grey());
    let may = budget.spend(work);
    if may {
        budget.report(StepReport { step: DECODED_AGAIN, work, codes: 0 });
    }
    may
}

fn second_opinions(picture: &Picture, budget: &mut WorkBudget<'_>) -> Vec<Reading> {
    let mut tones: Vec<Tone> = picture.other_tones().collect();
    let mut surveyed = false;
    loop {
        if tones.is_empty() && !surveyed {
            surveyed = true;
            if charge(picture, budget) {
                tones = picture.colour_tones();
            }
        }
        if tones.is_empty() {
            return Vec::new();
        }
        let rest = tones.split_off(1);
        let Some(tone) = tones.pop() else { return Vec::new() };
        // Colours may still come after the others.
        let parts = rest.len() as u64 + if surveyed { 1 } else { 2 };
        let share = budget.left() / parts;
        let readings = within(share, budget, |budget| read_frames(picture, tone, budget));
        if !readings.is_empty() {
            return readings;
        }
        tones = rest;
    }
}

/// All frames in one tone: each gets an equal part of what is left.
fn read_frames(picture: &Picture, tone: Tone, budget: &mut WorkBudget<'_>) -> Vec<Reading> {
    let mut readings: Vec<Reading> = Vec::new();
    let mut left = u64::from(picture.frames());
    picture.each_frame(tone, &mut |frame| {
        if !charge(picture, budget) {
            return ControlFlow::Break(());
        }
        let share = budget.left() / left.max(1);
        left = left.saturating_sub(1);
        for reading in within(share, budget, |budget| decode_image_within(frame, budget)) {
            let known =
                |other: &Reading| other.bytes == reading.bytes && other.contains(reading.centre());
            if !readings.iter().any(known) {
                readings.push(reading);
            }
        }
        if budget.is_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    readings
}

/// Does something with no more than this share of the budget.
fn within<T>(
    share: u64,
    budget: &mut WorkBudget<'_>,
    work: impl FnOnce(&mut WorkBudget<'_>) -> T,
) -> T {
    let held = budget.hold_back_all_but(share);
    let done = work(budget);
    budget.release(held);
    done
}
