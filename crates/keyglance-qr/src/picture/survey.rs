//! Finds colours that lie side by side and have the same brightness.
//!
//! The picture is looked at in squares. One counts where its colours differ much and its
//! brightness does not: a grey picture shows nothing there, and a code may be there.

use super::Tone;

/// The side of a square in pixels: with an edge between modules in most squares of a code.
const SIDE: usize = 16;
/// How far colours must differ in a square that counts, in levels.
const COLOUR_CONTRAST: i32 = 48;
/// How many such squares a picture must have: the smallest code has more.
const MIN_SQUARES: u32 = 4;

/// The first and second moments of the colours in a square, and their extremes.
#[derive(Clone, Copy, Debug)]
struct Square {
    count: u32,
    sums: [u32; 3],
    /// Of red, green and blue with themselves, then red green, red blue, green blue.
    products: [u32; 6],
    brightness: (i32, i32),
    red: (i32, i32),
    blue: (i32, i32),
}

impl Square {
    const EMPTY: Self = Self {
        count: 0,
        sums: [0; 3],
        products: [0; 6],
        brightness: (i32::MAX, i32::MIN),
        red: (i32::MAX, i32::MIN),
        blue: (i32::MAX, i32::MIN),
    };

    fn add(&mut self, colour: [u8; 3]) {
        let [r, g, b] = colour.map(u32::from);
        self.count += 1;
        for (sum, value) in self.sums.iter_mut().zip([r, g, b]) {
            *sum += value;
        }
        for (sum, value) in self.products.iter_mut().zip([r * r, g * g, b * b, r * g, r * b, g * b])
        {
            *sum += value;
        }
        let brightness = ((77 * r + 150 * g + 29 * b) >> 8) as i32;
        let extend = |range: &mut (i32, i32), value: i32| {
            *range = (range.0.min(value), range.1.max(value));
        };
        extend(&mut self.brightness, brightness);
        extend(&mut self.red, r as i32 - brightness);
        extend(&mut self.blue, b as i32 - brightness);
    }

    fn counts(&self) -> bool {
        if self.count == 0 {
            return false;
        }
        let span = |(low, high): (i32, i32)| high - low;
        let colour = span(self.red).max(span(self.blue));
        colour >= COLOUR_CONTRAST && colour >= 2 * span(self.brightness)
    }
}

/// The squares of a picture whose rows come one after another.
#[derive(Debug, Default)]
pub(super) struct Survey {
    squares: Vec<Square>,
    rows: usize,
    found: u32,
    pixels: f64,
    sums: [f64; 3],
    /// The products within squares: each less what its mean explains.
    spreads: [f64; 6],
}

impl Survey {
    pub(super) fn row(&mut self, colours: impl Iterator<Item = [u8; 3]>) {
        let mut column = 0;
        let mut inside = 0;
        for colour in colours {
            if inside == SIDE {
                (column, inside) = (column + 1, 0);
            }
            if column == self.squares.len() {
                self.squares.push(Square::EMPTY);
            }
            if let Some(square) = self.squares.get_mut(column) {
                square.add(colour);
            }
            inside += 1;
        }
        self.rows += 1;
        if self.rows == SIDE {
            self.close();
        }
    }

    /// Counts the squares of these rows.
    fn close(&mut self) {
        self.rows = 0;
        for square in std::mem::take(&mut self.squares) {
            if !square.counts() {
                continue;
            }
            self.found += 1;
            let count = f64::from(square.count);
            self.pixels += count;
            let [r, g, b] = square.sums.map(f64::from);
            for (sum, value) in self.sums.iter_mut().zip([r, g, b]) {
                *sum += value;
            }
            let explained = [r * r, g * g, b * b, r * g, r * b, g * b].map(|x| x / count);
            for ((spread, product), explained) in
                self.spreads.iter_mut().zip(square.products).zip(explained)
            {
                *spread += f64::from(product) - explained;
            }
        }
    }

    /// The direction in which the colours of the squares that count differ most, then red,
    /// green and blue; nothing where there are too few such squares.
    pub(super) fn into_tones(mut self) -> Vec<Tone> {
        self.close();
        if self.found < MIN_SQUARES {
            return Vec::new();
        }
        self.principal_axis().into_iter().chain(Tone::CHANNELS).collect()
    }

    /// The first principal axis of the colours within the squares, around their mean,
    /// stretched so that two standard deviations become black and white.
    fn principal_axis(&self) -> Option<Tone> {
        let [rr, gg, bb, rg, rb, gb] = self.spreads.map(|spread| spread / self.pixels);
        let turn = |[r, g, b]: [f64; 3]| {
            [rr * r + rg * g + rb * b, rg * r + gg * g + gb * b, rb * r + gb * g + bb * b]
        };
        let length = |v: [f64; 3]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        // The longest column is never at a right angle to the axis.
        let columns = [[rr, rg, rb], [rg, gg, gb], [rb, gb, bb]];
        let mut axis = columns.into_iter().max_by(|a, b| length(*a).total_cmp(&length(*b)))?;
        for _ in 0..16 {
            let size = length(axis);
            if size < 1e-6 {
                return None;
            }
            axis = turn(axis.map(|x| x / size));
        }
        let variance = length(axis);
        let gain = 64.0 / variance.sqrt();
        let weights = axis.map(|x| (x / variance * gain * 256.0).round() as i32);
        let mean = self.sums.map(|sum| sum / self.pixels);
        let middle: f64 = weights.iter().zip(mean).map(|(w, m)| f64::from(*w) * m).sum();
        Some(Tone::along(weights, 128 * 256 - middle.round() as i32))
    }
}
