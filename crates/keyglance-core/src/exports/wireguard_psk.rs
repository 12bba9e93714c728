//! A WireGuard pre-shared key: it joins the peers' own keys.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::labels;

pub(super) const TARGET: Target = Target {
    name: "wireguard-psk",
    summary: "a pre-shared key for a WireGuard tunnel that is there already",
    extension: "psk",
    binary: false,
    post_quantum: false,
    labels: &[labels::WIREGUARD_PSK],
    danger: "Anyone with this file has the tunnel's second secret; alone it opens nothing.",
    usage: &["sudo wg set INTERFACE peer KEY preshared-key {file}"],
    undo: &["sudo wg set INTERFACE peer KEY preshared-key NEW"],
    shared: None,
    scanned_by: Some("any code scanner, which shows the key to paste into the WireGuard app"),
    options: &[],
    build: |context| {
        let key = context.derive(labels::WIREGUARD_PSK)?;
        let text = Zeroizing::new(STANDARD.encode(&key[..]));
        Ok(Export::from_text(&[&text, "\n"]))
    },
};
