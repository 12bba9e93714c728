//! Exports of what the other device shared: the bytes, and what nobody may slip in.

use keyglance_core::crypto::Purpose;
use keyglance_core::exports::{Export, ExportError, OptionError, OptionValues, TARGETS, Target};
use keyglance_core::identifiers::{IdentifierError, IdentifierKind};
use keyglance_core::keyfile::KeyFile;
use keyglance_core::pairing::{Card, CardError, CardItem};
use keyglance_core::test_util::{device, identifiers, paired, pairing, shared_card, time};
use keyglance_core::trust::{Method, Verified};
use serde_json::Value;

/// A key of a pairing with a device that shared `card`, compared.
fn key_with(card: &Card) -> KeyFile {
    let session = paired(device(1), device(2));
    let at = time("2026-11-23T04:00:00Z");
    let mut key = KeyFile::from_pairing(pairing(&session), at);
    key.verified = Some(Verified { method: Method::CheckCode, at });
    key.set_card(card);
    key
}

fn key(host: &str) -> KeyFile {
    key_with(&shared_card(host))
}

fn export(key: &KeyFile, target: &str, options: &OptionValues) -> Result<Export, ExportError> {
    Target::find(target).unwrap().export_for(key, "Bo", &Purpose::none(), options)
}

fn text(key: &KeyFile, target: &str) -> String {
    let options = OptionValues::default();
    let export = export(key, target, &options).unwrap();
    String::from_utf8(export.file.expose().to_vec()).unwrap()
}

fn vectors() -> Value {
    serde_json::from_str(include_str!("../vectors/identifiers.json")).unwrap()
}

#[test]
fn each_file_is_what_its_program_takes() {
    let (key, known) = (key("bo-laptop"), vectors());
    let line = known["ssh"]["line"].as_str().unwrap().trim_end_matches(" bo@laptop\n");
    assert_eq!(text(&key, "ssh"), format!("bo-laptop {line}\n"));
    assert_eq!(text(&key, "ssh-login"), format!("restrict,pty {line} keyglance:Bo\n"));
    let full = OptionValues::default().with("full", OptionValues::ON);
    let full = export(&key, "ssh-login", &full).unwrap();
    assert_eq!(full.file.expose(), format!("{line} keyglance:Bo\n").as_bytes());
    assert_eq!(
        text(&key, "syncthing"),
        format!("{}\n", known["syncthing"][0]["id"].as_str().unwrap())
    );
    assert_eq!(text(&key, "openpgp"), format!("{}\n", known["openpgp"]["hex"].as_str().unwrap()));
    assert_eq!(text(&key, "age-recipient"), format!("{}\n", known["age"].as_str().unwrap()));
    // Byte for byte minisign's own file.
    assert_eq!(text(&key, "minisign"), known["minisign"][0].as_str().unwrap());
    let conf = text(&key, "wireguard");
    assert!(conf.contains(&format!(
        "\n[Peer]\n# Bo\nPublicKey = {}\n",
        known["wireguard"].as_str().unwrap()
    )));
}

#[test]
fn a_minisign_key_id_has_no_zeros_before_it() {
    let file = vectors()["minisign"][1].as_str().unwrap().to_owned();
    let key = key_with(&Card::of(&[IdentifierKind::Minisign.parse(&file).unwrap()]).unwrap());
    assert_eq!(text(&key, "minisign"), file);
}

/// In every file that can say so, it is said; and in none once it was compared.
#[test]
fn what_nobody_compared_says_so_in_its_file() {
    let mut key = key("bo-laptop");
    let shared = TARGETS.iter().filter(|target| target.is_public()).map(|target| target.name);
    for target in shared.clone().chain(["wireguard"]) {
        assert!(!text(&key, target).contains("NOT COMPARED"), "{target}");
    }
    key.verified = None;
    for target in shared.chain(["wireguard"]) {
        let text = text(&key, target);
        match target {
            "ssh" | "ssh-login" | "age-recipient" | "wireguard" => {
                assert!(text.starts_with("# NOT COMPARED\n"), "{target}: {text}");
            }
            "minisign" => assert!(text.starts_with("untrusted comment: NOT COMPARED "), "{text}"),
            // One line without a place for it, which a program reads whole.
            _ => assert!(!text.contains("NOT COMPARED"), "{target}: {text}"),
        }
    }
    // What nobody shared needs no comparison of it.
    let given = "CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=";
    for (option, value) in [("peer-public-key", given), ("own-devices", OptionValues::ON)] {
        let export =
            export(&key, "wireguard", &OptionValues::default().with(option, value)).unwrap();
        let (target, card) = (Target::find("wireguard").unwrap(), key.card().unwrap());
        let options = OptionValues::default();
        assert!(target.is_of_card(&card, &options));
        assert!(!target.is_of_card(&card, &options.with(option, value)), "{option}");
        assert!(!export.shared && export.file.expose().starts_with(b"[Interface]"), "{option}");
    }
}

