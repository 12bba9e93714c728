//! Classifies an incoming frame: our own, our peer's, an earlier session's, or
//! another device's.

use std::time::Duration;

use rand_core::CryptoRng;

use super::super::Role;
use super::super::event::{Diagnostic, Event, ResetReason};
use super::super::frame::{Frame, FrameError};
use super::{ForeignHello, Session, State, timing};

impl<R: CryptoRng> Session<R> {
    /// Whether a frame is our own, or belongs to no session of this state.
    pub(super) fn not_for_us(&self, frame: &Frame) -> Option<Diagnostic> {
        let elsewhere = |id: &[u8; 8], otherwise| {
            Some(if self.recent_ids.contains(id) { Diagnostic::Stale } else { otherwise })
        };
        let locked = match &self.state {
            State::Offering { hello: ours, .. } => {
                return match frame {
                    Frame::Message1 { suite, hello, .. }
                        if ours.suites.best_common(hello.suites).is_some_and(|it| it != *suite) =>
                    {
                        Some(Diagnostic::NotAuthentic)
                    }
                    Frame::Hello(hello) | Frame::Message1 { hello, .. }
                        if hello == ours || self.recent_ids.contains(&hello.short()) =>
                    {
                        Some(Diagnostic::OwnCode)
                    }
                    Frame::Hello(_) => None,
                    Frame::Message1 { to, .. } if *to == ours.short() => None,
                    _ => Some(Diagnostic::Stale),
                };
            }
            State::SentMessage1 { locked, .. }
            | State::SentMessage2 { locked, .. }
            | State::SentMessage3 { locked, .. }
            | State::SentConfirm { locked, .. }
            | State::Finished { locked, .. } => locked,
            State::Failed(_) => return Some(Diagnostic::Stale),
        };
        let (ours, theirs) = match self.role() {
            Role::Initiator => (&locked.transcript.initiator, &locked.transcript.responder),
            Role::Responder => (&locked.transcript.responder, &locked.transcript.initiator),
        };
        match frame {
            Frame::Hello(hello) | Frame::Message1 { hello, .. }
                if hello == ours || self.recent_ids.contains(&hello.short()) =>
            {
                Some(Diagnostic::OwnCode)
            }
            Frame::Hello(hello) if hello == theirs => None,
            Frame::Hello(_) => Some(Diagnostic::OtherDevice),
            Frame::Message1 { hello, to, .. } if hello == theirs && *to == ours.short() => None,
            Frame::Message1 { to, .. } => elsewhere(to, Diagnostic::OtherDevice),
            Frame::Message2 { suite, sid, .. }
            | Frame::Message3 { suite, sid, .. }
            | Frame::Confirm { suite, sid, .. }
            | Frame::Done { suite, sid, .. } => {
                if *sid != locked.sid {
                    return elsewhere(sid, Diagnostic::OtherDevice);
                }
                // The session id covers what both offered, so there is one right suite.
                if *suite != locked.transcript.suite {
                    return Some(Diagnostic::NotAuthentic);
                }
                let responders = matches!(frame, Frame::Message2 { .. } | Frame::Confirm { .. });
                let own = responders == (self.role() == Role::Responder);
                own.then_some(Diagnostic::OwnCode)
            }
            // A fragment is gathered, and read as the frame that it is a part of.
            Frame::Fragment(_) => Some(Diagnostic::Unusable(FrameError::Damaged)),
        }
    }

    /// A frame that is not for this session. A HELLO, or a message 1 for us,
    /// that stays in view with nothing of the session beside it is our peer
    /// beginning again.
    pub(super) fn unexpected(
        &mut self,
        now: Duration,
        frame: &Frame,
        diagnostic: Diagnostic,
    ) -> Vec<Event> {
        let over = matches!(self.state, State::Finished { .. } | State::Failed(_));
        if let Frame::Hello(hello) | Frame::Message1 { hello, .. } = frame
            && diagnostic == Diagnostic::OtherDevice
            && !over
        {
            let known = self.foreign.filter(|s| {
                s.commitment == hello.commitment && now < s.last + timing::PEER_RESTART
            });
            let since = known.map_or(now, |s| s.since);
            if now >= since + timing::PEER_RESTART {
                return self.reset(ResetReason::PeerRestarted, now);
            }
            self.foreign = Some(ForeignHello { commitment: hello.commitment, since, last: now });
        }
        vec![Event::Diagnostic(diagnostic)]
    }

    /// Our peer still shows what we have read, so no other device took its place.
    pub(super) fn repeated(&mut self, state: State) -> Vec<Event> {
        self.state = state;
        self.foreign = None;
        Vec::new()
    }
}
