//! Pairing: the heart of the window. Nobody need press anything on it.

mod events;
mod view;

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use eframe::egui::ColorImage;
use jiff::Timestamp;
use rand_core::TryCryptoRng;

use events::take;
pub use events::{kept, read, ready, scanned};
pub use view::show;

use crate::gui::message::{Effect, FileDialog};
use crate::gui::state::{FrameSourceChoice, Screen, State};
use crate::messages;
use crate::messages::Notification;
use keyglance_capture::{OpticsError, Quality, ScannedFrame, SourceInfo};
use keyglance_core::keyfile::KeyFile;
use keyglance_core::pairing::{CheckCode, Event, PairingError};
use keyglance_core::trust::Trust;
use keyglance_profile::SavedPairing;

/// Makes the ephemeral keys: the system's generator, or a seeded one in tests.
pub type Rng = Box<dyn TryCryptoRng<Error = Infallible> + Send>;
pub type Session = keyglance_core::pairing::Session<Rng>;

/// Unseen for so long, our panel begins to change its light and size.
const UNSEEN: Duration = Duration::from_secs(8);
/// How long each light and size stays.
const CYCLE: Duration = Duration::from_millis(1500);
/// With nothing in view for so long, a hint is due.
const HINT: Duration = Duration::from_secs(5);
/// How long a notice stays.
const NOTICE: Duration = Duration::from_secs(6);
/// The whites that the user or the cycle chooses from, in percent.
const WHITES: [u8; 3] = [100, 75, 50];
/// The sizes of the cycle, in percent.
const SIZES: [u8; 2] = [100, 80];

pub struct Pairing {
    session: Option<Session>,
    began: Duration,
    /// What our code says: never more than what is stored.
    pub shown: Option<String>,
    /// The store is at work; our next code waits for it.
    storing: bool,
    pub stage: Stage,
    stage_since: Duration,
    pub camera: Camera,
    pub sight: Option<ScannedFrame>,
    /// Changes with each sight.
    pub sights: u64,
    quality: Option<Quality>,
    /// When a code of any kind was last in view.
    code_seen: Duration,
    notice: Option<(&'static str, Duration)>,
    /// The user's choice of white; none lets it change by itself.
    white: Option<u8>,
    /// The ways without a camera are open.
    pub others: bool,
    pub text: String,
    /// There is no dialog: a path is typed.
    pub path: Option<String>,
    /// Where our code is to be saved, while it is typed.
    pub save_path: Option<String>,
    /// The other device may show Paired already: the user can say so.
    pub may_confirm: bool,
    trust: Trust,
    kept: Option<SavedPairing>,
    pub ended: Option<Ended>,
}

impl std::fmt::Debug for Pairing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pairing").field("stage", &self.stage).finish_non_exhaustive()
    }
}

/// How far it has come, for the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Looking,
    Seen,
    Agreed,
    Almost(CheckCode),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Camera {
    Starting,
    Running(SourceInfo),
    Failed(OpticsError),
    Off,
}

/// Over without a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    Pairing(PairingError),
    NotStored(Notification),
}

#[derive(Debug)]
pub enum Do {
    Tick,
    Others(bool),
    Text(String),
    UseText,
    Paste,
    Pasted(String),
    PastedPicture(Arc<ColorImage>),
    Open,
    TypePath,
    Path(String),
    UsePath,
    ScanScreen,
    UseCamera(Option<String>),
    NextCamera,
    Retry,
    Mirror,
    /// Lighter by so many steps.
    White(i8),
    Copy,
    Save,
    SavePath(String),
    UseSavePath,
    /// The other device shows Paired.
    Confirm,
    StartAgain,
    FullScreen,
}

