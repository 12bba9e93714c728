//! The work of the camera's thread: one format after another, then the next camera, and
//! again when one that went away is back.

use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use image::GrayImage;

use super::mailbox::{CameraEvent, Mailbox};
use super::openers::Openers;
use super::system::{Device, Permission, System, ranked};
use super::{FRAME_WAIT, HANG_TIMEOUT, STALL_TIMEOUT, sorted_cameras};
use crate::{CameraError, CameraInfo, CameraKind, SourceInfo};

/// How often a camera that was unplugged is looked for.
const RETRY_INTERVAL: Duration = Duration::from_millis(500);
/// A loose cable fails now and then.
const MAX_FAILURES: u32 = 5;
/// A system that knows the user's answer gives it within this time, and asks otherwise.
const ANSWER_TIMEOUT: Duration = Duration::from_millis(500);
/// Formats of one camera that are tried.
const MAX_FORMATS: usize = 6;
/// Of these, this many may give no frame: each costs four seconds.
const MAX_STALLS: usize = 2;

/// The work of the camera's thread.
pub(super) struct Capture<'a> {
    system: Arc<dyn System>,
    wanted: Option<usize>,
    mailbox: &'a Mailbox,
    openers: Openers,
    /// How long a driver is waited for.
    limit: Duration,
}

/// A camera that gave a frame.
struct OpenCamera {
    camera: CameraInfo,
    device: Box<dyn Device>,
}

impl<'a> Capture<'a> {
    pub(super) fn new(
        system: Arc<dyn System>,
        wanted: Option<usize>,
        mailbox: &'a Mailbox,
    ) -> Self {
        Self { system, wanted, mailbox, openers: Openers::default(), limit: HANG_TIMEOUT }
    }

    /// Returns when the camera is closed, or if it does not open in the first place.
    pub(super) fn run(&self) -> Result<(), CameraError> {
        if !self.await_permission()? {
            return Ok(());
        }
        let Some(mut opened) = self.open_any(None)? else { return Ok(()) };
        while let Err(error) = self.capture_loop(&mut opened) {
            let OpenCamera { camera, device } = opened;
            let error = self.explained(&camera, error);
            self.mailbox.put(CameraEvent::Lost(error));
            self.close(&camera, device);
            opened = loop {
                if self.mailbox.is_closed() {
                    return Ok(());
                }
                self.system.pause(RETRY_INTERVAL);
                self.mailbox.beat();
                match self.open_any(Some(&camera.name)) {
                    Ok(Some(opened)) => break opened,
                    Ok(None) => return Ok(()),
                    // It is not back yet.
                    Err(_) => {}
                }
            };
        }
        Ok(())
    }

    /// Until the user answers, where the system asks. `false` if the camera was closed
    /// meanwhile.
    fn await_permission(&self) -> Result<bool, CameraError> {
        let began = self.system.now();
        let mut told = false;
        loop {
            match self.system.permission() {
                Permission::Granted => return Ok(true),
                Permission::Refused => return Err(CameraError::Denied),
                Permission::Awaited if self.mailbox.is_closed() => return Ok(false),
                Permission::Awaited => {
                    self.tell_awaiting(began, &mut told);
                    self.system.pause(FRAME_WAIT);
                    self.mailbox.beat();
                }
            }
        }
    }

    /// Once, and not where the system knows the answer already.
    fn tell_awaiting(&self, began: Duration, told: &mut bool) {
        if self.system.now().saturating_sub(began) >= ANSWER_TIMEOUT
            && !std::mem::replace(told, true)
        {
            self.mailbox.put(CameraEvent::Lost(CameraError::AwaitingPermission));
        }
    }

    /// The first camera that gives a frame: the wanted one, or any. One that comes
    /// back is recognised by its name, since its number may have changed. `None` if
    /// the camera was closed meanwhile.
    fn open_any(&self, before: Option<&str>) -> Result<Option<OpenCamera>, CameraError> {
        let mut cameras = sorted_cameras(&*self.system)?;
        self.mailbox.beat();
        let of = |kind| move |camera: &CameraInfo| camera.kind == kind;
        // Without the helper, what gives raw pictures gives none.
        let needs_pipewire = cameras.iter().any(of(CameraKind::Raw))
            && !cameras.iter().any(of(CameraKind::PipeWire));
        let none = match self.wanted {
            Some(index) if !cameras.is_empty() => CameraError::NoSuchCamera(index),
            _ => CameraInfo::none_usable(&cameras).unwrap_or(CameraError::NoCamera),
        };
        if let Some(index) = self.wanted {
            cameras.retain(|camera| match before {
                Some(name) => camera.name == name,
                None => camera.index == index,
            });
        } else {
            // Infrared cameras see nothing on a screen.
            let eyes = cameras.iter().any(|camera| camera.kind != CameraKind::Infrared);
            cameras.retain(|camera| match camera.kind {
                CameraKind::Raw => false,
                CameraKind::Infrared => !eyes,
                _ => true,
            });
            cameras.sort_by_key(|camera| Some(camera.name.as_str()) != before);
        }
        let mut errors = Vec::new();
        for camera in &cameras {
            match self.start(camera) {
                Ok(opened) => return Ok(opened),
                Err(error) => errors.push((camera.kind, self.explained(camera, error))),
            }
        }
        if needs_pipewire && self.wanted.is_none() {
            // The built-in camera is what is missed, and not a toy behind it.
            errors.push((CameraKind::PipeWire, CameraError::NeedsPipeWire));
            errors.sort_by_key(|(kind, _)| *kind);
        }
        // The first camera's reason counts, unless it is none.
        let failed = [CameraError::Failed, CameraError::FixedFailed];
        let telling = errors.iter().find(|(_, error)| !failed.contains(error));
        Err(telling.or(errors.first()).map_or(none, |(_, error)| *error))
    }

