//! The places where our code is shown.

use std::path::PathBuf;

use super::failure::Failure;
use super::output::{self, Output};
use super::terminal;
use keyglance_profile::{CodeFormat, replace_code};
use keyglance_qr::{self as qr, Code, TerminalStyle};

/// A place that shows one code at a time.
#[derive(Debug)]
pub enum Show {
    /// The terminal, drawn again in place.
    Terminal { output: Output, style: TerminalStyle, code: String, status: String },
    /// A picture file, replaced at each change.
    File { path: PathBuf },
    /// Lines on standard output.
    Lines { output: Output },
}

impl Show {
    pub fn terminal(output: Output) -> Result<Self, Failure> {
        if !output::on_terminal() {
            return Err(Failure::usage("there is no terminal to show our code on")
                .advise("Use --show FILE.png, or --stdin to pair through pipes."));
        }
        let style = output::code_style(true);
        Ok(Self::Terminal { output, style, code: String::new(), status: String::new() })
    }

    pub fn file(path: PathBuf) -> Result<Self, Failure> {
        CodeFormat::of_picture(&path)?;
        Ok(Self::File { path })
    }

    /// Replaces what is shown: a QR code, or its text.
    pub fn code(&mut self, symbol: &str, text: &str) -> Result<(), Failure> {
        match self {
            Self::Lines { output } => output.text(&format!("{text}\n")),
            Self::File { path } => Ok(replace_code(path, symbol)?),
            Self::Terminal { style, code, .. } => {
                *code = qr::render_terminal(&Code::new(symbol)?, *style, 1);
                self.draw()
            }
        }
    }

    /// Shows a status: below the code on a terminal, else on standard error.
    pub fn status(&mut self, text: &str) -> Result<(), Failure> {
        match self {
            Self::Terminal { status, .. } => {
                text.clone_into(status);
                if terminal::takes_escapes() { self.draw() } else { self.status_alone() }
            }
            Self::File { .. } | Self::Lines { .. } => {
                // Standard output is not a terminal here, so the two do not mix.
                Output::new(false).tell(text);
                Ok(())
            }
        }
    }

    fn draw(&self) -> Result<(), Failure> {
        let Self::Terminal { output, code, status, .. } = self else { return Ok(()) };
        // Moves the cursor home and clears the screen, without scrolling.
        let clear = if terminal::takes_escapes() { "\x1b[H\x1b[2J" } else { "" };
        output.drawing(&format!("{clear}{code}{}\n", terminal::shown(status, true)))
    }

    /// Where nothing can be drawn again in place, a new status does not repeat the code.
    fn status_alone(&self) -> Result<(), Failure> {
        let Self::Terminal { output, status, .. } = self else { return Ok(()) };
        output.text(&format!("{status}\n"))
    }
}
