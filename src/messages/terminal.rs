//! The sentences of the terminal: what to do about each error, and the commands'
//! own texts.

use crate::messages;
pub use crate::messages::stage::Stage;
pub use crate::messages::{sealed_by, sealer};
use keyglance_capture::{CameraError, CaptureError, PictureFileError, ScreenError};
use keyglance_core::exports::{ExportError, TARGETS, Target};
use keyglance_core::keyfile::{KeyFileError, PassphraseError, StreamError};
use keyglance_core::pairing::{PairingError, Suite};
use keyglance_core::trust::Provenance;
use keyglance_profile::{Refusal, StoreError, Warning, shell_argument, shell_path};

pub const WELCOME: &str = "\
Keyglance: two devices face each other, show and read codes, and hold the
same key. No network carries it.

Try first:
  keyglance demo     two simulated devices pair before your eyes
  keyglance pair     pair this computer with another, by camera

Then: compare, export, code, seal, open, import, contacts, keys, device
(keyglance --help).
";

pub const WITHOUT_WINDOW: &str = "In the terminal: keyglance pair pairs, keyglance demo shows how, keyglance --help has the rest.";

/// A note for each use of a key that was not compared.
pub const NOT_CHECKED: &str = "Note: this key is not compared. Make sure that nobody is in between: \
                               keyglance compare NAME";

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

pub fn store(error: &StoreError) -> Option<String> {
    Some(match error {
        StoreError::NoHome => "Name a folder with --profile DIR.".to_owned(),
        StoreError::NotOurs(_) => {
            "Nothing was changed. Run it as that user, or choose another folder with --profile DIR."
                .to_owned()
        }
        StoreError::ForeignFile(path) | StoreError::WritableByOthers(path) => mend(path),
        StoreError::Newer(_) => "Nothing was changed. Update Keyglance, then try again.".to_owned(),
        StoreError::NotAFolder(_) | StoreError::NotAProfile(_) => {
            "Nothing was changed. Choose another folder with --profile DIR.".to_owned()
        }
        StoreError::Permission(_) | StoreError::ReadOnly(_) => {
            "Nothing was changed. Allow it, or choose another folder with --profile DIR.".to_owned()
        }
        StoreError::NoSpace(_) => {
            "Nothing was changed. Free some space, then try again.".to_owned()
        }
        StoreError::KeyKnown(_) => "Nothing was changed.".to_owned(),
        StoreError::KeyRejected => {
            "Nothing was changed. Somebody in between may have it: pair again, in person."
                .to_owned()
        }
        StoreError::NoIdentity => "keyglance device makes one.".to_owned(),
        StoreError::NotFound { what, .. } => format!("keyglance {what}s"),
        StoreError::NothingCalled { .. } => "keyglance contacts".to_owned(),
        StoreError::Ambiguous { .. } => "say which id".to_owned(),
        StoreError::Passphrase(error) => return passphrase(error),
        StoreError::Refused(refusal) => {
            let how = match refusal {
                Refusal::Mismatch(name) => format!("compare {}", shell_argument(name)),
                Refusal::HeldBack { contact, decided: false, .. } | Refusal::Blocked(contact) => {
                    format!("contacts decide {}", shell_argument(contact))
                }
                Refusal::HeldBack { contact: name, .. } | Refusal::NotCompared(name) => {
                    format!("compare {}", shell_argument(name))
                }
                Refusal::Retired(name) => format!("keys stop --undo {}", shell_argument(name)),
                Refusal::NotAcknowledged(name) => format!("keys confirm {}", shell_argument(name)),
                _ => "contacts".to_owned(),
            };
            let advice = messages::refusal(refusal);
            format!("Nothing was made of it. {advice}\n  keyglance {how}")
        }
        StoreError::Known(name) => {
            format!("This shows it: keyglance contacts show {}", shell_argument(name))
        }
        StoreError::NoKey(_) => "Pair with it: keyglance pair".to_owned(),
        _ => return None,
    })
}

/// How a file of the profile that others own or can change is made one's own.
fn mend(path: &std::path::Path) -> String {
    let path = shell_path(path);
    format!(
        "Nothing was changed. If you know what is in it, make it yours; otherwise move it away.\n  \
         sudo chown \"$(id -u)\" {path} && chmod 600 {path}"
    )
}

/// What to do about something in the profile that did not stop us.
pub fn warning(warning: &Warning) -> Option<String> {
    match warning {
        Warning::NotOurs(error) => store(error),
        _ => None,
    }
}

