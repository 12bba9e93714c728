//! What the author of another app is given: the schema, the vectors, the
//! example and the lines of Python, all of one mind.

use std::process::Command;

use keyglance_core::crypto::labels;
use keyglance_core::exports::TARGETS;
use keyglance_core::keyfile::{KeyFile, encrypt_with_passphrase};
use keyglance_core::trust::{Method, Verified};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use keyglance_core::test_util::{
    CHEAP, KEY_FILE_SCHEMA, KEY_FILE_VECTORS, found, passphrase, time,
};

#[path = "../../examples/open_key_file.rs"]
mod open_key_file;

const MANUAL: &str = include_str!("../../docs/key-file.md");

/// Both devices' files of a pairing in suite 1, then of one in suite 2.
fn published() -> [Value; 4] {
    let vectors: Value = serde_json::from_str(KEY_FILE_VECTORS).unwrap();
    vectors["key_files"].as_array().unwrap().clone().try_into().unwrap()
}

fn read(file: &Value) -> KeyFile {
    KeyFile::from_json(file.to_string().as_bytes()).unwrap()
}

#[test]
fn the_published_key_files_are_what_the_program_reads_and_writes() {
    for file in published() {
        let written: Value = serde_json::from_slice(&read(&file).to_json()).unwrap();
        assert_eq!(written, file);
    }
}

#[test]
fn the_example_and_the_manuals_python_derive_the_same_key_on_both_devices() {
    let nobody = Zeroizing::<String>::default;
    let [one, other, post_quantum, _] = published().map(|file| file.to_string());
    let (id, key) = open_key_file::derive(one.as_bytes(), nobody(), "diary").unwrap();
    assert_eq!(id, read(&published()[0]).key_id().to_string());
    assert_eq!(open_key_file::derive(other.as_bytes(), nobody(), "diary").unwrap().1, key);
    assert_ne!(open_key_file::derive(one.as_bytes(), nobody(), "").unwrap().1, key);

    let sealed =
        encrypt_with_passphrase(one.as_bytes(), &passphrase("correct horse"), CHEAP).unwrap();
    let word = |text: &str| Zeroizing::new(text.to_owned());
    let opened = open_key_file::derive(&sealed, word("correct horse"), "diary").unwrap();
    assert_eq!(opened.1, key);
    assert!(open_key_file::derive(&sealed, word("wrong horse"), "diary").is_err());
    assert!(open_key_file::derive(&sealed, nobody(), "diary").is_err());

    if !found("python3") {
        return;
    }
    let script = MANUAL.split_once("```python\n").unwrap().1.split_once("```").unwrap().0;
    let folder = tempfile::tempdir().unwrap();
    let python = |file: &str| {
        let path = folder.path().join("key.keyglance");
        std::fs::write(&path, file).unwrap();
        Command::new("python3").arg("-c").arg(script).arg(path).output().unwrap()
    };
    let hex = |key: &[u8]| key.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    for (file, kind) in
        [(&one, "classical"), (&other, "classical"), (&post_quantum, "post-quantum")]
    {
        let (id, key) = open_key_file::derive(file.as_bytes(), nobody(), "diary").unwrap();
        let output = python(file);
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(said, format!("{id} {kind} {}\n", hex(&key[..])), "{output:?}");
    }
    // Neither takes a file that it should not.
    let mut file = published()[0].clone();
    for (member, value) in [
        ("version", json!(2)),
        ("acknowledged", json!(false)),
        ("key_id", json!("0123456789abcdef")),
        ("suite", json!("Noise_NN_25519_ChaChaPoly_SHA256")),
    ] {
        let good = file[member].clone();
        file[member] = value;
        let text = file.to_string();
        assert!(open_key_file::derive(text.as_bytes(), nobody(), "diary").is_err(), "{member}");
        let output = python(&text);
        assert!(!output.status.success() && output.stdout.is_empty(), "{member}: {output:?}");
        match good {
            Value::Null => file.as_object_mut().unwrap().remove(member),
            good => file.as_object_mut().unwrap().insert(member.to_owned(), good),
        };
    }
}

