//! What each call of the page does, as the page would see it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod errors;
mod exports;
mod files;
mod key_files;
mod pairing;
mod reader;

use keyglance_core::test_util::seeded;
use keyglance_phone::{Error, Instance, Output};
use rand_chacha::ChaCha20Rng;
use serde_json::Value;

type Page = Instance<ChaCha20Rng>;

/// 2026-11-27T01:00:00Z, and half a second.
const UNIX: f64 = 1_795_741_200_500.0;

fn json(output: &Output) -> Value {
    serde_json::from_slice(output).unwrap()
}

/// A page that has begun to offer a pairing.
fn page(name: &str, suites: u32, seed: u64) -> Page {
    let mut page = Page::default();
    page.begin(name.as_bytes(), 0.0, suites, seeded(seed)).unwrap();
    page
}

/// What a page shows, as a picture of bytes that are grey: four pixels a module.
fn picture(code: &[u8]) -> (Vec<u8>, u32) {
    const SCALE: usize = 4;
    let side = usize::from(code[0]);
    let outer = (side + 8) * SCALE;
    let dark = |x: usize, y: usize| {
        let (x, y) = (x / SCALE, y / SCALE);
        let inside = (4..side + 4).contains(&x) && (4..side + 4).contains(&y);
        inside && code[4 + (y - 4) * side + x - 4] == 1
    };
    let pixels = (0..outer * outer).map(|n| if dark(n % outer, n / outer) { 0 } else { 255 });
    (pixels.collect(), u32::try_from(outer).unwrap())
}

/// The bytes of the only code that the page shows now, read by another one's reader.
fn seen(page: &mut Page, now: f64) -> Vec<u8> {
    let (pixels, side) = picture(&page.code(now).unwrap());
    let readings = Page::default().decode_luma(&pixels, (side, side, side)).unwrap();
    assert_eq!(readings[0], 1, "one code");
    let length = u32::from_le_bytes(readings[1..5].try_into().unwrap()) as usize;
    readings[5..5 + length].to_vec()
}

/// The names of events.
fn names(events: &Value) -> Vec<&str> {
    events.as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap()).collect()
}

/// Two pages that look at each other until both have the key, and all that they told.
fn paired(suites: u32, seed: u64) -> ([Page; 2], [Vec<Value>; 2]) {
    let mut pages = [page("Ana's phone", suites, seed), page("Bo", suites, seed + 1)];
    let mut told = [Vec::new(), Vec::new()];
    for round in 1..200 {
        let now = f64::from(round) * 100.0;
        for me in [0, 1] {
            let code = seen(&mut pages[1 - me], now);
            let events = json(&pages[me].sighted(&code, now).unwrap());
            told[me].extend(events.as_array().unwrap().iter().cloned());
        }
        let finished = |told: &Vec<Value>| told.iter().any(|event| event["event"] == "finished");
        if told.iter().all(finished) {
            return (pages, told);
        }
    }
    panic!("no pairing: {told:?}");
}

/// What this page's screen shows to be typed on the other one.
fn digits(page: &mut Page) -> String {
    let summary = json(&page.summary(UNIX).unwrap());
    summary["check_code"].as_str().unwrap().to_owned()
}

/// Two pages that paired and compared.
fn compared(suites: u32, seed: u64) -> [Page; 2] {
    let (mut pages, _) = paired(suites, seed);
    let [ana, bo] = &mut pages;
    let shown = [digits(ana), digits(bo)];
    for (page, typed) in [(ana, &shown[1]), (bo, &shown[0])] {
        let answer = json(&page.compare(typed.as_bytes(), UNIX).unwrap());
        assert_eq!(answer["result"], "match");
    }
    pages
}

/// The number of an error that says what happened.
fn code(result: Result<Output, Error>) -> i32 {
    let error = result.expect_err("an error");
    let told: Value = serde_json::from_slice(&error.to_json()).unwrap();
    assert_eq!(told["error"], error.name());
    assert!(!told["text"].as_str().unwrap().is_empty());
    error.code()
}
