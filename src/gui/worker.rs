//! The clerk: does what concerns the profile, one thing after another.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

use super::message::{Effect, Found, Opened, Protection, Report};
use super::screens::export::{Done, ExportCode, ExportedFiles, Order, What};
use super::screens::pairing::Rng;
use super::state::{ContactList, ContactView, Key, LocalDevice};
use crate::messages;
use crate::messages::Notification;
use keyglance_core::contacts::Contact;
use keyglance_core::crypto::{Fingerprint, SafetyNumber};
use keyglance_core::keyfile::{Passphrase, WorkFactor};
use keyglance_core::pairing::DisplayName;
use keyglance_core::trust::{Trust, Verified};
use keyglance_profile::{
    ChangeToken, CodeFileError, ExportFailure, Identity, IdentityBackup, IdentityState,
    PreparedIdentity, Profile, StoreError, machine_name, replace_code, write_new_code,
    write_secret_codes,
};
use keyglance_qr::{Code, LabelledCode};

pub struct ProfileWorker {
    folder: PathBuf,
    profile: Option<Profile>,
    own: Option<Fingerprint>,
    /// Where our code is shown too.
    show: Option<PathBuf>,
    work: WorkFactor,
    /// What the profile's folders looked like when they were last read.
    stamp: ChangeToken,
    /// How many jobs there were, and up to which they are not wanted any more.
    jobs: u64,
    cancelled: Arc<AtomicU64>,
    nature: Environment,
}

/// What comes from outside and is another thing each time.
pub struct Environment {
    pub clock: fn() -> Timestamp,
    pub rng: Rng,
}

impl ProfileWorker {
    pub fn new(
        folder: PathBuf,
        show: Option<PathBuf>,
        work: WorkFactor,
        cancelled: Arc<AtomicU64>,
        nature: Environment,
    ) -> Self {
        Self {
            folder,
            profile: None,
            own: None,
            show,
            work,
            stamp: ChangeToken::default(),
            jobs: 0,
            cancelled,
            nature,
        }
    }

    /// The time, as files have it.
    fn now(&self) -> Timestamp {
        let now = (self.nature.clock)();
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }

    /// Whether the present job still is. Asked after what takes long, and
    /// before anything is written.
    fn wanted(&self) -> Result<(), Notification> {
        if self.cancelled.load(Ordering::Relaxed) < self.jobs {
            return Ok(());
        }
        Err(Notification::new("Cancelled.", "Nothing was changed."))
    }

