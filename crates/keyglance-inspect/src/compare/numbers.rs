//! Safety numbers: codes that mirror each other, and sixty digits.

use keyglance_core::crypto::SafetyNumber;
use subtle::ConstantTimeEq as _;

use super::{Comparison, MISMATCH, Outcome, different, named, says};
use crate::verdict::Verdict;

/// Local and remote side.
fn sides(verdict: &Verdict) -> Option<(&[u8], &[u8])> {
    let is_number = matches!(verdict.id, "signal.safety-number" | "keyglance.fingerprint");
    match verdict.parts.as_slice() {
        [local, remote] if is_number => Some((&local.raw, &remote.raw)),
        _ => None,
    }
}

/// The sixty digits that stand for both sides: a safety number's, or a text of nothing else.
pub(super) fn digits(verdict: &Verdict) -> Option<SafetyNumber> {
    if sides(verdict).is_none() && verdict.id != "none" {
        return None;
    }
    SafetyNumber::parse(verdict.details.get("digits")?.as_str()?)
}

/// `None` where not both are numbers.
pub(super) fn compare(one: &Verdict, other: &Verdict) -> Option<Comparison> {
    if let (Some((local, remote)), Some((other_local, other_remote))) = (sides(one), sides(other)) {
        if one.id != other.id {
            return Some(different(one, other));
        }
        let mirrored = local.ct_eq(other_remote) & remote.ct_eq(other_local);
        let identical = local.ct_eq(other_local) & remote.ct_eq(other_remote);
        // First: a code whose halves are the same mirrors itself.
        return Some(if identical.into() {
            says(Outcome::SameScreen, "This is the same screen twice, not the other's.")
        } else if mirrored.into() {
            says(
                Outcome::Match,
                "They mirror each other: each device holds the other's real key. Nobody in \
                 between exchanged them.",
            )
        } else {
            says(Outcome::Mismatch, MISMATCH)
        });
    }
    Some(agree(&digits(one)?, &digits(other)?))
}

/// Sixty digits, typed or read aloud.
pub(super) fn expect(verdict: &Verdict, typed: &SafetyNumber) -> Comparison {
    match digits(verdict) {
        Some(shown) => agree(&shown, typed),
        None => says(
            Outcome::DifferentKinds,
            format!("Sixty digits are compared with a safety number; this is {}.", named(verdict)),
        ),
    }
}

/// The halves in either order: an app shows its own first, or sorts them.
fn agree(one: &SafetyNumber, other: &SafetyNumber) -> Comparison {
    let sorted = |number: &SafetyNumber| {
        let (first, last) = number.digits().split_at_checked(30).unwrap_or_default();
        if first <= last { format!("{first}{last}") } else { format!("{last}{first}") }
    };
    if sorted(one).as_bytes().ct_eq(sorted(other).as_bytes()).into() {
        says(Outcome::Match, "The digits agree: both devices hold the same two keys.")
    } else {
        says(
            Outcome::Mismatch,
            "The digits do not agree: the devices hold different keys. \
             Somebody may stand in between, or these are of another conversation.",
        )
    }
}
