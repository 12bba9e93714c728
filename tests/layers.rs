//! The table of `docs/architecture.md`, asserted from the source.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

/// Each room, and which others it may import.
const ROOMS: &[(&str, &[&str])] = &[
    ("crypto", &[]),
    ("qr", &[]),
    ("pairing", &["crypto"]),
    // Along the flow: what a pairing leaves becomes a key file, then a contact.
    ("keyfile", &["crypto", "pairing"]),
    ("contacts", &["crypto", "pairing", "keyfile"]),
    ("optics", &["qr"]),
    ("store", &["crypto", "pairing", "keyfile", "contacts"]),
    ("sound", &[]),
    // What both faces say.
    ("sentences", &["pairing", "keyfile", "contacts", "store"]),
    (
        "app",
        &[
            "crypto",
            "qr",
            "pairing",
            "keyfile",
            "contacts",
            "optics",
            "store",
            "sound",
            "sentences",
        ],
    ),
    ("cli", &["crypto", "qr", "pairing", "keyfile", "contacts", "optics", "store", "sentences"]),
];

/// What rings 0 and 1 never have: threads, files, clocks, an RNG of their own.
const PURE: &[&str] = &["crypto", "qr", "pairing", "keyfile", "contacts"];
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::thread",
    "std::net",
    "std::process",
    "std::env",
    "Instant::now",
    "SystemTime",
    "Timestamp::now",
    "getrandom",
    "SysRng",
];

fn sources(room: &str) -> Vec<(PathBuf, String)> {
    fn walk(path: &Path, found: &mut Vec<(PathBuf, String)>) {
        if path.is_dir() {
            for entry in fs::read_dir(path).unwrap() {
                walk(&entry.unwrap().path(), found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.to_owned(), code(&fs::read_to_string(path).unwrap())));
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for path in [root.join(room), root.join(format!("{room}.rs"))] {
        if path.exists() {
            walk(&path, &mut found);
        }
    }
    assert!(!found.is_empty(), "no room {room}");
    found
}

/// Without comments, which may name anything.
fn code(source: &str) -> String {
    source.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// The rooms that a source names with `crate::`.
fn imports(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    for rest in source.split("crate::").skip(1) {
        let group = rest.strip_prefix('{').and_then(|rest| rest.split('}').next());
        let first = |path: &str| {
            path.trim_start()
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap()
                .to_owned()
        };
        match group {
            Some(group) => names.extend(group.split(',').map(first)),
            None => names.push(first(rest)),
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn each_room_imports_only_from_the_rooms_below_it() {
    for (room, allowed) in ROOMS {
        for (path, source) in sources(room) {
            for import in imports(&source) {
                assert!(
                    import == *room || allowed.contains(&import.as_str()),
                    "{} imports {import}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn every_room_is_in_the_table() {
    let library = code(include_str!("../src/lib.rs"));
    for line in library.lines().filter_map(|line| line.trim().strip_prefix("pub mod ")) {
        let room = line.trim_end_matches(';');
        assert!(ROOMS.iter().any(|(name, _)| *name == room), "{room} has no place in the table");
    }
}

#[test]
fn the_pure_rooms_touch_nothing_outside() {
    for room in PURE {
        for (path, source) in sources(room) {
            for outside in OUTSIDE {
                assert!(!source.contains(outside), "{} has {outside}", path.display());
            }
        }
    }
}

#[test]
fn only_the_faces_write_to_the_terminal() {
    for (room, _) in ROOMS.iter().filter(|(room, _)| *room != "cli") {
        for (path, source) in sources(room) {
            for print in
                ["println!", "eprintln!", "print!(", "eprint!(", "io::stdout", "io::stderr"]
            {
                assert!(!source.contains(print), "{} has {print}", path.display());
            }
        }
    }
}
