//! Cameras where the system is not Linux, through nokhwa.
//!
//! Its `frame()` may block for ever, so the camera lives on a thread of its
//! own, which is left behind if it does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Once, OnceLock};
use std::thread;
use std::time::Duration;

use image::GrayImage;
use nokhwa::NokhwaError;
use nokhwa::utils::{
    ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType,
    Resolution,
};

use super::system::{
    Device, Permission, PixelFormat, Stream, StreamFormat, System, WANTED, guessed_stride, y_plane,
};
use super::{STALL_TIMEOUT, media_foundation};
use crate::{CameraError, CameraInfo, CameraKind};

/// The system's own cameras.
#[derive(Debug)]
pub(super) struct Cameras;

/// nokhwa tells what a camera formats only once it is open, and its closest
/// format is none where the size is not offered exactly.
const SIZES: [(u32, u32); 3] = [(1280, 720), (1920, 1080), (640, 480)];

const FORMATS: [(FrameFormat, PixelFormat); 4] = [
    (FrameFormat::YUYV, PixelFormat::Yuyv),
    (FrameFormat::MJPEG, PixelFormat::Jpeg),
    (FrameFormat::NV12, PixelFormat::Planar),
    (FrameFormat::GRAY, PixelFormat::Grey),
];

impl System for Cameras {
    /// macOS asks the user once, and remembers the answer; it asks nobody whose
    /// bundle does not say what the camera is for. Elsewhere the answer is yes at once.
    fn permission(&self) -> Permission {
        static ASKED: Once = Once::new();
        static ANSWER: OnceLock<bool> = OnceLock::new();
        let ask = || {
            nokhwa::nokhwa_initialize(|allowed| {
                let _ = ANSWER.set(allowed);
            });
        };
        ASKED.call_once(|| {
            // Who could not be asked is told by the camera itself.
            if catch_unwind(ask).is_err() {
                let _ = ANSWER.set(true);
            }
        });
        Permission::of_answer(ANSWER.get().copied())
    }

    fn cameras(&self) -> Result<Vec<CameraInfo>, CameraError> {
        let found = catch_unwind(|| nokhwa::query(ApiBackend::Auto))
            .map_err(|_| CameraError::Failed)?
            .map_err(|error| cause(&error))?;
        let cameras = found.into_iter().filter_map(|info| {
            let index = usize::try_from(info.index().as_index().ok()?).ok()?;
            let (name, description) = (info.human_name(), info.description().to_owned());
            Some(CameraInfo { index, kind: CameraKind::of_name(&name), name, description })
        });
        let mut cameras: Vec<_> = cameras.collect();
        cameras.sort_by_key(|camera| camera.index);
        Ok(cameras)
    }

    fn formats(&self, _camera: &CameraInfo) -> Result<Vec<StreamFormat>, CameraError> {
        let (_, _, rate) = WANTED;
        let stream =
            |(width, height), format| StreamFormat { format, width, height, rate, code: [0; 4] };
        Ok(SIZES
            .into_iter()
            .flat_map(|size| FORMATS.map(|(_, format)| stream(size, format)))
            .collect())
    }

    fn open(
        &self,
        camera: &CameraInfo,
        format: &StreamFormat,
    ) -> Result<Box<dyn Device>, CameraError> {
        let index =
            u32::try_from(camera.index).map_err(|_| CameraError::NoSuchCamera(camera.index))?;
        let format = *format;
        let (sender, events) = sync_channel(1);
        let run = move || {
            // nokhwa panics where it cannot stop a stream.
            let ended = catch_unwind(AssertUnwindSafe(|| capture_loop(index, &format, &sender)));
            let error = ended.unwrap_or(Err(CameraError::Failed)).err();
            let _ = sender.send(BackendEvent::Ended(error.unwrap_or(CameraError::Failed)));
        };
        let builder = thread::Builder::new().name("camera driver".to_owned());
        builder.spawn(run).map_err(|_| CameraError::Failed)?;
        match events.recv_timeout(STALL_TIMEOUT) {
            Ok(BackendEvent::Opened(stream)) => Ok(Box::new(Webcam { stream, events })),
            Ok(BackendEvent::Ended(error)) => Err(error),
            Ok(BackendEvent::Frame(_)) | Err(_) => Err(CameraError::Stalled),
        }
    }
}

