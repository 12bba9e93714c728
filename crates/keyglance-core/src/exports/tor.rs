//! Client authorization of a Tor onion service (rend-spec-v3, appendix G): who
//! holds the client's half can reach the service, nobody else even finds it.

use data_encoding::BASE32_NOPAD;
use sha3::{Digest as _, Sha3_256};
use zeroize::Zeroizing;

use super::{Export, OptionError, OptionKind, Target, TargetOption};
use crate::crypto::{IdentityKey, labels};

const ONION: TargetOption = TargetOption {
    name: "onion",
    summary: "the address of the service, which its hostname file has",
    kind: OptionKind::Text(""),
};

/// An address as a browser shows it, path and all.
const MOST: usize = 2048;

pub(super) const CLIENT: Target = Target {
    name: "tor-client-auth",
    summary: "the client's half for a Tor onion service that the other device runs",
    extension: "auth_private",
    binary: false,
    post_quantum: false,
    labels: &[labels::TOR_CLIENT_AUTH],
    danger: "Anyone with this file can reach the onion service.",
    usage: &[
        "Put {path} into the folder that ClientOnionAuthDir in torrc names, and let Tor's user own it",
        "sudo systemctl reload tor",
    ],
    undo: &[
        "On the side of the service, delete its file in authorized_clients, which alone lets anybody in",
        "Delete the old file before you put a new one there: with two for one address Tor ends",
        "sudo systemctl reload tor",
    ],
    shared: None,
    scanned_by: None,
    options: &[ONION],
    build: |context| {
        let address = service_of(&context.options.text(&ONION, MOST)?)?;
        let key = context.derive(labels::TOR_CLIENT_AUTH)?;
        let key = Zeroizing::new(BASE32_NOPAD.encode(&key[..]));
        Ok(Export::from_text(&[&address, ":descriptor:x25519:", &key]))
    },
};

pub(super) const SERVICE: Target = Target {
    name: "tor-service-auth",
    summary: "the service's half, on the device that runs the Tor onion service",
    extension: "auth",
    binary: false,
    post_quantum: false,
    labels: &[labels::TOR_CLIENT_AUTH],
    danger: "This half is public; who can write beside it decides who reaches the service.",
    usage: &[
        "Put {path} into the folder authorized_clients in HiddenServiceDir, and let Tor's user own it",
        "sudo systemctl reload tor",
    ],
    undo: &["Delete the file in authorized_clients", "sudo systemctl reload tor"],
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let key = IdentityKey::from_secret_bytes(&context.derive(labels::TOR_CLIENT_AUTH)?);
        let public = BASE32_NOPAD.encode(key.public().as_bytes());
        Ok(Export::from_text(&["descriptor:x25519:", &public]))
    },
};

/// The service in an address as people copy it: with a scheme, subdomains, a port, a path.
/// A mistyped one is found by its checksum (rend-spec-v3, 6).
fn service_of(text: &str) -> Result<String, super::ExportError> {
    let address = text.to_lowercase();
    let address = address.split_once("://").map_or(&*address, |(_, rest)| rest);
    let host = address.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    let host = host.strip_suffix(".onion").unwrap_or(host);
    let service = host.rsplit('.').next().unwrap_or_default();
    let bytes = BASE32_NOPAD.decode(service.to_uppercase().as_bytes()).unwrap_or_default();
    let Ok(bytes) = <[u8; 35]>::try_from(bytes) else {
        return Err(ONION.error(OptionError::Onion));
    };
    let [key @ .., one, two, version] = bytes;
    let checksum = Sha3_256::new()
        .chain_update(".onion checksum")
        .chain_update(key)
        .chain_update([version])
        .finalize();
    if version != 3 {
        return Err(ONION.error(OptionError::Onion));
    }
    if !checksum.starts_with(&[one, two]) {
        return Err(ONION.error(OptionError::Mistyped));
    }
    Ok(service.to_owned())
}
