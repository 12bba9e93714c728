//! Keys that were wiped since the two devices did not agree. Somebody in between may
//! have made such a key, so that neither a backup nor a file brings it back.

use keyglance_core::crypto::KeyId;
use serde::{Deserialize, Serialize};

use super::{Profile, StoreError, StoredKey, read_file};

const FILE: &str = "rejected.json";
const FORMAT: &str = "keyglance-rejected-keys";
const VERSION: u64 = 1;
/// Most ids that are remembered: the latest.
const MAX: usize = 1000;

#[derive(Deserialize, Serialize)]
struct Document {
    format: String,
    version: u64,
    /// Ids, the latest last. They are no secrets.
    keys: Vec<String>,
}

impl Profile {
    /// Remembers that the devices did not agree on this key. Under the lock.
    pub(super) fn remember_rejected(&self, id: KeyId) -> Result<(), StoreError> {
        let mut keys = self.rejected_keys()?;
        keys.retain(|known| *known != id.to_string());
        keys.push(id.to_string());
        keys.drain(..keys.len().saturating_sub(MAX));
        let document = Document { format: FORMAT.to_owned(), version: VERSION, keys };
        let bytes = serde_json::to_vec(&document).unwrap_or_default();
        self.write(&self.folder.join(FILE), &bytes)
    }

    /// Whether the devices did not agree on this key.
    pub(super) fn is_rejected(&self, id: KeyId) -> Result<bool, StoreError> {
        Ok(self.rejected_keys()?.contains(&id.to_string()))
    }

    /// The ids. A file that cannot be read remembers nothing: what then comes back is
    /// not compared, and says so.
    pub(super) fn rejected_keys(&self) -> Result<Vec<String>, StoreError> {
        let bytes = read_file(&self.folder.join(FILE))?;
        let document = bytes.and_then(|bytes| serde_json::from_slice::<Document>(&bytes).ok());
        Ok(document.filter(|known| known.format == FORMAT).map_or_else(Vec::new, |d| d.keys))
    }

    /// Wipes a key on which the devices do not agree, for good. Under the lock.
    pub(super) fn reject_locked(&self, key: &StoredKey) -> Result<(), StoreError> {
        // First: cut off behind it, the key is still there to be rejected again.
        self.remember_rejected(key.file.key_id())?;
        self.discard_locked(key)
    }
}
