//! A device or an export on paper: on how many pages, how many of which are enough.

use std::path::{Path, PathBuf};

use eframe::egui::Ui;

use crate::gui::effect::{Effect, FileDialog, PaperOf, PaperRequest, ProfileCommand, WorldCommand};
use crate::gui::model::{Model, SecretText};
use crate::gui::passphrase_form::passphrase;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Place, Severity};
use crate::messages::Notification;
use crate::messages::window::{common, identity, paper as words};
use keyglance_core::paper::Plan;

/// How many pages can be chosen: more nobody hides in places of their own.
const MOST: u8 = 16;

#[derive(Debug)]
pub struct Page {
    pub of: PaperOf,
    plan: Plan,
    path: String,
    /// Opens an identity that is protected.
    current: SecretText,
    saved: Option<PathBuf>,
    problem: Option<Notification>,
}

#[derive(Debug)]
pub enum Message {
    /// So many pages.
    Count(u8),
    /// So many of them are needed.
    Needed(u8),
    Path(String),
    Choose,
    Current(SecretText),
    Save,
    OpenFolder,
}

impl Page {
    pub fn new(of: PaperOf, home: &Path) -> Self {
        let path = home.join(words::FILE_NAME).to_string_lossy().into_owned();
        let current = SecretText::default();
        Self { of, plan: Plan::DEFAULT, path, current, saved: None, problem: None }
    }

    /// Which page is open: the choice, or what was saved.
    pub const fn place(&self) -> bool {
        self.saved.is_some()
    }

    /// The file that a dialog chose.
    pub fn choose_file(&mut self, path: &Path) {
        self.path = path.to_string_lossy().into_owned();
    }

    pub fn saved(&mut self, outcome: Result<PathBuf, Notification>) {
        match outcome {
            Ok(path) => (self.saved, self.problem) = (Some(path), None),
            Err(problem) => self.problem = Some(problem),
        }
    }

    fn save(&mut self, model: &Model) -> Result<ProfileCommand, String> {
        let current = std::mem::take(&mut self.current);
        let protected = matches!(self.of, PaperOf::Device)
            && model.device.as_ref().is_some_and(|device| device.protected);
        Ok(ProfileCommand::Paper(Box::new(PaperRequest {
            of: self.of.clone(),
            plan: self.plan,
            path: PathBuf::from(self.path.trim()),
            current: protected.then(|| passphrase(current)).transpose()?,
        })))
    }
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Count(count) => {
            let needed = page.plan.needed().min(count);
            page.plan = Plan::new(needed, count).unwrap_or(page.plan);
        }
        Message::Needed(needed) => {
            page.plan = Plan::new(needed, page.plan.count()).unwrap_or(page.plan);
        }
        Message::Path(text) => page.path = text,
        Message::Choose => {
            let path = page.path.clone();
            return vec![WorldCommand::OpenDialog(FileDialog::SaveAs, path).into()];
        }
        Message::Current(text) => page.current = text,
        Message::Save => match page.save(model) {
            Ok(command) => return vec![command.into()],
            Err(what) => page.problem = Some(Notification::new(what, common::NOTHING_CHANGED)),
        },
        Message::OpenFolder => return WorldCommand::open_folder_of(page.saved.as_deref()),
    }
    Vec::new()
}

pub fn ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    if let Some(path) = &page.saved {
        return saved_ui(ui, path, out);
    }
    let mut bar = Outbox::new();
    let content = |ui: &mut Ui| {
        let contact = match &page.of {
            PaperOf::Export { key, .. } => model.contacts.key(*key),
            PaperOf::Device => None,
        };
        let contact = contact.map(|(view, _)| view.contact.name.as_str());
        if widgets::back(ui, contact.unwrap_or(identity::TITLE)).clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, words::ON_PAPER);
        if let Some(problem) = &page.problem {
            widgets::problem(ui, problem);
        }
        match &page.of {
            PaperOf::Device => ui.label(words::DEVICE),
            PaperOf::Export { program, .. } => {
                let what = words::export(program.name, contact.unwrap_or_default());
                widgets::words(ui, what.into())
            }
        };
        ui.label(words::WHAT_IT_IS);
        ui.add_space(GAP);
        let (needed, count) = (page.plan.needed(), page.plan.count());
        if let Some(count) = number_ui(ui, words::PAGES, MOST, count) {
            out.send(Message::Count(count));
        }
        if let Some(needed) = number_ui(ui, words::NEEDED, count, needed) {
            out.send(Message::Needed(needed));
        }
        widgets::weak(ui, &words::enough(page.plan));
        ui.add_space(GAP);
        if let Some(place) = widgets::place(ui, words::FILE, &page.path) {
            out.send(match place {
                Place::Typed(path) => Message::Path(path),
                Place::Choose => Message::Choose,
            });
        }
        let protected = model.device.as_ref().is_some_and(|device| device.protected);
        if protected && matches!(page.of, PaperOf::Device) {
            let mut current = page.current.clone();
            if widgets::secret(ui, common::PASSPHRASE_OF_THIS_DEVICE, &mut current).changed() {
                out.send(Message::Current(current));
            }
        }
    };
    widgets::page_with_bar(ui, content, |ui| {
        if widgets::primary(ui, words::SAVE_PAGES).clicked() {
            bar.send(Message::Save);
        }
    });
    out.extend(bar, |message| message);
}

/// A number from 2 on. Gives another one that was chosen.
fn number_ui(ui: &mut Ui, name: &str, most: u8, chosen: u8) -> Option<u8> {
    let numbers: Vec<String> = (2..=most).map(|number| number.to_string()).collect();
    let texts: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let index = widgets::select(ui, name, &texts, usize::from(chosen.saturating_sub(2)))?;
    u8::try_from(index + 2).ok()
}

fn saved_ui(ui: &mut Ui, path: &Path, out: &mut Outbox<Message>) {
    widgets::page(ui, |ui| {
        widgets::status(ui, Severity::Good, words::SAVED);
        if widgets::file_card(ui, path, words::PRINT_AND_DELETE) {
            out.send(Message::OpenFolder);
        }
        ui.add_space(GAP);
        ui.label(words::HOW_TO_RESTORE);
        ui.add_space(GAP);
        if widgets::primary(ui, common::DONE).clicked() {
            out.go(Route::Back);
        }
    });
}
