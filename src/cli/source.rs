//! Where the other device's codes are read from: frames, or lines of text.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::failure::Failure;
use super::{input, output};
use crate::messages::{self, Notification};
use keyglance_capture::{
    CameraChoice, CameraError, CaptureError, PictureFileError, Scan, Scanner, Screen, ScreenError,
    Shutter, SourceSpec, StillPictures, read_picture, scan_picture,
};
use keyglance_core::pairing::MAX_FRAME;
use keyglance_profile::{Channel, printable, printable_path};
use keyglance_qr::{Gathered, PartCollector, PictureError, Reading, Text};

/// Gives the codes that are in view.
pub struct Source {
    sightings: Receiver<Result<Sighting, Failure>>,
    /// How the other device's codes reach us through it.
    pub channel: Channel,
    /// Whether standard input is left to ask questions on.
    pub leaves_input: bool,
    /// Tells the user where to show the other device's codes.
    pub aim: &'static str,
    /// Takes the next picture of the screen, where the desktop takes them.
    shutter: Option<Arc<Shutter>>,
}

/// Most bytes of a line: no text of ours is longer, in any encoding.
const LONGEST_LINE: u64 = 8 * MAX_FRAME as u64;

/// How long to wait for a frame or a line at a time.
pub const WAIT: Duration = Duration::from_millis(100);

enum Kind {
    Frames(Scanner),
    /// Named pictures, read as soon as they are there and whenever they change; and paths
    /// that are piped in, or that a person types, whose mistake ends nothing.
    Pictures {
        named: NamedPictures,
        more: Lines,
        typed: bool,
    },
    Text(Lines),
}

/// What is in view now.
pub enum Sighting {
    Codes(Vec<SeenCode>),
    Nothing,
    /// The camera went away, and goes on as soon as it is back.
    Away(CameraError),
    /// What was typed is no picture, or none with a code.
    Useless(String),
    /// What the user should know of what was read.
    Told(Notification),
    /// The desktop asks about each picture of the screen: [`Source::look_again`].
    Waits,
    Ended,
}

/// A code in view, or a line of text that stands for one.
pub enum SeenCode {
    Read(Gathered),
    Line(String),
}

impl SeenCode {
    /// The bytes, in which our own frames are.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Read(code) => code.bytes(),
            Self::Line(text) => text.as_bytes(),
        }
    }

    /// The text that may be acted on; empty where there is none, which is no code of
    /// ours and is reported as such. A guessed text is none.
    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Read(code) => code.text().and_then(Text::if_certain).unwrap_or_default(),
            Self::Line(text) => text.into(),
        }
    }
}

/// A source as the user names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceArg {
    Live(SourceSpec),
    /// Picture files; when they are used up, paths on standard input.
    Pictures(Vec<PathBuf>),
    /// One picture file and nothing else.
    Picture(PathBuf),
    /// Lines of text on standard input.
    Lines,
}

/// The source where none is named.
pub const FIRST_CAMERA: SourceArg = SourceArg::Live(SourceSpec::Camera(CameraChoice::First));

impl FromStr for SourceArg {
    type Err = String;

    /// Reads `camera`, `camera:N`, `screen`, `-` or the path of a picture file.
    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text.split_once(':') {
            _ if text == "-" => Self::Lines,
            _ if text == "screen" => Self::Live(SourceSpec::Screen),
            _ if text == "camera" => Self::Live(SourceSpec::Camera(CameraChoice::First)),
            Some(("camera", number)) => {
                let number = number.parse().map_err(|_| {
                    format!(
                        "{} is not the number of a camera; keyglance cameras lists them",
                        printable(number)
                    )
                })?;
                Self::Live(SourceSpec::Camera(CameraChoice::Number(number)))
            }
            _ => Self::Picture(text.into()),
        })
    }
}

impl Source {
    /// Opens it, and reads it on a thread from then on: a picture may take long, and
    /// nothing that is shown meanwhile waits for it.
    ///
    /// # Errors
    /// [`Failure`] if there is no such source.
    pub fn open(source: SourceArg) -> Result<Self, Failure> {
        Self::open_with(source, None)
    }

