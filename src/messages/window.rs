//! The window's sentences: for each thing that happens, what it is and what to do.

use std::io::ErrorKind;
use std::path::Path;

use crate::messages;
use crate::messages::Stage;
use jiff::Timestamp;
use unicode_segmentation::UnicodeSegmentation as _;

use keyglance_capture::{CameraError, CaptureError, PictureFileError, Quality};
use keyglance_core::contacts::{LocalNameError, Name};
use keyglance_core::crypto::PurposeError;
use keyglance_core::exports::{ExportError, OptionKind, OptionValues, Target};
use keyglance_core::keyfile::{KeyFile, KeyFileError, PassphraseError, StreamError};
use keyglance_core::pairing::{CheckCode, DisplayName, NameError, PairingError};
use keyglance_core::trust::{Change, Provenance, Verified};
use keyglance_profile::{
    CodeFileError, CodeKind, ExportFailure, Exported, FileKindError, OpenKeyError, OpenedStream,
    SealFileError, Verdict, printable, printable_path,
};

pub use super::profile_errors::{backup, identity, refusal, store, write};

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

pub use super::date::{day, day_or_today};

/// What a contact's keys are called: the first as the contact, further ones with a number.
pub fn key_name(contact: &str, number: usize) -> String {
    match number {
        0 | 1 => contact.to_owned(),
        number => format!("{contact} \u{b7} key {number}"),
    }
}

/// How things stand, with the day of a comparison.
pub fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Compared(verified) => format!("Compared {}", day(verified.at)),
        Verdict::DifferentKey { decided: true } => {
            "Different key \u{b7} compare it first".to_owned()
        }
        verdict => messages::verdict(verdict).to_owned(),
    }
}

/// The same, and how it was compared.
pub fn verdict_in_full(verdict: Verdict) -> String {
    match verdict {
        Verdict::Compared(Verified { method, at }) => {
            format!("Compared {} by {}", day(at), messages::method(method))
        }
        verdict => self::verdict(verdict),
    }
}

/// One of several keys: how it came, when, and how it stands. `best` is the one that is
/// meant if none is named.
pub fn key_line(provenance: Provenance, at: Timestamp, verdict: Verdict, best: bool) -> String {
    let came = match provenance {
        Provenance::PairedByCamera => "Paired by camera",
        Provenance::PairedRelayed => "Paired by pictures or text",
        Provenance::Imported => "Imported",
    };
    let state = match verdict {
        Verdict::Compared(_) if best => "in use",
        Verdict::Compared(_) => "compared",
        Verdict::NotCompared => "not compared",
        Verdict::DifferentKey { .. } => "held back",
        Verdict::Blocked => "blocked",
        Verdict::DoesNotMatch => "does not match",
        Verdict::Unconfirmed => "unconfirmed",
        Verdict::NotInUse => "not in use",
        Verdict::Unreadable => "contact unreadable",
    };
    format!("{came} {} \u{b7} {state}", day(at))
}

/// A line of a contact's history, without the day.
pub fn change(change: &Change, first: bool) -> String {
    let line = messages::change(change, first);
    line.split_once("  ").map_or(line.clone(), |(_, what)| what.to_owned())
}

/// What was made of a key, in its history.
pub fn used(export: &Exported) -> String {
    let purpose = match export.purpose.as_str() {
        "" => String::new(),
        purpose => format!(" ({purpose})"),
    };
    format!("Used with {}{purpose}", export.target)
}

/// A name that looks like another one, and is not.
pub fn other_letters(letters: &[(char, &str)]) -> String {
    const SHOWN: usize = 4;
    let list = letters.iter().take(SHOWN).map(|(letter, script)| match *script {
        "Common" | "Inherited" => format!("{letter} (U+{:04X})", u32::from(*letter)),
        script => format!("{letter} ({script})"),
    });
    let list = list.collect::<Vec<_>>().join(", ");
    format!("The new name is written with other letters: {list}.")
}

/// On a known contact, under whose name another one came.
pub const SOMEBODY_ELSE: &str = "Somebody else came under this name.";

/// On the page of who came under the name of a known contact.
pub fn held_back(known: &str) -> String {
    format!(
        "It came with a different key than {known} has. Its key is held back until you have \
         decided and compared."
    )
}

/// The other device did not confirm that it has the key.
pub fn unconfirmed(name: &str) -> String {
    format!("{name} has not confirmed. The key is kept, locked.")
}

/// Before the key is wiped because the other device said that the codes differ.
pub fn says_no(name: &str) -> String {
    format!(
        "If the other device says that the check codes differ, somebody may stand between you. \
         The key of {name} is then deleted here too; nothing you had before is affected."
    )
}

/// Of a contact without a key.
pub const NO_KEY_YET: &str = "No key yet";

