//! Codes as people meet them: on cans and posters, worn, glaring, many on a sheet,
//! drawn with dots. How many of them each reader reads.

mod paper;
mod view;

use std::fs;
use std::ops::Range;
use std::path::Path;

use image::{GrayImage, Luma, imageops};
use keyglance_qr::Code;
use qrcode::bits::Bits;
use qrcode::{EcLevel, Version};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

use self::paper::{Ink, Paper};
use self::view::{Light, View};
use crate::peers::Readers;

const PICTURES: u64 = 24;

/// A picture and what its codes say.
pub(crate) struct Drawn {
    pub(crate) picture: GrayImage,
    pub(crate) texts: Vec<String>,
}

type Draw = fn(&mut Dice) -> Drawn;

const KINDS: [(&str, Draw); 18] = [
    ("flat and near", |dice| one(dice, 1..11, |_, _| {})),
    ("from aside", |dice| {
        one(dice, 2..11, |dice, view| {
            view.tilt = dice.either(35.0..60.0);
            view.lean = dice.either(0.0..30.0);
        })
    }),
    ("on a can", |dice| one(dice, 2..9, |dice, view| view.bend = dice.between(0.5..0.85))),
    ("crumpled", |dice| one(dice, 2..9, |dice, view| view.crease = dice.between(0.3..0.9))),
    ("large versions", |dice| one(dice, 20..41, |_, view| view.module *= 0.8)),
    ("large versions, from aside", |dice| {
        one(dice, 16..31, |dice, view| view.tilt = dice.either(20.0..40.0))
    }),
    ("far away", |dice| {
        one(dice, 1..8, |dice, view| (view.module, view.blur) = (dice.between(2.2..3.2), 0.7))
    }),
    ("in a large photograph", |dice| {
        one(dice, 1..8, |dice, view| {
            (view.width, view.height) = (3264, 2448);
            view.module = dice.between(3.0..6.0);
            view.blur = 1.2;
        })
    }),
    ("out of focus", |dice| {
        one(dice, 1..8, |dice, view| view.blur = view.module * dice.between(0.5..0.8))
    }),
    ("half in shadow", |dice| {
        one(dice, 1..11, |dice, view| view.light = Light::Shadow(dice.between(0.15..0.4)))
    }),
    ("glare", |dice| {
        one(dice, 2..11, |dice, view| view.light = Light::Spot(dice.between(0.10..0.22)))
    }),
    ("strong JPEG", |dice| one(dice, 1..11, |dice, view| view.quality = dice.below(6..16) as u8)),
    ("dots", |dice| styled(dice, Ink::Dots)),
    ("rounded, with a picture in the middle", |dice| styled(dice, Ink::Logo)),
    ("light on dark", |dice| styled(dice, Ink::Inverted)),
    ("worn", |dice| styled(dice, Ink::Worn)),
    ("a corner square half covered", |dice| styled(dice, Ink::Covered)),
    ("sixty on a sheet", sheet),
];

/// A table of kinds and readers, of all or of those whose names begin so.
pub(crate) fn compare(readers: &mut Readers, wanted: &[String]) {
    let names = readers.names().to_vec();
    let all = vec![true; names.len()];
    let (mut wrong, mut worst) = (vec![0; names.len()], vec![0.0_f64; names.len()]);
    println!("| codes read, of | {} |", names.join(" | "));
    println!("|---|{}", "---|".repeat(names.len()));
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|w| name.starts_with(w));
    for (kind, draw) in KINDS.into_iter().filter(|(name, _)| is_wanted(name)) {
        let (mut reads, mut total) = (vec![0; names.len()], 0);
        for seed in 0..PICTURES {
            let Drawn { picture, texts } = draw(&mut Dice::new(seed));
            if let Some(folder) = std::env::var_os("SAVE_PICTURES") {
                let path = Path::new(&folder).join(format!("{}-{seed}", kind.replace(' ', "-")));
                picture.save(path.with_extension("png")).unwrap();
                fs::write(path.with_extension("txt"), texts.join("\n")).unwrap();
            }
            total += texts.len();
            for (reader, outcome) in readers.read(&picture, 1, &all).iter().enumerate() {
                let is_read =
                    |text: &&String| outcome.payloads.iter().any(|p| *p == text.as_bytes());
                reads[reader] += texts.iter().filter(is_read).count();
                let made_up = |p: &&Vec<u8>| texts.iter().all(|text| *p != text.as_bytes());
                wrong[reader] += outcome.payloads.iter().filter(made_up).count();
                worst[reader] = worst[reader].max(outcome.milliseconds);
            }
        }
        let cells: Vec<_> = reads.iter().map(usize::to_string).collect();
        println!("| {kind}, {total} | {} |", cells.join(" | "));
    }
    let row = |values: Vec<String>| println!("| {} |", values.join(" | "));
    row([vec!["read wrongly".to_owned()], wrong.iter().map(usize::to_string).collect()].concat());
    let milliseconds = worst.iter().map(|worst| format!("{worst:.0}")).collect();
    row([vec!["worst ms".to_owned()], milliseconds].concat());
}

/// One code, flat in a photograph of 1280 × 960 unless the kind changes that.
fn one(
    dice: &mut Dice,
    versions: Range<usize>,
    change: impl FnOnce(&mut Dice, &mut View),
) -> Drawn {
    seen(dice, versions, Ink::Plain, EcLevel::M, change)
}

fn styled(dice: &mut Dice, ink: Ink) -> Drawn {
    let level = if matches!(ink, Ink::Logo | Ink::Worn) { EcLevel::H } else { EcLevel::M };
    seen(dice, 2..9, ink, level, |dice, view| view.tilt = dice.either(0.0..25.0))
}

fn seen(
    dice: &mut Dice,
    versions: Range<usize>,
    ink: Ink,
    level: EcLevel,
    change: impl FnOnce(&mut Dice, &mut View),
) -> Drawn {
    let version = dice.below(versions);
    let (text, paper) = Paper::new(version, level, ink, dice);
    let mut view = View::new(paper.side(), dice);
    change(dice, &mut view);
    Drawn { picture: view.picture(&paper, dice), texts: vec![text] }
}

/// Labels on a sheet, as a scanner or a phone from above sees them.
fn sheet(dice: &mut Dice) -> Drawn {
    let module = dice.below(3..6) as u32;
    let mut texts = Vec::new();
    let mut sheet = GrayImage::from_pixel(10 * 37 * module, 6 * 37 * module, Luma([235]));
    for at in 0..60_u32 {
        let version = dice.below(1..4);
        let text = dice.text(version, EcLevel::M);
        let code = keyglance_qr::render_grayscale(&Code::new(&text).unwrap(), module).unwrap();
        let (x, y) = (at % 10 * 37 * module, at / 10 * 37 * module);
        imageops::replace(&mut sheet, &code, i64::from(x), i64::from(y));
        texts.push(text);
    }
    Drawn { picture: view::filmed(&sheet, 0.8, 4.0, 85, dice), texts }
}

/// Chance, from a seed.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    fn new(seed: u64) -> Self {
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
