//! What the user calls contacts and keys.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de};

use unicode_normalization::UnicodeNormalization as _;

use crate::pairing::DisplayName;
use crate::text::{Look, always_refused, is_hidden, nearest_name, same_name};

/// Why a text cannot be a contact's or a key's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LocalNameError {
    /// Nothing but white space.
    #[error("the name is empty")]
    Empty,
    /// More than [`Name::MAX`] bytes of UTF-8.
    #[error("the name is longer than 63 bytes")]
    TooLong,
    /// This character cannot be seen, or acts on the text around it
    /// ([`is_hidden`]).
    #[error("the name has a character that does not show (U+{:04X})", u32::from(*.0))]
    Hidden(char),
}

/// What the user calls a contact or a key: 1 to 63 bytes of UTF-8 in NFC, all of it
/// visible, without white space around it.
///
/// `==` compares exactly; [`Name::is_same`] is how names are told apart.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// Most bytes, in UTF-8.
    pub const MAX: usize = 63;

    /// What a device is called whose user says nothing else: as it calls itself, or
    /// `Unnamed device`.
    #[must_use]
    pub fn suggested_by(device: &DisplayName) -> Self {
        device.as_str().parse().unwrap_or_else(|_| Self("Unnamed device".to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `text` looks like the same name to a person ([`same_name`]).
    #[must_use]
    pub fn is_same(&self, text: &str) -> bool {
        same_name(&self.0, text)
    }

    /// The name that stands in a file of the profile. Earlier builds took more: what they
    /// wrote becomes the nearest name (`Unnamed` where nothing of it shows), for a contact
    /// must not be lost by its name. What no build has written is refused.
    ///
    /// # Errors
    /// [`LocalNameError`] for an empty text, control and bidi characters.
    pub fn from_stored(text: &str) -> Result<Self, LocalNameError> {
        if text.trim().is_empty() {
            return Err(LocalNameError::Empty);
        }
        if let Some(hidden) = text.chars().find(|c| always_refused(*c)) {
            return Err(LocalNameError::Hidden(hidden));
        }
        let name = nearest_name(text, Self::MAX);
        Ok(Self(if name.is_empty() { "Unnamed".to_owned() } else { name }))
    }

    /// This name with a suffix that tells it from another, such as ` (old)`.
    /// Cut where both together would be too long.
    ///
    /// # Errors
    /// [`LocalNameError`] for a suffix that cannot end a name.
    pub fn with_suffix(&self, suffix: &str) -> Result<Self, LocalNameError> {
        let room = Self::MAX.saturating_sub(suffix.len());
        let start = self.0.get(..self.0.floor_char_boundary(room)).unwrap_or_default();
        format!("{}{suffix}", start.trim_end()).parse()
    }

    /// This name, or with the first number from 2 on that none of `taken` is
    /// the same as.
    #[must_use]
    pub fn unique<'a>(&self, taken: impl Iterator<Item = &'a str>) -> Self {
        let taken: Vec<Look> = taken.map(Look::of).collect();
        let mut name = self.clone();
        let mut number = 2_u64;
        while taken.iter().any(|taken| taken.is_same(&Look::of(&name.0))) {
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

    /// The name that a user typed, composed; white space around it is dropped.
    fn from_str(text: &str) -> Result<Self, LocalNameError> {
        let name: String = text.trim().nfc().collect();
        if name.is_empty() {
            return Err(LocalNameError::Empty);
        }
        if let Some(hidden) = name.chars().find(|c| is_hidden(*c)) {
            return Err(LocalNameError::Hidden(hidden));
        }
        if name.len() > Self::MAX {
            return Err(LocalNameError::TooLong);
        }
        Ok(Self(name))
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
        Self::from_stored(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// What [`find_by_name`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<T> {
    /// Nothing of that name.
    None,
    /// The one that is meant.
    One(T),
    /// Several, none of them more likely than the others.
    Several(Vec<T>),
}

/// What a person means by the name `text`: what is called exactly so, else what looks
/// the same ([`same_name`]). More than one is no answer: none is chosen.
pub fn find_by_name<T>(
    items: impl IntoIterator<Item = T>,
    name_of: impl Fn(&T) -> &str,
    text: &str,
) -> Found<T> {
    let exact: String = text.trim().nfc().collect();
    let look = Look::of(text);
    let same = |item: &T| look.is_same(&Look::of(name_of(item)));
    let found: Vec<T> = items.into_iter().filter(same).collect();
    let (exact, others): (Vec<T>, Vec<T>) =
        found.into_iter().partition(|item| name_of(item) == exact);
    let mut best = if exact.is_empty() { others } else { exact };
    match (best.pop(), best.is_empty()) {
        (None, _) => Found::None,
        (Some(one), true) => Found::One(one),
        (Some(last), false) => {
            best.push(last);
            Found::Several(best)
        }
    }
}
