//! The profile folder: this device's identity, its contacts and shared keys.
//!
//! ```text
//! profile.json                      format and version
//! lock                              held while anything is changed
//! identity.json, identity.json.age  plain, or under a passphrase
//! contacts/ID.json                  one contact each
//! keys/KEY-ID.json                  one key file each
//! settings.json                     what the user chose
//! card.json                         what this device shares of itself when it pairs
//! rejected.json                     ids of keys on which the devices did not agree
//! ```
//!
//! Folders are 0700 and files 0600. Every change is made under the lock, by
//! replacing whole files; one of several files in an order that leaves a whole
//! profile after each: a contact before its first key, keys before their contact.

mod atomic;
mod backup;
mod comparison;
mod conflicts;
mod contacts;
mod disk;
mod error;
mod identity;
mod keys;
mod migration;
mod own_card;
mod ownership;
mod place;
mod rejected;
mod restore;
mod saved_pairing;
mod settings;

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use zeroize::Zeroizing;

pub use atomic::{Access, NewFile, create as create_file, replace as replace_file, write_export};
pub use backup::{Backup, BackupError};
pub use conflicts::{Decided, Decision};
pub use error::{StoreError, Warning, WriteError};
pub use identity::{Identity, IdentityState, machine_name};
pub use keys::{Exported, StoredKey};
pub use restore::{Restoration, RestoredIdentity};
pub use saved_pairing::SavedPairing;
pub use settings::{Motion, Settings, Theme, WindowPlace};

pub(crate) use ownership::follow_no_link;
use place::Places;

use keyglance_core::contacts::Contact;
use keyglance_core::text::natural_order;

const PROFILE: &str = "profile.json";
const FORMAT: &str = "keyglance-profile";
/// Version 1 is read, and brought over where the profile can be changed.
const VERSION: u64 = 2;
const LOCK: &str = "lock";
const CONTACTS: &str = "contacts";
const KEYS: &str = "keys";
/// Most bytes of any file in a profile.
const MAX_FILE: u64 = 2 * 1024 * 1024;

/// An open profile. Any number of programs may have one open.
#[derive(Debug)]
pub struct Profile {
    folder: PathBuf,
    /// Whether commands find it without being told its folder.
    usual: bool,
    read_only: bool,
    warnings: Vec<Warning>,
}

/// Modification times of the folders of contacts and keys.
pub type ChangeToken = [Option<std::time::SystemTime>; 2];

