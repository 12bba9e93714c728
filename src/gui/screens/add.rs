//! A contact that was not met yet, added by its public key.

use eframe::egui::Ui;

use crate::gui::effect::{Effect, ProfileCommand, WorldCommand};
use crate::gui::model::Model;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::GAP;
use crate::gui::widgets;
use crate::messages;
use crate::messages::Notification;
use keyglance_core::contacts::{ContactId, Name, PeerIdentity};

#[derive(Debug, Default)]
pub struct Page {
    name: String,
    text: String,
    problem: Option<String>,
}

#[derive(Debug)]
pub enum Message {
    Name(String),
    Text(String),
    Add,
    CopyOurs,
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    let Some(device) = &model.device else { return Vec::new() };
    page.problem = None;
    match message {
        Message::Name(name) => page.name = name,
        Message::Text(text) => page.text = text,
        Message::CopyOurs => {
            return vec![WorldCommand::Copy(device.key.public().to_string()).into()];
        }
        Message::Add => {
            let identity = PeerIdentity::read(&page.text, &device.fingerprint)
                .map_err(|error| messages::window::sentence(&error));
            let read = identity.and_then(|identity| {
                let name = page.name.parse::<Name>();
                Ok((name.map_err(|error| messages::window::sentence(&error))?, identity))
            });
            match read {
                Ok((name, identity)) => {
                    return vec![ProfileCommand::AddContact(name.to_string(), identity).into()];
                }
                Err(problem) => page.problem = Some(problem),
            }
        }
    }
    Vec::new()
}

/// The answer of the worker.
pub fn added(page: &mut Page, result: Result<ContactId, Notification>) -> Vec<Effect> {
    match result {
        Ok(id) => vec![Effect::Go(Route::Contact(id))],
        Err(notification) => {
            page.problem = Some(notification.what);
            Vec::new()
        }
    }
}

pub fn ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    let Some(device) = &model.device else { return };
    widgets::page(ui, |ui| {
        if widgets::button(ui, "Back").clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, "Add someone you have not met yet");
        ui.label(
            "Their public key is on this page of their own Keyglance. However it reaches you, \
             verify it when you meet or talk.",
        );
        ui.add_space(GAP);
        let mut name = page.name.clone();
        if widgets::field(ui, "Name", &mut name).changed() {
            out.send(Message::Name(name));
        }
        let mut text = page.text.clone();
        if widgets::field(ui, "Public key, keyglance1…", &mut text).changed() {
            out.send(Message::Text(text));
        }
        if let Some(problem) = &page.problem {
            widgets::warning(ui, problem);
        }
        ui.add_space(GAP);
        if widgets::primary(ui, "Add contact").clicked() {
            out.send(Message::Add);
        }
        ui.add_space(GAP * 2.0);
        widgets::strong(ui, "Your public key, for them");
        ui.monospace(device.key.public().to_string());
        widgets::weak(ui, "It holds no secret: anyone may see it.");
        if widgets::button(ui, "Copy").clicked() {
            out.send(Message::CopyOurs);
        }
    });
}
