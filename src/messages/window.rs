//! The window's sentences: for each thing that happens, what it is and what to do.

use crate::messages;
use crate::messages::Stage;
use jiff::Timestamp;
use keyglance_capture::{CameraError, CaptureError, PictureFileError, Quality};
use keyglance_core::exports::ExportError;
use keyglance_core::keyfile::PassphraseError;
use keyglance_core::pairing::PairingError;
use keyglance_profile::{
    BackupError, CodeFileError, ExportFailure, IdentityChangeError, Refusal, StoreError, WriteError,
};

/// What happened, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    pub what: String,
    pub advice: String,
}

impl Notification {
    pub fn new(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { what: what.into(), advice: advice.into() }
    }
}

/// For a notification: names and digits are not for whoever sees the screen.
pub const PAIRED: &str = "Same key. Compare the check code.";
pub const STOPPED: &str = "The pairing stopped. No key was saved.";

pub const POINT: &str = "Point the cameras at each other's screens.";

/// A day, as in "2 May 2026".
pub fn day(at: Timestamp) -> String {
    at.strftime("%-d %b %Y").to_string()
}

/// An error's text as a sentence: with a capital letter and a full stop.
pub fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).chain(std::iter::once('.')).collect()
}

/// What the user can do to be read better, if anything.
pub fn hint(quality: Quality) -> Option<&'static str> {
    // Few webcams focus on what is closer than an arm's length.
    let too_near = quality.sharpness < 0.08 && quality.height > 0.5;
    if quality.margin < 6.0 || too_near {
        Some("Move back.")
    } else if quality.height < 0.25 || quality.module < 2.5 {
        Some("Move closer.")
    } else if quality.contrast < 0.3 {
        Some("Turn down the brightness of the other screen.")
    } else {
        None
    }
}

/// How much of the other device's code was read, where it comes in parts.
pub fn part(have: u8, count: u8) -> String {
    format!("Part {have} of {count}")
}

/// Why our code does not stand still.
pub fn shown_in_parts(count: usize) -> String {
    format!("Our code changes by itself: it is shown in {count} parts.")
}

/// A text that was pasted or typed and is none of ours.
pub const FOREIGN_TEXT: &str = "That text is not a pairing code.";

/// What each state of a pairing asks for. `peer` is the other device's name, once known.
pub fn asks(stage: Stage, peer: Option<&str>) -> String {
    match stage {
        Stage::Looking => "Turn both screens to face each other, a forearm apart.".to_owned(),
        Stage::Seen => {
            let peer = peer.unwrap_or("the other device");
            format!("Waiting for {peer} to see us. Keep still.")
        }
        Stage::Agreed => "Almost there. Keep the screens facing until both chime.".to_owned(),
        Stage::SameKey => same_key(peer.unwrap_or("the other device")),
    }
}

/// The same where there is little room.
pub const fn asks_briefly(stage: Stage) -> &'static str {
    match stage {
        Stage::Looking => "Face the other screen.",
        Stage::Seen => "Keep still.",
        Stage::Agreed => "Almost there.",
        Stage::SameKey => "Turn the screens back.",
    }
}

/// Both devices have the key.
pub fn same_key(peer: &str) -> String {
    format!("You and {peer} now share a secret.")
}

/// We hold the key, and the other device has not said that it does.
pub fn unconfirmed(peer: &str) -> String {
    format!("{peer} has not confirmed. The key is kept, locked.")
}

/// Why a pairing gave no key and what to do, and the text of the button that starts again.
/// `kept_locked`: an earlier try left a key that cannot be used.
pub fn pairing_failed(error: PairingError, kept_locked: bool) -> (Notification, &'static str) {
    match error {
        PairingError::TimedOut => {
            (Notification::new("Paused", "Nothing was saved."), "Show a new code")
        }
        PairingError::TooManyTries if !kept_locked => (
            Notification::new(
                "Stopped after three tries.",
                "Somebody may be guessing. No key was saved.",
            ),
            "Start again",
        ),
        error => {
            let (what, advice) = messages::pairing(error);
            (Notification::new(what, advice), "Start again")
        }
    }
}

