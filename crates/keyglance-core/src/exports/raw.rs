//! 32 raw bytes.

use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::labels;

pub(super) const TARGET: Target = Target {
    name: "raw",
    summary: "32 raw bytes, for cryptsetup, VeraCrypt, libsodium",
    extension: "key",
    binary: true,
    post_quantum: false,
    labels: &[labels::RAW],
    danger: "Anyone with this file can read and forge what it protects.",
    usage: &[
        "sudo cryptsetup luksAddKey DEVICE {file}",
        "sudo cryptsetup open --key-file {file} DEVICE NAME",
        "In VeraCrypt, where it asks for the password: Use keyfiles > Keyfiles > Add Files, and choose {path}",
    ],
    undo: &[
        "sudo cryptsetup luksAddKey --key-file {file} DEVICE NEW",
        "sudo cryptsetup luksRemoveKey DEVICE {file}",
        "In VeraCrypt: Volumes > Add/Remove Keyfiles to/from Volume, and take the new file for {path}",
    ],
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let key = context.derive(labels::RAW)?;
        Ok(Export::from_bytes(Zeroizing::new(key.to_vec())))
    },
};
