//! The webcam, through nokhwa.
//!
//! A thread captures into a mailbox that holds the newest frame. It owns the
//! device: a driver that blocks for ever blocks that thread and nobody else.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use image::GrayImage;
use nokhwa::NokhwaError;
use nokhwa::utils::{
    ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType,
    Resolution,
};

use super::{Frame, FrameSource, Next, OpticsError};

/// Without a frame for this long, a camera has stalled.
const WATCHDOG: Duration = Duration::from_secs(4);

/// A camera that the system lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameraInfo {
    /// The number to open it by.
    pub index: usize,
    /// As the driver names it.
    pub name: String,
    /// What the driver says besides.
    pub description: String,
}

/// The cameras that the system lists, by number.
///
/// # Errors
/// [`OpticsError::NoCamera`] where the system's camera service does not answer.
pub fn list() -> Result<Vec<CameraInfo>, OpticsError> {
    let found = nokhwa::query(ApiBackend::Auto).map_err(|_| OpticsError::NoCamera)?;
    let mut cameras: Vec<CameraInfo> = found
        .into_iter()
        .filter_map(|info| {
            let index = usize::try_from(info.index().as_index().ok()?).ok()?;
            Some(CameraInfo {
                index,
                name: info.human_name(),
                description: info.description().to_owned(),
            })
        })
        .collect();
    cameras.sort_by_key(|camera| camera.index);
    Ok(cameras)
}

/// An open webcam.
#[derive(Debug)]
pub struct Webcam {
    mailbox: Arc<Mailbox>,
    last: Instant,
}

#[derive(Debug, Default)]
struct Mailbox {
    slot: Mutex<Option<Result<Frame, OpticsError>>>,
    filled: Condvar,
    closed: AtomicBool,
}

impl Webcam {
    /// Opens camera `index`, or the first one. Returns at once: whether it
    /// works is what the first frame tells.
    ///
    /// # Errors
    /// [`OpticsError::NoCamera`], [`OpticsError::NoSuchCamera`].
    pub fn open(index: Option<usize>) -> Result<Self, OpticsError> {
        let cameras = list()?;
        let first = cameras.first().ok_or(OpticsError::NoCamera)?;
        let index = match index {
            None => first.index,
            Some(index) if cameras.iter().any(|camera| camera.index == index) => index,
            Some(index) => return Err(OpticsError::NoSuchCamera(index)),
        };
        let mailbox = Arc::new(Mailbox::default());
        let theirs = Arc::clone(&mailbox);
        thread::Builder::new()
            .name("camera".to_owned())
            .spawn(move || {
                if let Err(error) = capture(index, &theirs) {
                    theirs.put(Err(error));
                }
            })
            .map_err(|_| OpticsError::NoCamera)?;
        Ok(Self { mailbox, last: Instant::now() })
    }
}

impl FrameSource for Webcam {
    fn next_frame(&mut self, wait: Duration) -> Result<Next, OpticsError> {
        let slot = self.mailbox.slot.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut slot, _) = self
            .mailbox
            .filled
            .wait_timeout_while(slot, wait, |slot| slot.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        match slot.take() {
            Some(Ok(frame)) => {
                self.last = Instant::now();
                Ok(Next::Frame(frame))
            }
            Some(Err(error)) => Err(error),
            None if self.last.elapsed() > WATCHDOG => Err(OpticsError::Stalled),
            None => Ok(Next::Nothing),
        }
    }
}

impl Drop for Webcam {
    /// The thread ends after its frame; it is not waited for, since a driver
    /// may never give one.
    fn drop(&mut self) {
        self.mailbox.closed.store(true, Ordering::Relaxed);
    }
}

impl Mailbox {
    fn put(&self, result: Result<Frame, OpticsError>) {
        *self.slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        self.filled.notify_one();
    }
}

/// Wanted first to last: what costs least to turn grey.
const FORMATS: [FrameFormat; 4] =
    [FrameFormat::YUYV, FrameFormat::MJPEG, FrameFormat::NV12, FrameFormat::GRAY];

