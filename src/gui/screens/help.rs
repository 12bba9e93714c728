//! Help: what to do, what the words mean, and the keys.

use eframe::egui::{Grid, RichText, Ui};

use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets;
use crate::messages::window::{common, help as words};

pub fn ui<M>(ui: &mut Ui, out: &mut Outbox<M>) {
    widgets::page(ui, |ui| {
        if widgets::back(ui, common::HOME).clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, common::HELP);
        widgets::section(ui, words::HOW_IT_WORKS);
        for text in words::STEPS {
            ui.label(text);
        }
        widgets::section(ui, words::WHAT_WORDS_MEAN);
        for (word, means) in words::WORDS {
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                widgets::strong(ui, word);
                ui.label(means);
            });
            ui.add_space(2.0);
        }
        widgets::section(ui, words::KEYS_TITLE);
        keys_ui(ui, words::KEYS_TITLE, words::KEYS);
        widgets::section(ui, words::PAIRING_KEYS_TITLE);
        keys_ui(ui, words::PAIRING_KEYS_TITLE, words::PAIRING_KEYS);
    });
}

fn keys_ui(ui: &mut Ui, name: &str, keys: &[(&str, &str)]) {
    Grid::new(name).num_columns(2).spacing([GAP * 3.0, GAP]).show(ui, |ui| {
        for (key, does) in keys {
            ui.label(RichText::new(*key).font(theme::strong()));
            ui.label(*does);
            ui.end_row();
        }
    });
}
