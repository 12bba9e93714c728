//! A cancelled command changes nothing, whenever it is cancelled.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

use crate::gui::effect::{ProfileCommand, ProtectionChange};
use crate::gui::report::Report;
use crate::gui::worker::{Environment, ProfileWorker};
use keyglance_core::keyfile::{Passphrase, WorkFactor};
use keyglance_core::pairing::DisplayName;
use keyglance_profile::{IdentityState, Profile};

#[test]
fn a_cancelled_job_writes_nothing_and_the_next_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let cancelled = Arc::new(AtomicU64::new(0));
    let rng = Box::new(ChaCha20Rng::seed_from_u64(0));
    let environment = Environment { clock: || jiff::Timestamp::UNIX_EPOCH, rng };
    let path = folder.path().join("profile");
    let work = WorkFactor::Log2(2);
    let mut worker =
        ProfileWorker::new(path.clone(), None, work, Arc::clone(&cancelled), environment);
    let name = || DisplayName::new("Ana").unwrap();
    let protect = || ProfileCommand::ChangeIdentity {
        name: name(),
        current: None,
        protection: ProtectionChange::Set(Passphrase::new("p".to_owned().into()).unwrap()),
    };
    worker.carry_out(ProfileCommand::Open);
    worker.carry_out(ProfileCommand::CreateIdentity(name()));
    // As the window does when the third command, this one, is being carried out.
    cancelled.store(3, Ordering::Relaxed);
    let reports = worker.carry_out(protect());
    assert!(
        matches!(&reports[..], [Report::Identity(Err(notification))] if notification.what == "Cancelled.")
    );
    let profile = Profile::open(&path).unwrap();
    assert!(matches!(profile.identity().unwrap(), IdentityState::Plain(_)));
    let reports = worker.carry_out(protect());
    assert!(matches!(&reports[..], [Report::Identity(Ok(device))] if device.protected));
    assert!(matches!(profile.identity().unwrap(), IdentityState::Sealed(_)));
}
