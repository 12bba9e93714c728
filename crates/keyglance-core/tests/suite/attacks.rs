//! Two honest devices and somebody between, beside or before them.

use std::time::Duration;

use keyglance_core::crypto::hazmat::EphemeralKey;
use keyglance_core::crypto::hazmat::noise::SymmetricState;
use keyglance_core::crypto::{IdentityKey, PublicKey};
use keyglance_core::pairing::{
    Card, CardError, CardItem, CardItemKind, CheckEntry, Diagnostic, DisplayName, Event, Frame,
    Hello, PairingError, Phase, ResetReason, Session, Suite, Suites, timing,
};
use rand_chacha::ChaCha20Rng;
use sha2::{Digest as _, Sha256};

use keyglance_core::test_util::{
    BOTH_KINDS, STEPS, at, body, device, device_of, failed, forged, hex32, identity,
    initiator_first, name, pair_at, seeded,
};

type Device = Session<ChaCha20Rng>;

fn hello(session: &Device) -> Hello {
    match Frame::from_text(session.text().unwrap()).unwrap() {
        Frame::Hello(hello) => hello,
        other => panic!("no HELLO: {other:?}"),
    }
}

fn notice(events: &[Event]) -> Option<Diagnostic> {
    events.iter().find_map(|e| match e {
        Event::Diagnostic(notice) => Some(*notice),
        _ => None,
    })
}

fn error(events: &[Event]) -> Option<PairingError> {
    events.iter().find_map(|e| match e {
        Event::Failed(error) => Some(*error),
        _ => None,
    })
}

/// The protocol's commitment, computed apart from the library.
fn commitment(suites: u8, e: &[u8; 32]) -> [u8; 32] {
    Sha256::new()
        .chain_update(b"keyglance/1 commit\0")
        .chain_update([1, suites, 0])
        .chain_update(e)
        .chain_update(Sha256::digest(b""))
        .finalize()
        .into()
}

/// The 14 encodings of the points of small order (those of RFC 7748's curve
/// and its twist, the non-canonical ones, and each with the unused top bit).
fn low_order() -> Vec<[u8; 32]> {
    let seven = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];
    seven
        .iter()
        .flat_map(|point| {
            let low = hex32(point);
            let mut high = low;
            high[31] |= 0x80;
            [low, high]
        })
        .collect()
}

/// A peer that follows the protocol but for what a test makes it do.
struct Rogue {
    e_secret: [u8; 32],
    e: [u8; 32],
    s: [u8; 32],
    hello: Hello,
}

impl Rogue {
    /// Whose commitment is above (`true`) or below that of `victim`.
    fn beside(
        victim: &Device,
        above: bool,
        e: Option<[u8; 32]>,
        s: Option<[u8; 32]>,
    ) -> Option<Self> {
        let ours = hello(victim);
        (0..64)
            .map(|seed| Self::new(seed, e, s))
            .find(|rogue| (rogue.hello.commitment > ours.commitment) == above)
    }

    fn new(seed: u8, e: Option<[u8; 32]>, s: Option<[u8; 32]>) -> Self {
        let e_secret = [seed + 100; 32];
        let own = *identity(e_secret).public().as_bytes();
        let e = e.unwrap_or(own);
        let s = s.unwrap_or(*identity([seed + 1; 32]).public().as_bytes());
        Self { e_secret, e, s, hello: Hello { suites: Suites::XX, commitment: commitment(1, &e) } }
    }

    fn prologue(&self, initiator: &Hello, responder: &Hello) -> Vec<u8> {
        [b"keyglance/1\0\x01", &initiator.body()[..], &responder.body()[..]].concat()
    }

    fn agree(&self, theirs: &[u8; 32]) -> [u8; 32] {
        let shared =
            x25519_dalek::StaticSecret::from(self.e_secret).diffie_hellman(&(*theirs).into());
        shared.to_bytes()
    }

    /// Message 2 with any static key and payload.
    fn message2(&self, victim: &Hello, m1: &Frame, payload: &[u8]) -> Frame {
        let Frame::Message1 { noise: e_i, .. } = m1 else { panic!("no message 1") };
        let mut state = SymmetricState::new(Suite::Xx, &self.prologue(victim, &self.hello));
        state.mix_hash(e_i);
        state.mix_hash(&[]);
        let mut noise = self.e.to_vec();
        state.mix_hash(&self.e);
        state.mix_key(&self.agree(e_i[..].try_into().unwrap()));
        noise.extend(state.encrypt_and_hash(&self.s));
        // es with a static key whose secret need not exist: the victim refuses
        // before it can notice, or fails to authenticate.
        state.mix_key(&[0; 32]);
        noise.extend(state.encrypt_and_hash(payload));
        let sid = sid(victim, &self.hello);
        Frame::Message2 { suite: Suite::Xx, sid, noise }
    }
}

