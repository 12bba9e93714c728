//! What is said of a code.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

/// What a part of a code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// A public key, a fingerprint of one or a commitment to one.
    PublicKey,
    /// A key, a password or a seed, encrypted ones too.
    Secret,
    /// What lets somebody in: a login, an invitation, a bearer token.
    Token,
    /// What names or locates a person, server, group, file or device.
    Address,
}

impl Role {
    /// The word for people.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::PublicKey => "public key",
            Self::Secret => "secret",
            Self::Token => "token",
            Self::Address => "address",
        }
    }

    /// The letter for programs, in the JSON of a verdict: `P`, `S`, `T` or `A`.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::PublicKey => "P",
            Self::Secret => "S",
            Self::Token => "T",
            Self::Address => "A",
        }
    }

    /// Whether a part is masked until somebody asks for it.
    #[must_use]
    pub const fn is_masked(self) -> bool {
        matches!(self, Self::Secret | Self::Token)
    }
}

/// How sure a verdict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// An ordinary text: nothing to tell.
    None,
    /// The form fits, and nothing in it can be checked.
    CouldBe,
    /// It has the form of this kind, and a check fails or the host only looks like the app's.
    Damaged,
    /// Structure, lengths and checksums hold.
    Exact,
}

impl Confidence {
    /// The word in the JSON of a verdict.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::CouldBe => "could-be",
            Self::Damaged => "damaged",
            Self::Exact => "exact",
        }
    }
}

/// What a code proves of end-to-end encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Evidence {
    /// Nothing: it says where, who or what.
    None,
    /// Nothing: it lets a device in.
    Login,
    /// A public key travels without a server.
    Key,
    /// Both sides' keys, to be compared.
    Compare,
    /// The keys of a connection travel without a server.
    Exchange,
    /// The key is in the part of a link that is not sent.
    Fragment,
    /// The server reads what the link opens.
    ServerSees,
    /// A secret.
    Secret,
}

impl Evidence {
    /// The word in the JSON of a verdict.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Key => "key",
            Self::Compare => "compare",
            Self::Exchange => "exchange",
            Self::Fragment => "fragment",
            Self::ServerSees => "server-sees",
            Self::Secret => "secret",
        }
    }

    /// What it proves, in a sentence or two.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::None => "Nothing. It only says where, who or what.",
            Self::Login => "Nothing. It lets a device in; no key for messages is in it.",
            Self::Key => {
                "A public key goes from screen to camera without a server in between. That the \
                 app checks against it is not in the code."
            }
            Self::Compare => {
                "Both sides' keys are in it. If both devices' codes agree, nobody in between \
                 exchanged them."
            }
            Self::Exchange => {
                "Keys (or a commitment, or a one-time secret) for this connection come by light, \
                 so a server alone cannot stand between the two."
            }
            Self::Fragment => {
                "The key stands after #, which browsers do not send: a server that only stores \
                 cannot read. The page's own program can."
            }
            Self::ServerSees => {
                "The token goes to the server and no key is in the link: who serves it can read \
                 what it gives out."
            }
            Self::Secret => {
                "Nothing about messages. It is a secret: who holds it has what it protects."
            }
        }
    }
}

/// What somebody can do who photographs a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Photographed {
    /// Nothing.
    Nothing,
    /// Contact its owner.
    Contact,
    /// Learn who or what.
    Learn,
    /// Link the device that shows it.
    Link,
    /// Join.
    Join,
    /// Read what it protects.
    Read,
    /// All of it.
    All,
    /// Join or control a device or network.
    Device,
    /// Use it once, or until it expires.
    Once,
}

impl Photographed {
    /// The end of the sentence that begins "Who photographs this".
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Nothing => "learns nothing of use: it is meant to be seen",
            Self::Contact => "can contact or find its owner",
            Self::Learn => "learns who, or what it says; reads no messages with it",
            Self::Link => {
                "can link that device to an account of their own. The other way round: never \
                 scan one that somebody sent you, it lets their device into your account"
            }
            Self::Join => "can join until it is withdrawn",
            Self::Read => "can read what it protects (an encrypted one only with its password)",
            Self::All => "has all of it: account, wallet, key. Make a new one",
            Self::Device => "can join or control the device or network",
            Self::Once => "can use it once, or until it expires",
        }
    }
}

/// What kind of thing is pointed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum WarningCode {
    /// Its time is over.
    Expired,
    /// A check fails.
    Damaged,
    /// The host looks like an app's, and is another.
    LookAlikeHost,
    /// Everybody on the way can read it.
    InsecureTransport,
    /// A secret that everybody knows.
    PublicKeyKnown,
    /// Fewer bytes or letters than are usual.
    Weak,
    /// The signature does not fit.
    SignatureBad,
    /// A secret or token that the server and its logs see.
    InQuery,
    /// A version that is newer than we know.
    Newer,
    /// Characters that nobody sees.
    HiddenCharacters,
    /// More than one code in the picture.
    Several,
}

impl WarningCode {
    /// The word in the JSON of a verdict.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Damaged => "damaged",
            Self::LookAlikeHost => "look-alike-host",
            Self::InsecureTransport => "insecure-transport",
            Self::PublicKeyKnown => "public-key-known",
            Self::Weak => "weak",
            Self::SignatureBad => "signature-bad",
            Self::InQuery => "in-query",
            Self::Newer => "newer",
            Self::HiddenCharacters => "hidden-characters",
            Self::Several => "several",
        }
    }
}

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What kind of thing.
    pub code: WarningCode,
    /// The sentence for people.
    pub text: String,
}

