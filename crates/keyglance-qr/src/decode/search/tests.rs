use image::{Luma, imageops};

use super::*;
use crate::decode::Point;
use crate::decode::binarizer::OtsuBinarizer;
use crate::decode::reading::Reader;
use crate::decode::tuning::SAMPLE;
use crate::{Code, render_grayscale};

/// Pixels per module.
const MODULE: u32 = 8;
/// The width of a code of version 1 with its quiet zone, in pixels.
const CODE: u32 = (21 + 8) * MODULE;

/// These texts as codes of version 1, side by side.
fn row(texts: &[&str]) -> GrayImage {
    let mut picture = GrayImage::from_pixel(CODE * texts.len() as u32, CODE, Luma([255]));
    for (at, text) in texts.iter().enumerate() {
        let code = render_grayscale(&Code::new(text).unwrap(), MODULE).unwrap();
        imageops::replace(&mut picture, &code, i64::from(CODE) * at as i64, 0);
    }
    picture
}

/// The finder patterns of the code in this place of a [`row`].
fn candidate(place: u32) -> Candidate {
    let at =
        |x: f32, y: f32| Point { x: (x + 4.0) * 8.0 + (CODE * place) as f32, y: (y + 4.0) * 8.0 };
    Candidate {
        top_left: at(3.5, 3.5),
        top_right: at(17.5, 3.5),
        bottom_left: at(3.5, 17.5),
        pattern_size: 56.0,
        corners: None,
        tried: 0,
        shape: Shape::Whole,
        is_light: false,
    }
}

fn dark_pixels(picture: &GrayImage) -> BitMatrix {
    Binarizer::Otsu(OtsuBinarizer).binarize(picture).unwrap()
}

fn look(search: &mut Search<'_, '_>, picture: &GrayImage) {
    search.find_codes(&dark_pixels(picture), 1.0);
}

fn texts(search: Search<'_, '_>) -> Vec<String> {
    search.into_readings().into_iter().map(|reading| reading.into_text().unwrap()).collect()
}

/// Makes a code so faint that its timing patterns are hardly more than noise.
fn fade(picture: &mut GrayImage, place: u32) {
    for (x, _, pixel) in picture.enumerate_pixels_mut() {
        if x / CODE == place {
            pixel.0 = [if pixel.0 == [0] { 128 } else { 130 }];
        }
    }
}

/// Covers the right half of the finder pattern at the bottom left of a code.
fn cover(picture: &mut GrayImage, place: u32) {
    let white = GrayImage::from_pixel(4 * MODULE, 8 * MODULE, Luma([255]));
    let (x, y) = (CODE * place + 8 * MODULE, (4 + 13) * MODULE);
    imageops::replace(picture, &white, x.into(), y.into());
}

#[test]
fn a_code_found_twice_is_one_reading_and_equal_codes_are_two() {
    let picture = row(&["equal", "other", "equal"]);
    let mut budget = WorkBudget::still();
    let mut search = Search::new(&mut budget);
    look(&mut search, &picture);
    let first = search.budget.spent();
    look(&mut search, &picture);
    let second = search.budget.spent() - first;
    assert!(second + 3 * SAMPLE < first, "known codes are not sampled again");
    assert_eq!(search.codes(), 3);
    let mut read = texts(search);
    read.sort();
    assert_eq!(read, ["equal", "equal", "other"]);
}

#[test]
fn a_reading_is_known_by_its_bytes_and_its_place() {
    let mut budget = WorkBudget::still();
    let mut search = Search::new(&mut budget);
    look(&mut search, &row(&["known"]));
    let known = search.readings[0].clone();
    search.add(known.clone(), 1.0);
    assert_eq!(search.codes(), 1);
    search.add(Reading { bytes: b"another".to_vec(), ..known.clone() }, 1.0);
    assert_eq!(search.codes(), 2);
    // Further from the origin, so beside the first.
    search.add(known, 8.0);
    assert_eq!(search.codes(), 3);
}

