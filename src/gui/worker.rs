//! Carries out everything that concerns the profile, one command after another,
//! on a thread of its own.

mod backup;
mod card;
mod files;
mod identity;
mod paper;
mod phone_page;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

use super::effect::{ExportCode, ExportRequest, Payloads, ProfileCommand};
use super::model::{ContactList, ContactView, KeyView, Rng};
use super::report::{ExportOutcome, FinishedExport, OpenChallenge, WrittenFiles};
use super::report::{OpenedProfile, Report, StoredIdentity};
use super::screens::what_code;
use crate::messages;
use crate::messages::Notification;
use backup::PendingRestoration;
use identity::local_device;
use keyglance_core::contacts::Contact;
use keyglance_core::crypto::{Fingerprint, KeyId, Purpose, SafetyNumber};
use keyglance_core::keyfile::{KeyFile, WorkFactor};
use keyglance_core::pairing::CheckEntry;
use keyglance_profile::{
    CardPlaces, ChangeToken, CodeFileError, ExportFailure, Exported, ExportedCode, ExportedFiles,
    IdentityState, Profile, Require, StoreError, Verdict, best_key, machine_name, newcomers,
    refusal, replace_code, write_new_code, write_secret_codes,
};
use keyglance_qr::{Code, LabelledCode};

pub struct ProfileWorker {
    folder: PathBuf,
    profile: Option<Profile>,
    /// Of this device.
    fingerprint: Option<Fingerprint>,
    /// The file that our code is written to as well.
    code_file: Option<PathBuf>,
    work_factor: WorkFactor,
    pending: Option<PendingRestoration>,
    /// A key of a file that was opened, until the user takes it in.
    found_key: Option<KeyFile>,
    /// What was made of cards whose keys are gone.
    left_behind: Vec<Exported>,
    /// The state of the profile's folders when they were last read.
    change_token: ChangeToken,
    /// How many commands were carried out or begun.
    commands: u64,
    /// Commands up to this number are cancelled.
    cancelled: Arc<AtomicU64>,
    environment: Environment,
}

/// The inputs that differ with every run.
pub struct Environment {
    pub clock: fn() -> Timestamp,
    pub rng: Rng,
    /// Where programs keep what can be shared.
    pub places: CardPlaces,
    /// This program's file, with which the page for phones was installed.
    pub program: Option<PathBuf>,
    /// Whether any folder counts as the user's usual one, which commands are not told.
    pub any_folder_is_usual: bool,
}

impl ProfileWorker {
    pub fn new(
        folder: PathBuf,
        code_file: Option<PathBuf>,
        work_factor: WorkFactor,
        cancelled: Arc<AtomicU64>,
        environment: Environment,
    ) -> Self {
        Self {
            folder,
            profile: None,
            fingerprint: None,
            code_file,
            work_factor,
            pending: None,
            found_key: None,
            left_behind: Vec::new(),
            change_token: ChangeToken::default(),
            commands: 0,
            cancelled,
            environment,
        }
    }

    /// The time in whole seconds, as files have it.
    fn now(&self) -> Timestamp {
        let now = (self.environment.clock)();
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }

    /// Called after anything slow, and before anything is written.
    fn ensure_not_cancelled(&self) -> Result<(), Notification> {
        if self.cancelled.load(Ordering::Relaxed) < self.commands {
            return Ok(());
        }
        Err(Notification::new("Cancelled.", "Nothing was changed."))
    }