impl Warning {
    /// A warning with a sentence of its own; a face adds [`WarningCode::Several`] so.
    #[must_use]
    pub fn new(code: WarningCode, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }
}

/// What a public or secret key is for, where a code says so: keys are compared only within
/// one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// RFC 8032.
    Ed25519,
    /// RFC 7748.
    X25519,
    /// RFC 7748.
    X448,
    /// SEC 1, secp256r1.
    P256,
    /// SEC 1, secp256k1.
    Secp256k1,
    /// RSA of any length.
    Rsa,
    /// Any other, or not said.
    Other,
}

/// One part of a code. `Debug` shows no secret and no token; they are wiped when it is
/// dropped.
#[derive(Clone)]
pub struct Part {
    pub(crate) role: Role,
    pub(crate) label: &'static str,
    pub(crate) value: Zeroizing<String>,
    pub(crate) raw: Zeroizing<Vec<u8>>,
    pub(crate) algorithm: Algorithm,
    pub(crate) expires: Option<Timestamp>,
    /// It is told only to those who ask: a secret, a token, or what is the same as one.
    pub(crate) masked: bool,
}

impl Part {
    /// What it is.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Its name within the kind.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        self.label
    }

    /// Whether it is told only to those who ask: secrets, tokens, and what is the same as
    /// one of them (Discord's fingerprint is its token).
    #[must_use]
    pub const fn is_masked(&self) -> bool {
        self.masked
    }

    /// What may be shown without being asked for: `None` if it [is masked](Self::is_masked).
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        if self.masked { None } else { Some(&self.value) }
    }

    /// Whatever it is, once somebody has asked for it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.value
    }

    /// How many bytes it has when it is decoded; for a text its length in UTF-8.
    #[must_use]
    pub fn bytes_len(&self) -> usize {
        self.raw.len()
    }

    /// What the key is for.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// When it ends.
    #[must_use]
    pub const fn expires(&self) -> Option<Timestamp> {
        self.expires
    }

    fn to_json(&self, reveal: bool) -> Value {
        let mut object = Map::new();
        object.insert("role".into(), self.role.letter().into());
        object.insert("label".into(), self.label.into());
        if self.masked && !reveal {
            object.insert("masked".into(), true.into());
        } else {
            object.insert("value".into(), self.value.as_str().into());
        }
        object.insert("bytes_len".into(), self.raw.len().into());
        object.insert("expires".into(), self.expires.map(rfc3339).into());
        Value::Object(object)
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part")
            .field("role", &self.role)
            .field("label", &self.label)
            .field("value", &self.value().unwrap_or("…"))
            .field("bytes_len", &self.raw.len())
            .field("expires", &self.expires)
            .finish()
    }
}

/// What a code is, what is in it, and what it proves.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Verdict {
    /// The kind's name for programs; it never changes.
    pub id: &'static str,
    /// Whose code it is; empty for an ordinary text.
    pub app: &'static str,
    /// What it is there.
    pub kind: &'static str,
    /// How sure that is.
    pub confidence: Confidence,
    /// What it proves of end-to-end encryption.
    pub evidence: Evidence,
    /// The parts, in the order of the payload.
    pub parts: Vec<Part>,
    /// "Who photographs this …", a sentence or more.
    pub photographed: String,
    pub(crate) who: Photographed,
    /// What it proves, in sentences.
    pub proves: String,
    /// What stays unproved, and how to check it in that app.
    pub unproved: String,
    /// What to look at.
    pub warnings: Vec<Warning>,
    /// When the first part ends.
    pub expires: Option<Timestamp>,
    /// What an ordinary text is, or how the code is written.
    pub format: &'static str,
    /// What is no part: versions, digits to compare, part n of m.
    pub details: Map<String, Value>,
}

impl Verdict {
    /// The verdict as JSON, with secrets and tokens only if `reveal`.
    #[must_use]
    pub fn to_json(&self, reveal: bool) -> Value {
        json!({
            "id": self.id,
            "app": self.app,
            "kind": self.kind,
            "confidence": self.confidence.word(),
            "evidence": self.evidence.word(),
            "parts": self.parts.iter().map(|part| part.to_json(reveal)).collect::<Vec<_>>(),
            "photographed": self.photographed,
            "proves": self.proves,
            "unproved": self.unproved,
            "warnings": self.warnings.iter().map(|warning| json!({
                "code": warning.code.word(),
                "text": warning.text,
            })).collect::<Vec<_>>(),
            "expires": self.expires.map(rfc3339),
            "format": self.format,
            "details": self.details,
        })
    }

    /// Whether it was only measured, being longer than any code.
    #[must_use]
    pub fn is_too_long(&self) -> bool {
        self.confidence == Confidence::None && self.details.contains_key("length")
    }

    /// Whether somebody who photographs it could do harm: it is better hidden.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        use Photographed::{All, Device, Join, Link, Once, Read};
        self.has_masked() || matches!(self.who, Link | Join | Read | All | Device | Once)
    }

    /// Whether a secret or a token is in it.
    #[must_use]
    pub fn has_masked(&self) -> bool {
        self.parts.iter().any(Part::is_masked)
    }
}

/// Whole seconds, UTC.
fn rfc3339(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
