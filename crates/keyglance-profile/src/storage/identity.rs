//! This device's long-term key.

use std::fmt;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{Profile, StoreError, read_file};
use keyglance_core::crypto::IdentityKey;
use keyglance_core::keyfile::{
    Passphrase, WorkFactor, decrypt_with_passphrase, encrypt_with_passphrase, is_age_file,
};
use keyglance_core::pairing::DisplayName;
use keyglance_core::trust::Trust;

const FORMAT: &str = "keyglance-identity";
const VERSION: u64 = 1;
pub(super) const PLAIN: &str = "identity.json";
pub(super) const SEALED: &str = "identity.json.age";

/// A device's name and key.
pub struct Identity {
    /// The name that it suggests to other devices.
    pub name: DisplayName,
    /// When it was made.
    pub created: Timestamp,
    /// The key.
    pub key: IdentityKey,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("name", &self.name).field("key", &self.key).finish()
    }
}

/// What a profile has for an identity.
#[derive(Debug)]
pub enum IdentityState {
    /// None yet.
    Missing,
    /// Unprotected: everybody who can read the file has it.
    Plain(Identity),
    /// Under a passphrase: the age file's bytes, for [`Identity::unseal`].
    Sealed(Vec<u8>),
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct IdentityDocument {
    format: String,
    version: u64,
    name: String,
    created: String,
    secret: String,
}

impl Identity {
    /// Opens what [`IdentityState::Sealed`] holds. Takes about a second.
    ///
    /// # Errors
    /// [`StoreError::Passphrase`], [`StoreError::IdentityDamaged`].
    pub fn unseal(sealed: &[u8], passphrase: &Passphrase) -> Result<Self, StoreError> {
        Self::from_json(&decrypt_with_passphrase(sealed, passphrase)?)
    }

    /// The identity under a passphrase. Takes about a second.
    ///
    /// # Errors
    /// [`StoreError::Passphrase`].
    pub fn seal(&self, passphrase: &Passphrase, work: WorkFactor) -> Result<Vec<u8>, StoreError> {
        Ok(encrypt_with_passphrase(&self.to_json(), passphrase, work)?)
    }

    pub(crate) fn from_json(bytes: &[u8]) -> Result<Self, StoreError> {
        let document: IdentityDocument =
            serde_json::from_slice(bytes).map_err(|_| StoreError::IdentityDamaged)?;
        if document.format != FORMAT {
            return Err(StoreError::IdentityDamaged);
        }
        if document.version > VERSION {
            return Err(StoreError::Newer(document.version));
        }
        let secret = URL_SAFE_NO_PAD.decode(&document.secret).map(Zeroizing::new);
        let secret = secret.map_err(|_| StoreError::IdentityDamaged)?;
        let secret = <[u8; 32]>::try_from(&secret[..]).map_err(|_| StoreError::IdentityDamaged)?;
        Ok(Self {
            name: DisplayName::from_stored(&document.name)
                .map_err(|_| StoreError::IdentityDamaged)?,
            created: document.created.parse().map_err(|_| StoreError::IdentityDamaged)?,
            key: IdentityKey::from_secret_bytes(&Zeroizing::new(secret)),
        })
    }

    pub(super) fn to_json(&self) -> Zeroizing<Vec<u8>> {
        let document = IdentityDocument {
            format: FORMAT.to_owned(),
            version: VERSION,
            name: self.name.as_str().to_owned(),
            created: self.created.to_string(),
            secret: URL_SAFE_NO_PAD.encode(&self.key.secret_bytes()[..]),
        };
        // Room for all of it at once: a buffer that grows leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(1024));
        // Writing texts to memory does not fail.
        let _ = serde_json::to_writer_pretty(&mut *bytes, &document);
        bytes.push(b'\n');
        bytes
    }
}

impl Profile {
    /// The identity, as far as it can be read without a passphrase.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn identity(&self) -> Result<IdentityState, StoreError> {
        // If both exist, a change of protection was interrupted: the user relies on
        // the protected one.
        if let Some(bytes) = read_file(&self.sealed_path())? {
            return Ok(IdentityState::Sealed(bytes.to_vec()));
        }
        match read_file(&self.plain_path())? {
            Some(bytes) => Identity::from_json(&bytes).map(IdentityState::Plain),
            None => Ok(IdentityState::Missing),
        }
    }

