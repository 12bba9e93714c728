//! Why there is no window.

use std::ffi::OsStr;
use std::path::Path;

use keyglance_profile::printable_path;

use super::Server;

/// Why no window was opened, or why it did not stay open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisplayError {
    /// Nothing in the environment names one.
    #[cfg_attr(not(all(unix, not(target_os = "macos"))), allow(dead_code))]
    #[error("there is no display to open a window on")]
    NoDisplay,
    /// One is named and does not answer, or does not let us in.
    #[error("the display {name} does not answer")]
    Unreachable {
        /// As the environment has it.
        name: String,
    },
    /// A library that this server's windows need.
    #[cfg_attr(not(all(unix, not(target_os = "macos"))), allow(dead_code))]
    #[error("the library {name} is missing")]
    Library {
        /// Its file.
        name: &'static str,
        /// For windows on which server.
        server: Server,
    },
    /// Nothing draws.
    #[error("this computer has no working OpenGL")]
    NoOpenGl,
    /// Something else refused.
    #[error("the window could not be opened ({0})")]
    Refused(Cause),
    /// It was open, and what it was open on went away.
    #[error("the desktop closed the window")]
    Lost,
    /// It was open, and the program made a mistake.
    #[error("the window was closed by a fault in the program")]
    Fault,
}

/// What refused a window, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    #[error("the desktop refused it")]
    Desktop,
    #[error("a fault in the program")]
    Program,
}

impl DisplayError {
    /// A display of this name that does not answer.
    #[cfg_attr(not(all(unix, not(target_os = "macos"))), allow(dead_code))]
    pub fn unreachable(name: &OsStr) -> Self {
        Self::Unreachable { name: printable_path(Path::new(name)) }
    }
}
