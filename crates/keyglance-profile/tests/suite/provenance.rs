//! Trust belongs to a key, and comes from an act of a person on this profile alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use keyglance_core::contacts::ConflictDecision;
use keyglance_core::crypto::{KeyId, Purpose};
use keyglance_core::keyfile::KeyFile;
use keyglance_core::test_util::{device, device_again, paired, pairing, time};
use keyglance_core::trust::{KeyTrust, Method, Provenance, Trust, Verified};
use keyglance_profile::{Decision, Profile, Refusal, Require, StoreError};
use tempfile::{TempDir, tempdir};

use crate::store::{NOW, id_of, identity, keep};

fn profile() -> (TempDir, Profile) {
    let folder = tempdir().unwrap();
    let profile = Profile::open(&folder.path().join("profile")).unwrap();
    (folder, profile)
}

const BY_CODE: fn() -> Verified = || Verified { method: Method::CheckCode, at: time(NOW) };

/// A key file in the name of a contact, as anybody can write it who knows its
/// public key: the exporter is the attacker's.
fn forged(seed: u64, called: &str) -> KeyFile {
    let real = KeyFile::from_pairing(
        pairing(&paired(device(1), device_again(seed, called, 20))),
        time("2099-01-01T00:00:00Z"),
    );
    let other = KeyFile::from_pairing(pairing(&paired(device(70), device(71))), time(NOW));
    let mut document: serde_json::Value = serde_json::from_slice(&real.to_json()).unwrap();
    let chosen: serde_json::Value = serde_json::from_slice(&other.to_json()).unwrap();
    for member in ["exporter", "key_id"] {
        document[member] = chosen[member].clone();
    }
    document["verified"] =
        serde_json::json!({ "method": "check-code", "at": "2099-01-01T00:00:00Z" });
    // What a profile writes of a key is not taken from a file either.
    document["profile"] = serde_json::json!({
        "name": called, "provenance": "paired-by-camera", "order": u64::MAX, "stored": NOW,
    });
    KeyFile::from_json(document.to_string().as_bytes()).unwrap()
}

#[test]
fn an_import_is_never_verified_by_itself_and_never_preferred() {
    for verified in [false, true] {
        let (_folder, profile) = profile();
        let bobs = keep(&profile, 2, "Bob", 20).unwrap().key_id;
        if verified {
            profile.verify(bobs, BY_CODE()).unwrap();
        }
        let trust = profile.find_contact("Bob").unwrap().trust();
        let saved = profile.import(forged(2, "Bob"), None, time(NOW)).unwrap();
        assert_eq!(saved.contact_name, "Bob");
        assert_eq!(saved.verified, None);
        let claimed = Verified { method: Method::CheckCode, at: time("2099-01-01T00:00:00Z") };
        assert_eq!(saved.claim, Some(claimed));

        let key = profile.key(saved.key_id).unwrap();
        assert_eq!(key.provenance, Provenance::Imported);
        assert_eq!((key.trust(), key.claim), (KeyTrust::NotCompared, Some(claimed)));
        assert!(key.is_of_the_future(time(NOW)));
        // The contact vouches for nothing, and is not touched.
        assert_eq!(profile.find_contact("Bob").unwrap().trust(), trust);
        for text in ["Bob", &id_of(&profile, "Bob").to_string()] {
            let sealer = profile.sealer(text, Purpose::none(), Require::Usable).unwrap();
            assert_eq!(sealer.key().file.key_id(), bobs);
            let usable = profile.find_usable_key(text, Require::Usable).unwrap();
            assert_eq!(usable.file.key_id(), bobs);
        }
        // Asked for by itself it is usable, and said to be not compared.
        let own = profile.usable_key(saved.key_id, Require::Usable).unwrap();
        assert!(own.is_unverified());
        let refused = profile.usable_key(saved.key_id, Require::Compared).unwrap_err();
        let name = own.name.clone();
        assert_eq!(refused, StoreError::Refused(Refusal::NotCompared(name)));

        // Comparing the contact says who it is, and not that it wrote this file.
        let number = Verified { method: Method::SafetyNumber, at: time(NOW) };
        profile.set_trust(id_of(&profile, "Bob"), Trust::Verified(number), time(NOW)).unwrap();
        assert_eq!(profile.key(saved.key_id).unwrap().trust(), KeyTrust::NotCompared);
        assert!(matches!(profile.key(bobs).unwrap().trust(), KeyTrust::Verified(_)));
    }
}

