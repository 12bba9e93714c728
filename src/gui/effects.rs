//! What the window does in the world. Nothing here makes the window wait.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use eframe::egui::{ColorImage, Context, ViewportCommand};
use getrandom::SysRng;
use image::GrayImage;
use jiff::Timestamp;
use rand_core::UnwrapErr;

use super::message::{Effect, FileDialog, Report};
use super::screens::pairing::Rng;
use super::state::{CameraName, FrameSourceChoice};
use super::theme;
use super::worker::{Environment, ProfileWorker};
use crate::messages;
use crate::messages::Notification;
use crate::sound::{Cue, Speaker};
use keyglance_capture::{
    Feed, FrameSource, NextFrame, OpticsError, ScanEvent, WatchedPicture, read_picture, scan_still,
};
use keyglance_core::keyfile::WorkFactor;
use keyglance_core::pairing::Session;
use keyglance_profile::Settings;

/// How often the profile is looked at for what others changed.
const LOOK: Duration = Duration::from_secs(2);

/// Carries out effects.
pub trait World {
    fn carry_out(&mut self, effect: Effect, settings: &Settings);
    /// What has become of them since it was last asked.
    fn reports(&mut self) -> Vec<Report>;
}

pub struct Effects {
    ctx: Context,
    /// To the clerk, who has a thread of its own.
    jobs: Sender<Effect>,
    post: Reporter,
    incoming: Receiver<Report>,
    feed: Option<Feed>,
    speaker: Speaker,
    /// One dialog at a time.
    dialog: Arc<AtomicBool>,
    cancelled: Arc<AtomicU64>,
    /// How many jobs the clerk was given.
    sent: u64,
}

/// Takes reports to the window, and wakes it.
#[derive(Clone)]
struct Reporter {
    ctx: Context,
    reports: Sender<Report>,
    /// Of what the camera sees only the newest matters.
    sight: Arc<Mutex<Option<ScanEvent>>>,
}

impl Reporter {
    fn send(&self, report: Report) {
        // With the window gone there is nobody to tell.
        let _ = self.reports.send(report);
        self.ctx.request_repaint();
    }

    fn scan(&self, event: ScanEvent) {
        if matches!(event, ScanEvent::Seen(_)) {
            *self.sight.lock().unwrap_or_else(PoisonError::into_inner) = Some(event);
            self.ctx.request_repaint();
        } else {
            self.send(Report::Scan(event));
        }
    }
}

impl Effects {
    pub fn new(ctx: Context, profile: PathBuf, show: Option<PathBuf>) -> Self {
        let (reports, incoming) = channel();
        let post = Reporter { ctx: ctx.clone(), reports, sight: Arc::default() };
        let cancelled = Arc::new(AtomicU64::new(0));
        let (jobs, wanted) = channel();
        let nature = Environment { clock: Timestamp::now, rng: system_rng() };
        let clerk = ProfileWorker::new(
            profile,
            show,
            WorkFactor::OneSecond,
            Arc::clone(&cancelled),
            nature,
        );
        let theirs = post.clone();
        run("clerk", &post, move || attend(clerk, &wanted, &theirs));
        Self {
            ctx,
            jobs,
            post,
            incoming,
            feed: None,
            speaker: Speaker::start(),
            dialog: Arc::default(),
            cancelled,
            sent: 0,
        }
    }

    fn scan(&mut self, eye: FrameSourceChoice, camera: Option<String>) {
        self.stop();
        let post = self.post.clone();
        let tell = move |event| post.scan(event);
        match Feed::start(move || open(eye, camera), tell) {
            Ok(feed) => self.feed = Some(feed),
            Err(error) => self.post.send(Report::Scan(ScanEvent::Failed(error))),
        }
    }

    fn stop(&mut self) {
        self.feed = None;
        *self.post.sight.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn pick(&self, what: FileDialog, name: String) {
        if self.dialog.swap(true, Ordering::Relaxed) {
            return;
        }
        let (post, open) = (self.post.clone(), Arc::clone(&self.dialog));
        run("dialog", &self.post, move || {
            let path = PathBuf::from(name);
            let file = path.file_name().map(|f| f.to_string_lossy().into_owned());
            let dialog = rfd::FileDialog::new();
            let picked = match what {
                FileDialog::Pictures => {
                    dialog.add_filter("Pictures", &["png", "jpg", "jpeg"]).pick_files()
                }
                FileDialog::CodePicture => dialog
                    .set_file_name(file.unwrap_or_default())
                    .add_filter("PNG or SVG", &["png", "svg"])
                    .save_file()
                    .map(|path| vec![path]),
                FileDialog::ExportFile => {
                    dialog.set_file_name(file.unwrap_or_default()).save_file().map(|p| vec![p])
                }
            };
            open.store(false, Ordering::Relaxed);
            post.send(Report::Picked(what, picked));
        });
    }
}

impl World for Effects {
    fn carry_out(&mut self, effect: Effect, settings: &Settings) {
        match effect {
            Effect::Begin(own) => {
                let session = Session::new(own.key, own.name, system_rng(), Duration::ZERO);
                self.post.send(Report::Ready(Box::new(session)));
            }
            Effect::Scan(eye, camera) => self.scan(eye, camera),
            Effect::StopScan => self.stop(),
            Effect::Cameras => {
                let post = self.post.clone();
                run("cameras", &self.post, move || post.send(Report::Cameras(cameras())));
            }
            Effect::ReadPictures(paths) => {
                let post = self.post.clone();
                run("pictures", &self.post, move || post.send(Report::Read(read(&paths))));
            }
            Effect::ReadScreen => {
                let post = self.post.clone();
                run("screen", &self.post, move || post.send(Report::Read(read_screen())));
            }
            Effect::ReadPasted(picture) => {
                let post = self.post.clone();
                run("pasted", &self.post, move || {
                    post.send(Report::Read(Ok(read_pasted(&picture))))
                });
            }
            Effect::Paste => self.ctx.send_viewport_cmd(ViewportCommand::RequestPaste),
            Effect::Copy(text) => self.ctx.copy_text(text),
            Effect::FileDialog(what, name) => self.pick(what, name),
            Effect::Play(cue) => self.play(cue, settings),
            Effect::Restyle => theme::apply(&self.ctx, settings),
            Effect::FullScreen => {
                let full = self.ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
                self.ctx.send_viewport_cmd(ViewportCommand::Fullscreen(!full));
            }
            Effect::Cancel => self.cancelled.store(self.sent, Ordering::Relaxed),
            effect => {
                self.sent += 1;
                // The clerk lives as long as the window.
                let _ = self.jobs.send(effect);
            }
        }
    }

