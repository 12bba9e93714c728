//! Pairing: the heart of the window. The user need not press anything on it.

mod column;
mod events;
mod layout;
mod preview;
mod sheet;
mod view;

use std::fmt;
use std::hash::Hash;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use eframe::egui::ColorImage;
use zeroize::Zeroizing;

use crate::gui::code_display::CodeDisplay;
use crate::gui::effect::{Effect, FileDialog, ProfileCommand, WorldCommand};
use crate::gui::model::{FrameSourceChoice, Model, WindowPairing};
use crate::gui::picture::Scene;
use crate::gui::route::Route;
use crate::messages::inspect::no_pairing_code;
use crate::messages::window::pairing as words;
use crate::messages::{Notification, Stage};
pub use events::{card_to_share, codes_read, notification, scanned, started, stored, tick};
use keyglance_capture::{
    CameraError, CaptureError, Quality, ScannedFrame, ScreenAccess, SourceInfo,
};
use keyglance_core::identifiers::Identifier;
use keyglance_core::pairing::{Pace, PairingError};
pub use view::ui;

/// With nothing in view for this long, a hint is due.
const HINT: Duration = Duration::from_secs(5);
/// How long a notice stays.
const NOTICE: Duration = Duration::from_secs(6);
/// How long the number of parts stays if nothing more of them comes.
const PARTS: Duration = Duration::from_secs(4);
/// How long each step of the wandering dots takes.
const DOTS: Duration = Duration::from_millis(400);
/// How long a line takes to grow.
const GROWTH: Duration = Duration::from_millis(200);
/// Between two pictures of a movement.
pub const FRAME: Duration = Duration::from_millis(16);
const CODE_FILE: &str = words::CODE_FILE;

pub struct Page {
    /// None until it has started.
    pairing: Option<WindowPairing>,
    /// What the other device is told of this one.
    shared: Vec<Identifier>,
    began: Duration,
    /// The worker has yet to answer a request to store.
    storing: bool,
    stage: Stage,
    stage_since: Duration,
    /// Every change of the picture is a cut.
    still: bool,
    display: CodeDisplay,
    /// How many characters the largest code had that was read since ours last changed.
    largest_read: usize,
    /// What was read of a code in parts, and when the last one came.
    parts: Option<(Parts, Duration)>,
    camera: CameraState,
    frame: Option<ScannedFrame>,
    /// Counts the frames, so that each is drawn once.
    frame_number: u64,
    quality: Option<Quality>,
    /// When a code of any kind was last in view.
    code_seen: Duration,
    notice: Option<(Notice, Duration)>,
    /// The user asked for the codes on this screen, and may do so again.
    reads_screen: bool,
    /// A picture of the screen was asked for, and is not read yet.
    screen_due: bool,
    /// The last code that was none of ours.
    foreign: Option<Foreign>,
    /// Nothing new came for ten seconds.
    waiting: bool,
    sheet: Option<Sheet>,
    text: String,
    /// There is no dialog: the path of a picture is typed.
    path: Option<String>,
    /// There is no dialog: the path that our code is saved to is typed.
    save_path: Option<String>,
    /// The other device may show Same key already: the user can say so.
    may_confirm: bool,
    /// A key of an earlier try stayed, locked.
    kept_locked: bool,
    /// Both devices have the key; the result takes over.
    finished: bool,
    pub end: Option<PairingEnd>,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page").field("stage", &self.stage).finish_non_exhaustive()
    }
}

/// What "Not working?" shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Sheet {
    All,
    /// It opened by itself, since there is no camera.
    NoCamera,
}

/// What happened beside the pairing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Notice {
    words: &'static str,
    /// A code that is none of ours: another page says what it is.
    is_foreign: bool,
}

/// A code that is none of ours.
struct Foreign {
    payload: Zeroizing<Vec<u8>>,
    /// What it is, if we know it.
    words: Option<String>,
}

impl Foreign {
    fn new(payload: &[u8]) -> Self {
        let words = no_pairing_code(payload);
        Self { payload: Zeroizing::new(payload.to_vec()), words }
    }
}

impl fmt::Debug for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Foreign").field("words", &self.words).finish_non_exhaustive()
    }
}

#[derive(Clone, Debug, PartialEq)]
enum CameraState {
    Starting,
    Running(SourceInfo),
    Failed(CaptureError),
    Off,
}

/// So many parts of the other device's present code were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Parts {
    have: u8,
    count: u8,
}

/// Why the pairing ended without a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PairingEnd {
    Failed(PairingError),
    NotStored(Notification),
}

