//! The states of a session, and what is shown in each.

use std::time::Duration;

use super::super::event::PairingError;
use super::super::fragment::MessageId;
use super::super::frame::{Frame, Hello, SessionId, Suites};
use super::super::transcript::{Transcript, commitment};
use super::super::{CheckCodes, Pairing, PendingCheck};
use crate::crypto::noise::{CipherState, Initiator, Responder};
use crate::crypto::{EphemeralKey, PublicKey};

/// A frame in both its forms.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Shown {
    pub(super) frame: Frame,
    pub(super) id: MessageId,
    pub(super) code: String,
    pub(super) text: String,
}

impl Shown {
    pub(super) fn new(frame: Frame) -> Self {
        Self { id: frame.id(), code: frame.to_code(), text: frame.to_text(), frame }
    }
}

/// The ephemeral keys that message 1 shows: X25519, and in suite 2 the encapsulation key.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct InitiatorKeys {
    pub(super) e: PublicKey,
    pub(super) e1: Vec<u8>,
}

/// A handshake that is locked to one peer, and what to show it.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct LockedPeer {
    pub(super) transcript: Transcript,
    pub(super) sid: SessionId,
    pub(super) shown: Shown,
}

#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) enum State {
    Offering {
        e: EphemeralKey,
        hello: Hello,
        shown: Shown,
        /// The last foreign HELLO, and when.
        seen: Option<([u8; 32], Duration)>,
    },
    SentMessage1 {
        locked: LockedPeer,
        noise: Initiator,
        keys: InitiatorKeys,
    },
    SentMessage2 {
        locked: LockedPeer,
        noise: Responder,
        check_codes: CheckCodes,
    },
    SentMessage3 {
        locked: LockedPeer,
        pairing: Pairing,
        /// Opens CONFIRM.
        receive: CipherState,
        done: Frame,
    },
    SentConfirm {
        locked: LockedPeer,
        pairing: Pairing,
        /// Opens DONE.
        receive: CipherState,
    },
    Finished {
        locked: LockedPeer,
        pairing: Pairing,
        check: PendingCheck,
    },
    Failed(PairingError),
}

impl LockedPeer {
    pub(super) fn new(transcript: Transcript, first: Frame) -> Self {
        Self { transcript, sid: transcript.sid(), shown: Shown::new(first) }
    }
}

impl State {
    pub(super) const fn finished(locked: LockedPeer, pairing: Pairing) -> Self {
        let check = PendingCheck::new(pairing.check_codes, 0);
        Self::Finished { locked, pairing, check }
    }

    pub(super) fn offering(e: EphemeralKey, suites: Suites) -> Self {
        let hello = Hello { suites, commitment: commitment(suites, e.public()) };
        Self::Offering { e, hello, shown: Shown::new(Frame::Hello(hello)), seen: None }
    }
}
