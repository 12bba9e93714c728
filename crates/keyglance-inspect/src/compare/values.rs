//! The values of a code that can be compared.

use subtle::ConstantTimeEq as _;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::read::der;
use crate::read::encoding::{base64, hex};
use crate::verdict::{Algorithm, Confidence, Evidence, Part, Role, Verdict, WarningCode};

/// What a value is, as far as two must agree in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    /// A public key of a named algorithm, in its shortest usual form.
    Key(Algorithm),
    OpenPgp,
    SshFingerprint,
    /// SHA-256 of a certificate, which is what a Syncthing device is known by.
    Certificate,
    /// Anything else that is public.
    Public,
    /// A key that all who are in a channel have.
    Channel,
    /// Pasted bytes.
    Any,
}

/// A value that can be compared.
pub(super) struct Comparable {
    pub(super) tag: Tag,
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// What it is called, where a code has several.
    pub(super) label: String,
}

impl Comparable {
    fn new(tag: Tag, bytes: &[u8], label: impl Into<String>) -> Self {
        Self { tag, bytes: Zeroizing::new(bytes.to_vec()), label: label.into() }
    }

    /// What somebody pasted, of which only the bytes are known.
    pub(super) fn pasted(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self { tag: Tag::Any, bytes, label: "what was pasted".to_owned() }
    }
}

/// Codes that belong together: their values are compared with each other's only. Keys of no
/// app stand beside any.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Group<'a>(&'a str);

impl<'a> Group<'a> {
    pub(super) fn of(id: &'a str) -> Self {
        Self(match id.split_once('.').map_or(id, |(app, _)| app) {
            "pem" | "jwk" | "did" | "ssh" | "minisign" | "libp2p" | "fallback" => "",
            "deltachat" => "openpgp",
            app => app,
        })
    }

    /// Whether it is that of keys of no app.
    pub(super) fn is_open(self) -> bool {
        self.0.is_empty()
    }

    /// Whether codes of both may hold one key. Keys of no app fit every group: a Syncthing
    /// device's certificate may be at hand as PEM.
    pub(super) fn fits(self, other: Self) -> bool {
        self == other || self.0.is_empty() || other.0.is_empty()
    }
}

/// Whether a key of this code is made for one connection and then forgotten.
pub(super) fn is_passing(verdict: &Verdict) -> bool {
    let lasting = verdict.id.starts_with("deltachat.") && verdict.id != "deltachat.backup"
        || verdict.id.starts_with("simplex.")
        || matches!(verdict.id, "wifi.dpp" | "zwave.smartstart" | "briar.mailbox" | "nostr.bunker");
    !lasting && matches!(verdict.evidence, Evidence::Exchange | Evidence::Login)
}

/// Whether any of several keys stands for the whole: one of a person's devices, of a tunnel's
/// ends, of a set of channels. Elsewhere all must agree.
pub(super) fn any_will_do(id: &str) -> bool {
    matches!(id, "xmpp.omemo" | "wireguard.config" | "meshtastic.channel")
}

/// What a key is called that is computed.
pub(super) const OF_SECRET: &str = "the public key of this secret";

/// The X25519 key of a secret.
fn public_of(secret: &Part) -> Option<[u8; 32]> {
    let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(secret.raw.as_slice().try_into().ok()?);
    Some(*PublicKey::from(&StaticSecret::from(*bytes)).as_bytes())
}