#[derive(Debug)]
pub enum Message {
    /// Opens or closes "Not working?".
    NotWorking(bool),
    Text(String),
    UseText,
    Paste,
    Pasted(String),
    PastedPicture(Arc<ColorImage>),
    Open,
    Path(String),
    UsePath,
    ScanScreen,
    /// Another picture of the screen.
    LookAgain,
    UseCamera(String),
    NextCamera,
    Retry,
    Mirror,
    /// Makes our code brighter by this many steps.
    Brighten(i8),
    Copy,
    Save,
    SavePath(String),
    UseSavePath,
    /// The other device shows Same key.
    Confirm,
    StartAgain,
}

/// Starts the frames that the user, or the command line, chose.
pub fn scan(model: &Model) -> WorldCommand {
    WorldCommand::Scan(model.frame_source.clone(), model.settings.camera.clone())
}

/// Whether the frames are pictures of the screen, each of which is asked for.
fn is_by_hand(model: &Model) -> bool {
    model.frame_source == FrameSourceChoice::Screen
        && model.screen_access == Some(ScreenAccess::Portal)
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    let now = model.now;
    match message {
        Message::NotWorking(open) => page.sheet = open.then_some(Sheet::All),
        Message::Text(text) => page.text = text,
        Message::UseText => {
            let text = std::mem::take(&mut page.text);
            return events::text_read(page, model, &text);
        }
        Message::Paste => return vec![WorldCommand::Paste.into()],
        Message::Pasted(text) => {
            return events::text_read(page, model, &text);
        }
        Message::PastedPicture(picture) => {
            return vec![WorldCommand::ReadPastedPicture(picture).into()];
        }
        Message::Open => {
            return vec![WorldCommand::OpenDialog(FileDialog::Pictures, String::new()).into()];
        }
        Message::Path(path) => page.path = Some(path),
        Message::UsePath => {
            let path = page.path.clone().unwrap_or_default();
            return vec![WorldCommand::ReadPictures(vec![PathBuf::from(path.trim())]).into()];
        }
        Message::ScanScreen => {
            // What comes of it is in the column.
            page.sheet = None;
            page.reads_screen = true;
            page.screen_due = true;
            let shown = page.show_whole(now);
            return shown.into_iter().chain([WorldCommand::ReadScreen.into()]).collect();
        }
        Message::LookAgain if is_by_hand(model) => {
            page.restart_camera(now);
            return vec![scan(model).into()];
        }
        Message::LookAgain => {
            page.screen_due = true;
            return vec![WorldCommand::ReadScreen.into()];
        }
        Message::UseCamera(name) => return use_camera(page, model, name),
        Message::NextCamera => {
            let cameras = &model.cameras;
            let current =
                cameras.iter().position(|c| Some(&c.name) == model.settings.camera.as_ref());
            let next = current.map_or(1, |at| (at + 1) % cameras.len().max(1));
            if cameras.len() > 1
                && let Some(camera) = cameras.get(next)
            {
                return use_camera(page, model, camera.name.clone());
            }
        }
        Message::Retry => {
            page.restart_camera(now);
            return vec![scan(model).into(), WorldCommand::ListCameras.into()];
        }
        Message::Mirror => {
            let settings = model.settings_with(|settings| settings.mirror = !settings.mirror);
            return vec![Effect::ChangeSettings(settings)];
        }
        Message::Brighten(steps) => {
            page.display.brighten(steps, now);
        }
        Message::Copy => {
            let text = page.pairing.as_ref().and_then(WindowPairing::text);
            return text.map(WorldCommand::Copy).map(Effect::from).into_iter().collect();
        }
        Message::Save => {
            let name = CODE_FILE.to_owned();
            return vec![WorldCommand::OpenDialog(FileDialog::CodePicture, name).into()];
        }
        Message::SavePath(path) => page.save_path = Some(path),
        Message::UseSavePath => {
            let path = page.save_path.clone().unwrap_or_default();
            return page.save_code(Some(vec![PathBuf::from(path.trim())]));
        }
        Message::Confirm => {
            let steps = page.pairing.as_mut().map(WindowPairing::acknowledge);
            return events::handle_steps(page, model, steps.unwrap_or_default());
        }
        Message::StartAgain => {
            let since = now.saturating_sub(page.began);
            let Some(pairing) = page.pairing.as_mut().filter(|_| page.end.is_none()) else {
                return vec![Effect::Go(Route::Pair)];
            };
            let steps = pairing.restart(since);
            page.sheet = None;
            page.reach(Stage::Looking, now);
            return events::handle_steps(page, model, steps);
        }
    }
    Vec::new()
}

