//! What a session tells its caller.

use super::{CardError, CheckCode, FrameError, NameError, Pairing, Role};

/// Where a session stands, for a screen to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Showing our HELLO to anybody.
    Offering,
    /// Bound to one other device; keys are being exchanged.
    Locked,
    /// The check code is known; waiting to hear that the other device has the key too.
    Confirming,
    /// Both devices have the key.
    Finished,
    /// Over, without a key.
    Failed(PairingError),
}

/// Why a session ended without a key. All its secrets are wiped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum PairingError {
    /// The devices have no cryptographic suite in common.
    #[error("the two devices have no encryption method in common")]
    NoCommonSuite,
    /// The ephemeral key that was revealed is not the one committed to.
    #[error("the other device showed another key than the one it had committed to")]
    CommitmentMismatch,
    /// A low-order public key, which no honest device has.
    #[error("the other device sent a key that gives no secrecy")]
    NotContributory,
    /// An ML-KEM key that no honest device makes (FIPS 203, 7.2).
    #[error("the other device sent a malformed key")]
    MalformedKey,
    /// The peer's long-term key is our own.
    #[error("the other device is a copy of this one")]
    OwnIdentity,
    /// The peer's name breaks the rules for names.
    #[error("the other device sent a name that is not allowed: {0}")]
    PeerName(NameError),
    /// Two other devices offered to pair within two seconds.
    #[error("a second device appeared")]
    SecondDevice,
    /// Five minutes without a pairing.
    #[error("no pairing within five minutes")]
    TimedOut,
    /// The user stopped it.
    #[error("the pairing was stopped")]
    Cancelled,
    /// Wrong digits were typed twice, or the user said that the check codes differ.
    #[error("the check codes of the two devices differ")]
    CheckCodeDiffers,
    /// Three of our ephemeral keys were revealed and led to nothing: somebody may
    /// be guessing check codes. Only a person begins again.
    #[error("stopped after three tries that led to no pairing")]
    TooManyTries,
}

/// Why a session began again by itself, with fresh keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResetReason {
    /// A minute without progress.
    Stalled,
    /// The other device began again.
    PeerRestarted,
    /// Three different codes of this session did not authenticate.
    Forged,
}

/// Something seen that does not move the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Diagnostic {
    /// A text that is no frame for us.
    Unusable(FrameError),
    /// Our own code, by a mirror or a camera that sees its own screen.
    OwnCode,
    /// A code that answers an earlier try.
    Stale,
    /// A code of a device that we are not pairing with.
    OtherDevice,
    /// A code of this session that does not authenticate: the first or second.
    NotAuthentic,
    /// The other device's card breaks the rules of cards. The pairing stands without it.
    CardRefused(CardError),
}

/// What became of a text that was read, or of time that passed.
///
/// A caller must decide about each of them, so that a new one is a breaking change
/// on purpose.
#[derive(Debug)]
pub enum Event {
    /// [`super::Session::code`] changed: show it. Store what
    /// [`super::Session::pairing`] gives first, so that neither device ever
    /// believes in a key that the other one lost.
    ShowCode,
    /// Another device's HELLO is in view.
    PeerSeen,
    /// A part of what the other device shows was read: so many of so many. Once it is
    /// whole, another event says what it was.
    Part {
        /// At least one, fewer than `count`.
        have: u8,
        /// 2 to 32.
        count: u8,
    },
    /// Bound to one device, in this role.
    Locked(Role),
    /// Our screen can show this now. It is typed on the other device, and the
    /// other screen's here ([`super::Session::enter_check_code`]).
    CheckCode(CheckCode),
    /// The responder holds the key; whether the initiator does is not known yet.
    Paired,
    /// Both hold the key.
    Finished,
    /// A responder's pairing that was left before the other device
    /// acknowledged it. Keep it, locked.
    Unacknowledged(Box<Pairing>),
    /// Back to the start, with fresh keys.
    Reset(ResetReason),
    /// Ten seconds without progress.
    Waiting,
    /// Nothing moved.
    Diagnostic(Diagnostic),
    /// Over, without a key.
    Failed(PairingError),
}
