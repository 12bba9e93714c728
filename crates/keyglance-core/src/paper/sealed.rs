//! A file that is too long, or too odd, for words: sealed under a secret that is shared, as
//! a code that stands on each page.

use std::fmt;

use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, Nonce};
use zeroize::Zeroizing;

use super::share::SetId;
use crate::crypto::labels;
use crate::intake;

/// The most bytes of a file that one code holds so, with its name.
pub const MAX_SEALED: usize = 1800;

/// Begins the text of the code.
const PREFIX: &str = "KGPAPER1:";
/// Bytes of the set before what is sealed, and of the tag behind it.
const HEAD: usize = 4;
const TAG: usize = 16;

/// A sealed file, of one set. It is no secret to who lacks the shares.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedText {
    set: u32,
    sealed: Vec<u8>,
}

impl fmt::Debug for SealedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedText { … }")
    }
}

impl SealedText {
    /// Seals a file under the secret of a set, which must be of this file alone. `None` if it
    /// has more than [`MAX_SEALED`] bytes.
    #[must_use]
    pub fn seal(file: &[u8], secret: &[u8], set: SetId) -> Option<Self> {
        if file.len() > MAX_SEALED {
            return None;
        }
        let cipher = ChaCha20Poly1305::new_from_slice(secret).ok()?;
        // Room for the tag at once, so that no copy is left behind.
        let mut sealed = Vec::with_capacity(file.len() + TAG);
        sealed.extend_from_slice(file);
        let mut sealed = Zeroizing::new(sealed);
        cipher.encrypt_in_place(&Nonce::default(), labels::PAPER, &mut *sealed).ok()?;
        Some(Self { set: set.bits(), sealed: std::mem::take(&mut *sealed) })
    }

    /// The file. `None` if this is not the secret that it was sealed under.
    #[must_use]
    pub fn open(&self, secret: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let cipher = ChaCha20Poly1305::new_from_slice(secret).ok()?;
        let mut file = Zeroizing::new(self.sealed.clone());
        cipher.decrypt_in_place(&Nonce::default(), labels::PAPER, &mut *file).ok()?;
        Some(file)
    }

    /// Whether it is of this set.
    #[must_use]
    pub fn is_of(&self, set: SetId) -> bool {
        self.set == set.bits()
    }

    /// What its code says.
    #[must_use]
    pub fn text(&self) -> String {
        let bytes = [&self.set.to_be_bytes()[..], &self.sealed].concat();
        format!("{PREFIX}{}", base45::encode(&bytes))
    }

    /// The sealed file that a code says; `None` for any other code.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let text = intake::code(text);
        let bytes = base45::decode(text.strip_prefix(PREFIX)?).ok()?;
        let (set, sealed) = bytes.split_first_chunk::<HEAD>()?;
        let fits = (TAG..=MAX_SEALED + TAG).contains(&sealed.len());
        fits.then(|| Self { set: u32::from_be_bytes(*set), sealed: sealed.to_vec() })
    }
}
