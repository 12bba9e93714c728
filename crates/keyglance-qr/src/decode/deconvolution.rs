//! Undoes blur on the grey levels of modules.

use super::tuning::DECONVOLUTION_ROUNDS;

/// The grey levels of a square of modules with `side` to a row, before a Gaussian
/// blur of this standard deviation, in modules: what the blurred estimate lacks is
/// added to the estimate, again and again (Van Cittert, 1931).
pub(super) fn deconvolve(levels: &[f32], side: usize, deviation: f32) -> Vec<f32> {
    let mut sharp = levels.to_vec();
    if deviation > 0.0 {
        let weight = |far: f32| (-far * far / (2.0 * deviation * deviation)).exp();
        let whole = 1.0 + 2.0 * weight(1.0) + 2.0 * weight(2.0);
        let weights = [0.0, 1.0, 2.0].map(|far| weight(far) / whole);
        for _ in 0..DECONVOLUTION_ROUNDS {
            let blurred = blur(&blur(&sharp, side, 1, weights), side, side, weights);
            let missing = levels.iter().zip(blurred).map(|(level, blurred)| level - blurred);
            sharp.iter_mut().zip(missing).for_each(|(level, missing)| *level += missing);
        }
    }
    sharp
}

/// Each level with two neighbours on both sides, `step` apart; beyond the edges the
/// outermost levels are repeated.
fn blur(levels: &[f32], side: usize, step: usize, weights: [f32; 3]) -> Vec<f32> {
    let last = side - 1;
    let [own, near, far] = weights;
    let blurred = levels.iter().enumerate().map(|(at, level)| {
        let place = if step == 1 { at % side } else { at / side };
        let back = |steps: usize| at - step * steps.min(place);
        let ahead = |steps: usize| at + step * steps.min(last - place);
        let of = |at: usize| levels.get(at).copied().unwrap_or_default();
        own * level + near * (of(back(1)) + of(ahead(1))) + far * (of(back(2)) + of(ahead(2)))
    });
    blurred.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blur_is_mostly_undone() {
        let side = 9;
        let sharp: Vec<f32> =
            (0..side * side).map(|at| if at * 7 % 5 < 2 { 20.0 } else { 220.0 }).collect();
        let deviation = 0.6_f32;
        let weight = |far: f32| (-far * far / (2.0 * deviation * deviation)).exp();
        let whole = 1.0 + 2.0 * weight(1.0) + 2.0 * weight(2.0);
        let weights = [0.0, 1.0, 2.0].map(|far| weight(far) / whole);
        let blurred = blur(&blur(&sharp, side, 1, weights), side, side, weights);
        let error = |levels: &[f32]| -> f32 {
            levels.iter().zip(&sharp).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
        };
        let restored = deconvolve(&blurred, side, deviation);
        assert!(error(&restored) < error(&blurred) / 2.0);
        assert_eq!(deconvolve(&blurred, side, 0.0), blurred);
    }
}
