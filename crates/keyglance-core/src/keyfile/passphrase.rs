//! Passphrase files: the age format (age-encryption.org/v1), ASCII-armored,
//! which `age -d` and every other age program opens.

use std::fmt;
use std::io::{Read as _, Write as _};

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::secrecy::{ExposeSecret as _, SecretString};
use age::{DecryptError, Decryptor, Encryptor, scrypt};
use unicode_normalization::UnicodeNormalization as _;
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
    /// Longer than any that is read, and never cut.
    #[error("the passphrase is too long (at most {MAX_PASSPHRASE} bytes)")]
    TooLong,
    /// No UTF-8, or with control characters in it.
    #[error("the passphrase is not UTF-8 text")]
    NotText,
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
    /// More than what is read of a passphrase file.
    #[error("this is too large for a passphrase file")]
    TooLarge,
    /// Its header is larger than any program makes one.
    #[error("the header of the age file is larger than 64 KiB")]
    HeaderTooLarge,
    /// Cut off, or changed.
    #[error("the age file is damaged")]
    Damaged,
}

/// Most bytes of a passphrase.
pub const MAX_PASSPHRASE: usize = 64 * 1024;
/// Most bytes of a file whose first line is a passphrase. A file is read whole or
/// refused.
pub const MAX_PASSPHRASE_FILE: usize = 2 * MAX_PASSPHRASE;

/// What some editors put before a text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A passphrase. Wiped on drop; never shown.
///
/// The same one for everybody who types it: without a byte order mark, without the
/// line's end, in Unicode's normal form C. A file of an earlier build, or of another
/// program, may have another form of it; those are tried after it.
pub struct Passphrase {
    text: SecretString,
    others: Vec<SecretString>,
}

impl Passphrase {
    /// The passphrase `text`.
    ///
    /// # Errors
    /// [`PassphraseError::Empty`], [`PassphraseError::TooLong`],
    /// [`PassphraseError::NotText`].
    pub fn new(text: Zeroizing<String>) -> Result<Self, PassphraseError> {
        let typed = text.as_str();
        let bare = typed.strip_prefix(BYTE_ORDER_MARK).unwrap_or(typed);
        let bare = bare.strip_suffix('\n').unwrap_or(bare);
        let bare = bare.strip_suffix('\r').unwrap_or(bare);
        if bare.is_empty() {
            return Err(PassphraseError::Empty);
        }
        if bare.len() > MAX_PASSPHRASE {
            return Err(PassphraseError::TooLong);
        }
        // Zeros are what text in UTF-16 looks like.
        if bare.contains('\0') {
            return Err(PassphraseError::NotText);
        }
        // Room for all of it at once: a text that grows leaves copies behind. No
        // form is more than three times as long (UAX 15).
        let form = |chars: &mut dyn Iterator<Item = char>| {
            let mut form = Zeroizing::new(String::with_capacity(3 * bare.len()));
            form.extend(chars);
            form
        };
        let (nfc, nfd) = (form(&mut bare.nfc()), form(&mut bare.nfd()));
        let mut forms: Vec<SecretString> = Vec::new();
        for form in [nfc.as_str(), bare, nfd.as_str(), typed] {
            if !forms.iter().any(|known| known.expose_secret() == form) {
                forms.push(SecretString::from(form));
            }
        }
        let others = forms.split_off(1);
        let text = forms.pop().ok_or(PassphraseError::Empty)?;
        Ok(Self { text, others })
    }

    /// The passphrase on the first line of a file of at most
    /// [`MAX_PASSPHRASE_FILE`] bytes.
    ///
    /// # Errors
    /// [`PassphraseError::TooLong`] of a longer file, and as [`Passphrase::new`].
    pub fn from_file(bytes: &[u8]) -> Result<Self, PassphraseError> {
        if bytes.len() > MAX_PASSPHRASE_FILE {
            return Err(PassphraseError::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| PassphraseError::NotText)?;
        let line = text.lines().next().unwrap_or_default();
        Self::new(Zeroizing::new(line.to_owned()))
    }

    /// Whether both are the same.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        use subtle::ConstantTimeEq as _;
        self.text.expose_secret().as_bytes().ct_eq(other.text.expose_secret().as_bytes()).into()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase { … }")
    }
}

/// How much work a guess costs: the base-2 logarithm of scrypt's `N`. Half of the
/// work is memory: 1 KiB times `N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorkFactor {
    /// 2^18, which takes 256 MiB and about a second: what age's own programs write.
    /// The same on every machine, however busy it is.
    Standard,
    /// This one, from 1 to 22. Below 15 or so a guess is too cheap to protect
    /// anything.
    Log2(u8),
}

