//! What both faces say of a pairing: what happened, and what to do.

use crate::pairing::{FrameError, Notice, PairingError, ResetReason};

/// Why there is no key, and what to do.
pub(crate) const fn pairing(error: PairingError) -> (&'static str, &'static str) {
    match error {
        PairingError::TimedOut => {
            ("Paused after five minutes.", "No key was saved. Start again on both, with a new key.")
        }
        PairingError::SecondDevice => (
            "A different device appeared.",
            "We stopped, and no key was saved. Make sure only two screens are in view, then \
             start again.",
        ),
        PairingError::CommitmentMismatch
        | PairingError::NotContributory
        | PairingError::CheckCodeDiffers => (
            "The two devices do not agree.",
            "No key was saved and nothing you had before is affected.\n\
             1. Start again on both.\n\
             2. Make sure you see each other's real screens, not a video call or a photo.\n\
             3. If it happens again, do not use this pairing.",
        ),
        PairingError::NoCommonSuite => (
            "The two devices have no encryption method in common.",
            "No key was saved. Update both computers, then try again.",
        ),
        PairingError::OwnIdentity => (
            "The other device has the same identity as this one.",
            "No key was saved. Was this profile copied to it? Give it a profile of its own.",
        ),
        PairingError::PeerName(_) => (
            "The other device sent a name that is not allowed.",
            "No key was saved. Give the other device another name.",
        ),
        PairingError::Cancelled => ("The pairing was stopped.", "No key was saved."),
    }
}

pub(crate) const fn notice(notice: Notice) -> &'static str {
    match notice {
        Notice::Unusable(FrameError::NotOurs) => "That is a QR code, but not a pairing code.",
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

pub(crate) const fn reset(reason: ResetReason) -> &'static str {
    match reason {
        ResetReason::Stalled => "Nothing came for a minute. Began again with a new key.",
        ResetReason::PeerRestarted => "The other device began again. So did we, with a new key.",
        ResetReason::Forged => "Three codes were not genuine. Began again with a new key.",
    }
}