#[test]
fn a_code_that_was_found_but_not_read_becomes_a_candidate() {
    let mut picture = row(&["damaged"]);
    let hole = GrayImage::from_pixel(9 * MODULE, 9 * MODULE, Luma([255]));
    imageops::replace(&mut picture, &hole, i64::from(12 * MODULE), i64::from(12 * MODULE));
    let mut budget = WorkBudget::still();
    let mut search = Search::new(&mut budget);
    look(&mut search, &picture);
    assert_eq!(search.codes(), 0);
    assert!(search.candidates.iter().any(|kept| kept.is_same(&candidate(0))));
}

#[test]
fn readings_from_a_smaller_picture_lie_in_the_original() {
    let picture = row(&["smaller"]);
    let mut budget = WorkBudget::still();
    let mut search = Search::new(&mut budget);
    search.find_codes(&dark_pixels(&picture), 2.0);
    let corner = search.into_readings()[0].corners[2];
    let expected = (2 * (4 + 21) * MODULE) as f32;
    assert!(corner.distance(Point { x: expected, y: expected }) < 8.0, "{corner:?}");
}

#[test]
fn a_candidate_is_kept_once_and_tried_again_when_its_corners_become_known() {
    let mut budget = WorkBudget::still();
    let mut search = Search::new(&mut budget);
    search.keep_candidate(Candidate { tried: 4, ..candidate(0) });
    search.keep_candidate(candidate(0));
    assert_eq!((search.candidates.len(), search.candidates[0].tried), (1, 4));
    let corners = Some([Point { x: 1.0, y: 1.0 }; 4]);
    search.keep_candidate(Candidate { corners, ..candidate(0) });
    assert_eq!((search.candidates[0].corners, search.candidates[0].tried), (corners, 0));
    search.candidates[0].tried = 4;
    search.keep_candidate(Candidate { corners: Some([Point::default(); 4]), ..candidate(0) });
    assert_eq!((search.candidates[0].corners, search.candidates[0].tried), (corners, 4));
}

#[test]
fn the_first_candidates_are_kept_and_no_more_than_may_be() {
    let mut budget = WorkBudget::still();
    let mut search = Search::new(&mut budget);
    (0..100).for_each(|place| search.keep_candidate(candidate(place)));
    assert_eq!(search.candidates.len(), MAX_CANDIDATES);
    assert!(search.candidates[0].is_same(&candidate(0)));
}

#[test]
fn candidates_of_a_code_that_was_read_are_dropped() {
    let picture = row(&["read", "unread"]);
    let mut budget = WorkBudget::still();
    let mut search = Search::new(&mut budget);
    search.keep_candidate(candidate(0));
    search.keep_candidate(candidate(1));
    search.keep_candidate(candidate(2));
    look(&mut search, &imageops::crop_imm(&picture, 0, 0, CODE, CODE).to_image());
    assert_eq!(search.codes(), 1);
    assert_eq!(search.candidates.len(), 2);
    assert!(!search.candidates.iter().any(|left| left.is_same(&candidate(0))));
}

#[test]
fn sample_grids_are_fitted_to_the_likeliest_candidates_first() {
    let mut picture = row(&["first", "second", "third"]);
    fade(&mut picture, 0);
    let mut budget = WorkBudget::still();
    let mut search = Search::new(&mut budget);
    // Between two codes, nothing alternates.
    let mut nowhere = candidate(1);
    for point in [&mut nowhere.top_left, &mut nowhere.top_right, &mut nowhere.bottom_left] {
        point.x += 12.0 * 8.0;
    }
    search.keep_candidate(nowhere);
    search.keep_candidate(candidate(0));
    search.keep_candidate(candidate(2));
    search.keep_candidate(candidate(1));
    search.fit_grids(&picture, POSSIBLE_TIMING, 1, 4);
    assert_eq!(texts(search), ["third"], "the first of two equally likely ones");
}

#[test]
fn no_grid_is_fitted_to_a_code_that_another_candidate_just_read() {
    let picture = row(&["once"]);
    let costs = [1, 2].map(|count| {
        let mut budget = WorkBudget::still();
        let mut search = Search::new(&mut budget);
        search.candidates = vec![candidate(0); count];
        search.fit_grids(&picture, POSSIBLE_TIMING, 12, 4);
        assert_eq!((search.codes(), search.candidates.len()), (1, 0));
        search.budget.spent()
    });
    assert_eq!(costs[0], costs[1]);
}

