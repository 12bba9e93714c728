//! A post-quantum identity for age, the same on both devices: the hybrid of ML-KEM-768
//! and X25519 in C2SP's age.md ("MLKEM768-X25519", X-Wing), of which age writes the seed.

use bech32::primitives::checksum::Checksum;
use bech32::{Bech32, Hrp};
use sha3::Shake256;
use sha3::digest::{ExtendableOutput as _, Update as _, XofReader as _};
use zeroize::Zeroizing;

use super::{Target, age};
use crate::crypto::{IdentityKey, kem, labels};

pub(super) const TARGET: Target = Target {
    name: "age-pq",
    summary: "a post-quantum identity for age 1.3 and later, and its recipient",
    extension: "age-pq.txt",
    binary: false,
    post_quantum: true,
    labels: &[labels::AGE_MLKEM768_X25519],
    danger: "Anyone with this file can decrypt what was encrypted to its recipient.",
    usage: &[
        "age -R {file}.pub -o SECRET.age SECRET",
        "age -d -i {file} SECRET.age",
        "Needs age 1.3 or later; rage does not know such keys",
    ],
    undo: &[
        "Encrypt anew to the recipient of the new file; who has the old file still reads what was encrypted to its recipient",
    ],
    // With the recipient of 1959 characters it fills the largest symbols.
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let seed = context.derive(labels::AGE_MLKEM768_X25519)?;
        let recipient = recipient(&seed);
        let identity = age::encode("age-secret-key-pq-", &seed);
        Ok(age::export(context, recipient, &identity))
    },
};

/// The recipient of a seed: SHAKE256 makes of it d and z of ML-KEM and the X25519 secret
/// (MLKEM768-X25519 of draft-ietf-hpke-pq; the expansion of X-Wing).
#[allow(clippy::expect_used, reason = "bech32 refuses lengths only, and 1216 bytes fit")]
fn recipient(seed: &[u8; 32]) -> String {
    let mut shake = Shake256::default();
    shake.update(seed);
    let mut expanded = shake.finalize_xof();
    let mut ml_kem = Zeroizing::new([0; 64]);
    let mut x25519 = Zeroizing::new([0; 32]);
    expanded.read(&mut ml_kem[..]);
    expanded.read(&mut x25519[..]);
    let mut public = kem::DecapsulationKey::from_seed(&ml_kem).encapsulation_key();
    public.extend_from_slice(IdentityKey::from_secret_bytes(&x25519).public().as_bytes());
    bech32::encode_lower::<LongBech32>(Hrp::parse_unchecked("age1pq"), &public)
        .expect("1216 bytes fit")
}

/// Bech32 as age has it (BIP 173), with its checksum and no limit on the length that
/// matters here.
enum LongBech32 {}

impl Checksum for LongBech32 {
    type MidstateRepr = <Bech32 as Checksum>::MidstateRepr;
    type CorrectionField = <Bech32 as Checksum>::CorrectionField;
    const ROOT_GENERATOR: Self::CorrectionField = Bech32::ROOT_GENERATOR;
    const ROOT_EXPONENTS: core::ops::RangeInclusive<usize> = Bech32::ROOT_EXPONENTS;
    const CODE_LENGTH: usize = 2048;
    const CHECKSUM_LENGTH: usize = Bech32::CHECKSUM_LENGTH;
    const GENERATOR_SH: [Self::MidstateRepr; 5] = Bech32::GENERATOR_SH;
    const TARGET_RESIDUE: Self::MidstateRepr = Bech32::TARGET_RESIDUE;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The identity and recipient that C2SP's age.md publishes.
    #[test]
    fn the_recipient_of_the_published_identity() {
        let published = include_str!("../../tests/vectors/age-mlkem768x25519.txt");
        let mut lines = published.lines().filter(|line| !line.starts_with('#'));
        let (identity, expected) = (lines.next().unwrap(), lines.next().unwrap());
        let (hrp, bytes) = bech32::decode(identity).unwrap();
        assert_eq!(hrp.to_lowercase(), "age-secret-key-pq-");
        let seed: [u8; 32] = bytes.try_into().unwrap();
        assert_eq!(age::encode("age-secret-key-pq-", &seed).as_str(), identity);
        assert_eq!(expected.len(), 1959);
        assert_eq!(recipient(&seed), expected);
    }
}
