//! An X25519 identity for age and rage, the same on both devices.

use bech32::{Bech32, Hrp};
use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::{DeriveError, IdentityKey, Purpose, labels};
use crate::keyfile::KeyFile;

pub(super) const TARGET: Target = Target {
    name: "age",
    summary: "an identity for age and rage, and its recipient",
    extension: "age.txt",
    binary: false,
    danger: "Anyone with this file can decrypt what was encrypted to its recipient.",
    usage: &["age -r \"$(cat {file}.pub)\" -o SECRET.age SECRET", "age -d -i {file} SECRET.age"],
    scanned_by: Some("any code scanner, which shows the identity as text"),
    options: &[],
    build: |context| {
        let secret = context.derive(labels::AGE_X25519)?;
        let public = IdentityKey::from_secret_bytes(&secret);
        // Bech32 refuses only lengths that 32 bytes are far below.
        let recipient =
            bech32::encode_lower::<Bech32>(Hrp::parse_unchecked("age"), public.public().as_bytes())
                .unwrap_or_default();
        let identity = encode(&secret);
        let created = context.key.created.to_string();
        let export = Export::from_text(&[
            "# created: ",
            &created,
            "\n# public key: ",
            &recipient,
            "\n",
            &identity,
            "\n",
        ]);
        Ok(Export { public: Some(("pub", recipient + "\n")), ..export })
    },
};

/// The identity's one line.
pub(crate) fn identity(key: &KeyFile, purpose: &Purpose) -> Result<Zeroizing<String>, DeriveError> {
    let secret = key.exporter().derive32(labels::AGE_X25519, purpose)?;
    Ok(encode(&secret))
}

fn encode(secret: &[u8; 32]) -> Zeroizing<String> {
    let hrp = Hrp::parse_unchecked("age-secret-key-");
    Zeroizing::new(bech32::encode_upper::<Bech32>(hrp, secret).unwrap_or_default())
}