    /// Does it, and says what became of it.
    pub fn carry_out(&mut self, effect: Effect) -> Vec<Report> {
        self.jobs += 1;
        let now = self.now();
        match effect {
            Effect::Open => vec![Report::Opened(self.open().map(Box::new))],
            Effect::CreateIdentity(name) => vec![Report::Identity(self.create(name))],
            Effect::Unlock(passphrase) => {
                let own = self.unlock(&passphrase);
                self.with_people(Report::Identity(own))
            }
            Effect::ChangeIdentity { name, present, protection } => {
                vec![Report::Identity(self.change(name, present.as_ref(), protection))]
            }
            Effect::Keep(mut file, trust) => {
                file.created = self.now();
                let kept = self.with(|profile| profile.save_pairing(*file, None, trust));
                self.with_people(Report::SavedPairing(kept))
            }
            Effect::Acknowledge(id) => self.store(|profile| profile.acknowledge(id)),
            Effect::Verified(id, verified) => {
                let verified = Verified { at: self.now(), ..verified };
                self.store(|profile| profile.verify(id, verified))
            }
            Effect::SetTrust(name, trust) => {
                let trust = match trust {
                    Trust::Verified(verified) => {
                        Trust::Verified(Verified { at: self.now(), ..verified })
                    }
                    trust => trust,
                };
                self.store(|profile| profile.set_trust(&name, trust, now))
            }
            Effect::Forget(kept) => self.store(|profile| profile.discard_pairing(&kept)),
            Effect::ReplaceKeys { keep } => {
                self.store(|profile| profile.retire_other_keys(keep, now))
            }
            Effect::AddContact(name, identity) => {
                let added = self.with(|profile| profile.add_contact(&name, identity, now));
                self.with_people(Report::Added(added.map(|contact| contact.id())))
            }
            Effect::Decide(name, decision) => {
                self.store(|profile| profile.decide(&name, decision, now).map(drop))
            }
            Effect::Purpose(id, text) => self.store(|profile| profile.set_key_purpose(id, &text)),
            Effect::Retire(id, on) => {
                self.store(|profile| profile.retire_key(id, on.then_some(now)))
            }
            Effect::BackUp { path, present, by } => {
                vec![Report::BackedUp(self.back_up(path, present.as_ref(), &by))]
            }
            Effect::Restore { path, by } => {
                let own = self.restore(&path, by);
                self.with_people(Report::Identity(own))
            }
            Effect::NewIdentity => {
                let own = self.renew();
                self.with_people(Report::Identity(own))
            }
            Effect::Rename { from, to } => self.store(|profile| profile.rename_contact(&from, &to)),
            Effect::RemoveContact(name) => {
                self.store(|profile| profile.remove_contact(&name).map(drop))
            }
            Effect::RemoveKey(id) => self.store(|profile| profile.remove_key(id).map(drop)),
            Effect::SaveSettings(settings) => {
                let stored = self.with(|profile| profile.store_settings(&settings));
                vec![Report::Stored(stored)]
            }
            Effect::ShowCode(text) => {
                let shown = self.show.as_ref().map_or(Ok(()), |path| replace_code(path, &text));
                let failed = |error| Report::Failed(messages::window::code_file(&error));
                shown.err().map(failed).into_iter().collect()
            }
            Effect::SaveCode { text, path } => {
                let saved = write_new_code(&path, &text);
                vec![saved_code(saved, path)]
            }
            Effect::SaveSecretCode(code, path) => {
                let saved = Code::new(&code.text).map_err(Into::into).and_then(|drawn| {
                    let warning = messages::CODE_IS_SECRET;
                    let lines = code.lines.clone();
                    write_secret_codes(&path, &[LabelledCode { code: &drawn, lines, warning }])
                });
                vec![saved_code(saved, path)]
            }
            Effect::Export(order) => {
                let exported = Report::Exported(self.export(*order));
                self.with_people(exported)
            }
            // The others are not the clerk's.
            _ => Vec::new(),
        }
    }

    fn open(&mut self) -> Result<Opened, Notification> {
        let profile =
            Profile::open(&self.folder).map_err(|error| messages::window::store(&error))?;
        let notes = profile.warnings().iter().map(|warning| format!("{warning}.")).collect();
        let read = || {
            let identity = match profile.identity()? {
                IdentityState::Missing => Found::None,
                IdentityState::Sealed(_) => Found::Sealed,
                IdentityState::Plain(identity) => Found::LocalDevice(own(identity, false)),
            };
            Ok((identity, profile.settings()?))
        };
        let (identity, settings) =
            read().map_err(|error: StoreError| messages::window::store(&error))?;
        if let Found::LocalDevice(own) = &identity {
            self.own = Some(Fingerprint::of(own.key.public()));
        }
        self.profile = Some(profile);
        Ok(Opened {
            identity,
            people: self.people(),
            settings,
            notes,
            suggested_name: machine_name().as_str().to_owned(),
            home: etcetera::home_dir().unwrap_or_default(),
        })
    }

    fn create(&mut self, name: DisplayName) -> Result<LocalDevice, Notification> {
        let now = self.now();
        let Some(profile) = &self.profile else { return Err(not_open()) };
        let identity = profile
            .new_identity(Some(name), &mut self.nature.rng, now)
            .map_err(|error| messages::window::store(&error))?;
        Ok(self.is_now(identity, false))
    }

