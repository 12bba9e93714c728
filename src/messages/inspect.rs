//! What the inspector's verdict is called in both faces. Its sentences come from
//! keyglance-inspect; here stand the headings around them.

use std::borrow::Cow;

use keyglance_inspect::{Confidence, Part, Verdict};

/// Above what somebody could do who photographs the code.
pub const PHOTOGRAPHED: &str = "Who photographs this";
/// Above what the code proves of end-to-end encryption.
pub const PROVES: &str = "What it proves";
/// Above what no code can show.
pub const UNPROVED: &str = "Still unproved";
/// Above the parts.
pub const PARTS: &str = "What is in it";
/// Beside a secret or a token that nobody has asked for.
pub const HIDDEN: &str = "hidden";

/// The first line: what it is, and how sure that is.
pub fn headline(verdict: &Verdict) -> String {
    let Verdict { app, kind, format, .. } = verdict;
    let what = || match *app {
        "unknown" => format!("No app that we know: {kind}"),
        app => format!("{app}: {kind}"),
    };
    match verdict.confidence {
        Confidence::Exact => what(),
        Confidence::Damaged => format!("Looks like {}, but is not right", what()),
        Confidence::CouldBe if *app == "unknown" => what(),
        Confidence::CouldBe => format!("Could be {}", what()),
        Confidence::None => ordinary(format),
    }
}

fn ordinary(format: &str) -> String {
    match format {
        "URL" => "An ordinary web address".to_owned(),
        "text" => "An ordinary text".to_owned(),
        "binary" => "Bytes of no form that we know".to_owned(),
        format => format!("Ordinary: {format}"),
    }
}

/// Below the headline, where there is nothing else to tell.
pub const NOTHING_TO_TELL: &str =
    "No key, secret or token of an app that we know is in it. Nothing was opened.";

/// "Can join until it is withdrawn.", below its heading.
pub fn photographed(verdict: &Verdict) -> String {
    let rest = verdict.photographed.strip_prefix(PHOTOGRAPHED).unwrap_or(&verdict.photographed);
    let mut letters = rest.trim_start().chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What of a part is shown: its value, or that it is hidden.
pub fn value(part: &Part, reveal: bool) -> Cow<'_, str> {
    match part.value() {
        Some(value) => value.into(),
        None if reveal => part.reveal().into(),
        None => format!("{HIDDEN}, {}", super::bytes(part.bytes_len())).into(),
    }
}