#[test]
fn a_contact_that_a_file_brings_is_not_verified_either() {
    let (_folder, profile) = profile();
    let saved = profile.import(forged(2, "Bob"), None, time(NOW)).unwrap();
    assert!(saved.new_contact);
    let contact = profile.find_contact("Bob").unwrap();
    assert_eq!((contact.trust(), contact.since), (Trust::Unverified, time(NOW)));
    // The claim is not given on as if it had been found true here.
    let key = profile.key(saved.key_id).unwrap();
    assert_eq!(key.file.verified, None);
    // A later pairing is preferred.
    let real = keep(&profile, 2, "Bob", 20).unwrap().key_id;
    let best = profile.usable_key_of(contact.id(), Require::Usable).unwrap();
    assert_eq!(best.file.key_id(), real);
}

/// A key file that is nearly as large as one may be has no room for what the profile
/// adds: it is refused, and not stored so that nobody can read it again.
#[test]
fn nothing_is_stored_that_could_not_be_read_again() {
    let (_folder, profile) = profile();
    let bob = keep(&profile, 2, "Bob", 20).unwrap().key_id;
    let mut file = forged(2, "Bob");
    file.set_member("profile", None);
    let room = 1024 * 1024 - file.to_json().len() - 40;
    file.set_member("future", Some("x".repeat(room).into()));
    let file = KeyFile::from_json(&file.to_json()).unwrap();
    let refused = profile.import(file, None, time(NOW)).unwrap_err();
    assert!(matches!(refused, StoreError::TooLarge(_)), "{refused:?}");
    let (keys, warnings) = profile.keys().unwrap();
    assert_eq!((keys.len(), warnings), (1, vec![]));
    profile.usable_key(bob, Require::Usable).unwrap();
}

/// The order in which this profile took the keys in, whatever their dates say.
#[test]
fn a_clock_that_was_ahead_does_not_choose_the_key() {
    let (_folder, profile) = profile();
    let store = |fresh: u64, at: &str| {
        let session = paired(device(1), device_again(2, "Bob", fresh));
        let file = KeyFile::from_pairing(pairing(&session), time(at));
        profile.save_pairing(file, None, Provenance::PairedRelayed, None).unwrap().key_id
    };
    store(20, "2099-01-01T00:00:00Z");
    let last = store(21, NOW);
    let best = profile.usable_key_of(id_of(&profile, "Bob"), Require::Usable).unwrap();
    assert_eq!(best.file.key_id(), last);
}

#[test]
fn the_gate_fails_closed_where_the_contact_cannot_be_read() {
    let (_folder, profile) = profile();
    let key = keep(&profile, 2, "Bob", 20).unwrap().key_id;
    let contact = id_of(&profile, "Bob");
    profile.set_trust(contact, Trust::Broken, time(NOW)).unwrap();
    let file = profile.folder().join(format!("contacts/{contact}.json"));
    let text = fs::read_to_string(&file).unwrap();
    let ask = || profile.usable_key(key, Require::Usable).unwrap_err();
    assert_eq!(ask(), StoreError::Refused(Refusal::Mismatch("Bob".to_owned())));
    let newer = text.replace("\"version\": 1", "\"version\": 2");
    for unreadable in [newer.as_str(), "{", ""] {
        fs::write(&file, unreadable).unwrap();
        let refusal = Refusal::ContactUnreadable("Bob".to_owned());
        assert_eq!(ask(), StoreError::Refused(refusal), "{unreadable:?}");
        for text in ["Bob", &key.to_string()] {
            assert!(profile.find_usable_key(text, Require::Usable).is_err());
            assert!(profile.sealer(text, Purpose::none(), Require::Usable).is_err());
        }
    }
}

// A profile of version 1, as the program of that version wrote it.

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to)
        } else {
            fs::write(&to, fs::read(path).unwrap()).unwrap()
        }
    }
}

/// The files of contacts and keys, by folder and name.
fn files(profile: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for folder in ["contacts", "keys"] {
        for entry in fs::read_dir(profile.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
            files.insert(name, fs::read_to_string(path).unwrap());
        }
    }
    files
}

fn version_1() -> (TempDir, PathBuf) {
    let folder = tempdir().unwrap();
    let profile = folder.path().join("profile");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/profiles/version-1"), &profile);
    (folder, profile)
}

