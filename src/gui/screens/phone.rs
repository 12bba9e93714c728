//! For a phone: pairing the phone itself, by a page in its browser; and codes that its apps
//! scan, made of the key of a contact.

mod pair;

use std::path::PathBuf;
use std::time::Duration;

use eframe::egui::Ui;

use super::export::{notices_ui, option_field};
use super::page_address;
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
use pair::PairPhone;

/// Something that a phone needs.
#[derive(Debug)]
struct Need {
    icon: &'static str,
    title: &'static str,
    detail: &'static str,
    /// The programs that take it, with their group in the catalogue; none for pairing.
    programs: &'static [(Group, &'static str)],
    /// Those of their options that a phone's user sets.
    options: &'static [&'static str],
}

/// Pairing, which needs no key yet.
const PAIR: usize = 0;
/// What is chosen first where there is a key.
const FIRST_OF_A_KEY: usize = 1;

const NEEDS: [Need; 6] = [
    Need {
        icon: icons::CAMERA,
        title: words::PAIR_IT,
        detail: words::PAIR_IT_HOW,
        programs: &[],
        options: &[],
    },
    Need {
        icon: icons::QR_CODE,
        title: words::WIFI,
        detail: words::WIFI_HOW,
        programs: &[(Group::Phones, "Wi-Fi guest")],
        options: &["ssid"],
    },
    Need {
        icon: icons::KEY,
        title: words::WIREGUARD,
        detail: words::WIREGUARD_HOW,
        programs: &[(Group::Phones, "WireGuard")],
        options: &["endpoint"],
    },
    Need {
        icon: icons::RECORD,
        title: words::MESHTASTIC,
        detail: words::MESHTASTIC_HOW,
        programs: &[(Group::Phones, "Meshtastic"), (Group::Phones, "MeshCore")],
        options: &["channel"],
    },
    Need {
        icon: icons::CLIPBOARD_TEXT,
        title: words::PASSWORD,
        detail: words::PASSWORD_HOW,
        programs: &[(Group::Passwords, "Passphrase"), (Group::Passwords, "Words")],
        options: &[],
    },
    Need {
        icon: icons::LOCK,
        title: words::ONE_TIME_CODES,
        detail: words::ONE_TIME_CODES_HOW,
        programs: &[(Group::Phones, "One-time codes")],
        options: &[],
    },
];

impl Need {
    fn programs(&self) -> impl Iterator<Item = &'static Program> {
        let program = |wanted: &(Group, &str)| {
            PROGRAMS.iter().find(|program| (program.group, program.name) == *wanted)
        };
        self.programs.iter().filter_map(program)
    }
}

