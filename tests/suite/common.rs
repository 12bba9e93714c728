//! What several capabilities' tests share.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use keyglance::crypto::IdentityKey;
use keyglance::pairing::{DisplayName, Event, Session};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{SeedableRng as _, TryCryptoRng, TryRng};
use zeroize::Zeroizing;

/// The pairing that an independent implementation made.
pub fn vector() -> serde_json::Value {
    serde_json::from_str(include_str!("../vectors/pairing.json")).unwrap()
}

pub fn hex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2));
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

pub fn hex32(text: &str) -> [u8; 32] {
    hex(text).try_into().unwrap()
}

/// Gives the bytes it was made of, once; then seeded ones.
pub struct Scripted {
    bytes: Vec<u8>,
    rest: ChaCha20Rng,
}

impl Scripted {
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), rest: ChaCha20Rng::seed_from_u64(0) }
    }
}

impl TryRng for Scripted {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.rest.try_next_u32()
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.rest.try_next_u64()
    }
    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        if self.bytes.len() >= to.len() {
            let rest = self.bytes.split_off(to.len());
            to.copy_from_slice(&self.bytes);
            self.bytes = rest;
            return Ok(());
        }
        self.rest.try_fill_bytes(to)
    }
}

impl TryCryptoRng for Scripted {}

pub fn seeded(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

pub fn name(text: &str) -> DisplayName {
    DisplayName::new(text).unwrap()
}

pub fn at(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

pub fn identity(secret: [u8; 32]) -> Arc<IdentityKey> {
    Arc::new(IdentityKey::from_secret_bytes(&Zeroizing::new(secret)))
}

/// A session of a device that differs by its seed.
pub fn device(seed: u64) -> Session<ChaCha20Rng> {
    let mut rng = seeded(seed);
    let identity = Arc::new(IdentityKey::generate(&mut rng));
    Session::new(identity, name(&format!("device {seed}")), rng, Duration::ZERO)
}

/// Two sessions, the initiator first.
pub fn initiator_first<R: rand_core::CryptoRng>(
    one: Session<R>,
    two: Session<R>,
) -> (Session<R>, Session<R>) {
    let commitment = |s: &Session<R>| match keyglance::pairing::Frame::from_text(s.text().unwrap())
    {
        Ok(keyglance::pairing::Frame::Hello(hello)) => hello.commitment,
        other => panic!("no HELLO: {other:?}"),
    };
    if commitment(&one) < commitment(&two) { (one, two) } else { (two, one) }
}

/// Whether any event says that a pairing failed.
pub fn failed(events: &[Event]) -> bool {
    events.iter().any(|e| matches!(e, Event::Failed(_)))
}

/// The texts of one pairing, in the order in which they are read.
pub const STEPS: usize = 6;

/// Two fresh devices, the initiator first, that have read so many texts of
/// each other: 0 both offering, 1 message 1 is shown, 2 message 2, 3 message
/// 3, 4 CONFIRM, 5 DONE, 6 both finished.
pub fn pair_at(step: usize) -> (Session<ChaCha20Rng>, Session<ChaCha20Rng>) {
    let (mut i, mut r) = initiator_first(device(1), device(2));
    let now = at(0.1);
    for n in 0..step {
        let (from, to) = if n % 2 == 0 { (&r, &mut i) } else { (&i, &mut r) };
        let text = from.text().unwrap().to_owned();
        assert!(!failed(&to.handle(now, &text)));
    }
    (i, r)
}

/// A frame's text with a right checksum, whatever its body is.
pub fn forged(body: &[u8]) -> String {
    use base64::Engine as _;
    use sha2::Digest as _;
    let sum = sha2::Sha256::digest(body);
    let bytes = [body, &sum[..4]].concat();
    format!("KG1:{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
}

/// The body of a text's frame, without its checksum.
pub fn body(text: &str) -> Vec<u8> {
    let mut bytes = keyglance::pairing::Frame::from_text(text).unwrap().to_bytes();
    bytes.truncate(bytes.len() - 4);
    bytes
}

/// What both devices keep of one pairing, the initiator's first.
pub fn key_files() -> [keyglance::keyfile::KeyFile; 2] {
    let (i, r) = pair_at(STEPS);
    let created = "2026-05-02T12:00:00Z".parse().unwrap();
    [i, r].map(|s| keyglance::keyfile::KeyFile::from_pairing(s.pairing().unwrap(), created))
}

pub fn passphrase(text: &str) -> keyglance::keyfile::Passphrase {
    keyglance::keyfile::Passphrase::new(Zeroizing::new(text.to_owned())).unwrap()
}

/// Whether a program is installed; says so where it is not.
pub fn found(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    if !found {
        println!("skipped: {program} not found");
    }
    found
}
