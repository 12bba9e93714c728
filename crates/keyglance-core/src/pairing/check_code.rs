//! The check codes: six digits on each screen, typed on the *other* device.
//!
//! Both are made from values that were committed to before any ephemeral key was
//! shown. A device knows both and shows only its own; a person reads that one off
//! its screen and types it on the other device. Nobody can nod it through, and a
//! device never shows, speaks, logs or prints the digits that it asks for.

use std::fmt;

use crate::intake;

/// Six digits that one screen shows.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CheckCode(u32);

impl CheckCode {
    /// From eight bytes of the hash: the big-endian number modulo 10^6.
    pub(super) const fn from_hash_part(part: [u8; 8]) -> Self {
        // The remainder is below 10^6.
        #[allow(clippy::cast_possible_truncation)]
        Self((u64::from_be_bytes(part) % 1_000_000) as u32)
    }

    /// Reads [`CheckCode::digits`]: exactly six ASCII digits.
    #[must_use]
    pub fn from_digits(digits: &str) -> Option<Self> {
        let six = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_digit());
        if six { digits.parse().ok().map(Self) } else { None }
    }

    /// The six digits without a space.
    #[must_use]
    pub fn digits(&self) -> String {
        format!("{:06}", self.0)
    }
}

impl fmt::Display for CheckCode {
    /// `123 456`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03} {:03}", self.0 / 1000, self.0 % 1000)
    }
}

impl fmt::Debug for CheckCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CheckCode({self})")
    }
}

/// The check codes of one pairing, as one of its devices has them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CheckCodes {
    /// What this device's screen shows.
    pub shown: CheckCode,
    /// What the other one shows, and a person types here.
    expected: CheckCode,
}

impl CheckCodes {
    /// The codes of a device whose screen shows `shown`, and where `expected` is typed.
    #[must_use]
    pub const fn new(shown: CheckCode, expected: CheckCode) -> Self {
        Self { shown, expected }
    }

    /// The digits that this device asks for, to be stored beside the key until
    /// they were typed. **Never to be shown.**
    #[must_use]
    pub const fn expected_for_storage(&self) -> CheckCode {
        self.expected
    }
}

impl fmt::Debug for CheckCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckCodes").field("shown", &self.shown).finish_non_exhaustive()
    }
}

/// What became of digits that a person typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckEntry {
    /// They are the other screen's: nobody is in the middle.
    Match,
    /// They are this screen's own. Not counted.
    OwnDigits,
    /// Not six digits. Not counted.
    NotSixDigits,
    /// They are not the other screen's; this many entries are left.
    Wrong {
        /// At least one.
        left: u8,
    },
    /// Wrong, and the last entry: the devices do not agree. The key is to be wiped.
    Mismatch,
}

/// A comparison that waits for a person: the codes, and how often wrong digits
/// were typed. It stays with the key until the codes were compared, over restarts
/// of the program too, so that nobody gets more entries by leaving and returning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingCheck {
    codes: CheckCodes,
    wrong_entries: u8,
}

impl PendingCheck {
    /// Wrong entries that make a mismatch: the first may be corrected.
    pub const MAX_WRONG: u8 = 2;

    /// A comparison where `wrong_entries` were typed so far.
    #[must_use]
    pub const fn new(codes: CheckCodes, wrong_entries: u8) -> Self {
        Self { codes, wrong_entries }
    }

    /// The codes.
    #[must_use]
    pub const fn codes(&self) -> &CheckCodes {
        &self.codes
    }

    /// How often wrong digits were typed.
    #[must_use]
    pub const fn wrong_entries(&self) -> u8 {
        self.wrong_entries
    }

    /// How many entries are left.
    #[must_use]
    pub const fn entries_left(&self) -> u8 {
        Self::MAX_WRONG.saturating_sub(self.wrong_entries)
    }

    /// Takes what a person typed: six digits, with spaces or hyphens between them
    /// or not. Whoever stores the comparison stores it again after a wrong entry,
    /// before the answer is told.
    pub fn enter(&mut self, text: &str) -> CheckEntry {
        if self.entries_left() == 0 {
            return CheckEntry::Mismatch;
        }
        let Some(typed) = intake::digits(text).as_deref().and_then(CheckCode::from_digits) else {
            return CheckEntry::NotSixDigits;
        };
        if typed == self.codes.expected {
            return CheckEntry::Match;
        }
        if typed == self.codes.shown {
            return CheckEntry::OwnDigits;
        }
        self.wrong_entries += 1;
        match self.entries_left() {
            0 => CheckEntry::Mismatch,
            left => CheckEntry::Wrong { left },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comparison() -> PendingCheck {
        let code = |digits| CheckCode::from_digits(digits).unwrap();
        PendingCheck::new(CheckCodes::new(code("012345"), code("606368")), 0)
    }

    #[test]
    fn the_other_screens_digits_match_however_they_are_grouped() {
        for text in
            ["606368", "606 368", " 606-368\n", "6 0 6 3 6 8", "606\u{2011}368", "６０６ ３６８"]
        {
            assert_eq!(comparison().enter(text), CheckEntry::Match, "{text:?}");
        }
    }

    #[test]
    fn one_wrong_entry_may_be_corrected_and_the_second_is_a_mismatch() {
        let mut compared = comparison();
        assert_eq!(compared.enter("606369"), CheckEntry::Wrong { left: 1 });
        assert_eq!(compared.enter("606368"), CheckEntry::Match);
        let mut compared = comparison();
        compared.enter("606369");
        assert_eq!(compared.enter("111111"), CheckEntry::Mismatch);
        // Nothing helps any more.
        assert_eq!(compared.enter("606368"), CheckEntry::Mismatch);
    }

    #[test]
    fn what_cannot_be_meant_is_not_counted() {
        let mut compared = comparison();
        for _ in 0..5 {
            assert_eq!(compared.enter("012 345"), CheckEntry::OwnDigits);
            for text in ["", "60636", "6063688", "60636x", "+06368"] {
                assert_eq!(compared.enter(text), CheckEntry::NotSixDigits, "{text:?}");
            }
        }
        assert_eq!(compared.entries_left(), 2);
    }

    #[test]
    fn the_digits_that_are_asked_for_are_not_in_any_debug_text() {
        let text = format!("{:?}", comparison());
        assert!(text.contains("012 345") && !text.contains("606"), "{text}");
    }
}
