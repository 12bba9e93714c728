//! Sealing files for a contact, and opening them.

use std::io::{Read, Write};

use keyglance_core::contacts::Contact;
use keyglance_core::crypto::Purpose;
use keyglance_core::keyfile::{KeyFile, SealedBy, StreamError, decrypt_stream, encrypt_stream};
use keyglance_core::trust::{KeyTrust, Trust};

use crate::gate::{Refusal, Require, UsableKey, refusal};
use crate::storage::{Profile, StoreError, StoredKey, Warning};

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
}

impl Opener {
    /// Keys that could not be read, and so are not tried.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
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