fn sid(initiator: &Hello, responder: &Hello) -> [u8; 8] {
    let hash: [u8; 32] = Sha256::new()
        .chain_update(b"keyglance/1 sid\0")
        .chain_update(initiator.body())
        .chain_update(responder.body())
        .finalize()
        .into();
    hash[..8].try_into().unwrap()
}

#[test]
fn low_order_ephemeral_keys_are_refused_in_both_roles() {
    let mut roles = [0; 2];
    for point in low_order() {
        for victim in (0..32).map(|seed| device(seed + 1000)) {
            let mut victim = victim;
            let ours = hello(&victim);
            let rogue = Rogue::new(0, Some(point), None);
            let events = if rogue.hello.commitment < ours.commitment {
                roles[0] += 1;
                let m1 = Frame::Message1 {
                    suite: Suite::Xx,
                    hello: rogue.hello,
                    to: ours.short(),
                    noise: point.to_vec(),
                };
                victim.handle(at(0.1), &m1.to_text())
            } else {
                roles[1] += 1;
                victim.handle(at(0.1), &Frame::Hello(rogue.hello).to_text());
                let mut noise = vec![7; 128];
                noise[..32].copy_from_slice(&point);
                let m2 = Frame::Message2 { suite: Suite::Xx, sid: sid(&ours, &rogue.hello), noise };
                victim.handle(at(0.2), &m2.to_text())
            };
            assert_eq!(error(&events), Some(PairingError::NotContributory), "{point:02x?}");
            assert_eq!(victim.text(), None);
        }
    }
    assert!(roles[0] > 50 && roles[1] > 50, "{roles:?}");
}

#[test]
fn low_order_static_keys_are_refused_in_both_roles() {
    for point in low_order() {
        // The rogue responds.
        let mut victim = device(7);
        let ours = hello(&victim);
        let rogue = Rogue::beside(&victim, true, None, Some(point)).unwrap();
        victim.handle(at(0.1), &Frame::Hello(rogue.hello).to_text());
        let m1 = Frame::from_text(victim.text().unwrap()).unwrap();
        let m2 = rogue.message2(&ours, &m1, &name("x").to_payload());
        let events = victim.handle(at(0.2), &m2.to_text());
        assert_eq!(error(&events), Some(PairingError::NotContributory), "{point:02x?}");

        // The rogue initiates.
        let mut victim = device(7);
        let rogue = Rogue::beside(&victim, false, None, Some(point)).unwrap();
        let (events, victim) = initiate(&rogue, &mut victim, &name("x").to_payload(), &[0; 32]);
        assert_eq!(error(&events), Some(PairingError::NotContributory), "{point:02x?}");
        assert!(victim.pairing().is_none());
    }
}

/// The rogue as initiator, to the end of message 3.
fn initiate<'a>(
    rogue: &Rogue,
    victim: &'a mut Device,
    payload: &[u8],
    se: &[u8; 32],
) -> (Vec<Event>, &'a mut Device) {
    let ours = hello(victim);
    let m1 = Frame::Message1 {
        suite: Suite::Xx,
        hello: rogue.hello,
        to: ours.short(),
        noise: rogue.e.to_vec(),
    };
    assert!(!failed(&victim.handle(at(0.1), &m1.to_text())));
    let Frame::Message2 { sid, noise, .. } = Frame::from_text(victim.text().unwrap()).unwrap()
    else {
        panic!("no message 2")
    };
    let mut state = SymmetricState::new(Suite::Xx, &rogue.prologue(&rogue.hello, &ours));
    state.mix_hash(&rogue.e);
    state.mix_hash(&[]);
    state.mix_hash(&noise[..32]);
    state.mix_key(&rogue.agree(noise[..32].try_into().unwrap()));
    let rs = state.decrypt_and_hash(&noise[32..80]).unwrap();
    state.mix_key(&rogue.agree(rs[..].try_into().unwrap()));
    state.decrypt_and_hash(&noise[80..]).unwrap();
    let mut m3 = state.encrypt_and_hash(&rogue.s);
    state.mix_key(se);
    m3.extend(state.encrypt_and_hash(payload));
    let m3 = Frame::Message3 { suite: Suite::Xx, sid, noise: m3 };
    (victim.handle(at(0.2), &m3.to_text()), victim)
}

