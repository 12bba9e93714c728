//! What is this code? Whose it is, what is in it part by part, what somebody could do who
//! photographs it, and what it proves of end-to-end encryption.
//!
//! A scan alone proves nothing: one app's code carries both sides' public keys, another's a
//! token that lets a device in, a third's only an address. [`inspect`] tells which from the
//! bytes alone. Nothing is opened, fetched or written: the crate has no files, network,
//! clock or randomness, and the time is the caller's.
//!
//! ```
//! use keyglance_inspect::{Confidence, Evidence, Role, inspect, jiff::Timestamp};
//!
//! let link = "https://mega.nz/folder/ByBQ6lVx#WQB5Jssr-JGIW9k9RihmIw";
//! let verdict = inspect(link.as_bytes(), Timestamp::UNIX_EPOCH);
//! assert_eq!((verdict.app, verdict.kind), ("MEGA", "folder link"));
//! assert_eq!(verdict.confidence, Confidence::Exact);
//! assert_eq!(verdict.evidence, Evidence::Fragment);
//! // Secrets and tokens are told only to those who ask.
//! assert_eq!(verdict.parts[1].role(), Role::Secret);
//! assert_eq!(verdict.parts[1].value(), None);
//! assert_eq!(verdict.parts[1].reveal(), "WQB5Jssr-JGIW9k9RihmIw");
//! ```
//!
//! # What is compared
//!
//! [`compare`] says whether two codes hold the same key, or mirror each other as the safety
//! numbers of two people do; [`expect`] does the same with a pasted key, fingerprint or
//! number in whatever notation. [`guide`] knows how to check in an app.
//!
//! # How sure a verdict is
//!
//! [`Confidence::Exact`] where structure, lengths and checksums hold to the last byte;
//! [`Confidence::Damaged`] where the form is unmistakable and a check fails, or where the
//! host only looks like the app's; [`Confidence::CouldBe`] where nothing can be checked;
//! [`Confidence::None`] for ordinary texts. The first is preferred to the second, and so on;
//! within one the order of the registry decides.

mod compare;
mod engine;
mod finding;
pub mod guide;
mod hosts;
mod input;
mod kinds;
mod known;
mod ordinary;
mod read;
mod registry;
#[cfg(feature = "test-util")]
pub mod test_util;
mod text;
mod verdict;

pub use compare::{Comparison, Outcome, compare, expect};
pub use engine::{MAX_PAYLOAD, inspect};
pub use registry::{KindInfo, ids, kinds};
pub use text::{visible, without_secrets};
pub use verdict::{
    Algorithm, Confidence, Evidence, Part, Photographed, Role, Verdict, Warning, WarningCode,
};

// The crates whose types stand in signatures.
pub use jiff;
pub use serde_json;
