//! Blurring and sharpening.

use image::GrayImage;

/// Edges made steeper: away from the mean of the square of `2 × radius + 1`
/// pixels around, by `strength`.
pub(super) fn unsharp_mask(picture: &GrayImage, radius: u32, strength: f32) -> GrayImage {
    // A cast to a byte saturates.
    with_means(picture, radius, |level, mean| (level + strength * (level - mean)) as u8)
}

/// Each pixel the mean of the square of `2 × radius + 1` pixels around.
pub(super) fn box_blur(picture: &GrayImage, radius: u32) -> GrayImage {
    with_means(picture, radius, |_, mean| mean as u8)
}

/// Each pixel made from its level and the mean around it.
fn with_means(picture: &GrayImage, radius: u32, make: impl Fn(f32, f32) -> u8) -> GrayImage {
    let mut pixels = Vec::with_capacity(picture.as_raw().len());
    for_each_window_row(picture, radius, |row, windows| {
        let windows = windows.sums.iter().zip(windows.counts);
        pixels.extend(row.iter().zip(windows).map(|(pixel, (sum, count))| {
            make(f32::from(*pixel), *sum as i32 as f32 / *count as i32 as f32)
        }));
    });
    GrayImage::from_raw(picture.width(), picture.height(), pixels).unwrap_or_default()
}

/// The squares around the pixels of one row, cut off at the edges of the picture.
pub(super) struct Windows<'a> {
    /// The sum of the pixels in each.
    pub(super) sums: &'a [u32],
    /// How many pixels each has.
    pub(super) counts: &'a [u32],
}

