//! Our own key file.

use super::{Export, Target};

pub(super) const TARGET: Target = Target {
    name: "keyglance",
    summary: "the whole shared key, for another Keyglance or a program built on its library",
    extension: "keyglance",
    binary: false,
    post_quantum: false,
    labels: &[],
    danger: "Anyone with this file has every key that was or will be derived from this pairing.",
    usage: &["keyglance keys check {file}", "keyglance import {file}"],
    undo: &["Pair again, and export anew for each program: every other key follows from this one"],
    // One photograph would give away all the others.
    shared: None,
    scanned_by: None,
    options: &[],
    // A purpose belongs to what is derived; this is what it is derived from.
    build: |context| Ok(Export::from_bytes(context.key.to_json())),
};
