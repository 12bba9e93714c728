//! "Are you you?": one-time codes by which two people who paired know each other in a call
//! (RFC 6238, RFC 4226). Each side reads out numbers of its own, so that a number that was
//! heard is of no use to answer with; authenticator apps show the same ones
//! ([`exports`](crate::exports), target `totp`).

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha1::Sha1;
use subtle::{ConditionallySelectable as _, ConstantTimeEq as _};
use zeroize::Zeroizing;

use crate::crypto::{DeriveError, Exporter, Purpose, labels};
use crate::exports::ExportError;
use crate::intake;
use crate::keyfile::KeyFile;
use crate::pairing::Role;

/// How long a number stays, in seconds (RFC 6238, 5.2).
pub const STEP: u64 = 30;
/// How many wrong numbers one [`Challenge`] takes.
pub const TRIES: u8 = 5;

/// A number counts for a step before and after its own: clocks differ, and speaking takes
/// time (RFC 6238, 5.2).
const NEAR: i64 = 1;
/// Up to so many steps away it is told that a number is theirs, and of another time.
const FAR: i64 = 20;
/// How many numbers there are (RFC 4226, 5.3: six digits).
const NUMBERS: u32 = 1_000_000;

/// The secret of one side's numbers.
type Secret = Zeroizing<[u8; 20]>;

/// The secrets of the numbers that `role` reads out, and of those that the other side does.
pub(crate) fn secrets(
    exporter: &Exporter,
    role: Role,
    purpose: &Purpose,
) -> Result<(Secret, Secret), DeriveError> {
    let (own, theirs) = match role {
        Role::Initiator => (labels::TOTP_INITIATOR, labels::TOTP_RESPONDER),
        Role::Responder => (labels::TOTP_RESPONDER, labels::TOTP_INITIATOR),
    };
    let secret = |label| {
        let mut secret = Zeroizing::new([0; 20]);
        exporter.derive(label, purpose, &mut secret[..])?;
        Ok(secret)
    };
    Ok((secret(own)?, secret(theirs)?))
}

/// One conversation in which two people ask each other who they are.
///
/// ```
/// use keyglance_core::challenge::{Answer, Challenge};
/// use keyglance_core::crypto::Purpose;
/// use keyglance_core::keyfile::KeyFile;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/example.keyglance"));
/// let key = KeyFile::from_json(bytes)?;
/// let mut challenge = Challenge::new(&key, &Purpose::none())?;
/// let now = "2026-11-26T20:00:07Z".parse()?;
/// let own = challenge.own(now);
/// assert_eq!(own.seconds_left(), 23);
/// // Somebody who repeats it is told apart from somebody who has the key.
/// assert_eq!(challenge.check(&own.to_string(), now), Answer::Own);
/// # Ok(())
/// # }
/// ```
pub struct Challenge {
    own: Secret,
    theirs: Secret,
    wrong: u8,
    /// The step of the last number that was right: none counts twice (RFC 6238, 5.2).
    accepted: Option<i64>,
}

/// What a number says that was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// It is the number that the other side has now.
    Right,
    /// It is what we said: they repeat it.
    Own,
    /// It was right before, and counts once.
    Again,
    /// It is theirs, of this many seconds ago.
    Late(u64),
    /// It is theirs, and will come in this many seconds.
    Early(u64),
    /// It is no number of theirs.
    Wrong {
        /// How many more wrong ones are taken.
        left: u8,
    },
    /// Not six digits. It is no try.
    NotSixDigits,
    /// Too many were wrong: no more is looked at.
    NoTriesLeft,
}

/// A number to read out, as it stands at one moment. `Display` writes it by threes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneTimeCode {
    number: u32,
    seconds_left: u64,
}

impl OneTimeCode {
    /// Its six digits.
    #[must_use]
    pub fn digits(self) -> String {
        format!("{:06}", self.number)
    }

    /// How long it stays, 1 to [`STEP`].
    #[must_use]
    pub const fn seconds_left(self) -> u64 {
        self.seconds_left
    }
}

impl fmt::Display for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03} {:03}", self.number / 1000, self.number % 1000)
    }
}