    /// Carries out a command, and reports what became of it.
    pub fn carry_out(&mut self, command: ProfileCommand) -> Vec<Report> {
        self.commands += 1;
        let now = self.now();
        match command {
            ProfileCommand::OpenAt(folder) => {
                self.folder = folder;
                vec![Report::ProfileOpened(self.open().map(Box::new))]
            }
            ProfileCommand::LookIntoFile(path, passphrase) => {
                let content = self.look_into_file(&path, passphrase.as_ref());
                vec![Report::FileSeen(path, content)]
            }
            ProfileCommand::Inspect(Payloads(codes)) => {
                let now = self.now();
                let codes =
                    codes.into_iter().map(|bytes| what_code::Code::new(bytes, now)).collect();
                vec![Report::Inspected(codes)]
            }
            ProfileCommand::Paper(request) => {
                vec![Report::PaperSaved(self.paper(*request))]
            }
            ProfileCommand::RestoreFromPaper(request) => {
                let report = self.restore_from_paper(*request);
                self.with_contacts(report)
            }
            ProfileCommand::Challenge(key, purpose) => {
                vec![Report::ChallengeOpened(self.challenge(key, &purpose).map(Box::new))]
            }
            ProfileCommand::TellTime => vec![Report::Time((self.environment.clock)())],
            ProfileCommand::ImportKey => {
                let imported = self.import_key();
                self.with_contacts(Report::KeyImported(imported))
            }
            ProfileCommand::Seal { contact, from, to } => {
                vec![Report::Sealed(self.seal(contact, &from, to))]
            }
            ProfileCommand::Unseal { from, to } => {
                vec![Report::Unsealed(self.unseal(&from, to))]
            }
            ProfileCommand::Open => vec![Report::ProfileOpened(self.open().map(Box::new))],
            ProfileCommand::CreateIdentity(name) => {
                vec![Report::Identity(self.create_identity(name))]
            }
            ProfileCommand::Unlock(passphrase) => {
                let device = self.unlock(&passphrase);
                self.with_contacts(Report::Identity(device))
            }
            ProfileCommand::ChangeIdentity { name, current, protection } => {
                let device = self.change_identity(name, current.as_ref(), protection);
                vec![Report::Identity(device)]
            }
            ProfileCommand::BackUpIdentity { path, current, passphrase } => {
                let backup = self.back_up_identity(path, current.as_ref(), &passphrase);
                vec![Report::IdentityBackedUp(backup)]
            }
            ProfileCommand::BackUpProfile { path, current, passphrase } => {
                let backup = self.back_up_profile(path, current.as_ref(), &passphrase);
                vec![Report::IdentityBackedUp(backup)]
            }
            ProfileCommand::PlanRestoration { path, current, passphrase } => {
                let plan = self.plan_restoration(path, current.as_ref(), &passphrase);
                vec![Report::RestorationPlanned(plan)]
            }
            ProfileCommand::Restore => {
                let restored = self.restore();
                self.with_contacts(Report::Restored(restored))
            }
            ProfileCommand::RestoreIdentity { path, passphrase } => {
                let device = self.restore_identity(&path, passphrase);
                self.with_contacts(Report::Identity(device))
            }
            ProfileCommand::CreateNewIdentity { current } => {
                let device = self.create_new_identity(current.as_ref());
                self.with_contacts(Report::Identity(device))
            }
            ProfileCommand::ReadCardToShare => vec![self.card_to_share()],
            ProfileCommand::ReadOwnCard => vec![self.own_card()],
            ProfileCommand::ReadForCard(kind, input) => {
                vec![self.read_for_card(kind, &input), self.own_card()]
            }
            ProfileCommand::ShareOnCard(chosen) => {
                vec![self.share_on_card(*chosen), self.own_card()]
            }
            ProfileCommand::TakeOffCard(kind) => {
                let taken = self.with_profile(|profile| profile.take_off_card(kind).map(drop));
                vec![Report::Stored(taken), self.own_card()]
            }
            ProfileCommand::ReadPhonePage => vec![self.phone_page()],
            ProfileCommand::SetPhonePage(address) => vec![self.set_phone_page(address)],
            ProfileCommand::SavePhonePage(folder) => {
                vec![Report::PhonePageSaved(self.save_phone_page(&folder))]
            }
            ProfileCommand::StorePairing(request) => {
                let Some(profile) = &self.profile else { return vec![Report::Failed(not_open())] };
                let report = request.carry_out(profile, now);
                self.with_contacts(Report::PairingStored(report))
            }
            ProfileCommand::EnterCheckCode(key, typed) => {
                let left = self.left_behind_of(key);
                let entry = self.with_profile(|profile| profile.enter_check_code(key, &typed, now));
                if matches!(entry, Ok(CheckEntry::Mismatch)) {
                    self.left_behind.extend(left);
                }
                self.with_contacts(Report::CheckCodeEntered(entry))
            }
            ProfileCommand::RejectCheckCode(key) => {
                let left = self.left_behind_of(key);
                self.store_leaving(left, |profile| profile.reject_check_code(key))
            }
            ProfileCommand::DiscardPairing(saved) => {
                self.store(|profile| profile.discard_pairing(&saved))
            }
            ProfileCommand::Acknowledge(id) => self.store(|profile| profile.acknowledge(id)),
            ProfileCommand::RecordVerification(id, result) => {
                self.store(|profile| profile.record_verification(id, result, now))
            }
            ProfileCommand::AddContact(name, identity) => {
                let added = self.with_profile(|profile| profile.add_contact(&name, identity, now));
                self.with_contacts(Report::ContactAdded(added.map(|contact| contact.id())))
            }
            ProfileCommand::RenameContact(contact, to) => {
                self.store(|profile| profile.rename_contact(contact, &to))
            }
            ProfileCommand::RemoveContact(contact) => {
                let left = self.with_profile(|profile| profile.left_behind(contact));
                let left = left.unwrap_or_default();
                self.store_leaving(left, |profile| profile.remove_contact(contact).map(drop))
            }
            ProfileCommand::Decide(contact, decision) => {
                self.store(|profile| profile.decide(contact, decision, now).map(drop))
            }
            ProfileCommand::SetKeyPurpose(id, text) => {
                self.store(|profile| profile.set_key_purpose(id, &text))
            }
            ProfileCommand::RetireKey(id, on) => {
                self.store(|profile| profile.retire_key(id, on.then_some(now)))
            }
            ProfileCommand::RetireOtherKeys { keep } => {
                self.store(|profile| profile.retire_other_keys(keep, now))
            }
            ProfileCommand::RemoveKey(id) => {
                let left = self.left_behind_of(id);
                self.store_leaving(left, |profile| profile.remove_key(id).map(drop))
            }
            ProfileCommand::ForgetLeftBehind => {
                self.left_behind.clear();
                vec![Report::ContactList(self.contacts())]
            }
            ProfileCommand::Export(request) => {
                let outcome = self.export(*request);
                self.with_contacts(Report::Exported(outcome))
            }
            ProfileCommand::SaveCode { text, path } => {
                let saved = write_new_code(&path, &text);
                vec![code_saved(saved, path)]
            }
            ProfileCommand::SaveSecretCodes(codes, path) => {
                let saved = save_secret_codes(&codes, &path);
                vec![code_saved(saved, path)]
            }
            ProfileCommand::ShowCode(text) => {
                let written = self.write_code_file(&text);
                written.err().map(Report::Failed).into_iter().collect()
            }
            ProfileCommand::Forget => {
                self.forget();
                Vec::new()
            }
            ProfileCommand::SaveSettings(settings) => {
                vec![Report::Stored(self.with_profile(|profile| profile.store_settings(&settings)))]
            }
        }
    }

