//! A secret on paper, in shares of which some are enough: two of three, say. Fewer say
//! nothing of it, whoever holds them.
//!
//! A share is words to be typed, in the form of SLIP-0039 (one group, extendable, no
//! passphrase), so that other programs of that standard restore the secret too. The field,
//! and the interpolation in it, are those of the crate `vsss-rs`.
//!
//! - [`split`] makes the shares; [`Share::words`] and [`Share::from_words`] are the way to
//!   paper and back, and [`Gathering`] puts them together again.
//! - [`Content`] is what can be kept so: a short secret itself, and anything else sealed under
//!   a secret of its own ([`SealedText`]), which then stands as a code on each page.
//! - [`PageText`] is what a page's code says.

mod content;
mod gathering;
mod page;
mod sealed;
mod share;
mod split;

pub use content::{Content, Kind};
pub use gathering::{Added, GatherError, Gathering};
pub use page::PageText;
pub use sealed::{MAX_SEALED, SealedText};
pub use share::{LIST, SetId, Share, ShareError};
pub use split::{MAX_SECRET, MIN_SECRET, Plan, PlanError, split};
