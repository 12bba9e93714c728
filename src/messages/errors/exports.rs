//! What can go wrong with what is made of a key, and with codes that are drawn.

use keyglance_core::crypto::PurposeError;
use keyglance_core::exports::{ExportError, TARGETS, Target};
use keyglance_core::identifiers::IdentifierKind;
use keyglance_profile::{CodeFileError, ExportFailure, printable};
use keyglance_qr::{EncodeError, RenderError};

use super::profile::hidden_letter;
use super::{Explain, Face, Notification, UNWRITTEN, sentence};
use crate::messages::NOT_POST_QUANTUM;

pub const NOTHING_EXPORTED: &str = "Nothing was saved.";

/// Why nothing was exported.
impl Explain for ExportFailure {
    fn explain(&self, face: Face) -> Notification {
        match self {
            Self::Store(error) => error.explain(face),
            Self::Target(error) => error.explain(face),
            Self::Passphrase(error) => error.explain(face),
            Self::Code(error) => error.explain(face),
            Self::Write(error) => error.explain(face),
            Self::NotScanned(_) => Notification::new(
                sentence(self),
                face.choose(NOTHING_EXPORTED.to_owned(), scanned_targets()),
            ),
            Self::Incomplete(_) => Notification::new(
                "A code would lack the parts that you have to fill in.",
                face.choose(
                    NOTHING_EXPORTED,
                    "Between devices of your own use --own-devices; else export a file and fill it \
                     in.",
                ),
            ),
            error => Notification::new(sentence(error), NOTHING_EXPORTED),
        }
    }
}

fn scanned_targets() -> String {
    let scanned = TARGETS.iter().filter(|target| target.scanned_by.is_some());
    let names: Vec<_> = scanned.map(|target| target.name).collect();
    format!("These are: {}.", names.join(", "))
}

impl Explain for ExportError {
    fn explain(&self, face: Face) -> Notification {
        let nothing = || NOTHING_EXPORTED.to_owned();
        let in_terminal = |advice: String| face.choose(NOTHING_EXPORTED.to_owned(), advice);
        let (what, advice) = match self {
            Self::NotAcknowledged(_) => (
                sentence(self),
                in_terminal(
                    "If the other device shows Same key: keyglance keys confirm NAME".to_owned(),
                ),
            ),
            Self::NotPostQuantum { .. } => (
                sentence(self),
                face.choose(
                    NOT_POST_QUANTUM.to_owned(),
                    format!("{NOT_POST_QUANTUM} keyglance keys shows which are post-quantum."),
                ),
            ),
            Self::Unknown { close, .. } => (
                sentence(self),
                in_terminal(match close.is_empty() {
                    true => "keyglance export --list".to_owned(),
                    false => format!("Close: {}", close.join(", ")),
                }),
            ),
            Self::TakesNoKey { answer, .. } => (sentence(self), (*answer).to_owned()),
            Self::NotShared { name, kind } => (
                format!("{} shared no {}.", face.named(name), kind.title()),
                face.choose(
                    "Ask them to tick it under “What I share”, and pair again.".to_owned(),
                    not_shared(*kind),
                ),
            ),
            Self::HostNotTaken { host } => (
                format!(
                    "The other device calls itself “{}”, which can be another host’s name.",
                    printable(host)
                ),
                face.choose(
                    "Write the name or address by which you reach it.".to_owned(),
                    "Say which host ssh is to trust the key for: --host HOST".to_owned(),
                ),
            ),
            Self::NoSuchOption { target, option } => face.choose(
                (sentence(self), nothing()),
                (format!("There is no option --{option} for {target}."), options_of(target)),
            ),
            Self::InvalidOption { option, error } => face.choose(
                (sentence(&format!("{} {error}", option_words(option))), nothing()),
                (format!("--{option} {error}."), about_option(option)),
            ),
            error => (sentence(error), nothing()),
        };
        Notification::new(what, advice)
    }
}

/// What to do where a card lacks something.
fn not_shared(kind: IdentifierKind) -> String {
    let ask = format!(
        "Ask them to share it, and pair again: keyglance pair --share {} on their device.",
        kind.name()
    );
    // One name for two things: it may be the other one that was meant.
    match kind {
        IdentifierKind::Syncthing => {
            format!("{ask} The password of an encrypted folder is --for syncthing-folder.")
        }
        IdentifierKind::OpenPgp => format!("{ask} A passphrase for gpg is --for gpg."),
        IdentifierKind::Age => format!("{ask} An identity that you both hold is --for age."),
        _ => ask,
    }
}

/// The options that a target takes.
fn options_of(target: &str) -> String {
    let Ok(target) = Target::find(target) else { return String::new() };
    let names: Vec<_> = target.options.iter().map(|option| format!("--{}", option.name)).collect();
    match &names[..] {
        [] => format!("There are none for {}.", target.name),
        names => format!("Those are: {}.", names.join(", ")),
    }
}

/// What an option is for.
fn about_option(name: &str) -> String {
    let mut options = TARGETS.iter().flat_map(|target| target.options);
    let option = options.find(|option| option.name == name);
    option.map_or_else(String::new, |option| format!("--{} is {}.", option.name, option.summary))
}

/// What an option is called in a sentence.
fn option_words(option: &str) -> String {
    let words = match option {
        "ssid" => "the network’s name",
        "host" => "the host",
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

/// What is wrong with the word of a separate key.
impl Explain for PurposeError {
    fn explain(&self, _: Face) -> Notification {
        const SUBJECT: &str = "The word for a separate key";
        let what = match self {
            Self::Hidden(letter) => hidden_letter(SUBJECT, *letter),
            Self::Space => format!("{SUBJECT} begins or ends with a space."),
            _ => format!("{SUBJECT} is too long."),
        };
        Notification::new(what, "Write another one.")
    }
}

/// Why a code was not written to its file.
impl Explain for CodeFileError {
    fn explain(&self, face: Face) -> Notification {
        match self {
            Self::Write(error) => error.explain(face),
            Self::Encode(error) => error.explain(face),
            Self::Render(error) => error.explain(face),
            Self::Ending { path, wanted: wanted @ ".html" } => Notification::new(
                format!("{} does not end in {wanted}.", face.file(path)),
                UNWRITTEN,
            ),
            Self::Ending { path, wanted } => Notification::new(
                format!("{} ends in none of {wanted}.", face.file(path)),
                UNWRITTEN,
            ),
            Self::Several => Notification::new(
                sentence(self),
                face.choose(UNWRITTEN, "Use --out FILE.html for a page of several."),
            ),
            error => Notification::new(sentence(error), UNWRITTEN),
        }
    }
}

impl Explain for EncodeError {
    fn explain(&self, _: Face) -> Notification {
        Notification::new(sentence(self), "")
    }
}

impl Explain for RenderError {
    fn explain(&self, _: Face) -> Notification {
        Notification::new(sentence(self), UNWRITTEN)
    }
}
