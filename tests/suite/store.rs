//! The profile: nothing is lost, by whatever goes wrong and whenever it does.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::Timestamp;
use keyglance::contacts::Trust;
use keyglance::crypto::IdentityKey;
use keyglance::keyfile::{KeyFile, Method, Verified, WorkFactor};
use keyglance::pairing::Pairing;
use keyglance::store::{Identity, IdentityState, Profile, StoreError, Warning};
use tempfile::TempDir;

use crate::common::{device, found, initiator_first, name, passphrase, seeded};

const LIGHT: WorkFactor = WorkFactor::Log2(2);

fn now() -> Timestamp {
    "2026-05-02T12:00:00Z".parse().unwrap()
}

fn profile() -> (TempDir, Profile) {
    let folder = tempfile::tempdir().unwrap();
    let profile = Profile::open(&folder.path().join("profile")).unwrap();
    (folder, profile)
}

fn identity(seed: u64) -> Identity {
    Identity { name: name("Ana"), created: now(), key: IdentityKey::generate(&mut seeded(seed)) }
}

/// Pairs the device of `seed` with that of `peer` and gives its outcome to `use_it`.
fn pairing<T>(seed: u64, peer: u64, use_it: impl FnOnce(&Pairing) -> T) -> T {
    let (mut i, mut r) = initiator_first(device(seed), device(peer));
    for _ in 0..3 {
        let text = r.text().unwrap().to_owned();
        i.handle(crate::common::at(0.1), &text);
        let text = i.text().unwrap().to_owned();
        r.handle(crate::common::at(0.1), &text);
    }
    let ours = format!("device {seed}");
    let side = [&i, &r]
        .into_iter()
        .find_map(|s| s.pairing().filter(|pairing| pairing.local.name.as_str() == ours));
    use_it(side.unwrap())
}

fn keep(profile: &Profile, seed: u64, peer: u64) -> keyglance::store::Kept {
    pairing(seed, peer, |p| profile.keep(p, None, Trust::SeenByCamera, now())).unwrap()
}

fn all(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(all(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn only_the_user_may_read_what_is_kept() {
    let (_folder, profile) = profile();
    profile.create_identity(&identity(1)).unwrap();
    keep(&profile, 1, 2);
    profile.store_identity(&identity(1), Some((&passphrase("p"), LIGHT))).unwrap();
    for path in all(profile.folder()) {
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
    }
    fs::set_permissions(profile.folder(), fs::Permissions::from_mode(0o755)).unwrap();
    let again = Profile::open(profile.folder()).unwrap();
    assert!(matches!(again.warnings(), [Warning::WasOpen(path)] if path == profile.folder()));
    let mode = fs::metadata(profile.folder()).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o700);
}

#[test]
fn a_newer_profile_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let text = r#"{"format":"keyglance-profile","version":2,"new":true}"#;
    fs::write(folder.path().join("profile.json"), text).unwrap();
    assert_eq!(Profile::open(folder.path()).unwrap_err(), StoreError::Newer(2));
    assert_eq!(fs::read(folder.path().join("profile.json")).unwrap(), text.as_bytes());
    assert_eq!(all(folder.path()).len(), 2, "nothing else was made");
}

#[test]
fn what_is_no_profile_is_not_made_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "precious").unwrap();
    for path in [file.clone(), file.join("below")] {
        assert!(matches!(Profile::open(&path).unwrap_err(), StoreError::NotAFolder(_)));
    }
    fs::create_dir(folder.path().join("other")).unwrap();
    fs::write(folder.path().join("other/profile.json"), "{}").unwrap();
    let error = Profile::open(&folder.path().join("other")).unwrap_err();
    assert!(matches!(error, StoreError::NotAProfile(_)), "{error}");
    assert_eq!(fs::read(&file).unwrap(), b"precious");
}

