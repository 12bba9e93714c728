//! The webcam.
//!
//! A thread owns the camera and captures into a mailbox that holds the newest
//! frame. It tries one format after another, then the next camera, and waits
//! for a camera that went away. Nobody waits for the thread.

mod motion_jpeg;
#[cfg(not(target_os = "linux"))]
mod nokhwa;
mod system;
#[cfg(target_os = "linux")]
mod v4l2;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use image::GrayImage;

#[cfg(not(target_os = "linux"))]
use self::nokhwa::Cameras;
#[cfg(target_os = "linux")]
use self::v4l2::Cameras;
use super::{Frame, FrameSource, NextFrame, OpticsError, SourceInfo};
pub use system::{CameraInfo, CameraKind};
use system::{Device, System, ranked};

/// Without a frame for this long, a camera has stalled.
const WATCHDOG: Duration = Duration::from_secs(4);
/// A driver that does not answer at all for this long hangs.
const HUNG: Duration = Duration::from_secs(8);
/// How long one look for a frame lasts, and so how soon the thread ends.
const LOOK: Duration = Duration::from_millis(100);
/// How often a camera that went away is looked for.
const AGAIN: Duration = Duration::from_millis(500);
/// A shaky cable fails now and then.
const MOST_FAILURES: u32 = 5;
/// Formats of one camera that are tried.
const MOST_FORMATS: usize = 6;
/// Of these, so many may give no frame: each costs four seconds.
const MOST_STALLS: usize = 2;

/// The cameras that give pictures: real ones, then virtual, then infrared ones,
/// each by number; none is an empty list.
///
/// # Errors
/// [`OpticsError`] where the system's camera service does not answer.
pub fn list() -> Result<Vec<CameraInfo>, OpticsError> {
    listed(&Cameras)
}

fn listed(system: &dyn System) -> Result<Vec<CameraInfo>, OpticsError> {
    let mut cameras = system.cameras()?;
    cameras.sort_by_key(|camera| (camera.kind, camera.index));
    Ok(cameras)
}

/// An open webcam.
///
/// Unplugged or silent, it says so ([`OpticsError::Unplugged`], `Stalled`), and
/// goes on by itself as soon as it is back.
#[derive(Debug)]
pub struct Camera {
    info: SourceInfo,
    mailbox: Arc<Mailbox>,
}

impl Camera {
    /// Opens the camera of this number; without one, the first that works.
    /// Waits until it streams: at once as a rule, four seconds for each format
    /// in which it stays silent.
    ///
    /// # Errors
    /// [`OpticsError::NoCamera`], `NoSuchCamera`, `Busy`, `Denied`, `Format`,
    /// `Stalled`, `Unplugged` or `Failed`: of several cameras, why the first
    /// did not open.
    pub fn open(index: Option<usize>) -> Result<Self, OpticsError> {
        Self::open_of(Cameras, index)
    }

    fn open_of(system: impl System + 'static, index: Option<usize>) -> Result<Self, OpticsError> {
        let mailbox = Arc::new(Mailbox::default());
        let theirs = Arc::clone(&mailbox);
        let run = move || {
            let capture = Capture { system: &system, wanted: index, mailbox: &theirs };
            let ended = catch_unwind(AssertUnwindSafe(|| capture.run()));
            theirs.put(Post::Ended(ended.unwrap_or(Err(OpticsError::Failed)).err()));
        };
        let builder = thread::Builder::new().name("camera".to_owned());
        builder.spawn(run).map_err(|_| OpticsError::Failed)?;
        // Closed again where it does not open.
        let mut camera = Self { info: SourceInfo::default(), mailbox };
        loop {
            match camera.mailbox.take(LOOK) {
                Some(Post::Opened(info)) => {
                    camera.info = info;
                    return Ok(camera);
                }
                Some(Post::Ended(error)) => return Err(error.unwrap_or(OpticsError::Failed)),
                Some(Post::Lost(error)) => return Err(error),
                Some(Post::Frame(_)) | None if camera.mailbox.is_hung() => {
                    return Err(OpticsError::Stalled);
                }
                Some(Post::Frame(_)) | None => {}
            }
        }
    }
}