/// Calls `row` with the pixels of each row and the squares of `2 × radius + 1` pixels
/// around them.
///
/// The sums of the columns move down with the rows, and one running sum across them
/// gives the squares: whole numbers, and no second picture.
pub(super) fn for_each_window_row(
    picture: &GrayImage,
    radius: u32,
    mut row: impl FnMut(&[u8], Windows<'_>),
) {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let radius = radius as usize;
    let line = |y: usize| picture.as_raw().get(y * width..(y + 1) * width);
    let mut columns = vec![0_u32; width];
    let mut rows = 0;
    let spans: Vec<u32> = (0..width)
        .map(|x| ((x + radius + 1).min(width) - x.saturating_sub(radius)) as u32)
        .collect();
    let (mut sums, mut counts) = (vec![0; width], vec![0; width]);
    // The sum of all columns before each, with what lies beyond the edges.
    let mut running = vec![0_u32; width + 2 * radius + 1];
    for added in 0..height + radius {
        let before = rows;
        if let Some(pixels) = line(added) {
            columns.iter_mut().zip(pixels).for_each(|(sum, pixel)| *sum += u32::from(*pixel));
            rows += 1;
        }
        let Some(y) = added.checked_sub(radius) else { continue };
        if let Some(pixels) = y.checked_sub(radius + 1).and_then(line) {
            columns.iter_mut().zip(pixels).for_each(|(sum, pixel)| *sum -= u32::from(*pixel));
            rows -= 1;
        }
        if rows != before || y == 0 {
            counts.iter_mut().zip(&spans).for_each(|(count, span)| *count = span * rows);
        }
        let (mut sum, mut rest) = (0_u32, running.iter_mut().skip(radius + 1));
        for (running, column) in rest.by_ref().zip(&columns) {
            // What overflows here cancels out in the difference.
            sum = sum.wrapping_add(*column);
            *running = sum;
        }
        rest.for_each(|running| *running = sum);
        let ends = running.get(2 * radius + 1..).unwrap_or_default();
        for ((square, end), start) in sums.iter_mut().zip(ends).zip(&running) {
            *square = end.wrapping_sub(*start);
        }
        row(line(y).unwrap_or_default(), Windows { sums: &sums, counts: &counts });
    }
}

/// Each pixel with its neighbours: weights of 1, 2, 1 across and down. The
/// outermost pixels stay as they are.
pub(super) fn binomial_blur(picture: &GrayImage) -> GrayImage {
    let mut smooth = picture.clone();
    let width = picture.width() as usize;
    if width < 3 || picture.height() < 3 {
        return smooth;
    }
    let row = |y: usize| picture.as_raw().get(y * width..(y + 1) * width).unwrap_or_default();
    let mut sums = Vec::with_capacity(width);
    for (above, out) in smooth.chunks_exact_mut(width).skip(1).enumerate() {
        let here = row(above).iter().zip(row(above + 1)).zip(row(above + 2));
        if row(above + 2).is_empty() {
            break;
        }
        sums.clear();
        sums.extend(here.map(|((a, b), c)| u16::from(*a) + 2 * u16::from(*b) + u16::from(*c)));
        let across = sums.iter().zip(sums.iter().skip(1)).zip(sums.iter().skip(2));
        let inner = out.iter_mut().skip(1);
        inner.zip(across).for_each(|(out, ((a, b), c))| *out = ((a + 2 * b + c + 8) / 16) as u8);
    }
    smooth
}

/// The mean of the square around each value; at the edges, of what there is.
pub(super) fn box_filter(values: &[f32], width: usize, radius: usize) -> Vec<f32> {
    let width = width.max(1);
    let mut rows = Vec::with_capacity(values.len());
    for row in values.chunks(width) {
        let mut sum: f32 = row.iter().take(radius).sum();
        let mut count = radius.min(row.len()) as f32;
        for x in 0..row.len() {
            if let Some(next) = row.get(x + radius) {
                sum += next;
                count += 1.0;
            }
            rows.push(sum / count);
            if let Some(old) = x.checked_sub(radius).and_then(|old| row.get(old)) {
                sum -= old;
                count -= 1.0;
            }
        }
    }
    let height = rows.len() / width;
    let line = |y: usize| rows.get(y * width..(y + 1) * width);
    let mut sums = vec![0.0_f32; width];
    let mut count = 0.0;
    let mut add = |sums: &mut [f32], y: Option<usize>, sign: f32| {
        if let Some(row) = y.and_then(line) {
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += sign * value);
            count += sign;
        }
        count
    };
    for y in 0..radius {
        add(&mut sums, Some(y), 1.0);
    }
    let mut out = Vec::with_capacity(values.len());
    for y in 0..height {
        let share = 1.0 / add(&mut sums, Some(y + radius), 1.0);
        out.extend(sums.iter().map(|sum| sum * share));
        add(&mut sums, y.checked_sub(radius), -1.0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_of_what_there_is() {
        let values: Vec<f32> = (0..12).map(|value| value as f32).collect();
        let means = box_filter(&values, 4, 1);
        assert_eq!((means[0], means[5], means[11]), (2.5, 5.0, 8.5));
        assert_eq!(box_filter(&values, 4, 9), vec![5.5; 12]);
        assert!(box_filter(&[], 0, 3).is_empty());
    }

    #[test]
    fn a_binomial_blur_spreads_a_point_by_1_2_1() {
        let mut picture = GrayImage::new(5, 5);
        picture.put_pixel(2, 2, image::Luma([160]));
        let blurred = binomial_blur(&picture);
        let row = |y: u32| [1, 2, 3].map(|x| blurred.get_pixel(x, y).0[0]);
        assert_eq!([row(1), row(2), row(3)], [[10, 20, 10], [20, 40, 20], [10, 20, 10]]);
        assert_eq!(binomial_blur(&GrayImage::new(2, 9)).dimensions(), (2, 9));
    }

    #[test]
    fn an_unsharp_mask_makes_an_edge_steeper() {
        let picture = GrayImage::from_fn(9, 1, |x, _| image::Luma([if x < 4 { 90 } else { 120 }]));
        let sharp = unsharp_mask(&picture, 2, 1.5);
        assert_eq!((sharp.as_raw()[0], sharp.as_raw()[8]), (90, 120));
        assert!(sharp.as_raw()[3] < 90 && sharp.as_raw()[4] > 120);
    }
}
