//! What happens to a pairing: what is seen, what the session makes of it, what
//! the store has done.

use super::{Camera, Ended, NOTICE, Session, Stage};
use crate::gui::message::Effect;
use crate::gui::screens::result::Outcome;
use crate::gui::state::{FrameSourceChoice, Screen, State};
use crate::messages;
use crate::messages::Notification;
use crate::sound::Cue;
use keyglance_capture::{OpticsError, ScanEvent, SourceInfo};
use keyglance_core::pairing::{Event, Pairing as CorePairing, Phase, ResetReason, Role};
use keyglance_core::trust::Trust;
use keyglance_profile::SavedPairing;

/// The session that was asked for.
pub fn ready(state: &mut State, session: Session) -> Vec<Effect> {
    let Screen::Pairing(pairing) = &mut state.screen else { return Vec::new() };
    pairing.began = state.now;
    pairing.session = Some(session);
    pairing.show_code().into_iter().collect()
}

/// What the camera did.
pub fn scanned(state: &mut State, event: ScanEvent) -> Vec<Effect> {
    let now = state.now;
    let by_camera = state.eye == FrameSourceChoice::Camera;
    let Screen::Pairing(pairing) = &mut state.screen else { return Vec::new() };
    let mut effects = Vec::new();
    match event {
        ScanEvent::Opened(info) => pairing.camera = Camera::Running(info),
        ScanEvent::Seen(sight) => {
            if !matches!(pairing.camera, Camera::Running(_)) {
                pairing.camera = Camera::Running(SourceInfo::default());
            }
            if !by_camera {
                pairing.trust = Trust::Unverified;
            }
            let texts: Vec<Vec<u8>> =
                sight.codes.iter().map(|(reading, _)| reading.bytes.clone()).collect();
            if let Some((_, quality)) = sight.codes.first() {
                pairing.quality = Some(*quality);
                pairing.code_seen = now;
            }
            pairing.sight = Some(sight);
            pairing.sights += 1;
            effects.extend(handle(state, &texts));
        }
        // A camera that went away is told until it is back.
        ScanEvent::Failed(error) if error.is_final() || by_camera => {
            pairing.others |= matches!(error, OpticsError::NoCamera | OpticsError::NotBuilt);
            pairing.camera = Camera::Failed(error);
            pairing.sight = None;
            effects.push(Effect::Play(Cue::Problem));
        }
        ScanEvent::Failed(error) => {
            state.told = Some(Notification::new(messages::window::sentence(&error), ""))
        }
        ScanEvent::Ended => pairing.camera = Camera::Off,
    }
    effects
}

/// Codes that were pasted, dropped, opened, or found on the screen.
pub fn read(state: &mut State, result: Result<Vec<Vec<u8>>, Notification>) -> Vec<Effect> {
    let now = state.now;
    let Screen::Pairing(pairing) = &mut state.screen else { return Vec::new() };
    match result {
        Err(told) => {
            state.told = Some(told);
            Vec::new()
        }
        Ok(codes) if codes.is_empty() => {
            state.told = Some(Notification::new(
                "No code was found.",
                "Make sure that the whole code is in the picture, with a white edge around it.",
            ));
            Vec::new()
        }
        Ok(codes) => {
            state.told = None;
            pairing.trust = Trust::Unverified;
            pairing.code_seen = now;
            handle(state, &codes)
        }
    }
}

fn handle(state: &mut State, codes: &[Vec<u8>]) -> Vec<Effect> {
    let now = state.now;
    let mut effects = Vec::new();
    for code in codes {
        let Screen::Pairing(pairing) = &mut state.screen else { break };
        // A code that is no text is no pairing code either, and is told as that.
        let text = String::from_utf8_lossy(code);
        let events = pairing.with(now, |session, now| session.handle(now, &text));
        effects.extend(take(state, events));
    }
    effects
}

