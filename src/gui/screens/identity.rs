//! This device: a backup of it and of all it has, and replacing its own key.

use std::path::{Path, PathBuf};

use eframe::egui::Ui;

use crate::gui::effect::{Effect, FileDialog, PaperOf, ProfileCommand, WorldCommand};
use crate::gui::model::{LocalDevice, Model, SecretText};
use crate::gui::passphrase_form::{PassphraseForm, PassphraseInput, passphrase};
use crate::gui::route::{Outbox, Route};
use crate::gui::widgets::{self, Place, Severity};
use crate::messages;
use crate::messages::Notification;
use crate::messages::window::paper::ON_PAPER_MORE;
use crate::messages::window::{common, identity as words};
use keyglance_core::keyfile::Passphrase;

#[derive(Debug, Default)]
pub struct Page {
    path: String,
    /// Opens an identity that is protected.
    current: SecretText,
    /// Of the backup.
    pub passphrase: PassphraseForm,
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
        let path = home.join(words::FILE_NAME).to_string_lossy().into_owned();
        Self { path, ..Self::default() }
    }

    /// The work is done, and what was typed is wiped; or it has failed, and can be tried again.
    pub fn finish(&mut self, outcome: Result<String, Notification>) {
        let path = std::mem::take(&mut self.path);
        let passphrase = match outcome {
            Ok(_) => PassphraseForm::default(),
            Err(_) => std::mem::take(&mut self.passphrase),
        };
        *self = Self { path, passphrase, outcome: Some(outcome), ..Self::default() };
    }

    /// Whether a backup is being written or read.
    pub const fn is_working(&self) -> bool {
        self.working
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
        let new = self.passphrase.passphrase()?;
        let current = self.take_current(device)?;
        Ok(ProfileCommand::BackUpIdentity { path: self.file(), current, passphrase: new })
    }

    fn back_up_all(&mut self, device: &LocalDevice) -> Result<ProfileCommand, String> {
        let new = self.passphrase.passphrase()?;
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
        Message::Passphrase(input) => return page.passphrase.update(input),
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
        if widgets::working_page(ui, words::WORKING) {
            out.send(Message::Cancel);
        }
        return;
    }
    let mut bar = Outbox::new();
    let content = |ui: &mut Ui| {
        if widgets::back(ui, common::SETTINGS).clicked() {
            out.go(Route::Settings);
        }
        widgets::heading(ui, words::TITLE);
        match &page.outcome {
            Some(Ok(text)) => done_ui(ui, text),
            Some(Err(problem)) => widgets::problem(ui, problem),
            None => {}
        }
        if let Some(replacement) = page.replacement {
            replacement_ui(ui, replacement, out);
            return;
        }
        ui.label(words::WHAT_FOR);
        if let Some(place) = widgets::place(ui, words::BACKUP_FILE, &page.path) {
            out.send(match place {
                Place::Typed(path) => Message::Path(path),
                Place::Choose => Message::Choose,
            });
        }
        if device.protected {
            let mut current = page.current.clone();
            if widgets::secret(ui, common::PASSPHRASE_OF_THIS_DEVICE, &mut current).changed() {
                out.send(Message::Current(current));
            }
        }
        if let Some(input) = page.passphrase.ui(ui, words::PASSPHRASE_OF_THE_BACKUP) {
            out.send(Message::Passphrase(input));
        }
        widgets::section(ui, words::ONLY_ITS_KEY);
        widgets::weak(ui, words::WHAT_ITS_KEY_IS);
        ui.horizontal_wrapped(|ui| {
            if widgets::button(ui, words::BACK_UP).clicked() {
                out.send(Message::BackUp);
            }
            if widgets::button(ui, ON_PAPER_MORE).clicked() {
                out.go(Route::Paper(PaperOf::Device));
            }
            if widgets::button(ui, words::RESTORE).clicked() {
                out.send(Message::AskToReplace(Some(Replacement::Backup)));
            }
            if widgets::button(ui, words::MAKE_A_NEW_ONE).clicked() {
                out.send(Message::AskToReplace(Some(Replacement::New)));
            }
        });
    };
    if page.replacement.is_some() {
        return widgets::page(ui, content);
    }
    widgets::page_with_bar(ui, content, |ui| {
        if widgets::primary(ui, words::BACK_UP_EVERYTHING).clicked() {
            bar.send(Message::BackUpAll);
        }
        if widgets::button(ui, words::RESTORE_EVERYTHING).clicked() {
            bar.go(Route::Restore);
        }
    });
    out.extend(bar, |message| message);
}

/// What was done; the page has its heading already.
fn done_ui(ui: &mut Ui, text: &str) {
    ui.horizontal_wrapped(|ui| {
        widgets::shape(ui, Severity::Good, 20.0);
        let said = widgets::words(ui, text.into());
        ui.ctx().accesskit_node_builder(said.id, |node| {
            node.set_live(eframe::egui::accesskit::Live::Polite);
        });
    });
}

fn replacement_ui(ui: &mut Ui, replacement: Replacement, out: &mut Outbox<Message>) {
    widgets::card(ui, |ui| {
        widgets::warning(ui, messages::NEW_IDENTITY);
        if replacement == Replacement::Backup {
            ui.label(words::SAME_DEVICE);
        }
        ui.label(words::CURRENT_KEY_IS_LOST);
        ui.horizontal_wrapped(|ui| {
            let text = match replacement {
                Replacement::Backup => words::RESTORE_FROM_FILE,
                Replacement::New => words::MAKE_NEW,
            };
            if widgets::attention(ui, text).clicked() {
                out.send(Message::Replace(replacement));
            }
            if widgets::primary(ui, words::KEEP_CURRENT).clicked() {
                out.send(Message::AskToReplace(None));
            }
        });
    });
}
