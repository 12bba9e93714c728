//! Another device that came under the name of a known contact.

use serde::{Deserialize, Deserializer, Serialize, de};

use super::{ContactId, Name};

/// A contact came under the name of another, with an identity of its own. Until a
/// person has decided **and** compared it, its keys are held back; the known
/// contact's go on as before. Any number of contacts can have a conflict with the
/// same known one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameConflict {
    /// The id of the contact that was known by the name.
    #[serde(deserialize_with = "id")]
    pub id: ContactId,
    /// The name that both wanted.
    pub name: Name,
    /// What a person said of it; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<ConflictDecision>,
}

/// What a person says of a contact that came under the name of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConflictDecision {
    /// It is the known contact's new device, which takes the name; the keys of the
    /// old one are stopped.
    NewDevice,
    /// It is another device of the known contact: both are used.
    AnotherDevice,
    /// It is somebody else.
    SomebodyElse,
    /// It is somebody else, and nothing is ever done with its keys.
    Blocked,
}

impl NameConflict {
    /// A conflict that nobody has decided yet, with the contact that has this id
    /// and name.
    #[must_use]
    pub const fn new(id: ContactId, name: Name) -> Self {
        Self { id, name, decision: None }
    }

    /// Whether the known contact's keys are shown with a word about this one: until
    /// it is known to be somebody else, or settled.
    #[must_use]
    pub const fn concerns_known(&self) -> bool {
        !matches!(self.decision, Some(ConflictDecision::SomebodyElse | ConflictDecision::Blocked))
    }
}

/// Profiles of version 1 have the first 8 bytes only.
fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ContactId, D::Error> {
    let text = String::deserialize(deserializer)?;
    ContactId::from_file(&text).ok_or_else(|| de::Error::custom("no contact's id"))
}