/// Of a contact under whose name somebody else came.
pub fn different_key(day: &str, short: bool) -> String {
    let when = if day == "today" { day.to_owned() } else { format!("on {day}") };
    if short {
        format!("A different key {when}")
    } else {
        format!("Appeared with a different key {when} \u{b7} the old key stays in use")
    }
}

pub fn no_contact_is_called(text: &str) -> String {
    format!("No contact is called \u{201c}{text}\u{201d}.")
}

/// A few words about something that has a name.
pub fn quoted(before: &str, name: &str, after: &str) -> String {
    format!("{before} \u{201c}{name}\u{201d}{after}")
}

pub fn name_taken(name: &str) -> String {
    quoted("Another contact is called", name, ".")
}

/// Why `text` cannot be a contact's name.
pub fn refused_name(text: &str, error: LocalNameError) -> String {
    match error {
        LocalNameError::Empty => NAME_MISSING.to_owned(),
        LocalNameError::TooLong => too_long(text, Name::MAX),
        LocalNameError::Hidden(c) => hidden_letter(c),
        error => sentence(&error),
    }
}

/// Why `text` cannot be this device's name.
pub fn refused_device_name(text: &str, error: NameError) -> String {
    match error {
        NameError::Blank => NAME_MISSING.to_owned(),
        NameError::TooLong => too_long(text, DisplayName::MAX),
        NameError::Hidden(c) => hidden_letter(c),
        error => sentence(&error),
    }
}

pub const NAME_MISSING: &str = "Write a name.";

fn hidden_letter(c: char) -> String {
    format!("This name holds a letter that cannot be seen (U+{:04X}).", u32::from(c))
}

/// How many letters, as people count them, have to go until at most `most` bytes are left.
fn too_long(text: &str, most: usize) -> String {
    let text = text.trim();
    let mut bytes = 0;
    let fits = |letter: &&str| {
        bytes += letter.len();
        bytes <= most
    };
    let letters = text.graphemes(true);
    let kept = letters.clone().take_while(fits).count();
    match letters.count() - kept {
        1 => "1 letter too many.".to_owned(),
        many => format!("{many} letters too many."),
    }
}

/// An error's text as a sentence: with a capital letter and a full stop.
pub fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    // Some are sentences already.
    let mut chars = text.trim_end_matches('.').chars();
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

/// Until then nobody sees the screens.
pub const TURN_BACK: &str = "When both have chimed, turn the screens back.";

/// What is asked aloud, since the other device's check is never sent to us.
pub const OWN_CHECK: &str =
    "Its own check is made over there. Ask: \u{201c}Did yours accept too?\u{201d}";

/// A check code as it is read to a person: "6 0 6, 3 6 8".
pub fn digit_by_digit(code: CheckCode) -> String {
    let apart = |digits: &str| digits.chars().map(String::from).collect::<Vec<_>>().join(" ");
    code.to_string().split(' ').map(apart).collect::<Vec<_>>().join(", ")
}

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

pub const NO_CAMERA: &str = "No camera found. Connect one, or use this screen, a picture or text.";

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

// Using a key with a program, and codes for a phone.

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

// What a code says.

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

// Files that are encrypted, opened or dropped.

/// Several files were dropped on a contact.
pub fn one_file_at_a_time() -> Notification {
    Notification::new("One file at a time: only the first was taken.", "")
}

