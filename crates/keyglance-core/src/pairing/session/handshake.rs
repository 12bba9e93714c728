//! The handshake: reads each message in turn and writes the answer.

use std::time::Duration;

use rand_core::CryptoRng;

use super::super::event::{Diagnostic, Event, PairingError};
use super::super::frame::{Frame, Hello};
use super::super::transcript::{Transcript, commitment};
use super::super::{Card, CheckCodes, DisplayName, Pairing, Party, Role};
use super::{InitiatorKeys, LockedPeer, Session, Shown, State, timing};
use crate::crypto::kem::{DecapsulationKey, ENCAPSULATION_KEY};
use crate::crypto::noise::{self, CipherState, Finished, Initiator, NoiseError, Responder};
use crate::crypto::{EphemeralKey, PublicKey, Suite};

/// What CONFIRM and DONE seal, before the card.
const HAVE_KEY: u8 = 1;

impl<R: CryptoRng> Session<R> {
    pub(super) fn read(&mut self, now: Duration, frame: Frame) -> Vec<Event> {
        if let Some(diagnostic) = self.not_for_us(&frame) {
            return self.unexpected(now, &frame, diagnostic);
        }
        match self.take() {
            State::Offering { e, hello, shown, seen } => {
                self.read_offering(now, frame, e, hello, shown, seen)
            }
            State::SentMessage1 { locked, noise, keys } => match frame {
                Frame::Message2 { .. } => self.read_message2(now, locked, noise, keys, frame),
                _ => self.repeated(State::SentMessage1 { locked, noise, keys }),
            },
            State::SentMessage2 { locked, noise, check_codes } => match frame {
                Frame::Message3 { .. } => {
                    self.read_message3(now, locked, noise, check_codes, frame)
                }
                _ => self.repeated(State::SentMessage2 { locked, noise, check_codes }),
            },
            State::SentMessage3 { mut locked, mut pairing, mut receive, done } => match &frame {
                Frame::Confirm { sealed, .. } => match open(&mut receive, sealed) {
                    Some(card) => {
                        locked.shown = Shown::new(done);
                        let mut events = acknowledge(&mut pairing, &card);
                        self.advance(now, State::finished(locked, pairing));
                        events.extend([Event::Finished, Event::ShowCode]);
                        events
                    }
                    None => {
                        let state = State::SentMessage3 { locked, pairing, receive, done };
                        self.record_auth_failure(now, state, frame)
                    }
                },
                _ => self.repeated(State::SentMessage3 { locked, pairing, receive, done }),
            },
            State::SentConfirm { locked, mut pairing, mut receive } => match &frame {
                Frame::Done { sealed, .. } => match open(&mut receive, sealed) {
                    Some(card) => {
                        let mut events = acknowledge(&mut pairing, &card);
                        self.advance(now, State::finished(locked, pairing));
                        events.push(Event::Finished);
                        events
                    }
                    // Not counted as a failure: a responder's key is never discarded.
                    None => {
                        self.state = State::SentConfirm { locked, pairing, receive };
                        vec![Event::Diagnostic(Diagnostic::NotAuthentic)]
                    }
                },
                _ => self.repeated(State::SentConfirm { locked, pairing, receive }),
            },
            state => self.repeated(state),
        }
    }

