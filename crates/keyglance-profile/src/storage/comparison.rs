//! Comparing the check codes of a pairing: right after it, or at any later time.

use jiff::Timestamp;
use keyglance_core::crypto::KeyId;
use keyglance_core::pairing::CheckEntry;
use keyglance_core::trust::{Method, Verified};

use super::{Profile, StoreError, StoredKey};
use crate::lookup::Meant;

impl Profile {
    /// The key that a person means by `text` and whose check code can be compared: of a
    /// contact, the one that was stored last.
    ///
    /// # Errors
    /// [`StoreError::NothingToCompare`], [`StoreError::NotFound`],
    /// [`StoreError::Ambiguous`].
    pub fn key_to_compare(&self, text: &str) -> Result<StoredKey, StoreError> {
        let key = match self.find(text)? {
            Meant::Contact(contact) | Meant::Both(contact, _) => {
                let (keys, _) = self.keys()?;
                let own = keys.into_iter().filter(|key| key.contact == contact);
                own.filter(|key| key.comparison.is_some()).max_by_key(StoredKey::order)
            }
            Meant::Key(key) => Some(self.key(key)?).filter(|key| key.comparison.is_some()),
        };
        key.ok_or_else(|| StoreError::NothingToCompare(text.to_owned()))
    }

    /// Takes the digits of the other screen that a person typed for this key. Right
    /// ones verify the key and its contact. A wrong entry is counted on the disk
    /// before this answers, so that leaving gives nobody another. The last one wipes
    /// the key ([`CheckEntry::Mismatch`]), and no file brings it back.
    ///
    /// # Errors
    /// [`StoreError::NothingToCompare`], [`StoreError::NotFound`], [`StoreError`].
    pub fn enter_check_code(
        &self,
        key_id: KeyId,
        text: &str,
        at: Timestamp,
    ) -> Result<CheckEntry, StoreError> {
        let _lock = self.lock()?;
        let mut key = self.key(key_id)?;
        let check = key.comparison.as_mut();
        let check = check.ok_or_else(|| StoreError::NothingToCompare(key.name.clone()))?;
        let entry = check.enter(text);
        match entry {
            CheckEntry::Match => {
                key.comparison = None;
                self.verify_locked(key, Verified { method: Method::CheckCode, at })?;
            }
            CheckEntry::Wrong { .. } => self.write_key(&mut key)?,
            CheckEntry::Mismatch => self.reject_locked(&key)?,
            CheckEntry::OwnDigits | CheckEntry::NotSixDigits => {}
        }
        Ok(entry)
    }

    /// A person says that the devices do not agree: here, or on the other device,
    /// which cannot tell us by itself. The key is wiped, and its contact goes if it
    /// came with it. What was there before stays. No file brings the key back.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError`].
    pub fn reject_check_code(&self, key_id: KeyId) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        let key = self.key(key_id)?;
        self.reject_locked(&key)
    }
}
