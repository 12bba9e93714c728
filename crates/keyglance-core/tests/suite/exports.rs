//! Exports: the bytes that other programs get, and the programs themselves.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyglance_core::crypto::{IdentityKey, Purpose};
use keyglance_core::exports::{
    ExportError, OptionError, OptionValues, PROGRAMS, TARGETS, Target, is_sentence,
};
use keyglance_core::keyfile::{
    KeyFile, WorkFactor, decrypt_with_passphrase, encrypt_with_passphrase,
};
use keyglance_core::pairing::{NotAcknowledged, Suite, Suites};
use tempfile::tempdir;
use zeroize::Zeroizing;

use super::vectors::{side, vectors};
use keyglance_core::test_util::{
    assert_hides, device, device_of, found, hex32, paired, pairing, passphrase, time,
    unacknowledged,
};

fn export(key: &KeyFile, target: &str, purpose: &str) -> Vec<u8> {
    let purpose = Purpose::new(purpose).unwrap();
    Target::find(target).unwrap().export(key, &purpose).unwrap().file.expose().to_vec()
}

fn key_of(pairing: &keyglance_core::pairing::Pairing) -> KeyFile {
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
    let vector = &vectors()[0];
    let (i, r) = (|| side(vector, "initiator"), || side(vector, "responder"));
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

/// Key files, derivations and exports of the published pairing, as the
/// independent implementation in `tests/vectors/exports.py` makes them.
fn published() -> serde_json::Value {
    serde_json::from_str(include_str!("../../assets/key-file.vectors.json")).unwrap()
}

fn published_key(id: &serde_json::Value, role: &serde_json::Value) -> KeyFile {
    let files = published()["key_files"].as_array().unwrap().clone();
    let fits = |file: &&serde_json::Value| file["key_id"] == *id && file["role"] == *role;
    let file = files.iter().find(fits).unwrap();
    KeyFile::from_json(file.to_string().as_bytes()).unwrap()
}

/// Choices by name, as the target has them.
fn choices(target: &Target, chosen: &[(&str, &str)]) -> OptionValues {
    let mut choices = OptionValues::default();
    for (name, text) in chosen {
        let choice = target.options.iter().find(|choice| choice.name == *name).unwrap();
        choices.set(choice.name, *text);
    }
    choices
}

/// DuckDuckGo's, which everybody can look up.
const SERVICE: &str = "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion";

/// What a target cannot do without.
fn needed(target: &Target) -> OptionValues {
    match target.name {
        "tor-client-auth" => choices(target, &[("onion", SERVICE)]),
        "rclone" => choices(target, &[("remote", "cloud:shared")]),
        _ => OptionValues::default(),
    }
}

/// What is derived from the key; `shared.rs` has the rest.
fn of_the_key() -> impl Iterator<Item = &'static Target> {
    TARGETS.iter().filter(|target| !target.is_public())
}

fn made(key: &KeyFile, target: &Target, purpose: &str) -> Vec<u8> {
    let purpose = Purpose::new(purpose).unwrap();
    target.export_with(key, &purpose, &needed(target)).unwrap().file.expose().to_vec()
}

#[test]
fn every_target_makes_the_published_bytes_on_both_sides() {
    let published = published();
    let mut covered = vec!["keyglance", "raw"];
    for file in published["files"].as_array().unwrap() {
        let target = Target::find(file["target"].as_str().unwrap()).unwrap();
        covered.push(target.name);
        let chosen: Vec<_> = file["choices"].as_object().unwrap().iter().collect();
        let chosen: Vec<_> =
            chosen.iter().map(|(name, text)| (name.as_str(), text.as_str().unwrap())).collect();
        for side in file["sides"].as_array().unwrap() {
            let key = published_key(&file["key_id"], side);
            let export =
                target.export_with(&key, &Purpose::none(), &choices(target, &chosen)).unwrap();
            let bytes = export.file.expose();
            match file["text"].as_str() {
                Some(text) => assert_eq!(str::from_utf8(bytes).unwrap(), text, "{target:?} {side}"),
                None => {
                    let published = file["bytes"].as_str().unwrap();
                    assert_eq!(bytes, keyglance_core::test_util::hex(published), "{target:?}");
                }
            }
            let public = export.public.as_ref().map(|(_, text)| text.as_str());
            assert_eq!(public, file["public"].as_str(), "{target:?} {side}");
            assert!(export.complete, "{target:?}");
        }
    }
    for target in of_the_key() {
        assert!(covered.contains(&target.name), "{target:?} has no published bytes");
    }
}

