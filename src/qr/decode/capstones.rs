//! A second reader with finders of its own: rqrr, a port of quirc.

use image::GrayImage;
use rqrr::{BitGrid, PreparedImage};
use rxing::common::BitMatrix;

use super::effort::Effort;
use super::{Point, Reader, Reading, fenced, symbol};

/// What it costs, by the pixel.
const PIXEL: u64 = 25;

/// Every code in a grey picture. Pairs every square with every other: not for
/// pictures that are full of them.
pub(super) fn read(picture: &GrayImage, effort: &mut Effort<'_>) -> Vec<Reading> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    if width == 0 || height == 0 || !effort.spend((width * height) as u64 * PIXEL) {
        return Vec::new();
    }
    let grids = fenced(|| {
        let mut pixels = picture.as_raw().iter().copied();
        let mut prepared =
            PreparedImage::prepare_from_greyscale(width, height, |_, _| pixels.next().unwrap_or(0));
        let found = prepared.detect_grids();
        found.iter().map(|grid| (modules(&grid.grid), grid.bounds)).collect::<Vec<_>>()
    });
    let readings = grids.unwrap_or_default().into_iter().filter_map(|(modules, bounds)| {
        let corners = bounds.map(|p| Point { x: p.x as f32, y: p.y as f32 });
        symbol::read(&modules?, corners, Reader::Rqrr)
    });
    readings.collect()
}

fn modules(grid: &impl BitGrid) -> Option<BitMatrix> {
    let side = grid.size();
    let mut modules = BitMatrix::with_single_dimension(u32::try_from(side).ok()?).ok()?;
    for y in 0..side {
        for x in 0..side {
            if grid.bit(y, x) {
                modules.set(x as u32, y as u32);
            }
        }
    }
    Some(modules)
}
