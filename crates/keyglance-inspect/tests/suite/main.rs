//! One binary, a module a capability.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod compare;
mod decoded;
mod guide;
mod hostile;
mod kinds;
mod noise;
mod ordinary;
mod published;
mod samples;
mod warnings;
mod words;
