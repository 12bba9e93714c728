//! One contact: its keys, and what can be done with them.

use eframe::egui::Ui;

use crate::gui::effect::{Effect, ProfileCommand};
use crate::gui::model::{ContactView, KeyView, Model};
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use keyglance_core::contacts::{Contact, ContactId, Name};
use keyglance_core::crypto::KeyId;
use keyglance_core::trust::{KeyTrust, Trust};
use keyglance_profile::Exported;

/// How many exports of a key are listed.
const EXPORTS_SHOWN: usize = 5;

#[derive(Debug)]
pub struct Page {
    pub id: ContactId,
    /// The new name, while it is typed.
    rename: Option<String>,
    /// What is about to be removed, until the user is sure.
    removal: Option<Removal>,
    /// The purpose of a key, while it is typed.
    purpose: Option<(KeyId, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    Contact,
    Key(KeyId),
}

#[derive(Debug)]
pub enum Message {
    Rename(Option<String>),
    UseName,
    AskToRemove(Option<Removal>),
    Remove,
    /// The other device shows Paired too.
    Confirm(KeyId),
    Retire(KeyId, bool),
    Purpose(Option<(KeyId, String)>),
    UsePurpose,
}

impl Page {
    pub const fn new(id: ContactId) -> Self {
        Self { id, rename: None, removal: None, purpose: None }
    }
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    if model.contacts.get(page.id).is_none() {
        return Vec::new();
    }
    match message {
        Message::Rename(text) => page.rename = text,
        Message::UseName => match page.rename.as_deref().unwrap_or_default().parse::<Name>() {
            Ok(to) => {
                page.rename = None;
                return vec![ProfileCommand::RenameContact(page.id, to.to_string()).into()];
            }
            Err(error) => {
                let what = messages::window::sentence(&error);
                return vec![Effect::Notify(Notification::new(what, ""))];
            }
        },
        Message::AskToRemove(removal) => page.removal = removal,
        Message::Remove => match page.removal.take() {
            Some(Removal::Contact) => {
                return vec![
                    ProfileCommand::RemoveContact(page.id).into(),
                    Effect::Go(Route::Home),
                ];
            }
            Some(Removal::Key(id)) => return vec![ProfileCommand::RemoveKey(id).into()],
            None => {}
        },
        Message::Confirm(id) => return vec![ProfileCommand::Acknowledge(id).into()],
        Message::Retire(id, on) => return vec![ProfileCommand::RetireKey(id, on).into()],
        Message::Purpose(purpose) => page.purpose = purpose,
        Message::UsePurpose => {
            if let Some((id, text)) = page.purpose.take() {
                return vec![ProfileCommand::SetKeyPurpose(id, text).into()];
            }
        }
    }
    Vec::new()
}

pub fn ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    widgets::page(ui, |ui| {
        if widgets::button(ui, "Back").clicked() {
            out.go(Route::Back);
        }
        let Some(view) = model.contacts.get(page.id) else {
            ui.label("This contact no longer exists.");
            return;
        };
        let contact = &view.contact;
        ui.add_space(GAP);
        name_ui(ui, page, contact, out);
        trust_ui(ui, contact);
        conflicts_ui(ui, model, view, out);
        ui.add_space(GAP);
        actions_ui(ui, page, contact, out);
        ui.add_space(GAP * 2.0);
        keys_ui(ui, page, view, out);
        ui.add_space(GAP);
        widgets::strong(ui, "History");
        for (i, change) in contact.history().iter().enumerate() {
            widgets::weak(ui, &messages::change(change, i == 0));
        }
    });
}

fn name_ui(ui: &mut Ui, page: &Page, contact: &Contact, out: &mut Outbox<Message>) {
    let Some(name) = &page.rename else {
        widgets::heading(ui, &contact.name);
        return;
    };
    let mut name = name.clone();
    if widgets::field(ui, "New name", &mut name).changed() {
        out.send(Message::Rename(Some(name)));
    }
    ui.horizontal(|ui| {
        if widgets::primary(ui, "Rename").clicked() {
            out.send(Message::UseName);
        }
        if widgets::button(ui, "Cancel").clicked() {
            out.send(Message::Rename(None));
        }
    });
}

fn trust_ui(ui: &mut Ui, contact: &Contact) {
    let trust = contact.trust();
    let method = match trust {
        Trust::Verified(verified) if !contact.is_held_back() => {
            format!(" by {}", messages::method(verified.method))
        }
        Trust::Verified(_) | Trust::Broken | Trust::Unverified | Trust::SeenByCamera => {
            String::new()
        }
    };
    let severity = Severity::of_contact(contact);
    widgets::status(ui, severity, &format!("{}{method}", messages::contact_state(contact)));
    if trust == Trust::Broken {
        ui.label(messages::DIFFER_STEPS);
        ui.label("Nothing is exported until then.");
    }
    let day = messages::window::day(contact.since);
    let origin = match contact.suggested_name.as_str() {
        "" => format!("Not met yet · added on {day}"),
        name => format!("Calls itself {name} · paired on {day}"),
    };
    widgets::weak(ui, &origin);
}

