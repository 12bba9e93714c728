//! Help: what to do, what is checked, and the keys.

use eframe::egui::{Grid, Ui};

use crate::gui::message::Action;
use crate::gui::theme::GAP;
use crate::gui::widgets;

/// Every shortcut, as the window handles it.
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

pub fn show(ui: &mut Ui, actions: &mut Vec<Action>) {
    widgets::page(ui, |ui| {
        if widgets::button(ui, "Back").clicked() {
            actions.push(Action::Back);
        }
        widgets::heading(ui, "How it works");
        for text in [
            "1. Both press Pair a device and turn the screens to each other. Nothing else need \
             be pressed: a sound tells when it is done.",
            "2. Both screens show six digits, the check code. If a person sees the same digits \
             on both, nobody was in between.",
            "3. Save the contact, and export the key for the program that is to use it.",
        ] {
            ui.label(text);
        }
        ui.add_space(GAP * 2.0);
        widgets::heading(ui, "What the words mean");
        for (word, means) in [
            ("Seen by camera", "The key came through the camera; nobody compared the check code."),
            (
                "Not checked yet",
                "The key came as text or as a picture; compare before you rely on it.",
            ),
            ("Verified", "A person compared the check code or the safety number, and it matched."),
            ("Does not match", "A comparison failed: do not use this key. Pair again in person."),
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
        widgets::heading(ui, "Keys");
        Grid::new("keys").num_columns(2).spacing([GAP * 4.0, GAP]).show(ui, |ui| {
            for (key, does) in KEYS {
                ui.monospace(*key);
                ui.label(*does);
                ui.end_row();
            }
        });
    });
}