#[test]
fn the_schema_takes_our_files_and_refuses_what_we_refuse() {
    let mut good = published().to_vec();
    for method in [Method::CheckCode, Method::SafetyNumber, Method::FingerprintCode] {
        let mut key = keyglance_core::test_util::unacknowledged(&read(&good[0]));
        key.verified = Some(Verified { method, at: time("2026-11-23T04:01:02Z") });
        key.set_member("later", Some(json!({ "kept": true })));
        good.push(serde_json::from_slice(&key.to_json()).unwrap());
    }
    let bad: Vec<Value> = [
        ("/format", json!("another")),
        ("/version", json!(2)),
        ("/version", json!("1")),
        ("/key_id", json!("E68440671C142FDA")),
        ("/key_id", Value::Null),
        ("/suite", json!("Noise_NN_25519_ChaChaPoly_SHA256")),
        ("/role", json!("observer")),
        ("/created", json!("yesterday")),
        ("/local", json!("laptop")),
        ("/peer/name", json!("a name of sixty-four letters, one more than all that fit in one.")),
        ("/peer/public_key", json!("AAAA")),
        ("/verified", json!({ "method": "check-code" })),
        ("/verified", json!({ "method": "a feeling", "at": "2026-11-23T04:01:02Z" })),
        ("/safety_number", json!("12345")),
        ("/exporter", json!("AAAA")),
        ("/exporter", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")),
        ("/acknowledged", json!("no")),
    ]
    .into_iter()
    .map(|(at, value)| {
        let mut file = good.last().unwrap().clone();
        *file.pointer_mut(at).unwrap() = value;
        file
    })
    .chain(good[0].as_object().unwrap().keys().map(|member| {
        let mut file = good[0].clone();
        file.as_object_mut().unwrap().remove(member);
        file
    }))
    .collect();
    for file in &bad {
        assert!(KeyFile::from_json(file.to_string().as_bytes()).is_err(), "{file}");
    }
    for file in &good {
        read(file);
    }

    let script = "import json, sys, jsonschema\n\
        schema, files = json.load(open(sys.argv[1])), json.load(open(sys.argv[2]))\n\
        jsonschema.Draft202012Validator.check_schema(schema)\n\
        judge = jsonschema.Draft202012Validator(schema)\n\
        print(json.dumps([judge.is_valid(file) for file in files]))";
    let python = |args: &[&str]| Command::new("python3").arg("-c").args(args).output();
    if !found("python3") || !python(&["import jsonschema"]).unwrap().status.success() {
        println!("skipped: jsonschema not found");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files.json");
    std::fs::write(&files, Value::from([good.clone(), bad.clone()].concat()).to_string()).unwrap();
    let schema = folder.path().join("schema.json");
    std::fs::write(&schema, KEY_FILE_SCHEMA).unwrap();
    let paths = [&schema, &files].map(|path| path.to_str().unwrap());
    let output = python(&[script, paths[0], paths[1]]).unwrap();
    let judged: Vec<bool> =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    for (n, file) in good.iter().chain(&bad).enumerate() {
        assert_eq!(judged[n], n < good.len(), "{file}");
    }
}

#[test]
fn every_target_is_in_the_manual_and_no_label_is_another_apps() {
    let manual = include_str!("../../docs/exports.md");
    for target in TARGETS {
        assert!(manual.contains(&format!("| `{}` |", target.name)), "{target:?}");
        for choice in target.options {
            assert!(manual.contains(&format!("`--{}", choice.name)), "{choice:?}");
        }
    }
    for label in [labels::RAW, labels::WIFI, labels::AGE_X25519, labels::TINK_KEY_ID] {
        assert!(!label.starts_with("app"));
        assert!(manual.contains(&format!("`{label}`")), "{label}");
    }
}
