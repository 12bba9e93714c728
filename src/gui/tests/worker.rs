//! Work that is cancelled changes nothing, whenever that happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

use crate::gui::message::{Effect, Protection, Report};
use crate::gui::worker::{Environment, ProfileWorker};
use keyglance_core::keyfile::{Passphrase, WorkFactor};
use keyglance_core::pairing::DisplayName;
use keyglance_profile::{IdentityState, Profile};

#[test]
fn a_cancelled_job_writes_nothing_and_the_next_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let cancelled = Arc::new(AtomicU64::new(0));
    let rng = Box::new(ChaCha20Rng::seed_from_u64(0));
    let nature = Environment { clock: || jiff::Timestamp::UNIX_EPOCH, rng };
    let path = folder.path().join("profile");
    let work = WorkFactor::Log2(2);
    let mut clerk = ProfileWorker::new(path.clone(), None, work, Arc::clone(&cancelled), nature);
    let name = || DisplayName::new("Ana").unwrap();
    let protect = || Effect::ChangeIdentity {
        name: name(),
        present: None,
        protection: Protection::By(Passphrase::new("p".to_owned().into()).unwrap()),
    };
    clerk.carry_out(Effect::Open);
    clerk.carry_out(Effect::CreateIdentity(name()));
    // As the window does when the third job, this one, is at work.
    cancelled.store(3, Ordering::Relaxed);
    let reports = clerk.carry_out(protect());
    assert!(matches!(&reports[..], [Report::Identity(Err(told))] if told.what == "Cancelled."));
    let profile = Profile::open(&path).unwrap();
    assert!(matches!(profile.identity().unwrap(), IdentityState::Plain(_)));
    let reports = clerk.carry_out(protect());
    assert!(matches!(&reports[..], [Report::Identity(Ok(own))] if own.protected));
    assert!(matches!(profile.identity().unwrap(), IdentityState::Sealed(_)));
}
