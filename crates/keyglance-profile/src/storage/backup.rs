//! A backup of a whole profile: its identity, contacts, keys and settings, under a
//! passphrase, and authenticated by the identity.
//!
//! ```text
//! keyglance-backup 1
//! tag BASE64URL                 by the identity, over all that follows
//! created 2026-11-26T02:00:00Z
//! identity LENGTH, a line feed, so many bytes, a line feed
//! identity-sealed …             the protected file, if it was protected
//! settings …
//! contact …                     any number
//! key …                         any number
//! end
//! ```
//!
//! All of it is the plaintext of an age file. A passphrase says nothing of who made
//! a backup; the tag does.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use keyglance_core::contacts::Contact;
use keyglance_core::keyfile::{
    Passphrase, PassphraseError, WorkFactor, decrypt_within, encrypt_within, is_age_file,
};
use zeroize::Zeroizing;

use super::settings::Settings;
use super::{
    Access, Identity, IdentityState, Profile, StoreError, StoredKey, WriteError, create_file,
};

const VERSION: u64 = 1;
/// Most bytes of a backup: some thirty thousand keys.
const MAX: usize = 64 * 1024 * 1024;
/// Armor makes a file a third larger.
const MAX_SEALED: u64 = 96 * 1024 * 1024;

/// Why a backup was not made, or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The profile says no, or cannot be read or changed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The passphrase does not open it.
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    /// It could not be written, or is there already.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// It could not be read.
    #[error("the backup could not be read: {0}")]
    Read(std::io::ErrorKind),
    /// No backup of a profile.
    #[error("this is not a backup of a Keyglance profile")]
    NotABackup,
    /// A later program's.
    #[error("the backup has version {0}, newer than this program")]
    Newer(u64),
    /// Cut off, or a part of it missing or wrong.
    #[error("the backup is damaged")]
    Damaged,
    /// Its own identity did not make it as it is.
    #[error("the backup was changed after it was made")]
    Changed,
    /// A file of the profile cannot be read, and would be missing in the backup.
    #[error("{0}, and would be missing in the backup")]
    Incomplete(String),
    /// Over 64 MiB.
    #[error("the backup is larger than 64 MiB")]
    TooLarge,
}

/// A backup that was opened, and that its own identity made.
pub struct Backup {
    /// When it was made.
    pub created: Timestamp,
    pub(super) identity: Identity,
    /// The protected file, if the identity was protected.
    pub(super) sealed: Option<Vec<u8>>,
    pub(super) settings: Option<Settings>,
    pub(super) contacts: Vec<Contact>,
    /// Keys as they are stored: there is no second copy of one but by reading it.
    pub(super) keys: Vec<Zeroizing<Vec<u8>>>,
    /// What the tag is over.
    pub(super) body: Zeroizing<Vec<u8>>,
    pub(super) tag: [u8; 32],
}

impl std::fmt::Debug for Backup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (contacts, keys) = (self.contacts.len(), self.keys.len());
        f.debug_struct("Backup")
            .field("created", &self.created)
            .field("identity", &self.identity)
            .field("contacts", &contacts)
            .field("keys", &keys)
            .finish_non_exhaustive()
    }
}

impl Profile {
    /// Writes a backup of the whole profile to a new file, under a passphrase. Takes
    /// about a second. `identity` is this profile's.
    ///
    /// # Errors
    /// [`BackupError`]; an existing file stays as it is.
    pub fn back_up(
        &self,
        path: &Path,
        identity: &Identity,
        passphrase: &Passphrase,
        work: WorkFactor,
        at: Timestamp,
    ) -> Result<(), BackupError> {
        let plain = self.backup_text(identity, at)?;
        let sealed = encrypt_within(&plain, passphrase, work, MAX)?;
        create_file(path, &sealed, Access::Private)
            .map_err(|error| WriteError::new(path, &error).into())
    }

    fn backup_text(
        &self,
        identity: &Identity,
        at: Timestamp,
    ) -> Result<Zeroizing<Vec<u8>>, BackupError> {
        // While it is read, nothing changes; on a read-only disk nothing does anyway.
        let _lock = if self.is_read_only() { None } else { Some(self.lock()?) };
        let mut parts: Vec<(&str, Zeroizing<Vec<u8>>)> = vec![("identity", identity.to_json())];
        if let IdentityState::Sealed(sealed) = self.identity()? {
            parts.push(("identity-sealed", sealed.into()));
        }
        let settings = serde_json::to_vec(&self.settings()?).unwrap_or_default();
        parts.push(("settings", settings.into()));
        let ((contacts, more), (keys, warnings)) = (self.contacts()?, self.keys()?);
        if let Some(warning) = warnings.iter().chain(&more).next() {
            return Err(BackupError::Incomplete(warning.to_string()));
        }
        parts.extend(contacts.iter().map(|contact| ("contact", contact.to_json().into())));
        for mut key in keys {
            parts.push(("key", key.stored_json()));
        }
        let room: usize = parts.iter().map(|(_, bytes)| bytes.len() + 40).sum();
        if room > MAX - 1024 {
            return Err(BackupError::TooLarge);
        }
        // Room for all of it at once: a buffer that grows leaves copies behind.
        let mut body = Zeroizing::new(Vec::with_capacity(room + 1024));
        body.extend_from_slice(format!("created {at}\n").as_bytes());
        for (kind, bytes) in &parts {
            body.extend_from_slice(format!("{kind} {}\n", bytes.len()).as_bytes());
            body.extend_from_slice(bytes);
            body.push(b'\n');
        }
        body.extend_from_slice(b"end\n");
        let tag = URL_SAFE_NO_PAD.encode(identity.key.backup_tag(&body));
        let mut whole = Zeroizing::new(Vec::with_capacity(room + 2048));
        whole.extend_from_slice(format!("{}{VERSION}\ntag {tag}\n", Backup::MAGIC).as_bytes());
        whole.extend_from_slice(&body);
        Ok(whole)
    }
}

