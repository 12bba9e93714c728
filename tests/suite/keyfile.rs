//! Key files and passphrase files: whole, cut, changed, of other versions; and
//! what real age makes of them.

use std::io::Write as _;
use std::process::{Command, Stdio};

use keyglance::crypto::Purpose;
use keyglance::keyfile::export::{TARGETS, Target};
use keyglance::keyfile::{
    KeyFile, KeyFileError, MAX_BYTES, Method, PassphraseError, Verified, WorkFactor, is_sealed,
    open, seal,
};
use serde_json::{Value, json};

use crate::common::{found, key_files, passphrase};

/// Little work, so that tests are quick.
const LIGHT: WorkFactor = WorkFactor::Log2(4);

fn document() -> Value {
    serde_json::from_slice(&key_files()[0].to_json()).unwrap()
}

fn read(document: &Value) -> Result<KeyFile, KeyFileError> {
    KeyFile::from_json(document.to_string().as_bytes())
}

#[test]
fn both_devices_files_hold_the_same_key_and_read_back_the_same() {
    let files = key_files();
    assert_eq!(files[0].key_id(), files[1].key_id());
    assert_eq!(files[0].safety_number(), files[1].safety_number());
    assert_eq!(files[0].local, files[1].peer);
    for file in files {
        let bytes = file.to_json();
        let again = KeyFile::from_json(&bytes).unwrap();
        assert_eq!(*again.to_json(), *bytes);
        assert_eq!(again.exporter().secret_bytes(), file.exporter().secret_bytes());
    }
}

#[test]
fn members_of_later_programs_are_kept_where_they_were() {
    let mut later = document();
    later["colour"] = json!("blue");
    later["local"]["phone"] = json!({ "n": 1 });
    later["peer"]["phone"] = json!([2]);
    later["verified"]["by"] = json!(null);
    let mut file = read(&later).unwrap();
    file.acknowledged = true;
    let kept: Value = serde_json::from_slice(&file.to_json()).unwrap();
    for place in ["/colour", "/local/phone", "/peer/phone", "/verified/by"] {
        assert_eq!(kept.pointer(place), later.pointer(place), "{place}");
    }
    let at = "2026-05-03T00:00:00Z".parse().unwrap();
    file.verified = Some(Verified { method: Method::SafetyNumber, at });
    let again = KeyFile::from_json(&file.to_json()).unwrap();
    assert_eq!(again.verified, file.verified);
}

#[test]
fn other_versions_and_other_files_have_their_own_errors() {
    let with = |member: &str, value: Value| {
        let mut document = document();
        document[member] = value;
        read(&document).unwrap_err()
    };
    assert_eq!(with("version", json!(2)), KeyFileError::Newer(2));
    assert_eq!(with("version", json!(0)), KeyFileError::Older(0));
    assert_eq!(with("format", json!("keyglance-contact")), KeyFileError::NotOurs);
    for (member, value) in [
        ("role", json!("both")),
        ("suite", json!("Noise_NN_25519_ChaChaPoly_SHA256")),
        ("exporter", json!("AAAA")),
        ("created", json!("yesterday")),
        ("local", json!({ "name": "a\u{202e}b", "public_key": "" })),
        ("verified", json!({ "method": "trust-me" })),
        ("acknowledged", json!("yes")),
    ] {
        assert_eq!(with(member, value), KeyFileError::Damaged, "{member}");
    }
    assert_eq!(with("key_id", json!("0000000000000000")), KeyFileError::KeyId);
    let swapped = {
        let mut document = document();
        let (a, b) = (document["local"].clone(), document["peer"]["public_key"].clone());
        document["local"]["public_key"] = b;
        document["peer"]["public_key"] = a["name"].clone();
        document
    };
    assert!(read(&swapped).is_err());
    let names: Vec<String> = document().as_object().unwrap().keys().cloned().collect();
    for name in names.iter().filter(|name| *name != "acknowledged") {
        let mut without = document();
        without.as_object_mut().unwrap().remove(name);
        assert!(read(&without).is_err(), "{name}");
    }
    for other in ["", "{}", "[]", "null", "KG1:AAAA", "\u{feff}{}", "{\"format\":1}"] {
        assert_eq!(KeyFile::from_json(other.as_bytes()).unwrap_err(), KeyFileError::NotOurs);
    }
}

