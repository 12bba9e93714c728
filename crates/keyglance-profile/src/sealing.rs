//! Sealing files for a contact, and opening them.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use keyglance_core::contacts::{Contact, ContactId};
use keyglance_core::crypto::Purpose;
use keyglance_core::keyfile::{KeyFile, SealedBy, StreamError, decrypt_stream, encrypt_stream};
use keyglance_core::trust::{KeyTrust, Trust};

use crate::file_kind::{FileKindError, file_kind};
use crate::gate::{Refusal, Require, UsableKey, refusal};
use crate::storage::{Access, NewFile, Profile, StoreError, StoredKey, Warning, WriteError};

/// The ending of a sealed file's name.
const ENDING: &str = "age";
/// That of a key file's.
const KEY_ENDING: &str = "keyglance";

/// Why a file was not sealed or opened. No part of a result is left.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SealFileError {
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] FileKindError),
    /// What is in it cannot be sealed or opened.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// The result cannot be written, or is there already.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Where a file goes when it is sealed: beside it, with `.age` behind its name.
#[must_use]
pub fn sealed_path(path: &Path) -> PathBuf {
    let mut sealed = path.as_os_str().to_owned();
    sealed.push(format!(".{ENDING}"));
    sealed.into()
}

/// Where a file goes when it is opened: beside it, without `.age`; none where its name does
/// not say.
#[must_use]
pub fn unsealed_path(path: &Path) -> Option<PathBuf> {
    let ends = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(ENDING));
    ends.then(|| path.with_extension(""))
}

/// Whether a file is called like one to open, not like one to seal: a sealed one, or a key.
///
/// ```
/// use keyglance_profile::is_called_sealed;
///
/// assert!(is_called_sealed("film.mp4.AGE".as_ref()) && is_called_sealed("bo.keyglance".as_ref()));
/// assert!(!is_called_sealed("film.mp4".as_ref()));
/// ```
#[must_use]
pub fn is_called_sealed(path: &Path) -> bool {
    let is_key = |ending: &OsStr| ending.eq_ignore_ascii_case(KEY_ENDING);
    unsealed_path(path).is_some() || path.extension().is_some_and(is_key)
}

/// Reads `from` and writes `to`, a new file: completely or not at all.
fn convert<T>(
    from: &Path,
    to: &Path,
    access: Access,
    work: impl FnOnce(File, &mut NewFile) -> Result<T, StreamError>,
) -> Result<T, SealFileError> {
    match file_kind(from) {
        Ok(_) | Err(FileKindError::Empty(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let source = File::open(from).map_err(StreamError::Read)?;
    let failed = |error: io::Error| WriteError::new(to, &error);
    let mut file = NewFile::create(to, access).map_err(failed)?;
    let done = work(source, &mut file)?;
    file.persist().map_err(failed)?;
    Ok(done)
}

/// Seals streams with a key that passed the gate.
#[derive(Debug)]
pub struct Sealer {
    key: UsableKey,
    purpose: Purpose,
}

/// Opens streams with whichever of the profile's keys fits, retired ones too:
/// what they sealed is still to be read.
#[derive(Debug)]
pub struct Opener {
    keys: Vec<StoredKey>,
    contacts: Vec<Contact>,
    /// The place of a key in `keys`, and the purposes to try with it.
    tries: Vec<(usize, Purpose)>,
    warnings: Vec<Warning>,
}

/// What opened a stream.
#[derive(Debug)]
pub struct OpenedStream<'a> {
    /// Bytes written.
    pub bytes: u64,
    /// The key that fitted.
    pub key: &'a StoredKey,
    /// The purpose that it fitted with.
    pub purpose: &'a Purpose,
    /// The contact that the key is shared with, if it can be read.
    pub contact: Option<&'a Contact>,
    /// Who sealed it, as far as the file shows it. The other device is the
    /// contact's only as far as the key is known to be.
    pub sealed_by: SealedBy,
    /// Why the key must not be used any more, or not yet. It still opens.
    pub refusal: Option<Refusal>,
}

impl OpenedStream<'_> {
    /// Whether a person made sure that the contact holds this very key, and nothing
    /// that came since speaks against it. What is known of the contact by another
    /// key says nothing of this one.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        let sound = |contact: &Contact| contact.trust() != Trust::Broken && !contact.is_held_back();
        matches!(self.key.trust(), KeyTrust::Verified(_)) && self.contact.is_some_and(sound)
    }

    /// Whether a comparison with the contact failed: somebody else may hold the key.
    #[must_use]
    pub fn is_mismatched(&self) -> bool {
        self.contact.is_some_and(|contact| contact.trust() == Trust::Broken)
    }
}

