//! A pairing on a terminal: its codes in turn, its states, and then the check code.

use std::time::{Duration, Instant};

use keyglance_core::pairing::{Carousel, Frame, Pace};
use keyglance_profile::FinishedPairing;
use keyglance_qr::{self as qr, Code, TerminalStyle, alphanumeric_capacity};

use super::alternate_screen::AlternateScreen;
use super::check_code_page::CheckCodePage;
use super::code_size::{self, CodeTooLarge, TerminalSize};
use super::failure::Failure;
use super::output;
use super::pairing_view::{self, BAR, DrawnCode, PairingView};
use crate::messages::terminal::Stage;

/// The smallest code of which parts are made, 37x20 with the bar.
const LEAST: u8 = 4;
/// The largest code that is shown: what a window shows as one code too. A webcam reads
/// larger ones only where everything else is right.
const MOST: u8 = 10;

/// The largest version of a pairing's codes that a terminal of this size shows.
///
/// # Errors
/// [`CodeTooLarge`] where not even the smallest of which parts are made fits.
pub fn largest_code(style: TerminalStyle, terminal: TerminalSize) -> Result<u8, CodeTooLarge> {
    code_size::largest_version(style, terminal, LEAST, MOST, BAR)
        .ok_or_else(|| CodeTooLarge { terminal, code: code_size::needed(style, LEAST, 1, BAR) })
}

/// The pairing's terminal, and what is on it.
pub struct PairingScreen {
    pub screen: AlternateScreen,
    pub view: PairingView,
    style: TerminalStyle,
    pace: Pace,
    began: Instant,
    message: Option<Frame>,
    carousel: Option<Carousel>,
    codes: Codes,
    line: Line,
}

/// The codes of one message, drawn, all of one version.
#[derive(Default)]
struct Codes {
    drawn: Vec<String>,
    size: (usize, usize),
    whole_from: Option<TerminalSize>,
    /// The terminal is too small for any.
    needed: Option<TerminalSize>,
}