/// Why there is no picture, and what to do about it.
pub fn capture(error: &CaptureError) -> Notification {
    let CaptureError::Camera(camera) = error else {
        let advice = match error {
            CaptureError::File(PictureFileError::Picture { error, .. }) => {
                messages::picture(*error).unwrap_or("Choose another picture.")
            }
            CaptureError::File(_) => "Choose another picture.",
            _ => "Use a camera, a picture or text instead.",
        };
        return Notification::new(sentence(error), advice);
    };
    let (what, advice) = match camera {
        CameraError::NoCamera | CameraError::NotBuilt => {
            ("No camera found.", "Connect one, or use this screen, a picture or text.")
        }
        CameraError::Denied => (
            "The camera is blocked.",
            "Allow it in the system's settings (on Linux, by membership of the group video), then \
             try again.",
        ),
        CameraError::Busy => ("Another app is using the camera.", "Close it, or choose another."),
        CameraError::Stalled => (
            "The camera sends no pictures.",
            "Choose another camera, or plug it in again, then try again.",
        ),
        CameraError::Unplugged => {
            ("The camera was unplugged.", "Plug it in again; this continues by itself.")
        }
        CameraError::NoSuchCamera(_) => {
            ("That camera is no longer connected.", "Choose another camera.")
        }
        CameraError::UnsupportedFormat => (
            "The camera's pictures cannot be read.",
            "Choose another camera, or use a picture or text instead.",
        ),
        _ => ("The camera failed.", "Plug it in again, then try again."),
    };
    Notification::new(what, advice)
}

pub fn store(error: &StoreError) -> Notification {
    let advice = match error {
        StoreError::Newer(_) => "Nothing was changed. Update Keyglance, then try again.",
        StoreError::NotOurs(_) => {
            "Nothing was changed. Start Keyglance as that user, or with --profile DIR and another \
             folder."
        }
        StoreError::NoHome => "Start Keyglance with --profile DIR.",
        StoreError::NotAFolder(_) | StoreError::NotAProfile(_) => {
            "Nothing was changed. Start Keyglance with --profile DIR and another folder."
        }
        StoreError::Permission(_) | StoreError::ReadOnly(_) => {
            "Nothing was changed. Allow access, then try again."
        }
        StoreError::NoSpace(_) => "Nothing was changed. Free some space, then try again.",
        StoreError::Refused(refusal) => messages::refusal(refusal),
        StoreError::Passphrase(PassphraseError::Wrong) => "Nothing was lost. Try again.",
        _ => "",
    };
    Notification::new(sentence(error), advice)
}

/// The other device did not confirm the key called `name`.
pub fn saved_locked(name: &str) -> Notification {
    Notification::new(
        "The other device did not confirm that it has the key.",
        format!(
            "The key is saved as {name}, but locked. If the other device shows Same key, confirm \
             that on the contact's page."
        ),
    )
}

/// Why nothing was exported.
pub fn export(error: &ExportFailure) -> Notification {
    match error {
        ExportFailure::Store(error) => store(error),
        ExportFailure::Write(error) => write(error),
        ExportFailure::Incomplete(_) => Notification::new(
            "A code would lack the parts that you have to fill in.",
            NOTHING_EXPORTED,
        ),
        ExportFailure::Target(error @ ExportError::NotPostQuantum { .. }) => {
            Notification::new(sentence(error), messages::NOT_POST_QUANTUM)
        }
        error => Notification::new(sentence(error), NOTHING_EXPORTED),
    }
}

const NOTHING_EXPORTED: &str = "Nothing was exported.";

/// Why a code was not written to its file.
pub fn code_file(error: &CodeFileError) -> Notification {
    match error {
        CodeFileError::Write(error) => write(error),
        CodeFileError::Ending { .. } => Notification::new(
            "The name must end in .png or .svg (or, for a key, .html).",
            "Nothing was written.",
        ),
        error => Notification::new(sentence(error), "Nothing was written."),
    }
}

/// Why nothing was backed up or restored.
pub fn backup(error: &BackupError) -> Notification {
    match error {
        BackupError::Store(error) => store(error),
        BackupError::Write(error) => write(error),
        error => Notification::new(sentence(error), "Nothing was changed."),
    }
}

/// Why the identity was not changed.
pub fn identity(error: &IdentityChangeError) -> Notification {
    match error {
        IdentityChangeError::Store(error) => store(error),
        IdentityChangeError::Write(error) => write(error),
        IdentityChangeError::ProtectionLost => Notification::new(
            sentence(error),
            "Nothing was changed. Remove the passphrase in the settings first, then set one again.",
        ),
        error => Notification::new(sentence(error), "Nothing was changed."),
    }
}

fn write(error: &WriteError) -> Notification {
    let advice = match error {
        WriteError::Exists(_) => "Choose another name.",
        _ => "Choose another place.",
    };
    Notification::new(sentence(error), advice)
}

/// Why nothing may be made of a key.
pub fn refusal(refusal: &Refusal) -> Notification {
    if let Refusal::Mismatch(_) = refusal {
        let steps = format!("{}\nNothing is exported until then.", super::DIFFER_STEPS);
        return Notification::new(super::DIFFER, steps);
    }
    Notification::new(sentence(refusal), super::refusal(refusal))
}
