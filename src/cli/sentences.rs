//! What we say: for each error what to do now, and the texts of the commands.

use crate::keyfile::export::{ExportError, TARGETS};
use crate::keyfile::{KeyFileError, PassphraseError};
use crate::optics::OpticsError;
use crate::pairing::{FrameError, Notice, PairingError, ResetReason};
use crate::store::StoreError;

pub(super) const WELCOME: &str = "\
Keyglance: two devices face each other, show and read codes, and hold the
same key. No network carries it.

Try first:
  keyglance demo     two simulated devices pair before your eyes
  keyglance pair     pair this computer with another, by camera

Then: export, identity, keys, contacts, scan, cameras (keyglance --help).
";

pub(super) fn store(error: &StoreError) -> Option<String> {
    Some(match error {
        StoreError::NoHome => "Name a folder with --profile DIR.".to_owned(),
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
        StoreError::NoIdentity => "keyglance identity makes one.".to_owned(),
        StoreError::NotFound { what, .. } => format!("keyglance {what}s list shows all."),
        StoreError::Passphrase(error) => return passphrase(error),
        _ => return None,
    })
}

pub(super) fn optics(error: &OpticsError) -> Option<String> {
    let advice = match error {
        OpticsError::NoCamera | OpticsError::NotBuilt => {
            "Connect one, or use --watch FILE, --picture FILE or --stdin instead."
        }
        OpticsError::NoSuchCamera(_) => "keyglance cameras lists them.",
        OpticsError::Busy => "Close that program, or choose another camera with --camera N.",
        OpticsError::Denied => {
            "Allow it in the system's settings (on Linux, membership of the group video), then try again."
        }
        OpticsError::Unplugged | OpticsError::Stalled | OpticsError::Failed => {
            "Plug it in again, then try again."
        }
        OpticsError::Format => "Choose another camera with --camera N.",
        _ => return None,
    };
    Some(advice.to_owned())
}

pub(super) fn key_file(error: &KeyFileError) -> Option<String> {
    match error {
        KeyFileError::Newer(_) => Some("Update Keyglance, then try again.".to_owned()),
        _ => None,
    }
}

pub(super) fn passphrase(error: &PassphraseError) -> Option<String> {
    match error {
        PassphraseError::Wrong => Some("Nothing was lost. Try again.".to_owned()),
        _ => None,
    }
}

pub(super) fn export(error: &ExportError) -> Option<String> {
    match error {
        ExportError::NotAcknowledged => Some(
            "If the other device shows Paired, say so with: keyglance keys confirm NAME".to_owned(),
        ),
        ExportError::Unknown { nearest, .. } => {
            let all: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            let names = if nearest.is_empty() { all.as_slice() } else { nearest };
            Some(format!("Did you mean: {}?", names.join(", ")))
        }
        ExportError::Derive(_) => None,
    }
}

/// What happened, and what to do.
pub(super) fn pairing(error: PairingError) -> (String, String) {
    let advice = match error {
        PairingError::NoCommonSuite => "No key was saved. Update both computers, then try again.",
        PairingError::CommitmentMismatch
        | PairingError::NotContributory
        | PairingError::CheckCodeDiffers => {
            return (
                "the two devices do not agree.".to_owned(),
                "No key was saved and nothing you had before is affected.\n\
             1. Start again on both.\n\
             2. Make sure you see each other's real screens, not a video call or a photo.\n\
             3. If it happens again, do not use this pairing."
                    .to_owned(),
            );
        }
        PairingError::OwnIdentity => {
            "No key was saved. Was this profile copied to the other device? Give it a profile of its own."
        }
        PairingError::PeerName(_) => "No key was saved. Give the other device another name.",
        PairingError::SecondDevice => {
            "We stopped, and no key was saved. Make sure only two screens are in view, then start again."
        }
        PairingError::TimedOut => "No key was saved. Start again on both.",
        PairingError::Cancelled => "No key was saved.",
    };
    (error.to_string(), advice.to_owned())
}

pub(super) const fn notice(notice: Notice) -> &'static str {
    match notice {
        Notice::Unusable(FrameError::NotOurs) => "That is a code, but not a pairing code.",
        Notice::Unusable(FrameError::FingerprintCode) => {
            "That is a fingerprint code, not a pairing code."
        }
        Notice::Unusable(FrameError::Newer) => {
            "The other app is newer. Update this computer, then try again."
        }
        Notice::Unusable(FrameError::Older) => {
            "The other app is older. Update the other computer, then try again."
        }
        Notice::Unusable(FrameError::Flags | FrameError::NotCanonical | FrameError::Damaged) => {
            "That code could not be read. Still looking."
        }
        Notice::OwnCode => "That is our own code. Point the cameras at each other's screens.",
        Notice::Stale => "That answer belongs to an earlier try. Start again on both computers.",
        Notice::OtherDevice => "A different device is in view. It is being ignored.",
        Notice::NotAuthentic => {
            "A code of this pairing is not genuine. Is anybody else showing codes?"
        }
    }
}

pub(super) const fn reset(reason: ResetReason) -> &'static str {
    match reason {
        ResetReason::Stalled => "Nothing came for a minute. Began again with new keys.",
        ResetReason::PeerRestarted => "The other device began again. So did we, with new keys.",
        ResetReason::Forged => "Three codes were not genuine. Began again with new keys.",
    }
}
