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
mod backups;
#[cfg(target_os = "linux")]
mod cards;
mod challenge;
mod cli;
#[cfg(unix)]
mod codes;
mod consumer;
mod demo;
mod dependencies;
#[cfg(all(feature = "gui", feature = "screen", target_os = "linux"))]
mod doctor;
mod documents;
mod fuzz;
#[cfg(unix)]
mod get;
mod inspect;
#[cfg(target_os = "linux")]
mod interop;
#[cfg(target_os = "linux")]
mod kills;
mod layers;
mod manners;
#[cfg(target_os = "linux")]
mod missing_packages;
#[cfg(all(target_os = "linux", feature = "cli"))]
mod packages;
#[cfg(unix)]
mod paper;
#[cfg(target_os = "linux")]
mod phone;
#[cfg(target_os = "linux")]
mod places;
mod post_quantum;
mod program;
mod programs;
#[cfg(target_os = "linux")]
mod pseudo_terminal;
mod scanned_texts;
#[cfg(all(feature = "screen", target_os = "linux"))]
mod screen;
#[cfg(all(feature = "gui", feature = "screen", target_os = "linux"))]
mod screen_reader;
mod sealing;
mod security;
#[cfg(all(feature = "gui", feature = "screen", target_os = "linux"))]
mod start;
#[cfg(unix)]
mod systems;
#[cfg(target_os = "linux")]
mod terminal_codes;
mod terminal_emulator;
#[cfg(target_os = "linux")]
mod terminal_pairing;
#[cfg(target_os = "linux")]
mod terminals;
#[cfg(all(unix, feature = "cli"))]
mod texts;
mod they_shared;
mod trust;
mod verify;
#[cfg(all(feature = "gui", feature = "screen", target_os = "linux"))]
mod window_walk;
#[cfg(all(feature = "gui", feature = "screen", target_os = "linux"))]
mod windows;
mod words;
