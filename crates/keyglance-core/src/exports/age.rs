//! An X25519 identity for age and rage, the same on both devices.

use bech32::{Bech32, Hrp};
use zeroize::Zeroizing;

use super::{Export, ExportContext, Target};
use crate::crypto::{DeriveError, Exporter, IdentityKey, Purpose, labels};

pub(super) const TARGET: Target = Target {
    name: "age",
    summary: "an identity for age and rage, and its recipient",
    extension: "age.txt",
    binary: false,
    post_quantum: false,
    labels: &[labels::AGE_X25519],
    danger: "Anyone with this file can decrypt what was encrypted to its recipient.",
    usage: &["age -R {file}.pub -o SECRET.age SECRET", "age -d -i {file} SECRET.age"],
    undo: &[
        "Encrypt anew to the recipient of the new file; who has the old file still reads what was encrypted to its recipient",
    ],
    shared: None,
    scanned_by: Some("any code scanner, which shows the identity as text"),
    options: &[],
    build: |context| {
        let secret = context.derive(labels::AGE_X25519)?;
        let public = IdentityKey::from_secret_bytes(&secret);
        #[allow(clippy::expect_used, reason = "bech32 refuses lengths only, and 32 bytes fit")]
        let recipient =
            bech32::encode_lower::<Bech32>(Hrp::parse_unchecked("age"), public.public().as_bytes())
                .expect("32 bytes fit");
        Ok(export(context, recipient, &encode(X25519, &secret)))
    },
};

/// What begins an X25519 identity.
const X25519: &str = "age-secret-key-";

/// An identity file as age-keygen writes it, and its recipient.
pub(super) fn export(context: &ExportContext<'_>, recipient: String, identity: &str) -> Export {
    let created = context.key.created.to_string();
    let export = Export::from_text(&[
        "# created: ",
        &created,
        "\n# public key: ",
        &recipient,
        "\n",
        identity,
        "\n",
    ]);
    Export { public: Some(("pub", recipient + "\n")), ..export }
}

/// The one line of the X25519 identity under a label.
pub(crate) fn identity(
    exporter: &Exporter,
    label: &str,
    purpose: &Purpose,
) -> Result<Zeroizing<String>, DeriveError> {
    let secret = exporter.derive32(label, purpose)?;
    Ok(encode(X25519, &secret))
}

/// The one line of an identity of 32 bytes.
#[allow(clippy::expect_used, reason = "bech32 refuses lengths only, and 32 bytes fit")]
pub(super) fn encode(prefix: &str, secret: &[u8; 32]) -> Zeroizing<String> {
    let hrp = Hrp::parse_unchecked(prefix);
    Zeroizing::new(bech32::encode_upper::<Bech32>(hrp, secret).expect("32 bytes fit"))
}
