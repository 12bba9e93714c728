//! `Noise_XX_25519_ChaChaPoly_SHA256` (Noise Protocol Framework, rev 34), and
//! `Noise_XXhfs_25519+MLKEM768_ChaChaPoly_SHA256` (Noise HFS draft, rev 1).
//!
//! ```text
//! -> e                    -> e, e1
//! <- e, ee, s, es         <- e, ee, ekem1, s, es
//! -> s, se                -> s, se
//! ```
//!
//! Each step takes the state by value and gives the next one, so that a step
//! cannot be taken twice. A message that is refused gives the same state back,
//! untouched. Every Diffie-Hellman result must be contributory.

use std::fmt;

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, Nonce};
use hkdf::HkdfExtract;
use rand_core::CryptoRng;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::kem::{self, DecapsulationKey, MalformedKey};
use super::keys::{Agreed, EphemeralKey, IdentityKey, NotContributory, PublicKey};
use super::{Exporter, Suite};

/// Bytes of a Poly1305 tag.
const TAG: usize = 16;
/// Bytes of a public key.
const KEY: usize = 32;

/// Why a handshake message was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoiseError {
    /// The message is shorter than its pattern.
    #[error("the message is too short")]
    Length,
    /// Authentication failed: another key, another transcript, or changed bytes.
    #[error("the message does not authenticate")]
    Authentication,
    /// A low-order public key.
    #[error(transparent)]
    NotContributory(#[from] NotContributory),
    /// An encapsulation key that no honest device makes.
    #[error(transparent)]
    MalformedKey(#[from] MalformedKey),
}

/// A refused message, and the state as it was before.
#[derive(Debug)]
pub struct Rejected<S> {
    /// The untouched state: a better message can still be read.
    pub state: S,
    /// The reason.
    pub error: NoiseError,
}

/// Writes message 1: `e`, in suite 2 the encapsulation key `e1`, then the payload, all
/// of it in clear. The suite is 2 if there is an `e1`.
#[must_use]
pub fn initiate(
    prologue: &[u8],
    e: EphemeralKey,
    e1: Option<DecapsulationKey>,
    payload: &[u8],
) -> (Initiator, Vec<u8>) {
    let suite = if e1.is_some() { Suite::XxHfs } else { Suite::Xx };
    let mut symmetric = SymmetricState::new(suite, prologue);
    symmetric.mix_hash(e.public().as_bytes());
    let mut message = e.public().as_bytes().to_vec();
    if let Some(e1) = &e1 {
        message.extend(symmetric.encrypt_and_hash(&e1.encapsulation_key()));
    }
    message.extend(symmetric.encrypt_and_hash(payload));
    (Initiator { symmetric, e, e1 }, message)
}

/// The initiator, waiting for message 2.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub struct Initiator {
    symmetric: SymmetricState,
    e: EphemeralKey,
    e1: Option<DecapsulationKey>,
}

impl Initiator {
    /// Reads message 2: `e, ee, s, es` and the payload; in suite 2 `ekem1` before `s`.
    ///
    /// # Errors
    /// [`Rejected`] with this state, unchanged.
    pub fn read(self, message: &[u8]) -> Result<InitiatorFinishing, Rejected<Self>> {
        match self.try_read(message) {
            Ok((symmetric, re, rs, payload)) => {
                Ok(InitiatorFinishing { symmetric, re, peer: rs, payload })
            }
            Err(error) => Err(Rejected { state: self, error }),
        }
    }

    #[allow(clippy::type_complexity)]
    fn try_read(
        &self,
        message: &[u8],
    ) -> Result<(SymmetricState, PublicKey, PublicKey, Vec<u8>), NoiseError> {
        let mut symmetric = self.symmetric.fork();
        let (re, rest) = take_key(message)?;
        symmetric.mix_hash(re.as_bytes());
        symmetric.mix_agreed(&self.e.agree(&re)?);
        let rest = match &self.e1 {
            None => rest,
            Some(e1) => {
                let (sealed, rest) = take(rest, kem::CIPHERTEXT + TAG)?;
                let ciphertext = symmetric.decrypt_and_hash(sealed)?;
                let secret = e1.decapsulate(&ciphertext).ok_or(NoiseError::Length)?;
                symmetric.mix_key(&secret);
                rest
            }
        };
        let (sealed, rest) = take(rest, KEY + TAG)?;
        let (rs, _) = take_key(&symmetric.decrypt_and_hash(sealed)?)?;
        symmetric.mix_agreed(&self.e.agree(&rs)?);
        let payload = symmetric.decrypt_and_hash(rest)?;
        Ok((symmetric, re, rs, payload))
    }
}

/// The initiator, having read message 2.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub struct InitiatorFinishing {
    symmetric: SymmetricState,
    re: PublicKey,
    peer: PublicKey,
    payload: Vec<u8>,
}

impl InitiatorFinishing {
    /// The responder's static key.
    #[must_use]
    pub const fn peer(&self) -> &PublicKey {
        &self.peer
    }

