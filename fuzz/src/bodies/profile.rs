//! A profile in which one file is not what it was.

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use keyglance_profile::{IdentityState, Profile};

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

/// Whatever a file holds, the profile opens or says why not. What an earlier version
/// wrote may be brought over the first time; after that looking changes nothing.
pub fn run(data: &[u8]) {
    let Some((file, content)) = data.split_first() else { return };
    let file = FILES[usize::from(*file) % FILES.len()];
    FOLDER.with_borrow_mut(|folder| {
        let at = folder.get_or_insert_with(|| tempfile::tempdir().unwrap()).path();
        let path = at.join(file);
        Profile::open(at).unwrap();
        fs::write(&path, content).unwrap();
        let first = look(at);
        let settled = fs::read(&path).ok();
        assert_eq!(look(at), first);
        assert_eq!(fs::read(&path).ok(), settled);
        // What the whole profile goes by leaves its mark on the rest.
        if file == "profile.json" {
            *folder = None;
        } else {
            let _ = fs::remove_file(&path);
        }
    });
}

/// All that a profile tells, but for what it says only once.
fn look(folder: &Path) -> Option<String> {
    let profile = Profile::open(folder).ok()?;
    let identity = profile.identity().map(|state| matches!(state, IdentityState::Missing));
    let all = (identity, profile.settings(), profile.contacts(), profile.keys());
    Some(format!("{all:?}"))
}
