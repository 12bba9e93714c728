//! What a computer's camera system offers, and the order in which it is asked.

use std::thread;
use std::time::{Duration, Instant};

use image::GrayImage;

pub(super) use crate::pixels::{PixelFormat, luma as y_plane};
use crate::{CameraError, CameraInfo};

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
    /// Lower is better. First a rate at which a moving hand does not blur a code,
    /// then a size that shows the modules, then the format that is cheapest to
    /// convert.
    fn rank(&self) -> (bool, f64, bool, usize) {
        let (width, height, rate) = WANTED;
        let area = |width: u32, height: u32| f64::from(width) * f64::from(height);
        let times = area(self.width, self.height) / area(width, height);
        // Too small loses modules; too large only takes time.
        let off = if times < 1.0 { -2.0 * times.ln() } else { times.ln() };
        let format = match self.format {
            PixelFormat::Yuyv => 0,
            PixelFormat::Jpeg => 1,
            PixelFormat::Planar => 2,
            PixelFormat::Grey => 3,
            PixelFormat::Uyvy => 4,
            PixelFormat::Rgb(_) | PixelFormat::Rgb565 => 5,
        };
        (self.rate < rate / 3.0, off, self.rate < rate * 0.8, format)
    }
}

/// The formats in the order in which they are tried.
pub(super) fn ranked(mut formats: Vec<StreamFormat>) -> Vec<StreamFormat> {
    formats.retain(|format| format.width > 0 && format.height > 0);
    formats.sort_by(|a, b| {
        let (a, b) = (a.rank(), b.rank());
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)).then(a.3.cmp(&b.3))
    });
    formats
}

/// The properties of an open stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stream {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) rate: Option<f64>,
}

/// An open camera.
pub(super) trait Device: Send {
    fn stream(&self) -> Stream;

    /// Whether the system asks the user first, who may take a while.
    fn is_asking(&self) -> bool {
        false
    }

    /// The next frame; none within the wait, or a damaged one.
    ///
    /// # Errors
    /// [`CameraError::Unplugged`] or `Failed`. It comes back within the wait,
    /// or soon after, whatever the driver does.
    fn frame(&mut self, wait: Duration) -> Result<Option<GrayImage>, CameraError>;
}

/// What the user says to this program's use of the camera, where the system asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Permission {
    /// The question is on the screen.
    Awaited,
    Granted,
    Refused,
}

impl Permission {
    #[cfg_attr(all(target_os = "linux", not(nokhwa_on_linux)), allow(dead_code))]
    pub(super) const fn of_answer(answer: Option<bool>) -> Self {
        match answer {
            None => Self::Awaited,
            Some(true) => Self::Granted,
            Some(false) => Self::Refused,
        }
    }
}

/// A computer's cameras, and its clock, so that tests can replace both.
pub(super) trait System: Send + Sync {
    /// Whether the cameras may be used. The first call asks.
    fn permission(&self) -> Permission {
        Permission::Granted
    }

    /// The cameras that give pictures, by number.
    fn cameras(&self) -> Result<Vec<CameraInfo>, CameraError>;

    /// The formats in which a camera can be opened.
    fn formats(&self, camera: &CameraInfo) -> Result<Vec<StreamFormat>, CameraError>;

    /// Opens a camera in this format, or in the nearest that it has.
    fn open(
        &self,
        camera: &CameraInfo,
        format: &StreamFormat,
    ) -> Result<Box<dyn Device>, CameraError>;

    /// Whether "plug it in again" is something that can be done with it.
    fn is_pluggable(&self, _camera: &CameraInfo) -> bool {
        true
    }

    /// The time since any fixed moment.
    fn now(&self) -> Duration {
        static BEGAN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
        BEGAN.get_or_init(Instant::now).elapsed()
    }

    /// Sleeps.
    fn pause(&self, rest: Duration) {
        thread::sleep(rest);
    }
}

