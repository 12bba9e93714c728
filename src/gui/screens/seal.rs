//! A file is encrypted for a contact: only the two devices can open it.

use std::path::{Path, PathBuf};

use eframe::egui::Ui;

use super::export::notices_ui;
use crate::gui::effect::{Effect, FileDialog, ProfileCommand, WorldCommand};
use crate::gui::model::Model;
use crate::gui::report::WrittenFile;
use crate::gui::route::{Outbox, Route};
use crate::gui::widgets::{self, Place, Severity};
use crate::messages;
use crate::messages::Notification;
use crate::messages::window::{common, seal as words};
use keyglance_core::contacts::ContactId;
use keyglance_profile::{is_called_sealed, printable_path, sealed_path};

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

    /// Whether the file is being encrypted.
    pub const fn is_working(&self) -> bool {
        self.working
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
                page.problem = Some(Notification::new(words::CHOOSE_FIRST, ""));
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
            let file = page.done.as_ref().map(|file| file.path.as_path());
            return WorldCommand::open_folder_of(file);
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
            widgets::heading(ui, words::GONE);
        });
        return;
    };
    let name = view.contact.name.as_str();
    if page.working {
        widgets::page_centred(ui, |ui| {
            widgets::status(ui, Severity::Waiting, words::ENCRYPTING);
            if widgets::button(ui, common::CANCEL).clicked() {
                out.send(Message::Cancel);
            }
        });
        return;
    }
    let key = view.keys.iter().find(|key| Some(key.id) == view.best_key);
    let refusal = match key {
        Some(key) => key.refusal.as_ref().map(messages::window::explain),
        None => Some(Notification::new(words::NO_KEY, words::PAIR_FIRST)),
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
        widgets::heading(ui, &words::title(name));
        if let Some(refusal) = &refusal {
            widgets::problem(ui, refusal);
            return;
        }
        ui.label(words::WHO_CAN_OPEN);
        if let Some(key) = key {
            notices_ui(ui, view, key, out);
        }
        if let Some(problem) = &page.problem {
            widgets::problem(ui, problem);
        }
        if let Some(place) = widgets::place(ui, words::FILE, &page.path) {
            out.send(match place {
                Place::Typed(path) => Message::Path(path),
                Place::Choose => Message::Choose,
            });
        }
        if is_called_sealed(Path::new(page.path.trim())) {
            ui.label(words::LOOKS_ENCRYPTED);
            if widgets::button(ui, words::OPEN_INSTEAD).clicked() {
                out.go(Route::Import(PathBuf::from(page.path.trim())));
            }
        }
        match Path::new(page.path.trim()).file_name() {
            Some(file) => {
                let sealed = sealed_path(Path::new(file));
                widgets::weak(ui, &words::written_beside(&printable_path(&sealed)));
            }
            None => widgets::weak(ui, words::DROP_IT),
        }
    };
    widgets::page_with_bar(ui, content, |ui| {
        if page.done.is_none() {
            if widgets::primary_if(ui, refusal.is_none(), words::ENCRYPT).clicked() {
                bar.send(Message::Encrypt);
            }
            return;
        }
        if widgets::button(ui, words::ANOTHER).clicked() {
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
    widgets::status(ui, Severity::Good, &words::done(name));
    ui.label(words::SEND_IT);
    if widgets::file_card(ui, &done.path, &messages::window::size(done.bytes)) {
        out.send(Message::OpenFolder);
    }
    widgets::weak(ui, words::HOW_TO_OPEN);
}
