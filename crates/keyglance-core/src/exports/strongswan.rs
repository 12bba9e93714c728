//! The secrets of an IKEv2 connection, as strongSwan's swanctl reads them: a pre-shared key
//! and a post-quantum one (RFC 8784).

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{Export, OptionError, OptionKind, Target, TargetOption};
use crate::crypto::labels;

const MOST: usize = 512;

const IDENTITIES: TargetOption = TargetOption {
    name: "id",
    summary: "the two sides' IKE identities, a comma between them; without them the secret serves for every peer that has none of its own",
    kind: OptionKind::Text(""),
};

pub(super) const TARGET: Target = Target {
    name: "strongswan",
    summary: "an IPsec tunnel of strongSwan, safe from later quantum computers",
    extension: "swanctl.conf",
    binary: false,
    post_quantum: false,
    labels: &[labels::IKE_PSK, labels::IKE_PPK],
    danger: "Anyone with this file can stand as either side of the tunnel.",
    usage: &[
        "sudo install -m 600 {file} /etc/swanctl/conf.d/{stem}.conf",
        "sudo swanctl --load-creds",
        "In the connection, on both sides: auth = psk, ppk_id = keyglance, ppk_required = yes",
    ],
    undo: &["sudo rm /etc/swanctl/conf.d/{stem}.conf", "sudo swanctl --load-creds --clear"],
    shared: None,
    scanned_by: None,
    options: &[IDENTITIES],
    build: |context| {
        let mut identities = String::new();
        if context.options.get(IDENTITIES.name).is_some() {
            let given = context.options.text(&IDENTITIES, MOST)?;
            let all: Vec<&str> = given.split(',').map(str::trim).collect();
            if all.len() != 2 || !all.iter().all(|id| is_identity(id)) {
                return Err(IDENTITIES.error(OptionError::Identities));
            }
            for (n, id) in all.iter().enumerate() {
                identities.push_str(&format!("        id-{} = {id}\n", n + 1));
            }
        }
        let psk = Zeroizing::new(STANDARD.encode(&context.derive(labels::IKE_PSK)?[..]));
        let ppk = Zeroizing::new(STANDARD.encode(&context.derive(labels::IKE_PPK)?[..]));
        Ok(Export::from_text(&[
            "secrets {\n    ike-keyglance {\n",
            &identities,
            "        secret = 0s",
            &psk,
            "\n    }\n    ppk-keyglance {\n        id = keyglance\n        secret = 0s",
            &ppk,
            "\n    }\n}\n",
        ]))
    },
};

/// Nothing that swanctl's syntax gives a meaning.
fn is_identity(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"@:.-_=".contains(&b);
    (1..=255).contains(&text.len()) && text.bytes().all(plain)
}
