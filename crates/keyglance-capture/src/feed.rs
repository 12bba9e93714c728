//! A source that is scanned in the background.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use image::GrayImage;

use super::{CaptureError, FrameSource, Quality, Scan, Scanner, SourceInfo};
use keyglance_qr::{Point, Reading};

/// What happened to a source.
#[derive(Clone, Debug, PartialEq)]
pub enum ScanEvent {
    /// It is open and gives frames.
    Opened(SourceInfo),
    /// A frame, and what was read in it.
    Seen(ScannedFrame),
    /// No frame, or a file that is not a picture. After a final error
    /// ([`CaptureError::is_final`]) nothing more comes.
    Failed(CaptureError),
    /// No more frames will come.
    Ended,
}

/// One frame, small enough to be shown, and what was read in it.
#[derive(Clone, Debug, PartialEq)]
pub struct ScannedFrame {
    /// At most [`PREVIEW_WIDTH`] across; never mirrored.
    pub preview: GrayImage,
    /// Every code, with its quality.
    pub codes: Vec<(Reading, Quality)>,
    /// The preview's width over the frame's.
    pub scale: f32,
}

impl ScannedFrame {
    /// A small copy of the frame, with the quality of each reading.
    #[must_use]
    pub fn new(frame: GrayImage, readings: Vec<Reading>) -> Self {
        let codes = readings
            .into_iter()
            .map(|reading| {
                let quality = Quality::of(&reading, &frame);
                (reading, quality)
            })
            .collect();
        let scale = (PREVIEW_WIDTH as f32 / frame.width().max(1) as f32).min(1.0);
        let preview = if scale < 1.0 { shrink(&frame, scale) } else { frame };
        Self { preview, codes, scale }
    }

    /// A reading's corners in the preview's pixels.
    #[must_use]
    pub fn outline(&self, reading: &Reading) -> [Point; 4] {
        reading.corners.map(|p| Point { x: p.x * self.scale, y: p.y * self.scale })
    }
}

/// The frame at this scale, below 1: of each place the nearest pixel, so that no more of
/// the frame is looked at.
fn shrink(frame: &GrayImage, scale: f32) -> GrayImage {
    let size = |side: u32| ((side as f32 * scale).round() as u32).max(1);
    let (width, height) = (size(frame.width()), size(frame.height()));
    // Of pixels' centres.
    let place = |at: u32, of: u32, side: u32| {
        ((2 * u64::from(at) + 1) * u64::from(side) / (2 * u64::from(of))) as usize
    };
    let columns: Vec<_> = (0..width).map(|x| place(x, width, frame.width())).collect();
    let mut pixels = Vec::with_capacity(width as usize * height as usize);
    for y in 0..height {
        let row = place(y, height, frame.height()) * frame.width() as usize;
        let row = frame.as_raw().get(row..).unwrap_or_default();
        pixels.extend(columns.iter().map(|x| row.get(*x).copied().unwrap_or_default()));
    }
    GrayImage::from_raw(width, height, pixels).unwrap_or_default()
}

/// Pixels across a preview, at most.
pub const PREVIEW_WIDTH: u32 = 640;

/// How long the thread waits for a frame, and so how soon a feed ends.
const FRAME_WAIT: Duration = Duration::from_millis(100);

/// Scans a source until it is dropped.
#[derive(Debug)]
pub struct Feed {
    stop: Arc<AtomicBool>,
}

impl Feed {
    /// Opens a source on a thread of its own and reports what it sees. Opening may
    /// take seconds, and so may the last read after the feed is dropped: the caller
    /// waits for neither. Nothing is reported after the drop.
    ///
    /// # Errors
    /// [`CaptureError::NoThread`].
    pub fn start(
        open: impl FnOnce() -> Result<Box<dyn FrameSource>, CaptureError> + Send + 'static,
        tell: impl Fn(ScanEvent) + Send + 'static,
    ) -> Result<Self, CaptureError> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let builder = thread::Builder::new().name("scan".to_owned());
        builder.spawn(move || scan(open, &stopped, tell)).map_err(|_| CaptureError::NoThread)?;
        Ok(Self { stop })
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn scan(
    open: impl FnOnce() -> Result<Box<dyn FrameSource>, CaptureError>,
    stop: &AtomicBool,
    tell: impl Fn(ScanEvent),
) {
    let tell = |event| {
        if !stop.load(Ordering::Relaxed) {
            tell(event);
        }
    };
    let mut scanner = match open() {
        Ok(source) => Scanner::new(source),
        Err(error) => return tell(ScanEvent::Failed(error)),
    };
    tell(ScanEvent::Opened(scanner.info().clone()));
    while !stop.load(Ordering::Relaxed) {
        match scanner.poll(FRAME_WAIT) {
            Ok(Scan::Seen { readings, frame }) => {
                tell(ScanEvent::Seen(ScannedFrame::new(frame, readings)));
            }
            Ok(Scan::Nothing) => {}
            Ok(Scan::Ended) => return tell(ScanEvent::Ended),
            Err(error) => {
                let last = error.is_final();
                tell(ScanEvent::Failed(error));
                if last {
                    return;
                }
            }
        }
    }
}
