//! Pairing two devices by codes that they show each other, and the key that
//! they then share.

#[cfg(feature = "keyfile")]
pub mod contacts;
pub mod crypto;
#[cfg(feature = "exports")]
pub mod exports;
#[cfg(feature = "keyfile")]
pub mod keyfile;
pub mod pairing;
#[cfg(feature = "test-util")]
pub mod test_util;
#[cfg(feature = "keyfile")]
pub mod trust;
