//! Pairing, hands free: what each state asks for, and how it ends.

use keyglance_capture::Quality;
use keyglance_core::pairing::PairingError;

use super::Notification;
use crate::messages::{self, Stage};

/// For a notification: names and digits are not for whoever sees the screen.
pub const PAIRED: &str = "Same key. Compare the check code.";
pub const STOPPED: &str = "The pairing stopped. No key was saved.";

pub const POINT: &str = "Point the cameras at each other's screens.";

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

/// Until then nobody sees the screens.
pub const TURN_BACK: &str = "When both have chimed, turn the screens back.";

/// Both devices have the key.
pub fn same_key(peer: &str) -> String {
    format!("You and {peer} now share a secret.")
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