    /// Wipes the secrets that wait for the user to decide. Whatever else the worker knows is
    /// public, or is read again when it is used.
    fn forget(&mut self) {
        self.pending = None;
        self.found_key = None;
    }

    fn write_code_file(&self, text: &str) -> Result<(), Notification> {
        let Some(path) = &self.code_file else { return Ok(()) };
        replace_code(path, text).map_err(|error| messages::window::explain(&error))
    }

    fn open(&mut self) -> Result<OpenedProfile, Notification> {
        let mut profile =
            Profile::open(&self.folder).map_err(|error| messages::window::explain(&error))?;
        if self.environment.any_folder_is_usual {
            profile = profile.as_usual();
        }
        let notes = profile.warnings().iter().map(|warning| format!("{warning}.")).collect();
        let read = || {
            let identity = match profile.identity()? {
                IdentityState::Missing => StoredIdentity::Missing,
                IdentityState::Sealed(_) => StoredIdentity::Sealed,
                IdentityState::Plain(identity) => {
                    StoredIdentity::Open(local_device(identity, false))
                }
            };
            Ok((identity, profile.settings()?))
        };
        let (identity, settings) =
            read().map_err(|error: StoreError| messages::window::explain(&error))?;
        if let StoredIdentity::Open(device) = &identity {
            self.fingerprint = Some(device.fingerprint);
        }
        let unwritable = profile.check_writable().err();
        self.profile = Some(profile);
        Ok(OpenedProfile {
            unwritable: unwritable.map(|error| messages::window::explain(&error)),
            identity,
            contacts: self.contacts(),
            settings,
            notes,
            suggested_name: machine_name().as_str().to_owned(),
            home: etcetera::home_dir().unwrap_or_default(),
        })
    }