#[test]
fn the_published_derivations_are_what_the_library_derives() {
    let published = published();
    for derivation in published["derivations"].as_array().unwrap() {
        let key = published_key(&derivation["key_id"], &"initiator".into());
        let text = |member: &str| derivation[member].as_str().unwrap();
        let expected = keyglance_core::test_util::hex(text("output"));
        assert_eq!(derivation["length"], expected.len());
        let mut output = vec![0; expected.len()];
        let purpose = Purpose::new(text("purpose")).unwrap();
        key.exporter().unwrap().derive(text("label"), &purpose, &mut output).unwrap();
        assert_eq!(output, expected, "{derivation}");
    }
}

#[test]
fn the_published_bytes_are_what_the_independent_implementation_makes() {
    if !found("python3") {
        return;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/exports.py");
    let made: serde_json::Value = serde_json::from_slice(&run("python3", &[script], b"")).unwrap();
    assert_eq!(made, published());
}

#[test]
fn an_export_is_the_same_each_time_and_another_for_each_purpose() {
    let [one, other] = both_sides();
    for target in of_the_key().filter(|target| target.name != "keyglance") {
        let mut seen = Vec::new();
        for purpose in ["", "office", "Office", "home"] {
            let file = made(&one, target, purpose);
            assert_eq!(made(&one, target, purpose), file, "{target:?}");
            // Of a tunnel each side has its own half, of a call its own view.
            let same = !["wireguard", "totp"].contains(&target.name);
            assert_eq!(made(&other, target, purpose) == file, same, "{target:?}");
            assert!(!seen.contains(&file), "{target:?} {purpose:?}");
            // Who has an export has not got what all others are derived from.
            assert_hides(&String::from_utf8_lossy(&file), one.exporter().unwrap().secret_bytes());
            assert!(
                !file.windows(16).any(|part| part == &one.exporter().unwrap().secret_bytes()[..16])
            );
            seen.push(file);
        }
    }
    // Another pairing of the same two devices has other keys.
    let again = paired(
        keyglance_core::test_util::device_again(1, "device 1", 7),
        keyglance_core::test_util::device_again(2, "device 2", 8),
    );
    assert_ne!(export(&key_of(pairing(&again)), "raw", ""), export(&one, "raw", ""));
}

/// The value after `name = ` in a configuration, in base64.
fn wireguard_key(file: &str, name: &str) -> [u8; 32] {
    let line = file.lines().find_map(|line| line.strip_prefix(&format!("{name} = "))).unwrap();
    STANDARD.decode(line).unwrap().try_into().unwrap()
}

fn public_of(secret: [u8; 32]) -> [u8; 32] {
    *IdentityKey::from_secret_bytes(&Zeroizing::new(secret)).public().as_bytes()
}

#[test]
fn the_halves_of_a_tunnel_fit_each_other() {
    let keys = both_sides();
    let target = Target::find("wireguard").unwrap();
    for purpose in ["", "office"] {
        let purpose = Purpose::new(purpose).unwrap();
        let [one, other] = keys.each_ref().map(|key| {
            let own = choices(target, &[("own-devices", "yes")]);
            let export = target.export_with(key, &purpose, &own).unwrap();
            assert!(export.notes.iter().any(|note| note.contains("impersonate")), "{export:?}");
            String::from_utf8(export.file.expose().to_vec()).unwrap()
        });
        for (own, peer) in [(&one, &other), (&other, &one)] {
            let public = public_of(wireguard_key(own, "PrivateKey"));
            assert_eq!(wireguard_key(peer, "PublicKey"), public);
            let line = |file: &str, start: &str| {
                file.lines().find_map(|l| l.strip_prefix(start).map(str::to_owned)).unwrap()
            };
            assert_eq!(line(own, "Address = "), line(peer, "AllowedIPs = "));
        }
        assert_ne!(wireguard_key(&one, "PrivateKey"), wireguard_key(&other, "PrivateKey"));
        assert_eq!(wireguard_key(&one, "PresharedKey"), wireguard_key(&other, "PresharedKey"));
    }
}

#[test]
fn without_the_users_word_no_private_key_of_a_tunnel_is_derived() {
    let [key, _] = both_sides();
    let target = Target::find("wireguard").unwrap();
    let theirs = STANDARD.encode([9; 32]);
    for chosen in [&[][..], &[("peer-public-key", theirs.as_str())]] {
        let chosen = choices(target, chosen);
        let export = target.export_with(&key, &Purpose::none(), &chosen).unwrap();
        let file = String::from_utf8(export.file.expose().to_vec()).unwrap();
        let own = "PostUp = wg set %i private-key /etc/wireguard/keyglance.key\n";
        assert!(!file.contains("PrivateKey") && file.contains(own), "{file}");
        // Their public key is all that is left to fill in.
        let whole = chosen != OptionValues::default();
        assert_eq!(export.complete, whole);
        assert_eq!(file.contains(&format!("PublicKey = {theirs}\n")), whole);
        let psk =
            String::from_utf8(made(&key, Target::find("wireguard-psk").unwrap(), "")).unwrap();
        assert!(file.contains(&format!("PresharedKey = {psk}")));
    }
}

/// Every letter of an address that is wrong or changed places with its neighbour.
#[test]
fn a_mistyped_onion_address_is_found_and_a_copied_one_is_understood() {
    let [key, _] = both_sides();
    let target = Target::find("tor-client-auth").unwrap();
    let written = |onion: &str| {
        let export =
            target.export_with(&key, &Purpose::none(), &choices(target, &[("onion", onion)]));
        export.map(|export| String::from_utf8(export.file.expose().to_vec()).unwrap())
    };
    let service = SERVICE.strip_suffix(".onion").unwrap();
    for copied in [
        SERVICE,
        service,
        &SERVICE.to_uppercase(),
        &format!("https://{SERVICE}/"),
        &format!(" http://www.{SERVICE}:8080/a/page?b#c "),
    ] {
        assert!(written(copied).unwrap().starts_with(&format!("{service}:descriptor:x25519:")));
    }
    for at in 0..service.len() {
        for letter in "abcdefghijklmnopqrstuvwxyz234567".chars() {
            let mut wrong: Vec<char> = service.chars().collect();
            wrong[at] = letter;
            let wrong: String = wrong.into_iter().collect();
            assert!(wrong == service || written(&wrong).is_err(), "{wrong}");
        }
        let mut wrong: Vec<char> = service.chars().collect();
        if at + 1 < wrong.len() && wrong[at] != wrong[at + 1] {
            wrong.swap(at, at + 1);
            let wrong: String = wrong.into_iter().collect();
            assert!(written(&wrong).is_err(), "{wrong}");
        }
    }
}

#[test]
fn the_halves_of_an_onion_service_fit_each_other() {
    let [client, service] = both_sides();
    let key = |file: Vec<u8>| {
        let file = String::from_utf8(file).unwrap();
        let key = file.rsplit_once(":x25519:").unwrap().1.to_owned();
        data_encoding::BASE32_NOPAD.decode(key.as_bytes()).unwrap().try_into().unwrap()
    };
    let secret = key(made(&client, Target::find("tor-client-auth").unwrap(), ""));
    let public = key(made(&service, Target::find("tor-service-auth").unwrap(), ""));
    assert_eq!(public_of(secret), public);
}

/// What a program would stumble over, or take for something else.
#[test]
fn a_choice_that_cannot_be_is_refused_by_name() {
    let [key, _] = both_sides();
    let long = "x".repeat(300);
    let onion = "a".repeat(56);
    for (target, choice, text) in [
        ("wireguard", "endpoint", "192.0.2.1"),
        ("wireguard", "endpoint", "192.0.2.1:0"),
        ("wireguard", "endpoint", "192.0.2.1:65536"),
        ("wireguard", "endpoint", ":51820"),
        ("wireguard", "endpoint", "::1:51820"),
        ("wireguard", "endpoint", "a:1\nPostUp = reboot"),
        ("wireguard", "endpoint", "a b:1"),
        ("wireguard", "endpoint", "192.0.2.1:+51820"),
        ("wireguard", "endpoint", "..:51820"),
        ("wireguard", "endpoint", "a..-.b:51820"),
        ("wireguard", "endpoint", "-x:1"),
        ("wireguard", "endpoint", "999.1.1.1:51820"),
        ("wireguard", "endpoint", "bü.example:51820"),
        ("wireguard", "endpoint", "2001:db8::1:51820"),
        ("wireguard", "endpoint", "[fe80::1%]:51820"),
        ("wireguard", "endpoint", "[fe80::1%$(id)]:51820"),
        ("wireguard", "endpoint", "[192.0.2.1]:51820"),
        ("wireguard", "endpoint", " "),
        ("wireguard", "listen-port", "+51820"),
        ("wireguard", "listen-port", "-1"),
        ("wireguard", "listen-port", "65536"),
        ("wireguard", "endpoint", &long),
        ("wireguard", "listen-port", "0"),
        ("wireguard", "listen-port", "any"),
        ("wireguard", "listen-port", "1\nPostUp = reboot"),
        ("wireguard", "address", "10.0.0.1/+32"),
        ("wireguard", "address", "10.0.0.1/"),
        ("wireguard", "address", "/"),
        ("wireguard", "address", "010.0.0.1/32"),
        ("wireguard", "address", "fe80::1%lo/64"),
        ("wireguard", "address", "10.0.0.1/33"),
        ("wireguard", "address", "10.0.0.1/24,"),
        ("wireguard", "address", "10.0.0.1/24\nPostUp = reboot"),
        ("wireguard", "peer-address", "fd00::1/129"),
        ("wireguard", "own-key", "keys/own.key"),
        ("wireguard", "own-key", "/k'; reboot; '"),
        ("wireguard", "own-key", "/k%i"),
        ("wireguard", "own-key", "/k # "),
        ("wireguard", "peer-public-key", "AAAA"),
        ("wireguard", "peer-public-key", "x"),
        ("wireguard", "peer-public-key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        ("tor-client-auth", "onion", "example.org"),
        ("tor-client-auth", "onion", &onion),
        ("tor-client-auth", "onion", "../../etc/passwd"),
        ("wifi", "ssid", "a network whose name is much too long"),
        ("wifi", "ssid", "gue\nst"),
        ("wifi", "ssid", " \t"),
        ("wifi", "ssid", "gue\u{200b}st"),
        ("wifi", "ssid", "gue\u{202e}st"),
        ("meshtastic", "channel", "twelve bytes"),
        ("meshtastic", "channel", "a\0b"),
        ("meshcore", "channel", "#public"),
        ("words", "words", "13"),
        (
            "wifi",
            "ssid",
            "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}x",
        ),
        ("wireguard", "endpoint", "1.0x7f:51820"),
        ("wireguard", "endpoint", "0x7f000001:51820"),
        ("wireguard", "endpoint", "a..:51820"),
        ("wireguard", "endpoint", ".:51820"),
        ("wireguard", "endpoint", "a.example:\u{ff15}\u{ff11}"),
        ("wireguard", "listen-port", "\u{661}\u{662}"),
        ("wireguard", "listen-port", "5e3"),
        ("rclone", "remote", "cloud"),
        ("rclone", "remote", "\"cloud:x\""),
        ("rclone", "remote", "`cloud:x`"),
        ("rclone", "remote", "-cloud:x"),
        ("rclone", "remote", ":"),
        ("strongswan", "id", "%any,%any"),
        ("rclone", "remote", "cloud:\ntype = local"),
        ("strongswan", "id", "ana@example.org"),
        ("strongswan", "id", "ana, bo, cy"),
        ("strongswan", "id", "ana, b}o"),
        ("strongswan", "id", "ana,"),
    ] {
        let target = Target::find(target).unwrap();
        let chosen = choices(target, &[(choice, text)]);
        match target.export_with(&key, &Purpose::none(), &chosen) {
            Err(ExportError::InvalidOption { option: named, .. }) => assert_eq!(named, choice),
            other => panic!("{target:?} {choice} {text:?}: {other:?}"),
        }
    }
    let target = Target::find("wireguard").unwrap();
    let theirs = STANDARD.encode([9; 32]);
    let both = choices(target, &[("own-devices", "yes"), ("peer-public-key", &theirs)]);
    assert!(target.export_with(&key, &Purpose::none(), &both).is_err());
    for good in ["10.0.0.1/24", "10.0.0.1/24, fd00::1/64", "fd00::1/128"] {
        let chosen = choices(target, &[("address", good), ("endpoint", "[2001:db8::1]:51820")]);
        target.export_with(&key, &Purpose::none(), &chosen).unwrap();
    }
    // What is written is what was understood, and not the user's text.
    for (choice, text, written) in [
        ("address", "10.0.0.1", "Address = 10.0.0.1/32"),
        ("address", " 10.0.0.1/024 ,FD00:0::1", "Address = 10.0.0.1/24, fd00::1/128"),
        ("peer-address", "10.66.0.2/32", "AllowedIPs = 10.66.0.2/32"),
        ("listen-port", " 051820 ", "ListenPort = 51820"),
        (
            "own-key",
            "/etc/wireguard/a b.key",
            "PostUp = wg set %i private-key '/etc/wireguard/a b.key'",
        ),
        ("endpoint", "192.0.2.2:051820", "Endpoint = 192.0.2.2:51820"),
        ("endpoint", " bo.example:1 ", "Endpoint = bo.example:1"),
        ("endpoint", "bo.example.:1", "Endpoint = bo.example:1"),
        ("endpoint", "[2001:DB8:0::1]:51820", "Endpoint = [2001:db8::1]:51820"),
        ("endpoint", "[fe80::1%lo]:51820", "Endpoint = [fe80::1%lo]:51820"),
    ] {
        let chosen = choices(target, &[(choice, text)]);
        let made = target.export_with(&key, &Purpose::none(), &chosen).unwrap();
        let file = String::from_utf8(made.file.expose().to_vec()).unwrap();
        assert!(file.lines().any(|line| line == written), "{text:?}: {file}");
    }
    let missing = Target::find("tor-client-auth").unwrap().export(&key, &Purpose::none());
    assert!(matches!(
        missing,
        Err(ExportError::InvalidOption { option: "onion", error: OptionError::Missing })
    ));
    let chosen = choices(Target::find("wifi").unwrap(), &[("ssid", "Guests")]);
    let foreign = Target::find("age").unwrap().export_with(&key, &Purpose::none(), &chosen);
    assert!(matches!(foreign, Err(ExportError::NoSuchOption { target: "age", option: "ssid" })));
}

/// The contract: whoever adds a target says all of it.
#[test]
fn every_target_has_every_part() {
    let mut labels: Vec<(&str, &str)> = Vec::new();
    for target in TARGETS {
        assert!(!target.summary.is_empty() && target.danger.ends_with('.'), "{target:?}");
        let programs: Vec<_> = PROGRAMS.iter().filter(|p| p.target.name == target.name).collect();
        assert!(!programs.is_empty(), "{target:?} is no program's");
        for program in programs {
            assert!(program.usage().next().is_some(), "{} is told nothing", program.name);
            assert!(program.undo().next().is_some(), "{} is for ever", program.name);
            assert!(program.summary.ends_with('.') && !program.uses.is_empty());
        }
        // Whoever has the path of the file finds out what to do with it.
        let places = ["{file}", "{full}", "{cat}", "{path}", "{python}"];
        let named = |line: &&str| places.iter().any(|place| line.contains(place));
        assert!(target.usage.iter().any(named), "{target:?}");
        assert!(!(target.binary && target.scanned_by.is_some()), "{target:?}");
        assert!(!target.extension.is_empty() && target.extension.is_ascii());
        for line in target.usage.iter().chain(target.undo) {
            told(line);
            // One secret in 64 begins with a hyphen: alone it would be an option.
            for (before, _) in line.match_indices(" \"$(cat").map(|(at, _)| line.split_at(at)) {
                let ends = |end: &str| before.ends_with(end);
                // Behind printf's first word, and of a text that begins with base64:, none is.
                assert!(line.starts_with("printf") || ends(" --") || ends("psk"), "{line}");
            }
        }
        for option in target.options {
            assert!(!option.summary.is_empty(), "{target:?} {option:?}");
        }
        labels.extend(target.labels.iter().map(|label| (*label, target.name)));
    }
    // A label serves one target, unless two write the same key.
    let same: &[&[&str]] = &[
        &["raw", "hex", "base64"],
        &["wireguard", "wireguard-psk"],
        &["tor-client-auth", "tor-service-auth"],
        &["meshtastic", "meshtastic-psk"],
    ];
    for (label, one) in &labels {
        for (_, other) in labels.iter().filter(|(other, _)| other == label) {
            let together = |set: &&&[&str]| set.contains(one) && set.contains(other);
            assert!(one == other || same.iter().any(|s| together(&s)), "{label}: {one}, {other}");
        }
    }
    // One photograph of it would give away every other key.
    assert_eq!(Target::find("keyglance").unwrap().scanned_by, None);
}

/// A told line is run as it stands, or is no command at all.
fn told(line: &str) {
    if is_sentence(line) {
        assert!(!line.ends_with('.') && line.contains(' '), "{line}");
        return;
    }
    let is_assignment = |word: &&str| {
        word.split_once('=')
            .is_some_and(|(name, _)| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
    };
    // A space within quotes ends no word.
    let line_of_words = line.replace("cat {file}", "cat").replace("cat NEW", "cat");
    let mut words = line_of_words.split(' ').filter(|word| !is_assignment(word));
    let program = words.find(|word| *word != "sudo").unwrap();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    assert!(program.bytes().all(plain), "{line}: {program}");
    for unfinished in ["…", "...", " (", "  ", "XXX", "<FILE", "FILE>"] {
        assert!(!line.contains(unfinished), "{line}");
    }
    // A link that is added sets the radio's region to none.
    assert!(!line.contains("--ch-add-url") && !line.contains("--seturl"), "{line}");
}

#[test]
fn a_sentence_is_told_from_a_command() {
    for sentence in ["In KeePassXC: Database", "On a phone: scan the code", "Needs age 1.3"] {
        assert!(is_sentence(sentence), "{sentence}");
    }
    for command in ["restic -r x init", "BORG_PASSCOMMAND='x' borg init", "sudo wg-quick up x"] {
        assert!(!is_sentence(command), "{command}");
    }
}

#[test]
fn a_key_that_only_this_device_may_hold_is_not_exported() {
    let [key, _] = both_sides();
    let key = unacknowledged(&key);
    assert!(key.exporter().is_err());
    for target in TARGETS {
        let error = target.export(&key, &Purpose::none()).unwrap_err();
        assert_eq!(error, ExportError::NotAcknowledged(NotAcknowledged), "{target:?}");
    }
}

/// The key files of both devices of a pairing in suite 1.
fn both_sides_of_suite_1() -> [KeyFile; 2] {
    let device = |seed| device_of(Suites::XX, seed);
    let one = paired(device(1), device(2));
    let two = paired(device(2), device(1));
    [key_of(pairing(&one)), key_of(pairing(&two))]
}

/// A recording of such a pairing would give the identity away to a quantum computer,
/// whatever the identity itself is.
#[test]
fn what_is_promised_to_be_post_quantum_is_made_of_no_other_key() {
    let keys = both_sides_of_suite_1();
    let promising: Vec<_> = TARGETS.iter().filter(|target| target.post_quantum).collect();
    assert_eq!(promising.iter().map(|target| target.name).collect::<Vec<_>>(), ["age-pq"]);
    for target in of_the_key() {
        let offered = Suite::ALL.map(|suite| target.check_suite(suite).is_ok());
        assert_eq!(offered, [!target.post_quantum, true], "{target:?}");
        for key in &keys {
            assert_eq!(key.suite, Suite::Xx);
            let made = target.export_with(key, &Purpose::none(), &needed(target));
            assert_eq!(made.is_ok(), !target.post_quantum, "{target:?}");
            if let Err(error) = made {
                assert_eq!(error, ExportError::NotPostQuantum { target: target.name });
                assert!(error.to_string().contains("made without post-quantum protection"));
            }
        }
    }
    // Nor of one that was written down and read again.
    let again = KeyFile::from_json(&keys[0].to_json()).unwrap();
    assert!(promising[0].export(&again, &Purpose::none()).is_err());
}

#[test]
fn an_export_does_not_show_in_debug_output() {
    let [key, _] = both_sides();
    let raw = export(&key, "raw", "");
    let raw: &[u8; 32] = raw[..].try_into().unwrap();
    for target in of_the_key() {
        let made = target.export_with(&key, &Purpose::none(), &needed(target)).unwrap();
        let shown = format!("{made:?}{target:?}");
        assert_hides(&shown, raw);
        assert_hides(&shown, key.exporter().unwrap().secret_bytes());
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
    let sealed =
        encrypt_with_passphrase(&key.to_json(), &passphrase("h\u{f6}rse 1"), WorkFactor::Log2(15))
            .unwrap();
    std::fs::write(at("key.keyglance.age"), sealed).unwrap();
    let decrypt = "age -d -o key.keyglance key.keyglance.age";
    assert!(!in_terminal(decrypt, folder.path(), "horse 1\n"));
    assert!(in_terminal(decrypt, folder.path(), "h\u{f6}rse 1\n"));
    assert_eq!(std::fs::read(at("key.keyglance")).unwrap(), &key.to_json()[..]);

    let encrypt = "age -p -o theirs.age key.keyglance";
    assert!(in_terminal(encrypt, folder.path(), "stable\nstable\n"));
    let theirs = std::fs::read(at("theirs.age")).unwrap();
    assert_eq!(decrypt_with_passphrase(&theirs, &passphrase("stable")).unwrap(), key.to_json());
}
