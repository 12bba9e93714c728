//! How a written file is used: the target's lines with the file's path in them, as a shell,
//! a person or Python reads it.

use std::path::Path;

use super::{Program, Target};
use crate::outgoing::{printable, printable_path, shell_path, shell_quoted};

/// Where a file is, for the lines that tell how it is used.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// As the user names it.
    pub path: &'a Path,
    /// From the root on, where the caller knows it: another program's configuration, or one
    /// that runs in another folder, needs all of it.
    pub full: &'a Path,
    /// What the export has for places of its own
    /// ([`Export::places`](super::Export::places)).
    pub own: &'a [(&'a str, String)],
}

impl Target {
    /// How its file is used: the lines of [`Target::usage`] with their places filled.
    #[must_use]
    pub fn usage_lines(&self, place: Place<'_>) -> Vec<String> {
        lines(self.usage.iter().copied(), place)
    }

    /// How the key in its file is revoked or renewed, as [`Target::usage_lines`].
    #[must_use]
    pub fn undo_lines(&self, place: Place<'_>) -> Vec<String> {
        lines(self.undo.iter().copied(), place)
    }
}

impl Program {
    /// How its file is used, as [`Target::usage_lines`].
    #[must_use]
    pub fn usage_lines(&self, place: Place<'_>) -> Vec<String> {
        lines(self.usage(), place)
    }

    /// How the key in its file is revoked or renewed, as [`Target::undo_lines`].
    #[must_use]
    pub fn undo_lines(&self, place: Place<'_>) -> Vec<String> {
        lines(self.undo(), place)
    }
}

fn lines<'a>(lines: impl Iterator<Item = &'a str>, place: Place<'_>) -> Vec<String> {
    let Place { path, full, own } = place;
    let word = shell_path(path);
    let mut places = vec![
        ("{file}", word.clone()),
        ("{full}", shell_path(full)),
        ("{cat}", shell_quoted(&format!("cat {word}"))),
        ("{path}", printable_path(full)),
        ("{stem}", shell_quoted(&path.file_stem().unwrap_or_default().to_string_lossy())),
        ("{interface}", interface(path)),
        ("{python}", python_text(&path.to_string_lossy())),
        ("{known_hosts}", shell_quoted(&format!("UserKnownHostsFile={}", ssh_quoted(path)))),
        ("{known_hosts_file}", printable(&ssh_quoted(full))),
    ];
    // Words of a shell too: nothing of another device's is run.
    places.extend(own.iter().map(|(name, text)| (*name, words(text))));
    lines.map(|line| fill_places(line, &places)).collect()
}

/// A name for a network interface, of the file's: wg-quick takes 1 to 15 of these
/// characters.
fn interface(path: &Path) -> String {
    const MOST: usize = 15;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let plain = |c: &char| c.is_ascii_alphanumeric() || "_=+.-".contains(*c);
    let usual =
        name.len() <= MOST && name.chars().all(|c| plain(&c)) && !name.starts_with(['-', '.']);
    if usual && !name.is_empty() {
        return name.into_owned();
    }
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    std::iter::once("kg-")
        .map(str::to_owned)
        .chain(letters.take(MOST - 3).map(String::from))
        .collect()
}

/// A line with its places filled: each once and from left to right, so that a path with
/// `{cat}` in it stays.
#[must_use]
pub fn fill_places(line: &str, places: &[(&str, String)]) -> String {
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

/// Each word of a text as a word of a shell.
fn words(text: &str) -> String {
    text.split(' ').map(shell_quoted).collect::<Vec<_>>().join(" ")
}

/// A path as ssh reads it in its configuration and options: it splits at spaces, and takes
/// `%` for tokens of its own (ssh_config(5)).
fn ssh_quoted(path: &Path) -> String {
    let path = path.to_string_lossy();
    let escaped = path.replace('\\', r"\\").replace('"', "\\\"").replace('%', "%%");
    format!("\"{escaped}\"")
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
        assert_eq!(fill_places("x {file} {path} {other} {", &places), "x a{path}b p {other} {");
    }

    #[test]
    fn an_interface_has_a_name_that_wg_quick_takes() {
        for (file, name) in [
            ("kg-Bo.conf", "kg-Bo"),
            ("fifteen-letters.conf", "fifteen-letters"),
            ("sixteen-letters1.conf", "kg-sixteenlette"),
            ("my dir/it's.conf", "kg-its"),
            ("-rf.conf", "kg-rf"),
            ("ノート.conf", "kg-"),
        ] {
            assert_eq!(interface(Path::new(file)), name);
        }
    }

    #[test]
    fn ssh_reads_the_path_of_its_option() {
        for (path, quoted) in
            [("my dir/f", r#""my dir/f""#), (r#"a"b\c"#, r#""a\"b\\c""#), ("100%h", r#""100%%h""#)]
        {
            assert_eq!(ssh_quoted(Path::new(path)), quoted);
        }
    }

    #[test]
    fn what_an_export_has_of_its_own_is_no_command() {
        let own = [("{host}", "[bo]:22".to_owned()), ("{destination}", "-p 2 $(id)".to_owned())];
        let path = Path::new("{host}");
        let place = Place { path, full: path, own: &own };
        let told = lines(["x {host} {destination} {file}"].into_iter(), place);
        assert_eq!(told, ["x '[bo]:22' -p 2 '$(id)' '{host}'"]);
    }

    #[test]
    fn python_reads_the_path() {
        assert_eq!(python_text("it's\\\u{202e}\n"), r"'it\'s\\\U0000202e\U0000000a'");
    }
}
