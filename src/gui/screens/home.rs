//! Home: the contacts and how far each is trusted.

use eframe::egui::{self, Align, Layout, RichText, Ui};

use crate::gui::icons;
use crate::gui::message::Action;
use crate::gui::state::{ContactView, Screen, State};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets::{self, Severity};
use crate::messages;
use keyglance_core::trust::Trust;

#[derive(Debug, Default)]
pub struct Home {
    pub search: String,
}

/// A shape and words for each trust.
pub fn trust(trust: Trust) -> (Severity, &'static str) {
    let look = match trust {
        Trust::Broken => Severity::Problem,
        Trust::Unverified | Trust::SeenByCamera => Severity::Waiting,
        Trust::Verified(_) => Severity::Good,
    };
    (look, messages::trust(trust))
}

pub fn show(ui: &mut Ui, state: &State, actions: &mut Vec<Action>) {
    let Screen::Home(home) = &state.screen else { return };
    widgets::page(ui, |ui| {
        ui.horizontal(|ui| {
            ui.heading("Contacts");
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if widgets::icon(ui, icons::QUESTION, "Help").clicked() {
                    actions.push(Action::Help);
                }
                if widgets::icon(ui, icons::GEAR, "Settings").clicked() {
                    actions.push(Action::Settings);
                }
                if widgets::primary(ui, "Pair a device…").clicked() {
                    actions.push(Action::Pair);
                }
                if widgets::button(ui, "Add contact…").clicked() {
                    actions.push(Action::Add);
                }
            });
        });
        ui.add_space(GAP);
        for warning in &state.people.warnings {
            widgets::warning(ui, warning);
        }
        if state.people.contacts.is_empty() {
            empty(ui);
            return;
        }
        let mut search = home.search.clone();
        if widgets::field(ui, "Search", &mut search).changed() {
            actions.push(Action::Search(search));
        }
        ui.add_space(GAP);
        let wanted = home.search.trim().to_lowercase();
        let fits = |person: &&ContactView| {
            let name = |name: &str| name.to_lowercase().contains(&wanted);
            name(&person.contact.name) || person.keys.iter().any(|key| name(&key.name))
        };
        let mut none = true;
        for person in state.people.contacts.iter().filter(fits) {
            none = false;
            row(ui, person, actions);
        }
        if none {
            ui.label("Nobody is called so.");
        }
    });
}

fn empty(ui: &mut Ui) {
    ui.add_space(GAP * 6.0);
    ui.vertical_centered(|ui| {
        let colour = theme::palette(ui.ctx()).weak;
        ui.label(RichText::new(icons::QR_CODE).size(72.0).color(colour));
        ui.add_space(GAP);
        widgets::strong(ui, "No contacts yet.");
        ui.label("Sit facing the other person and press Pair a device.");
    });
}

fn row(ui: &mut Ui, person: &ContactView, actions: &mut Vec<Action>) {
    let contact = &person.contact;
    let undecided = contact.name_conflict.is_some();
    let (look, words) = match trust(contact.trust()) {
        (_, _) if undecided => (Severity::Problem, "Another key than before"),
        trust => trust,
    };
    widgets::card(ui, |ui| {
        ui.horizontal(|ui| {
            widgets::shape(ui, look, 24.0);
            ui.vertical(|ui| {
                let name = ui.add(egui::Link::new(
                    RichText::new(contact.name.as_str()).font(theme::strong()),
                ));
                if name.clicked() {
                    actions.push(Action::Contact(contact.id()));
                }
                let keys = match person.keys.len() {
                    1 => "1 key".to_owned(),
                    n => format!("{n} keys"),
                };
                let day = contact.since.strftime("%-d %b %Y");
                widgets::weak(ui, &format!("{words} · {keys} · {day}"));
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let (text, action) = match contact.trust() {
                    _ if undecided => ("Decide", Action::Contact(contact.id())),
                    Trust::Broken => ("Why?", Action::Contact(contact.id())),
                    Trust::Verified(_) => ("Open", Action::Contact(contact.id())),
                    _ => ("Check", Action::Verify(contact.id())),
                };
                let button = widgets::button(ui, text);
                button.widget_info(|| {
                    let name = format!("{text} {}", contact.name);
                    egui::WidgetInfo::labeled(egui::Role::Button, true, name)
                });
                if button.clicked() {
                    actions.push(action);
                }
            });
        });
    });
}
