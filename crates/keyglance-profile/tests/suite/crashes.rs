//! Programs that are killed, or refused by the disk, at each step of a change.
//!
//! This binary runs itself under `strace`, which kills it on the way into the
//! nth call of a kind, or makes that call fail. Each time the profile must be
//! as before or as after.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use crate::tree::tree;
use keyglance_core::trust::Trust;
use keyglance_core::trust::{Method, Verified};
use keyglance_profile::{
    Backup, Decision, Exported, Identity, IdentityState, Profile, Require, Warning,
};
use tempfile::tempdir;

use super::store::{NOW, assert_all_kept, id_of, identity, keep, names, secret};
use keyglance_core::test_util::{CHEAP, passphrase, time};

const VICTIM: &str = "KEYGLANCE_TEST_VICTIM";
/// A path that is looked for when the change begins: what comes before in a
/// trace is the test harness's and opening's.
const MARK: &str = "/keyglance-change-begins";

const NOWHERE: &str = "/keyglance-not-there";
const AHEAD: usize = 40;

/// The calls that change a disk, each by all its names.
const CALLS: [&str; 7] = [
    "openat",
    "write",
    "fsync",
    "?rename,?renameat,renameat2",
    "?link,linkat",
    "?unlink,unlinkat",
    "?mkdir,mkdirat",
];

/// A profile to make a change in; keys `Ana` and `Ana · key 2` of one contact, `Bea`
/// of another.
fn make_profile(folder: &Path) {
    let profile = Profile::open(folder).unwrap();
    profile.create_identity(&identity(1)).unwrap();
    keep(&profile, 2, "Ana", 20).unwrap();
    keep(&profile, 2, "Ana", 21).unwrap();
    keep(&profile, 3, "Bea", 30).unwrap();
}

fn someone() -> keyglance_core::contacts::PeerIdentity {
    keyglance_core::contacts::PeerIdentity::of(*identity(8).key.public())
}

fn protect(profile: &Profile, word: &str) {
    profile.store_identity(&identity(1), Some((&passphrase(word), CHEAP))).unwrap();
}

fn change(operation: &str, folder: &Path) {
    if operation == "open" {
        begin();
        Profile::open(folder).unwrap();
        return;
    }
    let profile = Profile::open(folder).unwrap();
    let key_id = |name: &str| profile.find_key(name).unwrap().file.key_id();
    let verified = Verified { method: Method::CheckCode, at: time(NOW) };
    // What is not the change itself comes before the mark.
    let ana =
        matches!(operation, "acknowledge" | "verify" | "export").then(|| key_id("Ana · key 2"));
    begin();
    match operation {
        "create" => profile.create_identity(&identity(1)).unwrap(),
        "keep" => drop(keep(&profile, 4, "Cid", 40).unwrap()),
        "keep a third" => drop(keep(&profile, 2, "Ana", 22).unwrap()),
        "acknowledge" => profile.acknowledge(ana.unwrap()).unwrap(),
        "verify" => profile.verify(ana.unwrap(), verified).unwrap(),
        "rename" => profile.rename_contact(id_of(&profile, "Ana"), "Zoe").unwrap(),
        "remove key" => drop(profile.remove_key(key_id("Ana · key 2")).unwrap()),
        "remove contact" => drop(profile.remove_contact(id_of(&profile, "Ana")).unwrap()),
        "protect" => protect(&profile, "first"),
        "protect again" => protect(&profile, "second"),
        "compare" => {
            let trust = Trust::Verified(Verified { method: Method::SafetyNumber, at: time(NOW) });
            profile.set_trust(id_of(&profile, "Ana"), trust, time(NOW)).unwrap();
        }
        "decide" => {
            drop(profile.decide(id_of(&profile, "Bea 2"), Decision::NewDevice, time(NOW)).unwrap());
        }
        "add" => drop(profile.add_contact("Cid", someone(), time(NOW)).unwrap()),
        "another" => profile.replace_identity(&identity(7), None, time(NOW)).unwrap(),
        "export" => {
            let export = Exported {
                target: "raw".to_owned(),
                program: None,
                purpose: String::new(),
                to: "file".to_owned(),
                at: time(NOW),
                last: None,
                undo: Vec::new(),
            };
            profile.record_export(ana.unwrap(), export).unwrap();
        }
        "restore" => {
            let backup = Backup::open(&backup_of(folder), &passphrase("backup")).unwrap();
            drop(profile.restore(&backup, None, time(NOW)).unwrap());
        }
        "unprotect" => profile.store_identity(&identity(1), None).unwrap(),
        "keep two phones" => {
            let seed = u64::from(std::process::id());
            for seed in [seed, seed + (1 << 40)] {
                keep(&profile, seed, "phone", seed).unwrap();
            }
        }
        _ => panic!("{operation}"),
    }
}

