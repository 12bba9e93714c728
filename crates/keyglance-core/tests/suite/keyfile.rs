//! Key files: what is written comes back, and nothing else passes for one.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use keyglance_core::crypto::Exporter;
use keyglance_core::keyfile::{
    KeyFile, KeyFileError, MAX_BYTES, MAX_PASSPHRASE, MAX_PASSPHRASE_FILE, MAX_WORK, Passphrase,
    PassphraseError, WorkFactor, decrypt_with_passphrase, encrypt_with_passphrase, is_age_file,
    passphrase_memory,
};
use keyglance_core::pairing::{Role, Suites};
use keyglance_core::trust::{Method, Verified};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use keyglance_core::test_util::{
    CHEAP, assert_hides, device, device_of, paired, pairing, passphrase, time, unacknowledged,
};

/// The same each time.
fn key_file() -> KeyFile {
    key_file_of(Suites::OFFERED)
}

/// The same, of devices that offer these suites.
fn key_file_of(suites: Suites) -> KeyFile {
    let session = paired(device_of(suites, 1), device_of(suites, 2));
    let mut key = KeyFile::from_pairing(pairing(&session), time("2026-11-23T04:00:00.75Z"));
    let at = time("2026-11-23T04:01:02Z");
    key.verified = Some(Verified { method: Method::CheckCode, at });
    key
}

fn value(key: &KeyFile) -> Value {
    serde_json::from_slice(&key.to_json()).unwrap()
}

/// The file's text after `change`.
fn changed(change: impl FnOnce(&mut Map<String, Value>)) -> Vec<u8> {
    let mut value = value(&key_file());
    change(value.as_object_mut().unwrap());
    serde_json::to_vec_pretty(&value).unwrap()
}

fn error(bytes: &[u8]) -> KeyFileError {
    KeyFile::from_json(bytes).unwrap_err()
}

#[test]
fn a_key_file_comes_back_as_it_was() {
    let at = time("2026-11-23T04:01:02Z");
    for method in
        [None, Some(Method::CheckCode), Some(Method::SafetyNumber), Some(Method::FingerprintCode)]
    {
        for (acknowledged, suites) in [(true, Suites::XX), (false, Suites::OFFERED)] {
            let mut key = key_file_of(suites);
            key.verified = method.map(|method| Verified { method, at });
            if !acknowledged {
                key = unacknowledged(&key);
            }
            let bytes = key.to_json();
            let read = KeyFile::from_json(&bytes).unwrap();
            assert_eq!(
                read.exporter().map(Exporter::secret_bytes),
                key.exporter().map(Exporter::secret_bytes)
            );
            assert_eq!(read.exporter().is_ok(), acknowledged);
            assert_eq!(read.key_id(), key.key_id());
            assert_eq!(read.role, key.role);
            assert_eq!(read.suite.is_post_quantum(), suites == Suites::OFFERED);
            assert_eq!(read.created, time("2026-11-23T04:00:00Z"));
            assert_eq!((&read.local, &read.peer), (&key.local, &key.peer));
            assert_eq!(read.verified, key.verified);
            assert_eq!(read.is_acknowledged(), acknowledged);
            assert_eq!(read.safety_number().digits(), key.safety_number().digits());
            assert_eq!(read.to_json(), bytes);
        }
    }
}

/// What other programs were told to expect.
#[test]
fn the_members_are_those_that_are_published() {
    for (suites, name) in [
        (Suites::XX, "Noise_XX_25519_ChaChaPoly_SHA256"),
        (Suites::OFFERED, "Noise_XXhfs_25519+MLKEM768_ChaChaPoly_SHA256"),
    ] {
        members_as_published(&key_file_of(suites), name);
    }
}

