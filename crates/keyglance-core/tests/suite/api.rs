//! What an author may rely on: threads, ids and names.

use keyglance_core::contacts::{
    ConflictDecision, Contact, ContactId, ContactIdError, Found, LocalNameError, Name,
    NameConflict, find_by_name,
};
use keyglance_core::crypto::{
    Exporter, Fingerprint, IdError, IdentityKey, KeyId, PublicKey, Purpose, PurposeError,
};
use keyglance_core::exports::{Export, Target};
use keyglance_core::keyfile::{KeyFile, Passphrase};
use keyglance_core::pairing::{Event, Pairing, Role, Session, Suites};
use keyglance_core::test_util::{device, local_name, pair_at, paired, pairing, time};
use rand_chacha::ChaCha20Rng;

#[test]
fn every_type_may_cross_threads() {
    const fn check<T: Send + Sync>() {}
    check::<Session<ChaCha20Rng>>();
    check::<(Event, Pairing, Exporter, IdentityKey)>();
    check::<(KeyFile, Passphrase, Target, Export, Contact)>();
}

#[test]
fn ids_are_lower_case_digits_of_one_length() {
    let id = ContactId::of(&Fingerprint::from_bytes([0xab; 32]));
    assert_eq!(id.to_string(), "ab".repeat(32));
    assert_eq!(id.to_string().parse(), Ok(id));
    let key: KeyId = "00000000000000ff".parse().unwrap();
    assert_eq!(key.to_string(), "00000000000000ff");
    for wrong in ["", "ab", "ABABABABABABABAB", "abababababababag", "+babababababababa", " ab"] {
        assert_eq!(wrong.parse::<ContactId>(), Err(ContactIdError), "{wrong:?}");
        assert_eq!(wrong.parse::<KeyId>(), Err(IdError), "{wrong:?}");
    }
    assert_eq!(serde_json::to_value(id).unwrap(), "ab".repeat(32));
    assert_eq!(serde_json::from_value::<ContactId>("ab".repeat(32).into()).unwrap(), id);
    // The short form of earlier builds is no id.
    assert_eq!("abababababababab".parse::<ContactId>(), Err(ContactIdError));
    assert!(serde_json::from_str::<ContactId>("\"abc\"").is_err());
}

#[test]
fn names_are_visible_and_short_enough_to_be_stored() {
    assert_eq!("  Bo \n".parse::<Name>().unwrap().as_str(), "Bo");
    assert_eq!("Rene\u{301}".parse::<Name>().unwrap().as_str(), "René");
    for (text, error, stored) in [
        (" \t", LocalNameError::Empty, None),
        ("a\u{202E}b", LocalNameError::Hidden('\u{202E}'), None),
        ("a\u{200B}b", LocalNameError::Hidden('\u{200B}'), Some("ab")),
        ("a\nb", LocalNameError::Hidden('\n'), None),
        ("\u{3164}", LocalNameError::Hidden('\u{3164}'), Some("Unnamed")),
        (&*"é".repeat(64), LocalNameError::TooLong, Some(&*"é".repeat(31))),
    ] {
        assert_eq!(text.parse::<Name>(), Err(error), "{text:?}");
        // An earlier build may have stored it: read as the nearest name.
        let read = serde_json::from_value::<Name>(text.into()).ok();
        assert_eq!(read.as_deref(), stored, "{text:?}");
    }
    assert!(local_name("Bo").is_same(" bO ") && !local_name("Bo").is_same("Bob"));
}

/// A number or `(old)` behind a long name used to make a contact's file that
/// could not be read again.
#[test]
fn names_that_are_told_apart_stay_short_enough() {
    let long = local_name(&"\u{e4}".repeat(Name::MAX / 2));
    let second = long.unique([long.as_str()].into_iter());
    let old = long.with_suffix(" (old)").unwrap();
    for name in [&second, &old] {
        assert!(name.len() <= Name::MAX);
        assert_eq!(name.as_str().parse::<Name>().as_ref(), Ok(name));
    }
    assert!(second.ends_with("\u{e4} 2") && old.ends_with("\u{e4} (old)"));
    let bo = local_name("Bo");
    assert_eq!(bo.unique(["Ana"].into_iter()), bo);
    assert_eq!(bo.unique(["BO", "bo 2"].into_iter()).as_str(), "Bo 3");
    assert_eq!(bo.unique(["\u{412}o", "Ｂ\u{43E}"].into_iter()).as_str(), "Bo 2");
    assert!(bo.with_suffix("\n").is_ok_and(|name| name == bo));
    assert_eq!(bo.with_suffix("\u{202E}x"), Err(LocalNameError::Hidden('\u{202E}')));
}