/// `strace` counts each thread's calls by themselves, and would stop another
/// thread at the same number: so this one first makes more of each than the
/// test harness ever does. Then comes the mark.
fn begin() {
    use std::io::Write as _;
    let mut nothing = fs::OpenOptions::new().write(true).open("/dev/null").unwrap();
    for _ in 0..AHEAD {
        nothing.write_all(b"x").unwrap();
        assert!(nothing.sync_all().is_err());
        assert!(fs::File::open(NOWHERE).is_err());
        assert!(fs::rename(NOWHERE, NOWHERE).is_err());
        assert!(fs::hard_link(NOWHERE, NOWHERE).is_err());
        assert!(fs::remove_file(NOWHERE).is_err());
        assert!(fs::create_dir("/").is_err());
    }
    assert!(fs::File::open(MARK).is_err());
}

/// Not a test: what the tests below run and kill.
#[test]
#[ignore = "the other tests of this module run it"]
fn crash_victim() {
    let Some(what) = std::env::var_os(VICTIM) else { return };
    let (operation, folder) = what.to_str().unwrap().split_once('|').unwrap();
    change(operation, Path::new(folder));
}

fn victim(mut command: Command, operation: &str, folder: &Path) -> Command {
    if command.get_program() == "strace" {
        command.arg(std::env::current_exe().unwrap());
    }
    command
        .args(["--exact", "crashes::crash_victim", "--ignored", "--nocapture"])
        .args(["--test-threads", "1"])
        .env(VICTIM, format!("{operation}|{}", folder.display()))
        .env_remove("RUST_BACKTRACE")
        // Cargo's: the loader would look in each of its folders.
        .env_remove("LD_LIBRARY_PATH")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Whether programs can be traced here; says so where they cannot.
fn can_trace() -> bool {
    static CAN: OnceLock<bool> = OnceLock::new();
    *CAN.get_or_init(|| {
        let traced = Command::new("strace")
            .args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=openat"])
            .args(["-e", "inject=openat:signal=KILL:when=1", "true"])
            .stderr(Stdio::null())
            .status();
        let can = traced.is_ok_and(|status| status.signal() == Some(9));
        if !can {
            eprintln!("skipped: strace not found");
        }
        can
    })
}

/// The calls of a change, in order, and those that came before it: of the same
/// thread, and of all others.
struct Trace {
    lines: Vec<String>,
    before: Vec<String>,
    others: Vec<String>,
}

fn trace(operation: &str, folder: &Path) -> Trace {
    let log = tempdir().unwrap();
    let path = log.path().join("trace");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-y", "-s", "0", "-o"]).arg(&path);
    strace.args(["-e", &format!("trace={}", CALLS.join(","))]);
    assert!(victim(strace, operation, folder).status().unwrap().success(), "{operation}");
    let text = fs::read_to_string(path).unwrap();
    // A thread, then `openat(AT_FDCWD</>, "x", ...) = 3</x>`.
    let calls: Vec<(&str, String)> = text
        .lines()
        .map(|line| line.split_once(' ').unwrap())
        .map(|(thread, call)| (thread, call.trim_start().to_owned()))
        .collect();
    let mark = calls.iter().position(|(_, call)| call.contains(MARK)).unwrap();
    let thread = calls[mark].0;
    let of = |own: bool, calls: &[(&str, String)]| -> Vec<String> {
        calls.iter().filter(|(t, _)| (*t == thread) == own).map(|(_, call)| call.clone()).collect()
    };
    Trace {
        before: of(true, &calls[..=mark]),
        lines: of(true, &calls[mark + 1..]),
        others: of(false, &calls),
    }
}

impl Trace {
    /// Which numbers the calls of one kind have from the mark on, as `strace`
    /// counts them.
    fn numbers(&self, call: &str) -> std::ops::Range<usize> {
        let names: Vec<String> =
            call.split(',').map(|name| format!("{}(", name.trim_start_matches('?'))).collect();
        let count = |lines: &[String]| {
            lines.iter().filter(|line| names.iter().any(|name| line.starts_with(name))).count()
        };
        let first = count(&self.before) + 1;
        assert!(first > count(&self.others) + 1, "{call}: the harness would be stopped instead");
        first..first + count(&self.lines)
    }
}

fn copy(from: &Path, to: &Path) {
    for (path, (_, content)) in tree(from) {
        let to = to.join(path.strip_prefix(from).unwrap());
        match content {
            None => {
                fs::create_dir(&to).unwrap();
                fs::set_permissions(&to, fs::metadata(path).unwrap().permissions()).unwrap();
            }
            Some(_) => drop(fs::copy(path, to).unwrap()),
        }
    }
}

/// As if all that was written to the files below `folder` was an hour ago.
fn age_by_an_hour(folder: &Path) {
    if !folder.exists() {
        return;
    }
    let then = SystemTime::now() - Duration::from_secs(3600);
    for (path, (_, content)) in tree(folder) {
        if content.is_some() {
            fs::File::open(path).unwrap().set_modified(then).unwrap();
        }
    }
}

/// No file has a second name, and none was overwritten with zeros.
fn assert_whole(folder: &Path, at: &str) {
    use std::os::unix::fs::MetadataExt as _;
    for (path, (_, content)) in tree(folder) {
        let Some(content) = content else { continue };
        assert_eq!(fs::metadata(&path).unwrap().nlink(), 1, "{at}: {}", path.display());
        assert!(!content.contains('\0'), "{at}: {}", path.display());
    }
}

/// Kills the program at each of the change's calls, and makes each fail; then
/// asks `check`, which gets the profile as opened after.
fn interrupt(operation: &str, prepare: impl Fn(&Path), check: impl Fn(&Profile)) {
    if !can_trace() {
        return;
    }
    let folder = tempdir().unwrap();
    let original = folder.path().join("original");
    prepare(&original);
    let mut runs = 0;
    let fresh = |n: usize| -> PathBuf {
        let profile = folder.path().join(format!("{n}"));
        if original.exists() {
            copy(&original, &profile);
        }
        profile
    };
    let trace = trace(operation, &fresh(0));
    for call in CALLS {
        for n in trace.numbers(call) {
            for injected in ["signal=KILL", "error=ENOSPC"] {
                runs += 1;
                let profile = fresh(runs);
                let mut strace = Command::new("strace");
                strace.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}")]);
                strace.args(["-e", &format!("inject={call}:{injected}:when={n}")]);
                let status = victim(strace, operation, &profile).status().unwrap();
                let killed = injected.contains("KILL");
                let at = format!("{operation}: {injected} at {call} {n}");
                assert_eq!(status.signal(), killed.then_some(9), "{at}");
                // The next program comes an hour later.
                age_by_an_hour(&profile);
                let opened = Profile::open(&profile).unwrap_or_else(|e| panic!("{at}: {e}"));
                assert_eq!(opened.warnings(), [] as [Warning; 0], "{at}");
                check(&opened);
                for (path, (mode, content)) in tree(&profile) {
                    let expected = if content.is_some() { 0o600 } else { 0o700 };
                    assert_eq!(mode, expected, "{at}: {}", path.display());
                    assert!(!path.to_string_lossy().contains("tmp-"), "{at}: {}", path.display());
                }
                // The next change works, and nothing stands in its way.
                keep(&opened, 9, "Next", 90).unwrap_or_else(|e| panic!("{at}: {e}"));
                assert!(names(&opened).0.contains(&"Next".to_owned()));
                assert_whole(&profile, &at);
                fs::remove_dir_all(&profile).unwrap();
            }
        }
    }
    // A change that writes anything opens, writes, syncs and names it.
    assert!(runs >= 8, "{operation}: {runs}");
}

