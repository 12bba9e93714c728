//! Somebody this device has yet to meet.

use eframe::egui::Ui;

use crate::gui::message::{Action, Effect};
use crate::gui::state::{Screen, State};
use crate::gui::theme::GAP;
use crate::gui::widgets;
use crate::messages;
use crate::messages::Notification;
use keyglance_core::contacts::{ContactId, Name, PeerIdentity};
use keyglance_core::crypto::Fingerprint;

#[derive(Debug, Default)]
pub struct Page {
    name: String,
    text: String,
    told: Option<String>,
}

#[derive(Debug)]
pub enum Do {
    Name(String),
    Text(String),
    Add,
    CopyOurs,
}

pub fn apply(state: &mut State, action: Do) -> Vec<Effect> {
    let (Screen::Add(page), Some(own)) = (&mut state.screen, &state.own) else {
        return Vec::new();
    };
    page.told = None;
    match action {
        Do::Name(name) => page.name = name,
        Do::Text(text) => page.text = text,
        Do::CopyOurs => return vec![Effect::Copy(own.key.public().to_string())],
        Do::Add => {
            let identity = PeerIdentity::read(&page.text, &Fingerprint::of(own.key.public()));
            let read =
                identity.map_err(|error| messages::window::sentence(&error)).and_then(|identity| {
                    Ok((
                        identity,
                        page.name.parse::<Name>().map_err(|e| messages::window::sentence(&e))?,
                    ))
                });
            match read {
                Ok((identity, name)) => {
                    return vec![Effect::AddContact(name.to_string(), identity)];
                }
                Err(told) => page.told = Some(told),
            }
        }
    }
    Vec::new()
}

/// It was added, or it was not.
pub fn added(state: &mut State, result: Result<ContactId, Notification>) -> Vec<Effect> {
    match (result, &mut state.screen) {
        (Ok(id), Screen::Add(_)) => state.apply(Action::Contact(id), state.now),
        (Err(told), Screen::Add(page)) => {
            page.told = Some(told.what);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

pub fn show(ui: &mut Ui, state: &State, actions: &mut Vec<Action>) {
    let (Screen::Add(page), Some(own)) = (&state.screen, &state.own) else { return };
    widgets::page(ui, |ui| {
        if widgets::button(ui, "Back").clicked() {
            actions.push(Action::Back);
        }
        let mut push = |action| actions.push(Action::AddPage(action));
        widgets::heading(ui, "Add somebody you have yet to meet");
        ui.label(
            "Their public key is on their device, on this page. However it reached you: verify \
             it when you meet, or talk.",
        );
        ui.add_space(GAP);
        let mut name = page.name.clone();
        if widgets::field(ui, "Name", &mut name).changed() {
            push(Do::Name(name));
        }
        let mut text = page.text.clone();
        if widgets::field(ui, "Public key, keyglance1…", &mut text).changed() {
            push(Do::Text(text));
        }
        if let Some(told) = &page.told {
            widgets::warning(ui, told);
        }
        ui.add_space(GAP);
        if widgets::primary(ui, "Add contact").clicked() {
            push(Do::Add);
        }
        ui.add_space(GAP * 2.0);
        widgets::strong(ui, "Your public key, for them");
        ui.monospace(own.key.public().to_string());
        widgets::weak(ui, "It holds no secret: anybody may see it.");
        if widgets::button(ui, "Copy").clicked() {
            push(Do::CopyOurs);
        }
    });
}
