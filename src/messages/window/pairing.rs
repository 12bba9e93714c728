//! Pairing, hands free: what each state asks for, and how it ends.

use std::path::Path;

use keyglance_capture::Quality;
use keyglance_core::pairing::PairingError;
use keyglance_profile::printable_path;

use super::Notification;
use crate::messages::{self, Stage};

pub const THEM: &str = "Them";
pub const YOU: &str = "You";
pub const WHAT_IS_IT: &str = "What is it?";
pub const THE_OTHER_DEVICE: &str = "The other device";
pub const DONE: &str = "done";
pub const NOT_YET: &str = "not yet";
pub const NOW: &str = "now";
pub const STEPS: &str = "Steps";
pub const ESC: &str = "Esc";
pub const NOT_WORKING: &str = "Not working?";
pub const TITLE_PAUSED: &str = "paused";
pub const TITLE_STOPPED: &str = "stopped";
pub const TITLE_LOOKING: &str = "looking";
pub const TITLE_SEEN: &str = "I see them";
pub const TITLE_AGREED: &str = "they see me";
pub const STILL_WAITING: &str = "Still waiting. Can it see our code?";
pub const PRESS_PAIR_TOO: &str = "Press Pair a device on the other one too.";
pub const CODE_FILE: &str = "keyglance-code.png";
pub const THE_CAMERA_IS_OFF: &str = "The camera is off.";
pub const LOOKING_AT_THE_SCREEN: &str = "Looking at this screen…";
pub const NO_PICTURE_WAS_TAKEN: &str = "No picture of this screen was taken.";
pub const NOTHING_IN_VIEW_YET: &str = "Nothing in view yet";
pub const WATCHING_THIS_SCREEN: &str = "Watching this screen";
pub const NO_OTHER_CAMERA_WAS_FOUND: &str = "No other camera was found.";
pub const LOOK_AGAIN: &str = "Look again";
pub const MIRROR_THE_PICTURE: &str = "Mirror the picture";
pub const ON_THE_OTHER_DEVICE: &str = "On the other device";
pub const OPEN_THERE_TOO: &str = "Keyglance is open there too, and shows a code like this one.";
pub const CLOSER_OR_FURTHER: &str = "Closer or further";
pub const HALF_OF_THE_PICTURE: &str = "The whole code should fill about half of the picture.";
pub const LOOK_AT_THE_SCREEN_AGAIN: &str = "Look at this screen again";
pub const ONLY_OURS: &str = "Only our own code is on this screen. Show theirs on it, too.";
pub const DIM_THE_OTHER_SCREEN: &str = "Dim the other screen";
pub const TOO_BRIGHT: &str = "A screen that is too bright blinds a camera. Ours:";
pub const DARKER: &str = "Darker";
pub const OUR_CODE_DARKER: &str = "Our code darker";
pub const BRIGHTER: &str = "Brighter";
pub const OUR_CODE_BRIGHTER: &str = "Our code brighter";
pub const ANOTHER_CAMERA: &str = "Another camera";
pub const TAKE_TURNS: &str = "Take turns";
pub const ABOUT_TURNS: &str =
    "Let one device look first, then turn them round. Each code waits for its answer.";
pub const NO_CAMERA: &str = "No camera";
pub const WITH_A_NEW_KEY_ON_BOTH: &str = "With a new key, on both devices:";
pub const READ_THEIR_CODE_FROM: &str = "Read their code from:";
pub const PICTURE: &str = "Picture…";
pub const PASTE: &str = "Paste";
pub const PATH_OF_A_PICTURE: &str = "Path of a picture";
pub const READ_THIS_PICTURE: &str = "Read this picture";
pub const THEIR_CODE_AS_TEXT: &str = "Their code as text";
pub const USE_THIS_TEXT: &str = "Use this text";
pub const SEND_THEM_OURS: &str = "Send them ours:";
pub const COPY_OUR_CODE: &str = "Copy our code";
pub const SAVE_OUR_CODE: &str = "Save our code…";
pub const SAVE_AS_PNG_OR_SVG: &str = "Save as (.png or .svg)";
pub const SEND_EACH_TIME: &str =
    "Our code changes with every step: send the new one each time. Anyone may see it.";
pub const MAKING_A_NEW_KEY: &str = "Making a new key…";
pub const COMPARE_THE_CHECK_CODE: &str = "Compare the check code";
pub const TITLE_SAME_KEY: &str = "same key";

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

pub fn watching(picture: &Path) -> String {
    format!("Watching {}", printable_path(picture))
}

pub fn mirrored(camera: &str) -> String {
    format!("{camera} · mirrored")
}

/// Both devices agreed, and the disk did not take the key.
pub fn not_saved(why: &Notification) -> Notification {
    Notification::new(
        "The key could not be saved.",
        format!("{} {} No key was saved on this computer.", why.what, why.advice),
    )
}

pub fn may_still_be_reading(name: &str) -> String {
    format!("{name} may still be reading this.")
}