/// As [`make_profile`] left them.
fn assert_others(profile: &Profile) {
    assert_eq!(secret(profile, "first"), Some(*identity(1).key.secret_bytes()));
    let bea = profile.find_key("Bea").unwrap();
    assert_eq!(bea.contact, profile.find_contact("Bea").unwrap().id());
    assert!(bea.file.is_acknowledged() && bea.file.verified.is_none());
    assert_eq!(profile.find_contact("Bea").unwrap().trust(), Trust::SeenByCamera);
}

/// All keys' and contacts' names.
fn all(profile: &Profile) -> (String, String) {
    let (keys, contacts) = names(profile);
    (keys.join(", "), contacts.join(", "))
}

fn assert_one_of(found: &(String, String), expected: &[(&str, &str)]) {
    let found = (found.0.as_str(), found.1.as_str());
    assert!(expected.contains(&found), "{found:?}");
}

const WHOLE: (&str, &str) = ("Ana, Ana · key 2, Bea", "Ana, Bea");

#[test]
fn the_first_opening() {
    interrupt(
        "open",
        |_| {},
        |profile| {
            assert_eq!(all(profile), (String::new(), String::new()));
            profile.create_identity(&identity(1)).unwrap();
        },
    );
}

#[test]
fn making_an_identity() {
    interrupt(
        "create",
        |folder| drop(Profile::open(folder).unwrap()),
        |profile| match secret(profile, "") {
            Some(secret) => assert_eq!(secret, *identity(1).key.secret_bytes()),
            None => profile.create_identity(&identity(1)).unwrap(),
        },
    );
}