    /// The payload of message 2.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// Writes message 3: `s, se` and the payload.
    ///
    /// # Errors
    /// [`NotContributory`], and the handshake is over.
    pub fn write(
        self,
        s: &IdentityKey,
        payload: &[u8],
    ) -> Result<(Finished, Vec<u8>), NotContributory> {
        let mut symmetric = self.symmetric;
        let mut message = symmetric.encrypt_and_hash(s.public().as_bytes());
        symmetric.mix_agreed(&s.agree(&self.re)?);
        message.extend(symmetric.encrypt_and_hash(payload));
        Ok((Finished(symmetric), message))
    }
}

/// Reads message 1 and writes message 2: `e, ee, s, es` and the payload; in suite 2
/// `ekem1` before `s`, made with 32 bytes of `rng`.
///
/// Message 1 is not authenticated: any `e` that is not of low order, and any `e1` that
/// is canonical, is read. Its own payload is ignored; the protocol sends none.
///
/// # Errors
/// [`NoiseError::Length`], [`NoiseError::NotContributory`] or
/// [`NoiseError::MalformedKey`]; the ephemeral key is gone.
pub fn respond<R: CryptoRng + ?Sized>(
    suite: Suite,
    prologue: &[u8],
    s: &IdentityKey,
    e: EphemeralKey,
    rng: &mut R,
    message1: &[u8],
    payload: &[u8],
) -> Result<(Responder, Vec<u8>), NoiseError> {
    let mut symmetric = SymmetricState::new(suite, prologue);
    let (re, rest) = take_key(message1)?;
    symmetric.mix_hash(re.as_bytes());
    let (e1, rest) = match suite {
        Suite::Xx => (None, rest),
        Suite::XxHfs => {
            let (e1, rest) = take(rest, kem::ENCAPSULATION_KEY)?;
            (Some(symmetric.decrypt_and_hash(e1)?), rest)
        }
    };
    symmetric.decrypt_and_hash(rest)?;

    symmetric.mix_hash(e.public().as_bytes());
    let mut message = e.public().as_bytes().to_vec();
    symmetric.mix_agreed(&e.agree(&re)?);
    if let Some(e1) = e1 {
        let (ciphertext, secret) = kem::encapsulate(&e1, rng)?;
        message.extend(symmetric.encrypt_and_hash(&ciphertext));
        symmetric.mix_key(&secret);
    }
    message.extend(symmetric.encrypt_and_hash(s.public().as_bytes()));
    symmetric.mix_agreed(&s.agree(&re)?);
    message.extend(symmetric.encrypt_and_hash(payload));
    Ok((Responder { symmetric, e }, message))
}

/// The responder, waiting for message 3.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub struct Responder {
    symmetric: SymmetricState,
    e: EphemeralKey,
}

impl Responder {
    /// Reads message 3: `s, se` and the payload. Gives the end of the
    /// handshake, the initiator's static key and the payload.
    ///
    /// # Errors
    /// [`Rejected`] with this state, unchanged.
    pub fn read(self, message: &[u8]) -> Result<(Finished, PublicKey, Vec<u8>), Rejected<Self>> {
        self.try_read(message).map_err(|error| Rejected { state: self, error })
    }

    fn try_read(&self, message: &[u8]) -> Result<(Finished, PublicKey, Vec<u8>), NoiseError> {
        let mut symmetric = self.symmetric.fork();
        let (sealed, rest) = take(message, KEY + TAG)?;
        let (rs, _) = take_key(&symmetric.decrypt_and_hash(sealed)?)?;
        symmetric.mix_agreed(&self.e.agree(&rs)?);
        let payload = symmetric.decrypt_and_hash(rest)?;
        Ok((Finished(symmetric), rs, payload))
    }
}

/// A handshake that both sides can finish. Ephemeral keys are gone.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub struct Finished(SymmetricState);

impl Finished {
    /// `h`, the hash of the whole transcript: 32 bytes, public.
    #[must_use]
    pub const fn handshake_hash(&self) -> &[u8; 32] {
        &self.0.h
    }

    /// The secret that outlives the handshake.
    #[must_use]
    pub fn exporter(&self) -> Exporter {
        Exporter::from_handshake(&self.0.ck, &self.0.h)
    }

    /// The two transport ciphers: the initiator's sending one, then the responder's.
    #[must_use]
    pub fn split(self) -> (CipherState, CipherState) {
        let (k1, k2) = hkdf2(&self.0.ck, &[]);
        (CipherState::new(k1), CipherState::new(k2))
    }
}

/// Noise's SymmetricState (section 5.2): the transcript hash, the chaining
/// key and the current cipher.
#[cfg_attr(test, derive(Clone))]
pub struct SymmetricState {
    ck: Zeroizing<[u8; 32]>,
    h: [u8; 32],
    cipher: Option<CipherState>,
}

impl SymmetricState {
    /// Starts a suite's protocol with a prologue of any length.
    #[must_use]
    pub fn new(suite: Suite, prologue: &[u8]) -> Self {
        // A name that is exactly as long as a hash stands for itself (section 5.2).
        let name = suite.noise_name().as_bytes();
        let h = name.try_into().unwrap_or_else(|_| Sha256::digest(name).into());
        let mut state = Self { ck: Zeroizing::new(h), h, cipher: None };
        state.mix_hash(prologue);
        state
    }

