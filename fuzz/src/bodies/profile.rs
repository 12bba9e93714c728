//! A profile in which one file is not what it was.

use std::cell::RefCell;
use std::fs;

use keyglance_profile::Profile;

/// The files of a profile, which the first byte of the input chooses from.
const FILES: [&str; 6] = [
    "identity.json",
    "identity.json.age",
    "settings.json",
    "profile.json",
    "contacts/0123456789abcdef.json",
    "keys/0123456789abcdef.json",
];

thread_local! {
    /// Made once: a folder costs more than most files that are tried in it.
    static FOLDER: RefCell<Option<tempfile::TempDir>> = const { RefCell::new(None) };
}

/// Whatever a file holds, the profile opens or says why not, and looking changes
/// nothing.
pub fn run(data: &[u8]) {
    let Some((file, content)) = data.split_first() else { return };
    FOLDER.with_borrow_mut(|folder| {
        let folder = folder.get_or_insert_with(|| tempfile::tempdir().unwrap());
        Profile::open(folder.path()).unwrap();
        let path = folder.path().join(FILES[usize::from(*file) % FILES.len()]);
        let before = fs::read(&path).ok();
        fs::write(&path, content).unwrap();
        if let Ok(profile) = Profile::open(folder.path()) {
            let _ = (profile.identity(), profile.settings());
            let first = (profile.contacts().unwrap(), profile.keys().unwrap());
            let again = (profile.contacts().unwrap(), profile.keys().unwrap());
            assert_eq!(format!("{first:?}"), format!("{again:?}"));
        }
        // A name that protection puts aside is the one exception.
        if fs::metadata(&path).is_ok() {
            assert_eq!(fs::read(&path).unwrap(), content);
        }
        match before {
            Some(before) => fs::write(&path, before).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
    });
}
