//! The raw key in hexadecimal.

use std::io::Write as _;

use zeroize::Zeroizing;

use super::{Content, Target};
use crate::crypto::labels;

pub(super) const TARGET: Target = Target {
    name: "hex",
    summary: "the raw key as 64 hexadecimal digits",
    extension: "hex",
    binary: false,
    danger: "Anyone with this file can read and forge what it protects.",
    usage: &["xxd -r -p {file} | PROGRAM"],
    make: |key, purpose| {
        let derived = key.exporter().derive32(labels::RAW, purpose)?;
        let mut text = Zeroizing::new(Vec::with_capacity(65));
        for byte in derived.iter() {
            // Writing to memory does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        text.push(b'\n');
        Ok(Content::secret(text))
    },
};
