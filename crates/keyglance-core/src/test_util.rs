//! What tests drive the library with: devices from a seed, an RNG that gives the
//! bytes it was told to, forged frames. No part of the stable API.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use rand_chacha::ChaCha20Rng;
use rand_core::{SeedableRng as _, TryCryptoRng, TryRng};
use zeroize::Zeroizing;

use crate::crypto::IdentityKey;
use crate::pairing::{DisplayName, Event, Frame, Pairing, Session, Suites};

/// The published JSON Schema of the key file.
pub const KEY_FILE_SCHEMA: &str = include_str!("../assets/key-file.schema.json");

/// The published test vectors of the key file.
pub const KEY_FILE_VECTORS: &str = include_str!("../assets/key-file.vectors.json");

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

/// A device that speaks suite 1 alone, and one like ours: two of a kind pair in suite 1
/// and in suite 2.
pub const BOTH_KINDS: [Suites; 2] = [Suites::XX, Suites::OFFERED];

/// A session of a device that differs by its seed and offers these suites.
pub fn device_of(suites: Suites, seed: u64) -> Session<ChaCha20Rng> {
    device(seed).with_suites(suites)
}

/// A session of a device that differs by its seed.
pub fn device(seed: u64) -> Session<ChaCha20Rng> {
    let mut rng = seeded(seed);
    let identity = Arc::new(IdentityKey::generate(&mut rng));
    Session::new(identity, name(&format!("device {seed}")), rng, Duration::ZERO)
}

/// A session of a device that differs by `seed`, in a pairing that differs by
/// `fresh`: the same two devices can so have several keys.
pub fn device_again(seed: u64, called: &str, fresh: u64) -> Session<ChaCha20Rng> {
    let identity = Arc::new(IdentityKey::generate(&mut seeded(seed)));
    Session::new(identity, name(called), seeded(fresh), Duration::ZERO)
}

/// The first one's session when both have finished; its pairing is there.
pub fn paired<R: rand_core::CryptoRng>(mut own: Session<R>, mut other: Session<R>) -> Session<R> {
    for _ in 0..STEPS {
        let text = other.text().unwrap().to_owned();
        assert!(!failed(&own.handle(at(0.1), &text)));
        let text = own.text().unwrap().to_owned();
        assert!(!failed(&other.handle(at(0.1), &text)));
    }
    assert!(pairing(&own).is_acknowledged() && pairing(&other).is_acknowledged());
    own
}

pub fn pairing<R: rand_core::CryptoRng>(session: &Session<R>) -> &Pairing {
    session.pairing().unwrap()
}

#[cfg(feature = "keyfile")]
pub fn time(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

/// The same key while the other device has not confirmed it.
#[cfg(feature = "keyfile")]
pub fn unacknowledged(key: &crate::keyfile::KeyFile) -> crate::keyfile::KeyFile {
    let mut document: serde_json::Value = serde_json::from_slice(&key.to_json()).unwrap();
    document["acknowledged"] = serde_json::Value::Bool(false);
    crate::keyfile::KeyFile::from_json(document.to_string().as_bytes()).unwrap()
}

/// A name that a user typed.
#[cfg(feature = "keyfile")]
pub fn local_name(text: &str) -> crate::contacts::Name {
    text.parse().unwrap()
}

#[cfg(feature = "age")]
pub fn passphrase(text: &str) -> crate::keyfile::Passphrase {
    crate::keyfile::Passphrase::new(Zeroizing::new(text.to_owned())).unwrap()
}

#[cfg(feature = "age")]
/// A guess costs next to nothing: for tests that make thousands.
pub const CHEAP: crate::keyfile::WorkFactor = crate::keyfile::WorkFactor::Log2(2);

/// Fails where `text` shows a part of the secret in any usual way.
pub fn assert_hides(text: &str, secret: &[u8; 32]) {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let list = format!("{secret:?}");
    let hex_list = format!("{secret:02x?}");
    let (standard, url) = (STANDARD.encode(secret), URL_SAFE.encode(secret));
    for form in [&hex[..16], &list[1..20], &hex_list[1..20], &standard[..16], &url[..16]] {
        assert!(!text.to_lowercase().contains(&form.to_lowercase()), "{form} in {text}");
    }
}

/// Two sessions, the initiator first.
pub fn initiator_first<R: rand_core::CryptoRng>(
    one: Session<R>,
    two: Session<R>,
) -> (Session<R>, Session<R>) {
    let commitment = |s: &Session<R>| match Frame::from_text(s.text().unwrap()) {
        Ok(Frame::Hello(hello)) => hello.commitment,
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
pub fn pair_at(suites: Suites, step: usize) -> (Session<ChaCha20Rng>, Session<ChaCha20Rng>) {
    let (mut i, mut r) = initiator_first(device_of(suites, 1), device_of(suites, 2));
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
    format!("kg1:{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
}

/// The body of a text's frame, without its checksum.
pub fn body(text: &str) -> Vec<u8> {
    let mut bytes = Frame::from_text(text).unwrap().to_bytes();
    bytes.truncate(bytes.len() - 4);
    bytes
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

/// One identifier of each kind, as their programs wrote them, and the host name `host`.
#[cfg(feature = "keyfile")]
#[allow(clippy::expect_used, reason = "for tests")]
pub fn identifiers(host: &str) -> Vec<crate::identifiers::Identifier> {
    use crate::identifiers::IdentifierKind as Kind;
    [
        (Kind::SshHost, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJkxbJ2Dmt+jXWFMK4XvQD5GCokU99BX/rQkmBvsPiSB bo@laptop"),
        (Kind::SshUser, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJkxbJ2Dmt+jXWFMK4XvQD5GCokU99BX/rQkmBvsPiSB bo@laptop"),
        (Kind::Syncthing, "7QPK3QP-VWCTNF3-7EFSV5C-IA6HEH2-772E3MC-DGA5QOT-NU7YU5V-RMZ36A4"),
        (Kind::WireGuard, "3RhvtScdsXophuAebr6ZItNizMxq+r0cqNWR1RdL2H4="),
        (Kind::OpenPgp, "D9BE5C9191178E274166BE472DB31C14508BC312"),
        (Kind::Age, "age10f4stydqe6cage9s9zx9vygc6wuzgux7ddat5qd2xrr003j56gyqly0agv"),
        (Kind::HostName, host),
        (Kind::Minisign, "RWTLpssBRaxCPdce4dEBtoOvFFBjo04QDM5+X2nTDeJZXgP+CPRy1iat"),
    ]
    .map(|(kind, text)| kind.parse(text).expect("what a program wrote"))
    .to_vec()
}

/// The card of a device that shares one of each.
#[cfg(feature = "keyfile")]
#[allow(clippy::expect_used, reason = "for tests")]
pub fn shared_card(host: &str) -> crate::pairing::Card {
    crate::pairing::Card::of(&identifiers(host)).expect("one of each")
}
