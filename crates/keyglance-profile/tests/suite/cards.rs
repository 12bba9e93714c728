//! What the other device shared: used of a compared key, by a word of a person, and taken
//! back when the key turns out to be somebody else's.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use keyglance_core::crypto::Purpose;
use keyglance_core::exports::{OptionValues, TARGETS, Target};
use keyglance_core::keyfile::KeyFile;
use keyglance_core::test_util::{
    CHEAP, device, device_again, paired, pairing, passphrase, shared_card, time,
};
use keyglance_core::trust::{Method, Provenance};
use keyglance_profile::{
    ExportFailure, Exported, Profile, Refusal, Require, StoreError, UsableKey, VerificationResult,
    shared_refusal,
};
use tempfile::{TempDir, tempdir};

use crate::store::{NOW, id_of, keep};

/// A profile with a key of somebody who shares one of each, not compared.
fn profile() -> (TempDir, Profile) {
    let folder = tempdir().unwrap();
    let profile = Profile::open(&folder.path().join("profile")).unwrap();
    let bo = device_again(2, "Bo", 20).with_card(shared_card("bo-laptop"));
    let session = paired(device(1), bo);
    let file = KeyFile::from_pairing(pairing(&session), time(NOW));
    profile.save_pairing(file, None, Provenance::PairedByCamera, None).unwrap();
    (folder, profile)
}

fn compare(profile: &Profile, result: VerificationResult) {
    profile.record_verification(id_of(profile, "Bo"), result, time(NOW)).unwrap();
}

fn key(profile: &Profile) -> UsableKey {
    profile.find_usable_key("Bo", Require::Usable).unwrap()
}

/// The text of an export, if it is made.
fn made(profile: &Profile, key: UsableKey, target: &str) -> Result<String, ExportFailure> {
    let target = Target::find(target).unwrap();
    let export = profile.prepare_export(key, target, Purpose::none(), &OptionValues::default())?;
    let mut out = Vec::new();
    export.write_to(&mut out, "standard output", time(NOW))?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn what_nobody_compared_is_made_only_if_a_person_goes_on() {
    let (_folder, profile) = profile();
    let of_card = || TARGETS.iter().filter(|target| target.is_public()).map(|target| target.name);
    for target in of_card().chain(["wireguard"]) {
        let error = made(&profile, key(&profile), target).unwrap_err();
        let ExportFailure::Store(StoreError::Refused(refusal)) = error else { panic!("{error}") };
        assert_eq!(refusal, Refusal::SharedNotCompared("Bo".to_owned()), "{target}");
    }
    assert!(shared_refusal(&key(&profile)).is_some());
    assert!(key(&profile).exports.is_empty(), "nothing is on record");
    // What is made of the key alone is usable with a notice, as ever.
    made(&profile, key(&profile), "age").unwrap();
    let accepted = || key(&profile).accept_not_compared();
    for target in of_card().filter(|name| !["syncthing", "openpgp"].contains(name)) {
        let text = made(&profile, accepted(), target).unwrap();
        assert!(text.contains("NOT COMPARED"), "{target}: {text}");
    }
    compare(&profile, VerificationResult::Match(Method::SafetyNumber));
    assert!(shared_refusal(&key(&profile)).is_none());
    for target in of_card().chain(["wireguard"]) {
        let text = made(&profile, key(&profile), target).unwrap();
        assert!(!text.contains("NOT COMPARED"), "{target}: {text}");
    }
    // Once it does not match, no word of a person helps.
    compare(&profile, VerificationResult::Mismatch);
    assert!(profile.find_usable_key("Bo", Require::Usable).is_err());
}

/// A key file says of itself that it is verified; that is only a claim.
#[test]
fn a_claim_in_a_file_is_no_comparison() {
    let (_folder, from) = profile();
    compare(&from, VerificationResult::Match(Method::SafetyNumber));
    let whole = made(&from, key(&from), "keyglance").unwrap();
    assert!(whole.contains("\"card\""), "{whole}");
    let folder = tempdir().unwrap();
    let to = Profile::open(&folder.path().join("profile")).unwrap();
    to.import(KeyFile::from_json(whole.as_bytes()).unwrap(), None, time(NOW)).unwrap();
    assert!(key(&to).claim.is_some());
    let error = made(&to, key(&to), "ssh").unwrap_err();
    assert!(matches!(error, ExportFailure::Store(StoreError::Refused(_))), "{error}");
    let text = made(&to, key(&to).accept_not_compared(), "ssh").unwrap();
    assert!(text.starts_with("# NOT COMPARED\n"), "{text}");
}

#[test]
fn it_is_called_as_the_user_calls_them() {
    let (_folder, profile) = profile();
    compare(&profile, VerificationResult::Match(Method::SafetyNumber));
    profile.rename_contact(id_of(&profile, "Bo"), "Bo at work").unwrap();
    let key = || profile.find_usable_key("Bo at work", Require::Usable).unwrap();
    let text = made(&profile, key(), "ssh-login").unwrap();
    assert!(text.ends_with(" keyglance:Bo-at-work\n"), "{text}");
    // And nothing of a name acts on another program's file.
    profile.rename_contact(id_of(&profile, "Bo at work"), "x ssh-rsa AAAA\u{a0}#").unwrap();
    let key = profile.find_usable_key("x ssh-rsa AAAA\u{a0}#", Require::Usable).unwrap();
    let text = made(&profile, key, "ssh-login").unwrap();
    assert_eq!(text.split(' ').count(), 4, "{text}");
    assert!(text.contains("keyglance:x-ssh-rsa-AAAA-"), "{text}");
}

#[test]
fn a_public_file_has_no_passphrase_and_others_may_read_it() {
    let (folder, profile) = profile();
    compare(&profile, VerificationResult::Match(Method::SafetyNumber));
    let prepare = || {
        let target = Target::find("ssh").unwrap();
        profile.prepare_export(key(&profile), target, Purpose::none(), &OptionValues::default())
    };
    let error = prepare().unwrap().protect(&passphrase("word"), CHEAP).unwrap_err();
    assert!(matches!(error, ExportFailure::NoSecret("ssh")));
    let path = folder.path().join("my dir's");
    let files = prepare().unwrap().write_file(&path, time(NOW)).unwrap();
    assert!(!files.protected && files.public.is_none() && files.open_command.is_none());
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o644, 0o644 & !rustix_umask(), "{mode:o}");
    let [first, .., last] = &files.usage[..] else { panic!() };
    assert!(first.starts_with("cat '") && first.ends_with(" >> ~/.ssh/known_hosts"), "{first}");
    assert!(files.usage.contains(&"ssh -o StrictHostKeyChecking=yes bo-laptop".to_owned()));
    assert!(last.contains("HostKeyAlias bo-laptop"), "{last}");
    assert!(files.usage.iter().all(|line| !line.contains('{')), "{:?}", files.usage);
    assert!(prepare().unwrap().write_file(&path, time(NOW)).is_err(), "nothing is replaced");
}

