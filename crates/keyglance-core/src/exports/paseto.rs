//! A PASETO v4.local key, as PASERK.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::labels;

pub(super) const TARGET: Target = Target {
    name: "paseto",
    summary: "a PASETO v4.local key, as PASERK",
    extension: "paserk",
    binary: false,
    post_quantum: false,
    labels: &[labels::PASETO_V4_LOCAL],
    danger: "Anyone with this file can read and make tokens.",
    usage: &["In Python: pyseto.Key.from_paserk(open({python}).read())"],
    undo: &[
        "Replace it in both programs at once; what was encrypted with the old key stays readable with it",
    ],
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let key = context.derive(labels::PASETO_V4_LOCAL)?;
        let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(&key[..]));
        Ok(Export::from_text(&["k4.local.", &text]))
    },
};
