use keyglance_phone::Effort;

use super::{Page, code, picture};

/// A code of the page, as grey pixels.
fn drawn(text: &[u8]) -> (Vec<u8>, u32) {
    let encoded = Page::default().encode(text).unwrap();
    // In the form in which a session shows its codes.
    picture(&[&encoded[..2], &[1, 1], &encoded[2..]].concat())
}

fn rgba(pixels: &[u8]) -> Vec<u8> {
    pixels.iter().flat_map(|level| [*level, *level, *level, 255]).collect()
}

#[test]
fn what_is_drawn_is_read() {
    for text in [&b"HTTPS://EXAMPLE.ORG/"[..], "Zoë 🐈".as_bytes(), &[0, 159, 146, 150, 255]] {
        let (pixels, side) = drawn(text);
        let mut page = Page::default();
        let luma = page.decode_luma(&pixels, (side, side, side)).unwrap();
        let colours = Page::default().decode_rgba(&rgba(&pixels), (side, side)).unwrap();
        let chosen = page.decode_picture_rgba(&rgba(&pixels), (side, side)).unwrap();
        assert_eq!((&luma[..], luma.len()), (&colours[..], 1 + 4 + text.len() + 1 + 32));
        for list in [luma, colours, chosen] {
            assert_eq!((list[0], &list[5..5 + text.len()]), (1, text));
            let version = usize::from(list[5 + text.len()]);
            assert_eq!(side as usize, 4 * (17 + 4 * version + 8));
            let corners: Vec<f32> = list[6 + text.len()..]
                .chunks(4)
                .map(|part| f32::from_le_bytes(part.try_into().unwrap()))
                .collect();
            let (near, far) = (16.0, side as f32 - 16.0);
            let expected = [near, near, far, near, far, far, near, far];
            for (found, expected) in corners.iter().zip(expected) {
                assert!((found - expected).abs() < 2.0, "{corners:?}");
            }
        }
    }
}

#[test]
fn rows_may_be_longer_than_the_picture_is_wide() {
    let (pixels, side) = drawn(b"hello");
    let stride = side + 13;
    let mut padded: Vec<u8> = Vec::new();
    for row in pixels.chunks(side as usize) {
        padded.extend(row);
        padded.extend([77; 13]);
    }
    let size = (side, side, stride);
    let whole = Page::default().decode_luma(&padded, size).unwrap();
    assert_eq!((whole[0], &whole[5..10]), (1, &b"hello"[..]));
    // Cameras leave out what follows the last row.
    padded.truncate(padded.len() - 13);
    assert_eq!(Page::default().decode_luma(&padded, size).unwrap(), whole);
    padded.pop();
    assert_eq!(code(Page::default().decode_luma(&padded, size)), -1);
}

#[test]
fn sizes_that_do_not_fit_are_refused() {
    let pixels = vec![0; 1024];
    for (width, height) in [(0, 0), (0, 5), (5, 0), (33, 32), (u32::MAX, u32::MAX), (1, u32::MAX)] {
        assert_eq!(code(Page::default().decode_luma(&pixels, (width, height, width))), -1);
        assert_eq!(code(Page::default().decode_rgba(&pixels, (width, height))), -1);
        assert_eq!(code(Page::default().decode_picture_rgba(&pixels, (width, height))), -1);
    }
    for stride in [0, 31] {
        assert_eq!(code(Page::default().decode_luma(&pixels, (32, 2, stride))), -1);
    }
    assert_eq!(code(Page::default().decode_luma(&pixels, (32, 2, u32::MAX))), -1);
    assert_eq!(Page::default().decode_luma(&pixels, (32, 32, 32)).unwrap()[..], [0]);
}

#[test]
fn with_the_least_effort_a_plain_code_in_a_frame_is_read() {
    let (pixels, side) = drawn(b"hello");
    let (width, height) = (1280, 720);
    let mut frame = vec![128; width * height];
    for (y, row) in pixels.chunks(side as usize).enumerate() {
        let start = (y + 200) * width + 500;
        frame[start..start + side as usize].copy_from_slice(row);
    }
    for level in 0..3 {
        let mut page = Page::default();
        page.reader_effort(level).unwrap();
        let list = page.decode_luma(&frame, (1280, 720, 1280)).unwrap();
        assert_eq!((list[0], &list[5..10]), (1, &b"hello"[..]), "{level}");
    }
    assert_eq!(code(Page::default().reader_effort(3)), -1);
    assert_eq!(Effort::default(), Effort::Full);
}

#[test]
fn what_does_not_fit_a_code_is_refused() {
    assert_eq!(code(Page::default().encode(b"")), -1);
    assert_eq!(code(Page::default().encode(&[0xff; 2332])), -11);
    let largest = Page::default().encode(&[0xff; 2331]).unwrap();
    assert_eq!(largest[..2], [177, 40]);
}
