//! What the window does outside itself. Nothing here makes the window wait.

#[cfg(target_os = "linux")]
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use eframe::egui::{ColorImage, Context, UserAttentionType, ViewportCommand};
use getrandom::SysRng;
use jiff::Timestamp;
use rand_core::UnwrapErr;

use super::effect::{FileDialog, ProfileCommand, WorldCommand};
use super::instance::Door;
use super::model::{CameraName, FrameSourceChoice, LocalDevice, Model, Rng, SecretText};
use super::report::Report;
use super::secret_clipboard::SecretClipboard;
use super::worker::{Environment, ProfileWorker};
use super::{system_motion, theme};
use crate::awake::Awake;
use crate::messages;
use crate::messages::Notification;
use crate::screen;
use crate::sound::{Cue, Speaker};
use keyglance_capture::{
    CameraChoice, CaptureError, Feed, FrameSource, NextFrame, ScanEvent, ScreenAccess, SourceSpec,
    finish_screen_pictures, read_picture, scan_picture,
};
use keyglance_core::keyfile::WorkFactor;
use keyglance_profile::{CardPlaces, PairingFlow, Settings, pasted_paths, six_words};
use keyglance_qr::{Picture, Reading, decode_image};

/// How often the worker looks for changes that other programs made to the profile.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// How long a picture of the screen that is being taken may keep the window's process.
const LAST_PICTURE: Duration = Duration::from_secs(2);

/// Carries out what the window cannot do itself.
pub trait World {
    fn command_profile(&mut self, command: ProfileCommand);
    fn command_world(&mut self, command: WorldCommand, model: &Model);
    /// What became of the commands since this was last called.
    fn reports(&mut self) -> Vec<Report>;
    /// The window closes with this pass.
    fn closing(&mut self);
    /// The window is closed: returns once what was commanded is stored.
    fn close(&mut self);
}

/// The real one: threads, cameras, dialogs, the system's clipboard.
pub struct SystemWorld {
    ctx: Context,
    /// To the worker's thread.
    commands: Option<Sender<ProfileCommand>>,
    worker: Option<JoinHandle<()>>,
    reporter: Reporter,
    reports: Receiver<Report>,
    feed: Option<Feed>,
    clipboard: SecretClipboard,
    speaker: Speaker,
    awake: Option<Awake>,
    /// A dialog is open; there is only ever one.
    dialog_open: Arc<AtomicBool>,
    /// Kept until the window closes.
    _door: Option<Door>,
    /// The window's number, on X11.
    x11_window: Option<u32>,
    cancelled: Arc<AtomicU64>,
    /// How many commands the worker was given.
    sent: u64,
}

/// Takes reports to the window, and wakes it.
#[derive(Clone)]
struct Reporter {
    ctx: Context,
    reports: Sender<Report>,
    /// Only the newest frame matters.
    newest_frame: Arc<Mutex<Option<ScanEvent>>>,
}

impl Reporter {
    fn send(&self, report: Report) {
        // This fails only once the window is closed.
        let _ = self.reports.send(report);
        self.ctx.request_repaint();
    }

    fn scan(&self, event: ScanEvent) {
        if matches!(event, ScanEvent::Seen(_)) {
            *self.newest_frame.lock().unwrap_or_else(PoisonError::into_inner) = Some(event);
            self.ctx.request_repaint();
        } else {
            self.send(Report::Scan(event));
        }
    }

    /// Runs something slow on a thread of its own, and sends its report.
    fn run(&self, name: &str, work: impl FnOnce() -> Report + Send + 'static) {
        let reporter = self.clone();
        self.spawn(name, move || reporter.send(work()));
    }

    fn spawn(&self, name: &str, work: impl FnOnce() + Send + 'static) -> Option<JoinHandle<()>> {
        let thread = thread::Builder::new().name(name.to_owned()).spawn(work);
        if thread.is_err() {
            self.send(Report::Failed(Notification::new(
                "The system cannot start another thread.",
                "Close some programs, then try again.",
            )));
        }
        thread.ok()
    }
}

