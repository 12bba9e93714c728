//! A file that was opened or dropped: what it is, and what it is for.

use std::path::{Path, PathBuf};

use eframe::egui::Ui;

use super::contact_row;
use crate::gui::effect::{Effect, ProfileCommand, WorldCommand};
use crate::gui::model::{ContactView, Model, SecretText};
use crate::gui::passphrase_form::passphrase;
use crate::gui::report::{FileContent, FoundKey, OpenedFile};
use crate::gui::route::{Outbox, Route};
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use crate::messages::window::{common, import as words};
use keyglance_profile::{printable_path, unsealed_path};

#[derive(Debug)]
pub struct Page {
    path: PathBuf,
    content: Content,
    /// The worker is at work, and on what.
    working: Option<&'static str>,
    problem: Option<Notification>,
}

/// What is known of the file.
#[derive(Debug)]
enum Content {
    /// It is being looked at.
    Unknown,
    Key(FoundKey),
    /// Under a passphrase, while that is typed.
    Protected(SecretText),
    /// Sealed, with where it goes when it is opened.
    Sealed(String),
    Opened(OpenedFile),
    /// The key of a device itself.
    Device,
    /// Another program is to read it.
    ForAnother,
    /// Nothing of ours: it may be meant for somebody.
    Other,
    /// It cannot be read.
    Nothing,
}

#[derive(Debug)]
pub enum Message {
    Add,
    Passphrase(SecretText),
    Open,
    To(String),
    OpenFolder,
    Cancel,
}

impl Page {
    pub fn new(path: PathBuf) -> Self {
        let working = Some(words::LOOKING);
        Self { path, content: Content::Unknown, working, problem: None }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file is being read.
    pub const fn is_working(&self) -> bool {
        self.working.is_some()
    }

    /// Tells the pages of this screen apart.
    pub const fn place(&self) -> (u8, bool) {
        let content = match self.content {
            Content::Unknown => 0,
            Content::Key(_) => 1,
            Content::Protected(_) => 2,
            Content::Sealed(_) => 3,
            Content::Opened(_) => 4,
            Content::Device => 5,
            Content::ForAnother => 6,
            Content::Nothing => 7,
            Content::Other => 8,
        };
        (content, self.working.is_some())
    }

    /// What the worker found in the file.
    pub fn seen(&mut self, content: Result<FileContent, Notification>) {
        self.working = None;
        self.problem = None;
        self.content = match content {
            Ok(FileContent::Key(key)) => Content::Key(key),
            Ok(FileContent::Protected) => Content::Protected(SecretText::default()),
            Ok(FileContent::Sealed) => {
                let to = unsealed_path(&self.path);
                let to = to.map_or_else(String::new, |to| to.to_string_lossy().into_owned());
                Content::Sealed(to)
            }
            Ok(FileContent::Device) => Content::Device,
            Ok(FileContent::ForAnother) => Content::ForAnother,
            // These have pages of their own.
            Ok(FileContent::Backup | FileContent::Picture | FileContent::Text(_)) => return,
            Ok(FileContent::Other) => Content::Other,
            Err(problem) => {
                self.problem = Some(problem);
                // A wrong passphrase can be typed again.
                if let Content::Protected(_) = self.content {
                    return;
                }
                Content::Nothing
            }
        };
    }

    /// What became of the sealed file.
    pub fn opened(&mut self, opened: Result<OpenedFile, Notification>) {
        self.working = None;
        match opened {
            Ok(opened) => self.content = Content::Opened(opened),
            Err(problem) => self.problem = Some(problem),
        }
    }

    /// The key was not taken in.
    pub fn failed(&mut self, problem: Notification) {
        self.working = None;
        self.problem = Some(problem);
    }
}

pub fn update(page: &mut Page, message: Message) -> Vec<Effect> {
    match (message, &mut page.content) {
        (Message::Add, Content::Key(_)) => {
            page.working = Some(words::ADDING);
            return vec![ProfileCommand::ImportKey.into()];
        }
        (Message::Passphrase(text), Content::Protected(typed)) => *typed = text,
        (Message::Open, Content::Protected(typed)) => {
            return match passphrase(std::mem::take(typed)) {
                Ok(passphrase) => {
                    (page.working, page.problem) = (Some(words::OPENING), None);
                    vec![ProfileCommand::LookIntoFile(page.path.clone(), Some(passphrase)).into()]
                }
                Err(what) => {
                    page.problem = Some(Notification::new(what, ""));
                    Vec::new()
                }
            };
        }
        (Message::Open, Content::Sealed(to)) => {
            let to = PathBuf::from(to.trim());
            if to.file_name().is_none() {
                page.problem = Some(Notification::new(words::NAME_MISSING, ""));
                return Vec::new();
            }
            (page.working, page.problem) = (Some(words::OPENING), None);
            return vec![ProfileCommand::Unseal { from: page.path.clone(), to }.into()];
        }
        (Message::To(path), Content::Sealed(to)) => *to = path,
        (Message::OpenFolder, Content::Opened(opened)) => {
            return WorldCommand::open_folder_of(Some(&opened.file.path));
        }
        // The worker reports that it was cancelled.
        (Message::Cancel, _) => return vec![WorldCommand::Cancel.into()],
        _ => {}
    }
    Vec::new()
}

pub fn ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    let name = page.path.file_name().map(Path::new).unwrap_or(&page.path);
    let name = printable_path(name);
    if let Some(work) = page.working {
        widgets::page_centred(ui, |ui| {
            widgets::status(ui, Severity::Waiting, work);
            widgets::weak(ui, &name);
            if !matches!(page.content, Content::Unknown)
                && widgets::button(ui, common::CANCEL).clicked()
            {
                out.send(Message::Cancel);
            }
        });
        return;
    }
    widgets::page(ui, |ui| {
        if widgets::back(ui, common::HOME).clicked() {
            out.go(Route::Home);
        }
        content_ui(ui, page, model, &name, out);
        if let Some(problem) = &page.problem {
            widgets::problem(ui, problem);
        }
        if !model.waiting.files.is_empty() {
            widgets::weak(ui, &messages::window::files::more_follow(model.waiting.files.len()));
        }
    });
}