#[test]
fn what_was_not_shared_is_told_by_name() {
    let nothing = key_with(&Card::default());
    for target in TARGETS.iter().filter(|target| target.is_public()) {
        let error = export(&nothing, target.name, &OptionValues::default()).unwrap_err();
        let kind = target.shared.unwrap();
        assert_eq!(error, ExportError::NotShared { name: "Bo".to_owned(), kind }, "{target:?}");
        assert_eq!(error.to_string(), format!("Bo shared no {}", kind.title()));
        assert!(target.check_shared(&nothing.card(), "Bo").is_err());
        assert!(target.check_shared(&key("bo").card(), "Bo").is_ok());
    }
    // A tunnel has a place to fill in, as before.
    assert!(!export(&nothing, "wireguard", &OptionValues::default()).unwrap().complete);
    assert!(export(&key("bo"), "wireguard", &OptionValues::default()).unwrap().complete);
    // There is no separate one of what is not ours.
    let purpose = Purpose::new("office").unwrap();
    let error = Target::find("ssh").unwrap().export(&key("bo"), &purpose).unwrap_err();
    assert_eq!(error, ExportError::NoSeparateKey { target: "ssh" });
}

/// What a device can claim to be called: nothing of it becomes a pattern of `known_hosts`.
#[test]
fn no_host_name_of_a_card_is_trusted_for_another_host() {
    for name in [
        "*",
        "?",
        "!bo",
        "github.com",
        "github.com,x",
        "bo,github.com",
        "*,bo",
        "bo.local,*",
        "@cert-authority *",
        "@revoked bo",
        "|1|c2FsdA==|aGFzaA==",
        "[github.com]:22",
        "# bo",
        "bo ssh-ed25519 AAAA",
        "-oProxyCommand=id",
        "127.0.0.1",
        "::1",
        "localhost",
        "gíthub",
        "gitһub",
        "bo.local.",
        "..",
        ".local",
        "github.com.",
        "10.0.0.1",
    ] {
        let error = export(&key(name), "ssh", &OptionValues::default()).unwrap_err();
        assert_eq!(error, ExportError::HostNotTaken { host: name.to_owned() });
    }
    // Nor are there lines, marks of direction or blanks that nobody sees.
    for name in ["bo\n* ssh-ed25519 AAAA", "bo\u{202e}", "bo\u{200b}", "\u{feff}bo", "bo\0", " "] {
        let item = CardItem { kind: IdentifierKind::HostName.on_card(), value: name.into() };
        assert_eq!(Card::new(vec![item]), Err(CardError::Value), "{name:?}");
    }
    for name in
        ["bo-laptop", "Bo-Laptop", "bo-laptop.local", "nas.lan", "a.b.internal", "x.home.arpa"]
    {
        let written = text(&key(name), "ssh");
        assert!(written.starts_with(&format!("{} ssh-ed25519 ", name.to_lowercase())), "{written}");
    }
    let without: Vec<_> = identifiers("x")
        .into_iter()
        .filter(|shared| shared.kind() != IdentifierKind::HostName)
        .collect();
    let error = export(&key_with(&Card::of(&without).unwrap()), "ssh", &OptionValues::default());
    let missing = ExportError::InvalidOption { option: "host", error: OptionError::Missing };
    assert_eq!(error.unwrap_err(), missing);
}

