//! Contacts: how trust comes and goes, and what happens when a key changes.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::Path;

use Provenance::{PairedByCamera, PairedRelayed};
use keyglance_core::contacts::{Contact, IdentityError, PeerIdentity};
use keyglance_core::crypto::{Fingerprint, FingerprintCode};
use keyglance_core::keyfile::KeyFile;
use keyglance_core::trust::{Method, Verified};
use keyglance_core::trust::{Provenance, Trust};
use keyglance_profile::{Decision, Exported, Profile, Refusal, Require, StoreError};
use tempfile::{TempDir, tempdir};

use super::store::{NOW, id_of, identity, keep};
use keyglance_core::test_util::{device, device_again, paired, pairing, time};

const LATER: &str = "2026-11-24T04:00:00Z";

fn profile() -> (TempDir, Profile) {
    let folder = tempdir().unwrap();
    let profile = Profile::open(&folder.path().join("profile")).unwrap();
    (folder, profile)
}

fn verified(method: Method) -> Trust {
    Trust::Verified(Verified { method, at: time(LATER) })
}

/// What can happen to a contact.
#[derive(Clone, Copy, Debug)]
enum Act {
    PairBlind,
    PairByCamera,
    Compare(Method),
    Differ,
    NewIdentity,
    Rename,
}

/// Every trust, each act, and what comes of it.
#[test]
fn trust_rises_by_explicit_acts_alone() {
    use Act::{Compare, Differ, NewIdentity, PairBlind, PairByCamera, Rename};
    use Method::{CheckCode, FingerprintCode, SafetyNumber};
    let digits = verified(SafetyNumber);
    let code = verified(CheckCode);
    let (broken, none, seen) = (Trust::Broken, Trust::Unverified, Trust::SeenByCamera);
    let table: &[(Trust, Act, Trust)] = &[
        (none, PairBlind, none),
        (none, PairByCamera, seen),
        (none, Compare(SafetyNumber), digits),
        (none, Compare(FingerprintCode), verified(FingerprintCode)),
        (none, Differ, broken),
        (none, NewIdentity, none),
        (none, Rename, none),
        (seen, PairBlind, seen),
        (seen, PairByCamera, seen),
        (seen, Compare(CheckCode), code),
        (seen, Differ, broken),
        (seen, NewIdentity, none),
        (seen, Rename, seen),
        (digits, PairBlind, digits),
        (digits, PairByCamera, digits),
        (digits, Compare(CheckCode), code),
        (digits, Differ, broken),
        (digits, NewIdentity, none),
        (digits, Rename, digits),
        // A mismatch is forgotten by nothing but a match.
        (broken, PairBlind, broken),
        (broken, PairByCamera, broken),
        (broken, Compare(SafetyNumber), digits),
        (broken, Differ, broken),
        (broken, NewIdentity, broken),
        (broken, Rename, broken),
    ];
    for (before, act, after) in table {
        let (_folder, profile) = profile();
        profile.create_identity(&identity(1)).unwrap();
        keep_as(&profile, 20, PairedRelayed);
        profile.set_trust(id_of(&profile, "phone"), *before, time(LATER)).unwrap();
        let mut name = "phone";
        match act {
            Act::PairBlind => keep_as(&profile, 21, PairedRelayed),
            Act::PairByCamera => keep_as(&profile, 21, PairedByCamera),
            Act::Compare(method) => {
                profile.set_trust(id_of(&profile, name), verified(*method), time(LATER)).unwrap();
            }
            Act::Differ => {
                profile.set_trust(id_of(&profile, name), Trust::Broken, time(LATER)).unwrap()
            }
            Act::NewIdentity => {
                profile.replace_identity(&identity(9), None, time(LATER)).unwrap();
            }
            Act::Rename => {
                profile.rename_contact(id_of(&profile, name), "tablet").unwrap();
                name = "tablet";
            }
        }
        let contact = profile.find_contact(name).unwrap();
        assert_eq!(contact.trust(), *after, "{before:?}, {act:?}");
        // Every change is in the history, and what was is not rewritten.
        let history: Vec<Trust> = contact.history().iter().map(|change| change.trust).collect();
        assert_eq!(&history[..2], [Trust::Unverified, *before]);
        assert_eq!(history.last(), Some(after));
        let blocked = profile.find_usable_key(name, Require::Usable).is_err();
        assert_eq!(blocked, *after == Trust::Broken, "{before:?}, {act:?}");
    }
}

