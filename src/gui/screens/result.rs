//! The result of a pairing: both devices have the key, and the user compares
//! the check code.

use std::time::Duration;

use eframe::egui::Ui;

use crate::gui::code::Textures;
use crate::gui::effect::{Effect, ProfileCommand};
use crate::gui::model::Model;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use keyglance_core::contacts::Name;
use keyglance_core::pairing::Role;
use keyglance_profile::{CheckCodeAnswer, Decision, FinishedPairing};

/// No one compares six digits faster than this.
const SHORTEST_COMPARISON: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub struct Page {
    pairing: FinishedPairing,
    /// Our last code, if the other device may still have to see it.
    code: Option<String>,
    since: Duration,
    /// Whether the check codes matched, once the user has said so.
    matched: Option<bool>,
    name: String,
    replace: bool,
}

#[derive(Debug)]
pub enum Message {
    Match,
    Differ,
    Name(String),
    Replace(bool),
    Save,
    SaveAndExport,
    Discard,
}

impl Page {
    /// The result of a pairing in which `code` was our last code.
    pub fn new(pairing: FinishedPairing, code: Option<String>, now: Duration) -> Self {
        // Only the responder has yet to see the other's last code.
        let code = code.filter(|_| pairing.role == Role::Initiator);
        let name = pairing.saved.contact_name.clone();
        Self { pairing, code, since: now, matched: None, name, replace: false }
    }

    /// What the other device may still have to see.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    fn may_answer(&self, now: Duration) -> bool {
        now >= self.since + SHORTEST_COMPARISON
    }

    pub fn next_deadline(&self, now: Duration) -> Option<Duration> {
        let at = self.since + SHORTEST_COMPARISON;
        (now < at).then_some(at)
    }
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    let saved = &page.pairing.saved;
    match message {
        Message::Match if page.may_answer(model.now) => {
            page.matched = Some(true);
            vec![ProfileCommand::AnswerCheckCode(saved.clone(), CheckCodeAnswer::Match).into()]
        }
        Message::Match => Vec::new(),
        Message::Differ => {
            let answer = ProfileCommand::AnswerCheckCode(saved.clone(), CheckCodeAnswer::Differ);
            page.matched = Some(false);
            page.code = None;
            vec![answer.into()]
        }
        Message::Name(name) => {
            page.name = name;
            Vec::new()
        }
        Message::Replace(replace) => {
            page.replace = replace;
            Vec::new()
        }
        Message::Save => save(page, Route::Home),
        Message::SaveAndExport => save(page, Route::Export(saved.key_id)),
        Message::Discard => {
            let discard = ProfileCommand::DiscardPairing(saved.clone()).into();
            vec![discard, Effect::Go(Route::Home)]
        }
    }
}

/// Stores the name and the decision, and goes on; says why, where the name is
/// not allowed.
fn save(page: &Page, next: Route) -> Vec<Effect> {
    let name = match page.name.parse::<Name>() {
        Ok(name) => name.to_string(),
        Err(error) => {
            let what = messages::window::sentence(&error);
            return vec![Effect::Notify(Notification::new(what, ""))];
        }
    };
    let saved = &page.pairing.saved;
    let from = saved.contact_name.clone();
    let mut effects = Vec::new();
    if saved.key_changed.is_some() {
        let decision = if page.replace { Decision::Replace } else { Decision::KeepBoth };
        effects.push(ProfileCommand::Decide(from.clone(), decision).into());
    } else if page.replace {
        effects.push(ProfileCommand::RetireOtherKeys { keep: saved.key_id }.into());
    }
    // Replacing gives the new contact the name of the old one.
    let replaced = page.replace && saved.key_changed.is_some();
    if name != from && !replaced {
        effects.push(ProfileCommand::RenameContact { from, to: name }.into());
    }
    effects.push(Effect::Go(next));
    effects
}

pub fn ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    if page.matched == Some(false) {
        mismatch_ui(ui, out);
        return;
    }
    match page.code() {
        None => widgets::page(ui, |ui| outcome_ui(ui, page, model, out)),
        Some(text) => widgets::beside_code(ui, textures, text, (100, 100), |ui| {
            outcome_ui(ui, page, model, out);
            ui.add_space(GAP);
            widgets::weak(ui, "Keep this code in view until the other screen says Paired.");
        }),
    }
}

fn mismatch_ui(ui: &mut Ui, out: &mut Outbox<Message>) {
    widgets::page(ui, |ui| {
        widgets::status(ui, Severity::Problem, "The two devices do not agree.");
        ui.label("The key was wiped, and nothing you had before is affected.");
        ui.add_space(GAP);
        ui.label("1. Start again on both.");
        ui.label("2. Make sure you see each other's real screens, not a video call or a photo.");
        ui.label("3. If it happens again, do not use this pairing.");
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

fn outcome_ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    let FinishedPairing { check_code, saved, peer, .. } = &page.pairing;
    widgets::status(ui, Severity::Good, "Paired");
    if let (None, Some(verified)) = (page.matched, saved.verified) {
        let method = messages::method(verified.method);
        ui.label(format!("You verified {} before, by {method}.", saved.contact_name));
    }
    if page.matched.is_none() {
        ui.label("Does the other screen show");
        widgets::digits(ui, &check_code.to_string());
        ui.horizontal(|ui| {
            let ready = page.may_answer(model.now);
            let yes = ui.add_enabled_ui(ready, |ui| widgets::primary(ui, "They match")).inner;
            if yes.clicked() {
                out.send(Message::Match);
            }
            if widgets::button(ui, "They don't match").clicked() {
                out.send(Message::Differ);
            }
        });
        ui.add_space(GAP);
        widgets::weak(
            ui,
            "Compare the digits on both screens. Until you do, someone could be in between \
             without anyone noticing.",
        );
    } else {
        ui.label(format!("Verified: you compared {check_code}."));
    }
    ui.add_space(GAP * 2.0);
    replace_ui(ui, page, out);
    ui.add_space(GAP);
    let mut name = page.name.clone();
    if widgets::field(ui, "Name", &mut name).changed() {
        out.send(Message::Name(name));
    }
    if peer.name.as_str() != page.name {
        widgets::weak(ui, &format!("It calls itself {}.", peer.name));
    }
    ui.add_space(GAP);
    ui.horizontal_wrapped(|ui| {
        if widgets::primary(ui, "Save contact").clicked() {
            out.send(Message::Save);
        }
        if widgets::button(ui, "Save and export…").clicked() {
            out.send(Message::SaveAndExport);
        }
        if widgets::button(ui, "Discard").clicked() {
            out.send(Message::Discard);
        }
    });
}

/// What becomes of the keys that were there before.
fn replace_ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    let saved = &page.pairing.saved;
    let (keep, replace) = if let Some(other) = &saved.key_changed {
        widgets::warning(
            ui,
            &format!(
                "{other} has a different key than before: another device with that name, or one \
                 that was set up again. Ask in person.",
            ),
        );
        (
            format!("Keep both; this one is {}", saved.contact_name),
            format!("Replace: this is {other} now, and the old keys are retired"),
        )
    } else if !saved.new_contact {
        widgets::strong(ui, &format!("You already have {}.", saved.contact_name));
        ("Keep both keys".to_owned(), "Replace: retire the old key".to_owned())
    } else {
        return;
    };
    for (value, text) in [(false, keep), (true, replace)] {
        if ui.radio(page.replace == value, text).clicked() {
            out.send(Message::Replace(value));
        }
    }
}
