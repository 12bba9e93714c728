//! What happened, as JSON for the page. Nothing of it is secret: the digits are those that
//! this screen shows.

use keyglance_core::pairing::{Diagnostic, Event, PairingError, ResetReason};
use serde_json::{Value, json};

/// A list of them.
pub(crate) fn to_json(events: &[Event]) -> Vec<u8> {
    Value::from(events.iter().map(one).collect::<Vec<_>>()).to_string().into_bytes()
}

fn one(event: &Event) -> Value {
    match event {
        Event::ShowCode => json!({ "event": "show-code" }),
        Event::PeerSeen => json!({ "event": "peer-seen" }),
        Event::Part { have, count } => json!({ "event": "part", "have": have, "count": count }),
        Event::Locked(role) => json!({ "event": "locked", "role": role.as_str() }),
        Event::CheckCode(code) => json!({ "event": "check-code", "digits": code.digits() }),
        Event::Paired => json!({ "event": "paired" }),
        Event::Finished => json!({ "event": "finished" }),
        Event::Unacknowledged(_) => json!({ "event": "unacknowledged" }),
        Event::Reset(reason) => json!({ "event": "reset", "reason": reset(*reason) }),
        Event::Waiting => json!({ "event": "waiting" }),
        Event::Diagnostic(what) => diagnostic(what),
        Event::Failed(error) => {
            json!({ "event": "failed", "reason": failure(*error), "text": error.to_string() })
        }
    }
}

const fn reset(reason: ResetReason) -> &'static str {
    match reason {
        ResetReason::Stalled => "stalled",
        ResetReason::PeerRestarted => "peer-restarted",
        ResetReason::Forged => "forged",
    }
}

fn diagnostic(what: &Diagnostic) -> Value {
    let (what, text) = match what {
        Diagnostic::OwnCode => ("own-code", None),
        Diagnostic::Unusable(error) => ("unusable", Some(error.to_string())),
        Diagnostic::Stale => ("stale", None),
        Diagnostic::OtherDevice => ("other-device", None),
        Diagnostic::NotAuthentic => ("not-authentic", None),
        Diagnostic::CardRefused(error) => ("card-refused", Some(error.to_string())),
        _ => ("unknown", None),
    };
    json!({ "event": "diagnostic", "what": what, "text": text })
}

const fn failure(error: PairingError) -> &'static str {
    match error {
        PairingError::NoCommonSuite => "no-common-suite",
        PairingError::CommitmentMismatch => "commitment-mismatch",
        PairingError::NotContributory => "not-contributory",
        PairingError::MalformedKey => "malformed-key",
        PairingError::OwnIdentity => "own-identity",
        PairingError::PeerName(_) => "peer-name",
        PairingError::SecondDevice => "second-device",
        PairingError::TimedOut => "timed-out",
        PairingError::Cancelled => "cancelled",
        PairingError::CheckCodeDiffers => "check-code-differs",
        PairingError::TooManyTries => "too-many-tries",
        _ => "unknown",
    }
}