/// The store has the key.
pub fn kept(state: &mut State, result: Result<SavedPairing, Notification>) -> Vec<Effect> {
    let now = state.now;
    let Screen::Pairing(pairing) = &mut state.screen else { return Vec::new() };
    let ours = pairing.session.as_ref().and_then(Session::pairing).map(CorePairing::key_id);
    // What an earlier pairing left is in the profile, and not this one's.
    if !pairing.storing || result.as_ref().is_ok_and(|kept| Some(kept.key_id) != ours) {
        return Vec::new();
    }
    pairing.storing = false;
    match result {
        Ok(kept) => {
            pairing.kept = Some(kept);
            let mut effects: Vec<Effect> = pairing.show_code().into_iter().collect();
            effects.extend(finish(state));
            effects
        }
        Err(told) => {
            // Our code never said that we have the key: the other one does not rely on it.
            pairing.with(now, |session, _| session.reject_check_code());
            pairing.shown = None;
            pairing.ended = Some(Ended::NotStored(told));
            vec![Effect::StopScan, Effect::Play(Cue::Problem)]
        }
    }
}

pub fn take(state: &mut State, events: Vec<Event>) -> Vec<Effect> {
    let now = state.now;
    let mut effects = Vec::new();
    for event in events {
        let Screen::Pairing(pairing) = &mut state.screen else { break };
        match event {
            Event::ShowCode => effects.extend(pairing.show_code()),
            Event::PeerSeen => {
                pairing.reach(Stage::Seen, now);
                effects.push(Effect::Play(Cue::Seen));
            }
            Event::Locked(_) => {
                pairing.reach(Stage::Agreed, now);
                effects.push(Effect::Play(Cue::Agreed));
            }
            Event::CheckCode(code) => pairing.reach(Stage::Almost(code), now),
            // Stored before the next code is shown: neither device ever
            // believes in a key that the other one lost.
            Event::Paired => effects.extend(pairing.keep()),
            Event::Finished => match &pairing.kept {
                Some(kept) => {
                    effects.push(Effect::Acknowledge(kept.key_id));
                    effects.extend(finish(state));
                }
                None => effects.extend(pairing.keep()),
            },
            Event::Unacknowledged(_) => {
                if let Some(kept) = pairing.kept.take() {
                    state.told = Some(messages::window::kept_locked(&kept.key_name));
                }
            }
            Event::Reset(reason) => {
                pairing.reach(Stage::Looking, now);
                pairing.kept = None;
                pairing.notice = Some((messages::reset(reason), now));
                if reason == ResetReason::Forged {
                    effects.push(Effect::Play(Cue::Problem));
                }
            }
            Event::Waiting => {
                pairing.may_confirm =
                    pairing.session.as_ref().is_some_and(|session| session.pairing().is_some());
            }
            Event::Diagnostic(notice) => {
                if pairing.notice.is_none_or(|(_, since)| now > since + NOTICE) {
                    effects.push(Effect::Play(Cue::Tick));
                }
                pairing.notice = Some((messages::notice(notice), now));
            }
            Event::Failed(error) => {
                pairing.shown = None;
                pairing.ended = Some(Ended::Pairing(error));
                effects.extend([Effect::StopScan, Effect::Play(Cue::Problem)]);
            }
        }
    }
    effects
}

/// On to the result, once both have the key and ours is stored.
fn finish(state: &mut State) -> Vec<Effect> {
    let now = state.now;
    let Screen::Pairing(pairing) = &mut state.screen else { return Vec::new() };
    let finished = pairing.session.as_ref().filter(|s| s.phase() == Phase::Finished);
    let (Some(result), Some(kept)) = (finished.and_then(Session::pairing), pairing.kept.clone())
    else {
        return Vec::new();
    };
    // The responder has yet to see the initiator's last code.
    let code = (result.role == Role::Initiator).then(|| pairing.shown.clone()).flatten();
    let outcome = Outcome::new(result, kept, code, now);
    state.screen = Screen::Result(Box::new(outcome));
    vec![Effect::StopScan, Effect::Play(Cue::Done)]
}
