//! The raw key in base64.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::labels;

pub(super) const TARGET: Target = Target {
    name: "base64",
    summary: "the raw key in standard base64 (RFC 4648)",
    extension: "b64",
    binary: false,
    post_quantum: false,
    labels: &[labels::RAW],
    danger: "Anyone with this file can read and forge what it protects.",
    usage: &["base64 -d {file} | PROGRAM"],
    undo: &[
        "Replace it in both programs at once; what was encrypted with the old key stays readable with it",
    ],
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let key = context.derive(labels::RAW)?;
        let text = Zeroizing::new(STANDARD.encode(&key[..]));
        Ok(Export::from_text(&[&text, "\n"]))
    },
};
