//! What a computer's camera system gives, and what is asked of it first.

use std::thread;
use std::time::{Duration, Instant};

use image::GrayImage;

use super::super::OpticsError;

/// A camera that the system lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameraInfo {
    /// The number to open it by.
    pub index: usize,
    /// As the driver names it.
    pub name: String,
    /// Where it is.
    pub description: String,
    /// What it is good for.
    pub kind: CameraKind,
}

/// What a camera is good for, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CameraKind {
    /// It sees what people see.
    Real,
    /// Another program feeds it.
    Virtual,
    /// It sees warmth and lamps, and of a screen next to nothing.
    Infrared,
}

impl CameraKind {
    /// What the name says, where the system says nothing more.
    pub(super) fn of_name(name: &str) -> Self {
        let name = name.to_lowercase();
        let mut words = name.split(|c: char| !c.is_alphanumeric());
        let any = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        if words.any(|word| word == "ir") || any(&["infrared", "windows hello"]) {
            Self::Infrared
        } else if any(&["virtual", "loopback", "dummy video", "obs-camera", "vivid"]) {
            Self::Virtual
        } else {
            Self::Real
        }
    }
}

/// How a camera writes its pixels: those whose brightness stands by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PixelFormat {
    /// Brightness and colour in turn, brightness first.
    Yuyv,
    /// A JPEG picture a frame.
    Jpeg,
    /// All brightness, and then colour: NV12, NV21, YUV 4:2:0 and 4:2:2 in planes.
    Planar,
    /// Brightness alone.
    Grey,
    /// Brightness and colour in turn, colour first.
    Uyvy,
}

/// One way in which a camera can be opened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct StreamFormat {
    pub(super) format: PixelFormat,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Frames a second.
    pub(super) rate: f64,
    /// The system's own name of the format.
    pub(super) code: [u8; 4],
}

/// What is asked of a camera first: 1280 × 720 at 30.
pub(super) const WANTED: (u32, u32, f64) = (1280, 720, 30.0);

impl StreamFormat {
    /// Less is better: a rate at which hands do not blur a code, then a size
    /// that shows its modules, then what costs least to turn grey.
    fn rank(&self) -> (bool, f64, bool, usize) {
        let (width, height, rate) = WANTED;
        let area = |width: u32, height: u32| f64::from(width) * f64::from(height);
        let times = area(self.width, self.height) / area(width, height);
        // What is too small is lost; what is too large only takes time.
        let off = if times < 1.0 { -2.0 * times.ln() } else { times.ln() };
        const ORDER: [PixelFormat; 5] = [
            PixelFormat::Yuyv,
            PixelFormat::Jpeg,
            PixelFormat::Planar,
            PixelFormat::Grey,
            PixelFormat::Uyvy,
        ];
        let format = ORDER.iter().position(|format| *format == self.format);
        (self.rate < rate / 3.0, off, self.rate < rate * 0.8, format.unwrap_or(ORDER.len()))
    }
}

/// The offers in the order in which they are tried.
pub(super) fn ranked(mut offers: Vec<StreamFormat>) -> Vec<StreamFormat> {
    offers.retain(|offer| offer.width > 0 && offer.height > 0);
    offers.sort_by(|a, b| {
        let (a, b) = (a.rank(), b.rank());
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)).then(a.3.cmp(&b.3))
    });
    offers
}

/// What the stream that was opened is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stream {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) rate: Option<f64>,
}

/// An open camera.
pub(super) trait Device {
    fn stream(&self) -> Stream;

    /// The next frame; none within the wait, or a damaged one.
    ///
    /// # Errors
    /// [`OpticsError::Unplugged`] or `Failed`. It comes back within the wait,
    /// or soon after, whatever the driver does.
    fn frame(&mut self, wait: Duration) -> Result<Option<GrayImage>, OpticsError>;
}

/// A computer's cameras. Time is asked of it too, so that tests have their own.
pub(super) trait System: Send + Sync {
    /// Those that give pictures, by number.
    fn cameras(&self) -> Result<Vec<CameraInfo>, OpticsError>;

    /// The ways in which a camera can be opened.
    fn offers(&self, camera: &CameraInfo) -> Result<Vec<StreamFormat>, OpticsError>;

    /// Opens it in this way, or in the nearest that it can.
    fn open(
        &self,
        camera: &CameraInfo,
        offer: &StreamFormat,
    ) -> Result<Box<dyn Device>, OpticsError>;

    /// Time, from any beginning.
    fn now(&self) -> Duration {
        static BEGAN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
        BEGAN.get_or_init(Instant::now).elapsed()
    }

    /// Rests.
    fn pause(&self, rest: Duration) {
        thread::sleep(rest);
    }
}

