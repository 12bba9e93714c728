//! The session: what a device shows, and what it makes of what it sees.
//!
//! Reading is transactional: a frame that is refused changes nothing. The few
//! exceptions are fatal and wipe everything ([`PairingError`]).

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::event::{Diagnostic, Event, PairingError, Phase, ResetReason};
use super::fragment::{Fragment, Fragments, Gathered, MessageId};
use super::frame::{Frame, FrameError, Suites};
use super::{Card, CheckCode, CheckEntry, DisplayName, Pairing, Party, Role};
use crate::crypto::{EphemeralKey, IdentityKey};
use rand_core::CryptoRng;

mod handshake;
mod routing;
mod state;

use state::{InitiatorKeys, LockedPeer, Shown, State};

/// The session's times.
pub mod timing {
    use std::time::Duration;

    /// A HELLO, and a session without a pairing, live this long.
    pub const TOTAL: Duration = Duration::from_secs(300);
    /// A session locked to a peer begins again after this long without progress.
    pub const STALL: Duration = Duration::from_secs(60);
    /// Without progress, a hint is due after this.
    pub const HINT: Duration = Duration::from_secs(10);
    /// Two foreign HELLOs within this are two devices.
    pub const SECOND_DEVICE: Duration = Duration::from_secs(2);
    /// A new HELLO in view for this long, and nothing of the session: the
    /// other device began again.
    pub const PEER_RESTART: Duration = Duration::from_secs(1);
}

/// A session begins again when this many different codes of it did not authenticate.
const MAX_AUTH_FAILURES: usize = 3;
/// How many of our ephemeral keys may be revealed and lead to nothing before only
/// a person begins again. Each is one guess at a check code for somebody between.
const MAX_TRIES: u8 = 3;
/// How many commitments and session ids of earlier tries are remembered, to
/// tell answers to those from another device's codes; and how many of our own messages.
const MAX_RECENT_IDS: usize = 16;

/// One side of a pairing. `R` makes its ephemeral keys.
///
/// Every method that depends on time takes `now`: the time since any fixed
/// moment, never going back.
///
/// A caller shows [`Session::codes`] as QR codes in turn, calls [`Session::handle`] for every
/// text that is seen and [`Session::tick`] when nothing is, and stores the pairing
/// before it shows the next code:
///
/// ```
/// # #[cfg(feature = "sys-rng")]
/// # {
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// use keyglance_core::crypto::IdentityKey;
/// use keyglance_core::pairing::{
///     Carousel, DEFAULT_CODE_CHARACTERS, DisplayName, Event, Pace, Pairing, Session,
/// };
/// use keyglance_core::rand_core::{CryptoRng, UnwrapErr};
/// # fn store(_: &Pairing) {}
/// # fn show(_: Carousel) {}
///
/// fn seen<R: CryptoRng>(session: &mut Session<R>, now: Duration, text: &str) {
///     for event in session.handle(now, text) {
///         match event {
///             Event::ShowCode => {
///                 if let Some(pairing) = session.pairing() {
///                     store(pairing);
///                 }
///                 let codes = session.codes(DEFAULT_CODE_CHARACTERS);
///                 show(Carousel::new(codes, Pace::Full, now));
///             }
///             Event::CheckCode(code) => println!("Type {code} on the other device."),
///             Event::Finished => println!("Both devices have the key."),
///             Event::Failed(error) => println!("{error}"),
///             _ => {}
///         }
///     }
/// }
///
/// let mut rng = UnwrapErr(keyglance_core::SysRng);
/// let identity = Arc::new(IdentityKey::generate(&mut rng));
/// let name = DisplayName::new("Ana's laptop").unwrap();
/// let mut session = Session::new(identity, name, rng, Duration::ZERO);
/// let codes = session.codes(DEFAULT_CODE_CHARACTERS);
/// show(Carousel::new(codes, Pace::Full, Duration::ZERO));
/// seen(&mut session, Duration::from_secs(1), "any text that a camera reads");
/// # }
/// ```
#[cfg_attr(test, derive(Clone))]
pub struct Session<R> {
    rng: R,
    identity: Arc<IdentityKey>,
    local: Party,
    suites: Suites,
    card: Card,
    state: State,
    /// When the user began.
    began: Duration,
    /// When the state last changed.
    progress: Duration,
    /// When anything new was last read of the peer's: the hint is counted from here.
    news: Duration,
    hinted: bool,
    /// Parts of frames that are not whole yet.
    fragments: Fragments,
    /// The frame that is being read, and the last one that changed the state: its
    /// fragments need not be gathered again.
    reading: Option<MessageId>,
    last_read: Option<MessageId>,
    /// What we showed, the latest last: a late picture of a mirror may have parts of it.
    shown_before: VecDeque<MessageId>,
    /// A HELLO that is not our peer's, in view while we are locked to a peer.
    foreign: Option<ForeignHello>,
    /// The codes of this session that did not authenticate.
    auth_failures: Vec<Frame>,
    /// Starts of our earlier commitments, and earlier session ids.
    recent_ids: VecDeque<[u8; 8]>,
    /// Ephemeral keys of ours that were revealed and led to nothing since the user
    /// began.
    tries: u8,
}

