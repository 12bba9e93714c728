//! What this device shares with who pairs: nothing that is not ticked here.

use std::hash::Hash;
use std::path::PathBuf;

use eframe::egui::{Align, Layout, RichText, Ui};

use crate::gui::effect::{CardInput, Effect, FileDialog, ProfileCommand, WorldCommand};
use crate::gui::model::{Model, OwnCardView};
use crate::gui::report::CardReadFailure;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Place};
use crate::messages::window::{common, share as words};
use crate::messages::{Notification, card};
use keyglance_core::identifiers::IdentifierKind;
use keyglance_profile::{CardCandidate, CardPlace};

#[derive(Debug)]
pub struct Page {
    /// It was opened from a pairing, and leads back to one.
    pub for_pairing: bool,
    /// What the worker reads.
    reading: Option<IdentifierKind>,
    form: Option<Form>,
}

/// Where something is given that is not read by itself.
#[derive(Debug)]
struct Form {
    kind: IdentifierKind,
    text: String,
    choices: Vec<CardCandidate>,
    /// What looks private, unless the user says that it is not.
    unless_public: Option<Box<CardCandidate>>,
    problem: Option<Notification>,
}

impl Form {
    fn new(kind: IdentifierKind) -> Self {
        let (text, choices) = (String::new(), Vec::new());
        Self { kind, text, choices, unless_public: None, problem: None }
    }
}

#[derive(Debug)]
pub enum Message {
    Tick(IdentifierKind, bool),
    Text(String),
    UseText,
    ChooseFile,
    AskGpg,
    Choose(Box<CardCandidate>),
    CloseForm,
}

impl Page {
    pub const fn new(for_pairing: bool) -> Self {
        Self { for_pairing, reading: None, form: None }
    }

    /// Whether something is being read: gpg may take its time.
    pub const fn is_working(&self) -> bool {
        self.reading.is_some()
    }

    /// A form that opens takes the focus.
    pub fn place(&self) -> impl Hash + use<> {
        self.form.as_ref().map(|form| (form.kind, form.choices.len()))
    }

    /// Esc closes the form first.
    pub fn close_form(&mut self) -> bool {
        self.form.take().is_some()
    }

    /// What became of something that was read.
    pub fn read(&mut self, kind: IdentifierKind, result: Result<(), CardReadFailure>) {
        self.reading = None;
        let Err(failure) = result else {
            self.form = None;
            return;
        };
        let kept = self.form.take().filter(|form| form.kind == kind);
        let mut form = kept.unwrap_or_else(|| Form::new(kind));
        match failure {
            CardReadFailure::Several(choices) => form.choices = choices,
            CardReadFailure::LooksPrivate(problem, candidate) => {
                form.problem = Some(problem);
                form.unless_public = Some(candidate);
            }
            CardReadFailure::Other(problem) => form.problem = Some(problem),
        }
        self.form = Some(form);
    }

    /// The file that the user chose; a path can be typed where there is no dialog.
    pub fn choose_file(&mut self, paths: Option<Vec<PathBuf>>) -> Vec<Effect> {
        let path = paths.and_then(|paths| paths.into_iter().next());
        path.map(|path| self.ask(CardInput::File(path))).unwrap_or_default()
    }

    fn ask(&mut self, input: CardInput) -> Vec<Effect> {
        let Some(form) = &mut self.form else { return Vec::new() };
        (form.problem, form.unless_public) = (None, None);
        self.reading = Some(form.kind);
        vec![ProfileCommand::ReadForCard(form.kind, input).into()]
    }
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Tick(kind, false) => {
            page.form = None;
            return vec![ProfileCommand::TakeOffCard(kind).into()];
        }
        Message::Tick(kind, true) => {
            let place = model.own_card.as_ref().map(|own| own.places.of(kind));
            // What is not kept anywhere is given, and gpg is not run by a tick.
            let waits = matches!(place, Some(CardPlace::Given | CardPlace::Gpg) | None);
            page.form = waits.then(|| Form::new(kind));
            if !waits {
                page.reading = Some(kind);
                return vec![ProfileCommand::ReadForCard(kind, CardInput::Place).into()];
            }
        }
        Message::Text(text) => {
            if let Some(form) = &mut page.form {
                form.text = text;
            }
        }
        Message::UseText => {
            let text = page.form.as_ref().map(|form| form.text.clone()).unwrap_or_default();
            return page.ask(CardInput::Given(text));
        }
        Message::ChooseFile => {
            let home = model.home.join("-").to_string_lossy().into_owned();
            return vec![WorldCommand::OpenDialog(FileDialog::Open, home).into()];
        }
        Message::AskGpg => return page.ask(CardInput::Place),
        Message::Choose(candidate) => {
            return vec![ProfileCommand::ShareOnCard(candidate).into()];
        }
        Message::CloseForm => page.form = None,
    }
    Vec::new()
}