#[test]
fn a_host_that_is_typed_is_exactly_one_host() {
    let key = key("github.com");
    let given = |host: &str| export(&key, "ssh", &OptionValues::default().with("host", host));
    for (typed, written, destination) in [
        ("bo.example.org", "bo.example.org", "bo.example.org"),
        ("  Bo.Example.ORG ", "bo.example.org", "bo.example.org"),
        ("github.com", "github.com", "github.com"),
        ("192.0.2.2", "192.0.2.2", "192.0.2.2"),
        ("2001:DB8::0:1", "2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:2222", "[2001:db8::1]:2222", "-p 2222 2001:db8::1"),
        ("[bo.local]:2222", "[bo.local]:2222", "-p 2222 bo.local"),
        ("[bo.local]:22", "bo.local", "bo.local"),
        ("[bo.local]", "bo.local", "bo.local"),
    ] {
        let export = given(typed).unwrap();
        let file = String::from_utf8(export.file.expose().to_vec()).unwrap();
        assert!(file.starts_with(&format!("{written} ssh-ed25519 ")), "{typed}: {file}");
        assert_eq!(file.lines().count(), 1);
        assert_eq!(export.host.as_deref(), Some(written));
        assert!(export.places.contains(&("{destination}", destination.to_owned())), "{typed}");
    }
    for bad in [
        "*",
        "a,b",
        "a b",
        "@cert-authority *",
        "!a",
        "|1|a|b",
        "a?",
        "[a]:0",
        "[a]:+2",
        "[a]:99999",
        "[a]x",
        "[*]:22",
        "[]:22",
        "a:2222",
        "999.1.1.1",
        "..",
        "a..b",
        "-a",
        "a#",
        "büro.de",
        "a\nb",
        "fe80::1%eth0",
        "[a]:22,b",
    ] {
        let error = given(bad).unwrap_err();
        assert!(
            matches!(error, ExportError::InvalidOption { option: "host", .. }),
            "{bad}: {error}"
        );
    }
}

/// Of the right length, and still no key: with these anybody would come in.
#[test]
fn a_key_that_everybody_could_use_becomes_no_file() {
    for (kind, target) in [
        (IdentifierKind::SshHost, "ssh"),
        (IdentifierKind::SshUser, "ssh-login"),
        (IdentifierKind::Syncthing, "syncthing"),
        (IdentifierKind::WireGuard, "wireguard"),
        (IdentifierKind::Age, "age-recipient"),
    ] {
        let item = CardItem { kind: kind.on_card(), value: vec![0; 32] };
        let key = key_with(&Card::new(vec![item]).unwrap());
        let error = export(&key, target, &OptionValues::default().with("host", "bo"));
        let error = match error {
            // Only one of them has the option.
            Err(ExportError::NoSuchOption { .. }) => export(&key, target, &OptionValues::default()),
            other => other,
        };
        assert_eq!(
            error.unwrap_err(),
            ExportError::Identifier(IdentifierError::Unsafe(kind)),
            "{target}"
        );
    }
}

#[test]
fn one_changed_byte_is_another_identifier_or_none() {
    let card = shared_card("bo");
    for target in TARGETS.iter().filter(|target| target.is_public()) {
        let kind = target.shared.unwrap().on_card();
        let right = text(&key_with(&card), target.name);
        let mut items = card.items().to_vec();
        let item = items.iter_mut().find(|item| item.kind == kind).unwrap();
        *item.value.last_mut().unwrap() ^= 1;
        let changed = key_with(&Card::new(items).unwrap());
        match export(&changed, target.name, &OptionValues::default()) {
            Ok(export) => assert_ne!(export.file.expose(), right.as_bytes(), "{target:?}"),
            Err(error) => assert!(matches!(error, ExportError::Identifier(_)), "{error}"),
        }
    }
}

/// A key file that was changed on the disk.
#[test]
fn a_damaged_card_is_told() {
    let mut key = key("bo");
    for damaged in [Value::from("!"), Value::from(7), Value::from("AQE")] {
        key.set_member("card", Some(damaged));
        let error = export(&key, "ssh", &OptionValues::default()).unwrap_err();
        assert!(matches!(error, ExportError::Card(_)), "{error}");
    }
    key.set_member("card", None);
    assert!(key.card().unwrap().is_empty());
}
