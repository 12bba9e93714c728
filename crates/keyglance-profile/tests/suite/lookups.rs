//! What a person means by a text. A peer chooses its own name, so a name must not
//! reach what an id or a public key of somebody else means.

use keyglance_core::crypto::Purpose;
use keyglance_core::trust::{Method, Trust, Verified};
use keyglance_profile::{CandidateId, Profile, Require, StoreError};
use tempfile::{TempDir, tempdir};

use crate::store::{NOW, id_of, keep};
use keyglance_core::test_util::time;

fn profile() -> (TempDir, Profile) {
    let folder = tempdir().unwrap();
    let profile = Profile::open(&folder.path().join("profile")).unwrap();
    (folder, profile)
}

const ANY: Require = Require::Usable;

#[test]
fn a_peer_called_by_another_keys_id_gets_nothing_of_that_key() {
    let (_folder, profile) = profile();
    let bobs = keep(&profile, 2, "Bob", 20).unwrap().key_id;
    let text = bobs.to_string();
    let mallory = keep(&profile, 3, &text, 30).unwrap();
    assert_eq!(mallory.key_name, text);

    for id in [text.clone(), text.to_uppercase(), format!(" {text}\n")] {
        assert_eq!(profile.find_key(&id).unwrap().file.key_id(), bobs);
        assert_eq!(profile.find_usable_key(&id, ANY).unwrap().file.key_id(), bobs);
    }
    let sealer = profile.sealer(&text, Purpose::none(), ANY).unwrap();
    assert_eq!(sealer.key().file.key_id(), bobs);
    assert_eq!(profile.sealer("Bob", Purpose::none(), ANY).unwrap().key().file.key_id(), bobs);

    let verified = Verified { method: Method::CheckCode, at: time(NOW) };
    profile.verify(bobs, verified).unwrap();
    profile.rename_contact(mallory.contact, "Mallory").unwrap();
    assert_eq!(profile.find_contact("Bob").unwrap().trust(), Trust::Verified(verified));
    assert_eq!(profile.find_contact("Mallory").unwrap().trust(), Trust::SeenByCamera);
    assert_eq!(profile.remove_key(bobs).unwrap().name, "Bob");
}

/// The start of an id is no id: where it is somebody's name too, nobody is meant.
#[test]
fn a_name_that_is_the_start_of_an_id_decides_nothing() {
    let (_folder, profile) = profile();
    let bobs = keep(&profile, 2, "Bob", 20).unwrap().key_id;
    let start = bobs.to_string()[..8].to_owned();
    assert_eq!(profile.find_key(&start).unwrap().file.key_id(), bobs);
    assert!(matches!(profile.find_key(&start[..3]), Err(StoreError::NothingCalled { .. })));
    let mallory = keep(&profile, 3, &start, 30).unwrap().key_id;
    let both = [CandidateId::Key(bobs), CandidateId::Key(mallory)];
    for result in
        [profile.find_key(&start).map(drop), profile.find_usable_key(&start, ANY).map(drop)]
    {
        let Err(StoreError::Ambiguous { candidates, .. }) = result else { panic!("{result:?}") };
        let mut keys: Vec<_> = candidates.iter().map(|candidate| candidate.id).collect();
        keys.retain(|id| matches!(id, CandidateId::Key(_)));
        assert!(both.iter().all(|id| keys.contains(id)), "{candidates:?}");
    }
    // The whole id still means it, and the error says it.
    assert_eq!(profile.find_key(&bobs.to_string()).unwrap().file.key_id(), bobs);
    let error = profile.find_key(&start).unwrap_err().to_string();
    assert!(error.contains(&bobs.to_string()) && error.contains(&mallory.to_string()), "{error}");
}

#[test]
fn a_peer_called_by_another_ones_public_key_or_id_is_not_found_by_it() {
    let (_folder, profile) = profile();
    let bob = keep(&profile, 2, "Bob", 20).unwrap();
    let contact = profile.find_contact("Bob").unwrap();
    let key = contact.identity().key.unwrap();
    let (public, encoded) = (key.to_string(), key.to_base64url());
    let short = contact.id().to_string()[..31].to_owned();
    // As a person who is tricked names it; a pairing takes shorter names only.
    keep(&profile, 3, "Mallory", 30).unwrap();
    profile.rename_contact(id_of(&profile, "Mallory"), &encoded).unwrap();
    for text in [&public, &encoded, &contact.id().to_string()] {
        assert_eq!(profile.find_contact(text).unwrap().id(), contact.id(), "{text}");
        assert_eq!(profile.find_usable_key(text, ANY).unwrap().file.key_id(), bob.key_id);
        let sealer = profile.sealer(text, Purpose::none(), ANY).unwrap();
        assert_eq!(sealer.key().file.key_id(), bob.key_id);
    }
    assert_eq!(profile.find_contact(&short).unwrap().id(), contact.id());
    keep(&profile, 4, &short, 40).unwrap();
    assert!(matches!(profile.find_contact(&short), Err(StoreError::Ambiguous { .. })));
    assert!(profile.sealer(&short, Purpose::none(), ANY).is_err());
}

