//! What a person does with this device's identity: make one, change it, back it
//! up, restore it, replace it.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use keyglance_core::crypto::IdentityKey;
use keyglance_core::intake;
use keyglance_core::keyfile::{MAX_BYTES, Passphrase, PassphraseError, WorkFactor, is_age_file};
use keyglance_core::pairing::DisplayName;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::storage::{
    Access, Identity, IdentityState, Profile, StoreError, WriteError, create_file, machine_name,
};

/// Why nothing became of it. The identity is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityChangeError {
    /// The profile says no, or cannot be read or changed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The identity in the profile is under a passphrase, and the one that was to
    /// take its place would not be.
    #[error("this device is protected by a passphrase, and would not be any more")]
    ProtectionLost,
    /// The backup could not be read.
    #[error("{} could not be read: {kind}", .path.display())]
    Read {
        /// The backup's path.
        path: PathBuf,
        /// What the system said.
        kind: io::ErrorKind,
    },
    /// The backup could not be written, or is there already.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// How an identity is kept.
#[derive(Debug)]
pub enum Protection<'a> {
    /// Unprotected: everybody who can read the file has it.
    Plain,
    /// Under a passphrase.
    Passphrase(&'a Passphrase, WorkFactor),
}

/// An identity and, if it is to be protected, its sealed bytes: what takes a
/// second is done before anything is written, so that it can still be abandoned.
#[derive(Debug)]
pub struct PreparedIdentity {
    identity: Identity,
    sealed: Option<Vec<u8>>,
}

impl PreparedIdentity {
    /// Seals the identity if it is to be protected.
    ///
    /// # Errors
    /// [`StoreError::Passphrase`].
    pub fn new(identity: Identity, protection: &Protection<'_>) -> Result<Self, StoreError> {
        let sealed = match protection {
            Protection::Plain => None,
            Protection::Passphrase(passphrase, work) => Some(identity.seal(passphrase, *work)?),
        };
        Ok(Self { identity, sealed })
    }

    /// The identity.
    #[must_use]
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The identity, once it is stored.
    #[must_use]
    pub fn into_identity(self) -> Identity {
        self.identity
    }

    /// Whether it is under a passphrase.
    #[must_use]
    pub const fn is_protected(&self) -> bool {
        self.sealed.is_some()
    }
}

/// A backup of an identity, as it was read.
#[derive(Debug)]
pub struct IdentityBackup(Zeroizing<Vec<u8>>);

impl IdentityBackup {
    /// Reads a backup's file.
    ///
    /// # Errors
    /// [`IdentityChangeError::Read`].
    pub fn read(path: &Path) -> Result<Self, IdentityChangeError> {
        let failed = |error: io::Error| IdentityChangeError::Read {
            path: path.to_owned(),
            kind: error.kind(),
        };
        let mut bytes = Zeroizing::new(Vec::with_capacity(8192));
        let file = File::open(path).map_err(failed)?;
        file.take(MAX_BYTES as u64).read_to_end(&mut bytes).map_err(failed)?;
        Ok(Self(bytes))
    }

    /// A backup whose bytes are here: from a pipe, say.
    #[must_use]
    pub const fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// Writes an identity to a new file, under a passphrase: what
    /// [`Identity::seal`] gave. Contacts and keys are not in it.
    ///
    /// # Errors
    /// [`IdentityChangeError::Write`]; an existing file stays as it is.
    pub fn write(path: &Path, sealed: &[u8]) -> Result<(), IdentityChangeError> {
        create_file(path, sealed, Access::Private)
            .map_err(|error| WriteError::new(path, &error).into())
    }

    /// The file as it is, for [`passphrase_memory`].
    ///
    /// [`passphrase_memory`]: keyglance_core::keyfile::passphrase_memory
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether a passphrase opens it.
    #[must_use]
    pub fn is_protected(&self) -> bool {
        is_age_file(&self.0)
    }

