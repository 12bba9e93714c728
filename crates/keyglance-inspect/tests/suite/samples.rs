//! `tests/vectors/inspector.jsonl`: published fixtures and synthetic codes of every kind.

use data_encoding::BASE64;
use keyglance_inspect::jiff::Timestamp;
use keyglance_inspect::serde_json::{self, Value};
use keyglance_inspect::{Verdict, inspect, kinds};

const SAMPLES: &str = include_str!("../vectors/inspector.jsonl");

/// A day on which all samples were valid.
pub fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

pub struct Sample {
    pub id: String,
    pub payload: Vec<u8>,
    pub expected: Value,
}

impl Sample {
    pub fn text(&self, field: &str) -> &str {
        self.expected[field].as_str().unwrap_or("")
    }

    /// The kind's id, without the number of the sample.
    pub fn kind_id(&self) -> &str {
        self.id.rsplit_once('-').unwrap().0
    }
}

pub fn samples() -> Vec<Sample> {
    let lines = SAMPLES.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let expected: Value = serde_json::from_str(line).unwrap();
            let payload = match expected["payload"].as_str() {
                Some(text) => text.as_bytes().to_vec(),
                None => {
                    BASE64.decode(expected["payload_base64"].as_str().unwrap().as_bytes()).unwrap()
                }
            };
            Sample { id: expected["id"].as_str().unwrap().to_owned(), payload, expected }
        })
        .collect()
}

fn roles(verdict: &Verdict) -> String {
    verdict.parts.iter().map(|part| part.role().letter()).collect()
}

#[test]
fn every_sample_is_told_right() {
    let mut wrong = Vec::new();
    for sample in samples() {
        let verdict = inspect(&sample.payload, now());
        let told = (verdict.app, verdict.kind, verdict.confidence.word());
        let damaged = sample.text("kind") == "damaged";
        let kind = if damaged { verdict.kind } else { sample.text("kind") };
        if told != (sample.text("app"), kind, sample.text("confidence")) {
            wrong.push(format!("{}: told {told:?} {:?}", sample.id, verdict.warnings));
            continue;
        }
        if damaged {
            continue;
        }
        if sample.text("confidence") != "none" {
            assert_eq!(verdict.id, sample.kind_id());
        }
        let evidence = sample.expected["evidence"].as_str();
        if evidence.is_some_and(|evidence| evidence != verdict.evidence.word()) {
            wrong.push(format!("{}: evidence {:?}", sample.id, verdict.evidence));
        }
        let parts = sample.expected["parts"].as_array().unwrap();
        let expected: String = parts.iter().map(|part| part["role"].as_str().unwrap()).collect();
        let (mut told, mut wanted) = (roles(&verdict).into_bytes(), expected.clone().into_bytes());
        told.dedup();
        wanted.dedup();
        if told != wanted {
            wrong.push(format!("{}: parts {} for {expected}", sample.id, roles(&verdict)));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_secret_and_no_token_is_shown_unasked() {
    for sample in samples() {
        let verdict = inspect(&sample.payload, now());
        let shown = [verdict.to_json(false).to_string(), format!("{verdict:?}")];
        for part in verdict.parts.iter().filter(|part| part.role().is_masked()) {
            // One value may be a public key and a token at once.
            let public = verdict.parts.iter().any(|it| it.value() == Some(part.reveal()));
            let secret = part.reveal();
            assert!(part.value().is_none());
            // A password may be "password", as a label is.
            let labelled = verdict.parts.iter().any(|it| it.label().contains(secret));
            if public || labelled || secret.len() < 6 {
                continue;
            }
            for text in &shown {
                assert!(!text.contains(secret), "{}: {secret} in {text}", sample.id);
            }
        }
    }
}

#[test]
fn every_kind_has_a_name_of_its_own() {
    let mut ids: Vec<_> = kinds().map(|kind| kind.id).collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

/// `KINDS.md` lists what is known: `UPDATE_KINDS=1` writes it anew.
#[test]
fn the_list_of_kinds_is_as_the_registry() {
    let mut list = String::from(
        "# Kinds\n\nWhat `keyglance-inspect` tells, in the order in which it asks. The words of \
         the last two columns\nare those of `Evidence` and `Photographed`.\n\n\
         | id | app | kind | proves | who photographs it |\n|---|---|---|---|---|\n",
    );
    for kind in kinds() {
        list.push_str(&format!(
            "| `{}` | {} | {} | {} | {:?} |\n",
            kind.id,
            kind.app,
            kind.kind,
            kind.evidence.word(),
            kind.photographed
        ));
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/KINDS.md");
    if std::env::var_os("UPDATE_KINDS").is_some() {
        std::fs::write(path, &list).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), list, "UPDATE_KINDS=1 writes it anew");
}