    /// Binds `data` to the transcript.
    pub fn mix_hash(&mut self, data: &[u8]) {
        self.h = Sha256::new().chain_update(self.h).chain_update(data).finalize().into();
    }

    /// Mixes a shared secret into the keys.
    pub fn mix_key(&mut self, secret: &[u8; 32]) {
        let (ck, k) = hkdf2(&self.ck, secret);
        self.ck = ck;
        self.cipher = Some(CipherState::new(k));
    }

    fn mix_agreed(&mut self, agreed: &Agreed) {
        self.mix_key(agreed.as_bytes());
    }

    /// Encrypts (once there is a key) with the transcript as associated data,
    /// and binds the ciphertext: `plaintext.len() + 16` bytes then.
    pub fn encrypt_and_hash(&mut self, plaintext: &[u8]) -> Vec<u8> {
        let sealed = match &mut self.cipher {
            Some(cipher) => cipher.encrypt(&self.h, plaintext),
            None => plaintext.to_vec(),
        };
        self.mix_hash(&sealed);
        sealed
    }

    /// The reverse.
    ///
    /// # Errors
    /// [`NoiseError::Authentication`], and this state must not be used again.
    pub fn decrypt_and_hash(&mut self, sealed: &[u8]) -> Result<Vec<u8>, NoiseError> {
        let plaintext = match &mut self.cipher {
            Some(cipher) => cipher.decrypt(&self.h, sealed)?,
            None => sealed.to_vec(),
        };
        self.mix_hash(sealed);
        Ok(plaintext)
    }

    /// A copy to try a message on; the original stays as it was.
    fn fork(&self) -> Self {
        Self {
            ck: self.ck.clone(),
            h: self.h,
            cipher: self
                .cipher
                .as_ref()
                .map(|c| CipherState { key: c.key.clone(), nonce: c.nonce }),
        }
    }
}

impl fmt::Debug for SymmetricState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SymmetricState { … }")
    }
}

/// Noise's CipherState (section 5.1): a ChaCha20-Poly1305 key and its counter.
#[cfg_attr(test, derive(Clone))]
pub struct CipherState {
    key: Zeroizing<[u8; 32]>,
    nonce: u64,
}

impl CipherState {
    fn new(key: Zeroizing<[u8; 32]>) -> Self {
        Self { key, nonce: 0 }
    }

    /// Encrypts and counts: `plaintext.len() + 16` bytes.
    pub fn encrypt(&mut self, ad: &[u8], plaintext: &[u8]) -> Vec<u8> {
        let sealed = self.aead().encrypt(&self.nonce(), Payload { msg: plaintext, aad: ad });
        self.nonce += 1;
        #[allow(clippy::expect_used, reason = "RFC 8439 sets no limit below 256 GiB")]
        sealed.expect("a handshake message is shorter than 256 GiB")
    }

    /// Decrypts, and counts when it could.
    ///
    /// # Errors
    /// [`NoiseError::Authentication`].
    pub fn decrypt(&mut self, ad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, NoiseError> {
        let plaintext = self
            .aead()
            .decrypt(&self.nonce(), Payload { msg: sealed, aad: ad })
            .map_err(|_| NoiseError::Authentication)?;
        self.nonce += 1;
        Ok(plaintext)
    }

    fn aead(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new((&*self.key).into())
    }

    /// Four zero bytes, then the counter, little-endian (section 12.3).
    fn nonce(&self) -> Nonce {
        let mut nonce = [0; 12];
        for (to, from) in nonce.iter_mut().skip(4).zip(self.nonce.to_le_bytes()) {
            *to = from;
        }
        nonce.into()
    }
}

impl fmt::Debug for CipherState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CipherState { … }")
    }
}

/// HMAC-SHA256 (RFC 2104) over the concatenation of `parts`: HKDF's extract
/// step is just that, with the key as salt (RFC 5869, section 2.2).
pub(super) fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut mac = HkdfExtract::<Sha256>::new(Some(key));
    for part in parts {
        mac.input_ikm(part);
    }
    Zeroizing::new(mac.finalize().0.into())
}

/// Noise's HKDF with two outputs (section 4.3): RFC 5869 with an empty info.
pub(super) fn hkdf2(ck: &[u8; 32], ikm: &[u8]) -> (Zeroizing<[u8; 32]>, Zeroizing<[u8; 32]>) {
    let temp = hmac(ck, &[ikm]);
    let first = hmac(&temp, &[&[1]]);
    let second = hmac(&temp, &[&first[..], &[2]]);
    (first, second)
}

fn take(bytes: &[u8], length: usize) -> Result<(&[u8], &[u8]), NoiseError> {
    bytes.split_at_checked(length).ok_or(NoiseError::Length)
}

fn take_key(bytes: &[u8]) -> Result<(PublicKey, &[u8]), NoiseError> {
    let (key, rest) = bytes.split_first_chunk::<KEY>().ok_or(NoiseError::Length)?;
    Ok((PublicKey::from_bytes(*key), rest))
}
