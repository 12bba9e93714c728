//! A backup of a whole profile, and what restoring it may and may not do.

use std::fs;
use std::path::{Path, PathBuf};

use keyglance_core::contacts::Name;
use keyglance_core::keyfile::{
    PassphraseError, decrypt_within, encrypt_with_passphrase, is_age_file,
};
use keyglance_core::test_util::{CHEAP, passphrase, time};
use keyglance_core::trust::{KeyTrust, Method, Provenance, Trust, Verified};
use keyglance_profile::{
    Backup, BackupError, Decision, Identity, IdentityState, Profile, Require, Restoration,
    RestoredIdentity, StoreError,
};
use tempfile::{TempDir, tempdir};

use crate::store::{NOW, id_of, identity, keep};

const LATER: &str = "2026-11-24T04:00:00Z";
const WORD: &str = "correct horse";

struct Home {
    folder: TempDir,
    profile: Profile,
}

impl Home {
    fn new() -> Self {
        let folder = tempdir().unwrap();
        let profile = Profile::open(&folder.path().join("profile")).unwrap();
        Self { folder, profile }
    }

    /// Contacts and keys in every state.
    fn lived_in() -> Self {
        let home = Self::new();
        let profile = &home.profile;
        profile.create_identity(&identity(1)).unwrap();
        let bob = keep(profile, 2, "Bob", 20).unwrap().key_id;
        let verified = Verified { method: Method::CheckCode, at: time(NOW) };
        profile.verify(bob, verified).unwrap();
        profile.set_key_purpose(bob, "family").unwrap();
        keep(profile, 3, "Cy", 30).unwrap();
        keep(profile, 4, "Cy", 40).unwrap();
        profile.decide(id_of(profile, "Cy 2"), Decision::Block, time(NOW)).unwrap();
        keep(profile, 5, "Dan", 50).unwrap();
        profile.set_trust(id_of(profile, "Dan"), Trust::Broken, time(NOW)).unwrap();
        let old = keep(profile, 2, "Bob", 21).unwrap().key_id;
        profile.retire_key(old, Some(time(NOW))).unwrap();
        home
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("backup.age")
    }

    fn back_up(&self, own: &Identity) -> Backup {
        let path = self.path();
        let _ = fs::remove_file(&path);
        self.profile.back_up(&path, own, &passphrase(WORD), CHEAP, time(LATER)).unwrap();
        self.open().unwrap()
    }

    fn open(&self) -> Result<Backup, BackupError> {
        Backup::open(&self.path(), &passphrase(WORD))
    }

    fn restore(&self, backup: &Backup) -> Restoration {
        let planned = self.profile.plan_restoration(backup, None).unwrap();
        let done = self.profile.restore(backup, None, time(LATER)).unwrap();
        assert_eq!(planned, done, "it does what it said");
        done
    }

    /// All contacts' and keys' files, but for the time of restoring.
    fn files(&self) -> Vec<(String, String)> {
        let mut files = Vec::new();
        for folder in ["contacts", "keys"] {
            for entry in fs::read_dir(self.profile.folder().join(folder)).unwrap() {
                let path = entry.unwrap().path();
                let text = fs::read_to_string(&path).unwrap();
                let text = text.lines().filter(|line| !line.contains("restored_at"));
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                files.push((name, text.collect::<Vec<_>>().join("\n")));
            }
        }
        files.sort();
        files
    }
}

fn key(profile: &Profile) -> Option<[u8; 32]> {
    match profile.identity().unwrap() {
        IdentityState::Plain(identity) => Some(*identity.key.secret_bytes()),
        _ => None,
    }
}

