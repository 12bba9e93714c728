//! What a person decides about a contact that came under the name of another.

use jiff::Timestamp;
use keyglance_core::contacts::{
    ConflictDecision, Contact, ContactId, Name, NameConflict, same_name,
};
use keyglance_core::trust::Trust;

use super::{Profile, StoreError, StoredKey};

/// What a person says of a contact that came under the name of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is the known contact's new device. Once it was compared, it takes the
    /// name, and the keys of the old one are stopped.
    NewDevice,
    /// It is another device of the known contact. Once it was compared, both are
    /// used, each by its name.
    AnotherDevice,
    /// It is somebody else, who gets this name. Held back until compared.
    SomebodyElse(Name),
    /// It is somebody else, and nothing is ever done with its keys.
    Block,
}

impl Decision {
    const fn recorded(&self) -> ConflictDecision {
        match self {
            Self::NewDevice => ConflictDecision::NewDevice,
            Self::AnotherDevice => ConflictDecision::AnotherDevice,
            Self::SomebodyElse(_) => ConflictDecision::SomebodyElse,
            Self::Block => ConflictDecision::Blocked,
        }
    }
}

/// What became of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// What the contact that was decided about is called now.
    pub name: String,
    /// Whether its keys are held back still: until it is compared, or for good
    /// if it is blocked.
    pub held_back: bool,
}

impl Profile {
    /// Decides about the contact with this id, which came under the name of
    /// another. A later decision replaces an earlier one, as long as it has not
    /// been carried out.
    ///
    /// # Errors
    /// [`StoreError::Decided`] where there is nothing to decide,
    /// [`StoreError::NameTaken`].
    pub fn decide(
        &self,
        id: ContactId,
        decision: Decision,
        at: Timestamp,
    ) -> Result<Decided, StoreError> {
        let _lock = self.lock()?;
        let mut new = self.contact(id)?;
        let Some(conflict) = &mut new.name_conflict else {
            return Err(StoreError::Decided(new.name.to_string()));
        };
        conflict.decision = Some(decision.recorded());
        if let Decision::SomebodyElse(name) = decision {
            self.rename_locked(&mut new, name)?;
        }
        self.settle(&mut new, at)?;
        self.write_contact(&new, false)?;
        Ok(Decided { name: new.name.to_string(), held_back: new.is_held_back() })
    }

    /// Carries out what was decided about a contact, if it is compared by now. The
    /// contact itself is left to be written, last of all: cut off before, the
    /// question is still open.
    pub(super) fn settle(&self, new: &mut Contact, at: Timestamp) -> Result<(), StoreError> {
        let compared = matches!(new.trust(), Trust::Verified(_));
        let Some(conflict) = new.name_conflict.take_if(|conflict| {
            let blocked = conflict.decision == Some(ConflictDecision::Blocked);
            compared && conflict.decision.is_some() && !blocked
        }) else {
            return Ok(());
        };
        if conflict.decision == Some(ConflictDecision::NewDevice) {
            self.replace_by(new, &conflict, at)?;
        }
        Ok(())
    }

    /// `new` takes the place of the contact that was known by the name: what a person
    /// calls by the name is the new one and its keys from now on.
    fn replace_by(
        &self,
        new: &mut Contact,
        conflict: &NameConflict,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let old_name = conflict.name.with_suffix(" (old)")?;
        for mut key in self.keys_of(conflict.id)?.into_iter().filter(|k| k.retired_at.is_none()) {
            key.retired_at = Some(at);
            self.write_key(&mut key)?;
        }
        let contacts = self.contacts_to_change()?;
        let taken = || contacts.iter().map(|contact| contact.name.as_str());
        match contacts.iter().find(|contact| same_name(&contact.name, &conflict.name)) {
            Some(old) if old.id() == conflict.id => {
                let mut old = old.clone();
                old.name = old_name.unique(taken());
                self.write_contact(&old, false)?;
                new.name = conflict.name.clone();
            }
            // Another contact has that name by now.
            Some(other) if other.id() != new.id() => {}
            _ => new.name = conflict.name.clone(),
        }
        Ok(())
    }

    /// In the order in which they came.
    fn keys_of(&self, contact: ContactId) -> Result<Vec<StoredKey>, StoreError> {
        let mut keys = self.keys_to_change()?;
        keys.retain(|key| key.contact == contact);
        keys.sort_by_key(StoredKey::order);
        Ok(keys)
    }
}
