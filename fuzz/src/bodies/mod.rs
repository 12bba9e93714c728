//! What each fuzz target does with its input. The tests of the program run the same
//! functions over the corpora, so that nothing that was found comes back.
//!
//! A body must not panic for any input, but where an assertion of its own fails.

pub mod bitstream;
pub mod contact;
pub mod frame;
pub mod inspect;
pub mod key_file;
pub mod passphrase_file;
pub mod picture;
pub mod profile;
pub mod sealed_file;
pub mod session;
pub mod symbol;
pub mod texts;

/// A target: its name, which is also its corpus's, and its body.
type Target = (&'static str, fn(&[u8]));

/// Every target.
#[allow(dead_code, reason = "the tests use it, the targets do not")]
pub const TARGETS: [Target; 12] = [
    ("bitstream", bitstream::run),
    ("contact", contact::run),
    ("frame", frame::run),
    ("inspect", inspect::run),
    ("key_file", key_file::run),
    ("passphrase_file", passphrase_file::run),
    ("picture", picture::run),
    ("profile", profile::run),
    ("sealed_file", sealed_file::run),
    ("session", session::run),
    ("symbol", symbol::run),
    ("texts", texts::run),
];
