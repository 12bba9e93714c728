//! Grey levels between the pixels.

use image::GrayImage;

/// The grey level at a place by bilinear interpolation; beyond the picture, that of
/// the nearest edge.
pub(super) fn grey_at(picture: &GrayImage, x: f32, y: f32) -> f32 {
    let (width, height) = (picture.width(), picture.height());
    // Measured from the centres of the pixels. A cast saturates, and takes NaN for zero.
    let (x, y) =
        ((x - 0.5).clamp(0.0, (width - 1) as f32), (y - 0.5).clamp(0.0, (height - 1) as f32));
    let (left, top) = (x as u32, y as u32);
    let (right, bottom) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
    let (part_x, part_y) = (x - left as f32, y - top as f32);
    let raw = picture.as_raw();
    let at = |x: u32, y: u32| {
        raw.get(y as usize * width as usize + x as usize).copied().map_or(0.0, f32::from)
    };
    let upper = at(left, top) * (1.0 - part_x) + at(right, top) * part_x;
    let lower = at(left, bottom) * (1.0 - part_x) + at(right, bottom) * part_x;
    upper * (1.0 - part_y) + lower * part_y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_is_interpolated_between_pixel_centres() {
        let picture = GrayImage::from_raw(2, 2, vec![0, 100, 50, 150]).unwrap();
        for (x, y, grey) in [(0.5, 0.5, 0.0), (1.0, 0.5, 50.0), (1.0, 1.0, 75.0), (9.0, 9.0, 150.0)]
        {
            assert_eq!(grey_at(&picture, x, y), grey);
        }
        // A grid that failed gives no level, and does not panic.
        assert!(grey_at(&picture, f32::NAN, -5.0).is_nan());
    }
}
