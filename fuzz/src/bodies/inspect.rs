//! What somebody asks "What is this code?" of.

use keyglance_inspect::jiff::Timestamp;
use keyglance_inspect::{Confidence, compare, expect, inspect};

/// Whatever it is, it is told, with a reason where it is damaged, and without hidden
/// characters and what nobody asked for. Its halves are compared, either way alike.
pub fn run(data: &[u8]) {
    let now = Timestamp::UNIX_EPOCH;
    let verdict = inspect(data, now);
    let damaged = verdict.warnings.iter().any(|warning| warning.code.word() == "damaged");
    assert_eq!(damaged, verdict.confidence == Confidence::Damaged);
    assert_eq!(verdict.id == "none", verdict.confidence == Confidence::None);
    for part in &verdict.parts {
        assert_eq!(part.value().is_none(), part.role().is_masked());
        assert_eq!(keyglance_inspect::visible(part.reveal()), part.reveal());
    }
    let masked = verdict.to_json(false);
    for part in masked["parts"].as_array().unwrap() {
        assert_eq!(part["masked"] == true, part.get("value").is_none());
    }
    // Telling changes nothing: the same again.
    assert_eq!(inspect(data, now).to_json(true), verdict.to_json(true));

    let (one, other) = data.split_at(data.len() / 2);
    let (first, second) = (inspect(one, now), inspect(other, now));
    assert_eq!(compare(&first, &second).outcome, compare(&second, &first).outcome);
    if let Ok(pasted) = str::from_utf8(other) {
        let _ = expect(&first, pasted);
        let _ = expect(&verdict, pasted);
    }
}
