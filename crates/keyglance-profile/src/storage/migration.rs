//! Bringing a profile of an earlier version over.
//!
//! Version 1 named contacts by 8 bytes of their fingerprint, took what an imported
//! file says of itself for a verification, and knew no order of its keys but their
//! dates. It can be read as it is, so nothing is lost where this is cut off, and
//! the version is written last.

use keyglance_core::trust::{Change, Trust};

use super::{CONTACTS, Profile, StoreError, VERSION};

impl Profile {
    /// Under the lock.
    pub(super) fn bring_over(&self) -> Result<(), StoreError> {
        if self.check_version()?.is_none_or(|version| version >= VERSION) {
            return Ok(());
        }
        for mut contact in self.contacts_to_change()? {
            // Nobody is verified when a contact begins: a file said so.
            if let [Change { trust: Trust::Verified(_), at }] = *contact.history() {
                contact.set_trust(Trust::Unverified, at);
            }
            self.write(&self.contact_path(&contact), &contact.to_json())?;
            let old = format!("{}.json", contact.id().short_form());
            self.remove(&self.folder.join(CONTACTS).join(old))?;
        }
        let mut keys = self.keys_to_change()?;
        // By the profile's own time alone: some may have been brought over before.
        keys.sort_by_key(|key| key.stored.unwrap_or(key.file.created));
        for (order, key) in (1..).zip(&mut keys) {
            key.order = order;
            self.write_key(key)?;
        }
        self.write_version()
    }
}
