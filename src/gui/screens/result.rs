//! The result: both devices have the key, and a person compares the check code.

use std::time::Duration;

use eframe::egui;
use jiff::Timestamp;

use crate::gui::message::{Action, Effect};
use crate::gui::state::{Screen, State};
use crate::gui::widgets::{self, Severity};
use crate::gui::{code, theme};
use crate::messages;
use crate::messages::Notification;
use keyglance_core::contacts::Name;
use keyglance_core::pairing::{CheckCode, Pairing};
use keyglance_core::trust::{Method, Verified};
use keyglance_profile::{Decision, SavedPairing};

/// So long nobody can have compared anything.
const THINK: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub struct Outcome {
    pub check_code: CheckCode,
    kept: SavedPairing,
    suggested: String,
    /// What the other device may have yet to see.
    pub code: Option<String>,
    since: Duration,
    answer: Option<bool>,
    name: String,
    replace: bool,
}

#[derive(Debug)]
pub enum Do {
    Match,
    Differ,
    Name(String),
    Replace(bool),
    Save,
    SaveAndExport,
    Discard,
}

impl Outcome {
    pub fn new(pairing: &Pairing, kept: SavedPairing, code: Option<String>, now: Duration) -> Self {
        Self {
            check_code: pairing.check_code,
            suggested: pairing.peer.name.as_str().to_owned(),
            name: kept.contact_name.clone(),
            kept,
            code,
            since: now,
            answer: None,
            replace: false,
        }
    }

    fn may_answer(&self, now: Duration) -> bool {
        now >= self.since + THINK
    }

    pub fn next_deadline(&self, now: Duration) -> Option<Duration> {
        let at = self.since + THINK;
        (now < at).then_some(at)
    }
}

pub fn apply(state: &mut State, action: Do) -> Vec<Effect> {
    let now = state.now;
    let Screen::Result(outcome) = &mut state.screen else { return Vec::new() };
    match action {
        Do::Match if outcome.may_answer(now) => {
            outcome.answer = Some(true);
            // The clerk, who has a clock, dates it.
            let verified = Verified { method: Method::CheckCode, at: Timestamp::UNIX_EPOCH };
            vec![Effect::Verified(outcome.kept.key_id, verified)]
        }
        Do::Match => Vec::new(),
        Do::Differ => {
            outcome.answer = Some(false);
            outcome.code = None;
            vec![Effect::Forget(outcome.kept.clone())]
        }
        Do::Name(name) => {
            outcome.name = name;
            Vec::new()
        }
        Do::Replace(replace) => {
            outcome.replace = replace;
            Vec::new()
        }
        Do::Save => save(state).map_or_else(Vec::new, |mut effects| {
            effects.extend(state.apply(Action::Home, now));
            effects
        }),
        Do::SaveAndExport => {
            let key = outcome.kept.key_id;
            save(state).map_or_else(Vec::new, |mut effects| {
                effects.extend(state.apply(Action::Export(key), now));
                effects
            })
        }
        Do::Discard => {
            let mut effects = vec![Effect::Forget(outcome.kept.clone())];
            effects.extend(state.apply(Action::Home, now));
            effects
        }
    }
}

/// The name and the choice are kept; none where the name cannot be one.
fn save(state: &mut State) -> Option<Vec<Effect>> {
    let Screen::Result(outcome) = &mut state.screen else { return None };
    let name = match outcome.name.parse::<Name>() {
        Ok(name) => name.to_string(),
        Err(error) => {
            state.told = Some(Notification::new(messages::window::sentence(&error), ""));
            return None;
        }
    };
    let from = outcome.kept.contact_name.clone();
    let mut effects = Vec::new();
    if outcome.kept.key_changed.is_some() {
        let decision = if outcome.replace { Decision::Replace } else { Decision::KeepBoth };
        effects.push(Effect::Decide(from.clone(), decision));
    } else if outcome.replace {
        effects.push(Effect::ReplaceKeys { keep: outcome.kept.key_id });
    }
    // Replacing gives the new one the name of the old.
    let replaced = outcome.replace && outcome.kept.key_changed.is_some();
    if name != from && !replaced {
        effects.push(Effect::Rename { from, to: name });
    }
    Some(effects)
}

