//! Using a key with a program, and the codes and files that come of it.

use std::path::Path;

use keyglance_core::exports::{OptionKind, OptionValues, Target};
use keyglance_profile::{printable, printable_path};

use super::{Notification, size};

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
        is_text: target.name == "passphrase",
    };
    match target.name {
        "wifi" => {
            let default = target.options.iter().find(|option| option.name == "ssid");
            let default = default.map(|option| match option.kind {
                OptionKind::Text(name) => name,
                OptionKind::Flag => "",
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
