//! The raw key of an SQLCipher database.

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::labels;

pub(super) const TARGET: Target = Target {
    name: "sqlcipher",
    summary: "the key of an SQLCipher database",
    extension: "sqlcipher",
    binary: false,
    post_quantum: false,
    labels: &[labels::SQLCIPHER],
    danger: "Anyone with this file can read and change the database.",
    usage: &["In the program: PRAGMA key = \"the text of {path}\";"],
    undo: &["In the program: PRAGMA rekey = \"the text of the new file\";"],
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let digits = Zeroizing::new(HEXLOWER.encode(&context.derive(labels::SQLCIPHER)?[..]));
        Ok(Export::from_text(&["x'", &digits, "'"]))
    },
};
