//! The raw key in hexadecimal.

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::labels;

pub(super) const TARGET: Target = Target {
    name: "hex",
    summary: "the raw key as 64 hexadecimal digits",
    extension: "hex",
    binary: false,
    post_quantum: false,
    labels: &[labels::RAW],
    danger: "Anyone with this file can read and forge what it protects.",
    usage: &["xxd -r -p {file} | PROGRAM"],
    undo: &[
        "Replace it in both programs at once; what was encrypted with the old key stays readable with it",
    ],
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let key = context.derive(labels::RAW)?;
        let digits = Zeroizing::new(HEXLOWER.encode(&key[..]));
        Ok(Export::from_text(&[&digits, "\n"]))
    },
};
