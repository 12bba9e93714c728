//! Exports: the bytes that other programs get, and the programs themselves.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use keyglance::crypto::Purpose;
use keyglance::keyfile::export::{ExportError, TARGETS, Target};
use keyglance::keyfile::{KeyFile, WorkFactor, open, seal};
use tempfile::tempdir;

use super::common::{
    assert_hides, device, found, hex32, paired, pairing, passphrase, time, vector,
};
use super::vectors::side;

fn export(key: &KeyFile, target: &str, purpose: &str) -> Vec<u8> {
    let purpose = Purpose::new(purpose).unwrap();
    Target::find(target).unwrap().export(key, &purpose).unwrap().file.expose().to_vec()
}

fn key_of(pairing: &keyglance::pairing::Pairing) -> KeyFile {
    KeyFile::from_pairing(pairing, time("2026-11-23T04:00:00Z"))
}

/// The key files of both devices of one pairing.
fn both_sides() -> [KeyFile; 2] {
    let one = paired(device(1), device(2));
    let two = paired(device(2), device(1));
    [key_of(pairing(&one)), key_of(pairing(&two))]
}

/// The derived bytes are an independent implementation's; the bech32 is of a
/// third one, and the recipient is also `age-keygen -y`'s.
#[test]
fn both_devices_export_the_published_bytes() {
    let vector = vector();
    let (i, r) = (|| side(&vector, "initiator"), || side(&vector, "responder"));
    for session in [paired(i(), r()), paired(r(), i())] {
        let key = key_of(pairing(&session));
        let hex = "9c808b2d9b603c1be614b32aaca9e10234d8c7e78876dac6a6601ca0a0f8926e";
        assert_eq!(export(&key, "raw", ""), hex32(hex));
        assert_eq!(export(&key, "hex", ""), format!("{hex}\n").as_bytes());
        let base64 = "nICLLZtgPBvmFLMqrKnhAjTYx+eIdtrGpmAcoKD4km4=\n";
        assert_eq!(export(&key, "base64", ""), base64.as_bytes());
        let recipient = "age19wra20n442ye4d78g8594smq72zxk9h5vgrdcqcry70g3hft2dwqzs0320";
        let identity = format!(
            "# created: 2026-11-23T04:00:00Z\n# public key: {recipient}\n\
             AGE-SECRET-KEY-14KNXZ9XCGEE0RS4MUWVD7J7R5KWNM4XL9VS604GYQ45TFYA5T78Q4NCRN7\n"
        );
        assert_eq!(String::from_utf8(export(&key, "age", "")).unwrap(), identity);
        let age = Target::find("age").unwrap().export(&key, &Purpose::none()).unwrap();
        assert_eq!(age.public, Some(("pub", format!("{recipient}\n"))));
        assert_eq!(export(&key, "keyglance", ""), &key.to_json()[..]);
    }
}

#[test]
fn an_export_is_the_same_each_time_and_another_for_each_purpose() {
    let [one, other] = both_sides();
    for target in TARGETS.iter().filter(|target| target.name != "keyglance") {
        let mut seen = Vec::new();
        for purpose in ["", "office", "Office", "home"] {
            let file = export(&one, target.name, purpose);
            assert_eq!(export(&one, target.name, purpose), file, "{target:?}");
            assert_eq!(export(&other, target.name, purpose), file, "{target:?}");
            assert!(!seen.contains(&file), "{target:?} {purpose:?}");
            // Who has an export has not got what all others are derived from.
            assert_hides(&String::from_utf8_lossy(&file), one.exporter().secret_bytes());
            assert!(!file.windows(16).any(|part| part == &one.exporter().secret_bytes()[..16]));
            seen.push(file);
        }
    }
    // Another pairing of the same two devices has other keys.
    let again = paired(
        super::common::device_again(1, "device 1", 7),
        super::common::device_again(2, "device 2", 8),
    );
    assert_ne!(export(&key_of(pairing(&again)), "raw", ""), export(&one, "raw", ""));
}

#[test]
fn a_key_that_only_this_device_may_hold_is_not_exported() {
    let [mut key, _] = both_sides();
    key.acknowledged = false;
    for target in TARGETS {
        let error = target.export(&key, &Purpose::none()).unwrap_err();
        assert_eq!(error, ExportError::NotAcknowledged, "{target:?}");
    }
}

