//! Where the other's codes are read from: frames, or lines of text.

use std::io::{self, BufRead as _};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use super::args::PairArgs;
use super::failure::Failure;
use crate::contacts::Trust;
use crate::optics::{FrameSource, Next, StillPictures, WatchedPicture, read_picture_file};
use crate::pairing::MAX_TEXT;
use crate::qr;

/// Gives the texts that are in view.
pub(super) enum Source {
    Camera(Box<dyn FrameSource>),
    Watched(WatchedPicture),
    Pictures { named: StillPictures, further: Option<Lines> },
    Text(Lines),
}

/// What is in view now.
pub(super) enum View {
    Texts(Vec<String>),
    Nothing,
    Ended,
}

impl Source {
    pub(super) fn new(args: &PairArgs) -> Result<Self, Failure> {
        if args.stdin {
            return Ok(Self::Text(Lines::standard_input()));
        }
        if let Some(path) = &args.watch {
            return Ok(Self::Watched(WatchedPicture::new(path.clone())));
        }
        if !args.picture.is_empty() {
            let named = StillPictures::new(args.picture.clone());
            return Ok(Self::Pictures { named, further: None });
        }
        open_camera(args.camera.flatten()).map(Self::Camera)
    }

    /// How a pairing through this source is trusted before it is verified.
    pub(super) const fn trust(&self) -> Trust {
        match self {
            Self::Camera(_) => Trust::SeenByCamera,
            Self::Watched(_) | Self::Pictures { .. } | Self::Text(_) => Trust::Unverified,
        }
    }

    /// Whether standard input is ours to ask on.
    pub(super) const fn leaves_input(&self) -> bool {
        matches!(self, Self::Camera(_) | Self::Watched(_))
    }

    pub(super) fn look(&mut self, wait: Duration) -> Result<View, Failure> {
        match self {
            Self::Camera(camera) => frame(camera.next_frame(wait)?, qr::decode_live),
            Self::Watched(picture) => frame(picture.next_frame(wait)?, qr::decode),
            Self::Text(lines) => Ok(lines.look(wait)),
            Self::Pictures { named, further: None } => {
                match frame(named.next_frame(wait)?, qr::decode)? {
                    View::Ended => {
                        *self = Self::Pictures {
                            named: StillPictures::new(Vec::new()),
                            further: Some(Lines::standard_input()),
                        };
                        Ok(View::Nothing)
                    }
                    view => Ok(view),
                }
            }
            Self::Pictures { further: Some(lines), .. } => match lines.next(wait) {
                Line::Text(path) => {
                    let picture = read_picture_file(&PathBuf::from(path))?;
                    Ok(View::Texts(texts(&qr::decode(&picture))))
                }
                Line::Nothing => Ok(View::Nothing),
                Line::Ended => Ok(View::Ended),
            },
        }
    }
}

fn frame(
    next: Next,
    decode: impl Fn(&image::GrayImage) -> Vec<qr::Reading>,
) -> Result<View, Failure> {
    Ok(match next {
        Next::Frame(frame) => View::Texts(texts(&decode(&frame))),
        Next::Nothing => View::Nothing,
        Next::Ended => View::Ended,
    })
}

fn texts(readings: &[qr::Reading]) -> Vec<String> {
    readings.iter().map(|reading| String::from_utf8_lossy(&reading.bytes).into_owned()).collect()
}

#[cfg(feature = "camera")]
fn open_camera(index: Option<usize>) -> Result<Box<dyn FrameSource>, Failure> {
    Ok(Box::new(crate::optics::camera::Webcam::open(index)?))
}

#[cfg(not(feature = "camera"))]
fn open_camera(_index: Option<usize>) -> Result<Box<dyn FrameSource>, Failure> {
    Err(crate::optics::OpticsError::NotBuilt.into())
}

/// Lines of standard input, read by a thread so that nobody waits for them.
pub(super) struct Lines {
    incoming: Receiver<String>,
    /// The last line: it counts as in view until another comes.
    current: Option<(String, Instant)>,
}

enum Line {
    Text(String),
    Nothing,
    Ended,
}

impl Lines {
    /// How often an unchanged line is seen again.
    const AGAIN: Duration = Duration::from_millis(250);

    fn standard_input() -> Self {
        let (sender, incoming) = sync_channel(64);
        // Blocked in a read, it ends with the program.
        thread::spawn(move || {
            let mut input = io::stdin().lock();
            let mut line = Vec::new();
            loop {
                line.clear();
                // No line of ours is longer; the rest of a longer one is one more wrong line.
                let mut limited = io::Read::take(&mut input, 4 * MAX_TEXT as u64);
                match limited.read_until(b'\n', &mut line) {
                    Ok(0) | Err(_) => return,
                    Ok(_) => {}
                }
                let text = String::from_utf8_lossy(&line).trim().to_owned();
                if !text.is_empty() && sender.send(text).is_err() {
                    return;
                }
            }
        });
        Self { incoming, current: None }
    }

    fn next(&mut self, wait: Duration) -> Line {
        match self.incoming.recv_timeout(wait) {
            Ok(text) => Line::Text(text),
            Err(RecvTimeoutError::Timeout) => Line::Nothing,
            Err(RecvTimeoutError::Disconnected) => Line::Ended,
        }
    }

    fn look(&mut self, wait: Duration) -> View {
        match self.next(wait.min(Self::AGAIN)) {
            Line::Text(text) => {
                self.current = Some((text.clone(), Instant::now()));
                View::Texts(vec![text])
            }
            Line::Ended => View::Ended,
            Line::Nothing => match &mut self.current {
                Some((text, seen)) if seen.elapsed() >= Self::AGAIN => {
                    *seen = Instant::now();
                    View::Texts(vec![text.clone()])
                }
                _ => View::Nothing,
            },
        }
    }
}
