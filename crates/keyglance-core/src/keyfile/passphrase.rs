//! Passphrase files: the age format (age-encryption.org/v1), ASCII-armored,
//! which `age -d` and every other age program opens.

use std::fmt;
use std::io::{Read as _, Write as _};

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::secrecy::{ExposeSecret as _, SecretString};
use age::{DecryptError, Decryptor, Encryptor, scrypt};
use zeroize::Zeroizing;

use super::age_header::{CheckedFile, HeaderError};
use crate::intake;

const ARMOR: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";
const BINARY: &[u8] = b"age-encryption.org/";

/// Why a passphrase file cannot be made or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PassphraseError {
    /// No passphrase at all.
    #[error("the passphrase is empty")]
    Empty,
    /// Another passphrase.
    #[error("the passphrase is wrong")]
    Wrong,
    /// No age file.
    #[error("this is not an age file")]
    NotAgeFile,
    /// Encrypted to keys instead.
    #[error("the age file is not protected by a passphrase")]
    NotByPassphrase,
    /// Opening it would take much longer than this program waits.
    #[error("the age file asks for too much work (scrypt work factor {0})")]
    TooCostly(u8),
    /// Its header is larger than any program makes one.
    #[error("the header of the age file is larger than 64 KiB")]
    HeaderTooLarge,
    /// Cut off, or changed.
    #[error("the age file is damaged")]
    Damaged,
}

/// A passphrase. Wiped on drop; never shown.
pub struct Passphrase(SecretString);

impl Passphrase {
    /// The passphrase `text`, every character of it.
    ///
    /// # Errors
    /// [`PassphraseError::Empty`].
    pub fn new(text: Zeroizing<String>) -> Result<Self, PassphraseError> {
        if text.is_empty() {
            return Err(PassphraseError::Empty);
        }
        Ok(Self(SecretString::from(text.as_str())))
    }

    /// Whether both are the same.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        use subtle::ConstantTimeEq as _;
        self.0.expose_secret().as_bytes().ct_eq(other.0.expose_secret().as_bytes()).into()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase { … }")
    }
}

/// How much work a guess costs: the base-2 logarithm of scrypt's `N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorkFactor {
    /// About a second on this machine.
    OneSecond,
    /// This one, from 1 to 30. Below 15 or so a guess is too cheap to protect
    /// anything; a slow phone may want a little less than a computer's second.
    Log2(u8),
}

/// Whether the bytes begin like an age file, armored or not.
#[must_use]
pub fn is_age_file(bytes: &[u8]) -> bool {
    intake::document(bytes).starts_with(ARMOR) || bytes.starts_with(BINARY)
}

/// Encrypts `plaintext` with a passphrase, as an ASCII-armored age file. Takes
/// about a second with [`WorkFactor::OneSecond`].
///
/// ```
/// use keyglance_core::keyfile::{
///     Passphrase, WorkFactor, decrypt_with_passphrase, encrypt_with_passphrase, is_age_file,
/// };
/// use keyglance_core::zeroize::Zeroizing;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let passphrase = Passphrase::new(Zeroizing::new("correct horse battery staple".to_owned()))?;
/// let file = encrypt_with_passphrase(b"a key file", &passphrase, WorkFactor::OneSecond)?;
/// assert!(is_age_file(&file));
/// assert_eq!(decrypt_with_passphrase(&file, &passphrase)?[..], *b"a key file");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// None that a plaintext can cause; [`PassphraseError::Damaged`] should the
/// age library refuse.
pub fn encrypt_with_passphrase(
    plaintext: &[u8],
    passphrase: &Passphrase,
    work: WorkFactor,
) -> Result<Vec<u8>, PassphraseError> {
    let mut recipient = scrypt::Recipient::new(passphrase.0.clone());
    if let WorkFactor::Log2(log_n) = work {
        // The age library panics beyond what any machine can do.
        recipient.set_work_factor(log_n.clamp(1, 30));
    }
    let recipients = std::iter::once(&recipient as &dyn age::Recipient);
    let encryptor = Encryptor::with_recipients(recipients).map_err(|_| PassphraseError::Damaged)?;
    let write = || {
        let armored = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
        let mut writer = encryptor.wrap_output(armored)?;
        writer.write_all(plaintext)?;
        writer.finish()?.finish()
    };
    write().map_err(|_: std::io::Error| PassphraseError::Damaged)
}

/// Decrypts what [`encrypt_with_passphrase`], or another age program with a passphrase, made;
/// armored or binary. At most [`super::MAX_BYTES`] of plaintext.
///
/// # Errors
/// [`PassphraseError`].
pub fn decrypt_with_passphrase(
    bytes: &[u8],
    passphrase: &Passphrase,
) -> Result<Zeroizing<Vec<u8>>, PassphraseError> {
    decrypt_within(bytes, passphrase, super::MAX_BYTES)
}

/// The same with at most `limit` bytes of plaintext; one more is given where there are
/// more.
///
/// # Errors
/// [`PassphraseError`].
pub fn decrypt_within(
    bytes: &[u8],
    passphrase: &Passphrase,
    limit: usize,
) -> Result<Zeroizing<Vec<u8>>, PassphraseError> {
    if !is_age_file(bytes) {
        return Err(PassphraseError::NotAgeFile);
    }
    // With the limits of sealed files, and in one pass: the age library alone takes
    // minutes for a header of a megabyte.
    let file = CheckedFile::read(ArmoredReader::new(intake::document(bytes)))?;
    let decryptor = Decryptor::new_buffered(file).map_err(explain)?;
    if !decryptor.is_scrypt() {
        return Err(PassphraseError::NotByPassphrase);
    }
    let identity = scrypt::Identity::new(passphrase.0.clone());
    let reader =
        decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).map_err(explain)?;
    // Room for all of it at once: a buffer that grows leaves copies behind.
    let mut plaintext = Zeroizing::new(Vec::with_capacity(bytes.len()));
    reader
        .take(limit as u64 + 1)
        .read_to_end(&mut plaintext)
        .map_err(|_| PassphraseError::Damaged)?;
    Ok(plaintext)
}

impl From<HeaderError> for PassphraseError {
    fn from(error: HeaderError) -> Self {
        match error {
            HeaderError::NotAgeFile => Self::NotAgeFile,
            HeaderError::TooLarge => Self::HeaderTooLarge,
            // A passphrase has a file for itself.
            HeaderError::TooManyStanzas => Self::NotByPassphrase,
            HeaderError::UnknownVersion | HeaderError::Damaged | HeaderError::Io(_) => {
                Self::Damaged
            }
        }
    }
}

fn explain(error: DecryptError) -> PassphraseError {
    match error {
        DecryptError::ExcessiveWork { required, .. } => PassphraseError::TooCostly(required),
        // A passphrase file has one recipient: it fits or it does not.
        DecryptError::DecryptionFailed
        | DecryptError::KeyDecryptionFailed
        | DecryptError::NoMatchingKeys => PassphraseError::Wrong,
        _ => PassphraseError::Damaged,
    }
}