impl SystemWorld {
    pub fn new(
        ctx: Context,
        profile: PathBuf,
        code_file: Option<PathBuf>,
        door: Option<Door>,
        x11_window: Option<u32>,
    ) -> Self {
        let (sender, reports) = channel();
        let reporter = Reporter { ctx: ctx.clone(), reports: sender, newest_frame: Arc::default() };
        if let Some(door) = &door {
            let reporter = reporter.clone();
            door.listen(move |report| reporter.send(report));
        }
        let cancelled = Arc::new(AtomicU64::new(0));
        let (commands, received) = channel();
        let worker = ProfileWorker::new(
            profile,
            code_file,
            WorkFactor::Standard,
            Arc::clone(&cancelled),
            Environment {
                clock: Timestamp::now,
                rng: system_rng(),
                places: CardPlaces::of_this_system(),
                program: std::env::current_exe().ok(),
                any_folder_is_usual: false,
            },
        );
        let theirs = reporter.clone();
        let run = move || run_worker(worker, &received, &theirs);
        let worker = reporter.spawn("profile", run);
        let theirs = reporter.clone();
        reporter.spawn("motion", move || {
            system_motion::watch(|wish| theirs.send(Report::SystemMotion(wish)));
        });
        Self {
            clipboard: SecretClipboard::new(ctx.clone()),
            ctx,
            commands: Some(commands),
            worker,
            reporter,
            reports,
            feed: None,
            speaker: Speaker::start(),
            awake: None,
            dialog_open: Arc::default(),
            _door: door,
            x11_window,
            cancelled,
            sent: 0,
        }
    }

    fn start_scan(&mut self, source: FrameSourceChoice, camera: Option<String>) {
        self.stop_scan();
        let reporter = self.reporter.clone();
        let report = move |event| reporter.scan(event);
        match Feed::start(move || open_source(source, camera), report) {
            Ok(feed) => self.feed = Some(feed),
            Err(error) => self.reporter.send(Report::Scan(ScanEvent::Failed(error))),
        }
    }

    fn stop_scan(&mut self) {
        self.feed = None;
        *self.reporter.newest_frame.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn open_dialog(&self, purpose: FileDialog, suggested: String) {
        if self.dialog_open.swap(true, Ordering::Relaxed) {
            return;
        }
        let open = Arc::clone(&self.dialog_open);
        self.reporter.run("dialog", move || {
            let chosen = choose_files(purpose, &suggested);
            open.store(false, Ordering::Relaxed);
            Report::FilesChosen(purpose, chosen)
        });
    }

    /// Calls the user to the window, unless it is in front.
    fn alert(&self, text: &'static str) {
        if self.ctx.input(|input| input.viewport().focused.unwrap_or(true)) {
            return;
        }
        let attention = UserAttentionType::Informational;
        self.ctx.send_viewport_cmd(ViewportCommand::RequestUserAttention(attention));
        self.reporter.spawn("notification", move || notify(text));
    }

    /// Copies a secret, which leaves the clipboard after a while if it is still there.
    fn copy_secret(&self, text: SecretText) {
        self.clipboard.copy(&text);
        let clipboard = self.clipboard.clone();
        self.reporter.spawn("clipboard", move || clipboard.expire(&text));
    }

    fn open_folder(&self, folder: PathBuf) {
        let reporter = self.reporter.clone();
        self.reporter.spawn("folder", move || {
            if open::that_detached(&folder).is_err() {
                reporter.send(Report::Failed(messages::window::exports::no_file_manager(&folder)));
            }
        });
    }

    fn play(&self, cue: Cue, settings: &Settings) {
        if settings.sounds {
            self.speaker.play(cue);
        }
    }
}

impl World for SystemWorld {
    fn command_profile(&mut self, command: ProfileCommand) {
        self.sent += 1;
        // The worker's thread outlives every sender, but for the closing of the window.
        if let Some(commands) = &self.commands {
            let _ = commands.send(command);
        }
    }

