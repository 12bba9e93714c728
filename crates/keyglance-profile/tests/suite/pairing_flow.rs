//! A pairing flow stores before it shows, whatever a face does with its steps.

use std::sync::Arc;
use std::time::Duration;

use keyglance_core::crypto::IdentityKey;
use keyglance_core::pairing::{CheckEntry, Frame, Phase};
use keyglance_core::test_util::{name, seeded, time};
use keyglance_core::trust::{Method, Trust};
use keyglance_profile::{
    Channel, FinishedPairing, PairingFlow, Profile, Require, Step, StoreError, StoreRequest,
    VerificationResult,
};
use rand_chacha::ChaCha20Rng;
use tempfile::{TempDir, tempdir};

use crate::store::NOW;

const SOON: Duration = Duration::from_millis(100);

type Flow = PairingFlow<ChaCha20Rng>;

/// A device with a profile of its own.
struct Device {
    flow: Flow,
    profile: Profile,
    _folder: TempDir,
}

/// What became of the steps of one text.
#[derive(Default)]
struct Outcome {
    requests: Vec<StoreRequest>,
    finished: Option<Box<FinishedPairing>>,
    locked: usize,
    not_stored: usize,
}

impl Outcome {
    fn of(steps: Vec<Step>) -> Self {
        let mut outcome = Self::default();
        for step in steps {
            match step {
                Step::Store(request) => outcome.requests.push(request),
                Step::Finished(finished) => outcome.finished = Some(finished),
                Step::KeptLocked(_) => outcome.locked += 1,
                Step::NotStored(_) => outcome.not_stored += 1,
                Step::Failed(error) => panic!("{error}"),
                _ => {}
            }
        }
        outcome
    }
}

impl Device {
    fn new(seed: u64) -> Self {
        let mut rng = seeded(seed);
        let key = Arc::new(IdentityKey::generate(&mut rng));
        let flow = Flow::new(key, name(&format!("device {seed}")), None, rng, Duration::ZERO);
        let folder = tempdir().unwrap();
        let profile = Profile::open(&folder.path().join("profile")).unwrap();
        Self { flow, profile, _folder: folder }
    }

    fn frame(&self) -> Frame {
        self.flow.frame().unwrap().clone()
    }

    fn sees(&mut self, other: &Self, channel: Channel) -> Outcome {
        let text = other.flow.code().unwrap();
        Outcome::of(self.flow.handle(SOON, &text, channel))
    }

    fn store(&mut self, request: StoreRequest) -> Outcome {
        Outcome::of(self.flow.stored(request.carry_out(&self.profile, time(NOW))))
    }

    fn keys(&self) -> Vec<keyglance_profile::StoredKey> {
        self.profile.keys().unwrap().0
    }
}

/// Two devices, the initiator first, that have exchanged all up to message 3:
/// the responder has just been asked to store its key.
fn at_message3(channel: Channel) -> (Device, Device, StoreRequest) {
    let (one, two) = (Device::new(1), Device::new(2));
    let commitment = |device: &Device| match device.frame() {
        Frame::Hello(hello) => hello.commitment,
        other => panic!("no HELLO: {other:?}"),
    };
    let (mut initiator, mut responder) =
        if commitment(&one) < commitment(&two) { (one, two) } else { (two, one) };
    initiator.sees(&responder, channel);
    responder.sees(&initiator, channel);
    initiator.sees(&responder, channel);
    let mut outcome = responder.sees(&initiator, channel);
    let request = outcome.requests.pop().expect("the key is to be stored");
    (initiator, responder, request)
}

/// Both devices have the key and know it.
fn paired(channel: Channel) -> (Device, Device, Box<FinishedPairing>) {
    let (mut initiator, mut responder, request) = at_message3(channel);
    responder.store(request);
    let mut outcome = initiator.sees(&responder, channel);
    let finished = initiator.store(outcome.requests.pop().unwrap()).finished.unwrap();
    let mut outcome = responder.sees(&initiator, channel);
    assert!(outcome.finished.is_some());
    responder.store(outcome.requests.pop().unwrap());
    (initiator, responder, finished)
}

#[test]
fn a_responder_does_not_say_that_it_has_the_key_before_it_is_stored() {
    let (mut initiator, mut responder, request) = at_message3(Channel::Camera);
    assert!(matches!(responder.frame(), Frame::Message2 { .. }), "{:?}", responder.frame());
    // Whatever is seen and however long it takes: nothing moves until then.
    responder.sees(&initiator, Channel::Camera);
    assert!(responder.flow.tick(Duration::from_secs(200)).is_empty());
    assert!(matches!(responder.frame(), Frame::Message2 { .. }));
    assert!(initiator.sees(&responder, Channel::Camera).requests.is_empty());

    responder.store(request);
    assert!(matches!(responder.frame(), Frame::Confirm { .. }));
    let [key] = responder.keys().try_into().unwrap();
    assert!(!key.file.is_acknowledged(), "the initiator may never have seen it");
}

