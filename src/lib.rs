//! Two devices face each other, show and read codes, and hold the same key.
#[cfg(feature = "cli")]
pub mod cli;
pub mod contacts;
pub mod crypto;
pub mod keyfile;
pub mod optics;
pub mod pairing;
pub mod qr;
pub mod store;