    /// The same, with the paths of further pictures from somewhere else than standard
    /// input.
    ///
    /// # Errors
    /// [`Failure`] if there is no such source.
    pub fn open_with(source: SourceArg, paths: Option<Receiver<String>>) -> Result<Self, Failure> {
        // Only a camera sees the other device; a screen or a file may show anything.
        let channel = match source {
            SourceArg::Live(SourceSpec::Camera(_)) => Channel::Camera,
            _ => Channel::Relayed,
        };
        let aim = match source {
            SourceArg::Live(SourceSpec::Screen) => messages::terminal::AIM_SCREEN,
            SourceArg::Live(SourceSpec::Watch(_)) => messages::terminal::AIM_WATCH,
            SourceArg::Live(_) => messages::terminal::AIM_CAMERAS,
            SourceArg::Pictures(_) | SourceArg::Picture(_) => messages::terminal::AIM_PICTURES,
            SourceArg::Lines => messages::terminal::AIM_TEXT,
        };
        let leaves_input = matches!(source, SourceArg::Live(_) | SourceArg::Picture(_));
        let pictures = |paths| Scanner::new(Box::new(StillPictures::new(paths)));
        let mut shutter = None;
        let mut kind = match source {
            SourceArg::Live(SourceSpec::Screen) => {
                let screen = open_screen(messages::terminal::PICTURES_OF_THE_SCREEN)?;
                shutter = screen.shutter();
                Kind::Frames(Scanner::new(Box::new(screen)))
            }
            SourceArg::Live(spec) => Kind::Frames(Scanner::new(spec.open()?)),
            SourceArg::Picture(path) => Kind::Frames(pictures(vec![path])),
            SourceArg::Pictures(named) => Kind::Pictures {
                named: NamedPictures::new(named),
                typed: paths.is_some(),
                more: paths.map_or_else(Lines::standard_input, Lines::of),
            },
            SourceArg::Lines => Kind::Text(Lines::standard_input()),
        };
        // One at a time: what waits is never older than what was read last.
        let (sender, sightings) = sync_channel(1);
        thread::spawn(move || {
            let mut parts = Parts::new();
            loop {
                let sighting = kind.look(WAIT, &mut parts);
                let goes_on = !matches!(sighting, Err(_) | Ok(Sighting::Ended));
                let sent = match sighting {
                    // Only to hear whether anybody still looks.
                    Ok(Sighting::Nothing) => match sender.try_send(Ok(Sighting::Nothing)) {
                        Err(TrySendError::Disconnected(_)) => false,
                        Ok(()) | Err(TrySendError::Full(_)) => true,
                    },
                    sighting => sender.send(sighting).is_ok(),
                };
                if !sent || !goes_on {
                    return;
                }
            }
        });
        Ok(Self { sightings, channel, leaves_input, aim, shutter })
    }

    /// Looks until `take` accepts a text. `None` if the source ends first.
    pub fn until<T>(
        &mut self,
        mut take: impl FnMut(&str) -> Result<Option<T>, Failure>,
    ) -> Result<Option<T>, Failure> {
        loop {
            match self.look(WAIT)? {
                Sighting::Codes(codes) => {
                    for code in codes {
                        if let Some(taken) = take(&code.text())? {
                            return Ok(Some(taken));
                        }
                    }
                }
                Sighting::Nothing => {}
                Sighting::Told(what) => tell(&what),
                Sighting::Waits if !self.ask_to_look_again() => return Ok(None),
                Sighting::Waits => {}
                Sighting::Useless(what) => return Err(Failure::error(what)),
                Sighting::Away(error) => await_camera(error)?,
                Sighting::Ended => return Ok(None),
            }
        }
    }

    /// What is in view, waiting at most this long for something new.
    ///
    /// # Errors
    /// [`Failure`] where nothing more can come.
    pub fn look(&mut self, wait: Duration) -> Result<Sighting, Failure> {
        let waits = self.shutter.as_ref().is_some_and(|shutter| shutter.waits());
        match self.sightings.recv_timeout(wait) {
            Ok(Ok(Sighting::Nothing)) | Err(RecvTimeoutError::Timeout) if waits => {
                Ok(Sighting::Waits)
            }
            Ok(sighting) => sighting,
            Err(RecvTimeoutError::Timeout) => Ok(Sighting::Nothing),
            Err(RecvTimeoutError::Disconnected) => Ok(Sighting::Ended),
        }
    }

    /// The desktop may be asked for the next picture of the screen.
    pub fn look_again(&self) {
        self.shutter.iter().for_each(|shutter| shutter.press());
    }

