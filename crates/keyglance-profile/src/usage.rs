//! How a written file is used: the target's lines with the file's path in them, as a shell,
//! a person or Python reads it.

use std::path::Path;

use keyglance_core::exports::{Place, Program, Target};

/// How the file of `target` at `path` is used: its lines with their places filled
/// ([`Target::usage`]); `own` is what the export has for others
/// ([`Export::places`](keyglance_core::exports::Export::places)).
#[must_use]
pub fn usage_lines(target: &Target, path: &Path, own: &[(&str, String)]) -> Vec<String> {
    at(path, own, |place| target.usage_lines(place))
}

/// The lines of `program` for the file at `path`, as [`usage_lines`].
#[must_use]
pub fn program_usage_lines(program: &Program, path: &Path, own: &[(&str, String)]) -> Vec<String> {
    at(path, own, |place| program.usage_lines(place))
}

/// How the key in the file of `target` at `path` is revoked or renewed.
#[must_use]
pub fn undo_lines(target: &Target, path: &Path, own: &[(&str, String)]) -> Vec<String> {
    at(path, own, |place| target.undo_lines(place))
}

/// The lines of `program` for the file at `path`, as [`undo_lines`].
#[must_use]
pub fn program_undo_lines(program: &Program, path: &Path, own: &[(&str, String)]) -> Vec<String> {
    at(path, own, |place| program.undo_lines(place))
}

fn at(
    path: &Path,
    own: &[(&str, String)],
    lines: impl FnOnce(Place<'_>) -> Vec<String>,
) -> Vec<String> {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    lines(Place { path, full: &full, own })
}
