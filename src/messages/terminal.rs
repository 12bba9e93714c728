//! The sentences of the terminal.

use super::errors::{Explain, Face, Notification};
pub use crate::messages::stage::Stage;
pub use crate::messages::{sealed_by, sealer};
use keyglance_capture::CameraError;
use keyglance_core::pairing::Suite;
use keyglance_core::trust::Provenance;
use keyglance_profile::Warning;

/// What happened, and what to do about it in a terminal.
pub fn explain(error: &impl Explain) -> Notification {
    error.explain(Face::Terminal)
}

/// Something in the profile that did not stop us, and what to do about it.
pub fn warning(warning: &Warning) -> Notification {
    match warning {
        Warning::NotOurs(error) => {
            let Notification { what, advice } = explain(error);
            Notification::new(format!("{what} It was left aside."), advice)
        }
        warning => Notification::new(format!("{warning}."), ""),
    }
}

pub const WELCOME: &str = "\
Keyglance: two devices face each other, show and read codes, and hold the
same key. No network carries it.

Try first:
  keyglance demo     two simulated devices pair before your eyes
  keyglance pair     pair this computer with another, by camera

Then: compare, export, code, seal, open, import, contacts, keys, device
(keyglance --help).
";

/// Files that a window was to open, as words of a shell.
pub fn open_in_terminal(files: &str) -> String {
    format!("In the terminal: keyglance {files}")
}

/// A note for each use of a key that was not compared; the name as a word of a shell.
pub fn not_checked(name: &str) -> String {
    format!(
        "Note: this key is not compared. Make sure that nobody is in between: keyglance compare \
         {name}"
    )
}

/// What to do where a terminal has no room for a code.
pub const CODE_TOO_LARGE: &str =
    "Nothing was shown. Make its letters smaller, or write the code to a file: --out FILE.png";

/// The same while pairing on a terminal that draws nothing in place.
pub const ONLY_WHOLE: &str = "It cannot show a code in parts. Make it larger, or show the code in \
                              a picture: keyglance pair --show code.png";

/// After a text that holds a secret was given as an argument.
pub const IN_HISTORY: &str = "\
Note: it holds a secret, and your shell's history has it now. Next time: keyglance inspect -";

/// Where to show the other device's codes.
pub const AIM_CAMERAS: &str = "Point the cameras at each other's screens.";
pub const AIM_WATCH: &str = "It is read as soon as it is in its picture.";
pub const AIM_SCREEN: &str = "Show it on this screen, and keep it uncovered.";
/// Before the desktop takes the first picture of the screen.
pub const PICTURES_OF_THE_SCREEN: &str = "\
Takes a picture of your whole screen every three seconds, reads the codes in it and deletes it.";
/// Where the desktop asks about each picture.
pub const LOOK_AGAIN: &str = "Press Enter to look at the screen again.";
pub const AIM_PICTURES: &str =
    "It is read as soon as it is in its picture; more pictures may follow.";
pub const AIM_TEXT: &str = "Give the lines of the other device.";

/// What a stage asks for. Screens that face each other are moved and held; elsewhere there
/// is only an aim.
pub const fn asks(stage: Stage, faces: bool, aim: &'static str) -> &'static str {
    match stage {
        Stage::Looking if faces => "Turn both screens to face each other, a forearm apart.",
        Stage::Looking => aim,
        Stage::Seen if faces => "Waiting for them to see us. Keep still.",
        Stage::Seen => "Waiting for them to see us.",
        Stage::Agreed if faces => "Almost there. Keep the screens facing until both show Same key.",
        Stage::Agreed => "Almost there.",
        Stage::SameKey => "You now share a secret.",
    }
}

/// Where not even the smallest code fits.
pub fn too_small(terminal: &impl std::fmt::Display, needed: &impl std::fmt::Display) -> String {
    format!(
        "This terminal is {terminal}; a code needs {needed}. Make its letters smaller, or: \
         keyglance pair --show code.png"
    )
}

/// Digits as they are read aloud.
pub fn spoken(digits: &str) -> String {
    const WORDS: [&str; 10] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let word = |digit: char| digit.to_digit(10).and_then(|digit| WORDS.get(digit as usize));
    let groups = digits
        .split(' ')
        .map(|group| group.chars().filter_map(word).copied().collect::<Vec<_>>().join(" "));
    groups.collect::<Vec<_>>().join(", ")
}

/// A word for the known contact wherever it or its key is shown.
pub fn newcomers(names: &[String]) -> String {
    let names = names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
    format!("Somebody else came under this name, kept as {names}.")
}

/// How a key came into the profile.
pub const fn provenance(provenance: Provenance) -> &'static str {
    match provenance {
        Provenance::PairedByCamera => "pairing, seen by camera",
        Provenance::PairedRelayed => "pairing, by screen, picture or text",
        Provenance::Imported => "a key file",
    }
}

/// A camera that may come back.
pub const fn away(error: CameraError) -> &'static str {
    match error {
        CameraError::Unplugged => {
            "The camera was unplugged. Plug it in again: the pairing goes on by itself."
        }
        CameraError::AwaitingPermission => {
            "The system asks whether the camera may be used. Answer it: this goes on by itself."
        }
        CameraError::FixedStalled => {
            "The camera sends no pictures. Switch it on, or start what feeds it: the pairing goes \
             on by itself."
        }
        _ => "The camera sends no pictures. Plug it in again: the pairing goes on by itself.",
    }
}

/// What a stream got before the work failed.
pub const ONLY_A_PART: &str = "What was written is only a part. Throw it away.";

/// A key of suite 2 in two words, for a list.
pub fn post_quantum(suite: Suite) -> Option<&'static str> {
    suite.is_post_quantum().then_some("post-quantum")
}

/// Where a key for a program would stay.
pub const ON_THE_TERMINAL: &str =
    "A key for a program goes to a pipe, and standard output is a terminal.";
pub const IN_A_FILE: &str = "A key for a program goes to a pipe, and standard output is none.";

/// What to do where standard output is no pipe.
pub fn only_to_a_pipe(name: &str, program: &str) -> String {
    format!(
        "Nothing was written. For a file: keyglance export {name} --for {program} --out FILE; how \
         programs ask: keyglance get --help"
    )
}

/// A key was given, and its history does not say so.
pub fn not_recorded(why: &str) -> String {
    format!("Note: {why} The key was given, and its history does not say so.")
}
