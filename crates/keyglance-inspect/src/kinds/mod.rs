//! The kinds, a file a family.

pub(crate) mod age;
pub(crate) mod briar;
pub(crate) mod deltachat;
pub(crate) mod devices;
pub(crate) mod fallback;
pub(crate) mod identities;
pub(crate) mod jwk;
pub(crate) mod matrix;
pub(crate) mod money;
pub(crate) mod networks;
pub(crate) mod nostr;
pub(crate) mod openpgp;
pub(crate) mod ours;
pub(crate) mod peers;
pub(crate) mod pem;
pub(crate) mod phone;
pub(crate) mod signal;
pub(crate) mod signin;
pub(crate) mod simplex;
pub(crate) mod ssh;
pub(crate) mod threema;
pub(crate) mod tor;
pub(crate) mod words;
pub(crate) mod xmpp;
