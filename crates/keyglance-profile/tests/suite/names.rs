//! Names that a stranger could take for somebody else's.

use std::fs;

use keyglance_core::contacts::{LocalNameError, PeerIdentity};
use keyglance_core::crypto::PublicKey;
use keyglance_profile::{Profile, StoreError};
use tempfile::tempdir;

use super::store::keep;
use keyglance_core::test_util::time;

const AT: &str = "2026-11-24T04:00:00Z";

fn add(profile: &Profile, name: &str, key: u8) -> Result<String, StoreError> {
    let identity = PeerIdentity::of(PublicKey::from_bytes([key; 32]));
    profile.add_contact(name, identity, time(AT)).map(|contact| contact.name.to_string())
}

#[test]
fn a_stranger_under_a_name_that_looks_like_a_contacts_is_told() {
    for lookalike in ["Bob", "BOB", "\u{412}ob", "Ｂob", "B0b", "B\u{3BF}b", "𝐁ob"] {
        let folder = tempdir().unwrap();
        let profile = Profile::open(&folder.path().join("profile")).unwrap();
        keep(&profile, 2, "Bob", 20).unwrap();
        let kept = keep(&profile, 3, lookalike, 30).unwrap();
        assert_eq!(kept.key_changed.as_deref(), Some("Bob"), "{lookalike:?}");
        assert!(
            matches!(add(&profile, lookalike, 4), Err(StoreError::NameTaken(_))),
            "{lookalike:?}"
        );
    }
}

#[test]
fn names_in_two_spellings_are_one_contact() {
    let folder = tempdir().unwrap();
    let profile = Profile::open(&folder.path().join("profile")).unwrap();
    assert_eq!(add(&profile, "Rene\u{301}", 2).unwrap(), "René");
    for spelling in ["René", "Rene\u{301}", "RENÉ", " rené "] {
        assert_eq!(profile.find_contact(spelling).unwrap().name.as_str(), "René");
    }
    assert!(matches!(add(&profile, "RENE\u{301}", 3), Err(StoreError::NameTaken(_))));
}

#[test]
fn what_nobody_sees_is_no_part_of_a_name() {
    let folder = tempdir().unwrap();
    let profile = Profile::open(&folder.path().join("profile")).unwrap();
    add(&profile, "Bob", 2).unwrap();
    for hidden in [
        '\u{200B}',
        '\u{200D}',
        '\u{2060}',
        '\u{3164}',
        '\u{AD}',
        '\u{FEFF}',
        '\u{FE0F}',
        '\u{E0041}',
        '\u{115F}',
        '\u{2800}',
        '\u{34F}',
        '\u{206A}',
        '\u{FFF9}',
    ] {
        let refused = Err(StoreError::Name(LocalNameError::Hidden(hidden)));
        assert_eq!(add(&profile, &format!("Bo{hidden}b"), 3), refused);
    }
}

/// Earlier builds took such names, and what they stored must not be lost.
#[test]
fn contacts_and_identities_of_an_earlier_build_keep_their_files() {
    let folder = tempdir().unwrap();
    let profile = Profile::open(&folder.path().join("profile")).unwrap();
    keep(&profile, 2, "Bob", 20).unwrap();
    let contact = fs::read_dir(profile.folder().join("contacts")).unwrap().next().unwrap();
    let path = contact.unwrap().path();
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"Bob\"", "\"Rene\u{301}\u{200B}\"")).unwrap();
    let (contacts, warnings) = profile.contacts().unwrap();
    assert_eq!((contacts.len(), warnings.len()), (1, 0));
    assert_eq!(contacts[0].name.as_str(), "René");
}
