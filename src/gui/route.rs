//! Where a screen can lead, and what its `ui` hands to the root.

use keyglance_core::contacts::ContactId;
use keyglance_core::crypto::KeyId;
use keyglance_core::pairing::CheckCode;
use keyglance_profile::SavedPairing;

/// A screen to open. Leaving the present one stops what it has running.
#[derive(Clone, Debug)]
pub enum Route {
    Home,
    /// To the screen that this one belongs to.
    Back,
    Pair,
    /// The result of the pairing that has just finished.
    Paired(Box<PairingResult>),
    Contact(ContactId),
    /// A contact's safety number.
    Verify(ContactId),
    Export(KeyId),
    Add,
    Settings,
    Identity,
    Help,
}

/// A pairing whose key both devices have, and which is stored.
#[derive(Clone, Debug)]
pub struct PairingResult {
    pub check_code: CheckCode,
    pub saved: SavedPairing,
    /// What the other device calls itself.
    pub peer_name: String,
    /// Our last code, where the other device may still have to see it.
    pub code: Option<String>,
}

/// What the user did on a screen: messages of that screen, and ways out of it.
#[derive(Debug)]
pub struct Outbox<M>(Vec<Request<M>>);

#[derive(Debug)]
pub enum Request<M> {
    Message(M),
    Go(Route),
}

impl<M> Outbox<M> {
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    pub fn send(&mut self, message: M) {
        self.0.push(Request::Message(message));
    }

    pub fn go(&mut self, route: Route) {
        self.0.push(Request::Go(route));
    }
}

impl<M> IntoIterator for Outbox<M> {
    type Item = Request<M>;
    type IntoIter = std::vec::IntoIter<Request<M>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
