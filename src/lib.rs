//! Two devices face each other, show and read codes, and hold the same key.
pub mod crypto;
pub mod optics;
pub mod pairing;
pub mod qr;
