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
#![cfg(unix)]

mod backups;
mod cards;
mod contacts;
mod crashes;
mod file_kinds;
mod lookups;
mod names;
mod own_card;
mod pairing_flow;
mod phone_page;
mod provenance;
mod store;
mod texts;
mod tree;
mod use_cases;
