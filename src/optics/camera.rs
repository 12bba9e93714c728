//! The webcam, through nokhwa.
//!
//! A thread captures into a mailbox that holds the newest frame. It owns the
//! device: a driver that blocks for ever blocks that thread and nobody else.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use image::GrayImage;
use nokhwa::NokhwaError;
use nokhwa::utils::{
    ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType,
    Resolution,
};

use super::{Frame, FrameSource, Next, OpticsError, SourceInfo, motion_jpeg};

/// Without a sign for this long, a camera has stalled.
const WATCHDOG: Duration = Duration::from_secs(4);

/// An unplugged camera fails at once, again and again; a shaky one now and then.
const MOST_FAILURES: u32 = 5;

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

/// The cameras that the system lists, by number; none is an empty list.
///
/// # Errors
/// [`OpticsError`] where the system's camera service does not answer.
pub fn list() -> Result<Vec<CameraInfo>, OpticsError> {
    let found = catch_unwind(|| nokhwa::query(ApiBackend::Auto))
        .map_err(|_| OpticsError::Failed)?
        .map_err(|error| cause(&error))?;
    let mut cameras: Vec<CameraInfo> = found
        .into_iter()
        .filter_map(|info| {
            let index = usize::try_from(info.index().as_index().ok()?).ok()?;
            let description = info.description().to_owned();
            Some(CameraInfo { index, name: info.human_name(), description })
        })
        .collect();
    cameras.sort_by_key(|camera| camera.index);
    Ok(cameras)
}

/// An open webcam.
#[derive(Debug)]
pub struct Camera {
    info: SourceInfo,
    mailbox: Arc<Mailbox>,
    last: Instant,
}

impl Camera {
    /// Opens the camera of this number, or the first one. Waits until it
    /// streams, at most four seconds.
    ///
    /// # Errors
    /// [`OpticsError::NoCamera`], `NoSuchCamera`, `Busy`, `Denied`, `Format`,
    /// `Stalled`, `Unplugged` or `Failed`.
    pub fn open(index: Option<usize>) -> Result<Self, OpticsError> {
        let cameras = list()?;
        let first = cameras.first().ok_or(OpticsError::NoCamera)?;
        let camera = match index {
            None => first,
            Some(index) => cameras
                .iter()
                .find(|camera| camera.index == index)
                .ok_or(OpticsError::NoSuchCamera(index))?,
        };
        let mailbox = Arc::new(Mailbox::default());
        let (theirs, camera) = (Arc::clone(&mailbox), camera.clone());
        let run = move || {
            // nokhwa panics where it cannot stop a stream.
            let ended = catch_unwind(AssertUnwindSafe(|| capture(&camera, &theirs)));
            theirs.put(Post::Ended(ended.unwrap_or(Err(OpticsError::Failed)).err()));
        };
        let builder = thread::Builder::new().name("camera".to_owned());
        builder.spawn(run).map_err(|_| OpticsError::Failed)?;
        match mailbox.take(WATCHDOG) {
            Some(Post::Opened(info)) => Ok(Self { info, mailbox, last: Instant::now() }),
            Some(Post::Ended(error)) => Err(error.unwrap_or(OpticsError::Failed)),
            Some(Post::Frame(_)) | None => {
                mailbox.closed.store(true, Ordering::Relaxed);
                Err(OpticsError::Stalled)
            }
        }
    }
}

impl FrameSource for Camera {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn next_frame(&mut self, wait: Duration) -> Result<Next, OpticsError> {
        match self.mailbox.take(wait) {
            Some(Post::Frame(luma)) => {
                self.last = Instant::now();
                Ok(Next::Frame(Frame { luma }))
            }
            Some(Post::Ended(error)) => Err(error.unwrap_or(OpticsError::Failed)),
            Some(Post::Opened(_)) | None if self.last.elapsed() < WATCHDOG => Ok(Next::Nothing),
            Some(Post::Opened(_)) | None => Err(OpticsError::Stalled),
        }
    }
}

impl Drop for Camera {
    /// The thread ends after its frame. It is not waited for, since a driver may
    /// never give one.
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
}

#[derive(Debug)]
enum Post {
    Opened(SourceInfo),
    Frame(GrayImage),
    Ended(Option<OpticsError>),
}

impl Mailbox {
    fn put(&self, post: Post) {
        *self.lock() = Some(post);
        self.filled.notify_one();
    }

