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

#[cfg(feature = "camera")]
mod cameras;
mod inspected;
mod picture_files;
#[cfg(all(feature = "screen", target_os = "linux"))]
mod portal;
mod reading;
mod samples;
#[cfg(all(feature = "screen", target_os = "linux"))]
mod screen;
mod simulated;
mod watched_picture;
