//! A relay that knows both check codes before either is shown, and lets a pairing
//! die unless they are equal: it gets three tries for each time that a person began.

use std::time::Duration;

use keyglance_core::pairing::{
    CheckCode, CheckCodes, CheckEntry, Event, Frame, PairingError, PendingCheck, Phase, Role,
    Session, Suites, timing,
};
use keyglance_core::test_util::{BOTH_KINDS, at, body, device, device_of, failed, forged};
use rand_chacha::ChaCha20Rng;
use sha2::{Digest as _, Sha256};

type Device = Session<ChaCha20Rng>;

/// How the relay makes a device begin again.
#[derive(Clone, Copy, Debug)]
enum Push {
    /// Three codes of the session that are not genuine.
    Forged,
    /// A minute without progress.
    Stalled,
    /// A peer that seems to have begun again.
    Restarted,
    /// In turn, so that no reason has a count of its own.
    Mixed,
}

/// A device, and the relay's own one that it is brought to pair with.
struct Victim {
    device: Device,
    suites: Suites,
    now: Duration,
    seed: u64,
    /// Ephemeral keys that it revealed.
    revealed: usize,
    events: Vec<Event>,
}

impl Victim {
    fn new(suites: Suites, seed: u64) -> Self {
        Self {
            device: device_of(suites, seed),
            suites,
            now: at(1.0),
            seed: seed * 100_000,
            revealed: 0,
            events: Vec::new(),
        }
    }

    fn sees(&mut self, text: &str) {
        self.now += Duration::from_millis(10);
        let events = self.device.handle(self.now, text);
        self.revealed += events.iter().filter(|e| matches!(e, Event::Locked(_))).count();
        self.events = events;
    }

    /// Brings it to reveal its key to a fresh device of the relay, in this role.
    /// Gives that device.
    fn lure(&mut self, role: Role) -> Option<Device> {
        let Frame::Hello(ours) = Frame::from_text(self.device.text()?).unwrap() else {
            panic!("{:?}", self.device)
        };
        loop {
            self.seed += 1;
            let mut rogue = device_of(self.suites, self.seed);
            let Frame::Hello(theirs) = Frame::from_text(rogue.text().unwrap()).unwrap() else {
                panic!("{rogue:?}")
            };
            if (ours.commitment < theirs.commitment) != (role == Role::Initiator) {
                continue;
            }
            // Two seconds apart, or it would take them for two devices at once.
            self.now += timing::SECOND_DEVICE;
            rogue.handle(self.now, self.device.text().unwrap());
            self.sees(rogue.text().unwrap());
            assert_eq!(self.device.phase(), Phase::Locked);
            return Some(rogue);
        }
    }

    /// Makes it begin again, without a person.
    fn push(&mut self, push: Push, rogue: &mut Device) {
        match push {
            Push::Forged => {
                rogue.handle(self.now, self.device.text().unwrap());
                let genuine = body(rogue.text().unwrap());
                for n in 1..=3 {
                    let mut forgery = genuine.clone();
                    *forgery.last_mut().unwrap() ^= n;
                    self.sees(&forged(&forgery));
                }
            }
            Push::Stalled => {
                self.now += timing::STALL;
                self.events = self.device.tick(self.now);
            }
            Push::Restarted => {
                self.seed += 1;
                let other = device_of(self.suites, self.seed).text().unwrap().to_owned();
                for _ in 0..=timing::PEER_RESTART.as_millis() / 10 {
                    self.sees(&other);
                    if self.device.phase() != Phase::Locked {
                        break;
                    }
                }
            }
            Push::Mixed => {
                let pushes = [Push::Forged, Push::Stalled, Push::Restarted];
                self.push(pushes[self.revealed % 3], rogue);
            }
        }
    }
}

#[test]
fn three_keys_are_revealed_for_one_start_whatever_ends_each_try() {
    for suites in BOTH_KINDS {
        for push in [Push::Forged, Push::Stalled, Push::Restarted, Push::Mixed] {
            for role in [Role::Initiator, Role::Responder] {
                let mut victim = Victim::new(suites, 1);
                let mut tries = 0;
                while let Some(mut rogue) = victim.lure(role) {
                    victim.push(push, &mut rogue);
                    tries += 1;
                    assert!(tries <= 3, "{push:?} {role:?}: a fourth try");
                    if tries < 3 {
                        assert_eq!(victim.device.phase(), Phase::Offering, "{push:?} {role:?}");
                    }
                }
                assert_eq!((tries, victim.revealed), (3, 3), "{push:?} {role:?}");
                let error = Phase::Failed(PairingError::TooManyTries);
                assert_eq!(victim.device.phase(), error, "{push:?} {role:?}");
                assert!(failed(&victim.events));

                // Nothing but a person begins again.
                let hello = device(9).text().unwrap().to_owned();
                victim.sees(&hello);
                victim.device.tick(victim.now + timing::TOTAL);
                assert_eq!(victim.device.phase(), error);
                victim.device.restart(victim.now);
                assert!(victim.lure(role).is_some());
            }
        }
    }
}

