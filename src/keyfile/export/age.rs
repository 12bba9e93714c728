//! An X25519 identity for age and rage, the same on both devices.

use bech32::{Bech32, Hrp};
use zeroize::Zeroizing;

use super::{Content, Export, Target};
use crate::crypto::{DeriveError, IdentityKey, Purpose, labels};
use crate::keyfile::KeyFile;

pub(super) const TARGET: Target = Target {
    name: "age",
    summary: "an identity for age and rage, and its recipient",
    extension: "age.txt",
    binary: false,
    danger: "Anyone with this file can decrypt what was encrypted to its recipient.",
    usage: &["age -r \"$(cat {file}.pub)\" -o SECRET.age SECRET", "age -d -i {file} SECRET.age"],
    make: |key, purpose| {
        let secret: Zeroizing<[u8; 32]> = key.exporter().derive32(labels::AGE_X25519, purpose)?;
        let public = IdentityKey::from_secret_bytes(&secret);
        // Bech32 refuses only lengths that 32 bytes are far below.
        let recipient =
            bech32::encode_lower::<Bech32>(Hrp::parse_unchecked("age"), public.public().as_bytes())
                .unwrap_or_default();
        let identity = encode(&secret);
        let created = key.created;
        let mut text = Zeroizing::new(Vec::with_capacity(512));
        for line in [
            "# created: ",
            &created.to_string(),
            "\n# public key: ",
            &recipient,
            "\n",
            &identity,
            "\n",
        ] {
            text.extend_from_slice(line.as_bytes());
        }
        Ok(Export { public: Some(("pub", recipient + "\n")), ..Content::secret(text) })
    },
};

/// The identity's one line.
pub(in crate::keyfile) fn identity(
    key: &KeyFile,
    purpose: &Purpose,
) -> Result<Zeroizing<String>, DeriveError> {
    let secret = key.exporter().derive32(labels::AGE_X25519, purpose)?;
    Ok(encode(&secret))
}

fn encode(secret: &[u8; 32]) -> Zeroizing<String> {
    let hrp = Hrp::parse_unchecked("age-secret-key-");
    Zeroizing::new(bech32::encode_upper::<Bech32>(hrp, secret).unwrap_or_default())
}
