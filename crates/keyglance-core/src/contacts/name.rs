//! What the user calls contacts and keys.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::pairing::is_hidden;

/// Why a text cannot be a contact's or a key's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LocalNameError {
    /// Nothing but white space.
    #[error("the name is empty")]
    Empty,
    /// More than [`Name::MAX`] characters.
    #[error("the name is longer than 64 characters")]
    TooLong,
    /// A control character, or one that reorders the text around it.
    #[error("the name has a character that does not show")]
    Hidden,
}

/// What the user calls a contact or a key: 1 to 64 characters, all of them
/// visible, without white space around them.
///
/// `==` compares exactly; [`Name::is_same`] is how names are told apart.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// Most characters.
    pub const MAX: usize = 64;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `text` names the same to a person: upper and lower case, and
    /// white space around it, make no difference.
    #[must_use]
    pub fn is_same(&self, text: &str) -> bool {
        same_name(&self.0, text)
    }

    /// This name with a suffix that tells it from another, such as ` (old)`.
    /// Cut where both together would be too long.
    ///
    /// # Errors
    /// [`LocalNameError`] for a suffix that cannot end a name.
    pub fn with_suffix(&self, suffix: &str) -> Result<Self, LocalNameError> {
        let room = Self::MAX.saturating_sub(suffix.chars().count());
        let start: String = self.0.chars().take(room).collect();
        format!("{}{suffix}", start.trim_end()).parse()
    }

    /// This name, or with the first number from 2 on that none of `taken` is
    /// the same as.
    #[must_use]
    pub fn unique<'a>(&self, taken: impl Iterator<Item = &'a str>) -> Self {
        let taken: Vec<String> = taken.map(str::to_lowercase).collect();
        let mut name = self.clone();
        let mut number = 2_u64;
        while taken.contains(&name.0.to_lowercase()) {
            #[allow(clippy::expect_used, reason = "a number is short, and visible")]
            let numbered = self.with_suffix(&format!(" {number}")).expect("a number ends a name");
            name = numbered;
            number += 1;
        }
        name
    }
}

impl FromStr for Name {
    type Err = LocalNameError;

    /// The name that a user typed; white space around it is dropped.
    fn from_str(text: &str) -> Result<Self, LocalNameError> {
        let name = text.trim();
        if name.is_empty() {
            return Err(LocalNameError::Empty);
        }
        if name.chars().any(is_hidden) {
            return Err(LocalNameError::Hidden);
        }
        if name.chars().count() > Self::MAX {
            return Err(LocalNameError::TooLong);
        }
        Ok(Self(name.to_owned()))
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Whether `text` names the same as `name` to a person: upper and lower case, and
/// white space around `text`, make no difference.
#[must_use]
pub fn same_name(name: &str, text: &str) -> bool {
    name.to_lowercase() == text.trim().to_lowercase()
}
