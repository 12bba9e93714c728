//! Pictures of a folder: how many are read, how many wrongly, how fast.

use std::fs;
use std::path::{Path, PathBuf};

use keyglance_capture::read_picture;

use crate::peers::{Outcome, Readers};

/// What a picture is known to hold.
enum Expected {
    Text(String),
    Bytes(Vec<u8>),
    Nothing,
    Unknown,
}

#[derive(Default)]
struct Score {
    reads: usize,
    wrong: usize,
    missed: Vec<usize>,
    milliseconds: Vec<f64>,
}

pub(crate) fn compare(readers: &mut Readers, folders: &[&Path]) {
    let mut paths: Vec<_> = folders.iter().flat_map(|folder| pictures(folder)).collect();
    paths.sort();
    let mut scores: Vec<_> = readers.names().iter().map(|_| Score::default()).collect();
    let all = vec![true; scores.len()];
    for (number, path) in paths.iter().enumerate() {
        let picture = match read_picture(path) {
            Ok(picture) => picture,
            Err(error) => {
                eprintln!("{}: {error}", path.display());
                continue;
            }
        };
        let expected = expected(path);
        let outcomes = readers.read(&picture, 3, &all);
        for ((score, outcome), name) in scores.iter_mut().zip(outcomes).zip(readers.names()) {
            score.milliseconds.push(outcome.milliseconds);
            match expected.judge(&outcome) {
                Some(true) => score.reads += 1,
                Some(false) => {
                    score.wrong += 1;
                    eprintln!(
                        "{name} is wrong on {}: {:?}",
                        path.display(),
                        outcome
                            .payloads
                            .iter()
                            .map(|p| String::from_utf8_lossy(p))
                            .collect::<Vec<_>>()
                    );
                }
                None if matches!(expected, Expected::Nothing) => {}
                None => score.missed.push(number),
            }
        }
    }
    println!("{} pictures\n", paths.len());
    println!("| reader | reads | wrong | median ms | p95 ms | worst ms |");
    println!("|---|---|---|---|---|---|");
    for (score, name) in scores.iter_mut().zip(readers.names()) {
        score.milliseconds.sort_by(f64::total_cmp);
        let at = |part: f64| {
            let last = score.milliseconds.len().saturating_sub(1);
            score.milliseconds.get((last as f64 * part).round() as usize).copied().unwrap_or(0.0)
        };
        println!(
            "| {name} | {} | {} | {:.3} | {:.1} | {:.1} |",
            score.reads,
            score.wrong,
            at(0.5),
            at(0.95),
            at(1.0)
        );
    }
    for (score, name) in scores.iter().zip(readers.names()).take(2) {
        println!("\nmissed by {name}:");
        for number in &score.missed {
            let others = scores.iter().zip(readers.names());
            let by: Vec<_> = others
                .filter(|(s, _)| !s.missed.contains(number))
                .map(|(_, n)| n.as_str())
                .collect();
            println!("- {} (read by: {})", paths[*number].display(), by.join(", "));
        }
    }
}

impl Expected {
    /// Read rightly, read wrongly, or not read.
    fn judge(&self, outcome: &Outcome) -> Option<bool> {
        let mut payloads = outcome.payloads.iter();
        if outcome.payloads.is_empty() {
            return None;
        }
        Some(match self {
            Self::Unknown => true,
            Self::Nothing => false,
            Self::Bytes(expected) => payloads.any(|bytes| bytes == expected),
            Self::Text(expected) => payloads.any(|bytes| same_text(bytes, expected)),
        })
    }
}

/// Readers take bytes for different charsets: what is not ASCII is left out.
fn same_text(bytes: &[u8], expected: &str) -> bool {
    let plain = |text: &str| -> String { text.chars().filter(char::is_ascii).collect() };
    match std::str::from_utf8(bytes) {
        Ok(text) if expected.is_ascii() => text.trim() == expected.trim(),
        Ok(text) => plain(text).trim() == plain(expected).trim() || !text.is_ascii(),
        Err(_) => !expected.is_ascii(),
    }
}

fn expected(path: &Path) -> Expected {
    if let Ok(bytes) = fs::read(path.with_extension("bin")) {
        return Expected::Bytes(bytes);
    }
    match fs::read(path.with_extension("txt")) {
        Ok(text) => Expected::Text(String::from_utf8_lossy(&text).into_owned()),
        Err(_) if path.iter().any(|part| part == "none") => Expected::Nothing,
        Err(_) => Expected::Unknown,
    }
}

fn pictures(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(pictures(&path));
        } else if path.extension().is_some_and(|e| {
            ["png", "jpg", "jpeg"].iter().any(|known| e.eq_ignore_ascii_case(known))
        }) {
            found.push(path);
        }
    }
    found
}
