//! The program: a window and a command line over the libraries.

// Nothing outside this crate sees what it holds: `pub` is between its modules.
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

/// The faces know nothing of each other: here they meet.
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
