//! Shared keys in the profile.

use std::path::PathBuf;

use jiff::Timestamp;
use keyglance_core::contacts::same_name;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::contacts::not_found;
use super::{KEYS, Profile, StoreError};
use keyglance_core::contacts::{ContactId, Name};
use keyglance_core::crypto::KeyId;
use keyglance_core::keyfile::KeyFile;
use keyglance_core::pairing::{Card, CheckCode, CheckCodes, PendingCheck};

/// The member of a stored key file that is the profile's own. Never exported.
const MEMBER: &str = "profile";

/// Most exports that a key remembers.
const MAX_EXPORTS: usize = 50;

/// A shared key in the profile.
#[derive(Debug)]
pub struct StoredKey {
    /// What we call it.
    pub name: String,
    /// The id of its contact.
    pub contact: ContactId,
    /// The key file, without the profile's own member.
    pub file: KeyFile,
    /// What it is for, in the user's words.
    pub purpose: Option<String>,
    /// What was made of it, the newest last: at most the last fifty.
    pub exports: Vec<Exported>,
    /// When it was retired, if it was.
    pub retired_at: Option<Timestamp>,
    /// It came from a file, and not from a pairing of this profile: that its
    /// contact is verified says nothing of it.
    pub imported: bool,
    /// The check code of its pairing, until somebody typed the other screen's digits.
    pub comparison: Option<PendingCheck>,
    /// The contact came with this key, and goes with it if the devices do not agree.
    pub brought_contact: bool,
    /// When this profile took it in; unknown of keys that earlier builds stored.
    stored: Option<Timestamp>,
}

/// An export that was made of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// The target's name.
    pub target: String,
    /// The purpose that it was derived for; empty for none.
    pub purpose: String,
    /// Where it went: a path, or that it was shown as a code.
    pub to: String,
    /// The time of the export.
    pub at: Timestamp,
}

/// The profile's own member.
#[derive(Serialize, Deserialize)]
struct Member {
    name: String,
    contact: ContactId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    exports: Vec<Exported>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retired_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    imported: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    comparison: Option<ComparisonMember>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    brought_contact: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stored: Option<Timestamp>,
}

/// A check code that waits to be compared. What is expected is never shown.
#[derive(Serialize, Deserialize)]
struct ComparisonMember {
    shown: String,
    expected: String,
    wrong_entries: u8,
}

impl From<&PendingCheck> for ComparisonMember {
    fn from(check: &PendingCheck) -> Self {
        let (shown, expected) = (check.codes().shown, check.codes().expected_for_storage());
        let wrong_entries = check.wrong_entries();
        Self { shown: shown.digits(), expected: expected.digits(), wrong_entries }
    }
}

impl ComparisonMember {
    fn read(&self) -> Option<PendingCheck> {
        let code = |digits: &str| CheckCode::from_digits(digits);
        let codes = CheckCodes::new(code(&self.shown)?, code(&self.expected)?);
        Some(PendingCheck::new(codes, self.wrong_entries))
    }
}

