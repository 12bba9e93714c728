//! Restoring a backup of a whole profile: what it would do is shown before it is done.

use std::path::{Path, PathBuf};

use eframe::egui::Ui;

use crate::gui::effect::{Effect, FileDialog, ProfileCommand, WorldCommand};
use crate::gui::model::{Model, SecretText};
use crate::gui::passphrase_form::passphrase;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Place};
use crate::messages::Notification;
use crate::messages::window::restore::{self as words, RestorationPlan};
use crate::messages::window::{common, identity};

#[derive(Debug, Default)]
pub struct Page {
    path: String,
    /// Of the backup.
    passphrase: SecretText,
    /// Opens this profile's identity, if it is protected.
    current: SecretText,
    /// What it would do, once that is known.
    plan: Option<RestorationPlan>,
    working: bool,
    problem: Option<Notification>,
}

#[derive(Debug)]
pub enum Message {
    Path(String),
    Choose,
    Passphrase(SecretText),
    Current(SecretText),
    Look,
    Restore,
    Cancel,
}

impl Page {
    pub fn new(home: &Path) -> Self {
        let path = home.join(identity::FILE_NAME).to_string_lossy().into_owned();
        Self { path, ..Self::default() }
    }

    /// The backup that was opened or dropped.
    pub fn choose_file(&mut self, path: &Path) {
        self.path = path.to_string_lossy().into_owned();
    }

    /// Whether the backup is being read.
    pub const fn is_working(&self) -> bool {
        self.working
    }

    fn look(&mut self, protected: bool) -> Result<ProfileCommand, String> {
        let current = std::mem::take(&mut self.current);
        Ok(ProfileCommand::PlanRestoration {
            path: PathBuf::from(self.path.trim()),
            passphrase: passphrase(std::mem::take(&mut self.passphrase))?,
            current: protected.then(|| passphrase(current)).transpose()?,
        })
    }

    /// The worker says what it would do, or why it cannot.
    pub fn planned(&mut self, plan: Result<RestorationPlan, Notification>) {
        self.working = false;
        match plan {
            Ok(plan) => self.plan = Some(plan),
            Err(problem) => self.problem = Some(problem),
        }
    }

    /// It was not restored.
    pub fn failed(&mut self, problem: Notification) {
        (self.working, self.plan, self.problem) = (false, None, Some(problem));
    }
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    page.problem = None;
    match message {
        Message::Path(text) => page.path = text,
        Message::Choose => {
            return vec![WorldCommand::OpenDialog(FileDialog::Open, page.path.clone()).into()];
        }
        Message::Passphrase(text) => page.passphrase = text,
        Message::Current(text) => page.current = text,
        Message::Look => {
            let protected = model.device.as_ref().is_some_and(|device| device.protected);
            match page.look(protected) {
                Ok(command) => {
                    page.working = true;
                    return vec![command.into()];
                }
                Err(what) => page.problem = Some(Notification::new(what, common::NOTHING_CHANGED)),
            }
        }
        Message::Restore => {
            page.working = true;
            return vec![ProfileCommand::Restore.into()];
        }
        Message::Cancel => return vec![WorldCommand::Cancel.into()],
    }
    Vec::new()
}

pub fn ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    if page.working {
        if widgets::working_page(ui, words::OPENING) {
            out.send(Message::Cancel);
        }
        return;
    }
    let mut bar = Outbox::new();
    let content = |ui: &mut Ui| {
        let to = if model.device.is_some() { common::HOME } else { words::START };
        if widgets::back(ui, to).clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, words::TITLE);
        if let Some(problem) = &page.problem {
            widgets::problem(ui, problem);
        }
        if let Some(plan) = &page.plan {
            plan_ui(ui, plan);
            return;
        }
        ui.label(words::WHAT_IT_DOES);
        if let Some(place) = widgets::place(ui, identity::BACKUP_FILE, &page.path) {
            out.send(match place {
                Place::Typed(path) => Message::Path(path),
                Place::Choose => Message::Choose,
            });
        }
        let mut word = page.passphrase.clone();
        if widgets::secret(ui, identity::PASSPHRASE_OF_THE_BACKUP, &mut word).changed() {
            out.send(Message::Passphrase(word));
        }
        if model.device.as_ref().is_some_and(|device| device.protected) {
            let mut current = page.current.clone();
            if widgets::secret(ui, common::PASSPHRASE_OF_THIS_DEVICE, &mut current).changed() {
                out.send(Message::Current(current));
            }
        }
        ui.add_space(GAP);
        if widgets::link(ui, words::FROM_PAPER).clicked() {
            out.go(Route::FromPaper);
        }
    };
    widgets::page_with_bar(ui, content, |ui| {
        if page.plan.is_some() {
            if widgets::primary(ui, words::RESTORE).clicked() {
                bar.send(Message::Restore);
            }
        } else if widgets::primary(ui, words::OPEN_IT).clicked() {
            bar.send(Message::Look);
        }
    });
    out.extend(bar, |message| message);
}

fn plan_ui(ui: &mut Ui, plan: &RestorationPlan) {
    widgets::words(ui, plan.backup.as_str().into());
    ui.label(plan.device);
    for (title, names) in [
        (words::COMES_BACK, &plan.contacts),
        (words::KEYS_COME_BACK, &plan.keys),
        (words::STAYS_AWAY, &plan.rejected),
    ] {
        if names.is_empty() {
            continue;
        }
        widgets::section(ui, title);
        widgets::list(ui, title, |ui| {
            for name in names {
                widgets::words(ui, name.as_str().into());
            }
        });
    }
    ui.add_space(GAP);
    ui.label(&plan.stays);
    ui.label(words::NOTHING_REPLACED);
}