/// The rogue as an honest initiator would be, with a static key of its own.
fn initiate_with(payload: &[u8], s_secret: [u8; 32], mut victim: Device) -> (Vec<Event>, Device) {
    let s = identity(s_secret);
    let rogue = Rogue::beside(&victim, false, None, Some(*s.public().as_bytes())).unwrap();
    // se = DH(s_I, e_R): the victim's ephemeral key is in its message 2, so learn it first.
    let ours = hello(&victim);
    let m1 = Frame::Message1 {
        suite: Suite::Xx,
        hello: rogue.hello,
        to: ours.short(),
        noise: rogue.e.to_vec(),
    };
    let mut probe = victim_like(&ours);
    probe.handle(at(0.1), &m1.to_text());
    let Frame::Message2 { noise, .. } = Frame::from_text(probe.text().unwrap()).unwrap() else {
        panic!("no message 2")
    };
    let e_r: [u8; 32] = noise[..32].try_into().unwrap();
    let se = x25519_dalek::StaticSecret::from(s_secret).diffie_hellman(&e_r.into()).to_bytes();
    let (events, _) = initiate(&rogue, &mut victim, payload, &se);
    (events, victim)
}

/// The same device again, by its seed.
fn victim_like(ours: &Hello) -> Device {
    (0..2000).map(device).find(|device| hello(device) == *ours).unwrap()
}

#[test]
fn a_rogue_that_does_all_right_is_paired() {
    // The attacks below differ from this in one thing each.
    let (events, victim) = initiate_with(&name("Mallory").to_payload(), [9; 32], device(7));
    assert!(!failed(&events));
    assert_eq!(victim.pairing().unwrap().peer.name.as_str(), "Mallory");
    assert!(!victim.pairing().unwrap().is_acknowledged());
}

#[test]
fn names_with_hidden_characters_end_the_pairing() {
    let mut payload = [0; 32];
    payload[..5].copy_from_slice(b"\x04a\x1b[m");
    let mut bidi = [0; 32];
    bidi[..4].copy_from_slice("\u{3}\u{202e}".as_bytes());
    let mut padding = name("Bob").to_payload();
    padding[30] = 1;
    for payload in [&payload[..], &bidi, &padding] {
        let (events, victim) = initiate_with(payload, [9; 32], device(7));
        assert!(matches!(error(&events), Some(PairingError::PeerName(_))), "{events:?}");
        assert!(victim.pairing().is_none());
    }
}

#[test]
fn our_own_static_key_as_the_peers_is_refused() {
    // A device that holds a copy of our identity.
    let copy = || Session::new(identity([5; 32]), name("copy"), seeded(50), Duration::ZERO);
    let ours = Session::new(identity([5; 32]), name("ours"), seeded(51), Duration::ZERO);
    let (mut i, mut r) = initiator_first(copy(), ours);
    i.handle(at(0.1), r.text().unwrap());
    r.handle(at(0.1), i.text().unwrap());
    let events = i.handle(at(0.2), r.text().unwrap());
    assert_eq!(error(&events), Some(PairingError::OwnIdentity));
}

#[test]
fn a_revealed_key_that_was_not_committed_to_ends_the_pairing() {
    // As initiator.
    let mut victim = device(7);
    let ours = hello(&victim);
    let mut rogue = Rogue::beside(&victim, false, None, None).unwrap();
    rogue.e = *EphemeralKey::generate(&mut seeded(1)).public().as_bytes();
    let m1 = Frame::Message1 {
        suite: Suite::Xx,
        hello: rogue.hello,
        to: ours.short(),
        noise: rogue.e.to_vec(),
    };
    assert_eq!(
        error(&victim.handle(at(0.1), &m1.to_text())),
        Some(PairingError::CommitmentMismatch)
    );

    // As responder.
    let mut victim = device(7);
    let mut rogue = Rogue::beside(&victim, true, None, None).unwrap();
    victim.handle(at(0.1), &Frame::Hello(rogue.hello).to_text());
    rogue.e = *EphemeralKey::generate(&mut seeded(1)).public().as_bytes();
    let m1 = Frame::from_text(victim.text().unwrap()).unwrap();
    let m2 = rogue.message2(&ours, &m1, &name("x").to_payload());
    assert_eq!(
        error(&victim.handle(at(0.2), &m2.to_text())),
        Some(PairingError::CommitmentMismatch)
    );
}

