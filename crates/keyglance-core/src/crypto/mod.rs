//! Keys and what is computed from them: the Noise handshake, the exporter,
//! fingerprints and safety numbers.
//!
//! Pure: no clock, no file, no thread, and every random byte comes from an RNG
//! that the caller passes in. Secrets are types that wipe themselves.

pub mod exporter;
pub mod fingerprint;
pub mod keys;
pub mod labels;
pub mod noise;

pub use exporter::{DeriveError, Exporter, KeyId, Purpose, PurposeError};
pub use fingerprint::{
    Comparison, Fingerprint, FingerprintCode, FingerprintCodeError, SafetyNumber,
};
pub use keys::{EphemeralKey, IdentityKey, NotContributory, PublicKey, PublicKeyError};

#[cfg(test)]
mod tests;
