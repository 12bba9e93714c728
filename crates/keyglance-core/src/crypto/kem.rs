//! ML-KEM-768 (FIPS 203), with its randomness handed in.
//!
//! The crate is `ml-kem` 0.2: `age` needs the same version, so that one
//! implementation is built and not two. It agrees with the vectors and, in the tests,
//! with a second implementation.

use std::fmt;

use ml_kem::kem::Decapsulate as _;
use ml_kem::{B32, EncapsulateDeterministic as _, Encoded, EncodedSizeUser as _, KemCore as _};
use ml_kem::{Ciphertext, MlKem768};
use rand_core::CryptoRng;
use zeroize::{Zeroize as _, Zeroizing};

/// Bytes of an encapsulation key.
pub const ENCAPSULATION_KEY: usize = 1184;
/// Bytes of a ciphertext.
pub const CIPHERTEXT: usize = 1088;

type Secret = <MlKem768 as ml_kem::KemCore>::DecapsulationKey;
type Public = <MlKem768 as ml_kem::KemCore>::EncapsulationKey;

/// An encapsulation key that no honest device makes: a coefficient is 3329 or more
/// (FIPS 203, 7.2), or its length is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ML-KEM key is malformed")]
pub struct MalformedKey;

/// A decapsulation key for one handshake. Wiped on drop.
#[cfg_attr(test, derive(Clone))]
pub struct DecapsulationKey(Box<Secret>);

impl DecapsulationKey {
    /// A fresh key.
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        let mut seed = Zeroizing::new([0; 64]);
        rng.fill_bytes(&mut seed[..]);
        Self::from_seed(&seed)
    }

    /// The key of a seed, d ‖ z (FIPS 203, algorithm 16).
    pub fn from_seed(seed: &[u8; 64]) -> Self {
        let [mut d, mut z] = [B32::default(); 2];
        let (first, second) = seed.split_at(32);
        d.copy_from_slice(first);
        z.copy_from_slice(second);
        let (secret, _) = MlKem768::generate_deterministic(&d, &z);
        d.zeroize();
        z.zeroize();
        Self(Box::new(secret))
    }

    /// Its public half: [`ENCAPSULATION_KEY`] bytes.
    #[must_use]
    pub fn encapsulation_key(&self) -> Vec<u8> {
        self.0.encapsulation_key().as_bytes().to_vec()
    }

    /// The secret in a ciphertext; another one, which nobody knows, if it was changed
    /// (implicit rejection). `None` if it has not [`CIPHERTEXT`] bytes.
    #[must_use]
    pub fn decapsulate(&self, ciphertext: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
        let ciphertext = Ciphertext::<MlKem768>::try_from(ciphertext).ok()?;
        let mut secret = self.0.decapsulate(&ciphertext).ok()?;
        let copy = Zeroizing::new(secret.into());
        secret.zeroize();
        Some(copy)
    }
}

impl fmt::Debug for DecapsulationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DecapsulationKey { … }")
    }
}

/// Makes a secret that only the holder of this key can open, and its ciphertext of
/// [`CIPHERTEXT`] bytes.
///
/// # Errors
/// [`MalformedKey`], before any randomness is drawn.
pub fn encapsulate<R: CryptoRng + ?Sized>(
    key: &[u8],
    rng: &mut R,
) -> Result<(Vec<u8>, Zeroizing<[u8; 32]>), MalformedKey> {
    let encoded = Encoded::<Public>::try_from(key).map_err(|_| MalformedKey)?;
    let public = Public::from_bytes(&encoded);
    // Reading reduces the coefficients; the modulus check is that none needed it.
    if public.as_bytes() != encoded {
        return Err(MalformedKey);
    }
    let mut m = B32::default();
    rng.fill_bytes(&mut m);
    let made = public.encapsulate_deterministic(&m);
    m.zeroize();
    let (ciphertext, mut secret) = made.map_err(|()| MalformedKey)?;
    let copy = Zeroizing::new(secret.into());
    secret.zeroize();
    Ok((ciphertext.to_vec(), copy))
}
