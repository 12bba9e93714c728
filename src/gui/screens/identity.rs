//! This device: a backup of it and of all it has, and replacing its own key.

use std::path::{Path, PathBuf};

use eframe::egui::Ui;

use crate::gui::effect::{Effect, FileDialog, ProfileCommand, WorldCommand};
use crate::gui::model::{LocalDevice, Model, SecretText};
use crate::gui::passphrase_form::{PassphraseForm, PassphraseInput, passphrase};
use crate::gui::route::{Outbox, Route};
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use crate::messages::window::common;
use keyglance_core::keyfile::Passphrase;

#[derive(Debug, Default)]
pub struct Page {
    path: String,
    /// Opens an identity that is protected.
    current: SecretText,
    /// Of the backup.
    passphrase: PassphraseForm,
    /// What is about to replace the identity, until the user is sure.
    replacement: Option<Replacement>,
    working: bool,
    outcome: Option<Result<String, Notification>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replacement {
    Backup,
    New,
}

#[derive(Debug)]
pub enum Message {
    Path(String),
    Choose,
    Current(SecretText),
    Passphrase(PassphraseInput),
    BackUp,
    /// Contacts and keys too.
    BackUpAll,
    AskToReplace(Option<Replacement>),
    Replace(Replacement),
    Cancel,
}

impl Page {
    pub fn new(home: &Path) -> Self {
        let path = home.join("keyglance-backup.age").to_string_lossy().into_owned();
        Self { path, ..Self::default() }
    }

    /// The work is done, or has failed; what was typed is wiped.
    pub fn finish(&mut self, outcome: Result<String, Notification>) {
        let path = std::mem::take(&mut self.path);
        *self = Self { path, outcome: Some(outcome), ..Self::default() };
    }

    /// Whether something would be lost that was typed.
    pub fn is_changed(&self) -> bool {
        self.passphrase.is_begun() || !self.current.is_empty()
    }

    /// The file that a dialog chose.
    pub fn choose_file(&mut self, path: &Path) {
        self.path = path.to_string_lossy().into_owned();
    }

    fn file(&self) -> PathBuf {
        PathBuf::from(self.path.trim())
    }

    fn back_up(&mut self, device: &LocalDevice) -> Result<ProfileCommand, String> {
        let new = self.passphrase.take()?;
        let current = self.take_current(device)?;
        Ok(ProfileCommand::BackUpIdentity { path: self.file(), current, passphrase: new })
    }

    fn back_up_all(&mut self, device: &LocalDevice) -> Result<ProfileCommand, String> {
        let new = self.passphrase.take()?;
        let current = self.take_current(device)?;
        Ok(ProfileCommand::BackUpProfile { path: self.file(), current, passphrase: new })
    }

    /// The current passphrase, if there is one.
    fn take_current(&mut self, device: &LocalDevice) -> Result<Option<Passphrase>, String> {
        let current = std::mem::take(&mut self.current);
        device.protected.then(|| passphrase(current)).transpose()
    }

    fn replace(
        &mut self,
        device: &LocalDevice,
        replacement: Replacement,
    ) -> Result<ProfileCommand, String> {
        match replacement {
            Replacement::Backup => {
                let passphrase = self.passphrase.take_first()?;
                Ok(ProfileCommand::RestoreIdentity { path: self.file(), passphrase })
            }
            Replacement::New => {
                Ok(ProfileCommand::CreateNewIdentity { current: self.take_current(device)? })
            }
        }
    }

