//! What a person means by a text: the one place where a text becomes a contact or
//! a key.
//!
//! Names are chosen by whoever pairs, so a name may read like somebody else's id
//! or public key. An exact id therefore comes before every name, and nothing in
//! the program looks up an id that it has by its text.

use std::fmt;

use keyglance_core::contacts::{Contact, ContactId, Found, find_by_name, same_name};
use keyglance_core::crypto::{KeyId, PublicKey};
use keyglance_core::text::is_near;

use crate::storage::{Profile, StoreError, StoredKey};

/// Fewest digits of a key's id that stand for the whole one.
const KEY_ID_START: usize = 4;
/// The same of a contact's id. Its owner can choose the first few of these.
const CONTACT_ID_START: usize = 16;

/// Something that a text can mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// By what nothing else is called.
    pub id: CandidateId,
    /// What it is called.
    pub name: String,
}

/// What a [`Candidate`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CandidateId {
    /// A contact.
    Contact(ContactId),
    /// A key.
    Key(KeyId),
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.id {
            CandidateId::Contact(id) => write!(f, "the contact {:?} ({id})", self.name),
            CandidateId::Key(id) => write!(f, "the key {:?} ({id})", self.name),
        }
    }
}

/// A list for an error's text.
pub(crate) fn list(candidates: &[Candidate]) -> String {
    candidates.iter().map(Candidate::to_string).collect::<Vec<_>>().join(", ")
}

/// A contact or a key to choose from.
#[derive(Clone, Copy)]
enum Item<'a> {
    Contact(&'a Contact),
    Key(&'a StoredKey),
}

impl<'a> Item<'a> {
    fn name(self) -> &'a str {
        match self {
            Self::Contact(contact) => contact.name.as_str(),
            Self::Key(key) => &key.name,
        }
    }

    /// Whether `text` is its name without the sign that no keyboard has.
    fn is_written_so(self, text: &str) -> bool {
        let name = self.name();
        name.contains(" · ") && same_name(&name.replace(" · ", " "), text)
    }

    /// The contact that it is, or belongs to.
    fn contact(self) -> ContactId {
        match self {
            Self::Contact(contact) => contact.id(),
            Self::Key(key) => key.contact,
        }
    }

    fn has_id(self, text: &str) -> bool {
        match self {
            Self::Key(key) => KeyId::from_hex(text) == Some(key.file.key_id()),
            Self::Contact(contact) => {
                let key = || text.parse().ok().or_else(|| PublicKey::from_base64url(text));
                text.parse() == Ok(contact.id())
                    || key().is_some_and(|key| contact.identity().key == Some(key))
            }
        }
    }

    fn has_id_start(self, text: &str) -> bool {
        match self {
            Self::Key(key) => {
                text.len() >= KEY_ID_START && key.file.key_id().to_string().starts_with(text)
            }
            Self::Contact(contact) => {
                text.len() >= CONTACT_ID_START && contact.id().to_string().starts_with(text)
            }
        }
    }

    fn is(&self, other: &Item<'_>) -> bool {
        self.candidate().id == other.candidate().id
    }

    fn candidate(self) -> Candidate {
        let id = match self {
            Self::Contact(contact) => CandidateId::Contact(contact.id()),
            Self::Key(key) => CandidateId::Key(key.file.key_id()),
        };
        Candidate { id, name: self.name().to_owned() }
    }
}

/// All that `text` can mean: what has it for its id; else what is called exactly
/// so, else what is called the same, and what has an id that begins so. A start of
/// an id never decides against a name, nor a name against it.
fn fitting<'a>(items: &[Item<'a>], text: &str) -> Vec<Item<'a>> {
    let digits = text.trim().to_lowercase();
    let all = |fits: &dyn Fn(&Item<'a>) -> bool| {
        items.iter().copied().filter(|item| fits(item)).collect::<Vec<_>>()
    };
    let by_id = all(&|item| item.has_id(text.trim()) || item.has_id(&digits));
    if !by_id.is_empty() {
        return by_id;
    }
    let named = match find_by_name(items.iter().copied(), |item| item.name(), text) {
        Found::None => Vec::new(),
        Found::One(item) => vec![item],
        Found::Several(items) => items,
    };
    let named = if named.is_empty() { all(&|item| item.is_written_so(text)) } else { named };
    let also =
        |item: &Item<'_>| item.has_id_start(&digits) && !named.iter().any(|named| named.is(item));
    let begun = all(&also);
    named.into_iter().chain(begun).collect()
}

