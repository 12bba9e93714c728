//! The session: what a device shows, and what it makes of what it sees.
//!
//! Reading is transactional: a frame that is refused changes nothing. The few
//! exceptions are fatal and wipe everything ([`PairingError`]).

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rand_core::CryptoRng;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::event::{Event, Notice, PairingError, Phase, ResetReason};
use super::frame::{Frame, Hello, SessionId, Suites};
use super::transcript::{Transcript, commitment};
use super::{CheckCode, DisplayName, Pairing, Party, Role};
use crate::crypto::noise::{self, Finished, Initiator, NoiseError, Responder};
use crate::crypto::{EphemeralKey, IdentityKey, PublicKey};

/// The session's times.
pub mod timing {
    use std::time::Duration;

    /// A HELLO, and a session without a pairing, live this long.
    pub const TOTAL: Duration = Duration::from_secs(300);
    /// A bound session without progress begins again after this.
    pub const STALL: Duration = Duration::from_secs(60);
    /// Without progress, a hint is due after this.
    pub const HINT: Duration = Duration::from_secs(10);
    /// Two foreign HELLOs within this are two devices.
    pub const SECOND_DEVICE: Duration = Duration::from_secs(2);
    /// A new HELLO in view for this long, and nothing of the session: the
    /// other device began again.
    pub const PEER_RESTART: Duration = Duration::from_secs(1);
}

/// So many different codes of a session may fail to authenticate.
const STRIKES: usize = 3;
/// So many of our earlier tries are remembered, to tell old answers from
/// those of a stranger.
const REMEMBERED: usize = 16;
/// What CONFIRM and DONE seal.
const SEALED: [u8; 1] = [1];

/// One side of a pairing. `R` makes its ephemeral keys.
///
/// Every method that depends on time takes `now`: the time since any fixed
/// moment, never going back.
pub struct Session<R> {
    rng: R,
    identity: Arc<IdentityKey>,
    local: Party,
    state: State,
    /// When the user began.
    began: Duration,
    /// When the state last changed.
    progress: Duration,
    hinted: bool,
    /// A HELLO that is not our peer's, in view while bound.
    stranger: Option<Stranger>,
    /// Codes of this session that did not authenticate.
    strikes: Vec<Frame>,
    /// Earlier commitments and session ids of ours.
    past: VecDeque<[u8; 8]>,
    #[cfg(test)]
    pub(super) commitments_off: bool,
}

#[derive(Clone, Copy, Debug)]
struct Stranger {
    commitment: [u8; 32],
    since: Duration,
    last: Duration,
}

/// A handshake that is bound to one peer.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
struct Bound {
    transcript: Transcript,
    sid: SessionId,
    text: String,
}

#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
enum State {
    Offering {
        e: EphemeralKey,
        hello: Hello,
        text: String,
        /// The last foreign HELLO, and when.
        seen: Option<([u8; 32], Duration)>,
    },
    SentMessage1 {
        bound: Bound,
        noise: Initiator,
        e: PublicKey,
    },
    SentMessage2 {
        bound: Bound,
        noise: Responder,
        check_code: CheckCode,
    },
    SentMessage3 {
        bound: Bound,
        pairing: Pairing,
        confirm: Tag,
        done: Tag,
    },
    SentConfirm {
        bound: Bound,
        pairing: Pairing,
        done: Tag,
    },
    Finished {
        bound: Bound,
        pairing: Pairing,
    },
    Failed(PairingError),
}

type Tag = Zeroizing<[u8; 17]>;

impl<R: CryptoRng> Session<R> {
    /// Begins to offer: [`Session::text`] is a fresh HELLO.
    pub fn new(identity: Arc<IdentityKey>, name: DisplayName, mut rng: R, now: Duration) -> Self {
        let local = Party { name, identity: *identity.public() };
        let state = offer(&mut rng);
        Self {
            rng,
            identity,
            local,
            state,
            began: now,
            progress: now,
            hinted: false,
            stranger: None,
            strikes: Vec::new(),
            past: VecDeque::new(),
            #[cfg(test)]
            commitments_off: false,
        }
    }

