//! Comparing the check code: our digits to read out, and a field for those of the
//! other screen. Shown right after a pairing, and from the contact's page later.

use eframe::egui::{Key, RichText, Ui};

use crate::gui::effect::{Effect, ProfileCommand, WorldCommand};
use crate::gui::model::Model;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets;
use crate::messages;
use crate::messages::Notification;
use crate::sound::Cue;
use keyglance_core::crypto::KeyId;
use keyglance_core::pairing::{CheckCode, CheckEntry, PairingError};

/// A comparison that waits for a person.
#[derive(Debug)]
pub struct Comparison {
    key: KeyId,
    /// The other device's name.
    peer: String,
    /// What our screen shows.
    shown: CheckCode,
    /// What was typed so far.
    typed: String,
    /// What the last digits that were checked said.
    told: Option<CheckEntry>,
    /// Something is wrong: the key is about to be deleted, if the user is sure.
    doubt: bool,
}

#[derive(Debug)]
pub enum Message {
    Type(String),
    Check,
    Doubt(bool),
    /// The devices do not agree, here or over there.
    Delete,
    Later,
}

/// What a message, or an answer of the profile, came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Open,
    Later,
    Compared,
    /// The key is wiped.
    Disagree,
}

impl Comparison {
    pub const fn new(key: KeyId, peer: String, shown: CheckCode) -> Self {
        Self { key, peer, shown, typed: String::new(), told: None, doubt: false }
    }

    pub fn update(&mut self, message: Message) -> (Outcome, Vec<Effect>) {
        match message {
            Message::Type(text) => {
                self.typed = text;
                (Outcome::Open, Vec::new())
            }
            Message::Check => {
                let typed = std::mem::take(&mut self.typed);
                (Outcome::Open, vec![ProfileCommand::EnterCheckCode(self.key, typed).into()])
            }
            Message::Doubt(doubt) => {
                self.doubt = doubt;
                (Outcome::Open, Vec::new())
            }
            Message::Delete => {
                let reject = ProfileCommand::RejectCheckCode(self.key).into();
                (Outcome::Disagree, vec![reject, WorldCommand::Play(Cue::Problem).into()])
            }
            Message::Later => (Outcome::Later, Vec::new()),
        }
    }

    /// What the profile said to the digits that were typed.
    pub fn entered(&mut self, entry: CheckEntry) -> (Outcome, Vec<Effect>) {
        self.told = Some(entry);
        match entry {
            CheckEntry::Match => (Outcome::Compared, vec![WorldCommand::Play(Cue::Done).into()]),
            CheckEntry::Mismatch => {
                (Outcome::Disagree, vec![WorldCommand::Play(Cue::Problem).into()])
            }
            CheckEntry::OwnDigits | CheckEntry::NotSixDigits => (Outcome::Open, Vec::new()),
            CheckEntry::Wrong { .. } => {
                (Outcome::Open, vec![WorldCommand::Play(Cue::Problem).into()])
            }
        }
    }

    pub fn ui(&self, ui: &mut Ui, out: &mut Outbox<Message>) {
        widgets::heading(ui, &format!("Compare with {}", self.peer));
        widgets::weak(ui, "If somebody stood between you, the digits would not be accepted.");
        ui.add_space(GAP * 2.0);
        if ui.available_width() < theme::COLUMN {
            self.ours_ui(ui);
            self.theirs_ui(ui, out);
        } else {
            ui.columns(2, |columns| {
                if let [left, right] = columns {
                    // A column justifies what is in it; text reads better without.
                    left.vertical(|ui| self.ours_ui(ui));
                    right.vertical(|ui| self.theirs_ui(ui, out));
                }
            });
        }
        ui.add_space(GAP);
        widgets::weak(
            ui,
            "The other device checks by itself. Ask: \u{201c}Did yours accept too?\u{201d}",
        );
        ui.add_space(GAP);
        if self.doubt {
            self.doubt_ui(ui, out);
            return;
        }
        ui.horizontal_wrapped(|ui| {
            if widgets::button(ui, "Later").clicked() {
                out.send(Message::Later);
            }
            widgets::weak(ui, "The key is kept as \u{201c}Not compared\u{201d}.");
        });
        if widgets::button(ui, "Something is wrong…").clicked() {
            out.send(Message::Doubt(true));
        }
    }

