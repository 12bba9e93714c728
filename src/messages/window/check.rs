//! Checking a contact: whom.

pub const CHECK_A_CONTACT: &str = "Check a contact";
pub const WHO: &str = "Who?";
pub const NOT_IN_THE_LIST: &str = "Not in the list? Add somebody by a code or public key…";
