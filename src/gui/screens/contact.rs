//! One contact: its keys, and what can be done with them.

use eframe::egui::Ui;

use crate::gui::message::{Action, Effect};
use crate::gui::screens::home::trust;
use crate::gui::state::{Key, Screen, State};
use crate::gui::theme::GAP;
use crate::gui::widgets;
use crate::messages;
use crate::messages::Notification;
use keyglance_core::contacts::{Contact, ContactId, Name};
use keyglance_core::crypto::KeyId;
use keyglance_core::trust::Trust;
use keyglance_profile::{Decision, Exported};

#[derive(Debug)]
pub struct Page {
    pub id: ContactId,
    rename: Option<String>,
    remove: Option<What>,
    /// What a key is for, while it is being written.
    purpose: Option<(KeyId, String)>,
}

/// What is about to be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Contact,
    Key(KeyId),
}

#[derive(Debug)]
pub enum Do {
    Rename(Option<String>),
    UseName,
    Ask(Option<What>),
    Remove,
    /// The other device shows Paired too.
    Confirm(KeyId),
    Retire(KeyId, bool),
    Purpose(Option<(KeyId, String)>),
    UsePurpose,
    Decide(Decision),
}

impl Page {
    pub fn new(id: ContactId) -> Self {
        Self { id, rename: None, remove: None, purpose: None }
    }
}

pub fn apply(state: &mut State, action: Do) -> Vec<Effect> {
    let Screen::Contact(page) = &mut state.screen else { return Vec::new() };
    let Some(name) = state.people.person(page.id).map(|person| person.contact.name.to_string())
    else {
        return Vec::new();
    };
    match action {
        Do::Rename(text) => page.rename = text,
        Do::UseName => match page.rename.as_deref().unwrap_or_default().parse::<Name>() {
            Ok(to) => {
                page.rename = None;
                return vec![Effect::Rename { from: name, to: to.to_string() }];
            }
            Err(error) => {
                state.told = Some(Notification::new(messages::window::sentence(&error), ""))
            }
        },
        Do::Ask(what) => page.remove = what,
        Do::Remove => match page.remove.take() {
            Some(What::Contact) => {
                let mut effects = vec![Effect::RemoveContact(name)];
                effects.extend(state.apply(Action::Home, state.now));
                return effects;
            }
            Some(What::Key(id)) => return vec![Effect::RemoveKey(id)],
            None => {}
        },
        Do::Confirm(id) => return vec![Effect::Acknowledge(id)],
        Do::Retire(id, on) => return vec![Effect::Retire(id, on)],
        Do::Purpose(purpose) => page.purpose = purpose,
        Do::UsePurpose => {
            if let Some((id, text)) = page.purpose.take() {
                return vec![Effect::Purpose(id, text)];
            }
        }
        Do::Decide(decision) => return vec![Effect::Decide(name, decision)],
    }
    Vec::new()
}

pub fn show(ui: &mut Ui, state: &State, actions: &mut Vec<Action>) {
    let Screen::Contact(page) = &state.screen else { return };
    widgets::page(ui, |ui| {
        if widgets::button(ui, "Back").clicked() {
            actions.push(Action::Back);
        }
        let Some(person) = state.people.person(page.id) else {
            ui.label("This contact is not there any more.");
            return;
        };
        let contact = &person.contact;
        ui.add_space(GAP);
        if let Some(name) = &page.rename {
            let mut name = name.clone();
            if widgets::field(ui, "New name", &mut name).changed() {
                actions.push(Action::ContactPage(Do::Rename(Some(name))));
            }
            ui.horizontal(|ui| {
                if widgets::primary(ui, "Rename").clicked() {
                    actions.push(Action::ContactPage(Do::UseName));
                }
                if widgets::button(ui, "Cancel").clicked() {
                    actions.push(Action::ContactPage(Do::Rename(None)));
                }
            });
        } else {
            widgets::heading(ui, &contact.name);
        }
        let (look, words) = trust(contact.trust());
        let how = match contact.trust() {
            Trust::Verified(verified) => format!(" by {}", messages::method(verified.method)),
            _ => String::new(),
        };
        widgets::status(ui, look, &format!("{words}{how}"));
        if contact.trust() == Trust::Broken {
            ui.label(messages::DIFFER_STEPS);
            ui.label("Nothing is exported until then.");
        }
        let day = contact.since.strftime("%-d %b %Y");
        let met = match contact.suggested_name.as_str() {
            "" => format!("Not met yet · added on {day}"),
            name => format!("Calls itself {name} · paired on {day}"),
        };
        widgets::weak(ui, &met);
        if let Some(rival) = state.people.rival(contact) {
            undecided(ui, contact, &rival.contact, actions);
        }
        ui.add_space(GAP);
        ui.horizontal_wrapped(|ui| {
            if widgets::primary(ui, "Check safety number").clicked() {
                actions.push(Action::Verify(page.id));
            }
            if widgets::button(ui, "Rename…").clicked() {
                actions.push(Action::ContactPage(Do::Rename(Some(contact.name.to_string()))));
            }
            if widgets::button(ui, "Remove contact…").clicked() {
                actions.push(Action::ContactPage(Do::Ask(Some(What::Contact))));
            }
        });
        if page.remove == Some(What::Contact) {
            sure(ui, &format!("Remove {} and all its keys for good?", contact.name), actions);
        }
        ui.add_space(GAP * 2.0);
        widgets::strong(ui, "Keys");
        if person.keys.is_empty() {
            ui.label("None. Pair again to have one.");
        }
        for key in &person.keys {
            show_key(ui, page, key, contact.trust(), actions);
        }
        ui.add_space(GAP);
        widgets::strong(ui, "History");
        for (i, change) in contact.history().iter().enumerate() {
            widgets::weak(ui, &messages::change(change, i == 0));
        }
    });
}

