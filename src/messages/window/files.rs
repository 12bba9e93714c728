//! Files that are encrypted, opened or dropped.

use std::path::Path;

use keyglance_core::keyfile::KeyFile;
use keyglance_profile::{OpenedStream, printable, printable_path};

use super::{Notification, day};
use crate::messages;

/// Several files were dropped on a contact.
pub fn one_file_at_a_time() -> Notification {
    Notification::new("One file at a time: only the first was taken.", "")
}

/// A file came while something else was under way.
pub fn opens_later(path: &Path) -> Notification {
    let name = path.file_name().map(Path::new).unwrap_or(path);
    Notification::new(format!("{} opens when you are done here.", printable_path(name)), "")
}

/// Files that follow the one that is open.
pub fn more_follow(count: usize) -> String {
    match count {
        1 => "1 more file opens after this one.".to_owned(),
        count => format!("{count} more files open after this one."),
    }
}

pub const KEY_KNOWN: &str = "You have this key already.";

/// What a key file says of itself.
pub fn found_key(key: &KeyFile) -> String {
    let name = printable(key.peer.name.as_str());
    let made = format!("A shared key for “{name}”, made {}.", day(key.created));
    let mut about = match key.verified {
        Some(_) => format!("{made} It says it was compared; only you can know."),
        None => format!("{made} It was not compared."),
    };
    if !key.is_acknowledged() {
        about.push_str(" The other device may not have it.");
    }
    about
}

/// A file that this program can do nothing with.
pub fn unknown_file(path: &Path) -> Notification {
    let name = path.file_name().map(Path::new).unwrap_or(path);
    Notification::new(
        format!("Keyglance does not know what {} is.", printable_path(name)),
        "It opens key files, encrypted files, backups, and pictures or texts with a code.",
    )
}

/// The numbers of whoever sealed it did not match.
pub fn mismatched_sealer(opened: &OpenedStream<'_>) -> String {
    format!(
        "The numbers of {} did not match. Somebody else may have encrypted this.",
        messages::sealer(opened)
    )
}