#[test]
fn a_stripped_suite_bit_is_a_broken_commitment_or_no_suite_at_all() {
    let mut victim = device(7);
    let ours = hello(&victim);
    // A newer device that offers both suites commits to that.
    let rogue = (0..64)
        .map(|seed| Rogue::new(seed, None, None))
        .find(|rogue| commitment(3, &rogue.e) > ours.commitment)
        .unwrap();
    let both = Hello { suites: Suites::from_bits(3), commitment: commitment(3, &rogue.e) };
    let stripped = Hello { suites: Suites::XX, ..both };
    victim.handle(at(0.1), &Frame::Hello(stripped).to_text());
    let m1 = Frame::from_text(victim.text().unwrap()).unwrap();
    let rogue = Rogue { hello: stripped, ..rogue };
    let m2 = rogue.message2(&ours, &m1, &name("x").to_payload());
    assert_eq!(
        error(&victim.handle(at(0.2), &m2.to_text())),
        Some(PairingError::CommitmentMismatch)
    );

    for suites in [0, 4, 0xfc] {
        let mut victim = device(7);
        let none = Hello { suites: Suites::from_bits(suites), commitment: [0xff; 32] };
        let events = victim.handle(at(0.1), &Frame::Hello(none).to_text());
        assert_eq!(error(&events), Some(PairingError::NoCommonSuite));
    }
    // Both suites, not stripped: ours is the best common one.
    let mut victim = device(7);
    victim.handle(at(0.1), &Frame::Hello(both).to_text());
    assert_eq!(victim.phase(), Phase::Locked);
}

/// Message 1 of an honest initiator in suite 2, changed, and what its responder makes of
/// it. The encapsulation key begins at byte 77.
fn changed_message1(change: impl Fn(&mut Vec<u8>)) -> (Vec<Event>, Device) {
    let (i, mut victim) = pair_at(Suites::OFFERED, 1);
    let mut body = body(i.text().unwrap());
    change(&mut body);
    (victim.handle(at(0.2), &forged(&body)), victim)
}

#[test]
fn an_encapsulation_key_with_a_coefficient_of_3329_or_more_ends_the_pairing() {
    let (events, _) = changed_message1(|_| {});
    assert!(!failed(&events));
    // Two coefficients of 12 bits in three bytes, little-endian (FIPS 203, 4.2.1).
    for (pair, high, value) in [(0, false, 3329_u16), (0, true, 4095), (383, true, 3329)] {
        let (events, victim) = changed_message1(|body| {
            let three = &mut body[77 + 3 * pair..][..3];
            let [low, middle] = value.to_le_bytes();
            if high {
                three[1] = (three[1] & 0x0f) | (low << 4);
                three[2] = (low >> 4) | (middle << 4);
            } else {
                three[0] = low;
                three[1] = (three[1] & 0xf0) | middle;
            }
        });
        assert_eq!(error(&events), Some(PairingError::MalformedKey), "{pair} {high} {value}");
        assert!(victim.pairing().is_none() && victim.text().is_none());
    }
}

#[test]
fn a_message_1_in_another_suite_than_both_would_choose_moves_nothing() {
    let (events, victim) = changed_message1(|body| {
        body[2] = Suite::Xx.bit();
        body.truncate(77);
    });
    assert_eq!(notice(&events), Some(Diagnostic::NotAuthentic));
    assert_eq!(victim.phase(), Phase::Offering);
}

#[test]
fn the_highest_common_suite_is_used_and_post_quantum_only_means_only() {
    let suite = |one, two| {
        let (mut i, mut r) = initiator_first(device_of(one, 5), device_of(two, 6));
        for _ in 0..STEPS {
            let mut events = i.handle(at(0.1), r.text()?);
            if !failed(&events) {
                events = r.handle(at(0.1), i.text()?);
            }
            if error(&events) == Some(PairingError::NoCommonSuite) {
                return None;
            }
        }
        assert_eq!(i.pairing()?.suite, r.pairing()?.suite);
        Some(i.pairing()?.suite)
    };
    let (classic, hybrid, both) = (Suites::XX, Suites::XX_HFS, Suites::OFFERED);
    for (one, two, expected) in [
        (both, both, Some(Suite::XxHfs)),
        (both, classic, Some(Suite::Xx)),
        (both, hybrid, Some(Suite::XxHfs)),
        (hybrid, classic, None),
        // A later version's bit is kept and passed over.
        (both, Suites::from_bits(0x83), Some(Suite::XxHfs)),
    ] {
        assert_eq!(suite(one, two), expected, "{one:?} {two:?}");
        assert_eq!(suite(two, one), expected, "{two:?} {one:?}");
    }
}

