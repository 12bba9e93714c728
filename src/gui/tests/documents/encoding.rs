//! Pictures with few colours, in files that are small.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use image::{Rgb, RgbImage};

use super::film::Frame;

type Colour = [u8; 3];

/// The colours of some pictures, as few as asked for.
struct Palette {
    colours: Vec<Colour>,
    nearest: HashMap<Colour, u8>,
}

fn distance(a: Colour, b: Colour) -> u32 {
    a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}

impl Palette {
    /// Begins with the commonest colour, and takes whichever is missed most by what is
    /// there: it is far from all of them, or common.
    fn of<'a>(pictures: impl Iterator<Item = &'a RgbImage>, most: usize) -> Self {
        let mut counts: HashMap<Colour, u64> = HashMap::new();
        for picture in pictures {
            for run in picture.as_chunks::<3>().0.chunk_by(|a, b| a == b) {
                *counts.entry(run[0]).or_default() += run.len() as u64;
            }
        }
        let mut missed: Vec<(Colour, f64, u32)> = counts
            .into_iter()
            .map(|(colour, count)| (colour, (count as f64).sqrt(), u32::MAX))
            .collect();
        missed.sort_by_key(|(colour, ..)| *colour);
        let mut colours = Vec::new();
        while colours.len() < most {
            let worst = missed
                .iter()
                .filter(|(.., away)| *away > 0)
                .max_by(|a, b| (a.1 * f64::from(a.2)).total_cmp(&(b.1 * f64::from(b.2))));
            let Some((next, ..)) = worst.copied() else { break };
            for (colour, _, away) in &mut missed {
                *away = distance(*colour, next).min(*away);
            }
            colours.push(next);
        }
        Self { colours, nearest: HashMap::new() }
    }

    fn index(&mut self, colour: Colour) -> u8 {
        let colours = &self.colours;
        *self.nearest.entry(colour).or_insert_with(|| {
            (0..colours.len()).min_by_key(|i| distance(colours[*i], colour)).unwrap() as u8
        })
    }

    fn indices(&mut self, picture: &RgbImage) -> Vec<u8> {
        let mut indices = Vec::with_capacity(picture.len() / 3);
        for run in picture.as_chunks::<3>().0.chunk_by(|a, b| a == b) {
            let index = self.index(run[0]);
            indices.resize(indices.len() + run.len(), index);
        }
        indices
    }

    fn bytes(&self) -> Vec<u8> {
        self.colours.concat()
    }
}

pub fn write_picture(path: &Path, picture: &RgbImage) {
    let mut palette = Palette::of([picture].into_iter(), 256);
    let indices = palette.indices(picture);
    let file = BufWriter::new(File::create(path).unwrap());
    let mut encoder = png::Encoder::new(file, picture.width(), picture.height());
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(palette.bytes());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.write_header().unwrap().write_image_data(&indices).unwrap();
}

/// Writes an animation that repeats, of frames that are all drawn. Each holds only what
/// has changed since the one before.
pub fn write_film(path: &Path, frames: &[Frame]) {
    let pictures: Vec<&RgbImage> = frames.iter().map(|f| f.picture.as_ref().unwrap()).collect();
    let mut palette = Palette::of(pictures.iter().copied(), 255);
    let [width, height] = [pictures[0].width(), pictures[0].height()].map(|side| side as u16);
    let file = BufWriter::new(File::create(path).unwrap());
    let transparent = palette.colours.len() as u8;
    let colours = [palette.bytes(), vec![0; 3]].concat();
    let mut encoder = gif::Encoder::new(file, width, height, &colours).unwrap();
    encoder.set_repeat(gif::Repeat::Infinite).unwrap();
    let mut before: Option<Vec<u8>> = None;
    for (frame, picture) in frames.iter().zip(pictures) {
        let indices = palette.indices(picture);
        let part = Part::changed(before.as_deref(), &indices, usize::from(width));
        let mut buffer = Vec::with_capacity(part.width * part.height);
        for y in part.top..part.top + part.height {
            for x in part.left..part.left + part.width {
                let at = y * usize::from(width) + x;
                let same = before.as_ref().is_some_and(|before| before[at] == indices[at]);
                buffer.push(if same { transparent } else { indices[at] });
            }
        }
        let [left, top, width, height] =
            [part.left, part.top, part.width, part.height].map(|side| side as u16);
        let frame = gif::Frame {
            delay: frame.milliseconds / 10,
            dispose: gif::DisposalMethod::Keep,
            transparent: Some(transparent),
            left,
            top,
            width,
            height,
            buffer: Cow::Owned(buffer),
            ..gif::Frame::default()
        };
        encoder.write_frame(&frame).unwrap();
        before = Some(indices);
    }
}

/// A rectangle of a picture.
struct Part {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl Part {
    /// What holds all that has changed; at least one pixel.
    fn changed(before: Option<&[u8]>, now: &[u8], width: usize) -> Self {
        let Some(before) = before else {
            return Self { left: 0, top: 0, width, height: now.len() / width };
        };
        let changed = (0..now.len()).filter(|i| before[*i] != now[*i]);
        let (mut left, mut right, mut top, mut bottom) = (width, 0, usize::MAX, 0);
        for i in changed {
            let (x, y) = (i % width, i / width);
            (left, right) = (left.min(x), right.max(x));
            (top, bottom) = (top.min(y), bottom.max(y));
        }
        if top == usize::MAX {
            return Self { left: 0, top: 0, width: 1, height: 1 };
        }
        Self { left, top, width: right + 1 - left, height: bottom + 1 - top }
    }
}

/// The frames of an animation as they are seen; none if there is no such file.
pub fn read_film(path: &Path) -> Vec<RgbImage> {
    let Ok(file) = File::open(path) else { return Vec::new() };
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut decoder = options.read_info(file).unwrap();
    let mut seen = RgbImage::new(decoder.width().into(), decoder.height().into());
    let mut frames = Vec::new();
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        let width = usize::from(frame.width);
        for (i, pixel) in frame.buffer.as_chunks::<4>().0.iter().enumerate() {
            if let [r, g, b, 255] = *pixel {
                let (x, y) = (i % width, i / width);
                let (x, y) = (x as u32 + u32::from(frame.left), y as u32 + u32::from(frame.top));
                seen.put_pixel(x, y, Rgb([r, g, b]));
            }
        }
        frames.push(seen.clone());
    }
    frames
}