#[test]
fn an_unlikely_candidate_costs_nothing_and_stays_for_later() {
    let picture = row(&["a", "b"]);
    let blank = GrayImage::from_pixel(2 * CODE, CODE, Luma([255]));
    let mut budget = WorkBudget::still();
    let mut search = Search::new(&mut budget);
    search.keep_candidate(candidate(0));
    search.fit_grids(&blank, POSSIBLE_TIMING, 12, 4);
    assert_eq!((search.budget.spent(), search.candidates[0].tried), (0, 0));
    search.fit_grids(&picture, POSSIBLE_TIMING, 12, 4);
    assert_eq!(texts(search), ["a"]);
}

#[test]
fn where_something_was_read_only_likely_candidates_are_tried() {
    let mut picture = row(&["clear", "faint"]);
    fade(&mut picture, 1);
    let faint = candidate(1);
    let score = faint.timing_score(&picture);
    assert!((POSSIBLE_TIMING..LIKELY_TIMING).contains(&score), "{score}");
    for (was_read, is_tried) in [(false, true), (true, false)] {
        let mut budget = WorkBudget::still();
        let mut search = Search::new(&mut budget);
        if was_read {
            look(&mut search, &imageops::crop_imm(&picture, 0, 0, CODE, CODE).to_image());
            assert_eq!(search.codes(), 1);
        }
        search.keep_candidate(faint);
        let spent = search.budget.spent();
        search.fit_grids(&picture, POSSIBLE_TIMING, 12, 4);
        assert_eq!(search.budget.spent() > spent, is_tried, "{was_read}");
    }
}

#[test]
fn a_search_is_complete_when_a_code_was_read_and_nothing_else_looks_like_one() {
    let mut picture = row(&["read", "unread", "faint"]);
    fade(&mut picture, 2);
    let mut budget = WorkBudget::still();
    let mut search = Search::new(&mut budget);
    assert!(!search.is_complete(&picture));
    search.keep_candidate(candidate(2));
    assert!(!search.is_complete(&picture));
    assert_eq!(search.candidates.len(), 1, "it is all there is so far");
    look(&mut search, &imageops::crop_imm(&picture, 0, 0, CODE, CODE).to_image());
    search.keep_candidate(candidate(1));
    assert!(!search.is_complete(&picture));
    search.fit_grids(&picture, LIKELY_TIMING, 12, 4);
    assert_eq!(search.codes(), 2);
    search.keep_candidate(candidate(2));
    assert!(search.is_complete(&picture));
}

#[test]
fn a_sheet_has_many_codes() {
    for (count, is_sheet) in [(SHEET - 1, false), (SHEET, true)] {
        let mut budget = WorkBudget::still();
        let mut search = Search::new(&mut budget);
        look(&mut search, &row(&["a", "b", "c", "d", "e"][..count]));
        assert_eq!((search.codes(), search.is_sheet()), (count, is_sheet));
    }
}

#[test]
fn finder_patterns_are_kept_while_nothing_was_read() {
    let mut picture = row(&["covered", "whole"]);
    cover(&mut picture, 0);
    let covered = imageops::crop_imm(&picture, 0, 0, CODE, CODE).to_image();
    let mut budget = WorkBudget::still();
    let mut search = Search::new(&mut budget);
    look(&mut search, &covered);
    look(&mut search, &covered);
    assert_eq!((search.codes(), search.patterns.len()), (0, 2));
    let mut budget = WorkBudget::still();
    let mut search = Search::new(&mut budget);
    look(&mut search, &picture);
    assert_eq!((search.codes(), search.patterns.len()), (1, 0));
}

#[test]
fn finder_patterns_are_kept_up_to_a_number() {
    let covered = row(&["a"]);
    let mut budget = WorkBudget::still();
    let mut search = Search::new(&mut budget);
    let dark = dark_pixels(&covered);
    let found = finder::find_finder_patterns(&dark, search.budget);
    for factor in 1..=20 {
        for pattern in &found.singles {
            search.keep_pattern(pattern, &dark, factor as f32);
        }
    }
    assert_eq!(search.patterns.len(), MAX_KEPT_PATTERNS);
}

