//! What this device shares of itself when it pairs, and what the other one shared.

use jiff::Timestamp;
use keyglance_core::identifiers::Identifier;
use keyglance_core::pairing::CardError;
use keyglance_profile::{CardPlace, CardSource, printable, printable_path};

use super::date::day;

#[cfg(feature = "gui")]
pub const HEADING: &str = "What I share with who pairs";
/// A card is not secret from whoever pairs.
pub const REACHES: &str = "Whoever you pair with gets it, also before you have compared.";
pub const ALL_PUBLIC: &str =
    "Public keys and names only, for their programs. A private key never leaves its file.";
pub const NOT_COMPARED: &str =
    "Use it after comparing: until then it may be somebody else\u{2019}s.";
#[cfg(feature = "cli")]
pub const SHARED_NOTHING: &str = "They shared nothing.";

/// What is shared, in one line.
pub fn you_share(identifiers: &[Identifier]) -> String {
    format!("You share: {}", kinds(identifiers))
}

fn kinds(identifiers: &[Identifier]) -> String {
    if identifiers.is_empty() {
        return "nothing".to_owned();
    }
    identifiers.iter().map(title_of).collect::<Vec<_>>().join(", ")
}

/// What it is called; a host name by itself.
fn title_of(identifier: &Identifier) -> String {
    match identifier {
        Identifier::HostName(name) => format!("host name {}", printable(name.as_str())),
        other => other.kind().title().to_owned(),
    }
}

/// Why nothing of the other device is known.
pub const fn refused(_: CardError) -> &'static str {
    "What the other device tells of itself breaks the rules, and is left out."
}

/// Where something is read once it is chosen.
pub fn place(place: &CardPlace) -> String {
    match place {
        CardPlace::Files(paths) => {
            paths.iter().map(|path| printable_path(path)).collect::<Vec<_>>().join(" or ")
        }
        CardPlace::HostName => "the name of this computer".to_owned(),
        CardPlace::Gpg => "gpg, when you ask it".to_owned(),
        CardPlace::Given => "you give it".to_owned(),
    }
}

/// Where something was read.
pub fn source(source: &CardSource, at: Timestamp) -> String {
    let day = day(at);
    match source {
        CardSource::File(path) => format!("{}, read {day}", printable_path(path)),
        CardSource::HostName => format!("the name of this computer, read {day}"),
        CardSource::Gpg => format!("told by gpg, {day}"),
        CardSource::Given => format!("given by you, {day}"),
    }
}
