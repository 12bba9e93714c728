//! Using a key with a program, and the codes and files that come of it.

use std::path::Path;

use keyglance_core::exports::{KeylessProgram, OptionKind, OptionValues, Target};
use keyglance_profile::{printable, printable_path};

use super::{Notification, size};

pub const KEY_IS_GONE: &str = "This key is gone";
pub const KEY_WAS_DELETED: &str = "It was deleted.";

/// Wherever a key is used that nobody has compared.
pub const NOT_COMPARED: &str = "Not compared: somebody could be between you.";
pub const COMPARE_NOW: &str = "Compare now…";

pub const SEARCH: &str = "Program or thing: restic, Wi-Fi, KeePassXC, SOPS…";
pub const CONTINUE: &str = "Continue";
pub const PASSWORD_FIELD: &str = "A program with a password field takes a passphrase.";
pub const SHOW_PASSPHRASE: &str = "Show Passphrase";
/// Looks for what [`SHOW_PASSPHRASE`] promises.
pub const PASSPHRASE_PROGRAM: &str = "Passphrase";
pub const CHOOSE_PROGRAM: &str = "Choose a program first.";

/// The way back to the programs.
pub const USE_WITH: &str = "Use with…";
pub const PASSPHRASE_OF_THE_FILE: &str = "Passphrase of the file";
pub const WITH_PASSPHRASE: &str = "With a passphrase (recommended)";
pub const WITHOUT_PASSPHRASE: &str = "Without a passphrase";
pub const PASSPHRASE: &str = "Passphrase";
pub const PLACE: &str = "Place";
pub const FILE: &str = "File";
pub const FILE_NEEDS_NAME: &str = "The file needs a name.";
pub const SEPARATE_KEY: &str = "Separate key for (optional)";
pub const ANOTHER_WORD: &str = "Another word gives another key. Write the same on both devices.";
pub const SAVE_FILE: &str = "Save file";
pub const MAKING: &str = "Making the key file…";

pub const SAVED_PROTECTED: &str = "The key file is saved and protected with your passphrase.";
pub const SAVED_UNPROTECTED: &str = "The key file is saved. It has no passphrase.";
pub const SAVED_PUBLIC: &str = "The file is saved. It holds no secret.";
pub const ON_BOTH_DEVICES: &str = "On both devices";
/// Above the commands for what the other device shared.
pub const HERE: &str = "On this device";
/// What they shared is theirs only as far as the key was compared.
pub const SHARED_NOT_COMPARED: &str =
    "What they shared is theirs only if the pairing was with them: compare first.";
/// A second button: the file then says so.
pub const GO_ON_NOT_COMPARED: &str = "Go on, not compared";
pub const ANOTHER_PROGRAM: &str = "Use with another program…";

/// Which program is to have the key.
pub fn use_key_of(key: &str) -> String {
    format!("Use the key of {key} with…")
}

pub fn nothing_is_called(text: &str) -> String {
    format!("Nothing is called “{text}”.")
}

/// The options of a program.
pub fn program_with_key(program: &str, key: &str) -> String {
    format!("{program} with the key of {key}")
}

pub fn last_used(day: &str, program: &str) -> String {
    format!("Last used on {day}, with {program}.")
}

pub fn ready_for(program: &str) -> String {
    format!("Ready for {program}")
}

pub fn code_for(program: &str) -> String {
    format!("A code for {program}")
}

/// Why a program is not offered, and what to do instead.
pub fn without_key(program: &KeylessProgram) -> String {
    format!("It cannot take a key from outside. {}", program.answer)
}

/// To a screen reader: which of several lines the button copies.
pub fn copy_command(number: usize, copied: bool) -> String {
    if copied { format!("Copied command {number}") } else { format!("Copy command {number}") }
}

/// What whoever has the file can do.
pub fn danger(target: &Target, protected: bool) -> String {
    if protected {
        target.danger.replace("this file", "this file and its passphrase")
    } else {
        target.danger.to_owned()
    }
}

/// What stands beside a code that is a secret.
pub struct CodeWords {
    /// What it is.
    pub title: String,
    /// Who scans it.
    pub who: String,
    /// What a photograph of it gives away.
    pub danger: String,
    /// It is a text that can be pasted as well.
    pub is_text: bool,
}

/// The words beside a code of `target`.
pub fn code_words(target: &Target, options: &OptionValues) -> CodeWords {
    let words = |title: String, who: &str, danger: &str| CodeWords {
        title,
        who: who.to_owned(),
        danger: danger.to_owned(),
        is_text: matches!(target.name, "passphrase" | "words"),
    };
    match target.name {
        "wifi" => {
            let default = target.options.iter().find(|option| option.name == "ssid");
            let default = default.map(|option| match option.kind {
                OptionKind::Text(name) => name,
                OptionKind::Choice(_) | OptionKind::Flag => "",
            });
            let name = options.get("ssid").or(default).unwrap_or_default();
            words(
                format!("Wi-Fi “{}”", printable(name.trim())),
                "Point the phone’s camera here.",
                "Whoever scans this can join the Wi-Fi.",
            )
        }
        "wireguard" => words(
            "WireGuard tunnel".to_owned(),
            "In the WireGuard app: + › Scan from QR code.",
            "Whoever scans this can enter the tunnel as this device.",
        ),
        "totp" => words(
            "One-time codes".to_owned(),
            "In an authenticator app: add an entry, and scan.",
            "Whoever scans these can answer for you in a call.",
        ),
        "meshtastic" => words(
            "Meshtastic channel".to_owned(),
            "Point the phone’s camera here. It opens the Meshtastic app.",
            "Whoever scans this can read and write in the channel.",
        ),
        "passphrase" => words(
            "Password".to_owned(),
            "Any code scanner shows it, to copy.",
            "Whoever photographs this has the password.",
        ),
        name => words(
            name.to_owned(),
            &target.scanned_by.map(|who| format!("Scanned by {who}.")).unwrap_or_default(),
            &target.danger_as_code(),
        ),
    }
}

pub const NOT_FOR_THIS_KEY: &str = "Not for this key: it was made without protection from quantum computers. Pair again, with \
     Keyglance up to date on both devices.";

/// Where a key file is, and how large.
pub fn about_file(folder: &str, bytes: u64) -> String {
    format!("{folder} · {} · readable by you only", size(bytes))
}

/// Where a file is that others may read, and how large.
pub fn about_public_file(folder: &str, bytes: u64) -> String {
    format!("{folder} · {}", size(bytes))
}

/// Offers the name that the other device shared.
pub fn use_endpoint(endpoint: &str) -> String {
    format!("Use {endpoint}, as they call it")
}

/// The file beside a key file that is no secret.
pub fn public_file(path: &Path) -> String {
    format!("Beside it: {}, which is no secret.", printable_path(path))
}

/// No program of the system shows folders.
pub fn no_file_manager(folder: &Path) -> Notification {
    Notification::new(
        "No file manager could be opened.",
        format!("The file is in {}.", printable_path(folder)),
    )
}

/// What shows further commands, or folds them again.
pub fn further(title: &str, is_open: bool) -> String {
    if is_open { title.to_owned() } else { format!("{title}…") }
}
