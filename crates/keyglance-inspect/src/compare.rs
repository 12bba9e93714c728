//! Whether two codes, or a code and a pasted value, hold the same key.

use subtle::ConstantTimeEq as _;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use keyglance_core::crypto::SafetyNumber;
use keyglance_core::intake;

use crate::engine::inspect;
use crate::read::encoding::{base32, base64, hex};
use crate::verdict::{Algorithm, Confidence, Part, Role, Verdict};

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

/// What a value is, as far as two must agree in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Key(Algorithm),
    OpenPgp,
    SshFingerprint,
    /// Anything else that is public, within one app.
    Public,
    /// A key that all who are in a channel have.
    Channel,
    /// Pasted bytes.
    Any,
}

/// A value that can be compared.
struct Comparable {
    tag: Tag,
    bytes: Zeroizing<Vec<u8>>,
    /// What it is called, where a code has several.
    label: &'static str,
}

/// Kinds whose keys are compared only with each other's; keys of no app, with all.
fn group(id: &str) -> &str {
    match id.split_once('.').map_or(id, |(app, _)| app) {
        "pem" | "jwk" | "did" | "fallback" => "",
        "deltachat" => "openpgp",
        app => app,
    }
}

fn key_tag(part: &Part) -> Tag {
    match part.algorithm {
        Algorithm::Other | Algorithm::Rsa => Tag::Public,
        algorithm => Tag::Key(algorithm),
    }
}

/// The X25519 key of a secret.
fn public_of(secret: &Part) -> Option<Zeroizing<Vec<u8>>> {
    let bytes: [u8; 32] = secret.raw.as_slice().try_into().ok()?;
    let secret = StaticSecret::from(*Zeroizing::new(bytes));
    Some(Zeroizing::new(PublicKey::from(&secret).as_bytes().to_vec()))
}

/// Every value of a verdict that can be compared.
fn comparables(verdict: &Verdict) -> Vec<Comparable> {
    let mut found = Vec::new();
    if matches!(verdict.confidence, Confidence::None | Confidence::Damaged) {
        return found;
    }
    let detail = |name: &str| verdict.details.get(name).and_then(|value| value.as_str());
    let mut add = |tag, bytes: &[u8], label| {
        found.push(Comparable { tag, bytes: Zeroizing::new(bytes.to_vec()), label });
    };
    for part in &verdict.parts {
        match (verdict.id, part.role) {
            ("openpgp.fingerprint", Role::PublicKey) => add(Tag::OpenPgp, &part.raw, part.label),
            ("openpgp.public-block", Role::PublicKey) => {}
            (id, Role::PublicKey) if id.starts_with("deltachat.") => {
                let tag = if part.label == "fingerprint" { Tag::OpenPgp } else { Tag::Public };
                add(tag, &part.raw, part.label);
            }
            ("ssh.fingerprint", Role::PublicKey) => add(Tag::SshFingerprint, &part.raw, part.label),
            (_, Role::PublicKey) => add(key_tag(part), &part.raw, part.label),
            ("wireguard.config", Role::Secret) if part.label == "private key" => {
                if let Some(public) = public_of(part) {
                    add(Tag::Key(Algorithm::X25519), &public, "the interface's own key");
                }
            }
            ("age.identity" | "tor.client-private", Role::Secret) => {
                if let Some(public) = public_of(part) {
                    add(Tag::Key(Algorithm::X25519), &public, "the public key of this secret");
                }
            }
            ("meshtastic.channel" | "meshcore.channel", Role::Secret) => {
                add(Tag::Channel, &part.raw, part.label);
            }
            ("fallback.key", Role::Secret) => add(Tag::Any, &part.raw, part.label),
            _ => {}
        }
    }
    // A network is its name and its password.
    if verdict.id == "wifi.network"
        && let Some(password) = verdict.parts.iter().find(|part| part.role == Role::Secret)
    {
        let network = verdict.parts.iter().find(|part| part.label == "network");
        let network = network.map_or(&[][..], |part| part.raw.as_slice());
        let length = network.len().to_be_bytes();
        add(Tag::Channel, &[&length[..], network, &password.raw].concat(), "password");
    }
    if verdict.id == "openpgp.public-block"
        && let Some(fingerprint) = detail("fingerprint").and_then(hex)
    {
        add(Tag::OpenPgp, &fingerprint.raw, "fingerprint");
    }
    if verdict.id == "ssh.public-key"
        && let Some(fingerprint) = detail("fingerprint").and_then(|it| it.strip_prefix("SHA256:"))
        && let Some(fingerprint) = base64(fingerprint)
    {
        add(Tag::SshFingerprint, &fingerprint.raw, "fingerprint");
    }
    found
}

