//! What this device shares of itself.

use super::{ProfileWorker, not_open};
use crate::gui::effect::CardInput;
use crate::gui::model::OwnCardView;
use crate::gui::report::{CardReadFailure, Report};
use crate::messages::window::explain;
use keyglance_core::identifiers::IdentifierKind;
use keyglance_profile::{CardCandidate, CardNotice, CardReadError, Share, ShareError, SharedCard};

impl ProfileWorker {
    /// For a pairing that begins; nothing where nothing can be known.
    pub(super) fn card_to_share(&self) -> Report {
        let shared = self.profile.as_ref().map(|profile| {
            profile.card_to_share(&self.environment.places, &Share::Chosen, self.now())
        });
        match shared {
            Some(Ok(shared)) => Report::CardToShare(shared),
            Some(Err(ShareError::Store(error))) => {
                let notices = vec![CardNotice::NothingKnown(error)];
                Report::CardToShare(SharedCard { identifiers: Vec::new(), notices })
            }
            // Only what is named for one pairing fails otherwise.
            Some(Err(_)) | None => Report::CardToShare(SharedCard::default()),
        }
    }

    pub(super) fn own_card(&self) -> Report {
        match self.with_profile(keyglance_profile::Profile::own_card) {
            Ok(card) => {
                let places = self.environment.places.clone();
                Report::OwnCard(Box::new(OwnCardView { card, places }))
            }
            Err(notification) => Report::Failed(notification),
        }
    }

    pub(super) fn read_for_card(&self, kind: IdentifierKind, input: &CardInput) -> Report {
        let places = &self.environment.places;
        let read = match input {
            // A host name is a choice, and the user sees it first.
            CardInput::Place if kind == IdentifierKind::HostName => {
                places.candidates(kind).and_then(|names| Err(CardReadError::Several(names)))
            }
            CardInput::Place => places.read(kind),
            CardInput::Given(text) => places.read_given(kind, text),
            CardInput::File(path) => places.read_file(kind, path),
        };
        match read {
            Ok(candidate) => self.share_on_card(candidate),
            Err(error) => {
                let explained = explain(&error);
                Report::CardRead(
                    kind,
                    Err(match error {
                        CardReadError::Several(candidates) => CardReadFailure::Several(candidates),
                        CardReadError::LooksPrivate { unless_public: Some(public), .. } => {
                            CardReadFailure::LooksPrivate(explained, public)
                        }
                        _ => CardReadFailure::Other(explained),
                    }),
                )
            }
        }
    }

    pub(super) fn share_on_card(&self, chosen: CardCandidate) -> Report {
        let kind = chosen.identifier.kind();
        let stored = match &self.profile {
            Some(profile) => {
                profile.share_on_card(chosen, self.now()).map_err(|error| explain(&error))
            }
            None => Err(not_open()),
        };
        Report::CardRead(kind, stored.map_err(CardReadFailure::Other))
    }
}
