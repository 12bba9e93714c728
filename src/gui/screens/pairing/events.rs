//! What happens to a pairing: what the camera sees, which steps the pairing
//! makes of it, and what the worker has stored.

use super::{CameraState, Foreign, NOTICE, Notice, Page, PairingEnd, Parts, Sheet, is_by_hand};
use crate::gui::effect::{Effect, ProfileCommand, WorldCommand};
use crate::gui::model::{FrameSourceChoice, Model, WindowPairing};
use crate::gui::route::Route;
use crate::messages;
use crate::messages::window::pairing as words;
use crate::messages::{Notification, Stage};
use crate::sound::Cue;
use keyglance_capture::{CameraError, CaptureError, ScanEvent, SourceInfo};
use keyglance_core::pairing::{Diagnostic, Frame, FrameError, ResetReason};
use keyglance_profile::{Channel, SharedCard, Step, StoreReport};

/// Where codes were seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Camera,
    /// This screen, frame by frame.
    Screen,
    /// A picture of this screen that the user asked for.
    ScreenOnce,
    /// A picture, a text or a watched file.
    Other,
}

/// A code that is none of ours.
const FOREIGN: Diagnostic = Diagnostic::Unusable(FrameError::NotOurs);

/// What is shared is known: the pairing can begin.
pub fn card_to_share(page: &mut Page, model: &Model, shared: SharedCard) -> Vec<Effect> {
    let Some(device) = model.device.as_ref().filter(|_| page.pairing.is_none()) else {
        return Vec::new();
    };
    let card = shared.card();
    page.shared = shared.identifiers;
    let told = shared.notices.first().map(messages::window::explain).map(Effect::Notify);
    let start = WorldCommand::StartPairing(device.clone(), card).into();
    told.into_iter().chain([start]).collect()
}

/// The pairing that was asked for.
pub fn started(page: &mut Page, model: &Model, pairing: WindowPairing) -> Vec<Effect> {
    page.began = model.now;
    page.pairing = Some(pairing);
    if is_by_hand(model) {
        page.display.keep_whole();
    }
    page.show_code(model.now).into_iter().collect()
}

/// Time passed.
pub fn tick(page: &mut Page, model: &Model) -> Vec<Effect> {
    let since = model.now.saturating_sub(page.began);
    let steps = page.pairing.as_mut().map(|pairing| pairing.tick(since));
    page.display.tick(model.now);
    handle_steps(page, model, steps.unwrap_or_default())
}

/// The worker answered a request to store.
pub fn stored(page: &mut Page, model: &Model, report: StoreReport) -> Vec<Effect> {
    page.storing = false;
    let steps = page.pairing.as_mut().map(|pairing| pairing.stored(report));
    handle_steps(page, model, steps.unwrap_or_default())
}

/// What to say about a step, if it can come after the screen is closed.
pub fn notification(step: &Step) -> Option<Notification> {
    match step {
        Step::KeptLocked(saved) => Some(words::saved_locked(&saved.key_name)),
        Step::NotUnlocked(error) => Some(messages::window::explain(error)),
        _ => None,
    }
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
            let codes: Vec<Vec<u8>> =
                frame.codes.iter().map(|(reading, _)| reading.bytes.clone()).collect();
            if let Some((_, quality)) = frame.codes.first() {
                page.quality = Some(*quality);
                page.code_seen = model.now;
            }
            page.frame = Some(frame);
            page.frame_number += 1;
            let origin = match model.frame_source {
                FrameSourceChoice::Camera => Origin::Camera,
                FrameSourceChoice::Screen if is_by_hand(model) => Origin::ScreenOnce,
                FrameSourceChoice::Screen => Origin::Screen,
                FrameSourceChoice::Watch(_) => Origin::Other,
            };
            return handle_codes(page, model, &codes, origin);
        }
        // A camera that was unplugged is shown as such until it is back.
        ScanEvent::Failed(error) if error.is_final() || by_camera => {
            let is_question = error == CaptureError::from(CameraError::AwaitingPermission);
            page.camera = CameraState::Failed(error);
            if page.has_no_camera() {
                page.sheet.get_or_insert(Sheet::NoCamera);
            }
            page.frame = None;
            if !is_question {
                return vec![WorldCommand::Play(Cue::Problem).into()];
            }
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
    let origin =
        if std::mem::take(&mut page.screen_due) { Origin::ScreenOnce } else { Origin::Other };
    match result {
        Err(notification) => vec![Effect::Notify(notification)],
        Ok(codes) if codes.is_empty() => {
            vec![Effect::Notify(messages::window::what_code::no_code())]
        }
        Ok(codes) => {
            page.code_seen = model.now;
            let mut effects = vec![Effect::DismissNotification];
            effects.extend(handle_codes(page, model, &codes, origin));
            effects
        }
    }
}

/// A text that was pasted or typed.
pub fn text_read(page: &mut Page, model: &Model, text: &str) -> Vec<Effect> {
    let effects = codes_read(page, model, Ok(vec![text.trim().as_bytes().to_vec()]));
    if let Some((notice, _)) = &mut page.notice
        && notice.is_foreign
        && page.foreign.as_ref().is_none_or(|foreign| foreign.words.is_none())
    {
        *notice = Notice { words: words::FOREIGN_TEXT, is_foreign: false };
    }
    effects
}

