//! The kinds, a file a family.

pub(crate) mod fallback;
pub(crate) mod ours;
