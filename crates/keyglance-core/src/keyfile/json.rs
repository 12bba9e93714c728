//! The document's members, strictly.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::{KeyFile, KeyFileError, MAX_BYTES, fingerprints};
use crate::crypto::{Exporter, KeyId, PublicKey, SafetyNumber, Suite};
use crate::intake;
use crate::pairing::{DisplayName, Party, Role};
use crate::trust::{Method, Verified};

const FORMAT: &str = "keyglance-shared-key";
const VERSION: u64 = 1;

#[derive(Deserialize)]
struct Header {
    format: String,
    version: u64,
}

/// In the order that the file has. Members that are not known are gathered;
/// known ones, the secret among them, are read in place.
#[derive(Serialize, Deserialize)]
struct KeyFileDocument {
    format: String,
    version: u64,
    key_id: String,
    suite: String,
    role: String,
    created: Timestamp,
    local: PartyMember,
    peer: PartyMember,
    verified: VerifiedMember,
    safety_number: String,
    exporter: Secret,
    /// Only there while it is false.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    acknowledged: bool,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

#[derive(Serialize, Deserialize)]
struct PartyMember {
    name: String,
    public_key: String,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

#[derive(Serialize, Deserialize)]
struct VerifiedMember {
    method: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

const NOT_VERIFIED: &str = "none";

const fn yes() -> bool {
    true
}

// The signature is serde's.
#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_yes(value: &bool) -> bool {
    *value
}

pub(super) fn read(bytes: &[u8]) -> Result<KeyFile, KeyFileError> {
    if bytes.len() > MAX_BYTES {
        return Err(KeyFileError::TooLarge);
    }
    let bytes = intake::document(bytes);
    let header: Header = serde_json::from_slice(bytes).map_err(|_| {
        // Cut off within, or nothing of ours.
        let start = bytes.get(..256).unwrap_or(bytes);
        let ours = String::from_utf8_lossy(start).contains(FORMAT);
        if ours { KeyFileError::Damaged } else { KeyFileError::NotOurs }
    })?;
    if header.format != FORMAT {
        return Err(KeyFileError::NotOurs);
    }
    match header.version.cmp(&VERSION) {
        std::cmp::Ordering::Less => return Err(KeyFileError::Older(header.version)),
        std::cmp::Ordering::Greater => return Err(KeyFileError::Newer(header.version)),
        std::cmp::Ordering::Equal => {}
    }
    // serde's own errors may quote a member: none is passed on.
    let document: KeyFileDocument =
        serde_json::from_slice(bytes).map_err(|_| KeyFileError::Damaged)?;
    let key = document.check()?;
    // What is read is written again, and read again: many small members that are not
    // known take more room with their line feeds and indents.
    let grows = key.extra.iter().any(|members| !members.is_empty());
    if grows && write(&key).len() > MAX_BYTES {
        return Err(KeyFileError::TooLarge);
    }
    Ok(key)
}

pub(super) fn write(key: &KeyFile) -> Zeroizing<Vec<u8>> {
    let [top, local, peer, verified] = key.extra.clone();
    let document = KeyFileDocument {
        format: FORMAT.to_owned(),
        version: VERSION,
        key_id: key.key_id().to_string(),
        suite: key.suite.noise_name().to_owned(),
        role: key.role.as_str().to_owned(),
        created: key.created,
        local: PartyMember::new(&key.local, local),
        peer: PartyMember::new(&key.peer, peer),
        verified: VerifiedMember {
            method: key.verified.map_or(NOT_VERIFIED, |v| v.method.as_str()).to_owned(),
            at: key.verified.map(|v| v.at),
            extra: verified,
        },
        safety_number: key.safety_number.to_string(),
        // Stored whether acknowledged or not: a key that is lost on one side
        // locks up what the other side protected with it.
        exporter: Secret(key.exporter.secret_bytes().clone()),
        acknowledged: key.acknowledged,
        extra: top,
    };
    // Room for all of it at once: a buffer that grows leaves copies behind.
    let extra: usize = key.extra.iter().map(|map| Value::from(map.clone()).to_string().len()).sum();
    let mut bytes = Zeroizing::new(Vec::with_capacity(4096 + 4 * extra));
    #[allow(clippy::expect_used, reason = "memory takes everything, and every map has text keys")]
    serde_json::to_writer_pretty(&mut *bytes, &document).expect("a key file becomes JSON");
    bytes.push(b'\n');
    bytes
}

impl KeyFileDocument {
    fn check(self) -> Result<KeyFile, KeyFileError> {
        let exporter = Exporter::from_secret_bytes(self.exporter.0);
        let key_id = KeyId::from_hex(&self.key_id).ok_or(KeyFileError::Damaged)?;
        if key_id != exporter.key_id() {
            return Err(KeyFileError::KeyId);
        }
        // A suite of a later program would be a later version.
        let suite = Suite::from_noise_name(&self.suite).ok_or(KeyFileError::Damaged)?;
        let role = Role::parse(&self.role).ok_or(KeyFileError::Damaged)?;
        let verified = match (self.verified.method.as_str(), self.verified.at) {
            (NOT_VERIFIED, _) => None,
            (method, Some(at)) => {
                Some(Verified { method: Method::parse(method).ok_or(KeyFileError::Damaged)?, at })
            }
            _ => return Err(KeyFileError::Damaged),
        };
        let (local, local_extra) = self.local.check()?;
        let (peer, peer_extra) = self.peer.check()?;
        let number = SafetyNumber::parse(&self.safety_number).ok_or(KeyFileError::Damaged)?;
        let (expected, peer_fingerprint) = fingerprints(&local, &peer);
        if number != expected {
            return Err(KeyFileError::SafetyNumber);
        }
        Ok(KeyFile {
            suite,
            role,
            created: self.created,
            local,
            peer,
            verified,
            acknowledged: self.acknowledged,
            exporter,
            safety_number: number,
            peer_fingerprint,
            extra: [self.extra, local_extra, peer_extra, self.verified.extra],
        })
    }
}

impl PartyMember {
    fn new(party: &Party, extra: Map<String, Value>) -> Self {
        Self {
            name: party.name.as_str().to_owned(),
            public_key: party.identity.to_base64url(),
            extra,
        }
    }

    fn check(self) -> Result<(Party, Map<String, Value>), KeyFileError> {
        let name = DisplayName::from_stored(&self.name).map_err(|_| KeyFileError::Damaged)?;
        let identity = PublicKey::from_base64url(&self.public_key).ok_or(KeyFileError::Damaged)?;
        Ok((Party { name, identity }, self.extra))
    }
}

/// The exporter on its way from and to the text, 43 characters of base64url.
struct Secret(Zeroizing<[u8; 32]>);

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(&self.0[..]));
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Secret;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("32 bytes as base64url")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Secret, E> {
                let bytes = URL_SAFE_NO_PAD.decode(text).map(Zeroizing::new);
                let bytes = bytes.map_err(|_| E::custom("not base64url"))?;
                let key =
                    <[u8; 32]>::try_from(&bytes[..]).map_err(|_| E::custom("not 32 bytes"))?;
                Ok(Secret(Zeroizing::new(key)))
            }
        }
        deserializer.deserialize_str(Text)
    }
}