#[test]
fn keeping_a_key() {
    interrupt("keep", make_profile, |profile| {
        assert_others(profile);
        // The contact comes first, and is nothing bad to have.
        let with = ("Ana, Ana · key 2, Bea, Cid", "Ana, Bea, Cid");
        assert_one_of(&all(profile), &[WHOLE, (WHOLE.0, with.1), with]);
        // The same pairing, kept once more, is there once.
        let kept = keep(profile, 4, "Cid", 40).unwrap();
        assert_one_of(&all(profile), &[with]);
        assert_eq!(kept.key_name, "Cid");
    });
}

#[test]
fn keeping_another_key_of_a_known_contact() {
    let verified = Verified { method: Method::SafetyNumber, at: time(NOW) };
    let known = |folder: &Path| {
        make_profile(folder);
        let profile = Profile::open(folder).unwrap();
        profile.verify(profile.find_key("Ana").unwrap().file.key_id(), verified).unwrap();
        profile.rename_contact(id_of(&profile, "Ana"), "Zoe").unwrap();
    };
    interrupt("keep a third", known, |profile| {
        assert_others(profile);
        // A contact that could not be read just then is not met for the first
        // time: that would forget what the user made sure of.
        assert_eq!(profile.find_contact("Zoe").unwrap().trust(), Trust::Verified(verified));
        assert_one_of(
            &all(profile),
            &[
                ("Bea, Zoe, Zoe · key 2", "Bea, Zoe"),
                ("Bea, Zoe, Zoe · key 2, Zoe · key 3", "Bea, Zoe"),
            ],
        );
    });
}

#[test]
fn unlocking_a_key() {
    let locked = |folder: &Path| {
        make_profile(folder);
        let path = {
            let id = Profile::open(folder).unwrap().find_key("Ana · key 2").unwrap().file.key_id();
            folder.join(format!("keys/{id}.json"))
        };
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text.replacen('{', "{\"acknowledged\": false,", 1)).unwrap();
        assert!(
            !Profile::open(folder).unwrap().find_key("Ana · key 2").unwrap().file.is_acknowledged()
        );
    };
    interrupt("acknowledge", locked, |profile| {
        assert_others(profile);
        assert_one_of(&all(profile), &[WHOLE]);
        let key = profile.find_key("Ana · key 2").unwrap().file.key_id();
        profile.acknowledge(key).unwrap();
        assert!(profile.find_key("Ana · key 2").unwrap().file.is_acknowledged());
    });
}