impl Backup {
    /// Opens a backup's file. Takes about a second.
    ///
    /// # Errors
    /// [`BackupError`]: of what was changed or cut off nothing is taken.
    pub fn open(path: &Path, passphrase: &Passphrase) -> Result<Self, BackupError> {
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|file| file.take(MAX_SEALED + 1).read_to_end(&mut bytes))
            .map_err(|error| BackupError::Read(error.kind()))?;
        Self::from_bytes(&bytes, passphrase)
    }

    /// What its text begins with.
    pub(crate) const MAGIC: &str = "keyglance-backup ";

    /// Most bytes of a backup's file.
    pub const MAX_BYTES: usize = MAX_SEALED as usize;

    /// Opens a backup whose bytes are here: from a pipe, say. Takes about a second.
    ///
    /// # Errors
    /// As [`Backup::open`].
    pub fn from_bytes(bytes: &[u8], passphrase: &Passphrase) -> Result<Self, BackupError> {
        if bytes.len() as u64 > MAX_SEALED {
            return Err(BackupError::TooLarge);
        }
        if !is_age_file(bytes) {
            return Err(BackupError::NotABackup);
        }
        let plain = decrypt_within(bytes, passphrase, MAX)?;
        if plain.len() > MAX {
            return Err(BackupError::TooLarge);
        }
        Self::read(&plain)
    }

    fn read(plain: &[u8]) -> Result<Self, BackupError> {
        let (version, rest) = line(plain).ok_or(BackupError::NotABackup)?;
        let version = version.strip_prefix(Self::MAGIC).ok_or(BackupError::NotABackup)?;
        match version.parse() {
            Ok(VERSION) => {}
            Ok(version) if version > VERSION => return Err(BackupError::Newer(version)),
            _ => return Err(BackupError::Damaged),
        }
        Self::read_parts(rest).ok_or(BackupError::Damaged)?
    }

    fn read_parts(rest: &[u8]) -> Option<Result<Self, BackupError>> {
        let (tag, body) = line(rest)?;
        let tag = URL_SAFE_NO_PAD.decode(tag.strip_prefix("tag ")?).ok()?;
        let tag = <[u8; 32]>::try_from(tag).ok()?;
        let (created, mut rest) = line(body)?;
        let created = created.strip_prefix("created ")?.parse().ok()?;
        let (mut identity, mut sealed, mut settings) = (None, None, None);
        let (mut contacts, mut keys) = (Vec::new(), Vec::new());
        loop {
            let (head, after) = line(rest)?;
            if head == "end" {
                if !after.is_empty() {
                    return None;
                }
                break;
            }
            let (kind, length) = head.split_once(' ')?;
            let (bytes, after) = after.split_at_checked(length.parse().ok()?)?;
            rest = after.strip_prefix(b"\n")?;
            match kind {
                "identity" if identity.is_none() => {
                    identity = Some(Identity::from_json(bytes).ok()?);
                }
                "identity-sealed" if sealed.is_none() && is_age_file(bytes) => {
                    sealed = Some(bytes.to_vec());
                }
                "settings" if settings.is_none() => {
                    settings = Some(serde_json::from_slice(bytes).ok()?);
                }
                "contact" => contacts.push(Contact::from_json(bytes).ok()?),
                "key" => {
                    StoredKey::from_json(bytes).ok()?;
                    keys.push(Zeroizing::new(bytes.to_vec()));
                }
                _ => return None,
            }
        }
        let identity = identity?;
        // Nobody but this identity wrote it, or it is nobody's.
        if !identity.key.made_backup_tag(body, &tag) {
            return Some(Err(BackupError::Changed));
        }
        let body = Zeroizing::new(body.to_vec());
        Some(Ok(Self { created, identity, sealed, settings, contacts, keys, body, tag }))
    }

    /// The identity that made it.
    #[must_use]
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Whether the identity comes back under the passphrase that it was under.
    #[must_use]
    pub const fn is_identity_protected(&self) -> bool {
        self.sealed.is_some()
    }
}

/// The first line, and what is behind it.
fn line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().take(256).position(|byte| *byte == b'\n')?;
    let (line, rest) = bytes.split_at_checked(end)?;
    Some((std::str::from_utf8(line).ok()?, rest.get(1..)?))
}