impl Profile {
    /// Seals for the contact, or with the key, that a person means by `text`.
    ///
    /// # Errors
    /// Those of [`Profile::find_key_to_seal`].
    pub fn sealer(
        &self,
        text: &str,
        purpose: Purpose,
        require: Require,
    ) -> Result<Sealer, StoreError> {
        Ok(Sealer { key: self.find_key_to_seal(text, require)?, purpose })
    }

    /// Seals with the best key of a contact.
    ///
    /// # Errors
    /// Those of [`Profile::usable_key_of`].
    pub fn sealer_of(
        &self,
        contact: ContactId,
        purpose: Purpose,
        require: Require,
    ) -> Result<Sealer, StoreError> {
        Ok(Sealer { key: self.usable_key_of(contact, require)?, purpose })
    }

    /// Opens what was sealed for `purpose`, for none, or for a purpose that
    /// something was exported for.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn opener(&self, purpose: &Purpose) -> Result<Opener, StoreError> {
        let (keys, warnings) = self.keys()?;
        let (contacts, _) = self.contacts()?;
        let mut tries: Vec<(usize, Purpose)> = Vec::new();
        for (place, key) in keys.iter().enumerate() {
            let exported = key.exports.iter().filter_map(|e| Purpose::new(&e.purpose).ok());
            for purpose in [purpose.clone(), Purpose::none()].into_iter().chain(exported) {
                if !tries.contains(&(place, purpose.clone())) {
                    tries.push((place, purpose));
                }
            }
        }
        Ok(Opener { keys, contacts, tries, warnings })
    }
}

impl Sealer {
    /// The key.
    #[must_use]
    pub const fn key(&self) -> &UsableKey {
        &self.key
    }

    /// Encrypts all of `from` into `to` and gives the bytes read. `progress` is
    /// told how many there were so far.
    ///
    /// # Errors
    /// [`StreamError`]; `to` then holds a part, which is to be thrown away.
    pub fn seal(
        &self,
        from: impl Read,
        to: impl Write,
        progress: impl FnMut(u64),
    ) -> Result<u64, StreamError> {
        encrypt_stream(&self.key.file, &self.purpose, from, to, progress)
    }

    /// Seals the file at `from` as a new file at `to`. `guard` wraps what is read, so that
    /// a caller can count it or end it with an error.
    ///
    /// # Errors
    /// [`SealFileError`].
    pub fn seal_file<R: Read>(
        &self,
        from: &Path,
        to: &Path,
        guard: impl FnOnce(File) -> R,
    ) -> Result<u64, SealFileError> {
        convert(from, to, Access::Shared, |source, to| self.seal(guard(source), to, |_| ()))
    }
}

impl Opener {
    /// Keys that could not be read, and so are not tried.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Opens the file at `from` as a new file at `to`, which only this user can read.
    /// `guard` wraps what is read, as in [`Sealer::seal_file`].
    ///
    /// # Errors
    /// [`SealFileError`].
    pub fn open_file<R: Read>(
        &self,
        from: &Path,
        to: &Path,
        guard: impl FnOnce(File) -> R,
    ) -> Result<OpenedStream<'_>, SealFileError> {
        convert(from, to, Access::Private, |source, to| self.open(guard(source), to, |_| ()))
    }

    /// Decrypts all of `from` into `to`, which gets nothing before the first 64 KiB
    /// are known to be whole. `progress` is told how many bytes there were so far.
    ///
    /// # Errors
    /// [`StreamError`]; `to` then holds a part, which is to be thrown away.
    pub fn open(
        &self,
        from: impl Read,
        to: impl Write,
        progress: impl FnMut(u64),
    ) -> Result<OpenedStream<'_>, StreamError> {
        let keys: Vec<(&KeyFile, &Purpose)> = self
            .tries
            .iter()
            .filter_map(|(place, purpose)| Some((&self.keys.get(*place)?.file, purpose)))
            .collect();
        let opened = decrypt_stream(&keys, from, to, progress)?;
        let (place, purpose) = self.tries.get(opened.key).ok_or(StreamError::NoKey)?;
        let key = self.keys.get(*place).ok_or(StreamError::NoKey)?;
        let contact = self.contacts.iter().find(|contact| contact.id() == key.contact);
        let (bytes, sealed_by) = (opened.bytes, opened.sealed_by);
        let refusal = refusal(key, &self.contacts, Require::Usable);
        Ok(OpenedStream { bytes, key, purpose, contact, sealed_by, refusal })
    }
}
