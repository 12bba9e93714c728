//! Frames from another program: what `keyglance-pipewire` writes, and we read.
//!
//! The stream begins with [`MAGIC`], as soon as the program may use the camera, which a
//! person may have to allow first. Each frame is its width and its height (u32), its time
//! in nanoseconds from any fixed moment (u64), all with the least byte first, and then a
//! byte of brightness for each pixel, row by row. The writer ends when its input does.

use std::io::{ErrorKind, Read, Write};
use std::time::Duration;

use image::GrayImage;

/// What the stream begins with.
pub const MAGIC: [u8; 4] = *b"KGF1";
/// Most pixels of a frame across and down.
pub const MAX_SIDE: u32 = 8192;
/// Most pixels of a frame.
pub const MAX_PIXELS: u64 = 1 << 24;

/// How the writer ends, where it does not end as it was told to.
pub mod exit_code {
    /// There is no camera.
    pub const NO_CAMERA: i32 = 3;
    /// The user or the system does not allow it.
    pub const DENIED: i32 = 4;
    /// The camera went away.
    pub const UNPLUGGED: i32 = 5;
    /// The camera offers no pixel format that is understood.
    pub const FORMAT: i32 = 6;
}

/// A frame and when it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimedFrame {
    /// The brightness.
    pub frame: GrayImage,
    /// Since any fixed moment.
    pub time: Duration,
}

/// Why a stream of frames cannot be read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameStreamError {
    /// It begins otherwise.
    #[error("it is no stream of frames")]
    NoStream,
    /// A frame without pixels, or with too many.
    #[error("a frame of {width} × {height} pixels is not taken")]
    Size {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// It ended within a frame.
    #[error("it ended within a frame")]
    Truncated,
    /// The system does not read on.
    #[error("it could not be read: {0}")]
    Io(ErrorKind),
}

/// Reads [`MAGIC`]; false if nothing at all comes.
///
/// # Errors
/// [`FrameStreamError`].
pub fn read_magic(stream: &mut impl Read) -> Result<bool, FrameStreamError> {
    let mut magic = [0; 4];
    match fill(stream, &mut magic) {
        Ok(true) if magic == MAGIC => Ok(true),
        Ok(false) => Ok(false),
        Ok(true) | Err(FrameStreamError::Truncated) => Err(FrameStreamError::NoStream),
        Err(error) => Err(error),
    }
}

/// Reads the next frame; `None` at the end.
///
/// # Errors
/// [`FrameStreamError`]. No memory is taken for a frame that is too large.
pub fn read_frame(stream: &mut impl Read) -> Result<Option<TimedFrame>, FrameStreamError> {
    let mut number = [0; 4];
    if !fill(stream, &mut number)? {
        return Ok(None);
    }
    let width = u32::from_le_bytes(number);
    rest(stream, &mut number)?;
    let height = u32::from_le_bytes(number);
    let mut time = [0; 8];
    rest(stream, &mut time)?;
    let count = pixels(width, height)?;
    let mut bytes = vec![0; count];
    rest(stream, &mut bytes)?;
    let frame = GrayImage::from_raw(width, height, bytes);
    let frame = frame.ok_or(FrameStreamError::Size { width, height })?;
    Ok(Some(TimedFrame { frame, time: Duration::from_nanos(u64::from_le_bytes(time)) }))
}

/// Writes a frame in one piece.
///
/// # Errors
/// [`FrameStreamError::Size`] and `Io`.
pub fn write_frame(stream: &mut impl Write, timed: &TimedFrame) -> Result<(), FrameStreamError> {
    let (width, height) = timed.frame.dimensions();
    let count = pixels(width, height)?;
    let nanoseconds = u64::try_from(timed.time.as_nanos()).unwrap_or(u64::MAX);
    let mut bytes = Vec::with_capacity(16 + count);
    bytes.extend_from_slice(&width.to_le_bytes());
    bytes.extend_from_slice(&height.to_le_bytes());
    bytes.extend_from_slice(&nanoseconds.to_le_bytes());
    bytes.extend_from_slice(timed.frame.as_raw());
    let written = stream.write_all(&bytes).and_then(|()| stream.flush());
    written.map_err(|error| FrameStreamError::Io(error.kind()))
}

