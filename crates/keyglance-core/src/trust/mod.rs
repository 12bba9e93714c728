//! How far contacts and keys are trusted, and how that came about.
//!
//! The trust of a contact says who the identity is; that of a key says that this
//! identity holds the key. A key file that says so itself proves neither.

mod provenance;

pub use provenance::{KeyTrust, Provenance};

use jiff::Timestamp;

/// How the user made sure of the other device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Both screens showed the same six digits.
    CheckCode,
    /// Both showed the same sixty digits.
    SafetyNumber,
    /// One scanned the other's fingerprint code.
    FingerprintCode,
}

impl Method {
    /// The spelling in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CheckCode => "check-code",
            Self::SafetyNumber => "safety-number",
            Self::FingerprintCode => "fingerprint-code",
        }
    }

    /// Reads [`Method::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::CheckCode, Self::SafetyNumber, Self::FingerprintCode]
            .into_iter()
            .find(|method| method.as_str() == text)
    }
}

/// A check that the user made, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The method of the check.
    pub method: Method,
    /// The time of the check.
    pub at: Timestamp,
}

/// How far a contact's key is known to be the contact's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// A comparison failed, and none has matched since.
    Broken,
    /// Nothing was compared.
    Unverified,
    /// Read by a camera from a screen that a person was looking at.
    SeenByCamera,
    /// The user compared something and said that it matched.
    Verified(Verified),
}

impl Trust {
    /// The higher of two trusts: trust never falls by itself, only by an explicit
    /// failure.
    #[must_use]
    pub fn raised(self, to: Self) -> Self {
        let rank = |trust| match trust {
            Self::Unverified => 0,
            Self::SeenByCamera => 1,
            Self::Verified(_) => 2,
            // Only an explicit act changes it, by setting the trust outright.
            Self::Broken => 3,
        };
        if rank(to) > rank(self) && to != Self::Broken { to } else { self }
    }
}

impl Trust {
    /// The spelling in files.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Unverified => "unverified",
            Self::SeenByCamera => "seen-by-camera",
            Self::Verified(verified) => verified.method.as_str(),
        }
    }

    pub(crate) fn parse(text: &str, at: Option<Timestamp>) -> Option<Self> {
        Some(match (text, at) {
            ("broken", _) => Self::Broken,
            ("unverified", _) => Self::Unverified,
            ("seen-by-camera", _) => Self::SeenByCamera,
            (method, at) => Self::Verified(Verified { method: Method::parse(method)?, at: at? }),
        })
    }
}

/// A change of a contact's trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The trust after the change.
    pub trust: Trust,
    /// The time of the change.
    pub at: Timestamp,
}

/// A contact remembers at most this many changes.
const MAX_HISTORY: usize = 20;

/// The changes of a contact's trust: never empty, the newest last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct History(Vec<Change>);

impl History {
    pub(crate) fn new(trust: Trust, at: Timestamp) -> Self {
        Self(vec![Change { trust, at }])
    }

    /// The changes as they were written; the trust itself decides, for a
    /// program that knows no history may have changed it.
    pub(crate) fn read(mut changes: Vec<Change>, trust: Trust, at: Timestamp) -> Self {
        if changes.last().is_none_or(|change| change.trust != trust) {
            changes.push(Change { trust, at });
        }
        let mut history = Self(changes);
        history.shorten();
        history
    }

    pub(crate) fn trust(&self) -> Trust {
        self.0.last().map_or(Trust::Unverified, |change| change.trust)
    }

    pub(crate) fn changes(&self) -> &[Change] {
        &self.0
    }

    pub(crate) fn push(&mut self, trust: Trust, at: Timestamp) {
        self.0.push(Change { trust, at });
        self.shorten();
    }

    fn shorten(&mut self) {
        let surplus = self.0.len().saturating_sub(MAX_HISTORY);
        self.0.drain(..surplus);
    }
}