/// Keeps a pairing with the one phone of these tests.
fn keep_as(profile: &Profile, fresh: u64, provenance: Provenance) {
    let session = paired(device(1), device_again(2, "phone", fresh));
    let file = KeyFile::from_pairing(pairing(&session), time(NOW));
    profile.save_pairing(file, None, provenance, None).unwrap();
}

#[test]
fn a_key_of_a_verified_contact_is_verified_and_earlier_ones_become_so() {
    let (_folder, profile) = profile();
    keep_as(&profile, 20, PairedByCamera);
    assert!(profile.find_key("phone").unwrap().file.verified.is_none());
    profile
        .set_trust(id_of(&profile, "phone"), verified(Method::SafetyNumber), time(LATER))
        .unwrap();
    keep_as(&profile, 21, PairedRelayed);
    for key in ["phone", "phone · key 2"] {
        let verified = profile.find_key(key).unwrap().file.verified.unwrap();
        assert_eq!(verified.method, Method::SafetyNumber, "{key}");
    }
}

#[test]
fn the_history_is_short_and_survives() {
    let (_folder, profile) = profile();
    keep_as(&profile, 20, PairedByCamera);
    for _ in 0..30 {
        profile.set_trust(id_of(&profile, "phone"), Trust::Broken, time(NOW)).unwrap();
    }
    profile
        .set_trust(id_of(&profile, "phone"), verified(Method::SafetyNumber), time(LATER))
        .unwrap();
    let contact = profile.find_contact("phone").unwrap();
    assert_eq!(contact.history().len(), 20);
    let read = Contact::from_json(&contact.to_json()).unwrap();
    assert_eq!(read, contact);
    // A program that knows no history changes the trust: it is believed.
    let text = String::from_utf8(contact.to_json()).unwrap();
    let older = text.replacen("\"trust\": \"safety-number\"", "\"trust\": \"broken\"", 1);
    let read = Contact::from_json(older.as_bytes()).unwrap();
    assert_eq!(read.trust(), Trust::Broken);
    assert_eq!(read.history().len(), 20);
}

/// The new one is held back until a person decided and compared it, in either
/// order; the known one goes on, and says that somebody came.
#[test]
fn another_key_under_a_known_name_is_held_back() {
    for compared_first in [false, true] {
        for decision in [Decision::NewDevice, Decision::AnotherDevice] {
            let (_folder, profile) = profile();
            keep(&profile, 2, "phone", 20).unwrap();
            let kept = keep(&profile, 3, "phone", 30).unwrap();
            assert_eq!(kept.key_changed.as_deref(), Some("phone"));
            let new = id_of(&profile, "phone 2");
            let held = |decided| {
                let (contact, known) = ("phone 2".to_owned(), "phone".to_owned());
                StoreError::Refused(Refusal::HeldBack { contact, known, decided })
            };
            let ask = |name| profile.find_usable_key(name, Require::Usable);
            assert_eq!(ask("phone 2").unwrap_err(), held(false));
            assert_eq!(profile.usable_key(kept.key_id, Require::Usable).unwrap_err(), held(false));
            assert_eq!(ask("phone").unwrap().newcomers(), ["phone 2"]);

            let nothing = profile.decide(id_of(&profile, "phone"), decision.clone(), time(LATER));
            assert_eq!(nothing.unwrap_err(), StoreError::Decided("phone".to_owned()));

            let compare = || {
                profile.set_trust(new, verified(Method::SafetyNumber), time(LATER)).unwrap();
            };
            if compared_first {
                compare();
                assert_eq!(ask("phone 2").unwrap_err(), held(false));
            }
            let decided = profile.decide(new, decision.clone(), time(LATER)).unwrap();
            if !compared_first {
                assert!(decided.held_back);
                assert_eq!(ask("phone 2").unwrap_err(), held(true));
                assert_eq!(ask("phone").unwrap().newcomers(), ["phone 2"]);
                compare();
            }
            let key = profile.usable_key(kept.key_id, Require::Compared).unwrap();
            assert!(key.newcomers().is_empty());
            let called = profile.contact(new).unwrap().name;
            if decision == Decision::AnotherDevice {
                assert_eq!(called.as_str(), "phone 2");
                assert!(ask("phone").unwrap().newcomers().is_empty());
                continue;
            }
            // What is called so is the new one from now on, the key too.
            assert_eq!(called.as_str(), "phone");
            assert_eq!(ask("phone").unwrap().file.key_id(), kept.key_id);
            let retired = Refusal::Retired("phone (old)".to_owned());
            assert_eq!(ask("phone (old)").unwrap_err(), StoreError::Refused(retired));
            // Not lost: used again by an explicit act.
            let old = profile.find_key("phone (old)").unwrap();
            assert_eq!(profile.contact_of(&old).unwrap().name.as_str(), "phone (old)");
            profile.retire_key(old.file.key_id(), None).unwrap();
            ask("phone (old)").unwrap();
            assert_eq!(profile.keys().unwrap().0.len(), 2);
        }
    }
}