    fn command_world(&mut self, command: WorldCommand, model: &Model) {
        match command {
            WorldCommand::StartPairing(LocalDevice { key, name, .. }, card) => {
                let pairing =
                    PairingFlow::new(key, name, None, system_rng(), Duration::ZERO).with_card(card);
                self.reporter.send(Report::PairingStarted(Box::new(pairing)));
            }
            WorldCommand::Scan(source, camera) => self.start_scan(source, camera),
            WorldCommand::StopScan => self.stop_scan(),
            WorldCommand::ListCameras => {
                self.reporter.run("cameras", || Report::Cameras(camera_names()));
            }
            WorldCommand::ReadPictures(paths) => {
                self.reporter.run("pictures", move || Report::CodesRead(read_pictures(&paths)));
            }
            WorldCommand::FindScreen => {
                // Where there is none, pressing for it says why, and asks nobody first.
                self.reporter.run("screen", || {
                    let access = screen::open().map(|screen| screen.access());
                    Report::ScreenAccess(access.unwrap_or(ScreenAccess::Direct))
                });
            }
            WorldCommand::ReadScreen => {
                let reporter = self.reporter.clone();
                self.reporter.spawn("screen", move || {
                    let (codes, left) = read_screen();
                    reporter.send(Report::CodesRead(codes));
                    left.into_iter().for_each(|left| reporter.send(Report::Failed(left)));
                });
            }
            WorldCommand::ReadPastedPicture(picture) => {
                self.reporter.run("pasted", move || Report::CodesRead(Ok(read_pasted(&picture))));
            }
            WorldCommand::FindPasted(text) => {
                self.reporter.run("pasted", move || find_pasted(text));
            }
            WorldCommand::MakePassphrase => {
                let words = six_words(&mut UnwrapErr(SysRng));
                self.reporter.send(Report::PassphraseMade(words.into()));
            }
            WorldCommand::Paste => self.ctx.send_viewport_cmd(ViewportCommand::RequestPaste),
            WorldCommand::Copy(text) => self.ctx.copy_text(text),
            WorldCommand::CopySecret(text) => self.copy_secret(text),
            WorldCommand::OpenFolder(folder) => self.open_folder(folder),
            WorldCommand::OpenDialog(purpose, suggested) => self.open_dialog(purpose, suggested),
            WorldCommand::Cancel => self.cancelled.store(self.sent, Ordering::Relaxed),
            WorldCommand::Play(cue) => self.play(cue, &model.settings),
            WorldCommand::KeepAwake(on) => self.awake = on.then(Awake::start),
            WorldCommand::Restyle => {
                theme::apply(&self.ctx, &model.settings, model.is_motion_reduced());
            }
            WorldCommand::FullScreen(on) => {
                self.ctx.send_viewport_cmd(ViewportCommand::Fullscreen(on));
            }
            WorldCommand::Alert(text) => self.alert(text),
            WorldCommand::Raise(token) => {
                if let Some((window, token)) = self.x11_window.zip(token) {
                    self.reporter.spawn("activation", move || come_forward(window, &token));
                }
                self.ctx.send_viewport_cmd(ViewportCommand::Minimized(false));
                self.ctx.send_viewport_cmd(ViewportCommand::Focus);
                // Where the desktop keeps a window from coming forward by itself.
                let attention = UserAttentionType::Informational;
                self.ctx.send_viewport_cmd(ViewportCommand::RequestUserAttention(attention));
            }
        }
    }

    fn reports(&mut self) -> Vec<Report> {
        let mut reports: Vec<Report> = self.reports.try_iter().collect();
        let newest = &self.reporter.newest_frame;
        let frame = newest.lock().unwrap_or_else(PoisonError::into_inner).take();
        reports.extend(frame.map(Report::Scan));
        reports
    }

    fn closing(&mut self) {
        self.clipboard.close();
    }

