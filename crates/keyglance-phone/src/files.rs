//! Files sealed with the key, and opened: streams that the page reads and writes.

use std::io::{Read, Write};

use keyglance_core::crypto::Purpose;
use keyglance_core::keyfile::{SealedBy, UnknownSealer, decrypt_stream, encrypt_stream};
use serde_json::{Value, json};

use crate::Error;
use crate::key::HeldKey;

/// Seals all of `from` into `to`.
pub(crate) fn seal(
    key: &HeldKey,
    purpose: &str,
    from: impl Read,
    to: impl Write,
) -> Result<Value, Error> {
    let purpose = Purpose::new(purpose)?;
    let bytes = encrypt_stream(key.file(), &purpose, from, to, |_| ())?;
    Ok(json!({ "bytes": bytes }))
}

/// Opens all of `from` into `to`: what was sealed for one of `purposes`, a line each, or for
/// none.
pub(crate) fn open(
    key: &HeldKey,
    purposes: &str,
    from: impl Read,
    to: impl Write,
) -> Result<Value, Error> {
    let mut tries = vec![Purpose::none()];
    for line in purposes.split('\n') {
        let purpose = Purpose::new(line)?;
        if !tries.contains(&purpose) {
            tries.push(purpose);
        }
    }
    let keys: Vec<_> = tries.iter().map(|purpose| (key.file(), purpose)).collect();
    let opened = decrypt_stream(&keys, from, to, |_| ())?;
    let (sealed_by, why) = sealer(opened.sealed_by);
    Ok(json!({ "bytes": opened.bytes, "sealed_by": sealed_by, "why": why }))
}

const fn sealer(sealed_by: SealedBy) -> (&'static str, Option<&'static str>) {
    match sealed_by {
        SealedBy::Peer => ("peer", None),
        SealedBy::Local => ("this-device", None),
        SealedBy::Unknown(UnknownSealer::OtherRecipients) => ("unknown", Some("other-recipients")),
        SealedBy::Unknown(UnknownSealer::PublicRecipient) => ("unknown", Some("public-recipient")),
        _ => ("unknown", None),
    }
}