/// A point of P-256 by its x and, where it is known, the parity of its y.
fn p256(bytes: &[u8]) -> (&[u8], Option<u8>) {
    match bytes {
        [sign @ (2 | 3), x @ ..] if x.len() == 32 => (x, Some(sign & 1)),
        [4, xy @ ..] if xy.len() == 64 => {
            (xy.get(..32).unwrap_or_default(), xy.last().map(|y| y & 1))
        }
        x => (x, None),
    }
}

fn same(one: &Comparable, other: &Comparable) -> bool {
    if one.tag == Tag::Key(Algorithm::P256) || other.tag == Tag::Key(Algorithm::P256) {
        let ((x, sign), (other_x, other_sign)) = (p256(&one.bytes), p256(&other.bytes));
        let signs = sign.zip(other_sign).is_none_or(|(one, other)| one == other);
        return x.ct_eq(other_x).into() && signs;
    }
    one.bytes.ct_eq(&other.bytes).into()
}

/// Whether the two could be the same at all.
fn comparable(one: &Comparable, other: &Comparable) -> bool {
    match (one.tag, other.tag) {
        (Tag::Channel, Tag::Any) | (Tag::Any, Tag::Channel) => one.bytes.len() == other.bytes.len(),
        (Tag::Any, _) | (_, Tag::Any) => one.bytes.len() == other.bytes.len() || same(one, other),
        (one, other) => one == other,
    }
}

fn named(verdict: &Verdict) -> String {
    match verdict.app {
        "" => format!("an ordinary {}", verdict.format),
        app => format!("{app}: {}", verdict.kind),
    }
}

/// Local and remote side of a safety number.
fn sides(verdict: &Verdict) -> Option<(&[u8], &[u8])> {
    let is_number = matches!(verdict.id, "signal.safety-number" | "keyglance.fingerprint");
    match verdict.parts.as_slice() {
        [local, remote] if is_number => Some((&local.raw, &remote.raw)),
        _ => None,
    }
}

const MATCH: &str = "They agree: it is the same key.";
const MISMATCH: &str = "They do not agree: these are different keys. Somebody may stand in between, or \
                        one is of another person or device.";

