//! Deciding about a contact that came under the name of another: both side by side.
//! Nothing is chosen beforehand, and leaving decides nothing.

use eframe::egui::Ui;

use crate::gui::effect::{Effect, ProfileCommand};
use crate::gui::model::{ContactView, Model};
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use keyglance_core::contacts::{ContactId, Name};
use keyglance_core::crypto::KeyId;
use keyglance_core::trust::Trust;
use keyglance_profile::Decision;

#[derive(Debug)]
pub struct Page {
    /// The contact that came.
    pub new: ContactId,
    /// What somebody else is to be called, while it is typed.
    name: Option<String>,
}

#[derive(Debug)]
pub enum Message {
    /// It is theirs.
    Theirs(Decision),
    Name(Option<String>),
    SomebodyElse,
    Block,
}

impl Page {
    pub const fn new(new: ContactId) -> Self {
        Self { new, name: None }
    }
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    let Some(view) = model.contacts.get(page.new) else { return Vec::new() };
    let decide = |decision| ProfileCommand::Decide(page.new, decision).into();
    match message {
        Message::Theirs(decision) => vec![decide(decision), Effect::Go(next(view))],
        Message::Name(name) => {
            page.name = name;
            Vec::new()
        }
        Message::SomebodyElse => match page.name.as_deref().unwrap_or_default().parse::<Name>() {
            Ok(name) => {
                vec![decide(Decision::SomebodyElse(name)), Effect::Go(next(view))]
            }
            Err(error) => {
                let what = messages::window::sentence(&error);
                vec![Effect::Notify(Notification::new(what, ""))]
            }
        },
        Message::Block => vec![decide(Decision::Block), Effect::Go(Route::Home)],
    }
}

/// Where the new one is compared: by its check code where there is one, else by its
/// safety number.
fn next(view: &ContactView) -> Route {
    if let Trust::Verified(_) = view.contact.trust() {
        return Route::Contact(view.contact.id());
    }
    let waiting = |key: &&crate::gui::model::KeyView| key.comparison.is_some();
    let key: Option<KeyId> = view.keys.iter().find(waiting).map(|key| key.id);
    key.map_or(Route::Verify(view.contact.id()), Route::Compare)
}

pub fn ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    widgets::page(ui, |ui| {
        if widgets::button(ui, "Back").clicked() {
            out.go(Route::Back);
        }
        let conflict = model
            .contacts
            .get(page.new)
            .and_then(|view| Some((view, view.contact.name_conflict.as_ref()?)));
        let Some((new, conflict)) = conflict else {
            ui.label("There is nothing to decide any more.");
            return;
        };
        let known = model.contacts.get(conflict.id);
        let name = known.map_or(conflict.name.as_str(), |known| known.contact.name.as_str());
        let title = format!("\u{201c}{name}\u{201d} has appeared with a different key");
        widgets::status(ui, Severity::Problem, &title);
        widgets::weak(
            ui,
            "A new device, a new installation, or somebody else under that name. Ask in person or \
             by phone.",
        );
        if !new.contact.name.is_same(name) {
            widgets::weak(ui, &format!("The new one is kept as {}.", new.contact.name));
        }
        ui.add_space(GAP);
        if ui.available_width() < theme::COLUMN {
            known_ui(ui, known);
            new_ui(ui, new);
        } else {
            ui.columns(2, |columns| {
                if let [left, right] = columns {
                    known_ui(left, known);
                    new_ui(right, new);
                }
            });
        }
        ui.add_space(GAP);
        choices_ui(ui, page, out);
        ui.add_space(GAP);
        widgets::weak(
            ui,
            "Comparing means reading six digits or the safety number to each other. Only then \
             does the new key take the old one\u{2019}s place, and the old key is kept but no \
             longer used. Blocking keeps the new key out for good; the old key is not touched.",
        );
        widgets::weak(ui, "Esc  decide later: nothing changes until then");
    });
}

fn known_ui(ui: &mut Ui, known: Option<&ContactView>) {
    widgets::card(ui, |ui| {
        ui.set_width(ui.available_width());
        widgets::strong(ui, "The key you know");
        let Some(known) = known else {
            ui.label("You have removed it.");
            return;
        };
        widgets::weak(ui, &compared(known.contact.trust()));
        number_ui(ui, &known.safety_number);
        widgets::strong(ui, "In use. It stays in use.");
    });
}

fn new_ui(ui: &mut Ui, new: &ContactView) {
    widgets::card(ui, |ui| {
        ui.set_width(ui.available_width());
        widgets::strong(ui, "The new key");
        let day = messages::window::day(new.contact.since);
        widgets::weak(
            ui,
            &match new.contact.trust() {
                Trust::Unverified | Trust::SeenByCamera => format!("Never compared · paired {day}"),
                trust => compared(trust),
            },
        );
        number_ui(ui, &new.safety_number);
        widgets::warning(ui, "Held back until you decide.");
    });
}

fn compared(trust: Trust) -> String {
    match trust {
        Trust::Verified(verified) => format!("Compared {}", messages::window::day(verified.at)),
        trust => messages::trust(trust).to_owned(),
    }
}

fn number_ui(ui: &mut Ui, digits: &str) {
    let digits: Vec<char> = digits.chars().collect();
    for row in digits.chunks(15) {
        let groups: Vec<String> = row.chunks(5).map(|group| group.iter().collect()).collect();
        ui.monospace(groups.join(" "));
    }
    ui.add_space(GAP);
}

fn choices_ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    if let Some(name) = &page.name {
        let mut name = name.clone();
        if widgets::field(ui, "What to call them", &mut name).changed() {
            out.send(Message::Name(Some(name)));
        }
        ui.horizontal_wrapped(|ui| {
            if widgets::primary(ui, "Compare…").clicked() {
                out.send(Message::SomebodyElse);
            }
            if widgets::button(ui, "Cancel").clicked() {
                out.send(Message::Name(None));
            }
        });
        return;
    }
    ui.horizontal_wrapped(|ui| {
        if widgets::primary(ui, "Their new device: compare…").clicked() {
            out.send(Message::Theirs(Decision::NewDevice));
        }
        if widgets::button(ui, "Two devices: keep both…").clicked() {
            out.send(Message::Theirs(Decision::AnotherDevice));
        }
        if widgets::button(ui, "Somebody else: another name…").clicked() {
            out.send(Message::Name(Some(String::new())));
        }
        if widgets::button(ui, "Not them: block").clicked() {
            out.send(Message::Block);
        }
    });
}