#[test]
fn an_unknown_target_is_answered_with_the_nearest() {
    for (name, expected) in [("agee", "age"), ("HEX", "hex"), ("base46", "base64"), ("key", "hex")]
    {
        let Err(ExportError::Unknown { nearest, .. }) = Target::find(name) else {
            panic!("{name}")
        };
        if name != "key" {
            assert_eq!(nearest[0], expected);
        }
    }
    let Err(ExportError::Unknown { nearest, .. }) = Target::find("wireguard-mobile") else {
        panic!()
    };
    assert!(nearest.is_empty(), "{nearest:?}");
    assert!(Target::find("").is_err());
}

#[test]
fn an_export_does_not_show_in_debug_output() {
    let [key, _] = both_sides();
    let raw = export(&key, "raw", "");
    let raw: &[u8; 32] = raw[..].try_into().unwrap();
    for target in TARGETS {
        let made = target.export(&key, &Purpose::none()).unwrap();
        let shown = format!("{made:?}{target:?}");
        assert_hides(&shown, raw);
        assert_hides(&shown, key.exporter().secret_bytes());
        assert!(!shown.contains("AGE-SECRET"));
    }
}

/// Runs a program to its end.
fn run(program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {error}");
    output.stdout
}

/// Runs age in a terminal of its own, the only place where it reads a
/// passphrase from, and types `typed` there. `false` when age fails.
fn in_terminal(command: &str, folder: &Path, typed: &str) -> bool {
    let mut child = Command::new("timeout")
        .args(["60", "script", "-qec", command, "/dev/null"])
        .current_dir(folder)
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Kept open until the end: `script` hangs up when its input ends.
    let mut keyboard = child.stdin.take().unwrap();
    keyboard.write_all(typed.as_bytes()).unwrap();
    let mut shown = Vec::new();
    std::io::Read::read_to_end(&mut child.stdout.take().unwrap(), &mut shown).unwrap();
    let status = child.wait().unwrap();
    drop(keyboard);
    assert_ne!(status.code(), Some(124), "{}", String::from_utf8_lossy(&shown));
    status.success()
}

#[test]
fn age_encrypts_to_one_device_and_decrypts_on_the_other() {
    if !found("age") {
        return;
    }
    let [one, other] = both_sides();
    let folder = tempdir().unwrap();
    let file = folder.path().join("phone.age.txt");
    let path = file.to_str().unwrap();
    for purpose in ["", "office"] {
        let (name, purpose) = (purpose, Purpose::new(purpose).unwrap());
        let target = Target::find("age").unwrap();
        let (_, recipient) = target.export(&one, &purpose).unwrap().public.unwrap();
        let sealed = run("age", &["-r", recipient.trim_end()], b"dinner at eight");

        std::fs::write(&file, export(&other, "age", name)).unwrap();
        assert_eq!(run("age", &["-d", "-i", path], &sealed), b"dinner at eight");
        assert_eq!(run("age-keygen", &["-y", path], b""), recipient.as_bytes());
    }
}

#[test]
fn age_opens_our_passphrase_files_and_we_open_its() {
    if !found("age") || !found("script") {
        return;
    }
    let [key, _] = both_sides();
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let sealed = seal(&key.to_json(), &passphrase("h\u{f6}rse 1"), WorkFactor::Log2(15)).unwrap();
    std::fs::write(at("key.keyglance.age"), sealed).unwrap();
    let decrypt = "age -d -o key.keyglance key.keyglance.age";
    assert!(!in_terminal(decrypt, folder.path(), "horse 1\n"));
    assert!(in_terminal(decrypt, folder.path(), "h\u{f6}rse 1\n"));
    assert_eq!(std::fs::read(at("key.keyglance")).unwrap(), &key.to_json()[..]);

    let encrypt = "age -p -o theirs.age key.keyglance";
    assert!(in_terminal(encrypt, folder.path(), "stable\nstable\n"));
    let theirs = std::fs::read(at("theirs.age")).unwrap();
    assert_eq!(open(&theirs, &passphrase("stable")).unwrap(), key.to_json());
}
