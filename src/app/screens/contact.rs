//! One contact: its keys, and what can be done with them.

use eframe::egui::Ui;

use crate::app::message::{Action, Effect};
use crate::app::screens::home::trust;
use crate::app::state::{Key, Screen, State, Told};
use crate::app::theme::GAP;
use crate::app::widgets;
use crate::app::words;
use crate::contacts::{Trust, local_name};
use crate::crypto::KeyId;
use crate::keyfile::Method;

#[derive(Debug)]
pub(in crate::app) struct Page {
    pub(in crate::app) id: String,
    rename: Option<String>,
    remove: Option<What>,
}

/// What is about to be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum What {
    Contact,
    Key(KeyId),
}

#[derive(Debug)]
pub(in crate::app) enum Do {
    Rename(Option<String>),
    UseName,
    Ask(Option<What>),
    Remove,
    /// The other device shows Paired too.
    Confirm(KeyId),
}

impl Page {
    pub(in crate::app) fn new(id: String) -> Self {
        Self { id, rename: None, remove: None }
    }
}

pub(in crate::app) fn apply(state: &mut State, action: Do) -> Vec<Effect> {
    let Screen::Contact(page) = &mut state.screen else { return Vec::new() };
    let Some(name) = state.people.person(&page.id).map(|person| person.contact.name.clone()) else {
        return Vec::new();
    };
    match action {
        Do::Rename(text) => page.rename = text,
        Do::UseName => match local_name(page.rename.as_deref().unwrap_or_default()) {
            Ok(to) => {
                page.rename = None;
                return vec![Effect::Rename { from: name, to }];
            }
            Err(error) => state.told = Some(Told::new(words::sentence(&error), "")),
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
    }
    Vec::new()
}

pub(in crate::app) fn show(ui: &mut Ui, state: &State, actions: &mut Vec<Action>) {
    let Screen::Contact(page) = &state.screen else { return };
    widgets::page(ui, |ui| {
        if widgets::button(ui, "Back").clicked() {
            actions.push(Action::Back);
        }
        let Some(person) = state.people.person(&page.id) else {
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
        let (look, words) = trust(contact.trust);
        let how = match contact.trust {
            Trust::Verified(verified) => {
                format!(
                    " by {} on {}",
                    words_of(verified.method),
                    verified.at.strftime("%-d %b %Y")
                )
            }
            _ => String::new(),
        };
        widgets::status(ui, look, &format!("{words}{how}"));
        if contact.trust == Trust::Broken {
            ui.label(
                "These numbers did not match. Someone may be between you, or one of you opened \
                 another contact. Compare again; if they still differ, stop using this key and \
                 pair again in person. Nothing is exported until then.",
            );
        }
        widgets::weak(
            ui,
            &format!(
                "Calls itself {} · paired on {}",
                contact.suggested_name,
                contact.paired_at.strftime("%-d %b %Y")
            ),
        );
        ui.add_space(GAP);
        ui.horizontal_wrapped(|ui| {
            if widgets::primary(ui, "Check safety number").clicked() {
                actions.push(Action::Verify(page.id.clone()));
            }
            if widgets::button(ui, "Rename…").clicked() {
                actions.push(Action::ContactPage(Do::Rename(Some(contact.name.clone()))));
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
            show_key(ui, page, key, contact.trust, actions);
        }
    });
}

fn show_key(ui: &mut Ui, page: &Page, key: &Key, trust: Trust, actions: &mut Vec<Action>) {
    widgets::card(ui, |ui| {
        ui.set_width(ui.available_width());
        widgets::strong(ui, &key.name);
        let state = match (key.acknowledged, key.verified) {
            (false, _) => "locked: the other device did not confirm it",
            (true, Some(_)) => "verified",
            (true, None) => "not checked yet",
        };
        let day = key.created.strftime("%-d %b %Y");
        widgets::weak(ui, &format!("{} · {day} · {state}", key.id));
        ui.horizontal_wrapped(|ui| {
            if key.acknowledged {
                let open = trust != Trust::Broken;
                let export = ui.add_enabled_ui(open, |ui| widgets::button(ui, "Export…")).inner;
                if export.clicked() {
                    actions.push(Action::Export(key.id));
                }
            } else if widgets::button(ui, "The other device shows Paired").clicked() {
                actions.push(Action::ContactPage(Do::Confirm(key.id)));
            }
            if widgets::button(ui, "Remove key…").clicked() {
                actions.push(Action::ContactPage(Do::Ask(Some(What::Key(key.id)))));
            }
        });
        if page.remove == Some(What::Key(key.id)) {
            let question = format!(
                "Remove {} for good? Files that were exported from it are still there.",
                key.name
            );
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

const fn words_of(method: Method) -> &'static str {
    match method {
        Method::CheckCode => "check code",
        Method::SafetyNumber => "safety number",
        Method::FingerprintCode => "fingerprint code",
    }
}
