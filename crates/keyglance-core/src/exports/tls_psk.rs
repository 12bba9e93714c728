//! A TLS pre-shared key, under the identity `pair`.

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::labels;

pub(super) const TARGET: Target = Target {
    name: "tls-psk",
    summary: "a TLS pre-shared key for stunnel, mosquitto, openssl",
    extension: "psk.txt",
    binary: false,
    post_quantum: false,
    labels: &[labels::TLS_PSK],
    danger: "Anyone with this file can connect as either side, and stand between them.",
    usage: &[
        "In stunnel.conf, on both sides: ciphers = PSK and PSKsecrets = {path}; on the client: PSKidentity = pair",
        "In mosquitto.conf: psk_file {path} and psk_hint pair and use_identity_as_username true",
        "In ~/.config/mosquitto_sub and mosquitto_pub, mode 600: --psk-identity pair and --psk with the digits after the colon",
    ],
    undo: &[
        "Put the new file in the place of the old one on both sides, and start the programs again",
    ],
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let key = context.derive(labels::TLS_PSK)?;
        let digits = Zeroizing::new(HEXLOWER.encode(&key[..]));
        Ok(Export::from_text(&["pair:", &digits, "\n"]))
    },
};