fn use_camera(page: &mut Page, model: &Model, name: String) -> Vec<Effect> {
    page.restart_camera(model.now);
    let settings = model.settings_with(|settings| settings.camera = Some(name.clone()));
    vec![
        Effect::ChangeFrameSource(FrameSourceChoice::Camera),
        WorldCommand::Scan(FrameSourceChoice::Camera, Some(name)).into(),
        Effect::ChangeSettings(settings),
    ]
}

impl Page {
    /// The user said that there is no camera to pair with.
    pub const fn show_other_ways(&mut self) {
        self.sheet = Some(Sheet::NoCamera);
    }

    pub fn new(now: Duration, pace: Pace) -> Self {
        Self {
            pairing: None,
            shared: Vec::new(),
            began: now,
            storing: false,
            stage: Stage::Looking,
            stage_since: now,
            still: pace == Pace::Reduced,
            display: CodeDisplay::new(pace, now),
            largest_read: 0,
            parts: None,
            camera: CameraState::Starting,
            frame: None,
            frame_number: 0,
            quality: None,
            code_seen: now,
            notice: None,
            reads_screen: false,
            screen_due: false,
            foreign: None,
            waiting: false,
            sheet: None,
            text: String::new(),
            path: None,
            save_path: None,
            may_confirm: false,
            kept_locked: false,
            finished: false,
            end: None,
        }
    }

    /// Whether there is a code to show.
    pub fn has_code(&self) -> bool {
        self.pairing.as_ref().and_then(WindowPairing::frame).is_some()
    }

    /// What our code says, whole: never more than what is stored.
    pub fn code(&self) -> Option<String> {
        self.pairing.as_ref()?.code()
    }

    /// How it is on the screen.
    pub const fn display(&self) -> &CodeDisplay {
        &self.display
    }

    /// Whether the other device was seen: it may be about to have the key.
    pub fn is_under_way(&self) -> bool {
        self.stage != Stage::Looking && self.is_on()
    }

    /// Whether it shows and reads codes.
    pub const fn is_on(&self) -> bool {
        self.end.is_none() && !self.finished
    }

