//! Which screen is open, with what it holds.

use std::time::Duration;

use super::screens::{
    add, compare, contact, decide, export, first_run, home, identity, locked, pairing, restore,
    result, settings, verify,
};
use crate::messages::Notification;

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
    Identity(Box<identity::Page>),
    Restore(restore::Page),
    Help,
}

impl Screen {
    /// When the screen next changes by itself.
    pub fn next_deadline(&self, now: Duration) -> Option<Duration> {
        match self {
            Self::Pairing(page) => page.next_deadline(now),
            Self::Result(page) => page.next_deadline(),
            Self::Opening
            | Self::Unusable(_)
            | Self::Locked(_)
            | Self::FirstRun(_)
            | Self::Home(_)
            | Self::Compare(_)
            | Self::Contact(_)
            | Self::Decide(_)
            | Self::Verify(_)
            | Self::Export(_)
            | Self::Add(_)
            | Self::Settings(_)
            | Self::Identity(_)
            | Self::Restore(_)
            | Self::Help => None,
        }
    }
}
