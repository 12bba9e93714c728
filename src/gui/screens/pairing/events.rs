//! What happens to a pairing: what the camera sees, what the session makes of
//! it, and what the worker has stored.

use super::{CameraState, NOTICE, Page, PairingEnd, Stage};
use crate::gui::effect::{Effect, ProfileCommand, WorldCommand};
use crate::gui::model::{FrameSourceChoice, Model, Session};
use crate::gui::route::{PairingResult, Route};
use crate::messages;
use crate::messages::Notification;
use crate::sound::Cue;
use keyglance_capture::{OpticsError, ScanEvent, SourceInfo};
use keyglance_core::pairing::{Event, Pairing, Phase, ResetReason, Role};
use keyglance_core::trust::Trust;
use keyglance_profile::SavedPairing;

/// The session that was asked for.
pub fn session_ready(page: &mut Page, model: &Model, session: Session) -> Vec<Effect> {
    page.began = model.now;
    page.session = Some(session);
    page.show_code().into_iter().collect()
}

/// Time passed.
pub fn tick(page: &mut Page, model: &Model) -> Vec<Effect> {
    let events = page.with_session(model.now, |session, now| session.tick(now));
    handle_events(page, model, events)
}

/// What the camera did.
pub fn scanned(page: &mut Page, model: &Model, event: ScanEvent) -> Vec<Effect> {
    let by_camera = model.frame_source == FrameSourceChoice::Camera;
    match event {
        ScanEvent::Opened(info) => page.camera = CameraState::Running(info),
        ScanEvent::Seen(frame) => {
            if !matches!(page.camera, CameraState::Running(_)) {
                page.camera = CameraState::Running(SourceInfo::default());
            }
            if !by_camera {
                page.trust = Trust::Unverified;
            }
            let codes: Vec<Vec<u8>> =
                frame.codes.iter().map(|(reading, _)| reading.bytes.clone()).collect();
            if let Some((_, quality)) = frame.codes.first() {
                page.quality = Some(*quality);
                page.code_seen = model.now;
            }
            page.frame = Some(frame);
            page.frame_number += 1;
            return handle_codes(page, model, &codes);
        }
        // A camera that was unplugged is shown as such until it is back.
        ScanEvent::Failed(error) if error.is_final() || by_camera => {
            page.other_ways |= matches!(error, OpticsError::NoCamera | OpticsError::NotBuilt);
            page.camera = CameraState::Failed(error);
            page.frame = None;
            return vec![WorldCommand::Play(Cue::Problem).into()];
        }
        ScanEvent::Failed(error) => {
            let what = messages::window::sentence(&error);
            return vec![Effect::Notify(Notification::new(what, ""))];
        }
        ScanEvent::Ended => page.camera = CameraState::Off,
    }
    Vec::new()
}

/// Codes that were pasted, dropped, opened, or found on the screen.
pub fn codes_read(
    page: &mut Page,
    model: &Model,
    result: Result<Vec<Vec<u8>>, Notification>,
) -> Vec<Effect> {
    match result {
        Err(notification) => vec![Effect::Notify(notification)],
        Ok(codes) if codes.is_empty() => vec![Effect::Notify(Notification::new(
            "No code was found.",
            "Make sure that the whole code is in the picture, with a white edge around it.",
        ))],
        Ok(codes) => {
            page.trust = Trust::Unverified;
            page.code_seen = model.now;
            let mut effects = vec![Effect::DismissNotification];
            effects.extend(handle_codes(page, model, &codes));
            effects
        }
    }
}

fn handle_codes(page: &mut Page, model: &Model, codes: &[Vec<u8>]) -> Vec<Effect> {
    let mut effects = Vec::new();
    for code in codes {
        if page.finished {
            break;
        }
        // The session reports a code that is not UTF-8 as not a pairing code.
        let text = String::from_utf8_lossy(code);
        let events = page.with_session(model.now, |session, now| session.handle(now, &text));
        effects.extend(handle_events(page, model, events));
    }
    effects
}