#[test]
fn somebody_else_under_a_known_name_is_named_or_blocked() {
    let (_folder, profile) = profile();
    keep(&profile, 2, "phone", 20).unwrap();
    // Any number, each by its identity.
    let [named, blocked, waiting] = [3, 4, 5].map(|seed| {
        let kept = keep(&profile, seed, "phone", 10 * seed).unwrap();
        (kept.key_id, id_of(&profile, &kept.contact_name))
    });
    let ask = |id| profile.usable_key(id, Require::Usable);
    let known = || profile.find_usable_key("phone", Require::Usable).unwrap();
    assert_eq!(known().newcomers(), ["phone 2", "phone 3", "phone 4"]);

    let taken = Decision::SomebodyElse("PHONE".parse().unwrap());
    let taken = profile.decide(named.1, taken, time(LATER));
    assert_eq!(taken.unwrap_err(), StoreError::NameTaken("PHONE".to_owned()));
    let name = Decision::SomebodyElse("tablet".parse().unwrap());
    let decided = profile.decide(named.1, name, time(LATER)).unwrap();
    assert_eq!((decided.name.as_str(), decided.held_back), ("tablet", true));
    assert!(matches!(ask(named.0), Err(StoreError::Refused(Refusal::HeldBack { .. }))));
    profile.set_trust(named.1, verified(Method::SafetyNumber), time(LATER)).unwrap();
    ask(named.0).unwrap();

    // A comparison does not undo a block; another decision does.
    profile.decide(blocked.1, Decision::Block, time(LATER)).unwrap();
    profile.set_trust(blocked.1, verified(Method::SafetyNumber), time(LATER)).unwrap();
    let refusal = StoreError::Refused(Refusal::Blocked("phone 3".to_owned()));
    assert_eq!(ask(blocked.0).unwrap_err(), refusal);
    assert_eq!(known().newcomers(), ["phone 4"]);
    profile.decide(blocked.1, Decision::AnotherDevice, time(LATER)).unwrap();
    ask(blocked.0).unwrap();

    // It comes again: the same identity, the same question, and none forgotten.
    let again = keep(&profile, 5, "phone", 51).unwrap();
    assert_eq!((again.new_contact, again.key_changed.as_deref()), (false, Some("phone")));
    for key in [waiting.0, again.key_id] {
        assert!(matches!(ask(key), Err(StoreError::Refused(Refusal::HeldBack { .. }))));
    }
    // Without the known one nobody has decided either.
    profile.remove_contact(id_of(&profile, "phone")).unwrap();
    assert!(matches!(ask(waiting.0), Err(StoreError::Refused(Refusal::HeldBack { .. }))));
}

