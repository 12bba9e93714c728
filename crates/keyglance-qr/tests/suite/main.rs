//! One binary, a module a subject.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr
)]

mod drawing;
#[path = "../drawn/mod.rs"]
#[allow(dead_code, reason = "the comparison tool draws more")]
mod drawn;
mod kinds;
mod photographs;
mod picture_files;
mod picture_kinds;
mod picture_memory;
mod reading;
mod round_trip;
mod samples;
mod vectors;
mod waiting;
mod work_budget;
