//! How a written file is used: the target's lines with the file's path in them, as a shell,
//! a person or Python reads it.

use std::path::Path;

use keyglance_core::exports::{Program, Target};

use crate::text::{printable, printable_path, shell_path, shell_quoted};

/// The lines of `target` for the file at `path`.
///
/// In a line `{file}` is the path as one word of a shell, `{cat}` one word that holds the
/// command which writes the file, `{path}` the path for a person to read, `{stem}` one word
/// with the file's name without its ending, and `{python}`
/// a text of Python.
#[must_use]
pub fn usage_lines(target: &Target, path: &Path) -> Vec<String> {
    lines(target.usage.iter().copied(), path)
}

/// The lines of `program` for the file at `path`, as [`usage_lines`].
#[must_use]
pub fn program_usage_lines(program: &Program, path: &Path) -> Vec<String> {
    lines(program.usage(), path)
}

fn lines<'a>(lines: impl Iterator<Item = &'a str>, path: &Path) -> Vec<String> {
    let word = shell_path(path);
    let places = [
        ("{file}", word.clone()),
        ("{cat}", shell_quoted(&format!("cat {word}"))),
        ("{path}", printable_path(path)),
        ("{stem}", shell_quoted(&path.file_stem().unwrap_or_default().to_string_lossy())),
        ("{python}", python_text(&path.to_string_lossy())),
    ];
    lines.map(|line| filled(line, &places)).collect()
}

/// Every place once and from left to right, so that a path with `{cat}` in it stays.
pub(crate) fn filled(line: &str, places: &[(&str, String)]) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let place = places.iter().find_map(|(name, value)| {
            from.strip_prefix(name).map(|behind| (value.as_str(), behind))
        });
        let (written, behind) = place.unwrap_or_else(|| from.split_at('{'.len_utf8()));
        out.push_str(written);
        rest = behind;
    }
    out + rest
}

/// A string literal (The Python Language Reference, 2.4.1).
fn python_text(text: &str) -> String {
    let mut literal = "'".to_owned();
    for c in text.chars() {
        match c {
            '\'' | '\\' => literal.extend(['\\', c]),
            c if printable(c.encode_utf8(&mut [0; 4])).len() == c.len_utf8() => literal.push(c),
            c => literal.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    literal.push('\'');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_looks_like_a_place_stays() {
        let places = [("{file}", "a{path}b".to_owned()), ("{path}", "p".to_owned())];
        assert_eq!(filled("x {file} {path} {other} {", &places), "x a{path}b p {other} {");
    }

    #[test]
    fn python_reads_the_path() {
        assert_eq!(python_text("it's\\\u{202e}\n"), r"'it\'s\\\U0000202e\U0000000a'");
    }
}