pub fn capture(error: &CaptureError) -> Option<String> {
    let advice = match error {
        CaptureError::Camera(error) => match error {
            CameraError::NoCamera | CameraError::NotBuilt => {
                "Connect one, or use --watch FILE, --picture FILE or --stdin instead."
            }
            CameraError::NoSuchCamera(_) => "keyglance cameras lists them.",
            CameraError::Busy => "Close that program, or choose another camera with --camera N.",
            CameraError::Denied => {
                "Allow it in the system's settings (on Linux, membership of the group video), then try again."
            }
            CameraError::UnsupportedFormat => "Choose another camera with --camera N.",
            _ => "Plug it in again, then try again.",
        },
        CaptureError::Screen(error) => match error {
            ScreenError::Denied => {
                "Start it as the user of that screen, or take a screenshot and use --picture FILE."
            }
            ScreenError::NotSupported | ScreenError::ColourDepth(_) => {
                "Take a screenshot and use --picture FILE instead."
            }
            ScreenError::Lost => "No key was saved. Start again on both.",
            _ => "Use --camera, --picture FILE or --stdin instead.",
        },
        CaptureError::File(PictureFileError::Picture { error, .. }) => messages::picture(*error)?,
        _ => return None,
    };
    Some(advice.to_owned())
}

/// A camera that may come back.
pub const fn away(error: CameraError) -> &'static str {
    match error {
        CameraError::Unplugged => {
            "The camera was unplugged. Plug it in again: the pairing goes on by itself."
        }
        _ => "The camera sends no pictures. Plug it in again: the pairing goes on by itself.",
    }
}

/// What a stream got before the work failed.
pub const ONLY_A_PART: &str = "What was written is only a part. Throw it away.";

pub fn stream(error: &StreamError) -> Option<String> {
    match error {
        StreamError::NoKey => Some(
            "Was it sealed with a separate key? Name it with --separate-key-for TEXT.".to_owned(),
        ),
        StreamError::ByPassphrase => Some("To open it: age -d FILE".to_owned()),
        _ => None,
    }
}

pub fn key_file(error: &KeyFileError) -> Option<String> {
    match error {
        KeyFileError::Newer(_) => Some("Update Keyglance, then try again.".to_owned()),
        _ => None,
    }
}

pub fn passphrase(error: &PassphraseError) -> Option<String> {
    match error {
        PassphraseError::Wrong => Some("Nothing was lost. Try again.".to_owned()),
        _ => None,
    }
}

pub fn export(error: &ExportError) -> Option<String> {
    match error {
        ExportError::NotAcknowledged(_) => {
            Some("If the other device shows Same key: keyglance keys confirm NAME".to_owned())
        }
        ExportError::NotPostQuantum { .. } => Some(format!(
            "{} keyglance keys shows which are post-quantum.",
            messages::NOT_POST_QUANTUM
        )),
        ExportError::Unknown { close, .. } if close.is_empty() => {
            Some("keyglance export --list".to_owned())
        }
        ExportError::Unknown { close, .. } => Some(format!("Close: {}", close.join(", "))),
        ExportError::TakesNoKey { .. } => Some("Check its code instead.".to_owned()),
        ExportError::NoSuchOption { target, .. } => {
            let target = Target::find(target).ok()?;
            let names: Vec<_> = target.options.iter().map(|c| format!("--{}", c.name)).collect();
            Some(if names.is_empty() {
                format!("{} has no options.", target.name)
            } else {
                format!("{} takes {}.", target.name, names.join(", "))
            })
        }
        ExportError::InvalidOption { option, .. } => {
            let all = TARGETS.iter().flat_map(|target| target.options);
            let option = all.into_iter().find(|own| own.name == *option)?;
            Some(format!("--{} is {}.", option.name, option.summary))
        }
        _ => None,
    }
}

/// What happened, worded as an error, and what to do about it.
pub fn pairing(error: PairingError) -> (String, String) {
    let (what, advice) = messages::pairing(error);
    (clause(what), advice.to_owned())
}

/// A sentence without its capital letter and full stop, to follow the program's
/// name and a colon.
pub fn clause(sentence: &str) -> String {
    let mut chars = sentence.trim_end_matches('.').chars();
    let first = chars.next().into_iter().flat_map(char::to_lowercase);
    first.chain(chars).collect()
}

/// A key of suite 2 in two words, for a list.
pub fn post_quantum(suite: Suite) -> Option<&'static str> {
    suite.is_post_quantum().then_some("post-quantum")
}
