//! The result of a pairing: both devices have the key. The user compares the check
//! code, now or later, and says what the contact is called.

use std::hash::Hash;
use std::time::Duration;

use eframe::egui::Ui;

use super::compare::{self, Comparison, Outcome};
use crate::gui::code::{ShownCode, Textures};
use crate::gui::code_display::CodeDisplay;
use crate::gui::effect::{Effect, ProfileCommand};
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use keyglance_core::contacts::Name;
use keyglance_core::pairing::{CheckEntry, Role};
use keyglance_profile::FinishedPairing;

#[derive(Debug)]
pub struct Page {
    pairing: FinishedPairing,
    /// Our last message, if the other device may still have to see it.
    display: Option<CodeDisplay>,
    stage: Stage,
    comparison: Comparison,
    name: String,
    replace: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stage {
    /// Both have the key. The screens may still face each other.
    SameKey,
    Compare,
    /// The name, and what next.
    Next {
        compared: bool,
    },
    Disagree,
}

#[derive(Debug)]
pub enum Message {
    Compare,
    ShowCode,
    Comparison(compare::Message),
    Name(String),
    Replace(bool),
    Save,
    SaveAndExport,
    Discard,
}

impl Page {
    /// The result of a pairing in which our last message is on this display.
    pub fn new(pairing: FinishedPairing, display: Option<CodeDisplay>) -> Self {
        // Only the responder has yet to see the other's last message.
        let display = display.filter(|_| pairing.role == Role::Initiator);
        let name = pairing.saved.contact_name.clone();
        let key = pairing.saved.key_id;
        let comparison = Comparison::new(key, name.clone(), pairing.check_code);
        Self { pairing, display, stage: Stage::SameKey, comparison, name, replace: false }
    }

    /// The state, for the title bar.
    pub fn title(&self) -> Option<&'static str> {
        (self.stage == Stage::SameKey).then_some("same key")
    }

    /// Which of its pages is open.
    pub fn place(&self) -> impl Hash + use<> {
        self.stage
    }

    /// What the other device may still have to see.
    pub fn display(&self) -> Option<&CodeDisplay> {
        self.display.as_ref().filter(|_| self.stage == Stage::SameKey)
    }

    /// Time passed.
    pub fn tick(&mut self, now: Duration) {
        if self.stage == Stage::SameKey
            && let Some(display) = &mut self.display
        {
            display.tick(now);
        }
    }

    /// When our code next changes.
    pub fn next_deadline(&self) -> Option<Duration> {
        self.display()?.next_change()
    }

    /// Leaves the comparison for later. Returns whether it was open.
    pub fn later(&mut self) -> bool {
        let open = matches!(self.stage, Stage::SameKey | Stage::Compare);
        if open {
            self.stage = Stage::Next { compared: false };
        }
        open
    }

    fn went(&mut self, (outcome, effects): (Outcome, Vec<Effect>)) -> Vec<Effect> {
        match outcome {
            Outcome::Open => {}
            Outcome::Later => self.stage = Stage::Next { compared: false },
            Outcome::Compared => self.stage = Stage::Next { compared: true },
            Outcome::Disagree => self.stage = Stage::Disagree,
        }
        effects
    }
}

/// What the profile said to the digits that were typed.
pub fn entered(page: &mut Page, entry: CheckEntry) -> Vec<Effect> {
    let step = page.comparison.entered(entry);
    page.went(step)
}