enum BackendEvent {
    Opened(Stream),
    Frame(GrayImage),
    Ended(CameraError),
}

struct Webcam {
    stream: Stream,
    events: Receiver<BackendEvent>,
}

impl Device for Webcam {
    fn stream(&self) -> Stream {
        self.stream
    }

    fn frame(&mut self, wait: Duration) -> Result<Option<GrayImage>, CameraError> {
        match self.events.recv_timeout(wait) {
            Ok(BackendEvent::Frame(frame)) => Ok(Some(frame)),
            Ok(BackendEvent::Opened(_)) | Err(RecvTimeoutError::Timeout) => Ok(None),
            Ok(BackendEvent::Ended(error)) => Err(error),
            Err(RecvTimeoutError::Disconnected) => Err(CameraError::Unplugged),
        }
    }
}

/// Captures until the camera is closed.
fn capture_loop(
    index: u32,
    wanted: &StreamFormat,
    sender: &SyncSender<BackendEvent>,
) -> Result<(), CameraError> {
    let formats = FORMATS.into_iter().filter(|(_, format)| *format == wanted.format);
    let formats: Vec<_> = formats.map(|(format, _)| format).collect();
    let format = formats.first().copied().ok_or(CameraError::UnsupportedFormat)?;
    let size = Resolution::new(wanted.width, wanted.height);
    let requested = CameraFormat::new(size, format, wanted.rate.round() as u32);
    let request = RequestedFormat::with_formats(RequestedFormatType::Closest(requested), &formats);
    let mut device = nokhwa::Camera::new(CameraIndex::Index(index), request)
        .and_then(|mut camera| camera.open_stream().map(|()| camera))
        .map_err(|error| cause(&error))?;
    let opened = device.camera_format();
    let (width, height) = (opened.width(), opened.height());
    let stream = Stream { width, height, rate: Some(f64::from(opened.frame_rate())) };
    let mut sent = sender.send(BackendEvent::Opened(stream));
    while sent.is_ok() {
        let buffer = device.frame().map_err(|error| cause(&error))?;
        let size = buffer.resolution();
        let found = FORMATS.iter().find(|(theirs, _)| *theirs == buffer.source_frame_format());
        let format = found.map(|(_, format)| *format).ok_or(CameraError::UnsupportedFormat)?;
        let (size, bytes) = ((size.width(), size.height()), buffer.buffer());
        let stride = guessed_stride(bytes.len(), size, format);
        // A broken frame is a missed one.
        if let Some(frame) = y_plane(bytes, size, stride, format) {
            sent = sender.send(BackendEvent::Frame(frame));
        }
    }
    Ok(())
}

/// nokhwa has the system's error as text only.
fn cause(error: &NokhwaError) -> CameraError {
    let text = error.to_string();
    if let Some(cause) = media_foundation::cause(&text) {
        return cause;
    }
    let text = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["busy", "os error 16)", "in use"]) {
        CameraError::Busy
    } else if says(&["denied", "not permitted", "os error 13)", "os error 1)"]) {
        CameraError::Denied
    } else if says(&["no such device", "os error 19)", "no such file", "os error 2)"]) {
        CameraError::Unplugged
    } else if says(&["fufill", "rejected", "format", "framerate"]) {
        CameraError::UnsupportedFormat
    } else {
        CameraError::Failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_has_its_own_error() {
        let open = |text: &str| cause(&NokhwaError::OpenStreamError(text.to_owned()));
        assert_eq!(open("Device or resource busy (os error 16)"), CameraError::Busy);
        assert_eq!(open("Permission denied (os error 13)"), CameraError::Denied);
        assert_eq!(open("No such device (os error 19)"), CameraError::Unplugged);
        assert_eq!(open("Input/output error (os error 5)"), CameraError::Failed);
    }

    /// Where the user is not asked, the answer is there at once.
    #[cfg(not(target_vendor = "apple"))]
    #[test]
    fn other_systems_ask_nobody() {
        assert_eq!(Cameras.permission(), Permission::Granted);
        assert_eq!(Cameras.permission(), Permission::Granted);
    }
}
