//! Files of any length, sealed with a pair's key: the age format
//! (age-encryption.org/v1) to the recipient of the `age` export, so that every
//! age program opens them with the exported identity.

use std::cell::Cell;
use std::io::{self, Read, Write};

use age::{DecryptError, Decryptor, Encryptor, x25519};
use zeroize::Zeroizing;

use super::KeyFile;
use crate::crypto::{DeriveError, Exporter, Purpose};
use crate::exports::age_identity;
use crate::pairing::NotAcknowledged;

/// Bytes between two reports of progress, and copied at once: sixteen of the
/// format's chunks.
const BLOCK: usize = 1024 * 1024;

/// Why a file cannot be sealed or opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// No age file.
    #[error("this is not an age file")]
    NotAgeFile,
    /// Sealed to a passphrase instead.
    #[error("the file is protected by a passphrase, not by a key")]
    ByPassphrase,
    /// Sealed to other keys.
    #[error("none of these keys opens the file")]
    NoKey,
    /// Cut off, or changed; what was written so far is not to be used.
    #[error("the file is damaged or cut off")]
    Damaged,
    /// The other device has not confirmed that it holds the key.
    #[error(transparent)]
    NotAcknowledged(#[from] NotAcknowledged),
    /// The key could not be derived.
    #[error(transparent)]
    Derive(#[from] DeriveError),
    /// What is read from failed.
    #[error("reading failed: {}", .0.kind())]
    Read(io::Error),
    /// What is written to failed.
    #[error("writing failed: {}", .0.kind())]
    Write(io::Error),
}

/// Encrypts all of `from` into `to` with the shared key and gives the bytes read.
/// `progress` is told how many there were so far, about once a megabyte.
///
/// ```
/// use keyglance_core::crypto::Purpose;
/// use keyglance_core::keyfile::{KeyFile, decrypt_stream, encrypt_stream};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/example.keyglance"));
/// let key = KeyFile::from_json(bytes)?;
/// let purpose = Purpose::none();
/// let mut sealed = Vec::new();
/// encrypt_stream(&key, &purpose, &b"a letter"[..], &mut sealed, |_| ())?;
///
/// // On either device, with whichever key fits.
/// let mut opened = Vec::new();
/// let (which, bytes) = decrypt_stream(&[(&key, &purpose)], &sealed[..], &mut opened, |_| ())?;
/// assert_eq!((which, bytes, &opened[..]), (0, 8, &b"a letter"[..]));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`StreamError::NotAcknowledged`] before anything is written;
/// [`StreamError::Read`], [`StreamError::Write`], [`StreamError::Derive`];
/// `to` then holds a part, which is to be thrown away.
pub fn encrypt_stream(
    key: &KeyFile,
    purpose: &Purpose,
    mut from: impl Read,
    to: impl Write,
    progress: impl FnMut(u64),
) -> Result<u64, StreamError> {
    let identity = identity(key.exporter()?, purpose)?;
    let recipient = identity.to_public();
    let recipients = std::iter::once(&recipient as &dyn age::Recipient);
    // Refused are only mixtures of recipients.
    let encryptor = Encryptor::with_recipients(recipients).map_err(|_| StreamError::NoKey)?;
    let mut writer = encryptor.wrap_output(to).map_err(StreamError::Write)?;
    let read = copy(&mut from, &mut writer, StreamError::Read, progress)?;
    writer.finish().and_then(|mut to| to.flush()).map_err(StreamError::Write)?;
    Ok(read)
}

/// Decrypts all of `from` into `to`, with whichever of the keys fits, each
/// with each purpose. Gives the key's place in `keys`, and the bytes written.
///
/// # Errors
/// [`StreamError`]; `to` then holds a part, which is to be thrown away.
pub fn decrypt_stream(
    keys: &[(&KeyFile, &Purpose)],
    from: impl Read,
    mut to: impl Write,
    progress: impl FnMut(u64),
) -> Result<(usize, u64), StreamError> {
    let decryptor = Decryptor::new(from).map_err(explain)?;
    if decryptor.is_scrypt() {
        return Err(StreamError::ByPassphrase);
    }
    // Also with keys that are not acknowledged: to open a file locks up
    // nothing, and who sealed it did hold the key.
    let identities = keys
        .iter()
        .map(|(key, purpose)| identity(&key.exporter, purpose))
        .collect::<Result<Vec<_>, _>>()?;
    // The library asks one after another, until one fits.
    let asked = Cell::new(0_usize);
    let ask = identities.iter().map(|identity| {
        asked.set(asked.get() + 1);
        identity as &dyn age::Identity
    });
    let mut reader = decryptor.decrypt(ask).map_err(explain)?;
    // A reader fails where the file was changed or cut off.
    let written = copy(&mut reader, &mut to, |_| StreamError::Damaged, progress)?;
    to.flush().map_err(StreamError::Write)?;
    Ok((asked.get().saturating_sub(1), written))
}

fn identity(exporter: &Exporter, purpose: &Purpose) -> Result<x25519::Identity, StreamError> {
    let text = age_identity(exporter, purpose)?;
    text.parse().map_err(|_| StreamError::NoKey)
}

fn copy(
    from: &mut impl Read,
    to: &mut impl Write,
    failed: impl Fn(io::Error) -> StreamError,
    mut progress: impl FnMut(u64),
) -> Result<u64, StreamError> {
    let mut block = Zeroizing::new(vec![0; BLOCK]);
    let mut done = 0;
    loop {
        let read = match from.read(&mut block) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map_err(&failed)?,
        };
        let part = block.get(..read).ok_or_else(|| failed(io::ErrorKind::InvalidData.into()))?;
        if part.is_empty() {
            return Ok(done);
        }
        to.write_all(part).map_err(StreamError::Write)?;
        done += read as u64;
        progress(done);
    }
}

fn explain(error: DecryptError) -> StreamError {
    match error {
        DecryptError::InvalidHeader | DecryptError::UnknownFormat => StreamError::NotAgeFile,
        DecryptError::NoMatchingKeys => StreamError::NoKey,
        DecryptError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
            StreamError::Read(error)
        }
        _ => StreamError::Damaged,
    }
}