#[derive(Clone, Copy, Debug)]
struct ForeignHello {
    commitment: [u8; 32],
    since: Duration,
    last: Duration,
}

impl<R: CryptoRng> Session<R> {
    /// Begins to offer: [`Session::code`] is a fresh HELLO.
    pub fn new(identity: Arc<IdentityKey>, name: DisplayName, mut rng: R, now: Duration) -> Self {
        let local = Party { name, identity: *identity.public() };
        let suites = Suites::OFFERED;
        let state = State::offering(EphemeralKey::generate(&mut rng), suites);
        Self {
            rng,
            identity,
            local,
            suites,
            card: Card::default(),
            state,
            began: now,
            progress: now,
            news: now,
            hinted: false,
            fragments: Fragments::default(),
            reading: None,
            last_read: None,
            shown_before: VecDeque::new(),
            foreign: None,
            auth_failures: Vec::new(),
            recent_ids: VecDeque::new(),
            tries: 0,
        }
    }

    /// Tells the other device `card`, encrypted, once both know the key. It arrives
    /// before anything was compared.
    #[must_use]
    pub fn with_card(mut self, card: Card) -> Self {
        self.card = card;
        self
    }

    /// Offers these suites instead of [`Suites::OFFERED`]. To be called before anything
    /// was shown or read.
    #[must_use]
    pub fn with_suites(mut self, suites: Suites) -> Self {
        self.suites = suites;
        match self.take() {
            State::Offering { e, .. } => self.state = State::offering(e, suites),
            state => self.state = state,
        }
        self
    }

    /// What to show. `None` once the session has failed.
    #[must_use]
    pub fn frame(&self) -> Option<&Frame> {
        self.shown().map(|shown| &shown.frame)
    }

    /// The same as QR codes of at most so many characters: one, or several in turn
    /// ([`Carousel`](super::Carousel)). Empty once the session has failed. A screen with
    /// room takes [`DEFAULT_CODE_CHARACTERS`](super::DEFAULT_CODE_CHARACTERS).
    #[must_use]
    pub fn codes(&self, max_characters: usize) -> Vec<String> {
        self.shown().map(|shown| shown.frame.to_codes(max_characters)).unwrap_or_default()
    }