pub fn apply(state: &mut State, action: Do) -> Vec<Effect> {
    let now = state.now;
    let Screen::Pairing(pairing) = &mut state.screen else { return Vec::new() };
    match action {
        Do::Tick => {
            let events = pairing.with(now, |session, now| session.tick(now));
            return take(state, events);
        }
        Do::Others(open) => pairing.others = open,
        Do::Text(text) => pairing.text = text,
        Do::UseText => {
            let text = std::mem::take(&mut pairing.text);
            return read(state, Ok(vec![text.trim().as_bytes().to_vec()]));
        }
        Do::Paste => return vec![Effect::Paste],
        Do::Pasted(text) => return read(state, Ok(vec![text.trim().as_bytes().to_vec()])),
        Do::PastedPicture(picture) => return vec![Effect::ReadPasted(picture)],
        Do::Open => return vec![Effect::FileDialog(FileDialog::Pictures, String::new())],
        Do::TypePath => {
            pairing.others = true;
            pairing.path.get_or_insert_default();
        }
        Do::Path(path) => pairing.path = Some(path),
        Do::UsePath => {
            let path = pairing.path.clone().unwrap_or_default();
            return vec![Effect::ReadPictures(vec![PathBuf::from(path.trim())])];
        }
        Do::ScanScreen => return vec![Effect::ReadScreen],
        Do::UseCamera(name) => {
            state.eye = FrameSourceChoice::Camera;
            state.settings.camera = name;
            return open_eye(state, true);
        }
        Do::NextCamera => {
            if state.cameras.len() < 2 {
                return Vec::new();
            }
            let now =
                state.cameras.iter().position(|c| Some(&c.name) == state.settings.camera.as_ref());
            let next = now.map_or(1, |at| (at + 1) % state.cameras.len());
            let name = state.cameras.get(next).map(|camera| camera.name.clone());
            return apply(state, Do::UseCamera(name));
        }
        Do::Retry => {
            let mut effects = open_eye(state, false);
            effects.push(Effect::Cameras);
            return effects;
        }
        Do::Mirror => {
            state.settings.mirror = !state.settings.mirror;
            return vec![Effect::SaveSettings(state.settings.clone())];
        }
        Do::White(steps) => {
            let at = WHITES.iter().position(|white| *white == pairing.panel(now).0).unwrap_or(0);
            let at = at.saturating_add_signed(isize::from(-steps)).min(WHITES.len() - 1);
            pairing.white = WHITES.get(at).copied();
        }
        Do::Copy => return pairing.shown.clone().map(Effect::Copy).into_iter().collect(),
        Do::Save => {
            return vec![Effect::FileDialog(
                FileDialog::CodePicture,
                "keyglance-code.png".to_owned(),
            )];
        }
        Do::SavePath(path) => pairing.save_path = Some(path),
        Do::UseSavePath => {
            let path = pairing.save_path.clone().unwrap_or_default();
            return picked(state, Some(vec![PathBuf::from(path.trim())]));
        }
        Do::Confirm => {
            let events = pairing.with(now, |session, _| session.acknowledge());
            return take(state, events);
        }
        Do::StartAgain => {
            if pairing.ended.is_some() || pairing.session.is_none() {
                return state.apply(crate::gui::message::Action::Pair, now);
            }
            let events = pairing.with(now, |session, now| session.restart(now));
            pairing.reach(Stage::Looking, now);
            return take(state, events);
        }
        Do::FullScreen => return vec![Effect::FullScreen],
    }
    Vec::new()
}

fn open_eye(state: &mut State, save: bool) -> Vec<Effect> {
    let mut effects = vec![state.scan()];
    if save {
        effects.push(Effect::SaveSettings(state.settings.clone()));
    }
    let now = state.now;
    if let Screen::Pairing(pairing) = &mut state.screen {
        pairing.camera = Camera::Starting;
        pairing.sight = None;
        pairing.code_seen = now;
    }
    effects
}

/// Where our code is to be saved.
pub fn picked(state: &mut State, paths: Option<Vec<PathBuf>>) -> Vec<Effect> {
    let Screen::Pairing(pairing) = &mut state.screen else { return Vec::new() };
    let Some(path) = paths.and_then(|paths| paths.into_iter().next()) else {
        pairing.others = true;
        pairing.save_path.get_or_insert_with(|| "keyglance-code.png".to_owned());
        return Vec::new();
    };
    pairing.save_path = None;
    let text = pairing.shown.clone();
    text.map(|text| Effect::SaveCode { text, path }).into_iter().collect()
}