fn members_as_published(key: &KeyFile, suite: &str) {
    let value = value(key);
    let names: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "format",
            "version",
            "key_id",
            "suite",
            "role",
            "created",
            "local",
            "peer",
            "verified",
            "safety_number",
            "exporter"
        ]
    );
    assert_eq!(value["format"], "keyglance-shared-key");
    assert_eq!(value["version"], 1);
    assert_eq!(value["key_id"], key.key_id().to_string());
    assert_eq!(value["suite"], suite);
    let role = if key.role == Role::Initiator { "initiator" } else { "responder" };
    assert_eq!(value["role"], role);
    assert_eq!(value["created"], "2026-11-23T04:00:00Z");
    let own = key.local.identity.to_base64url();
    assert_eq!(value["local"], json!({ "name": "device 1", "public_key": own }));
    let other = key.peer.identity.to_base64url();
    assert_eq!(value["peer"], json!({ "name": "device 2", "public_key": other }));
    assert_eq!(value["verified"], json!({ "method": "check-code", "at": "2026-11-23T04:01:02Z" }));
    assert_eq!(value["safety_number"], key.safety_number().to_string());
    let secret = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .encode(&key.exporter().unwrap().secret_bytes()[..]);
    assert_eq!(value["exporter"], secret);
}

#[test]
fn members_of_later_programs_stay_where_they_were() {
    let later = json!({ "deep": [1, { "er": null }], "u64": u64::MAX, "text": "\u{1F511}\n" });
    let mut document = value(&key_file());
    document["later"] = later.clone();
    for part in ["local", "peer", "verified"] {
        document[part]["later"] = json!({ "of": part, "more": later });
    }
    let mut key = KeyFile::from_json(document.to_string().as_bytes()).unwrap();
    assert_eq!(value(&key), document);

    // Also when something beside them changes.
    key = unacknowledged(&key);
    document["acknowledged"] = json!(false);
    assert_eq!(value(&key), document);
    key.acknowledge();
    document.as_object_mut().unwrap().remove("acknowledged");
    assert_eq!(value(&key), document);
    key.verified = None;
    assert_eq!(
        value(&key)["verified"],
        json!({ "method": "none", "later": document["verified"]["later"] })
    );
}

#[test]
fn a_later_or_earlier_version_is_told_as_that_whatever_else_it_holds() {
    for (version, expected) in [
        (0, KeyFileError::Older(0)),
        (2, KeyFileError::Newer(2)),
        (u64::MAX, KeyFileError::Newer(u64::MAX)),
    ] {
        let whole = changed(|document| document["version"] = json!(version));
        assert_eq!(error(&whole), expected);
        // A later version may have other members altogether.
        let bare = json!({ "format": "keyglance-shared-key", "version": version, "k": [] });
        assert_eq!(error(bare.to_string().as_bytes()), expected);
    }
}

#[test]
fn a_document_of_something_else_is_not_ours() {
    for text in [
        "",
        " ",
        "null",
        "{}",
        "[]",
        "\"keyglance\"",
        "1",
        "hello",
        "{\"format\":\"keyglance-contact\",\"version\":1}",
        "{\"format\":\"keyglance-identity\",\"version\":1}",
        "{\"format\":7,\"version\":1}",
        "\u{feff}",
    ] {
        assert_eq!(error(text.as_bytes()), KeyFileError::NotOurs, "{text:?}");
    }
    assert_eq!(error(&[0xff; 64]), KeyFileError::NotOurs);
    let other = changed(|document| document["format"] = json!("keyglance-shared-key-2"));
    assert_eq!(error(&other), KeyFileError::NotOurs);
}

#[test]
fn every_missing_or_mistyped_member_is_damage() {
    let names: Vec<String> = value(&key_file()).as_object().unwrap().keys().cloned().collect();
    let of_other_types =
        [json!(null), json!(7), json!(-1), json!(1.5), json!(true), json!([]), json!({})];
    for name in &names {
        let missing = changed(|document| drop(document.shift_remove(name)));
        // Without its format a document is nobody's.
        if name == "format" {
            assert_eq!(error(&missing), KeyFileError::NotOurs);
            continue;
        }
        assert_eq!(error(&missing), KeyFileError::Damaged, "{name}");
        for other in &of_other_types {
            let mistyped = changed(|document| document[name] = other.clone());
            let expected = match (name.as_str(), other.as_u64()) {
                ("version", Some(version)) => KeyFileError::Newer(version),
                _ => KeyFileError::Damaged,
            };
            assert_eq!(error(&mistyped), expected, "{name}: {other}");
        }
    }
    for (part, member) in [
        ("local", "name"),
        ("local", "public_key"),
        ("peer", "name"),
        ("peer", "public_key"),
        ("verified", "method"),
    ] {
        let missing = changed(|document| {
            document[part].as_object_mut().unwrap().shift_remove(member);
        });
        assert_eq!(error(&missing), KeyFileError::Damaged, "{part}.{member}");
        for other in &of_other_types {
            let mistyped = changed(|document| document[part][member] = other.clone());
            assert_eq!(error(&mistyped), KeyFileError::Damaged, "{part}.{member}: {other}");
        }
    }
    let half = changed(|document| document["verified"] = json!({ "method": "check-code" }));
    assert_eq!(error(&half), KeyFileError::Damaged);
    let odd = changed(|document| drop(document.insert("acknowledged".into(), json!("false"))));
    assert_eq!(error(&odd), KeyFileError::Damaged);
}

