//! What this device stores of pairings, and what may be done with it.

pub mod storage;

pub use storage::*;
