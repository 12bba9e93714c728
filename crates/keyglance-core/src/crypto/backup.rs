//! What says that a backup was made by who has an identity.

use subtle::ConstantTimeEq as _;

use super::noise::hmac;
use super::{IdentityKey, labels};

impl IdentityKey {
    /// The tag of a backup that this identity made of its profile:
    /// `HMAC-SHA256(HMAC-SHA256(secret, "keyglance/1 backup"), backup)`. Nobody who
    /// knows only the passphrase of a backup can make one.
    #[must_use]
    pub fn backup_tag(&self, backup: &[u8]) -> [u8; 32] {
        let key = hmac(&self.secret_bytes(), &[labels::BACKUP]);
        *hmac(&key, &[backup])
    }

    /// Whether this identity made the tag, in constant time.
    #[must_use]
    pub fn made_backup_tag(&self, backup: &[u8], tag: &[u8; 32]) -> bool {
        self.backup_tag(backup).ct_eq(tag).into()
    }
}
