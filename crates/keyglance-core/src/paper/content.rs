//! What is kept on paper: the secret that the shares are of, and what it is.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::split::{MAX_SECRET, MIN_SECRET};
use crate::crypto::IdentityKey;
use crate::words;

/// What a secret is, which its words alone do not say: the page does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The key of a device itself.
    Device,
    /// A passphrase of 43 letters: 32 bytes in base64url.
    Passphrase,
    /// Words of BIP 39, twelve or more.
    Words,
    /// An identity of age, X25519.
    Age,
    /// Bytes as they are.
    Bytes,
    /// The key to what stands on each page as a code of its own.
    File,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Device, Self::Passphrase, Self::Words, Self::Age, Self::Bytes, Self::File];

    /// As pages and the command line name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Passphrase => "passphrase",
            Self::Words => "words",
            Self::Age => "age",
            Self::Bytes => "bytes",
            Self::File => "file",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether the words alone restore it.
    #[must_use]
    pub const fn by_words(self) -> bool {
        !matches!(self, Self::File)
    }

    /// The file that a secret of this kind is; for [`Kind::Device`] and [`Kind::File`] the
    /// secret itself, with which there is more to do. `None` where no secret of this kind
    /// has so many bytes.
    #[must_use]
    pub fn file(self, secret: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let whole = <&[u8; 32]>::try_from(secret);
        Some(match self {
            Self::Bytes => Zeroizing::new(secret.to_vec()),
            Self::Device | Self::File => Zeroizing::new(whole.ok()?.to_vec()),
            Self::Passphrase => Zeroizing::new(URL_SAFE_NO_PAD.encode(whole.ok()?).into_bytes()),
            Self::Words => {
                let text = match secret.len() {
                    16 => words::phrase::<16>(secret.try_into().ok()?),
                    32 => words::phrase::<32>(whole.ok()?),
                    _ => return None,
                };
                Zeroizing::new(text.as_bytes().to_vec())
            }
            Self::Age => age_file(whole.ok()?)?,
        })
    }
}

/// What is to be kept: a secret, and what it is.
pub struct Content {
    /// What it is.
    pub kind: Kind,
    /// What the shares are of.
    pub secret: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content {{ kind: {:?}, … }}", self.kind)
    }
}

impl Content {
    /// This device's own key.
    #[must_use]
    pub fn device(key: &IdentityKey) -> Self {
        Self { kind: Kind::Device, secret: Zeroizing::new(key.secret_bytes().to_vec()) }
    }

    /// A file: the secret that it is made of, where words can bring that back; else a key of
    /// its own from `rng`, under which [`SealedText`](super::SealedText) seals it.
    pub fn file(bytes: &[u8], rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        let found =
            [Kind::Passphrase, Kind::Words, Kind::Age, Kind::Bytes].into_iter().find_map(|kind| {
                let secret = secret_in(kind, bytes)?;
                // It comes back as it was, but for comments.
                let same = kind == Kind::Age || *kind.file(&secret)? == bytes;
                same.then_some(Self { kind, secret })
            });
        found.unwrap_or_else(|| {
            let mut secret = Zeroizing::new(vec![0; 32]);
            rng.fill_bytes(&mut secret);
            Self { kind: Kind::File, secret }
        })
    }
}

/// The secret of this kind that a file is made of.
fn secret_in(kind: Kind, bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let secret = match kind {
        Kind::Bytes => Zeroizing::new(bytes.to_vec()),
        Kind::Passphrase => Zeroizing::new(URL_SAFE_NO_PAD.decode(bytes).ok()?),
        Kind::Words => words::secret(std::str::from_utf8(bytes).ok()?)?,
        Kind::Age => age_secret(std::str::from_utf8(bytes).ok()?)?,
        Kind::Device | Kind::File => return None,
    };
    let of = match kind {
        Kind::Bytes => MIN_SECRET..=MAX_SECRET,
        Kind::Words => 16..=32,
        _ => 32..=32,
    };
    (of.contains(&secret.len()) && secret.len().is_multiple_of(2)).then_some(secret)
}

/// The 32 bytes of a file with one X25519 identity and comments.
fn age_secret(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let (line, None) = (lines.next()?, lines.next()) else { return None };
    let line = Zeroizing::new(line.to_lowercase());
    let read = CheckedHrpstring::new::<Bech32>(&line).ok()?;
    let ours = read.hrp().as_str() == "age-secret-key-";
    ours.then(|| Zeroizing::new(read.byte_iter().collect()))
}

/// The same with its public key, as age-keygen writes it, without a date.
fn age_file(secret: &[u8; 32]) -> Option<Zeroizing<Vec<u8>>> {
    let encode = |prefix, bytes: &[u8]| {
        bech32::encode_lower::<Bech32>(Hrp::parse_unchecked(prefix), bytes).ok()
    };
    let mut line = Zeroizing::new(encode("age-secret-key-", secret)?);
    line.make_ascii_uppercase();
    let key = IdentityKey::from_secret_bytes(&Zeroizing::new(*secret));
    let public = encode("age", key.public().as_bytes())?;
    let text = ["# public key: ", &public, "\n", &line, "\n"].concat();
    Some(Zeroizing::new(text.into_bytes()))
}