impl PairingScreen {
    /// Takes the terminal. `types` is whether keys are read from standard input.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub fn begin(types: bool, pace: Pace) -> Result<Self, Failure> {
        Ok(Self {
            screen: AlternateScreen::enter(types)?,
            view: PairingView {
                stage: Stage::Looking,
                line: String::new(),
                notice: None,
                peer: None,
                theirs: None,
                keys: "Ctrl-C stop".to_owned(),
                entry: None,
            },
            style: output::code_style(true),
            pace,
            began: Instant::now(),
            message: None,
            carousel: None,
            codes: Codes::default(),
            line: Line::default(),
        })
    }

    /// Shows a message: whole as one code where there is room for it, else in parts.
    ///
    /// # Errors
    /// [`Failure`] if a text makes no code, or the terminal is gone.
    pub fn code(&mut self, message: Frame) -> Result<(), Failure> {
        self.message = Some(message);
        self.fit()
    }

    /// Chooses version and scale for the terminal as large as it is now, and draws.
    ///
    /// # Errors
    /// [`Failure`] if a text makes no code, or the terminal is gone.
    pub fn fit(&mut self) -> Result<(), Failure> {
        let Some(message) = &self.message else { return Ok(()) };
        let (size, style) = (AlternateScreen::size(), self.style);
        let largest = match largest_code(style, size) {
            Ok(largest) => largest,
            Err(CodeTooLarge { code, .. }) => {
                self.codes = Codes { needed: Some(code), ..Codes::default() };
                self.carousel = None;
                return self.draw();
            }
        };
        let texts = message.to_codes(alphanumeric_capacity(largest));
        let codes = Code::alike(&texts)?;
        let version = codes.first().map_or(LEAST, Code::version);
        // A message of any length is shown at the size that all its codes have.
        let scale = code_size::largest_scale(style, size, version, BAR);
        let whole = message.to_code().len();
        let whole_from = (LEAST..=MOST)
            .find(|version| whole <= alphanumeric_capacity(*version))
            .map(|version| code_size::needed(style, version, 1, BAR));
        self.codes = Codes {
            drawn: codes.iter().map(|code| qr::render_terminal(code, style, scale)).collect(),
            size: style.size(version, scale),
            whole_from,
            needed: None,
        };
        self.carousel = Some(Carousel::new(texts, self.pace, self.began.elapsed()));
        self.draw()
    }

    /// How long nothing changes by itself, at most this.
    pub fn wait(&self, at_most: Duration) -> Duration {
        let next = self.carousel.as_ref().and_then(Carousel::next_change);
        next.map_or(at_most, |next| at_most.min(next.saturating_sub(self.began.elapsed())))
    }

    /// Shows the next code once it is due.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub fn turn(&mut self) -> Result<(), Failure> {
        let now = self.began.elapsed();
        match self.carousel.as_mut().is_some_and(|carousel| carousel.tick(now)) {
            true => self.draw(),
            false => Ok(()),
        }
    }

    /// Draws the pairing as it is now.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub fn draw(&mut self) -> Result<(), Failure> {
        let (look, size) = (self.screen.look, AlternateScreen::size());
        if let Some(needed) = self.codes.needed {
            return self.screen.draw(pairing_view::too_small(look, size, needed));
        }
        let (index, count) =
            self.carousel.as_ref().map_or((0, 0), |carousel| (carousel.index(), carousel.count()));
        let code = DrawnCode {
            rows: self.codes.drawn.get(index).map_or("", String::as_str),
            columns: self.codes.size.0,
            height: self.codes.size.1,
            part: (count > 1).then_some((index + 1, count)),
            whole_from: self.codes.whole_from,
        };
        self.screen.draw(self.view.page(look, size, &code))
    }

    /// Draws the page of the check code.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub fn draw_check_code(&mut self, page: &CheckCodePage) -> Result<(), Failure> {
        let (look, size) = (self.screen.look, AlternateScreen::size());
        self.screen.draw(page.page(look, size))
    }

    /// The keys that were pressed until now.
    pub fn typed(&mut self) -> Vec<u8> {
        std::iter::from_fn(|| self.screen.key(Duration::ZERO)).collect()
    }

    /// Takes what is typed of a path, and gives it once it is whole.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub fn type_path(&mut self) -> Result<Option<String>, Failure> {
        let mut whole = None;
        while let Some(byte) = self.screen.key(Duration::ZERO) {
            match byte {
                b'\n' | b'\r' => {
                    let path = self.line.take();
                    whole = Some(path).filter(|path| !path.is_empty());
                    if whole.is_some() {
                        break;
                    }
                }
                byte => self.line.push(byte),
            }
        }
        self.view.entry = Some(("Next picture:", self.line.text()));
        self.draw()?;
        Ok(whole)
    }

    /// Both devices have the key. Our code stays where the other one may still read it:
    /// until a key is pressed, or for as long as `linger` says.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub fn same_key(
        &mut self,
        finished: &FinishedPairing,
        types: bool,
        linger: Option<Duration>,
    ) -> Result<(), Failure> {
        let peer = &finished.saved.contact_name;
        let view = &mut self.view;
        (view.stage, view.notice, view.theirs, view.entry) = (Stage::SameKey, None, None, None);
        view.peer = Some(peer.clone());
        view.line = match linger {
            Some(_) => {
                format!("You and {peer} now share a secret. {peer} may still be reading this.")
            }
            None => format!("You and {peer} now share a secret."),
        };
        // Nobody looks at screens that face each other.
        self.screen.ring()?;
        let Some(linger) = linger else { return self.draw() };
        if types {
            "Enter compare   Ctrl-C stop".clone_into(&mut self.view.keys);
            self.view.notice = Some("Press Enter when it shows Same key too.".to_owned());
            return self.show_until(None);
        }
        self.show_until(Some(linger))
    }

    /// Shows our code until a key is pressed, or until then.
    fn show_until(&mut self, limit: Option<Duration>) -> Result<(), Failure> {
        let began = Instant::now();
        self.draw()?;
        loop {
            let wait = self.wait(TICK);
            if limit.is_some_and(|limit| began.elapsed() >= limit) {
                return Ok(());
            }
            match self.screen.key(wait) {
                Some(b'\n' | b'\r' | b'c') if limit.is_none() => return Ok(()),
                None if !self.screen.has_keys() => std::thread::sleep(wait),
                _ => {}
            }
            if limit.is_none() && !self.screen.has_keys() {
                return Ok(());
            }
            self.turn()?;
            if self.screen.is_stale() {
                self.fit()?;
            }
        }
    }

    /// Asks for the digits of the other screen.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub fn ask(&mut self, page: &mut CheckCodePage) -> Result<Answer, Failure> {
        loop {
            self.draw_check_code(page)?;
            let Some(byte) = self.screen.key(TICK) else {
                if !self.screen.has_keys() {
                    return Ok(Answer::Later);
                }
                // Another size is seen by whoever asks for it.
                self.screen.is_stale();
                continue;
            };
            match byte {
                b'y' | b'Y' if page.deletes => return Ok(Answer::SomethingIsWrong),
                _ if page.deletes => page.deletes = false,
                b'\n' | b'\r' if page.typed.is_empty() => return Ok(Answer::Later),
                b'\n' | b'\r' => return Ok(Answer::Digits(std::mem::take(&mut page.typed))),
                0x04 if page.typed.is_empty() => return Ok(Answer::Later),
                b'0'..=b'9' if page.typed.len() < DIGITS => page.typed.push(char::from(byte)),
                0x08 | 0x7F => _ = page.typed.pop(),
                0x15 => page.typed.clear(),
                b'w' => page.deletes = true,
                b'c' => {
                    "Enter compare   Ctrl-C stop".clone_into(&mut self.view.keys);
                    self.view.notice = None;
                    self.show_until(None)?;
                }
                // Spaces and hyphens between digits are ignored, and so is what is none.
                _ => {}
            }
        }
    }
}

/// What a person did about the check code.
pub enum Answer {
    /// Typed something.
    Digits(String),
    /// Left it for later.
    Later,
    /// Wants the key deleted.
    SomethingIsWrong,
}

/// A check code's length; one digit more is a mistake that is told.
const DIGITS: usize = 7;

/// How often the size of the terminal is looked at.
const TICK: Duration = Duration::from_millis(100);

/// A line that is being typed.
#[derive(Default)]
struct Line(Vec<u8>);

impl Line {
    fn push(&mut self, byte: u8) {
        match byte {
            0x08 | 0x7F => {
                // A whole character: what continues one in UTF-8 begins with the bits 10.
                while self.0.pop().is_some_and(|byte| byte & 0xC0 == 0x80) {}
            }
            0x15 => self.0.clear(),
            0..=0x1F => {}
            byte => self.0.push(byte),
        }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }

    fn take(&mut self) -> String {
        let text = self.text();
        self.0.clear();
        text
    }
}
