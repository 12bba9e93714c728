//! This device's identity: a backup of it, and becoming another.

use std::path::PathBuf;

use eframe::egui::Ui;

use crate::gui::message::{Action, Effect, Secret};
use crate::gui::state::{Screen, State};
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use keyglance_core::keyfile::Passphrase;

#[derive(Default)]
pub struct Page {
    path: String,
    present: Secret,
    first: Secret,
    second: Secret,
    asked: Option<Ask>,
    working: bool,
    told: Option<Result<String, Notification>>,
}

/// What is about to be given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    Restore,
    New,
}

pub enum Do {
    Path(String),
    Present(Secret),
    First(Secret),
    Second(Secret),
    BackUp,
    Ask(Option<Ask>),
    Become(Ask),
    Cancel,
}

macro_rules! hidden {
    ($($type:ident),+) => {$(
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($type), " { … }"))
            }
        }
    )+};
}
hidden!(Page, Do);

impl Page {
    pub fn new(home: &std::path::Path) -> Self {
        let path = home.join("keyglance-identity.age").to_string_lossy().into_owned();
        Self { path, ..Self::default() }
    }

    pub fn done(&mut self, result: Result<String, Notification>) {
        let path = std::mem::take(&mut self.path);
        *self = Self { path, told: Some(result), ..Self::default() };
    }
}

fn passphrase(text: &mut Secret) -> Result<Passphrase, Notification> {
    Passphrase::new(std::mem::take(text)).map_err(|error| {
        Notification::new(messages::window::sentence(&error), "Nothing was changed.")
    })
}

pub fn apply(state: &mut State, action: Do) -> Vec<Effect> {
    let (Screen::Identity(page), Some(own)) = (&mut state.screen, &state.own) else {
        return Vec::new();
    };
    page.told = None;
    let path = PathBuf::from(page.path.trim());
    let result = match action {
        Do::Path(text) => {
            page.path = text;
            return Vec::new();
        }
        Do::Present(text) => {
            page.present = text;
            return Vec::new();
        }
        Do::First(text) => {
            page.first = text;
            return Vec::new();
        }
        Do::Second(text) => {
            page.second = text;
            return Vec::new();
        }
        Do::Ask(ask) => {
            page.asked = ask;
            return Vec::new();
        }
        Do::Cancel => return vec![Effect::Cancel],
        Do::BackUp if *page.first != *page.second => {
            page.first = Secret::default();
            page.second = Secret::default();
            Err(Notification::new("The two passphrases differ.", "Nothing was written."))
        }
        Do::BackUp => {
            let present =
                if own.protected { passphrase(&mut page.present).map(Some) } else { Ok(None) };
            let by = passphrase(&mut page.first);
            present.and_then(|present| Ok(Effect::BackUp { path, present, by: by? }))
        }
        Do::Become(Ask::Restore) => {
            passphrase(&mut page.first).map(|by| Effect::Restore { path, by })
        }
        Do::Become(Ask::New) => Ok(Effect::NewIdentity),
    };
    page.asked = None;
    match result {
        Ok(effect) => {
            page.working = true;
            vec![effect]
        }
        Err(told) => {
            page.told = Some(Err(told));
            Vec::new()
        }
    }
}

pub fn show(ui: &mut Ui, state: &State, actions: &mut Vec<Action>) {
    let (Screen::Identity(page), Some(own)) = (&state.screen, &state.own) else { return };
    widgets::page(ui, |ui| {
        if widgets::button(ui, "Back").clicked() {
            actions.push(Action::Settings);
        }
        let mut push = |action| actions.push(Action::IdentityPage(action));
        widgets::heading(ui, "This device's identity");
        if page.working {
            widgets::status(ui, Severity::Waiting, "Working…");
            ui.spinner();
            ui.label("The passphrase is made slow to guess; this takes a moment.");
            if widgets::button(ui, "Cancel").clicked() {
                push(Do::Cancel);
            }
            return;
        }
        match &page.told {
            Some(Ok(text)) => widgets::status(ui, Severity::Good, text),
            Some(Err(told)) => {
                widgets::warning(ui, &told.what);
                ui.label(&told.advice);
            }
            None => {}
        }
        if let Some(ask) = page.asked {
            sure(ui, ask, &mut push);
            return;
        }
        ui.label(
            "Your contacts know this device by its identity. With a backup it can be the same \
             device after a lost disk; contacts and keys are not in it.",
        );
        let mut path = page.path.clone();
        if widgets::field(ui, "Backup file", &mut path).changed() {
            push(Do::Path(path));
        }
        for (name, text, action) in [
            ("Present passphrase", &page.present, Do::Present as fn(Secret) -> Do),
            ("Passphrase of the backup", &page.first, Do::First),
            ("The same again", &page.second, Do::Second),
        ] {
            if name == "Present passphrase" && !own.protected {
                continue;
            }
            let mut text = text.clone();
            if widgets::secret(ui, name, &mut text).changed() {
                push(action(text));
            }
        }
        ui.add_space(GAP);
        ui.horizontal_wrapped(|ui| {
            if widgets::primary(ui, "Back up").clicked() {
                push(Do::BackUp);
            }
            if widgets::button(ui, "Restore…").clicked() {
                push(Do::Ask(Some(Ask::Restore)));
            }
            if widgets::button(ui, "New identity…").clicked() {
                push(Do::Ask(Some(Ask::New)));
            }
        });
    });
}

fn sure(ui: &mut Ui, ask: Ask, push: &mut impl FnMut(Do)) {
    widgets::card(ui, |ui| {
        widgets::warning(ui, messages::NEW_IDENTITY);
        if ask == Ask::Restore {
            ui.label("Where the backup is of this very identity, nothing changes.");
        }
        ui.label("The present identity is lost without a backup of its own.");
        ui.horizontal(|ui| {
            let text = match ask {
                Ask::Restore => "Restore from the file",
                Ask::New => "Make a new identity",
            };
            if widgets::button(ui, text).clicked() {
                push(Do::Become(ask));
            }
            if widgets::primary(ui, "Keep the present one").clicked() {
                push(Do::Ask(None));
            }
        });
    });
}