impl FrameSource for Camera {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn next_frame(&mut self, wait: Duration) -> Result<NextFrame, OpticsError> {
        match self.mailbox.take(wait) {
            Some(Post::Frame(luma)) => Ok(NextFrame::Frame(Frame { luma })),
            Some(Post::Opened(info)) => {
                self.info = info;
                Ok(NextFrame::Nothing)
            }
            Some(Post::Lost(error)) => Err(error),
            Some(Post::Ended(error)) => Err(error.unwrap_or(OpticsError::Failed)),
            None if self.mailbox.is_hung() => {
                // Once for each time.
                self.mailbox.beat();
                Err(OpticsError::Stalled)
            }
            None => Ok(NextFrame::Nothing),
        }
    }
}

impl Drop for Camera {
    /// The thread ends at its next look. It is not waited for, since a driver may
    /// hang.
    fn drop(&mut self) {
        self.mailbox.closed.store(true, Ordering::Relaxed);
    }
}

/// One letter at a time: the newest.
#[derive(Debug, Default)]
struct Mailbox {
    slot: Mutex<Option<Post>>,
    filled: Condvar,
    closed: AtomicBool,
    /// When the thread last came back from the driver.
    beat: Mutex<Option<Instant>>,
}

#[derive(Debug, PartialEq)]
enum Post {
    Opened(SourceInfo),
    Frame(GrayImage),
    /// It went away, and may come back.
    Lost(OpticsError),
    Ended(Option<OpticsError>),
}

impl Mailbox {
    fn put(&self, post: Post) {
        *self.lock() = Some(post);
        self.filled.notify_one();
    }

    /// A frame waits until somebody has taken what the camera said.
    fn put_frame(&self, luma: GrayImage) {
        let mut slot = self.lock();
        if matches!(*slot, None | Some(Post::Frame(_))) {
            *slot = Some(Post::Frame(luma));
            self.filled.notify_one();
        }
    }

