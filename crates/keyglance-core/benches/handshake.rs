//! A whole handshake of each suite, both sides, beside snow's in the same run; and what
//! the session adds to it: commitments, frames, texts, CONFIRM and DONE.
//!
//! snow has the pattern of suite 2 too, but no ML-KEM-768: it is given this one, once ours
//! and once libcrux's, under the only name for a KEM that it knows. So its hash begins with
//! another name, and the work is the same.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use std::hint::black_box;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use keyglance_core::crypto::hazmat::kem::{self, DecapsulationKey};
use keyglance_core::crypto::hazmat::{EphemeralKey, noise};
use keyglance_core::crypto::{IdentityKey, Suite};
use keyglance_core::pairing::{DisplayName, Phase, Session, Suites};
use libcrux_ml_kem::mlkem768 as libcrux;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use snow::params::{CipherChoice, DHChoice, HashChoice, KemChoice, NoiseParams};
use snow::resolvers::{BoxedCryptoResolver, CryptoResolver, DefaultResolver};
use snow::types::{Cipher, Dh, Hash, Kem, Random};
use zeroize::Zeroizing;

const PROLOGUE: &[u8] = b"the same for both";
/// As long as a name in a pairing.
const NAME: [u8; 32] = [7; 32];

const STATICS: [[u8; 32]; 2] = [[1; 32], [2; 32]];

fn identities() -> [Arc<IdentityKey>; 2] {
    STATICS.map(|s| Arc::new(IdentityKey::from_secret_bytes(&Zeroizing::new(s))))
}

/// One handshake of ours, both sides.
fn ours(suite: Suite, identities: &[Arc<IdentityKey>; 2], rng: &mut ChaCha20Rng) {
    let [own, other] = identities;
    let e = EphemeralKey::generate(rng);
    let e1 = suite.is_post_quantum().then(|| DecapsulationKey::generate(rng));
    let (i, m1) = noise::initiate(PROLOGUE, e, e1, &[]);
    let e = EphemeralKey::generate(rng);
    let (r, m2) = noise::respond(suite, PROLOGUE, other, e, rng, &m1, &NAME).unwrap();
    let (i, m3) = i.read(&m2).unwrap().write(own, &NAME).unwrap();
    let (r, ..) = r.read(&m3).unwrap();
    black_box((i.split(), r.split()));
}

/// The same of snow.
fn snows(pattern: &NoiseParams, resolver: fn() -> BoxedCryptoResolver) {
    let [mut i, mut r] = [true, false].map(|initiator| {
        let builder = snow::Builder::with_resolver(pattern.clone(), resolver())
            .prologue(PROLOGUE)
            .unwrap()
            .local_private_key(&STATICS[usize::from(!initiator)])
            .unwrap();
        let built = if initiator { builder.build_initiator() } else { builder.build_responder() };
        built.unwrap()
    });
    let [mut wire, mut plain] = [[0; 2048]; 2];
    let n = i.write_message(&[], &mut wire).unwrap();
    r.read_message(&wire[..n], &mut plain).unwrap();
    let n = r.write_message(&NAME, &mut wire).unwrap();
    i.read_message(&wire[..n], &mut plain).unwrap();
    let n = i.write_message(&NAME, &mut wire).unwrap();
    r.read_message(&wire[..n], &mut plain).unwrap();
    black_box((i.into_transport_mode().unwrap(), r.into_transport_mode().unwrap()));
}

/// ML-KEM-768 for snow. It hands no randomness in for a ciphertext; any will do here.
#[derive(Default)]
struct Ours(Option<DecapsulationKey>, Vec<u8>);

impl Kem for Ours {
    fn name(&self) -> &'static str {
        "Kyber1024"
    }
    fn pub_len(&self) -> usize {
        kem::ENCAPSULATION_KEY
    }
    fn ciphertext_len(&self) -> usize {
        kem::CIPHERTEXT
    }
    fn shared_secret_len(&self) -> usize {
        32
    }
    fn generate(&mut self, _: &mut dyn Random) {
        let key = DecapsulationKey::generate(&mut ChaCha20Rng::seed_from_u64(1));
        self.1 = key.encapsulation_key();
        self.0 = Some(key);
    }
    fn pubkey(&self) -> &[u8] {
        &self.1
    }
    fn encapsulate(
        &self,
        key: &[u8],
        secret: &mut [u8],
        ciphertext: &mut [u8],
    ) -> Result<(usize, usize), snow::Error> {
        let made = kem::encapsulate(key, &mut ChaCha20Rng::seed_from_u64(2));
        let (bytes, agreed) = made.map_err(|_| snow::Error::Kem)?;
        secret[..32].copy_from_slice(&*agreed);
        ciphertext[..bytes.len()].copy_from_slice(&bytes);
        Ok((32, bytes.len()))
    }
    fn decapsulate(&self, ciphertext: &[u8], secret: &mut [u8]) -> Result<usize, snow::Error> {
        let agreed = self.0.as_ref().and_then(|key| key.decapsulate(ciphertext));
        secret[..32].copy_from_slice(&*agreed.ok_or(snow::Error::Kem)?);
        Ok(32)
    }
}

/// The same from libcrux.
#[derive(Default)]
struct Libcrux(Option<libcrux::MlKem768KeyPair>);

