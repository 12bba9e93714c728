//! A whole handshake in either suite, both sides, beside snow's of suite 1 in the same
//! run (snow has no ML-KEM); and what the session adds to it: commitments, frames, texts,
//! CONFIRM and DONE.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use keyglance_core::crypto::hazmat::kem::DecapsulationKey;
use keyglance_core::crypto::hazmat::{EphemeralKey, noise};
use keyglance_core::crypto::{IdentityKey, Suite};
use keyglance_core::pairing::{DisplayName, Phase, Session, Suites};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use zeroize::Zeroizing;

const PATTERN: &str = "Noise_XX_25519_ChaChaPoly_SHA256";
const PROLOGUE: &[u8] = b"the same for both";
/// As long as a name in a pairing.
const NAME: [u8; 32] = [7; 32];

fn handshake(criterion: &mut Criterion) {
    let statics = [[1; 32], [2; 32]];
    let identities = statics.map(|s| Arc::new(IdentityKey::from_secret_bytes(&Zeroizing::new(s))));
    let mut group = criterion.benchmark_group("handshake");
    for (suite, row) in [(Suite::Xx, "ours"), (Suite::XxHfs, "ours, suite 2")] {
        group.bench_function(row, |b| {
            let mut rng = ChaCha20Rng::seed_from_u64(1);
            b.iter(|| {
                let [ours, theirs] = &identities;
                let e = EphemeralKey::generate(&mut rng);
                let e1 = suite.is_post_quantum().then(|| DecapsulationKey::generate(&mut rng));
                let (i, m1) = noise::initiate(PROLOGUE, e, e1, &[]);
                let e = EphemeralKey::generate(&mut rng);
                let answer = noise::respond(suite, PROLOGUE, theirs, e, &mut rng, &m1, &NAME);
                let (r, m2) = answer.unwrap();
                let (i, m3) = i.read(&m2).unwrap().write(ours, &NAME).unwrap();
                let (r, ..) = r.read(&m3).unwrap();
                (i.split(), r.split())
            });
        });
    }
    group.bench_function("snow", |b| {
        let mut buffers = [[0; 1024]; 2];
        let pattern: snow::params::NoiseParams = PATTERN.parse().unwrap();
        b.iter(|| {
            let [mut i, mut r] = [true, false].map(|initiator| {
                let builder = snow::Builder::new(pattern.clone())
                    .prologue(PROLOGUE)
                    .unwrap()
                    .local_private_key(&statics[usize::from(!initiator)])
                    .unwrap();
                let built =
                    if initiator { builder.build_initiator() } else { builder.build_responder() };
                built.unwrap()
            });
            let [wire, plain] = &mut buffers;
            let n = i.write_message(&[], wire).unwrap();
            r.read_message(&wire[..n], plain).unwrap();
            let n = r.write_message(&NAME, wire).unwrap();
            i.read_message(&wire[..n], plain).unwrap();
            let n = i.write_message(&NAME, wire).unwrap();
            r.read_message(&wire[..n], plain).unwrap();
            (i.into_transport_mode().unwrap(), r.into_transport_mode().unwrap())
        });
    });
    for (suites, row) in [
        (Suites::XX, "ours, as a pairing from HELLO to DONE"),
        (Suites::OFFERED, "ours, as a pairing in suite 2"),
    ] {
        group.bench_function(row, |b| {
            let mut seed = 0;
            b.iter(|| {
                seed += 2;
                let device = |i: usize| {
                    let rng = ChaCha20Rng::seed_from_u64(seed + i as u64);
                    let name = DisplayName::new("device").unwrap();
                    Session::new(Arc::clone(&identities[i]), name, rng, Duration::ZERO)
                        .with_suites(suites)
                };
                let mut devices = [device(0), device(1)];
                while devices.iter().any(|device| device.phase() != Phase::Finished) {
                    for i in [0, 1] {
                        let text = devices[1 - i].text().unwrap().to_owned();
                        devices[i].handle(Duration::from_millis(100), &text);
                    }
                }
                devices
            });
        });
    }
    group.finish();
}

criterion_group!(benches, handshake);
criterion_main!(benches);
