//! `tests/vectors/kinds.jsonl`, which `kinds.py` beside it writes without our code: for each
//! kind other examples than the samples, near misses, and each checksum broken.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use keyglance_inspect::serde_json::{self, Value};
use keyglance_inspect::{Confidence, inspect, kinds};

use crate::samples::now;

const LINES: &str = include_str!("../vectors/kinds.jsonl");

pub struct Line {
    pub id: String,
    pub expect: String,
    pub payload: Vec<u8>,
}

pub fn lines() -> Vec<Line> {
    let read = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| line[name].as_str().map(str::to_owned);
        let payload = match text("payload") {
            Some(text) => text.into_bytes(),
            None => BASE64.decode(text("payload_base64").unwrap().as_bytes()).unwrap(),
        };
        Line { id: text("id").unwrap(), expect: text("expect").unwrap(), payload }
    };
    LINES.lines().map(read).collect()
}

#[test]
fn examples_near_misses_and_broken_checksums() {
    let mut wrong = Vec::new();
    for line in lines() {
        let verdict = inspect(&line.payload, now());
        let right = match line.expect.as_str() {
            "other" => verdict.id != line.id,
            expect => (verdict.id, verdict.confidence.word()) == (&line.id, expect),
        };
        if !right {
            let shown = String::from_utf8_lossy(&line.payload).into_owned();
            wrong.push(format!(
                "{} {}: told {} {} {:?} for {shown:?}",
                line.id,
                line.expect,
                verdict.id,
                verdict.confidence.word(),
                verdict.warnings.iter().map(|warning| &warning.text).collect::<Vec<_>>(),
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is damaged says what is wrong with it, and shows nothing of it.
#[test]
fn damaged_codes_say_why() {
    for line in lines().iter().filter(|line| line.expect == "damaged") {
        let verdict = inspect(&line.payload, now());
        assert_eq!(verdict.confidence, Confidence::Damaged);
        let reason = verdict.warnings.iter().find(|warning| warning.code.word() == "damaged");
        assert!(reason.is_some_and(|reason| reason.text.len() > "Damaged: .".len()));
    }
}

#[test]
fn every_kind_has_an_example_and_two_near_misses() {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for line in lines() {
        let (told, near) = counts.entry(line.id).or_default();
        match line.expect.as_str() {
            "exact" | "could-be" => *told += 1,
            _ => *near += 1,
        }
    }
    for kind in kinds() {
        let (told, near) = counts.get(kind.id).copied().unwrap_or_default();
        assert!(told >= 1 && near >= 2, "{}: {told} told, {near} near misses", kind.id);
    }
    for id in counts.keys() {
        assert!(kinds().any(|kind| kind.id == id), "{id} is no kind");
    }
}

/// What is nearly one kind is none of another app's, unless that is what it is.
#[test]
fn a_near_miss_is_no_other_apps_code() {
    let app = |id: &str| id.split('.').next().unwrap().to_owned();
    let told_as = [("deltachat.contact", "openpgp.fingerprint"), ("android.adb", "wifi.network")];
    for line in lines().iter().filter(|line| line.expect == "other") {
        let verdict = inspect(&line.payload, now());
        let known = told_as.contains(&(line.id.as_str(), verdict.id));
        assert!(
            verdict.confidence != Confidence::Exact || app(&line.id) == app(verdict.id) || known,
            "{} told as {}: {}",
            line.id,
            verdict.id,
            String::from_utf8_lossy(&line.payload)
        );
    }
}