#[test]
fn verifying_a_key() {
    interrupt("verify", make_profile, |profile| {
        assert_others(profile);
        assert_one_of(&all(profile), &[WHOLE]);
        let key = profile.find_key("Ana · key 2").unwrap().file;
        let trust = profile.find_contact("Ana").unwrap().trust();
        // A contact is never trusted for a check that no key tells of.
        assert!(key.verified.is_some() || trust == Trust::SeenByCamera);
        let verified = Verified { method: Method::CheckCode, at: time(NOW) };
        profile.verify(key.key_id(), verified).unwrap();
        assert_eq!(profile.find_contact("Ana").unwrap().trust(), Trust::Verified(verified));
    });
}

#[test]
fn renaming_a_contact() {
    interrupt("rename", make_profile, |profile| {
        assert_others(profile);
        assert_one_of(&all(profile), &[WHOLE, ("Bea, Zoe, Zoe · key 2", "Bea, Zoe")]);
    });
}

#[test]
fn removing_a_key() {
    interrupt("remove key", make_profile, |profile| {
        assert_others(profile);
        assert_one_of(&all(profile), &[WHOLE, ("Ana, Bea", WHOLE.1)]);
    });
}

#[test]
fn removing_a_contact() {
    interrupt("remove contact", make_profile, |profile| {
        assert_others(profile);
        // `names` asserts that no key is left without its contact.
        let steps = [WHOLE, ("Ana · key 2, Bea", WHOLE.1), ("Ana, Bea", WHOLE.1), ("Bea", WHOLE.1)];
        assert_one_of(&all(profile), &[&steps[..], &[("Bea", "Bea")]].concat());
        if profile.find_contact("Ana").is_ok() {
            profile.remove_contact(id_of(profile, "Ana")).unwrap();
        }
        assert_one_of(&all(profile), &[("Bea", "Bea")]);
    });
}

#[test]
fn comparing_a_safety_number() {
    interrupt("compare", make_profile, |profile| {
        assert_others(profile);
        assert_one_of(&all(profile), &[WHOLE]);
        let trust = profile.find_contact("Ana").unwrap().trust();
        let verified =
            ["Ana", "Ana · key 2"].map(|key| profile.find_key(key).unwrap().file.verified);
        // A key never claims what its contact does not say.
        assert!(trust != Trust::SeenByCamera || verified == [None, None]);
    });
}

#[test]
fn deciding_about_a_changed_key() {
    let undecided = |folder: &Path| {
        make_profile(folder);
        let profile = Profile::open(folder).unwrap();
        keep(&profile, 5, "Bea", 50).unwrap();
        let compared = Verified { method: Method::SafetyNumber, at: time(NOW) };
        profile.set_trust(id_of(&profile, "Bea 2"), Trust::Verified(compared), time(NOW)).unwrap();
    };
    interrupt("decide", undecided, |profile| {
        let keys = profile.keys().unwrap().0;
        let of_seed = |seed| {
            let peer = *identity(seed).key.public();
            keys.iter().find(|key| key.file.peer.identity == peer).unwrap().file.key_id()
        };
        let (old, new) = (of_seed(3), of_seed(5));
        let usable = |id| profile.usable_key(id, Require::Usable).is_ok();
        let contact = profile.contact(profile.key(new).unwrap().contact).unwrap();
        // Until all is done the question is open, and the new key held back.
        let done = contact.name_conflict.is_none();
        assert_eq!(usable(new), done);
        assert!(!done || !usable(old));
        if !done {
            profile.decide(contact.id(), Decision::NewDevice, time(NOW)).unwrap();
        }
        let contacts = all(profile).1;
        assert!(contacts.contains("Bea, Bea (old"), "{contacts}");
        let meant = profile.find_usable_key("Bea", Require::Compared).unwrap();
        assert_eq!(meant.file.key_id(), new);
        assert!(!usable(old));
        assert_eq!(keys.len(), 4);
    });
}