/// Exactly so called, else the only one that looks so: never one of several.
#[test]
fn a_name_that_is_looked_up_is_exact_or_the_only_one_that_looks_so() {
    let find = |names: &[&str], text: &str| match find_by_name(
        names.iter().copied(),
        |name| *name,
        text,
    ) {
        Found::None => "none".to_owned(),
        Found::One(name) => name.to_owned(),
        Found::Several(names) => names.join(" or "),
    };
    assert_eq!(find(&["Ana", "Bo"], "bo"), "Bo");
    assert_eq!(find(&["Ana", "René"], "rene\u{301}"), "René");
    assert_eq!(find(&["Ana", "Bo"], "\u{412}o"), "Bo");
    // What earlier builds took for two names.
    assert_eq!(find(&["Bo", "bo"], "bo"), "bo");
    assert_eq!(find(&["Bo", "bo"], "BO"), "Bo or bo");
    assert_eq!(find(&["Bo", "Bo"], "Bo"), "Bo or Bo");
    assert_eq!(find(&["Bo"], "Bob"), "none");
    assert_eq!(find(&[], ""), "none");
}

/// Two people type it each for themselves, and must get the same key.
#[test]
fn a_purpose_has_no_character_that_nobody_sees() {
    assert_eq!(Purpose::new("cafe\u{301}").unwrap().as_str(), "café");
    for hidden in ['\0', '\n', '\u{200B}', '\u{FEFF}', '\u{202E}', '\u{3164}', '\u{E000}'] {
        let text = format!("office{hidden}");
        assert_eq!(Purpose::new(&text), Err(PurposeError::Hidden(hidden)), "{text:?}");
    }
    assert_eq!(Purpose::new("office "), Err(PurposeError::Space));
}

#[test]
fn a_name_conflict_is_stored_as_the_rival() {
    let session = paired(device(1), device(2));
    let key = KeyFile::from_pairing(pairing(&session), time("2026-11-23T04:00:00Z"));
    let identity = keyglance_core::contacts::PeerIdentity::of(key.peer.identity);
    let mut contact = Contact::from_public_key(local_name("Bo 2"), identity, key.created);
    let id = ContactId::of(&Fingerprint::from_bytes([1; 32]));
    contact.name_conflict = Some(NameConflict::new(id, local_name("Bo")));
    let json: serde_json::Value = serde_json::from_slice(&contact.to_json()).unwrap();
    assert_eq!(json["rival"], serde_json::json!({ "id": "01".repeat(32), "name": "Bo" }));
    assert_eq!(Contact::from_json(&contact.to_json()).unwrap(), contact);
    for decision in [
        ConflictDecision::NewDevice,
        ConflictDecision::AnotherDevice,
        ConflictDecision::SomebodyElse,
        ConflictDecision::Blocked,
    ] {
        contact.name_conflict.as_mut().unwrap().decision = Some(decision);
        assert_eq!(Contact::from_json(&contact.to_json()).unwrap(), contact);
        assert!(contact.is_held_back(), "{decision:?}");
    }
}

/// Contacts of earlier builds have the first 8 bytes of the other one's id. They are
/// completed by the only id that begins so, and are nobody's else.
#[test]
fn a_short_id_of_an_earlier_build_is_completed_by_one_id_alone() {
    let key = PublicKey::from_bytes([7; 32]);
    let mut contact = Contact::from_public_key(
        local_name("Bo 2"),
        keyglance_core::contacts::PeerIdentity::of(key),
        time("2026-11-23T04:00:00Z"),
    );
    let [mut one, mut two] = [[1; 32], [1; 32]];
    (one[31], two[31]) = (2, 3);
    let [one, two] = [one, two].map(|bytes| ContactId::of(&Fingerprint::from_bytes(bytes)));
    contact.name_conflict = Some(NameConflict::new(one, local_name("Bo")));
    let text = String::from_utf8(contact.to_json()).unwrap();
    let old = text.replace(&one.to_string(), &one.short_form());
    let short = Contact::from_json(old.as_bytes()).unwrap().name_conflict.unwrap().id;
    assert_ne!(short, one);
    assert_eq!(short.completed([one].into_iter()), one);
    assert_eq!(short.completed([one, two].into_iter()), short);
    assert_eq!(short.completed([].into_iter()), short);
    assert_eq!(two.completed([one].into_iter()), two, "a whole one stays");
    for wrong in ["01010101010101", "0101010101010101ff", "g101010101010101"] {
        assert!(Contact::from_json(text.replace(&one.to_string(), wrong).as_bytes()).is_err());
    }
}

#[test]
fn a_pairing_gives_no_key_before_the_other_device_has_it() {
    let (_, responder) = pair_at(Suites::OFFERED, 4);
    let waiting = responder.pairing().unwrap();
    assert!(waiting.exporter().is_err() && !waiting.is_acknowledged());
    // It can be kept, locked, and unlocked by its user.
    let mut key = KeyFile::from_pairing(&waiting.duplicate(), time("2026-11-23T04:00:00Z"));
    assert!(key.exporter().is_err());
    let id = key.key_id();
    key.acknowledge();
    assert_eq!(key.exporter().unwrap().key_id(), id);
}

#[test]
fn roles_are_spelled_in_one_way() {
    for role in [Role::Initiator, Role::Responder] {
        assert_eq!(Role::parse(role.as_str()), Some(role));
    }
    assert_eq!(Role::parse("Initiator"), None);
}