#[test]
fn every_value_that_could_not_be_is_damage() {
    let key = key_file();
    let (own, other) = (key.local.identity.to_base64url(), key.peer.identity.to_base64url());
    for (name, wrong) in [
        ("suite", json!("Noise_NN_25519_ChaChaPoly_SHA256")),
        ("suite", json!("Noise_XXhfs_25519+Kyber1024_ChaChaPoly_SHA256")),
        ("suite", json!("noise_xx_25519_chachapoly_sha256")),
        ("role", json!("Initiator")),
        ("created", json!("yesterday")),
        ("created", json!("2026-11-23")),
        ("key_id", json!("E68440671C142FDA")),
        ("key_id", json!("")),
        ("exporter", json!("")),
        ("exporter", json!(format!("{own}A"))),
        ("exporter", json!(format!("{own}="))),
        ("safety_number", json!("12345")),
        ("verified", json!({ "method": "trust me", "at": "2026-11-23T04:01:02Z" })),
        ("local", json!({ "name": "\u{202e}evil", "public_key": own })),
        ("local", json!({ "name": "x".repeat(64), "public_key": own })),
        ("peer", json!({ "name": "x", "public_key": &other[..42] })),
    ] {
        let bytes = changed(|document| document[name] = wrong.clone());
        assert_eq!(error(&bytes), KeyFileError::Damaged, "{name}: {wrong}");
    }
}

/// Earlier builds took any spelling, and what is drawn as nothing.
#[test]
fn a_key_file_of_an_earlier_build_is_read_with_the_nearest_names() {
    for (written, read) in [
        ("Rene\u{301}", "René"),
        ("👩\u{200D}💻", "👩💻"),
        ("Bob\u{200B}", "Bob"),
        ("\u{3164}", ""),
    ] {
        let bytes = changed(|document| document["peer"]["name"] = json!(written));
        let key = KeyFile::from_json(&bytes).unwrap();
        assert_eq!(key.peer.name.as_str(), read);
        assert_eq!(KeyFile::from_json(&key.to_json()).unwrap().peer.name, key.peer.name);
    }
}

/// A key that was put in place of another, or another device's public key.
#[test]
fn what_does_not_belong_together_is_refused() {
    let other = paired(device(3), device(4));
    let other = KeyFile::from_pairing(pairing(&other), time("2026-11-23T04:00:00Z"));
    let other = value(&other);
    for (name, expected) in [
        ("exporter", KeyFileError::KeyId),
        ("key_id", KeyFileError::KeyId),
        ("safety_number", KeyFileError::SafetyNumber),
        ("local", KeyFileError::SafetyNumber),
        ("peer", KeyFileError::SafetyNumber),
    ] {
        assert_eq!(error(&changed(|document| document[name] = other[name].clone())), expected);
    }
}

/// Of two members with one name each program would believe another.
#[test]
fn a_member_that_is_there_twice_is_damage() {
    let key = key_file();
    let text = String::from_utf8(key.to_json().to_vec()).unwrap();
    for (name, member) in value(&key).as_object().unwrap() {
        // Spelled with an escape it is still the same name.
        for spelled in [name.clone(), format!("\\u{:04x}{}", name.as_bytes()[0], &name[1..])] {
            let again = text.replacen('{', &format!("{{\"{spelled}\":{member},"), 1);
            assert_eq!(error(again.as_bytes()), KeyFileError::Damaged, "{spelled}");
        }
    }
    for part in ["\"local\": {", "\"peer\": {"] {
        let again = text.replacen(part, &format!("{part}\"name\":\"mallory\","), 1);
        assert_eq!(error(again.as_bytes()), KeyFileError::Damaged, "{part}");
    }
}

