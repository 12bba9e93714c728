//! A file is encrypted for a contact: only the two devices can open it.

use std::path::{Path, PathBuf};

use eframe::egui::Ui;

use super::export::notices_ui;
use crate::gui::effect::{Effect, FileDialog, ProfileCommand, WorldCommand};
use crate::gui::model::Model;
use crate::gui::report::WrittenFile;
use crate::gui::route::{Outbox, Route};
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use crate::messages::window::common;
use keyglance_core::contacts::ContactId;
use keyglance_profile::{printable_path, sealed_path};

#[derive(Debug)]
pub struct Page {
    pub contact: ContactId,
    path: String,
    working: bool,
    problem: Option<Notification>,
    done: Option<WrittenFile>,
}

#[derive(Debug)]
pub enum Message {
    Path(String),
    Choose,
    Encrypt,
    Another,
    OpenFolder,
    Cancel,
}

impl Page {
    pub fn new(contact: ContactId, path: Option<PathBuf>) -> Self {
        let path = path.map_or_else(String::new, |path| path.to_string_lossy().into_owned());
        Self { contact, path, working: false, problem: None, done: None }
    }

    /// The file that was chosen in a dialog, or dropped.
    pub fn choose_file(&mut self, path: &Path) {
        if !self.working {
            self.path = path.to_string_lossy().into_owned();
            (self.problem, self.done) = (None, None);
        }
    }

    /// Tells the pages of this screen apart.
    pub const fn place(&self) -> (bool, bool) {
        (self.working, self.done.is_some())
    }

    /// The answer of the worker.
    pub fn sealed(&mut self, result: Result<WrittenFile, Notification>) {
        self.working = false;
        match result {
            Ok(file) => self.done = Some(file),
            Err(problem) => self.problem = Some(problem),
        }
    }
}

pub fn update(page: &mut Page, message: Message) -> Vec<Effect> {
    match message {
        Message::Path(path) => page.path = path,
        Message::Choose => {
            let command = WorldCommand::OpenDialog(FileDialog::Open, page.path.clone());
            return vec![command.into()];
        }
        Message::Encrypt => {
            let from = PathBuf::from(page.path.trim());
            if from.file_name().is_none() {
                page.problem = Some(Notification::new("Choose a file first.", ""));
                return Vec::new();
            }
            let to = sealed_path(&from);
            (page.working, page.problem) = (true, None);
            return vec![ProfileCommand::Seal { contact: page.contact, from, to }.into()];
        }
        Message::Another => {
            page.done = None;
            page.path.clear();
        }
        Message::OpenFolder => {
            let folder = page.done.as_ref().and_then(|file| file.path.parent());
            let folder = folder.map(|folder| WorldCommand::OpenFolder(folder.to_owned()));
            return folder.map(Effect::from).into_iter().collect();
        }
        // The worker reports that it was cancelled.
        Message::Cancel => return vec![WorldCommand::Cancel.into()],
    }
    Vec::new()
}

pub fn ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    let Some(view) = model.contacts.get(page.contact) else {
        widgets::page(ui, |ui| {
            if widgets::back(ui, common::HOME).clicked() {
                out.go(Route::Home);
            }
            widgets::heading(ui, "This contact is gone");
        });
        return;
    };
    let name = view.contact.name.as_str();
    if page.working {
        widgets::page_centred(ui, |ui| {
            widgets::status(ui, Severity::Waiting, "Encrypting…");
            if widgets::button(ui, common::CANCEL).clicked() {
                out.send(Message::Cancel);
            }
        });
        return;
    }
    let key = view.keys.iter().find(|key| Some(key.id) == view.best_key);
    let refusal = match key {
        Some(key) => key.refusal.as_ref().map(messages::window::explain),
        None => Some(Notification::new("No key yet.", "Pair to share one.")),
    };
    let mut bar = Outbox::new();
    let content = |ui: &mut Ui| {
        if widgets::back(ui, name).clicked() {
            out.go(Route::Contact(page.contact));
        }
        if let Some(done) = &page.done {
            done_ui(ui, name, done, out);
            return;
        }
        widgets::heading(ui, &format!("Encrypt a file for {name}"));
        if let Some(refusal) = &refusal {
            widgets::problem(ui, refusal);
            return;
        }
        ui.label("Only the two of you can open it, on the devices that share the key.");
        if let Some(key) = key {
            notices_ui(ui, view, key, out);
        }
        if let Some(problem) = &page.problem {
            widgets::problem(ui, problem);
        }
        let mut path = page.path.clone();
        let (typed, choose) = widgets::place(ui, "File", &mut path);
        if typed {
            out.send(Message::Path(path));
        }
        if choose {
            out.send(Message::Choose);
        }
        let ending = Path::new(page.path.trim()).extension();
        if ending.is_some_and(|ending| ending == "age" || ending == "keyglance") {
            ui.label("This looks like a file to open, not to encrypt.");
            if widgets::button(ui, "Open it instead…").clicked() {
                out.go(Route::Import(PathBuf::from(page.path.trim())));
            }
        }
        match Path::new(page.path.trim()).file_name() {
            Some(file) => {
                let sealed = sealed_path(Path::new(file));
                let sealed = printable_path(&sealed);
                widgets::weak(
                    ui,
                    &format!("{sealed} is written beside it. The file itself stays."),
                );
            }
            None => widgets::weak(ui, "Or drop it anywhere in this window."),
        }
    };
    widgets::page_with_bar(ui, content, |ui| {
        if page.done.is_none() {
            if widgets::primary_if(ui, refusal.is_none(), "Encrypt").clicked() {
                bar.send(Message::Encrypt);
            }
            return;
        }
        if widgets::button(ui, "Encrypt another file…").clicked() {
            bar.send(Message::Another);
        }
        let right = |ui: &mut Ui| {
            if widgets::primary(ui, common::DONE).clicked() {
                bar.go(Route::Contact(page.contact));
            }
        };
        widgets::at_right(ui, right);
    });
    out.extend(bar, |message| message);
}

fn done_ui(ui: &mut Ui, name: &str, done: &WrittenFile, out: &mut Outbox<Message>) {
    widgets::status(ui, Severity::Good, &format!("Encrypted for {name}"));
    ui.label("Send it any way you like. Nobody else can open it.");
    if widgets::file_card(ui, &done.path, &messages::window::size(done.bytes)) {
        out.send(Message::OpenFolder);
    }
    widgets::weak(ui, "To open it: the other device drops it on Keyglance, or opens it there.");
}
