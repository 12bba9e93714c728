//! Cameras on Linux, through the v4l crate, which nokhwa is built on there.
//!
//! It is used directly because nokhwa waits for a frame without a limit and keeps
//! the camera meanwhile, refuses cameras with a fractional frame rate, lists nodes
//! that give no pictures, and reports errors as text only.

use std::io::{self, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use image::GrayImage;
use v4l::buffer::Type;
use v4l::capability::Flags;
use v4l::frameinterval::FrameIntervalEnum;
use v4l::framesize::FrameSizeEnum;
use v4l::io::mmap::Stream as Buffers;
use v4l::io::traits::{CaptureStream, Stream as _};
use v4l::video::Capture as _;
use v4l::video::capture::Parameters;
use v4l::{Device as Node, Format, FourCC, Fraction};

use super::nodes::{Answer, Nodes};
use super::pipewire::{self, PipeWireCamera};
use super::system::{Device, PixelFormat, Stream, StreamFormat, System, WANTED, y_plane};
use crate::pixels::RgbLayout;
use crate::{CameraError, CameraInfo, CameraKind};

/// The system's own cameras.
#[derive(Debug)]
pub(super) struct Cameras {
    nodes: Nodes,
}

impl Default for Cameras {
    fn default() -> Self {
        Self { nodes: Nodes::new(ask) }
    }
}

/// Frames that a driver may fill while one is read.
const BUFFERS: u32 = 4;

/// `poll(2)`: there is data to read.
const POLLIN: i16 = 1;

impl System for Cameras {
    fn cameras(&self) -> Result<Vec<CameraInfo>, CameraError> {
        let mut cameras = self.nodes.cameras();
        // PipeWire has the cameras that V4L2 has, too, so it is asked for others only.
        let suffice =
            |camera: &CameraInfo| !matches!(camera.kind, CameraKind::Infrared | CameraKind::Raw);
        let raw = cameras.iter().any(|camera| camera.kind == CameraKind::Raw);
        if raw || !cameras.iter().any(suffice) {
            cameras.extend(pipewire::camera());
        }
        Ok(cameras)
    }

    fn formats(&self, camera: &CameraInfo) -> Result<Vec<StreamFormat>, CameraError> {
        if camera.kind == CameraKind::PipeWire {
            return Ok(vec![pipewire::FORMAT]);
        }
        let node = open(&self.nodes.path(camera.index))?;
        catch_panic(|| formats(&node))
    }

    fn open(
        &self,
        camera: &CameraInfo,
        format: &StreamFormat,
    ) -> Result<Box<dyn Device>, CameraError> {
        if camera.kind == CameraKind::PipeWire {
            return Ok(Box::new(PipeWireCamera::start()?));
        }
        let node = open(&self.nodes.path(camera.index))?;
        let webcam = catch_panic(|| Webcam::start(&node, format))?;
        Ok(Box::new(webcam))
    }

    fn is_pluggable(&self, camera: &CameraInfo) -> bool {
        camera.kind != CameraKind::PipeWire && self.nodes.is_pluggable(camera.index)
    }
}

fn open(path: &Path) -> Result<Node, CameraError> {
    catch_panic(|| Node::with_path(path))
}

fn ask(path: &Path) -> Result<Answer, CameraError> {
    let node = open(path)?;
    let about = catch_panic(|| node.query_caps())?;
    let captures = about.capabilities.contains(Flags::VIDEO_CAPTURE | Flags::STREAMING);
    let formats = match captures {
        true => catch_panic(|| node.enum_formats()).unwrap_or_default(),
        false => Vec::new(),
    };
    let grey = !formats.is_empty() && formats.iter().all(|format| is_grey(format.fourcc));
    Ok(Answer { driver: about.driver, captures, grey })
}

fn is_grey(code: FourCC) -> bool {
    matches!(&code.repr, b"GREY" | b"Y800" | b"Y10 " | b"Y12 " | b"Y16 " | b"Y8I " | b"Y12I")
}

/// The formats of webcams, and of programs that feed one, that are understood.
fn format(code: FourCC) -> Option<PixelFormat> {
    Some(match &code.repr {
        b"YUYV" => PixelFormat::Yuyv,
        b"UYVY" => PixelFormat::Uyvy,
        b"MJPG" | b"JPEG" => PixelFormat::Jpeg,
        b"NV12" | b"NV21" | b"YU12" | b"YV12" | b"422P" => PixelFormat::Planar,
        b"GREY" | b"Y800" => PixelFormat::Grey,
        b"RGB3" => PixelFormat::Rgb(RgbLayout::Rgb),
        b"BGR3" => PixelFormat::Rgb(RgbLayout::Bgr),
        // Those with a fourth byte, by the order in memory.
        b"XB24" | b"AB24" => PixelFormat::Rgb(RgbLayout::Rgbx),
        b"XR24" | b"AR24" | b"BGR4" => PixelFormat::Rgb(RgbLayout::Bgrx),
        b"BX24" | b"BA24" | b"RGB4" => PixelFormat::Rgb(RgbLayout::Xrgb),
        b"RX24" | b"RA24" => PixelFormat::Rgb(RgbLayout::Xbgr),
        b"RGBP" => PixelFormat::Rgb565,
        _ => return None,
    })
}

fn formats(node: &Node) -> io::Result<Vec<StreamFormat>> {
    let mut formats = Vec::new();
    for described in node.enum_formats()? {
        let code = described.fourcc;
        let Some(format) = format(code) else { continue };
        for (width, height) in sizes(node, code) {
            let rate = rate(node, code, width, height);
            formats.push(StreamFormat { format, width, height, rate, code: code.repr });
        }
    }
    Ok(formats)
}

fn sizes(node: &Node, code: FourCC) -> Vec<(u32, u32)> {
    let listed = node.enum_framesizes(code).unwrap_or_default();
    let sizes: Vec<_> = listed
        .into_iter()
        .map(|listed| match listed.size {
            FrameSizeEnum::Discrete(size) => (size.width, size.height),
            FrameSizeEnum::Stepwise(s) => (
                stepped(WANTED.0, s.min_width, s.max_width, s.step_width),
                stepped(WANTED.1, s.min_height, s.max_height, s.step_height),
            ),
        })
        .collect();
    if !sizes.is_empty() {
        return sizes;
    }
    // A driver without a list has one size, or any.
    let now = node.format().ok();
    vec![now.map_or((WANTED.0, WANTED.1), |format| (format.width, format.height))]
}

/// The largest step that is not above what is wanted.
fn stepped(wanted: u32, least: u32, most: u32, step: u32) -> u32 {
    let wanted = wanted.clamp(least, most.max(least));
    least + (wanted - least) / step.max(1) * step.max(1)
}

/// Of the rates of this size, the nearest to what is wanted; that where the
/// driver has no list.
fn rate(node: &Node, code: FourCC, width: u32, height: u32) -> f64 {
    let of =
        |interval: Fraction| f64::from(interval.denominator) / f64::from(interval.numerator.max(1));
    let (_, _, wanted) = WANTED;
    let listed = node.enum_frameintervals(code, width, height).unwrap_or_default();
    let rates = listed.into_iter().map(|listed| match listed.interval {
        FrameIntervalEnum::Discrete(interval) => of(interval),
        // The shortest interval is the highest rate.
        FrameIntervalEnum::Stepwise(s) => wanted.min(of(s.min)).max(of(s.max)),
    });
    let off = |rate: &f64| (rate - wanted).abs();
    rates.min_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or(wanted)
}

/// A camera that streams.
struct Webcam {
    stream: Stream,
    format: PixelFormat,
    stride: usize,
    buffers: Buffers<'static>,
}

impl Webcam {
    fn start(node: &Node, wanted: &StreamFormat) -> io::Result<Self> {
        let requested = Format::new(wanted.width, wanted.height, FourCC::new(&wanted.code));
        let set = node.set_format(&requested)?;
        let format = format(set.fourcc).ok_or_else(|| io::Error::from(ErrorKind::InvalidInput))?;
        // A thousandth is near enough for 30000/1001. A driver without rates keeps its own.
        let interval = Fraction::new(1000, (wanted.rate * 1000.0).round() as u32);
        let set_rate = node.set_params(&Parameters::new(interval)).or_else(|_| node.params());
        let rate = set_rate.ok().map(|parameters| parameters.interval);
        let rate = rate.filter(|r| r.numerator > 0 && r.denominator > 0);
        let mut buffers = Buffers::with_buffers(node, Type::VideoCapture, BUFFERS)?;
        // Its first call of `next` would wait for a frame. All but the first are
        // queued here; `next` begins with that one.
        for index in 1..BUFFERS as usize {
            if CaptureStream::queue(&mut buffers, index).is_err() {
                break;
            }
        }
        buffers.start()?;
        let stream = Stream {
            width: set.width,
            height: set.height,
            rate: rate.map(|r| f64::from(r.denominator) / f64::from(r.numerator)),
        };
        Ok(Self { stream, format, stride: set.stride as usize, buffers })
    }
}

impl Device for Webcam {
    fn stream(&self) -> Stream {
        self.stream
    }

    fn frame(&mut self, wait: Duration) -> Result<Option<GrayImage>, CameraError> {
        let (size, stride, format) =
            ((self.stream.width, self.stream.height), self.stride, self.format);
        let wait = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
        let buffers = &mut self.buffers;
        catch_panic(|| {
            if buffers.handle().poll(POLLIN, wait)? == 0 {
                return Ok(None);
            }
            let (bytes, about) = buffers.next()?;
            let used = match format {
                PixelFormat::Jpeg => about.bytesused as usize,
                _ => bytes.len(),
            };
            Ok(y_plane(bytes.get(..used).unwrap_or(bytes), size, stride, format))
        })
        .or_else(|error| match error {
            // Interrupted by a signal.
            CameraError::Stalled => Ok(None),
            error => Err(error),
        })
    }
}

/// The v4l crate panics at names that are not UTF-8, and where a stream cannot
/// be stopped.
fn catch_panic<T>(ask: impl FnOnce() -> io::Result<T>) -> Result<T, CameraError> {
    match catch_unwind(AssertUnwindSafe(ask)) {
        Ok(answer) => answer.map_err(|error| cause(&error)),
        Err(_) => Err(CameraError::Failed),
    }
}

/// By the numbers of Linux (errno.h).
fn cause(error: &io::Error) -> CameraError {
    match (error.raw_os_error(), error.kind()) {
        (Some(16), _) => CameraError::Busy,
        (Some(1 | 13), _) => CameraError::Denied,
        (Some(2 | 6 | 19), _) => CameraError::Unplugged,
        // A broken pipe is a chain of media entities that nobody has set up, and so is a
        // severed link.
        (Some(22 | 25 | 32 | 67), _) | (None, ErrorKind::InvalidInput) => {
            CameraError::UnsupportedFormat
        }
        (Some(4 | 11), _) | (_, ErrorKind::TimedOut) => CameraError::Stalled,
        _ => CameraError::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_in_steps_is_the_nearest_that_is_not_larger() {
        assert_eq!(stepped(1280, 2, 8192, 2), 1280);
        assert_eq!(stepped(1280, 48, 1000, 16), 992);
        assert_eq!(stepped(720, 1080, 2160, 8), 1080);
        // A panic in a driver's wrapper ends nothing.
        assert_eq!(stepped(1280, 640, 640, 0), 640);
        assert_eq!(stepped(1280, 640, 0, 0), 640);
    }

    #[test]
    fn what_feeds_a_loopback_is_understood() {
        use PixelFormat::{Grey, Jpeg, Planar, Rgb, Rgb565, Uyvy, Yuyv};
        for (code, known) in [
            // Phones as webcams: UVC gadgets, then feeders of v4l2loopback.
            (b"MJPG", Some(Jpeg)),
            (b"YUYV", Some(Yuyv)),
            (b"YU12", Some(Planar)),
            (b"YV12", Some(Planar)),
            (b"NV12", Some(Planar)),
            (b"RGB3", Some(Rgb(RgbLayout::Rgb))),
            (b"BGR3", Some(Rgb(RgbLayout::Bgr))),
            (b"RGBP", Some(Rgb565)),
            (b"BGR4", Some(Rgb(RgbLayout::Bgrx))),
            (b"UYVY", Some(Uyvy)),
            (b"GREY", Some(Grey)),
            // A sensor's raw pictures, and films.
            (b"BA10", None),
            (b"pBAA", None),
            (b"H264", None),
        ] {
            assert_eq!(format(FourCC::new(code)), known, "{code:?}");
        }
    }

    #[test]
    fn what_the_system_says_has_its_own_error() {
        for (number, error) in [
            (16, CameraError::Busy),
            (13, CameraError::Denied),
            (19, CameraError::Unplugged),
            (2, CameraError::Unplugged),
            (22, CameraError::UnsupportedFormat),
            (32, CameraError::UnsupportedFormat),
            (5, CameraError::Failed),
        ] {
            assert_eq!(cause(&io::Error::from_raw_os_error(number)), error);
        }
    }

    #[test]
    fn a_panic_of_the_driver_crate_is_an_error() {
        assert_eq!(
            catch_panic::<()>(|| panic!("a name that is not UTF-8")),
            Err(CameraError::Failed)
        );
    }
}
