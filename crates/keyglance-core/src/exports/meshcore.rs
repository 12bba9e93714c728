//! A MeshCore channel, as the link that its app takes.

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use super::{Export, OptionError, OptionKind, Target, TargetOption};
use crate::crypto::labels;
use crate::intake::percent_encoded;

/// Most bytes of a channel's name: the firmware keeps 32 with the zero at the end.
const MOST: usize = 31;

const CHANNEL: TargetOption = TargetOption {
    name: "channel",
    summary: "the channel's name, at most 31 bytes; the same on both sides",
    kind: OptionKind::Text("Keyglance"),
};

pub(super) const TARGET: Target = Target {
    name: "meshcore",
    summary: "a private channel for MeshCore radios",
    extension: "meshcore.txt",
    binary: false,
    post_quantum: false,
    labels: &[labels::MESHCORE],
    danger: "Anyone with this file can read and write in the channel, also what was recorded earlier.",
    usage: &["In the MeshCore app: scan the code, or open the link in {path}"],
    undo: &["In the MeshCore app, on both sides: delete the channel, and add that of a new export"],
    shared: None,
    scanned_by: Some("the MeshCore app"),
    options: &[CHANNEL],
    build: |context| {
        let name = context.options.text(&CHANNEL, MOST)?;
        // Of such a channel the secret is the name's hash, which everybody knows.
        if name.starts_with('#') {
            return Err(CHANNEL.error(OptionError::PublicChannel));
        }
        let mut secret = Zeroizing::new([0; 16]);
        context.fill(labels::MESHCORE, &mut secret[..])?;
        let digits = Zeroizing::new(HEXLOWER.encode(&secret[..]));
        let name = percent_encoded(&name);
        Ok(Export::from_text(&["meshcore://channel/add?name=", &name, "&secret=", &digits]))
    },
};
