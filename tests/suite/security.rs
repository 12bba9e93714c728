//! docs/security.md names the test that proves each of its lines.

use std::fs;
use std::path::{Path, PathBuf};

/// Every source of a test, by the name of its module.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            found.push((stem, fs::read_to_string(path).unwrap()));
        }
    }
}

/// Whether the phone page has a test `FILE: TITLE`.
fn is_of_the_phone_page(root: &Path, name: &str) -> bool {
    let (file, title) = name.split_once(": ").unwrap();
    let tests = root.join("crates/keyglance-phone/tests/page").join(file);
    fs::read_to_string(tests).is_ok_and(|text| text.contains(&format!("test('{title}'")))
}

#[test]
fn every_line_of_the_threat_model_names_a_test_that_is_there() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    if !root.join("crates").exists() {
        println!("skipped: crates not found");
        return;
    }
    let mut found = Vec::new();
    for folder in ["tests/suite", "crates"] {
        sources(&root.join(folder), &mut found);
    }
    let manual = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let (_, table) = manual.split_once("| who | can do |").unwrap();
    let lines: Vec<&str> = table.lines().skip(2).take_while(|line| line.starts_with('|')).collect();
    assert!(lines.len() > 20, "{}", lines.len());
    for line in lines {
        let proof = line.trim_end_matches('|').rsplit('|').next().unwrap();
        let names: Vec<&str> = proof.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "nothing proves: {line}");
        for name in names {
            let there = match name.rsplit_once("::") {
                _ if name == "fuzz/" => root.join("fuzz/targets").exists(),
                _ if name.contains(".test.mjs: ") => is_of_the_phone_page(&root, name),
                Some((path, test)) if test.contains('_') => {
                    let module = path.rsplit("::").next().unwrap();
                    let wanted = format!("fn {test}()");
                    found.iter().any(|(stem, text)| stem == module && text.contains(&wanted))
                }
                // A whole module of them.
                _ => {
                    let module = name.rsplit("::").next().unwrap();
                    found.iter().any(|(stem, text)| stem == module && text.contains("#[test]"))
                }
            };
            assert!(there, "there is no test {name}, of: {line}");
        }
    }
}
