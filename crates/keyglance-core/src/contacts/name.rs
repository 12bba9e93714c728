//! What the user calls contacts and keys.

use crate::pairing::is_hidden;

/// Why a text cannot be a contact's or a key's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocalNameError {
    /// Nothing but white space.
    #[error("the name is empty")]
    Empty,
    /// More than [`MAX_NAME`] characters.
    #[error("the name is longer than 64 characters")]
    TooLong,
    /// A control character, or one that reorders the text around it.
    #[error("the name has a character that does not show")]
    Hidden,
}

/// Most characters of a local name.
pub const MAX_NAME: usize = 64;

/// The name as it is kept: without white space around it.
///
/// # Errors
/// [`LocalNameError`].
pub fn local_name(text: &str) -> Result<String, LocalNameError> {
    let name = text.trim();
    if name.is_empty() {
        return Err(LocalNameError::Empty);
    }
    if name.chars().any(is_hidden) {
        return Err(LocalNameError::Hidden);
    }
    if name.chars().count() > MAX_NAME {
        return Err(LocalNameError::TooLong);
    }
    Ok(name.to_owned())
}

/// `wanted`, or with the first number from 2 on that nobody of `taken` has.
/// Upper and lower case are the same name.
#[must_use]
pub fn unique_name<'a>(wanted: &str, taken: impl Iterator<Item = &'a str>) -> String {
    let taken: Vec<String> = taken.map(str::to_lowercase).collect();
    let free = |name: &String| !taken.contains(&name.to_lowercase());
    let numbered = (2..).map(|n: u64| format!("{wanted} {n}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(free).unwrap_or_default()
}
