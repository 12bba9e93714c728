//! A symmetric JSON Web Key (RFC 7517).

use ::base64::Engine as _;
use ::base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::labels;

pub(super) const TARGET: Target = Target {
    name: "jwk",
    summary: "a JSON Web Key for jose, jwcrypto and other JOSE programs",
    extension: "jwk",
    binary: false,
    post_quantum: false,
    labels: &[labels::JWK_OCT],
    danger: "Anyone with this file can read and forge what it protects.",
    usage: &[
        "jose jwe enc -I SECRET -k {file} -o SECRET.jwe",
        "jose jwe dec -i SECRET.jwe -k {file} -O SECRET",
    ],
    undo: &[
        "Replace it in both programs at once; what was encrypted with the old key stays readable with it; the new kid tells them apart",
    ],
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let key = Zeroizing::new(URL_SAFE_NO_PAD.encode(&context.derive(labels::JWK_OCT)?[..]));
        // The thumbprint hashes the required members by name, without space (RFC 7638, 3).
        let canonical = Zeroizing::new(["{\"k\":\"", &key, "\",\"kty\":\"oct\"}"].concat());
        let id = URL_SAFE_NO_PAD.encode(Sha256::digest(canonical.as_bytes()));
        Ok(Export::from_text(&[
            "{\"kty\":\"oct\",\"k\":\"",
            &key,
            "\",\"kid\":\"",
            &id,
            "\",\"alg\":\"A256GCM\",\"use\":\"enc\"}",
        ]))
    },
};
