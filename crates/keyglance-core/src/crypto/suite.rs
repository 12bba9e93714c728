//! The cryptographic suites.

use super::labels;

/// A Noise protocol that two devices can speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Suite {
    /// `Noise_XX_25519_ChaChaPoly_SHA256`.
    Xx,
    /// `Noise_XXhfs_25519+MLKEM768_ChaChaPoly_SHA256`: ML-KEM-768 (FIPS 203) beside
    /// X25519, so that whoever breaks one of the two has nothing yet.
    XxHfs,
}

impl Suite {
    /// All of them, the most preferred last.
    pub const ALL: [Self; 2] = [Self::Xx, Self::XxHfs];

    /// Its bit in frames.
    #[must_use]
    pub const fn bit(self) -> u8 {
        match self {
            Self::Xx => 1,
            Self::XxHfs => 2,
        }
    }

    /// The suite with this bit. `None` for those of later versions, and for sets.
    #[must_use]
    pub fn from_bit(bit: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|suite| suite.bit() == bit)
    }

    /// The protocol's name (Noise rev 34, section 8), as key files have it.
    #[must_use]
    pub const fn noise_name(self) -> &'static str {
        match self {
            Self::Xx => labels::NOISE_XX,
            Self::XxHfs => labels::NOISE_XXHFS,
        }
    }

    /// Reads [`Suite::noise_name`].
    #[must_use]
    pub fn from_noise_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|suite| suite.noise_name() == name)
    }

    /// Whether a recording of the pairing stays closed to a quantum computer.
    #[must_use]
    pub const fn is_post_quantum(self) -> bool {
        matches!(self, Self::XxHfs)
    }
}
