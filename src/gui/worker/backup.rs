//! What the worker does with backups of the whole profile.

use std::path::PathBuf;

use super::{ProfileWorker, not_open};
use crate::messages;
use crate::messages::Notification;
use crate::messages::window::restore::RestorationPlan;
use keyglance_core::keyfile::Passphrase;
use keyglance_profile::{Backup, Identity, IdentityState};

/// A backup that was looked into, and that the user may restore.
#[derive(Debug)]
pub struct PendingRestoration {
    backup: Backup,
    /// This profile's identity, if it is protected.
    own: Option<Identity>,
}

impl ProfileWorker {
    pub(super) fn back_up_profile(
        &self,
        path: PathBuf,
        current: Option<&Passphrase>,
        passphrase: &Passphrase,
    ) -> Result<PathBuf, Notification> {
        let identity = self.with_profile(|profile| profile.unlock_identity(current))?;
        self.ensure_not_cancelled()?;
        let Some(profile) = &self.profile else { return Err(not_open()) };
        profile
            .back_up(&path, &identity, passphrase, self.work_factor, self.now())
            .map_err(|error| messages::window::explain(&error))?;
        Ok(path)
    }

    /// Opens a backup, and says what restoring it would do.
    pub(super) fn plan_restoration(
        &mut self,
        path: PathBuf,
        current: Option<&Passphrase>,
        passphrase: &Passphrase,
    ) -> Result<RestorationPlan, Notification> {
        self.pending = None;
        let failed = |error| messages::window::explain(&error);
        let backup = Backup::open(&path, passphrase).map_err(failed)?;
        self.ensure_not_cancelled()?;
        let own = self.with_profile(|profile| match profile.identity()? {
            IdentityState::Sealed(_) => profile.unlock_identity(current).map(Some),
            IdentityState::Plain(_) | IdentityState::Missing => Ok(None),
        })?;
        let Some(profile) = &self.profile else { return Err(not_open()) };
        let plan = profile.plan_restoration(&backup, own.as_ref()).map_err(failed)?;
        let said = messages::window::restore::plan(&plan, &backup);
        self.pending = Some(PendingRestoration { backup, own });
        Ok(said)
    }

    /// Restores the backup that was looked into.
    pub(super) fn restore(&mut self) -> Result<(), Notification> {
        let now = self.now();
        let (Some(profile), Some(pending)) = (&self.profile, self.pending.take()) else {
            return Err(not_open());
        };
        let done = profile.restore(&pending.backup, pending.own.as_ref(), now);
        done.map(drop).map_err(|error| messages::window::explain(&error))
    }
}