#[test]
fn somebody_announced_is_known_when_met() {
    let own = *identity(1).key.public();
    let own = Fingerprint::of(&own);
    let session = paired(device(1), device_again(2, "phone", 20));
    let peer = pairing(&session).peer.identity;
    let code = FingerprintCode::new(&Fingerprint::of(&peer), &own).to_text();
    let other = FingerprintCode::new(&Fingerprint::of(&peer), &Fingerprint::of(&peer)).to_text();
    assert_eq!(PeerIdentity::read(&other, &own), Err(IdentityError::NotForUs));
    for text in [peer.to_string(), code] {
        let (_folder, profile) = profile();
        let met = PeerIdentity::read(&format!(" {text}\n"), &own).unwrap();
        profile.add_contact("Ana", met, time(NOW)).unwrap();
        assert_eq!(profile.find_contact("Ana").unwrap().trust(), Trust::Unverified);
        assert_eq!(
            profile.add_contact("Bea", met, time(NOW)).unwrap_err(),
            StoreError::Known("Ana".to_owned())
        );
        profile
            .set_trust(id_of(&profile, "Ana"), verified(Method::SafetyNumber), time(LATER))
            .unwrap();

        // It calls itself phone, and is Ana.
        let kept = keep(&profile, 2, "phone", 20).unwrap();
        assert_eq!((kept.contact_name.as_str(), kept.new_contact), ("Ana", false));
        assert_eq!(kept.verified.map(|v| v.method), Some(Method::SafetyNumber));
        let ana = profile.find_contact("Ana").unwrap();
        assert_eq!((ana.identity().key, ana.suggested_name.as_str()), (Some(peer), "phone"));
        assert_eq!(profile.contacts().unwrap().0.len(), 1);
    }
    let own_text = identity(1).key.public().to_string();
    assert_eq!(PeerIdentity::read(&own_text, &own), Err(IdentityError::Own));
    let mut wrong = own_text.into_bytes();
    let last = wrong.len() - 1;
    wrong[last] = if wrong[last] == b'q' { b'p' } else { b'q' };
    let wrong = String::from_utf8(wrong).unwrap();
    assert!(matches!(PeerIdentity::read(&wrong, &own), Err(IdentityError::Key(_))));
    for text in ["", "age1xyz", "KG1:AAAA", "keyglance", "ключ", "keyglance1"] {
        assert!(PeerIdentity::read(text, &own).is_err(), "{text}");
    }
}

#[test]
fn a_key_remembers_what_was_made_of_it() {
    let (_folder, profile) = profile();
    keep(&profile, 2, "phone", 20).unwrap();
    let id = profile.find_key("phone").unwrap().file.key_id();
    profile.set_key_purpose(id, "family backup").unwrap();
    assert!(matches!(profile.set_key_purpose(id, "a\u{202e}b"), Err(StoreError::Name(_))));
    for n in 0..60 {
        let export = Exported {
            target: "age".to_owned(),
            program: None,
            purpose: String::new(),
            to: format!("/tmp/{n}"),
            at: time(NOW),
            last: None,
            undo: Vec::new(),
        };
        profile.record_export(id, export).unwrap();
    }
    let key = profile.find_key("phone").unwrap();
    assert_eq!(key.purpose.as_deref(), Some("family backup"));
    assert_eq!((key.exports.len(), key.exports[49].to.as_str()), (50, "/tmp/59"));
    // It is the profile's own affair, and in no file that is given away.
    let given = String::from_utf8(key.file.to_json().to_vec()).unwrap();
    assert!(!given.contains("family backup") && !given.contains("/tmp/"));
    profile.set_key_purpose(id, " ").unwrap();
    assert_eq!(profile.find_key("phone").unwrap().purpose, None);
}

