//! Two devices face each other, show and read codes, and hold the same key.
#[cfg(feature = "app")]
pub mod app;
#[cfg(feature = "cli")]
pub mod cli;
pub mod contacts;
pub mod crypto;
pub mod keyfile;
pub mod optics;
pub mod pairing;
pub mod qr;
#[cfg(feature = "cli")]
mod sentences;
pub mod sound;
pub mod store;