    fn start(&mut self, command: Result<ProfileCommand, String>) -> Vec<Effect> {
        self.replacement = None;
        match command {
            Ok(command) => {
                self.working = true;
                vec![command.into()]
            }
            Err(what) => {
                self.outcome = Some(Err(Notification::new(what, common::NOTHING_CHANGED)));
                Vec::new()
            }
        }
    }
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    let Some(device) = &model.device else { return Vec::new() };
    page.outcome = None;
    match message {
        Message::Path(text) => page.path = text,
        Message::Choose => {
            let path = page.path.clone();
            return vec![WorldCommand::OpenDialog(FileDialog::SaveAs, path).into()];
        }
        Message::Current(text) => page.current = text,
        Message::Passphrase(input) => page.passphrase.update(input),
        Message::AskToReplace(replacement) => page.replacement = replacement,
        Message::Cancel => return vec![WorldCommand::Cancel.into()],
        Message::BackUp => {
            let command = page.back_up(device);
            return page.start(command);
        }
        Message::BackUpAll => {
            let command = page.back_up_all(device);
            return page.start(command);
        }
        Message::Replace(replacement) => {
            let command = page.replace(device, replacement);
            return page.start(command);
        }
    }
    Vec::new()
}

pub fn ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    let Some(device) = &model.device else { return };
    if page.working {
        widgets::page_centred(ui, |ui| {
            if widgets::working(ui, "Working…") {
                out.send(Message::Cancel);
            }
        });
        return;
    }
    let mut bar = Outbox::new();
    let content = |ui: &mut Ui| {
        if widgets::back(ui, common::SETTINGS).clicked() {
            out.go(Route::Settings);
        }
        widgets::heading(ui, "Back up this device");
        match &page.outcome {
            Some(Ok(text)) => done_ui(ui, text),
            Some(Err(problem)) => widgets::problem(ui, problem),
            None => {}
        }
        if let Some(replacement) = page.replacement {
            replacement_ui(ui, replacement, out);
            return;
        }
        ui.label(
            "A backup brings this device back when its disk is lost: who it is, its contacts and \
             its keys.",
        );
        let mut path = page.path.clone();
        let (typed, choose) = widgets::place(ui, "Backup file", &mut path);
        if typed {
            out.send(Message::Path(path));
        }
        if choose {
            out.send(Message::Choose);
        }
        if device.protected {
            let mut current = page.current.clone();
            if widgets::secret(ui, common::PASSPHRASE_OF_THIS_DEVICE, &mut current).changed() {
                out.send(Message::Current(current));
            }
        }
        if let Some(input) = page.passphrase.ui(ui, "Passphrase of the backup") {
            out.send(Message::Passphrase(input));
        }
        widgets::section(ui, "Only this device’s own key");
        widgets::weak(
            ui,
            "By it your contacts know this device. No contacts and no shared keys are with it.",
        );
        ui.horizontal_wrapped(|ui| {
            if widgets::button(ui, "Back up").clicked() {
                out.send(Message::BackUp);
            }
            if widgets::button(ui, "Restore…").clicked() {
                out.send(Message::AskToReplace(Some(Replacement::Backup)));
            }
            if widgets::button(ui, "Make a new one…").clicked() {
                out.send(Message::AskToReplace(Some(Replacement::New)));
            }
        });
    };
    if page.replacement.is_some() {
        return widgets::page(ui, content);
    }
    widgets::page_with_bar(ui, content, |ui| {
        if widgets::primary(ui, "Back up everything").clicked() {
            bar.send(Message::BackUpAll);
        }
        if widgets::button(ui, "Restore everything…").clicked() {
            bar.go(Route::Restore);
        }
    });
    out.extend(bar, |message| message);
}

/// What was done; the page has its heading already.
fn done_ui(ui: &mut Ui, text: &str) {
    ui.horizontal_wrapped(|ui| {
        widgets::shape(ui, Severity::Good, 20.0);
        let words = ui.label(text);
        ui.ctx().accesskit_node_builder(words.id, |node| {
            node.set_live(eframe::egui::accesskit::Live::Polite);
        });
    });
}

fn replacement_ui(ui: &mut Ui, replacement: Replacement, out: &mut Outbox<Message>) {
    widgets::card(ui, |ui| {
        widgets::warning(ui, messages::NEW_IDENTITY);
        if replacement == Replacement::Backup {
            ui.label("If the backup is of this same device, nothing changes.");
        }
        ui.label("Without a backup of its own, this device’s present key is lost.");
        ui.horizontal_wrapped(|ui| {
            let text = match replacement {
                Replacement::Backup => "Restore from the file",
                Replacement::New => "Make a new one",
            };
            if widgets::attention(ui, text).clicked() {
                out.send(Message::Replace(replacement));
            }
            if widgets::primary(ui, "Keep the present one").clicked() {
                out.send(Message::AskToReplace(None));
            }
        });
    });
}
