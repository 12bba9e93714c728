//! The page that the window begins with.

pub fn no_contact_is_called(text: &str) -> String {
    format!("No contact is called \u{201c}{text}\u{201d}.")
}