#[test]
fn our_own_codes_are_told_as_that_in_every_phase() {
    for suites in BOTH_KINDS {
        for step in 0..=STEPS {
            let (mut i, mut r) = pair_at(suites, step);
            for session in [&mut i, &mut r] {
                let own = session.text().unwrap().to_owned();
                let before = session.phase();
                assert_eq!(
                    notice(&session.handle(at(0.2), &own)),
                    Some(Diagnostic::OwnCode),
                    "{step}"
                );
                assert_eq!((session.text().unwrap(), session.phase()), (&own[..], before));
            }
        }
    }
}

#[test]
fn answers_to_an_earlier_try_are_stale() {
    for suites in BOTH_KINDS {
        let texts: Vec<String> = (1..=5)
            .map(|step| {
                let (i, r) = pair_at(suites, step);
                if step % 2 == 1 {
                    i.text().unwrap().to_owned()
                } else {
                    r.text().unwrap().to_owned()
                }
            })
            .collect();
        for step in 0..STEPS {
            let (mut i, mut r) = pair_at(suites, step);
            for session in [&mut i, &mut r] {
                session.restart(at(0.2));
                for text in &texts {
                    let events = session.handle(at(0.3), text);
                    let seen = notice(&events);
                    assert!(
                        matches!(seen, Some(Diagnostic::Stale | Diagnostic::OwnCode)),
                        "step {step}: {events:?}"
                    );
                    assert_eq!(session.phase(), Phase::Offering);
                }
            }
        }
    }
}

#[test]
fn a_replayed_pairing_reaches_nothing() {
    for suites in BOTH_KINDS {
        // Everything that an earlier responder showed, shown to a fresh initiator.
        let (_, r) = pair_at(suites, 0);
        let old_hello = r.text().unwrap().to_owned();
        let (_, r) = pair_at(suites, 2);
        let old_m2 = r.text().unwrap().to_owned();
        let mut fresh = (100..)
            .map(device)
            .find(|d| {
                d.text().unwrap() != old_hello
                    && hello(d).commitment < hello(&pair_at(suites, 0).1).commitment
            })
            .unwrap();
        fresh.handle(at(0.1), &old_hello);
        assert_eq!(fresh.phase(), Phase::Locked);
        assert_eq!(notice(&fresh.handle(at(0.2), &old_m2)), Some(Diagnostic::OtherDevice));
        // It stalls, and begins again by itself.
        let events = fresh.tick(at(0.1) + timing::STALL);
        assert!(events.iter().any(|e| matches!(e, Event::Reset(ResetReason::Stalled))));
        assert_eq!(fresh.phase(), Phase::Offering);
    }
}

#[test]
fn two_foreign_hellos_within_two_seconds_stop_the_pairing() {
    // The highest commitment waits, so that it sees both.
    let mut devices: Vec<Device> = (20..23).map(device).collect();
    devices.sort_by_key(|d| hello(d).commitment);
    let [first, second] = [0, 1].map(|i| devices[i].text().unwrap().to_owned());

    let mut victim = devices.pop().unwrap();
    victim.handle(at(1.0), &first);
    let events = victim.handle(at(2.9), &second);
    assert_eq!(error(&events), Some(PairingError::SecondDevice));
    assert_eq!(victim.text(), None);
    victim.restart(at(3.0));
    assert_eq!(victim.phase(), Phase::Offering);

    let mut devices: Vec<Device> = (20..23).map(device).collect();
    devices.sort_by_key(|d| hello(d).commitment);
    let mut victim = devices.pop().unwrap();
    victim.handle(at(1.0), &first);
    assert!(!failed(&victim.handle(at(3.1), &second)), "a device that went away is no second one");
}

