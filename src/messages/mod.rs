//! The sentences that both faces use: what happened, and what to do.

pub mod card;
#[cfg(any(feature = "cli", feature = "gui"))]
pub mod challenge;
pub mod date;
#[cfg(feature = "cli")]
pub mod doctor;
#[cfg(any(feature = "cli", feature = "gui"))]
mod errors;
#[cfg(any(feature = "cli", feature = "gui"))]
pub mod inspect;
#[cfg(any(feature = "cli", feature = "gui"))]
pub mod paper;
#[cfg(any(feature = "cli", feature = "gui"))]
pub mod phone_page;
#[cfg(any(feature = "cli", feature = "gui"))]
pub mod shared;
#[cfg(any(feature = "cli", feature = "gui"))]
mod stage;
// Each part of it is asked for where its need is found.
#[allow(dead_code)]
pub mod system_packages;
#[cfg(feature = "cli")]
pub mod terminal;
#[cfg(feature = "gui")]
pub mod window;

#[cfg(feature = "gui")]
pub use errors::NOTHING_EXPORTED;
#[cfg(any(feature = "cli", feature = "gui"))]
pub use errors::{Explain, Notification};
#[cfg(feature = "cli")]
pub use errors::{file_state, picture, read_failed, sentence, write_failed};
#[cfg(feature = "gui")]
pub use stage::Stage;

use jiff::Timestamp;
#[cfg(feature = "cli")]
use keyglance_core::contacts::Contact;
use keyglance_core::crypto::Suite;
use keyglance_core::keyfile::{SealedBy, UnknownSealer};
use keyglance_core::pairing::{CheckEntry, Diagnostic, FrameError, PairingError, ResetReason};
use keyglance_core::trust::{Change, KeyTrust, Method, Trust, Verified};
#[cfg(feature = "cli")]
use keyglance_profile::printable;
use keyglance_profile::{
    Backup, ExportedCode, FingerprintScanHint, OpenedStream, Refusal, Restoration,
    RestoredIdentity, Verdict,
};
#[cfg(feature = "gui")]
use keyglance_qr::Part;

/// Why a computer stays awake, in the desktop's list of what keeps it so.
#[cfg(feature = "awake")]
pub const KEEPS_AWAKE: &str = "Pairing with another device";

/// What to do where there is no window.
#[cfg(any(feature = "cli", feature = "gui"))]
pub const WITHOUT_WINDOW: &str = "In the terminal: keyglance pair pairs, keyglance demo shows how, keyglance --help has the rest.";

/// The heading of commands by which a program is given a key through a pipe.
#[cfg(any(feature = "cli", feature = "gui"))]
pub const WITHOUT_A_FILE: &str = "Without a file on the disk";

/// After the first time that a program was given a key: the last one.
#[cfg(feature = "cli")]
pub fn last_given(at: Timestamp) -> String {
    format!(", last on {}", date::day(at))
}

/// How many bytes something has.
#[cfg(any(feature = "cli", feature = "gui"))]
pub fn bytes(count: usize) -> String {
    if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") }
}

/// How far a contact is trusted.
#[cfg(feature = "gui")]
pub const fn trust(trust: Trust) -> &'static str {
    match trust {
        Trust::Broken => "Does not match",
        Trust::Unverified | Trust::SeenByCamera => "Not compared",
        Trust::Verified(_) => "Compared",
    }
}

/// How things stand, in a word or two.
pub const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Compared(_) => "Compared",
        Verdict::NotCompared => "Not compared",
        Verdict::DifferentKey { .. } => "Different key",
        Verdict::Blocked => "Blocked",
        Verdict::DoesNotMatch => "Does not match",
        Verdict::Unconfirmed => "Unconfirmed",
        Verdict::NotInUse => "Not in use",
        Verdict::Unreadable => "Contact unreadable",
    }
}

/// The same, or that it came under a name that another one has.
#[cfg(feature = "cli")]
pub fn contact_state(contact: &Contact) -> &'static str {
    verdict(Verdict::of_contact(contact, None))
}