    fn export(&self, request: ExportRequest) -> Result<ExportOutcome, Notification> {
        let Some(profile) = &self.profile else { return Err(not_open()) };
        let refused = |error: ExportFailure| messages::window::explain(&error);
        let key = profile.usable_key(request.key, Require::Usable);
        let key = key.map_err(|error| messages::window::explain(&error))?;
        let key = if request.not_compared { key.accept_not_compared() } else { key };
        let export = profile
            .prepare_export(key, request.program.target, request.purpose, &request.options)
            .map_err(refused)?
            .told_for(request.program);
        let number = request.number;
        let Some(path) = &request.path else {
            let codes = export.show_codes(self.now()).map_err(refused)?;
            let shown = |code: ExportedCode| {
                let lines = messages::caption(&code);
                let text = String::from_utf8_lossy(&code.text).as_ref().into();
                ExportCode { text, caption: code.caption, notes: code.notes, lines }
            };
            let codes = codes.into_iter().map(shown).collect();
            return Ok(ExportOutcome { number, export: FinishedExport::Codes(codes) });
        };
        let export = match &request.passphrase {
            Some(passphrase) => export.protect(passphrase, self.work_factor).map_err(refused)?,
            None => export,
        };
        self.ensure_not_cancelled()?;
        let notes = export.notes().to_vec();
        let trusted = export.trusted_host().map(|(host, known)| {
            let about = messages::shared::known_host(host, &known);
            (messages::shared::trusted_host(host), about)
        });
        let written = export.write_file(path, self.now()).map_err(refused)?;
        let bytes = std::fs::metadata(&written.path).map_or(0, |file| file.len());
        let ExportedFiles { path, public, protected, open_command, usage, without_file, undo } =
            written;
        let files = WrittenFiles {
            path,
            public,
            protected,
            bytes,
            notes,
            open_command,
            usage,
            without_file,
            undo,
            trusted,
        };
        Ok(ExportOutcome { number, export: FinishedExport::Files(Box::new(files)) })
    }

    /// With the time to the fraction: the window shows each second as it begins.
    fn challenge(&self, key: KeyId, purpose: &Purpose) -> Result<OpenChallenge, Notification> {
        let key = self.with_profile(|profile| profile.usable_key(key, Require::Usable))?;
        let challenge = key.challenge(purpose);
        let challenge = challenge.map_err(|error| messages::window::explain(&error))?;
        Ok(OpenChallenge { challenge, at: (self.environment.clock)() })
    }

    fn with_profile<T>(
        &self,
        call: impl FnOnce(&Profile) -> Result<T, StoreError>,
    ) -> Result<T, Notification> {
        let Some(profile) = &self.profile else { return Err(not_open()) };
        call(profile).map_err(|error| messages::window::explain(&error))
    }

    fn store(&self, call: impl FnOnce(&Profile) -> Result<(), StoreError>) -> Vec<Report> {
        let stored = self.with_profile(call);
        self.with_contacts(Report::Stored(stored))
    }

    /// What was made of the card of a key.
    fn left_behind_of(&self, key: KeyId) -> Vec<Exported> {
        let key = self.with_profile(|profile| profile.key(key));
        key.map(|key| key.left_behind()).unwrap_or_default()
    }

