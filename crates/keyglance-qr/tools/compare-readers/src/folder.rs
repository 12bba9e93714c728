//! Pictures of a folder: how many are read, how many wrongly, how fast.

use std::fs;
use std::path::{Path, PathBuf};

use keyglance_capture::read_picture;

use crate::output::Output;
use crate::peers::{Outcome, Readers};
use crate::score::{Judged, Score};

/// What a picture is known to hold.
enum Expected {
    Text(String),
    Bytes(Vec<u8>),
    Nothing,
    Unknown,
}

pub(crate) fn compare(readers: &mut Readers, output: &Output, folders: &[&Path]) {
    let mut paths: Vec<_> = folders.iter().flat_map(|folder| pictures(folder)).collect();
    paths.sort();
    let names = readers.names().to_vec();
    let mut scores = vec![Score::default(); names.len()];
    let mut missed = vec![Vec::new(); names.len()];
    let all = vec![true; names.len()];
    for (number, path) in paths.iter().enumerate() {
        let picture = match read_picture(path) {
            Ok(picture) => picture.into_grey(),
            Err(error) => {
                eprintln!("{}: {error}", path.display());
                continue;
            }
        };
        let expected = expected(path);
        for (at, outcome) in readers.read(&picture, 3, &all).iter().enumerate() {
            let judged = expected.judge(outcome);
            output.outcome(&path.display().to_string(), &names[at], outcome, judged);
            scores[at].add(judged, outcome.milliseconds);
            if judged.wrong > 0 {
                let texts = outcome.payloads.iter().map(|p| String::from_utf8_lossy(p));
                let texts = texts.collect::<Vec<_>>();
                eprintln!("{} is wrong on {}: {texts:?}", names[at], path.display());
            }
            if judged.reads == 0 && !matches!(expected, Expected::Nothing) {
                missed[at].push(number);
            }
        }
    }
    output.line(&format!("{} pictures\n", paths.len()));
    let columns = ["reads", "wrong", "beside a right one", "median ms", "p95 ms", "worst ms"];
    output.head("reader", &columns.map(str::to_owned));
    for (score, name) in scores.iter().zip(&names) {
        let counts = [score.reads, score.wrong, score.beside].map(|count| count.to_string());
        let times = [(0.5, 3), (0.95, 1), (1.0, 1)]
            .map(|(part, digits)| format!("{:.digits$}", score.within(part)));
        output.row(name, counts.into_iter().chain(times));
    }
    for (name, numbers) in names.iter().zip(&missed).take(2) {
        output.line(&format!("\nmissed by {name}:"));
        for number in numbers {
            let others = missed.iter().zip(&names).filter(|(missed, _)| !missed.contains(number));
            let by: Vec<_> = others.map(|(_, name)| name.as_str()).collect();
            output.line(&format!("- {} (read by: {})", paths[*number].display(), by.join(", ")));
        }
    }
}

impl Expected {
    /// Whether the picture is read, and how many texts are of none of its codes.
    fn judge(&self, outcome: &Outcome) -> Judged {
        let is_right = |payload: &Vec<u8>| match self {
            Self::Unknown => true,
            Self::Nothing => false,
            Self::Bytes(expected) => payload == expected,
            // A picture of several codes has a line for each.
            Self::Text(expected) => {
                same_text(payload, expected)
                    || expected.lines().any(|line| payload == line.as_bytes())
            }
        };
        let right = outcome.payloads.iter().filter(|payload| is_right(payload)).count();
        Judged { reads: right.min(1), wrong: outcome.payloads.len() - right }
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
            ["png", "jpg", "jpeg", "webp", "gif", "bmp"]
                .iter()
                .any(|known| e.eq_ignore_ascii_case(known))
        }) {
            found.push(path);
        }
    }
    found
}
