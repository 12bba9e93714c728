//! Files of any length, sealed with a pair's key: the age format
//! (age-encryption.org/v1) to a recipient that only the two devices know.
//!
//! Each device has such a recipient of its own, which it seals to and never shows.
//! So a file that opens with one of the two identities was sealed by its device:
//! nobody else knew the recipient (docs/protocol.md, "Sealing"). The identity of the
//! `age` export opens files too, but its recipient may be public.

use std::cell::Cell;
use std::io::{self, BufReader, Read, Write};

use age::{DecryptError, Decryptor, Encryptor, x25519};
use zeroize::Zeroizing;

use super::KeyFile;
use super::age_header::{CheckedFile, HeaderError};
use crate::crypto::{DeriveError, Exporter, Purpose, labels};
use crate::exports::age_identity;
use crate::pairing::{NotAcknowledged, Role};

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
    /// A version of the age format that this program does not know.
    #[error("this age file has a version that this program does not know")]
    UnknownVersion,
    /// Its header is larger than any program makes one.
    #[error("the header of the age file is larger than 64 KiB")]
    HeaderTooLarge,
    /// It is sealed to more recipients than are tried.
    #[error("the age file is sealed for more than 64")]
    TooManyRecipients,
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
    /// What is read from failed, with what the system said.
    #[error("reading failed: {0}")]
    Read(io::Error),
    /// What is written to failed, with what the system said.
    #[error("writing failed: {0}")]
    Write(io::Error),
}

/// Who sealed a file, as far as the file itself shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealedBy {
    /// The other device of the key's pairing.
    Peer,
    /// This device.
    Local,
    /// Nobody can tell.
    Unknown(UnknownSealer),
}

/// Why nobody can tell who sealed a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownSealer {
    /// It is sealed to others as well. Each recipient of an age file knows its file
    /// key, and can put other content in its place.
    OtherRecipients,
    /// It is sealed to the recipient of the `age` export, which may be public. Files
    /// of Keyglance 0.1 are.
    PublicRecipient,
}

/// What [`decrypt_stream`] opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecryptedStream {
    /// The place of the key that fitted.
    pub key: usize,
    /// Bytes written.
    pub bytes: u64,
    /// Who sealed it.
    pub sealed_by: SealedBy,
}

/// Encrypts all of `from` into `to` with the shared key and gives the bytes read.
/// `progress` is told how many there were so far, about once a megabyte.
///
/// ```
/// use keyglance_core::crypto::Purpose;
/// use keyglance_core::keyfile::{KeyFile, SealedBy, decrypt_stream, encrypt_stream};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/example.keyglance"));
/// let key = KeyFile::from_json(bytes)?;
/// let purpose = Purpose::none();
/// let mut sealed = Vec::new();
/// encrypt_stream(&key, &purpose, &b"a letter"[..], &mut sealed, |_| ())?;
///
/// // On either device, with whichever key fits.
/// let mut letter = Vec::new();
/// let opened = decrypt_stream(&[(&key, &purpose)], &sealed[..], &mut letter, |_| ())?;
/// assert_eq!((opened.key, opened.bytes, &letter[..]), (0, 8, &b"a letter"[..]));
/// assert_eq!(opened.sealed_by, SealedBy::Local);
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
    from: impl Read,
    to: impl Write,
    progress: impl FnMut(u64),
) -> Result<u64, StreamError> {
    let recipient = identity(key.exporter()?, seal_label(key.role), purpose)?.to_public();
    let recipients = std::iter::once(&recipient as &dyn age::Recipient);
    // Refused are only mixtures of recipients.
    let encryptor = Encryptor::with_recipients(recipients).map_err(|_| StreamError::NoKey)?;
    let (from_failed, to_failed) = (Cell::new(None), Cell::new(None));
    let mut from = Observed { stream: from, failure: &from_failed };
    let encrypt = || {
        let mut writer = encryptor.wrap_output(Observed { stream: to, failure: &to_failed })?;
        let read = copy(&mut from, &mut writer, progress)?;
        writer.finish()?.flush()?;
        Ok(read)
    };
    encrypt().map_err(|error: io::Error| match from_failed.take() {
        Some(error) => StreamError::Read(error),
        None => StreamError::Write(to_failed.take().unwrap_or(error)),
    })
}

