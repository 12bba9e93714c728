//! Whether two codes, or a code and a pasted value, hold the same key.

mod numbers;
mod pasted;
mod values;

use crate::verdict::{Confidence, Verdict};
use values::{
    Comparable, Group, OF_SECRET, Owner, Tag, alike, any_will_do, is_known_to_all, is_passing,
    owner, same, values,
};

pub use pasted::expect;

/// What comparing says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The same key, or safety numbers that mirror each other.
    Match,
    /// Another key.
    Mismatch,
    /// The same safety number code twice: of one person, not of two.
    SameScreen,
    /// Keys that cannot be the same, since they are of different kinds.
    DifferentKinds,
    /// There is no key on one side.
    NothingToCompare,
}

impl Outcome {
    /// The word in the JSON of a verdict.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Mismatch => "mismatch",
            Self::SameScreen => "same-screen",
            Self::DifferentKinds => "different-kinds",
            Self::NothingToCompare => "nothing-to-compare",
        }
    }
}

/// What comparing says, and the sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comparison {
    /// What it says.
    pub outcome: Outcome,
    /// The sentence.
    pub text: String,
}

fn says(outcome: Outcome, text: impl Into<String>) -> Comparison {
    Comparison { outcome, text: text.into() }
}

fn named(verdict: &Verdict) -> String {
    match verdict.app {
        "" if verdict.format == "empty" => "nothing".to_owned(),
        "" => format!("an ordinary code, {}", verdict.format),
        app => format!("{app}: {}", verdict.kind),
    }
}

const MATCH: &str = "They agree: it is the same key.";
const MISMATCH: &str = "They do not agree: these are different keys. Somebody may stand in \
                        between, or one is of another person or device.";
const OTHER_CHANNEL: &str = "They do not agree: it is another channel or network, or another key.";
const PASSING: &str = "They hold different keys, as two codes of this kind always do: each is made \
                       for one connection. That proves nothing, good or bad.";

/// Compares two codes, in constant time.
///
/// The safety numbers of two people mirror each other: what one device calls its own key is
/// the other's remote one.
///
/// ```
/// use keyglance_inspect::{Outcome, compare, inspect, jiff::Timestamp};
///
/// let told = |code: &str| inspect(code.as_bytes(), Timestamp::UNIX_EPOCH);
/// let channel = told("meshcore://channel/add?name=A&secret=e4d18d3bf1f373d16f9a995ebbc995ca");
/// let renamed = told("meshcore://channel/add?name=B&secret=e4d18d3bf1f373d16f9a995ebbc995ca");
/// assert_eq!(compare(&channel, &renamed).outcome, Outcome::Match);
/// assert_eq!(compare(&channel, &told("WIFI:S:Cafe;;")).outcome, Outcome::NothingToCompare);
/// ```
#[must_use]
pub fn compare(one: &Verdict, other: &Verdict) -> Comparison {
    if let Some(comparison) = numbers::compare(one, other) {
        return comparison;
    }
    let (ours, theirs) = (values(one), values(other));
    for (values, verdict) in [(&ours, one), (&theirs, other)] {
        if values.is_empty() && numbers::digits(verdict).is_none() {
            return nothing_in(verdict);
        }
    }
    if !Group::of(one.id).fits(Group::of(other.id)) {
        return different(one, other);
    }
    let pairs: Vec<Pair<'_>> = ours
        .iter()
        .flat_map(|ours| theirs.iter().map(move |theirs| (ours, theirs)))
        .filter(|(ours, theirs)| alike(ours, theirs))
        // Of two codes of one kind each key has its counterpart.
        .filter(|(ours, theirs)| {
            one.id != other.id || any_will_do(one.id) || ours.label == theirs.label
        })
        .map(|(ours, theirs)| Pair { ours, theirs, agrees: same(ours, theirs) })
        .collect();
    if pairs.is_empty() {
        return different(one, other);
    }
    let bound = one.id == other.id && !any_will_do(one.id);
    let agrees = if bound {
        pairs.iter().all(|pair| pair.agrees)
    } else {
        pairs.iter().any(|pair| pair.agrees)
    };
    if agrees {
        return agree(&pairs, (one, &ours), (other, &theirs), bound);
    }
    let raw = |values: &[Comparable]| values.iter().all(|value| value.tag == Tag::Any);
    match (is_passing(one), is_passing(other)) {
        (false, false) => {}
        (true, true) if one.id == other.id => return says(Outcome::NothingToCompare, PASSING),
        _ if raw(&ours) || raw(&theirs) => {}
        _ => return different(one, other),
    }
    // An app may have keys for several things: those of different ones differ.
    let open = Group::of(one.id).is_open() || Group::of(other.id).is_open();
    let one_thing = |pair: &Pair<'_>| {
        let (ours, theirs) = (&*pair.ours.label, &*pair.theirs.label);
        open || ours == theirs || ours == OF_SECRET || theirs == OF_SECRET
    };
    if one.id != other.id && !pairs.iter().any(one_thing) {
        return different(one, other);
    }
    if pairs.iter().all(|pair| pair.ours.tag == Tag::Channel || pair.theirs.tag == Tag::Channel) {
        return says(Outcome::Mismatch, OTHER_CHANNEL);
    }
    let which = |agrees: bool| {
        let labels = pairs.iter().filter(|pair| pair.agrees == agrees);
        labels.map(|pair| article(&pair.ours.label)).collect::<Vec<_>>().join(", ")
    };
    if pairs.iter().any(|pair| pair.agrees) {
        let text = format!("{MISMATCH} In common: {}. Different: {}.", which(true), which(false));
        return says(Outcome::Mismatch, text);
    }
    says(Outcome::Mismatch, MISMATCH)
}

