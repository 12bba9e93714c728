//! What Cargo cannot assert of the layers in `docs/architecture.md`.

use std::fs;
use std::path::{Path, PathBuf};

/// What the pure crates have none of: files, threads, networks, processes,
/// clocks, an RNG of their own.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::thread",
    "std::net",
    "std::process",
    "std::env",
    "Instant::now",
    "SystemTime",
    "Timestamp::now",
    "Zoned::now",
    "getrandom",
    "SysRng",
];

const TERMINAL: &[&str] =
    &["println!", "eprintln!", "print!(", "eprint!(", "io::stdout", "io::stderr"];

/// The sources below `folder` without comments, and without what tests alone
/// see. None in a packed archive, which has the program only.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn walk(path: &Path, found: &mut Vec<(PathBuf, String)>) {
        if path.is_dir() {
            for entry in fs::read_dir(path).unwrap() {
                let entry = entry.unwrap().path();
                let stem = entry.file_stem().unwrap().to_str().unwrap();
                if !["tests", "atomic_tests", "test_util"].contains(&stem) {
                    walk(&entry, found);
                }
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.to_owned(), code(&fs::read_to_string(path).unwrap())));
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if !root.join("crates").exists() && folder.starts_with("crates/") {
        println!("skipped: {folder} not found");
        return Vec::new();
    }
    let mut found = Vec::new();
    walk(&root.join(folder), &mut found);
    assert!(!found.is_empty(), "no sources in {folder}");
    found
}

/// Without comments, which may name anything.
fn code(source: &str) -> String {
    source.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

fn assert_absent(folder: &str, words: &[&str]) {
    for (path, source) in sources(folder) {
        for line in source.lines() {
            // The operating system's RNG is passed on for callers to choose, not used.
            if line.trim_start().starts_with("pub use getrandom") {
                continue;
            }
            for word in words {
                assert!(!line.contains(word), "{} has {word}", path.display());
            }
        }
    }
}

#[test]
fn the_pure_crates_touch_nothing_outside() {
    for name in ["keyglance-core", "keyglance-inspect", "keyglance-qr"] {
        // `use std::{fs, …}` would hide a module from this test.
        let outside: Vec<_> = OUTSIDE.iter().copied().chain(["use std::{"]).collect();
        assert_absent(&format!("crates/{name}/src"), &outside);
    }
}

/// The page brings time and random numbers, and its interface passes them on.
#[test]
fn the_phone_page_has_its_clock_and_its_random_numbers_from_the_browser() {
    for (path, source) in sources("crates/keyglance-phone/src") {
        let is_interface = path.ends_with("abi.rs");
        for word in OUTSIDE.iter().copied().chain(["use std::{"]) {
            let may = is_interface && word == "getrandom";
            assert!(may || !source.contains(word), "{} has {word}", path.display());
        }
    }
}

#[test]
fn only_the_phone_pages_interface_is_unsafe() {
    let unsafe_code = ["unsafe {", "unsafe fn", "unsafe extern", "unsafe impl", "unsafe("];
    let folders = ["core", "inspect", "qr", "capture", "profile", "phone"];
    let folders = folders.map(|name| format!("crates/keyglance-{name}/src"));
    let mut found = Vec::new();
    for folder in folders.iter().map(String::as_str).chain(["src"]) {
        for (path, source) in sources(folder) {
            if unsafe_code.iter().any(|word| source.contains(word)) {
                found.push(path.file_name().unwrap().to_owned());
            }
        }
    }
    if Path::new(env!("CARGO_MANIFEST_DIR")).join("crates").exists() {
        assert_eq!(found, ["abi.rs"]);
    }
}

#[test]
fn only_the_command_line_writes_to_the_terminal() {
    for name in ["core", "inspect", "qr", "capture", "profile", "phone"] {
        assert_absent(&format!("crates/keyglance-{name}/src"), TERMINAL);
    }
    for folder in ["src/gui", "src/messages"] {
        assert_absent(folder, TERMINAL);
    }
}

#[test]
fn the_window_and_the_command_line_do_not_import_each_other() {
    assert_absent("src/gui", &["crate::cli", "super::cli"]);
    assert_absent("src/cli", &["crate::gui", "super::gui"]);
    assert_absent("src/messages", &["crate::cli", "crate::gui"]);
}