/// Another identity came under a known name.
fn undecided(ui: &mut Ui, new: &Contact, old: &Contact, actions: &mut Vec<Action>) {
    widgets::card(ui, |ui| {
        ui.set_width(ui.available_width());
        widgets::warning(ui, &format!("{} has a different key than before.", old.name));
        ui.label(format!(
            "{} of {} and {} of {} are different devices, or one was set up anew. Ask in person. \
             Until you decide, the old key is not exported.",
            old.name,
            old.since.strftime("%-d %b %Y"),
            new.name,
            new.since.strftime("%-d %b %Y"),
        ));
        ui.horizontal(|ui| {
            if widgets::primary(ui, "Keep both").clicked() {
                actions.push(Action::ContactPage(Do::Decide(Decision::KeepBoth)));
            }
            if widgets::button(ui, "Replace the old one").clicked() {
                actions.push(Action::ContactPage(Do::Decide(Decision::Replace)));
            }
        });
    });
}

fn show_key(ui: &mut Ui, page: &Page, key: &Key, trust: Trust, actions: &mut Vec<Action>) {
    widgets::card(ui, |ui| {
        ui.set_width(ui.available_width());
        widgets::strong(ui, &key.name);
        let state = match (key.retired, key.acknowledged, key.verified) {
            (true, ..) => "retired",
            (_, false, _) => "locked: the other device did not confirm it",
            (_, true, Some(_)) => "verified",
            (_, true, None) => "not checked yet",
        };
        let day = key.created.strftime("%-d %b %Y");
        widgets::weak(ui, &format!("{} · {day} · {state}", key.id));
        purpose(ui, page, key, actions);
        for Exported { target, purpose, to, at } in key.exports.iter().rev().take(5) {
            let purpose = if purpose.is_empty() { String::new() } else { format!(" ({purpose})") };
            let day = at.strftime("%-d %b %Y");
            widgets::weak(ui, &format!("Exported on {day} for {target}{purpose}: {to}"));
        }
        ui.horizontal_wrapped(|ui| {
            if key.acknowledged {
                let open = trust != Trust::Broken && !key.retired;
                let export = ui.add_enabled_ui(open, |ui| widgets::button(ui, "Export…")).inner;
                if export.clicked() {
                    actions.push(Action::Export(key.id));
                }
            } else if widgets::button(ui, "The other device shows Paired").clicked() {
                actions.push(Action::ContactPage(Do::Confirm(key.id)));
            }
            let retire = if key.retired { "Use again" } else { "Retire" };
            if widgets::button(ui, retire).clicked() {
                actions.push(Action::ContactPage(Do::Retire(key.id, !key.retired)));
            }
            if widgets::button(ui, "For what…").clicked() {
                let text = key.purpose.clone().unwrap_or_default();
                actions.push(Action::ContactPage(Do::Purpose(Some((key.id, text)))));
            }
            if widgets::button(ui, "Remove key…").clicked() {
                actions.push(Action::ContactPage(Do::Ask(Some(What::Key(key.id)))));
            }
        });
        if page.remove == Some(What::Key(key.id)) {
            let question = format!("Remove {} for good? {}", key.name, messages::SHREDDED);
            sure(ui, &question, actions);
        }
    });
}

fn sure(ui: &mut Ui, question: &str, actions: &mut Vec<Action>) {
    widgets::card(ui, |ui| {
        widgets::warning(ui, question);
        ui.horizontal(|ui| {
            if widgets::button(ui, "Remove for good").clicked() {
                actions.push(Action::ContactPage(Do::Remove));
            }
            if widgets::primary(ui, "Keep it").clicked() {
                actions.push(Action::ContactPage(Do::Ask(None)));
            }
        });
    });
}

/// What a key is for, and the field to say so.
fn purpose(ui: &mut Ui, page: &Page, key: &Key, actions: &mut Vec<Action>) {
    let mut push = |action| actions.push(Action::ContactPage(action));
    match &page.purpose {
        Some((id, text)) if *id == key.id => {
            let mut text = text.clone();
            if widgets::field(ui, "What it is for", &mut text).changed() {
                push(Do::Purpose(Some((key.id, text))));
            }
            ui.horizontal(|ui| {
                if widgets::primary(ui, "Save").clicked() {
                    push(Do::UsePurpose);
                }
                if widgets::button(ui, "Cancel").clicked() {
                    push(Do::Purpose(None));
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