    /// The whole of what to show as one QR code, however large: alphanumeric, so that the
    /// code is as small as can be. `None` once the session has failed.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.shown().map(|shown| shown.code.as_str())
    }

    /// The same for pipes and clipboards, without spaces. [`Session::handle`] reads
    /// both.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.shown().map(|shown| shown.text.as_str())
    }

    const fn shown(&self) -> Option<&Shown> {
        match &self.state {
            State::Offering { shown, .. } => Some(shown),
            State::SentMessage1 { locked, .. }
            | State::SentMessage2 { locked, .. }
            | State::SentMessage3 { locked, .. }
            | State::SentConfirm { locked, .. }
            | State::Finished { locked, .. } => Some(&locked.shown),
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

    /// The other device as it calls itself, as soon as it has said so. Nobody has compared
    /// anything yet.
    #[must_use]
    pub const fn peer(&self) -> Option<&Party> {
        match &self.state {
            State::SentMessage3 { pairing, .. }
            | State::SentConfirm { pairing, .. }
            | State::Finished { pairing, .. } => Some(&pairing.peer),
            _ => None,
        }
    }

    /// The check code that our screen shows, as soon as it may be shown.
    #[must_use]
    pub const fn check_code(&self) -> Option<CheckCode> {
        match &self.state {
            State::SentMessage3 { pairing, .. }
            | State::SentConfirm { pairing, .. }
            | State::Finished { pairing, .. } => Some(pairing.check_codes.shown),
            _ => None,
        }
    }

    /// When [`Session::tick`] next has something to do.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Duration> {
        let hint = (!self.hinted).then_some(self.news + timing::HINT);
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
        if !self.hinted && now >= self.news + timing::HINT {
            self.hinted = true;
            return vec![Event::Waiting];
        }
        Vec::new()
    }

    /// Reads one code that is in view now: its bytes, or its text. Call it for every
    /// sighting, also of the same code again: how long a code stays in view matters.
    /// Lets time pass first, as [`Session::tick`] does.
    pub fn handle(&mut self, now: Duration, code: &(impl AsRef<[u8]> + ?Sized)) -> Vec<Event> {
        let mut events = self.tick(now);
        events.extend(match Frame::from_scanned(code.as_ref()) {
            Ok(Frame::Fragment(fragment)) => self.gather(now, fragment),
            Ok(frame) => self.read_whole(now, frame),
            Err(error) => vec![Event::Diagnostic(Diagnostic::Unusable(error))],
        });
        events
    }

    fn read_whole(&mut self, now: Duration, frame: Frame) -> Vec<Event> {
        self.reading = Some(frame.id());
        let events = self.read(now, frame);
        self.reading = None;
        events
    }

    /// A part of a frame. Progress for the hint, and for nothing else.
    fn gather(&mut self, now: Duration, fragment: Fragment) -> Vec<Event> {
        let is_shown = self.shown().is_some_and(|shown| shown.id == fragment.message);
        if is_shown || self.shown_before.contains(&fragment.message) {
            return vec![Event::Diagnostic(Diagnostic::OwnCode)];
        }
        if self.last_read == Some(fragment.message) {
            self.foreign = None;
            return Vec::new();
        }
        match self.fragments.add(fragment) {
            Gathered::Nothing => Vec::new(),
            Gathered::Part { have, count } => {
                (self.news, self.hinted) = (now, false);
                vec![Event::Part { have, count }]
            }
            Gathered::Whole(bytes) => match Frame::from_bytes(&bytes) {
                Ok(Frame::Fragment(_)) => {
                    vec![Event::Diagnostic(Diagnostic::Unusable(FrameError::Damaged))]
                }
                Ok(frame) => self.read_whole(now, frame),
                Err(error) => vec![Event::Diagnostic(Diagnostic::Unusable(error))],
            },
        }
    }

    /// The user says that the other device shows Paired: a responder that
    /// missed DONE may export then.
    pub fn acknowledge(&mut self) -> Vec<Event> {
        match self.take() {
            State::SentConfirm { locked, mut pairing, .. } => {
                pairing.acknowledged = true;
                self.state = State::finished(locked, pairing);
                vec![Event::Finished]
            }
            state => {
                self.state = state;
                Vec::new()
            }
        }
    }

    /// Takes the digits of the other screen that a person typed. `None` unless the
    /// pairing is finished. A caller that stores the key keeps a [`PendingCheck`](super::PendingCheck)
    /// beside it instead.
    ///
    /// [`CheckEntry::Mismatch`] fails the session: it wipes everything, and the caller
    /// must remove what it stored of this pairing.
    pub fn enter_check_code(&mut self, text: &str) -> Option<CheckEntry> {
        let State::Finished { check, .. } = &mut self.state else { return None };
        let entry = check.enter(text);
        if entry == CheckEntry::Mismatch {
            self.fail(PairingError::CheckCodeDiffers);
        }
        Some(entry)
    }

    /// The user says that the check codes differ: the session wipes everything,
    /// and the caller must remove what it stored of this pairing.
    pub fn reject_check_code(&mut self) -> Vec<Event> {
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
        (self.began, self.tries) = (now, 0);
        self.offer_again(now);
        events.push(Event::ShowCode);
        events
    }

    const fn role(&self) -> Role {
        match &self.state {
            State::SentMessage1 { .. } | State::SentMessage3 { .. } => Role::Initiator,
            State::Finished { pairing, .. } => pairing.role,
            _ => Role::Responder,
        }
    }

    fn record_auth_failure(&mut self, now: Duration, state: State, frame: Frame) -> Vec<Event> {
        self.state = state;
        // The same wrong code is seen many times a second; it counts once.
        if !self.auth_failures.contains(&frame) {
            self.auth_failures.push(frame);
        }
        if self.auth_failures.len() >= MAX_AUTH_FAILURES {
            return self.reset(ResetReason::Forged, now);
        }
        vec![Event::Diagnostic(Diagnostic::NotAuthentic)]
    }

    fn advance(&mut self, now: Duration, state: State) {
        self.state = state;
        if let Some(id) = self.shown().map(|shown| shown.id) {
            self.shown_before.push_back(id);
            if self.shown_before.len() > MAX_RECENT_IDS {
                self.shown_before.pop_front();
            }
        }
        (self.progress, self.news) = (now, now);
        self.hinted = false;
        self.fragments.clear();
        self.last_read = self.reading.take();
        self.foreign = None;
        self.auth_failures.clear();
    }

    fn fail(&mut self, error: PairingError) -> Vec<Event> {
        self.remember();
        self.state = State::Failed(error);
        vec![Event::Failed(error)]
    }

    /// Begins again by itself, unless too many of our keys were revealed for nothing.
    fn reset(&mut self, reason: ResetReason, now: Duration) -> Vec<Event> {
        // Before message 1 or 2 was shown nothing of ours was known.
        if !matches!(self.state, State::Offering { .. }) {
            self.tries += 1;
        }
        let mut events = self.leave();
        if self.tries >= MAX_TRIES {
            events.extend(self.fail(PairingError::TooManyTries));
            return events;
        }
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
        let state = State::offering(EphemeralKey::generate(&mut self.rng), self.suites);
        // The peer that began again is read again.
        self.reading = None;
        self.advance(now, state);
    }

    /// Remembers our commitment and session id before they go.
    fn remember(&mut self) {
        let (ours, sid) = match &self.state {
            State::Offering { hello, .. } => (hello.short(), None),
            State::SentMessage1 { locked, .. }
            | State::SentMessage2 { locked, .. }
            | State::SentMessage3 { locked, .. }
            | State::SentConfirm { locked, .. }
            | State::Finished { locked, .. } => {
                let hello = match self.role() {
                    Role::Initiator => locked.transcript.initiator,
                    Role::Responder => locked.transcript.responder,
                };
                (hello.short(), Some(locked.sid))
            }
            State::Failed(_) => return,
        };
        self.recent_ids.extend(std::iter::once(ours).chain(sid));
        while self.recent_ids.len() > MAX_RECENT_IDS {
            self.recent_ids.pop_front();
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

#[cfg(test)]
mod tests;