    /// What to show: a text for one code. `None` once the session has failed.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.state {
            State::Offering { text, .. } => Some(text),
            State::SentMessage1 { bound, .. }
            | State::SentMessage2 { bound, .. }
            | State::SentMessage3 { bound, .. }
            | State::SentConfirm { bound, .. }
            | State::Finished { bound, .. } => Some(&bound.text),
            State::Failed(_) => None,
        }
    }

    /// Where the session stands.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        match &self.state {
            State::Offering { .. } => Phase::Offering,
            State::SentMessage1 { .. } | State::SentMessage2 { .. } => Phase::Locked,
            State::SentMessage3 { .. } | State::SentConfirm { .. } => Phase::Confirming,
            State::Finished { .. } => Phase::Finished,
            State::Failed(error) => Phase::Failed(*error),
        }
    }

    /// The pairing, as soon as it may be kept: for the responder from message
    /// 3 on, not yet acknowledged; for the initiator from CONFIRM on.
    #[must_use]
    pub const fn pairing(&self) -> Option<&Pairing> {
        match &self.state {
            State::SentConfirm { pairing, .. } | State::Finished { pairing, .. } => Some(pairing),
            _ => None,
        }
    }

    /// The check code, as soon as both screens can show it.
    #[must_use]
    pub const fn check_code(&self) -> Option<CheckCode> {
        match &self.state {
            State::SentMessage3 { pairing, .. }
            | State::SentConfirm { pairing, .. }
            | State::Finished { pairing, .. } => Some(pairing.check_code),
            _ => None,
        }
    }

    /// When [`Session::tick`] next has something to do.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Duration> {
        let hint = (!self.hinted).then_some(self.progress + timing::HINT);
        let end = self.began + timing::TOTAL;
        match &self.state {
            State::Offering { .. } => Some(hint.map_or(end, |h| h.min(end))),
            State::SentMessage1 { .. }
            | State::SentMessage2 { .. }
            | State::SentMessage3 { .. } => {
                let end = end.min(self.progress + timing::STALL);
                Some(hint.map_or(end, |h| h.min(end)))
            }
            State::SentConfirm { .. } => hint,
            State::Finished { .. } | State::Failed(_) => None,
        }
    }

    /// Lets time pass. Call it at [`Session::next_deadline`], or often.
    pub fn tick(&mut self, now: Duration) -> Vec<Event> {
        match &self.state {
            State::Finished { .. } | State::Failed(_) => return Vec::new(),
            // A responder's key is never thrown away for being slow.
            State::SentConfirm { .. } => {}
            _ if now >= self.began + timing::TOTAL => return self.fail(PairingError::TimedOut),
            State::Offering { .. } => {}
            _ if now >= self.progress + timing::STALL => {
                return self.reset(ResetReason::Stalled, now);
            }
            _ => {}
        }
        if !self.hinted && now >= self.progress + timing::HINT {
            self.hinted = true;
            return vec![Event::Waiting];
        }
        Vec::new()
    }

    /// Reads one text that is in view now. Call it for every sighting, also of
    /// the same text again: how long a code stays in view matters.
    pub fn handle(&mut self, now: Duration, text: &str) -> Vec<Event> {
        let mut events = self.tick(now);
        match Frame::from_text(text) {
            Ok(frame) => events.extend(self.read(now, frame)),
            Err(error) => events.push(Event::Notice(Notice::Unusable(error))),
        }
        events
    }

    /// The user says that the other device shows Paired: a responder that
    /// missed DONE may export then.
    pub fn acknowledge(&mut self) -> Vec<Event> {
        match self.take() {
            State::SentConfirm { bound, mut pairing, .. } => {
                pairing.acknowledged = true;
                self.state = State::Finished { bound, pairing };
                vec![Event::Finished]
            }
            state => {
                self.state = state;
                Vec::new()
            }
        }
    }

    /// The user says that the check codes differ: everything is wiped. What
    /// the caller has stored of this pairing it must remove.
    pub fn deny(&mut self) -> Vec<Event> {
        self.fail(PairingError::CheckCodeDiffers)
    }

    /// The user stops. A responder that has the key keeps it, locked
    /// ([`Event::Unacknowledged`]).
    pub fn cancel(&mut self) -> Vec<Event> {
        let mut events = self.leave();
        events.extend(self.fail(PairingError::Cancelled));
        events
    }

    /// The user begins again, with fresh keys and a fresh five minutes.
    pub fn restart(&mut self, now: Duration) -> Vec<Event> {
        let mut events = self.leave();
        self.began = now;
        self.offer_again(now);
        events.push(Event::ShowCode);
        events
    }

    fn read(&mut self, now: Duration, frame: Frame) -> Vec<Event> {
        if let Some(notice) = self.not_for_us(&frame) {
            return self.unexpected(now, &frame, notice);
        }
        match self.take() {
            State::Offering { e, hello, text, seen } => {
                self.read_offering(now, frame, e, hello, text, seen)
            }
            State::SentMessage1 { bound, noise, e } => match frame {
                Frame::Message2 { noise: message, .. } => {
                    self.read_message2(now, bound, noise, e, frame, &message)
                }
                _ => self.repeated(State::SentMessage1 { bound, noise, e }),
            },
            State::SentMessage2 { bound, noise, check_code } => match frame {
                Frame::Message3 { noise: message, .. } => {
                    self.read_message3(now, bound, noise, check_code, frame, &message)
                }
                _ => self.repeated(State::SentMessage2 { bound, noise, check_code }),
            },
            State::SentMessage3 { mut bound, mut pairing, confirm, done } => match frame {
                Frame::Confirm { tag, .. } if tag.ct_eq(&*confirm).into() => {
                    bound.text = Frame::Done { sid: bound.sid, tag: *done }.to_text();
                    pairing.acknowledged = true;
                    self.advance(now, State::Finished { bound, pairing });
                    vec![Event::Finished, Event::ShowCode]
                }
                Frame::Confirm { .. } => {
                    self.strike(now, State::SentMessage3 { bound, pairing, confirm, done }, frame)
                }
                _ => self.repeated(State::SentMessage3 { bound, pairing, confirm, done }),
            },
            State::SentConfirm { bound, mut pairing, done } => match frame {
                Frame::Done { tag, .. } if tag.ct_eq(&*done).into() => {
                    pairing.acknowledged = true;
                    self.advance(now, State::Finished { bound, pairing });
                    vec![Event::Finished]
                }
                // No strike: a responder's key is never thrown away.
                Frame::Done { .. } => {
                    self.state = State::SentConfirm { bound, pairing, done };
                    vec![Event::Notice(Notice::NotAuthentic)]
                }
                _ => self.repeated(State::SentConfirm { bound, pairing, done }),
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
                let bound = Bound::new(transcript, &message);
                self.advance(now, State::SentMessage1 { bound, noise, e: public });
                events.extend([Event::Locked(Role::Initiator), Event::ShowCode]);
            }
            Frame::Message1 { noise: message, .. } if theirs.commitment < ours.commitment => {
                if !self.committed(&theirs, &PublicKey::from_bytes(message)) {
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
                let bound = Bound::new(transcript, &Frame::Message2 { sid, noise: exact(&answer) });
                self.advance(now, State::SentMessage2 { bound, noise, check_code });
                events.extend([Event::Locked(Role::Responder), Event::ShowCode]);
            }
            _ => self.state = State::Offering { e, hello: ours, text, seen },
        }
        events
    }

    fn read_message2(
        &mut self,
        now: Duration,
        mut bound: Bound,
        noise: Initiator,
        e: PublicKey,
        frame: Frame,
        message: &[u8; 128],
    ) -> Vec<Event> {
        let theirs = PublicKey::from_bytes(exact(message));
        if !self.committed(&bound.transcript.responder, &theirs) {
            return self.fail(PairingError::CommitmentMismatch);
        }
        let read = match noise.read(message) {
            Ok(read) => read,
            Err(rejected) => {
                if let NoiseError::NotContributory(_) = rejected.error {
                    return self.fail(PairingError::NotContributory);
                }
                let state = State::SentMessage1 { bound, noise: rejected.state, e };
                return self.strike(now, state, frame);
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
        let check_code = bound.transcript.check_code(&e, &theirs);
        let (pairing, confirm, done) = self.conclude(finished, peer, Role::Initiator, check_code);
        bound.text = Frame::Message3 { sid: bound.sid, noise: exact(&answer) }.to_text();
        self.advance(now, State::SentMessage3 { bound, pairing, confirm, done });
        vec![Event::CheckCode(check_code), Event::ShowCode]
    }

    fn read_message3(
        &mut self,
        now: Duration,
        mut bound: Bound,
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
                let state = State::SentMessage2 { bound, noise: rejected.state, check_code };
                return self.strike(now, state, frame);
            }
        };
        let peer = match self.party(identity, &payload) {
            Ok(peer) => peer,
            Err(error) => return self.fail(error),
        };
        let (pairing, confirm, done) = self.conclude(finished, peer, Role::Responder, check_code);
        bound.text = Frame::Confirm { sid: bound.sid, tag: *confirm }.to_text();
        self.advance(now, State::SentConfirm { bound, pairing, done });
        vec![Event::CheckCode(check_code), Event::Paired, Event::ShowCode]
    }

    fn committed(&self, hello: &Hello, e: &PublicKey) -> bool {
        #[cfg(test)]
        if self.commitments_off {
            return true;
        }
        commitment(hello.suites, e) == hello.commitment
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

    /// Whether a frame is our own, or belongs to no session of this state.
    fn not_for_us(&self, frame: &Frame) -> Option<Notice> {
        let elsewhere = |id: &[u8; 8], otherwise| {
            Some(if self.past.contains(id) { Notice::Stale } else { otherwise })
        };
        let bound = match &self.state {
            State::Offering { hello: ours, .. } => {
                return match frame {
                    Frame::Hello(hello) | Frame::Message1 { hello, .. }
                        if hello == ours || self.past.contains(&hello.short()) =>
                    {
                        Some(Notice::OwnCode)
                    }
                    Frame::Hello(_) => None,
                    Frame::Message1 { to, .. } if *to == ours.short() => None,
                    _ => Some(Notice::Stale),
                };
            }
            State::SentMessage1 { bound, .. }
            | State::SentMessage2 { bound, .. }
            | State::SentMessage3 { bound, .. }
            | State::SentConfirm { bound, .. }
            | State::Finished { bound, .. } => bound,
            State::Failed(_) => return Some(Notice::Stale),
        };
        let (ours, theirs) = match self.role() {
            Role::Initiator => (&bound.transcript.initiator, &bound.transcript.responder),
            Role::Responder => (&bound.transcript.responder, &bound.transcript.initiator),
        };
        match frame {
            Frame::Hello(hello) | Frame::Message1 { hello, .. }
                if hello == ours || self.past.contains(&hello.short()) =>
            {
                Some(Notice::OwnCode)
            }
            Frame::Hello(hello) if hello == theirs => None,
            Frame::Hello(_) => Some(Notice::OtherDevice),
            Frame::Message1 { hello, to, .. } if hello == theirs && *to == ours.short() => None,
            Frame::Message1 { to, .. } => elsewhere(to, Notice::OtherDevice),
            Frame::Message2 { sid, .. }
            | Frame::Message3 { sid, .. }
            | Frame::Confirm { sid, .. }
            | Frame::Done { sid, .. } => {
                if *sid != bound.sid {
                    return elsewhere(sid, Notice::OtherDevice);
                }
                let responders = matches!(frame, Frame::Message2 { .. } | Frame::Confirm { .. });
                let own = responders == (self.role() == Role::Responder);
                own.then_some(Notice::OwnCode)
            }
        }
    }

    const fn role(&self) -> Role {
        match &self.state {
            State::SentMessage1 { .. } | State::SentMessage3 { .. } => Role::Initiator,
            State::Finished { pairing, .. } => pairing.role,
            _ => Role::Responder,
        }
    }

    /// A frame that is not for this session. A HELLO, or a message 1 for us,
    /// that stays in view with nothing of the session beside it is our peer
    /// beginning again.
    fn unexpected(&mut self, now: Duration, frame: &Frame, notice: Notice) -> Vec<Event> {
        let over = matches!(self.state, State::Finished { .. } | State::Failed(_));
        if let Frame::Hello(hello) | Frame::Message1 { hello, .. } = frame
            && notice == Notice::OtherDevice
            && !over
        {
            let known = self.stranger.filter(|s| {
                s.commitment == hello.commitment && now < s.last + timing::PEER_RESTART
            });
            let since = known.map_or(now, |s| s.since);
            if now >= since + timing::PEER_RESTART {
                return self.reset(ResetReason::PeerRestarted, now);
            }
            self.stranger = Some(Stranger { commitment: hello.commitment, since, last: now });
        }
        vec![Event::Notice(notice)]
    }

    /// Our peer still shows what we have read: it is there, and it is no stranger.
    fn repeated(&mut self, state: State) -> Vec<Event> {
        self.state = state;
        self.stranger = None;
        Vec::new()
    }

    fn strike(&mut self, now: Duration, state: State, frame: Frame) -> Vec<Event> {
        self.state = state;
        // The same wrong code is seen many times a second; it counts once.
        if !self.strikes.contains(&frame) {
            self.strikes.push(frame);
        }
        if self.strikes.len() >= STRIKES {
            return self.reset(ResetReason::Forged, now);
        }
        vec![Event::Notice(Notice::NotAuthentic)]
    }

    fn advance(&mut self, now: Duration, state: State) {
        self.state = state;
        self.progress = now;
        self.hinted = false;
        self.stranger = None;
        self.strikes.clear();
    }

    fn fail(&mut self, error: PairingError) -> Vec<Event> {
        self.remember();
        self.state = State::Failed(error);
        vec![Event::Failed(error)]
    }

    fn reset(&mut self, reason: ResetReason, now: Duration) -> Vec<Event> {
        let mut events = self.leave();
        self.offer_again(now);
        events.extend([Event::Reset(reason), Event::ShowCode]);
        events
    }

    /// Hands over a responder's key that is about to be left.
    fn leave(&mut self) -> Vec<Event> {
        self.remember();
        match self.take() {
            State::SentConfirm { pairing, .. } => vec![Event::Unacknowledged(Box::new(pairing))],
            _ => Vec::new(),
        }
    }

    fn offer_again(&mut self, now: Duration) {
        let state = offer(&mut self.rng);
        self.advance(now, state);
    }

    /// Remembers our commitment and session id before they go.
    fn remember(&mut self) {
        let (ours, sid) = match &self.state {
            State::Offering { hello, .. } => (hello.short(), None),
            State::SentMessage1 { bound, .. }
            | State::SentMessage2 { bound, .. }
            | State::SentMessage3 { bound, .. }
            | State::SentConfirm { bound, .. }
            | State::Finished { bound, .. } => {
                let hello = match self.role() {
                    Role::Initiator => bound.transcript.initiator,
                    Role::Responder => bound.transcript.responder,
                };
                (hello.short(), Some(bound.sid))
            }
            State::Failed(_) => return,
        };
        self.past.extend(std::iter::once(ours).chain(sid));
        while self.past.len() > REMEMBERED {
            self.past.pop_front();
        }
    }

    /// Takes the state out; every way on puts one back. Until then, and if a
    /// way should ever forget, the session is over.
    fn take(&mut self) -> State {
        std::mem::replace(&mut self.state, State::Failed(PairingError::Cancelled))
    }
}

impl<R> fmt::Debug for Session<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("local", &self.local)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl Bound {
    fn new(transcript: Transcript, first: &Frame) -> Self {
        Self { transcript, sid: transcript.sid(), text: first.to_text() }
    }
}

fn offer<R: CryptoRng>(rng: &mut R) -> State {
    let e = EphemeralKey::generate(rng);
    let suites = Suites::OFFERED;
    let hello = Hello { suites, commitment: commitment(suites, e.public()) };
    State::Offering { e, hello, text: Frame::Hello(hello).to_text(), seen: None }
}

/// The first `N` bytes of a Noise message whose length the pattern fixes.
fn exact<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.first_chunk().copied().unwrap_or([0; N])
}
