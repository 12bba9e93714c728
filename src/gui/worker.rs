//! The clerk: does what concerns the profile, one thing after another.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::message::{Effect, Found, Opened, Protection, Report};
use super::screens::export::{Done, ExportCode, ExportedFiles, Order, What};
use super::screens::pairing::Rng;
use super::state::{ContactList, ContactView, Key, LocalDevice};
use crate::messages;
use crate::messages::Notification;
use keyglance_core::contacts::Contact;
use keyglance_core::crypto::{Fingerprint, IdentityKey, SafetyNumber};
use keyglance_core::keyfile::{Passphrase, WorkFactor, seal};
use keyglance_core::pairing::DisplayName;
use keyglance_core::trust::Trust;
use keyglance_core::trust::Verified;
use keyglance_profile::{
    Access, ChangeToken, Exported, Identity, IdentityState, Profile, StoreError, create_file,
    machine_name, replace_file, write_export,
};
use keyglance_qr::{self as qr, Code, LabelledCode};

/// Pixels a module of a code in a file.
const SCALE: u32 = 8;

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
            Effect::ReplaceKeys { contact, keep } => self.store(|profile| {
                let contact = profile.contact(&contact)?.id();
                let (keys, _) = profile.keys()?;
                let old = keys
                    .into_iter()
                    .filter(|key| key.contact == contact && key.file.key_id() != keep);
                for key in old.filter(|key| key.retired_at.is_none()) {
                    profile.retire_key(key.file.key_id(), Some(now))?;
                }
                Ok(())
            }),
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
            Effect::RemoveKey(id) => {
                self.store(|profile| profile.remove_key(&id.to_string()).map(drop))
            }
            Effect::SaveSettings(settings) => {
                let stored = self.with(|profile| profile.store_settings(&settings));
                vec![Report::Stored(stored)]
            }
            Effect::ShowCode(text) => match &self.show {
                Some(path) => {
                    let shown = picture(&text, path).and_then(|bytes| {
                        replace_file(path, &bytes, Access::Shared)
                            .map_err(|error| not_written(path, &error))
                    });
                    shown.err().map(Report::Failed).into_iter().collect()
                }
                None => Vec::new(),
            },
            Effect::SaveCode { text, path } => {
                let saved = picture(&text, &path).and_then(|bytes| {
                    create_file(&path, &bytes, Access::Shared)
                        .map_err(|error| not_written(&path, &error))
                });
                vec![Report::Saved(saved.map(|()| path))]
            }
            Effect::SaveSecretCode(code, path) => {
                let saved = page_or_picture(&code, &path).and_then(|bytes| {
                    create_file(&path, &bytes, Access::Private)
                        .map_err(|error| not_written(&path, &error))
                });
                vec![Report::Saved(saved.map(|()| path))]
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
        let key = IdentityKey::generate(&mut self.nature.rng);
        let identity = Identity { name, created: self.now(), key };
        self.with(|profile| profile.create_identity(&identity))?;
        self.own = Some(Fingerprint::of(identity.key.public()));
        Ok(own(identity, false))
    }

    fn unlock(&mut self, passphrase: &Passphrase) -> Result<LocalDevice, Notification> {
        let identity = self.with(|profile| match profile.identity()? {
            IdentityState::Sealed(bytes) => Identity::unseal(&bytes, passphrase),
            IdentityState::Plain(identity) => Ok(identity),
            IdentityState::Missing => Err(StoreError::NoIdentity),
        })?;
        self.wanted()?;
        self.own = Some(Fingerprint::of(identity.key.public()));
        Ok(own(identity, true))
    }

    fn change(
        &mut self,
        name: DisplayName,
        present: Option<&Passphrase>,
        protection: Protection,
    ) -> Result<LocalDevice, Notification> {
        let mut identity = self.present(present)?;
        identity.name = name;
        let by = match &protection {
            Protection::Same => present,
            Protection::None => None,
            Protection::By(passphrase) => Some(passphrase),
        };
        let sealed = by.map(|passphrase| identity.seal(passphrase, self.work)).transpose();
        let sealed = sealed.map_err(|error| messages::window::store(&error))?;
        self.wanted()?;
        self.with(|profile| match &sealed {
            Some(sealed) => profile.store_sealed_identity(sealed),
            None => profile.store_identity(&identity, None),
        })?;
        Ok(own(identity, sealed.is_some()))
    }

    fn back_up(
        &self,
        path: PathBuf,
        present: Option<&Passphrase>,
        by: &Passphrase,
    ) -> Result<PathBuf, Notification> {
        let identity = self.present(present)?;
        let sealed =
            identity.seal(by, self.work).map_err(|error| messages::window::store(&error))?;
        self.wanted()?;
        create_file(&path, &sealed, Access::Private).map_err(|error| not_written(&path, &error))?;
        Ok(path)
    }

    fn restore(&mut self, path: &Path, by: Passphrase) -> Result<LocalDevice, Notification> {
        let bytes = std::fs::read(path).map(Zeroizing::new).map_err(|error| {
            let what = format!("{} could not be read: {}.", path.display(), error.kind());
            Notification::new(what, "Nothing was changed.")
        })?;
        let identity =
            Identity::read(&bytes, || Some(by)).map_err(|error| messages::window::store(&error))?;
        self.wanted()?;
        self.become_another(identity)
    }

    fn renew(&mut self) -> Result<LocalDevice, Notification> {
        let name = match self.with(Profile::identity)? {
            IdentityState::Plain(own) => own.name,
            _ => machine_name(),
        };
        let key = IdentityKey::generate(&mut self.nature.rng);
        self.become_another(Identity { name, created: self.now(), key })
    }

    fn become_another(&mut self, identity: Identity) -> Result<LocalDevice, Notification> {
        let now = self.now();
        self.with(|profile| profile.replace_identity(&identity, None, now))?;
        self.own = Some(Fingerprint::of(identity.key.public()));
        Ok(own(identity, false))
    }

    /// The stored identity, which `present` opens where it is protected.
    fn present(&self, present: Option<&Passphrase>) -> Result<Identity, Notification> {
        self.with(|profile| match (profile.identity()?, present) {
            (IdentityState::Plain(identity), _) => Ok(identity),
            (IdentityState::Sealed(bytes), Some(present)) => Identity::unseal(&bytes, present),
            _ => Err(StoreError::NoIdentity),
        })
    }

    fn export(&self, order: Order) -> Result<Done, Notification> {
        let nothing = |what: String| Notification::new(what, "Nothing was exported.");
        let number = order.number;
        let key = self.with(|profile| profile.usable_key(&order.key.to_string()))?;
        let record = |to: String| {
            let (target, purpose) =
                (order.target.name.to_owned(), order.purpose.as_str().to_owned());
            let export = Exported { target, purpose, to, at: self.now() };
            self.with(|profile| profile.record_export(order.key, export))
        };
        let export = order
            .target
            .export_with(&key.file, &order.purpose, &order.choices)
            .map_err(|error| nothing(messages::window::sentence(&error)))?;
        let Some(path) = &order.path else {
            if order.target.scanned_by.is_none() || !export.complete {
                return Err(nothing("A code would lack what is to be filled in.".to_owned()));
            }
            let text = std::str::from_utf8(export.file.expose())
                .map_err(|_| nothing("These bytes are no text that fits a code.".to_owned()))?;
            let lines =
                messages::caption(order.target, &key.name, order.purpose.as_str(), &export.notes);
            let code = ExportCode { text: text.to_owned().into(), notes: export.notes, lines };
            record("shown as a code".to_owned())?;
            return Ok(Done { number, what: What::Code(code) });
        };
        let sealed = match &order.passphrase {
            Some(passphrase) => Some(
                seal(export.file.expose(), passphrase, self.work)
                    .map_err(|error| nothing(messages::window::sentence(&error)))?,
            ),
            None => None,
        };
        self.wanted()?;
        let bytes = sealed.as_deref().unwrap_or_else(|| export.file.expose());
        let files = write_export(path, bytes, export.public.as_ref())
            .map_err(|(path, error)| not_written(&path, &error))?;
        record(path.to_string_lossy().into_owned())?;
        let written = ExportedFiles { files, sealed: sealed.is_some(), notes: export.notes };
        Ok(Done { number, what: What::ExportedFiles(written) })
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
        let stamp = self.profile.as_ref()?.stamp();
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
                    acknowledged: key.file.acknowledged,
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

/// A secret code as the file's name says: `.html` is a page to print.
fn page_or_picture(code: &ExportCode, path: &Path) -> Result<Zeroizing<Vec<u8>>, Notification> {
    if !path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("html")) {
        return picture(&code.text, path).map(Zeroizing::new);
    }
    let drawn = Code::new(&code.text)
        .map_err(|error| Notification::new(messages::window::sentence(&error), ""))?;
    let lines = code.lines.clone();
    let labelled = LabelledCode { code: &drawn, lines, warning: messages::CODE_IS_SECRET };
    let page = qr::print_page("Keyglance codes", &[labelled]);
    Ok(Zeroizing::new(page.as_bytes().to_vec()))
}

/// A code as the file's name says: `.svg`, or else PNG.
fn picture(text: &str, path: &Path) -> Result<Vec<u8>, Notification> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let code = Code::new(text)
        .map_err(|error| Notification::new(messages::window::sentence(&error), ""))?;
    match ending.as_deref() {
        Some("svg") => Ok(qr::render_svg(&code).into_bytes()),
        Some("png") => qr::render_png(&code, SCALE)
            .map_err(|error| Notification::new(messages::window::sentence(&error), "")),
        _ => Err(Notification::new(
            "The name must end in .png or .svg (or, for a key, .html).",
            "Nothing was written.",
        )),
    }
}

fn not_written(path: &Path, error: &std::io::Error) -> Notification {
    match error.kind() {
        std::io::ErrorKind::AlreadyExists => Notification::new(
            format!("{} is already there.", path.display()),
            "Choose another name.",
        ),
        kind => Notification::new(
            format!("{} could not be written: {kind}.", path.display()),
            "Choose another place.",
        ),
    }
}