fn handle_codes(page: &mut Page, model: &Model, codes: &[Vec<u8>], origin: Origin) -> Vec<Effect> {
    let channel = if origin == Origin::Camera { Channel::Camera } else { Channel::Relayed };
    let mut own = 0;
    let since = model.now.saturating_sub(page.began);
    let mut effects = Vec::new();
    for code in codes {
        let Some(pairing) = page.pairing.as_mut().filter(|_| !page.finished) else { break };
        page.largest_read = page.largest_read.max(code.len());
        let mut steps = pairing.handle(since, code, channel);
        if matches!(origin, Origin::Screen | Origin::ScreenOnce) {
            // Our own code is on the screen, too.
            let all = steps.len();
            steps.retain(|step| !matches!(step, Step::Diagnostic(Diagnostic::OwnCode)));
            own += all - steps.len();
        }
        let is_foreign = |step: &Step| matches!(step, Step::Diagnostic(FOREIGN));
        // What stays in view is looked at once.
        let is_known = page.foreign.as_ref().is_some_and(|foreign| *foreign.payload == *code);
        if steps.iter().any(is_foreign) && !is_known {
            page.foreign = Some(Foreign::new(code));
        }
        effects.extend(handle_steps(page, model, steps));
    }
    if origin == Origin::ScreenOnce && own > 0 && own == codes.len() {
        page.notice = Some((Notice { words: words::ONLY_OURS, is_foreign: false }, model.now));
    }
    effects
}

pub(super) fn handle_steps(page: &mut Page, model: &Model, steps: Vec<Step>) -> Vec<Effect> {
    let now = model.now;
    let before = page.stage;
    let mut effects = Vec::new();
    for step in steps {
        effects.extend(notification(&step).map(Effect::Notify));
        match step {
            Step::ShowCode => effects.extend(page.show_code(now)),
            Step::PeerSeen => {
                page.reach(Stage::Seen, now);
                page.display.restart(now);
            }
            Step::Part { have, count } => {
                page.parts = Some((Parts { have, count }, now));
                page.display.answered(now);
                page.waiting = false;
                // Ours asks for an answer, and here it comes.
                if page.stage == Stage::Seen {
                    page.reach(Stage::Agreed, now);
                }
            }
            // A message 2 of ours answers theirs, so they have seen us; a message 1 does not.
            Step::Locked if !page.has_answered() => {}
            Step::Locked | Step::CheckCode(_) => page.reach(Stage::Agreed, now),
            Step::Store(request) => {
                page.storing = true;
                effects.push(ProfileCommand::StorePairing(request).into());
            }
            Step::Finished(finished) => {
                page.finished = true;
                effects.push(WorldCommand::StopScan.into());
                effects.push(WorldCommand::Play(Cue::Done).into());
                effects.push(Effect::Go(Route::Paired(finished)));
            }
            Step::Reset(reason) => {
                page.reach(Stage::Looking, now);
                let words = messages::reset(reason);
                page.notice = Some((Notice { words, is_foreign: false }, now));
                if reason == ResetReason::Forged {
                    effects.push(WorldCommand::Play(Cue::Problem).into());
                }
            }
            Step::Waiting => {
                page.waiting = true;
                let pairing = page.pairing.as_ref();
                page.may_confirm = pairing.is_some_and(WindowPairing::awaits_acknowledgement);
            }
            Step::Diagnostic(diagnostic) => {
                if page.notice.is_none_or(|(_, since)| now > since + NOTICE) {
                    effects.push(WorldCommand::Play(Cue::Tick).into());
                }
                let words = messages::notice(diagnostic);
                let is_foreign = diagnostic == FOREIGN;
                page.notice = Some((Notice { words, is_foreign }, now));
            }
            Step::NotStored(error) => {
                let why = messages::window::explain(&error);
                effects.extend(end(page, PairingEnd::NotStored(why)));
            }
            Step::Failed(error) => effects.extend(end(page, PairingEnd::Failed(error))),
            // The notification says it.
            Step::KeptLocked(_) => page.kept_locked = true,
            Step::NotUnlocked(_) => {}
            // `Step` may grow; a step that is not known here changes nothing on the screen.
            _ => {}
        }
    }
    // One cue where it came further at one go.
    if page.stage > before {
        let cue = if page.stage == Stage::Seen { Cue::Seen } else { Cue::Agreed };
        effects.insert(0, WorldCommand::Play(cue).into());
    }
    effects
}

impl Page {
    /// Whether our code answers a message 1 of theirs.
    fn has_answered(&self) -> bool {
        let ours = self.pairing.as_ref().and_then(WindowPairing::frame);
        matches!(ours, Some(Frame::Message2 { .. }))
    }
}

/// Over without a key.
fn end(page: &mut Page, end: PairingEnd) -> [Effect; 2] {
    page.end = Some(end);
    page.sheet = None;
    [WorldCommand::StopScan.into(), WorldCommand::Play(Cue::Problem).into()]
}
