//! The first page, and the one that asks for the identity's passphrase.

use eframe::egui::{Key, Ui};

use super::camera_test::CameraTest;
use crate::gui::code::Textures;
use crate::gui::message::{Action, Effect, Secret};
use crate::gui::state::{Screen, State};
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use keyglance_core::keyfile::Passphrase;
use keyglance_core::pairing::DisplayName;

#[derive(Debug)]
pub struct FirstRun {
    name: String,
    pub test: CameraTest,
}

#[derive(Default)]
pub struct Locked {
    passphrase: Secret,
    opening: bool,
    told: Option<Notification>,
}

impl std::fmt::Debug for Locked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Locked { … }")
    }
}

pub enum Do {
    Name(String),
    Begin,
    Test(bool),
    Passphrase(Secret),
    Unlock,
    Cancel,
}

impl std::fmt::Debug for Do {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Do { … }")
    }
}

impl FirstRun {
    pub fn new(name: String) -> Self {
        Self { name, test: CameraTest::default() }
    }
}

impl Locked {
    pub fn failed(&mut self, told: Notification) {
        self.opening = false;
        self.told = Some(told);
    }
}

pub fn apply(state: &mut State, action: Do) -> Vec<Effect> {
    let scan = state.scan();
    match (&mut state.screen, action) {
        (Screen::FirstRun(first), Do::Name(name)) => first.name = name,
        (Screen::FirstRun(first), Do::Test(on)) => {
            first.test.turn(on);
            return vec![if on { scan } else { Effect::StopScan }];
        }
        (Screen::FirstRun(first), Do::Begin) => match DisplayName::new(first.name.trim()) {
            Ok(name) => {
                state.told = None;
                return vec![Effect::StopScan, Effect::CreateIdentity(name)];
            }
            Err(error) => {
                state.told = Some(Notification::new(messages::window::sentence(&error), ""))
            }
        },
        (Screen::Locked(locked), Do::Passphrase(text)) => locked.passphrase = text,
        (Screen::Locked(locked), Do::Unlock) => {
            let text = std::mem::take(&mut locked.passphrase);
            match Passphrase::new(text) {
                Ok(passphrase) => {
                    locked.opening = true;
                    locked.told = None;
                    return vec![Effect::Unlock(passphrase)];
                }
                Err(error) => {
                    locked.told = Some(Notification::new(messages::window::sentence(&error), ""))
                }
            }
        }
        (Screen::Locked(_), Do::Cancel) => return vec![Effect::Cancel],
        _ => {}
    }
    Vec::new()
}

pub fn show(ui: &mut Ui, state: &State, textures: &mut Textures, actions: &mut Vec<Action>) {
    let Screen::FirstRun(first) = &state.screen else { return };
    widgets::page(ui, |ui| {
        widgets::heading(ui, "Welcome to Keyglance");
        ui.label(
            "Two devices face each other, show and read codes, and hold the same key. No network \
             carries it, and nothing in between must be trusted.",
        );
        ui.add_space(GAP * 2.0);
        let mut name = first.name.clone();
        let field = widgets::field(ui, "What is this device called?", &mut name);
        let entered = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
        if field.changed() {
            actions.push(Action::FirstRun(Do::Name(name)));
        }
        widgets::weak(
            ui,
            "The other device sees this name. At most 31 letters; you can change it.",
        );
        ui.add_space(GAP);
        match &state.cameras[..] {
            [] => widgets::weak(ui, "No camera found. Pairing works with pictures and text too."),
            [one] => widgets::weak(ui, &format!("Camera found: {}.", one.name)),
            [first, ..] => widgets::weak(
                ui,
                &format!("{} cameras found; {} is used first.", state.cameras.len(), first.name),
            ),
        }
        if let Some(on) = first.test.show(ui, state, textures) {
            actions.push(Action::FirstRun(Do::Test(on)));
        }
        ui.add_space(GAP * 2.0);
        if widgets::primary(ui, "Begin").clicked() || entered {
            actions.push(Action::FirstRun(Do::Begin));
        }
        ui.add_space(GAP);
        widgets::weak(
            ui,
            &format!("Nothing leaves this computer. Kept in {}.", state.profile.display()),
        );
    });
}

pub fn show_locked(ui: &mut Ui, state: &State, actions: &mut Vec<Action>) {
    let Screen::Locked(locked) = &state.screen else { return };
    widgets::page(ui, |ui| {
        if locked.opening {
            widgets::status(ui, Severity::Waiting, "Opening…");
            ui.spinner();
            ui.label("The passphrase is slow to check, so that it is slow to guess.");
            if widgets::button(ui, "Cancel").clicked() {
                actions.push(Action::FirstRun(Do::Cancel));
            }
            return;
        }
        widgets::heading(ui, "This device's identity is protected");
        let mut text = locked.passphrase.clone();
        let field = widgets::secret(ui, "Passphrase", &mut text);
        let entered = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
        if field.changed() {
            actions.push(Action::FirstRun(Do::Passphrase(text)));
        }
        if let Some(told) = &locked.told {
            widgets::warning(ui, &told.what);
            ui.label(&told.advice);
        }
        ui.add_space(GAP);
        if widgets::primary(ui, "Open").clicked() || entered {
            actions.push(Action::FirstRun(Do::Unlock));
        }
    });
}
