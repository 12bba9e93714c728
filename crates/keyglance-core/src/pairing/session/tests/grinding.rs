//! Why HELLO commits: an attacker who may choose his ephemeral keys after he
//! has seen the others' makes one device ask for the very digits that the other
//! screen shows; against commitments the same attacker fails.

use std::collections::HashMap;
use std::time::Duration;

use super::{Device, device};
use crate::crypto::noise::SymmetricState;
use crate::crypto::{PublicKey, Suite};
use crate::pairing::session::State;
use crate::pairing::transcript::Transcript;
use crate::pairing::{
    CheckCodes, CheckEntry, Event, Frame, Hello, PairingError, PendingCheck, Role, Suites,
};

const TRIES: u64 = 100_000;
const NOW: Duration = Duration::from_secs(1);

/// The attacker's half of a pairing with one victim. He answers as responder,
/// with the highest commitment there is, so that the victim reveals first.
struct Half {
    victim: Device,
    transcript: Transcript,
    e_victim: [u8; 32],
}

impl Half {
    fn open(mut victim: Device) -> Self {
        let Ok(Frame::Hello(initiator)) = Frame::from_text(victim.text().unwrap()) else {
            panic!("no HELLO")
        };
        let responder = Hello { suites: Suites::XX, commitment: [0xff; 32] };
        victim.handle(NOW, &Frame::Hello(responder).to_text());
        let Ok(Frame::Message1 { noise, .. }) = Frame::from_text(victim.text().unwrap()) else {
            panic!("no message 1")
        };
        let transcript = Transcript { suite: Suite::Xx, initiator, responder };
        Self { victim, transcript, e_victim: noise.try_into().unwrap() }
    }

    /// The check codes that the victim would have for the attacker's n-th key.
    fn codes(&self, n: u64) -> CheckCodes {
        let e_victim = PublicKey::from_bytes(self.e_victim);
        self.transcript.check_codes(Role::Initiator, &e_victim, &key(n), &[])
    }

    /// Shows the victim message 2 with the n-th key.
    fn answer(&mut self, n: u64) -> Vec<Event> {
        let frame = self.message2(n);
        self.victim.handle(NOW, &frame.to_text())
    }

    /// The same for a victim that checks no commitment: what it does after
    /// the check.
    fn answer_without_commitments(&mut self, n: u64) -> Vec<Event> {
        let frame = self.message2(n);
        let State::SentMessage1 { locked, noise, keys } = self.victim.take() else {
            panic!("message 1 is not shown")
        };
        self.victim.accept_message2(NOW, locked, noise, keys, frame)
    }

    fn message2(&self, n: u64) -> Frame {
        let secret = x25519_dalek::StaticSecret::from(secret(n));
        let agree = |theirs: [u8; 32]| secret.diffie_hellman(&theirs.into()).to_bytes();
        let s = x25519_dalek::StaticSecret::from([7; 32]);
        let mut state = SymmetricState::new(Suite::Xx, &self.transcript.prologue());
        state.mix_hash(&self.e_victim);
        state.mix_hash(&[]);
        let mut noise = key(n).as_bytes().to_vec();
        state.mix_hash(key(n).as_bytes());
        state.mix_key(&agree(self.e_victim));
        noise.extend(state.encrypt_and_hash(x25519_dalek::PublicKey::from(&s).as_bytes()));
        state.mix_key(&s.diffie_hellman(&self.e_victim.into()).to_bytes());
        noise.extend(state.encrypt_and_hash(&[0; 32]));
        Frame::Message2 { suite: Suite::Xx, sid: self.transcript.sid(), noise }
    }
}

/// The attacker's n-th ephemeral key. Most are made up: to grind he needs the
/// public bytes only, and knows a secret for those that he uses.
fn secret(n: u64) -> [u8; 32] {
    let mut secret = [0x42; 32];
    secret[..8].copy_from_slice(&n.to_le_bytes());
    secret
}

fn key(n: u64) -> PublicKey {
    let secret = x25519_dalek::StaticSecret::from(secret(n));
    PublicKey::from_bytes(x25519_dalek::PublicKey::from(&secret).to_bytes())
}

/// Two keys, one for each half, that make the first victim ask for the digits that
/// the second one shows, within so many tries.
fn grind(halves: &[Half; 2], tries: u64) -> Option<[u64; 2]> {
    let mut codes = HashMap::new();
    for n in 0..tries / 2 {
        codes.insert(halves[0].codes(n).expected_for_storage(), n);
        // A key of his own for each victim.
        let other = tries + n;
        if let Some(first) = codes.get(&halves[1].codes(other).shown) {
            return Some([*first, other]);
        }
    }
    None
}

#[test]
fn without_commitments_the_attacker_wins() {
    let halves = [1, 2].map(|seed| Half::open(device(Suites::XX, seed)));
    let keys = grind(&halves, TRIES).expect("so many tries are plenty for a million codes");
    let victims = halves.into_iter().zip(keys).map(|(mut half, n)| {
        half.answer_without_commitments(n);
        half.victim
    });
    let [asking, showing] = victims.collect::<Vec<_>>().try_into().unwrap();
    let typed = showing.check_code().expect("the victim went on").digits();
    let State::SentMessage3 { pairing, .. } = &asking.state else { panic!("{asking:?}") };
    let mut check = PendingCheck::new(pairing.check_codes, 0);
    assert_eq!(check.enter(&typed), CheckEntry::Match, "a person types it, and nothing is wrong");
}

#[test]
fn with_commitments_the_same_attacker_loses() {
    let halves = [1, 2].map(|seed| Half::open(device(Suites::XX, seed)));
    let keys = grind(&halves, TRIES).unwrap();
    for (mut half, n) in halves.into_iter().zip(keys) {
        let events = half.answer(n);
        assert!(
            matches!(events[..], [Event::Failed(PairingError::CommitmentMismatch)]),
            "{events:?}"
        );
        assert_eq!(half.victim.check_code(), None);
    }
}
