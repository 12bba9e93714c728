//! A picture file that is used as if it were a camera.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::{Frame, FrameSource, Next, OpticsError, read_picture_file};

/// Gives the picture in a file, again whenever it changes. A file that is not
/// there yet, or only half written, is a camera that sees nothing.
#[derive(Debug)]
pub struct WatchedPicture {
    path: PathBuf,
    seen: Option<Seen>,
}

#[derive(Debug)]
struct Seen {
    stamp: Stamp,
    frame: Option<Frame>,
    given: Instant,
}

/// When it changes, the file has.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    file: u64,
}

impl WatchedPicture {
    /// How often the file is looked at.
    pub const POLL: Duration = Duration::from_millis(30);
    /// How often an unchanged picture is given again: it is still in view.
    pub const AGAIN: Duration = Duration::from_millis(250);

    /// Watches `path`, which need not exist yet.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { path, seen: None }
    }

    fn look(&mut self) -> Option<Frame> {
        let stamp = self.stamp()?;
        let now = Instant::now();
        match &mut self.seen {
            Some(seen) if seen.stamp == stamp => {
                if now < seen.given + Self::AGAIN {
                    return None;
                }
                seen.given = now;
                seen.frame.clone()
            }
            _ => {
                // Half written: the next stamp will tell.
                let frame = read_picture_file(&self.path).ok();
                self.seen = Some(Seen { stamp, frame: frame.clone(), given: now });
                frame
            }
        }
    }

    fn stamp(&self) -> Option<Stamp> {
        let metadata = fs::metadata(&self.path).ok()?;
        Some(Stamp {
            modified: metadata.modified().ok(),
            length: metadata.len(),
            file: file_number(&metadata),
        })
    }
}

/// A file that was put in another's place is another file.
#[cfg(unix)]
fn file_number(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn file_number(_metadata: &fs::Metadata) -> u64 {
    0
}

impl FrameSource for WatchedPicture {
    fn next_frame(&mut self, wait: Duration) -> Result<Next, OpticsError> {
        let until = Instant::now() + wait;
        loop {
            if let Some(frame) = self.look() {
                return Ok(Next::Frame(frame));
            }
            let now = Instant::now();
            if now >= until {
                return Ok(Next::Nothing);
            }
            thread::sleep(Self::POLL.min(until - now));
        }
    }
}