    fn take(&self, wait: Duration) -> Option<Post> {
        let waiting = self.filled.wait_timeout_while(self.lock(), wait, |slot| slot.is_none());
        let (mut slot, _) = waiting.unwrap_or_else(PoisonError::into_inner);
        match slot.take() {
            // The end stays the end, however often it is asked for.
            Some(Post::Ended(error)) => {
                *slot = Some(Post::Ended(error.clone()));
                Some(Post::Ended(error))
            }
            post => post,
        }
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    fn beat(&self) {
        *self.beat.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn is_hung(&self) -> bool {
        let mut beat = self.beat.lock().unwrap_or_else(PoisonError::into_inner);
        beat.get_or_insert_with(Instant::now).elapsed() > HUNG
    }

    fn lock(&self) -> MutexGuard<'_, Option<Post>> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the thread does.
struct Capture<'a> {
    system: &'a dyn System,
    wanted: Option<usize>,
    mailbox: &'a Mailbox,
}

/// A camera that gave a frame.
struct Opened {
    name: String,
    device: Box<dyn Device>,
}

impl Capture<'_> {
    /// Ends where the camera is closed, or does not open in the first place.
    fn run(&self) -> Result<(), OpticsError> {
        let Some(mut opened) = self.open_any(None)? else { return Ok(()) };
        while let Err(error) = self.film(&mut opened) {
            let Opened { name, device } = opened;
            drop(device);
            self.mailbox.put(Post::Lost(error));
            opened = loop {
                if self.mailbox.is_closed() {
                    return Ok(());
                }
                self.system.pause(AGAIN);
                self.mailbox.beat();
                match self.open_any(Some(&name)) {
                    Ok(Some(opened)) => break opened,
                    Ok(None) => return Ok(()),
                    // Not yet.
                    Err(_) => {}
                }
            };
        }
        Ok(())
    }

    /// The first camera that gives a frame: the wanted one, or any. One that
    /// comes back is told by its name, since its number may have changed. None
    /// where nobody wants one any more.
    fn open_any(&self, before: Option<&str>) -> Result<Option<Opened>, OpticsError> {
        let mut cameras = listed(self.system)?;
        self.mailbox.beat();
        let mut first = match self.wanted {
            Some(index) if !cameras.is_empty() => OpticsError::NoSuchCamera(index),
            _ => OpticsError::NoCamera,
        };
        if let Some(index) = self.wanted {
            cameras.retain(|camera| match before {
                Some(name) => camera.name == name,
                None => camera.index == index,
            });
        } else {
            cameras.sort_by_key(|camera| Some(camera.name.as_str()) != before);
            // Infrared ones see nothing of a screen.
            let eyes = cameras.iter().any(|camera| camera.kind != CameraKind::Infrared);
            cameras.retain(|camera| !eyes || camera.kind != CameraKind::Infrared);
        }
        for (at, camera) in cameras.iter().enumerate() {
            match self.start(camera) {
                Ok(opened) => return Ok(opened),
                Err(error) if at == 0 => first = error,
                Err(_) => {}
            }
        }
        Err(first)
    }

    /// Tries a camera's formats until one gives a frame.
    fn start(&self, camera: &CameraInfo) -> Result<Option<Opened>, OpticsError> {
        let mut why = OpticsError::Format;
        let mut stalls = 0;
        for offer in ranked(self.system.offers(camera)?).iter().take(MOST_FORMATS) {
            if self.mailbox.is_closed() {
                return Ok(None);
            }
            self.mailbox.beat();
            let first = self.system.open(camera, offer).and_then(|mut device| {
                let luma = self.frame(&mut *device)?;
                Ok(luma.map(|luma| (device, luma)))
            });
            match first {
                Ok(Some((device, luma))) => {
                    let stream = device.stream();
                    self.mailbox.put(Post::Opened(SourceInfo {
                        name: camera.name.clone(),
                        width: stream.width,
                        height: stream.height,
                        frames_per_second: stream.rate,
                    }));
                    self.mailbox.put_frame(luma);
                    return Ok(Some(Opened { name: camera.name.clone(), device }));
                }
                Ok(None) => return Ok(None),
                // These are of the camera, not of the format.
                Err(error @ (OpticsError::Busy | OpticsError::Denied | OpticsError::Unplugged)) => {
                    return Err(error);
                }
                Err(error) => {
                    stalls += usize::from(error == OpticsError::Stalled);
                    why = error;
                    if stalls == MOST_STALLS {
                        break;
                    }
                }
            }
        }
        Err(why)
    }

    /// Films until the camera fails, or is closed.
    fn film(&self, opened: &mut Opened) -> Result<(), OpticsError> {
        while let Some(luma) = self.frame(&mut *opened.device)? {
            self.mailbox.put_frame(luma);
        }
        Ok(())
    }

    /// The next frame; none where nobody wants it any more.
    fn frame(&self, device: &mut dyn Device) -> Result<Option<GrayImage>, OpticsError> {
        let began = self.system.now();
        let mut failures = 0;
        while !self.mailbox.is_closed() {
            let frame = device.frame(LOOK);
            self.mailbox.beat();
            match frame {
                Ok(Some(luma)) => return Ok(Some(luma)),
                // Frames that are all damaged are no better than none.
                Ok(None) if self.system.now().saturating_sub(began) < WATCHDOG => {}
                Ok(None) => return Err(OpticsError::Stalled),
                Err(OpticsError::Failed) if failures < MOST_FAILURES => {
                    failures += 1;
                    self.system.pause(LOOK / 2);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
