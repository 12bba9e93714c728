//! Help: what to do, what is checked, and the shortcuts.

use eframe::egui::{Grid, Ui};

use crate::gui::route::{Outbox, Route};
use crate::gui::theme::GAP;
use crate::gui::widgets;

/// Every shortcut of the window.
pub const KEYS: &[(&str, &str)] = &[
    ("Ctrl+N", "Pair a device"),
    ("Ctrl+V", "Paste a code or a picture of one"),
    ("Ctrl+O", "Open a picture"),
    ("Ctrl+C", "Copy our code"),
    ("C", "Next camera"),
    ("M", "Mirror the preview"),
    ("[ and ]", "Our code darker or lighter"),
    ("F", "Full screen"),
    ("Ctrl+E", "Export a contact's key"),
    ("Ctrl+,", "Settings"),
    ("F1", "Help"),
    ("Esc", "Back"),
];

pub fn ui<M>(ui: &mut Ui, out: &mut Outbox<M>) {
    widgets::page(ui, |ui| {
        if widgets::button(ui, "Back").clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, "How it works");
        for text in [
            "1. Press Pair a device on both devices and turn their screens to each other. There \
             is nothing else to press: a sound tells you when it is done.",
            "2. Each screen shows six digits, the check code. Type those of the other screen; if \
             both devices accept them, no one was in between.",
            "3. Save the contact, and export the key for the program that will use it.",
        ] {
            ui.label(text);
        }
        ui.add_space(GAP * 2.0);
        widgets::heading(ui, "What the words mean");
        for (word, means) in [
            ("Compared", "Someone compared the check code or the safety number, and it matched."),
            ("Not compared", "The key works; until you compare, somebody could be in between."),
            (
                "Different key",
                "Somebody came under the name of a contact. Their key is held back until you \
                 decide and compare; the key you know stays in use.",
            ),
            ("Does not match", "A comparison failed: do not use this key. Pair again in person."),
            ("Unconfirmed", "The other device may not have the key: it is locked until it does."),
            ("Not in use", "You have stopped using this key."),
            (
                "Safety number",
                "Sixty digits that are the same on both devices. Read them aloud to compare.",
            ),
        ] {
            ui.horizontal_wrapped(|ui| {
                widgets::strong(ui, word);
                ui.label(means);
            });
        }
        ui.add_space(GAP * 2.0);
        widgets::heading(ui, "Shortcuts");
        Grid::new("keys").num_columns(2).spacing([GAP * 4.0, GAP]).show(ui, |ui| {
            for (key, does) in KEYS {
                ui.monospace(*key);
                ui.label(*does);
                ui.end_row();
            }
        });
    });
}
