//! What other devices shared of their programs, and what was made of it.

use keyglance_core::identifiers::{Identifier, IdentifierKind};
use keyglance_core::pairing::{Card, CardError};
use keyglance_profile::{Exported, KnownHost, printable, printable_path};

use super::errors::sentence;

/// The heading of what a device shared.
#[cfg(feature = "gui")]
pub const THEY_SHARED: &str = "They shared";
/// Beside it, of a key that nobody compared.
pub const THEIRS_IF_COMPARED: &str =
    "Not compared: these are theirs only if the pairing was with them.";

/// One thing that was shared.
pub struct Shared {
    /// What it is.
    pub title: &'static str,
    /// As JSON calls it.
    #[cfg_attr(not(feature = "cli"), allow(dead_code))]
    pub kind: &'static str,
    /// Its text, as its own program shows it; or why it is not to be used.
    pub value: Result<String, String>,
    /// The whole key, where `value` is only its fingerprint.
    pub whole: Option<String>,
}

/// What stands on a card, as far as this version knows it.
pub fn shared(card: Result<Card, CardError>) -> Vec<Shared> {
    let card = match card {
        Ok(card) => card,
        Err(error) => {
            let value = Err(sentence(&error));
            return vec![Shared { title: "card", kind: "card", value, whole: None }];
        }
    };
    let each = |item| {
        let read = Identifier::from_item(item)?;
        let kind = IdentifierKind::of(item.kind)?;
        let whole = match &read {
            Ok(Identifier::SshHost(key) | Identifier::SshUser(key)) => Some(key.to_line()),
            _ => None,
        };
        let value = read.map(|value| printable(&value.to_string()));
        let value = value.map_err(|error| sentence(&error));
        Some(Shared { title: kind.title(), kind: kind.name(), value, whole })
    };
    card.items().iter().filter_map(each).collect()
}

/// Of something that is not to be used.
#[cfg(feature = "gui")]
pub fn unusable(title: &str, problem: &str) -> String {
    format!("{title}: {problem}")
}

/// To a screen reader: which of several a button copies.
#[cfg(feature = "gui")]
pub fn copy(title: &str, copied: bool) -> String {
    if copied { format!("Copied {title}") } else { format!("Copy {title}") }
}

/// Before a line goes into `known_hosts`: for whom it speaks.
pub fn trusted_host(host: &str) -> String {
    format!("ssh will trust this key for: {host}")
}

/// What ssh knows of that host already, where that matters.
pub fn known_host(host: &str, known: &KnownHost) -> Option<String> {
    match known {
        KnownHost::Unknown => None,
        KnownHost::Same => Some(format!("ssh knows {host} by this key already.")),
        KnownHost::Other(others) => {
            let place = others.first().map(|(_, file)| printable_path(file)).unwrap_or_default();
            Some(format!(
                "Attention: ssh knows {host} by another key already, in {place}. Find out which \
                 one is right before you add this one; ssh-keygen -R '{host}' removes the old one."
            ))
        }
        KnownHost::Unasked => Some(format!(
            "Whether ssh knows {host} already could not be found out: ssh-keygen cannot be run."
        )),
    }
}

/// As JSON spells it.
#[cfg(feature = "cli")]
pub const fn known_host_code(known: &KnownHost) -> &'static str {
    match known {
        KnownHost::Unknown => "unknown",
        KnownHost::Same => "same_key",
        KnownHost::Other(_) => "other_key",
        KnownHost::Unasked => "not_asked",
    }
}

/// Above the lines that take back what was made of a card.
pub const STAYS_ELSEWHERE: &str =
    "What you made of what they shared is still in other programs. Take it back:";

/// Leaves the list, once all of it is done.
#[cfg(feature = "gui")]
pub const TAKEN_BACK: &str = "It is taken back";

/// The lines, each with the program that it is for.
pub fn left_behind(exports: &[Exported]) -> Vec<(String, Vec<String>)> {
    exports.iter().map(|export| (export.used_with().to_owned(), export.undo.clone())).collect()
}

/// All of it in lines of a terminal; nothing where nothing was made.
#[cfg(feature = "cli")]
pub fn left_behind_lines(exports: &[Exported]) -> Option<String> {
    let lines = left_behind(exports).into_iter().flat_map(|(program, lines)| {
        let line = move |line: String| format!("  {program}: {}", printable(&line));
        lines.into_iter().map(line)
    });
    let lines: Vec<_> = lines.collect();
    (!lines.is_empty()).then(|| format!("{STAYS_ELSEWHERE}\n{}", lines.join("\n")))
}