    fn unlock(&mut self, passphrase: &Passphrase) -> Result<LocalDevice, Notification> {
        let protected =
            self.with(|profile| Ok(matches!(profile.identity()?, IdentityState::Sealed(_))))?;
        let identity = self.with(|profile| profile.unlock_identity(Some(passphrase)))?;
        self.wanted()?;
        Ok(self.is_now(identity, protected))
    }

    fn change(
        &mut self,
        name: DisplayName,
        present: Option<&Passphrase>,
        protection: Protection,
    ) -> Result<LocalDevice, Notification> {
        let mut identity = self.with(|profile| profile.unlock_identity(present))?;
        identity.name = name;
        let by = match &protection {
            Protection::Same => present,
            Protection::None => None,
            Protection::By(passphrase) => Some(passphrase),
        };
        let prepared = self.prepared(identity, by)?;
        self.with(|profile| profile.store_changed_identity(&prepared))?;
        let protected = prepared.is_protected();
        Ok(self.is_now(prepared.into_identity(), protected))
    }

    fn back_up(
        &self,
        path: PathBuf,
        present: Option<&Passphrase>,
        by: &Passphrase,
    ) -> Result<PathBuf, Notification> {
        let identity = self.with(|profile| profile.unlock_identity(present))?;
        let sealed =
            identity.seal(by, self.work).map_err(|error| messages::window::store(&error))?;
        self.wanted()?;
        IdentityBackup::write(&path, &sealed)
            .map_err(|error| messages::window::identity(&error))?;
        Ok(path)
    }

    /// Takes the identity of a backup. If the present one is protected, the
    /// backup's passphrase protects the restored one.
    fn restore(&mut self, path: &Path, by: Passphrase) -> Result<LocalDevice, Notification> {
        let backup =
            IdentityBackup::read(path).map_err(|error| messages::window::identity(&error))?;
        let identity = backup.open(Some(&by)).map_err(|error| messages::window::store(&error))?;
        self.wanted()?;
        let protected =
            self.with(|profile| Ok(matches!(profile.identity()?, IdentityState::Sealed(_))))?;
        self.take(identity, protected.then_some(&by))
    }

    fn renew(&mut self) -> Result<LocalDevice, Notification> {
        let now = self.now();
        let Some(profile) = &self.profile else { return Err(not_open()) };
        let identity = profile
            .successor_identity(&mut self.nature.rng, now)
            .map_err(|error| messages::window::store(&error))?;
        self.take(identity, None)
    }

    fn take(
        &mut self,
        identity: Identity,
        by: Option<&Passphrase>,
    ) -> Result<LocalDevice, Notification> {
        let now = self.now();
        let prepared = self.prepared(identity, by)?;
        let Some(profile) = &self.profile else { return Err(not_open()) };
        profile
            .take_identity(&prepared, now)
            .map_err(|error| messages::window::identity(&error))?;
        let protected = prepared.is_protected();
        Ok(self.is_now(prepared.into_identity(), protected))
    }

    /// Seals the identity where it is to be protected, unless that is cancelled.
    fn prepared(
        &self,
        identity: Identity,
        by: Option<&Passphrase>,
    ) -> Result<PreparedIdentity, Notification> {
        let protection = match by {
            Some(passphrase) => keyglance_profile::Protection::Passphrase(passphrase, self.work),
            None => keyglance_profile::Protection::Plain,
        };
        let prepared = PreparedIdentity::new(identity, &protection)
            .map_err(|error| messages::window::store(&error))?;
        self.wanted()?;
        Ok(prepared)
    }

    /// This device is `identity` now.
    fn is_now(&mut self, identity: Identity, protected: bool) -> LocalDevice {
        self.own = Some(Fingerprint::of(identity.key.public()));
        own(identity, protected)
    }

