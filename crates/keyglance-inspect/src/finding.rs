//! What a recogniser says of an input.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::text::visible;
use crate::verdict::{Algorithm, Part, Role, Warning, WarningCode};

/// What a recogniser gives: the kind's parts, or why it is none of its kind.
pub(crate) type Reading = Result<Finding, Miss>;

/// Why an input is not of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Miss {
    /// It has not even the form.
    Other,
    /// It has the form, which is unmistakable, and this check fails.
    Damaged(Cow<'static, str>),
    /// Of this kind, and of a version that we do not know.
    Newer,
}

impl From<&'static str> for Miss {
    fn from(reason: &'static str) -> Self {
        Self::Damaged(Cow::Borrowed(reason))
    }
}

impl From<String> for Miss {
    fn from(reason: String) -> Self {
        Self::Damaged(Cow::Owned(reason))
    }
}

/// Not of this kind.
pub(crate) const OTHER: Miss = Miss::Other;

/// Not of this kind unless `condition`.
pub(crate) fn form(condition: bool) -> Result<(), Miss> {
    if condition { Ok(()) } else { Err(OTHER) }
}

/// Damaged unless `condition`.
pub(crate) fn check(condition: bool, reason: &'static str) -> Result<(), Miss> {
    if condition { Ok(()) } else { Err(reason.into()) }
}

/// A value as it stands in the payload, and the bytes that it means. Wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) shown: Zeroizing<String>,
    pub(crate) raw: Zeroizing<Vec<u8>>,
    pub(crate) algorithm: Algorithm,
}

impl Content {
    pub(crate) fn new(shown: &str, raw: impl Into<Zeroizing<Vec<u8>>>) -> Self {
        let shown = Zeroizing::new(shown.to_owned());
        Self { shown, raw: raw.into(), algorithm: Algorithm::Other }
    }

    /// Bytes of a binary code, shown as hexadecimal.
    pub(crate) fn bytes(raw: &[u8]) -> Self {
        Self::new(&data_encoding::HEXLOWER.encode(raw), raw.to_vec())
    }

    /// Itself if it has this many bytes.
    pub(crate) fn len(self, bytes: usize) -> Option<Self> {
        (self.raw.len() == bytes).then_some(self)
    }

    pub(crate) fn of(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = algorithm;
        self
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::new(text, text.as_bytes().to_vec())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<Zeroizing<String>> for Content {
    fn from(text: Zeroizing<String>) -> Self {
        Self::from(text.as_str())
    }
}

/// What is in an input of a kind.
#[derive(Default)]
pub(crate) struct Finding {
    /// Nothing in it can be checked.
    pub(crate) could_be: bool,
    pub(crate) parts: Vec<Part>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) expires: Option<Timestamp>,
    pub(crate) format: Option<&'static str>,
    pub(crate) details: Map<String, Value>,
    /// A sentence that is said beside what the kind proves.
    pub(crate) note: Option<&'static str>,
    /// A link of a kind whose key is after `#`, without it: what it proves, and what somebody
    /// can do with it, is another than the kind's.
    pub(crate) keyless: bool,
}

impl Finding {
    /// Structure, lengths and checksums hold.
    pub(crate) fn exact() -> Self {
        Self::default()
    }

    /// The form fits, and there is nothing to check.
    pub(crate) fn could_be() -> Self {
        Self { could_be: true, ..Self::default() }
    }

    pub(crate) fn part(mut self, role: Role, label: &'static str, it: impl Into<Content>) -> Self {
        let Content { shown, raw, algorithm } = it.into();
        let value = Zeroizing::new(visible(&shown).into_owned());
        self.parts.push(Part { role, label, value, raw, algorithm, expires: None });
        self
    }

    pub(crate) fn public(self, label: &'static str, it: impl Into<Content>) -> Self {
        self.part(Role::PublicKey, label, it)
    }

    pub(crate) fn secret(self, label: &'static str, it: impl Into<Content>) -> Self {
        self.part(Role::Secret, label, it)
    }

    pub(crate) fn token(self, label: &'static str, it: impl Into<Content>) -> Self {
        self.part(Role::Token, label, it)
    }

    pub(crate) fn address(self, label: &'static str, it: impl Into<Content>) -> Self {
        self.part(Role::Address, label, it)
    }

    /// A part that may be absent or empty.
    pub(crate) fn maybe<C: Into<Content>>(
        self,
        role: Role,
        label: &'static str,
        it: Option<C>,
    ) -> Self {
        match it.map(Into::into) {
            Some(it) if !it.raw.is_empty() => self.part(role, label, it),
            _ => self,
        }
    }

    pub(crate) fn detail(mut self, name: &str, value: impl Into<Value>) -> Self {
        let shown = |value| match value {
            Value::String(text) => Value::String(visible(&text).into_owned()),
            other => other,
        };
        let value = match value.into() {
            Value::Array(values) => values.into_iter().map(shown).collect(),
            value => shown(value),
        };
        self.details.insert(name.to_owned(), value);
        self
    }

    pub(crate) fn warn(mut self, code: WarningCode, text: impl Into<String>) -> Self {
        self.warnings.push(Warning::new(code, text));
        self
    }

    pub(crate) fn warn_if(self, condition: bool, code: WarningCode, text: &str) -> Self {
        if condition { self.warn(code, text) } else { self }
    }

    pub(crate) fn format(mut self, format: &'static str) -> Self {
        self.format = Some(format);
        self
    }

    pub(crate) fn note(mut self, note: &'static str) -> Self {
        self.note = Some(note);
        self
    }

    /// Says that the link's key was left out.
    pub(crate) fn without_key(mut self) -> Self {
        self.keyless = true;
        self
    }

    /// Seconds since 1970 at which all of it ends; out of range is ignored.
    pub(crate) fn expires(mut self, seconds: Option<i64>) -> Self {
        if let Some(time) = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()) {
            self.expires = Some(self.expires.map_or(time, |earlier| earlier.min(time)));
        }
        self
    }
}
