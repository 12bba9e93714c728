//! Check a contact: who is meant, before their safety number.

use eframe::egui::Ui;

use super::contact_row;
use crate::gui::effect::Effect;
use crate::gui::model::Model;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::GAP;
use crate::gui::widgets;
use crate::messages;
use crate::messages::window::check as words;
use crate::messages::window::common;
use keyglance_core::text::without_accents;

/// From this many contacts on they can be searched.
const SEARCHED_FROM: usize = 8;

#[derive(Debug, Default)]
pub struct Page {
    search: String,
}

#[derive(Debug)]
pub enum Message {
    Search(String),
}

pub fn update(page: &mut Page, _model: &Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Search(text) => page.search = text,
    }
    Vec::new()
}

pub fn ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    let contacts = &model.contacts.contacts;
    widgets::page(ui, |ui| {
        if widgets::back(ui, common::HOME).clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, words::CHECK_A_CONTACT);
        if contacts.is_empty() {
            ui.label(common::NO_CONTACTS_YET);
            ui.add_space(GAP);
            if widgets::primary(ui, common::PAIR_A_DEVICE).clicked() {
                out.go(Route::Pair);
            }
        } else {
            widgets::section(ui, words::WHO);
            let mut search = page.search.clone();
            if contacts.len() >= SEARCHED_FROM
                && widgets::search(ui, common::SEARCH_YOUR_CONTACTS, &mut search).changed()
            {
                out.send(Message::Search(search));
            }
            let wanted = without_accents(page.search.trim());
            let found = contacts
                .iter()
                .filter(|view| without_accents(&view.contact.name).contains(&wanted));
            widgets::list(ui, common::CONTACTS, |ui| {
                let mut any = false;
                for view in found {
                    any = true;
                    if contact_row::choice_ui(ui, view, model) {
                        out.go(Route::Verify(view.contact.id()));
                    }
                }
                if !any {
                    ui.label(messages::window::home::no_contact_is_called(page.search.trim()));
                }
            });
        }
        ui.add_space(GAP * 2.0);
        if widgets::link(ui, NOT_IN_THE_LIST).clicked() {
            out.go(Route::Add);
        }
    });
}

/// The way to somebody who is no contact yet.
pub const NOT_IN_THE_LIST: &str = words::NOT_IN_THE_LIST;
