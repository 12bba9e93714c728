//! snow as an oracle: each side in each role, random keys and payloads.

use keyglance_core::crypto::hazmat::{EphemeralKey, noise};
use keyglance_core::crypto::{IdentityKey, Suite};
use rand_core::Rng as _;
use zeroize::Zeroizing;

use keyglance_core::test_util::seeded;

const PATTERN: &str = "Noise_XX_25519_ChaChaPoly_SHA256";
const HANDSHAKES: u64 = 1500;

#[test]
fn snow_agrees_as_responder() {
    for seed in 0..HANDSHAKES {
        let mut rng = seeded(seed);
        let (s, prologue, payloads) = material(&mut rng);
        let mut theirs = snow::Builder::new(PATTERN.parse().unwrap())
            .prologue(&prologue)
            .unwrap()
            .local_private_key(&s[1])
            .unwrap()
            .build_responder()
            .unwrap();
        let mut buffer = vec![0; 4096];

        let e = EphemeralKey::generate(&mut rng);
        let (ours, m1) = noise::initiate(&prologue, e, None, &payloads[0]);
        let read = theirs.read_message(&m1, &mut buffer).unwrap();
        assert_eq!(buffer[..read], payloads[0]);
        let written = theirs.write_message(&payloads[1], &mut buffer).unwrap();
        let ours = ours.read(&buffer[..written]).unwrap();
        assert_eq!(ours.payload(), payloads[1]);
        let (ours, m3) = ours.write(&key(&s[0]), &payloads[2]).unwrap();
        let read = theirs.read_message(&m3, &mut buffer).unwrap();
        assert_eq!(buffer[..read], payloads[2]);
        assert_eq!(theirs.get_remote_static().unwrap(), key(&s[0]).public().as_bytes());
        same_end(ours, theirs, true);
    }
}

#[test]
fn snow_agrees_as_initiator() {
    for seed in 0..HANDSHAKES {
        let mut rng = seeded(seed ^ 0xffff_0000);
        let (s, prologue, payloads) = material(&mut rng);
        let mut theirs = snow::Builder::new(PATTERN.parse().unwrap())
            .prologue(&prologue)
            .unwrap()
            .local_private_key(&s[1])
            .unwrap()
            .build_initiator()
            .unwrap();
        let mut buffer = vec![0; 4096];

        let written = theirs.write_message(&payloads[0], &mut buffer).unwrap();
        let e = EphemeralKey::generate(&mut rng);
        let (ours, m2) = noise::respond(
            Suite::Xx,
            &prologue,
            &key(&s[0]),
            e,
            &mut rng,
            &buffer[..written],
            &payloads[1],
        )
        .unwrap();
        let read = theirs.read_message(&m2, &mut buffer).unwrap();
        assert_eq!(buffer[..read], payloads[1]);
        let written = theirs.write_message(&payloads[2], &mut buffer).unwrap();
        let (ours, rs, payload) = ours.read(&buffer[..written]).unwrap();
        assert_eq!(payload, payloads[2]);
        assert_eq!(rs, *key(&s[1]).public());
        same_end(ours, theirs, false);
    }
}

fn key(secret: &[u8; 32]) -> IdentityKey {
    IdentityKey::from_secret_bytes(&Zeroizing::new(*secret))
}

#[allow(clippy::type_complexity)]
fn material(rng: &mut rand_chacha::ChaCha20Rng) -> ([[u8; 32]; 2], Vec<u8>, [Vec<u8>; 3]) {
    let mut secrets = [[0; 32]; 2];
    secrets.iter_mut().for_each(|secret| rng.fill_bytes(secret));
    let mut bytes = |most: u32| {
        let mut bytes = vec![0; (rng.next_u32() % most) as usize];
        rng.fill_bytes(&mut bytes);
        bytes
    };
    (secrets, bytes(200), [bytes(100), bytes(100), bytes(100)])
}

/// The same transcript and the same transport keys.
fn same_end(ours: noise::Finished, theirs: snow::HandshakeState, initiator: bool) {
    assert_eq!(ours.handshake_hash()[..], *theirs.get_handshake_hash());
    let (first, second) = ours.split();
    let (mut out, mut into) = if initiator { (first, second) } else { (second, first) };
    let mut theirs = theirs.into_transport_mode().unwrap();
    let mut buffer = [0; 64];
    let read = theirs.read_message(&out.encrypt(&[], b"to them"), &mut buffer).unwrap();
    assert_eq!(&buffer[..read], b"to them");
    let written = theirs.write_message(b"to us", &mut buffer).unwrap();
    assert_eq!(into.decrypt(&[], &buffer[..written]).unwrap(), b"to us");
}
