//! The webcam.
//!
//! A thread owns the camera and captures into a mailbox that holds the newest
//! frame. It tries one format after another, then the next camera, and waits
//! for a camera that went away. Nobody waits for the thread.

mod capture;
mod mailbox;
#[cfg_attr(all(target_os = "linux", not(nokhwa_on_linux)), allow(dead_code))]
mod media_foundation;
#[cfg(target_os = "linux")]
mod nodes;
#[cfg(any(not(target_os = "linux"), nokhwa_on_linux))]
#[cfg_attr(target_os = "linux", allow(dead_code))]
mod nokhwa;
mod openers;
#[cfg(target_os = "linux")]
mod pipewire;
mod system;
#[cfg(target_os = "linux")]
mod v4l2;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::{
    CameraError, CameraInfo, CameraKind, CaptureError, FrameSource, NextFrame, SourceInfo,
};
use capture::Capture;
use mailbox::{CameraEvent, Mailbox};
use system::System;

/// Without a frame for this long, a camera has stalled.
const STALL_TIMEOUT: Duration = Duration::from_secs(4);
/// A driver that does not answer at all for this long hangs.
const HANG_TIMEOUT: Duration = Duration::from_secs(8);
/// How long the thread waits for a frame, and so how soon it ends.
const FRAME_WAIT: Duration = Duration::from_millis(100);

/// The cameras that give pictures, in the order in which they are tried: by
/// [`CameraKind`], then by number; none is an empty list.
///
/// # Errors
/// [`CameraError`] if the system's camera service does not answer.
pub fn cameras() -> Result<Vec<CameraInfo>, CameraError> {
    let mut cameras = all_cameras()?;
    cameras.retain(|camera| camera.kind != CameraKind::Raw);
    Ok(cameras)
}

/// The same, and those behind them that give raw pictures of a sensor only.
///
/// # Errors
/// [`CameraError`] if the system's camera service does not answer.
pub fn all_cameras() -> Result<Vec<CameraInfo>, CameraError> {
    sorted_cameras(&*this_system())
}

/// The program that reaches the cameras of PipeWire, where it is installed.
#[must_use]
pub fn pipewire_helper() -> Option<PathBuf> {
    #[cfg(target_os = "linux")]
    return pipewire::helper();
    #[cfg(not(target_os = "linux"))]
    None
}

fn this_system() -> Arc<dyn System> {
    #[cfg(target_os = "linux")]
    return Arc::new(v4l2::Cameras::default());
    #[cfg(not(target_os = "linux"))]
    Arc::new(nokhwa::Cameras)
}

/// The best first.
fn sorted_cameras(system: &dyn System) -> Result<Vec<CameraInfo>, CameraError> {
    let mut cameras = system.cameras()?;
    cameras.sort_by_key(|camera| (camera.kind, camera.index));
    Ok(cameras)
}

/// An open webcam.
///
/// When it is unplugged or silent, it says so ([`CameraError::Unplugged`],
/// `Stalled`), and goes on by itself as soon as it is back.
#[derive(Debug)]
pub struct Camera {
    info: SourceInfo,
    mailbox: Arc<Mailbox>,
}

impl Camera {
    /// Opens the camera of this number; without one, the first that works.
    /// Waits until it streams: at once as a rule, four seconds for each format
    /// in which it stays silent, eight for a driver that hangs. Where the system asks the
    /// user, it does not wait for the answer: the camera says
    /// [`CameraError::AwaitingPermission`] until it is there.
    ///
    /// # Errors
    /// [`CameraError::NoCamera`], `NoSuchCamera`, `NeedsPipeWire`, `Busy`, `Denied`,
    /// `UnsupportedFormat`, `Stalled`, `Unplugged` or `Failed`: of several cameras, why
    /// the first did not open, if that is known.
    pub fn open(index: Option<usize>) -> Result<Self, CameraError> {
        Self::open_of(this_system(), index)
    }

    fn open_of(system: Arc<dyn System>, index: Option<usize>) -> Result<Self, CameraError> {
        let mailbox = Arc::new(Mailbox::default());
        let theirs = Arc::clone(&mailbox);
        let run = move || {
            let capture = Capture::new(system, index, &theirs);
            let ended = catch_unwind(AssertUnwindSafe(|| capture.run()));
            theirs.put(CameraEvent::Ended(ended.unwrap_or(Err(CameraError::Failed)).err()));
        };
        let builder = thread::Builder::new().name("camera".to_owned());
        builder.spawn(run).map_err(|_| CameraError::Failed)?;
        // Dropping the camera closes it again if it does not open.
        let mut camera = Self { info: SourceInfo::default(), mailbox };
        loop {
            match camera.mailbox.take(FRAME_WAIT) {
                Some(CameraEvent::Opened(info)) => {
                    camera.info = info;
                    return Ok(camera);
                }
                Some(CameraEvent::Ended(error)) => return Err(error.unwrap_or(CameraError::Failed)),
                Some(CameraEvent::Lost(CameraError::AwaitingPermission)) => {
                    let told = CameraEvent::Lost(CameraError::AwaitingPermission);
                    camera.mailbox.put_back(told);
                    return Ok(camera);
                }
                Some(CameraEvent::Lost(error)) => return Err(error),
                Some(CameraEvent::Frame(_)) | None if camera.mailbox.is_hung() => {
                    return Err(CameraError::Stalled);
                }
                Some(CameraEvent::Frame(_)) | None => {}
            }
        }
    }
}

impl FrameSource for Camera {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn next_frame(&mut self, wait: Duration) -> Result<NextFrame, CaptureError> {
        match self.mailbox.take(wait) {
            Some(CameraEvent::Frame(frame)) => Ok(NextFrame::Frame(frame)),
            Some(CameraEvent::Opened(info)) => {
                self.info = info;
                Ok(NextFrame::Nothing)
            }
            Some(CameraEvent::Lost(error)) => Err(error.into()),
            Some(CameraEvent::Ended(error)) => Err(error.unwrap_or(CameraError::Failed).into()),
            None if self.mailbox.is_hung() => {
                // Reported once each time.
                self.mailbox.beat();
                Err(CameraError::Stalled.into())
            }
            None => Ok(NextFrame::Nothing),
        }
    }
}

impl Drop for Camera {
    /// The thread ends within `FRAME_WAIT`. Nobody waits for it, since a driver may
    /// hang.
    fn drop(&mut self) {
        self.mailbox.close();
    }
}
