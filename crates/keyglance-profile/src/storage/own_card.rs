//! The own card in the profile: what was chosen to be shared, and where it was read. All
//! of it is public but the choice itself, so the file is its owner's as all others are.
//!
//! A backup has none of it: what another computer shares is chosen there.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use keyglance_core::identifiers::{Identifier, IdentifierKind};
use keyglance_core::pairing::CardItem;
use serde::{Deserialize, Serialize};

use super::{Profile, StoreError, read_file};
use crate::card::{CardCandidate, CardSource, OwnCard, OwnCardEntry};

const FILE: &str = "card.json";
const FORMAT: &str = "keyglance-own-card";
const VERSION: u64 = 1;

#[derive(Deserialize, Serialize)]
struct Document {
    format: String,
    version: u64,
    entries: Vec<Entry>,
}

#[derive(Deserialize, Serialize)]
struct Entry {
    kind: String,
    value: String,
    source: Source,
    read_at: Timestamp,
    shared: bool,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Source {
    File(PathBuf),
    HostName,
    Gpg,
    Given,
}

impl Profile {
    /// What this device tells of itself. Empty where nothing was ever chosen.
    ///
    /// # Errors
    /// [`StoreError::OwnCardDamaged`], [`StoreError`]: then nothing is known to be chosen.
    pub fn own_card(&self) -> Result<OwnCard, StoreError> {
        let path = self.folder.join(FILE);
        let Some(bytes) = read_file(&path)? else { return Ok(OwnCard::default()) };
        let damaged = || StoreError::OwnCardDamaged(path.clone());
        let document: Document = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
        if document.format != FORMAT {
            return Err(damaged());
        }
        if document.version > VERSION {
            return Err(StoreError::Newer(document.version));
        }
        let entries: Option<Vec<OwnCardEntry>> =
            document.entries.into_iter().map(Entry::read).collect();
        OwnCard::new(entries.ok_or_else(damaged)?).ok_or_else(damaged)
    }

    /// Shares this from now on, in place of what was shared of its kind.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn share_on_card(&self, chosen: CardCandidate, at: Timestamp) -> Result<(), StoreError> {
        let CardCandidate { identifier, source, .. } = chosen;
        self.change_own_card(|card| {
            card.set(OwnCardEntry { identifier, source, read_at: at, shared: true });
        })
    }

    /// Does not share this kind any more, and forgets it. Gives whether it was there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_off_card(&self, kind: IdentifierKind) -> Result<bool, StoreError> {
        let mut was_there = false;
        self.change_own_card(|card| was_there = card.remove(kind))?;
        Ok(was_there)
    }

    pub(crate) fn change_own_card(
        &self,
        change: impl FnOnce(&mut OwnCard),
    ) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        let path = self.folder.join(FILE);
        let mut card = match self.own_card() {
            // Somebody chooses anew.
            Err(StoreError::OwnCardDamaged(_)) => {
                self.quarantine(&path)?;
                OwnCard::default()
            }
            card => card?,
        };
        change(&mut card);
        let entries = card.entries().iter().map(Entry::of).collect();
        let document = Document { format: FORMAT.to_owned(), version: VERSION, entries };
        let mut bytes = serde_json::to_vec_pretty(&document).map_err(|_| StoreError::Io {
            path: path.clone(),
            kind: std::io::ErrorKind::InvalidFilename,
        })?;
        bytes.push(b'\n');
        self.write(&path, &bytes)
    }
}

impl Entry {
    fn of(entry: &OwnCardEntry) -> Self {
        Self {
            kind: entry.identifier.kind().name().to_owned(),
            value: URL_SAFE_NO_PAD.encode(entry.identifier.to_item().value),
            source: match &entry.source {
                CardSource::File(path) => Source::File(path.clone()),
                CardSource::HostName => Source::HostName,
                CardSource::Gpg => Source::Gpg,
                CardSource::Given => Source::Given,
            },
            read_at: entry.read_at,
            shared: entry.shared,
        }
    }

    fn read(self) -> Option<OwnCardEntry> {
        let kind = IdentifierKind::from_name(&self.kind)?.on_card();
        let value = URL_SAFE_NO_PAD.decode(self.value).ok()?;
        let identifier = Identifier::from_item(&CardItem { kind, value })?.ok()?;
        let source = match self.source {
            Source::File(path) => CardSource::File(path),
            Source::HostName => CardSource::HostName,
            Source::Gpg => CardSource::Gpg,
            Source::Given => CardSource::Given,
        };
        Some(OwnCardEntry { identifier, source, read_at: self.read_at, shared: self.shared })
    }
}