/// Whoever has the file open, or another name of it, finds nothing in it.
#[test]
fn what_is_removed_is_overwritten() {
    let (folder, profile) = profile();
    profile.create_identity(&identity(1)).unwrap();
    keep(&profile, 2, "phone", 20).unwrap();
    keep(&profile, 3, "watch", 30).unwrap();
    let path = |name: &str| {
        let id = profile.find_key(name).unwrap().file.key_id();
        profile.folder().join(format!("keys/{id}.json"))
    };
    // An open file is there until it is closed, with whatever it holds by then.
    let opened = |path: &Path| fs::File::open(path).unwrap();
    let removed = opened(&path("phone"));
    let with_contact = opened(&path("watch"));
    let plain = opened(&profile.folder().join("identity.json"));
    // A second name is a backup's: what it stands for stays.
    keep(&profile, 4, "tablet", 40).unwrap();
    let backup = folder.path().join("backup");
    fs::hard_link(path("tablet"), &backup).unwrap();
    let before = fs::read(&backup).unwrap();
    profile.remove_key(profile.find_key("tablet").unwrap().file.key_id()).unwrap();
    assert_eq!(fs::read(&backup).unwrap(), before);
    profile.remove_key(profile.find_key("phone").unwrap().file.key_id()).unwrap();
    profile.remove_contact(id_of(&profile, "watch")).unwrap();
    let sealed = identity(1)
        .seal(&keyglance_core::test_util::passphrase("x"), keyglance_core::test_util::CHEAP)
        .unwrap();
    profile.store_sealed_identity(&sealed).unwrap();
    for mut file in [removed, with_contact, plain] {
        let mut left = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut left).unwrap();
        assert!(left.len() > 100 && left.iter().all(|byte| *byte == 0), "{left:?}");
    }
}

#[test]
fn another_identity_must_be_verified_again_and_the_same_one_need_not() {
    let (_folder, profile) = profile();
    profile.create_identity(&identity(1)).unwrap();
    keep(&profile, 2, "phone", 20).unwrap();
    profile.set_trust(id_of(&profile, "phone"), verified(Method::SafetyNumber), time(NOW)).unwrap();
    let trust = || profile.find_contact("phone").unwrap().trust();
    profile.replace_identity(&identity(1), None, time(LATER)).unwrap();
    assert_eq!(trust(), verified(Method::SafetyNumber), "the same device still");
    profile.replace_identity(&identity(9), None, time(LATER)).unwrap();
    assert_eq!(trust(), Trust::Unverified);
    // The key itself is what it was, and was verified.
    assert!(profile.find_key("phone").unwrap().file.verified.is_some());
}

/// Files that somebody else, or a bad disk, put into the profile.
#[test]
fn hostile_contacts_are_set_aside_and_never_replaced() {
    let (folder, profile) = profile();
    keep(&profile, 2, "phone", 20).unwrap();
    keep(&profile, 3, "watch", 30).unwrap();
    let contact = profile.find_contact("phone").unwrap();
    let path = profile.folder().join(format!("contacts/{}.json", contact.id()));
    let good = String::from_utf8(contact.to_json()).unwrap();
    let with = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        good.replacen(from, to, 1).into_bytes()
    };
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let hostile: Vec<Vec<u8>> = vec![
        vec![b' '; 3 << 20],
        deep.into_bytes(),
        with("\"version\": 1", "\"version\": \"1\""),
        with("\"version\": 1", "\"version\": -1"),
        with("\"version\": 1", "\"version\": 1e400"),
        with("\"history\": [", "\"history\": [7,"),
        with(
            "\"history\": [",
            "\"history\": [{\"trust\":\"friend\",\"at\":\"2026-11-23T04:00:00Z\"},",
        ),
        with("\"name\": \"phone\"", "\"name\": \"a\\u202eb\""),
        with("\"name\": \"phone\"", "\"name\": [\"phone\"]"),
        with("\"public_key\": \"", "\"public_key\": \"!"),
        with("\"trust\": \"seen-by-camera\"", "\"trust\": \"safety-number\""),
        with("\"since\": \"2026", "\"since\": \"99999"),
    ];
    for bytes in &hostile {
        fs::write(&path, bytes).unwrap();
        let (contacts, warnings) = profile.contacts().unwrap();
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]);
        assert_eq!((contacts.len(), warnings.len()), (1, 1), "{shown}");
    }
    // Pairing again with that very device keeps the damaged file beside.
    keep(&profile, 2, "phone", 21).unwrap();
    assert_eq!(profile.find_contact("phone").unwrap().trust(), Trust::SeenByCamera);
    let aside = path.with_extension("json.damaged");
    assert_eq!(fs::read(&aside).unwrap(), *hostile.last().unwrap());

    // A newer program's is not touched at all.
    let newer = with("\"version\": 1", "\"version\": 2");
    fs::write(&path, &newer).unwrap();
    assert_eq!(keep(&profile, 2, "phone", 22).unwrap_err(), StoreError::Newer(2));
    assert_eq!(fs::read(&path).unwrap(), newer);

    // A link leads out of the profile: nobody follows it, or writes there.
    let outside = folder.path().join("outside");
    fs::write(&outside, &good).unwrap();
    fs::remove_file(&path).unwrap();
    symlink(&outside, &path).unwrap();
    assert_eq!(profile.contacts().unwrap().1.len(), 1);
    keep(&profile, 2, "phone", 23).unwrap();
    assert_eq!(fs::read_to_string(&outside).unwrap(), good);
    assert!(fs::symlink_metadata(&path).unwrap().is_file());
}

