//! Shared keys in the profile.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use super::contacts::not_found;
use super::{KEYS, Profile, StoreError, read_file};
use keyglance_core::contacts::{Contact, ContactId, Name};
use keyglance_core::crypto::KeyId;
use keyglance_core::keyfile::{KeyFile, MAX_BYTES};
use keyglance_core::pairing::{Card, CheckCode, CheckCodes, PendingCheck};
use keyglance_core::trust::{KeyTrust, Method, Provenance, Verified};

/// The member of a stored key file that is the profile's own. Never exported.
const MEMBER: &str = "profile";

/// Most exports that a key remembers.
const MAX_EXPORTS: usize = 50;

/// How long a program that asks for a key waits for another one that holds the profile.
const PATIENCE: Duration = Duration::from_secs(2);

/// A shared key in the profile.
#[derive(Debug)]
pub struct StoredKey {
    /// What we call it: by its contact's name, with a number from the second on.
    pub name: String,
    /// Its number among its contact's keys; unknown of keys that earlier builds stored.
    pub(super) number: Option<u32>,
    /// The id of its contact: the one with the identity of the other device.
    pub contact: ContactId,
    /// The key file, without the profile's own member. Its `verified` is what a
    /// person did on this profile, and nothing else.
    pub file: KeyFile,
    /// How it came into the profile.
    pub provenance: Provenance,
    /// What the file that it was imported from claims: that somebody verified it.
    pub claim: Option<Verified>,
    /// When it was restored from a backup of this profile, if it was.
    pub restored_at: Option<Timestamp>,
    /// What it is for, in the user's words.
    pub purpose: Option<String>,
    /// What was made of it, the newest last: at most the last fifty.
    pub exports: Vec<Exported>,
    /// When it was retired, if it was.
    pub retired_at: Option<Timestamp>,
    /// The check code of its pairing, until somebody typed the other screen's digits.
    pub comparison: Option<PendingCheck>,
    /// The contact came with this key, and goes with it if the devices do not agree.
    pub brought_contact: bool,
    /// When this profile took it in; unknown of keys that earlier builds stored.
    pub(super) stored: Option<Timestamp>,
    /// Counts the keys in the order in which this profile took them in. No file
    /// from elsewhere has a say in it.
    pub(super) order: u64,
}

/// An export that was made of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// The target's name.
    pub target: String,
    /// The program that it was made for, where one was named: several take the same file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
    /// The purpose that it was derived for; empty for none.
    pub purpose: String,
    /// Where it went: a path, or that it was shown as a code.
    pub to: String,
    /// The time of the export, the first of several.
    pub at: Timestamp,
    /// Where a program is given it again and again: its first time on the last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
    /// How it is taken back in the program, where it is made of the other device's card:
    /// what is in another program stays there when the key goes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undo: Vec<String>,
}

impl Exported {
    /// What it was made for: the program, or else the target.
    #[must_use]
    pub fn used_with(&self) -> &str {
        self.program.as_deref().unwrap_or(&self.target)
    }

    /// When it was made last, to the day.
    #[must_use]
    pub fn latest(&self) -> Timestamp {
        self.last.unwrap_or(self.at)
    }

    /// Whether it is the same thing, made for the same and gone the same way.
    fn is_like(&self, other: &Self) -> bool {
        let what = |of: &Self| [&of.target, &of.purpose, &of.to].map(String::clone);
        what(self) == what(other) && self.program == other.program
    }

    /// Whether it is known to have been made on this day, of UTC.
    fn was_on_the_day_of(&self, at: Timestamp) -> bool {
        let day = |at: Timestamp| at.as_second().div_euclid(24 * 60 * 60);
        day(self.latest()) == day(at)
    }
}

/// The profile's own member.
#[derive(Serialize, Deserialize)]
struct Member {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
    provenance: Provenance,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    claim: Option<ClaimMember>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    restored_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    exports: Vec<Exported>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retired_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    comparison: Option<ComparisonMember>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    brought_contact: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stored: Option<Timestamp>,
    order: u64,
}

#[derive(Serialize, Deserialize)]
struct ClaimMember {
    method: String,
    at: Timestamp,
}