fn pixels(width: u32, height: u32) -> Result<usize, FrameStreamError> {
    let count = u64::from(width) * u64::from(height);
    let fits = count > 0 && count <= MAX_PIXELS && width.max(height) <= MAX_SIDE;
    let count = usize::try_from(count).ok().filter(|_| fits);
    count.ok_or(FrameStreamError::Size { width, height })
}

/// Reads until `bytes` is full; false if the stream ended before the first.
fn fill(stream: &mut impl Read, bytes: &mut [u8]) -> Result<bool, FrameStreamError> {
    let mut filled = 0;
    while let Some(room) = bytes.get_mut(filled..).filter(|room| !room.is_empty()) {
        match stream.read(room) {
            Ok(0) if filled == 0 => return Ok(false),
            Ok(0) => return Err(FrameStreamError::Truncated),
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(FrameStreamError::Io(error.kind())),
        }
    }
    Ok(true)
}

fn rest(stream: &mut impl Read, bytes: &mut [u8]) -> Result<(), FrameStreamError> {
    match fill(stream, bytes)? {
        true => Ok(()),
        false => Err(FrameStreamError::Truncated),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;
    use std::io;

    /// Gives one byte at a time, as a pipe may.
    struct Dripping<'a>(&'a [u8]);

    impl Read for Dripping<'_> {
        fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
            let least = room.len().min(1);
            self.0.read(&mut room[..least])
        }
    }

    fn frame(level: u8) -> TimedFrame {
        let frame = GrayImage::from_fn(5, 3, |x, y| Luma([level + x as u8 + 10 * y as u8]));
        TimedFrame { frame, time: Duration::from_millis(u64::from(level)) }
    }

    fn stream() -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for level in [1, 2] {
            write_frame(&mut bytes, &frame(level)).unwrap();
        }
        bytes
    }

    #[test]
    fn frames_come_back_as_they_were_written() {
        let bytes = stream();
        assert_eq!(bytes[..20], *b"KGF1\x05\0\0\0\x03\0\0\0\x40\x42\x0f\0\0\0\0\0");
        let mut stream = Dripping(&bytes);
        assert_eq!(read_magic(&mut stream), Ok(true));
        for level in [1, 2] {
            assert_eq!(read_frame(&mut stream), Ok(Some(frame(level))));
        }
        assert_eq!(read_frame(&mut stream), Ok(None));
        assert_eq!(read_magic(&mut &b""[..]), Ok(false));
    }

    #[test]
    fn a_stream_that_ends_early_is_told_wherever_it_ends() {
        let whole = stream();
        let length = (whole.len() - 4) / 2;
        for end in 0..whole.len() {
            let mut stream = &whole[..end];
            let began = read_magic(&mut stream);
            if end < 4 {
                assert_eq!(began == Ok(false), end == 0, "{end}");
                assert_eq!(began == Err(FrameStreamError::NoStream), end > 0, "{end}");
                continue;
            }
            let mut last = read_frame(&mut stream);
            while let Ok(Some(_)) = last {
                last = read_frame(&mut stream);
            }
            let expected = match (end - 4) % length {
                0 => Ok(None),
                _ => Err(FrameStreamError::Truncated),
            };
            assert_eq!(last, expected, "{end}");
        }
    }

    #[test]
    fn sizes_that_no_camera_has_take_no_memory() {
        for (width, height) in
            [(0, 0), (0, 5), (5, 0), (u32::MAX, u32::MAX), (8193, 1), (1, 8193), (8192, 8192)]
        {
            let mut bytes = Vec::new();
            for number in [width, height, 0, 0] {
                bytes.extend_from_slice(&u32::to_le_bytes(number));
            }
            assert_eq!(read_frame(&mut &bytes[..]), Err(FrameStreamError::Size { width, height }));
        }
        for garbage in [&b"<html>"[..], b"KGF2", &[0; 64], b"KGF"] {
            assert_eq!(read_magic(&mut &garbage[..]), Err(FrameStreamError::NoStream));
        }
    }
}
