//! Picture files, and what is looked for in them.

use keyglance_qr::{MAX_PIXELS, WorkBudget, decode_image_within, load_grayscale};

/// The largest picture that is also searched: more takes the fuzzer too long.
const SEARCHED: u64 = 128 * 128;

/// A picture is read within the limits, or not at all.
pub fn run(data: &[u8]) {
    let Ok(picture) = load_grayscale(data) else { return };
    let pixels = u64::from(picture.width()) * u64::from(picture.height());
    assert!(pixels <= MAX_PIXELS);
    if pixels <= SEARCHED {
        let _ = decode_image_within(&picture, &mut WorkBudget::live());
    }
}