#[test]
fn an_initiator_does_not_say_that_it_has_the_key_before_it_is_stored() {
    let (mut initiator, mut responder, request) = at_message3(Channel::Camera);
    responder.store(request);
    let mut outcome = initiator.sees(&responder, Channel::Camera);
    assert!(outcome.finished.is_none());
    assert!(matches!(initiator.frame(), Frame::Message3 { .. }), "{:?}", initiator.frame());
    let outcome = initiator.store(outcome.requests.pop().unwrap());
    assert!(outcome.finished.is_some());
    assert!(matches!(initiator.frame(), Frame::Done { .. }));
}

#[test]
fn a_key_that_cannot_be_stored_is_wiped_and_the_other_device_never_believes_in_it() {
    let (mut initiator, mut responder, request) = at_message3(Channel::Camera);
    std::fs::remove_dir_all(responder.profile.folder()).unwrap();
    assert_eq!(responder.store(request).not_stored, 1);
    assert_eq!(responder.flow.code(), None);
    assert!(matches!(responder.flow.phase(), Phase::Failed(_)));
    // All that the initiator ever saw is message 2.
    assert!(initiator.flow.tick(SOON).is_empty());
    assert!(initiator.keys().is_empty());
    assert_ne!(initiator.flow.phase(), Phase::Finished);
}

#[test]
fn the_responders_key_is_unlocked_once_the_initiator_says_that_it_has_it() {
    let (initiator, responder, finished) = paired(Channel::Camera);
    let keys = [initiator.keys(), responder.keys()].map(|keys| keys.into_iter().next().unwrap());
    for key in &keys {
        assert!(key.file.is_acknowledged());
        assert_eq!(key.file.key_id(), finished.saved.key_id);
    }
    assert_eq!(*keys[0].file.safety_number(), finished.safety_number);
}

#[test]
fn a_person_can_say_that_the_other_device_has_the_key() {
    let (mut initiator, mut responder, request) = at_message3(Channel::Camera);
    assert!(!responder.flow.awaits_acknowledgement(), "nothing is stored yet");
    assert!(responder.flow.acknowledge().is_empty());
    responder.store(request);
    assert!(responder.flow.awaits_acknowledgement());
    assert!(!initiator.flow.awaits_acknowledgement());
    assert!(initiator.flow.acknowledge().is_empty());

    let mut outcome = Outcome::of(responder.flow.acknowledge());
    assert!(outcome.finished.is_some());
    responder.store(outcome.requests.pop().unwrap());
    assert!(responder.keys()[0].file.is_acknowledged());
}

#[test]
fn a_contact_is_seen_by_camera_only_if_every_code_was() {
    for (first, then, trust) in [
        (Channel::Camera, Channel::Camera, Trust::SeenByCamera),
        (Channel::Relayed, Channel::Relayed, Trust::Unverified),
        (Channel::Relayed, Channel::Camera, Trust::Unverified),
        (Channel::Camera, Channel::Relayed, Trust::Unverified),
    ] {
        let (mut initiator, mut responder, request) = at_message3(first);
        responder.store(request);
        let mut outcome = initiator.sees(&responder, then);
        initiator.store(outcome.requests.pop().unwrap());
        let (contacts, _) = initiator.profile.contacts().unwrap();
        assert_eq!(contacts[0].trust(), trust, "{first:?}, then {then:?}");
    }
}

#[test]
fn a_key_that_is_left_while_it_is_stored_stays_locked_and_is_told() {
    let leave: [fn(&mut Flow) -> Vec<Step>; 2] = [|flow| flow.restart(SOON), Flow::cancel];
    for leave in leave {
        let (initiator, mut responder, request) = at_message3(Channel::Camera);
        leave(&mut responder.flow);
        assert_eq!(responder.store(request).locked, 1);
        let [key] = responder.keys().try_into().unwrap();
        assert!(!key.file.is_acknowledged());
        assert!(responder.profile.usable_key(key.file.key_id(), Require::Usable).is_err());
        drop(initiator);
    }
}