    /// The identity. Takes about a second if the backup is protected.
    ///
    /// # Errors
    /// [`StoreError::Passphrase`], [`StoreError::IdentityDamaged`].
    pub fn open(&self, passphrase: Option<&Passphrase>) -> Result<Identity, StoreError> {
        match passphrase {
            Some(passphrase) if self.is_protected() => Identity::unseal(&self.0, passphrase),
            _ if self.is_protected() => Err(PassphraseError::Empty.into()),
            _ => Identity::from_json(intake::document(&self.0)),
        }
    }
}

impl Profile {
    /// Makes this device's first identity: called `name`, else as the machine is.
    ///
    /// # Errors
    /// [`StoreError::IdentityExists`] if another program was faster: its identity
    /// is the one.
    pub fn new_identity(
        &self,
        name: Option<DisplayName>,
        rng: &mut (impl CryptoRng + ?Sized),
        at: Timestamp,
    ) -> Result<Identity, StoreError> {
        let identity = fresh(name, rng, at);
        self.create_identity(&identity)?;
        Ok(identity)
    }

    /// The identity, which `passphrase` opens if it is protected.
    ///
    /// # Errors
    /// [`StoreError::NoIdentity`], [`StoreError::Passphrase`].
    pub fn unlock_identity(&self, passphrase: Option<&Passphrase>) -> Result<Identity, StoreError> {
        match (self.identity()?, passphrase) {
            (IdentityState::Plain(identity), _) => Ok(identity),
            (IdentityState::Sealed(bytes), Some(passphrase)) => {
                Identity::unseal(&bytes, passphrase)
            }
            (IdentityState::Sealed(_), None) => Err(PassphraseError::Empty.into()),
            (IdentityState::Missing, _) => Err(StoreError::NoIdentity),
        }
    }

    /// Stores the present identity under another name or protection. Only where a
    /// person `unprotects` it does an unprotected one take the place of a protected
    /// one: another program may have protected it meanwhile.
    ///
    /// # Errors
    /// [`StoreError::ProtectionLost`], [`StoreError`]; the old one is then still there.
    pub fn store_changed_identity(
        &self,
        changed: &PreparedIdentity,
        unprotects: bool,
    ) -> Result<(), StoreError> {
        match &changed.sealed {
            Some(sealed) => self.store_sealed_identity(sealed),
            None if unprotects => self.store_identity(&changed.identity, None),
            None => self.rename_plain_identity(&changed.identity),
        }
    }

    /// Somebody new for this device to be, who keeps the present name as far as it
    /// can be read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn successor_identity(
        &self,
        rng: &mut (impl CryptoRng + ?Sized),
        at: Timestamp,
    ) -> Result<Identity, StoreError> {
        let name = match self.identity()? {
            IdentityState::Plain(present) => Some(present.name),
            IdentityState::Sealed(_) | IdentityState::Missing => None,
        };
        Ok(fresh(name, rng, at))
    }

    /// Whether taking this identity would give up another one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn gives_up_identity(&self, identity: &Identity) -> Result<bool, StoreError> {
        Ok(match self.identity()? {
            IdentityState::Plain(present) => present.key.public() != identity.key.public(),
            // Which one it is cannot be told without its passphrase.
            IdentityState::Sealed(_) => true,
            IdentityState::Missing => false,
        })
    }

    /// This device is `identity` from now on. Contacts whose keys were made with
    /// another identity are to be verified again. A protected identity is never
    /// replaced by an unprotected one.
    ///
    /// # Errors
    /// [`IdentityChangeError::ProtectionLost`], [`IdentityChangeError::Store`]; the old one is
    /// then still there.
    pub fn take_identity(
        &self,
        identity: &PreparedIdentity,
        at: Timestamp,
    ) -> Result<(), IdentityChangeError> {
        match self.replace_identity(&identity.identity, identity.sealed.as_deref(), at) {
            Err(StoreError::ProtectionLost) => Err(IdentityChangeError::ProtectionLost),
            taken => Ok(taken?),
        }
    }
}

fn fresh(
    name: Option<DisplayName>,
    rng: &mut (impl CryptoRng + ?Sized),
    at: Timestamp,
) -> Identity {
    let created = Timestamp::from_second(at.as_second()).unwrap_or(at);
    let name = name.unwrap_or_else(machine_name);
    Identity { name, created, key: IdentityKey::generate(rng) }
}
