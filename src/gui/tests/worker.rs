//! A cancelled command changes nothing, whenever it is cancelled.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

use super::harness::card_places;
use crate::gui::app::App;
use crate::gui::effect::{ProfileCommand, ProtectionChange};
use crate::gui::message::Message;
use crate::gui::model::FrameSourceChoice;
use crate::gui::report::Report;
use crate::gui::route::Route;
use crate::gui::worker::{Environment, ProfileWorker};
use crate::messages::Notification;
use keyglance_core::keyfile::{Passphrase, WorkFactor};
use keyglance_core::pairing::DisplayName;
use keyglance_profile::{IdentityState, Profile};

#[test]
fn a_cancelled_job_writes_nothing_and_the_next_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let cancelled = Arc::new(AtomicU64::new(0));
    let rng = Box::new(ChaCha20Rng::seed_from_u64(0));
    let environment = Environment {
        clock: || jiff::Timestamp::UNIX_EPOCH,
        rng,
        places: card_places(folder.path()),
        program: None,
        any_folder_is_usual: true,
    };
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

/// Its key could not be stored: nobody shows a code for nothing.
#[test]
fn a_read_only_profile_pairs_with_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let rng = Box::new(ChaCha20Rng::seed_from_u64(0));
    let environment = Environment {
        clock: || jiff::Timestamp::UNIX_EPOCH,
        rng,
        places: card_places(folder.path()),
        program: None,
        any_folder_is_usual: true,
    };
    let path = folder.path().join("profile");
    let cancelled = Arc::default();
    let mut worker =
        ProfileWorker::new(path.clone(), None, WorkFactor::Log2(2), cancelled, environment);
    worker.carry_out(ProfileCommand::Open);
    worker.carry_out(ProfileCommand::CreateIdentity(DisplayName::new("Ana").unwrap()));
    for unwritable in [None, Some(Notification::new("It is on a read-only disk.", ""))] {
        let refused = unwritable.is_some();
        let mut app = App::new(path.clone(), FrameSourceChoice::Camera);
        let mut reports = worker.carry_out(ProfileCommand::Open);
        let Some(Report::ProfileOpened(Ok(opened))) = reports.first_mut() else { panic!() };
        assert!(opened.unwritable.is_none(), "this one is not");
        opened.unwritable = unwritable;
        for report in reports {
            app.update(Message::Report(report), Default::default());
        }
        assert_eq!(app.notification.is_some(), refused, "it is said at once");
        assert_eq!(app.go(Route::Pair).is_empty(), refused);
        assert_eq!(app.notification.is_some_and(|n| n.what.contains("read-only")), refused);
    }
}