#[test]
fn no_changed_byte_makes_another_key() {
    let key = key_file();
    let bytes = key.to_json();
    let mut whole = 0;
    for at in 0..bytes.len() {
        let byte = bytes[at];
        for other in [byte ^ 1, byte ^ 0x20, byte ^ 0x80, 0, b'"', b'}', b'A', b'0', b' '] {
            let mut changed = bytes.to_vec();
            changed[at] = other;
            if let Ok(read) = KeyFile::from_json(&changed) {
                assert_eq!(
                    read.exporter().unwrap().secret_bytes(),
                    key.exporter().unwrap().secret_bytes()
                );
                assert_eq!(read.key_id(), key.key_id());
                assert_eq!(read.local.identity, key.local.identity);
                assert_eq!(read.peer.identity, key.peer.identity);
                whole += 1;
            }
        }
    }
    // Names, dates and white space can change and leave a key file.
    assert!(whole > 100);
}

#[test]
fn a_key_file_that_was_cut_off_is_damage() {
    let bytes = key_file().to_json();
    let end = bytes.len() - 1;
    assert_eq!(bytes[end], b'\n');
    for length in 0..end {
        let expected = [KeyFileError::Damaged, KeyFileError::NotOurs];
        let error = error(&bytes[..length]);
        assert!(expected.contains(&error), "{length}: {error:?}");
        // Where it can be told it is told: somebody has lost a key.
        if length > 40 {
            assert_eq!(error, KeyFileError::Damaged, "{length}");
        }
    }
    assert!(KeyFile::from_json(&bytes[..end]).is_ok());
}