    /// A HELLO, or a message 1 that names us.
    fn read_offering(
        &mut self,
        now: Duration,
        frame: Frame,
        e: EphemeralKey,
        ours: Hello,
        shown: Shown,
        seen: Option<([u8; 32], Duration)>,
    ) -> Vec<Event> {
        let (Frame::Hello(theirs) | Frame::Message1 { hello: theirs, .. }) = frame else {
            self.state = State::Offering { e, hello: ours, shown, seen };
            return Vec::new();
        };
        if let Some((other, at)) = seen
            && other != theirs.commitment
            && now < at + timing::SECOND_DEVICE
        {
            return self.fail(PairingError::SecondDevice);
        }
        let Some(suite) = ours.suites.best_common(theirs.suites) else {
            return self.fail(PairingError::NoCommonSuite);
        };
        let first = seen.is_none_or(|(other, _)| other != theirs.commitment);
        let mut events = if first { vec![Event::PeerSeen] } else { Vec::new() };
        let seen = Some((theirs.commitment, now));
        match frame {
            Frame::Hello(_) if ours.commitment < theirs.commitment => {
                let transcript = Transcript { suite, initiator: ours, responder: theirs };
                let e1 = (suite == Suite::XxHfs).then(|| DecapsulationKey::generate(&mut self.rng));
                let keys = InitiatorKeys {
                    e: *e.public(),
                    e1: e1.as_ref().map(DecapsulationKey::encapsulation_key).unwrap_or_default(),
                };
                let (noise, message) = noise::initiate(&transcript.prologue(), e, e1, &[]);
                let message =
                    Frame::Message1 { suite, hello: ours, to: theirs.short(), noise: message };
                let locked = LockedPeer::new(transcript, message);
                self.advance(now, State::SentMessage1 { locked, noise, keys });
                events.extend([Event::Locked(Role::Initiator), Event::ShowCode]);
            }
            Frame::Message1 { noise: message, .. } if theirs.commitment < ours.commitment => {
                let Some((their_e, e1)) = message1_keys(&message) else {
                    return self.fail(PairingError::CommitmentMismatch);
                };
                if !committed(&theirs, &their_e) {
                    return self.fail(PairingError::CommitmentMismatch);
                }
                let transcript = Transcript { suite, initiator: theirs, responder: ours };
                let check_codes = transcript.check_codes(Role::Responder, &their_e, e.public(), e1);
                let answer = noise::respond(
                    suite,
                    &transcript.prologue(),
                    &self.identity,
                    e,
                    &mut self.rng,
                    &message,
                    &self.local.name.to_payload(),
                );
                let (noise, answer) = match answer {
                    Ok(answer) => answer,
                    Err(NoiseError::MalformedKey(_)) => {
                        return self.fail(PairingError::MalformedKey);
                    }
                    // The length is the frame's, so the key was of low order.
                    Err(_) => return self.fail(PairingError::NotContributory),
                };
                let sid = transcript.sid();
                let message = Frame::Message2 { suite, sid, noise: answer };
                let locked = LockedPeer::new(transcript, message);
                self.advance(now, State::SentMessage2 { locked, noise, check_codes });
                events.extend([Event::Locked(Role::Responder), Event::ShowCode]);
            }
            _ => self.state = State::Offering { e, hello: ours, shown, seen },
        }
        events
    }

    fn read_message2(
        &mut self,
        now: Duration,
        locked: LockedPeer,
        noise: Initiator,
        keys: InitiatorKeys,
        frame: Frame,
    ) -> Vec<Event> {
        let theirs = message2_key(&frame);
        if !theirs.is_some_and(|e| committed(&locked.transcript.responder, &e)) {
            return self.fail(PairingError::CommitmentMismatch);
        }
        self.accept_message2(now, locked, noise, keys, frame)
    }

    /// Message 2, whose ephemeral key is known to be the one committed to.
    pub(super) fn accept_message2(
        &mut self,
        now: Duration,
        mut locked: LockedPeer,
        noise: Initiator,
        keys: InitiatorKeys,
        frame: Frame,
    ) -> Vec<Event> {
        let (Frame::Message2 { noise: message, .. }, Some(theirs)) = (&frame, message2_key(&frame))
        else {
            return self.repeated(State::SentMessage1 { locked, noise, keys });
        };
        let read = match noise.read(message) {
            Ok(read) => read,
            Err(rejected) => {
                if let NoiseError::NotContributory(_) = rejected.error {
                    return self.fail(PairingError::NotContributory);
                }
                let state = State::SentMessage1 { locked, noise: rejected.state, keys };
                return self.record_auth_failure(now, state, frame);
            }
        };
        let peer = match self.party(*read.peer(), read.payload()) {
            Ok(peer) => peer,
            Err(error) => return self.fail(error),
        };
        let Ok((finished, answer)) = read.write(&self.identity, &self.local.name.to_payload())
        else {
            return self.fail(PairingError::NotContributory);
        };
        let (suite, sid) = (locked.transcript.suite, locked.sid);
        let check_codes =
            locked.transcript.check_codes(Role::Initiator, &keys.e, &theirs, &keys.e1);
        let (pairing, receive, sealed) =
            self.conclude(finished, suite, peer, Role::Initiator, check_codes);
        let done = Frame::Done { suite, sid, sealed };
        locked.shown = Shown::new(Frame::Message3 { suite, sid, noise: answer });
        self.advance(now, State::SentMessage3 { locked, pairing, receive, done });
        vec![Event::CheckCode(check_codes.shown), Event::ShowCode]
    }

