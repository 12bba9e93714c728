//! What cards carry, held against the texts of the programs themselves.

use keyglance_core::identifiers::{
    HostName, Identifier, IdentifierError, IdentifierKind, MinisignKey, SyncthingId,
};
use keyglance_core::pairing::{Card, CardItem, CardItemKind};
use keyglance_core::test_util::hex;
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../vectors/identifiers.json")).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn one_of_each() -> Vec<Identifier> {
    keyglance_core::test_util::identifiers("bo-laptop")
}

#[test]
fn each_is_shown_as_its_own_program_shows_it() {
    let known = vectors();
    let shown: Vec<String> = one_of_each().iter().map(ToString::to_string).collect();
    let minisign = text(&known["minisign"][0]).lines().nth(1).unwrap();
    assert_eq!(
        shown,
        [
            text(&known["ssh"]["fingerprint"]),
            text(&known["ssh"]["fingerprint"]),
            text(&known["syncthing"][0]["id"]),
            text(&known["wireguard"]),
            text(&known["openpgp"]["shown"]),
            text(&known["age"]),
            "bo-laptop",
            minisign,
        ]
    );
    let Identifier::SshHost(key) = &one_of_each()[0] else { panic!() };
    assert_eq!(format!("{} bo@laptop\n", key.to_line()), text(&known["ssh"]["line"]));
}

#[test]
fn syncthings_ids_are_the_hashes_of_its_certificates() {
    for device in vectors()["syncthing"].as_array().unwrap() {
        let id = SyncthingId::of_certificate(text(&device["certificate"])).unwrap();
        assert_eq!(id.to_string(), text(&device["id"]));
        assert_eq!(SyncthingId::parse(text(&device["id"])), Ok(id));
        // As Syncthing takes them too.
        let loose = text(&device["id"]).to_lowercase().replace('-', " ").replace('b', "8");
        assert_eq!(SyncthingId::parse(&loose), Ok(id));
    }
}

#[test]
fn minisigns_key_ids_are_those_of_its_comments() {
    for file in vectors()["minisign"].as_array().unwrap() {
        let key = MinisignKey::parse(text(file)).unwrap();
        let id = text(file).lines().next().unwrap().rsplit(' ').next().unwrap();
        assert_eq!(key.key_id(), id);
    }
}

/// Whoever shows a letter for another one is not taken at their word.
#[test]
fn one_wrong_letter_is_never_another_identifier() {
    let known = vectors();
    for (kind, text) in [
        (IdentifierKind::Syncthing, text(&known["syncthing"][1]["id"])),
        (IdentifierKind::Age, text(&known["age"])),
    ] {
        let right = kind.parse(text).unwrap();
        for place in 0..text.len() {
            for other in ['Q', 'Z', '7', 'P'] {
                let mut letters: Vec<char> = text.chars().collect();
                let other =
                    if kind == IdentifierKind::Age { other.to_ascii_lowercase() } else { other };
                if letters[place] == other || letters[place] == '-' {
                    continue;
                }
                letters[place] = other;
                let changed: String = letters.into_iter().collect();
                assert_ne!(kind.parse(&changed).ok(), Some(right.clone()), "{changed}");
                assert!(kind.parse(&changed).is_err(), "{changed}");
            }
        }
    }
}

#[test]
fn a_private_key_is_refused_as_one() {
    for (kind, text) in [
        (IdentifierKind::SshUser, "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n"),
        (
            IdentifierKind::SshHost,
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n-----END PRIVATE KEY-----",
        ),
        (IdentifierKind::Syncthing, "-----BEGIN EC PRIVATE KEY-----\nMC4CAQAw\n"),
        (IdentifierKind::Age, "# public key: age1\nAGE-SECRET-KEY-1QQQQ"),
        (IdentifierKind::Age, "age-secret-key-pq-1qqqq"),
        (IdentifierKind::OpenPgp, "-----BEGIN PGP PRIVATE KEY BLOCK-----"),
    ] {
        assert_eq!(kind.parse(text), Err(IdentifierError::Private), "{text}");
    }
}