fn assert_brought_over(profile: &Profile) {
    let key = |name: &str| profile.find_key(name).unwrap();
    let (keys, warnings) = profile.keys().unwrap();
    assert_eq!((keys.len(), warnings), (6, vec![]));
    let names: Vec<_> =
        profile.contacts().unwrap().0.iter().map(|contact| contact.name.to_string()).collect();
    assert_eq!(names, ["Bo", "Cy 2", "Cy at work", "Dan"]);

    // What people did is kept; what a file said is a claim.
    assert!(matches!(key("Bo").trust(), KeyTrust::Verified(_)));
    assert_eq!(key("Bo").provenance, Provenance::PairedRelayed);
    assert_eq!((key("Bo").purpose.as_deref(), key("Bo").exports.len()), (Some("family backup"), 1));
    assert_eq!(key("Bo · key 2").provenance, Provenance::Imported);
    assert_eq!(key("Bo · key 2").trust(), KeyTrust::NotCompared);
    assert_eq!(key("Bo · key 2").claim.map(|claim| claim.method), Some(Method::CheckCode));
    assert!(key("Bo · key 3").retired_at.is_some());
    let bo = profile.usable_key_of(id_of(profile, "Bo"), Require::Compared).unwrap();
    assert_eq!(bo.name, "Bo");
    assert!(matches!(profile.find_contact("Bo").unwrap().trust(), Trust::Verified(_)));
    assert_eq!(profile.find_contact("Bo").unwrap().history().len(), 3);
    assert_eq!(profile.find_contact("Dan").unwrap().trust(), Trust::Broken);

    // The new one of an undecided pair is held back, and the known one goes on.
    let known = profile.find_usable_key("Cy at work", Require::Usable).unwrap();
    assert_eq!(known.newcomers(), ["Cy 2"]);
    let held = profile.find_usable_key("Cy 2", Require::Usable).unwrap_err();
    assert!(
        matches!(held, StoreError::Refused(Refusal::HeldBack { decided: false, .. })),
        "{held}"
    );
}

#[test]
fn a_profile_of_version_1_is_brought_over() {
    let (_folder, path) = version_1();
    let profile = Profile::open(&path).unwrap();
    assert_brought_over(&profile);
    let text = fs::read_to_string(path.join("profile.json")).unwrap();
    assert!(text.contains("\"version\":2"), "{text}");
    for (name, file) in files(&path) {
        let stem = Path::new(&name).file_stem().unwrap().len();
        assert_eq!(stem, if name.starts_with("contacts/") { 64 } else { 16 }, "{name}");
        assert!(stem == 64 || file.contains("\"provenance\""), "{name}");
    }
    // Once: the next opening changes nothing.
    let before = files(&path);
    let profile = Profile::open(&path).unwrap();
    assert_eq!(files(&path), before);
    assert_brought_over(&profile);

    // And it goes on as any profile.
    let new = id_of(&profile, "Cy 2");
    profile.decide(new, Decision::AnotherDevice, time(NOW)).unwrap();
    let conflict = profile.contact(new).unwrap().name_conflict.unwrap();
    assert_eq!(conflict.decision, Some(ConflictDecision::AnotherDevice));
    assert_eq!(conflict.id, id_of(&profile, "Cy at work"));
    profile.set_trust(new, Trust::Verified(BY_CODE()), time(NOW)).unwrap();
    profile.find_usable_key("Cy 2", Require::Compared).unwrap();
    let kept = keep(&profile, 9, "Next", 90).unwrap();
    assert!(
        profile.key(kept.key_id).unwrap().order() > profile.find_key("Bo · key 3").unwrap().order()
    );
}

/// Cut off anywhere, the next opening does the rest.
#[test]
fn bringing_over_goes_on_where_it_was_cut_off() {
    let (_folder, whole) = version_1();
    Profile::open(&whole).unwrap();
    let done = files(&whole);
    for cut in [0, 1, 3, 5, 8, done.len()] {
        let (_folder, path) = version_1();
        // Some are written by now, and beside contacts lie the old ones.
        for (name, text) in done.iter().take(cut) {
            fs::write(path.join(name), text).unwrap();
        }
        assert_brought_over(&Profile::open(&path).unwrap());
        assert_eq!(files(&path), done, "cut at {cut}");
    }
}

/// In version 1 a file under a passphrase could make a contact that counted as
/// verified.
#[test]
fn a_contact_that_was_verified_by_a_file_is_not_any_more() {
    let (_folder, path) = version_1();
    let file = path.join("contacts/be93d3c544e26d00.json");
    let mut contact: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    contact["trust"] = "check-code".into();
    contact["verified_at"] = NOW.into();
    contact["history"] = serde_json::json!([{ "trust": "check-code", "at": NOW }]);
    fs::write(&file, contact.to_string()).unwrap();
    let profile = Profile::open(&path).unwrap();
    assert_eq!(profile.find_contact("Dan").unwrap().trust(), Trust::Unverified);
    assert!(matches!(profile.find_contact("Bo").unwrap().trust(), Trust::Verified(_)));
}

#[test]
fn a_key_that_is_not_there_is_not_found() {
    let (_folder, profile) = profile();
    profile.create_identity(&identity(1)).unwrap();
    let id = KeyId::from_hex("00000000000000ff").unwrap();
    assert!(matches!(profile.usable_key(id, Require::Usable), Err(StoreError::NotFound { .. })));
}