    fn ours_ui(&self, ui: &mut Ui) {
        widgets::card(ui, |ui| {
            ui.set_width(ui.available_width());
            widgets::strong(ui, "This screen");
            ui.add_space(GAP);
            ui.label(RichText::new(self.shown.to_string()).font(theme::digits_of(96.0)));
            ui.add_space(GAP);
            ui.label("Read these aloud, digit by digit.");
            widgets::weak(ui, "They are typed on the other device.");
        });
    }

    fn theirs_ui(&self, ui: &mut Ui, out: &mut Outbox<Message>) {
        widgets::card(ui, |ui| {
            ui.set_width(ui.available_width());
            widgets::strong(ui, "The other screen");
            ui.add_space(GAP);
            let mut typed = self.typed.clone();
            let field = widgets::digit_cells(ui, "Six digits of the other screen", &mut typed);
            if field.changed() {
                out.send(Message::Type(typed));
            }
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            if ui.memory(|memory| memory.focused().is_none()) || entered {
                field.request_focus();
            }
            ui.add_space(GAP);
            match self.told {
                Some(entry) if self.typed.is_empty() => {
                    let (what, then) = messages::check_entry(entry);
                    widgets::warning(ui, what);
                    widgets::weak(ui, then);
                }
                _ => {
                    ui.label("Type the six digits of the other screen.");
                    widgets::weak(ui, "Have them read to you, or look there.");
                }
            }
            ui.add_space(GAP);
            let complete = self.typed.len() >= widgets::CELLS;
            let check = ui.add_enabled_ui(complete, |ui| widgets::primary(ui, "Check")).inner;
            if check.clicked() || (entered && complete) {
                out.send(Message::Check);
            }
        });
    }

    fn doubt_ui(&self, ui: &mut Ui, out: &mut Outbox<Message>) {
        widgets::card(ui, |ui| {
            widgets::warning(
                ui,
                "Do the digits differ, or does the other device say that they are wrong?",
            );
            ui.label("Then delete the key here too. The two devices cannot tell each other.");
            ui.horizontal(|ui| {
                if widgets::button(ui, "Delete the key").clicked() {
                    out.send(Message::Delete);
                }
                if widgets::primary(ui, "Keep it").clicked() {
                    out.send(Message::Doubt(false));
                }
            });
        });
    }
}

/// The two devices do not agree, and the key is gone.
pub fn disagree_ui<M>(ui: &mut Ui, out: &mut Outbox<M>) {
    widgets::page(ui, |ui| {
        let (what, then) = messages::pairing(PairingError::CheckCodeDiffers);
        widgets::status(ui, widgets::Severity::Problem, what);
        ui.label(then);
        ui.add_space(GAP * 2.0);
        ui.horizontal(|ui| {
            if widgets::primary(ui, "Start again").clicked() {
                out.go(Route::Pair);
            }
            if widgets::button(ui, "Close").clicked() {
                out.go(Route::Home);
            }
        });
    });
}

/// The page of a comparison that was left for later.
#[derive(Debug)]
pub struct Page {
    comparison: Comparison,
    disagree: bool,
}

impl Page {
    /// The comparison of a key; none if there is nothing to compare.
    pub fn new(key: KeyId, model: &Model) -> Option<Self> {
        let (view, found) = model.contacts.key(key)?;
        let shown = found.comparison?.codes().shown;
        let comparison = Comparison::new(key, view.contact.name.to_string(), shown);
        Some(Self { comparison, disagree: false })
    }

    pub const fn key(&self) -> KeyId {
        self.comparison.key
    }
}

pub fn update(page: &mut Page, message: Message) -> Vec<Effect> {
    let step = page.comparison.update(message);
    went(page, step)
}

/// What the profile said to the digits that were typed.
pub fn entered(page: &mut Page, entry: CheckEntry) -> Vec<Effect> {
    let step = page.comparison.entered(entry);
    went(page, step)
}

fn went(page: &mut Page, (outcome, mut effects): (Outcome, Vec<Effect>)) -> Vec<Effect> {
    match outcome {
        Outcome::Open => {}
        Outcome::Disagree => page.disagree = true,
        Outcome::Later => effects.push(Effect::Go(Route::Back)),
        Outcome::Compared => {
            let what = format!("Compared with {}.", page.comparison.peer);
            effects.push(Effect::Go(Route::Back));
            effects.push(Effect::Notify(Notification::new(what, "")));
        }
    }
    effects
}

pub fn ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    if page.disagree {
        disagree_ui(ui, out);
    } else {
        widgets::page(ui, |ui| page.comparison.ui(ui, out));
    }
}
