//! Where a screen can lead, and what its `ui` hands to the root.

use std::path::PathBuf;

use super::effect::{PaperOf, Payloads};
use keyglance_core::contacts::ContactId;
use keyglance_core::crypto::KeyId;
use keyglance_profile::FinishedPairing;

/// A screen to open. Leaving the present one stops what it has running.
#[derive(Clone, Debug)]
pub enum Route {
    Home,
    /// To the screen that this one belongs to.
    Back,
    Pair,
    /// The same, with the other ways than a camera in view.
    PairWithoutCamera,
    /// The result of the pairing that has just finished.
    Paired(Box<FinishedPairing>),
    Contact(ContactId),
    /// A contact that came under the name of another.
    Decide(ContactId),
    /// A contact's safety number.
    Verify(ContactId),
    Export(KeyId),
    /// Asking the holder of a key in a call who they are.
    Challenge(KeyId),
    /// A device or an export on pages to print.
    Paper(PaperOf),
    /// The check code of a key that was not compared yet.
    Compare(KeyId),
    Add,
    Settings,
    /// What this device shares with who pairs. From a pairing, it leads back to one.
    Share {
        for_pairing: bool,
    },
    Identity,
    /// A backup of a whole profile; before there is an identity, too.
    Restore,
    /// Pages on paper; likewise.
    FromPaper,
    Help,
    /// Whose safety number is to be compared; a contact where there is one only.
    Check,
    /// Codes that a phone scans, made of this key.
    Phone(Option<KeyId>),
    WhatCode,
    /// The same, of these codes.
    WhatIs(Payloads),
    /// A file to encrypt for a contact.
    Seal(ContactId, Option<PathBuf>),
    /// A key file, a sealed file or a picture.
    Import(PathBuf),
}

/// What the user did on a screen: messages of that screen, and ways out of it.
#[derive(Debug)]
pub struct Outbox<M>(Vec<OutboxItem<M>>);

#[derive(Debug)]
pub enum OutboxItem<M> {
    Message(M),
    Go(Route),
}

impl<M> Outbox<M> {
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    pub fn send(&mut self, message: M) {
        self.0.push(OutboxItem::Message(message));
    }

    pub fn go(&mut self, route: Route) {
        self.0.push(OutboxItem::Go(route));
    }

    /// Takes over what a part of the screen sent.
    pub fn extend<P>(&mut self, part: Outbox<P>, wrap: impl Fn(P) -> M) {
        self.0.extend(part.into_iter().map(|item| match item {
            OutboxItem::Message(message) => OutboxItem::Message(wrap(message)),
            OutboxItem::Go(route) => OutboxItem::Go(route),
        }));
    }
}

impl<M> IntoIterator for Outbox<M> {
    type Item = OutboxItem<M>;
    type IntoIter = std::vec::IntoIter<OutboxItem<M>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