    /// Waits until somebody says so; goes on where there is nobody to say it. Gives whether
    /// to go on.
    pub fn ask_to_look_again(&self) -> bool {
        let goes_on = !output::can_ask() || output::ask(messages::terminal::LOOK_AGAIN).is_some();
        if goes_on {
            self.look_again();
        }
        goes_on
    }
}

/// The screen. Before the desktop takes pictures of it, this is said.
pub fn open_screen(said: &str) -> Result<Screen, Failure> {
    let screen = crate::screen::open().map_err(CaptureError::from)?;
    if screen.shutter().is_some() {
        crate::hardening::admit_portals();
        #[cfg(unix)]
        super::terminal_mode::heed_signals();
        output::to_standard_error(&format!("{}\n", said));
    }
    Ok(screen)
}

/// Writes what the user should know to standard error.
pub fn tell(Notification { what, advice }: &Notification) {
    output::to_standard_error(&format!("{what} {advice}\n"));
}

/// What else than a pairing waits for: the user's answer, but not a camera that is gone.
///
/// # Errors
/// [`Failure`].
pub fn await_camera(error: CameraError) -> Result<(), Failure> {
    if error != CameraError::AwaitingPermission {
        return Err(CaptureError::from(error).into());
    }
    output::to_standard_error(&format!("{}\n", messages::terminal::away(error)));
    Ok(())
}

/// Puts together what is spread over several codes.
struct Parts {
    began: Instant,
    collector: PartCollector,
}

impl Parts {
    fn new() -> Self {
        Self { began: Instant::now(), collector: PartCollector::default() }
    }

    fn gather(&mut self, readings: Vec<Reading>) -> Vec<SeenCode> {
        let gathered = self.collector.gather(self.began.elapsed(), readings);
        gathered.into_iter().map(SeenCode::Read).collect()
    }

    fn seen(&mut self, scan: Scan) -> Sighting {
        match scan {
            Scan::Seen { readings, .. } => Sighting::Codes(self.gather(readings)),
            Scan::Nothing => Sighting::Nothing,
            Scan::Ended => Sighting::Ended,
        }
    }
}

impl Kind {
    fn look(&mut self, wait: Duration, parts: &mut Parts) -> Result<Sighting, Failure> {
        match self {
            Self::Frames(scanner) => match scanner.poll(wait) {
                Err(CaptureError::Camera(error)) if error.may_pass() => Ok(Sighting::Away(error)),
                Err(CaptureError::Screen(error @ ScreenError::PictureLeft(_))) => {
                    Ok(Sighting::Told(messages::terminal::explain(&error)))
                }
                scan => Ok(parts.seen(scan?)),
            },
            Self::Pictures { named, more, typed } => {
                if let Some(sighting) = named.look(parts)? {
                    return Ok(sighting);
                }
                match more.next(wait) {
                    Line::Text(path) if *typed => Ok(typed_picture(&path, parts)),
                    Line::Text(path) => Ok(Sighting::Codes(
                        parts
                            .gather(scan_picture(&read_picture(path).map_err(CaptureError::from)?)),
                    )),
                    Line::Nothing => Ok(Sighting::Nothing),
                    Line::Ended if named.awaits_one() => {
                        // Nobody gives more paths, and the picture may still come.
                        thread::sleep(wait);
                        Ok(Sighting::Nothing)
                    }
                    Line::Ended => Ok(Sighting::Ended),
                }
            }
            Self::Text(lines) => Ok(lines.look(wait)),
        }
    }
}

/// Pictures of the other device's codes, by the names that they have or will have.
struct NamedPictures(Vec<NamedPicture>);

struct NamedPicture {
    path: PathBuf,
    /// When it was last written, and how long it was, once it was read.
    read: Option<(SystemTime, u64)>,
    /// Whether it was said that it is not there.
    told: bool,
}

impl NamedPictures {
    fn new(paths: Vec<PathBuf>) -> Self {
        let picture = |path| NamedPicture { path, read: None, told: false };
        Self(paths.into_iter().map(picture).collect())
    }

    /// Whether one was not there yet.
    fn awaits_one(&self) -> bool {
        self.0.iter().any(|picture| picture.read.is_none())
    }

