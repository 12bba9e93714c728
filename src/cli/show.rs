//! Where our code is shown.

use std::io;
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::output::{self, Output};
use keyglance_profile::{Access, replace_file};
use keyglance_qr::{self as qr, Code, TerminalStyle};

/// A place that shows one code at a time.
#[derive(Debug)]
pub enum Show {
    /// The terminal, drawn again in place.
    Terminal { output: Output, style: TerminalStyle, code: String, status: String },
    /// A picture file, replaced at each change.
    File { path: PathBuf, svg: bool },
    /// Lines on standard output.
    Lines { output: Output },
}

/// Pixels a module of a code in a file.
pub const SCALE: u32 = 8;

impl Show {
    pub fn terminal(output: Output) -> Result<Self, Failure> {
        if !output::on_terminal() {
            return Err(Failure::usage("there is no terminal to show our code on")
                .advise("Use --show FILE.png, or --stdin to pair through pipes."));
        }
        let style = if output::colours() { TerminalStyle::Colour } else { TerminalStyle::Plain };
        Ok(Self::Terminal { output, style, code: String::new(), status: String::new() })
    }

    pub fn file(path: PathBuf) -> Result<Self, Failure> {
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        let svg = match ending.as_deref() {
            Some("png") => false,
            Some("svg") => true,
            _ => {
                return Err(Failure::usage(format!(
                    "{} ends in neither .png nor .svg",
                    path.display()
                )));
            }
        };
        Ok(Self::File { path, svg })
    }

    /// Shows `text` as a code from now on.
    pub fn code(&mut self, text: &str) -> Result<(), Failure> {
        match self {
            Self::Lines { output } => output.text(&format!("{text}\n")),
            Self::File { path, svg } => {
                let code = Code::new(text)?;
                let bytes = if *svg {
                    qr::render_svg(&code).into_bytes()
                } else {
                    qr::render_png(&code, SCALE)?
                };
                replace_file(path, &bytes, Access::Shared)
                    .map_err(|error| write_failed(path, &error))
            }
            Self::Terminal { style, code, .. } => {
                *code = qr::render_terminal(&Code::new(text)?, *style);
                self.draw()
            }
        }
    }

    /// Says where things stand: below the code on a terminal, else on standard error.
    pub fn status(&mut self, text: &str) -> Result<(), Failure> {
        match self {
            Self::Terminal { status, .. } => {
                text.clone_into(status);
                self.draw()
            }
            Self::File { .. } | Self::Lines { .. } => {
                // Nothing is on standard output, so this cannot disturb.
                Output::new(false).tell(text);
                Ok(())
            }
        }
    }

    fn draw(&self) -> Result<(), Failure> {
        let Self::Terminal { output, code, status, .. } = self else { return Ok(()) };
        // Home, then clear to the end: no scrolling, no flicker of old rows.
        output.text(&format!("\x1b[H\x1b[2J{code}{status}\n"))
    }
}

pub fn write_failed(path: &Path, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Failure::error(format!("{} is already there", path.display()))
                .advise("Nothing was written. Choose another name with --out FILE.")
        }
        kind => Failure::error(format!("{} could not be written: {kind}", path.display())),
    }
}
