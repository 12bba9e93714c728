//! The key that this page holds, in its memory alone.

use keyglance_core::contacts::Name;
use keyglance_core::identifiers::Identifier;
use keyglance_core::jiff::Timestamp;
use keyglance_core::keyfile::{
    KeyFile, Passphrase, WorkFactor, decrypt_with_passphrase, encrypt_with_passphrase, is_age_file,
    passphrase_memory,
};
use keyglance_core::pairing::{CardItem, CheckEntry, Pairing, PendingCheck};
use keyglance_core::trust::{KeyTrust, Method, Provenance, Verified};
use keyglance_core::zeroize::Zeroizing;
use serde_json::{Value, json};

use crate::Error;

/// What scrypt takes beside its table.
const MEMORY_BESIDE: u64 = 1024 * 1024;

/// A key file, what is still to be compared, and what it claims.
pub(crate) struct HeldKey {
    file: KeyFile,
    check: Option<PendingCheck>,
    provenance: Provenance,
    /// What a file that came from elsewhere says of a comparison: it proves nothing.
    claim: Option<Verified>,
    is_dated: bool,
}

impl HeldKey {
    /// The key of a pairing. Its date is told later ([`HeldKey::date`]).
    pub(crate) fn from_pairing(pairing: &Pairing) -> Self {
        let file = KeyFile::from_pairing(pairing, Timestamp::UNIX_EPOCH);
        // As in the program: what was left before the other device confirmed it is a guess
        // that was spent.
        let check = file.is_acknowledged().then(|| PendingCheck::new(pairing.check_codes, 0));
        Self { file, check, provenance: Provenance::PairedByCamera, claim: None, is_dated: false }
    }

    /// The key of a pairing, in the place of `earlier`, which may be the same one before the
    /// other device confirmed it.
    pub(crate) fn renewed(pairing: &Pairing, earlier: Option<&Self>) -> Self {
        let mut key = Self::from_pairing(pairing);
        let same = |earlier: &&Self| earlier.file.key_id() == key.file.key_id();
        if let Some(earlier) = earlier.filter(same) {
            (key.file.created, key.is_dated) = (earlier.file.created, earlier.is_dated);
        }
        key
    }

    /// Reads a key file: an age file under `passphrase`, or plain where that is `None`.
    ///
    /// # Errors
    /// [`Error::Memory`], [`Error::Passphrase`], [`Error::PassphraseNeeded`],
    /// [`Error::PassphraseFile`], [`Error::KeyFile`].
    pub(crate) fn import(file: &[u8], passphrase: Option<Passphrase>) -> Result<Self, Error> {
        let mut file = match passphrase {
            Some(passphrase) => {
                if passphrase_memory(file).is_some_and(|bytes| !has_memory(bytes)) {
                    return Err(Error::Memory);
                }
                KeyFile::from_json(&decrypt_with_passphrase(file, &passphrase)?)?
            }
            None if is_age_file(file) => return Err(Error::PassphraseNeeded),
            None => KeyFile::from_json(file)?,
        };
        let claim = file.verified.take();
        Ok(Self { file, check: None, provenance: Provenance::Imported, claim, is_dated: true })
    }

    /// Dates a key that has no date yet.
    pub(crate) fn date(&mut self, at: Timestamp) {
        if !self.is_dated {
            (self.file.created, self.is_dated) = (at, true);
        }
    }

    pub(crate) const fn file(&self) -> &KeyFile {
        &self.file
    }

    pub(crate) const fn acknowledge(&mut self) {
        self.file.acknowledge();
    }

    /// What the other device is called here, as the program would call it.
    pub(crate) fn name(&self) -> Name {
        Name::suggested_by(&self.file.peer.name)
    }

    pub(crate) fn trust(&self) -> KeyTrust {
        KeyTrust::of(self.provenance, self.file.verified)
    }

    /// Takes the digits of the other screen.
    ///
    /// # Errors
    /// [`Error::NotAcknowledged`], [`Error::State`] where nothing waits to be compared.
    pub(crate) fn compare(
        &mut self,
        typed: &str,
        at: Timestamp,
    ) -> Result<(CheckEntry, u8), Error> {
        self.file.exporter()?;
        let Some(check) = &mut self.check else {
            return Err(Error::State("there are no digits to compare with"));
        };
        let entry = check.enter(typed);
        let left = check.entries_left();
        if entry == CheckEntry::Match {
            self.check = None;
            self.file.verified = Some(Verified { method: Method::CheckCode, at });
        }
        Ok((entry, left))
    }

    /// What the page says of it. Nothing of it is secret.
    pub(crate) fn summary(&self) -> Value {
        let check = self.check.as_ref();
        json!({
            "peer": self.name().as_str(),
            "peer_fingerprint": self.file.peer_fingerprint().digits(),
            "suite": self.file.suite.bit(),
            "post_quantum": self.file.suite.is_post_quantum(),
            "role": self.file.role.as_str(),
            "acknowledged": self.file.is_acknowledged(),
            "compared": matches!(self.trust(), KeyTrust::Verified(_)),
            "claimed": self.claim.map(|claim| claim.method.as_str()),
            "imported": !self.provenance.is_paired(),
            "check_code": check.map(|check| check.codes().shown.to_string()),
            "entries_left": check.map_or(0, PendingCheck::entries_left),
            "key_id": self.file.key_id().to_string(),
            "safety_number": self.file.safety_number().to_string(),
            "created": self.is_dated.then(|| self.file.created.to_string()),
        })
    }

    /// What the other device told of itself, each as its own program takes it.
    pub(crate) fn card(&self) -> Result<Value, Error> {
        Ok(self.file.card()?.items().iter().map(card_item).collect())
    }

    /// The plain key file. What a file that it came from claims, it claims again.
    pub(crate) fn plain_file(&mut self) -> Result<Zeroizing<Vec<u8>>, Error> {
        if !self.is_dated {
            return Err(Error::State("the key has no date yet"));
        }
        let verified = self.file.verified;
        self.file.verified = verified.or(self.claim);
        let json = self.file.to_json();
        self.file.verified = verified;
        Ok(json)
    }

    /// The key file under a passphrase, which each guess at costs 2^`log2` of scrypt's work.
    pub(crate) fn passphrase_file(
        &mut self,
        passphrase: &Passphrase,
        log2: u8,
    ) -> Result<Vec<u8>, Error> {
        if !has_memory(1024 << log2) {
            return Err(Error::Memory);
        }
        Ok(encrypt_with_passphrase(&self.plain_file()?, passphrase, WorkFactor::Log2(log2))?)
    }
}

fn card_item(item: &CardItem) -> Value {
    match Identifier::from_item(item) {
        Some(Ok(identifier)) => json!({
            "kind": identifier.kind().name(),
            "title": identifier.kind().title(),
            "text": identifier.to_program_text(),
        }),
        Some(Err(error)) => {
            json!({ "kind": "refused", "title": error.to_string(), "text": hex(&item.value) })
        }
        None => {
            let title = format!("Type {}", item.kind.0);
            json!({ "kind": "unknown", "title": title, "text": hex(&item.value) })
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether so many bytes are to be had: asked before, since running out of memory in the
/// middle ends everything.
fn has_memory(bytes: u64) -> bool {
    let Ok(bytes) = usize::try_from(bytes.saturating_add(MEMORY_BESIDE)) else { return false };
    Vec::<u8>::new().try_reserve_exact(bytes).is_ok()
}
