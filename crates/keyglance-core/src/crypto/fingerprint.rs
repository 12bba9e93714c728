//! Fingerprints, safety numbers and fingerprint codes, as libsignal makes
//! them (rust/protocol/src/fingerprint.rs), with hash version 0, SHA-512 and
//! 5200 iterations.

use std::fmt;

use sha2::{Digest as _, Sha512};
use subtle::ConstantTimeEq as _;

use super::keys::PublicKey;
use super::labels;
use crate::encoding::{Kind, TextError};
use crate::intake;

/// Stands before an X25519 key wherever libsignal hashes one.
const KEY_TYPE: [u8; 1] = [5];
const HASH_VERSION: [u8; 2] = [0, 0];
const ITERATIONS: usize = 5200;

/// The slow hash of one device's identity, public: of its 64 bytes the first
/// 32, which hold all that is ever shown.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of a Keyglance identity. Takes about a millisecond.
    #[must_use]
    pub fn of(key: &PublicKey) -> Self {
        Self::with_identifier(key, labels::FINGERPRINT_IDENTIFIER)
    }

    /// The same for any stable identifier, such as a messenger's phone number:
    /// `h0 = SHA512(version || key || identifier || key)`, then 5199 times
    /// `h = SHA512(h || key)`.
    #[must_use]
    pub fn with_identifier(key: &PublicKey, identifier: &[u8]) -> Self {
        let mut hash: [u8; 64] = Sha512::new()
            .chain_update(HASH_VERSION)
            .chain_update(KEY_TYPE)
            .chain_update(key.as_bytes())
            .chain_update(identifier)
            .chain_update(KEY_TYPE)
            .chain_update(key.as_bytes())
            .finalize()
            .into();
        for _ in 1..ITERATIONS {
            hash = Sha512::new()
                .chain_update(hash)
                .chain_update(KEY_TYPE)
                .chain_update(key.as_bytes())
                .finalize()
                .into();
        }
        let mut short = [0; 32];
        for (to, from) in short.iter_mut().zip(hash) {
            *to = from;
        }
        Self(short)
    }

    /// The fingerprint with these bytes, which [`Fingerprint::as_bytes`] gave.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 30 digits of this side: six 5-byte big-endian chunks modulo 100000.
    #[must_use]
    pub fn digits(&self) -> String {
        self.0
            .chunks_exact(5)
            .take(6)
            .map(|chunk| {
                let number = chunk.iter().fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
                format!("{:05}", number % 100_000)
            })
            .collect()
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({})", self.digits())
    }
}

/// Sixty digits that two people compare to know that they hold each other's
/// real identities. The same on both devices. Compared in constant time.
///
/// ```
/// use keyglance_core::crypto::{Fingerprint, PublicKey, SafetyNumber};
///
/// let [ana, bo] = [[1; 32], [2; 32]].map(|key| Fingerprint::of(&PublicKey::from_bytes(key)));
/// let number = SafetyNumber::new(&ana, &bo);
/// // Bo's device shows the same, and Ana types what she reads there.
/// assert_eq!(number, SafetyNumber::new(&bo, &ana));
/// assert_eq!(SafetyNumber::parse(&number.to_string()), Some(number));
/// ```
#[derive(Clone, Eq)]
pub struct SafetyNumber(String);

impl PartialEq for SafetyNumber {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl SafetyNumber {
    /// The safety number of two devices, in either order.
    #[must_use]
    pub fn new(one: &Fingerprint, other: &Fingerprint) -> Self {
        let (one, other) = (one.digits(), other.digits());
        Self(if one <= other { one + &other } else { other + &one })
    }

    /// Reads 60 digits, however they are grouped ([`intake::digits`]). `None` for
    /// anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        intake::digits(text).filter(|digits| digits.len() == 60).map(Self)
    }

    /// The 60 digits without spaces.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SafetyNumber {
    /// Twelve groups of five digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, digit) in self.0.chars().enumerate() {
            if i > 0 && i % 5 == 0 {
                f.write_str(" ")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for SafetyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SafetyNumber({self})")
    }
}

/// Why a text or bytes are no fingerprint code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FingerprintCodeError {
    /// Any other text.
    #[error("this is not a verification code")]
    NotOurs,
    /// It begins like one, and is not one.
    #[error("the verification code is damaged")]
    Damaged,
    /// Codes of different versions cannot be compared (libsignal's
    /// FingerprintVersionMismatch).
    #[error("the verification codes are of different versions")]
    Version,
}

/// What comparing a scanned code with ours says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Each device holds the other's real identity.
    Match,
    /// It does not.
    Mismatch,
    /// The scanned code is the one that we show.
    OwnCode,
}

