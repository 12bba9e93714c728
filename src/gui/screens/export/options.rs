//! What can be set for the program that was chosen.

use eframe::egui::{TextEdit, Ui};

use super::{Message, Page, is_compared, notices_ui};
use crate::gui::model::{ContactView, KeyView};
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Place};
use crate::messages;
use crate::messages::window::{common, exports as words};
use keyglance_core::exports::{OptionKind, OptionValues, Program, TargetOption};

pub(super) fn ui(
    ui: &mut Ui,
    page: &Page,
    program: &'static Program,
    view: &ContactView,
    key: &KeyView,
    out: &mut Outbox<Message>,
) {
    let mut bar = Outbox::new();
    let content = |ui: &mut Ui| {
        if widgets::back(ui, words::USE_WITH).clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, &words::program_with_key(program.name, &key.name));
        widgets::weak(ui, program.summary);
        notices_ui(ui, view, key, out);
        if let Some(problem) = &page.problem {
            widgets::problem(ui, problem);
        }
        for option in program.target.options {
            option_ui(ui, page, key, option, out);
        }
        shared_ui(ui, page, program, key, out);
        if program.target.is_public() {
            widgets::warning(ui, program.target.danger);
            place_ui(ui, page, out);
            return;
        }
        passphrase_ui(ui, page, program, out);
        place_ui(ui, page, out);
        let mut word = page.separate.clone();
        ui.add_space(GAP);
        if widgets::field(ui, words::SEPARATE_KEY, &mut word).changed() {
            out.send(Message::Separate(word));
        }
        widgets::weak(ui, words::ANOTHER_WORD);
        if let Some(last) = key.exports.last() {
            let day = messages::window::day(last.latest());
            widgets::weak(ui, &words::last_used(&day, last.used_with()));
        }
    };
    widgets::page_with_bar(ui, content, |ui| bar_ui(ui, program, &mut bar));
    out.extend(bar, |message| message);
}

fn bar_ui(ui: &mut Ui, program: &Program, out: &mut Outbox<Message>) {
    // What one most likely wants of it is the filled one.
    if program.phone {
        if widgets::primary(ui, common::SHOW_CODE).clicked() {
            out.send(Message::ShowCode);
        }
        if widgets::button(ui, words::SAVE_FILE).clicked() {
            out.send(Message::Save);
        }
        return;
    }
    if widgets::primary(ui, common::SAVE).clicked() {
        out.send(Message::Save);
    }
    if program.target.scanned_by.is_some() && widgets::button(ui, common::SHOW_CODE).clicked() {
        out.send(Message::ShowCode);
    }
}

/// Whether the file has a passphrase, and which.
fn passphrase_ui(ui: &mut Ui, page: &Page, program: &Program, out: &mut Outbox<Message>) {
    widgets::section(ui, words::PASSPHRASE_OF_THE_FILE);
    for (protect, text) in [(true, words::WITH_PASSPHRASE), (false, words::WITHOUT_PASSPHRASE)] {
        if ui.radio(page.protect == protect, text).clicked() {
            out.send(Message::Protect(protect));
        }
    }
    if !page.protect {
        widgets::warning(ui, program.target.danger);
        return;
    }
    if let Some(input) = page.passphrase.ui(ui, words::PASSPHRASE) {
        out.send(Message::Passphrase(input));
    }
}

fn place_ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    widgets::section(ui, words::PLACE);
    if let Some(place) = widgets::place(ui, words::FILE, &page.path) {
        out.send(match place {
            Place::Typed(path) => Message::Path(path),
            Place::Choose => Message::ChooseFile,
        });
    }
}

/// An option that only this program has.
fn option_ui(
    ui: &mut Ui,
    page: &Page,
    key: &KeyView,
    option: &TargetOption,
    out: &mut Outbox<Message>,
) {
    let text = page.options.get(option.name).unwrap_or_default();
    if let Some(text) = option_field(ui, option, text) {
        out.send(Message::TargetOption(option.name, text));
    }
    // Offered only: a name that does not resolve would stop wg-quick.
    let card = key.card.as_ref().ok().filter(|_| text.is_empty());
    if let Some(endpoint) = card.and_then(|card| option.offered(card))
        && widgets::link(ui, &words::use_endpoint(&endpoint)).clicked()
    {
        out.send(Message::TargetOption(option.name, endpoint));
    }
}

/// What is to be known where something is made of what they shared.
fn shared_ui(
    ui: &mut Ui,
    page: &Page,
    program: &Program,
    key: &KeyView,
    out: &mut Outbox<Message>,
) {
    let Ok(card) = &key.card else { return };
    if let Some(host) = program.target.trusted_host(card, &page.options) {
        match host {
            Ok(host) => widgets::strong(ui, &messages::shared::trusted_host(&host)),
            Err(error) => widgets::warning(ui, &messages::window::explain(&error).whole()),
        }
    }
    // Of a target that is nothing but the card it was said before.
    let of_card = !program.target.is_public() && program.target.is_of_card(card, &page.options);
    if of_card && !is_compared(key) && !page.not_compared {
        widgets::warning(ui, words::SHARED_NOT_COMPARED);
        if widgets::button(ui, words::GO_ON_NOT_COMPARED).clicked() {
            out.send(Message::NotCompared);
        }
    }
}

/// Draws an option, and gives what the user makes of it.
pub fn option_field(ui: &mut Ui, option: &TargetOption, value: &str) -> Option<String> {
    let mut text = value.to_owned();
    let name = messages::window::sentence(&option.summary);
    let name = name.trim_end_matches('.');
    match option.kind {
        OptionKind::Flag => {
            let mut on = !text.is_empty();
            let changed = ui.checkbox(&mut on, name).changed();
            changed.then(|| if on { OptionValues::ON } else { "" }.to_owned())
        }
        OptionKind::Choice(choices) => {
            let chosen = choices.iter().position(|choice| *choice == text).unwrap_or_default();
            let picked = widgets::select(ui, name, choices, chosen);
            picked.and_then(|at| choices.get(at)).map(|choice| (*choice).to_owned())
        }
        OptionKind::Text(default) => {
            let changed = widgets::field_with(ui, name, &mut text, |field: TextEdit<'_>| {
                field.hint_text(default.to_owned())
            });
            changed.changed().then_some(text)
        }
    }
}