    /// A frame waits until somebody has taken what the camera said on opening.
    fn put_frame(&self, luma: GrayImage) {
        let mut slot = self.lock();
        if !matches!(*slot, Some(Post::Opened(_))) {
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

    fn lock(&self) -> MutexGuard<'_, Option<Post>> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn capture(camera: &CameraInfo, mailbox: &Mailbox) -> Result<(), OpticsError> {
    let mut device = open_stream(camera.index)?;
    let format = device.camera_format();
    mailbox.put(Post::Opened(SourceInfo {
        name: camera.name.clone(),
        width: format.width(),
        height: format.height(),
        frames_per_second: Some(f64::from(format.frame_rate())),
    }));
    let mut failures = 0;
    while !mailbox.closed.load(Ordering::Relaxed) {
        match device.frame() {
            Ok(buffer) => {
                let size = buffer.resolution();
                let format = buffer.source_frame_format();
                // A broken frame is a missed one.
                if let Some(luma) = luma(buffer.buffer(), size.width(), size.height(), format) {
                    failures = 0;
                    mailbox.put_frame(luma);
                }
            }
            Err(error) => {
                failures += 1;
                if failures > MOST_FAILURES {
                    return Err(cause(&error));
                }
                thread::sleep(Duration::from_millis(50));
            }
        }
    }
    Ok(())
}

/// Wanted first to last: what costs least to turn grey.
const FORMATS: [FrameFormat; 4] =
    [FrameFormat::YUYV, FrameFormat::MJPEG, FrameFormat::NV12, FrameFormat::GRAY];

/// nokhwa's closest format is none where the size is not offered exactly.
const SIZES: [(u32, u32); 3] = [(1280, 720), (1920, 1080), (640, 480)];

fn open_stream(index: usize) -> Result<nokhwa::Camera, OpticsError> {
    let index = u32::try_from(index).map_err(|_| OpticsError::NoSuchCamera(index))?;
    for (width, height) in SIZES {
        for format in FORMATS {
            let wanted = CameraFormat::new(Resolution::new(width, height), format, 30);
            let formats = [format];
            let request =
                RequestedFormat::with_formats(RequestedFormatType::Closest(wanted), &formats);
            let opened = nokhwa::Camera::new(CameraIndex::Index(index), request)
                .and_then(|mut camera| camera.open_stream().map(|()| camera));
            match opened.map_err(|error| cause(&error)) {
                Ok(camera) => return Ok(camera),
                // Another format may do.
                Err(OpticsError::Format | OpticsError::Failed) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Err(OpticsError::Format)
}

/// nokhwa has the system's error as text only.
fn cause(error: &NokhwaError) -> OpticsError {
    let text = error.to_string().to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["busy", "os error 16)", "in use"]) {
        OpticsError::Busy
    } else if says(&["denied", "not permitted", "os error 13)", "os error 1)"]) {
        OpticsError::Denied
    } else if says(&["no such device", "os error 19)", "no such file", "os error 2)"]) {
        OpticsError::Unplugged
    } else if says(&["fufill", "rejected", "format", "framerate"]) {
        OpticsError::Format
    } else {
        OpticsError::Failed
    }
}

/// The brightness of a camera's frame, without a detour through colours.
/// None where the bytes do not hold `width` times `height` pixels.
fn luma(bytes: &[u8], width: u32, height: u32, format: FrameFormat) -> Option<GrayImage> {
    let pixels = (width as usize).checked_mul(height as usize)?;
    let luma = match format {
        FrameFormat::YUYV => {
            bytes.get(..pixels.checked_mul(2)?)?.iter().copied().step_by(2).collect()
        }
        FrameFormat::NV12 | FrameFormat::GRAY => bytes.get(..pixels)?.to_vec(),
        FrameFormat::MJPEG => return motion_jpeg::luma(bytes),
        // Green is most of brightness.
        FrameFormat::RAWRGB | FrameFormat::RAWBGR => {
            bytes.get(..pixels.checked_mul(3)?)?.iter().skip(1).copied().step_by(3).collect()
        }
    };
    GrayImage::from_raw(width, height, luma)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luma_takes_the_brightness_of_each_format() {
        let grey = |bytes: &[u8], format| luma(bytes, 2, 2, format).unwrap().into_raw();
        assert_eq!(
            grey(&[10, 128, 20, 128, 30, 128, 40, 128], FrameFormat::YUYV),
            [10, 20, 30, 40]
        );
        assert_eq!(grey(&[10, 20, 30, 40, 128, 128], FrameFormat::NV12), [10, 20, 30, 40]);
        let rgb = [0, 10, 0, 0, 20, 0, 0, 30, 0, 0, 40, 0];
        assert_eq!(grey(&rgb, FrameFormat::RAWRGB), [10, 20, 30, 40]);
    }

    #[test]
    fn a_short_frame_is_no_frame() {
        for format in FORMATS {
            assert!(luma(&[1, 2, 3], 2, 2, format).is_none(), "{format:?}");
            assert!(luma(&[1, 2, 3], u32::MAX, u32::MAX, format).is_none(), "{format:?}");
        }
    }

    #[test]
    fn what_the_system_says_has_its_own_error() {
        let open = |text: &str| cause(&NokhwaError::OpenStreamError(text.to_owned()));
        assert_eq!(open("Device or resource busy (os error 16)"), OpticsError::Busy);
        assert_eq!(open("Permission denied (os error 13)"), OpticsError::Denied);
        assert_eq!(open("No such device (os error 19)"), OpticsError::Unplugged);
        assert_eq!(open("Input/output error (os error 5)"), OpticsError::Failed);
    }

    #[test]
    fn the_newest_frame_replaces_an_older_one_and_the_end_stays() {
        let mailbox = Mailbox::default();
        let frame = |level| GrayImage::from_pixel(1, 1, image::Luma([level]));
        assert!(mailbox.take(Duration::ZERO).is_none());
        mailbox.put(Post::Opened(SourceInfo::default()));
        mailbox.put_frame(frame(1));
        assert!(matches!(mailbox.take(Duration::ZERO), Some(Post::Opened(_))));
        mailbox.put_frame(frame(2));
        mailbox.put_frame(frame(3));
        assert!(matches!(mailbox.take(Duration::ZERO), Some(Post::Frame(f)) if f == frame(3)));
        mailbox.put(Post::Ended(Some(OpticsError::Unplugged)));
        for _ in 0..2 {
            let end = mailbox.take(Duration::ZERO);
            assert!(matches!(end, Some(Post::Ended(Some(OpticsError::Unplugged)))));
        }
    }

    #[test]
    fn a_camera_that_went_silent_has_stalled() {
        let Some(long_ago) = Instant::now().checked_sub(WATCHDOG) else { return };
        let mailbox = Arc::new(Mailbox::default());
        let info = SourceInfo::default();
        let mut camera = Camera { info, mailbox, last: Instant::now() };
        assert_eq!(camera.next_frame(Duration::ZERO), Ok(Next::Nothing));
        camera.last = long_ago;
        assert_eq!(camera.next_frame(Duration::ZERO), Err(OpticsError::Stalled));
    }
}