#[test]
fn two_finder_patterns_are_enough_and_other_candidates_stay() {
    let mut picture = row(&["covered", "other"]);
    cover(&mut picture, 0);
    let mut budget = WorkBudget::still();
    let mut search = Search::new(&mut budget);
    look(&mut search, &imageops::crop_imm(&picture, 0, 0, CODE, CODE).to_image());
    search.keep_candidate(candidate(1));
    search.try_two_finders(&picture, 1, 6);
    assert_eq!(search.codes(), 0, "one pattern is no pair");
    look(&mut search, &imageops::crop_imm(&picture, 0, 0, CODE, CODE).to_image());
    search.try_two_finders(&picture, 16, 6);
    assert!(search.candidates.iter().any(|left| left.is_same(&candidate(1))));
    let readings = search.into_readings();
    assert_eq!(readings[0].text().as_deref(), Some("covered"));
    assert_eq!(readings[0].reader, Reader::SampleGrid);
}

#[test]
fn noise_in_one_look_is_remembered() {
    let mut state = 1_u32;
    let noise = GrayImage::from_fn(320, 240, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Luma([(state >> 24) as u8])
    });
    let mut budget = WorkBudget::still();
    let mut search = Search::new(&mut budget);
    look(&mut search, &row(&["calm"]));
    assert!(!search.is_noisy());
    look(&mut search, &noise);
    look(&mut search, &row(&["calm"]));
    assert!(search.is_noisy());
}

#[test]
fn one_look_leaves_work_for_the_others() {
    // Finder patterns all over, none of which belong to a code.
    let carpet = GrayImage::from_fn(1280, 720, |x, y| {
        let (x, y) = (x / 3 % 9, y / 3 % 9);
        let ring = x.abs_diff(3).max(y.abs_diff(3));
        Luma([if ring <= 3 && ring != 2 { 0 } else { 255 }])
    });
    let mut budget = WorkBudget::live();
    let mut search = Search::new(&mut budget);
    look(&mut search, &carpet);
    let left = search.budget.left();
    assert!(left > search.budget.limit() / 3, "{left} left");
}

#[test]
fn a_look_that_reads_goes_on_for_as_long_as_there_is_work() {
    let picture = row(&["a", "b", "c", "d", "e", "f", "g", "h"]);
    let mut budget = WorkBudget::still();
    let mut search = Search::new(&mut budget);
    look(&mut search, &picture);
    assert_eq!(search.codes(), 8);
    let cost = search.budget.spent();
    // More than its share, but all of it reads.
    let mut budget = WorkBudget::still();
    let _ = budget.hold_back(budget.left() - cost * 5 / 4);
    let mut search = Search::new(&mut budget);
    look(&mut search, &picture);
    assert_eq!(search.codes(), 8);
}

#[test]
fn without_work_left_nothing_is_searched() {
    let picture = row(&["a", "b"]);
    let mut budget = WorkBudget::still();
    let _ = budget.hold_back(u64::MAX);
    let mut search = Search::new(&mut budget);
    search.keep_candidate(candidate(0));
    assert!(search.binarize(&picture, Binarizer::Otsu(OtsuBinarizer)).is_none());
    look(&mut search, &picture);
    search.fit_grids(&picture, POSSIBLE_TIMING, 12, 4);
    search.try_two_finders(&picture, 16, 6);
    assert_eq!((search.codes(), search.budget.spent()), (0, 0));
}

#[test]
fn a_picture_costs_its_pixels_and_an_empty_one_has_none() {
    let picture = row(&["a"]);
    let mut budget = WorkBudget::still();
    let mut search = Search::new(&mut budget);
    assert!(search.binarize(&picture, Binarizer::Otsu(OtsuBinarizer)).is_some());
    assert_eq!(search.budget.spent(), LOOK * pixels(&picture));
    assert_eq!(pixels(&picture), u64::from(CODE * CODE));
    assert!(search.binarize(&GrayImage::new(0, 9), Binarizer::Otsu(OtsuBinarizer)).is_none());
}