/// The brightness of a frame, without a detour through colours. None where the
/// bytes do not hold so many pixels. `stride` is the bytes from one row to the next.
pub(super) fn luma(
    bytes: &[u8],
    (width, height): (u32, u32),
    stride: usize,
    format: PixelFormat,
) -> Option<GrayImage> {
    let (offset, step) = match format {
        PixelFormat::Jpeg => return super::motion_jpeg::luma(bytes),
        PixelFormat::Yuyv => (0, 2),
        PixelFormat::Uyvy => (1, 2),
        PixelFormat::Planar | PixelFormat::Grey => (0, 1),
    };
    let row = (width as usize).checked_mul(step)?;
    let stride = stride.max(row);
    // The last row need not be filled up.
    let needed = stride.checked_mul((height as usize).checked_sub(1)?)?.checked_add(row)?;
    let rows = bytes.get(..needed)?.chunks(stride.max(1));
    let pixels = rows.flat_map(|bytes| {
        bytes.get(..row).unwrap_or_default().iter().skip(offset).step_by(step).copied()
    });
    GrayImage::from_raw(width, height, pixels.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_a_camera_is() {
        for (name, kind) in [
            ("Integrated Camera: Integrated C", CameraKind::Real),
            ("Integrated IR Camera", CameraKind::Infrared),
            ("HP IR-Camera", CameraKind::Infrared),
            ("Mirror cam", CameraKind::Real),
            ("OBS Virtual Camera", CameraKind::Virtual),
            ("Dummy video device (0x0000)", CameraKind::Virtual),
        ] {
            assert_eq!(CameraKind::of_name(name), kind, "{name}");
        }
    }

    #[test]
    fn the_ladder_begins_at_720_lines_and_thirty_frames() {
        let offer = |format, width, height, rate| StreamFormat {
            format,
            width,
            height,
            rate,
            code: *b"    ",
        };
        use PixelFormat::{Grey, Jpeg, Planar, Yuyv};
        let best = |offers: &[StreamFormat]| ranked(offers.to_vec())[0];
        // Over USB 2 raw pixels come ten times a second, JPEG thirty times.
        let slow = offer(Yuyv, 1280, 720, 10.0);
        let quick = offer(Jpeg, 1280, 720, 30.0);
        assert_eq!(best(&[slow, quick]), quick);
        let raw = offer(Yuyv, 1280, 720, 1000.0 * 30.0 / 1001.0);
        assert_eq!(best(&[quick, raw, slow]), raw);
        // Not the largest: that one comes twice a second.
        let huge = offer(Jpeg, 3840, 2160, 2.0);
        assert_eq!(best(&[huge, offer(Jpeg, 640, 480, 30.0)]).width, 640);
        assert_eq!(best(&[offer(Yuyv, 640, 480, 30.0), offer(Jpeg, 1920, 1080, 30.0)]).width, 1920);
        let order = [Grey, Planar, Jpeg, Yuyv].map(|format| offer(format, 1280, 720, 30.0));
        let formats: Vec<_> = ranked(order.to_vec()).iter().map(|offer| offer.format).collect();
        assert_eq!(formats, [Yuyv, Jpeg, Planar, Grey]);
        assert!(ranked(vec![offer(Yuyv, 0, 720, 30.0)]).is_empty());
    }

    #[test]
    fn luma_takes_the_brightness_of_each_format() {
        let grey = |bytes: &[u8], stride, format| {
            luma(bytes, (2, 2), stride, format).map(GrayImage::into_raw)
        };
        let levels = Some(vec![10, 20, 30, 40]);
        let yuyv = [10, 128, 20, 128, 30, 128, 40, 128];
        assert_eq!(grey(&yuyv, 4, PixelFormat::Yuyv), levels);
        let uyvy = [128, 10, 128, 20, 128, 30, 128, 40];
        assert_eq!(grey(&uyvy, 4, PixelFormat::Uyvy), levels);
        assert_eq!(grey(&[10, 20, 30, 40, 128, 128], 2, PixelFormat::Planar), levels);
        // Rows filled up to four bytes, and a system that does not say how long they are.
        assert_eq!(grey(&[10, 20, 0, 0, 30, 40], 4, PixelFormat::Grey), levels);
        assert_eq!(grey(&[10, 20, 30, 40], 0, PixelFormat::Grey), levels);
    }

    #[test]
    fn a_short_frame_is_no_frame() {
        use PixelFormat::{Grey, Jpeg, Planar, Uyvy, Yuyv};
        for format in [Yuyv, Uyvy, Jpeg, Planar, Grey] {
            for size in [(2, 2), (u32::MAX, u32::MAX), (0, 0), (3, 0)] {
                assert!(luma(&[1, 2, 3], size, 0, format).is_none(), "{format:?} {size:?}");
            }
        }
    }
}