    fn read_message3(
        &mut self,
        now: Duration,
        mut locked: LockedPeer,
        noise: Responder,
        check_codes: CheckCodes,
        frame: Frame,
    ) -> Vec<Event> {
        let Frame::Message3 { noise: message, .. } = &frame else {
            return self.repeated(State::SentMessage2 { locked, noise, check_codes });
        };
        let (finished, identity, payload) = match noise.read(message) {
            Ok(read) => read,
            Err(rejected) => {
                if let NoiseError::NotContributory(_) = rejected.error {
                    return self.fail(PairingError::NotContributory);
                }
                let state = State::SentMessage2 { locked, noise: rejected.state, check_codes };
                return self.record_auth_failure(now, state, frame);
            }
        };
        let peer = match self.party(identity, &payload) {
            Ok(peer) => peer,
            Err(error) => return self.fail(error),
        };
        let (suite, sid) = (locked.transcript.suite, locked.sid);
        let (pairing, receive, sealed) =
            self.conclude(finished, suite, peer, Role::Responder, check_codes);
        locked.shown = Shown::new(Frame::Confirm { suite, sid, sealed });
        self.advance(now, State::SentConfirm { locked, pairing, receive });
        vec![Event::CheckCode(check_codes.shown), Event::Paired, Event::ShowCode]
    }

    fn party(&self, identity: PublicKey, payload: &[u8]) -> Result<Party, PairingError> {
        if identity == self.local.identity {
            return Err(PairingError::OwnIdentity);
        }
        let name = DisplayName::from_payload(payload).map_err(PairingError::PeerName)?;
        Ok(Party { name, identity })
    }

    /// Takes the exporter, and wipes the handshake. Gives what opens the peer's
    /// last frame, and what ours seals: each is the only ciphertext under its key.
    fn conclude(
        &self,
        finished: Finished,
        suite: Suite,
        peer: Party,
        role: Role,
        check_codes: CheckCodes,
    ) -> (Pairing, CipherState, Vec<u8>) {
        let exporter = finished.exporter();
        let (initiator, responder) = finished.split();
        let (mut send, receive) = match role {
            Role::Initiator => (initiator, responder),
            Role::Responder => (responder, initiator),
        };
        let mut plaintext = vec![HAVE_KEY];
        plaintext.extend(self.card.to_bytes());
        let sealed = send.encrypt(&[], &plaintext);
        let pairing = Pairing {
            suite,
            local: self.local.clone(),
            peer,
            role,
            check_codes,
            peer_card: Card::default(),
            exporter,
            acknowledged: false,
        };
        (pairing, receive, sealed)
    }
}

/// The card's bytes in what CONFIRM or DONE seals; `None` if it is not genuine.
fn open(receive: &mut CipherState, sealed: &[u8]) -> Option<Vec<u8>> {
    let mut plaintext = receive.decrypt(&[], sealed).ok()?;
    (plaintext.first() == Some(&HAVE_KEY)).then(|| plaintext.split_off(1))
}

/// The other device has the key. What it tells of itself is taken if it is by the
/// rules; the pairing stands without it.
fn acknowledge(pairing: &mut Pairing, card: &[u8]) -> Vec<Event> {
    pairing.acknowledged = true;
    match Card::from_bytes(card) {
        Ok(card) => {
            pairing.peer_card = card;
            Vec::new()
        }
        Err(error) => vec![Event::Diagnostic(Diagnostic::CardRefused(error))],
    }
}

/// The ephemeral keys that message 1 reveals; no encapsulation key in suite 1.
fn message1_keys(noise: &[u8]) -> Option<(PublicKey, &[u8])> {
    let (e, rest) = noise.split_first_chunk()?;
    Some((PublicKey::from_bytes(*e), rest.get(..ENCAPSULATION_KEY).unwrap_or_default()))
}

/// The ephemeral key that message 2 reveals.
fn message2_key(frame: &Frame) -> Option<PublicKey> {
    let Frame::Message2 { noise, .. } = frame else { return None };
    noise.first_chunk().map(|key| PublicKey::from_bytes(*key))
}

/// Whether a HELLO committed to this ephemeral key.
fn committed(hello: &Hello, e: &PublicKey) -> bool {
    commitment(hello.suites, e) == hello.commitment
}