#[derive(Debug)]
pub struct Page {
    need: usize,
    /// Which of the programs that take it.
    program: usize,
    pub pair: PairPhone,
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
    Program(usize),
    Pair(pair::Message),
    Key(KeyId),
    TargetOption(&'static str, String),
    Show,
    Code(secret_code::Message),
}

impl Page {
    pub fn new(key: Option<KeyId>) -> Self {
        Self {
            need: if key.is_some() { FIRST_OF_A_KEY } else { PAIR },
            program: 0,
            pair: PairPhone::default(),
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

    fn pairs(&self) -> bool {
        self.need == PAIR
    }

    fn program(&self) -> Option<&'static Program> {
        self.need().programs().nth(self.program)
    }

    /// What was shown is of another choice.
    fn change(&mut self) {
        (self.code, self.working, self.problem) = (None, None, None);
    }

    /// Tells the pages of this screen apart.
    pub const fn place(&self) -> (bool, bool) {
        (self.code.is_some(), self.pair.place())
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
        let (Some((_, key)), Some(program)) = (self.chosen(model), self.program()) else {
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
            (page.need, page.program) = (need, 0);
            page.change();
        }
        Message::Program(program) => {
            page.program = program;
            page.change();
        }
        Message::Pair(message) => return page.pair.update(model, message),
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
    let asks = page.pairs() || page.code.is_none();
    let mut bar = Outbox::new();
    let content = |ui: &mut Ui| {
        if widgets::back(ui, common::HOME).clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, words::TITLE);
        let mut part = Outbox::new();
        let shows = page.code.is_some() || page.pairs() && page.pair.shown(model).is_some();
        let mut card = |ui: &mut Ui| card_ui(ui, page, model, textures, &mut part);
        if widgets::is_narrow(ui) {
            // What is to be scanned is above what was chosen.
            if shows {
                card(ui);
            }
            form_ui(ui, page, model, out);
            if page.pairs() && !shows {
                card(ui);
            }
        } else {
            let form = |ui: &mut Ui| form_ui(ui, page, model, out);
            widgets::two_columns(ui, GAP * 2.5, form, card);
        }
        out.extend(part, |message| message);
        if page.pairs() {
            return;
        }
        ui.add_space(GAP);
        widgets::weak(ui, words::NOT_FROM_OUTSIDE);
        if widgets::link(ui, common::WHAT_IS_THIS_CODE).clicked() {
            out.go(Route::WhatCode);
        }
    };
    if !asks {
        return widgets::page(ui, content);
    }
    widgets::page_with_bar(ui, content, |ui| bar_ui(ui, page, model, &mut bar));
    out.extend(bar, |message| message);
}

/// The one thing to do next.
fn bar_ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    if page.pairs() && page.pair.shown(model).is_some() {
        if widgets::primary(ui, words::THEY_ARE_ON_THE_PAGE).clicked() {
            out.go(Route::Pair);
        }
    } else if page.pairs() {
        if widgets::primary(ui, words::USE_ADDRESS).clicked() {
            out.send(Message::Pair(pair::Message::Address(page_address::Message::Keep)));
        }
    } else if page.chosen(model).is_none() {
        if widgets::primary(ui, common::PAIR_A_DEVICE).clicked() {
            out.go(Route::Pair);
        }
    } else if widgets::primary(ui, common::SHOW_CODE).clicked() {
        out.send(Message::Show);
    }
}

fn form_ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
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
    if page.pairs() {
        page.pair.about_ui(ui);
        return;
    }
    match page.chosen(model) {
        Some(chosen) => key_ui(ui, page, model, chosen, out),
        // Nobody has a key that could be put on a phone.
        None => {
            ui.label(words::MADE_OF_A_KEY);
            ui.label(match model.contacts.contacts.is_empty() {
                true => common::NO_CONTACTS_YET,
                false => words::NO_USABLE_KEY,
            });
        }
    }
    if let Some(problem) = &page.problem {
        widgets::problem(ui, problem);
    }
}

/// Whose key it is, and what is set for the code.
fn key_ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    (view, key): (&ContactView, &KeyView),
    out: &mut Outbox<Message>,
) {
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
    let programs: Vec<&str> = page.need().programs().map(|program| program.name).collect();
    if programs.len() > 1
        && let Some(program) = widgets::select(ui, words::WHICH, &programs, page.program)
    {
        out.send(Message::Program(program));
    }
    notices_ui(ui, view, key, out);
    if let Some(program) = page.program() {
        let wanted = |name: &str| page.need().options.contains(&name);
        for option in program.target.options.iter().filter(|option| wanted(option.name)) {
            let value = page.options.get(option.name).unwrap_or_default();
            if let Some(text) = option_field(ui, option, value) {
                out.send(Message::TargetOption(option.name, text));
            }
        }
    }
}

fn card_ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    if page.pairs() {
        let mut part = Outbox::new();
        page.pair.card_ui(ui, model, textures, &mut part);
        out.extend(part, Message::Pair);
        return;
    }
    let Some(program) = page.program() else { return };
    let code_words = messages::window::exports::code_words(program.target, &page.options);
    match &page.code {
        Some(code) => {
            let mut part = Outbox::new();
            code.ui(ui, &code_words, model.now, textures, &mut part);
            out.extend(part, Message::Code);
        }
        None => {
            widgets::card(ui, |ui| {
                ui.set_width(ui.available_width());
                widgets::strong(ui, &code_words.title);
                ui.label(words::CODE_APPEARS_HERE);
            });
        }
    }
}
