//! What the worker does with files that were opened or dropped, and with files to encrypt.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{ProfileWorker, not_open};
use crate::gui::report::{FileContent, FoundKey, OpenedFile, WrittenFile};
use crate::messages;
use crate::messages::Notification;
use keyglance_core::contacts::ContactId;
use keyglance_core::crypto::Purpose;
use keyglance_core::keyfile::{KeyFile, Passphrase};
use keyglance_profile::{FileKind, Protected, Require, file_kind, open_protected, read_key};

/// Most of a text that is looked at.
const MAX_TEXT: u64 = 64 * 1024;

impl ProfileWorker {
    /// What a file is; of a protected one, what is in it.
    pub(super) fn look_into_file(
        &mut self,
        path: &Path,
        passphrase: Option<&Passphrase>,
    ) -> Result<FileContent, Notification> {
        let failed = |error| messages::window::explain(&error);
        self.found_key = None;
        if let Some(passphrase) = passphrase {
            let opened = open_protected(path, passphrase).map_err(failed)?;
            self.ensure_not_cancelled()?;
            return match opened {
                Protected::Key(key) => self.found(*key),
                Protected::Backup => Ok(FileContent::Backup),
                Protected::Device => Ok(FileContent::Device),
                _ => Ok(FileContent::ForAnother),
            };
        }
        let kind = file_kind(path).map_err(|error| messages::window::explain(&error))?;
        Ok(match kind {
            FileKind::Key => return self.found(read_key(path).map_err(failed)?),
            FileKind::Protected => FileContent::Protected,
            FileKind::Sealed => FileContent::Sealed,
            FileKind::Device => FileContent::Device,
            FileKind::Picture => FileContent::Picture,
            FileKind::Text => {
                let mut text = Vec::new();
                File::open(path)
                    .and_then(|file| file.take(MAX_TEXT).read_to_end(&mut text))
                    .map_err(|_| messages::window::files::unknown_file(path))?;
                FileContent::Text(text)
            }
            _ => FileContent::Other,
        })
    }

    /// Keeps a key that was found until the user wants it.
    fn found(&mut self, key: KeyFile) -> Result<FileContent, Notification> {
        let now = self.now();
        let Some(profile) = &self.profile else { return Err(not_open()) };
        let failed = |error| messages::window::explain(&error);
        let (keys, _) = profile.keys().map_err(failed)?;
        let known = keys.iter().find(|known| known.file.key_id() == key.key_id());
        let known =
            known.map(|known| (Some(known.contact), messages::window::files::KEY_KNOWN.to_owned()));
        let found = FoundKey {
            about: messages::window::files::found_key(&key),
            warning: (key.created > now).then(|| messages::IN_THE_FUTURE.to_owned()),
            known,
        };
        self.found_key = Some(key);
        Ok(FileContent::Key(found))
    }

    /// Takes the key in that was found; gives its contact.
    pub(super) fn import_key(&mut self) -> Result<ContactId, Notification> {
        let now = self.now();
        let (Some(profile), Some(key)) = (&self.profile, self.found_key.take()) else {
            return Err(not_open());
        };
        let kept =
            profile.import(key, None, now).map_err(|error| messages::window::explain(&error))?;
        Ok(kept.contact)
    }

    pub(super) fn seal(
        &self,
        contact: ContactId,
        from: &Path,
        to: PathBuf,
    ) -> Result<WrittenFile, Notification> {
        let Some(profile) = &self.profile else { return Err(not_open()) };
        let sealer = profile
            .sealer_of(contact, Purpose::none(), Require::Usable)
            .map_err(|error| messages::window::explain(&error))?;
        let done = sealer.seal_file(from, &to, |file| self.cancellable(file));
        self.ensure_not_cancelled()?;
        done.map_err(|error| messages::window::explain(&error))?;
        Ok(written(to))
    }

    pub(super) fn unseal(&self, from: &Path, to: PathBuf) -> Result<OpenedFile, Notification> {
        let Some(profile) = &self.profile else { return Err(not_open()) };
        let opener =
            profile.opener(&Purpose::none()).map_err(|error| messages::window::explain(&error))?;
        let done = opener.open_file(from, &to, |file| self.cancellable(file));
        self.ensure_not_cancelled()?;
        let opened = done.map_err(|error| messages::window::explain(&error))?;
        let warning =
            opened.is_mismatched().then(|| messages::window::files::mismatched_sealer(&opened));
        let sealed_by = messages::sealed_by(&opened);
        Ok(OpenedFile { file: written(to), sealed_by, warning })
    }

    fn cancellable(&self, file: File) -> Cancellable {
        Cancellable { file, cancelled: Arc::clone(&self.cancelled), number: self.commands }
    }
}

fn written(path: PathBuf) -> WrittenFile {
    let bytes = std::fs::metadata(&path).map_or(0, |file| file.len());
    WrittenFile { path, bytes }
}

/// A file whose reading ends with an error once the user cancels.
struct Cancellable {
    file: File,
    cancelled: Arc<AtomicU64>,
    number: u64,
}

impl Read for Cancellable {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.cancelled.load(Ordering::Relaxed) >= self.number {
            return Err(io::Error::other("cancelled"));
        }
        self.file.read(to)
    }
}
