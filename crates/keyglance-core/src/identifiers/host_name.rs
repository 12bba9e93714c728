//! The name of a computer in its network.

use std::fmt;

use super::{IdentifierError, IdentifierKind};
use crate::pairing::DisplayName;
use crate::text::is_host_name;

/// A host name as its owner shares it: 1 to 63 bytes, by the rules of a
/// [`DisplayName`]. It need not be one that any network knows.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct HostName(String);

impl HostName {
    /// The name `text`, as it stands.
    ///
    /// # Errors
    /// [`IdentifierError::NotThis`].
    pub fn new(text: &str) -> Result<Self, IdentifierError> {
        let name = DisplayName::new(text).ok();
        // What is not composed would become another text.
        let name = name.filter(|name| !text.is_empty() && name.as_str() == text);
        name.map(|name| Self(name.as_str().to_owned()))
            .ok_or(IdentifierError::NotThis(IdentifierKind::HostName))
    }

    /// Reads a name, without white space around it, composed.
    ///
    /// # Errors
    /// [`IdentifierError::NotThis`].
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let name = DisplayName::new(text.trim()).ok().filter(|name| !name.as_str().is_empty());
        name.map(|name| Self(name.as_str().to_owned()))
            .ok_or(IdentifierError::NotThis(IdentifierKind::HostName))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name in small letters, if it can be a host's.
    #[must_use]
    pub fn as_host(&self) -> Option<String> {
        is_host_name(&self.0).then(|| self.0.to_ascii_lowercase())
    }

    /// The name in small letters, if networks can know it and no host of the internet is
    /// called so: it has no dot, or an ending that is kept for local networks (RFC 6762,
    /// RFC 8375, and `.internal`, which ICANN reserved). Only such a name may be taken
    /// without a person having typed it: an owner can share `github.com` as theirs. Nor
    /// is it this computer's own name for itself.
    #[must_use]
    pub fn local(&self) -> Option<String> {
        let name = self.0.to_ascii_lowercase();
        let endings = [".local", ".lan", ".home.arpa", ".internal"];
        let is_local = !name.contains('.') || endings.iter().any(|ending| name.ends_with(ending));
        (is_local && is_host_name(&name) && name != "localhost").then_some(name)
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}