#[test]
fn a_folder_that_cannot_be_written_loses_nothing() {
    let (_folder, profile) = profile();
    keep(&profile, 2, "phone", 20).unwrap();
    let contacts = profile.folder().join("contacts");
    if fs::metadata(&contacts).unwrap().uid() == 0 {
        // Root writes where the permissions forbid it: an immutable folder it does not.
        let set =
            |flag: &str| std::process::Command::new("chattr").arg(flag).arg(&contacts).status();
        if !set("+i").is_ok_and(|status| status.success()) {
            println!("skipped: chattr not found, or not supported");
            return;
        }
        let refused = profile.set_trust(id_of(&profile, "phone"), Trust::Broken, time(NOW));
        let another = keep(&profile, 3, "watch", 30);
        set("-i").unwrap();
        assert!(refused.is_err() && another.is_err());
    } else {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&contacts, fs::Permissions::from_mode(0o500)).unwrap();
        let refused = profile.set_trust(id_of(&profile, "phone"), Trust::Broken, time(NOW));
        fs::set_permissions(&contacts, fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(
            refused.unwrap_err(),
            StoreError::Permission(
                contacts.join(format!("{}.json", profile.find_contact("phone").unwrap().id()))
            )
        );
    }
    assert_eq!(profile.find_contact("phone").unwrap().trust(), Trust::SeenByCamera);
    assert_eq!(profile.keys().unwrap().0.len(), 1);
}

/// A window and a terminal, each of which changes something else.
#[test]
fn two_programs_at_once_see_each_other_and_lose_nothing() {
    let (folder, one) = profile();
    for seed in 2..6 {
        keep(&one, seed, &format!("phone {seed}"), seed * 10).unwrap();
    }
    let path = folder.path().join("profile");
    let stamp = one.change_token();
    std::thread::scope(|scope| {
        for seed in 2..6_u64 {
            let path = &path;
            scope.spawn(move || {
                let profile = Profile::open(path).unwrap();
                let name = format!("phone {seed}");
                for n in 0..10 {
                    let key = profile.find_key(&name).unwrap().file.key_id();
                    profile.set_trust(id_of(&profile, &name), Trust::Broken, time(NOW)).unwrap();
                    profile
                        .set_trust(
                            id_of(&profile, &name),
                            verified(Method::SafetyNumber),
                            time(LATER),
                        )
                        .unwrap();
                    let export = Exported {
                        target: "raw".to_owned(),
                        program: None,
                        purpose: n.to_string(),
                        to: "-".to_owned(),
                        at: time(NOW),
                        last: None,
                        undo: Vec::new(),
                    };
                    profile.record_export(key, export).unwrap();
                    // All of them write to one contact too.
                    let trust = verified(Method::CheckCode);
                    profile.set_trust(id_of(&profile, "phone 2"), trust, time(LATER)).unwrap();
                }
            });
        }
    });
    assert_ne!(one.change_token(), stamp, "the other program's changes are noticed");
    for seed in 2..6 {
        let name = format!("phone {seed}");
        assert_eq!(one.find_key(&name).unwrap().exports.len(), 10, "{name}");
        assert!(matches!(one.find_contact(&name).unwrap().trust(), Trust::Verified(_)));
    }
}
