//! The profile folder: private, whole, and never somebody else's.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::Barrier;

use crate::tree::tree;
use keyglance_core::contacts::ContactId;
use keyglance_core::crypto::IdentityKey;
use keyglance_core::keyfile::{KeyFile, PassphraseError};
use keyglance_core::trust::{Method, Verified};
use keyglance_core::trust::{Provenance, Trust};
use keyglance_profile::{
    Access, Identity, IdentityState, Motion, Profile, SavedPairing, Settings, StoreError, Warning,
    create_file, replace_file,
};
use tempfile::{TempDir, tempdir};

use keyglance_core::test_util::{
    CHEAP, assert_hides, device, device_again, name, paired, pairing, passphrase, seeded, time,
};

pub const NOW: &str = "2026-11-23T04:00:00Z";

pub fn identity(seed: u64) -> Identity {
    let key = IdentityKey::generate(&mut seeded(seed));
    Identity { name: name("laptop"), created: time(NOW), key }
}

/// Keeps the key of a pairing with the device `seed`, which calls itself so.
pub fn keep(
    profile: &Profile,
    seed: u64,
    called: &str,
    fresh: u64,
) -> Result<SavedPairing, StoreError> {
    let session = paired(device(1), device_again(seed, called, fresh));
    profile.save_pairing(
        KeyFile::from_pairing(pairing(&session), time(NOW)),
        None,
        Provenance::PairedByCamera,
        None,
    )
}

/// The id of the contact with this name.
pub fn id_of(profile: &Profile, name: &str) -> ContactId {
    profile.find_contact(name).unwrap().id()
}

fn profile() -> (TempDir, Profile) {
    let folder = tempdir().unwrap();
    let profile = Profile::open(&folder.path().join("profile")).unwrap();
    (folder, profile)
}

/// Key and contact names, where nothing was set aside.
pub fn names(profile: &Profile) -> (Vec<String>, Vec<String>) {
    let (keys, key_warnings) = profile.keys().unwrap();
    let (contacts, contact_warnings) = profile.contacts().unwrap();
    assert_eq!((key_warnings, contact_warnings), (vec![], vec![]));
    for key in &keys {
        assert!(contacts.iter().any(|contact| contact.id() == key.contact), "{}", key.name);
    }
    (
        keys.into_iter().map(|key| key.name).collect(),
        contacts.into_iter().map(|contact| contact.name.to_string()).collect(),
    )
}

