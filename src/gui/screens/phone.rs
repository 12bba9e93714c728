//! Codes that a phone scans: of what its apps take, the key of a contact.

use std::path::PathBuf;
use std::time::Duration;

use eframe::egui::Ui;

use super::export::{notices_ui, option_field};
use super::secret_code::{self, SecretCode};
use crate::gui::code::Textures;
use crate::gui::effect::{Effect, ExportRequest, ProfileCommand};
use crate::gui::model::{ContactView, KeyView, Model};
use crate::gui::report::{ExportOutcome, FinishedExport};
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::GAP;
use crate::gui::{icons, widgets};
use crate::messages;
use crate::messages::Notification;
use crate::messages::window::{common, phone as words};
use keyglance_core::crypto::{KeyId, Purpose};
use keyglance_core::exports::{Group, OptionValues, PROGRAMS, Program};

/// Something that a phone needs.
#[derive(Debug)]
struct Need {
    icon: &'static str,
    title: &'static str,
    detail: &'static str,
    /// The program and its group in the catalogue.
    program: (Group, &'static str),
    /// Those of its options that a phone's user sets.
    options: &'static [&'static str],
}

const NEEDS: [Need; 4] = [
    Need {
        icon: icons::QR_CODE,
        title: words::WIFI,
        detail: words::WIFI_HOW,
        program: (Group::Phones, "Wi-Fi guest"),
        options: &["ssid"],
    },
    Need {
        icon: icons::KEY,
        title: words::WIREGUARD,
        detail: words::WIREGUARD_HOW,
        program: (Group::Phones, "WireGuard"),
        options: &["endpoint"],
    },
    Need {
        icon: icons::RECORD,
        title: words::MESHTASTIC,
        detail: words::MESHTASTIC_HOW,
        program: (Group::Phones, "Meshtastic"),
        options: &["channel"],
    },
    Need {
        icon: icons::CLIPBOARD_TEXT,
        title: words::PASSWORD,
        detail: words::PASSWORD_HOW,
        program: (Group::Passwords, "Passphrase"),
        options: &[],
    },
];

impl Need {
    fn program(&self) -> Option<&'static Program> {
        PROGRAMS.iter().find(|program| (program.group, program.name) == self.program)
    }
}

#[derive(Debug)]
pub struct Page {
    need: usize,
    /// Whose key; the first that may be used unless one is chosen.
    key: Option<KeyId>,
    options: OptionValues,
    code: Option<SecretCode>,
    /// The request that the worker is at work on; answers to others are ignored.
    working: Option<u64>,
    requests: u64,
    problem: Option<Notification>,
}

#[derive(Debug)]
pub enum Message {
    Need(usize),
    Key(KeyId),
    TargetOption(&'static str, String),
    Show,
    Code(secret_code::Message),
}

impl Page {
    pub fn new(key: Option<KeyId>) -> Self {
        Self {
            need: 0,
            key,
            options: OptionValues::default(),
            code: None,
            working: None,
            requests: 0,
            problem: None,
        }
    }

    fn need(&self) -> &'static Need {
        let [first, ..] = &NEEDS;
        NEEDS.get(self.need).unwrap_or(first)
    }

    /// What was shown is of another choice.
    fn change(&mut self) {
        (self.code, self.working, self.problem) = (None, None, None);
    }

    /// Tells the pages of this screen apart.
    pub fn place(&self) -> bool {
        self.code.is_some()
    }

    pub fn next_deadline(&self, now: Duration) -> Option<Duration> {
        self.code.as_ref()?.next_deadline(now)
    }

    pub fn tick(&mut self, now: Duration) {
        if let Some(code) = &mut self.code {
            code.tick(now);
        }
    }

    /// The file for the code that a dialog chose.
    pub fn choose_code_file(&mut self, paths: Vec<PathBuf>) {
        if let Some(code) = &mut self.code {
            code.choose_file(paths);
        }
    }

    /// The key that the code is made of.
    fn chosen<'a>(&self, model: &'a Model) -> Option<(&'a ContactView, &'a KeyView)> {
        let mut usable = usable(model);
        let named = self.key.and_then(|key| model.contacts.key(key));
        named.filter(|(_, key)| key.refusal.is_none()).or_else(|| usable.next())
    }

    fn show(&mut self, model: &Model) -> Vec<Effect> {
        let need = self.need();
        let (Some((_, key)), Some(program)) = (self.chosen(model), need.program()) else {
            return Vec::new();
        };
        self.change();
        self.requests += 1;
        self.working = Some(self.requests);
        let mut options = self.options.of(program.target);
        for (name, text) in program.preset {
            options.set(name, *text);
        }
        let request = ExportRequest {
            number: self.requests,
            key: key.id,
            program,
            purpose: Purpose::none(),
            options,
            passphrase: None,
            not_compared: false,
            path: None,
        };
        vec![ProfileCommand::Export(Box::new(request)).into()]
    }
}

