//! The program.

use std::process::ExitCode;

fn main() -> ExitCode {
    keyglance::cli::run(window())
}

/// The faces know nothing of each other: here they meet.
#[cfg(feature = "app")]
fn window() -> Option<keyglance::cli::OpenWindow> {
    Some(|window| {
        let keyglance::cli::Window { profile, watch, screen, show } = window;
        keyglance::app::open(keyglance::app::Options { profile, watch, screen, show })
            .map_err(|error| error.to_string())
    })
}

#[cfg(not(feature = "app"))]
fn window() -> Option<keyglance::cli::OpenWindow> {
    None
}
