//! Where the other's codes are read from: frames, or lines of text.

use std::io::{self, BufRead as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use super::args::PairArgs;
use super::failure::Failure;
use crate::messages;
use keyglance_capture::{
    FrameSource, OpticsError, Scan, Scanner, StillPictures, WatchedPicture, read_picture,
    scan_still,
};
use keyglance_core::pairing::MAX_TEXT;
use keyglance_profile::Channel;
use keyglance_qr::Reading;

/// Gives the texts that are in view.
pub struct Source {
    kind: Kind,
    /// How the other device's codes reach us through it.
    pub channel: Channel,
    /// Whether standard input is left to ask questions on.
    pub leaves_input: bool,
    /// Where the other's codes are to be put, to be told to the user.
    pub aim: &'static str,
    /// Nothing follows the pictures.
    alone: bool,
}

/// How long one look lasts.
pub const LOOK: Duration = Duration::from_millis(100);

enum Kind {
    Frames(Scanner),
    /// Named pictures; when they are used up, paths on standard input.
    Pictures(Scanner),
    Paths(Lines),
    Text(Lines),
}

/// What is in view now.
pub enum View {
    Texts(Vec<String>),
    Nothing,
    /// The camera went away; it goes on as soon as it is back.
    Away(OpticsError),
    Ended,
}

impl Source {
    pub fn new(args: &PairArgs) -> Result<Self, Failure> {
        let relayed = |kind, leaves_input| Self {
            kind,
            channel: Channel::Relayed,
            leaves_input,
            aim: messages::terminal::AIM_CAMERAS,
            alone: false,
        };
        if args.stdin {
            return Ok(relayed(Kind::Text(Lines::standard_input()), false));
        }
        if args.screen {
            // A code on the screen came from anywhere: nobody saw the other device.
            let kind = Kind::Frames(Scanner::new(open_screen()?));
            return Ok(Self { aim: messages::terminal::AIM_SCREEN, ..relayed(kind, true) });
        }
        if let Some(path) = &args.watch {
            let scanner = Scanner::new(Box::new(WatchedPicture::new(path)));
            return Ok(relayed(Kind::Frames(scanner), true));
        }
        if !args.picture.is_empty() {
            let scanner = Scanner::new(Box::new(StillPictures::new(args.picture.clone())));
            return Ok(relayed(Kind::Pictures(scanner), false));
        }
        let scanner = Scanner::new(open_camera(args.camera.flatten())?);
        Ok(Self { channel: Channel::Camera, ..relayed(Kind::Frames(scanner), true) })
    }

    /// The source that a text names: camera, camera:N, screen, - or a picture file.
    pub fn named(text: &str) -> Result<Self, Failure> {
        let mut args = PairArgs::default();
        match text.split_once(':') {
            _ if text == "-" => args.stdin = true,
            _ if text == "screen" => args.screen = true,
            _ if text == "camera" => args.camera = Some(None),
            Some(("camera", index)) => match index.parse() {
                Ok(index) => args.camera = Some(Some(index)),
                Err(_) => {
                    return Err(Failure::usage(format!("{index:?} is no camera's number"))
                        .advise("keyglance cameras lists them."));
                }
            },
            _ => args.picture = vec![text.into()],
        }
        let mut source = Self::new(&args)?;
        // A picture alone: no further paths are read from standard input.
        source.leaves_input |= !args.picture.is_empty();
        source.alone = true;
        Ok(source)
    }

    /// Looks until `take` makes something of a text. `None` where the source
    /// ends first.
    pub fn until<T>(
        &mut self,
        mut take: impl FnMut(&str) -> Result<Option<T>, Failure>,
    ) -> Result<Option<T>, Failure> {
        loop {
            match self.look(LOOK)? {
                View::Texts(texts) => {
                    for text in texts {
                        if let Some(taken) = take(&text)? {
                            return Ok(Some(taken));
                        }
                    }
                }
                View::Nothing => {}
                View::Away(error) => return Err(error.into()),
                View::Ended => return Ok(None),
            }
        }
    }

    pub fn look(&mut self, wait: Duration) -> Result<View, Failure> {
        match &mut self.kind {
            Kind::Frames(scanner) => match scanner.poll(wait) {
                Err(error @ (OpticsError::Unplugged | OpticsError::Stalled)) => {
                    Ok(View::Away(error))
                }
                scan => Ok(seen(scan?)),
            },
            Kind::Pictures(scanner) => match seen(scanner.poll(wait)?) {
                View::Ended if self.alone => Ok(View::Ended),
                View::Ended => {
                    self.kind = Kind::Paths(Lines::standard_input());
                    Ok(View::Nothing)
                }
                view => Ok(view),
            },
            Kind::Paths(paths) => match paths.next(wait) {
                Line::Text(path) => Ok(View::Texts(texts(&scan_still(&read_picture(path)?)))),
                Line::Nothing => Ok(View::Nothing),
                Line::Ended => Ok(View::Ended),
            },
            Kind::Text(lines) => Ok(lines.look(wait)),
        }
    }
}

fn seen(scan: Scan) -> View {
    match scan {
        Scan::Seen { readings, .. } => View::Texts(texts(&readings)),
        Scan::Nothing => View::Nothing,
        Scan::Ended => View::Ended,
    }
}

/// A code that is no text is no pairing code either, and is told as that.
fn texts(readings: &[Reading]) -> Vec<String> {
    readings.iter().map(|reading| String::from_utf8_lossy(&reading.bytes).into_owned()).collect()
}

#[cfg(feature = "camera")]
fn open_camera(index: Option<usize>) -> Result<Box<dyn FrameSource>, Failure> {
    Ok(Box::new(keyglance_capture::Camera::open(index)?))
}

#[cfg(not(feature = "camera"))]
fn open_camera(_index: Option<usize>) -> Result<Box<dyn FrameSource>, Failure> {
    Err(OpticsError::NotBuilt.into())
}

#[cfg(feature = "screen")]
fn open_screen() -> Result<Box<dyn FrameSource>, Failure> {
    Ok(Box::new(keyglance_capture::Screen::open()?))
}

#[cfg(not(feature = "screen"))]
fn open_screen() -> Result<Box<dyn FrameSource>, Failure> {
    Err(OpticsError::ScreenNotBuilt.into())
}

/// Lines of standard input, read by a thread so that nobody waits for them.
pub struct Lines {
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
