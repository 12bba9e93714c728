//! The files of contacts.

use keyglance_core::contacts::Contact;

/// What is read can be written, and is read again as the same.
pub fn run(data: &[u8]) {
    if let Ok(contact) = Contact::from_json(data) {
        let written = contact.to_json();
        let again = Contact::from_json(&written).unwrap();
        assert_eq!(again.to_json(), written);
        assert_eq!(again.id(), contact.id());
    }
}