#[test]
fn a_key_that_is_left_unacknowledged_stays_locked_and_is_told() {
    let (_initiator, mut responder, request) = at_message3(Channel::Camera);
    responder.store(request);
    assert_eq!(Outcome::of(responder.flow.restart(SOON)).locked, 1);
    assert!(matches!(responder.frame(), Frame::Hello(_)));
    assert_eq!(responder.flow.saved_pairing(), None);

    // Its digits cannot be typed any more, though a person may say that the other
    // device has the key: it was revealed, and left.
    let id = responder.keys()[0].file.key_id();
    responder.profile.acknowledge(id).unwrap();
    let typed = responder.profile.enter_check_code(id, "123456", time(NOW));
    assert!(matches!(typed, Err(StoreError::NothingToCompare(_))), "{typed:?}");
}

/// Six digits that are neither screen's.
fn wrong(one: &str, other: &str) -> String {
    let digits = ["111111", "222222", "333333"];
    digits.into_iter().find(|digits| ![one, other].contains(digits)).unwrap().to_owned()
}

#[test]
fn the_other_screens_digits_verify_the_key_and_its_contact() {
    let (initiator, responder, finished) = paired(Channel::Camera);
    let id = finished.saved.key_id;
    let at = time(NOW);
    let shown = |device: &Device| {
        device.profile.key(id).unwrap().comparison.unwrap().codes().shown.digits()
    };
    let [ours, theirs] = [shown(&initiator), shown(&responder)];
    assert_eq!(finished.check_code.digits(), ours);
    let enter = |text: &str| initiator.profile.enter_check_code(id, text, at);
    assert_eq!(enter(&ours), Ok(CheckEntry::OwnDigits));
    assert!(initiator.profile.usable_key(id, Require::Usable).unwrap().is_unverified());
    assert_eq!(enter(&theirs), Ok(CheckEntry::Match));
    assert!(!initiator.profile.usable_key(id, Require::Usable).unwrap().is_unverified());
    let (contacts, _) = initiator.profile.contacts().unwrap();
    assert!(matches!(contacts[0].trust(), Trust::Verified(_)));
    assert!(matches!(enter(&theirs), Err(StoreError::NothingToCompare(_))));
}

#[test]
fn wrong_entries_are_counted_over_restarts_and_the_second_wipes_the_key() {
    let (_, responder, finished) = paired(Channel::Camera);
    let id = finished.saved.key_id;
    let shown = responder.profile.key(id).unwrap().comparison.unwrap().codes().shown.digits();
    let theirs = finished.check_code.digits();
    let folder = responder.profile.folder().to_owned();
    drop(responder.profile);
    // Each entry by a program of its own.
    let enter = |text: &str| {
        let profile = Profile::open(&folder).unwrap();
        profile.enter_check_code(id, text, time(NOW))
    };
    assert_eq!(enter(&wrong(&shown, &theirs)), Ok(CheckEntry::Wrong { left: 1 }));
    assert_eq!(enter("12345"), Ok(CheckEntry::NotSixDigits));
    assert_eq!(enter(&wrong(&shown, &theirs)), Ok(CheckEntry::Mismatch));
    let profile = Profile::open(&folder).unwrap();
    assert!(profile.keys().unwrap().0.is_empty());
    assert!(profile.contacts().unwrap().0.is_empty(), "it came with the pairing");
    assert!(matches!(enter(&theirs), Err(StoreError::NotFound { .. })));
}

#[test]
fn where_the_devices_do_not_agree_nothing_that_was_there_before_is_affected() {
    // Verified by its safety number meanwhile: the contact stays, its key goes.
    let (initiator, responder, finished) = paired(Channel::Camera);
    let id = finished.saved.key_id;
    let contact = initiator.profile.contacts().unwrap().0[0].id();
    let result = VerificationResult::Match(Method::SafetyNumber);
    initiator.profile.record_verification(contact, result, time(NOW)).unwrap();
    initiator.profile.reject_check_code(id).unwrap();
    assert!(initiator.keys().is_empty());
    assert_eq!(initiator.profile.contacts().unwrap().0.len(), 1);

    responder.profile.reject_check_code(id).unwrap();
    assert!(responder.profile.contacts().unwrap().0.is_empty());
}

#[test]
fn steps_that_are_stored_at_once_come_in_the_same_order() {
    let (mut initiator, mut responder, request) = at_message3(Channel::Camera);
    responder.store(request);
    let text = responder.flow.code().unwrap();
    let steps = initiator.flow.handle(SOON, &text, Channel::Camera);
    let steps = initiator.flow.store(steps, &initiator.profile, time(NOW));
    let kinds: Vec<&str> = steps
        .iter()
        .map(|step| match step {
            Step::ShowCode => "show",
            Step::Finished(_) => "finished",
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(kinds, ["show", "finished"]);
    assert_eq!(initiator.keys().len(), 1);
}
