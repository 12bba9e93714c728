//! The raw key of an SQLCipher database.

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use super::{SecretBytes, Target};
use crate::crypto::labels;

pub(super) const TARGET: Target = Target {
    name: "sqlcipher",
    summary: "the key of an SQLCipher database",
    extension: "sqlcipher",
    binary: false,
    danger: "Anyone with this file can read and change the database.",
    usage: &["In the program: PRAGMA key = \"the text of {file}\";"],
    scanned_by: None,
    choices: &[],
    make: |recipe| {
        let digits = Zeroizing::new(HEXLOWER.encode(&recipe.derive(labels::SQLCIPHER)?[..]));
        Ok(SecretBytes::text(&["x'", &digits, "'"]))
    },
};