/// What a person did about a key, and when; or what is not done yet.
#[cfg(feature = "cli")]
pub fn compared(trust: KeyTrust) -> String {
    match trust {
        KeyTrust::Verified(verified) => {
            let day = date::day(verified.at);
            format!("Compared {day}, by {}", method(verified.method))
        }
        KeyTrust::SeenByCamera => "Not compared (seen by camera)".to_owned(),
        KeyTrust::NotCompared => "Not compared".to_owned(),
    }
}

/// What a key file says of itself.
pub fn claim(claim: Verified, now: Timestamp) -> String {
    let day = date::day(claim.at);
    let future = if claim.at > now { ", which is in the future" } else { "" };
    format!(
        "The file claims to be verified by {} on {day}{future}. Only you can know.",
        method(claim.method)
    )
}

/// A date that cannot be right.
pub const IN_THE_FUTURE: &str = "It is dated in the future: a clock was wrong, or it is made up.";

/// What was compared.
pub const fn method(method: Method) -> &'static str {
    match method {
        Method::CheckCode => "check code",
        Method::SafetyNumber => "safety number",
        Method::FingerprintCode => "scan",
    }
}

/// One line of a contact's history.
pub fn change(change: &Change, first: bool) -> String {
    let day = date::day(change.at);
    let what = match change.trust {
        Trust::Broken => "Did not match".to_owned(),
        Trust::Unverified if first => "Added, not compared".to_owned(),
        Trust::Unverified => {
            "To be compared again: this device became another one, or a file had claimed it"
                .to_owned()
        }
        Trust::SeenByCamera => "Paired by camera".to_owned(),
        Trust::Verified(verified) => format!("Compared by {}", method(verified.method)),
    };
    format!("{day}  {what}")
}

pub const DIFFER: &str = "These numbers do not match.";
pub const DIFFER_STEPS: &str = "\
Someone may be between you, or one of you opened another contact.
1. Check both names.
2. Compare again.
3. Still different: stop using this key and pair again in person.";

/// Before the desktop takes a picture of the screen.
pub const PICTURE_OF_THE_SCREEN: &str =
    "Takes one picture of your whole screen, reads the codes in it and deletes it.";

/// Of a passphrase that is to protect something.
#[cfg(feature = "cli")]
pub const WEAK_PASSPHRASE: &str = "That passphrase is easy to guess.";

/// Of a passphrase that was made for the user.
pub const WRITE_IT_DOWN: &str = "Write it down: it is not shown again.";

/// Above the lines by which a program forgets a key, or gets another.
pub const TO_RENEW: &str = "To renew or revoke it";
/// Said where such a line has a NEW.
pub const WHAT_IS_NEW: &str =
    "NEW is the file of another export, for which you write another word on both devices.";

/// Whether a line has such a NEW.
#[cfg(any(feature = "cli", feature = "gui"))]
pub fn names_new_file(line: &str) -> bool {
    line.contains("NEW")
}

/// A warning beside every code that holds a key.
pub const CODE_IS_SECRET: &str =
    "This code is the secret. Everybody who photographs it has the key.";

/// The caption of a code: whose key and what for, who scans it, what to know.
pub fn caption(code: &ExportedCode) -> Vec<String> {
    let purpose = match code.purpose.as_str() {
        "" => String::new(),
        purpose => format!(", for {purpose}"),
    };
    let mut lines = vec![format!("{}: {}{purpose}", code.target.name, code.key)];
    lines.extend(code.caption.as_ref().map(|caption| format!("{caption}.")));
    lines.extend(code.target.scanned_by.map(|who| format!("Scanned by {who}.")));
    lines.push(code.target.danger_as_code());
    lines.extend(code.notes.iter().map(|note| (*note).to_owned()));
    lines
}

/// What to do where a code holds a part of a text.
#[cfg(feature = "gui")]
pub fn part_hint(part: Part) -> String {
    format!("{part}. Show the others too.")
}

/// What a scanned code is if it is not a fingerprint code that can be compared.
pub const fn fingerprint_scan_hint(hint: FingerprintScanHint) -> &'static str {
    match hint {
        FingerprintScanHint::OwnCode => "That is our own code. Scan theirs.",
        FingerprintScanHint::NotAFingerprintCode => {
            "That is a QR code, but not a verification code."
        }
        FingerprintScanHint::OtherVersion => {
            "The other app has another version. Update both, then try again."
        }
        _ => "That code could not be read. Still looking.",
    }
}