/// It came under the name of another, or others came under its name.
fn conflicts_ui(ui: &mut Ui, model: &Model, view: &ContactView, out: &mut Outbox<Message>) {
    let contact = &view.contact;
    if contact.is_held_back() {
        let known = model.contacts.known_by_the_name(contact);
        let known = known.map_or("a contact that you removed", |known| &known.contact.name);
        widgets::card(ui, |ui| {
            ui.set_width(ui.available_width());
            widgets::warning(ui, &format!("It came with a different key than {known} has."));
            ui.label("Its key is held back until you have decided and compared.");
            if widgets::primary(ui, "Decide…").clicked() {
                out.go(Route::Decide(contact.id()));
            }
        });
    }
    for (new, name) in &view.newcomers {
        widgets::card(ui, |ui| {
            ui.set_width(ui.available_width());
            widgets::warning(ui, &format!("Somebody else came under this name, kept as {name}."));
            if widgets::button(ui, "Decide…").clicked() {
                out.go(Route::Decide(*new));
            }
        });
    }
}

fn actions_ui(ui: &mut Ui, page: &Page, contact: &Contact, out: &mut Outbox<Message>) {
    ui.horizontal_wrapped(|ui| {
        if widgets::primary(ui, "Check safety number").clicked() {
            out.go(Route::Verify(page.id));
        }
        if widgets::button(ui, "Rename…").clicked() {
            out.send(Message::Rename(Some(contact.name.to_string())));
        }
        if widgets::button(ui, "Remove contact…").clicked() {
            out.send(Message::AskToRemove(Some(Removal::Contact)));
        }
    });
    if page.removal == Some(Removal::Contact) {
        removal_ui(ui, &format!("Remove {} and all its keys for good?", contact.name), out);
    }
}

fn keys_ui(ui: &mut Ui, page: &Page, view: &ContactView, out: &mut Outbox<Message>) {
    widgets::strong(ui, "Keys");
    if view.keys.is_empty() {
        ui.label("None. Pair again to get one.");
    }
    for key in &view.keys {
        key_ui(ui, page, key, out);
    }
}

fn key_ui(ui: &mut Ui, page: &Page, key: &KeyView, out: &mut Outbox<Message>) {
    widgets::card(ui, |ui| {
        ui.set_width(ui.available_width());
        widgets::strong(ui, &key.name);
        let state = match &key.refusal {
            None => messages::compared(key.trust),
            refusal => messages::key_state(refusal.as_ref(), key.trust).to_owned(),
        };
        let day = messages::window::day(key.created);
        widgets::weak(ui, &format!("{} · {day} · {state}", key.id));
        if let (Some(claim), false) = (&key.claim, matches!(key.trust, KeyTrust::Verified(_))) {
            widgets::weak(ui, claim);
        }
        if let Some(safe) = messages::also_safe(key.suite) {
            widgets::weak(ui, safe);
        }
        if key.of_the_future {
            widgets::warning(ui, messages::IN_THE_FUTURE);
        }
        purpose_ui(ui, page, key, out);
        for Exported { target, purpose, to, at } in key.exports.iter().rev().take(EXPORTS_SHOWN) {
            let purpose = if purpose.is_empty() { String::new() } else { format!(" ({purpose})") };
            let day = messages::window::day(*at);
            widgets::weak(ui, &format!("Exported on {day} for {target}{purpose}: {to}"));
        }
        ui.horizontal_wrapped(|ui| {
            if key.acknowledged {
                let usable = key.refusal.is_none();
                let export = ui.add_enabled_ui(usable, |ui| widgets::button(ui, "Export…")).inner;
                if export.clicked() {
                    out.go(Route::Export(key.id));
                }
            } else if widgets::button(ui, "The other device shows Paired").clicked() {
                out.send(Message::Confirm(key.id));
            }
            if key.comparison.is_some()
                && !matches!(key.trust, KeyTrust::Verified(_))
                && widgets::button(ui, "Compare…").clicked()
            {
                out.go(Route::Compare(key.id));
            }
            let retire = if key.retired { "Use again" } else { "Stop using" };
            if widgets::button(ui, retire).clicked() {
                out.send(Message::Retire(key.id, !key.retired));
            }
            if widgets::button(ui, "Set purpose…").clicked() {
                let text = key.purpose.clone().unwrap_or_default();
                out.send(Message::Purpose(Some((key.id, text))));
            }
            if widgets::button(ui, "Remove key…").clicked() {
                out.send(Message::AskToRemove(Some(Removal::Key(key.id))));
            }
        });
        if page.removal == Some(Removal::Key(key.id)) {
            let question = format!("Remove {} for good? {}", key.name, messages::SHREDDED);
            removal_ui(ui, &question, out);
        }
    });
}

fn removal_ui(ui: &mut Ui, question: &str, out: &mut Outbox<Message>) {
    widgets::card(ui, |ui| {
        widgets::warning(ui, question);
        ui.horizontal(|ui| {
            if widgets::button(ui, "Remove for good").clicked() {
                out.send(Message::Remove);
            }
            if widgets::primary(ui, "Keep it").clicked() {
                out.send(Message::AskToRemove(None));
            }
        });
    });
}

/// What a key is for, or the field to change that.
fn purpose_ui(ui: &mut Ui, page: &Page, key: &KeyView, out: &mut Outbox<Message>) {
    match &page.purpose {
        Some((id, text)) if *id == key.id => {
            let mut text = text.clone();
            if widgets::field(ui, "What it is for", &mut text).changed() {
                out.send(Message::Purpose(Some((key.id, text))));
            }
            ui.horizontal(|ui| {
                if widgets::primary(ui, "Save").clicked() {
                    out.send(Message::UsePurpose);
                }
                if widgets::button(ui, "Cancel").clicked() {
                    out.send(Message::Purpose(None));
                }
            });
        }
        _ => {
            if let Some(purpose) = &key.purpose {
                ui.label(format!("For: {purpose}"));
            }
        }
    }
}