/// While this value exists, nobody else changes the profile.
#[derive(Debug)]
struct Lock(#[allow(dead_code)] File);

impl Profile {
    /// The folder: the one that the user names, else the environment's
    /// `KEYGLANCE_PROFILE`, else the platform's place for data.
    ///
    /// # Errors
    /// [`StoreError::NoHome`].
    pub fn locate(
        named: Option<PathBuf>,
        environment: Option<PathBuf>,
    ) -> Result<PathBuf, StoreError> {
        if let Some(folder) = named.or(environment.filter(|folder| !folder.as_os_str().is_empty()))
        {
            return Ok(folder);
        }
        Ok(Places::of_this_system()?.usual())
    }

    /// Opens the profile in `folder`, and makes it where there is none.
    ///
    /// # Errors
    /// [`StoreError`]; a newer program's profile is left untouched.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let mut profile = Self::in_folder(folder);
        // Without a home folder nothing was kept there.
        if let Ok(places) = Places::of_this_system()
            && let Some(from) = places.move_former(folder)?
        {
            profile.warnings.push(Warning::Moved { from, to: folder.to_owned() });
        }
        profile.check_owner()?;
        // A newer profile is not even given folders or other permissions.
        let found = profile.check_version()?;
        if found.is_none() {
            profile.check_unused()?;
        }
        match profile.prepare() {
            // An older one claims what only bringing it over would take back.
            Err(StoreError::ReadOnly(_)) if found == Some(VERSION) => {
                profile.read_only = true;
                profile.warnings.push(Warning::ReadOnly(folder.to_owned()));
            }
            prepared => prepared?,
        }
        Ok(profile)
    }

    /// Opens the profile in `folder` for a program that asks for a key: it waits for
    /// nobody, and changes nothing of a profile that is as this program keeps it.
    ///
    /// # Errors
    /// As [`Profile::open`].
    pub fn open_to_ask(folder: &Path) -> Result<Self, StoreError> {
        let profile = Self::in_folder(folder);
        let as_it_should_be = profile.is_private() && profile.check_version()? == Some(VERSION);
        if !as_it_should_be {
            return Self::open(folder);
        }
        profile.check_owner()?;
        Ok(profile)
    }

    fn in_folder(folder: &Path) -> Self {
        let here = std::path::absolute(folder).ok();
        let usual = here.is_some() && Self::locate(None, None).ok() == here;
        Self { folder: folder.to_owned(), usual, read_only: false, warnings: Vec::new() }
    }

    /// The same, as if it were where commands find it without being told its folder: for
    /// pictures of what users see.
    #[must_use]
    pub const fn as_usual(mut self) -> Self {
        self.usual = true;
        self
    }

    /// The folder, where another than the user's usual one has to be named to a command.
    pub(crate) fn folder_to_name(&self) -> Option<PathBuf> {
        if self.usual { None } else { std::path::absolute(&self.folder).ok() }
    }

    /// Whether its folders are there and closed to other users.
    fn is_private(&self) -> bool {
        let parts = [self.folder.clone(), self.folder.join(CONTACTS), self.folder.join(KEYS)];
        parts.iter().all(|part| {
            let is_closed = |metadata: &fs::Metadata| {
                #[cfg(unix)]
                {
                    use std::os::unix::fs::PermissionsExt as _;
                    metadata.permissions().mode() & 0o077 == 0
                }
                #[cfg(not(unix))]
                metadata.is_dir()
            };
            fs::metadata(part).is_ok_and(|metadata| metadata.is_dir() && is_closed(&metadata))
        })
    }

    /// Makes what is missing, and finishes what an earlier run left unfinished.
    fn prepare(&mut self) -> Result<(), StoreError> {
        let parts = [self.folder.clone(), self.folder.join(CONTACTS), self.folder.join(KEYS)];
        for part in &parts {
            self.make_folder(part)?;
        }
        // Whose they are is known only now that they are there.
        self.check_owner()?;
        let _lock = self.lock()?;
        if self.check_version()?.is_none() {
            self.write_version()?;
            if cfg!(not(unix)) && !place::is_private(&self.folder) {
                self.warnings.push(Warning::NotPrivate(self.folder.clone()));
            }
        }
        for part in &parts {
            atomic::remove_temporaries(part).map_err(|error| StoreError::io(part, &error))?;
        }
        self.finish_protection()?;
        self.bring_over()
    }

    /// Whether the profile is on a read-only disk. It can be looked at and used;
    /// what would change it fails with [`StoreError::ReadOnly`].
    #[must_use]
    pub const fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Says beforehand that nothing can be stored, where that is so.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`].
    pub fn check_writable(&self) -> Result<(), StoreError> {
        if self.read_only { Err(StoreError::ReadOnly(self.folder.clone())) } else { Ok(()) }
    }

    /// The profile's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What was found on opening that the user should know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// When contacts and keys were last changed: equal as long as they are the
    /// same. Much cheaper than reading them.
    #[must_use]
    pub fn change_token(&self) -> ChangeToken {
        // Every change renames a file within its folder, or removes one.
        [CONTACTS, KEYS].map(|part| fs::metadata(self.folder.join(part)).ok()?.modified().ok())
    }

    /// All contacts by name, and what could not be read.
    ///
    /// # Errors
    /// [`StoreError`] when the folder itself cannot be read.
    pub fn contacts(&self) -> Result<(Vec<Contact>, Vec<Warning>), StoreError> {
        let (contacts, warnings) = self.read_folder(CONTACTS, read_contact, Read::Most)?;
        let mut contacts = contacts::one_each(contacts);
        contacts.sort_by(|a, b| natural_order(&a.name, &b.name));
        Ok((contacts, warnings))
    }

    /// All keys by name, and what could not be read.
    ///
    /// # Errors
    /// [`StoreError`] when the folder itself cannot be read.
    pub fn keys(&self) -> Result<(Vec<StoredKey>, Vec<Warning>), StoreError> {
        let (mut keys, warnings) = self.read_folder(KEYS, read_key, Read::Most)?;
        self.name_keys(&mut keys);
        keys.sort_by(|a, b| natural_order(&a.name, &b.name));
        Ok((keys, warnings))
    }

    /// The contacts to change something by: one that the system does not give
    /// just now is not taken for one that is not there.
    pub(crate) fn contacts_to_change(&self) -> Result<Vec<Contact>, StoreError> {
        Ok(contacts::one_each(self.read_folder(CONTACTS, read_contact, Read::All)?.0))
    }

    /// The keys, likewise.
    fn keys_to_change(&self) -> Result<Vec<StoredKey>, StoreError> {
        Ok(self.read_folder(KEYS, read_key, Read::All)?.0)
    }

    /// Calls keys by their contacts. Those that cannot be read name nothing; who needs
    /// them says so.
    fn name_keys(&self, keys: &mut [StoredKey]) {
        if let Ok((contacts, _)) = self.contacts() {
            keys::name_by_contacts(keys, &contacts);
        }
    }

    fn read_folder<T>(
        &self,
        part: &str,
        read: impl Fn(&str, &[u8]) -> Result<T, String>,
        how: Read,
    ) -> Result<(Vec<T>, Vec<Warning>), StoreError> {
        let folder = self.folder.join(part);
        let (mut found, mut warnings) = (Vec::new(), Vec::new());
        let entries = fs::read_dir(&folder).map_err(|error| StoreError::io(&folder, &error))?;
        let mut paths: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .filter(|path| {
                !path
                    .file_name()
                    .is_some_and(|n| n.to_string_lossy().starts_with(atomic::TEMPORARY))
            })
            .collect();
        paths.sort();
        for path in paths {
            let result = match read_file(&path) {
                // Another program removed it since.
                Ok(None) => continue,
                Ok(Some(bytes)) => read(&stem(&path), &bytes),
                Err(error @ (StoreError::NotAFile(_) | StoreError::TooLarge(_))) => {
                    Err(error.to_string())
                }
                Err(error) if how == Read::All => return Err(error),
                Err(error @ (StoreError::ForeignFile(_) | StoreError::WritableByOthers(_))) => {
                    warnings.push(Warning::NotOurs(error));
                    continue;
                }
                Err(error) => Err(error.to_string()),
            };
            match result {
                Ok(item) => found.push(item),
                Err(why) => warnings.push(Warning::Quarantined { path, why }),
            }
        }
        Ok((found, warnings))
    }

    fn lock(&self) -> Result<Lock, StoreError> {
        let (path, file) = self.lock_file()?;
        file.lock().map_err(|error| StoreError::io(&path, &error))?;
        Ok(Lock(file))
    }

    /// The same, for who must not wait for ever.
    fn lock_within(&self, patience: Duration) -> Result<Lock, StoreError> {
        const STEP: Duration = Duration::from_millis(20);
        let (path, file) = self.lock_file()?;
        let until = Instant::now() + patience;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock(file)),
                Err(TryLockError::WouldBlock) if Instant::now() < until => thread::sleep(STEP),
                Err(TryLockError::WouldBlock) => return Err(StoreError::Busy),
                Err(TryLockError::Error(error)) => return Err(StoreError::io(&path, &error)),
            }
        }
    }

    fn lock_file(&self) -> Result<(PathBuf, File), StoreError> {
        self.check_writable()?;
        let path = self.folder.join(LOCK);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = ownership::open_own(&path, &mut options)?;
        Ok((path, file))
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        // What is written passes the reader's own limit.
        if bytes.len() as u64 > MAX_FILE {
            return Err(StoreError::TooLarge(path.to_owned()));
        }
        atomic::replace(path, bytes, Access::Private).map_err(|error| StoreError::io(path, &error))
    }

    fn remove(&self, path: &Path) -> Result<(), StoreError> {
        atomic::remove(path).map_err(|error| StoreError::io(path, &error))
    }

    /// Removes a secret file after overwriting it.
    fn shred(&self, path: &Path) -> Result<(), StoreError> {
        atomic::shred(path).map_err(|error| StoreError::io(path, &error))
    }

    /// Renames a file that cannot be read, so that another can have its name. A
    /// missing file is no error.
    fn quarantine(&self, path: &Path) -> Result<(), StoreError> {
        atomic::quarantine(path).map_err(|error| StoreError::io(path, &error))
    }

    fn write_version(&self) -> Result<(), StoreError> {
        let text = format!("{{\"format\":\"{FORMAT}\",\"version\":{VERSION}}}\n");
        self.write(&self.folder.join(PROFILE), text.as_bytes())
    }

    /// `None` where there is no profile yet.
    fn check_version(&self) -> Result<Option<u64>, StoreError> {
        let path = self.folder.join(PROFILE);
        let Some(bytes) = read_file(&path)? else { return Ok(None) };
        let value: Option<Value> = serde_json::from_slice(&bytes).ok();
        let member = |name| value.as_ref().and_then(|value| value.get(name));
        if member("format").and_then(Value::as_str) != Some(FORMAT) {
            return Err(StoreError::NotAProfile(self.folder.clone()));
        }
        match member("version").and_then(Value::as_u64) {
            Some(version @ 1..=VERSION) => Ok(Some(version)),
            Some(version) if version > VERSION => Err(StoreError::Newer(version)),
            _ => Err(StoreError::NotAProfile(self.folder.clone())),
        }
    }

    fn check_owner(&self) -> Result<(), StoreError> {
        for part in [self.folder.clone(), self.folder.join(CONTACTS), self.folder.join(KEYS)] {
            ownership::check_folder(&part)?;
        }
        Ok(())
    }

    /// A folder that holds anything else is not made a profile: it would be
    /// closed to everybody else, and somebody's `/tmp` or home with it.
    fn check_unused(&self) -> Result<(), StoreError> {
        let failed = |error: &io::Error| StoreError::io(&self.folder, error);
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries.map_err(|error| failed(&error))?,
        };
        // Ours are there where the first opening was cut off, or is going on.
        let ours = [PROFILE, LOCK, CONTACTS, KEYS, identity::PLAIN, identity::SEALED];
        for entry in entries {
            let name = entry.map_err(|error| failed(&error))?.file_name();
            let name = name.to_string_lossy();
            if !ours.contains(&&*name) && !name.starts_with(atomic::TEMPORARY) {
                return Err(StoreError::NotAProfile(self.folder.clone()));
            }
        }
        Ok(())
    }

    fn make_folder(&mut self, folder: &Path) -> Result<(), StoreError> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
                StoreError::NotAFolder(folder.to_owned())
            }
            _ => StoreError::io(folder, &error),
        })?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let metadata = fs::metadata(folder).map_err(|error| StoreError::io(folder, &error))?;
            if metadata.permissions().mode() & 0o077 != 0 {
                fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
                    .map_err(|error| StoreError::io(folder, &error))?;
                self.warnings.push(Warning::WasOpen(folder.to_owned()));
            }
        }
        Ok(())
    }
}

/// What to do about a file that cannot be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Read {
    /// Leave it out, with a warning.
    Most,
    /// Fail.
    All,
}

/// A contact's file is named by its id: a copy under another name is nobody's.
fn read_contact(stem: &str, bytes: &[u8]) -> Result<Contact, String> {
    let contact = Contact::from_json(bytes).map_err(|error| error.to_string())?;
    let id = contact.id();
    // Profiles of version 1 have the first 8 bytes only.
    let named = stem == id.to_string() || stem == id.short_form();
    named.then_some(contact).ok_or_else(|| OTHER_NAME.to_owned())
}

/// Likewise: what is changed of a key must not go on in a copy.
fn read_key(stem: &str, bytes: &[u8]) -> Result<StoredKey, String> {
    let key = StoredKey::from_json(bytes)?;
    let named = stem == key.file.key_id().to_string();
    named.then_some(key).ok_or_else(|| OTHER_NAME.to_owned())
}

const OTHER_NAME: &str = "its name is not the id of what it holds";

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Reads a file of the profile; `None` where there is none. Links are refused:
/// a profile holds its own files.
fn read_file(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(StoreError::NotAFolder(path.parent().unwrap_or(path).to_owned()));
        }
        Err(error) => return Err(StoreError::io(path, &error)),
    };
    if !metadata.is_file() {
        return Err(StoreError::NotAFile(path.to_owned()));
    }
    let file = match ownership::open_own(path, OpenOptions::new().read(true)) {
        // Another program removed it since.
        Err(StoreError::Io { kind: io::ErrorKind::NotFound, .. }) => return Ok(None),
        file => file?,
    };
    let length = file.metadata().map_err(|error| StoreError::io(path, &error))?.len();
    if length > MAX_FILE {
        return Err(StoreError::TooLarge(path.to_owned()));
    }
    let room = usize::try_from(length).unwrap_or_default() + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    file.take(MAX_FILE).read_to_end(&mut bytes).map_err(|error| StoreError::io(path, &error))?;
    Ok(Some(bytes))
}