/// The identity's secret, opened with `word` where it is sealed.
pub fn secret(profile: &Profile, word: &str) -> Option<[u8; 32]> {
    match profile.identity().unwrap() {
        IdentityState::Missing => None,
        IdentityState::Plain(identity) => Some(*identity.key.secret_bytes()),
        IdentityState::Sealed(bytes) => {
            let identity = Identity::unseal(&bytes, &passphrase(word)).unwrap();
            Some(*identity.key.secret_bytes())
        }
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn everything_in_a_profile_is_private() {
    let (_folder, profile) = profile();
    let check = |after: &str| {
        for (path, (mode, bytes)) in tree(profile.folder()) {
            let expected = if bytes.is_some() { 0o600 } else { 0o700 };
            assert_eq!(mode, expected, "{after}: {}", path.display());
            assert!(!path.to_string_lossy().contains(".keyglance-tmp-"), "{after}");
        }
    };
    check("opened");
    profile.create_identity(&identity(1)).unwrap();
    check("identity");
    let kept = keep(&profile, 2, "phone", 20).unwrap();
    keep(&profile, 3, "tablet", 30).unwrap();
    check("kept");
    profile.acknowledge(kept.key_id).unwrap();
    let verified = Verified { method: Method::CheckCode, at: time(NOW) };
    profile.verify(kept.key_id, verified).unwrap();
    profile.rename_contact(id_of(&profile, "phone"), "Ana").unwrap();
    check("changed");
    profile.store_identity(&identity(1), Some((&passphrase("right"), CHEAP))).unwrap();
    check("protected");
    profile.store_identity(&identity(1), None).unwrap();
    profile.remove_contact(id_of(&profile, "tablet")).unwrap();
    check("removed");
    Profile::open(profile.folder()).unwrap();
    check("opened again");
}

#[test]
fn a_profile_that_others_could_read_is_made_private_and_told() {
    let (_folder, profile) = profile();
    let parts = ["", "contacts", "keys"].map(|part| profile.folder().join(part));
    for (part, too_open) in parts.iter().zip([0o755, 0o701, 0o770]) {
        fs::set_permissions(part, fs::Permissions::from_mode(too_open)).unwrap();
    }
    let opened = Profile::open(profile.folder()).unwrap();
    assert_eq!(opened.warnings(), parts.clone().map(Warning::WasOpen));
    assert_eq!(parts.map(|part| mode(&part)), [0o700; 3]);
    assert_eq!(Profile::open(profile.folder()).unwrap().warnings(), []);
}

/// Naming `/tmp` or one's home as the profile must not lock everybody out.
#[test]
fn a_folder_of_something_else_is_left_alone() {
    for strange in ["letter.txt", "profile.json.bak", "key"] {
        let folder = tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(folder.path().join(strange), "Dear Ana").unwrap();
        let before = tree(folder.path());
        let error = Profile::open(folder.path()).unwrap_err();
        assert_eq!(error, StoreError::NotAProfile(folder.path().to_owned()));
        assert_eq!(tree(folder.path()), before, "{strange}");
    }
    // An empty folder is nobody's.
    let folder = tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(Profile::open(folder.path()).is_ok());
    assert_eq!(mode(folder.path()), 0o700);
    // What is added to a profile later does not make it strange.
    fs::write(folder.path().join("letter.txt"), "Dear Ana").unwrap();
    assert!(Profile::open(folder.path()).is_ok());
}

#[test]
fn a_newer_profile_is_not_touched() {
    let (_folder, profile) = profile();
    profile.create_identity(&identity(1)).unwrap();
    keep(&profile, 2, "phone", 20).unwrap();
    fs::remove_dir_all(profile.folder().join("contacts")).unwrap();
    fs::write(profile.folder().join(".keyglance-tmp-1-1-x"), "x").unwrap();
    let file = profile.folder().join("profile.json");
    for version in [3, u64::MAX] {
        let text = format!("{{\"format\":\"keyglance-profile\",\"version\":{version},\"x\":1}}");
        fs::write(&file, text).unwrap();
        for mode in [0o700, 0o755] {
            fs::set_permissions(profile.folder(), fs::Permissions::from_mode(mode)).unwrap();
            let before = tree(profile.folder());
            let error = Profile::open(profile.folder()).unwrap_err();
            assert_eq!(error, StoreError::Newer(version));
            assert_eq!(tree(profile.folder()), before);
        }
    }
}

#[test]
fn a_damaged_profile_is_not_taken_for_a_new_one() {
    let (_folder, profile) = profile();
    profile.create_identity(&identity(1)).unwrap();
    for text in [
        "",
        "{",
        "null",
        "{\"format\":\"keyglance-contact\",\"version\":1}",
        "{\"format\":\"keyglance-profile\"}",
        "{\"format\":\"keyglance-profile\",\"version\":0}",
        "{\"format\":\"keyglance-profile\",\"version\":\"1\"}",
    ] {
        fs::write(profile.folder().join("profile.json"), text).unwrap();
        let before = tree(profile.folder());
        let error = Profile::open(profile.folder()).unwrap_err();
        assert_eq!(error, StoreError::NotAProfile(profile.folder().to_owned()), "{text}");
        assert_eq!(tree(profile.folder()), before);
    }
}

#[test]
fn a_profile_that_cannot_be_says_why() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    for path in [file.clone(), file.join("below")] {
        let error = Profile::open(&path).unwrap_err();
        assert!(matches!(error, StoreError::NotAFolder(_)), "{error:?}");
    }
    assert_eq!(fs::read(&file).unwrap(), b"x");

    // Nobody, root included, makes folders there.
    if Path::new("/sys/kernel").is_dir() {
        let error = Profile::open(Path::new("/sys/keyglance")).unwrap_err();
        let expected = matches!(error, StoreError::Permission(_) | StoreError::ReadOnly(_));
        assert!(expected, "{error:?}");
    }
    let (_folder, profile) = profile();
    fs::remove_dir(profile.folder().join("keys")).unwrap();
    fs::write(profile.folder().join("keys"), "x").unwrap();
    let error = Profile::open(profile.folder()).unwrap_err();
    assert_eq!(error, StoreError::NotAFolder(profile.folder().join("keys")));
}

#[test]
fn another_users_profile_is_left_alone() {
    let (_folder, profile) = profile();
    keep(&profile, 2, "phone", 20).unwrap();
    let folder = profile.folder();
    if std::os::unix::fs::chown(folder, Some(12_345), None).is_err() {
        println!("skipped: root not found, and nobody else gives folders away");
        return;
    }
    let before = tree(folder);
    let error = Profile::open(folder).unwrap_err();
    assert_eq!(error, StoreError::NotOurs(folder.to_owned()));
    assert_eq!(tree(folder), before);
    std::os::unix::fs::chown(folder, Some(0), None).unwrap();
    assert_eq!(names(&Profile::open(folder).unwrap()).0, ["phone"]);
}

/// What somebody else put into the folder while it was open to others, or can still
/// change, is not ours to believe.
#[test]
fn files_that_others_own_or_can_change_are_refused() {
    type Spoil = fn(&Path) -> bool;
    type Refuse = fn(PathBuf) -> StoreError;
    let foreign: Spoil = |path| std::os::unix::fs::chown(path, Some(12_345), None).is_ok();
    let writable: Spoil =
        |path| fs::set_permissions(path, fs::Permissions::from_mode(0o602)).is_ok();
    let refusals: [(Spoil, Refuse); 2] =
        [(foreign, StoreError::ForeignFile), (writable, StoreError::WritableByOthers)];
    for (spoil, refusal) in refusals {
        for part in ["contacts", "keys"] {
            let (_folder, profile) = profile();
            keep(&profile, 2, "phone", 20).unwrap();
            let entry = fs::read_dir(profile.folder().join(part)).unwrap().next();
            let file = entry.unwrap().unwrap().path();
            if !spoil(&file) {
                println!("skipped: root not found, and nobody else gives files away");
                continue;
            }
            let warnings = match part {
                "contacts" => profile.contacts().unwrap().1,
                _ => profile.keys().unwrap().1,
            };
            assert_eq!(warnings, [Warning::NotOurs(refusal(file))]);
            assert!(keep(&profile, 2, "phone", 21).is_err(), "nor is anything built upon it");
        }
        for part in ["profile.json", "identity.json", "settings.json", "lock"] {
            let (_folder, profile) = profile();
            profile.create_identity(&identity(1)).unwrap();
            profile.store_settings(&Settings::default()).unwrap();
            let file = profile.folder().join(part);
            if !spoil(&file) {
                continue;
            }
            let error = match part {
                "identity.json" => profile.identity().unwrap_err(),
                "settings.json" => profile.settings().unwrap_err(),
                _ => Profile::open(profile.folder()).unwrap_err(),
            };
            assert_eq!(error, refusal(file));
        }
    }
}

#[test]
fn folders_within_a_profile_are_ours_too() {
    let (_folder, profile) = profile();
    let keys = profile.folder().join("keys");
    if std::os::unix::fs::chown(&keys, Some(12_345), None).is_err() {
        println!("skipped: root not found, and nobody else gives folders away");
        return;
    }
    assert_eq!(Profile::open(profile.folder()).unwrap_err(), StoreError::NotOurs(keys));
}

#[test]
fn settings_of_earlier_and_later_programs_are_read() {
    let (_folder, profile) = profile();
    let file = profile.folder().join("settings.json");
    let earlier = r#"{"version":1,"camera":"Front","mirror":false,"sounds":true,"theme":"dark",
        "text_size":125,"window":[800.0,600.0]}"#;
    std::fs::write(&file, earlier).unwrap();
    let settings = profile.settings().unwrap();
    assert_eq!((settings.camera.as_deref(), settings.text_size), (Some("Front"), 125));
    assert!(settings.motion == Motion::System && !settings.mirror);

    let later = r#"{"version":1,"reduced_motion":true,"voice":"low"}"#;
    std::fs::write(&file, later).unwrap();
    let settings = profile.settings().unwrap();
    assert_eq!(settings.motion, Motion::Reduced);
    profile.store_settings(&settings).unwrap();
    let stored = std::fs::read_to_string(&file).unwrap();
    assert!(stored.contains(r#""voice": "low""#) && stored.contains(r#""motion": "reduced""#));
}

#[test]
fn nothing_is_written_that_would_not_be_read() {
    let (_folder, profile) = profile();
    profile.create_identity(&identity(1)).unwrap();
    let before = tree(profile.folder());
    let error = profile.store_sealed_identity(&vec![b'x'; 2 * 1024 * 1024 + 1]).unwrap_err();
    assert!(matches!(error, StoreError::TooLarge(_)), "{error}");
    assert_eq!(tree(profile.folder()), before);
}

#[test]
fn links_in_a_profile_are_not_followed() {
    let (folder, profile) = profile();
    profile.create_identity(&identity(1)).unwrap();
    keep(&profile, 2, "phone", 20).unwrap();
    let outside = folder.path().join("outside");
    let in_profile = |part: &str| profile.folder().join(part);

    // A good contact and a good key, but elsewhere.
    for part in ["contacts", "keys"] {
        let file = fs::read_dir(in_profile(part)).unwrap().next().unwrap().unwrap().path();
        fs::rename(&file, &outside).unwrap();
        symlink(&outside, &file).unwrap();
        let warnings = match part {
            "contacts" => profile.contacts().unwrap().1,
            _ => profile.keys().unwrap().1,
        };
        let [Warning::Quarantined { path, why }] = &warnings[..] else { panic!("{warnings:?}") };
        assert_eq!(path, &file);
        assert!(why.contains("not a regular file"), "{why}");
    }
    assert!(profile.contacts().unwrap().0.is_empty() && profile.keys().unwrap().0.is_empty());

    for part in ["identity.json", "profile.json"] {
        fs::rename(in_profile(part), &outside).unwrap();
        symlink(&outside, in_profile(part)).unwrap();
    }
    let not_a_file = |part: &str| StoreError::NotAFile(in_profile(part));
    assert_eq!(profile.identity().unwrap_err(), not_a_file("identity.json"));
    assert_eq!(Profile::open(profile.folder()).unwrap_err(), not_a_file("profile.json"));
    let error = profile.create_identity(&identity(2)).unwrap_err();
    assert_eq!(error, not_a_file("identity.json"));
}

#[test]
fn what_a_stopped_program_left_is_cleaned() {
    let (_folder, profile) = profile();
    profile.create_identity(&identity(1)).unwrap();
    keep(&profile, 2, "phone", 20).unwrap();
    let before = tree(profile.folder());
    for part in ["", "contacts", "keys"] {
        for leftover in [".keyglance-tmp-1-0-identity.json", ".keyglance-tmp-99-7-a.json"] {
            fs::write(profile.folder().join(part).join(leftover), "half a secr").unwrap();
        }
    }
    // A leftover is not a damaged key.
    assert_eq!(names(&profile).0, ["phone"]);
    Profile::open(profile.folder()).unwrap();
    assert_eq!(tree(profile.folder()), before);
}

/// A change to a passphrase that was cut off left the secret in the clear,
/// under a profile that called itself protected.
#[test]
fn beside_a_protected_identity_no_plain_one_is_left() {
    let (_folder, profile) = profile();
    let plain = profile.folder().join("identity.json");
    profile.create_identity(&identity(1)).unwrap();
    let bytes = fs::read(&plain).unwrap();
    profile.store_identity(&identity(1), Some((&passphrase("right"), CHEAP))).unwrap();
    assert!(!plain.exists());
    fs::write(&plain, &bytes).unwrap();
    let again = Profile::open(profile.folder()).unwrap();
    assert!(!plain.exists());
    assert_eq!(secret(&again, "right"), Some(*identity(1).key.secret_bytes()));

    // What cannot be an age file protects nothing, and costs no identity.
    fs::write(&plain, &bytes).unwrap();
    fs::write(profile.folder().join("identity.json.age"), "").unwrap();
    Profile::open(profile.folder()).unwrap();
    assert_eq!(fs::read(&plain).unwrap(), bytes);
}

#[test]
fn a_damaged_contact_or_key_is_set_aside_and_left_where_it_is() {
    let (_folder, profile) = profile();
    for (seed, called) in [(2, "phone"), (3, "tablet"), (4, "watch")] {
        keep(&profile, seed, called, seed * 10).unwrap();
    }
    let key = profile.find_key("tablet").unwrap();
    let contact = profile.find_contact("phone").unwrap();
    let secret = **key.file.exporter().unwrap().secret_bytes();
    let key_path = profile.folder().join(format!("keys/{}.json", key.file.key_id()));
    let contact_path = profile.folder().join(format!("contacts/{}.json", contact.id()));
    let (good_key, good_contact) = (fs::read(&key_path).unwrap(), fs::read(&contact_path).unwrap());
    let newer = |bytes: &[u8]| {
        let text = str::from_utf8(bytes).unwrap();
        text.replacen("\"version\": 1", "\"version\": 2", 1).into_bytes()
    };
    let damage = |good: &[u8]| {
        let middle = good.len() / 2;
        [vec![], good[..middle].to_vec(), b"{}".to_vec(), vec![0xff; 3 << 20], newer(good)]
    };
    for (key_bytes, contact_bytes) in damage(&good_key).iter().zip(damage(&good_contact)) {
        fs::write(&key_path, key_bytes).unwrap();
        fs::write(&contact_path, &contact_bytes).unwrap();
        let profile = Profile::open(profile.folder()).unwrap();
        let (keys, key_warnings) = profile.keys().unwrap();
        let (contacts, contact_warnings) = profile.contacts().unwrap();
        let names: Vec<_> = keys.iter().map(|key| key.name.as_str()).collect();
        assert_eq!(names, ["phone", "watch"]);
        let names: Vec<_> = contacts.iter().map(|contact| contact.name.as_str()).collect();
        assert_eq!(names, ["tablet", "watch"]);
        for (warnings, path) in [(&key_warnings, &key_path), (&contact_warnings, &contact_path)] {
            assert!(
                matches!(&warnings[..], [Warning::Quarantined { path: p, .. }] if p == path),
                "{warnings:?}"
            );
            assert_hides(&format!("{warnings:?}{}", warnings[0]), &secret);
        }
        // Other work goes on beside it.
        profile.rename_contact(id_of(&profile, "watch"), "clock").unwrap();
        profile.rename_contact(id_of(&profile, "clock"), "watch").unwrap();
        assert_eq!(&fs::read(&key_path).unwrap(), key_bytes);
        assert_eq!(fs::read(&contact_path).unwrap(), contact_bytes);
    }
    fs::write(&key_path, good_key).unwrap();
    fs::write(&contact_path, good_contact).unwrap();
    assert_eq!(names(&profile).0.len(), 3);
}

#[test]
fn a_damaged_identity_is_neither_used_nor_replaced() {
    let (_folder, profile) = profile();
    profile.create_identity(&identity(1)).unwrap();
    let path = profile.folder().join("identity.json");
    let good = fs::read_to_string(&path).unwrap();
    let secret = *identity(1).key.secret_bytes();
    let newer = good.replacen("\"version\": 1", "\"version\": 2", 1);
    for damaged in
        ["", "{}", &good[..good.len() / 2], &good.replacen("laptop", "\u{202e}", 1), &newer]
    {
        fs::write(&path, damaged).unwrap();
        let error = profile.identity().unwrap_err();
        let expected =
            if damaged == newer { StoreError::Newer(2) } else { StoreError::IdentityDamaged };
        assert_eq!(error, expected, "{damaged}");
        assert_hides(&format!("{error:?}{error}"), &secret);
        assert_eq!(profile.create_identity(&identity(2)).unwrap_err(), expected);
        assert_eq!(fs::read_to_string(&path).unwrap(), damaged);
    }
}

#[test]
fn an_identity_is_protected_changed_and_unprotected() {
    let (_folder, profile) = profile();
    let identity = identity(1);
    let expected = *identity.key.secret_bytes();
    profile.create_identity(&identity).unwrap();
    let plain = profile.folder().join("identity.json");
    let sealed = profile.folder().join("identity.json.age");
    assert!(plain.exists() && !sealed.exists());

    for word in ["first", "second"] {
        profile.store_identity(&identity, Some((&passphrase(word), CHEAP))).unwrap();
        assert!(!plain.exists() && sealed.exists());
        assert_eq!(secret(&profile, word), Some(expected));
        let IdentityState::Sealed(bytes) = profile.identity().unwrap() else { panic!() };
        let error = Identity::unseal(&bytes, &passphrase("third")).unwrap_err();
        assert_eq!(error, StoreError::Passphrase(PassphraseError::Wrong));
        assert_hides(&String::from_utf8(bytes).unwrap(), &expected);
        // An identity that is locked is an identity.
        let error = profile.create_identity(&self::identity(2)).unwrap_err();
        assert_eq!(error, StoreError::IdentityExists);
    }
    profile.store_identity(&identity, None).unwrap();
    assert!(plain.exists() && !sealed.exists());
    assert_eq!(secret(&profile, ""), Some(expected));
    assert_hides(&format!("{identity:?}{:?}{profile:?}", profile.identity()), &expected);
}

#[test]
fn a_second_key_of_a_contact_gets_a_number_and_so_does_a_stranger() {
    let (_folder, profile) = profile();
    let first = keep(&profile, 2, "Ana", 20).unwrap();
    assert_eq!((first.key_name.as_str(), first.contact_name.as_str()), ("Ana", "Ana"));
    assert!(first.new_contact && first.key_changed.is_none());

    // Another device that calls itself so is not taken for the first.
    let stranger = keep(&profile, 3, "aNA", 30).unwrap();
    assert_eq!((stranger.key_name.as_str(), stranger.contact_name.as_str()), ("aNA 2", "aNA 2"));
    assert_eq!(stranger.key_changed.as_deref(), Some("Ana"));
    assert!(stranger.new_contact);

    let second = keep(&profile, 2, "Ana", 21).unwrap();
    assert_eq!((second.key_name.as_str(), second.contact_name.as_str()), ("Ana · key 2", "Ana"));
    assert!(!second.new_contact && second.key_changed.is_none());
}

/// Nor its name: what was called so is gone.
#[test]
fn no_key_takes_the_place_of_another() {
    let (_folder, profile) = profile();
    let mut ids: Vec<_> =
        (20..24).map(|fresh| keep(&profile, 2, "Ana", fresh).unwrap().key_id).collect();
    assert_eq!(names(&profile).0, ["Ana", "Ana · key 2", "Ana · key 3", "Ana · key 4"]);
    assert_eq!(names(&profile).1, ["Ana"]);
    profile.remove_key(profile.find_key("Ana · key 2").unwrap().file.key_id()).unwrap();
    assert_eq!(keep(&profile, 2, "Ana", 30).unwrap().key_name, "Ana · key 5");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4);

    // What a device calls itself cannot be a name: it gets one all the same.
    assert_eq!(keep(&profile, 5, "", 50).unwrap().contact_name, "Unnamed device");
    assert_eq!(profile.find_key("ana key 3").unwrap().name, "Ana · key 3");
    let id = profile.find_key("Ana · key 3").unwrap().file.key_id().to_string();
    assert_eq!(profile.find_key(&id[..8].to_uppercase()).unwrap().name, "Ana · key 3");
    assert!(matches!(profile.find_key(&id[..3]), Err(StoreError::NothingCalled { .. })));
}

#[test]
fn keeping_a_key_again_keeps_what_is_known_of_its_contact() {
    let (_folder, profile) = profile();
    let kept = keep(&profile, 2, "Ana", 20).unwrap();
    let verified = Verified { method: Method::SafetyNumber, at: time(NOW) };
    profile.verify(kept.key_id, verified).unwrap();
    profile.rename_contact(id_of(&profile, "Ana"), "Ana at work").unwrap();
    let again = keep(&profile, 2, "Ana", 21).unwrap();
    assert_eq!(again.contact_name, "Ana at work");
    assert_eq!(profile.find_contact("Ana at work").unwrap().trust(), Trust::Verified(verified));

    // Undoing the second leaves the contact, and so does undoing the first: its
    // safety number was compared apart from any key.
    profile.discard_pairing(&again).unwrap();
    assert_eq!(names(&profile).1, ["Ana at work"]);
    profile.discard_pairing(&kept).unwrap();
    assert_eq!(names(&profile), (vec![], vec!["Ana at work".to_owned()]));

    // Undoing takes along a contact that nobody made sure of otherwise.
    let kept = keep(&profile, 3, "Bo", 22).unwrap();
    let verified = Verified { method: Method::CheckCode, at: time(NOW) };
    profile.verify(kept.key_id, verified).unwrap();
    profile.discard_pairing(&kept).unwrap();
    assert_eq!(names(&profile).1, ["Ana at work"]);
}

#[test]
fn a_contact_is_renamed_and_removed_with_its_keys_alone() {
    let (_folder, profile) = profile();
    keep(&profile, 2, "Ana", 20).unwrap();
    keep(&profile, 2, "Ana", 21).unwrap();
    keep(&profile, 3, "Bea", 30).unwrap();
    let error = profile.rename_contact(id_of(&profile, "Bea"), "ANA").unwrap_err();
    assert_eq!(error, StoreError::NameTaken("ANA".to_owned()));
    profile.rename_contact(id_of(&profile, "Ana"), "ana").unwrap();
    let ana = id_of(&profile, "Ana");
    assert_eq!(profile.remove_contact(ana).unwrap(), ["ana", "ana · key 2"]);
    assert_eq!(names(&profile), (vec!["Bea".to_owned()], vec!["Bea".to_owned()]));
    assert!(profile.remove_contact(ana).is_err());
}

/// What `Profile::keep` of 8 at once makes: each has its name, and all are there.
pub fn assert_all_kept(profile: &Profile, count: usize) {
    let (mut keys, contacts) = names(profile);
    assert_eq!((keys.len(), contacts.len()), (count, count));
    keys.sort_by_key(|name| name.strip_prefix("phone ").map_or(1, |n| n.parse().unwrap()));
    for (n, key) in (1..).zip(keys) {
        assert_eq!(key, if n == 1 { "phone".to_owned() } else { format!("phone {n}") });
    }
}

#[test]
fn eight_threads_at_once_lose_no_key() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("profile");
    let start = Barrier::new(8);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (start, path) = (&start, &path);
            scope.spawn(move || {
                start.wait();
                // Opening is a change too, the first time.
                let profile = Profile::open(path).unwrap();
                assert_eq!(profile.warnings(), []);
                for seed in [100 + thread, 200 + thread] {
                    keep(&profile, seed, "phone", seed).unwrap();
                }
            });
        }
    });
    assert_all_kept(&Profile::open(&path).unwrap(), 16);
}

