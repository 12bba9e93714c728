//! Which screen is open, with what it holds.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::mem;
use std::time::Duration;

use super::model::Model;
use super::passphrase_form::PassphraseForm;
use super::screens::{
    add, challenge, check, compare, contact, decide, export, first_run, from_paper, home, identity,
    import, locked, pairing, paper, phone, restore, result, seal, settings, share, verify,
    what_code,
};
use crate::messages::{self, Notification};

/// What stands between the user and leaving a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Something was typed and is not saved.
    Unsaved,
    /// The other device may be about to have the key.
    StopPairing,
}

#[derive(Debug)]
pub enum Screen {
    /// The profile is being opened.
    Opening,
    /// The profile cannot be used.
    Unusable(Notification),
    /// The identity is protected by a passphrase.
    Locked(locked::Page),
    FirstRun(first_run::Page),
    Home(home::Page),
    Pairing(Box<pairing::Page>),
    Result(Box<result::Page>),
    Contact(contact::Page),
    Decide(decide::Page),
    Verify(Box<verify::Page>),
    Export(Box<export::Page>),
    Compare(Box<compare::Page>),
    Add(add::Page),
    Settings(Box<settings::Page>),
    /// What this device shares with who pairs.
    Share(Box<share::Page>),
    Identity(Box<identity::Page>),
    Restore(restore::Page),
    Help,
    /// Whose safety number is to be compared.
    Check(check::Page),
    Phone(Box<phone::Page>),
    WhatCode(Box<what_code::Page>),
    Import(Box<import::Page>),
    Seal(Box<seal::Page>),
    /// On pages to print.
    Paper(Box<paper::Page>),
    FromPaper(Box<from_paper::Page>),
    /// Asking each other in a call who one is.
    Challenge(Box<challenge::Page>),
}

impl Screen {
    /// Tells one page from another: where it changes, the focus goes to the new page. A
    /// screen that has several pages, one after the other, tells which of them is open.
    pub fn place(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        mem::discriminant(self).hash(&mut hasher);
        match self {
            Self::Pairing(page) => page.place().hash(&mut hasher),
            Self::Result(page) => page.place().hash(&mut hasher),
            Self::Compare(page) => page.place().hash(&mut hasher),
            Self::Locked(page) => page.place().hash(&mut hasher),
            Self::Verify(page) => page.place().hash(&mut hasher),
            Self::Add(page) => page.place().hash(&mut hasher),
            Self::Decide(page) => page.place().hash(&mut hasher),
            Self::Export(page) => page.place().hash(&mut hasher),
            Self::Phone(page) => page.place().hash(&mut hasher),
            Self::Import(page) => page.place().hash(&mut hasher),
            Self::Seal(page) => page.place().hash(&mut hasher),
            Self::WhatCode(page) => page.place().hash(&mut hasher),
            Self::Challenge(page) => page.place().hash(&mut hasher),
            Self::Paper(page) => page.place().hash(&mut hasher),
            Self::FromPaper(page) => page.place().hash(&mut hasher),
            Self::Share(page) => page.place().hash(&mut hasher),
            _ => {}
        }
        hasher.finish()
    }

    /// What to ask before the screen is left.
    pub fn question(&self, model: &Model) -> Option<Question> {
        let unsaved = |changed: bool| changed.then_some(Question::Unsaved);
        match self {
            Self::Contact(page) => unsaved(page.is_changed(model)),
            Self::Decide(page) => unsaved(page.is_changed()),
            Self::Add(page) => unsaved(page.is_changed()),
            Self::Result(page) => unsaved(page.is_changed()),
            Self::Pairing(page) => page.is_under_way().then_some(Question::StopPairing),
            Self::Export(page) => page.is_changed().then_some(Question::Unsaved),
            Self::Settings(page) => {
                let device = model.device.as_ref()?;
                page.is_changed(device).then_some(Question::Unsaved)
            }
            Self::Identity(page) => page.is_changed().then_some(Question::Unsaved),
            Self::FromPaper(page) => page.is_changed().then_some(Question::Unsaved),
            _ => None,
        }
    }

    /// Whether something goes on that nobody has to do anything for.
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Pairing(page) => page.end.is_none(),
            Self::Export(page) => page.is_working(),
            Self::Seal(page) => page.is_working(),
            Self::Import(page) => page.is_working(),
            Self::Settings(page) => page.is_working(),
            Self::Share(page) => page.is_working(),
            Self::Identity(page) => page.is_working(),
            Self::Restore(page) => page.is_working(),
            Self::FromPaper(page) => page.is_working(),
            _ => false,
        }
    }

    /// Where a new passphrase is typed.
    pub fn passphrase_form(&mut self) -> Option<&mut PassphraseForm> {
        match self {
            Self::Export(page) => Some(&mut page.passphrase),
            Self::Settings(page) => Some(&mut page.passphrase),
            Self::Identity(page) => Some(&mut page.passphrase),
            _ => None,
        }
    }

    /// What the title bar says beside the program's name, so that it can be read from afar.
    pub fn title(&self) -> Option<&'static str> {
        match self {
            Self::Pairing(page) => Some(page.title()),
            Self::Result(page) => page.title(),
            _ => None,
        }
    }

    /// What happened that the user should hear of even while another window is in front.
    pub fn alert(&self) -> Option<&'static str> {
        match self {
            Self::Pairing(page) => page.end.is_some().then_some(messages::window::pairing::STOPPED),
            Self::Result(_) => Some(messages::window::pairing::PAIRED),
            _ => None,
        }
    }

    /// When the screen next changes by itself.
    pub fn next_deadline(&self, now: Duration) -> Option<Duration> {
        match self {
            Self::Pairing(page) => page.next_deadline(now),
            Self::Result(page) => page.next_deadline(now),
            Self::Export(page) => page.next_deadline(now),
            Self::Phone(page) => page.next_deadline(now),
            Self::Challenge(page) => page.next_deadline(now),
            Self::Opening
            | Self::Unusable(_)
            | Self::Locked(_)
            | Self::FirstRun(_)
            | Self::Home(_)
            | Self::Compare(_)
            | Self::Contact(_)
            | Self::Decide(_)
            | Self::Verify(_)
            | Self::Add(_)
            | Self::Settings(_)
            | Self::Share(_)
            | Self::Identity(_)
            | Self::Restore(_)
            | Self::Help
            | Self::Check(_)
            | Self::WhatCode(_)
            | Self::Import(_)
            | Self::Paper(_)
            | Self::FromPaper(_)
            | Self::Seal(_) => None,
        }
    }
}