    fn export(&self, order: Order) -> Result<Done, Notification> {
        let Some(profile) = &self.profile else { return Err(not_open()) };
        let refused = |error: ExportFailure| messages::window::export(&error);
        let key = profile.usable_key(order.key).map_err(|error| messages::window::store(&error))?;
        let export = profile
            .prepare_export(key, order.target, order.purpose, &order.choices)
            .map_err(refused)?;
        let number = order.number;
        let Some(path) = &order.path else {
            let code = export.show_code(self.now()).map_err(refused)?;
            let lines = messages::caption(&code);
            let text = String::from_utf8_lossy(&code.text).into_owned().into();
            let code = ExportCode { text, notes: code.notes, lines };
            return Ok(Done { number, what: What::Code(code) });
        };
        let export = match &order.passphrase {
            Some(passphrase) => export.protect(passphrase, self.work).map_err(refused)?,
            None => export,
        };
        self.wanted()?;
        let notes = export.notes().to_vec();
        let files = export.write_file(path, self.now()).map_err(refused)?;
        let sealed = files.protected;
        let files = std::iter::once(files.path).chain(files.public).collect();
        Ok(Done { number, what: What::ExportedFiles(ExportedFiles { files, sealed, notes }) })
    }

    fn with<T>(
        &self,
        what: impl FnOnce(&Profile) -> Result<T, StoreError>,
    ) -> Result<T, Notification> {
        let profile = self
            .profile
            .as_ref()
            .ok_or_else(|| Notification::new("The profile is not open.", ""))?;
        what(profile).map_err(|error| messages::window::store(&error))
    }

    fn store(&self, what: impl FnOnce(&Profile) -> Result<(), StoreError>) -> Vec<Report> {
        let stored = self.with(what);
        self.with_people(Report::Stored(stored))
    }

    /// Others may have changed the profile too: what it holds is read again.
    fn with_people(&self, report: Report) -> Vec<Report> {
        vec![Report::ContactList(self.people()), report]
    }

    /// The profile as it is now, where somebody else changed it since.
    pub fn look(&mut self) -> Option<Report> {
        let stamp = self.profile.as_ref()?.change_token();
        if stamp == self.stamp {
            return None;
        }
        self.stamp = stamp;
        Some(Report::ContactList(self.people()))
    }

    fn people(&self) -> ContactList {
        let read = |profile: &Profile| Ok((profile.contacts()?, profile.keys()?));
        let ((contacts, mut warnings), (keys, more)) = match self.with(read) {
            Ok(read) => read,
            Err(told) => {
                return ContactList { contacts: Vec::new(), warnings: vec![told.what] };
            }
        };
        warnings.extend(more);
        let person = |contact: Contact| {
            let id = contact.id();
            let own_keys: Vec<_> = keys.iter().filter(|key| key.contact == id).collect();
            // Of who this device is now; a key's own is of who it was then.
            let number = self.own.as_ref().map_or_else(String::new, |own| {
                SafetyNumber::new(own, contact.fingerprint()).digits().to_owned()
            });
            let keys = own_keys
                .into_iter()
                .map(|key| Key {
                    name: key.name.clone(),
                    id: key.file.key_id(),
                    created: key.file.created,
                    acknowledged: key.file.is_acknowledged(),
                    verified: key.file.verified,
                    purpose: key.purpose.clone(),
                    exports: key.exports.clone(),
                    retired: key.retired_at.is_some(),
                })
                .collect();
            ContactView { contact, keys, safety_number: number }
        };
        let warnings = warnings.iter().map(|warning| format!("{warning}.")).collect();
        ContactList { contacts: contacts.into_iter().map(person).collect(), warnings }
    }
}

fn own(identity: Identity, protected: bool) -> LocalDevice {
    LocalDevice {
        fingerprint: Fingerprint::of(identity.key.public()).digits(),
        name: identity.name,
        key: Arc::new(identity.key),
        protected,
    }
}

fn saved_code(saved: Result<(), CodeFileError>, path: PathBuf) -> Report {
    Report::Saved(saved.map(|()| path).map_err(|error| messages::window::code_file(&error)))
}

fn not_open() -> Notification {
    Notification::new("The profile is not open.", "")
}