#[test]
fn of_two_identities_made_at_once_one_is_kept() {
    for round in 0..8 {
        let folder = tempdir().unwrap();
        let path = folder.path().join("profile");
        let start = Barrier::new(4);
        let results: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|thread| {
                    let (start, path) = (&start, &path);
                    scope.spawn(move || {
                        let identity = identity(round * 10 + thread);
                        start.wait();
                        let made = Profile::open(path).unwrap().create_identity(&identity);
                        (*identity.key.secret_bytes(), made)
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let winners: Vec<_> = results.iter().filter(|(_, made)| made.is_ok()).collect();
        assert_eq!(winners.len(), 1);
        let refused = |made: &Result<(), _>| made == &Err(StoreError::IdentityExists);
        assert_eq!(results.iter().filter(|(_, made)| refused(made)).count(), 3);
        assert_eq!(secret(&Profile::open(&path).unwrap(), ""), Some(winners[0].0));
    }
}

#[test]
fn an_exported_file_never_replaces_one_and_is_private() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("key.txt");
    create_file(&path, b"one", Access::Private).unwrap();
    assert_eq!(mode(&path), 0o600);
    let dangling = folder.path().join("link");
    symlink(folder.path().join("nowhere"), &dangling).unwrap();
    let before = tree(folder.path());
    for there in [&path, &dangling] {
        let error = create_file(there, b"two", Access::Private).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists);
        // Not even a leftover.
        assert_eq!(tree(folder.path()), before);
    }
    // Replacing a link replaces the link, not what it points to.
    let link = folder.path().join("link");
    fs::remove_file(&link).unwrap();
    symlink(&path, &link).unwrap();
    replace_file(&link, b"three", Access::Private).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"one");
    assert_eq!(fs::read(&link).unwrap(), b"three");
    assert!(fs::symlink_metadata(&link).unwrap().is_file());
}
