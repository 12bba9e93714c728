//! Client authorization of a Tor onion service (rend-spec-v3, appendix G): who
//! holds the client's half can reach the service, nobody else even finds it.

use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

use super::{Export, OptionError, OptionKind, Target, TargetOption};
use crate::crypto::{IdentityKey, labels};

const ONION: TargetOption = TargetOption {
    name: "onion",
    summary: "the address of the service, which its hostname file has",
    kind: OptionKind::Text(""),
};

pub(super) const CLIENT: Target = Target {
    name: "tor-client-auth",
    summary: "the client's half for a Tor onion service that the other device runs",
    extension: "auth_private",
    binary: false,
    post_quantum: false,
    danger: "Anyone with this file can reach the onion service.",
    usage: &[
        "Put {path} into the folder that ClientOnionAuthDir in torrc names, then: systemctl reload tor",
    ],
    scanned_by: None,
    options: &[ONION],
    build: |context| {
        let address = context.options.text(&ONION, 128)?.to_lowercase();
        let address = address.strip_suffix(".onion").unwrap_or(&address);
        // RFC 4648 base32 in lower case; version 3 addresses end in d.
        let fits = |b: u8| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b);
        if address.len() != 56 || !address.ends_with('d') || !address.bytes().all(fits) {
            return Err(ONION.error(OptionError::Onion));
        }
        let key = context.derive(labels::TOR_CLIENT_AUTH)?;
        let key = Zeroizing::new(BASE32_NOPAD.encode(&key[..]));
        Ok(Export::from_text(&[address, ":descriptor:x25519:", &key]))
    },
};

pub(super) const SERVICE: Target = Target {
    name: "tor-service-auth",
    summary: "the service's half, on the device that runs the Tor onion service",
    extension: "auth",
    binary: false,
    post_quantum: false,
    danger: "This half is public; who can write beside it decides who reaches the service.",
    usage: &[
        "Put {path} into the folder authorized_clients in HiddenServiceDir, then: systemctl reload tor",
    ],
    scanned_by: None,
    options: &[],
    build: |context| {
        let key = IdentityKey::from_secret_bytes(&context.derive(labels::TOR_CLIENT_AUTH)?);
        let public = BASE32_NOPAD.encode(key.public().as_bytes());
        Ok(Export::from_text(&["descriptor:x25519:", &public]))
    },
};