/// Beside the profiles of a test.
fn backup_of(profile: &Path) -> PathBuf {
    profile.with_file_name("backup.age")
}

#[test]
fn restoring_a_backup() {
    let backed_up = |folder: &Path| {
        let source = folder.with_file_name("source");
        let source = Profile::open(&source).unwrap();
        source.create_identity(&identity(1)).unwrap();
        let key = keep(&source, 2, "Ana", 20).unwrap().key_id;
        source.verify(key, Verified { method: Method::CheckCode, at: time(NOW) }).unwrap();
        let word = passphrase("backup");
        source.back_up(&backup_of(folder), &identity(1), &word, CHEAP, time(NOW)).unwrap();
        Profile::open(folder).unwrap();
    };
    interrupt("restore", backed_up, |profile| {
        // What is there without its identity would be taken for somebody else's.
        let nothing = matches!(profile.identity().unwrap(), IdentityState::Missing);
        assert!(!nothing || all(profile) == (String::new(), String::new()));
        let backup = Backup::open(&backup_of(profile.folder()), &passphrase("backup")).unwrap();
        profile.restore(&backup, None, time(NOW)).unwrap();
        assert_eq!(secret(profile, ""), Some(*identity(1).key.secret_bytes()));
        assert_eq!(all(profile), ("Ana".to_owned(), "Ana".to_owned()));
        profile.find_usable_key("Ana", Require::Compared).unwrap();
    });
}

/// Of a profile that the program of version 1 wrote: two devices of one name.
#[test]
fn bringing_over_a_profile_of_version_1() {
    use std::os::unix::fs::PermissionsExt as _;
    let version_1 = |folder: &Path| {
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/profiles/version-1");
        copy(&fixture, folder);
        let other = ["be93d3c544e26d00", "e25ede16ae03776c", "42591fbffdb6ba1d"];
        let others =
            [other.as_slice(), &["63abc824afa72869", "bdd12a84c550016f", "25b9c04e1f3844ee"]];
        for (path, (_, content)) in tree(folder) {
            let mode = if content.is_some() { 0o600 } else { 0o700 };
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            if others.concat().contains(&stem.as_str()) {
                fs::remove_file(path).unwrap();
            }
        }
    };
    interrupt("open", version_1, |profile| {
        assert_eq!(all(profile), ("Cy 2, Cy at work".to_owned(), "Cy 2, Cy at work".to_owned()));
        let known = profile.find_usable_key("Cy at work", Require::Usable).unwrap();
        assert_eq!(known.newcomers(), ["Cy 2"]);
        assert!(profile.find_usable_key("Cy 2", Require::Usable).is_err());
        for entry in fs::read_dir(profile.folder().join("contacts")).unwrap() {
            assert_eq!(entry.unwrap().path().file_stem().unwrap().len(), 64);
        }
    });
}

#[test]
fn adding_a_contact() {
    interrupt("add", make_profile, |profile| {
        assert_others(profile);
        assert_one_of(&all(profile), &[WHOLE, (WHOLE.0, "Ana, Bea, Cid")]);
    });
}

#[test]
fn remembering_an_export() {
    interrupt("export", make_profile, |profile| {
        assert_others(profile);
        assert_one_of(&all(profile), &[WHOLE]);
        assert!(profile.find_key("Ana · key 2").unwrap().exports.len() <= 1);
    });
}

#[test]
fn becoming_somebody_else() {
    interrupt("another", make_profile, |profile| {
        assert_one_of(&all(profile), &[WHOLE]);
        let now = secret(profile, "").unwrap();
        let new = *identity(7).key.secret_bytes();
        assert!(now == new || now == *identity(1).key.secret_bytes());
        // Never somebody new whom a contact's trust still stands for.
        for name in ["Ana", "Bea"] {
            let trust = profile.find_contact(name).unwrap().trust();
            assert!(now != new || trust == Trust::Unverified, "{name}");
        }
    });
}

