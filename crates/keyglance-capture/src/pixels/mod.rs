//! The brightness of raw camera frames, taken without a detour through colours.

mod motion_jpeg;

use image::GrayImage;

/// The pixel formats of cameras, and of programs that feed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixelFormat {
    /// Brightness and colour in turn, brightness first: YUYV.
    Yuyv,
    /// One JPEG picture per frame, as webcams write them.
    Jpeg,
    /// All brightness, then all colour: NV12, NV21, YUV 4:2:0 and 4:2:2 in planes.
    Planar,
    /// Brightness only.
    Grey,
    /// Brightness and colour in turn, colour first: UYVY.
    Uyvy,
    /// Colours of a byte each.
    Rgb(RgbLayout),
    /// Five bits of red, six of green and five of blue in a little-endian number: RGBP.
    Rgb565,
}

/// Where the bytes of a pixel's colours are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RgbLayout {
    /// Red, green, blue: RGB3.
    Rgb,
    /// Blue, green, red: BGR3.
    Bgr,
    /// Red, green, blue, and a byte that says nothing here.
    Rgbx,
    /// Blue, green, red, and such a byte.
    Bgrx,
    /// Such a byte, then red, green, blue.
    Xrgb,
    /// Such a byte, then blue, green, red.
    Xbgr,
}

impl PixelFormat {
    /// Bytes from one pixel's brightness to the next in a row; none of JPEG.
    const fn step(self) -> Option<usize> {
        Some(match self {
            Self::Jpeg => return None,
            Self::Planar | Self::Grey => 1,
            Self::Yuyv | Self::Uyvy | Self::Rgb565 => 2,
            Self::Rgb(RgbLayout::Rgb | RgbLayout::Bgr) => 3,
            Self::Rgb(_) => 4,
        })
    }
}

/// The brightness of a frame of `width` and `height`. `None` if there are too few bytes,
/// or a damaged JPEG. `stride` is the number of bytes from one row to the next; 0 where
/// the rows are not filled up. Of a JPEG the picture says its size itself.
#[must_use]
pub fn luma(
    bytes: &[u8],
    (width, height): (u32, u32),
    stride: usize,
    format: PixelFormat,
) -> Option<GrayImage> {
    let Some(step) = format.step() else { return motion_jpeg::decode_grayscale(bytes) };
    let row = (width as usize).checked_mul(step)?;
    let stride = stride.max(row);
    // The last row need not be filled up.
    let needed = stride.checked_mul((height as usize).checked_sub(1)?)?.checked_add(row)?;
    let rows = bytes.get(..needed)?.chunks(stride.max(1));
    let mut pixels = Vec::with_capacity(width as usize * height as usize);
    // A loop for each, since each becomes a few instructions for many pixels.
    for row in rows.filter_map(|bytes| bytes.get(..row)) {
        let pairs = row.as_chunks::<2>().0.iter();
        let (threes, fours) = (row.as_chunks::<3>().0.iter(), row.as_chunks::<4>().0.iter());
        match format {
            PixelFormat::Yuyv => pixels.extend(pairs.map(|[brightness, _]| *brightness)),
            PixelFormat::Uyvy => pixels.extend(pairs.map(|[_, brightness]| *brightness)),
            PixelFormat::Rgb565 => {
                pixels.extend(pairs.map(|pair| of_565(u16::from_le_bytes(*pair))))
            }
            PixelFormat::Rgb(layout) => match layout {
                RgbLayout::Rgb => pixels.extend(threes.map(|[r, g, b]| of_rgb(*r, *g, *b))),
                RgbLayout::Bgr => pixels.extend(threes.map(|[b, g, r]| of_rgb(*r, *g, *b))),
                RgbLayout::Rgbx => pixels.extend(fours.map(|[r, g, b, _]| of_rgb(*r, *g, *b))),
                RgbLayout::Bgrx => pixels.extend(fours.map(|[b, g, r, _]| of_rgb(*r, *g, *b))),
                RgbLayout::Xrgb => pixels.extend(fours.map(|[_, r, g, b]| of_rgb(*r, *g, *b))),
                RgbLayout::Xbgr => pixels.extend(fours.map(|[_, b, g, r]| of_rgb(*r, *g, *b))),
            },
            PixelFormat::Planar | PixelFormat::Grey => pixels.extend_from_slice(row),
            PixelFormat::Jpeg => {}
        }
    }
    GrayImage::from_raw(width, height, pixels)
}

