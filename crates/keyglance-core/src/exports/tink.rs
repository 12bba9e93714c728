//! A cleartext Tink keyset with one AES-256-GCM key.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::labels;

pub(super) const TARGET: Target = Target {
    name: "tink",
    summary: "a keyset for Tink: AEAD, AES-256-GCM",
    extension: "tink.json",
    binary: false,
    post_quantum: false,
    labels: &[labels::TINK_AES_GCM, labels::TINK_KEY_ID],
    danger: "Anyone with this file can read and forge what it protects.",
    usage: &[
        "In Python, with import tink and from tink import secret_key_access: tink.json_proto_keyset_format.parse(open({python}).read(), secret_key_access.TOKEN)",
    ],
    undo: &[
        "Replace it in both programs at once; what was encrypted with the old key stays readable with it",
    ],
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let key = context.derive(labels::TINK_AES_GCM)?;
        // Stands before each ciphertext, so both devices need the same one; not 0.
        let mut id = [0; 4];
        context.fill(labels::TINK_KEY_ID, &mut id)?;
        let id = u32::from_be_bytes(id).max(1).to_string();
        // Protobuf AesGcmKey: its field 3 is the key.
        let value = Zeroizing::new([&[0x1a, 32], &key[..]].concat());
        let value = Zeroizing::new(STANDARD.encode(&value[..]));
        Ok(Export::from_text(&[
            "{\"primaryKeyId\":",
            &id,
            ",\"key\":[{\"keyData\":{\"typeUrl\":\"type.googleapis.com/google.crypto.tink.AesGcmKey\",\
             \"value\":\"",
            &value,
            "\",\"keyMaterialType\":\"SYMMETRIC\"},\"status\":\"ENABLED\",\"keyId\":",
            &id,
            ",\"outputPrefixType\":\"TINK\"}]}",
        ]))
    },
};