/// Compares two codes, in constant time.
#[must_use]
pub fn compare(one: &Verdict, other: &Verdict) -> Comparison {
    if let (Some((local, remote)), Some((other_local, other_remote))) = (sides(one), sides(other)) {
        if one.id != other.id {
            return different(one, other);
        }
        let mirrored = local.ct_eq(other_remote) & remote.ct_eq(other_local);
        let identical = local.ct_eq(other_local) & remote.ct_eq(other_remote);
        return if mirrored.into() {
            says(
                Outcome::Match,
                "They mirror each other: each device holds the other's real key. Nobody in between exchanged them.",
            )
        } else if identical.into() {
            says(Outcome::SameScreen, "This is the same screen twice, not the other's.")
        } else {
            says(Outcome::Mismatch, MISMATCH)
        };
    }
    let (ours, theirs) = (comparables(one), comparables(other));
    if ours.is_empty() || theirs.is_empty() {
        let empty = if ours.is_empty() { one } else { other };
        let text = match empty.confidence {
            Confidence::Damaged => format!("One of them is damaged ({}).", named(empty)),
            _ => format!("There is no key to compare in one of them ({}).", named(empty)),
        };
        return says(Outcome::NothingToCompare, text);
    }
    let (group_one, group_other) = (group(one.id), group(other.id));
    let pasted = |values: &[Comparable]| values.iter().all(|value| value.tag == Tag::Any);
    // Keys of no app stand beside any; SSH's and minisign's are such too.
    let of_no_app = |group: &str| matches!(group, "" | "ssh" | "minisign" | "libp2p");
    let grouped = group_one == group_other
        || of_no_app(group_one)
        || of_no_app(group_other)
        || pasted(&ours)
        || pasted(&theirs);
    if !grouped {
        return different(one, other);
    }
    let pairs: Vec<(&Comparable, &Comparable)> = ours
        .iter()
        .flat_map(|ours| theirs.iter().map(move |theirs| (ours, theirs)))
        .filter(|(ours, theirs)| comparable(ours, theirs))
        .collect();
    if pairs.is_empty() {
        return different(one, other);
    }
    // All are looked at, whichever agrees.
    let agreeing: Vec<_> = pairs.iter().filter(|(ours, theirs)| same(ours, theirs)).collect();
    let Some((ours_agreeing, theirs_agreeing)) = agreeing.first() else {
        return says(Outcome::Mismatch, MISMATCH);
    };
    if ours_agreeing.tag == Tag::Channel && theirs_agreeing.tag == Tag::Channel {
        return says(Outcome::Match, "They agree: the same channel key.");
    }
    let mut text = MATCH.to_owned();
    let several = |values: &[Comparable]| values.len() > 1;
    for (values, agreeing) in [(&ours, ours_agreeing), (&theirs, theirs_agreeing)] {
        if several(values) {
            text = format!("{text} It is {}.", article(agreeing.label));
        }
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

/// A label within a sentence.
fn article(label: &str) -> String {
    match label {
        "peer key" => "one of its peers".to_owned(),
        "device" => "one of its devices".to_owned(),
        label if label.starts_with("the ") => label.to_owned(),
        label => format!("the {label}"),
    }
}

fn different(one: &Verdict, other: &Verdict) -> Comparison {
    says(
        Outcome::DifferentKinds,
        format!("These are different kinds: {}, and {}.", named(one), named(other)),
    )
}

/// Compares a code with a pasted key, fingerprint or number, in constant time. Case, white
/// space, colons and hyphens do not matter in hexadecimal numbers and digits; base64 and
/// base64url are alike.
#[must_use]
pub fn expect(verdict: &Verdict, pasted: &str) -> Comparison {
    if let Some(typed) = SafetyNumber::parse(pasted) {
        return expect_digits(verdict, &typed);
    }
    // Groups of a fingerprint may be set apart.
    let compact: Zeroizing<String> =
        Zeroizing::new(intake::key(pasted).chars().filter(|c| !matches!(c, ':' | '-')).collect());
    let hexadecimal = hex(&compact);
    if let Some(ending) = hexadecimal.as_ref().filter(|it| it.raw.len() <= 8) {
        let text = format!(
            "Too short to compare: {} digits can be made to fit. Take the whole fingerprint.",
            ending.raw.len() * 2
        );
        return says(Outcome::NothingToCompare, text);
    }
    let told = inspect(pasted.trim().as_bytes(), jiff::Timestamp::UNIX_EPOCH);
    let own = comparables(&told);
    if sides(&told).is_some() || !own.is_empty() && told.id != "fallback.key" {
        let comparison = compare(verdict, &told);
        if comparison.outcome != Outcome::DifferentKinds || hexadecimal.is_none() {
            return comparison;
        }
    }
    let known = comparables(verdict);
    if known.is_empty() {
        let text = format!("There is no key to compare in the code ({}).", named(verdict));
        return says(Outcome::NothingToCompare, text);
    }
    let readings = [
        hexadecimal.map(|it| it.raw),
        base64(&intake::key(pasted)).map(|it| it.raw),
        base32(&compact),
    ];
    let pasted: Vec<Comparable> = readings
        .into_iter()
        .flatten()
        // Words can be read as bytes too; no key and no fingerprint is so short.
        .filter(|bytes| bytes.len() >= 16)
        .map(|bytes| Comparable { tag: Tag::Any, bytes, label: "pasted value" })
        .collect();
    if pasted.is_empty() {
        return says(Outcome::NothingToCompare, "What was pasted is no key and no fingerprint.");
    }
    let pairs: Vec<_> = known
        .iter()
        .flat_map(|known| pasted.iter().map(move |pasted| (known, pasted)))
        .filter(|(known, pasted)| comparable(known, pasted))
        .collect();
    match pairs.iter().find(|(known, pasted)| same(known, pasted)) {
        Some((agreeing, _)) if known.len() > 1 => {
            says(Outcome::Match, format!("{MATCH} It is {}.", article(agreeing.label)))
        }
        Some(_) => says(Outcome::Match, MATCH),
        None if pairs.is_empty() => says(
            Outcome::DifferentKinds,
            format!("What was pasted is not as long as a key of this kind ({}).", named(verdict)),
        ),
        None => says(Outcome::Mismatch, MISMATCH),
    }
}

/// Sixty digits: the halves in either order.
fn expect_digits(verdict: &Verdict, typed: &SafetyNumber) -> Comparison {
    let Some(shown) = verdict.details.get("digits").and_then(|digits| digits.as_str()) else {
        let text =
            format!("Sixty digits are compared with a safety number, not with {}.", named(verdict));
        return says(Outcome::DifferentKinds, text);
    };
    let halves = typed.digits().split_at_checked(30).unwrap_or_default();
    let (first, last) = halves;
    let sorted = if first <= last { format!("{first}{last}") } else { format!("{last}{first}") };
    let same = SafetyNumber::parse(shown).zip(SafetyNumber::parse(&sorted));
    if same.is_some_and(|(shown, typed)| shown == typed) {
        says(Outcome::Match, "The digits agree: both devices hold the same two keys.")
    } else {
        says(Outcome::Mismatch, MISMATCH)
    }
}
