//! What the inspector's verdict is called in both faces. Its sentences come from
//! keyglance-inspect; here stand the headings around them.

use std::borrow::Cow;

use jiff::Timestamp;
use keyglance_core::text::begin_large;
#[cfg(feature = "gui")]
use keyglance_inspect::Role;
use keyglance_inspect::{Confidence, Part, Verdict, inspect};

/// Above what somebody could do who photographs the code.
pub const PHOTOGRAPHED: &str = "Who photographs this";
/// Above what the code proves of end-to-end encryption.
pub const PROVES: &str = "What it proves";
/// Above what no code can show.
pub const UNPROVED: &str = "Still unproved";
/// Above the parts.
pub const PARTS: &str = "What is in it";
/// An app that the guide does not have.
#[cfg(feature = "cli")]
pub fn no_such_app(name: &str) -> String {
    format!("The guide has no app called “{name}”.")
}

/// Two keys or numbers that should be the same are not.
#[cfg(feature = "cli")]
pub const DIFFERS: &str = "They differ.";
/// Two things that cannot be compared.
#[cfg(feature = "cli")]
pub const NOT_COMPARED: &str = "They cannot be compared.";
/// In none of what was looked at.
#[cfg(feature = "cli")]
pub const NO_CODE: &str = "No code was found.";
/// In one of several files.
#[cfg(feature = "cli")]
pub fn no_code_in(name: &str) -> String {
    format!("Note: there is no code in {name}.")
}

/// Above an ordinary text.
#[cfg(feature = "cli")]
pub const SAYS: &str = "What it says";
/// Beside a secret or a token that nobody has asked for.
pub const HIDDEN: &str = "hidden";

/// The first line: what it is, and how sure that is.
pub fn headline(verdict: &Verdict) -> String {
    let Verdict { app, kind, format, .. } = verdict;
    let what = || match *app {
        "unknown" if is_key_alone(verdict) => "No app that we know".to_owned(),
        "unknown" => format!("No app that we know: {kind}"),
        app => format!("{app}: {kind}"),
    };
    match verdict.confidence {
        Confidence::Exact => what(),
        Confidence::Damaged => format!("Looks like {}, but is not right", what()),
        Confidence::CouldBe if *app == "unknown" => what(),
        Confidence::CouldBe => format!("Could be {}", what()),
        Confidence::None if verdict.is_too_long() => "Too long to be a code".to_owned(),
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
    "Nothing of a form that we know was found in it. Nothing was opened.";
/// The same where it is longer than any code.
pub const TOO_LONG: &str = "It is longer than any code, so nobody has looked into it.";
/// Above the digits that two people compare.
pub const DIGITS: &str = "Safety number";
/// What stands in the place of what may be a secret.
#[cfg(feature = "cli")]
pub const WITH_REVEAL: &str = "What may be a secret is left out; --reveal shows it.";

/// The digits that two people compare, where a code has them.
pub fn digits(verdict: &Verdict) -> Option<&str> {
    verdict.details.get("digits").and_then(|digits| digits.as_str()).filter(|it| it.len() > 40)
}

/// "Can join until it is withdrawn.", below its heading.
pub fn photographed(verdict: &Verdict) -> String {
    let rest = verdict.photographed.strip_prefix(PHOTOGRAPHED).unwrap_or(&verdict.photographed);
    begin_large(rest.trim_start())
}

fn is_key_alone(verdict: &Verdict) -> bool {
    verdict.id == "fallback.key"
}

/// How sure the headline is.
pub fn sure(verdict: &Verdict) -> &'static str {
    match verdict.confidence {
        Confidence::Exact => "Recognised by its structure: certain.",
        Confidence::Damaged => "It has that form, and something in it does not fit.",
        Confidence::CouldBe if is_key_alone(verdict) => {
            "32 bytes that could be a key; public and secret look alike."
        }
        Confidence::CouldBe => "Its form fits. Nothing in it can be checked.",
        Confidence::None if verdict.is_too_long() => TOO_LONG,
        Confidence::None => NOTHING_TO_TELL,
    }
}

/// "Public key", as the first word of a row.
#[cfg(feature = "gui")]
pub fn role(role: Role) -> String {
    begin_large(role.word())
}

/// How large a part is: of a hidden one, that it is hidden, too.
pub fn size(part: &Part) -> String {
    match part.value() {
        Some(_) => super::bytes(part.bytes_len()),
        None => format!("{HIDDEN}, {}", super::bytes(part.bytes_len())),
    }
}

/// What of a part is shown: its value, or that it is hidden.
pub fn value(part: &Part, reveal: bool) -> Cow<'_, str> {
    match part.value() {
        Some(value) => value.into(),
        None if reveal => part.reveal().into(),
        None => size(part).into(),
    }
}