#[test]
fn a_profile_comes_back_whole_on_an_empty_one() {
    let home = Home::lived_in();
    let backup = home.back_up(&identity(1));
    assert!(is_age_file(&fs::read(home.path()).unwrap()));
    let new = Home::new();
    let done = new.restore(&backup);
    assert_eq!(done.identity, RestoredIdentity::Taken);
    assert_eq!((done.contacts.len(), done.keys.len()), (4, 5));
    assert_eq!((done.kept_contacts, done.kept_keys), (0, 0));
    assert_eq!(new.files(), home.files());
    assert_eq!(key(&new.profile), key(&home.profile));
    // As it was: what is compared, blocked, broken or stopped.
    let bob = new.profile.find_usable_key("Bob", Require::Compared).unwrap();
    assert_eq!(bob.provenance, Provenance::PairedByCamera);
    assert_eq!((bob.restored_at, bob.purpose.as_deref()), (Some(time(LATER)), Some("family")));
    for name in ["Cy 2", "Dan", "Bob · key 2"] {
        let key = new.profile.find_key(name).unwrap().file.key_id();
        let refused = new.profile.usable_key(key, Require::Usable);
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{name}");
    }
    // A second time there is nothing to do.
    let again = new.restore(&backup);
    assert_eq!(again.identity, RestoredIdentity::Same);
    assert!(again.contacts.is_empty() && again.keys.is_empty());
    assert_eq!((again.kept_contacts, again.kept_keys), (4, 5));
    // A backup never replaces a file.
    let there =
        home.profile.back_up(&home.path(), &identity(1), &passphrase(WORD), CHEAP, time(LATER));
    assert!(matches!(there, Err(BackupError::Write(_))));
}

#[test]
fn a_protected_identity_comes_back_protected() {
    let home = Home::lived_in();
    home.profile.store_identity(&identity(1), Some((&passphrase("its own"), CHEAP))).unwrap();
    let backup = home.back_up(&identity(1));
    assert!(backup.is_identity_protected());
    let new = Home::new();
    new.restore(&backup);
    assert!(!new.profile.folder().join("identity.json").exists());
    let own = new.profile.unlock_identity(Some(&passphrase("its own"))).unwrap();
    assert_eq!(*own.key.secret_bytes(), *identity(1).key.secret_bytes());
    // Whose it is cannot be told without the passphrase, and is not guessed.
    let locked = new.profile.plan_restoration(&backup, None).unwrap_err();
    assert_eq!(locked, BackupError::Passphrase(PassphraseError::Empty));
    let same = new.profile.plan_restoration(&backup, Some(&own)).unwrap();
    assert_eq!(same.identity, RestoredIdentity::Same);
}

#[test]
fn what_is_there_stays_as_it_is_and_what_is_missing_comes_back() {
    let home = Home::lived_in();
    let backup = home.back_up(&identity(1));
    let profile = &home.profile;
    // Since then: Bob does not match any more, and is called otherwise; a key and a
    // contact went; somebody new came.
    profile.set_trust(id_of(profile, "Bob"), Trust::Broken, time(LATER)).unwrap();
    profile.rename_contact(id_of(profile, "Bob"), "Robert").unwrap();
    profile.remove_key(profile.find_key("Robert · key 2").unwrap().file.key_id()).unwrap();
    profile.remove_contact(id_of(profile, "Cy")).unwrap();
    keep(profile, 9, "Eve", 90).unwrap();
    let before = home.files();
    let done = home.restore(&backup);
    assert_eq!(done.identity, RestoredIdentity::Same);
    assert_eq!(
        (done.contacts, done.keys),
        (vec!["Cy".to_owned()], vec!["Cy".into(), "Robert · key 2".into()])
    );
    assert_eq!((done.kept_contacts, done.kept_keys), (4, 4));
    let after = home.files();
    assert!(before.iter().all(|file| after.contains(file)), "nothing that was there changed");
    assert_eq!(profile.find_contact("Robert").unwrap().trust(), Trust::Broken);
    assert!(profile.find_key("Robert · key 2").unwrap().retired_at.is_some());
    // A restored key is no newer than those that came after the backup.
    let newest = profile.find_key("Eve").unwrap().order();
    assert!(profile.find_key("Cy").unwrap().order() < newest);
}