/// The member in a profile of version 1. Its `contact`, the first 8 bytes of an
/// id, follows from the key file, and is not read.
#[derive(Deserialize)]
struct OldMember {
    name: String,
    purpose: Option<String>,
    #[serde(default)]
    exports: Vec<Exported>,
    retired_at: Option<Timestamp>,
    #[serde(default)]
    imported: bool,
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
        let bytes = read_file(&self.key_path(id))?;
        let key = bytes.and_then(|bytes| StoredKey::from_json(&bytes).ok());
        let key = key.filter(|key| key.file.key_id() == id);
        let key = key.ok_or_else(|| not_found("key", &id.to_string()))?;
        let name = match (key.number, self.contact_alone(key.contact)) {
            (Some(number), Some(contact)) => Some(key_name(&contact.name, number)),
            // Its number follows from the other keys.
            _ => {
                let (keys, _) = self.keys()?;
                keys.into_iter().find(|other| other.file.key_id() == id).map(|key| key.name)
            }
        };
        Ok(StoredKey { name: name.unwrap_or_else(|| key.name.clone()), ..key })
    }

    /// The other device is known to hold the key too.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn acknowledge(&self, key_id: KeyId) -> Result<(), StoreError> {
        self.change_key(key_id, |key| key.file.acknowledge()).map(drop)
    }

    /// The other device has the key that a pairing stored, while the pairing lasts: it
    /// tells `card` of itself, and its check code can be compared.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn finish_pairing(
        &self,
        key_id: KeyId,
        card: &Card,
        check: PendingCheck,
    ) -> Result<(), StoreError> {
        let change = |key: &mut StoredKey| {
            key.file.acknowledge();
            key.file.set_card(card);
            key.comparison = Some(check);
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
        self.change_key(key_id, |key| key.remember(export)).map(drop)
    }

    /// Remembers what a program was given of `key`, unless it is known to have been given
    /// it on this day: then nothing is written.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where another program holds the profile, and as the system
    /// gives them.
    pub fn record_given(&self, key: &StoredKey, export: Exported) -> Result<(), StoreError> {
        let known = |key: &StoredKey| {
            let mut like = key.exports.iter().filter(|other| other.is_like(&export));
            like.any(|other| other.was_on_the_day_of(export.at))
        };
        if known(key) {
            return Ok(());
        }
        let _lock = self.lock_within(PATIENCE)?;
        // Another one may have been faster.
        let mut key = self.key(key.file.key_id())?;
        if known(&key) {
            return Ok(());
        }
        let mut given = export.clone();
        if let Some(i) = key.exports.iter().position(|other| other.is_like(&export)) {
            // The newest stands last.
            given = Exported { last: Some(export.at), ..key.exports.remove(i) };
        }
        key.remember(given);
        self.write_key(&mut key)
    }

    /// What was made of what a contact shared, with any of its keys
    /// ([`StoredKey::left_behind`]).
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn left_behind(&self, contact: ContactId) -> Result<Vec<Exported>, StoreError> {
        let (keys, _) = self.keys()?;
        let own = keys.iter().filter(|key| key.contact == contact);
        Ok(own.flat_map(StoredKey::left_behind).collect())
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
        let (bytes, path) = (key.stored_json(), self.key_path(key.file.key_id()));
        // Nothing is written that would not be read again.
        if bytes.len() > MAX_BYTES {
            return Err(StoreError::TooLarge(path));
        }
        self.write(&path, &bytes)
    }

    pub(super) fn key_path(&self, key_id: KeyId) -> PathBuf {
        self.folder.join(KEYS).join(format!("{key_id}.json"))
    }
}

/// What a contact's key with this number is called.
pub(super) fn key_name(contact: &str, number: u32) -> String {
    if number <= 1 { contact.to_owned() } else { format!("{contact} · key {number}") }
}

/// The number that an earlier build put behind the contact's name.
fn number_in_name(name: &str, contact: Option<&Contact>) -> Option<u32> {
    name.strip_prefix(contact?.name.as_str())?.strip_prefix(' ')?.parse().ok()
}

/// Calls each key by its contact's name, as far as `contacts` has it. A key without a
/// number, or with that of an earlier one, gets the first that is free.
pub(super) fn name_by_contacts(keys: &mut [StoredKey], contacts: &[Contact]) {
    let of = |key: &StoredKey| contacts.iter().find(|contact| contact.id() == key.contact);
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by_key(|i| keys.get(*i).map(StoredKey::order));
    let mut taken: HashSet<(ContactId, u32)> = HashSet::new();
    let mut without = Vec::new();
    let mut numbers = Vec::new();
    for i in order {
        let Some(key) = keys.get(i) else { continue };
        match key.number.or_else(|| number_in_name(&key.name, of(key))) {
            Some(number) if taken.insert((key.contact, number)) => numbers.push((i, number)),
            _ => without.push(i),
        }
    }
    for i in without {
        let Some(key) = keys.get(i) else { continue };
        if let Some(number) = (1..).find(|number| taken.insert((key.contact, *number))) {
            numbers.push((i, number));
        }
    }
    for (i, number) in numbers {
        let Some(key) = keys.get_mut(i) else { continue };
        if let Some(contact) = of(key) {
            key.name = key_name(&contact.name, number);
        }
    }
}

/// The number of a further key of `contact`.
pub(super) fn next_number(keys: &[StoredKey], contact: ContactId) -> u32 {
    let own = keys.iter().filter(|key| key.contact == contact);
    let (count, most) = own
        .fold((0, 0), |(count, most), key| (count + 1, most.max(key.number.unwrap_or_default())));
    most.max(count).saturating_add(1)
}