#[test]
fn a_damaged_file_is_set_aside_and_stays_where_it_is() {
    let (_folder, profile) = profile();
    let kept = keep(&profile, 1, 2);
    keep(&profile, 1, 3);
    let path = profile.folder().join("keys").join(format!("{}.json", kept.key_id));
    fs::write(&path, "{ half").unwrap();
    let (keys, warnings) = profile.keys().unwrap();
    assert_eq!(keys.len(), 1);
    assert!(matches!(&warnings[..], [Warning::SetAside { path: aside, .. }] if *aside == path));
    assert_eq!(fs::read(&path).unwrap(), b"{ half");

    let contact = all(&profile.folder().join("contacts")).pop().unwrap();
    fs::write(&contact, [0xff; 9]).unwrap();
    let (contacts, warnings) = profile.contacts().unwrap();
    assert_eq!((contacts.len(), warnings.len()), (1, 1));
    assert_eq!(fs::read(&contact).unwrap(), [0xff; 9]);
}

#[test]
fn links_and_leftovers_are_not_followed_or_kept() {
    let (folder, profile) = profile();
    let kept = keep(&profile, 1, 2);
    let keys = profile.folder().join("keys");
    let outside = folder.path().join("outside.json");
    fs::copy(keys.join(format!("{}.json", kept.key_id)), &outside).unwrap();
    symlink(&outside, keys.join("link.json")).unwrap();
    let (found, warnings) = profile.keys().unwrap();
    assert_eq!((found.len(), warnings.len()), (1, 1));
    fs::write(keys.join(".keyglance-tmp-1-0-x.json"), "half").unwrap();
    Profile::open(profile.folder()).unwrap();
    assert!(!keys.join(".keyglance-tmp-1-0-x.json").exists());
    assert!(outside.exists());
}

#[test]
fn names_are_unique_and_nothing_is_replaced() {
    let (_folder, profile) = profile();
    let first = keep(&profile, 1, 2);
    let again = pairing(1, 2, |p| {
        // The same two devices a second time have another key.
        profile.keep(p, None, Trust::Unverified, now())
    });
    assert_eq!(again.unwrap().key_id, first.key_id, "the same pairing is the same key");
    // Another device with the wanted name.
    let other =
        pairing(1, 3, |p| profile.keep(p, Some("DEVICE 2"), Trust::Unverified, now())).unwrap();
    assert_eq!(other.key_changed.as_deref(), Some("device 2"));
    assert_eq!(other.contact_name, "DEVICE 2 2");
    assert_eq!(profile.contacts().unwrap().0.len(), 2);
    assert_eq!(profile.keys().unwrap().0.len(), 2);
    profile.forget(&other).unwrap();
    assert_eq!(profile.contacts().unwrap().0.len(), 1);
    assert_eq!(profile.key("device 2").unwrap().file.key_id(), first.key_id);
}

#[test]
fn trust_rises_only_and_a_check_is_remembered() {
    let (_folder, profile) = profile();
    let kept = keep(&profile, 1, 2);
    let verified = Verified { method: Method::CheckCode, at: now() };
    profile.verify(kept.key_id, verified).unwrap();
    pairing(1, 2, |p| profile.keep(p, None, Trust::Unverified, now())).unwrap();
    assert_eq!(profile.contacts().unwrap().0[0].trust, Trust::Verified(verified));
}

#[test]
fn many_programs_at_once_lose_nothing() {
    let (_folder, profile) = profile();
    let folder = profile.folder();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            scope.spawn(move || {
                let profile = Profile::open(folder).unwrap();
                for n in 0..4 {
                    // All peers want the same name.
                    let peer = 100 + thread * 10 + n;
                    pairing(1, peer, |p| {
                        profile.keep(p, Some("Work box"), Trust::Unverified, now())
                    })
                    .unwrap();
                }
            });
        }
    });
    let (keys, warnings) = profile.keys().unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    let mut names: Vec<String> = keys.into_iter().map(|key| key.name).collect();
    assert_eq!(names.len(), 32);
    names.dedup();
    assert_eq!(names.len(), 32, "every key has a name of its own");
    assert_eq!(profile.contacts().unwrap().0.len(), 32);
}