    /// The codes of one that is new, or that changed.
    fn look(&mut self, parts: &mut Parts) -> Result<Option<Sighting>, Failure> {
        for picture in &mut self.0 {
            let Ok(file) = std::fs::metadata(&picture.path) else {
                if picture.read.is_none() && !std::mem::replace(&mut picture.told, true) {
                    let name = printable_path(&picture.path);
                    return Ok(Some(Sighting::Useless(format!("{name} is not there yet."))));
                }
                continue;
            };
            let now = (file.modified().unwrap_or(SystemTime::UNIX_EPOCH), file.len());
            if picture.read == Some(now) {
                continue;
            }
            return match read_picture(&picture.path) {
                Ok(pixels) => {
                    picture.read = Some(now);
                    Ok(Some(Sighting::Codes(parts.gather(scan_picture(&pixels)))))
                }
                // Somebody may be writing it.
                Err(PictureFileError::Picture {
                    error: PictureError::Empty | PictureError::Damaged,
                    ..
                }) => continue,
                Err(error) => Err(CaptureError::from(error).into()),
            };
        }
        Ok(None)
    }
}

fn typed_picture(path: &str, parts: &mut Parts) -> Sighting {
    match read_picture(path) {
        Ok(picture) => match parts.gather(scan_picture(&picture)) {
            none if none.is_empty() => {
                let path = printable(path);
                Sighting::Useless(format!(
                    "There is no code in {path}. The whole code with its white edge must be in it."
                ))
            }
            codes => Sighting::Codes(codes),
        },
        Err(error) => {
            let Notification { what, advice } = messages::terminal::explain(&error);
            Sighting::Useless(format!("{what} {advice}").trim_end().to_owned())
        }
    }
}

/// Lines of standard input, read on a thread so that nothing else waits for them.
pub struct Lines {
    incoming: Receiver<String>,
    /// The last line: it counts as in view until the next one comes.
    current: Option<(String, Instant)>,
}

enum Line {
    Text(String),
    Nothing,
    Ended,
}

impl Lines {
    /// How often an unchanged line is seen again.
    const REPEAT_INTERVAL: Duration = Duration::from_millis(250);

    const fn of(incoming: Receiver<String>) -> Self {
        Self { incoming, current: None }
    }

    fn standard_input() -> Self {
        let (sender, incoming) = sync_channel(64);
        // The thread may block in a read; it ends with the program.
        thread::spawn(move || {
            let mut input = io::stdin().lock();
            let mut line = Vec::new();
            loop {
                line.clear();
                // No line of ours is longer; the rest of a longer line counts as another line.
                let mut limited = io::Read::take(&mut input, LONGEST_LINE);
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
        Self::of(incoming)
    }

    fn next(&mut self, wait: Duration) -> Line {
        match self.incoming.recv_timeout(wait) {
            Ok(text) => Line::Text(text),
            Err(RecvTimeoutError::Timeout) => Line::Nothing,
            Err(RecvTimeoutError::Disconnected) => Line::Ended,
        }
    }

    fn look(&mut self, wait: Duration) -> Sighting {
        match self.next(wait.min(Self::REPEAT_INTERVAL)) {
            Line::Text(text) => {
                self.current = Some((text.clone(), Instant::now()));
                Sighting::Codes(vec![SeenCode::Line(text)])
            }
            Line::Ended => Sighting::Ended,
            Line::Nothing => match &mut self.current {
                Some((text, seen)) if seen.elapsed() >= Self::REPEAT_INTERVAL => {
                    *seen = Instant::now();
                    Sighting::Codes(vec![SeenCode::Line(text.clone())])
                }
                _ => Sighting::Nothing,
            },
        }
    }
}

/// Opens a file or pipe to read lines from; `-` is standard input.
pub fn open_lines(path: &Path) -> Result<Box<dyn BufRead>, Failure> {
    if input::is_stream(path) {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    Ok(Box::new(BufReader::new(file)))
}

/// The next line, without its end. `None` at the end.
pub fn next_line(lines: &mut dyn BufRead, path: &Path) -> Result<Option<String>, Failure> {
    let mut line = Vec::new();
    let mut limited = io::Read::take(lines, LONGEST_LINE);
    match limited.read_until(b'\n', &mut line) {
        Ok(0) => Ok(None),
        Ok(_) => Ok(Some(String::from_utf8_lossy(&line).trim().to_owned())),
        Err(error) => Err(unreadable(path, &error)),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    input::unreadable(path, error)
}
