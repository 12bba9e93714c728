//! What happened, and what to do about it: for every error that a face shows. The libraries
//! say what they know; what the system says is for programmers, and is put plainly here.
//!
//! Both faces say the same of what happened. What to do is a button in the window, and an
//! option or a command in a terminal: [`Face`] is that difference, and no other.

mod capture;
mod card;
#[cfg(feature = "gui")]
mod display;
mod exports;
mod files;
mod paper;
mod phone_page;
mod profile;
#[cfg(test)]
mod tests;

use std::fmt::Display;
use std::path::Path;

use keyglance_core::text::begin_large;
use keyglance_profile::{printable, printable_path};

#[cfg(feature = "cli")]
pub use capture::picture;
#[cfg(feature = "gui")]
pub use exports::NOTHING_EXPORTED;
pub use files::read_failed;
#[cfg(feature = "cli")]
pub use files::{file_state, write_failed};

/// What happened, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    pub what: String,
    pub advice: String,
}

impl Notification {
    pub fn new(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { what: what.into(), advice: advice.into() }
    }

    /// Both in one line.
    #[cfg(feature = "gui")]
    pub fn whole(&self) -> String {
        if self.advice.is_empty() {
            self.what.clone()
        } else {
            format!("{} {}", self.what, self.advice)
        }
    }
}

/// Where it is said.
#[cfg_attr(not(all(feature = "cli", feature = "gui")), allow(dead_code))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Window,
    Terminal,
}

impl Face {
    /// What is said in one of the two.
    fn choose<T>(self, window: T, terminal: T) -> T {
        match self {
            Self::Window => window,
            Self::Terminal => terminal,
        }
    }

    /// A file: in a terminal by the path that was typed, in the window by its name.
    fn file(self, path: &Path) -> String {
        match self {
            Self::Window => printable_path(path.file_name().map(Path::new).unwrap_or(path)),
            Self::Terminal => printable_path(path),
        }
    }

    /// A name within a sentence.
    fn named(self, name: &str) -> String {
        let name = printable(name);
        let [open, close] = self.choose(["“", "”"], ["\""; 2]);
        format!("{open}{name}{close}")
    }
}

/// An error that the faces can explain.
pub trait Explain {
    /// What happened and what to do about it, in sentences.
    fn explain(&self, face: Face) -> Notification;
}

/// An error's text as a sentence: with a capital letter and a full stop.
pub fn sentence(error: &(impl Display + ?Sized)) -> String {
    let text = error.to_string();
    // Some are sentences already.
    format!("{}.", begin_large(text.trim_end_matches('.')))
}

const UNCHANGED: &str = "Nothing was changed.";
const UNWRITTEN: &str = "Nothing was written.";
const NO_SPACE: &str = "Nothing was changed. Free some space, then try again.";
const UPDATE: &str = "Nothing was changed. Update Keyglance, then try again.";
