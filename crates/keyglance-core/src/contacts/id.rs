//! What a contact is told by, whatever it is called.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::crypto::{Fingerprint, IdError, id_from_hex};

/// Names a contact by its identity: the first 8 bytes of its fingerprint,
/// shown and stored as 16 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContactId([u8; 8]);

impl ContactId {
    /// The id of the contact with this fingerprint.
    #[must_use]
    pub const fn of(fingerprint: &Fingerprint) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = *fingerprint.as_bytes();
        Self([a, b, c, d, e, f, g, h])
    }

    /// Its 8 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

impl FromStr for ContactId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        id_from_hex(text).map(Self).ok_or(IdError)
    }
}

impl fmt::Display for ContactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
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