/// How large a file is.
pub fn size(bytes: u64) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        0..10_000 => format!("{bytes} bytes"),
        10_000..10_000_000 => format!("{} KB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

pub const KEY_KNOWN: &str = "You have this key already.";

/// What a key file says of itself.
pub fn found_key(key: &KeyFile) -> String {
    let made = format!("Made {}.", day(key.created));
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

/// Why a file cannot be looked at.
pub fn file_kind(error: &FileKindError) -> Notification {
    let name = |path: &Path| printable_path(path.file_name().map(Path::new).unwrap_or(path));
    let (what, advice) = match error {
        FileKindError::Missing(path) => (format!("There is no file {}.", name(path)), ""),
        FileKindError::Folder(path) => {
            (format!("{} is a folder.", name(path)), "Pack it into one file first, then use that.")
        }
        FileKindError::NotAFile(path) => (format!("{} is not a file.", name(path)), ""),
        FileKindError::Empty(path) => (format!("{} is empty.", name(path)), ""),
        FileKindError::Denied(path) => {
            (format!("{} may not be read.", name(path)), "Allow access to it, then try again.")
        }
        FileKindError::Io { path, .. } => {
            (format!("{} could not be read.", name(path)), "Check the disk, then try again.")
        }
        _ => ("The file could not be read.".to_owned(), ""),
    };
    Notification::new(what, advice)
}

/// Why a key file was not read.
pub fn open_key(error: &OpenKeyError) -> Notification {
    match error {
        OpenKeyError::File(error) => file_kind(error),
        OpenKeyError::Passphrase(PassphraseError::Wrong) => Notification::new(
            "That is not the passphrase of this file.",
            "Nothing was lost. Try again.",
        ),
        OpenKeyError::Key(KeyFileError::Newer(_)) => {
            Notification::new(sentence(error), "Update Keyglance, then try again.")
        }
        error => Notification::new(sentence(error), "Nothing was changed."),
    }
}

/// Why a file was not encrypted or opened.
pub fn seal_file(error: &SealFileError) -> Notification {
    match error {
        SealFileError::File(error) => file_kind(error),
        SealFileError::Write(error) => write(error),
        SealFileError::Stream(error) => stream(error),
        error => Notification::new(sentence(error), "Nothing was written."),
    }
}

fn stream(error: &StreamError) -> Notification {
    let (what, advice) = match error {
        StreamError::NoKey => (
            "None of your keys opens this file.",
            "It was encrypted for somebody else, or with a separate key.",
        ),
        StreamError::ByPassphrase => ("A passphrase protects this file, not a key.", ""),
        StreamError::TooManyRecipients => ("The file is encrypted for more than 64.", ""),
        StreamError::NotAgeFile | StreamError::UnknownVersion => {
            ("Keyglance does not know this kind of encrypted file.", "")
        }
        StreamError::Damaged => ("The file is damaged or cut off.", "Nothing was written."),
        StreamError::Read(_) => ("The file could not be read to its end.", "Nothing was written."),
        StreamError::Write(error) if error.kind() == ErrorKind::StorageFull => (
            "There is no space left for it.",
            "Nothing was changed. Free some space, then try again.",
        ),
        StreamError::Write(_) => ("The file could not be written.", "Nothing was written."),
        error => return Notification::new(sentence(error), "Nothing was written."),
    };
    Notification::new(what, advice)
}

/// The numbers of whoever sealed it did not match.
pub fn mismatched_sealer(opened: &OpenedStream<'_>) -> String {
    format!(
        "The numbers of {} did not match. Somebody else may have encrypted this.",
        messages::sealer(opened)
    )
}

/// Where a key file is, and how large.
pub fn about_file(folder: &str, bytes: u64) -> String {
    format!("{folder} · {} · readable by you only", size(bytes))
}

/// The file beside a key file that is no secret.
pub fn public_file(path: &Path) -> String {
    format!("Beside it: {}, which is no secret.", printable_path(path))
}

/// What is wrong with the word of a separate key.
pub fn separate(error: &PurposeError) -> Notification {
    let what = match error {
        PurposeError::Hidden(letter) => format!(
            "The word for a separate key holds a letter that cannot be seen (U+{:04X}).",
            u32::from(*letter)
        ),
        _ => "The word for a separate key is too long.".to_owned(),
    };
    Notification::new(what, "Write another one.")
}

/// No program of the system shows folders.
pub fn no_file_manager(folder: &Path) -> Notification {
    Notification::new(
        "No file manager could be opened.",
        format!("The file is in {}.", printable_path(folder)),
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
        ExportFailure::Target(ExportError::InvalidOption { option, error }) => Notification::new(
            sentence(&format!("{} {error}", option_words(option))),
            NOTHING_EXPORTED,
        ),
        ExportFailure::Target(error @ ExportError::NotPostQuantum { .. }) => {
            Notification::new(sentence(error), messages::NOT_POST_QUANTUM)
        }
        error => Notification::new(sentence(error), NOTHING_EXPORTED),
    }
}

const NOTHING_EXPORTED: &str = "Nothing was saved.";

/// What an option is called in a sentence.
fn option_words(option: &str) -> String {
    let words = match option {
        "ssid" => "the network’s name",
        "channel" => "the channel’s name",
        "endpoint" => "the address where the other device is reached",
        "listen-port" => "the port",
        "address" => "the address of this device",
        "peer-address" => "the address of the other device",
        "peer-public-key" => "the public key",
        "onion" => "the onion address",
        other => return format!("the {}", other.replace('-', " ")),
    };
    words.to_owned()
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted_as_people_see_them() {
        for (text, words) in [
            ("я".repeat(36), "5 letters too many."),
            ("я".repeat(32), "1 letter too many."),
            // Two code points each, and six bytes.
            ("नि".repeat(12), "2 letters too many."),
            ("\u{1f469}\u{1f3fd}".repeat(9), "2 letters too many."),
            (format!("  {}  ", "a".repeat(64)), "1 letter too many."),
        ] {
            assert_eq!(refused_name(&text, LocalNameError::TooLong), words, "{text}");
        }
    }

    #[test]
    fn letters_of_another_script_are_named_with_it() {
        let letters = [('В', "Cyrillic"), ('0', "Common")];
        let words = "The new name is written with other letters: В (Cyrillic), 0 (U+0030).";
        assert_eq!(other_letters(&letters), words);
    }
}