impl StoredKey {
    /// The file in the profile: the key file, with the profile's own member. Wiped on
    /// drop.
    pub(super) fn stored_json(&mut self) -> Zeroizing<Vec<u8>> {
        let key = self;
        let claim = key
            .claim
            .map(|claim| ClaimMember { method: claim.method.as_str().to_owned(), at: claim.at });
        let own = Member {
            name: key.name.clone(),
            number: key.number,
            provenance: key.provenance,
            claim,
            restored_at: key.restored_at,
            purpose: key.purpose.clone(),
            exports: key.exports.clone(),
            retired_at: key.retired_at,
            comparison: key.comparison.as_ref().map(ComparisonMember::from),
            brought_contact: key.brought_contact,
            stored: key.stored,
            order: key.order,
        };
        // Texts and times do not fail to become JSON.
        key.file.set_member(MEMBER, serde_json::to_value(own).ok());
        let bytes = key.file.to_json();
        key.file.set_member(MEMBER, None);
        bytes
    }

    /// A key that is not retired, and of which nothing was made.
    pub(super) fn new(
        (name, number): (String, u32),
        file: KeyFile,
        provenance: Provenance,
        (stored, order): (Timestamp, u64),
    ) -> Self {
        Self {
            name,
            number: Some(number),
            contact: ContactId::of(file.peer_fingerprint()),
            file,
            provenance,
            claim: None,
            restored_at: None,
            purpose: None,
            exports: Vec::new(),
            retired_at: None,
            comparison: None,
            brought_contact: false,
            stored: Some(stored),
            order,
        }
    }

    fn remember(&mut self, export: Exported) {
        self.exports.push(export);
        while self.exports.len() > MAX_EXPORTS {
            // What has to be taken back some day is remembered longest.
            let oldest = self.exports.iter().position(|export| export.undo.is_empty());
            self.exports.remove(oldest.unwrap_or(0));
        }
    }

    /// What was made of what the other device shared, each once: it is in other programs,
    /// and stays there when this key goes or turns out to be somebody else's.
    #[must_use]
    pub fn left_behind(&self) -> Vec<Exported> {
        let mut left: Vec<Exported> = Vec::new();
        for export in self.exports.iter().filter(|export| !export.undo.is_empty()) {
            if !left.iter().any(|other| other.undo == export.undo) {
                left.push(export.clone());
            }
        }
        left
    }

    /// How far it is known that its contact shares it, and nobody else.
    #[must_use]
    pub const fn trust(&self) -> KeyTrust {
        KeyTrust::of(self.provenance, self.file.verified)
    }

    /// Where it stands among the keys that this profile took in: a later one is
    /// greater. Keys of earlier builds are told apart by their time.
    #[must_use]
    pub fn order(&self) -> (u64, Timestamp) {
        (self.order, self.stored.unwrap_or(self.file.created))
    }

    /// Whether it says to be of a time after `now`: the clock of the device that
    /// wrote it was wrong, or the file is made up.
    #[must_use]
    pub fn is_of_the_future(&self, now: Timestamp) -> bool {
        let claimed = self.claim.is_some_and(|claim| claim.at > now);
        self.file.created > now || claimed
    }

    pub(super) fn from_json(bytes: &[u8]) -> Result<Self, String> {
        let mut file = KeyFile::from_json(bytes).map_err(|error| error.to_string())?;
        let member = file.member(MEMBER).cloned();
        let member = member.ok_or("it does not say whose key it is")?;
        file.set_member(MEMBER, None::<Value>);
        let damaged = || "what the profile says of it is damaged".to_owned();
        let old = member.get("provenance").is_none();
        let own = if old {
            let old = OldMember::deserialize(member).map_err(|_| damaged())?;
            old.bring_over(&mut file)
        } else {
            Member::deserialize(member).map_err(|_| damaged())?
        };
        let comparison = match &own.comparison {
            Some(member) => Some(member.read().ok_or("its check code is damaged")?),
            None => None,
        };
        let claim = match own.claim {
            None => None,
            Some(ClaimMember { method, at }) => {
                Some(Verified { method: Method::parse(&method).ok_or_else(damaged)?, at })
            }
        };
        Ok(Self {
            name: own.name,
            number: own.number,
            contact: ContactId::of(file.peer_fingerprint()),
            file,
            provenance: own.provenance,
            claim,
            restored_at: own.restored_at,
            purpose: own.purpose,
            exports: own.exports,
            retired_at: own.retired_at,
            comparison,
            brought_contact: own.brought_contact,
            stored: own.stored,
            order: own.order,
        })
    }
}

impl OldMember {
    /// What version 1 said, as it is known to be true: a file under a passphrase
    /// was believed to be verified, and it was not kept whether a camera saw the
    /// codes.
    fn bring_over(self, file: &mut KeyFile) -> Member {
        let provenance =
            if self.imported { Provenance::Imported } else { Provenance::PairedRelayed };
        let claim = if self.imported { file.verified.take() } else { None };
        Member {
            name: self.name,
            number: None,
            provenance,
            claim: claim.map(|c| ClaimMember { method: c.method.as_str().to_owned(), at: c.at }),
            restored_at: None,
            purpose: self.purpose,
            exports: self.exports,
            retired_at: self.retired_at,
            comparison: None,
            brought_contact: false,
            stored: self.stored,
            order: 0,
        }
    }
}