/// What one device shows so that another can verify it: both fingerprints,
/// from its own point of view (libsignal's CombinedFingerprints).
///
/// ```
/// use keyglance_core::crypto::{Comparison, Fingerprint, FingerprintCode, PublicKey};
///
/// let [ana, bo] = [[1; 32], [2; 32]].map(|key| Fingerprint::of(&PublicKey::from_bytes(key)));
/// let shown_by_bo = FingerprintCode::new(&bo, &ana).to_text();
/// let scanned = FingerprintCode::from_text(&shown_by_bo)?;
/// assert_eq!(FingerprintCode::new(&ana, &bo).compare(&scanned)?, Comparison::Match);
/// # Ok::<(), keyglance_core::crypto::FingerprintCodeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FingerprintCode {
    version: u8,
    local: Fingerprint,
    remote: Fingerprint,
}

impl FingerprintCode {
    /// The version we make.
    pub const VERSION: u8 = 2;

    /// The code that the device `local` shows to the device `remote`.
    #[must_use]
    pub fn new(local: &Fingerprint, remote: &Fingerprint) -> Self {
        Self { version: Self::VERSION, local: *local, remote: *remote }
    }

    /// The device that shows it.
    #[must_use]
    pub const fn shown_by(&self) -> &Fingerprint {
        &self.local
    }

    /// The device that it is meant for.
    #[must_use]
    pub const fn meant_for(&self) -> &Fingerprint {
        &self.remote
    }

    /// Compares ours with theirs, in constant time.
    ///
    /// # Errors
    /// [`FingerprintCodeError::Version`].
    pub fn compare(&self, scanned: &Self) -> Result<Comparison, FingerprintCodeError> {
        if self.version != scanned.version {
            return Err(FingerprintCodeError::Version);
        }
        let equal = |one: &Fingerprint, other: &Fingerprint| one.0.ct_eq(&other.0);
        let crossed = equal(&self.local, &scanned.remote) & equal(&self.remote, &scanned.local);
        let same = equal(&self.local, &scanned.local) & equal(&self.remote, &scanned.remote);
        Ok(if crossed.into() {
            Comparison::Match
        } else if same.into() {
            Comparison::OwnCode
        } else {
            Comparison::Mismatch
        })
    }

    /// What a QR symbol holds: `KF1:` and base45 of [`FingerprintCode::to_bytes`].
    #[must_use]
    pub fn to_code(&self) -> String {
        Kind::Fingerprint.to_code(&self.to_bytes())
    }

    /// The same as text: `kf1:` and base64url.
    #[must_use]
    pub fn to_text(&self) -> String {
        Kind::Fingerprint.to_text(&self.to_bytes())
    }

    /// Reads [`FingerprintCode::to_code`] or [`FingerprintCode::to_text`]; of our version
    /// only, so that another's is told as that wherever a text is taken.
    ///
    /// # Errors
    /// [`FingerprintCodeError`].
    pub fn from_text(text: &str) -> Result<Self, FingerprintCodeError> {
        let bytes = Kind::Fingerprint.read(text).map_err(|error| match error {
            TextError::NotOurs | TextError::OtherKind => FingerprintCodeError::NotOurs,
            TextError::Newer | TextError::Older => FingerprintCodeError::Version,
            TextError::Damaged => FingerprintCodeError::Damaged,
        })?;
        let code = Self::from_bytes(&bytes)?;
        if code.version == Self::VERSION { Ok(code) } else { Err(FingerprintCodeError::Version) }
    }

    /// The protobuf, 74 bytes: `08 version 12 22 0a 20 local 1a 22 0a 20 remote`.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0x08, self.version];
        bytes.extend(LOCAL);
        bytes.extend(self.local.0);
        bytes.extend(REMOTE);
        bytes.extend(self.remote.0);
        bytes
    }

    /// Reads [`FingerprintCode::to_bytes`]; any version below 128.
    ///
    /// # Errors
    /// [`FingerprintCodeError::Damaged`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FingerprintCodeError> {
        let read = || {
            let ([0x08, version], rest) = bytes.split_first_chunk()? else { return None };
            let (local, rest) = rest.strip_prefix(&LOCAL)?.split_first_chunk()?;
            let (remote, rest) = rest.strip_prefix(&REMOTE)?.split_first_chunk()?;
            (rest.is_empty() && *version < 0x80).then_some(Self {
                version: *version,
                local: Fingerprint(*local),
                remote: Fingerprint(*remote),
            })
        };
        read().ok_or(FingerprintCodeError::Damaged)
    }
}

/// Field 2 of 34 bytes, holding field 1 of 32.
const LOCAL: [u8; 4] = [0x12, 0x22, 0x0a, 0x20];
/// Field 3 of 34 bytes, holding field 1 of 32.
const REMOTE: [u8; 4] = [0x1a, 0x22, 0x0a, 0x20];

impl fmt::Debug for FingerprintCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FingerprintCode({})", self.to_text())
    }
}
