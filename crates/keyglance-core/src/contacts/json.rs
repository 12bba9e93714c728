//! A contact's file.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Contact, ContactError, Name, NameConflict, PeerIdentity};
use crate::crypto::{Fingerprint, PublicKey};
use crate::trust::{Change, History, Trust};

const FORMAT: &str = "keyglance-contact";
const VERSION: u64 = 1;

#[derive(Serialize, Deserialize)]
struct ContactDocument {
    format: String,
    version: u64,
    name: Name,
    suggested_name: String,
    /// Where the key itself is not known, the fingerprint is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    public_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
    trust: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    verified_at: Option<Timestamp>,
    since: Timestamp,
    #[serde(rename = "rival", default, skip_serializing_if = "Option::is_none")]
    name_conflict: Option<NameConflict>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    history: Vec<ChangeMember>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

#[derive(Serialize, Deserialize)]
struct ChangeMember {
    trust: String,
    at: Timestamp,
}

impl Contact {
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
        let document: ContactDocument =
            serde_json::from_value(value).map_err(|_| ContactError::Damaged)?;
        document.check().ok_or(ContactError::Damaged)
    }

    /// The contact's file.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let trust = self.trust();
        let verified_at = match trust {
            Trust::Verified(verified) => Some(verified.at),
            _ => None,
        };
        let PeerIdentity { key, fingerprint } = self.identity;
        let fingerprint = key.is_none().then(|| URL_SAFE_NO_PAD.encode(fingerprint.as_bytes()));
        let history = self.history().iter();
        let history = history
            .map(|change| ChangeMember { trust: change.trust.as_str().to_owned(), at: change.at })
            .collect();
        let document = ContactDocument {
            format: FORMAT.to_owned(),
            version: VERSION,
            name: self.name.clone(),
            suggested_name: self.suggested_name.clone(),
            public_key: key.map(|key| key.to_base64url()),
            fingerprint,
            trust: trust.as_str().to_owned(),
            verified_at,
            since: self.since,
            name_conflict: self.name_conflict.clone(),
            history,
            extra: self.extra.clone(),
        };
        #[allow(clippy::expect_used, reason = "every map has text keys")]
        let mut bytes = serde_json::to_vec_pretty(&document).expect("a contact becomes JSON");
        bytes.push(b'\n');
        bytes
    }
}

impl ContactDocument {
    fn check(self) -> Option<Contact> {
        let identity = match (self.public_key, self.fingerprint) {
            (Some(key), _) => PeerIdentity::of(PublicKey::from_base64url(&key)?),
            (None, Some(text)) => {
                let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
                let fingerprint = Fingerprint::from_bytes(bytes.try_into().ok()?);
                PeerIdentity { key: None, fingerprint }
            }
            (None, None) => return None,
        };
        let trust = Trust::parse(&self.trust, self.verified_at)?;
        let mut changes = Vec::new();
        for ChangeMember { trust, at } in self.history {
            changes.push(Change { trust: Trust::parse(&trust, Some(at))?, at });
        }
        let at = self.verified_at.unwrap_or(self.since);
        Some(Contact {
            name: self.name,
            suggested_name: self.suggested_name,
            since: self.since,
            name_conflict: self.name_conflict,
            identity,
            history: History::read(changes, trust, at),
            extra: self.extra,
        })
    }
}
