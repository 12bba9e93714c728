//! What the worker does with this device's identity.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{ProfileWorker, not_open};
use crate::gui::effect::ProtectionChange;
use crate::gui::model::LocalDevice;
use crate::messages;
use crate::messages::Notification;
use keyglance_core::crypto::Fingerprint;
use keyglance_core::keyfile::Passphrase;
use keyglance_core::pairing::DisplayName;
use keyglance_profile::{Identity, IdentityBackup, IdentityState, PreparedIdentity, Protection};

impl ProfileWorker {
    pub(super) fn create_identity(
        &mut self,
        name: DisplayName,
    ) -> Result<LocalDevice, Notification> {
        let now = self.now();
        let Some(profile) = &self.profile else { return Err(not_open()) };
        let identity = profile
            .new_identity(Some(name), &mut self.environment.rng, now)
            .map_err(|error| messages::window::explain(&error))?;
        Ok(self.adopt(identity, false))
    }

    pub(super) fn unlock(&mut self, passphrase: &Passphrase) -> Result<LocalDevice, Notification> {
        let protected = self.is_protected()?;
        let identity = self.with_profile(|profile| profile.unlock_identity(Some(passphrase)))?;
        self.ensure_not_cancelled()?;
        Ok(self.adopt(identity, protected))
    }

    pub(super) fn change_identity(
        &mut self,
        name: DisplayName,
        current: Option<&Passphrase>,
        protection: ProtectionChange,
    ) -> Result<LocalDevice, Notification> {
        let mut identity = self.with_profile(|profile| profile.unlock_identity(current))?;
        identity.name = name;
        let passphrase = match &protection {
            ProtectionChange::Keep => current,
            ProtectionChange::Remove => None,
            ProtectionChange::Set(passphrase) => Some(passphrase),
        };
        let unprotects = matches!(protection, ProtectionChange::Remove);
        let prepared = self.prepare_identity(identity, passphrase)?;
        self.with_profile(|profile| profile.store_changed_identity(&prepared, unprotects))?;
        let protected = prepared.is_protected();
        Ok(self.adopt(prepared.into_identity(), protected))
    }

    pub(super) fn back_up_identity(
        &self,
        path: PathBuf,
        current: Option<&Passphrase>,
        passphrase: &Passphrase,
    ) -> Result<PathBuf, Notification> {
        let identity = self.with_profile(|profile| profile.unlock_identity(current))?;
        let sealed = identity
            .seal(passphrase, self.work_factor)
            .map_err(|error| messages::window::explain(&error))?;
        self.ensure_not_cancelled()?;
        IdentityBackup::write(&path, &sealed).map_err(|error| messages::window::explain(&error))?;
        Ok(path)
    }

    /// If the current identity is protected, the backup's passphrase protects
    /// the restored one.
    pub(super) fn restore_identity(
        &mut self,
        path: &Path,
        passphrase: Passphrase,
    ) -> Result<LocalDevice, Notification> {
        let backup =
            IdentityBackup::read(path).map_err(|error| messages::window::explain(&error))?;
        let identity =
            backup.open(Some(&passphrase)).map_err(|error| messages::window::explain(&error))?;
        self.ensure_not_cancelled()?;
        let protected = self.is_protected()?;
        self.replace_identity(identity, protected.then_some(&passphrase))
    }

    /// If the current identity is protected, its passphrase protects the new one.
    pub(super) fn create_new_identity(
        &mut self,
        current: Option<&Passphrase>,
    ) -> Result<LocalDevice, Notification> {
        let now = self.now();
        let Some(profile) = &self.profile else { return Err(not_open()) };
        let identity = profile
            .successor_identity(&mut self.environment.rng, now)
            .map_err(|error| messages::window::explain(&error))?;
        self.become_device(identity, current)
    }

    /// Is another device from now on. If the current identity is protected, its passphrase
    /// protects the other one.
    pub(super) fn become_device(
        &mut self,
        identity: Identity,
        current: Option<&Passphrase>,
    ) -> Result<LocalDevice, Notification> {
        let protected = self.is_protected()?;
        if protected {
            // A typing error must not become the new passphrase.
            self.with_profile(|profile| profile.unlock_identity(current))?;
            self.ensure_not_cancelled()?;
        }
        self.replace_identity(identity, current.filter(|_| protected))
    }

    fn replace_identity(
        &mut self,
        identity: Identity,
        passphrase: Option<&Passphrase>,
    ) -> Result<LocalDevice, Notification> {
        let now = self.now();
        let prepared = self.prepare_identity(identity, passphrase)?;
        let Some(profile) = &self.profile else { return Err(not_open()) };
        profile.take_identity(&prepared, now).map_err(|error| messages::window::explain(&error))?;
        let protected = prepared.is_protected();
        Ok(self.adopt(prepared.into_identity(), protected))
    }

    /// Seals the identity if it is to be protected, unless that is cancelled.
    fn prepare_identity(
        &self,
        identity: Identity,
        passphrase: Option<&Passphrase>,
    ) -> Result<PreparedIdentity, Notification> {
        let protection = match passphrase {
            Some(passphrase) => Protection::Passphrase(passphrase, self.work_factor),
            None => Protection::Plain,
        };
        let prepared = PreparedIdentity::new(identity, &protection)
            .map_err(|error| messages::window::explain(&error))?;
        self.ensure_not_cancelled()?;
        Ok(prepared)
    }

    fn is_protected(&self) -> Result<bool, Notification> {
        self.with_profile(|profile| Ok(matches!(profile.identity()?, IdentityState::Sealed(_))))
    }

    /// This device has this identity from now on.
    fn adopt(&mut self, identity: Identity, protected: bool) -> LocalDevice {
        let device = local_device(identity, protected);
        self.fingerprint = Some(device.fingerprint);
        device
    }
}

/// Hashes the identity's fingerprint, which takes about a millisecond.
pub(super) fn local_device(identity: Identity, protected: bool) -> LocalDevice {
    LocalDevice {
        fingerprint: Fingerprint::of(identity.key.public()),
        name: identity.name,
        key: Arc::new(identity.key),
        protected,
    }
}