/// The modulus of an RSA key, however it is written.
fn modulus(bytes: &[u8]) -> &[u8] {
    let mut number = bytes;
    if let Some(mut fields) = der::whole(bytes, der::SEQUENCE).map(crate::read::Reader)
        && let Some(first) = der::expect(&mut fields, der::INTEGER)
    {
        number = first;
    }
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

fn public_part(verdict: &Verdict, part: &Part, number: usize) -> Option<Comparable> {
    let detail = |name: &str| verdict.details.get(name);
    let label = part.label;
    let tag = match verdict.id {
        "openpgp.fingerprint" => Tag::OpenPgp,
        // A block is known by the fingerprint, which is among the details.
        "openpgp.public-block" => return None,
        // Hashes of two keys, which are compared as a whole.
        "signal.safety-number" | "keyglance.fingerprint" => return None,
        id if id.starts_with("deltachat.") && label == "fingerprint" => Tag::OpenPgp,
        "ssh.fingerprint" => Tag::SshFingerprint,
        "syncthing.id" => Tag::Certificate,
        "xmpp.omemo" => {
            let device = detail("devices").and_then(|devices| devices.get(number)?.as_str());
            let label = device.map_or_else(|| label.to_owned(), |it| format!("device {it}"));
            return Some(Comparable::new(Tag::Public, &part.raw, label));
        }
        // What somebody tells not to trust is nobody's key.
        "xmpp.trust" if label == "distrusted" => return None,
        _ => match part.algorithm {
            Algorithm::Other => Tag::Public,
            Algorithm::Rsa => {
                return Some(Comparable::new(Tag::Key(Algorithm::Rsa), modulus(&part.raw), label));
            }
            algorithm => Tag::Key(algorithm),
        },
    };
    Some(Comparable::new(tag, &part.raw, label))
}

fn secret_part(verdict: &Verdict, part: &Part) -> Option<Comparable> {
    let own = |label| {
        let public = public_of(part)?;
        Some(Comparable::new(Tag::Key(Algorithm::X25519), &public, label))
    };
    match verdict.id {
        "wireguard.config" if part.label == "private key" => own("the interface's own key"),
        "age.identity" | "tor.client-private" => own(OF_SECRET),
        "meshtastic.channel" | "meshcore.channel" => {
            Some(Comparable::new(Tag::Channel, &part.raw, "one of its channels"))
        }
        "fallback.key" => Some(Comparable::new(Tag::Any, &part.raw, part.label)),
        // A network is its name and its password.
        "wifi.network" => {
            let network = verdict.parts.iter().find(|part| part.label == "network");
            let network = network.map_or(&[][..], |part| part.raw.as_slice());
            let length = network.len().to_be_bytes();
            let whole = Zeroizing::new([&length[..], network, &part.raw].concat());
            Some(Comparable::new(Tag::Channel, &whole, part.label))
        }
        _ => None,
    }
}

/// Every value of a verdict that can be compared.
pub(super) fn values(verdict: &Verdict) -> Vec<Comparable> {
    if matches!(verdict.confidence, Confidence::None | Confidence::Damaged) {
        return Vec::new();
    }
    let public = verdict.parts.iter().filter(|part| part.role == Role::PublicKey).enumerate();
    let secret = verdict.parts.iter().filter(|part| part.role == Role::Secret);
    let mut found: Vec<Comparable> = public
        .filter_map(|(number, part)| public_part(verdict, part, number))
        .chain(secret.filter_map(|part| secret_part(verdict, part)))
        .collect();
    let detail = |name: &str| verdict.details.get(name).and_then(|value| value.as_str());
    let hash = match verdict.id {
        "openpgp.public-block" => {
            detail("fingerprint").and_then(hex).map(|it| (Tag::OpenPgp, it.raw, "fingerprint"))
        }
        "ssh.public-key" => detail("fingerprint")
            .and_then(|it| base64(it.strip_prefix("SHA256:")?))
            .map(|it| (Tag::SshFingerprint, it.raw, "fingerprint")),
        "pem.certificate" => {
            detail("sha256").and_then(hex).map(|it| (Tag::Certificate, it.raw, "whole certificate"))
        }
        _ => None,
    };
    found.extend(hash.map(|(tag, bytes, label)| Comparable::new(tag, &bytes, label)));
    found
}

/// What a notation of a point of P-256 says of its y.
#[derive(Clone, Copy)]
enum Y<'a> {
    Whole(&'a [u8]),
    Parity(u8),
    Unknown,
}

impl Y<'_> {
    fn parity(self) -> Option<u8> {
        match self {
            Self::Whole(y) => y.last().map(|y| y & 1),
            Self::Parity(parity) => Some(parity),
            Self::Unknown => None,
        }
    }

    /// As far as both say it.
    fn agrees(self, other: Self) -> bool {
        match (self, other) {
            (Self::Whole(y), Self::Whole(other)) => y.ct_eq(other).into(),
            _ => self.parity().zip(other.parity()).is_none_or(|(one, other)| one == other),
        }
    }
}

