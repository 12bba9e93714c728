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

mod api;
mod attacks;
mod challenge;
mod exports;
mod frames;
mod guessing;
mod identifiers;
mod intake;
mod kem;
mod keyfile;
mod oracle;
mod paper;
mod sealing;
mod shared;
mod sight;
mod vectors;
