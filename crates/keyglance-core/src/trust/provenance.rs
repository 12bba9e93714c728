//! How a key came into a profile, and how far it is trusted.

use serde::{Deserialize, Serialize};

use super::{Trust, Verified};

/// How a key came into a profile. It never changes, and decides what the key is
/// trusted for before a person compares anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provenance {
    /// Agreed on by pairing: a camera saw the codes on a screen that a person was
    /// looking at.
    PairedByCamera,
    /// Agreed on by pairing: another program carried the codes, as pictures, as
    /// text, or in a window on our screen.
    PairedRelayed,
    /// Read from a key file. Anybody can write one, about anybody.
    Imported,
}

impl Provenance {
    /// The spelling in files and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PairedByCamera => "paired-by-camera",
            Self::PairedRelayed => "paired-relayed",
            Self::Imported => "imported",
        }
    }

    /// Whether the devices agreed on the key, each by its identity.
    #[must_use]
    pub const fn is_paired(self) -> bool {
        !matches!(self, Self::Imported)
    }

    /// The trust that a contact begins with, whose first key came so.
    #[must_use]
    pub const fn contact_trust(self) -> Trust {
        match self {
            Self::PairedByCamera => Trust::SeenByCamera,
            Self::PairedRelayed | Self::Imported => Trust::Unverified,
        }
    }
}

/// How far a key is known to be shared with its contact, and nobody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyTrust {
    /// Nobody compared anything on this profile.
    NotCompared,
    /// The same, and a camera saw the codes.
    SeenByCamera,
    /// A person compared something on this profile.
    Verified(Verified),
}

impl KeyTrust {
    /// The trust of a key that came so, and that a person made sure of or not.
    #[must_use]
    pub const fn of(provenance: Provenance, verified: Option<Verified>) -> Self {
        match (verified, provenance) {
            (Some(verified), _) => Self::Verified(verified),
            (None, Provenance::PairedByCamera) => Self::SeenByCamera,
            (None, Provenance::PairedRelayed | Provenance::Imported) => Self::NotCompared,
        }
    }

    /// Whether something may be made of what the other device shared without a further
    /// word of a person: of a compared key only. It is theirs only if it was really them,
    /// and would stay in another program's trust even after the pairing was thrown away.
    #[must_use]
    pub const fn vouches_for_card(self) -> bool {
        matches!(self, Self::Verified(_))
    }

    /// The spelling in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotCompared => "not-compared",
            Self::SeenByCamera => "seen-by-camera",
            Self::Verified(_) => "verified",
        }
    }
}
