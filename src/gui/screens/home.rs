//! Home: the contacts, and how far each is trusted.

use eframe::egui::{self, Align, Layout, RichText, Ui};

use crate::gui::icons;
use crate::gui::model::{ContactView, Model};
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets::{self, Severity};
use crate::messages;
use keyglance_core::trust::Trust;

#[derive(Debug, Default)]
pub struct Page {
    search: String,
}

#[derive(Debug)]
pub enum Message {
    Search(String),
}

pub fn update(page: &mut Page, message: Message) {
    match message {
        Message::Search(text) => page.search = text,
    }
}

pub fn ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    widgets::page(ui, |ui| {
        ui.horizontal(|ui| {
            ui.heading("Contacts");
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if widgets::icon(ui, icons::QUESTION, "Help").clicked() {
                    out.go(Route::Help);
                }
                if widgets::icon(ui, icons::GEAR, "Settings").clicked() {
                    out.go(Route::Settings);
                }
                if widgets::primary(ui, "Pair a device").clicked() {
                    out.go(Route::Pair);
                }
                if widgets::button(ui, "Add contact…").clicked() {
                    out.go(Route::Add);
                }
            });
        });
        ui.add_space(GAP);
        for warning in &model.contacts.warnings {
            widgets::warning(ui, warning);
        }
        if model.contacts.contacts.is_empty() {
            empty_ui(ui);
            return;
        }
        let mut search = page.search.clone();
        if widgets::field(ui, "Search", &mut search).changed() {
            out.send(Message::Search(search));
        }
        ui.add_space(GAP);
        let text = page.search.trim().to_lowercase();
        let matches = |view: &&ContactView| {
            let contains = |name: &str| name.to_lowercase().contains(&text);
            contains(&view.contact.name) || view.keys.iter().any(|key| contains(&key.name))
        };
        let mut found = false;
        for view in model.contacts.contacts.iter().filter(matches) {
            found = true;
            contact_ui(ui, view, out);
        }
        if !found {
            ui.label("No contact matches.");
        }
    });
}

fn empty_ui(ui: &mut Ui) {
    ui.add_space(GAP * 6.0);
    ui.vertical_centered(|ui| {
        let colour = theme::palette(ui.ctx()).weak;
        ui.label(RichText::new(icons::QR_CODE).size(72.0).color(colour));
        ui.add_space(GAP);
        widgets::strong(ui, "No contacts yet.");
        ui.label("Sit facing the other person and press Pair a device.");
    });
}

fn contact_ui(ui: &mut Ui, view: &ContactView, out: &mut Outbox<Message>) {
    let contact = &view.contact;
    let held_back = contact.is_held_back();
    let (severity, words) = (Severity::of_contact(contact), messages::contact_state(contact));
    widgets::card(ui, |ui| {
        ui.horizontal(|ui| {
            widgets::shape(ui, severity, 24.0);
            ui.vertical(|ui| {
                let name = ui.add(egui::Link::new(
                    RichText::new(contact.name.as_str()).font(theme::strong()),
                ));
                if name.clicked() {
                    out.go(Route::Contact(contact.id()));
                }
                let keys = match view.keys.len() {
                    1 => "1 key".to_owned(),
                    n => format!("{n} keys"),
                };
                let day = messages::window::day(contact.since);
                widgets::weak(ui, &format!("{words} · {keys} · {day}"));
                if !view.newcomers.is_empty() {
                    widgets::warning(ui, "Somebody else came under this name.");
                }
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let (text, route) = match contact.trust() {
                    _ if held_back => ("Decide", Route::Decide(contact.id())),
                    Trust::Broken => ("Why?", Route::Contact(contact.id())),
                    Trust::Verified(_) => ("Open", Route::Contact(contact.id())),
                    Trust::Unverified | Trust::SeenByCamera => {
                        ("Check", Route::Verify(contact.id()))
                    }
                };
                let button = widgets::button(ui, text);
                button.widget_info(|| {
                    let name = format!("{text} {}", contact.name);
                    egui::WidgetInfo::labeled(egui::Role::Button, true, name)
                });
                if button.clicked() {
                    out.go(route);
                }
            });
        });
    });
}
