//! The program: a window and a command line over the libraries.

// This is a binary crate: `pub` means visible to its other modules.
#![allow(unreachable_pub)]

#[cfg(any(feature = "gui", feature = "cli"))]
mod app_id;
#[cfg(any(feature = "gui", feature = "cli"))]
mod awake;
#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "gui")]
mod display;
#[cfg(feature = "gui")]
mod gui;
#[cfg(any(feature = "gui", feature = "cli"))]
mod hardening;
#[cfg(any(feature = "gui", feature = "cli"))]
mod messages;
#[cfg(all(feature = "gui", not(feature = "cli")))]
mod only_window;
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
    let options = gui::Options { profile, ..only_window::arguments(std::env::args_os().skip(1)) };
    match gui::open(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

#[cfg(all(feature = "gui", not(feature = "cli")))]
fn fail(error: &impl messages::Explain) -> ExitCode {
    use std::io::Write as _;
    let messages::Notification { what, advice } = messages::window::explain(error);
    // If standard error is closed, there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{}", format!("keyglance: {what}\n{advice}").trim_end());
    ExitCode::FAILURE
}

#[cfg(not(any(feature = "gui", feature = "cli")))]
fn main() -> ExitCode {
    // Built without a face, there is nothing to do.
    ExitCode::FAILURE
}

/// The two faces do not know each other; this connects them.
#[cfg(all(feature = "cli", feature = "gui"))]
fn window() -> Option<cli::Window> {
    let open = |window| {
        let cli::WindowRequest { profile, watch, screen, show, pair, files, backend, on_x11 } =
            window;
        let server = backend.map(|backend| match backend {
            cli::Backend::Wayland => display::Server::Wayland,
            cli::Backend::X11 => display::Server::X11,
        });
        gui::open(&gui::Options { profile, watch, screen, show, pair, files, server, on_x11 })
            .map_err(|error| cli::NoWindow {
                notification: messages::terminal::explain(&error),
                was_open: matches!(
                    error,
                    display::DisplayError::Lost | display::DisplayError::Fault
                ),
            })
    };
    let graphics = || gui::probe::graphics().map_err(|error| messages::terminal::explain(&error));
    Some(cli::Window {
        open,
        has_display: || display::choose(None).is_ok(),
        graphics,
        unseen: gui::probe::unseen,
    })
}

#[cfg(all(feature = "cli", not(feature = "gui")))]
fn window() -> Option<cli::Window> {
    None
}