    fn close(&mut self) {
        self.stop_scan();
        // Without a sender the worker's thread ends, once it has done what it was given.
        self.commands = None;
        finish_screen_pictures(LAST_PICTURE);
        if let Some(worker) = self.worker.take() {
            // It does not panic, and if it did there would be nothing to wait for.
            let _ = worker.join();
        }
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn come_forward(window: u32, token: &str) {
    if let Err(error) = super::activation::come_forward(window, token) {
        tracing::debug!("not activated: {error}");
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn come_forward(_window: u32, _token: &str) {}

/// Tells the user by the desktop's own means; where there are none, the taskbar has to do.
#[cfg(target_os = "linux")]
fn notify(text: &str) {
    let send = || -> zbus::Result<()> {
        let bus = zbus::blocking::Connection::session()?;
        let name = "org.freedesktop.Notifications";
        let hints = HashMap::from([("desktop-entry", zbus::zvariant::Value::from(super::APP_ID))]);
        // Desktop Notifications Specification 1.2: no actions, and the server's own timeout.
        let body = ("Keyglance", 0_u32, super::APP_ID, "Keyglance", text, [""; 0], hints, -1_i32);
        bus.call_method(Some(name), "/org/freedesktop/Notifications", Some(name), "Notify", &body)?;
        Ok(())
    };
    if let Err(error) = send() {
        tracing::debug!("no notification: {error}");
    }
}

#[cfg(not(target_os = "linux"))]
fn notify(_text: &str) {}

fn system_rng() -> Rng {
    Box::new(UnwrapErr(SysRng))
}

fn run_worker(mut worker: ProfileWorker, commands: &Receiver<ProfileCommand>, reporter: &Reporter) {
    loop {
        match commands.recv_timeout(POLL_INTERVAL) {
            Ok(command) => {
                worker.carry_out(command).into_iter().for_each(|report| reporter.send(report));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        // The command line, for example, may have changed the profile.
        worker.poll_changes().into_iter().for_each(|report| reporter.send(report));
    }
}

fn choose_files(purpose: FileDialog, suggested: &str) -> Option<Vec<PathBuf>> {
    let name = PathBuf::from(suggested);
    let name = name.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let dialog = rfd::FileDialog::new();
    match purpose {
        FileDialog::Open => dialog.pick_file().map(|path| vec![path]),
        FileDialog::Folder | FileDialog::PageFolder => dialog.pick_folder().map(|path| vec![path]),
        FileDialog::Pictures => dialog
            .add_filter("Pictures", &["png", "jpg", "jpeg", "webp", "gif", "bmp"])
            .pick_files(),
        FileDialog::CodePicture => dialog
            .set_file_name(name)
            .add_filter("PNG or SVG", &["png", "svg"])
            .save_file()
            .map(|path| vec![path]),
        FileDialog::ExportFile | FileDialog::SaveAs => {
            dialog.set_file_name(name).save_file().map(|path| vec![path])
        }
    }
}

fn open_source(
    source: FrameSourceChoice,
    camera: Option<String>,
) -> Result<Box<dyn FrameSource>, CaptureError> {
    let spec = match source {
        FrameSourceChoice::Watch(path) => SourceSpec::Watch(path),
        // One press, one picture, where the desktop takes them.
        FrameSourceChoice::Screen => return Ok(Box::new(screen::open()?.once())),
        FrameSourceChoice::Camera => {
            SourceSpec::Camera(camera.map_or(CameraChoice::First, CameraChoice::Name))
        }
    };
    spec.open()
}

fn camera_names() -> Vec<CameraName> {
    let cameras = keyglance_capture::cameras().unwrap_or_default();
    cameras
        .into_iter()
        .map(|camera| CameraName { index: camera.index, name: camera.name })
        .collect()
}

fn read_pictures(paths: &[PathBuf]) -> Result<Vec<Vec<u8>>, Notification> {
    let mut codes = Vec::new();
    for path in paths {
        let picture = read_picture(path).map_err(|error| messages::window::explain(&error))?;
        codes.extend(scan_picture(&picture).into_iter().map(|reading| reading.bytes));
    }
    if codes.is_empty() {
        return Err(messages::window::camera::no_code(paths));
    }
    Ok(codes)
}

/// What a text names that reads like the names of files: those that are there.
pub fn find_pasted(text: String) -> Report {
    match pasted_paths(&text).filter(|paths| paths.iter().all(|path| path.exists())) {
        Some(paths) => Report::PastedFiles(paths),
        None => Report::PastedText(text),
    }
}

fn read_pasted(picture: &ColorImage) -> Vec<Vec<u8>> {
    let [width, height] = picture.size.map(|side| u32::try_from(side).unwrap_or_default());
    let pixels = picture.pixels.iter().flat_map(|pixel| pixel.to_srgba_unmultiplied()).collect();
    let picture = Picture::from_rgba(width, height, pixels);
    let readings = picture.map(|picture| scan_picture(&picture)).unwrap_or_default();
    readings.into_iter().map(|reading| reading.bytes).collect()
}

/// The codes on the screen, and what is to be said of a picture that could not be deleted.
fn read_screen() -> (Result<Vec<Vec<u8>>, Notification>, Option<Notification>) {
    let mut screen = match screen::open() {
        Ok(screen) => screen.once(),
        Err(error) => return (Err(messages::window::explain(&error)), None),
    };
    let readings = match screen.next_frame(Duration::from_secs(1)) {
        Ok(NextFrame::Frame(frame)) => Ok(decode_image(&frame)),
        Ok(NextFrame::Picture(picture)) => Ok(scan_picture(&picture)),
        Ok(NextFrame::Nothing | NextFrame::Ended) => Ok(Vec::new()),
        Err(error) => Err(messages::window::explain(&error)),
    };
    let left = screen.next_frame(Duration::ZERO).err();
    let bytes = |reading: Reading| reading.bytes;
    (
        readings.map(|readings| readings.into_iter().map(bytes).collect()),
        left.map(|error| messages::window::explain(&error)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_without_a_code_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let [blank, other] = ["blank.png", "other.png"].map(|name| folder.path().join(name));
        for path in [&blank, &other] {
            image::GrayImage::from_pixel(90, 90, image::Luma([255])).save(path).unwrap();
        }
        let one = read_pictures(std::slice::from_ref(&blank)).unwrap_err();
        assert_eq!(one.what, "There is no code in blank.png.");
        assert_eq!(one.advice, "The whole code with its white edge must be in it.");
        let both = read_pictures(&[blank, other]).unwrap_err();
        assert_eq!(both.what, "There is no code in these pictures.");
    }
}
