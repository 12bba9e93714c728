//! Stands in for the crate by which the age library looks its messages up in eight
//! languages.
//!
//! No message of that library is ever shown: its errors become variants of our own. So the
//! name of a message is enough for a text, and what would look it up, a tenth of the phone
//! page, is left out. Builds of `keyglance-core` elsewhere have the crate
//! itself, and behave the same.

/// The name of the message, in place of its text.
#[macro_export]
macro_rules! fl {
    ($loader:expr, $message:literal $(, $argument:expr)* $(,)?) => {
        ::std::string::String::from($message)
    };
}