#[test]
fn hostile_documents_end_quickly_in_an_error() {
    let bytes = key_file().to_json();
    let text = str::from_utf8(&bytes).unwrap();
    let start = Instant::now();
    for depth in [200, 100_000] {
        for (opening, closing) in [("[", "]"), ("{\"a\":", "}")] {
            let deep = format!("{}1{}", opening.repeat(depth), closing.repeat(depth));
            let member = text.replacen('{', &format!("{{\"later\":{deep},"), 1);
            assert_eq!(error(member.as_bytes()), KeyFileError::Damaged);
            assert_eq!(error(deep.as_bytes()), KeyFileError::NotOurs);
            assert_eq!(error(opening.repeat(depth).as_bytes()), KeyFileError::NotOurs);
        }
    }
    let padded = format!("{text}{}", " ".repeat(MAX_BYTES - text.len()));
    assert!(KeyFile::from_json(padded.as_bytes()).is_ok());
    assert_eq!(error(format!("{padded} ").as_bytes()), KeyFileError::TooLarge);
    assert_eq!(error(&vec![b'['; 64 * MAX_BYTES]), KeyFileError::TooLarge);
    // Nor what would be larger than that when it is written again.
    let many = text.replacen('{', &format!("{{\"future\":[{}0],", "0,".repeat(400_000)), 1);
    assert!(many.len() < MAX_BYTES);
    assert_eq!(error(many.as_bytes()), KeyFileError::TooLarge);
    let few = text.replacen('{', &format!("{{\"future\":[{}0],", "0,".repeat(40_000)), 1);
    let read = KeyFile::from_json(few.as_bytes()).unwrap();
    assert_eq!(KeyFile::from_json(&read.to_json()).unwrap().to_json(), read.to_json());

    for bytes in [
        [&bytes[..], b"x"].concat(),
        [&bytes[..], &bytes[..]].concat(),
        [&bytes[..], b"\0"].concat(),
        text.replacen("device", "\u{0}device", 1).into_bytes(),
        text.replacen("device", "\\ud800", 1).into_bytes(),
    ] {
        assert_eq!(error(&bytes), KeyFileError::Damaged);
    }
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(error(&wide), KeyFileError::NotOurs);
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_passphrase_file_opens_with_its_passphrase_alone() {
    let bytes = key_file().to_json();
    // Every character counts, white space and letters beyond ASCII too.
    let right = " r\u{ed}ght \u{1F511} ";
    let sealed = encrypt_with_passphrase(&bytes, &passphrase(right), CHEAP).unwrap();
    assert!(is_age_file(&sealed));
    assert!(!is_age_file(&bytes));
    assert_eq!(decrypt_with_passphrase(&sealed, &passphrase(right)).unwrap(), bytes);
    for wrong in ["wrong", right.trim(), "\u{ed}", &"x".repeat(MAX_PASSPHRASE)] {
        let error = decrypt_with_passphrase(&sealed, &passphrase(wrong)).unwrap_err();
        assert_eq!(error, PassphraseError::Wrong, "{wrong:?}");
    }
    assert_eq!(Passphrase::new(Zeroizing::default()).unwrap_err(), PassphraseError::Empty);
    assert!(passphrase(right).matches(&passphrase(right)));
    assert!(!passphrase(right).matches(&passphrase(right.trim())));

    // Mail and editors add white space around it.
    for around in [[b"\n\n", &sealed[..]].concat(), [&sealed[..], b"\r\n \n"].concat()] {
        assert_eq!(decrypt_with_passphrase(&around, &passphrase(right)).unwrap(), bytes);
    }
    // The same key twice does not make the same file.
    assert_ne!(encrypt_with_passphrase(&bytes, &passphrase(right), CHEAP).unwrap(), sealed);
    assert_eq!(
        decrypt_with_passphrase(&bytes, &passphrase(right)).unwrap_err(),
        PassphraseError::NotAgeFile
    );
    assert_eq!(
        decrypt_with_passphrase(b"", &passphrase(right)).unwrap_err(),
        PassphraseError::NotAgeFile
    );
}

/// The bytes inside the armor.
fn unarmored(sealed: &[u8]) -> Vec<u8> {
    let lines = str::from_utf8(sealed).unwrap().lines().filter(|line| !line.starts_with('-'));
    let text: String = lines.collect();
    STANDARD_NO_PAD.decode(text.trim_end_matches('=')).unwrap()
}

#[test]
fn a_damaged_passphrase_file_opens_to_what_it_was_or_not_at_all() {
    let plain = b"for two devices only";
    let right = passphrase("right");
    let sealed = encrypt_with_passphrase(plain, &right, CHEAP).unwrap();
    let binary = unarmored(&sealed);
    assert_eq!(decrypt_with_passphrase(&binary, &right).unwrap()[..], plain[..]);

    // Each attempt takes milliseconds: of the armor every third byte.
    for (whole, step) in [(&binary, 1), (&sealed, 3)] {
        for at in (0..whole.len()).step_by(step) {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            for damaged in [&whole[..at], &flipped] {
                match decrypt_with_passphrase(damaged, &right) {
                    Ok(opened) => assert_eq!(opened[..], plain[..], "{at}"),
                    Err(error) => assert!(
                        [
                            PassphraseError::Damaged,
                            PassphraseError::Wrong,
                            PassphraseError::NotAgeFile,
                            PassphraseError::NotByPassphrase
                        ]
                        .contains(&error),
                        "{at}: {error:?}"
                    ),
                }
            }
            // Only the armor's last line feed may be missing.
            let cut = decrypt_with_passphrase(&whole[..at], &right);
            assert!(cut.is_err() || at + 2 > sealed.len(), "{at} of {}", whole.len());
        }
    }

    // An age file is made of pieces of 64 KiB; each is whole by itself.
    let sealed = encrypt_with_passphrase(&vec![b' '; 2 * 65536 + 10], &right, CHEAP).unwrap();
    let binary = unarmored(&sealed);
    for pieces_off in [10 + 16, 10 + 16 + 65536 + 16] {
        let cut = &binary[..binary.len() - pieces_off];
        assert_eq!(decrypt_with_passphrase(cut, &right).unwrap_err(), PassphraseError::Damaged);
    }
}

/// An age file with these stanzas, and nothing that fits them.
fn header(stanzas: &str) -> Vec<u8> {
    let mac = STANDARD_NO_PAD.encode([7; 32]);
    let mut file = format!("age-encryption.org/v1\n{stanzas}--- {mac}\n").into_bytes();
    file.extend([0; 64]);
    file
}

#[test]
fn a_file_that_asks_for_too_much_work_is_refused_at_once() {
    let (salt, body) = (STANDARD_NO_PAD.encode([1; 16]), STANDARD_NO_PAD.encode([2; 32]));
    let any = passphrase("any");
    let start = Instant::now();
    for work in [30, 40, 63] {
        let file = header(&format!("-> scrypt {salt} {work}\n{body}\n"));
        assert_eq!(
            decrypt_with_passphrase(&file, &any).unwrap_err(),
            PassphraseError::TooCostly(work)
        );
    }
    for nonsense in ["0", "64", "99", "256", "-1", "1e1", ""] {
        let file = header(&format!("-> scrypt {salt} {nonsense}\n{body}\n"));
        assert!(decrypt_with_passphrase(&file, &any).is_err(), "{nonsense}");
    }
    // Two passphrases would be twice the work, and the format forbids it.
    let stanza = format!("-> scrypt {salt} 2\n{body}\n");
    assert!(decrypt_with_passphrase(&header(&stanza.repeat(2)), &any).is_err());
    assert!(decrypt_with_passphrase(&header(""), &any).is_err());
    // The library measures the machine once; a real attempt would be hours.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn a_file_for_a_recipient_is_told_as_that() {
    let recipient: age::x25519::Recipient =
        "age19wra20n442ye4d78g8594smq72zxk9h5vgrdcqcry70g3hft2dwqzs0320".parse().unwrap();
    for bytes in [
        age::encrypt(&recipient, b"hello").unwrap(),
        age::encrypt_and_armor(&recipient, b"hello").unwrap().into_bytes(),
    ] {
        assert!(is_age_file(&bytes));
        let error = decrypt_with_passphrase(&bytes, &passphrase("any")).unwrap_err();
        assert_eq!(error, PassphraseError::NotByPassphrase);
    }
}

/// Three megabytes of zeros in a small file must not be read to their end.
#[test]
fn a_passphrase_file_with_too_much_inside_is_no_key_file() {
    let large = vec![b' '; 3 * MAX_BYTES];
    // What would not be read is not written.
    assert_eq!(
        encrypt_with_passphrase(&large, &passphrase("right"), CHEAP).unwrap_err(),
        PassphraseError::TooLarge
    );
    let whole = &large[..MAX_BYTES];
    let sealed = encrypt_with_passphrase(whole, &passphrase("right"), CHEAP).unwrap();
    assert_eq!(decrypt_with_passphrase(&sealed, &passphrase("right")).unwrap()[..], *whole);
    let sealed = with_age("right", &large);
    let opened = decrypt_with_passphrase(&sealed, &passphrase("right")).unwrap();
    assert!(opened.len() <= MAX_BYTES + 1);
    assert_eq!(error(&opened), KeyFileError::TooLarge);
}

/// What another program, or an earlier build, made with a passphrase: as it was
/// typed, character for character.
fn with_age(typed: &str, plaintext: &[u8]) -> Vec<u8> {
    let mut recipient = age::scrypt::Recipient::new(typed.to_owned().into());
    recipient.set_work_factor(2);
    age::encrypt_and_armor(&recipient, plaintext).unwrap().into_bytes()
}

fn opens_with_age(sealed: &[u8], typed: &str) -> bool {
    let identity = age::scrypt::Identity::new(typed.to_owned().into());
    age::decrypt(&identity, sealed).is_ok()
}

#[test]
fn a_passphrase_is_the_same_from_every_system() {
    let (nfc, nfd) = ("caf\u{e9} au lait", "cafe\u{301} au lait");
    let file = |bytes: &[u8]| Passphrase::from_file(bytes).unwrap();
    let ways = [
        passphrase(nfc),
        passphrase(nfd),
        passphrase(&format!("\u{feff}{nfc}")),
        passphrase(&format!("{nfd}\r\n")),
        file(nfc.as_bytes()),
        file(format!("\u{feff}{nfd}\r\nanother line\n").as_bytes()),
        file(format!("{nfc}\n").as_bytes()),
    ];
    for way in &ways {
        let sealed = encrypt_with_passphrase(b"x", way, CHEAP).unwrap();
        assert!(opens_with_age(&sealed, nfc), "as a person types it");
        for other in &ways {
            assert!(way.matches(other));
            assert!(decrypt_with_passphrase(&sealed, other).is_ok());
        }
    }
    // What was made with another form opens still.
    for typed in [nfc, nfd] {
        let sealed = with_age(typed, b"x");
        assert!(ways.iter().all(|way| decrypt_with_passphrase(&sealed, way).is_ok()), "{typed:?}");
    }
    let marked = format!("\u{feff}{nfc}");
    assert!(decrypt_with_passphrase(&with_age(&marked, b"x"), &passphrase(&marked)).is_ok());
    // White space is part of it.
    assert!(!passphrase("a ").matches(&passphrase("a")));
}

#[test]
fn a_passphrase_is_whole_or_refused() {
    let new = |text: &str| Passphrase::new(Zeroizing::new(text.to_owned()));
    let longest = "x".repeat(MAX_PASSPHRASE);
    assert!(new(&longest).is_ok());
    assert_eq!(new(&format!("{longest}x")).unwrap_err(), PassphraseError::TooLong);
    let file = |bytes: &[u8]| Passphrase::from_file(bytes);
    assert!(
        file(format!("\u{feff}{longest}\r\n").as_bytes()).unwrap().matches(&new(&longest).unwrap())
    );
    for length in [MAX_PASSPHRASE + 1, MAX_PASSPHRASE_FILE, 10 * MAX_PASSPHRASE_FILE] {
        assert_eq!(file(&vec![b'x'; length]).unwrap_err(), PassphraseError::TooLong, "{length}");
    }
    for empty in ["", "\n", "\r\n", "\u{feff}", "\u{feff}\r\n", "\nsecond"] {
        assert_eq!(file(empty.as_bytes()).unwrap_err(), PassphraseError::Empty, "{empty:?}");
    }
    let wide: Vec<u8> = "\u{feff}horse".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [&wide[..], &wide[2..], b"caf\xe9"] {
        assert_eq!(file(bytes).unwrap_err(), PassphraseError::NotText, "{bytes:?}");
    }
}

/// Neither by a stopwatch: a busy machine would write files that are guessed more
/// cheaply, and refuse those that an idle one wrote.
#[test]
fn the_work_of_a_passphrase_is_a_constant() {
    let sealed = encrypt_with_passphrase(b"x", &passphrase("x"), WorkFactor::Standard).unwrap();
    assert_eq!(passphrase_memory(&sealed), Some(256 * 1024 * 1024));
    let cheap = encrypt_with_passphrase(b"x", &passphrase("x"), CHEAP).unwrap();
    assert_eq!(passphrase_memory(&cheap), Some(4096));
    let header = |log2: u8| {
        let body = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        format!(
            "age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA {log2}\n{body}\n--- {body}\n\
             0123456789abcdef"
        )
        .into_bytes()
    };
    for log2 in [MAX_WORK + 1, 30, 63] {
        let error = decrypt_with_passphrase(&header(log2), &passphrase("x")).unwrap_err();
        assert_eq!(error, PassphraseError::TooCostly(log2));
    }
    assert_eq!(passphrase_memory(&header(MAX_WORK)), Some(4 << 30));
    assert_eq!(passphrase_memory(b"age-encryption.org/v1\n-> X25519 AA\n"), None);
    assert_eq!(passphrase_memory(b""), None);
}

#[test]
fn nothing_of_a_key_file_is_in_debug_output() {
    let key = key_file();
    let secret = **key.exporter().unwrap().secret_bytes();
    let bytes = key.to_json();
    let mut shown = format!("{key:?}{:?}{:?}", key.exporter().unwrap(), key.key_id());
    for change in 0..bytes.len() {
        let mut bytes = bytes.to_vec();
        bytes[change] ^= 4;
        if let Err(error) = KeyFile::from_json(&bytes) {
            shown += &format!("{error:?}{error}");
        }
    }
    assert_hides(&shown, &secret);

    let words = passphrase("correct horse battery staple");
    let sealed = encrypt_with_passphrase(&bytes, &words, CHEAP).unwrap();
    let error = decrypt_with_passphrase(&sealed, &passphrase("another")).unwrap_err();
    let shown = format!("{words:?}{error:?}{error}");
    assert_hides(&shown, &secret);
    assert!(!shown.contains("horse") && !shown.contains("another"));
}
