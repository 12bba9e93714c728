//! What somebody pasted, in whatever notation.

use std::borrow::Cow;

use data_encoding::BASE64;
use keyglance_core::crypto::SafetyNumber;
use keyglance_core::intake;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::values::{Comparable, Tag, alike, is_known_to_all, same, values};
use super::{
    Comparison, MATCH, MISMATCH, OTHER_CHANNEL, Outcome, article, is_telling, named, numbers, says,
};
use crate::engine::inspect;
use crate::read::Reader;
use crate::read::der::PublicKeyInfo;
use crate::read::encoding::{base32, base64, hex};
use crate::verdict::{Confidence, Part, Role, Verdict};

/// What shorter endings than this can be made to fit, with a laptop and patience.
const SHORTEST: usize = 9;

/// No key and no fingerprint is shorter; words can be read as base64 too.
const SHORTEST_KEY: usize = 16;

/// Compares a code with a pasted key, fingerprint or number, in constant time. Case, white
/// space, colons and hyphens do not matter in hexadecimal numbers and digits; base64 and
/// base64url are alike.
///
/// ```
/// use keyglance_inspect::{Outcome, expect, inspect, jiff::Timestamp};
///
/// let code = "OPENPGP4FPR:D1A66E1A23B182C9980F788CFBFCC82A015E7330";
/// let verdict = inspect(code.as_bytes(), Timestamp::UNIX_EPOCH);
/// let printed = "d1a6 6e1a 23b1 82c9 980f  788c fbfc c82a 015e 7330";
/// assert_eq!(expect(&verdict, printed).outcome, Outcome::Match);
/// // An ending can be made to fit.
/// assert_eq!(expect(&verdict, "015e7330").outcome, Outcome::NothingToCompare);
/// ```
#[must_use]
pub fn expect(verdict: &Verdict, pasted: &str) -> Comparison {
    if let Some(typed) = SafetyNumber::parse(pasted) {
        return numbers::expect(verdict, &typed);
    }
    if let Some(comparison) = as_shown(verdict, pasted) {
        return comparison;
    }
    let several = "More than one key or fingerprint was pasted. Paste one.";
    let Some(pasted) = labelled(pasted.trim()) else {
        return says(Outcome::NothingToCompare, several);
    };
    if holds_several(pasted) {
        return says(Outcome::NothingToCompare, several);
    }
    if pasted.split_whitespace().any(|word| word.starts_with("MD5:")) {
        let text = "An MD5 fingerprint can be made to fit. Take the SHA256 one.";
        return says(Outcome::NothingToCompare, text);
    }
    // Groups of a fingerprint may be set apart.
    let compact: Zeroizing<String> =
        Zeroizing::new(intake::key(pasted).chars().filter(|c| !matches!(c, ':' | '-')).collect());
    let digits = compact.strip_prefix("0x").or_else(|| compact.strip_prefix("0X"));
    let hexadecimal = hex(digits.unwrap_or(&compact));
    if let Some(ending) = hexadecimal.as_ref().filter(|it| it.raw.len() < SHORTEST) {
        let text = format!(
            "Too short to compare: {} digits can be made to fit. Take the whole fingerprint.",
            ending.raw.len() * 2
        );
        return says(Outcome::NothingToCompare, text);
    }
    let told = inspect(without_frills(pasted).as_bytes(), jiff::Timestamp::UNIX_EPOCH);
    let is_code = numbers::digits(&told).is_some() || !values(&told).is_empty();
    if is_code && told.id != "fallback.key" {
        let comparison = super::compare(verdict, &told);
        let certain = told.confidence == Confidence::Exact
            && (comparison.outcome != Outcome::DifferentKinds || hexadecimal.is_none());
        if certain || comparison.outcome == Outcome::Match {
            return comparison;
        }
    }
    let known = values(verdict);
    if numbers::digits(verdict).is_some() {
        let text = "A safety number is compared with the other device's, or with its sixty digits.";
        return says(Outcome::DifferentKinds, text);
    }
    if known.is_empty() {
        let text = match verdict.confidence {
            Confidence::Damaged => {
                format!("Nothing can be compared: the code is damaged ({}).", named(verdict))
            }
            _ => format!("There is no key to compare in the code ({}).", named(verdict)),
        };
        return says(Outcome::NothingToCompare, text);
    }
    let readings = [
        hexadecimal.map(|it| it.raw),
        base64(&intake::key(pasted)).map(|it| it.raw),
        base32(&compact),
    ];
    let readings: Vec<Comparable> = readings
        .into_iter()
        .flatten()
        .filter(|bytes| bytes.len() >= SHORTEST_KEY)
        .map(Comparable::pasted)
        .collect();
    if readings.is_empty() {
        let text = match told.confidence {
            Confidence::Damaged => {
                format!("Nothing can be compared: what was pasted is damaged ({}).", named(&told))
            }
            _ => "What was pasted is no key and no fingerprint.".to_owned(),
        };
        return says(Outcome::NothingToCompare, text);
    }
    with_bytes(verdict, &known, &readings)
}