/// The relay holds Ana at her first key while Bo reveals three, then holds Bo at his
/// last while Ana reveals two more: no order gives it more pairs, for a key that was
/// dropped never returns.
#[test]
fn a_relay_between_two_devices_compares_five_pairs_of_codes() {
    for suites in BOTH_KINDS {
        let (mut ana, mut bo) = (Victim::new(suites, 1), Victim::new(suites, 2));
        let (mut anas_codes, mut anas_rogue) = ana.reveal();
        let (mut bos_codes, mut bos_rogue) = bo.reveal();
        let mut pairs = vec![(anas_codes, bos_codes)];
        for _ in 0..2 {
            bo.push(Push::Forged, &mut bos_rogue);
            (bos_codes, bos_rogue) = bo.reveal();
            pairs.push((anas_codes, bos_codes));
        }
        for _ in 0..2 {
            ana.push(Push::Forged, &mut anas_rogue);
            (anas_codes, anas_rogue) = ana.reveal();
            pairs.push((anas_codes, bos_codes));
        }
        assert_eq!(pairs.len(), 5);
        for (ana, bo) in pairs {
            for (asks, shows) in [(ana, bo), (bo, ana)] {
                let entry = PendingCheck::new(asks, 0).enter(&shows.shown.digits());
                assert_ne!(
                    entry,
                    CheckEntry::Match,
                    "a chance of one in 10^5, and not of this seed"
                );
            }
        }
        ana.push(Push::Forged, &mut anas_rogue);
        bo.push(Push::Forged, &mut bos_rogue);
        for victim in [ana, bo] {
            assert_eq!(victim.device.phase(), Phase::Failed(PairingError::TooManyTries));
            assert_eq!(victim.revealed, 3);
        }
    }
}

impl Victim {
    /// Lures it as initiator. Gives the check codes that it will have, which the relay
    /// computes before any screen shows them.
    fn reveal(&mut self) -> (CheckCodes, Device) {
        let mut rogue = self.lure(Role::Initiator).expect("a try is left");
        let hello = |text: &str| match Frame::from_text(text).unwrap() {
            Frame::Hello(hello) | Frame::Message1 { hello, .. } => hello,
            other => panic!("no HELLO in {other:?}"),
        };
        let theirs = hello(rogue.text().unwrap());
        let shown = self.device.text().unwrap().to_owned();
        rogue.handle(self.now, &shown);
        let (
            Frame::Message1 { suite, noise: message1, .. },
            Frame::Message2 { noise: message2, .. },
        ) = (Frame::from_text(&shown).unwrap(), Frame::from_text(rogue.text().unwrap()).unwrap())
        else {
            panic!("the handshake went another way")
        };
        // As docs/protocol.md has it.
        let hash = Sha256::new()
            .chain_update(b"keyglance/1 check\0keyglance/1\0")
            .chain_update([suite.bit()])
            .chain_update(hello(&shown).body())
            .chain_update(theirs.body())
            .chain_update(&message1[..32])
            .chain_update(&message2[..32])
            .chain_update(&message1[32..])
            .finalize();
        let code = |part: &[u8]| {
            let number = u64::from_be_bytes(part.try_into().unwrap()) % 1_000_000;
            CheckCode::from_digits(&format!("{number:06}")).unwrap()
        };
        (CheckCodes::new(code(&hash[..8]), code(&hash[8..16])), rogue)
    }
}

#[test]
fn the_relay_computes_the_codes_that_the_device_shows_and_asks_for() {
    for suites in BOTH_KINDS {
        let mut victim = Victim::new(suites, 1);
        let (codes, rogue) = victim.reveal();
        victim.sees(rogue.text().unwrap());
        assert_eq!(victim.device.check_code(), Some(codes.shown));
    }
}

/// A responder that has the key when its last try is spent keeps it, locked.
#[test]
fn the_last_try_loses_no_key() {
    for suites in BOTH_KINDS {
        let mut victim = Victim::new(suites, 1);
        for _ in 0..2 {
            let mut rogue = victim.lure(Role::Responder).unwrap();
            victim.push(Push::Forged, &mut rogue);
        }
        let mut rogue = victim.lure(Role::Responder).unwrap();
        rogue.handle(victim.now, victim.device.text().unwrap());
        victim.sees(rogue.text().unwrap());
        let id = victim.device.pairing().unwrap().key_id();
        let other = device(9).text().unwrap().to_owned();
        while victim.device.phase() == Phase::Confirming {
            victim.sees(&other);
        }
        assert_eq!(victim.device.phase(), Phase::Failed(PairingError::TooManyTries));
        let kept = victim.events.iter().find_map(|event| match event {
            Event::Unacknowledged(pairing) => Some(pairing),
            _ => None,
        });
        assert_eq!(kept.unwrap().key_id(), id);
        assert!(kept.unwrap().exporter().is_err());
    }
}