/// One name for both: who renames a contact finds its keys by the new name alone.
#[test]
fn keys_are_called_by_their_contact_whatever_that_is_called() {
    let (_folder, profile) = profile();
    let first = keep(&profile, 2, "Ana laptop", 20).unwrap().key_id;
    let second = keep(&profile, 2, "Ana laptop", 21).unwrap();
    assert_eq!(second.key_name, "Ana laptop · key 2");
    let contact = id_of(&profile, "Ana laptop");
    profile.rename_contact(contact, "Ana").unwrap();
    let usable = |text: &str| profile.find_usable_key(text, ANY).unwrap().file.key_id();
    assert_eq!((usable("Ana"), usable("ana · key 2")), (first, second.key_id));
    // No keyboard has that dot.
    assert_eq!(usable("Ana key 2"), second.key_id);
    for text in ["Ana", "Ana · key 2", &first.to_string(), &second.key_id.to_string()] {
        assert_eq!(profile.find_contact_or_key(text).unwrap().id(), contact, "{text}");
    }
    assert_eq!(profile.key(first).unwrap().name, "Ana");
    assert_eq!(profile.key(second.key_id).unwrap().name, "Ana · key 2");
    for gone in ["Ana laptop", "Ana laptop · key 2"] {
        assert!(profile.find_key(gone).is_err() && profile.find_usable_key(gone, ANY).is_err());
    }

    // With the first one gone, the contact's name means the one that is left.
    profile.remove_key(first).unwrap();
    assert_eq!(profile.find_key("Ana").unwrap().file.key_id(), second.key_id);
    assert_eq!(usable("Ana"), second.key_id);
    // Of two, which one is deleted or stopped is not guessed.
    let third = keep(&profile, 2, "Ana", 22).unwrap().key_id;
    let Err(StoreError::Ambiguous { candidates, .. }) = profile.find_key("Ana") else { panic!() };
    let ids: Vec<_> = candidates.iter().map(|candidate| candidate.id).collect();
    assert_eq!(ids, [CandidateId::Key(second.key_id), CandidateId::Key(third)]);
    let error = profile.find_key("Ana").unwrap_err().to_string();
    assert!(error.starts_with("Two fit \"Ana\": "), "{error}");
    assert!(error.contains(&third.to_string()), "ids are whole: {error}");
}

/// A contact can be called as another one's key is.
#[test]
fn a_contact_and_the_key_of_another_one_with_one_name_are_told_apart() {
    let (_folder, profile) = profile();
    keep(&profile, 2, "Bo", 20).unwrap();
    let second = keep(&profile, 2, "Bo", 21).unwrap().key_id;
    let other = keep(&profile, 3, "Bo · key 2", 30).unwrap();
    assert_eq!(
        (other.contact_name.as_str(), other.key_name.as_str()),
        ("Bo · key 2", "Bo · key 2")
    );
    for result in [
        profile.find_usable_key("Bo · key 2", ANY).map(drop),
        profile.sealer("bo · key 2", Purpose::none(), ANY).map(drop),
    ] {
        assert!(matches!(result, Err(StoreError::Ambiguous { .. })), "{result:?}");
    }
    for id in [second, other.key_id] {
        assert_eq!(profile.find_usable_key(&id.to_string(), ANY).unwrap().file.key_id(), id);
    }
}

/// A copy of a file, as a person may make one, is not a second contact or key: what
/// is stopped or does not match must not go on in it.
#[test]
fn a_copied_file_is_nobody() {
    let (_folder, profile) = profile();
    let key = keep(&profile, 2, "Bob", 20).unwrap().key_id;
    let contact = id_of(&profile, "Bob");
    for (folder, id) in [("keys", key.to_string()), ("contacts", contact.to_string())] {
        let folder = profile.folder().join(folder);
        for copy in ["0.json", "copy.json", &format!("{id} copy.json"), &format!("0{id}.json")] {
            std::fs::copy(folder.join(format!("{id}.json")), folder.join(copy)).unwrap();
        }
    }
    profile.retire_key(key, Some(time(NOW))).unwrap();
    profile.set_trust(contact, Trust::Broken, time(NOW)).unwrap();
    let ((keys, more), (contacts, warnings)) =
        (profile.keys().unwrap(), profile.contacts().unwrap());
    assert_eq!((keys.len(), contacts.len(), more.len(), warnings.len()), (1, 1, 4, 4));
    assert!(matches!(profile.usable_key(key, ANY), Err(StoreError::Refused(_))));
}
