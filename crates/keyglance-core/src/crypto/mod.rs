//! Keys and what is computed from them: the Noise handshake, the exporter,
//! fingerprints and safety numbers.
//!
//! Pure: no clock, no file, no thread, and every random byte comes from an RNG
//! that the caller passes in. Secrets are types that wipe themselves.

mod backup;
mod contact_picture;
mod exporter;
mod fingerprint;
#[cfg_attr(not(feature = "test-util"), allow(dead_code, unreachable_pub))]
pub(crate) mod kem;
#[cfg_attr(not(feature = "test-util"), allow(unreachable_pub))]
mod keys;
pub mod labels;
// What the pairing needs of the handshake, and what tests build peers from
// and compare with other implementations.
#[cfg_attr(not(feature = "test-util"), allow(dead_code, unreachable_pub))]
pub(crate) mod noise;
mod suite;

pub use contact_picture::{ContactPicture, TEETH};
pub use exporter::{DeriveError, Exporter, IdError, KeyId, MAX_DERIVED, Purpose, PurposeError};
pub use fingerprint::{
    Comparison, Fingerprint, FingerprintCode, FingerprintCodeError, SafetyNumber,
};
pub(crate) use keys::EphemeralKey;
pub use keys::{IdentityKey, PublicKey, PublicKeyError};
pub use suite::Suite;

/// The handshake's parts, for tests that build hostile peers or compare it
/// with other implementations. A program pairs with
/// [`Session`](crate::pairing::Session), which uses them correctly. No part of
/// the stable API.
#[cfg(feature = "test-util")]
pub mod hazmat {
    pub use super::keys::{EphemeralKey, NotContributory};
    pub mod kem {
        //! ML-KEM-768.
        pub use crate::crypto::kem::*;
    }
    pub mod noise {
        //! The handshake of both suites, step by step.
        pub use crate::crypto::noise::*;
    }
}

#[cfg(test)]
mod tests;
