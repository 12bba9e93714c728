//! Key files, plain.

use keyglance_core::keyfile::KeyFile;

/// What is read can be written, and is read again as the same.
pub fn run(data: &[u8]) {
    if let Ok(key) = KeyFile::from_json(data) {
        let written = key.to_json();
        let again = KeyFile::from_json(&written).unwrap();
        assert_eq!(*again.to_json(), *written);
        assert_eq!(again.key_id(), key.key_id());
    }
}
