//! Asking each other in a call who one is.

pub use crate::messages::challenge::{IN_A_CALL, NOT_COMPARED};

/// On the page of a contact.
pub const ARE_YOU_YOU: &str = "Are you you?";
pub const YOU_SAY: &str = "You say";
pub const THEY_SAY: &str = "They say";
pub const THEIR_NUMBER: &str = "Six digits that they say";
pub const CHECK: &str = "Check";
pub const ASK_AGAIN: &str = "Ask again";
pub const SEPARATE_KEY: &str = "Separate key…";
pub const WORD: &str = "Word for a separate key, the same on both devices";
pub const USE_WORD: &str = "Use this word";
pub const SECONDS_LEFT: &str = "Seconds until the next number";

/// The heading.
pub fn are_you(name: &str) -> String {
    format!("Are you {name}?")
}

/// How long the number stays.
pub fn new_in(seconds: u64) -> String {
    format!("A new one in {seconds} s")
}

/// Our number for a screen reader, digit by digit.
pub fn spoken(digits: &str) -> String {
    let apart: Vec<_> = digits.chars().map(String::from).collect();
    format!("{YOU_SAY}: {}", apart.join(" "))
}
