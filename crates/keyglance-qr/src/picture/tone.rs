//! From colours to brightness, row by row.

use super::survey::Survey;

/// The weights of ITU-R BT.601, in 256ths.
const LUMA: [i32; 3] = [77, 150, 29];

/// How a pixel becomes grey.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tone {
    /// Of red, green and blue, in 256ths.
    weights: [i32; 3],
    /// Added to the weighted sum, in 256ths of a grey level.
    offset: i32,
    /// What clear pixels are blended with.
    background: u8,
    /// The darkest and the lightest 16-bit sample, where these are stretched.
    range: Option<(u16, u16)>,
}

impl Tone {
    /// Brightness; what is clear is white.
    pub(crate) const GREY: Self = Self { weights: LUMA, offset: 0, background: 255, range: None };
    /// Brightness; what is clear is black.
    pub(crate) const OVER_BLACK: Self = Self { background: 0, ..Self::GREY };
    const RED: Self = Self { weights: [256, 0, 0], ..Self::GREY };
    const GREEN: Self = Self { weights: [0, 256, 0], ..Self::GREY };
    const BLUE: Self = Self { weights: [0, 0, 256], ..Self::GREY };

    pub(super) const CHANNELS: [Self; 3] = [Self::RED, Self::GREEN, Self::BLUE];

    /// From the darkest 16-bit sample to the lightest.
    pub(super) fn stretched(range: (u16, u16)) -> Self {
        Self { range: Some(range), ..Self::GREY }
    }

    /// Along a direction in the space of colours.
    pub(super) fn along(weights: [i32; 3], offset: i32) -> Self {
        Self { weights, offset, ..Self::GREY }
    }

    /// Whether it is plain brightness, which some formats have as it is.
    pub(super) fn is_luma(&self) -> bool {
        self.weights == LUMA && self.offset == 0
    }

    fn weigh(&self, [red, green, blue]: [u8; 3]) -> u8 {
        let [r, g, b] = self.weights;
        let sum = r * i32::from(red) + g * i32::from(green) + b * i32::from(blue) + self.offset;
        (sum >> 8).clamp(0, 255) as u8
    }

    fn weigh_wide(&self, colour: [u16; 3]) -> u16 {
        let weighted = self.weights.iter().zip(colour);
        let sum: i64 = weighted.map(|(w, c)| i64::from(*w) * i64::from(c)).sum();
        ((sum + 257 * i64::from(self.offset)) >> 8).clamp(0, 65_535) as u16
    }

    fn narrow(&self, grey: u16) -> u8 {
        match self.range {
            None => (grey >> 8) as u8,
            Some((low, high)) => {
                let span = u32::from(high.saturating_sub(low)).max(1);
                (u32::from(grey.saturating_sub(low)) * 255 / span).min(255) as u8
            }
        }
    }
}

/// The samples of a pixel in a row of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Samples {
    Grey,
    GreyAlpha,
    Rgb,
    Rgba,
}

impl Samples {
    pub(super) const fn count(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }
}

/// What was noticed while a picture was painted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// A pixel is not opaque.
    pub(super) is_translucent: bool,
    /// Nearly all 16-bit samples lie between these two, less than half of all levels
    /// apart.
    pub(super) narrow_range: Option<(u16, u16)>,
}

/// Paints rows in a tone, and notices what they are like.
#[derive(Debug)]
pub(super) struct Painter {
    tone: Tone,
    is_translucent: bool,
    /// How often each 16-bit level was painted.
    levels: Vec<u32>,
    survey: Option<Survey>,
}

impl Painter {
    pub(super) fn new(tone: Tone) -> Self {
        Self { tone, is_translucent: false, levels: Vec::new(), survey: None }
    }

    /// One that looks for colours of the same brightness.
    pub(super) fn surveying() -> Self {
        // Not plain brightness, so that the decoders give colours.
        Self { survey: Some(Survey::default()), ..Self::new(Tone::RED) }
    }

    pub(super) fn tone(&self) -> &Tone {
        &self.tone
    }

    pub(super) fn background(&self) -> u8 {
        self.tone.background
    }

    pub(super) fn facts(&self) -> Facts {
        Facts { is_translucent: self.is_translucent, narrow_range: self.narrow_range() }
    }

    pub(super) fn colour_tones(self) -> Vec<Tone> {
        self.survey.map(Survey::into_tones).unwrap_or_default()
    }

    /// The 0.5 and the 99.5 percentile of what was painted in 16 bits.
    fn narrow_range(&self) -> Option<(u16, u16)> {
        let total: u64 = self.levels.iter().map(|count| u64::from(*count)).sum();
        let low = percentile(self.levels.iter().enumerate(), total / 200)?;
        let high = percentile(self.levels.iter().enumerate().rev(), total / 200)?;
        (high > low && high - low < 0x8000).then_some((low, high))
    }