impl Kem for Libcrux {
    fn name(&self) -> &'static str {
        "Kyber1024"
    }
    fn pub_len(&self) -> usize {
        kem::ENCAPSULATION_KEY
    }
    fn ciphertext_len(&self) -> usize {
        kem::CIPHERTEXT
    }
    fn shared_secret_len(&self) -> usize {
        32
    }
    fn generate(&mut self, _: &mut dyn Random) {
        let mut seed = [0; 64];
        ChaCha20Rng::seed_from_u64(1).fill_bytes(&mut seed);
        self.0 = Some(libcrux::generate_key_pair(seed));
    }
    fn pubkey(&self) -> &[u8] {
        self.0.as_ref().map_or(&[], |pair| pair.pk())
    }
    fn encapsulate(
        &self,
        key: &[u8],
        secret: &mut [u8],
        ciphertext: &mut [u8],
    ) -> Result<(usize, usize), snow::Error> {
        let key: [u8; kem::ENCAPSULATION_KEY] = key.try_into().map_err(|_| snow::Error::Kem)?;
        let key = key.into();
        if !libcrux::validate_public_key(&key) {
            return Err(snow::Error::Kem);
        }
        let (bytes, agreed) = libcrux::encapsulate(&key, [2; 32]);
        secret[..32].copy_from_slice(&agreed);
        ciphertext[..kem::CIPHERTEXT].copy_from_slice(bytes.as_ref());
        Ok((32, kem::CIPHERTEXT))
    }
    fn decapsulate(&self, ciphertext: &[u8], secret: &mut [u8]) -> Result<usize, snow::Error> {
        let pair = self.0.as_ref().ok_or(snow::Error::Kem)?;
        let bytes: [u8; kem::CIPHERTEXT] = ciphertext.try_into().map_err(|_| snow::Error::Kem)?;
        secret[..32].copy_from_slice(&libcrux::decapsulate(pair.private_key(), &bytes.into()));
        Ok(32)
    }
}

/// snow's own primitives, and this KEM.
struct WithKem<K>(DefaultResolver, PhantomData<fn() -> K>);

impl<K: Kem + Default + 'static> WithKem<K> {
    fn boxed() -> BoxedCryptoResolver {
        Box::new(Self(DefaultResolver, PhantomData))
    }
}

impl<K: Kem + Default + 'static> CryptoResolver for WithKem<K> {
    fn resolve_rng(&self) -> Option<Box<dyn Random>> {
        self.0.resolve_rng()
    }
    fn resolve_dh(&self, choice: &DHChoice) -> Option<Box<dyn Dh>> {
        self.0.resolve_dh(choice)
    }
    fn resolve_hash(&self, choice: &HashChoice) -> Option<Box<dyn Hash>> {
        self.0.resolve_hash(choice)
    }
    fn resolve_cipher(&self, choice: &CipherChoice) -> Option<Box<dyn Cipher>> {
        self.0.resolve_cipher(choice)
    }
    fn resolve_kem(&self, _: &KemChoice) -> Option<Box<dyn Kem>> {
        Some(Box::new(K::default()))
    }
}

/// A pairing from HELLO to DONE.
fn pairing(suites: Suites, identities: &[Arc<IdentityKey>; 2], seed: u64) {
    let device = |i: usize| {
        let rng = ChaCha20Rng::seed_from_u64(seed + i as u64);
        let name = DisplayName::new("device").unwrap();
        Session::new(Arc::clone(&identities[i]), name, rng, Duration::ZERO).with_suites(suites)
    };
    let mut devices = [device(0), device(1)];
    while devices.iter().any(|device| device.phase() != Phase::Finished) {
        for i in [0, 1] {
            let text = devices[1 - i].text().unwrap().to_owned();
            devices[i].handle(Duration::from_millis(100), &text);
        }
    }
    black_box(devices);
}

fn handshake(criterion: &mut Criterion) {
    let identities = identities();
    for (name, suite) in [("suite 1", Suite::Xx), ("suite 2", Suite::XxHfs)] {
        let mut group = criterion.benchmark_group(name);
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        group.bench_function("ours", |b| b.iter(|| ours(suite, &identities, &mut rng)));
        if suite == Suite::Xx {
            let pattern = suite.noise_name().parse().unwrap();
            group.bench_function("snow", |b| b.iter(|| snows(&pattern, WithKem::<Ours>::boxed)));
        } else {
            let name = suite.noise_name().replace("MLKEM768", "Kyber1024");
            let pattern = name.parse().unwrap();
            for (name, resolver) in [
                ("snow with our ML-KEM", WithKem::<Ours>::boxed as fn() -> _),
                ("snow with libcrux's", WithKem::<Libcrux>::boxed),
            ] {
                group.bench_function(name, |b| b.iter(|| snows(&pattern, resolver)));
            }
        }
        group.bench_function("ours, as a pairing from HELLO to DONE", |b| {
            let mut seeds = (0..).step_by(2);
            b.iter(|| pairing(suite.into(), &identities, seeds.next().unwrap()));
        });
        group.finish();
    }
    // A key, a ciphertext, and the secret from it.
    let mut group = criterion.benchmark_group("ML-KEM-768 alone");
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    group.bench_function("ours", |b| {
        b.iter(|| {
            let key = DecapsulationKey::generate(&mut rng);
            let (ciphertext, _) = kem::encapsulate(&key.encapsulation_key(), &mut rng).unwrap();
            key.decapsulate(&ciphertext).unwrap()
        });
    });
    group.bench_function("libcrux", |b| {
        b.iter(|| {
            let (mut seed, mut m) = ([0; 64], [0; 32]);
            rng.fill_bytes(&mut seed);
            rng.fill_bytes(&mut m);
            let pair = libcrux::generate_key_pair(seed);
            assert!(libcrux::validate_public_key(pair.public_key()));
            let (ciphertext, _) = libcrux::encapsulate(pair.public_key(), m);
            libcrux::decapsulate(pair.private_key(), &ciphertext)
        });
    });
    group.finish();
}

criterion_group!(benches, handshake);
criterion_main!(benches);