#[test]
fn of_two_first_identities_one_stays() {
    let (_folder, profile) = profile();
    let folder = profile.folder();
    let made: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|seed| {
                scope.spawn(move || {
                    let profile = Profile::open(folder).unwrap();
                    usize::from(profile.create_identity(&identity(seed)).is_ok())
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(made, 1);
}

#[test]
fn an_identity_under_a_passphrase_is_nowhere_in_the_clear() {
    let (_folder, profile) = profile();
    let own = identity(1);
    profile.create_identity(&own).unwrap();
    profile.store_identity(&own, Some((&passphrase("first"), LIGHT))).unwrap();
    profile.store_identity(&own, Some((&passphrase("second"), LIGHT))).unwrap();
    let IdentityState::Sealed(bytes) = profile.identity().unwrap() else { panic!("not sealed") };
    assert!(Identity::unseal(&bytes, &passphrase("first")).is_err());
    let again = Identity::unseal(&bytes, &passphrase("second")).unwrap();
    assert_eq!(again.key.public(), own.key.public());
    use base64::Engine as _;
    let secret =
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&own.key.secret_bytes()[..]);
    for path in all(profile.folder()).into_iter().filter(|path| path.is_file()) {
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        assert!(!text.contains(&secret), "{}", path.display());
    }
    profile.store_identity(&again, None).unwrap();
    assert!(matches!(profile.identity().unwrap(), IdentityState::Plain(_)));
    assert!(!profile.folder().join("identity.json.age").exists());
}

// Killed at each system call that changes the disk.

/// What is cut off. Each begins from what those before it left.
const OPERATIONS: [&str; 7] =
    ["open", "identity", "keep", "keep-more", "acknowledge", "protect", "remove"];

fn operate(folder: &Path, operation: &str) -> Result<(), StoreError> {
    let profile = Profile::open(folder)?;
    match operation {
        "open" => Ok(()),
        "identity" => profile.create_identity(&identity(1)),
        "keep" => keep_locked(&profile, 2),
        "keep-more" => keep_locked(&profile, 3),
        "acknowledge" => profile.acknowledge(profile.key("device 2")?.file.key_id()),
        "protect" => profile.store_identity(&identity(1), Some((&passphrase("p"), LIGHT))),
        "remove" => profile.remove_contact("device 2").map(drop),
        other => panic!("{other}"),
    }
}

/// Keeps the key of a pairing with the n-th device, not acknowledged yet.
fn keep_locked(profile: &Profile, n: usize) -> Result<(), StoreError> {
    // We are the responder, which has the key before it is acknowledged.
    let (mut i, mut r) = (2..)
        .map(|peer| initiator_first(device(peer), device(1)))
        .filter(|(_, r)| format!("{r:?}").contains("\"device 1\""))
        .nth(n)
        .unwrap();
    for _ in 0..2 {
        let text = r.text().unwrap().to_owned();
        i.handle(crate::common::at(0.1), &text);
        let text = i.text().unwrap().to_owned();
        r.handle(crate::common::at(0.1), &text);
    }
    let pairing = r.pairing().unwrap();
    assert!(!pairing.acknowledged && pairing.local.name.as_str() == "device 1");
    let name = format!("device {n}");
    profile.keep(pairing, Some(&name), Trust::SeenByCamera, now()).map(drop)
}

/// What a user would miss: contacts and keys by name, and the identity.
#[derive(Clone, Debug, PartialEq)]
struct Whole {
    contacts: Vec<String>,
    keys: Vec<(String, bool, Vec<u8>)>,
    identity: Option<[u8; 32]>,
    protected: bool,
}

fn whole(folder: &Path) -> Whole {
    let profile = Profile::open(folder).unwrap();
    let (contacts, warnings) = profile.contacts().unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    let (keys, warnings) = profile.keys().unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    for key in &keys {
        let known = contacts.iter().any(|contact| contact.id() == key.contact);
        assert!(known, "a key without its contact");
    }
    let (identity, protected) = match profile.identity().unwrap() {
        IdentityState::Missing => (None, false),
        IdentityState::Plain(identity) => (Some(identity), false),
        IdentityState::Sealed(bytes) => {
            (Some(Identity::unseal(&bytes, &passphrase("p")).unwrap()), true)
        }
    };
    Whole {
        contacts: contacts.into_iter().map(|contact| contact.name).collect(),
        keys: keys.into_iter().map(secret).collect(),
        identity: identity.map(|identity| *identity.key.public().as_bytes()),
        protected,
    }
}

fn secret(key: keyglance::store::StoredKey) -> (String, bool, Vec<u8>) {
    let file: &KeyFile = &key.file;
    (key.name, file.acknowledged, file.exporter().secret_bytes().to_vec())
}

/// Run by the test below, in a process of its own.
#[test]
#[ignore = "is killed"]
fn victim() {
    if let Some((folder, operation)) =
        std::env::var_os("VICTIM_FOLDER").zip(std::env::var("VICTIM_OPERATION").ok())
    {
        operate(Path::new(&folder), &operation).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    fs::set_permissions(to, fs::Permissions::from_mode(0o700)).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

#[test]
fn killed_at_any_write_it_is_whole_old_or_new() {
    if !found("strace") {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let before = place.path().join("before");
    fs::create_dir(&before).unwrap();
    let after = place.path().join("after");
    let mut kills = 0;
    for operation in OPERATIONS {
        copy(&before, &after);
        operate(&after, operation).unwrap();
        let (old, new) = (whole_of_copy(&before, place.path()), whole(&after));
        for syscall in ["mkdir", "write", "fsync", "rename", "unlink"] {
            for n in 1.. {
                let folder = place.path().join("killed");
                copy(&before, &folder);
                let Some(killed) = kill(&folder, operation, syscall, n) else { return };
                if killed {
                    kills += 1;
                    let left = whole(&folder);
                    // A contact is there before its first key, and after its last.
                    let between = Whole { keys: left.keys.clone(), ..new.clone() } == left
                        && left.keys == old.keys
                        || Whole { keys: new.keys.clone(), ..old.clone() } == left;
                    assert!(
                        left == old || left == new || between,
                        "{operation} killed at {syscall} {n}: {left:?}"
                    );
                    // And it goes on as if nothing had been.
                    let again = operate(&folder, operation);
                    assert!(left == new || again.is_ok(), "{operation}: {again:?}");
                    assert_eq!(whole(&folder), new, "{operation} after {syscall} {n}");
                }
                fs::remove_dir_all(&folder).unwrap();
                if !killed {
                    break;
                }
            }
        }
        fs::remove_dir_all(&before).unwrap();
        fs::rename(&after, &before).unwrap();
    }
    assert!(kills > 50, "{kills}");
}

fn whole_of_copy(folder: &Path, place: &Path) -> Whole {
    let look = place.join("look");
    copy(folder, &look);
    let whole = whole(&look);
    fs::remove_dir_all(&look).unwrap();
    whole
}

/// Whether the operation was killed as it was about to make that call for the
/// n-th time. None where processes cannot be traced.
fn kill(folder: &Path, operation: &str, syscall: &str, n: usize) -> Option<bool> {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=all"]);
    command.args(["-e", &format!("inject={syscall}:signal=KILL:when={n}")]);
    command.arg(std::env::current_exe().unwrap());
    command.args(["--exact", "store::victim", "--ignored", "--quiet"]);
    command.env("VICTIM_FOLDER", folder).env("VICTIM_OPERATION", operation);
    let output = command.output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    if err.contains("ptrace") || err.contains("PTRACE") {
        println!("skipped: strace may not trace here");
        return None;
    }
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(!text.contains("FAILED"), "{operation}: {text}{err}");
        return Some(true);
    }
    Some(false)
}
