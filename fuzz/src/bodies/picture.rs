//! Picture files, and what is looked for in them.

use keyglance_qr::{MAX_PIXELS, Picture, WorkBudget, decode_picture};

/// The largest picture that is also searched: more takes the fuzzer too long.
const SEARCHED: u64 = 128 * 128;

/// A picture is read within the limits, or not at all.
pub fn run(data: &[u8]) {
    let Ok(picture) = Picture::load(data.to_vec()) else { return };
    let (width, height) = picture.grey().dimensions();
    let pixels = u64::from(width) * u64::from(height);
    assert!((1..=MAX_PIXELS).contains(&pixels));
    if pixels <= SEARCHED {
        let mut budget = WorkBudget::live();
        let _ = decode_picture(&picture, &mut budget);
        assert!(budget.spent() <= WorkBudget::live().limit());
    }
}
