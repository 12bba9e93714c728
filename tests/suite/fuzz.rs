//! The corpora of the fuzz targets, each through the very function that the fuzzer
//! calls: what it found once stays found.

use std::path::{Path, PathBuf};

#[path = "../../fuzz/src/bodies/mod.rs"]
mod bodies;

fn corpus(target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_corpus_runs_through_its_target() {
    for (target, run) in bodies::TARGETS {
        let files = corpus(target);
        // Small enough for every run of the tests.
        assert!((1..=20).contains(&files.len()), "{target}: {}", files.len());
        for file in files {
            println!("{}", file.display());
            let input = std::fs::read(&file).unwrap();
            assert!(input.len() <= 16 * 1024, "{}", file.display());
            run(&input);
        }
    }
}

/// A body without a target would never be fuzzed.
#[test]
fn every_body_is_a_target() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = std::fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    for (target, _) in bodies::TARGETS {
        assert!(manifest.contains(&format!("path = \"targets/{target}.rs\"")), "{target}");
        let source = std::fs::read_to_string(fuzz.join(format!("targets/{target}.rs"))).unwrap();
        assert!(source.contains(&format!("bodies::{target}::run(data)")), "{target}");
    }
    let targets = std::fs::read_dir(fuzz.join("targets")).unwrap().count();
    assert_eq!(targets, bodies::TARGETS.len());
}
