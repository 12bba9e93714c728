//! What an author may rely on: threads, ids and names.

use keyglance_core::contacts::{Contact, ContactId, LocalNameError, Name, NameConflict};
use keyglance_core::crypto::{Exporter, Fingerprint, IdError, IdentityKey, KeyId};
use keyglance_core::exports::{Export, Target};
use keyglance_core::keyfile::{KeyFile, Passphrase};
use keyglance_core::pairing::{Event, Pairing, Role, Session};
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
fn ids_are_sixteen_lower_case_digits() {
    let id = ContactId::of(&Fingerprint::from_bytes([0xab; 32]));
    assert_eq!(id.to_string(), "abababababababab");
    assert_eq!(id.to_string().parse(), Ok(id));
    let key: KeyId = "00000000000000ff".parse().unwrap();
    assert_eq!(key.to_string(), "00000000000000ff");
    for wrong in ["", "ab", "ABABABABABABABAB", "abababababababag", "+babababababababa", " ab"] {
        assert_eq!(wrong.parse::<ContactId>(), Err(IdError), "{wrong:?}");
        assert_eq!(wrong.parse::<KeyId>(), Err(IdError), "{wrong:?}");
    }
    assert_eq!(serde_json::to_value(id).unwrap(), "abababababababab");
    assert_eq!(serde_json::from_str::<ContactId>("\"abababababababab\"").unwrap(), id);
    assert!(serde_json::from_str::<ContactId>("\"abc\"").is_err());
}

#[test]
fn names_are_visible_and_short_enough_to_be_stored() {
    assert_eq!("  Bo \n".parse::<Name>().unwrap().as_str(), "Bo");
    for (text, error) in [
        (" \t", LocalNameError::Empty),
        ("a\u{202E}b", LocalNameError::Hidden),
        ("a\nb", LocalNameError::Hidden),
        (&*"x".repeat(65), LocalNameError::TooLong),
    ] {
        assert_eq!(text.parse::<Name>(), Err(error), "{text:?}");
        assert!(serde_json::from_value::<Name>(text.into()).is_err(), "{text:?}");
    }
    assert!(local_name("Bo").is_same(" bO ") && !local_name("Bo").is_same("Bob"));
}

/// A number or `(old)` behind a long name used to make a contact's file that
/// could not be read again.
#[test]
fn names_that_are_told_apart_stay_short_enough() {
    let long = local_name(&"\u{e4}".repeat(Name::MAX));
    let second = long.unique([long.as_str()].into_iter());
    let old = long.with_suffix(" (old)").unwrap();
    for name in [&second, &old] {
        assert_eq!(name.chars().count(), Name::MAX);
        assert_eq!(name.as_str().parse::<Name>().as_ref(), Ok(name));
    }
    assert!(second.ends_with("\u{e4} 2") && old.ends_with("\u{e4} (old)"));
    let bo = local_name("Bo");
    assert_eq!(bo.unique(["Ana"].into_iter()), bo);
    assert_eq!(bo.unique(["BO", "bo 2"].into_iter()).as_str(), "Bo 3");
    assert!(bo.with_suffix("\n").is_ok_and(|name| name == bo));
    assert_eq!(bo.with_suffix("\u{202E}x"), Err(LocalNameError::Hidden));
}

#[test]
fn a_name_conflict_is_stored_as_the_rival() {
    let session = paired(device(1), device(2));
    let key = KeyFile::from_pairing(pairing(&session), time("2026-11-23T04:00:00Z"));
    let identity = keyglance_core::contacts::PeerIdentity::of(key.peer.identity);
    let mut contact = Contact::from_public_key(local_name("Bo 2"), identity, key.created);
    let id = ContactId::of(&Fingerprint::from_bytes([1; 32]));
    contact.name_conflict = Some(NameConflict { id, name: local_name("Bo") });
    let json: serde_json::Value = serde_json::from_slice(&contact.to_json()).unwrap();
    assert_eq!(json["rival"], serde_json::json!({ "id": "0101010101010101", "name": "Bo" }));
    assert_eq!(Contact::from_json(&contact.to_json()).unwrap(), contact);
}

#[test]
fn a_pairing_gives_no_key_before_the_other_device_has_it() {
    let (_, responder) = pair_at(4);
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