    /// Stores the first identity of a profile.
    ///
    /// # Errors
    /// [`StoreError::IdentityExists`] where another program was faster.
    pub fn create_identity(&self, identity: &Identity) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        match self.identity()? {
            IdentityState::Missing => self.write(&self.plain_path(), &identity.to_json()),
            _ => Err(StoreError::IdentityExists),
        }
    }

    /// Replaces the stored identity by this one, plain or under a passphrase.
    ///
    /// # Errors
    /// [`StoreError`]; the old one is then still there.
    pub fn store_identity(
        &self,
        identity: &Identity,
        protection: Option<(&Passphrase, WorkFactor)>,
    ) -> Result<(), StoreError> {
        if let Some((passphrase, work)) = protection {
            return self.store_sealed_identity(&identity.seal(passphrase, work)?);
        }
        let _lock = self.lock()?;
        self.write(&self.plain_path(), &identity.to_json())?;
        self.remove(&self.sealed_path())
    }

    /// Replaces an unprotected identity by this one under another name.
    ///
    /// # Errors
    /// [`StoreError::ProtectionLost`] where it is protected by now, [`StoreError`]; the
    /// old one is then still there.
    pub(crate) fn rename_plain_identity(&self, identity: &Identity) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        match self.identity()? {
            IdentityState::Sealed(_) => Err(StoreError::ProtectionLost),
            _ => self.write(&self.plain_path(), &identity.to_json()),
        }
    }

    /// Replaces the identity by a new one or one from a backup. Contacts whose keys
    /// were made with another identity must be verified again: what was compared
    /// does not hold for the new one. A protected identity is never replaced by an
    /// unprotected one.
    ///
    /// # Errors
    /// [`StoreError::ProtectionLost`], [`StoreError`]; the old one is then still there.
    pub fn replace_identity(
        &self,
        identity: &Identity,
        sealed: Option<&[u8]>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        // Under the lock: another program may have protected it just now.
        if sealed.is_none() && matches!(self.identity()?, IdentityState::Sealed(_)) {
            return Err(StoreError::ProtectionLost);
        }
        let same = |own: &Identity| own.key.public() == identity.key.public();
        let unchanged = matches!(self.identity(), Ok(IdentityState::Plain(own)) if same(&own));
        let keys = self.keys_to_change()?;
        // The contacts first: cut off here, they claim too little.
        for mut contact in self.contacts_to_change()? {
            let ours = keys.iter().any(|key| {
                key.contact == contact.id() && key.file.local.identity == *identity.key.public()
            });
            if !unchanged
                && !ours
                && matches!(contact.trust(), Trust::Verified(_) | Trust::SeenByCamera)
            {
                contact.set_trust(Trust::Unverified, at);
                self.write_contact(&contact, false)?;
            }
        }
        match sealed {
            Some(sealed) => {
                self.write(&self.sealed_path(), sealed)?;
                self.shred(&self.plain_path())
            }
            None => {
                self.write(&self.plain_path(), &identity.to_json())?;
                self.shred(&self.sealed_path())
            }
        }
    }

    /// Replaces the stored identity by what [`Identity::seal`] gave.
    ///
    /// # Errors
    /// [`StoreError`]; the old one is then still there.
    pub fn store_sealed_identity(&self, sealed: &[u8]) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        self.write(&self.sealed_path(), sealed)?;
        self.shred(&self.plain_path())
    }

    /// Completes a change of protection that was interrupted, so that no secret
    /// stays in the clear. Under the lock.
    pub(super) fn finish_protection(&self) -> Result<(), StoreError> {
        let plain = self.plain_path();
        let sealed = read_file(&self.sealed_path());
        let both = matches!(&sealed, Ok(Some(bytes)) if is_age_file(bytes) && plain.exists());
        if both { self.shred(&plain) } else { Ok(()) }
    }

    fn plain_path(&self) -> PathBuf {
        self.folder.join(PLAIN)
    }

    fn sealed_path(&self) -> PathBuf {
        self.folder.join(SEALED)
    }
}

/// A name for this device to suggest: what the machine is called, as far as it
/// says.
#[must_use]
pub fn machine_name() -> DisplayName {
    name_of_host(&gethostname::gethostname().to_string_lossy())
}

/// macOS ends its name with that of the local network (RFC 6762).
fn name_of_host(told: &str) -> DisplayName {
    let name = DisplayName::lossy(told.strip_suffix(".local").unwrap_or(told));
    if name.as_str().is_empty() { DisplayName::lossy("unnamed device") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_names_the_device_without_its_network() {
        let named = |told: &str| name_of_host(told).as_str().to_owned();
        assert_eq!(named("Bos-MacBook.local"), "Bos-MacBook");
        assert_eq!(named("DESKTOP-7Q2"), "DESKTOP-7Q2");
        assert_eq!(named("bo.example.org"), "bo.example.org");
        for nothing in ["", ".local"] {
            assert_eq!(named(nothing), "unnamed device");
        }
    }
}
