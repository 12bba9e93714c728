//! Symbols with modules that are not what they should be, and pictures of anything.

use keyglance_qr::image::{GrayImage, Luma};
use keyglance_qr::{Code, QUIET_ZONE, WorkBudget, decode_image_within};

/// What the symbols say: as short as a hint, as long as a frame.
const TEXTS: [&str; 4] = [
    "hello",
    "KG1:V50V50RE2IMNT6HUV9ZBUBIB067E4O62M4DERWKU2S:0OQLE8JD6R3+%S7TC",
    "otpauth://totp/Keyglance:you?secret=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567&issuer=Keyglance",
    "kg1:AQABABJjud-HpEzC72BaODhtvpquZnELo-_d9L4EcolqNByA5FJkDA",
];

/// What is read of a damaged symbol is what it said, or nothing.
pub fn run(data: &[u8]) {
    let [kind, size, rest @ ..] = data else { return };
    let Some(text) = TEXTS.get(usize::from(*kind) % (TEXTS.len() + 1)) else {
        return read_anything(*size, rest);
    };
    let code = Code::new(text).unwrap();
    let scale = u32::from(size % 4) + 2;
    let quiet = QUIET_ZONE as u32;
    let side = code.side() as u32;
    let mut picture =
        GrayImage::from_pixel((side + 2 * quiet) * scale, (side + 2 * quiet) * scale, Luma([255]));
    let mut turned = vec![false; code.side() * code.side()];
    for place in rest.chunks_exact(2) {
        let place = usize::from(u16::from_le_bytes([place[0], place[1]])) % turned.len();
        turned[place] = true;
    }
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (x, y) = ((x / scale).wrapping_sub(quiet), (y / scale).wrapping_sub(quiet));
        if x < side && y < side {
            let (x, y) = (x as usize, y as usize);
            let dark = code.is_dark(x, y) ^ turned[y * code.side() + x];
            *pixel = Luma([if dark { 0 } else { 255 }]);
        }
    }
    for reading in decode_image_within(&picture, &mut WorkBudget::live()) {
        assert_eq!(reading.text().as_deref(), Some(*text));
    }
}

fn read_anything(width: u8, pixels: &[u8]) {
    let width = u32::from(width).max(1);
    let height = pixels.len() as u32 / width;
    let pixels = pixels[..(width * height) as usize].to_vec();
    if let Some(picture) = GrayImage::from_raw(width, height, pixels) {
        let _ = decode_image_within(&picture, &mut WorkBudget::live());
    }
}
