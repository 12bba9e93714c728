//! An X25519 private key as PKCS#8 (RFC 8410), and its public key.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::{IdentityKey, labels};

/// DER of `PrivateKeyInfo` up to the key's 32 bytes.
const PRIVATE: &[u8] = &[
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20,
];
/// DER of `SubjectPublicKeyInfo` up to the key's 32 bytes.
const PUBLIC: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00];

pub(super) const TARGET: Target = Target {
    name: "pem-x25519",
    summary: "an X25519 private key in PEM that both devices hold (advanced)",
    extension: "pem",
    binary: false,
    post_quantum: false,
    labels: &[labels::PEM_X25519],
    danger: "This is a private key that both devices hold: anyone with this file can act as either.",
    usage: &["openssl pkeyutl -derive -inkey {file} -peerkey THEIRS.pem -out SECRET"],
    undo: &[
        "Replace it in both programs at once; what was encrypted with the old key stays readable with it",
    ],
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let key = context.derive(labels::PEM_X25519)?;
        let public = IdentityKey::from_secret_bytes(&key);
        let public = STANDARD.encode([PUBLIC, public.public().as_bytes()].concat());
        let private = Zeroizing::new([PRIVATE, &key[..]].concat());
        let private = Zeroizing::new(STANDARD.encode(&private[..]));
        let export = Export::from_text(&[
            "-----BEGIN PRIVATE KEY-----\n",
            &private,
            "\n-----END PRIVATE KEY-----\n",
        ]);
        let public = format!("-----BEGIN PUBLIC KEY-----\n{public}\n-----END PUBLIC KEY-----\n");
        Ok(Export { public: Some(("pub", public)), ..export })
    },
};
