//! Pictures drawn by chance from seeds: codes as people meet them, and the kinds that
//! readers find hard. The tests read one or a few of each row, `compare-readers` all.

pub mod everyday;
pub mod kinds;
mod paper;
pub mod scenes;
mod view;

use std::ops::Range;

use image::GrayImage;
use qrcode::bits::Bits;
use qrcode::{EcLevel, Version};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// A picture and what its codes say.
pub struct Drawn {
    pub picture: GrayImage,
    pub texts: Vec<String>,
}

/// Draws one picture of a row.
pub type Draw = fn(&mut Dice) -> Drawn;

/// Chance, from a seed.
pub struct Dice(ChaCha8Rng);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    fn below(&mut self, range: Range<usize>) -> usize {
        range.start + self.0.next_u32() as usize % (range.end - range.start)
    }

    fn between(&mut self, range: Range<f32>) -> f32 {
        range.start + self.0.next_u32() as f32 / u32::MAX as f32 * (range.end - range.start)
    }

    /// The same, to either side of zero.
    fn either(&mut self, range: Range<f32>) -> f32 {
        let value = self.between(range);
        if self.0.next_u32().is_multiple_of(2) { value } else { -value }
    }

    /// About a normal distribution of deviation one.
    fn normal(&mut self) -> f32 {
        (0..4).map(|_| self.between(-0.866..0.866)).sum()
    }

    /// A text that fills this version, or nearly.
    fn text(&mut self, version: usize, level: EcLevel) -> String {
        let bits = Bits::new(Version::Normal(version as i16)).max_len(level).unwrap();
        // The header takes at most three bytes.
        let bytes = bits / 8 - 3;
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        (0..bytes).map(|_| char::from(letters[self.below(0..letters.len())])).collect()
    }
}