#[test]
fn no_cut_and_no_changed_byte_gives_another_secret() {
    let file = &key_files()[0];
    let bytes = file.to_json();
    let same = |bytes: &[u8]| match KeyFile::from_json(bytes) {
        Ok(read) => {
            assert_eq!(read.exporter().secret_bytes(), file.exporter().secret_bytes());
            assert_eq!(read.safety_number(), file.safety_number());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    };
    for length in 0..bytes.len() - 1 {
        let cut = KeyFile::from_json(&bytes[..length]);
        assert!(cut.is_err() || bytes[length..].iter().all(u8::is_ascii_whitespace), "{length}");
    }
    for at in 0..bytes.len() {
        for value in [bytes[at] ^ 1, bytes[at] ^ 0x20, bytes[at] ^ 0x80, 0, b'"', b'A'] {
            let mut changed = bytes.to_vec();
            changed[at] = value;
            same(&changed);
        }
    }
    assert!(KeyFile::from_json(&[&bytes[..], b"x"].concat()).is_err());
    assert!(KeyFile::from_json(&[&bytes[..], &bytes[..]].concat()).is_err());
}

#[test]
fn deep_and_huge_input_is_refused() {
    let deep = "[".repeat(200_000);
    assert!(KeyFile::from_json(deep.as_bytes()).is_err());
    let deep = format!("{{\"format\":\"keyglance-shared-key\",\"version\":1,\"x\":{deep}");
    assert_eq!(KeyFile::from_json(deep.as_bytes()).unwrap_err(), KeyFileError::Damaged);
    let huge = vec![b' '; MAX_BYTES + 1];
    assert_eq!(KeyFile::from_json(&huge).unwrap_err(), KeyFileError::TooLarge);
}

#[test]
fn nothing_that_prints_shows_the_secret() {
    let file = &key_files()[0];
    let text = String::from_utf8(file.to_json().to_vec()).unwrap();
    let secret = document()["exporter"].as_str().unwrap().to_owned();
    assert!(text.contains(&secret));
    let bytes = file.exporter().secret_bytes();
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    let mut said = format!("{file:?} {file:#?} {:?} {:#?}", file.exporter(), file.exporter());
    for target in TARGETS {
        let export = target.export(file, &Purpose::new("").unwrap()).unwrap();
        said += &format!("{export:?} {:?}", export.file);
    }
    said += &format!("{:?}", passphrase("correct horse"));
    for cut in 0..text.len() {
        if let Err(error) = KeyFile::from_json(&text.as_bytes()[..cut]) {
            said += &format!("{error} {error:?}");
        }
    }
    for form in [&secret[..20], &hex[..20], &format!("{:?}", &bytes[..8]), "horse"] {
        assert!(!said.contains(form.trim_matches(['[', ']'])), "{form}");
    }
}

#[test]
fn only_the_right_passphrase_opens_a_sealed_file() {
    let plain = key_files()[0].to_json();
    let sealed = seal(&plain, &passphrase("right"), LIGHT).unwrap();
    assert!(is_sealed(&sealed) && !is_sealed(&plain));
    assert!(sealed.starts_with(b"-----BEGIN AGE ENCRYPTED FILE-----\n"));
    assert_eq!(*open(&sealed, &passphrase("right")).unwrap(), *plain);
    for wrong in ["Right", "right ", " right", "righ", "right\n"] {
        assert_eq!(open(&sealed, &passphrase(wrong)).unwrap_err(), PassphraseError::Wrong);
    }
    let other = seal(&plain, &passphrase("right"), LIGHT).unwrap();
    assert_ne!(sealed, other, "the same file twice does not look the same");
    assert_eq!(open(&plain, &passphrase("right")).unwrap_err(), PassphraseError::NotSealed);
}

#[test]
fn no_cut_and_no_changed_byte_of_a_sealed_file_opens() {
    let plain = key_files()[0].to_json();
    let right = passphrase("right");
    let sealed = seal(&plain, &right, WorkFactor::Log2(1)).unwrap();
    let end = sealed.trim_ascii_end().len();
    for length in 0..end {
        assert!(open(&sealed[..length], &right).is_err(), "cut at {length}");
    }
    for at in 0..end {
        for bit in [1, 0x10] {
            let mut changed = sealed.clone();
            changed[at] ^= bit;
            if let Ok(opened) = open(&changed, &right) {
                assert_eq!(*opened, *plain, "byte {at} may only be white space or padding");
            }
        }
    }
}

#[test]
fn a_file_that_asks_for_hours_of_work_is_refused_at_once() {
    let sealed = seal(b"x", &passphrase("right"), WorkFactor::Log2(4)).unwrap();
    let armored = String::from_utf8(sealed).unwrap();
    use base64::Engine as _;
    let engine = base64::engine::general_purpose::STANDARD;
    let body: String = armored.lines().filter(|line| !line.starts_with('-')).collect();
    let bytes = engine.decode(body).unwrap();
    let at = bytes.windows(3).position(|w| w == b" 4\n").unwrap();
    let mut costly = bytes[..at].to_vec();
    costly.extend(b" 40\n");
    costly.extend(&bytes[at + 3..]);
    assert_eq!(open(&costly, &passphrase("right")).unwrap_err(), PassphraseError::TooCostly(40));
}

#[test]
fn a_file_encrypted_to_a_key_says_so() {
    let identity = age_identity(&key_files()[0]);
    let recipient = identity.1;
    if !found("age") {
        return;
    }
    let mut age = Command::new("age")
        .args(["-r", &recipient, "-a"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    age.stdin.take().unwrap().write_all(b"x").unwrap();
    let sealed = age.wait_with_output().unwrap().stdout;
    assert_eq!(open(&sealed, &passphrase("right")).unwrap_err(), PassphraseError::NotByPassphrase);
}

/// The exported identity's file and its recipient.
fn age_identity(file: &KeyFile) -> (Vec<u8>, String) {
    let target = Target::find("age").unwrap();
    let export = target.export(file, &Purpose::new("").unwrap()).unwrap();
    (export.file.expose().to_vec(), export.public.unwrap().1.trim().to_owned())
}

#[test]
fn every_export_is_the_same_on_both_devices_and_another_for_each_purpose() {
    let files = key_files();
    let export = |file: &KeyFile, target: &Target, purpose: &str| {
        target.export(file, &Purpose::new(purpose).unwrap()).unwrap().file.expose().to_vec()
    };
    let mut all = Vec::new();
    for target in TARGETS.iter().filter(|target| target.name != "keyglance") {
        let [one, other] = [0, 1].map(|i| export(&files[i], target, "office"));
        assert_eq!(one, other, "{}", target.name);
        all.extend([one, export(&files[0], target, "home")]);
    }
    let raw = export(&files[0], Target::find("raw").unwrap(), "");
    let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
    let secret = files[0].exporter().secret_bytes();
    assert_eq!(raw.len(), 32);
    assert_ne!(raw, secret.to_vec(), "an export never is the pairing's own secret");
    assert_eq!(export(&files[0], Target::find("hex").unwrap(), ""), format!("{hex}\n").as_bytes());
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count, "no two exports are the same");
}

#[test]
fn a_key_that_is_not_acknowledged_is_not_exported() {
    let [mut file, _] = key_files();
    file.acknowledged = false;
    for target in TARGETS {
        assert!(target.export(&file, &Purpose::new("").unwrap()).is_err(), "{}", target.name);
    }
}

#[test]
fn debians_age_opens_a_passphrase_file() {
    if !found("age") || !found("script") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.age");
    let plain = key_files()[0].to_json();
    std::fs::write(&path, seal(&plain, &passphrase("correct horse"), LIGHT).unwrap()).unwrap();
    let opened = folder.path().join("key");
    // age asks on its terminal; `script` is one.
    let command = format!("age -d -o '{}' '{}'", opened.display(), path.display());
    let mut script = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = script.stdin.take().unwrap();
    input.write_all(b"correct horse\n").unwrap();
    let output = script.wait_with_output().unwrap();
    drop(input);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(std::fs::read(&opened).unwrap(), *plain);
}