pub fn show(
    ui: &mut egui::Ui,
    state: &State,
    codes: &mut code::Textures,
    actions: &mut Vec<Action>,
) {
    let Screen::Result(outcome) = &state.screen else { return };
    let mut push = |action| actions.push(Action::Result(action));
    if outcome.answer == Some(false) {
        widgets::page(ui, |ui| {
            widgets::status(ui, Severity::Problem, "The two devices do not agree.");
            ui.label("The key was wiped, and nothing you had before is affected.");
            ui.add_space(theme::GAP);
            ui.label("1. Start again on both.");
            ui.label(
                "2. Make sure you see each other's real screens, not a video call or a photo.",
            );
            ui.label("3. If it happens again, do not use this pairing.");
            ui.add_space(theme::GAP * 2.0);
            ui.horizontal(|ui| {
                if widgets::primary(ui, "Start again").clicked() {
                    actions.push(Action::Pair);
                }
                if widgets::button(ui, "Close").clicked() {
                    actions.push(Action::Home);
                }
            });
        });
        return;
    }
    let side = |ui: &mut egui::Ui, push: &mut dyn FnMut(Do)| {
        widgets::status(ui, Severity::Good, "Paired");
        if let (None, Some(verified)) = (outcome.answer, outcome.kept.verified) {
            let how = messages::method(verified.method);
            ui.label(format!("You verified {} before, by {how}.", outcome.kept.contact_name));
        }
        if outcome.answer.is_none() {
            ui.label("Does the other screen show");
            widgets::digits(ui, &outcome.check_code.to_string());
            ui.horizontal(|ui| {
                let ready = outcome.may_answer(state.now);
                let yes = ui.add_enabled_ui(ready, |ui| widgets::primary(ui, "They match")).inner;
                if yes.clicked() {
                    push(Do::Match);
                }
                if widgets::button(ui, "They don't match").clicked() {
                    push(Do::Differ);
                }
            });
            ui.add_space(theme::GAP);
            widgets::weak(
                ui,
                "Compare the digits on both screens. Until you do, nobody can know that \
                 nobody is in between.",
            );
        } else {
            ui.label(format!("Verified: you compared {}.", outcome.check_code));
        }
        ui.add_space(theme::GAP * 2.0);
        if let Some(other) = &outcome.kept.key_changed {
            widgets::warning(
                ui,
                &format!(
                    "{other} has a different key than before: another device of that name, or \
                     one that was set up anew. Ask in person.",
                ),
            );
            for (replace, text) in [
                (false, format!("Keep both; this one is {}", outcome.kept.contact_name)),
                (true, format!("Replace: this is {other} now, and the old keys are retired")),
            ] {
                if ui.radio(outcome.replace == replace, text).clicked() {
                    push(Do::Replace(replace));
                }
            }
        } else if !outcome.kept.new_contact {
            widgets::strong(ui, &format!("You already have {}.", outcome.kept.contact_name));
            for (replace, text) in
                [(false, "Keep both keys"), (true, "Replace: retire the old key")]
            {
                if ui.radio(outcome.replace == replace, text).clicked() {
                    push(Do::Replace(replace));
                }
            }
        }
        ui.add_space(theme::GAP);
        let mut name = outcome.name.clone();
        if widgets::field(ui, "Name", &mut name).changed() {
            push(Do::Name(name));
        }
        if outcome.suggested != outcome.name {
            widgets::weak(ui, &format!("It calls itself {}.", outcome.suggested));
        }
        ui.add_space(theme::GAP);
        ui.horizontal_wrapped(|ui| {
            if widgets::primary(ui, "Save contact").clicked() {
                push(Do::Save);
            }
            if widgets::button(ui, "Save and export…").clicked() {
                push(Do::SaveAndExport);
            }
            if widgets::button(ui, "Discard").clicked() {
                push(Do::Discard);
            }
        });
    };
    match &outcome.code {
        None => widgets::page(ui, |ui| side(ui, &mut push)),
        Some(text) => widgets::beside_code(ui, codes, text, (100, 100), |ui| {
            side(ui, &mut push);
            ui.add_space(theme::GAP);
            widgets::weak(ui, "Keep this code in view until the other screen says Paired.");
        }),
    }
}