fn content_ui(ui: &mut Ui, page: &Page, model: &Model, name: &str, out: &mut Outbox<Message>) {
    match &page.content {
        Content::Unknown | Content::Nothing => {
            widgets::heading(ui, name);
        }
        Content::Other => {
            widgets::heading(ui, name);
            widgets::words(ui, messages::window::files::unknown_file(&page.path).what.into());
            seal_ui(ui, page, model, out);
        }
        Content::Key(key) => key_ui(ui, name, key, out),
        Content::Protected(typed) => {
            widgets::heading(ui, name);
            ui.label(words::PROTECTED);
            let mut typed = typed.clone();
            if widgets::secret(ui, words::PASSPHRASE_OF_THE_FILE, &mut typed).changed() {
                out.send(Message::Passphrase(typed));
            }
            if widgets::primary(ui, common::OPEN).clicked() {
                out.send(Message::Open);
            }
        }
        Content::Sealed(to) => {
            widgets::heading(ui, name);
            ui.label(words::SEALED);
            let mut to = to.clone();
            if widgets::field(ui, words::SAVE_AS, &mut to).changed() {
                out.send(Message::To(to));
            }
            if widgets::primary(ui, common::OPEN).clicked() {
                out.send(Message::Open);
            }
        }
        Content::Opened(opened) => {
            let name = opened.file.path.file_name().map(Path::new).unwrap_or(&opened.file.path);
            widgets::status(ui, Severity::Good, &words::opened(&printable_path(name)));
            if let Some(warning) = &opened.warning {
                widgets::warning(ui, warning);
            }
            widgets::words(ui, opened.sealed_by.as_str().into());
            let size = messages::window::size(opened.file.bytes);
            if widgets::file_card(ui, &opened.file.path, &size) {
                out.send(Message::OpenFolder);
            }
            if widgets::primary(ui, common::DONE).clicked() {
                out.go(Route::Home);
            }
        }
        Content::Device => {
            widgets::heading(ui, name);
            ui.label(words::DEVICE);
            if widgets::primary(ui, words::RESTORE_DEVICE).clicked() {
                out.go(Route::Identity);
            }
        }
        Content::ForAnother => {
            widgets::heading(ui, name);
            ui.label(words::FOR_ANOTHER);
        }
    }
}

/// A file of any kind can be encrypted.
fn seal_ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    let usable = |view: &&ContactView| view.best().is_some_and(|key| key.refusal.is_none());
    let contacts: Vec<_> = model.contacts.contacts.iter().filter(usable).collect();
    if contacts.is_empty() {
        return;
    }
    widgets::section(ui, words::ENCRYPT_FOR);
    widgets::list(ui, words::ENCRYPT_FOR, |ui| {
        for view in contacts {
            if contact_row::choice_ui(ui, view, model) {
                out.go(Route::Seal(view.contact.id(), Some(page.path.clone())));
            }
        }
    });
}

fn key_ui(ui: &mut Ui, name: &str, key: &FoundKey, out: &mut Outbox<Message>) {
    widgets::heading(ui, name);
    widgets::words(ui, key.about.as_str().into());
    if let Some(warning) = &key.warning {
        widgets::warning(ui, warning);
    }
    if let Some((contact, known)) = &key.known {
        widgets::strong(ui, known);
        if let Some(contact) = contact
            && widgets::primary(ui, words::SHOW_CONTACT).clicked()
        {
            out.go(Route::Contact(*contact));
        }
        return;
    }
    ui.label(words::HOLDS_THE_KEY);
    if widgets::primary(ui, words::ADD).clicked() {
        out.send(Message::Add);
    }
}