pub fn ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    let mut done = false;
    widgets::page_with_bar(
        ui,
        |ui| {
            let to = if page.for_pairing { words::PAIRING } else { common::SETTINGS };
            if widgets::back(ui, to).clicked() {
                out.go(Route::Back);
            }
            widgets::heading(ui, card::HEADING);
            ui.label(card::REACHES);
            widgets::weak(ui, card::ALL_PUBLIC);
            ui.add_space(GAP);
            let Some(own) = &model.own_card else { return };
            widgets::list(ui, card::HEADING, |ui| {
                // While one is given, the others are out of the way, and it is in view.
                let open = page.form.as_ref().map(|form| form.kind);
                let is_shown = |kind: &IdentifierKind| open.is_none_or(|open| open == *kind);
                for kind in IdentifierKind::ALL.into_iter().filter(is_shown) {
                    row_ui(ui, page, own, kind, out);
                    ui.add_space(GAP);
                }
            });
        },
        |ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                // What is being given has the filled button.
                done = match page.form {
                    None => widgets::primary(ui, common::DONE).clicked(),
                    Some(_) => widgets::button(ui, common::DONE).clicked(),
                };
            });
        },
    );
    if done {
        out.go(if page.for_pairing { Route::Pair } else { Route::Settings });
    }
}

/// One kind: a box, the value, and where it is from.
fn row_ui(
    ui: &mut Ui,
    page: &Page,
    own: &OwnCardView,
    kind: IdentifierKind,
    out: &mut Outbox<Message>,
) {
    let entry = own.card.entry(kind);
    let form = page.form.as_ref().filter(|form| form.kind == kind);
    let shared = entry.is_some_and(|entry| entry.shared);
    let mut ticked = shared || form.is_some() || page.reading == Some(kind);
    if ui.checkbox(&mut ticked, words::title(kind)).changed() {
        match (ticked, shared) {
            (false, false) => out.send(Message::CloseForm),
            (ticked, _) => out.send(Message::Tick(kind, ticked)),
        }
    }
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        match entry {
            Some(entry) => {
                widgets::words(ui, RichText::new(entry.identifier.to_string()).monospace());
                widgets::weak(ui, &words::from(&card::source(&entry.source, entry.read_at)));
                if !entry.shared {
                    widgets::weak(ui, words::NOT_CHOSEN_NOW);
                }
            }
            None => widgets::weak(ui, &words::from(&card::place(&own.places.of(kind)))),
        }
    });
    if page.reading == Some(kind) {
        widgets::weak(ui, words::READING);
    } else if let Some(form) = form {
        widgets::card(ui, |ui| form_ui(ui, form, out));
    }
}

fn form_ui(ui: &mut Ui, form: &Form, out: &mut Outbox<Message>) {
    if let Some(problem) = &form.problem {
        widgets::problem(ui, problem);
    }
    if let Some(candidate) = &form.unless_public
        && widgets::attention(ui, words::IT_IS_PUBLIC).clicked()
    {
        out.send(Message::Choose(candidate.clone()));
    }
    if !form.choices.is_empty() {
        ui.label(words::CHOOSE_ONE);
        widgets::list(ui, words::CHOOSE_ONE, |ui| {
            for candidate in &form.choices {
                if widgets::button(ui, &words::choice(candidate)).clicked() {
                    out.send(Message::Choose(Box::new(candidate.clone())));
                }
            }
        });
    }
    if form.kind == IdentifierKind::HostName {
        let mut text = form.text.clone();
        if widgets::field(ui, words::ANOTHER_NAME, &mut text).changed() {
            out.send(Message::Text(text));
        }
    } else {
        match widgets::place(ui, words::PUBLIC_KEY, &form.text) {
            Some(Place::Typed(text)) => out.send(Message::Text(text)),
            Some(Place::Choose) => out.send(Message::ChooseFile),
            None => {}
        }
    }
    ui.horizontal_wrapped(|ui| {
        if widgets::primary_if(ui, !form.text.trim().is_empty(), words::SHARE_THIS).clicked() {
            out.send(Message::UseText);
        }
        if form.kind == IdentifierKind::OpenPgp && widgets::button(ui, words::ASK_GPG).clicked() {
            out.send(Message::AskGpg);
        }
        if widgets::button(ui, common::CANCEL).clicked() {
            out.send(Message::CloseForm);
        }
    });
}
