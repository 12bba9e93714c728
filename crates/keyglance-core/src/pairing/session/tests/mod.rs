//! What only the inside of a session can show: every reachable state, and an
//! attacker against a session without commitments.

mod exhaustive;
mod grinding;

use std::sync::Arc;
use std::time::Duration;

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

use super::{DisplayName, Session, Suites};
use crate::crypto::IdentityKey;

type Device = Session<ChaCha20Rng>;

fn device(suites: Suites, seed: u64) -> Device {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let identity = Arc::new(IdentityKey::generate(&mut rng));
    let name = DisplayName::new(&format!("device {seed}")).unwrap();
    Session::new(identity, name, rng, Duration::ZERO).with_suites(suites)
}