pub fn update(page: &mut Page, message: Message) -> Vec<Effect> {
    let saved = &page.pairing.saved;
    match message {
        Message::Compare => {
            page.stage = Stage::Compare;
            Vec::new()
        }
        Message::ShowCode => {
            page.stage = Stage::SameKey;
            Vec::new()
        }
        Message::Comparison(message) => {
            let step = page.comparison.update(message);
            page.went(step)
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
    let mut effects = Vec::new();
    if page.replace {
        effects.push(ProfileCommand::RetireOtherKeys { keep: saved.key_id }.into());
    }
    if name != saved.contact_name {
        effects.push(ProfileCommand::RenameContact(saved.contact, name).into());
    }
    effects.push(Effect::Go(next));
    effects
}

pub fn ui(ui: &mut Ui, page: &Page, textures: &mut Textures, out: &mut Outbox<Message>) {
    match page.stage {
        Stage::SameKey => match page.display() {
            None => widgets::page(ui, |ui| same_key_ui(ui, page, out)),
            Some(display) => widgets::beside_code(ui, textures, ShownCode::of(display), |ui| {
                same_key_ui(ui, page, out);
                ui.add_space(GAP);
                let name = &page.pairing.saved.contact_name;
                widgets::weak(ui, &format!("{name} may still be reading this."));
            }),
        },
        Stage::Compare => widgets::page(ui, |ui| {
            let mut comparison = Outbox::new();
            page.comparison.ui(ui, &mut comparison);
            out.extend(comparison, Message::Comparison);
            if page.display.is_some() && widgets::button(ui, "Show our code again").clicked() {
                out.send(Message::ShowCode);
            }
        }),
        Stage::Next { compared } => {
            widgets::page(ui, |ui| next_ui(ui, page, compared, out));
        }
        Stage::Disagree => compare::disagree_ui(ui, out),
    }
}

fn same_key_ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    let name = &page.pairing.saved.contact_name;
    widgets::status(ui, Severity::Good, "Same key");
    ui.label(format!("You and {name} now share a secret."));
    ui.label("When both have chimed, turn the screens back.");
    ui.add_space(GAP * 2.0);
    if widgets::primary(ui, "Compare the check code").clicked() {
        out.send(Message::Compare);
    }
}

fn next_ui(ui: &mut Ui, page: &Page, compared: bool, out: &mut Outbox<Message>) {
    let FinishedPairing { saved, peer, suite, .. } = &page.pairing;
    let also_safe_ui = |ui: &mut Ui| {
        if let Some(safe) = messages::also_safe(*suite) {
            ui.label(safe);
        }
    };
    if compared {
        let words = format!("Compared with {}", saved.contact_name);
        widgets::status(ui, Severity::Good, &words);
        ui.label("Nobody is in between. The key is saved already.");
        also_safe_ui(ui);
    } else if let Some(verified) = saved.verified {
        let method = messages::method(verified.method);
        widgets::status(ui, Severity::Good, "The key is saved");
        ui.label(format!("You compared with {} before, by {method}.", saved.contact_name));
        also_safe_ui(ui);
    } else {
        widgets::status(ui, Severity::Waiting, "Not compared yet");
        ui.label("The key is saved already.");
        also_safe_ui(ui);
        ui.label("Somebody could be in between until you compare.");
        if widgets::button(ui, "Compare…").clicked() {
            out.send(Message::Compare);
        }
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
        if widgets::primary(ui, "Done").clicked() {
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
                "{other} has a different key than before, which stays in use. This one is held \
                 back until you have decided and compared.",
            ),
        );
        if widgets::button(ui, "Decide…").clicked() {
            out.go(Route::Decide(saved.contact));
        }
        return;
    } else if !saved.new_contact {
        widgets::strong(ui, &format!("You already have {}.", saved.contact_name));
        ("Keep both keys".to_owned(), "Replace: stop using the old key".to_owned())
    } else {
        return;
    };
    for (value, text) in [(false, keep), (true, replace)] {
        if ui.radio(page.replace == value, text).clicked() {
            out.send(Message::Replace(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::screen::Screen;
    use crate::gui::tests::{TestHarness, peer};
    use keyglance_core::pairing::Pace;

    #[test]
    fn a_last_message_in_parts_takes_turns_until_the_comparison() {
        let mut bench = TestHarness::ana();
        bench.pair(&mut peer("Bo", 1, 1));
        let now = bench.window().fixed_time.unwrap();
        let window = bench.window();
        let Screen::Result(page) = &window.app.screen else { panic!() };
        let pairing = FinishedPairing { role: Role::Initiator, ..page.pairing.clone() };
        let mut display = CodeDisplay::new(Pace::Full, now);
        display.show(|_| ["A", "B", "C"].map(str::to_owned).to_vec(), 0, now);
        let page = Page::new(pairing, Some(display));
        window.app.screen = Screen::Result(Box::new(page));
        for expected in ["A", "B", "C", "A"] {
            assert_eq!(bench.carousel().unwrap().code(), expected);
            let window = bench.window();
            let wait = window.app.next_deadline().unwrap() - window.fixed_time.unwrap();
            bench.step(wait);
        }
        bench.click("Compare the check code");
        assert_eq!(bench.window().app.next_deadline(), None, "idle");
        bench.click("Show our code again");
        assert!(bench.window().app.next_deadline().is_some());
    }
}
