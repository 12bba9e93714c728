//! What a code is, and what it says.

use keyglance_profile::CodeKind;

use super::{Notification, camera, size};

pub const DROP_HERE: &str = "Drop a picture of a code here.";
pub const STOP_CAMERA: &str = "Stop the camera";
pub const PASTE: &str = "Paste";
pub const OPEN: &str = "Open…";
pub const WHAT_FOR: &str = "Show Keyglance any QR code, and it tells what the code says.";
pub const NOTHING_IS_OPENED: &str = "Nothing in a code is opened, run or sent anywhere.";
pub const ANOTHER: &str = "Another code";
pub const ADD_TO_CONTACTS: &str = "Add to contacts…";
pub const IS_A_SECRET: &str = "What it says is a secret. Nobody else should see this screen.";
pub const SHOW: &str = "Show";
pub const SHOW_ALL: &str = "Show all of it";
pub const COPY_TEXT: &str = "Copy text";

/// One of several codes, counted from 1.
pub fn numbered(number: usize) -> String {
    format!("Code {number}")
}

/// What a code is, and what it is for.
pub struct CodeKindWords {
    pub title: &'static str,
    pub about: String,
}

/// The words for a code of this kind.
pub fn code_kind(kind: CodeKind, is_text: bool, bytes: usize) -> CodeKindWords {
    let (title, about) = match kind {
        CodeKind::Pairing => (
            "A pairing code of Keyglance",
            "Another device shows it to pair. It holds no secret.".to_owned(),
        ),
        CodeKind::Verification => (
            "A verification code of Keyglance",
            "A device shows it to one contact, to be compared. It holds no secret.".to_owned(),
        ),
        CodeKind::PublicKey => (
            "The public key of a device",
            "With it you can add the device to your contacts. It is no secret.".to_owned(),
        ),
        CodeKind::Key => {
            ("A shared key of Keyglance", "Whoever has this code has the key.".to_owned())
        }
        CodeKind::MaybeKey => (
            "No app that we know",
            "32 bytes that could be a key; public and secret look alike.".to_owned(),
        ),
        _ if is_text => ("Text", "This is all that it says. Nothing was opened.".to_owned()),
        _ => ("Not text", format!("It holds {}, shown in hex.", size(bytes as u64))),
    };
    CodeKindWords { title, about }
}

/// A picture without a code.
pub fn no_code() -> Notification {
    Notification::new("There is no code in that picture.", camera::WHOLE_CODE)
}
