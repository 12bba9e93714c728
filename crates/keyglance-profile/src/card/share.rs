//! What is told in a pairing: what the user chose, as it is now.

use jiff::Timestamp;
use keyglance_core::identifiers::{Identifier, IdentifierKind};
use keyglance_core::pairing::Card;

use super::{CardPlaces, CardReadError, CardSource, OwnCard, OwnCardEntry, card_of};
use crate::storage::{Profile, StoreError};

/// What a user wants to share in one pairing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Share {
    /// What was chosen before.
    #[default]
    Chosen,
    /// These kinds and no others, this time.
    Only(Vec<IdentifierKind>),
}

/// What is told in a pairing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedCard {
    /// The identifiers, in the order of their kinds.
    pub identifiers: Vec<Identifier>,
    /// What is not shared though it was chosen.
    pub notices: Vec<CardNotice>,
}

impl SharedCard {
    /// The same as it travels.
    #[must_use]
    pub fn card(&self) -> Card {
        card_of(&self.identifiers)
    }
}

/// Something that was chosen and is not shared any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardNotice {
    /// It is not what it was when the user chose it.
    Changed(IdentifierKind),
    /// It cannot be read any more.
    Unreadable(IdentifierKind, CardReadError),
    /// The profile does not say what was chosen, so nothing is.
    NothingKnown(StoreError),
}

/// Why what a user wants to share in one pairing cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShareError {
    /// The profile says no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It could not be read.
    #[error("{error}")]
    Read {
        /// What was to be shared.
        kind: IdentifierKind,
        /// Why it is not.
        error: CardReadError,
    },
    /// It is not what it was when the user chose it.
    #[error("the {} has changed since it was chosen", .0.title())]
    Changed(IdentifierKind),
}

impl Profile {
    /// What a pairing that begins now tells of this device. What was chosen is read
    /// again: what has changed, or cannot be read, is from now on not chosen any more.
    ///
    /// # Errors
    /// [`ShareError`] for what the user named for this pairing. What was chosen before
    /// stops no pairing: what of it is not shared is a notice.
    pub fn card_to_share(
        &self,
        places: &CardPlaces,
        share: &Share,
        at: Timestamp,
    ) -> Result<SharedCard, ShareError> {
        match share {
            Share::Chosen => Ok(self.chosen_card(places, at)?),
            // Not even looked at.
            Share::Only(kinds) if kinds.is_empty() => Ok(SharedCard::default()),
            Share::Only(kinds) => {
                let card = self.own_card()?;
                let mut kinds = kinds.clone();
                kinds.sort();
                kinds.dedup();
                let identifiers = kinds.into_iter().map(|kind| named(&card, places, kind));
                Ok(SharedCard {
                    identifiers: identifiers.collect::<Result<_, _>>()?,
                    notices: Vec::new(),
                })
            }
        }
    }

    fn chosen_card(&self, places: &CardPlaces, at: Timestamp) -> Result<SharedCard, StoreError> {
        let mut notices = Vec::new();
        let card = match self.own_card() {
            Ok(card) => card,
            Err(error) => {
                notices.push(CardNotice::NothingKnown(error));
                return Ok(SharedCard { identifiers: Vec::new(), notices });
            }
        };
        for entry in card.entries().iter().filter(|entry| entry.shared) {
            let kind = entry.identifier.kind();
            match is_still(entry, places) {
                Ok(true) => {}
                Ok(false) => notices.push(CardNotice::Changed(kind)),
                Err(error) => notices.push(CardNotice::Unreadable(kind, error)),
            }
        }
        let left_out = |kind| notices.iter().any(|notice| notice.kind() == Some(kind));
        let mut identifiers = card.shared();
        identifiers.retain(|identifier| !left_out(identifier.kind()));
        if !notices.is_empty() {
            self.change_own_card(|card| {
                for entry in card.entries_mut().iter_mut() {
                    if left_out(entry.identifier.kind()) {
                        (entry.shared, entry.read_at) = (false, at);
                    }
                }
            })?;
        }
        Ok(SharedCard { identifiers, notices })
    }
}

impl CardNotice {
    /// What it is about, if not all.
    #[must_use]
    pub const fn kind(&self) -> Option<IdentifierKind> {
        match self {
            Self::Changed(kind) | Self::Unreadable(kind, _) => Some(*kind),
            Self::NothingKnown(_) => None,
        }
    }
}

/// What a user names for one pairing: as it is in the profile, if it is still so, or
/// read where its program keeps it.
fn named(
    card: &OwnCard,
    places: &CardPlaces,
    kind: IdentifierKind,
) -> Result<Identifier, ShareError> {
    let unread = |error| ShareError::Read { kind, error };
    match card.entry(kind) {
        Some(entry) if is_still(entry, places).map_err(unread)? => Ok(entry.identifier.clone()),
        Some(_) => Err(ShareError::Changed(kind)),
        None => Ok(places.read(kind).map_err(unread)?.identifier),
    }
}

/// Whether an entry is still what stands where it was read. What the user gave, or gpg
/// was asked for, is not asked again.
fn is_still(entry: &OwnCardEntry, places: &CardPlaces) -> Result<bool, CardReadError> {
    let kind = entry.identifier.kind();
    Ok(match &entry.source {
        CardSource::File(path) => match places.read_file(kind, path) {
            // The user has said that it is public.
            Err(CardReadError::LooksPrivate { unless_public: Some(public), .. }) => {
                public.identifier == entry.identifier
            }
            read => read?.identifier == entry.identifier,
        },
        CardSource::HostName => {
            let names = places.candidates(kind)?;
            names.iter().any(|name| name.identifier == entry.identifier)
        }
        CardSource::Gpg | CardSource::Given => true,
    })
}
