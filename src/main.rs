//! The program: a window and a command line over the libraries.

// This is a binary crate: `pub` means visible to its other modules.
#![allow(unreachable_pub)]

#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "gui")]
mod gui;
mod messages;
#[cfg(feature = "gui")]
mod sound;

use std::process::ExitCode;

#[cfg(feature = "cli")]
fn main() -> ExitCode {
    cli::run(window())
}

/// The two faces do not know each other; this connects them.
#[cfg(all(feature = "cli", feature = "gui"))]
fn window() -> Option<cli::OpenWindow> {
    Some(|window| {
        let cli::Window { profile, watch, screen, show } = window;
        gui::open(gui::Options { profile, watch, screen, show }).map_err(|error| error.to_string())
    })
}

#[cfg(all(feature = "cli", not(feature = "gui")))]
fn window() -> Option<cli::OpenWindow> {
    None
}
