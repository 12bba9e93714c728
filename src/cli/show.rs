//! The places where our code is shown.

use std::path::PathBuf;
use std::time::Duration;

use keyglance_core::pairing::{Frame, Pace};
use keyglance_profile::{CodeFormat, replace_code};
use keyglance_qr::{self as qr, Code};

use super::code_size;
use super::failure::Failure;
use super::farewell::Farewell;
use super::output::{self, Output};
use super::pairing_screen::PairingScreen;
use super::terminal;
use crate::messages;
use crate::messages::terminal::Stage;

/// A place that shows the codes of one message at a time.
pub enum Show {
    /// The terminal, drawn in place.
    Screen(Box<PairingScreen>),
    /// A terminal on which nothing can be drawn in place: each code once.
    Plain { output: Output },
    /// A picture file, replaced at each change.
    File { path: PathBuf, farewell: Farewell },
    /// Lines on standard output.
    Lines { output: Output, farewell: Farewell },
}

/// Where a pairing shows its codes, before anything is shown.
pub enum Place {
    Terminal,
    File(PathBuf),
    Lines,
}

impl Place {
    /// The terminal, if there is one.
    ///
    /// # Errors
    /// [`Failure`] where there is none.
    pub fn terminal() -> Result<Self, Failure> {
        if !output::on_terminal() {
            return Err(Failure::usage("There is no terminal to show our code on.")
                .advise("Use --show FILE.png, or --stdin to pair through pipes."));
        }
        Ok(Self::Terminal)
    }

    /// A picture file, if its ending is known.
    ///
    /// # Errors
    /// [`Failure`] if it is not.
    pub fn file(path: PathBuf) -> Result<Self, Failure> {
        CodeFormat::of_picture(&path)?;
        Ok(Self::File(path))
    }

    /// Whether codes are drawn in place on the terminal.
    pub fn is_screen(&self) -> bool {
        matches!(self, Self::Terminal) && terminal::takes_escapes()
    }

    /// Takes the place. `types` is whether keys are read from standard input there.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub fn begin(self, output: Output, types: bool, pace: Pace) -> Result<Show, Failure> {
        let is_screen = self.is_screen();
        Ok(match self {
            Self::Terminal if is_screen => {
                Show::Screen(Box::new(PairingScreen::begin(types, pace)?))
            }
            Self::Terminal => Show::Plain { output },
            Self::File(path) => Show::File { path, farewell: Farewell::begin() },
            Self::Lines => Show::Lines { output, farewell: Farewell::begin() },
        })
    }
}

impl Show {
    /// Replaces what is shown: one code or, on a screen without room for it, parts of it in
    /// turn; or its text.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be shown.
    pub fn code(&mut self, frame: &Frame) -> Result<(), Failure> {
        match self {
            Self::Screen(screen) => screen.code(frame.clone()),
            Self::Lines { output, .. } => output.text(&format!("{}\n", frame.to_text())),
            Self::File { path, .. } => Ok(replace_code(path, &frame.to_code())?),
            Self::Plain { output } => {
                let (code, style) = (Code::new(&frame.to_code())?, output::code_style(true));
                code_size::check(&code, style, 1, output::terminal_size()).map_err(|error| {
                    Failure::error(messages::sentence(&error))
                        .advise(messages::terminal::ONLY_WHOLE)
                })?;
                output.drawing(&qr::render_terminal(&code, style, 1))
            }
        }
    }

    /// Shows how far it has come: what the stage asks for, and the same in one line for
    /// where there is nothing else to see.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub fn stage(&mut self, stage: Stage, asks: &str, line: &str) -> Result<(), Failure> {
        match self {
            Self::Screen(screen) => {
                asks.clone_into(&mut screen.view.line);
                screen.view.stage = stage;
                (screen.view.notice, screen.view.theirs) = (None, None);
                screen.draw()
            }
            _ => self.notice(line),
        }
    }

    /// Shows what happened: beside the code, or on standard error.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub fn notice(&mut self, text: &str) -> Result<(), Failure> {
        match self {
            Self::Screen(screen) => {
                screen.view.notice = Some(text.to_owned());
                screen.draw()
            }
            Self::Plain { output } => output.text(&format!("{text}\n")),
            Self::File { .. } | Self::Lines { .. } => {
                // Standard output is not a terminal here, so the two do not mix.
                Output::new(false).tell(text);
                Ok(())
            }
        }
    }

    /// Shows how much of the other device's message was read.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub fn part(&mut self, have: u8, count: u8) -> Result<(), Failure> {
        match self {
            Self::Screen(screen) => {
                screen.view.theirs = Some((have, count));
                screen.draw()
            }
            // A line for each would be many.
            _ if have == 1 => self.notice(&format!("Reading theirs, in {count} parts.")),
            _ => Ok(()),
        }
    }

    /// How long nothing changes by itself, at most this.
    pub fn wait(&self, at_most: Duration) -> Duration {
        match self {
            Self::Screen(screen) => screen.wait(at_most),
            _ => at_most,
        }
    }

    /// Carries out what changes what becomes of the pairing, and then what to say of it if
    /// a signal ends the program.
    pub fn tell_truly<T>(&self, act: impl FnOnce() -> (T, String)) -> T {
        match self {
            Self::Screen(screen) => screen.screen.tell_truly(act),
            Self::File { farewell, .. } | Self::Lines { farewell, .. } => farewell.tell_truly(act),
            _ => act().0,
        }
    }
}