    /// What an error means of this camera.
    fn explained(&self, camera: &CameraInfo, error: CameraError) -> CameraError {
        match error {
            CameraError::UnsupportedFormat if camera.kind == CameraKind::Raw => {
                CameraError::NeedsPipeWire
            }
            error if self.system.is_pluggable(camera) => error,
            error => error.of_fixed(),
        }
    }

    /// Calls a camera's driver and waits for it, as long as is sensible. `None` if the
    /// camera was closed meanwhile.
    fn call<T: Send + 'static>(
        &self,
        camera: &CameraInfo,
        work: impl FnOnce(&dyn System) -> Result<T, CameraError> + Send + 'static,
    ) -> Result<Option<T>, CameraError> {
        let system = Arc::clone(&self.system);
        let called = self.openers.call(camera.index, move || work(&*system));
        let answer = called.ok_or(CameraError::Stalled)?;
        let began = Instant::now();
        loop {
            self.mailbox.beat();
            if self.mailbox.is_closed() {
                return Ok(None);
            }
            match answer.recv_timeout(FRAME_WAIT.min(self.limit)) {
                Ok(said) => return said.map(Some),
                Err(RecvTimeoutError::Disconnected) => return Err(CameraError::Failed),
                Err(RecvTimeoutError::Timeout) if began.elapsed() >= self.limit => {
                    return Err(CameraError::Stalled);
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Closing may hang as well.
    fn close(&self, camera: &CameraInfo, device: Box<dyn Device>) {
        let _ = self.call(camera, move |_| {
            drop(device);
            Ok(())
        });
    }

    /// Tries a camera's formats until one gives a frame.
    fn start(&self, camera: &CameraInfo) -> Result<Option<OpenCamera>, CameraError> {
        let mut why = CameraError::UnsupportedFormat;
        let mut stalls = 0;
        let asked = camera.clone();
        let Some(formats) = self.call(camera, move |system| system.formats(&asked))? else {
            return Ok(None);
        };
        for format in ranked(formats).into_iter().take(MAX_FORMATS) {
            let asked = camera.clone();
            let opened = self.call(camera, move |system| system.open(&asked, &format));
            let first = match opened {
                Ok(None) => return Ok(None),
                Ok(Some(mut device)) => match self.next_frame(&mut *device) {
                    Ok(Some(frame)) => Ok((device, frame)),
                    ended => {
                        self.close(camera, device);
                        match ended {
                            Err(error) => Err(error),
                            Ok(_) => return Ok(None),
                        }
                    }
                },
                Err(error) => Err(error),
            };
            match first {
                Ok((device, frame)) => {
                    let stream = device.stream();
                    self.mailbox.put(CameraEvent::Opened(SourceInfo {
                        name: camera.name.clone(),
                        width: stream.width,
                        height: stream.height,
                        frames_per_second: stream.rate,
                    }));
                    self.mailbox.put_frame(frame);
                    return Ok(Some(OpenCamera { camera: camera.clone(), device }));
                }
                // These concern the camera, whatever the format.
                Err(error @ (CameraError::Busy | CameraError::Denied | CameraError::Unplugged)) => {
                    return Err(error);
                }
                Err(error) => {
                    stalls += usize::from(error == CameraError::Stalled);
                    why = error;
                    if stalls == MAX_STALLS {
                        break;
                    }
                }
            }
        }
        Err(why)
    }

    /// Captures until the camera fails or is closed.
    fn capture_loop(&self, opened: &mut OpenCamera) -> Result<(), CameraError> {
        while let Some(frame) = self.next_frame(&mut *opened.device)? {
            self.mailbox.put_frame(frame);
        }
        Ok(())
    }

    /// The next frame; `None` if the camera was closed meanwhile.
    fn next_frame(&self, device: &mut dyn Device) -> Result<Option<GrayImage>, CameraError> {
        let asked = self.system.now();
        let mut began = asked;
        let (mut failures, mut told) = (0, false);
        while !self.mailbox.is_closed() {
            let frame = device.frame(FRAME_WAIT);
            self.mailbox.beat();
            match frame {
                Ok(Some(frame)) => return Ok(Some(frame)),
                Ok(None) if device.is_asking() => {
                    self.tell_awaiting(asked, &mut told);
                    began = self.system.now();
                }
                // Damaged frames count as no frames.
                Ok(None) if self.system.now().saturating_sub(began) < STALL_TIMEOUT => {}
                Ok(None) => return Err(CameraError::Stalled),
                Err(CameraError::Failed) if failures < MAX_FAILURES => {
                    failures += 1;
                    self.system.pause(FRAME_WAIT / 2);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