    /// Carries out what makes a key go, of whose card `left` was made.
    fn store_leaving(
        &mut self,
        left: Vec<Exported>,
        call: impl FnOnce(&Profile) -> Result<(), StoreError>,
    ) -> Vec<Report> {
        let stored = self.with_profile(call);
        if stored.is_ok() {
            self.left_behind.extend(left);
        }
        self.with_contacts(Report::Stored(stored))
    }

    /// Adds the contacts to a report. They are read again, since another program may
    /// have changed them too.
    fn with_contacts(&self, report: Report) -> Vec<Report> {
        vec![Report::ContactList(self.contacts()), report]
    }

    /// The contacts, if another program changed the profile since they were last read.
    pub fn poll_changes(&mut self) -> Option<Report> {
        let token = self.profile.as_ref()?.change_token();
        if token == self.change_token {
            return None;
        }
        self.change_token = token;
        Some(Report::ContactList(self.contacts()))
    }

    fn contacts(&self) -> ContactList {
        let read = |profile: &Profile| Ok((profile.contacts()?, profile.keys()?));
        let ((contacts, mut warnings), (keys, more)) = match self.with_profile(read) {
            Ok(read) => read,
            Err(notification) => {
                return ContactList { warnings: vec![notification.what], ..ContactList::default() };
            }
        };
        warnings.extend(more);
        let all = contacts.clone();
        let view = |contact: Contact| {
            let id = contact.id();
            let mut shared: Vec<_> = keys.iter().filter(|key| key.contact == id).collect();
            shared.sort_by_key(|key| key.order());
            // With the current identity: a key file has the number of the identity back then.
            let number =
                self.fingerprint.as_ref().map(|own| SafetyNumber::new(own, contact.fingerprint()));
            let picture = number.as_ref().map(SafetyNumber::picture).unwrap_or_default();
            let number = number.map_or_else(String::new, |number| number.digits().to_owned());
            let best_key = best_key(shared.iter().copied(), &all).map(|key| key.file.key_id());
            let keys = (1..)
                .zip(shared)
                .map(|(number, key)| {
                    let refusal = refusal(key, &all, Require::Usable);
                    KeyView {
                        name: messages::window::names::key_name(&contact.name, number),
                        id: key.file.key_id(),
                        created: key.file.created,
                        provenance: key.provenance,
                        suite: key.file.suite,
                        trust: key.trust(),
                        claim: key.claim.map(|claim| messages::claim(claim, self.now())),
                        of_the_future: key.is_of_the_future(self.now()),
                        purpose: key.purpose.clone(),
                        exports: key.exports.clone(),
                        card: key.file.card(),
                        left_behind: key.left_behind(),
                        retired: key.retired_at.is_some(),
                        comparison: key.comparison,
                        verdict: Verdict::of_key(refusal.as_ref(), key.trust()),
                        refusal,
                    }
                })
                .collect();
            let newcomers =
                newcomers(id, &all).map(|new| (new.id(), new.name.to_string())).collect();
            ContactView { contact, keys, best_key, safety_number: number, picture, newcomers }
        };
        let warnings = warnings.iter().map(|warning| format!("{warning}.")).collect();
        let contacts = contacts.into_iter().map(view).collect();
        let left_behind = self.left_behind.clone();
        ContactList { contacts, read_at: self.now(), warnings, left_behind }
    }
}

fn save_secret_codes(codes: &[ExportCode], path: &Path) -> Result<(), CodeFileError> {
    let drawn: Vec<Code> =
        codes.iter().map(|code| Code::new(&code.text)).collect::<Result<_, _>>()?;
    let labelled = |(code, drawn): (&ExportCode, _)| LabelledCode {
        code: drawn,
        lines: code.lines.clone(),
        warning: messages::CODE_IS_SECRET,
    };
    let labelled: Vec<_> = codes.iter().zip(&drawn).map(labelled).collect();
    write_secret_codes(path, &labelled)
}

fn code_saved(saved: Result<(), CodeFileError>, path: PathBuf) -> Report {
    Report::CodeSaved(saved.map(|()| path).map_err(|error| messages::window::explain(&error)))
}

fn not_open() -> Notification {
    Notification::new("The profile is not open.", "")
}
