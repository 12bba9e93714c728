//! The window's words have one home, where they can be translated: src/messages/.

use std::fs;
use std::path::{Path, PathBuf};

/// What stands before a literal that no person reads: an id, why a pass is done again, what
/// Debug prints, and the names of programs and of their options in the gallery.
const IDS: [&str; 13] = [
    "options: &[",
    "Panel::top(",
    "(Group::Phones, ",
    "(Group::Passwords, ",
    "Id::new(",
    "Id::unique((",
    ".with(",
    "id_salt(",
    "remembered(ui, ",
    "load_texture(",
    "request_discard(",
    "debug_struct(",
    ".field(",
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// The string literals of a source, each with what stands before it on its line.
fn literals(source: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    let bytes = source.as_bytes();
    while let Some(byte) = bytes.get(at) {
        let rest = &source.as_bytes()[at..];
        if rest.starts_with(b"//") {
            at += source[at..].find('\n').unwrap_or(rest.len());
        } else if rest.starts_with(b"'\"'") {
            at += 3;
        } else if *byte == b'"' {
            let mut end = at + 1;
            while bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            let line = source[..at].rfind('\n').map_or(0, |line| line + 1);
            found.push((source[line..at].trim_start(), &source[at + 1..end]));
            at = end + 1;
        } else {
            at += 1;
        }
    }
    found
}

/// Whether a literal has a word: two letters of ours in a row, outside `{…}` and escapes.
fn has_word(literal: &str) -> bool {
    let mut seen = String::new();
    let mut chars = literal.chars();
    while let Some(c) = chars.next() {
        match c {
            '{' => while !matches!(chars.next(), None | Some('}')) {},
            '\\' => match chars.next() {
                Some('u') => while !matches!(chars.next(), None | Some('}')) {},
                _ => seen.push(' '),
            },
            c => seen.push(c),
        }
    }
    let mut letters = seen.split(|c: char| !c.is_ascii_alphabetic());
    letters.any(|word| word.len() > 1)
}

#[test]
fn no_word_of_the_window_stands_outside_the_messages() {
    let gui = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/gui");
    let mut paths = [sources(&gui.join("screens")), sources(&gui.join("widgets"))].concat();
    paths.extend(
        [
            "app.rs",
            "screen.rs",
            "camera_view.rs",
            "code.rs",
            "passphrase_form.rs",
            "chrome.rs",
            "pages.rs",
        ]
        .map(|file| gui.join(file)),
    );
    let (mut files, mut seen, mut strays) = (0, 0, Vec::new());
    for path in paths {
        let name = path.strip_prefix(&gui).unwrap().to_str().unwrap().to_owned();
        if name.ends_with("tests.rs") {
            continue;
        }
        files += 1;
        let source = fs::read_to_string(&path).unwrap();
        let source = source.split("#[cfg(test)]").next().unwrap();
        for (before, literal) in literals(source) {
            seen += 1;
            let is_id = IDS.iter().any(|id| before.ends_with(id));
            if !is_id && has_word(literal) {
                strays.push(format!("{name}: {literal}"));
            }
        }
    }
    assert!(strays.is_empty(), "they belong in src/messages/window: {strays:#?}");
    assert!(files > 30 && seen > 20, "{files} {seen}");
}

#[test]
fn words_are_told_from_ids_and_formats() {
    let source = "let a = \"One {x} two\"; // \"not\n Id::new(\"three\") '\"' \"{four}\\u{2026}\"";
    let all: Vec<_> = literals(source).into_iter().map(|(_, literal)| literal).collect();
    assert_eq!(all, ["One {x} two", "three", "{four}\\u{2026}"]);
    let worded = ["Pair", "{name} \\u{b7} is", "a\\nOne"];
    assert!(worded.iter().all(|literal| has_word(literal)));
    let wordless = ["{four}\\u{2026}", "{day}  {what}", "\\n", "U+{c:04X}", ""];
    assert!(!wordless.iter().any(|literal| has_word(literal)));
}

/// The phone page tells a pairing as the window does, but for what is otherwise on a phone.
#[test]
fn the_phone_page_tells_a_pairing_in_the_windows_words() {
    const OTHERWISE: [&str; 3] = [
        "The other app is newer. Update this page",
        "Somebody may be guessing.",
        "The key was deleted here and nothing",
    ];
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let Ok(page) = fs::read_to_string(root.join("crates/keyglance-phone/page/words.js")) else {
        println!("skipped: crates not found");
        return;
    };
    // A long literal goes on in the next line.
    let unbroken = |source: String| {
        let mut lines = source.split("\\\n");
        let first = lines.next().unwrap_or_default().to_owned();
        lines.fold(first, |text, line| text + line.trim_start())
    };
    let window: String = sources(&root.join("src/messages"))
        .iter()
        .map(|path| unbroken(fs::read_to_string(path).unwrap()))
        .collect();
    let mut same = 0;
    for part in ["stage", "reset", "diagnostic", "failed"] {
        let (_, rest) = page.split_once(&format!("{part}: {{")).unwrap();
        let lines = rest.lines().skip(1).take_while(|line| !line.trim_start().starts_with('}'));
        for line in lines {
            // The keys of some stand in quotes, too.
            let (_, mut rest) = line.split_once(": ").unwrap();
            while let Some(begin) = rest.find(['\'', '"']) {
                let quote = &rest[begin..=begin];
                let (sentence, after) = rest[begin + 1..].split_once(quote).unwrap();
                rest = after;
                if !OTHERWISE.iter().any(|start| sentence.starts_with(start)) {
                    let literal = format!("\"{sentence}\"");
                    assert!(window.contains(&literal), "{part}: the window says no {literal}");
                    same += 1;
                }
            }
        }
    }
    assert!(same > 25, "{same}");
}
