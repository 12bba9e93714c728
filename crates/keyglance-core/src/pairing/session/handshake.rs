//! The handshake: reads each message in turn and writes the answer.

use std::time::Duration;

use rand_core::CryptoRng;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::super::event::{Diagnostic, Event, PairingError};
use super::super::frame::{Frame, Hello, Suites};
use super::super::transcript::{Transcript, commitment};
use super::super::{CheckCode, DisplayName, Pairing, Party, Role};
use super::{LockedPeer, Session, State, Tag, timing};
use crate::crypto::noise::{self, Finished, Initiator, NoiseError, Responder};
use crate::crypto::{EphemeralKey, PublicKey};

/// What CONFIRM and DONE seal.
const SEALED: [u8; 1] = [1];

impl<R: CryptoRng> Session<R> {
    pub(super) fn read(&mut self, now: Duration, frame: Frame) -> Vec<Event> {
        if let Some(diagnostic) = self.not_for_us(&frame) {
            return self.unexpected(now, &frame, diagnostic);
        }
        match self.take() {
            State::Offering { e, hello, text, seen } => {
                self.read_offering(now, frame, e, hello, text, seen)
            }
            State::SentMessage1 { locked, noise, e } => match frame {
                Frame::Message2 { noise: message, .. } => {
                    self.read_message2(now, locked, noise, e, frame, &message)
                }
                _ => self.repeated(State::SentMessage1 { locked, noise, e }),
            },
            State::SentMessage2 { locked, noise, check_code } => match frame {
                Frame::Message3 { noise: message, .. } => {
                    self.read_message3(now, locked, noise, check_code, frame, &message)
                }
                _ => self.repeated(State::SentMessage2 { locked, noise, check_code }),
            },
            State::SentMessage3 { mut locked, mut pairing, confirm, done } => match frame {
                Frame::Confirm { tag, .. } if tag.ct_eq(&*confirm).into() => {
                    locked.text = Frame::Done { sid: locked.sid, tag: *done }.to_text();
                    pairing.acknowledged = true;
                    self.advance(now, State::Finished { locked, pairing });
                    vec![Event::Finished, Event::ShowCode]
                }
                Frame::Confirm { .. } => self.record_auth_failure(
                    now,
                    State::SentMessage3 { locked, pairing, confirm, done },
                    frame,
                ),
                _ => self.repeated(State::SentMessage3 { locked, pairing, confirm, done }),
            },
            State::SentConfirm { locked, mut pairing, done } => match frame {
                Frame::Done { tag, .. } if tag.ct_eq(&*done).into() => {
                    pairing.acknowledged = true;
                    self.advance(now, State::Finished { locked, pairing });
                    vec![Event::Finished]
                }
                // Not counted as a failure: a responder's key is never discarded.
                Frame::Done { .. } => {
                    self.state = State::SentConfirm { locked, pairing, done };
                    vec![Event::Diagnostic(Diagnostic::NotAuthentic)]
                }
                _ => self.repeated(State::SentConfirm { locked, pairing, done }),
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
        text: String,
        seen: Option<([u8; 32], Duration)>,
    ) -> Vec<Event> {
        let (Frame::Hello(theirs) | Frame::Message1 { hello: theirs, .. }) = frame else {
            self.state = State::Offering { e, hello: ours, text, seen };
            return Vec::new();
        };
        if let Some((other, at)) = seen
            && other != theirs.commitment
            && now < at + timing::SECOND_DEVICE
        {
            return self.fail(PairingError::SecondDevice);
        }
        if ours.suites.best_common(theirs.suites) != Some(Suites::XX) {
            return self.fail(PairingError::NoCommonSuite);
        }
        let first = seen.is_none_or(|(other, _)| other != theirs.commitment);
        let mut events = if first { vec![Event::PeerSeen] } else { Vec::new() };
        let seen = Some((theirs.commitment, now));
        match frame {
            Frame::Hello(_) if ours.commitment < theirs.commitment => {
                let transcript = Transcript { initiator: ours, responder: theirs };
                let public = *e.public();
                let (noise, _) = noise::initiate(&transcript.prologue(), e, &[]);
                let message =
                    Frame::Message1 { hello: ours, to: theirs.short(), noise: *public.as_bytes() };
                let locked = LockedPeer::new(transcript, &message);
                self.advance(now, State::SentMessage1 { locked, noise, e: public });
                events.extend([Event::Locked(Role::Initiator), Event::ShowCode]);
            }
            Frame::Message1 { noise: message, .. } if theirs.commitment < ours.commitment => {
                if !committed(&theirs, &PublicKey::from_bytes(message)) {
                    return self.fail(PairingError::CommitmentMismatch);
                }
                let transcript = Transcript { initiator: theirs, responder: ours };
                let check_code = transcript.check_code(&PublicKey::from_bytes(message), e.public());
                let payload = self.local.name.to_payload();
                let answer =
                    noise::respond(&transcript.prologue(), &self.identity, e, &message, &payload);
                let Ok((noise, answer)) = answer else {
                    // The length is the frame's, so the key was of low order.
                    return self.fail(PairingError::NotContributory);
                };
                let sid = transcript.sid();
                let locked =
                    LockedPeer::new(transcript, &Frame::Message2 { sid, noise: exact(&answer) });
                self.advance(now, State::SentMessage2 { locked, noise, check_code });
                events.extend([Event::Locked(Role::Responder), Event::ShowCode]);
            }
            _ => self.state = State::Offering { e, hello: ours, text, seen },
        }
        events
    }

    fn read_message2(
        &mut self,
        now: Duration,
        locked: LockedPeer,
        noise: Initiator,
        e: PublicKey,
        frame: Frame,
        message: &[u8; 128],
    ) -> Vec<Event> {
        let theirs = PublicKey::from_bytes(exact(message));
        if !committed(&locked.transcript.responder, &theirs) {
            return self.fail(PairingError::CommitmentMismatch);
        }
        self.accept_message2(now, locked, noise, e, frame, message)
    }

    /// Message 2, whose ephemeral key is known to be the one committed to.
    pub(super) fn accept_message2(
        &mut self,
        now: Duration,
        mut locked: LockedPeer,
        noise: Initiator,
        e: PublicKey,
        frame: Frame,
        message: &[u8; 128],
    ) -> Vec<Event> {
        let theirs = PublicKey::from_bytes(exact(message));
        let read = match noise.read(message) {
            Ok(read) => read,
            Err(rejected) => {
                if let NoiseError::NotContributory(_) = rejected.error {
                    return self.fail(PairingError::NotContributory);
                }
                let state = State::SentMessage1 { locked, noise: rejected.state, e };
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
        let check_code = locked.transcript.check_code(&e, &theirs);
        let (pairing, confirm, done) = self.conclude(finished, peer, Role::Initiator, check_code);
        locked.text = Frame::Message3 { sid: locked.sid, noise: exact(&answer) }.to_text();
        self.advance(now, State::SentMessage3 { locked, pairing, confirm, done });
        vec![Event::CheckCode(check_code), Event::ShowCode]
    }

    fn read_message3(
        &mut self,
        now: Duration,
        mut locked: LockedPeer,
        noise: Responder,
        check_code: CheckCode,
        frame: Frame,
        message: &[u8; 96],
    ) -> Vec<Event> {
        let (finished, identity, payload) = match noise.read(message) {
            Ok(read) => read,
            Err(rejected) => {
                if let NoiseError::NotContributory(_) = rejected.error {
                    return self.fail(PairingError::NotContributory);
                }
                let state = State::SentMessage2 { locked, noise: rejected.state, check_code };
                return self.record_auth_failure(now, state, frame);
            }
        };
        let peer = match self.party(identity, &payload) {
            Ok(peer) => peer,
            Err(error) => return self.fail(error),
        };
        let (pairing, confirm, done) = self.conclude(finished, peer, Role::Responder, check_code);
        locked.text = Frame::Confirm { sid: locked.sid, tag: *confirm }.to_text();
        self.advance(now, State::SentConfirm { locked, pairing, done });
        vec![Event::CheckCode(check_code), Event::Paired, Event::ShowCode]
    }

    fn party(&self, identity: PublicKey, payload: &[u8]) -> Result<Party, PairingError> {
        if identity == self.local.identity {
            return Err(PairingError::OwnIdentity);
        }
        let name = DisplayName::from_payload(payload).map_err(PairingError::PeerName)?;
        Ok(Party { name, identity })
    }

    /// Takes the exporter and both tags, and wipes the handshake. The tags are
    /// the only ciphertexts of their byte under their keys, so that to compare
    /// is to decrypt.
    fn conclude(
        &self,
        finished: Finished,
        peer: Party,
        role: Role,
        check_code: CheckCode,
    ) -> (Pairing, Tag, Tag) {
        let exporter = finished.exporter();
        let (mut initiator, mut responder) = finished.split();
        let confirm = Zeroizing::new(exact(&responder.encrypt(&[], &SEALED)));
        let done = Zeroizing::new(exact(&initiator.encrypt(&[], &SEALED)));
        let local = self.local.clone();
        let pairing = Pairing { local, peer, role, check_code, exporter, acknowledged: false };
        (pairing, confirm, done)
    }
}

/// Whether a HELLO committed to this ephemeral key.
fn committed(hello: &Hello, e: &PublicKey) -> bool {
    commitment(hello.suites, e) == hello.commitment
}

/// The first `N` bytes of a Noise message.
#[allow(clippy::expect_used, reason = "the pattern fixes the lengths of what we write and read")]
fn exact<const N: usize>(bytes: &[u8]) -> [u8; N] {
    *bytes.first_chunk().expect("a Noise message has the length of its pattern")
}
