//! No picture costs more work than it may.

use std::cell::Cell;

use image::{GrayImage, Luma};
use keyglance_qr::{VideoDecoder, WorkBudget, decode_image_within};

/// A picture full of squares such as a code has in its corners.
fn carpet(module: u32, gap: u32) -> GrayImage {
    GrayImage::from_fn(1280, 720, |x, y| {
        let (x, y) = (x / module % (7 + gap), y / module % (7 + gap));
        let ring = x.abs_diff(3).max(y.abs_diff(3));
        Luma([if ring <= 3 && ring != 2 { 0 } else { 255 }])
    })
}

#[test]
fn a_hostile_picture_costs_no_more_than_it_may() {
    for (module, gap) in [(1, 1), (2, 1), (3, 2)] {
        let picture = carpet(module, gap);
        let mut live = WorkBudget::live();
        assert_eq!(VideoDecoder::default().read(&picture, &mut live), vec![]);
        assert!(live.spent() <= WorkBudget::live().limit(), "{live:?}");
        let mut still = WorkBudget::still();
        assert_eq!(decode_image_within(&picture, &mut still), vec![]);
        assert!(still.spent() <= WorkBudget::still().limit(), "{still:?}");
    }
}

#[test]
fn a_smaller_budget_is_kept_to_and_ends_sooner() {
    let picture = carpet(3, 2);
    let mut spent = Vec::new();
    for units in [0, 1_000_000, 9_000_000, 18_000_000, WorkBudget::live().limit()] {
        let mut budget = WorkBudget::of(units);
        assert_eq!(VideoDecoder::default().read(&picture, &mut budget), vec![]);
        assert!(budget.spent() <= units, "{budget:?}");
        spent.push(budget.spent());
    }
    assert!(spent.is_sorted() && spent.first() < spent.last(), "{spent:?}");
}

#[test]
fn what_is_used_up_stays_used_up() {
    let (mut live, mut effort) = (VideoDecoder::default(), WorkBudget::live());
    for _ in 0..4 {
        assert_eq!(live.read(&carpet(3, 2), &mut effort), vec![]);
        assert!(effort.spent() <= WorkBudget::live().limit(), "{effort:?}");
    }
}

#[test]
fn a_caller_can_end_the_reading() {
    let asked = Cell::new(0);
    let stop = || {
        asked.set(asked.get() + 1);
        asked.get() > 10
    };
    let mut effort = WorkBudget::still().until(&stop);
    assert_eq!(decode_image_within(&carpet(3, 2), &mut effort), vec![]);
    let few = WorkBudget::still().limit() / 10;
    assert!(asked.get() < 2_000 && effort.spent() < few, "{} {effort:?}", asked.get());
}