#[test]
fn a_third_device_after_the_lock_is_ignored() {
    for suites in BOTH_KINDS {
        for step in 1..STEPS {
            let (mut i, mut r) = pair_at(suites, step);
            let stranger = device(33);
            let theirs = stranger.text().unwrap().to_owned();
            // A session of strangers, whose message 2 has another sid.
            let (a, mut b) = initiator_first(device(34), device(35));
            let m1 = {
                let mut a = a;
                a.handle(at(0.1), b.text().unwrap());
                a
            };
            b.handle(at(0.1), m1.text().unwrap());
            let m2 = b.text().unwrap().to_owned();
            for session in [&mut i, &mut r] {
                if session.phase() == Phase::Offering {
                    continue;
                }
                let before = session.text().unwrap().to_owned();
                for text in [&theirs, &m2] {
                    assert_eq!(
                        notice(&session.handle(at(0.2), text)),
                        Some(Diagnostic::OtherDevice)
                    );
                    assert_eq!(session.text().unwrap(), before);
                }
            }
        }
    }
}

#[test]
fn a_peer_that_begins_again_is_followed_after_a_second() {
    for suites in BOTH_KINDS {
        let (mut i, mut r) = pair_at(suites, 1);
        // The responder's program was started again: another HELLO.
        let again = device(77);
        let theirs = again.text().unwrap().to_owned();
        for tenth in 0..10 {
            let events = i.handle(at(1.0 + f64::from(tenth) / 10.0), &theirs);
            assert_eq!(notice(&events), Some(Diagnostic::OtherDevice));
        }
        let before = i.text().unwrap().to_owned();
        let events = i.handle(at(2.0), &theirs);
        assert!(events.iter().any(|e| matches!(e, Event::Reset(ResetReason::PeerRestarted))));
        assert_eq!(i.phase(), Phase::Offering);
        assert_ne!(i.text().unwrap(), before);

        // With the peer still in view, the other one is a third device for ever.
        let (mut i, _) = pair_at(suites, 1);
        let peer = r.text().unwrap().to_owned();
        for tenth in 0..50 {
            let now = 1.0 + f64::from(tenth) / 10.0;
            i.handle(at(now), &theirs);
            i.handle(at(now + 0.05), &peer);
        }
        assert_eq!(i.phase(), Phase::Locked);
        r.handle(at(9.0), i.text().unwrap());
        assert_eq!(r.phase(), Phase::Locked);
    }
}

#[test]
fn three_forged_codes_of_a_session_begin_it_again() {
    for suites in BOTH_KINDS {
        for step in [1, 2, 3] {
            let (mut i, mut r) = pair_at(suites, step);
            let true_text =
                if step == 2 { i.text().unwrap() } else { r.text().unwrap() }.to_owned();
            // Step 1 needs the frame that answers message 1.
            let next = pair_at(suites, step + 1);
            let genuine =
                if step == 2 { next.0.text().unwrap() } else { next.1.text().unwrap() }.to_owned();
            let _ = true_text;
            let victim = if step == 2 { &mut r } else { &mut i };
            let forge = |n: u8| {
                let mut body = body(&genuine);
                let last = body.len() - 1;
                body[last] ^= n;
                forged(&body)
            };
            for n in 1..=2 {
                // The same code counts once, however often it is seen.
                for _ in 0..5 {
                    let events = victim.handle(at(0.2), &forge(n));
                    assert_eq!(notice(&events), Some(Diagnostic::NotAuthentic), "step {step}");
                }
            }
            let events = victim.handle(at(0.3), &forge(3));
            assert!(
                events.iter().any(|e| matches!(e, Event::Reset(ResetReason::Forged))),
                "step {step}"
            );
            assert_eq!(victim.phase(), Phase::Offering);
        }
    }
}

#[test]
fn a_responder_never_loses_a_key_to_a_forged_done() {
    for suites in BOTH_KINDS {
        let (i, mut r) = pair_at(suites, 4);
        let (done, _) = pair_at(suites, 5);
        for n in 1..=20 {
            let mut body = body(done.text().unwrap());
            let last = body.len() - 1;
            body[last] ^= n;
            assert_eq!(notice(&r.handle(at(0.2), &forged(&body))), Some(Diagnostic::NotAuthentic));
        }
        drop(i);
        assert!(!r.pairing().unwrap().is_acknowledged());
        r.handle(at(0.3), done.text().unwrap());
        assert!(r.pairing().unwrap().is_acknowledged());
    }
}

