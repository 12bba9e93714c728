//! Contacts: other devices, what we call them and how far we trust that a key
//! is theirs.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::crypto::PublicKey;
use crate::keyfile::{Method, Verified};
use crate::pairing::is_hidden;

/// How far a contact's key is known to be the contact's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// A comparison failed, and nothing since has mended it.
    Broken,
    /// Nothing but the exchange itself.
    Unverified,
    /// Read by a camera from a screen that a person was looking at.
    SeenByCamera,
    /// The user compared something and said that it matched.
    Verified(Verified),
}

impl Trust {
    /// Trust rises only, but for an explicit failure: what came first stays
    /// unless the new is better.
    #[must_use]
    pub fn raised(self, to: Self) -> Self {
        let rank = |trust| match trust {
            Self::Unverified => 0,
            Self::SeenByCamera => 1,
            Self::Verified(_) => 2,
            // Only an explicit act, which sets the trust outright, mends it.
            Self::Broken => 3,
        };
        if rank(to) > rank(self) && to != Self::Broken { to } else { self }
    }
}

/// Why a text cannot be a contact's or a key's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocalNameError {
    /// Nothing but white space.
    #[error("the name is empty")]
    Empty,
    /// More than [`MAX_NAME`] characters.
    #[error("the name is longer than 64 characters")]
    TooLong,
    /// A control character, or one that reorders the text around it.
    #[error("the name has a character that does not show")]
    Hidden,
}

/// Most characters of a local name.
pub const MAX_NAME: usize = 64;

/// The name as it is kept: without white space around it.
///
/// # Errors
/// [`LocalNameError`].
pub fn local_name(text: &str) -> Result<String, LocalNameError> {
    let name = text.trim();
    if name.is_empty() {
        return Err(LocalNameError::Empty);
    }
    if name.chars().any(is_hidden) {
        return Err(LocalNameError::Hidden);
    }
    if name.chars().count() > MAX_NAME {
        return Err(LocalNameError::TooLong);
    }
    Ok(name.to_owned())
}

/// `wanted`, or with the first number from 2 on that nobody of `taken` has.
/// Upper and lower case are the same name.
#[must_use]
pub fn unique_name<'a>(wanted: &str, taken: impl Iterator<Item = &'a str>) -> String {
    let taken: Vec<String> = taken.map(str::to_lowercase).collect();
    let free = |name: &String| !taken.contains(&name.to_lowercase());
    let numbered = (2..).map(|n: u64| format!("{wanted} {n}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(free).unwrap_or_default()
}

/// Another device.
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    /// What we call it.
    pub name: String,
    /// What it called itself.
    pub suggested_name: String,
    /// Its long-term key.
    pub identity: PublicKey,
    /// How far that key is known to be its.
    pub trust: Trust,
    /// When we first paired.
    pub paired_at: Timestamp,
    /// Members of later versions.
    extra: Map<String, Value>,
}

/// Why a document is no contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContactError {
    /// Not a JSON document of ours.
    #[error("this is not a Keyglance contact")]
    NotOurs,
    /// A version of a later program.
    #[error("the contact has version {0}, newer than this program")]
    Newer(u64),
    /// A member is missing or wrong.
    #[error("the contact is damaged")]
    Damaged,
}

const FORMAT: &str = "keyglance-contact";
const VERSION: u64 = 1;

#[derive(Serialize, Deserialize)]
struct Document {
    format: String,
    version: u64,
    name: String,
    suggested_name: String,
    public_key: String,
    trust: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    verified_at: Option<Timestamp>,
    paired_at: Timestamp,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

impl Contact {
    /// A contact that this device has just met.
    #[must_use]
    pub fn new(
        name: String,
        suggested_name: String,
        identity: PublicKey,
        trust: Trust,
        paired_at: Timestamp,
    ) -> Self {
        Self { name, suggested_name, identity, trust, paired_at, extra: Map::new() }
    }

    /// Names the contact's file: 16 hexadecimal digits, from its key.
    #[must_use]
    pub fn id(&self) -> String {
        let hash: [u8; 32] = Sha256::digest(self.identity.as_bytes()).into();
        hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads a contact's file.
    ///
    /// # Errors
    /// [`ContactError`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, ContactError> {
        let value: Value = serde_json::from_slice(bytes).map_err(|_| ContactError::NotOurs)?;
        if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
            return Err(ContactError::NotOurs);
        }
        match value.get("version").and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(version) if version > VERSION => return Err(ContactError::Newer(version)),
            _ => return Err(ContactError::Damaged),
        }
        let document: Document =
            serde_json::from_value(value).map_err(|_| ContactError::Damaged)?;
        let trust = match (document.trust.as_str(), document.verified_at) {
            ("broken", _) => Trust::Broken,
            ("unverified", _) => Trust::Unverified,
            ("seen-by-camera", _) => Trust::SeenByCamera,
            (method, Some(at)) => {
                let method = Method::parse(method).ok_or(ContactError::Damaged)?;
                Trust::Verified(Verified { method, at })
            }
            _ => return Err(ContactError::Damaged),
        };
        Ok(Self {
            name: local_name(&document.name).map_err(|_| ContactError::Damaged)?,
            suggested_name: document.suggested_name,
            identity: PublicKey::from_base64url(&document.public_key)
                .ok_or(ContactError::Damaged)?,
            trust,
            paired_at: document.paired_at,
            extra: document.extra,
        })
    }

    /// The contact's file.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let (trust, verified_at) = match self.trust {
            Trust::Broken => ("broken", None),
            Trust::Unverified => ("unverified", None),
            Trust::SeenByCamera => ("seen-by-camera", None),
            Trust::Verified(verified) => (verified.method.as_str(), Some(verified.at)),
        };
        let document = Document {
            format: FORMAT.to_owned(),
            version: VERSION,
            name: self.name.clone(),
            suggested_name: self.suggested_name.clone(),
            public_key: self.identity.to_base64url(),
            trust: trust.to_owned(),
            verified_at,
            paired_at: self.paired_at,
            extra: self.extra.clone(),
        };
        // Maps with text keys do not fail to become JSON.
        let mut bytes = serde_json::to_vec_pretty(&document).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}
