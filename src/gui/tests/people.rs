//! Contacts beyond pairing: announced, decided, retired; and the identity.

use super::harness::{TestHarness, clear, peer};
use crate::gui::message::Message;
use crate::gui::report::Report;
use keyglance_core::contacts::ContactId;
use keyglance_core::crypto::{IdentityKey, PublicKey};
use keyglance_core::keyfile::WorkFactor;
use keyglance_core::test_util::passphrase;
use keyglance_core::trust::Trust;
use keyglance_core::trust::{Method, Verified};
use keyglance_profile::{IdentityState, Require};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

fn paired() -> TestHarness {
    let mut bench = TestHarness::ana();
    let mut bo = peer("Bo", 1, 1);
    bench.pair(&mut bo);
    bench.compare(&bo);
    bench.click("Done");
    bench
}

fn key_of(bench: &TestHarness) -> PublicKey {
    match bench.profile().identity().unwrap() {
        IdentityState::Plain(identity) => *identity.key.public(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn somebody_is_added_verified_and_then_met() {
    let mut bench = TestHarness::ana();
    let bos = *IdentityKey::generate(&mut ChaCha20Rng::seed_from_u64(1001)).public();
    bench.click("Add contact…");
    let own = key_of(&bench).to_string();
    assert!(bench.sees(&own));
    bench.click("Copy");
    assert!(bench.done().contains(&own));
    bench.write("Name", "Bo at work");
    bench.click("Add contact");
    assert!(bench.sees("neither a Keyglance public key nor a verification code"));
    bench.write("Public key, keyglance1…", &bos.to_string());
    bench.click("Add contact");
    assert!(bench.sees("Not met yet") && bench.sees("Added, not compared"));
    bench
        .profile()
        .set_trust(id_of(&bench, "Bo at work"), verified(), jiff::Timestamp::UNIX_EPOCH)
        .unwrap();
    bench.click("Back");
    bench.pair(&mut peer("Bo", 1, 1));
    bench.compare_later();
    assert!(bench.sees("You compared with Bo at work before, by safety number."));
    bench.click("Done");
    assert_eq!(bench.profile().contacts().unwrap().0.len(), 1);
    assert!(bench.profile().find_key("Bo at work").unwrap().file.verified.is_some());
}

fn verified() -> Trust {
    let at = jiff::Timestamp::UNIX_EPOCH;
    Trust::Verified(Verified { method: Method::SafetyNumber, at })
}

#[test]
fn a_key_is_told_retired_and_used_again() {
    let mut bench = paired();
    bench.click("Open Bo");
    assert!(bench.sees("2 May 2026  Paired by camera"));
    assert!(bench.sees("2 May 2026  Compared by check code"));
    bench.click("Set purpose…");
    bench.write("What it is for", "family backup");
    bench.click("Save");
    assert!(bench.sees("For: family backup"));
    bench.click("Stop using");
    assert!(bench.sees("Not in use") && !bench.enabled("Export…"));
    assert!(bench.profile().find_usable_key("Bo", Require::Usable).is_err());
    bench.click("Use again");
    assert!(bench.enabled("Export…"));
    bench.click("Remove key…");
    assert!(bench.sees("does not reach copies"), "it says what it cannot do");
    bench.click("Keep it");
    bench.click("Export…");
    bench.click("Plain");
    let file = bench.folder().join("bo.key");
    clear(&mut bench, "File");
    bench.write("File", file.to_str().unwrap());
    bench.click("Save key file");
    assert!(bench.sees("Saved"));
    bench.click("Back");
    assert!(bench.sees("Exported on 2 May 2026 for age:"));
}

#[test]
fn a_changed_key_can_be_decided_later() {
    let mut bench = paired();
    bench.pair(&mut peer("Bo", 2, 2));
    // The user leaves without an answer.
    bench.window().update(crate::gui::message::Message::Go(crate::gui::route::Route::Home));
    bench.settle();
    assert!(bench.sees("Different key") && bench.sees("Somebody else came under this name."));
    bench.click("Decide Bo 2");
    assert!(bench.sees("has appeared with a different key"));
    for words in ["The key you know", "In use. It stays in use.", "Held back until you decide."] {
        assert!(bench.sees(words), "{words}");
    }
    // Looking decides nothing.
    bench.click("Back");
    assert!(bench.sees("Its key is held back") && !bench.enabled("Export…"));
    bench.click("Decide…");
    bench.click("Not them: block");
    let names: Vec<_> =
        bench.profile().contacts().unwrap().0.into_iter().map(|c| c.name.to_string()).collect();
    assert_eq!(names, ["Bo", "Bo 2"]);
    assert!(bench.sees("Blocked") && !bench.sees("Somebody else came"));
    bench.profile().find_usable_key("Bo", Require::Usable).unwrap();
    assert!(bench.profile().find_usable_key("Bo 2", Require::Usable).is_err());
}

/// The id of the contact with this name.
fn id_of(bench: &TestHarness, name: &str) -> ContactId {
    bench.profile().find_contact(name).unwrap().id()
}

#[test]
fn the_identity_is_backed_up_and_another_is_made_only_when_sure() {
    let mut bench = paired();
    let before = key_of(&bench);
    bench.click("Settings");
    assert!(bench.sees("Back up or replace the identity…"));
    // The button is below the visible part of the page.
    bench.window().update(crate::gui::message::Message::Go(crate::gui::route::Route::Identity));
    bench.settle();
    let file = bench.folder().join("identity.age");
    clear(&mut bench, "Backup file");
    bench.write("Backup file", file.to_str().unwrap());
    bench.write("Passphrase of the backup", "correct horse");
    bench.click("Back up");
    assert!(bench.sees("The two passphrases do not match.") && !file.exists());
    bench.write("Passphrase of the backup", "correct horse");
    bench.write("Repeat the passphrase", "correct horse");
    bench.click("Back up");
    assert!(bench.sees("Saved ") && file.exists());

    bench.click("New identity…");
    assert!(bench.sees("Every contact must verify it again"));
    bench.click("Keep the current one");
    assert_eq!(key_of(&bench), before);
    bench.click("New identity…");
    bench.click("Make a new identity");
    assert_ne!(key_of(&bench), before);
    assert_eq!(bench.profile().find_contact("Bo").unwrap().trust(), Trust::Unverified);
    // The window has the identity that the profile has.
    let own = bench.window().app.model.device.clone().unwrap();
    assert_eq!(*own.key.public(), key_of(&bench));

    bench.write("Passphrase of the backup", "battery staple");
    bench.click("Restore…");
    bench.click("Restore from the file");
    assert!(bench.sees("The passphrase is wrong."));
    bench.write("Passphrase of the backup", "correct horse");
    bench.click("Restore…");
    bench.click("Restore from the file");
    assert_eq!(key_of(&bench), before);
}

#[test]
fn everything_is_backed_up_and_comes_back_in_an_empty_window() {
    let mut bench = paired();
    let before = key_of(&bench);
    let file = bench.folder().join("all.age");
    bench.window().update(Message::Go(crate::gui::route::Route::Identity));
    bench.settle();
    clear(&mut bench, "Backup file");
    bench.write("Backup file", file.to_str().unwrap());
    bench.write("Passphrase of the backup", "correct horse");
    bench.write("Repeat the passphrase", "correct horse");
    bench.click("Back up everything");
    assert!(bench.sees("Saved ") && file.exists());
    let shared = bench.profile().find_key("Bo").unwrap().file.key_id();

    // The disk is lost.
    let profile = bench.profile();
    profile.remove_contact(id_of(&bench, "Bo")).unwrap();
    std::fs::remove_file(profile.folder().join("identity.json")).unwrap();
    bench.window().app.model.device = None;
    bench.window().update(Message::Go(crate::gui::route::Route::Restore));
    bench.settle();
    clear(&mut bench, "Backup file");
    bench.write("Backup file", file.to_str().unwrap());
    bench.write("Passphrase of the backup", "wrong");
    bench.click("Look into it");
    assert!(bench.sees("The passphrase is wrong."));
    bench.write("Passphrase of the backup", "correct horse");
    bench.click("Look into it");
    assert!(bench.sees("This device becomes the one that made it"), "it says so first");
    assert!(matches!(bench.profile().identity().unwrap(), IdentityState::Missing));
    bench.click("Restore");
    assert!(bench.sees("Contacts") && bench.sees("Bo") && bench.sees("Compared"));
    assert_eq!(key_of(&bench), before);
    let key = bench.profile().usable_key(shared, Require::Compared).unwrap();
    assert!(key.restored_at.is_some());
}

/// Before, the new identity was written in the clear.
#[test]
fn a_protected_identity_is_replaced_by_a_protected_one() {
    let mut bench = paired();
    let before = key_of(&bench);
    let profile = bench.profile();
    let word = passphrase("correct horse");
    let IdentityState::Plain(identity) = profile.identity().unwrap() else { panic!() };
    profile.store_identity(&identity, Some((&word, WorkFactor::Log2(2)))).unwrap();
    bench.window().app.model.device.as_mut().unwrap().protected = true;
    bench.window().update(crate::gui::message::Message::Go(crate::gui::route::Route::Identity));
    bench.settle();
    let make = |bench: &mut TestHarness, current: &str| {
        bench.write("Current passphrase", current);
        bench.click("New identity…");
        bench.click("Make a new identity");
    };
    make(&mut bench, "wrong horse");
    assert!(bench.sees("The passphrase is wrong."));
    assert_eq!(*profile.unlock_identity(Some(&word)).unwrap().key.public(), before);
    make(&mut bench, "correct horse");
    assert!(bench.sees("This device is now"));
    assert!(matches!(profile.identity().unwrap(), IdentityState::Sealed(_)));
    assert_ne!(*profile.unlock_identity(Some(&word)).unwrap().key.public(), before);
}

#[test]
fn what_the_terminal_changes_is_seen_in_the_window() {
    let mut bench = paired();
    assert!(bench.poll_changes().is_some(), "what the window did itself is noticed once");
    assert!(bench.poll_changes().is_none(), "and then nothing is read, as long as nothing changes");
    bench.profile().rename_contact(id_of(&bench, "Bo"), "Bo at work").unwrap();
    let report = bench.poll_changes().unwrap();
    assert!(matches!(report, Report::ContactList(_)));
    bench.report(report);
    assert!(bench.sees("Bo at work"));
}

#[test]
fn the_first_run_asks_for_a_name_and_ends_at_home() {
    let mut bench = TestHarness::new();
    assert!(bench.sees("Welcome to Keyglance") && bench.sees("Nothing leaves this computer."));
    bench.click("Test the camera");
    bench.camera_sees("anything");
    assert!(bench.sees("It works, and reads codes."));
    let field = "What is this device called?";
    bench.write(field, "\u{202e}");
    bench.click("Begin");
    assert!(bench.sees("Welcome to Keyglance"), "a name that cannot be one is not taken");
    assert!(matches!(bench.profile().identity().unwrap(), IdentityState::Missing));
    bench
        .window()
        .update(Message::FirstRun(crate::gui::screens::first_run::Message::Name("Ana".to_owned())));
    super::harness::press(&mut bench, "Begin");
    assert!(bench.sees("No contacts yet."));
    let IdentityState::Plain(identity) = bench.profile().identity().unwrap() else { panic!() };
    assert_eq!(identity.name.as_str(), "Ana");
}

#[test]
fn contacts_are_found_renamed_and_removed_only_when_sure() {
    let (mut bench, _) = super::harness::paired();
    bench.write("Search", "zz");
    assert!(bench.sees("No contact matches."));
    clear(&mut bench, "Search");
    bench.click("Bo");
    bench.click("Rename…");
    clear(&mut bench, "New name");
    bench.write("New name", "Bo at work");
    bench.click("Rename");
    assert!(bench.sees("Bo at work"));
    bench.click("Remove contact…");
    bench.click("Keep it");
    assert_eq!(bench.profile().keys().unwrap().0.len(), 1);
    bench.click("Remove contact…");
    bench.click("Remove for good");
    assert!(bench.sees("No contacts yet."));
    assert!(bench.profile().keys().unwrap().0.is_empty());
}