/// Compares with a key in the form in which we show it.
fn as_shown(verdict: &Verdict, pasted: &str) -> Option<Comparison> {
    let pasted = intake::key(pasted);
    let digits = intake::digits(&pasted);
    let same = |part: &&Part| {
        let shown = intake::key(&part.value);
        let as_digits = digits.is_some() && digits == intake::digits(&shown);
        bool::from(shown.as_bytes().ct_eq(pasted.as_bytes())) || as_digits
    };
    let keys = verdict.parts.iter().filter(|part| part.role == Role::PublicKey);
    let keys: Vec<&Part> = keys.filter(|part| part.raw.len() >= SHORTEST).collect();
    let agreeing = *keys.iter().find(|part| same(part))?;
    if numbers::digits(verdict).is_some() {
        return None;
    }
    Some(match agreeing.label {
        "distrusted" => says(Outcome::Mismatch, "The message says not to trust this key."),
        // Which device it is is told below.
        "device" => return None,
        label if is_telling(label) && values(verdict).len() > 1 => {
            says(Outcome::Match, format!("{MATCH} It is {}.", article(label)))
        }
        _ => says(Outcome::Match, MATCH),
    })
}

/// Compares with bytes of which nothing else is known.
fn with_bytes(verdict: &Verdict, known: &[Comparable], readings: &[Comparable]) -> Comparison {
    let pairs: Vec<(&Comparable, bool)> = known
        .iter()
        .flat_map(|known| readings.iter().map(move |pasted| (known, pasted)))
        .filter(|(known, pasted)| alike(known, pasted))
        .map(|(known, pasted)| (known, same(known, pasted)))
        .collect();
    let channel = |(known, _): &(&Comparable, bool)| known.tag == Tag::Channel;
    match pairs.iter().find(|(_, agrees)| *agrees) {
        Some(pair) if channel(pair) => {
            let known =
                if is_known_to_all(verdict) { " It is one that everybody knows." } else { "" };
            says(Outcome::Match, format!("They agree: the same channel key.{known}"))
        }
        Some((agreeing, _)) if known.len() > 1 && is_telling(&agreeing.label) => {
            says(Outcome::Match, format!("{MATCH} It is {}.", article(&agreeing.label)))
        }
        Some(_) => says(Outcome::Match, MATCH),
        None if pairs.is_empty() => says(
            Outcome::DifferentKinds,
            format!("What was pasted is not as long as a key of this kind ({}).", named(verdict)),
        ),
        None if pairs.iter().all(channel) => says(Outcome::Mismatch, OTHER_CHANNEL),
        None => says(Outcome::Mismatch, MISMATCH),
    }
}

/// What stands after the label "fingerprint" that gpg, openssl and others print, or all of
/// the text if there is none; `None` if several different ones are labelled.
fn labelled(pasted: &str) -> Option<&str> {
    let value = |line: &'_ str| -> Option<usize> {
        let at = line.find(['=', ':'])?;
        let label = line.get(..at)?.to_lowercase();
        let label = label.trim_end();
        let last = label.strip_suffix(" is").unwrap_or(label).split_whitespace().last();
        (last == Some("fingerprint")).then_some(at + 1)
    };
    let mut found = pasted
        .lines()
        .filter_map(|line| Some(line.get(value(line)?..)?.trim()))
        .filter(|it| !it.is_empty());
    let Some(first) = found.next() else { return Some(pasted) };
    found.all(|other| intake::key(other) == intake::key(first)).then_some(first)
}

/// Whether different fingerprints or keys of programs stand in one text: which of them is
/// meant nobody can tell.
fn holds_several(pasted: &str) -> bool {
    let is_blob = |word: &str| {
        word.len() > 40
            && base64(word).is_some_and(|blob| {
                let name = Reader(&blob.raw).prefixed32();
                name.and_then(|name| str::from_utf8(name).ok()).is_some_and(is_type)
            })
    };
    let mut keys = pasted.split_whitespace().filter(|it| it.starts_with("SHA256:") || is_blob(it));
    let first = keys.next();
    let differ = keys.any(|other| Some(other) != first);
    differ || pasted.matches("-----BEGIN PUBLIC KEY").count() > 1
}

/// Whether a word is a type of SSH keys.
fn is_type(word: &str) -> bool {
    ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"].iter().any(|it| word.starts_with(it))
}

/// An SSH key or fingerprint out of the line that a program wrote: known_hosts, `ssh-keygen
/// -l`, authorized_keys with options, or the key alone; PEM without its first and last line.
fn without_frills(pasted: &str) -> Cow<'_, str> {
    let words: Vec<&str> = pasted.split_whitespace().collect();
    let hash = words.iter().find(|word| word.starts_with("SHA256:"));
    if pasted.lines().count() > 1 {
        // What ssh-keygen says when it has made a key.
        return hash.map_or(pasted, |hash| hash).into();
    }
    if let Some(place) = words.iter().position(|word| is_type(word)) {
        return words.get(place..).unwrap_or_default().join(" ").into();
    }
    if let Some(hash) = hash {
        return (*hash).into();
    }
    let [word] = words.as_slice() else { return pasted.into() };
    let Some(bytes) = base64(word) else { return pasted.into() };
    if PublicKeyInfo::parse(&bytes.raw).is_some() {
        let body = BASE64.encode(&bytes.raw);
        return format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----").into();
    }
    let name = Reader(&bytes.raw).prefixed32().and_then(|name| str::from_utf8(name).ok());
    match name.filter(|name| is_type(name)) {
        Some(name) => format!("{name} {word}").into(),
        None => pasted.into(),
    }
}
