//! What a contact is told by, whatever it is called.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::crypto::Fingerprint;

/// Names a contact by its identity: its whole fingerprint, shown and stored as 64
/// lower-case hexadecimal digits. No text that somebody gave itself is one: names
/// are compared with names, and ids with ids.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContactId([u8; 32]);

/// Digits of an id in a profile of version 1.
const SHORT: usize = 16;

/// A text that is no contact's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not an id of 64 hexadecimal digits")]
pub struct ContactIdError;

impl ContactId {
    /// The id of the contact with this fingerprint.
    #[must_use]
    pub const fn of(fingerprint: &Fingerprint) -> Self {
        Self(*fingerprint.as_bytes())
    }

    /// Its 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first 8 bytes as 16 digits, by which profiles of version 1 named a
    /// contact's file. Only to read those.
    #[must_use]
    pub fn short_form(&self) -> String {
        let mut whole = self.to_string();
        whole.truncate(SHORT);
        whole
    }

    /// Reads an id as a file has it: whole, or the first 8 bytes as profiles of
    /// version 1 had it. Those are no contact's id until [`ContactId::completed`].
    pub(crate) fn from_file(text: &str) -> Option<Self> {
        let whole = format!("{text:0<64}");
        (text.len() == SHORT || text.len() == 64).then(|| whole.parse().ok()).flatten()
    }

    /// The only one of `ids` that begins with these 8 bytes, where no more of this
    /// id are known; else this id as it is, which is then nobody's.
    #[must_use]
    pub fn completed(self, ids: impl Iterator<Item = Self>) -> Self {
        let (start, rest) = self.0.split_at(8);
        if rest.iter().any(|byte| *byte != 0) {
            return self;
        }
        let mut found = ids.filter(|id| id.0.starts_with(start));
        match (found.next(), found.next()) {
            (Some(id), None) => id,
            _ => self,
        }
    }
}

impl FromStr for ContactId {
    type Err = ContactIdError;

    fn from_str(text: &str) -> Result<Self, ContactIdError> {
        let lower = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() != 64 || !text.bytes().all(lower) {
            return Err(ContactIdError);
        }
        let mut bytes = [0; 32];
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| ContactIdError)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| ContactIdError)?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for ContactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ContactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContactId({self})")
    }
}

impl Serialize for ContactId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ContactId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
