//! A contact and its keys: how they stand, and what came to pass.

use jiff::Timestamp;
use keyglance_core::trust::{Change, Provenance, Verified};
use keyglance_profile::{Exported, Verdict};

use super::day;
use crate::messages;

pub const NO_LONGER: &str = "This contact no longer exists.";
pub const USE_AGAIN: &str = "Use again";
pub const KEYS: &str = "Keys";
pub const USE: &str = "Use…";
pub const HISTORY: &str = "History";
pub const NOTHING_IS_DONE: &str = "Nothing is done with its keys until then.";
pub const PAIR_TO_SHARE: &str = "No key yet. Pair to share one.";
pub const A_DELETED_CONTACT: &str = "a contact that you deleted";
pub const DECIDE_AGAIN: &str = "Decide again…";
pub const DELETE_KEY: &str = "Delete key…";
pub const LABEL: &str = "Label…";
pub const STOP_USING: &str = "Stop using…";
pub const THE_OTHER_DEVICE_SAYS_NO: &str = "The other device says no…";
pub const PAIR: &str = "Pair…";
pub const USE_KEY: &str = "Use key…";
pub const CONFIRM: &str = "Confirm…";

/// How things stand, with the day of a comparison.
pub fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Compared(verified) => format!("Compared {}", day(verified.at)),
        Verdict::DifferentKey { decided: true } => {
            "Different key \u{b7} compare it first".to_owned()
        }
        verdict => messages::verdict(verdict).to_owned(),
    }
}

/// The same, and how it was compared.
pub fn verdict_in_full(verdict: Verdict) -> String {
    match verdict {
        Verdict::Compared(Verified { method, at }) => {
            format!("Compared {} by {}", day(at), messages::method(method))
        }
        verdict => self::verdict(verdict),
    }
}

/// One of several keys: how it came, when, and how it stands. `best` is the one that is
/// meant if none is named.
pub fn key_line(provenance: Provenance, at: Timestamp, verdict: Verdict, best: bool) -> String {
    let came = match provenance {
        Provenance::PairedByCamera => "Paired by camera",
        Provenance::PairedRelayed => "Paired by pictures or text",
        Provenance::Imported => "Imported",
    };
    let state = match verdict {
        Verdict::Compared(_) if best => "in use",
        Verdict::Compared(_) => "compared",
        Verdict::NotCompared => "not compared",
        Verdict::DifferentKey { .. } => "held back",
        Verdict::Blocked => "blocked",
        Verdict::DoesNotMatch => "does not match",
        Verdict::Unconfirmed => "unconfirmed",
        Verdict::NotInUse => "not in use",
        Verdict::Unreadable => "contact unreadable",
    };
    format!("{came} {} \u{b7} {state}", day(at))
}

/// A line of a contact's history, without the day.
pub fn change(change: &Change, first: bool) -> String {
    let line = messages::change(change, first);
    line.split_once("  ").map_or(line.clone(), |(_, what)| what.to_owned())
}

/// What was made of a key, in its history.
pub fn used(export: &Exported) -> String {
    let purpose = match export.purpose.as_str() {
        "" => String::new(),
        purpose => format!(" ({purpose})"),
    };
    let first = match export.last {
        Some(_) => format!(", first on {}", super::day(export.at)),
        None => String::new(),
    };
    format!("Used with {}{purpose}{first}", export.used_with())
}

/// On a known contact, under whose name another one came.
pub const SOMEBODY_ELSE: &str = "Somebody else came under this name.";

/// On the page of who came under the name of a known contact.
pub fn held_back(known: &str) -> String {
    format!(
        "It came with a different key than {known} has. Its key is held back until you have \
         decided and compared."
    )
}

/// The other device did not confirm that it has the key.
pub fn unconfirmed(name: &str) -> String {
    format!("{name} has not confirmed. The key is kept, locked.")
}

/// Before the key is wiped because the other device said that the codes differ.
pub fn says_no(name: &str) -> String {
    format!(
        "If the other device says that the check codes differ, somebody may stand between you. \
         The key of {name} is then deleted here too; nothing you had before is affected."
    )
}

/// Of a contact without a key.
pub const NO_KEY_YET: &str = "No key yet";

/// Of a contact under whose name somebody else came.
pub fn different_key(day: &str, short: bool) -> String {
    let when = if day == "today" { day.to_owned() } else { format!("on {day}") };
    if short {
        format!("A different key {when}")
    } else {
        format!("Appeared with a different key {when} \u{b7} the old key stays in use")
    }
}

/// What the other device calls itself, where it is called otherwise here.
pub fn calls_itself(name: &str) -> String {
    format!("Calls itself {name}")
}

/// Beside a name that cannot be drawn.
pub fn number_begins(digits: &str) -> String {
    format!("Its safety number begins with {digits}.")
}

pub fn for_label(label: &str) -> String {
    format!("For: {label}")
}

pub fn kept_as(name: &str) -> String {
    format!("The new one is kept as {name}.")
}

pub fn decide_about(name: &str) -> String {
    format!("Decide about {name}")
}

pub fn more_about(name: &str) -> String {
    format!("More about {name}")
}

pub fn compare_with(name: &str) -> String {
    format!("Compare with {name}")
}

pub fn pair_with(name: &str) -> String {
    format!("Pair with {name}")
}

pub fn use_the_key_of(name: &str) -> String {
    format!("Use the key of {name}")
}

pub fn confirm_the_key_of(name: &str) -> String {
    format!("Confirm the key of {name}")
}
