//! Exports: the pairing's key in the form that another program takes.
//!
//! A target is one file here and one line in [`TARGETS`].

mod age;
mod base64;
mod hex;
mod keyglance;
mod raw;

use std::fmt;

pub(super) use age::identity as age_identity;
use zeroize::Zeroizing;

use super::KeyFile;
use crate::crypto::{DeriveError, Purpose};

/// The target to offer first.
pub static USUAL: &Target = &age::TARGET;

/// Every target, in the order of lists.
pub const TARGETS: &[Target] =
    &[keyglance::TARGET, age::TARGET, raw::TARGET, hex::TARGET, base64::TARGET];

/// A program, or kind of program, that a key can be exported for.
pub struct Target {
    /// As the command line names it.
    pub name: &'static str,
    /// What it is, in a few words.
    pub summary: &'static str,
    /// The ending of its file's name, without the dot.
    pub extension: &'static str,
    /// Whether its file is bytes that a terminal must not get.
    pub binary: bool,
    /// What somebody who finds the file can do.
    pub danger: &'static str,
    /// The commands that use it; `{file}` stands for the file's path.
    pub usage: &'static [&'static str],
    make: fn(&KeyFile, &Purpose) -> Result<Export, DeriveError>,
}

/// What a target makes of a key.
#[derive(Debug)]
pub struct Export {
    /// The file itself. Secret.
    pub file: Content,
    /// A second, public file: its name's additional ending, and its text.
    pub public: Option<(&'static str, String)>,
}

/// The bytes of a secret file. Wiped on drop.
pub struct Content(Zeroizing<Vec<u8>>);

impl Content {
    /// The bytes, to write them to their file.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    fn secret(bytes: Zeroizing<Vec<u8>>) -> Export {
        Export { file: Self(bytes), public: None }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Content { … }")
    }
}

/// Why there is no export.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// The other device has not confirmed that it holds the key.
    #[error("the other device has not confirmed this key")]
    NotAcknowledged,
    /// No such target.
    #[error("there is no export target called {name}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// The names most like it, at most three.
        nearest: Vec<&'static str>,
    },
    /// The key could not be derived.
    #[error(transparent)]
    Derive(#[from] DeriveError),
}

impl Target {
    /// A name for its file: the key's letters and digits, and the endings.
    #[must_use]
    pub fn file_name(&self, key: &str, sealed: bool) -> String {
        let key: String = key.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        let ending = if sealed { ".age" } else { "" };
        format!("{}.{}{ending}", key.trim_matches('-'), self.extension)
    }

    /// The target called `name`.
    ///
    /// # Errors
    /// [`ExportError::Unknown`].
    pub fn find(name: &str) -> Result<&'static Self, ExportError> {
        TARGETS
            .iter()
            .find(|target| target.name == name)
            .ok_or_else(|| ExportError::Unknown { name: name.to_owned(), nearest: nearest(name) })
    }

    /// Makes the export.
    ///
    /// # Errors
    /// [`ExportError::NotAcknowledged`]: a key that only this device may hold
    /// would lock up whatever it protects.
    pub fn export(&self, key: &KeyFile, purpose: &Purpose) -> Result<Export, ExportError> {
        if !key.acknowledged {
            return Err(ExportError::NotAcknowledged);
        }
        Ok((self.make)(key, purpose)?)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({})", self.name)
    }
}

fn nearest(name: &str) -> Vec<&'static str> {
    let name = name.to_lowercase();
    let mut names: Vec<_> = TARGETS
        .iter()
        .map(|target| (distance(&name, target.name), target.name))
        .filter(|(distance, target)| *distance <= target.len().max(name.len()) / 2)
        .collect();
    names.sort_unstable();
    names.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Levenshtein's.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (b, above) in other.chars().zip(row.iter().skip(1)) {
            left = (diagonal + usize::from(a != b)).min(left + 1).min(above + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