#[test]
fn every_forged_bit_of_every_message_gives_no_key() {
    for suites in BOTH_KINDS {
        // As above for each bit, with a right checksum, as somebody with a printer could make.
        for step in 0..5 {
            let (_, genuine) = {
                let (i, r) = pair_at(suites, step);
                (
                    0,
                    if step % 2 == 0 {
                        r.text().unwrap().to_owned()
                    } else {
                        i.text().unwrap().to_owned()
                    },
                )
            };
            let genuine = body(&genuine);
            // In suite 2, where messages are long, one bit of each byte.
            let tried = |bit: &usize| suites == Suites::XX || bit % 8 == bit / 8 % 8;
            for bit in (0..genuine.len() * 8).filter(tried) {
                let mut forged_body = genuine.clone();
                forged_body[bit / 8] ^= 1 << (bit % 8);
                let (mut i, mut r) = pair_at(suites, step);
                let victim = if step % 2 == 0 { &mut i } else { &mut r };
                let before = victim.phase();
                victim.handle(at(0.2), &forged(&forged_body));
                assert_ne!(victim.phase(), Phase::Finished, "step {step} bit {bit}");
                if before != Phase::Confirming {
                    assert!(victim.pairing().is_none(), "step {step} bit {bit}");
                }
            }
        }
    }
}

#[test]
fn time_alone_recovers_or_ends_a_session() {
    for suites in BOTH_KINDS {
        let (mut i, mut r) = pair_at(suites, 1);
        assert!(matches!(i.tick(at(0.1) + timing::HINT)[..], [Event::Waiting]));
        assert!(i.tick(at(20.0)).is_empty(), "one hint a standstill");
        assert!(matches!(
            i.tick(at(60.1))[..],
            [Event::Reset(ResetReason::Stalled), Event::ShowCode]
        ));
        assert!(matches!(r.tick(at(300.0))[..], [Event::Failed(PairingError::TimedOut)]));
        assert_eq!(i.next_deadline(), Some(at(60.1) + timing::HINT));

        // A responder with the key waits as long as it takes.
        let (_, mut r) = pair_at(suites, 4);
        r.tick(at(10_000.0));
        assert!(r.pairing().is_some());
        assert_eq!(r.phase(), Phase::Confirming);
    }
}

#[test]
fn a_cancelled_responder_keeps_its_key_locked() {
    for suites in BOTH_KINDS {
        let (_, mut r) = pair_at(suites, 4);
        let events = r.cancel();
        let kept = events.iter().find_map(|e| match e {
            Event::Unacknowledged(pairing) => Some(pairing),
            _ => None,
        });
        assert!(!kept.unwrap().is_acknowledged());
        assert_eq!(r.text(), None);

        let (_, mut r) = pair_at(suites, 4);
        r.acknowledge();
        assert!(r.pairing().unwrap().is_acknowledged());

        let (mut i, _) = pair_at(suites, 4);
        assert!(i.cancel().iter().all(|e| matches!(e, Event::Failed(PairingError::Cancelled))));
        assert!(i.pairing().is_none());
    }
}

#[test]
fn wrong_digits_twice_or_a_person_that_says_so_wipe_the_key() {
    for suites in BOTH_KINDS {
        let (mut i, mut r) = pair_at(suites, STEPS);
        let digits = r.check_code().unwrap();
        let wrong = if digits.digits() == "000000" { "000001" } else { "000000" };
        assert_eq!(i.enter_check_code(wrong), Some(CheckEntry::Wrong { left: 1 }));
        assert!(i.pairing().is_some(), "it may be corrected");
        assert_eq!(i.enter_check_code(wrong), Some(CheckEntry::Mismatch));
        assert_eq!(i.phase(), Phase::Failed(PairingError::CheckCodeDiffers));
        assert_eq!(error(&r.reject_check_code()), Some(PairingError::CheckCodeDiffers));
        for session in [&mut i, &mut r] {
            assert!(session.pairing().is_none());
            assert_eq!(session.text(), None);
            assert_eq!(session.enter_check_code(&digits.digits()), None);
        }
        for step in 0..STEPS {
            let (mut i, _) = pair_at(suites, step);
            if i.phase() != Phase::Finished {
                assert_eq!(
                    i.enter_check_code("123456"),
                    None,
                    "nothing is verified before the end"
                );
            }
        }
    }
}