/// Whoever knows the passphrase, and not the identity, can make a backup of their own.
#[test]
fn a_backup_of_another_identity_brings_claims_alone() {
    let theirs = Home::new();
    theirs.profile.create_identity(&identity(7)).unwrap();
    for (seed, fresh) in [(2, 22), (8, 80)] {
        let key = keep(&theirs.profile, seed, "Bob", fresh).unwrap().key_id;
        let verified = Verified { method: Method::CheckCode, at: time(NOW) };
        theirs.profile.verify(key, verified).unwrap();
    }
    theirs
        .profile
        .decide(id_of(&theirs.profile, "Bob 2"), Decision::AnotherDevice, time(NOW))
        .unwrap();
    let backup = theirs.back_up(&identity(7));

    let home = Home::lived_in();
    let before = home.files();
    let best = home.profile.find_usable_key("Bob", Require::Compared).unwrap().file.key_id();
    let done = home.restore(&backup);
    assert_eq!(done.identity, RestoredIdentity::Foreign);
    assert_eq!(key(&home.profile), Some(*identity(1).key.secret_bytes()));
    assert!(before.iter().all(|file| home.files().contains(file)));
    for name in &done.keys {
        let key = home.profile.find_key(name).unwrap();
        assert_eq!(key.provenance, Provenance::Imported);
        assert_eq!((key.trust(), key.restored_at), (KeyTrust::NotCompared, None));
        assert!(key.claim.is_some() && key.comparison.is_none());
        let strict = home.profile.usable_key(key.file.key_id(), Require::Compared);
        assert!(matches!(strict, Err(StoreError::Refused(_))));
    }
    assert_eq!(home.profile.find_usable_key("Bob", Require::Usable).unwrap().file.key_id(), best);
    // Who comes with it under a known name is held back.
    let [stranger] = &done.contacts[..] else { panic!("{done:?}") };
    let stranger = home.profile.find_contact(stranger).unwrap();
    assert_eq!(stranger.trust(), Trust::Unverified);
    assert!(stranger.is_held_back());
}

/// The plaintext of a backup, and the file made of another one.
fn plain(home: &Home) -> Vec<u8> {
    let bytes = fs::read(home.path()).unwrap();
    decrypt_within(&bytes, &passphrase(WORD), 1 << 26).unwrap().to_vec()
}

fn put(path: &Path, plain: &[u8]) {
    let sealed = encrypt_with_passphrase(plain, &passphrase(WORD), CHEAP).unwrap();
    fs::write(path, sealed).unwrap();
}

#[test]
fn a_backup_that_was_changed_or_cut_off_is_not_taken() {
    let home = Home::lived_in();
    home.back_up(&identity(1));
    let whole = plain(&home);
    let text = String::from_utf8(whole.clone()).unwrap();
    let changed = |text: String| {
        put(&home.path(), text.as_bytes());
        home.open().map(drop)
    };
    // The same length, so that only the tag tells.
    for (from, to) in [
        ("\"trust\": \"broken\"", "\"trust\": \"broker\""),
        ("\"method\": \"none\"", "\"method\": \"nine\""),
        ("family", "enemys"),
        ("2026-11-24T04:00:00Z", "2026-11-24T04:00:01Z"),
        ("\"Dan\"", "\"Don\""),
    ] {
        assert!(text.contains(from), "{from}");
        let result = changed(text.replacen(from, to, 1));
        let expected = if to.contains("broker") || to.contains("nine") {
            BackupError::Damaged
        } else {
            BackupError::Changed
        };
        assert_eq!(result, Err(expected), "{to}");
    }
    // A part left out, or twice, or behind the end.
    let part = text.find("\ncontact ").unwrap() + 1;
    let end = text[part + 1..].find("\ncontact ").unwrap() + part + 2;
    let without = format!("{}{}", &text[..part], &text[end..]);
    assert_eq!(changed(without), Err(BackupError::Changed));
    let twice = format!("{}{}{}", &text[..end], &text[part..end], &text[end..]);
    assert_eq!(changed(twice), Err(BackupError::Changed));
    assert_eq!(changed(format!("{text}x")), Err(BackupError::Damaged));
    for cut in [0, 5, 20, 60, 100, text.len() / 2, text.len() - 4, text.len() - 1] {
        let result = changed(text[..cut].to_owned());
        let expected = if cut < 19 { BackupError::NotABackup } else { BackupError::Damaged };
        assert_eq!(result, Err(expected), "cut at {cut}");
    }
    let newer = text.replacen("keyglance-backup 1", "keyglance-backup 2", 1);
    assert_eq!(changed(newer), Err(BackupError::Newer(2)));
    assert_eq!(changed("an age file of something else\n".to_owned()), Err(BackupError::NotABackup));

    // And the file around it.
    put(&home.path(), &whole);
    home.open().unwrap();
    let other = Backup::open(&home.path(), &passphrase("wrong")).unwrap_err();
    assert_eq!(other, BackupError::Passphrase(PassphraseError::Wrong));
    let sealed = fs::read(home.path()).unwrap();
    fs::write(home.path(), &sealed[..sealed.len() / 2]).unwrap();
    assert!(matches!(home.open(), Err(BackupError::Passphrase(_))));
    fs::write(home.path(), b"no age file").unwrap();
    assert_eq!(home.open().map(drop), Err(BackupError::NotABackup));
}

