//! Comparing the check code: our digits to read out, and a field for those of the
//! other screen. Shown right after a pairing, and from the contact's page later.

mod view;

use std::hash::Hash;

use crate::gui::effect::{Effect, ProfileCommand, WorldCommand};
use crate::gui::model::Model;
use crate::gui::route::Route;
use crate::messages::Notification;
use crate::messages::window::compare as words;
use crate::sound::Cue;
use keyglance_core::crypto::{ContactPicture, KeyId};
use keyglance_core::pairing::{CheckCode, CheckEntry, Role};
pub use view::{disagree_ui, ui};

/// A comparison that waits for a person.
#[derive(Debug)]
pub struct Comparison {
    key: KeyId,
    /// The other device's name.
    peer: String,
    picture: ContactPicture,
    /// What our screen shows.
    shown: CheckCode,
    /// Who reads first, right after a pairing.
    role: Option<Role>,
    /// What was typed so far.
    typed: String,
    /// What the last digits that were checked said.
    told: Option<CheckEntry>,
    /// Something is wrong: the key is about to be deleted, if the user is sure.
    doubt: bool,
    /// How often a screen reader was asked to read our digits.
    spoken: usize,
    /// Our code may be shown again: the other device may still have to read it.
    pub has_code: bool,
}

#[derive(Debug)]
pub enum Message {
    Type(String),
    Check,
    Doubt(bool),
    /// The devices do not agree, here or over there.
    Delete,
    Speak,
    Later,
    ShowCode,
}

/// What a message, or an answer of the profile, came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Open,
    Later,
    ShowCode,
    Compared,
    /// The key is wiped.
    Disagree,
}

impl Comparison {
    pub const fn new(
        key: KeyId,
        peer: String,
        picture: ContactPicture,
        shown: CheckCode,
        role: Option<Role>,
    ) -> Self {
        Self {
            key,
            peer,
            picture,
            shown,
            role,
            typed: String::new(),
            told: None,
            doubt: false,
            spoken: 0,
            has_code: false,
        }
    }

    /// What is open of it: a question takes the focus.
    pub fn place(&self) -> impl Hash + use<> {
        self.doubt
    }

    pub fn update(&mut self, message: Message) -> (Outcome, Vec<Effect>) {
        match message {
            Message::Type(text) => self.typed = text,
            Message::Check => {
                let typed = std::mem::take(&mut self.typed);
                let enter = ProfileCommand::EnterCheckCode(self.key, typed);
                return (Outcome::Open, vec![enter.into()]);
            }
            Message::Doubt(doubt) => self.doubt = doubt,
            Message::Delete => {
                let reject = ProfileCommand::RejectCheckCode(self.key).into();
                return (Outcome::Disagree, vec![reject, WorldCommand::Play(Cue::Problem).into()]);
            }
            Message::Speak => self.spoken += 1,
            Message::Later => return (Outcome::Later, Vec::new()),
            Message::ShowCode => return (Outcome::ShowCode, Vec::new()),
        }
        (Outcome::Open, Vec::new())
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

    /// Whether a wrong entry was made: the next one decides.
    const fn was_wrong(&self) -> bool {
        matches!(self.told, Some(CheckEntry::Wrong { .. }))
    }
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
        let pending = found.comparison?;
        let (name, shown) = (view.contact.name.to_string(), pending.codes().shown);
        let mut comparison = Comparison::new(key, name, view.picture, shown, None);
        // What was typed before counts, over a restart too.
        let left = pending.entries_left();
        comparison.told = (pending.wrong_entries() > 0).then_some(CheckEntry::Wrong { left });
        Some(Self { comparison, disagree: false })
    }

    pub const fn key(&self) -> KeyId {
        self.comparison.key
    }

    /// Which of its pages is open.
    pub fn place(&self) -> impl Hash + use<> {
        (self.disagree, self.comparison.doubt)
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
        Outcome::Open | Outcome::ShowCode => {}
        Outcome::Disagree => page.disagree = true,
        Outcome::Later => effects.push(Effect::Go(Route::Back)),
        Outcome::Compared => {
            let what = words::compared_with(&page.comparison.peer);
            effects.push(Effect::Go(Route::Back));
            effects.push(Effect::Notify(Notification::new(what, "")));
        }
    }
    effects
}
