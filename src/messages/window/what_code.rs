//! What a code is, and what it says.

use keyglance_profile::CodeKind;

use super::{Notification, size};

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
        _ if is_text => ("Text", "This is all that it says. Nothing was opened.".to_owned()),
        _ => ("Not text", format!("It holds {}, shown in hex.", size(bytes as u64))),
    };
    CodeKindWords { title, about }
}

/// A picture without a code.
pub fn no_code() -> Notification {
    Notification::new(
        "There is no code in that picture.",
        "The whole code with its white edge must be in it.",
    )
}