#[test]
fn what_is_another_thing_is_told() {
    let known = vectors();
    for line in known["ssh"]["other_types"].as_array().unwrap() {
        let kind = text(line).split(' ').next().unwrap().to_owned();
        let read = IdentifierKind::SshUser.parse(text(line));
        assert_eq!(read, Err(IdentifierError::OtherType(kind)));
    }
    let line = text(&known["ssh"]["line"]);
    for kind in IdentifierKind::ALL.into_iter().filter(|kind| *kind != IdentifierKind::HostName) {
        for other in
            ["", " ", "\u{feff}", "AAAA", "ssh-ed25519", "ssh-ed25519 AAAA", "é", "age1", "0x"]
        {
            assert_eq!(kind.parse(other).ok(), None, "{kind:?} {other:?}");
        }
    }
    // The type outside is not the one inside; something follows the key.
    let relabelled = line.replacen("ssh-ed25519", "ssh-rsa", 1);
    assert!(IdentifierKind::SshUser.parse(&relabelled).is_err());
    for name in ["", " ", "a\nb", "a\u{202e}b", "\u{200b}", &"x".repeat(64)] {
        assert!(HostName::new(name).is_err() && HostName::parse(name).is_err(), "{name:?}");
    }
    assert_eq!(HostName::parse(" bo\n").unwrap().as_str(), "bo");
}

/// With these points anybody can sign, or knows the shared secret.
#[test]
fn keys_that_everybody_can_use_are_none() {
    let ed25519 = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        // No point at all.
        "0200000000000000000000000000000000000000000000000000000000000000",
    ];
    let x25519 = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];
    let item = |kind: IdentifierKind, value: Vec<u8>| CardItem { kind: kind.on_card(), value };
    let refused = |kind, value| {
        assert_eq!(
            Identifier::from_item(&item(kind, value)),
            Some(Err(IdentifierError::Unsafe(kind))),
        );
    };
    for point in ed25519 {
        refused(IdentifierKind::SshHost, hex(point));
        refused(IdentifierKind::SshUser, hex(point));
        refused(IdentifierKind::Minisign, [b"Ed12345678".as_slice(), &hex(point)].concat());
    }
    for point in x25519 {
        refused(IdentifierKind::WireGuard, hex(point));
        refused(IdentifierKind::Age, hex(point));
    }
    refused(IdentifierKind::Syncthing, vec![0; 32]);
    refused(IdentifierKind::Syncthing, vec![0xff; 32]);
    refused(IdentifierKind::OpenPgp, vec![0; 20]);
    refused(IdentifierKind::Minisign, vec![b'E'; 42]);
}

#[test]
fn a_card_of_them_is_read_as_it_was_written() {
    let shared = one_of_each();
    let card = Card::of(&shared).unwrap();
    let read = Card::from_bytes(&card.to_bytes()).unwrap();
    assert_eq!(read.identifiers().collect::<Result<Vec<_>, _>>().unwrap(), shared);
    for own in &shared {
        assert_eq!(read.identifier(own.kind()), Some(Ok(own.clone())));
        assert_eq!(IdentifierKind::from_name(own.kind().name()), Some(own.kind()));
    }
    let later = CardItem { kind: CardItemKind(200), value: b"later".to_vec() };
    let later = Card::new(vec![later]).unwrap();
    assert_eq!(later.identifiers().count(), 0);
}

/// Only names that no host of the internet has are taken as they come.
#[test]
fn a_host_name_is_taken_by_itself_only_within_the_own_network() {
    for (name, taken) in [
        ("bo-laptop", Some("bo-laptop")),
        ("Bo-Laptop", Some("bo-laptop")),
        ("bo.local", Some("bo.local")),
        ("nas.LAN", Some("nas.lan")),
        ("nas.home.arpa", Some("nas.home.arpa")),
        ("db.prod.internal", Some("db.prod.internal")),
        ("github.com", None),
        ("github.com,x", None),
        ("*", None),
        ("*.local", None),
        ("!bo.local", None),
        ("bo,github.com.local", None),
        ("@cert-authority *", None),
        ("|1|abc=|def=", None),
        ("[github.com]:22", None),
        ("bo?", None),
        ("bo #", None),
        ("local", Some("local")),
        (".local", None),
        ("github.com.", None),
        ("notlocal.lan.com", None),
        ("evil.xlan", None),
        ("localhost", None),
        ("127.0.0.1", None),
        ("1", None),
        ("::1", None),
        ("büro", None),
        ("büro.local", None),
        ("ｂｏ", None),
    ] {
        assert_eq!(HostName::new(name).unwrap().local().as_deref(), taken, "{name:?}");
    }
}
