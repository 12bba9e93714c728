//! The alignment pattern near the fourth corner.

use image::GrayImage;

use super::homography::Homography;
use super::sampling::grey_at;
use super::tuning::{
    ALIGNMENT_DISTANCE_PENALTY, ALIGNMENT_GUESSES, ALIGNMENT_MODULE, ALIGNMENT_REACH,
};
use super::{Point, WorkBudget};

/// Where the alignment pattern may be whose centre should be at `place` modules on
/// the diagonal, the likeliest first.
pub(super) fn find_alignment_pattern(
    picture: &GrayImage,
    homography: &Homography,
    place: f32,
    budget: &mut WorkBudget<'_>,
) -> Vec<Point> {
    let positions = (2 * ALIGNMENT_REACH as u64 + 1).pow(2);
    if !budget.spend(positions * 25 * ALIGNMENT_MODULE) {
        return Vec::new();
    }
    let guess = homography.project(place, place);
    let axis = |to: Point| guess.scaled(-1.0).moved(to, 1.0);
    let right = axis(homography.project(place + 1.0, place));
    let down = axis(homography.project(place, place + 1.0));
    let score = |centre: Point| {
        let (mut dark, mut light, mut squares) = (0.0, 0.0, 0.0);
        for y in -2_i32..=2 {
            for x in -2_i32..=2 {
                let point = centre.moved(right, x as f32).moved(down, y as f32);
                let grey = grey_at(picture, point.x, point.y);
                squares += grey * grey;
                // The ring of eight around the centre is light.
                match x.abs().max(y.abs()) {
                    1 => light += grey,
                    _ => dark += grey,
                }
            }
        }
        let mean: f32 = (dark + light) / 25.0;
        let deviation = (squares / 25.0 - mean * mean).max(1.0).sqrt();
        (light / 8.0 - dark / 17.0) / deviation
    };
    let mut scored = Vec::new();
    for y in -ALIGNMENT_REACH..=ALIGNMENT_REACH {
        for x in -ALIGNMENT_REACH..=ALIGNMENT_REACH {
            let point = guess.moved(right, x as f32 / 2.0).moved(down, y as f32 / 2.0);
            let far = (x * x + y * y) as f32 / (ALIGNMENT_REACH * ALIGNMENT_REACH) as f32;
            scored.push((score(point) - ALIGNMENT_DISTANCE_PENALTY * far, point));
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let module = right.distance(Point::default()).max(down.distance(Point::default()));
    let mut found: Vec<Point> = Vec::new();
    for (_, point) in scored {
        if found.iter().all(|old| old.distance(point) > module * 1.5) {
            found.push(point);
        }
        if found.len() == ALIGNMENT_GUESSES {
            break;
        }
    }
    found
}