impl Profile {
    /// The key with this id.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn key(&self, id: KeyId) -> Result<StoredKey, StoreError> {
        let (keys, _) = self.keys()?;
        let key = keys.into_iter().find(|key| key.file.key_id() == id);
        key.ok_or_else(|| not_found("key", &id.to_string()))
    }

    /// The key that a person means by `text`: its name, or the start of its id
    /// (at least 4 digits).
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn find_key(&self, text: &str) -> Result<StoredKey, StoreError> {
        let (keys, _) = self.keys()?;
        let by_name = keys.iter().position(|key| same_name(&key.name, text));
        let index = by_name.or_else(|| {
            let id = text.to_lowercase();
            let fits = |key: &StoredKey| key.file.key_id().to_string().starts_with(&id);
            let mut fitting = keys.iter().enumerate().filter(|(_, key)| fits(key));
            let (index, _) = fitting.next()?;
            (id.len() >= 4 && fitting.next().is_none()).then_some(index)
        });
        index.and_then(|i| keys.into_iter().nth(i)).ok_or_else(|| not_found("key", text))
    }

    /// The other device is known to hold the key too.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn acknowledge(&self, key_id: KeyId) -> Result<(), StoreError> {
        self.change_key(key_id, |key| key.file.acknowledge()).map(drop)
    }

    /// The other device says that it holds the key too, and tells `card` of itself.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn acknowledge_with_card(&self, key_id: KeyId, card: &Card) -> Result<(), StoreError> {
        let change = |key: &mut StoredKey| {
            key.file.acknowledge();
            key.file.set_card(card);
        };
        self.change_key(key_id, change).map(drop)
    }

    /// Says what a key is for; nothing where `purpose` is blank.
    ///
    /// # Errors
    /// [`StoreError::Name`], for what cannot be shown in a line.
    pub fn set_key_purpose(&self, key_id: KeyId, purpose: &str) -> Result<(), StoreError> {
        let purpose = match purpose.trim() {
            "" => None,
            purpose => Some(purpose.parse::<Name>()?.to_string()),
        };
        self.change_key(key_id, |key| key.purpose = purpose).map(drop)
    }

    /// Remembers an export.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn record_export(&self, key_id: KeyId, export: Exported) -> Result<(), StoreError> {
        let record = |key: &mut StoredKey| {
            key.exports.push(export);
            let surplus = key.exports.len().saturating_sub(MAX_EXPORTS);
            key.exports.drain(..surplus);
        };
        self.change_key(key_id, record).map(drop)
    }

    /// Retires a key, or brings it back into use: a retired key stays in the
    /// profile and opens what was sealed, and nothing is made of it any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn retire_key(&self, key_id: KeyId, at: Option<Timestamp>) -> Result<(), StoreError> {
        self.change_key(key_id, |key| key.retired_at = at).map(drop)
    }

    /// Retires every key of a contact but this one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn retire_other_keys(&self, keep: KeyId, at: Timestamp) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        let keys = self.keys_to_change()?;
        let kept = keys.iter().find(|key| key.file.key_id() == keep);
        let contact = kept.ok_or_else(|| not_found("key", &keep.to_string()))?.contact;
        for mut key in keys {
            if key.contact == contact && key.file.key_id() != keep && key.retired_at.is_none() {
                key.retired_at = Some(at);
                self.write_key(&mut key)?;
            }
        }
        Ok(())
    }

    /// Removes a key. Its contact stays. Its file is overwritten first, which
    /// reaches no copies that a disk, a snapshot or a backup has of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remove_key(&self, key_id: KeyId) -> Result<StoredKey, StoreError> {
        let _lock = self.lock()?;
        let key = self.key(key_id)?;
        self.shred(&self.key_path(key.file.key_id()))?;
        Ok(key)
    }

    pub(super) fn change_key(
        &self,
        key_id: KeyId,
        change: impl FnOnce(&mut StoredKey),
    ) -> Result<StoredKey, StoreError> {
        let _lock = self.lock()?;
        let mut key = self.key(key_id)?;
        change(&mut key);
        self.write_key(&mut key)?;
        Ok(key)
    }

    pub(super) fn write_key(&self, key: &mut StoredKey) -> Result<(), StoreError> {
        let own = Member {
            name: key.name.clone(),
            contact: key.contact,
            purpose: key.purpose.clone(),
            exports: key.exports.clone(),
            retired_at: key.retired_at,
            imported: key.imported,
            comparison: key.comparison.as_ref().map(ComparisonMember::from),
            brought_contact: key.brought_contact,
            stored: key.stored,
        };
        // Texts and times do not fail to become JSON.
        key.file.set_member(MEMBER, serde_json::to_value(own).ok());
        let written = self.write(&self.key_path(key.file.key_id()), &key.file.to_json());
        key.file.set_member(MEMBER, None);
        written
    }

    pub(super) fn key_path(&self, key_id: KeyId) -> PathBuf {
        self.folder.join(KEYS).join(format!("{key_id}.json"))
    }
}

impl StoredKey {
    /// A key that is not retired, and of which nothing was made.
    pub(super) fn new(name: String, contact: ContactId, file: KeyFile, stored: Timestamp) -> Self {
        Self {
            name,
            contact,
            file,
            purpose: None,
            exports: Vec::new(),
            retired_at: None,
            imported: false,
            comparison: None,
            brought_contact: false,
            stored: Some(stored),
        }
    }

    /// When this profile took it in. Of an earlier build's key, when it was made.
    #[must_use]
    pub fn stored_at(&self) -> Timestamp {
        self.stored.unwrap_or(self.file.created)
    }

    pub(super) fn from_json(bytes: &[u8]) -> Result<Self, String> {
        let mut file = KeyFile::from_json(bytes).map_err(|error| error.to_string())?;
        let member = file.member(MEMBER).map(Member::deserialize);
        let Some(Ok(own)) = member else {
            return Err("it does not say whose key it is".to_owned());
        };
        file.set_member(MEMBER, None::<Value>);
        let comparison = match &own.comparison {
            Some(member) => Some(member.read().ok_or("its check code is damaged")?),
            None => None,
        };
        Ok(Self {
            name: own.name,
            contact: own.contact,
            file,
            purpose: own.purpose,
            exports: own.exports,
            retired_at: own.retired_at,
            imported: own.imported,
            comparison,
            brought_contact: own.brought_contact,
            stored: own.stored,
        })
    }
}