/// The headings and what stands below each.
pub fn sections(verdict: &Verdict) -> [(&'static str, String); 3] {
    [
        (PHOTOGRAPHED, photographed(verdict)),
        (PROVES, verdict.proves.clone()),
        (UNPROVED, verdict.unproved.clone()),
    ]
}

/// The whole verdict as a text to hand on: no secret and no token is in it.
#[cfg(feature = "gui")]
pub fn told(verdict: &Verdict) -> String {
    let mut text = format!("{}\n{}\n", headline(verdict), sure(verdict));
    for warning in &verdict.warnings {
        text.push_str(&format!("! {}\n", warning.text));
    }
    for (heading, said) in sections(verdict) {
        text.push_str(&format!("\n{heading}\n{said}\n"));
    }
    text.push('\n');
    for part in &verdict.parts {
        text.push_str(&format!(
            "{}, {}: {}\n",
            role(part.role()),
            part.label(),
            value(part, false)
        ));
    }
    text
}

/// A code that was shown where a pairing code was wanted: what it is, if we know it.
pub fn no_pairing_code(payload: &[u8]) -> Option<String> {
    // When it ends changes nothing of what it is.
    let verdict = inspect(payload, Timestamp::UNIX_EPOCH);
    let known = matches!(verdict.confidence, Confidence::Exact | Confidence::Damaged);
    (known && verdict.app != "unknown").then(|| {
        let article = if begins_with_vowel(verdict.app) { "an" } else { "a" };
        format!("That is {article} {} code, not a pairing code.", verdict.app)
    })
}

/// Whether the name is spoken with a vowel first: "an OpenPGP code", "a OneDrive code".
fn begins_with_vowel(app: &str) -> bool {
    const SPELLED: [&str; 3] = ["SSH", "XMPP", "mdoc"];
    const WITHOUT: [&str; 3] = ["OneDrive", "OneTimeSecret", "EU "];
    let is = |names: &[&str]| names.iter().any(|name| app.starts_with(name));
    let vowel = app.starts_with(['A', 'E', 'I', 'O', 'a', 'e', 'i', 'o']);
    vowel && !is(&WITHOUT) || is(&SPELLED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_code_is_named_in_plain_words() {
        let named = |text: &str| no_pairing_code(text.as_bytes());
        let said = "That is a Wi-Fi code, not a pairing code.";
        assert_eq!(named("WIFI:T:WPA;S:Guests;P:correct horse;;").as_deref(), Some(said));
        let said = "That is an OpenPGP code, not a pairing code.";
        assert_eq!(named(&format!("OPENPGP4FPR:{}", "0f".repeat(20))).as_deref(), Some(said));
        assert_eq!(named("https://example.org/menu"), None);
        assert_eq!(named("hello"), None);
    }

    #[cfg(feature = "gui")]
    #[test]
    fn no_secret_is_in_what_is_handed_on() {
        let verdict = inspect(b"WIFI:T:WPA;S:Guests;P:correct horse;;", Timestamp::UNIX_EPOCH);
        let told = told(&verdict);
        assert!(told.contains("Wi-Fi: network") && told.contains("Guests"), "{told}");
        assert!(!told.contains("horse") && told.contains("hidden, 13 bytes"), "{told}");
    }
}