/// The identity opens, and no secret lies beside a protected one.
fn assert_protected_or_not(profile: &Profile, words: &[&str]) {
    let expected = identity(1);
    match profile.identity().unwrap() {
        IdentityState::Missing => panic!("no identity"),
        IdentityState::Plain(found) => {
            assert_eq!(found.key.secret_bytes(), expected.key.secret_bytes());
        }
        IdentityState::Sealed(bytes) => {
            let opened = words.iter().find_map(|w| Identity::unseal(&bytes, &passphrase(w)).ok());
            assert_eq!(opened.unwrap().key.secret_bytes(), expected.key.secret_bytes());
            assert!(!profile.folder().join("identity.json").exists());
        }
    }
    assert_one_of(&all(profile), &[WHOLE]);
}

#[test]
fn protecting_an_identity() {
    interrupt("protect", make_profile, |profile| assert_protected_or_not(profile, &["first"]));
}

#[test]
fn changing_the_passphrase_of_an_identity() {
    let protected = |folder: &Path| {
        make_profile(folder);
        protect(&Profile::open(folder).unwrap(), "first");
    };
    interrupt("protect again", protected, |profile| {
        assert!(matches!(profile.identity().unwrap(), IdentityState::Sealed(_)));
        assert_protected_or_not(profile, &["first", "second"]);
    });
    interrupt("unprotect", protected, |profile| assert_protected_or_not(profile, &["first"]));
}

/// A kill does not lose what the system has not written yet; a power cut does.
/// So each file is synced before it gets its name, and its folder after.
#[test]
fn what_is_renamed_is_on_the_disk_before_and_its_name_after() {
    if !can_trace() {
        return;
    }
    let folder = tempdir().unwrap();
    let original = folder.path().join("original");
    make_profile(&original);
    let mut named = 0;
    for operation in ["open", "keep", "verify", "rename", "protect", "remove contact"] {
        let profile = folder.path().join(operation);
        if operation != "open" {
            copy(&original, &profile);
        }
        let lines = trace(operation, &profile).lines;
        let quoted = |line: &str| -> Vec<String> {
            line.split('"').skip(1).step_by(2).map(str::to_owned).collect()
        };
        for (i, line) in lines.iter().enumerate() {
            let synced = |lines: &[String], path: &str| {
                lines.iter().any(|l| l.starts_with("fsync(") && l.contains(&format!("<{path}>)")))
            };
            let changed = if line.starts_with("rename") {
                let [from, to] = &quoted(line)[..] else { panic!("{line}") };
                if to.contains("/.keyglance-tmp-") {
                    // On its way out: overwritten, for good, before it is removed.
                    let gone = |l: &String| l.starts_with("unlink") && l.contains(&to[..]);
                    let end = i + lines[i..].iter().position(gone).unwrap();
                    assert!(synced(&lines[i..end], to), "{operation}: {line}");
                } else {
                    assert!(from.contains("/.keyglance-tmp-"), "{line}");
                    assert!(synced(&lines[..i], from), "{operation}: {line}");
                }
                to.clone()
            } else if line.starts_with("unlink") && !line.contains("ENOENT") {
                quoted(line)[0].clone()
            } else {
                continue;
            };
            named += 1;
            let parent = Path::new(&changed).parent().unwrap().to_str().unwrap();
            assert!(synced(&lines[i..], parent), "{operation}: {line}");
        }
        // Nothing is written in place.
        for line in lines.iter().filter(|line| line.contains("O_CREAT")) {
            let path = &quoted(line)[0];
            let temporary = path.contains("/.keyglance-tmp-") && line.contains("O_EXCL");
            assert!(temporary || path.ends_with("/lock"), "{operation}: {line}");
        }
    }
    // One of opening, two of keeping and verifying, one of renaming, three of
    // protecting, five of removing a contact with two keys.
    assert_eq!(named, 14);
}

#[test]
fn eight_programs_at_once_lose_no_key() {
    let folder = tempdir().unwrap();
    let profile = folder.path().join("profile");
    let programs: Vec<_> = (0..8)
        .map(|_| {
            let program = Command::new(std::env::current_exe().unwrap());
            victim(program, "keep two phones", &profile).spawn().unwrap()
        })
        .collect();
    for mut program in programs {
        assert!(program.wait().unwrap().success());
    }
    assert_all_kept(&Profile::open(&profile).unwrap(), 16);
}