impl Pairing {
    pub fn new(now: Duration) -> Self {
        Self {
            session: None,
            began: now,
            shown: None,
            storing: false,
            stage: Stage::Looking,
            stage_since: now,
            camera: Camera::Starting,
            sight: None,
            sights: 0,
            quality: None,
            code_seen: now,
            notice: None,
            white: None,
            others: false,
            text: String::new(),
            path: None,
            save_path: None,
            may_confirm: false,
            trust: Trust::SeenByCamera,
            kept: None,
            ended: None,
        }
    }

    /// The user leaves. Gives what is to be said of it.
    pub fn stop(&mut self, now: Duration) -> Option<Notification> {
        let waiting = self.with(now, |session, _| session.cancel());
        let locked = waiting.iter().any(|event| matches!(event, Event::Unacknowledged(_)));
        let kept = self.kept.take().filter(|_| locked)?;
        Some(messages::window::kept_locked(&kept.key_name))
    }

    fn with(
        &mut self,
        now: Duration,
        what: impl FnOnce(&mut Session, Duration) -> Vec<Event>,
    ) -> Vec<Event> {
        match &mut self.session {
            // What was stored is shown before anything further is read.
            Some(session) if !self.storing => what(session, now.saturating_sub(self.began)),
            _ => Vec::new(),
        }
    }

    fn reach(&mut self, stage: Stage, now: Duration) {
        self.stage = stage;
        self.stage_since = now;
        self.notice = None;
        self.may_confirm = false;
    }

    fn show_code(&mut self) -> Option<Effect> {
        if self.storing {
            return None;
        }
        let text = self.session.as_ref()?.text()?.to_owned();
        self.shown = Some(text.clone());
        Some(Effect::ShowCode(text))
    }

    fn keep(&mut self) -> Option<Effect> {
        let pairing = self.session.as_ref()?.pairing()?;
        self.storing = true;
        // The clerk, who has a clock, dates it.
        let file = KeyFile::from_pairing(pairing, Timestamp::UNIX_EPOCH);
        Some(Effect::Keep(Box::new(file), self.trust))
    }

    /// Our panel's white and size, in percent.
    pub fn panel(&self, now: Duration) -> (u8, u8) {
        if let Some(white) = self.white {
            return (white, 100);
        }
        let unseen = now.saturating_sub(self.stage_since);
        if self.stage != Stage::Looking || unseen < UNSEEN {
            return (100, 100);
        }
        let step = ((unseen - UNSEEN).as_millis() / CYCLE.as_millis()) as usize + 1;
        let pick = |all: &[u8], at: usize| all.get(at % all.len()).copied().unwrap_or(100);
        (pick(&WHITES, step), pick(&SIZES, step / WHITES.len()))
    }

    /// What to say below the preview.
    pub fn hint(&self, now: Duration) -> Option<&'static str> {
        if let Some((notice, since)) = self.notice
            && now <= since + NOTICE
        {
            return Some(notice);
        }
        if matches!(self.stage, Stage::Almost(_)) {
            return None;
        }
        if now >= self.code_seen + HINT {
            return matches!(self.camera, Camera::Running(_)).then_some(messages::window::POINT);
        }
        self.quality.and_then(messages::window::hint)
    }

    pub fn next_deadline(&self, now: Duration) -> Option<Duration> {
        let session = self.session.as_ref().and_then(Session::next_deadline);
        let hint = self.code_seen + HINT;
        let notice = self.notice.map(|(_, since)| since + NOTICE + Duration::from_millis(1));
        let cycle = (self.stage == Stage::Looking && self.white.is_none()).then(|| {
            let since = self.stage_since + UNSEEN;
            let steps = now.saturating_sub(since).as_millis() / CYCLE.as_millis() + 1;
            if now < since { since } else { since + CYCLE * u32::try_from(steps).unwrap_or(1) }
        });
        let all = [session.map(|at| self.began + at), Some(hint), notice, cycle];
        if self.ended.is_some() {
            return None;
        }
        all.into_iter().flatten().filter(|at| *at > now).min()
    }
}