/// A point of P-256: x, and what is known of y.
fn p256(bytes: &[u8]) -> (&[u8], Y<'_>) {
    let whole = |xy: &'_ [u8]| xy.len() == 64;
    match bytes {
        [sign @ (2 | 3), x @ ..] if x.len() == 32 => (x, Y::Parity(sign & 1)),
        [4, xy @ ..] if whole(xy) => split(xy),
        xy if whole(xy) => split(xy),
        x => (x, Y::Unknown),
    }
}

fn split(xy: &[u8]) -> (&[u8], Y<'_>) {
    xy.split_at_checked(32).map_or((xy, Y::Unknown), |(x, y)| (x, Y::Whole(y)))
}

fn is_p256(value: &Comparable) -> bool {
    value.tag == Tag::Key(Algorithm::P256)
}

/// In constant time.
pub(super) fn same(one: &Comparable, other: &Comparable) -> bool {
    if is_p256(one) || is_p256(other) {
        let ((x, y), (other_x, other_y)) = (p256(&one.bytes), p256(&other.bytes));
        return bool::from(x.ct_eq(other_x)) && y.agrees(other_y);
    }
    one.bytes.ct_eq(&other.bytes).into()
}

/// Whether the two could be the same at all.
pub(super) fn alike(one: &Comparable, other: &Comparable) -> bool {
    let as_long = one.bytes.len() == other.bytes.len()
        || (is_p256(one) || is_p256(other))
            && p256(&one.bytes).0.len() == p256(&other.bytes).0.len();
    match (one.tag, other.tag) {
        (Tag::Any | Tag::Public, _) | (_, Tag::Any) if !as_long => false,
        (Tag::Any, _) | (_, Tag::Any) => true,
        (one, other) => one == other,
    }
}

/// Whom a key is said to be of, where the code says it: the address that the key is told for
/// (XMPP), or the ID that is registered with it (Threema).
pub(super) fn owner(verdict: &Verdict) -> Option<Owner<'_>> {
    let part = |label| verdict.parts.iter().find(|part| part.label == label);
    match verdict.id {
        "xmpp.omemo" | "xmpp.trust" => part("JID").map(|jid| Owner::Address(&jid.value)),
        "threema.contact" => part("identity").map(|id| Owner::Identity(&id.value)),
        _ => None,
    }
}

/// Whose a key is said to be.
#[derive(Clone, Copy)]
pub(super) enum Owner<'a> {
    /// Where messages go: with another one they go to somebody else.
    Address(&'a str),
    /// A name that a server gave to the key.
    Identity(&'a str),
}

impl Owner<'_> {
    /// Whether both may be the same person's; a resource is a device, and case is no difference.
    pub(super) fn is(self, other: Self) -> bool {
        let bare = |jid: &str| jid.split('/').next().unwrap_or_default().to_lowercase();
        match (self, other) {
            (Self::Address(one), Self::Address(other)) => bare(one) == bare(other),
            (Self::Identity(one), Self::Identity(other)) => one == other,
            _ => true,
        }
    }
}

/// Whether the secret is one that everybody has.
pub(super) fn is_known_to_all(verdict: &Verdict) -> bool {
    verdict.warnings.iter().any(|warning| warning.code == WarningCode::PublicKeyKnown)
}