/// The brightness that a camera's YUV would have (ITU-R BT.601), in 256ths.
const fn of_rgb(red: u8, green: u8, blue: u8) -> u8 {
    ((77 * red as u32 + 150 * green as u32 + 29 * blue as u32 + 128) >> 8) as u8
}

fn of_565(pixel: u16) -> u8 {
    // The highest bits once more, so that white is 255.
    let wide = |bits: u16, of: u32| ((bits << (8 - of)) | (bits >> (2 * of - 8))) as u8;
    of_rgb(wide(pixel >> 11, 5), wide((pixel >> 5) & 0x3f, 6), wide(pixel & 0x1f, 5))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::codecs::jpeg::JpegEncoder;
    use keyglance_qr::{Code, decode_image, render_grayscale};

    const ALL: [PixelFormat; 12] = [
        PixelFormat::Yuyv,
        PixelFormat::Jpeg,
        PixelFormat::Planar,
        PixelFormat::Grey,
        PixelFormat::Uyvy,
        PixelFormat::Rgb(RgbLayout::Rgb),
        PixelFormat::Rgb(RgbLayout::Bgr),
        PixelFormat::Rgb(RgbLayout::Rgbx),
        PixelFormat::Rgb(RgbLayout::Bgrx),
        PixelFormat::Rgb(RgbLayout::Xrgb),
        PixelFormat::Rgb(RgbLayout::Xbgr),
        PixelFormat::Rgb565,
    ];

    #[test]
    fn luma_takes_the_brightness_of_each_format() {
        let grey = |bytes: &[u8], stride, format| {
            luma(bytes, (2, 2), stride, format).map(GrayImage::into_raw)
        };
        let levels = Some(vec![10, 20, 30, 40]);
        let yuyv = [10, 128, 20, 128, 30, 128, 40, 128];
        assert_eq!(grey(&yuyv, 4, PixelFormat::Yuyv), levels);
        let uyvy = [128, 10, 128, 20, 128, 30, 128, 40];
        assert_eq!(grey(&uyvy, 4, PixelFormat::Uyvy), levels);
        assert_eq!(grey(&[10, 20, 30, 40, 128, 128], 2, PixelFormat::Planar), levels);
        // Rows filled up to four bytes, and a system that does not say how long they are.
        assert_eq!(grey(&[10, 20, 0, 0, 30, 40], 4, PixelFormat::Grey), levels);
        assert_eq!(grey(&[10, 20, 30, 40], 0, PixelFormat::Grey), levels);
    }

    /// A frame as a camera would send it: rows filled up with `filling` bytes each, and what
    /// says nothing of brightness set to noise.
    fn frame(grey: &GrayImage, format: PixelFormat, filling: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        for row in grey.rows() {
            for (x, level) in row.map(|level| level.0[0]).enumerate() {
                let noise = (x * 97 % 251) as u8;
                match format {
                    PixelFormat::Yuyv => bytes.extend([level, noise]),
                    PixelFormat::Uyvy => bytes.extend([noise, level]),
                    PixelFormat::Planar | PixelFormat::Grey => bytes.push(level),
                    PixelFormat::Rgb(RgbLayout::Rgb | RgbLayout::Bgr) => bytes.extend([level; 3]),
                    PixelFormat::Rgb(RgbLayout::Rgbx | RgbLayout::Bgrx) => {
                        bytes.extend([level, level, level, noise]);
                    }
                    PixelFormat::Rgb(_) => bytes.extend([noise, level, level, level]),
                    PixelFormat::Rgb565 => {
                        let level = u16::from(level);
                        let pixel = (level >> 3 << 11) | (level >> 2 << 5) | level >> 3;
                        bytes.extend(pixel.to_le_bytes());
                    }
                    PixelFormat::Jpeg => {}
                }
            }
            if format != PixelFormat::Jpeg {
                bytes.extend(std::iter::repeat_n(0xa5, filling));
            }
        }
        match format {
            PixelFormat::Jpeg => {
                JpegEncoder::new_with_quality(&mut bytes, 95).encode_image(grey).unwrap();
                // The buffer is longer than its picture.
                bytes.resize(bytes.len() + 1000, 0);
            }
            // Half as many rows of colour follow.
            PixelFormat::Planar => bytes.resize(bytes.len() + bytes.len() / 2, 77),
            _ => {}
        }
        bytes
    }

    #[test]
    fn a_code_reads_in_each_format_with_and_without_filled_up_rows() {
        let code = Code::new("each format").unwrap();
        let grey = render_grayscale(&code, 4).unwrap();
        let (width, height) = grey.dimensions();
        for format in ALL {
            let step = format.step().unwrap_or_default();
            for filling in [0, 24, 64] {
                let bytes = frame(&grey, format, filling);
                let stride = width as usize * step + filling;
                let seen = luma(&bytes, (width, height), stride, format).unwrap();
                let off = seen.iter().zip(grey.iter()).map(|(a, b)| a.abs_diff(*b)).max();
                let most = if format == PixelFormat::Jpeg { 40 } else { 1 };
                assert!(off.unwrap() <= most, "{format:?} {filling}: off by {off:?}");
                let texts: Vec<_> =
                    decode_image(&seen).into_iter().filter_map(|read| read.into_text()).collect();
                assert_eq!(texts, ["each format"], "{format:?} {filling}");
                if format == PixelFormat::Jpeg {
                    continue;
                }
                // Short by one byte of the last row, by a row, by all.
                let rows = stride * height as usize;
                for left in [rows - filling - 1, rows - stride, stride, 1, 0] {
                    let short = luma(&bytes[..left], (width, height), stride, format);
                    assert!(short.is_none(), "{format:?} {filling} {left}");
                }
                if format == PixelFormat::Planar {
                    // A feeder that leaves the colours away.
                    assert!(luma(&bytes[..rows], (width, height), stride, format).is_some());
                }
            }
        }
    }

    #[test]
    fn colours_count_as_bright_as_they_look_whatever_their_order() {
        let level = |bytes: &[u8], format| luma(bytes, (1, 1), 0, format).unwrap()[(0, 0)].0[0];
        use RgbLayout::{Bgr, Bgrx, Rgb, Rgbx, Xbgr, Xrgb};
        let [red, green, blue] = [77, 149, 29];
        for (layout, places) in [
            (Rgb, [0, 1, 2]),
            (Bgr, [2, 1, 0]),
            (Rgbx, [0, 1, 2]),
            (Bgrx, [2, 1, 0]),
            (Xrgb, [1, 2, 3]),
            (Xbgr, [3, 2, 1]),
        ] {
            for (place, expected) in places.into_iter().zip([red, green, blue]) {
                let mut pixel = [0; 4];
                pixel[place] = 255;
                let seen = level(&pixel, PixelFormat::Rgb(layout));
                assert!(seen.abs_diff(expected) <= 1, "{layout:?} {place}: {seen}");
            }
        }
        for (pixel, expected) in [(0xf800_u16, red), (0x07e0, green), (0x001f, blue), (0xffff, 255)]
        {
            let seen = level(&pixel.to_le_bytes(), PixelFormat::Rgb565);
            assert!(seen.abs_diff(expected) <= 1, "{pixel:x}: {seen}");
        }
    }

    #[test]
    fn a_short_frame_is_no_frame() {
        for format in ALL {
            for size in [(2, 2), (u32::MAX, u32::MAX), (0, 0), (3, 0)] {
                for stride in [0, 7, usize::MAX] {
                    assert!(
                        luma(&[1, 2, 3], size, stride, format).is_none(),
                        "{format:?} {size:?}"
                    );
                }
            }
        }
    }
}