/// The one among `found`, which are those of `items` that fitted `text`.
fn only<'a>(found: &[Item<'a>], items: &[Item<'a>], text: &str) -> Result<Item<'a>, StoreError> {
    match found {
        [] => Err(nothing_called(items, text)),
        [one] => Ok(*one),
        several => Err(ambiguous(several, text)),
    }
}

fn nothing_called(items: &[Item<'_>], text: &str) -> StoreError {
    let near = items.iter().filter(|item| is_near(text.trim(), item.name()));
    let mut close: Vec<String> = near.map(|item| item.name().to_owned()).collect();
    close.dedup();
    close.truncate(3);
    StoreError::NothingCalled { text: text.to_owned(), close }
}

fn ambiguous(found: &[Item<'_>], text: &str) -> StoreError {
    let candidates = found.iter().map(|item| item.candidate()).collect();
    StoreError::Ambiguous { text: text.to_owned(), candidates }
}

/// What a text means where both a contact and a key can be named.
#[derive(Debug)]
pub(crate) enum Meant {
    /// A contact.
    Contact(ContactId),
    /// A key.
    Key(KeyId),
    /// A contact and a key of that very contact: both are called so.
    Both(ContactId, KeyId),
}

impl Profile {
    /// The contact that a person means by `text`: its id or public key, its name,
    /// a name that looks the same, or the start of its id (at least 16 digits).
    ///
    /// # Errors
    /// [`StoreError::NothingCalled`], [`StoreError::Ambiguous`].
    pub fn find_contact(&self, text: &str) -> Result<Contact, StoreError> {
        let (contacts, _) = self.contacts()?;
        let items: Vec<_> = contacts.iter().map(Item::Contact).collect();
        let id = only(&fitting(&items, text), &items, text)?.contact();
        self.contact(id)
    }

    /// The contact to decide about that a person means by `text`: one that came under
    /// the name of another; or the known one, if one alone came under its name.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Ambiguous`], [`StoreError::Decided`].
    pub fn find_conflict(&self, text: &str) -> Result<Contact, StoreError> {
        let contact = self.find_contact_or_key(text)?;
        if contact.name_conflict.is_some() {
            return Ok(contact);
        }
        let contacts = self.contacts_to_change()?;
        let came = |new: &&Contact| {
            new.name_conflict.as_ref().is_some_and(|conflict| conflict.id == contact.id())
        };
        match contacts.iter().filter(came).collect::<Vec<_>>()[..] {
            [] => Err(StoreError::Decided(contact.name.to_string())),
            [new] => Ok(new.clone()),
            ref several => {
                Err(ambiguous(&several.iter().map(|c| Item::Contact(c)).collect::<Vec<_>>(), text))
            }
        }
    }

    /// The key that a person means by `text`: a key; or a contact, which means its only
    /// key. Where a contact and its own key have one name, the key is meant.
    ///
    /// # Errors
    /// [`StoreError::NothingCalled`], [`StoreError::Ambiguous`], [`StoreError::NoKey`].
    pub fn find_key(&self, text: &str) -> Result<StoredKey, StoreError> {
        let contact = match self.find(text)? {
            Meant::Key(key) | Meant::Both(_, key) => return self.key(key),
            Meant::Contact(contact) => contact,
        };
        let (mut keys, _) = self.keys()?;
        keys.retain(|key| key.contact == contact);
        match &keys[..] {
            [] => Err(StoreError::NoKey(self.contact(contact)?.name.to_string())),
            [one] => self.key(one.file.key_id()),
            several => Err(ambiguous(&several.iter().map(Item::Key).collect::<Vec<_>>(), text)),
        }
    }

    /// The contact that a person means by `text`, or by one of its keys.
    ///
    /// # Errors
    /// [`StoreError::NothingCalled`], [`StoreError::Ambiguous`].
    pub fn find_contact_or_key(&self, text: &str) -> Result<Contact, StoreError> {
        match self.find(text)? {
            Meant::Contact(contact) | Meant::Both(contact, _) => self.contact(contact),
            Meant::Key(key) => self.contact_of(&self.key(key)?),
        }
    }

    /// The contact or the key that a person means by `text`: the one rule. It is
    /// ambiguous where it fits things of two contacts.
    pub(crate) fn find(&self, text: &str) -> Result<Meant, StoreError> {
        let ((contacts, _), (keys, _)) = (self.contacts()?, self.keys()?);
        let items: Vec<_> =
            contacts.iter().map(Item::Contact).chain(keys.iter().map(Item::Key)).collect();
        let found = fitting(&items, text);
        match found[..] {
            [Item::Contact(contact), Item::Key(key)] if key.contact == contact.id() => {
                Ok(Meant::Both(contact.id(), key.file.key_id()))
            }
            _ => match only(&found, &items, text)? {
                Item::Contact(contact) => Ok(Meant::Contact(contact.id())),
                Item::Key(key) => Ok(Meant::Key(key.file.key_id())),
            },
        }
    }
}