/// What restoring a backup makes of this device.
pub fn restored_identity(plan: &Restoration, backup: &Backup) -> &'static str {
    match plan.identity {
        RestoredIdentity::Taken if backup.is_identity_protected() => {
            "This device becomes the one that made it, under the passphrase that it had there."
        }
        RestoredIdentity::Taken => {
            "This device becomes the one that made it. No passphrase protects it there or here."
        }
        RestoredIdentity::Same => "This device made it.",
        RestoredIdentity::Foreign => {
            "Another device made it. This one stays who it is, and nothing counts as compared."
        }
    }
}

/// What restoring a backup will do, before it does.
#[cfg(feature = "cli")]
pub fn restoration(plan: &Restoration, backup: &Backup) -> String {
    let day = date::day(backup.created);
    let whose = backup.identity().name.as_str();
    let identity = restored_identity(plan, backup);
    let list = |how: &str, names: &[String], why: &str| match names {
        [] => String::new(),
        names => format!("{how}{}{why}\n", printable(&names.join(", "))),
    };
    format!(
        "A backup of {}, made {day}. {identity}\n{}{}{}Stays       {} contacts and {} keys that are \
         here, as they are. Nothing is replaced.\n",
        printable(whose),
        list("Comes back  contacts: ", &plan.contacts, ""),
        list("Comes back  keys: ", &plan.keys, ""),
        list("Stays away  keys: ", &plan.rejected, ", on which the devices did not agree"),
        plan.kept_contacts,
        plan.kept_keys,
    )
}

/// A fingerprint code that is another one than this contact would show to us. `owner`
/// is the contact that shows it, as far as it says.
pub fn other_fingerprint_code(contact: &str, owner: Option<&str>) -> String {
    match owner {
        Some(owner) if owner == contact => {
            format!("{contact} shows this code to another device than this one.")
        }
        Some(owner) => format!("This is the code of {owner}, not of {contact}."),
        None => format!("This is not the code that {contact} would show to this device."),
    }
}

/// What a key is safe from besides, by how it was agreed on; nothing where that is not so.
pub fn also_safe(suite: Suite) -> Option<&'static str> {
    suite
        .is_post_quantum()
        .then_some("Also safe from a quantum computer that recorded the pairing.")
}

/// What to do about a key that a target cannot be made of.
pub const NOT_POST_QUANTUM: &str =
    "Pair again, with Keyglance up to date on both devices, and use the new key.";

/// What removing a key does not do.
pub const SHREDDED: &str = "\
Its file was overwritten first, which does not reach copies that the disk itself, a snapshot or a \
backup has. The other device still has the key, and files that were exported or sealed are where \
they were.";

/// What a new identity costs.
pub const NEW_IDENTITY: &str = "\
This device will be somebody else. Every contact must verify it again, and you every contact. \
Keys that you share stay as they are.";

/// The state of a key: why it is refused, else how far it is trusted.
pub const fn key_state(refusal: Option<&Refusal>, trust: KeyTrust) -> &'static str {
    verdict(Verdict::of_key(refusal, trust))
}

/// The contact of the key that opened a file.
pub fn sealer<'a>(opened: &OpenedStream<'a>) -> &'a str {
    opened.contact.map_or("an unknown contact", |contact| contact.name.as_str())
}

/// Who sealed a file that was opened, as far as that can be told.
pub fn sealed_by(opened: &OpenedStream<'_>) -> String {
    let state = key_state(opened.refusal.as_ref(), opened.key.trust()).to_lowercase();
    let (name, key) = (sealer(opened), format!("the key {} ({state})", opened.key.name));
    match opened.sealed_by {
        SealedBy::Peer if opened.is_verified() => {
            format!("Sealed by {name} on their side, with {key}.")
        }
        SealedBy::Local if opened.is_verified() => format!("Sealed by you, with {key}."),
        // A key in somebody's name may come from anybody, until it is compared.
        SealedBy::Peer => format!("Sealed by {name} on their side, if {key} is theirs."),
        SealedBy::Local => format!("Sealed by you, or by whoever else holds {key}."),
        SealedBy::Unknown(UnknownSealer::OtherRecipients) => format!(
            "It opens with {key}; age does not tell who sealed it, for it opens with other keys \
             too."
        ),
        _ => format!(
            "Not known who sealed it: it opens with {key}, and age does not tell who sealed it."
        ),
    }
}