    /// The state, for the title bar.
    pub fn title(&self) -> &'static str {
        match (&self.end, self.stage) {
            (Some(PairingEnd::Failed(PairingError::TimedOut)), _) => words::TITLE_PAUSED,
            (Some(_), _) => words::TITLE_STOPPED,
            (None, Stage::Looking) => words::TITLE_LOOKING,
            (None, Stage::Seen) => words::TITLE_SEEN,
            (None, Stage::Agreed | Stage::SameKey) => words::TITLE_AGREED,
        }
    }

    /// The user leaves. Gives what to say about it.
    pub fn stop(&mut self) -> Option<Notification> {
        let steps = self.pairing.as_mut()?.cancel();
        steps.iter().find_map(notification)
    }

    /// The pairing, if the worker has yet to answer it. The screen is closed.
    pub fn take_if_storing(&mut self) -> Option<WindowPairing> {
        self.pairing.take().filter(|_| self.storing)
    }

    /// Asks for the path of a picture, since there is no dialog.
    pub fn type_path(&mut self) {
        self.sheet = Some(Sheet::All);
        self.path.get_or_insert_default();
    }

    /// Saves our code in the first of these files; asks for a path where there is none.
    pub fn save_code(&mut self, paths: Option<Vec<PathBuf>>) -> Vec<Effect> {
        let Some(path) = paths.and_then(|paths| paths.into_iter().next()) else {
            self.sheet = Some(Sheet::All);
            self.save_path.get_or_insert_with(|| CODE_FILE.to_owned());
            return Vec::new();
        };
        self.save_path = None;
        let code = self.code();
        code.map(|text| ProfileCommand::SaveCode { text, path })
            .map(Effect::from)
            .into_iter()
            .collect()
    }

    /// Which of its pages is open: a new one takes the focus.
    pub fn place(&self) -> impl Hash + use<> {
        (self.end.is_some(), self.sheet)
    }

    fn reach(&mut self, stage: Stage, now: Duration) {
        if stage != self.stage {
            self.stage_since = now;
        }
        self.stage = stage;
        if stage == Stage::Looking {
            self.display.forget();
        }
        self.notice = None;
        self.waiting = false;
        self.may_confirm = false;
    }

    /// How far it looks to have come. Whom parts are for is known once they are whole.
    fn visible_stage(&self, now: Duration) -> Stage {
        match self.stage {
            Stage::Looking if self.parts(now).is_some() => Stage::Seen,
            stage => stage,
        }
    }

    /// What the picture shows.
    fn scene(&self, now: Duration) -> Scene {
        let since = now.saturating_sub(self.stage_since);
        let reach = if self.still { 1.0 } else { share(since, GROWTH) };
        match self.visible_stage(now) {
            Stage::Looking if self.still => Scene::Looking { step: 0 },
            Stage::Looking => {
                let step = since.as_millis() / DOTS.as_millis() % 3;
                Scene::Looking { step: u8::try_from(step).unwrap_or_default() }
            }
            // It came by parts, and the line was not drawn to grow.
            Stage::Seen if self.stage == Stage::Looking => Scene::Seen { reach: 1.0 },
            Stage::Seen => Scene::Seen { reach },
            Stage::Agreed | Stage::SameKey => Scene::Agreed { reach },
        }
    }

    /// When the picture next changes by itself.
    fn next_picture(&self, now: Duration) -> Option<Duration> {
        let since = now.saturating_sub(self.stage_since);
        if self.still {
            return None;
        }
        if self.visible_stage(now) == Stage::Looking {
            let steps = since.as_millis() / DOTS.as_millis() + 1;
            return Some(self.stage_since + DOTS * u32::try_from(steps).ok()?);
        }
        (since < GROWTH).then_some(now + FRAME)
    }

    /// Whether the window's edge lights up: they are in view.
    fn has_edge(&self, now: Duration) -> bool {
        self.end.is_none() && self.visible_stage(now) > Stage::Looking
    }

    /// The other device's name, as soon as it has said so.
    fn peer_name(&self) -> Option<&str> {
        Some(self.pairing.as_ref()?.peer()?.name.as_str())
    }

    fn has_no_camera(&self) -> bool {
        matches!(
            self.camera,
            CameraState::Failed(CaptureError::Camera(
                CameraError::NoCamera | CameraError::NeedsPipeWire | CameraError::NotBuilt
            ))
        )
    }

    /// Whether another picture of the screen is to be had by a press.
    fn looks_by_hand(&self, model: &Model) -> bool {
        self.reads_screen || is_by_hand(model)
    }

    fn restart_camera(&mut self, now: Duration) {
        self.camera = CameraState::Starting;
        self.frame = None;
        self.code_seen = now;
    }

    /// Both look at pictures of a screen, which show one code each: ours is whole.
    fn show_whole(&mut self, now: Duration) -> Option<Effect> {
        if self.display.keep_whole() { self.show_code(now) } else { None }
    }

    /// Shows what the pairing says now.
    fn show_code(&mut self, now: Duration) -> Option<Effect> {
        let pairing = self.pairing.as_ref()?;
        self.display.show(|characters| pairing.codes(characters), self.largest_read, now);
        self.largest_read = 0;
        self.parts = None;
        Some(ProfileCommand::ShowCode(pairing.code()?).into())
    }

    /// What was read of a code in parts that still come.
    fn parts(&self, now: Duration) -> Option<Parts> {
        let (parts, since) = self.parts?;
        (now <= since + PARTS).then_some(parts)
    }

    /// What happened, while it is news.
    fn notice(&self, now: Duration) -> Option<Notice> {
        let (notice, since) = self.notice?;
        (now <= since + NOTICE).then_some(notice)
    }

    /// What a notice says: of a code that is none of ours, what it is.
    fn words_of(&self, notice: Notice) -> &str {
        let named = self.foreign.as_ref().filter(|_| notice.is_foreign);
        named.and_then(|foreign| foreign.words.as_deref()).unwrap_or(notice.words)
    }

    /// What would help now, if anything.
    fn hint(&self, now: Duration) -> Option<&'static str> {
        if self.waiting && self.stage > Stage::Looking {
            return Some(words::STILL_WAITING);
        }
        if now < self.code_seen + HINT {
            return self.quality.and_then(words::hint);
        }
        let runs = matches!(self.camera, CameraState::Running(_));
        let words = match self.stage {
            Stage::Looking => words::PRESS_PAIR_TOO,
            _ => words::POINT,
        };
        runs.then_some(words)
    }

    pub fn next_deadline(&self, now: Duration) -> Option<Duration> {
        if self.end.is_some() {
            return None;
        }
        let pairing = self.pairing.as_ref().and_then(WindowPairing::next_deadline);
        let hint = self.code_seen + HINT;
        let over = |since, stays| since + stays + Duration::from_millis(1);
        let notice = self.notice.map(|(_, since)| over(since, NOTICE));
        let parts = self.parts.map(|(_, since)| over(since, PARTS));
        let display = self.display.next_change();
        let picture = self.next_picture(now);
        let all = [pairing.map(|at| self.began + at), Some(hint), notice, parts, display, picture];
        all.into_iter().flatten().filter(|at| *at > now).min()
    }
}

/// How much of a movement is over, from 0 to 1.
pub fn share(since: Duration, whole: Duration) -> f32 {
    (since.as_secs_f32() / whole.as_secs_f32()).min(1.0)
}

#[cfg(test)]
mod tests;