/// The stride of a frame whose system does not tell it: macOS fills rows up to
/// multiples of 16 bytes and more, and may add bytes at the end.
#[cfg_attr(all(target_os = "linux", not(nokhwa_on_linux)), allow(dead_code))]
pub(super) fn guessed_stride(
    bytes: usize,
    (width, height): (u32, u32),
    format: PixelFormat,
) -> usize {
    const ALIGNED: usize = 16;
    let (width, height) = (width as usize, height as usize);
    let (row, rows) = match format {
        // nokhwa has no others.
        PixelFormat::Jpeg | PixelFormat::Rgb(_) | PixelFormat::Rgb565 => return 0,
        PixelFormat::Yuyv | PixelFormat::Uyvy => (width.saturating_mul(2), height),
        // Half as many rows of colour follow, which are as long.
        PixelFormat::Planar => (width, height.saturating_add(height / 2)),
        PixelFormat::Grey => (width, height),
    };
    let stride = bytes.checked_div(rows).unwrap_or(0);
    row.max(stride - stride % ALIGNED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_filled_up_are_found_by_their_bytes() {
        use PixelFormat::{Grey, Jpeg, Planar, Yuyv};
        for (size, format, row, stride) in [
            ((1280, 720), Yuyv, 2560, 2560),
            ((1280, 720), Planar, 1280, 1280),
            // Filled up to 64 bytes.
            ((1000, 600), Planar, 1000, 1024),
            ((650, 480), Yuyv, 1300, 1344),
            // Not filled up, and no multiple of 16 either.
            ((650, 480), Yuyv, 1300, 1300),
            ((649, 481), Grey, 649, 649),
        ] {
            let (_, height) = size;
            let rows = if format == Planar { height + height / 2 } else { height } as usize;
            let ends = if stride % 16 == 0 { [0, 64, 4096] } else { [0; 3] };
            for behind in ends {
                let bytes = stride * rows + behind;
                assert_eq!(guessed_stride(bytes, size, format), stride, "{size:?} {behind}");
            }
            assert_eq!(guessed_stride(0, size, format), row);
        }
        assert_eq!(guessed_stride(usize::MAX, (2, 2), Jpeg), 0);
        assert_eq!(guessed_stride(4, (2, 0), Grey), 2);
        // What is seen is straight.
        let slanted = |x: usize| if x < 20 { x as u8 } else { 255 };
        let frame: Vec<u8> = (0..3 * 32).map(|at| slanted(at % 32)).collect();
        let stride = guessed_stride(frame.len(), (20, 3), Grey);
        let seen = y_plane(&frame, (20, 3), stride, Grey).unwrap();
        assert!(seen.enumerate_pixels().all(|(x, _, level)| u32::from(level.0[0]) == x));
    }

    #[test]
    fn the_ladder_begins_at_720_lines_and_thirty_frames() {
        let stream = |format, width, height, rate| StreamFormat {
            format,
            width,
            height,
            rate,
            code: *b"    ",
        };
        use PixelFormat::{Grey, Jpeg, Planar, Yuyv};
        let best = |formats: &[StreamFormat]| ranked(formats.to_vec())[0];
        // Over USB 2 raw pixels come ten times a second, JPEG thirty times.
        let slow = stream(Yuyv, 1280, 720, 10.0);
        let quick = stream(Jpeg, 1280, 720, 30.0);
        assert_eq!(best(&[slow, quick]), quick);
        let raw = stream(Yuyv, 1280, 720, 1000.0 * 30.0 / 1001.0);
        assert_eq!(best(&[quick, raw, slow]), raw);
        // Not the largest: that one comes twice a second.
        let huge = stream(Jpeg, 3840, 2160, 2.0);
        assert_eq!(best(&[huge, stream(Jpeg, 640, 480, 30.0)]).width, 640);
        assert_eq!(
            best(&[stream(Yuyv, 640, 480, 30.0), stream(Jpeg, 1920, 1080, 30.0)]).width,
            1920
        );
        let order = [Grey, Planar, Jpeg, Yuyv].map(|format| stream(format, 1280, 720, 30.0));
        let formats: Vec<_> = ranked(order.to_vec()).iter().map(|ranked| ranked.format).collect();
        assert_eq!(formats, [Yuyv, Jpeg, Planar, Grey]);
        assert!(ranked(vec![stream(Yuyv, 0, 720, 30.0)]).is_empty());
    }
}