/// Why there is no key, and what to do.
pub const fn pairing(error: PairingError) -> (&'static str, &'static str) {
    match error {
        PairingError::TimedOut => {
            ("Paused after five minutes.", "No key was saved. Start again on both, with a new key.")
        }
        PairingError::SecondDevice => (
            "A different device appeared.",
            "No key was saved. Make sure that only two screens are in view, then start again.",
        ),
        PairingError::CheckCodeDiffers => (
            "The two devices do not agree.",
            "No key was kept here and nothing you had before is affected.\n\
             1. Tell the other person: their device may still have the key.\n\
             2. Start again on both, with the real screens in view, no video call, no photo.\n\
             3. If it happens again, do not pair here.",
        ),
        PairingError::TooManyTries => (
            "Stopped after three tries.",
            "Somebody may be guessing. No key can be used. Start again on both.",
        ),
        PairingError::CommitmentMismatch | PairingError::NotContributory => (
            "The two devices do not agree.",
            "No key was saved and nothing you had before is affected.\n\
             1. Start again on both.\n\
             2. Make sure you see each other's real screens, not a video call or a photo.\n\
             3. If it happens again, do not use this pairing.",
        ),
        PairingError::NoCommonSuite => (
            "The two devices have no encryption method in common.",
            "No key was saved. Update both devices, or allow both suites, then try again.",
        ),
        PairingError::OwnIdentity => (
            "The other device is a copy of this one.",
            "No key was saved. Was this profile copied to it? Give it a profile of its own.",
        ),
        PairingError::PeerName(_) => (
            "The other device sent a name that is not allowed.",
            "No key was saved. Give the other device another name.",
        ),
        PairingError::Cancelled => ("The pairing was stopped.", "No key was saved."),
        _ => ("The pairing failed.", "No key was saved. Start again on both."),
    }
}

/// What became of digits that did not decide, and what to do.
pub const fn check_entry(entry: CheckEntry) -> (&'static str, &'static str) {
    match entry {
        CheckEntry::Match => ("Compared.", ""),
        CheckEntry::OwnDigits => ("These are your own digits.", "Type those of the other screen."),
        CheckEntry::NotSixDigits => ("A check code has six digits.", "Type all of them."),
        CheckEntry::Wrong { .. } => {
            ("Not what the other screen shows.", "Have them read it again. One try is left.")
        }
        CheckEntry::Mismatch => pairing(PairingError::CheckCodeDiffers),
    }
}

pub const fn notice(notice: Diagnostic) -> &'static str {
    match notice {
        Diagnostic::Unusable(FrameError::NotOurs) => "That is a QR code, but not a pairing code.",
        Diagnostic::Unusable(FrameError::FingerprintCode) => {
            "That is a verification code, not a pairing code."
        }
        Diagnostic::Unusable(FrameError::Newer) => {
            "The other app is newer. Update this device, then try again."
        }
        Diagnostic::Unusable(FrameError::Older) => {
            "The other app is older. Update the other device, then try again."
        }
        Diagnostic::Unusable(_) => "That code could not be read. Still looking.",
        Diagnostic::OwnCode => "That is our own code. Point the cameras at each other's screens.",
        Diagnostic::Stale => "That answer belongs to an earlier try. Start again on both devices.",
        Diagnostic::OtherDevice => "A different device is in view. It is being ignored.",
        Diagnostic::NotAuthentic => {
            "A code of this pairing is not genuine. Is anybody else showing codes?"
        }
        Diagnostic::CardRefused(error) => card::refused(error),
        _ => "That code does not help. Still looking.",
    }
}

pub const fn reset(reason: ResetReason) -> &'static str {
    match reason {
        ResetReason::Stalled => "Nothing came for a minute. Began again with a new key.",
        ResetReason::PeerRestarted => "The other device began again. So did we, with a new key.",
        ResetReason::Forged => "Three codes were not genuine. Began again with a new key.",
    }
}