/// Decrypts all of `from` into `to`, with whichever of the keys fits, each
/// with each purpose. Writes nothing before the first 64 KiB are known to be whole.
///
/// # Errors
/// [`StreamError`]; `to` then holds a part, which is to be thrown away.
pub fn decrypt_stream(
    keys: &[(&KeyFile, &Purpose)],
    from: impl Read,
    to: impl Write,
    progress: impl FnMut(u64),
) -> Result<DecryptedStream, StreamError> {
    let (from_failed, to_failed) = (Cell::new(None), Cell::new(None));
    let from = BufReader::new(Observed { stream: from, failure: &from_failed });
    let failed = |error: DecryptError| match from_failed.take() {
        Some(error) => StreamError::Read(error),
        None => explain(&error),
    };
    let file = CheckedFile::read(from).map_err(|error| match from_failed.take() {
        Some(error) => StreamError::Read(error),
        None => error.into(),
    })?;
    let recipients = file.recipients;
    let decryptor = Decryptor::new_buffered(file).map_err(failed)?;
    if decryptor.is_scrypt() {
        return Err(StreamError::ByPassphrase);
    }
    let tries = tries(keys)?;
    // The library asks one after another, until one fits.
    let asked = Cell::new(0_usize);
    let ask = tries.iter().map(|(_, _, identity)| {
        asked.set(asked.get() + 1);
        identity as &dyn age::Identity
    });
    let mut reader = decryptor.decrypt(ask).map_err(failed)?;
    let (key, sealed_by, _) = tries.get(asked.get().saturating_sub(1)).ok_or(StreamError::NoKey)?;
    let sealed_by = match sealed_by {
        SealedBy::Peer | SealedBy::Local if recipients > 1 => {
            SealedBy::Unknown(UnknownSealer::OtherRecipients)
        }
        sealed_by => *sealed_by,
    };
    let mut to = Observed { stream: to, failure: &to_failed };
    let bytes = copy(&mut reader, &mut to, progress).and_then(|bytes| to.flush().map(|()| bytes));
    let bytes = bytes.map_err(|_| match (from_failed.take(), to_failed.take()) {
        (Some(error), _) => StreamError::Read(error),
        (_, Some(error)) => StreamError::Write(error),
        // Both streams did what they were asked for: the content is not genuine.
        _ => StreamError::Damaged,
    })?;
    Ok(DecryptedStream { key: *key, bytes, sealed_by })
}

/// What to try, in this order: the identities that tell who sealed a file, then
/// those that open and tell nothing; each with its key's place, and with what it
/// tells.
///
/// Also of keys that are not acknowledged: to open a file locks up nothing, and who
/// sealed it did hold the key.
fn tries(
    keys: &[(&KeyFile, &Purpose)],
) -> Result<Vec<(usize, SealedBy, x25519::Identity)>, StreamError> {
    let mut tries = Vec::with_capacity(3 * keys.len());
    let sealed = [SealedBy::Peer, SealedBy::Local];
    for sealed_by in sealed.into_iter().chain([SealedBy::Unknown(UnknownSealer::PublicRecipient)]) {
        for (place, (key, purpose)) in keys.iter().enumerate() {
            let label = match sealed_by {
                SealedBy::Peer => seal_label(other(key.role)),
                SealedBy::Local => seal_label(key.role),
                SealedBy::Unknown(_) => labels::AGE_X25519,
            };
            tries.push((place, sealed_by, identity(&key.exporter, label, purpose)?));
        }
    }
    Ok(tries)
}

const fn other(role: Role) -> Role {
    match role {
        Role::Initiator => Role::Responder,
        Role::Responder => Role::Initiator,
    }
}

/// The label of the recipient that a device of this role seals to.
const fn seal_label(role: Role) -> &'static str {
    match role {
        Role::Initiator => labels::SEAL_FROM_INITIATOR,
        Role::Responder => labels::SEAL_FROM_RESPONDER,
    }
}

fn identity(
    exporter: &Exporter,
    label: &str,
    purpose: &Purpose,
) -> Result<x25519::Identity, StreamError> {
    let text = age_identity(exporter, label, purpose)?;
    text.parse().map_err(|_| StreamError::NoKey)
}

fn copy(
    from: &mut impl Read,
    to: &mut impl Write,
    mut progress: impl FnMut(u64),
) -> io::Result<u64> {
    let mut block = Zeroizing::new(vec![0; BLOCK]);
    let mut done = 0;
    loop {
        let read = match from.read(&mut block) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        let part = block.get(..read).ok_or(io::ErrorKind::InvalidData)?;
        if part.is_empty() {
            return Ok(done);
        }
        to.write_all(part)?;
        done += read as u64;
        progress(done);
    }
}

/// A stream that keeps what the system said when it failed. The age library puts
/// errors of its own in the place of some, and makes no difference between a disk
/// that cannot be read and a file that is not whole.
struct Observed<'a, S> {
    stream: S,
    failure: &'a Cell<Option<io::Error>>,
}

impl<S> Observed<'_, S> {
    fn observe<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            let kind = error.kind();
            if kind != io::ErrorKind::Interrupted {
                self.failure.set(Some(error));
            }
            kind.into()
        })
    }
}

impl<S: Read> Read for Observed<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(buffer);
        self.observe(read)
    }
}

impl<S: Write> Write for Observed<'_, S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // All of it: the library takes a short write of its header for a failure.
        let written = self.stream.write_all(bytes).map(|()| bytes.len());
        self.observe(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.stream.flush();
        self.observe(flushed)
    }
}

impl From<HeaderError> for StreamError {
    fn from(error: HeaderError) -> Self {
        match error {
            HeaderError::NotAgeFile => Self::NotAgeFile,
            HeaderError::UnknownVersion => Self::UnknownVersion,
            HeaderError::Damaged => Self::Damaged,
            HeaderError::TooLarge => Self::HeaderTooLarge,
            HeaderError::TooManyStanzas => Self::TooManyRecipients,
            HeaderError::Io(error) => Self::Read(error),
        }
    }
}

/// What the library says of a file whose header was read already.
const fn explain(error: &DecryptError) -> StreamError {
    match error {
        DecryptError::NoMatchingKeys => StreamError::NoKey,
        _ => StreamError::Damaged,
    }
}
