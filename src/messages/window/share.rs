//! What this device shares with who pairs.

use keyglance_core::identifiers::{Identifier, IdentifierKind};
use keyglance_core::text::begin_large;
use keyglance_profile::CardCandidate;

pub const CHANGE: &str = "Change";
pub const CHANGE_WHAT_IS_SHARED: &str = "Change what you share";
pub const CHANGE_IN_SETTINGS: &str = "Change what you share…";
pub const READING: &str = "Reading…";
pub const ASK_GPG: &str = "Ask gpg";
pub const SHARE_THIS: &str = "Share this";
pub const IT_IS_PUBLIC: &str = "It is the public key";
pub const ANOTHER_NAME: &str = "Another name";
pub const CHOOSE_ONE: &str = "Choose one:";
pub const PUBLIC_KEY: &str = "The public key, or the path of its file";
pub const NOT_CHOSEN_NOW: &str = "It has changed, or could not be read, and is not shared.";
pub const PAIRING: &str = "Pairing";

/// A kind of identifier, at the beginning of a line.
pub fn title(kind: IdentifierKind) -> String {
    begin_large(kind.title())
}

/// Where it is read once it is ticked.
pub fn from(place: &str) -> String {
    format!("From: {place}")
}

/// One of several, by what its program calls it.
pub fn choice(candidate: &CardCandidate) -> String {
    match &candidate.label {
        Some(label) => format!("{} \u{b7} {label}", candidate.identifier),
        None => candidate.identifier.to_string(),
    }
}

/// In a line without room for what it is.
pub fn you_share_briefly(shared: &[Identifier]) -> String {
    match shared.len() {
        0 => "You share: nothing".to_owned(),
        1 => "You share: 1 thing".to_owned(),
        count => format!("You share: {count} things"),
    }
}

/// For a screen reader.
pub fn copy(kind: IdentifierKind) -> String {
    format!("Copy the {}", kind.title())
}