/// The worker has stored the key, or could not.
pub fn saved(
    page: &mut Page,
    model: &Model,
    result: Result<SavedPairing, Notification>,
) -> Vec<Effect> {
    let ours = page.session.as_ref().and_then(Session::pairing).map(Pairing::key_id);
    // The report may be about an earlier pairing.
    if !page.storing || result.as_ref().is_ok_and(|saved| Some(saved.key_id) != ours) {
        return Vec::new();
    }
    page.storing = false;
    match result {
        Ok(saved) => {
            page.saved = Some(saved);
            let mut effects: Vec<Effect> = page.show_code().into_iter().collect();
            effects.extend(finish(page));
            effects
        }
        Err(notification) => {
            // Our code never said that we have the key, so the other device does not rely on it.
            page.with_session(model.now, |session, _| session.reject_check_code());
            page.shown = None;
            page.end = Some(PairingEnd::NotStored(notification));
            vec![WorldCommand::StopScan.into(), WorldCommand::Play(Cue::Problem).into()]
        }
    }
}

pub(super) fn handle_events(page: &mut Page, model: &Model, events: Vec<Event>) -> Vec<Effect> {
    let now = model.now;
    let mut effects = Vec::new();
    for event in events {
        if page.finished {
            break;
        }
        match event {
            Event::ShowCode => effects.extend(page.show_code()),
            Event::PeerSeen => {
                page.reach(Stage::Seen, now);
                effects.push(WorldCommand::Play(Cue::Seen).into());
            }
            Event::Locked(_) => {
                page.reach(Stage::Agreed, now);
                effects.push(WorldCommand::Play(Cue::Agreed).into());
            }
            Event::CheckCode(code) => page.reach(Stage::Almost(code), now),
            // Stored before the next code is shown: neither device ever
            // believes in a key that the other one lost.
            Event::Paired => effects.extend(page.store()),
            Event::Finished => match &page.saved {
                Some(saved) => {
                    effects.push(ProfileCommand::Acknowledge(saved.key_id).into());
                    effects.extend(finish(page));
                }
                None => effects.extend(page.store()),
            },
            Event::Unacknowledged(_) => {
                if let Some(saved) = page.saved.take() {
                    let notification = messages::window::saved_locked(&saved.key_name);
                    effects.push(Effect::Notify(notification));
                }
            }
            Event::Reset(reason) => {
                page.reach(Stage::Looking, now);
                page.saved = None;
                page.notice = Some((messages::reset(reason), now));
                if reason == ResetReason::Forged {
                    effects.push(WorldCommand::Play(Cue::Problem).into());
                }
            }
            Event::Waiting => {
                page.may_confirm =
                    page.session.as_ref().is_some_and(|session| session.pairing().is_some());
            }
            Event::Diagnostic(diagnostic) => {
                if page.notice.is_none_or(|(_, since)| now > since + NOTICE) {
                    effects.push(WorldCommand::Play(Cue::Tick).into());
                }
                page.notice = Some((messages::notice(diagnostic), now));
            }
            Event::Failed(error) => {
                page.shown = None;
                page.end = Some(PairingEnd::Failed(error));
                effects.push(WorldCommand::StopScan.into());
                effects.push(WorldCommand::Play(Cue::Problem).into());
            }
        }
    }
    effects
}

/// Goes on to the result, once both devices have the key and ours is stored.
fn finish(page: &mut Page) -> Vec<Effect> {
    let session = page.session.as_ref().filter(|session| session.phase() == Phase::Finished);
    let (Some(pairing), Some(saved)) = (session.and_then(Session::pairing), page.saved.clone())
    else {
        return Vec::new();
    };
    let finished = PairingResult {
        check_code: pairing.check_code,
        saved,
        peer_name: pairing.peer.name.as_str().to_owned(),
        // The responder has yet to see the initiator's last code.
        code: (pairing.role == Role::Initiator).then(|| page.shown.clone()).flatten(),
    };
    page.finished = true;
    vec![
        WorldCommand::StopScan.into(),
        WorldCommand::Play(Cue::Done).into(),
        Effect::Go(Route::Paired(Box::new(finished))),
    ]
}
