//! X25519 keys (RFC 7748).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use bech32::{Bech32, Hrp};
use rand_core::CryptoRng;
use x25519_dalek::{ReusableSecret, SharedSecret, StaticSecret};
use zeroize::Zeroizing;

use crate::intake;

/// A Diffie-Hellman result that does not depend on our key: the other public
/// key is one of the low-order points, which nobody honest sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the other public key is of low order")]
pub struct NotContributory;

/// An X25519 public key: 32 bytes, the little-endian u-coordinate (RFC 7748,
/// section 5). Any 32 bytes are accepted; using them may still be refused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    const HRP: Hrp = Hrp::parse_unchecked("keyglance");

    /// The key with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads base64url without padding (RFC 4648, section 5), 43 characters,
    /// canonical only. `None` for anything else.
    #[must_use]
    pub fn from_base64url(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// Reads a public key as one program or another prints it: `keyglance1…`;
    /// hexadecimal, also in groups with colons, hyphens or spaces between them; base64 of
    /// either alphabet, padded or not, percent-encoded or not. 32 bytes, or 33 with
    /// libsignal's type byte 5 before them.
    ///
    /// # Errors
    /// [`PublicKeyError`].
    pub fn from_any_text(text: &str) -> Result<Self, PublicKeyError> {
        match text.parse() {
            Err(PublicKeyError::NotOurs) => {
                let bytes = foreign_bytes(text).ok_or(PublicKeyError::NotOurs)?;
                let key = match bytes.as_slice() {
                    [5, key @ ..] if bytes.len() == 33 => key,
                    key => key,
                };
                Ok(Self(key.try_into().map_err(|_| PublicKeyError::NotOurs)?))
            }
            read => read,
        }
    }

    /// Base64url without padding, 43 characters.
    #[must_use]
    pub fn to_base64url(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl fmt::Display for PublicKey {
    /// For people to pass on: `keyglance1…`, 68 characters of bech32 (BIP 173)
    /// with a checksum, as age has `age1…`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // bech32 fails only for lengths far above 32 bytes.
        bech32::encode_lower_to_fmt::<Bech32, _>(f, Self::HRP, &self.0).map_err(|_| fmt::Error)
    }
}

/// Why a text is not a Keyglance public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PublicKeyError {
    /// It does not begin with `keyglance1`.
    #[error("this is not a Keyglance public key")]
    NotOurs,
    /// A letter is wrong or missing.
    #[error("the public key is damaged: compare it with what the other device shows")]
    Damaged,
}

impl std::str::FromStr for PublicKey {
    type Err = PublicKeyError;

    /// Reads what [`Display`](fmt::Display) gives, in either case, however lines were
    /// broken on the way ([`intake::key`]).
    fn from_str(text: &str) -> Result<Self, PublicKeyError> {
        let text = &*intake::key(text);
        let start = text.get(.."keyglance1".len());
        if !start.is_some_and(|start| start.eq_ignore_ascii_case("keyglance1")) {
            return Err(PublicKeyError::NotOurs);
        }
        let (hrp, bytes) = bech32::primitives::decode::CheckedHrpstring::new::<Bech32>(text)
            .map(|checked| (checked.hrp(), checked.byte_iter().collect::<Vec<u8>>()))
            .map_err(|_| PublicKeyError::Damaged)?;
        let bytes = bytes.try_into().ok().filter(|_| hrp == Self::HRP);
        Ok(Self(bytes.ok_or(PublicKeyError::Damaged)?))
    }
}

/// The bytes of hexadecimal or base64.
fn foreign_bytes(text: &str) -> Option<Vec<u8>> {
    let text = intake::key(&intake::percent_decoded(text).unwrap_or_else(|| text.to_owned()));
    let hex: String = text.chars().filter(|c| !matches!(c, ':' | '-')).collect();
    if matches!(hex.len(), 64 | 66) && hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        let pairs = hex.as_bytes().as_chunks::<2>().0;
        let byte = |pair: &[u8; 2]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
        return pairs.iter().map(byte).collect();
    }
    let text = text.trim_end_matches('=');
    STANDARD_NO_PAD.decode(text).or_else(|_| URL_SAFE_NO_PAD.decode(text)).ok()
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.to_base64url())
    }
}

/// A device's long-term X25519 secret. Used for the Noise handshake only.
///
/// No `Clone`, no `Display`; wiped on drop.
pub struct IdentityKey {
    secret: StaticSecret,
    public: PublicKey,
}

impl IdentityKey {
    /// A fresh key.
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        Self::new(StaticSecret::random_from_rng(rng))
    }

    /// The key with these 32 secret bytes, as [`IdentityKey::secret_bytes`] gave them.
    #[must_use]
    pub fn from_secret_bytes(bytes: &Zeroizing<[u8; 32]>) -> Self {
        Self::new(StaticSecret::from(**bytes))
    }

    fn new(secret: StaticSecret) -> Self {
        let public = PublicKey(x25519_dalek::PublicKey::from(&secret).to_bytes());
        Self { secret, public }
    }

    /// The secret itself, for the profile's identity file. The only way out.
    #[must_use]
    pub fn secret_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.secret.to_bytes())
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(super) fn agree(&self, theirs: &PublicKey) -> Result<Agreed, NotContributory> {
        Agreed::from(self.secret.diffie_hellman(&theirs.0.into()))
    }
}

impl fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdentityKey {{ public: {:?}, secret: … }}", self.public)
    }
}

/// A fresh X25519 key for one handshake, which consumes it.
///
/// Noise needs it in two Diffie-Hellman operations (`ee`, then `es` or `se`),
/// so that it cannot be consumed by the first; it cannot be read, and is wiped
/// when the handshake no longer needs it.
#[cfg_attr(test, derive(Clone))]
pub struct EphemeralKey {
    secret: ReusableSecret,
    public: PublicKey,
}

impl EphemeralKey {
    /// A fresh key.
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        let secret = ReusableSecret::random_from_rng(rng);
        let public = PublicKey(x25519_dalek::PublicKey::from(&secret).to_bytes());
        Self { secret, public }
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(super) fn agree(&self, theirs: &PublicKey) -> Result<Agreed, NotContributory> {
        Agreed::from(self.secret.diffie_hellman(&theirs.0.into()))
    }
}

impl fmt::Debug for EphemeralKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EphemeralKey {{ public: {:?}, secret: … }}", self.public)
    }
}

/// A Diffie-Hellman result that is known to depend on both keys.
pub(super) struct Agreed(SharedSecret);

impl Agreed {
    fn from(shared: SharedSecret) -> Result<Self, NotContributory> {
        if shared.was_contributory() { Ok(Self(shared)) } else { Err(NotContributory) }
    }

    pub(super) fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}