/// What this process takes off the mode of new files.
fn rustix_umask() -> u32 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let umask = status.lines().find_map(|line| line.strip_prefix("Umask:")).unwrap();
    u32::from_str_radix(umask.trim(), 8).unwrap()
}

fn undo(exports: &[Exported]) -> Vec<&str> {
    exports.iter().flat_map(|export| &export.undo).map(String::as_str).collect()
}

#[test]
fn what_was_made_of_a_card_is_listed_with_the_way_back() {
    let (folder, profile) = profile();
    let write = |target: &str, file: &str| {
        let target = Target::find(target).unwrap();
        let key = key(&profile).accept_not_compared();
        let export =
            profile.prepare_export(key, target, Purpose::none(), &OptionValues::default()).unwrap();
        export.write_file(&folder.path().join(file), time(NOW)).unwrap();
    };
    write("ssh", "a");
    write("ssh", "b");
    write("age", "c");
    write("ssh-login", "d");
    write("age-recipient", "e");
    // Many others do not push it off the list.
    for _ in 0..47 {
        made(&profile, key(&profile), "hex").unwrap();
    }
    let key = profile.find_key("Bo").unwrap();
    assert_eq!(key.exports.len(), 50);
    let left = key.left_behind();
    let gone = folder.path().join("e");
    assert_eq!(
        undo(&left),
        [
            "ssh-keygen -R bo-laptop",
            "In ~/.ssh/authorized_keys: delete the line that ends in keyglance:Bo",
            &format!("rm {}", gone.display()),
        ]
    );
    // Also after the comparison failed, and for a key that was read again.
    compare(&profile, VerificationResult::Mismatch);
    assert_eq!(profile.find_key("Bo").unwrap().left_behind(), left);
    keep(&profile, 3, "Ana", 30).unwrap();
    assert!(profile.find_key("Ana").unwrap().left_behind().is_empty());
}