    /// Paints a row of 8-bit samples over what is there.
    pub(super) fn paint(&mut self, grey: &mut [u8], row: &[u8], samples: Samples) {
        let tone = self.tone;
        match samples {
            Samples::Grey if tone.is_luma() => {
                let count = grey.len().min(row.len());
                if let (Some(grey), Some(row)) = (grey.get_mut(..count), row.get(..count)) {
                    grey.copy_from_slice(row);
                }
            }
            Samples::Grey => {
                for (grey, level) in grey.iter_mut().zip(row) {
                    *grey = tone.weigh([*level; 3]);
                }
            }
            Samples::GreyAlpha => {
                let mut opaque = 255;
                for (grey, [level, alpha]) in grey.iter_mut().zip(row.as_chunks::<2>().0) {
                    opaque &= alpha;
                    *grey = blend(tone.weigh([*level; 3]), *alpha, *grey);
                }
                self.is_translucent |= opaque != 255;
            }
            Samples::Rgb => {
                for (grey, colour) in grey.iter_mut().zip(row.as_chunks::<3>().0) {
                    *grey = tone.weigh(*colour);
                }
            }
            Samples::Rgba => {
                let mut opaque = 255;
                for (grey, [r, g, b, alpha]) in grey.iter_mut().zip(row.as_chunks::<4>().0) {
                    opaque &= alpha;
                    *grey = blend(tone.weigh([*r, *g, *b]), *alpha, *grey);
                }
                self.is_translucent |= opaque != 255;
            }
        }
        if let Some(survey) = &mut self.survey {
            match samples {
                Samples::Grey | Samples::GreyAlpha => {}
                Samples::Rgb => survey.row(row.as_chunks::<3>().0.iter().copied()),
                Samples::Rgba => {
                    survey.row(row.as_chunks::<4>().0.iter().map(|[r, g, b, _]| [*r, *g, *b]));
                }
            }
        }
    }

    /// Paints a row of 16-bit samples, the high byte first, over what is there.
    pub(super) fn paint_wide(&mut self, grey: &mut [u8], row: &[u8], samples: Samples) {
        let tone = self.tone;
        self.levels.resize(65_536, 0);
        let mut opaque = true;
        let wide = |pair: &[u8; 2]| u16::from_be_bytes(*pair);
        let pairs = row.as_chunks::<2>().0;
        for (grey, pixel) in grey.iter_mut().zip(pairs.chunks_exact(samples.count())) {
            let (colour, alpha) = match pixel {
                [level] => ([wide(level); 3], u16::MAX),
                [level, alpha] => ([wide(level); 3], wide(alpha)),
                [r, g, b] => ([wide(r), wide(g), wide(b)], u16::MAX),
                [r, g, b, alpha, ..] => ([wide(r), wide(g), wide(b)], wide(alpha)),
                [] => continue,
            };
            opaque &= alpha == u16::MAX;
            let level = if alpha == u16::MAX {
                tone.weigh_wide(colour)
            } else {
                let below = 257 * u32::from(*grey);
                let alpha = u32::from(alpha);
                let sum = u32::from(tone.weigh_wide(colour)) * alpha + below * (65_535 - alpha);
                (sum / 65_535) as u16
            };
            if let Some(count) = self.levels.get_mut(usize::from(level)) {
                *count = count.saturating_add(1);
            }
            *grey = tone.narrow(level);
        }
        self.is_translucent |= !opaque;
        if let (Some(survey), true) = (&mut self.survey, samples.count() >= 3) {
            survey.row(pairs.chunks_exact(samples.count()).filter_map(|pixel| match pixel {
                [[r, _], [g, _], [b, _], ..] => Some([*r, *g, *b]),
                _ => None,
            }));
        }
    }
}

/// The first level that is reached with more than `many` samples.
fn percentile<'a>(mut levels: impl Iterator<Item = (usize, &'a u32)>, many: u64) -> Option<u16> {
    let mut sum = 0;
    let found = levels.find(|(_, count)| {
        sum += u64::from(**count);
        sum > many
    });
    found.and_then(|(level, _)| u16::try_from(level).ok())
}

fn blend(grey: u8, alpha: u8, below: u8) -> u8 {
    let (grey, alpha, below) = (u32::from(grey), u32::from(alpha), u32::from(below));
    ((grey * alpha + below * (255 - alpha)) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_stays_white_and_clear_is_the_background() {
        assert_eq!(Tone::GREY.weigh([255; 3]), 255);
        assert_eq!(Tone::GREY.weigh([0; 3]), 0);
        assert_eq!(Tone::GREY.weigh_wide([65_535; 3]), 65_535);
        assert_eq!(blend(0, 0, 255), 255);
        assert_eq!(blend(0, 0, 0), 0);
        assert_eq!(blend(0, 255, 255), 0);
        assert_eq!(blend(255, 128, 255), 255);
        for (tone, background) in [(Tone::GREY, 255), (Tone::OVER_BLACK, 0)] {
            let mut painter = Painter::new(tone);
            let mut grey = [painter.background(); 2];
            painter.paint(&mut grey, &[200, 0, 0, 0, 0, 0, 0, 255], Samples::Rgba);
            assert_eq!(grey, [background, 0]);
            assert!(painter.facts().is_translucent);
        }
    }

    #[test]
    fn a_narrow_range_is_that_of_nearly_all_samples() {
        let mut painter = Painter::new(Tone::GREY);
        let row: Vec<u8> = (0..2000_u16).flat_map(|x| (0x1000 + x % 0xf0).to_be_bytes()).collect();
        let outliers: Vec<u8> = [0_u16, 65_535].iter().flat_map(|x| x.to_be_bytes()).collect();
        let mut grey = [0; 2000];
        painter.paint_wide(&mut grey, &row, Samples::Grey);
        painter.paint_wide(&mut grey, &outliers, Samples::Grey);
        let (low, high) = painter.facts().narrow_range.unwrap();
        assert!((0x1000..0x1004).contains(&low) && (0x10ec..0x10f0).contains(&high));
        let tone = Tone::stretched((low, high));
        assert_eq!((tone.narrow(low), tone.narrow(high), tone.narrow(65_535)), (0, 255, 255));
        assert_eq!((Tone::GREY.narrow(low), Tone::GREY.narrow(high)), (0x10, 0x10));
    }
}
