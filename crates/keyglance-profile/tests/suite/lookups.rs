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
    profile.rename_contact(id_of(&profile, &text), "Mallory").unwrap();
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
    assert!(matches!(profile.find_key(&start[..3]), Err(StoreError::NotFound { .. })));
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

#[test]
fn a_contact_and_the_key_of_another_one_with_one_name_are_told_apart() {
    let (_folder, profile) = profile();
    let first = keep(&profile, 2, "Bo", 20).unwrap().key_id;
    // The key keeps its name.
    profile.rename_contact(id_of(&profile, "Bo"), "Robert").unwrap();
    let second = keep(&profile, 3, "Bo", 30).unwrap();
    assert_eq!((second.contact_name.as_str(), second.key_name.as_str()), ("Bo", "Bo 2"));
    for result in [
        profile.find_usable_key("Bo", ANY).map(drop),
        profile.sealer("bo", Purpose::none(), ANY).map(drop),
    ] {
        assert!(matches!(result, Err(StoreError::Ambiguous { .. })), "{result:?}");
    }
    assert_eq!(profile.find_key("Bo").unwrap().file.key_id(), first);
    assert_eq!(profile.find_usable_key("Bo 2", ANY).unwrap().file.key_id(), second.key_id);
    assert_eq!(profile.find_usable_key("Robert", ANY).unwrap().file.key_id(), first);
    let id = profile.find_contact("Bo").unwrap().id().to_string();
    assert_eq!(
        profile.sealer(&id, Purpose::none(), ANY).unwrap().key().file.key_id(),
        second.key_id
    );
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