/// Every contact that has a key that may be used, with that key.
fn usable(model: &Model) -> impl Iterator<Item = (&ContactView, &KeyView)> {
    model.contacts.contacts.iter().filter_map(|view| {
        let best = view.best_key?;
        let key = view.keys.iter().find(|key| key.id == best && key.refusal.is_none())?;
        Some((view, key))
    })
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Need(need) => {
            page.need = need;
            page.change();
        }
        Message::Key(key) => {
            page.key = Some(key);
            page.change();
        }
        Message::TargetOption(name, text) => {
            page.options.set(name, text);
            page.change();
        }
        Message::Show | Message::Code(secret_code::Message::Show) => return page.show(model),
        Message::Code(secret_code::Message::Close) => page.change(),
        Message::Code(message) => {
            return page.code.as_mut().map(|code| code.update(message)).unwrap_or_default();
        }
    }
    Vec::new()
}

/// The answer of the worker.
pub fn exported(page: &mut Page, model: &Model, result: Result<ExportOutcome, Notification>) {
    match result {
        Ok(ExportOutcome { number, export: FinishedExport::Codes(codes) })
            if page.working == Some(number) =>
        {
            page.working = None;
            let name = messages::window::secret_code::file_name(page.need().title);
            page.code = Some(SecretCode::new(codes, model.home.join(name), model.now));
        }
        Ok(_) => {}
        Err(problem) => (page.working, page.problem) = (None, Some(problem)),
    }
}

pub fn ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    let is_asked = page.code.is_none() && page.chosen(model).is_some();
    let mut bar = Outbox::new();
    let content = |ui: &mut Ui| {
        if widgets::back(ui, common::HOME).clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, words::TITLE);
        let Some((view, key)) = page.chosen(model) else {
            nobody_ui(ui, model, out);
            return;
        };
        let mut part = Outbox::new();
        let mut card = |ui: &mut Ui| card_ui(ui, page, model, textures, &mut part);
        if widgets::is_narrow(ui) {
            if page.code.is_some() {
                card(ui);
            }
            form_ui(ui, page, model, (view, key), out);
        } else {
            let form = |ui: &mut Ui| form_ui(ui, page, model, (view, key), out);
            widgets::two_columns(ui, GAP * 2.5, form, card);
        }
        out.extend(part, Message::Code);
        ui.add_space(GAP);
        widgets::weak(ui, words::NOT_FROM_OUTSIDE);
        if widgets::link(ui, common::WHAT_IS_THIS_CODE).clicked() {
            out.go(Route::WhatCode);
        }
    };
    if !is_asked {
        return widgets::page(ui, content);
    }
    widgets::page_with_bar(ui, content, |ui| {
        if widgets::primary(ui, common::SHOW_CODE).clicked() {
            bar.send(Message::Show);
        }
    });
    out.extend(bar, |message| message);
}

/// Nobody has a key that could be put on a phone.
fn nobody_ui(ui: &mut Ui, model: &Model, out: &mut Outbox<Message>) {
    ui.label(words::MADE_OF_A_KEY);
    if model.contacts.contacts.is_empty() {
        ui.label(common::NO_CONTACTS_YET);
    } else {
        ui.label(words::NO_USABLE_KEY);
    }
    if widgets::primary(ui, common::PAIR_A_DEVICE).clicked() {
        out.go(Route::Pair);
    }
}

fn form_ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    (view, key): (&ContactView, &KeyView),
    out: &mut Outbox<Message>,
) {
    widgets::weak(ui, words::WHAT_FOR);
    let width = ((ui.available_width() - GAP * 1.5) / 2.0).floor();
    for (row, needs) in NEEDS.chunks(2).enumerate() {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = GAP * 1.5;
            for (column, need) in needs.iter().enumerate() {
                let index = 2 * row + column;
                let chosen = index == page.need;
                let detail = Some(need.detail);
                if widgets::tile(ui, width, need.icon, need.title, detail, chosen).clicked() {
                    out.send(Message::Need(index));
                }
            }
        });
    }
    ui.add_space(GAP / 2.0);
    let usable: Vec<_> = usable(model).collect();
    let names: Vec<&str> = usable.iter().map(|(view, _)| view.contact.name.as_str()).collect();
    let at = usable.iter().position(|(_, usable)| usable.id == key.id);
    if let Some(at) = at {
        let choice = widgets::select(ui, words::KEY_FROM, &names, at);
        if let Some((_, key)) = choice.and_then(|choice| usable.get(choice)) {
            out.send(Message::Key(key.id));
        }
    } else {
        // A further key of a contact, which was named on the way here.
        widgets::words(ui, words::key_from(&key.name).into());
    }
    notices_ui(ui, view, key, out);
    if let Some(program) = page.need().program() {
        let wanted = |name: &str| page.need().options.contains(&name);
        for option in program.target.options.iter().filter(|option| wanted(option.name)) {
            let value = page.options.get(option.name).unwrap_or_default();
            if let Some(text) = option_field(ui, option, value) {
                out.send(Message::TargetOption(option.name, text));
            }
        }
    }
    if let Some(problem) = &page.problem {
        widgets::problem(ui, problem);
    }
}

fn card_ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<secret_code::Message>,
) {
    let Some(program) = page.need().program() else { return };
    let code_words = messages::window::exports::code_words(program.target, &page.options);
    match &page.code {
        Some(code) => code.ui(ui, &code_words, model.now, textures, out),
        None => {
            widgets::card(ui, |ui| {
                ui.set_width(ui.available_width());
                widgets::strong(ui, &code_words.title);
                ui.label(words::CODE_APPEARS_HERE);
            });
        }
    }
}