/// Two values that could be the same.
struct Pair<'v> {
    ours: &'v Comparable,
    theirs: &'v Comparable,
    agrees: bool,
}

/// What is said of keys that agree: which, where a code has several, and what differs beside.
fn agree(
    pairs: &[Pair<'_>],
    (one, ours): (&Verdict, &[Comparable]),
    (other, theirs): (&Verdict, &[Comparable]),
    bound: bool,
) -> Comparison {
    let Some(pair) = pairs.iter().find(|pair| pair.agrees) else {
        return says(Outcome::Mismatch, MISMATCH);
    };
    if pair.ours.tag == Tag::Channel || pair.theirs.tag == Tag::Channel {
        let known = is_known_to_all(one) || is_known_to_all(other);
        let known = if known { " It is one that everybody knows." } else { "" };
        return says(Outcome::Match, format!("They agree: the same channel key.{known}"));
    }
    let owners = owner(one).zip(owner(other)).filter(|(one, other)| !one.is(*other));
    if let Some((Owner::Address(one), Owner::Address(other))) = owners {
        let text = format!(
            "The key is the same and the addresses differ: {one} and {other}. One of them is not \
             the address of who has the key, or that person has both."
        );
        return says(Outcome::Mismatch, text);
    }
    let mut text = MATCH.to_owned();
    if bound && pairs.len() > 1 && pairs.iter().all(|pair| pair.ours.label != "fingerprint") {
        "They agree: all their keys are the same.".clone_into(&mut text);
    } else if !bound {
        let name = |values: &[Comparable], value: &Comparable| {
            (values.len() > 1 && is_telling(&value.label)).then(|| article(&value.label))
        };
        match (name(ours, pair.ours), name(theirs, pair.theirs)) {
            (Some(one), Some(other)) if one != other => {
                text.push_str(&format!(" In one it is {one}, in the other {other}."));
            }
            (Some(name), _) | (None, Some(name)) => text.push_str(&format!(" It is {name}.")),
            (None, None) => {}
        }
        if pairs.iter().any(|pair| pair.ours.tag == Tag::Certificate && !pair.agrees) {
            text.push_str(" The certificates are not the same one.");
        }
    }
    if owners.is_some() {
        text.push_str(" The identity is another.");
    }
    let nospam = |verdict: &Verdict| {
        verdict.parts.iter().find(|part| part.label == "nospam").map(|part| part.raw.clone())
    };
    if let (Some(one), Some(other)) = (nospam(one), nospam(other))
        && one != other
    {
        text.push_str(" The number against spam is another, which its owner can change.");
    }
    says(Outcome::Match, text)
}

/// Whether a label says more than that it is a key.
fn is_telling(label: &str) -> bool {
    !matches!(label, "key" | "public key" | "fingerprint")
}

/// A label within a sentence.
fn article(label: &str) -> String {
    match label {
        "peer key" => "one of its peers".to_owned(),
        "trusted" => "one that the message says to trust".to_owned(),
        label if label.starts_with("the ") => label.to_owned(),
        // "device 12345"
        label if label.ends_with(|c: char| c.is_ascii_digit()) => label.to_owned(),
        label => format!("the {label}"),
    }
}

fn nothing_in(verdict: &Verdict) -> Comparison {
    let text = match verdict.confidence {
        Confidence::Damaged => {
            format!("Nothing can be compared: one of them is damaged ({}).", named(verdict))
        }
        _ => format!("There is no key to compare in one of them ({}).", named(verdict)),
    };
    says(Outcome::NothingToCompare, text)
}

fn different(one: &Verdict, other: &Verdict) -> Comparison {
    let text = if one.id == other.id {
        format!("These are keys of different kinds, both in {}.", named(one))
    } else {
        format!("These are different kinds: {}, and {}.", named(one), named(other))
    };
    says(Outcome::DifferentKinds, text)
}