    fn reports(&mut self) -> Vec<Report> {
        let mut reports: Vec<Report> = self.incoming.try_iter().collect();
        let sight = self.post.sight.lock().unwrap_or_else(PoisonError::into_inner).take();
        reports.extend(sight.map(Report::Scan));
        reports
    }
}

impl Effects {
    fn play(&self, cue: Cue, settings: &Settings) {
        if settings.sounds {
            self.speaker.play(cue);
        }
    }
}

fn system_rng() -> Rng {
    Box::new(UnwrapErr(SysRng))
}

fn attend(mut clerk: ProfileWorker, wanted: &Receiver<Effect>, post: &Reporter) {
    loop {
        match wanted.recv_timeout(LOOK) {
            Ok(effect) => clerk.carry_out(effect).into_iter().for_each(|report| post.send(report)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        // Another program may have changed the profile, the terminal's say.
        clerk.look().into_iter().for_each(|report| post.send(report));
    }
}

/// Runs something that takes time.
fn run(name: &str, post: &Reporter, what: impl FnOnce() + Send + 'static) {
    if thread::Builder::new().name(name.to_owned()).spawn(what).is_err() {
        let advice = "Close some programs, then try again.";
        post.send(Report::Failed(Notification::new(
            "The system has no thread left for us.",
            advice,
        )));
    }
}

fn open(
    eye: FrameSourceChoice,
    camera: Option<String>,
) -> Result<Box<dyn FrameSource>, OpticsError> {
    match eye {
        FrameSourceChoice::Watch(path) => Ok(Box::new(WatchedPicture::new(path))),
        FrameSourceChoice::Screen => screen(),
        FrameSourceChoice::Camera => open_camera(camera),
    }
}

#[cfg(feature = "camera")]
fn open_camera(name: Option<String>) -> Result<Box<dyn FrameSource>, OpticsError> {
    // A camera that is gone is no reason not to use another one.
    let index = name.and_then(|name| {
        cameras().into_iter().find(|camera| camera.name == name).map(|camera| camera.index)
    });
    Ok(Box::new(keyglance_capture::Camera::open(index)?))
}

#[cfg(not(feature = "camera"))]
fn open_camera(_name: Option<String>) -> Result<Box<dyn FrameSource>, OpticsError> {
    Err(OpticsError::NotBuilt)
}

#[cfg(feature = "camera")]
fn cameras() -> Vec<CameraName> {
    let list = keyglance_capture::list().unwrap_or_default();
    list.into_iter().map(|camera| CameraName { index: camera.index, name: camera.name }).collect()
}

#[cfg(not(feature = "camera"))]
fn cameras() -> Vec<CameraName> {
    Vec::new()
}

#[cfg(feature = "screen")]
fn screen() -> Result<Box<dyn FrameSource>, OpticsError> {
    Ok(Box::new(keyglance_capture::Screen::open()?))
}

#[cfg(not(feature = "screen"))]
fn screen() -> Result<Box<dyn FrameSource>, OpticsError> {
    Err(OpticsError::ScreenNotSupported)
}

fn read(paths: &[PathBuf]) -> Result<Vec<Vec<u8>>, Notification> {
    let mut codes = Vec::new();
    for path in paths {
        let picture = read_picture(path).map_err(|error| messages::window::optics(&error))?;
        codes.extend(scan_still(&picture).into_iter().map(|reading| reading.bytes));
    }
    Ok(codes)
}

fn read_pasted(picture: &ColorImage) -> Vec<Vec<u8>> {
    let [width, height] = picture.size.map(|side| u32::try_from(side).unwrap_or_default());
    let luma = picture.pixels.iter().map(|pixel| pixel.intensity()).map(|i| (i * 255.0) as u8);
    let luma = GrayImage::from_raw(width, height, luma.collect());
    let readings = luma.map(|luma| scan_still(&luma)).unwrap_or_default();
    readings.into_iter().map(|reading| reading.bytes).collect()
}

fn read_screen() -> Result<Vec<Vec<u8>>, Notification> {
    let frame = screen().and_then(|mut screen| screen.next_frame(Duration::from_secs(1)));
    match frame {
        Ok(NextFrame::Frame(frame)) => {
            Ok(scan_still(&frame.luma).into_iter().map(|reading| reading.bytes).collect())
        }
        Ok(_) => Ok(Vec::new()),
        Err(error) => Err(messages::window::optics(&error)),
    }
}
