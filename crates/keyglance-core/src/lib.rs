//! Pairing two devices by codes that they show each other, and the key that
//! they then share.
//!
//! Two devices face each other. Each shows a code and reads the other's; when
//! each has read three, both hold the same key, and each shows six digits of its
//! own. If each person types what the *other* screen shows, and both devices say
//! that it is right, nobody was in the middle. Inside is the Noise handshake `XX` with
//! commitments before any key is shown, over X25519, ML-KEM-768, ChaCha20-Poly1305 and
//! SHA-256.
//!
//! # Where to begin
//!
//! - [`pairing::Session`] is one side of a pairing: it gives the code to show,
//!   and takes the codes that were read. Draw and read them as QR codes, with the
//!   crate `keyglance-qr` or any other.
//! - [`keyfile::KeyFile`] is what a pairing leaves, as a file: derive your
//!   program's own keys from its [`exporter`](keyfile::KeyFile::exporter).
//! - [`exports::Target`] makes a key for another program: age, WireGuard, restic …
//! - [`identifiers::Identifier`] is what a device shares of its other programs' keys, on
//!   a [`pairing::Card`].
//! - [`text::same_name`] says which names look the same, [`text::is_hidden`] which
//!   characters nobody sees.
//! - [`crypto::SafetyNumber`] and [`crypto::FingerprintCode`] verify a device at
//!   any later time; [`contacts::Contact`] and [`trust::Trust`] remember it.
//! - [`keyfile::encrypt_with_passphrase`] and [`keyfile::encrypt_stream`] protect
//!   files in the age format, with a passphrase or with the shared key.
//!
//! The crate is sans-IO: it has no files, threads, clocks or randomness of its
//! own. Time is a [`Duration`](std::time::Duration) since any fixed moment, and
//! the random number generator is yours.
//!
#![cfg_attr(all(feature = "keyfile", feature = "sys-rng"), doc = "```")]
#![cfg_attr(not(all(feature = "keyfile", feature = "sys-rng")), doc = "```ignore")]
//! use std::{error::Error, sync::Arc, time::Duration};
//!
//! use keyglance_core::crypto::{IdentityKey, Purpose};
//! use keyglance_core::keyfile::KeyFile;
//! use keyglance_core::pairing::{CheckEntry, DisplayName, Phase, Session};
//! use keyglance_core::{SysRng, jiff::Timestamp, rand_core::UnwrapErr};
//!
//! # fn main() -> Result<(), Box<dyn Error>> {
//! // Each device has an identity, made once and kept, and a name.
//! let device = |name: &str| -> Result<_, Box<dyn Error>> {
//!     let mut rng = UnwrapErr(SysRng);
//!     let identity = Arc::new(IdentityKey::generate(&mut rng));
//!     Ok(Session::new(identity, DisplayName::new(name)?, rng, Duration::ZERO))
//! };
//! let (mut ana, mut bo) = (device("Ana's laptop")?, device("Bo's laptop")?);
//!
//! // Each looks at the other's screen until both have finished.
//! let mut now = Duration::ZERO;
//! while ana.phase() != Phase::Finished || bo.phase() != Phase::Finished {
//!     now += Duration::from_millis(100);
//!     let shown = bo.code().ok_or("Bo's session failed")?;
//!     ana.handle(now, shown);
//!     let shown = ana.code().ok_or("Ana's session failed")?;
//!     bo.handle(now, shown);
//! }
//! // Each types what the other one's screen shows.
//! let shown = bo.check_code().ok_or("Bo shows no check code")?;
//! assert_eq!(ana.enter_check_code(&shown.to_string()), Some(CheckEntry::Match));
//!
//! // Ana keeps the key in a file that only she can read, and reads it back.
//! let pairing = ana.pairing().ok_or("Ana has no pairing")?;
//! let json = KeyFile::from_pairing(pairing, Timestamp::now()).to_json();
//! let key = KeyFile::from_json(&json)?;
//!
//! // Both derive the same key for a program. Its label is the program's own.
//! let (label, purpose) = ("app org.example.notes", Purpose::new("diary")?);
//! let ours = key.exporter()?.derive32(label, &purpose)?;
//! let theirs = bo.pairing().ok_or("Bo has no pairing")?.exporter()?.derive32(label, &purpose)?;
//! assert_eq!(ours, theirs);
//! # Ok(())
//! # }
//! ```
//!
//! # Store before you show
//!
//! When [`pairing::Session::handle`] gives
//! [`Event::ShowCode`](pairing::Event::ShowCode), first store what
//! [`pairing::Session::pairing`] holds, if anything, so that it survives a crash;
//! only then show the new text. The next code tells the other device that this
//! one holds the key, and what is protected with a key that one side lost can
//! never be opened there. If it cannot be stored, call
//! [`pairing::Session::cancel`] and show nothing more.
//!
//! Until the other device has confirmed that it holds the key, the key is not
//! *acknowledged*: it can be stored and read, and gives no
//! [`exporter`](keyfile::KeyFile::exporter).
//!
//! # Features
//!
//! | feature | gives |
//! |---|---|
//! | none | [`crypto`], [`pairing`], [`text`], [`intake`] and [`outgoing`]: the session alone |
//! | `keyfile` | [`keyfile`], [`contacts`], [`trust`], [`identifiers`] |
//! | `exports` (default) | [`exports`]; with it `keyfile` |
//! | `paper` | secrets in shares, as words on paper; with it `exports` |
//! | `age` | passphrase files and sealing; with it `exports` |
//! | `sys-rng` (default) | [`SysRng`], the operating system's random numbers |
//! | `test-util` | hostile peers and scripted devices, for tests only; no part of the stable API |
//!
//! Without `sys-rng` the crate builds for `wasm32-unknown-unknown`.
//!
//! # Threads
//!
//! Every type is `Send` and `Sync`; [`pairing::Session`] is so if its random
//! number generator is.
#![cfg_attr(docsrs, feature(doc_cfg))]
// The page above names what every feature gives.
#![cfg_attr(not(all(feature = "age", feature = "sys-rng")), allow(rustdoc::broken_intra_doc_links))]

#[cfg(feature = "exports")]
pub mod challenge;
#[cfg(feature = "keyfile")]
pub mod contacts;
pub mod crypto;
mod encoding;
#[cfg(feature = "exports")]
pub mod exports;
#[cfg(feature = "keyfile")]
pub mod identifiers;
pub mod intake;
#[cfg(feature = "keyfile")]
pub mod keyfile;
pub mod outgoing;
pub mod pairing;
#[cfg(feature = "paper")]
pub mod paper;
#[cfg(feature = "test-util")]
pub mod test_util;
pub mod text;
#[cfg(feature = "keyfile")]
pub mod trust;
#[cfg(feature = "exports")]
pub mod words;

// The crates whose types stand in signatures.
#[cfg(feature = "sys-rng")]
pub use getrandom::SysRng;
#[cfg(feature = "keyfile")]
pub use jiff;
pub use rand_core;
#[cfg(feature = "keyfile")]
pub use serde_json;
pub use zeroize;
