//! The pairing protocol `keyglance/1`: frames and the session that exchanges them.

mod name;
mod outcome;

pub use name::{DisplayName, NameError};
pub use outcome::{CheckCode, Pairing, Party, Role};
