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
use crate::messages::window::common;
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
        let working = Some("Looking at the file…");
        Self { path, content: Content::Unknown, working, problem: None }
    }

    pub fn path(&self) -> &Path {
        &self.path
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
            page.working = Some("Adding the key…");
            return vec![ProfileCommand::ImportKey.into()];
        }
        (Message::Passphrase(text), Content::Protected(typed)) => *typed = text,
        (Message::Open, Content::Protected(typed)) => {
            return match passphrase(std::mem::take(typed)) {
                Ok(passphrase) => {
                    (page.working, page.problem) = (Some("Opening the file…"), None);
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
                page.problem = Some(Notification::new("The opened file needs a name.", ""));
                return Vec::new();
            }
            (page.working, page.problem) = (Some("Opening the file…"), None);
            return vec![ProfileCommand::Unseal { from: page.path.clone(), to }.into()];
        }
        (Message::To(path), Content::Sealed(to)) => *to = path,
        (Message::OpenFolder, Content::Opened(opened)) => {
            let folder = opened.file.path.parent();
            let folder = folder.map(|folder| WorldCommand::OpenFolder(folder.to_owned()));
            return folder.map(Effect::from).into_iter().collect();
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
    });
}

fn content_ui(ui: &mut Ui, page: &Page, model: &Model, name: &str, out: &mut Outbox<Message>) {
    match &page.content {
        Content::Unknown | Content::Nothing => {
            widgets::heading(ui, name);
        }
        Content::Other => {
            widgets::heading(ui, name);
            ui.label(messages::window::files::unknown_file(&page.path).what);
            seal_ui(ui, page, model, out);
        }
        Content::Key(key) => key_ui(ui, key, out),
        Content::Protected(typed) => {
            widgets::heading(ui, name);
            ui.label("A passphrase protects this file.");
            let mut typed = typed.clone();
            if widgets::secret(ui, "Passphrase of the file", &mut typed).changed() {
                out.send(Message::Passphrase(typed));
            }
            if widgets::primary(ui, common::OPEN).clicked() {
                out.send(Message::Open);
            }
        }
        Content::Sealed(to) => {
            widgets::heading(ui, name);
            ui.label("An encrypted file. One of your keys may open it.");
            let mut to = to.clone();
            if widgets::field(ui, "Save the opened file as", &mut to).changed() {
                out.send(Message::To(to));
            }
            if widgets::primary(ui, common::OPEN).clicked() {
                out.send(Message::Open);
            }
        }
        Content::Opened(opened) => {
            let name = opened.file.path.file_name().map(Path::new).unwrap_or(&opened.file.path);
            widgets::status(ui, Severity::Good, &format!("Opened {}", printable_path(name)));
            if let Some(warning) = &opened.warning {
                widgets::warning(ui, warning);
            }
            ui.label(&opened.sealed_by);
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
            ui.label(
                "A backup of a device itself: its name and its own key. No contacts are in it.",
            );
            if widgets::primary(ui, "Restore it under This device…").clicked() {
                out.go(Route::Identity);
            }
        }
        Content::ForAnother => {
            widgets::heading(ui, name);
            ui.label("The passphrase is right. What is inside is for another program, not for Keyglance.");
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
    widgets::section(ui, "Encrypt it for");
    widgets::list(ui, "Encrypt it for", |ui| {
        for view in contacts {
            if contact_row::choice_ui(ui, view, model) {
                out.go(Route::Seal(view.contact.id(), Some(page.path.clone())));
            }
        }
    });
}

fn key_ui(ui: &mut Ui, key: &FoundKey, out: &mut Outbox<Message>) {
    widgets::heading(ui, &format!("A shared key for “{}”", key.name));
    ui.label(&key.about);
    if let Some(warning) = &key.warning {
        widgets::warning(ui, warning);
    }
    if let Some((contact, known)) = &key.known {
        widgets::strong(ui, known);
        if let Some(contact) = contact
            && widgets::primary(ui, "Show the contact").clicked()
        {
            out.go(Route::Contact(*contact));
        }
        return;
    }
    ui.label("Whoever has this file has the key. Delete it once it is added.");
    if widgets::primary(ui, "Add to contacts").clicked() {
        out.send(Message::Add);
    }
}
