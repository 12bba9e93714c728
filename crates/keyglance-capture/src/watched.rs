//! A picture file used as if it were a camera.

use std::fs::{self, Metadata};
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use super::still::read_bytes;
use crate::{CaptureError, FrameSource, NextFrame, SourceInfo};
use keyglance_qr::Picture;

/// How often the file is looked at.
const POLL: Duration = Duration::from_millis(30);

/// A picture file that is read again whenever it changes.
///
/// A file that is missing, half written or not a picture is not an error: there is
/// nothing to see yet, since another program writes it in its own time.
#[derive(Debug)]
pub struct WatchedPicture {
    info: SourceInfo,
    path: PathBuf,
    seen: Option<Seen>,
}

impl WatchedPicture {
    /// An unchanged picture is given again this long after it was last given.
    ///
    /// A camera would show it in every frame, and a pairing needs to see a code
    /// more than once, while reading the same file thirty times a second is a waste.
    pub const REPEAT_INTERVAL: Duration = Duration::from_millis(250);

    /// Watches this path, whether there is a file or not.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let info = SourceInfo { name: path.display().to_string(), ..SourceInfo::default() };
        Self { info, path, seen: None }
    }

    /// The picture, if it changed or is due again.
    fn look(&mut self) -> Option<Picture> {
        let before = Version::of(&fs::metadata(&self.path).ok()?)?;
        if let Some(seen) = self.seen.as_mut().filter(|seen| seen.version == before) {
            // Two writes within the resolution of the file's time look like one, so a
            // young file is read again.
            if seen.given.elapsed() < Self::REPEAT_INTERVAL {
                return None;
            }
            if !seen.young {
                seen.given = Instant::now();
                return seen.picture.clone();
            }
        }
        let bytes = read_bytes(&self.path).ok()?;
        let picture = Picture::load(bytes).ok();
        // It was written while it was read, so the bytes may be a mixture.
        if Version::of(&fs::metadata(&self.path).ok()?)? != before {
            return None;
        }
        let young = before.is_young();
        self.seen =
            Some(Seen { version: before, young, given: Instant::now(), picture: picture.clone() });
        picture
    }
}

impl FrameSource for WatchedPicture {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn next_frame(&mut self, wait: Duration) -> Result<NextFrame, CaptureError> {
        let start = Instant::now();
        loop {
            if let Some(picture) = self.look() {
                return Ok(NextFrame::Picture(picture));
            }
            let left = wait.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Ok(NextFrame::Nothing);
            }
            sleep(left.min(POLL));
        }
    }
}

/// The last picture that was read.
#[derive(Debug)]
struct Seen {
    version: Version,
    young: bool,
    given: Instant,
    /// `None` if the file was not a picture.
    picture: Option<Picture>,
}

/// Changes when the file does. A replaced file has another inode number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Version {
    modified: SystemTime,
    length: u64,
    number: u64,
}

impl Version {
    fn of(metadata: &Metadata) -> Option<Self> {
        let modified = metadata.modified().ok()?;
        Some(Self { modified, length: metadata.len(), number: number(metadata) })
    }

    /// Whether it changed so lately that it may change again with the same time.
    fn is_young(&self) -> bool {
        self.modified.elapsed().is_ok_and(|age| age < Duration::from_secs(2))
    }
}

#[cfg(unix)]
fn number(metadata: &Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    metadata.ino()
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}
