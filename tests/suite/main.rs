//! One binary, a module a capability.
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout
)]

mod apps;
mod attacks;
#[cfg(feature = "cli")]
mod cli;
#[cfg(all(feature = "cli", unix))]
mod codes;
mod common;
#[cfg(unix)]
mod contacts;
#[cfg(unix)]
mod crashes;
#[cfg(feature = "cli")]
mod demo;
mod exports;
mod frames;
#[cfg(all(feature = "cli", target_os = "linux"))]
mod interop;
mod keyfile;
mod oracle;
#[cfg(feature = "cli")]
mod program;
#[cfg(feature = "cli")]
mod programs;
#[cfg(feature = "screen")]
mod screen;
#[cfg(feature = "cli")]
mod sealing;
mod sight;
#[cfg(unix)]
mod store;
mod vectors;
#[cfg(feature = "cli")]
mod verify;
#[cfg(all(feature = "app", target_os = "linux"))]
mod windows;