impl Challenge {
    /// The conversation with the holder of `key`, by the separate key that `purpose` names.
    ///
    /// # Errors
    /// [`ExportError::NotAcknowledged`]: the other side may have no numbers.
    pub fn new(key: &KeyFile, purpose: &Purpose) -> Result<Self, ExportError> {
        let (own, theirs) = secrets(key.exporter()?, key.role, purpose)?;
        Ok(Self { own, theirs, wrong: 0, accepted: None })
    }

    /// The number that we read out at `now`.
    #[must_use]
    pub fn own(&self, now: Timestamp) -> OneTimeCode {
        let into = u64::try_from(now.as_second()).unwrap_or_default() % STEP;
        OneTimeCode { number: number(&self.own[..], step(now)), seconds_left: STEP - into }
    }

    /// What the number says that was heard, or typed, at `now`. How long this takes does
    /// not depend on it.
    pub fn check(&mut self, heard: &str, now: Timestamp) -> Answer {
        if self.wrong >= TRIES {
            return Answer::NoTriesLeft;
        }
        let digits = intake::digits(heard).filter(|digits| digits.len() == 6);
        let Some(heard) = digits.and_then(|digits| digits.parse().ok()) else {
            return Answer::NotSixDigits;
        };
        let now = step(now);
        let near_own = away(&self.own, heard, now, NEAR);
        let near_theirs = away(&self.theirs, heard, now, NEAR);
        let far_own = away(&self.own, heard, now, FAR);
        let far_theirs = away(&self.theirs, heard, now, FAR);
        if near_own.is_some() {
            return Answer::Own;
        }
        if let Some(away) = near_theirs {
            let step = now.saturating_add(away);
            if self.accepted.is_some_and(|last| step <= last) {
                return Answer::Again;
            }
            self.accepted = Some(step);
            return Answer::Right;
        }
        if far_own.is_some() {
            return Answer::Own;
        }
        self.wrong += 1;
        match far_theirs {
            Some(away) if away < 0 => Answer::Late(away.unsigned_abs() * STEP),
            Some(away) => Answer::Early(away.unsigned_abs() * STEP),
            None => Answer::Wrong { left: TRIES - self.wrong },
        }
    }

    /// How many more wrong numbers are taken.
    #[must_use]
    pub const fn tries_left(&self) -> u8 {
        TRIES - self.wrong
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Challenge { … }")
    }
}

/// In which step a moment is.
fn step(now: Timestamp) -> i64 {
    now.as_second().div_euclid(STEP as i64)
}

/// How many steps from `now` the number is `heard`, if it is within `reach`. All of them
/// are compared, whatever comes of it.
fn away(secret: &Secret, heard: u32, now: i64, reach: i64) -> Option<i64> {
    const NONE: i64 = i64::MAX;
    let mut found = NONE;
    for away in -reach..=reach {
        let there = number(&secret[..], now.saturating_add(away));
        found.conditional_assign(&away, there.ct_eq(&heard));
    }
    (found != NONE).then_some(found)
}

/// The number of a step (RFC 4226, 5.3). A step before 1970, which no clock has, is taken
/// as a counter like any other.
fn number(secret: &[u8], step: i64) -> u32 {
    #[allow(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("any length");
    mac.update(&step.to_be_bytes());
    let mac = Zeroizing::new(<[u8; 20]>::from(mac.finalize().into_bytes()));
    let offset = usize::from(mac.last().copied().unwrap_or_default() & 0x0f);
    let chosen = mac.iter().skip(offset).take(4);
    let chosen = chosen.fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    (chosen & 0x7fff_ffff) % NUMBERS
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4226, appendix D, and RFC 6238, appendix B (SHA-1; its eight digits end in these).
    #[test]
    fn the_published_secret_has_the_published_numbers() {
        let secret = b"12345678901234567890";
        let published = [
            755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871,
            520_489,
        ];
        for (counter, expected) in (0..).zip(published) {
            assert_eq!(number(secret, counter), expected, "{counter}");
        }
        let times = [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
            (20_000_000_000, 353_130),
        ];
        for (second, expected) in times {
            let now = Timestamp::from_second(second).unwrap();
            assert_eq!(number(secret, step(now)), expected, "{second}");
        }
    }

    #[test]
    fn a_number_has_six_digits_whatever_it_begins_with() {
        let code = OneTimeCode { number: 5_924, seconds_left: 30 };
        assert_eq!((code.digits().as_str(), code.to_string().as_str()), ("005924", "005 924"));
    }
}
