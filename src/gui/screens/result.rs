//! The result of a pairing: both devices have the key. The user compares the check
//! code, now or later, and says what the contact is called.

mod same_key;

use std::hash::Hash;
use std::time::Duration;

use eframe::egui::Ui;

use super::compare::{self, Comparison, Outcome};
use super::next_step;
use super::pairing::{FRAME, share};
use crate::gui::code::Textures;
use crate::gui::code_display::CodeDisplay;
use crate::gui::effect::{Effect, ProfileCommand, WorldCommand};
use crate::gui::route::{Outbox, Route};
use crate::messages;
use crate::messages::Notification;
use crate::messages::window::pairing as words;
use keyglance_core::contacts::Name;
use keyglance_core::pairing::{CheckEntry, Pace, Role};
use keyglance_profile::FinishedPairing;

/// How long the screens of the picture take to close up.
const CLOSING: Duration = Duration::from_millis(700);

#[derive(Debug)]
pub struct Page {
    pub pairing: FinishedPairing,
    /// Our last message, if the other device may still have to see it.
    display: Option<CodeDisplay>,
    stage: Stage,
    began: Duration,
    /// The screens of the picture do not move.
    still: bool,
    comparison: Comparison,
    pub name: String,
    /// The contact's other keys are not used any more.
    pub replace: bool,
    /// Whether to delete the key is asked.
    pub deleting: bool,
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
    Comparison(compare::Message),
    Name(String),
    Replace(bool),
    /// Stores the name, and goes on.
    Save(Route),
    Delete(bool),
    Discard,
    Copy(String),
}

impl Page {
    /// The result of a pairing in which our last message is on this display.
    pub fn new(
        pairing: FinishedPairing,
        display: Option<CodeDisplay>,
        pace: Pace,
        now: Duration,
    ) -> Self {
        // Only the responder has yet to see the other's last message.
        let display = display.filter(|_| pairing.role == Role::Initiator);
        let name = pairing.saved.contact_name.clone();
        let mut comparison = Comparison::new(
            pairing.saved.key_id,
            name.clone(),
            pairing.safety_number.picture(),
            pairing.check_code,
            Some(pairing.role),
        );
        comparison.has_code = display.is_some();
        Self {
            pairing,
            display,
            stage: Stage::SameKey,
            began: now,
            still: pace == Pace::Reduced,
            comparison,
            name,
            replace: false,
            deleting: false,
        }
    }

    /// The state, for the title bar.
    pub fn title(&self) -> Option<&'static str> {
        (self.stage == Stage::SameKey).then_some(words::TITLE_SAME_KEY)
    }

    /// Which of its pages is open, or question.
    pub fn place(&self) -> impl Hash + use<> {
        (self.stage, self.comparison.place(), self.deleting)
    }

    /// Whether a name was typed that is not saved.
    pub fn is_changed(&self) -> bool {
        self.stage != Stage::Disagree
            && (self.name != self.pairing.saved.contact_name || self.replace)
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

    /// When our code, or the picture, next changes.
    pub fn next_deadline(&self, now: Duration) -> Option<Duration> {
        let moves = self.stage == Stage::SameKey && self.closed(now) < 1.0;
        let picture = moves.then_some(now + FRAME);
        let code = self.display().and_then(CodeDisplay::next_change);
        picture.into_iter().chain(code).min()
    }

    /// How far the screens of the picture have closed up: fast at first, then gently.
    fn closed(&self, now: Duration) -> f32 {
        if self.still {
            return 1.0;
        }
        let left = 1.0 - share(now.saturating_sub(self.began), CLOSING);
        1.0 - left * left * left
    }

    /// Esc: to the comparison, and from there to later. Returns whether the page stays.
    pub fn later(&mut self) -> bool {
        self.stage = match self.stage {
            Stage::SameKey => Stage::Compare,
            Stage::Compare => Stage::Next { compared: false },
            Stage::Next { .. } | Stage::Disagree => return false,
        };
        true
    }

    fn went(&mut self, (outcome, effects): (Outcome, Vec<Effect>)) -> Vec<Effect> {
        match outcome {
            Outcome::Open => {}
            Outcome::ShowCode => self.stage = Stage::SameKey,
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
    match message {
        Message::Compare => page.stage = Stage::Compare,
        Message::Comparison(message) => {
            let step = page.comparison.update(message);
            return page.went(step);
        }
        Message::Name(name) => page.name = name,
        Message::Replace(replace) => page.replace = replace,
        Message::Save(next) => return save(page, next),
        Message::Delete(ask) => page.deleting = ask,
        Message::Copy(text) => return vec![WorldCommand::Copy(text).into()],
        Message::Discard => {
            let discard = ProfileCommand::DiscardPairing(page.pairing.saved.clone()).into();
            return vec![discard, Effect::Go(Route::Home)];
        }
    }
    Vec::new()
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

pub fn ui(
    ui: &mut Ui,
    page: &Page,
    now: Duration,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    match page.stage {
        Stage::SameKey => same_key::ui(ui, page, now, textures, out),
        Stage::Compare => {
            let mut comparison = Outbox::new();
            page.comparison.ui(ui, &mut comparison);
            out.extend(comparison, Message::Comparison);
        }
        Stage::Next { compared } => next_step::ui(ui, page, compared, out),
        Stage::Disagree => compare::disagree_ui(ui, out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::screen::Screen;
    use crate::gui::tests::{TestHarness, peer};

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
        let page = Page::new(pairing, Some(display), Pace::Reduced, now);
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