fn capture(index: usize, mailbox: &Mailbox) -> Result<(), OpticsError> {
    let device = CameraIndex::Index(u32::try_from(index).unwrap_or(u32::MAX));
    let mut opened = Err(OpticsError::Format);
    for format in FORMATS {
        let wanted = CameraFormat::new(Resolution::new(1280, 720), format, 30);
        let formats = [format];
        let request = RequestedFormat::with_formats(RequestedFormatType::Closest(wanted), &formats);
        opened = nokhwa::Camera::new(device.clone(), request)
            .and_then(|mut camera| camera.open_stream().map(|()| camera))
            .map_err(|error| told(&error));
        match &opened {
            Ok(_) | Err(OpticsError::Busy | OpticsError::Denied) => break,
            Err(_) => {}
        }
    }
    let mut camera = opened?;
    let mut failures = 0;
    while !mailbox.closed.load(Ordering::Relaxed) {
        let frame = match camera.frame() {
            Ok(buffer) => {
                let size = buffer.resolution();
                grey(buffer.buffer(), size.width(), size.height(), buffer.source_frame_format())
            }
            Err(error) => {
                // An unplugged camera fails at once, again and again.
                failures += 1;
                if failures > 5 {
                    return Err(match told(&error) {
                        OpticsError::Format => OpticsError::Unplugged,
                        other => other,
                    });
                }
                thread::sleep(Duration::from_millis(50));
                continue;
            }
        };
        // A broken frame is a missed one.
        if let Some(frame) = frame {
            failures = 0;
            mailbox.put(Ok(frame));
        }
    }
    Ok(())
}

/// nokhwa has the system's error as text only.
fn told(error: &NokhwaError) -> OpticsError {
    let text = error.to_string().to_lowercase();
    if text.contains("busy") || text.contains("os error 16") {
        OpticsError::Busy
    } else if text.contains("denied") || text.contains("os error 13") {
        OpticsError::Denied
    } else if text.contains("os error 19") || text.contains("no such device") {
        OpticsError::Unplugged
    } else {
        OpticsError::Format
    }
}

/// The brightness of a camera's frame, without a detour through colours.
/// `None` where the bytes do not hold `width` times `height` pixels.
fn grey(bytes: &[u8], width: u32, height: u32, format: FrameFormat) -> Option<GrayImage> {
    let pixels = width as usize * height as usize;
    match format {
        FrameFormat::YUYV => {
            let luma = bytes.get(..pixels * 2)?.iter().copied().step_by(2).collect();
            GrayImage::from_raw(width, height, luma)
        }
        FrameFormat::NV12 | FrameFormat::GRAY => {
            GrayImage::from_raw(width, height, bytes.get(..pixels)?.to_vec())
        }
        FrameFormat::MJPEG => image::load_from_memory_with_format(bytes, image::ImageFormat::Jpeg)
            .ok()
            .map(image::DynamicImage::into_luma8),
        FrameFormat::RAWRGB | FrameFormat::RAWBGR => {
            let luma = bytes
                .get(..pixels * 3)?
                .chunks_exact(3)
                // Green is most of brightness.
                .filter_map(|rgb| rgb.get(1).copied())
                .collect();
            GrayImage::from_raw(width, height, luma)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_takes_the_brightness_of_each_format() {
        let yuyv = [10, 128, 20, 128, 30, 128, 40, 128];
        assert_eq!(grey(&yuyv, 2, 2, FrameFormat::YUYV).unwrap().as_raw(), &[10, 20, 30, 40]);
        let nv12 = [10, 20, 30, 40, 128, 128];
        assert_eq!(grey(&nv12, 2, 2, FrameFormat::NV12).unwrap().as_raw(), &[10, 20, 30, 40]);
    }

    #[test]
    fn a_short_frame_is_no_frame() {
        for format in FORMATS {
            assert!(grey(&[1, 2, 3], 2, 2, format).is_none(), "{format:?}");
        }
    }
}
