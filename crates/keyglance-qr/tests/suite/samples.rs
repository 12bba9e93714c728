//! What the tests draw and read.

use image::GrayImage;
use keyglance_qr::{self as qr, Code, Reading};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// Bytes that each version holds at error correction M (ISO/IEC 18004, table 7).
pub const CAPACITY: [usize; 40] = [
    14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666,
    711, 779, 857, 911, 997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911,
    1989, 2099, 2213, 2331,
];

pub fn random_bytes(seed: u64, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    ChaCha20Rng::seed_from_u64(seed).fill_bytes(&mut bytes);
    bytes
}

pub fn luma(code: &Code, pixels: u32) -> GrayImage {
    qr::render_grayscale(code, pixels).unwrap()
}

/// The one code of a picture.
pub fn only(readings: Vec<Reading>) -> Reading {
    let [reading] = readings.try_into().unwrap_or_else(|all| panic!("not one: {all:?}"));
    reading
}

/// Texts of the lengths that the protocol has, from 47 to 195 characters.
pub fn texts() -> Vec<String> {
    let text = |length: usize| "KG1:".to_owned() + &"Qd7_xV3-".repeat(length)[..length - 4];
    [47, 58, 112, 152, 195].map(text).to_vec()
}