/// What [`WorkFactor::Standard`] writes.
const STANDARD_WORK: u8 = 18;
/// Most work that is done to open a file: 2^22, which takes 4 GiB.
pub const MAX_WORK: u8 = 22;

impl WorkFactor {
    const fn log2(self) -> u8 {
        match self {
            Self::Standard => STANDARD_WORK,
            Self::Log2(log2) if log2 < 1 => 1,
            Self::Log2(log2) if log2 > MAX_WORK => MAX_WORK,
            Self::Log2(log2) => log2,
        }
    }
}

/// The bytes of memory that opening a passphrase file takes, where its header says
/// so; for a word beforehand where that is much.
#[must_use]
pub fn passphrase_memory(bytes: &[u8]) -> Option<u64> {
    let mut header = [0; 256];
    let mut length = 0;
    let mut reader = ArmoredReader::new(bytes.trim_ascii_start());
    while let Some(rest) = header.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) | Err(_) => break,
            Ok(read) => length += read,
        }
    }
    // The version, then `-> scrypt SALT WORK`.
    let line = header.get(..length)?.split(|byte| *byte == b'\n').nth(1)?;
    let line = std::str::from_utf8(line).ok()?.strip_prefix("-> scrypt ")?;
    let log2: u32 = line.split(' ').nth(1)?.parse().ok()?;
    1_u64.checked_shl(log2)?.checked_mul(1024)
}

/// Whether the bytes begin like an age file, armored or not.
#[must_use]
pub fn is_age_file(bytes: &[u8]) -> bool {
    intake::document(bytes).starts_with(ARMOR) || bytes.starts_with(BINARY)
}

/// Encrypts `plaintext` with a passphrase, as an ASCII-armored age file. Takes
/// about a second with [`WorkFactor::Standard`].
///
/// ```
/// use keyglance_core::keyfile::{
///     Passphrase, WorkFactor, decrypt_with_passphrase, encrypt_with_passphrase, is_age_file,
/// };
/// use keyglance_core::zeroize::Zeroizing;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let passphrase = Passphrase::new(Zeroizing::new("correct horse battery staple".to_owned()))?;
/// let file = encrypt_with_passphrase(b"a key file", &passphrase, WorkFactor::Standard)?;
/// assert!(is_age_file(&file));
/// assert_eq!(decrypt_with_passphrase(&file, &passphrase)?[..], *b"a key file");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`PassphraseError::TooLarge`] where it would not be read again, that is above
/// [`super::MAX_BYTES`]; [`PassphraseError::Damaged`] should the age library refuse.
pub fn encrypt_with_passphrase(
    plaintext: &[u8],
    passphrase: &Passphrase,
    work: WorkFactor,
) -> Result<Vec<u8>, PassphraseError> {
    encrypt_within(plaintext, passphrase, work, super::MAX_BYTES)
}

/// The same for at most `limit` bytes of plaintext, which [`decrypt_within`] reads.
///
/// # Errors
/// [`PassphraseError::TooLarge`]; [`PassphraseError::Damaged`] should the age library
/// refuse.
pub fn encrypt_within(
    plaintext: &[u8],
    passphrase: &Passphrase,
    work: WorkFactor,
    limit: usize,
) -> Result<Vec<u8>, PassphraseError> {
    if plaintext.len() > limit {
        return Err(PassphraseError::TooLarge);
    }
    let mut recipient = scrypt::Recipient::new(passphrase.text.clone());
    recipient.set_work_factor(work.log2());
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
    // Most passphrases have one form only.
    let mut opened = decrypt_with_text(bytes, &passphrase.text, limit);
    for other in &passphrase.others {
        if !matches!(opened, Err(PassphraseError::Wrong)) {
            break;
        }
        opened = decrypt_with_text(bytes, other, limit);
    }
    opened
}

fn decrypt_with_text(
    bytes: &[u8],
    text: &SecretString,
    limit: usize,
) -> Result<Zeroizing<Vec<u8>>, PassphraseError> {
    // With the limits of sealed files, and in one pass: the age library alone takes
    // minutes for a header of a megabyte.
    let file = CheckedFile::read(ArmoredReader::new(intake::document(bytes)))?;
    let decryptor = Decryptor::new_buffered(file).map_err(explain)?;
    if !decryptor.is_scrypt() {
        return Err(PassphraseError::NotByPassphrase);
    }
    let mut identity = scrypt::Identity::new(text.clone());
    // A constant: what opens today opens on a busy day too.
    identity.set_max_work_factor(MAX_WORK);
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
