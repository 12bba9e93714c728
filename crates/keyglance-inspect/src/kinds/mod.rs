//! The kinds, a file a family.

pub(crate) mod briar;
pub(crate) mod deltachat;
pub(crate) mod fallback;
pub(crate) mod matrix;
pub(crate) mod nostr;
pub(crate) mod ours;
pub(crate) mod peers;
pub(crate) mod phone;
pub(crate) mod signal;
pub(crate) mod simplex;
pub(crate) mod threema;
pub(crate) mod xmpp;
