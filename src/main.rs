//! The program: a window and a command line over the libraries.

// This is a binary crate: `pub` means visible to its other modules.
#![allow(unreachable_pub)]

#[cfg(any(feature = "gui", feature = "cli"))]
mod app_id;
#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "gui")]
mod gui;
#[cfg(any(feature = "gui", feature = "cli"))]
mod hardening;
#[cfg(any(feature = "gui", feature = "cli"))]
mod messages;
#[cfg(any(feature = "gui", feature = "cli"))]
mod screen;
#[cfg(feature = "gui")]
mod sound;

use std::process::ExitCode;

#[cfg(feature = "cli")]
fn main() -> ExitCode {
    messages::date::use_system_time_zone();
    cli::run(window())
}

#[cfg(all(feature = "gui", not(feature = "cli")))]
fn main() -> ExitCode {
    hardening::harden(false);
    messages::date::use_system_time_zone();
    let profile = match keyglance_profile::Profile::locate(
        None,
        std::env::var_os("KEYGLANCE_PROFILE").map(Into::into),
    ) {
        Ok(profile) => profile,
        Err(error) => return fail(&error),
    };
    match gui::open(gui::Options { profile, ..gui::Options::default() }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

#[cfg(all(feature = "gui", not(feature = "cli")))]
fn fail(error: &dyn std::error::Error) -> ExitCode {
    use std::io::Write as _;
    // If standard error is closed, there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "keyglance: {error}");
    ExitCode::FAILURE
}

#[cfg(not(any(feature = "gui", feature = "cli")))]
fn main() -> ExitCode {
    // Built without a face, there is nothing to do.
    ExitCode::FAILURE
}

/// The two faces do not know each other; this connects them.
#[cfg(all(feature = "cli", feature = "gui"))]
fn window() -> Option<cli::OpenWindow> {
    Some(|window| {
        let cli::WindowRequest { profile, watch, screen, show } = window;
        gui::open(gui::Options { profile, watch, screen, show }).map_err(|error| error.to_string())
    })
}

#[cfg(all(feature = "cli", not(feature = "gui")))]
fn window() -> Option<cli::OpenWindow> {
    None
}