/// Whatever of it was written, restoring once more does the rest.
#[test]
fn an_interrupted_restore_is_completed_by_the_next() {
    let home = Home::lived_in();
    let backup = home.back_up(&identity(1));
    let done = Home::new();
    done.restore(&backup);
    let steps: Vec<PathBuf> = [PathBuf::from("identity.json")]
        .into_iter()
        .chain(["contacts", "keys"].into_iter().flat_map(|folder| {
            let entries = fs::read_dir(done.profile.folder().join(folder)).unwrap();
            entries.map(move |entry| Path::new(folder).join(entry.unwrap().file_name()))
        }))
        .collect();
    for cut in [1, 2, 4, 6, 9] {
        let new = Home::new();
        for step in steps.iter().take(cut) {
            fs::copy(done.profile.folder().join(step), new.profile.folder().join(step)).unwrap();
        }
        let rest = new.restore(&backup);
        assert_eq!(rest.identity, RestoredIdentity::Same);
        assert_eq!(rest.contacts.len() + rest.keys.len(), steps.len() - cut);
        assert_eq!(new.files(), home.files(), "cut at {cut}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_neither_left_out_nor_lost() {
    let home = Home::lived_in();
    let backup = home.back_up(&identity(1));
    let id = home.profile.find_key("Bob").unwrap().file.key_id();
    let path = home.profile.folder().join(format!("keys/{id}.json"));
    fs::write(&path, "{ damaged").unwrap();
    let missing = home.profile.back_up(
        &home.folder.path().join("second"),
        &identity(1),
        &passphrase(WORD),
        CHEAP,
        time(LATER),
    );
    assert!(matches!(missing, Err(BackupError::Incomplete(_))), "{missing:?}");
    let done = home.restore(&backup);
    assert_eq!(done.keys, ["Bob"]);
    home.profile.usable_key(id, Require::Compared).unwrap();
    let left = fs::read_dir(path.parent().unwrap()).unwrap();
    let left = left.filter(|e| fs::read(e.as_ref().unwrap().path()).unwrap() == b"{ damaged");
    assert_eq!(left.count(), 1, "moved aside, not destroyed");
}

#[test]
fn names_that_are_taken_are_told_apart() {
    let home = Home::lived_in();
    let backup = home.back_up(&identity(1));
    home.profile.remove_contact(id_of(&home.profile, "Dan")).unwrap();
    let dan: Name = "Dan".parse().unwrap();
    home.profile.rename_contact(id_of(&home.profile, "Cy"), &dan).unwrap();
    let done = home.restore(&backup);
    assert_eq!((done.contacts, done.keys), (vec!["Dan 2".to_owned()], vec!["Dan 2".to_owned()]));
    assert_eq!(home.profile.find_contact("Dan 2").unwrap().trust(), Trust::Broken);
}
