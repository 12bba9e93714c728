//! An OpenVPN static key: it hides and guards the control channel.

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use super::{Export, Target, groups};
use crate::crypto::labels;

pub(super) const TARGET: Target = Target {
    name: "openvpn",
    summary: "a static key for OpenVPN's tls-crypt and tls-auth",
    extension: "ovpn.key",
    binary: false,
    post_quantum: false,
    labels: &[labels::OPENVPN_STATIC],
    danger: "Anyone with this file can see and reach the VPN's control channel; alone it opens no tunnel.",
    usage: &["openvpn --config YOURS.ovpn --tls-crypt {file}"],
    undo: &[
        "Put the new file in the place of the old one on all sides at once, and start OpenVPN again",
    ],
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let mut key = Zeroizing::new([0; 256]);
        context.fill(labels::OPENVPN_STATIC, &mut key[..])?;
        let digits = Zeroizing::new(HEXLOWER.encode(&key[..]));
        let mut parts = vec!["-----BEGIN OpenVPN Static key V1-----\n"];
        for line in groups(&digits, 32) {
            parts.extend([line, "\n"]);
        }
        parts.push("-----END OpenVPN Static key V1-----\n");
        Ok(Export::from_text(&parts))
    },
};
