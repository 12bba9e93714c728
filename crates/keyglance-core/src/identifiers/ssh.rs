//! Ed25519 keys of OpenSSH (RFC 8709), and the check that those of minisign share.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use curve25519_dalek::edwards::CompressedEdwardsY;
use sha2::{Digest as _, Sha256};

use super::{IdentifierError, IdentifierKind};
use crate::intake;

/// What names the type, on the line and inside.
const TYPE: &str = "ssh-ed25519";

/// An Ed25519 public key of OpenSSH. Its text is its fingerprint, as `ssh-keygen -l`
/// prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SshKey([u8; 32]);

impl SshKey {
    pub(super) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().filter(is_safe_ed25519).map(Self)
    }

    /// Reads the line of a `.pub` file: type, base64, and a comment that is not kept.
    ///
    /// # Errors
    /// [`IdentifierError`].
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let not_this = IdentifierError::NotThis(IdentifierKind::SshUser);
        let mut words = intake::without_bom(text).split_whitespace();
        let (Some(name), Some(encoded)) = (words.next(), words.next()) else {
            return Err(not_this);
        };
        let blob = STANDARD.decode(encoded).map_err(|_| not_this.clone())?;
        // The type outside is only a copy of the one inside.
        let inner = string(&blob).map(|(inner, _)| inner);
        if inner != Some(name.as_bytes()) {
            return Err(not_this);
        }
        if name != TYPE {
            return Err(IdentifierError::OtherType(name.to_owned()));
        }
        let key =
            string(&blob).and_then(|(_, rest)| string(rest)).filter(|(_, rest)| rest.is_empty());
        let key = key.and_then(|(key, _)| <[u8; 32]>::try_from(key).ok()).ok_or(not_this)?;
        Self::from_slice(&key).ok_or(IdentifierError::Unsafe(IdentifierKind::SshUser))
    }

    /// The key's 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Type and base64, as lines of `known_hosts` and `authorized_keys` have them.
    #[must_use]
    pub fn to_line(&self) -> String {
        format!("{TYPE} {}", STANDARD.encode(self.blob()))
    }

    fn blob(&self) -> Vec<u8> {
        let field = |bytes: &[u8]| {
            // Both fields are far shorter than 256 bytes.
            let length = u8::try_from(bytes.len()).unwrap_or(u8::MAX);
            [&[0, 0, 0, length], bytes].concat()
        };
        [field(TYPE.as_bytes()), field(&self.0)].concat()
    }
}

impl fmt::Display for SshKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SHA256:{}", STANDARD_NO_PAD.encode(Sha256::digest(self.blob())))
    }
}

/// A `string` of RFC 4251: its length and its bytes; and what follows.
fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

/// Whether the bytes are a point, and none of the eight for which anybody can make a
/// signature that some programs take.
pub(super) fn is_safe_ed25519(bytes: &[u8; 32]) -> bool {
    CompressedEdwardsY(*bytes).decompress().is_some_and(|point| !point.is_small_order())
}