#[test]
fn each_screen_shows_the_digits_that_the_other_device_asks_for() {
    for seed in 0..20 {
        let (mut i, mut r) = initiator_first(device(seed * 10 + 1), device(seed * 10 + 2));
        for _ in 0..STEPS {
            i.handle(at(0.1), r.code().unwrap());
            r.handle(at(0.1), i.code().unwrap());
        }
        let [shown_i, shown_r] = [&i, &r].map(|s| s.check_code().unwrap().to_string());
        assert_ne!(shown_i, shown_r, "nobody can nod it through");
        assert_eq!(i.enter_check_code(&shown_r), Some(CheckEntry::Match));
        assert_eq!(r.enter_check_code(&shown_i), Some(CheckEntry::Match));
    }
}

#[test]
fn a_responder_shows_no_digits_before_a_valid_message_3() {
    for suites in BOTH_KINDS {
        // With X25519 broken, digits that are shown too early could be matched by a
        // message 2 that is chosen after them.
        let (i, r) = pair_at(suites, 3);
        assert!(i.check_code().is_some() && r.check_code().is_none());
    }
}

#[test]
fn a_man_in_the_middle_has_no_digits_that_either_device_takes() {
    let mut deceived = 0;
    for seed in 0..50 {
        // Alice pairs with one device of his, Bob with the other.
        let [mut alice, mut bob] = [(1, 2), (3, 4)].map(|(a, b)| {
            let (mut i, mut r) = initiator_first(device(seed * 10 + a), device(seed * 10 + b));
            for _ in 0..STEPS {
                i.handle(at(0.1), r.text().unwrap());
                r.handle(at(0.1), i.text().unwrap());
            }
            i
        });
        let [a, b] = [&alice, &bob].map(|s| s.check_code().unwrap().digits());
        for entry in [alice.enter_check_code(&b), bob.enter_check_code(&a)] {
            deceived += usize::from(entry == Some(CheckEntry::Match));
        }
    }
    assert_eq!(deceived, 0);
}

#[test]
fn a_card_that_breaks_the_rules_is_dropped_and_the_pairing_stands() {
    let item = |kind, value: &[u8]| CardItem { kind: CardItemKind(kind), value: value.to_vec() };
    let card = Card::new(vec![item(200, b"later"), item(7, b"ana.example")]).unwrap();
    let (i, r) = initiator_first(device(1), device(2));
    let (mut i, mut r) = (i.with_card(card.clone()), r);
    for _ in 0..STEPS {
        i.handle(at(0.1), r.text().unwrap());
        r.handle(at(0.1), i.text().unwrap());
    }
    assert_eq!(r.pairing().unwrap().peer_card, card, "unknown kinds are kept");
    assert!(i.pairing().unwrap().peer_card.is_empty());

    // Its last item is no SSH key: nothing of it is taken.
    let broken = Card::unchecked(vec![item(1, &[9; 31]), item(7, b"ana.example")]);
    let (mut i, mut r) = initiator_first(device(1), device(2));
    i = i.with_card(broken);
    let mut told = Vec::new();
    for _ in 0..STEPS {
        i.handle(at(0.1), r.text().unwrap());
        told.extend(r.handle(at(0.1), i.text().unwrap()));
    }
    let refused = |event: &Event| {
        matches!(event, Event::Diagnostic(Diagnostic::CardRefused(CardError::Value)))
    };
    assert!(told.iter().any(refused));
    let pairing = r.pairing().unwrap();
    assert!(pairing.is_acknowledged() && pairing.peer_card.is_empty());
}

#[test]
fn nothing_secret_is_in_debug_output() {
    for suites in BOTH_KINDS {
        let secret = [0xa5; 32];
        let identity = IdentityKey::from_secret_bytes(&zeroize::Zeroizing::new(secret));
        let mut debug = format!("{identity:?}");
        for step in 0..=STEPS {
            let (i, r) = pair_at(suites, step);
            debug += &format!("{i:?}{r:?}{:?}{:?}", i.pairing(), r.pairing());
        }
        let (i, _) = pair_at(suites, STEPS);
        let exporter = *i.pairing().unwrap().exporter().unwrap().secret_bytes().clone();
        for secret in [secret, exporter] {
            let hex: String = secret.iter().map(|b| format!("{b:02x}")).collect();
            let list = format!("{secret:?}");
            let base64 = PublicKey::from_bytes(secret).to_base64url();
            for form in [&hex[..16], &list[1..20], &base64[..16]] {
                assert!(!debug.contains(form));
            }
        }
        assert!(DisplayName::new("x").is_ok());
    }
}
