//! Contacts beyond pairing: announced, decided, retired; and the identity.

use super::harness::{TestHarness, clear, peer};
use crate::gui::effect::FileDialog;
use crate::gui::message::Message;
use crate::gui::model::CameraName;
use crate::gui::report::Report;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use keyglance_core::contacts::{ContactId, PeerIdentity};
use keyglance_core::crypto::{IdentityKey, PublicKey};
use keyglance_core::keyfile::WorkFactor;
use keyglance_core::test_util::passphrase;
use keyglance_core::trust::Trust;
use keyglance_core::trust::{Method, Verified};
use keyglance_profile::{Exported, IdentityState, Require};
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
    bench.click("Check a contact…");
    bench.click("Not in the list? Add somebody by a code or public key…");
    let own = key_of(&bench).to_string();
    assert!(bench.sees(&own));
    bench.click("Copy");
    assert!(bench.done().contains(&own));
    bench.click("Show as code");
    assert!(bench.sees("Your public key") && bench.sees("Our code"));
    bench.click("Done");
    bench.write("Name", "Bo at work");
    bench.click("Add contact");
    assert!(bench.sees("Scan, paste or open their code or public key first."));
    let field = "Their verification code or public key";
    bench.write(field, "keyglance");
    bench.click("Add contact");
    assert!(bench.sees("neither a Keyglance public key nor a verification code"));
    clear(&mut bench, field);
    // Scanned instead of typed; other codes in view are said to be none.
    bench.click("Scan it");
    bench.camera_sees("https://example.org");
    assert!(bench.sees("neither a Keyglance public key nor a verification code"));
    bench.camera_sees(&own);
    assert!(bench.sees("This is this device itself."));
    bench.camera_sees(&bos.to_string());
    assert!(bench.done().ends_with("StopScan"));
    bench.click("Add contact");
    assert!(bench.sees("No key yet. Pair to share one.") && bench.sees("Added, not compared"));
    bench
        .profile()
        .set_trust(id_of(&bench, "Bo at work"), verified(), jiff::Timestamp::UNIX_EPOCH)
        .unwrap();
    bench.click("Back to Home");
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
fn a_key_is_told_stopped_and_used_again() {
    let mut bench = paired();
    bench.click("Bo");
    assert!(bench.sees("2 May 2026  Paired by camera"));
    assert!(bench.sees("2 May 2026  Compared by check code"));
    assert!(!bench.sees("Keys"), "one key needs no list");
    bench.click("Label…");
    bench.write("What it is for", "family backup");
    bench.click("Save");
    assert!(bench.sees("For: family backup"));
    // Asked first, and what is filled loses nothing.
    bench.click("Stop using…");
    bench.click("Keep using it");
    assert!(bench.sees("Use key with…"));
    bench.click("Stop using…");
    bench.click("Stop using it");
    assert!(bench.sees("Not in use") && !bench.sees("Use key with…"));
    assert!(bench.profile().find_usable_key("Bo", Require::Usable).is_err());
    bench.click("Use again");
    assert!(bench.sees("Use key with…"));
    bench.click("Delete…");
    assert!(bench.sees("does not reach copies"), "it says what it cannot do");
    bench.click("Keep it");
    assert_eq!(bench.profile().keys().unwrap().0.len(), 1);
    let key = bench.profile().find_key("Bo").unwrap().file.key_id();
    let at = "2026-05-09T12:00:00Z".parse().unwrap();
    let export = Exported {
        target: "passphrase".to_owned(),
        program: Some("restic".to_owned()),
        purpose: String::new(),
        to: "bo.key".to_owned(),
        at,
        last: None,
        undo: Vec::new(),
    };
    bench.profile().record_export(key, export).unwrap();
    bench.poll_changes().into_iter().for_each(|report| bench.report(report));
    assert!(bench.sees("9 May 2026  Used with restic"));
    bench.click("Delete…");
    bench.click("Delete the key only");
    assert!(bench.sees("No key yet. Pair to share one."));
    assert!(bench.profile().keys().unwrap().0.is_empty());
    assert_eq!(bench.profile().contacts().unwrap().0.len(), 1);
}

#[test]
fn further_keys_have_a_line_each_and_names_of_the_contact() {
    let mut bench = paired();
    bench.pair(&mut peer("Bo", 1, 2));
    bench.compare_later();
    bench.click("Done");
    bench.profile().rename_contact(id_of(&bench, "Bo"), "Bo at work").unwrap();
    bench.poll_changes().into_iter().for_each(|report| bench.report(report));
    bench.click("Bo at work");
    for words in [
        "Keys",
        "Paired by camera 2 May 2026 \u{b7} compared",
        "Bo at work \u{b7} key 2",
        // The last one that this profile took in is meant where none is named.
        "Paired by camera 2 May 2026 \u{b7} in use",
    ] {
        assert!(bench.sees(words), "{words}");
    }
    bench.click("More about Bo at work");
    bench.click("Stop using…");
    bench.click("Stop using it");
    assert!(bench.sees("Paired by camera 2 May 2026 \u{b7} not in use"));
    bench.click("Use again Bo at work");
    assert!(!bench.sees("not in use"));
    bench.click("More about Bo at work \u{b7} key 2");
    bench.click("Delete key…");
    bench.click("Delete for good");
    assert!(!bench.sees("Keys") && bench.sees("Use key with…"), "one key needs no list");
}

/// Its check code differed there, and nobody can tell this device but a person.
#[test]
fn the_other_device_can_say_no() {
    let (mut bench, _) = super::harness::paired();
    bench.click("Bo");
    bench.click("The other device says no…");
    bench.click("Keep the key");
    assert_eq!(bench.profile().keys().unwrap().0.len(), 1);
    bench.click("The other device says no…");
    bench.click("Delete the key");
    assert!(bench.profile().keys().unwrap().0.is_empty());
}

#[test]
fn a_changed_key_can_be_decided_later() {
    let mut bench = paired();
    bench.pair(&mut peer("Bo", 2, 2));
    // The user leaves without an answer.
    bench.window().update(crate::gui::message::Message::Go(crate::gui::route::Route::Home));
    bench.settle();
    assert!(bench.sees("Appeared with a different key today \u{b7} the old key stays in use"));
    // The new one is told on the row of the one that is known, and has none of its own.
    assert!(!bench.sees("Bo 2") && !bench.sees("Use the key of"));
    bench.click("Decide about Bo");
    assert!(bench.sees("has appeared with a different key"));
    for words in ["The key you know", "In use. It stays in use.", "Held back until you decide."] {
        assert!(bench.sees(words), "{words}");
    }
    // Enter decides nothing: the heading has the focus.
    bench.harness().key_press(eframe::egui::Key::Enter);
    bench.settle();
    let decision = |bench: &TestHarness| {
        bench.profile().find_contact("Bo 2").unwrap().name_conflict.unwrap().decision
    };
    assert_eq!(decision(&bench), None);
    // Nor does Esc, which leads home.
    bench.harness().key_press(eframe::egui::Key::Escape);
    bench.settle();
    assert_eq!(decision(&bench), None);
    bench.click("Bo");
    assert!(bench.sees("Somebody else came under this name."));
    assert!(bench.sees("Compared 2 May 2026 by check code") && bench.sees("Use key with…"));
    bench.click("Decide about Bo 2");
    bench.click("Not them: block");
    let names: Vec<_> =
        bench.profile().contacts().unwrap().0.into_iter().map(|c| c.name.to_string()).collect();
    assert_eq!(names, ["Bo", "Bo 2"]);
    assert!(bench.sees("Blocked") && !bench.sees("different key"));
    bench.profile().find_usable_key("Bo", Require::Usable).unwrap();
    assert!(bench.profile().find_usable_key("Bo 2", Require::Usable).is_err());
}

#[test]
fn letters_of_another_script_are_told_where_a_key_changes() {
    let mut bench = paired();
    bench.pair(&mut peer("Во", 2, 2));
    bench.window().update(Message::Go(crate::gui::route::Route::Home));
    bench.settle();
    bench.click("Decide about Bo");
    assert!(bench.sees("The new name is written with other letters: В (Cyrillic), о (Cyrillic)."));
    bench.click("Somebody else with that name? Give them another…");
    bench.write("What to call them", "Bo");
    bench.click("Compare…");
    assert!(bench.sees("Another contact is called \u{201c}Bo\u{201d}."));
    bench.click("Cancel");
    assert!(bench.sees("Not them: block"));
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
    assert!(bench.sees("Back up or restore…"));
    // The button is below the visible part of the page.
    bench.window().update(crate::gui::message::Message::Go(crate::gui::route::Route::Identity));
    bench.settle();
    let file = bench.folder().join("identity.age");
    clear(&mut bench, "Backup file");
    bench.write("Backup file", file.to_str().unwrap());
    bench.write("Passphrase of the backup", "correct horse");
    bench.click("Back up");
    assert!(bench.sees("The two passphrases do not match.") && !file.exists());
    bench.write("Repeat the passphrase", "correct horse");
    bench.click("Back up");
    assert!(bench.sees("Saved ") && file.exists());

    bench.click("Make a new one…");
    assert!(bench.sees("Every contact must verify it again"));
    bench.click("Keep the current one");
    assert_eq!(key_of(&bench), before);
    bench.click("Make a new one…");
    bench.click("Make a new one");
    assert_ne!(key_of(&bench), before);
    assert_eq!(bench.profile().find_contact("Bo").unwrap().trust(), Trust::Unverified);
    // The window has the identity that the profile has.
    let own = bench.window().app.model.device.clone().unwrap();
    assert_eq!(*own.key.public(), key_of(&bench));

    bench.write("Passphrase of the backup", "battery staple");
    bench.click("Restore…");
    bench.click("Restore from the file");
    assert!(bench.sees("That is not the passphrase."));
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
    bench.click("Open the backup");
    assert!(bench.sees("That is not the passphrase."));
    bench.write("Passphrase of the backup", "correct horse");
    bench.click("Open the backup");
    assert!(bench.sees("This device becomes the one that made it"), "it says so first");
    assert!(bench.sees("A backup of Ana laptop, made 2 May 2026."));
    assert!(bench.sees("Contacts that come back"));
    // Each name is a text of its own.
    assert_eq!(bench.harness().get_all_by_label("Bo").count(), 2, "the contact and its key");
    assert!(bench.sees("There are no contacts and no keys here yet."));
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
        bench.write("Passphrase of this device", current);
        bench.click("Make a new one…");
        bench.click("Make a new one");
    };
    make(&mut bench, "wrong horse");
    assert!(bench.sees("That is not the passphrase."));
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
    // A camera is tested only where there is one.
    assert!(bench.sees("No camera found") && !bench.sees("Test it"));
    let camera = CameraName { index: 0, name: "Integrated Camera".to_owned() };
    bench.report(Report::Cameras(vec![camera]));
    assert!(bench.sees("Integrated Camera") && bench.sees("Found. Nothing is recorded."));
    bench.click("Test it");
    bench.camera_sees("anything");
    assert!(bench.sees("It works, and reads codes."));
    bench.click("Stop");

    let field = "What is this device called?";
    let none =
        |bench: &TestHarness| matches!(bench.profile().identity().unwrap(), IdentityState::Missing);
    for (name, problem) in [
        ("", "Write a name."),
        ("Bo\u{200b}b", "This name holds a letter that cannot be seen (U+200B)."),
        // 63 bytes are 31 letters of two bytes, which nobody has to know.
        (&"я".repeat(36), "5 letters too many."),
        (&"я".repeat(32), "1 letter too many."),
    ] {
        clear(&mut bench, field);
        bench.write(field, name);
        assert!(name.is_empty() || bench.sees(problem), "it is told while one types: {name:?}");
        bench.click("Begin");
        assert!(bench.sees(problem), "{name:?}");
        assert!(none(&bench), "a name that cannot be one is not taken");
    }
    clear(&mut bench, field);
    // Too long before, when bytes were called letters; and Enter begins.
    bench.write(field, "Компьютер Анастасии");
    bench.harness().key_press(eframe::egui::Key::Enter);
    bench.settle();
    assert!(bench.sees("Share a secret key with another device"));
    let IdentityState::Plain(identity) = bench.profile().identity().unwrap() else { panic!() };
    assert_eq!(identity.name.as_str(), "Компьютер Анастасии");
}

/// The page begins in its one field.
#[test]
fn a_locked_profile_is_opened_by_typing_alone() {
    let mut bench = TestHarness::ana();
    let profile = bench.profile();
    let IdentityState::Plain(identity) = profile.identity().unwrap() else { panic!() };
    let work = WorkFactor::Log2(2);
    profile.store_identity(&identity, Some((&passphrase("correct horse"), work))).unwrap();
    bench.window().carry_out(vec![crate::gui::effect::ProfileCommand::Open.into()]);
    bench.settle();
    assert!(bench.sees("Passphrase of this device"));
    for (typed, sees) in [
        ("battery staple", "That is not the passphrase."),
        ("correct horse", "Share a secret key with another device"),
    ] {
        bench.harness().event(eframe::egui::Event::Text(typed.to_owned()));
        bench.settle();
        bench.harness().key_press(eframe::egui::Key::Enter);
        bench.settle();
        assert!(bench.sees(sees), "{typed}");
    }
}

#[test]
fn contacts_are_renamed_and_deleted_only_when_sure() {
    let (mut bench, _) = super::harness::paired();
    // From the row's menu, as from the page.
    bench.click("More about Bo");
    bench.click("Rename…");
    assert!(bench.harness().ctx.text_edit_focused(), "one types at once");
    clear(&mut bench, "New name");
    bench.write("New name", "Bo\u{200b}");
    bench.click("Rename");
    assert!(bench.sees("This name holds a letter that cannot be seen (U+200B)."));
    clear(&mut bench, "New name");
    bench.write("New name", "Bo at work");
    bench.harness().key_press(eframe::egui::Key::Enter);
    bench.settle();
    assert!(bench.sees("Bo at work") && !bench.sees("New name"));
    // Esc answers nothing, and stays on the page.
    bench.click("More about Bo at work");
    bench.click("Delete…");
    bench.harness().key_press(eframe::egui::Key::Escape);
    bench.settle();
    assert!(bench.sees("Contacts") && !bench.sees("Delete for good"));
    assert_eq!(bench.profile().keys().unwrap().0.len(), 1);
    // Enter presses what loses nothing.
    bench.click("Bo at work");
    bench.click("Delete…");
    bench.harness().key_press(eframe::egui::Key::Enter);
    bench.settle();
    assert_eq!(bench.profile().keys().unwrap().0.len(), 1);
    bench.click("Delete…");
    bench.click("Delete for good");
    assert!(bench.sees("Share a secret key with another device"));
    assert!(bench.profile().keys().unwrap().0.is_empty());
}

#[test]
fn contacts_stand_in_natural_order_and_from_eight_on_are_searched() {
    let mut bench = TestHarness::ana();
    let add = |bench: &TestHarness, number: u64, name: &str| {
        let key = IdentityKey::generate(&mut ChaCha20Rng::seed_from_u64(500 + number));
        let identity = PeerIdentity::of(*key.public());
        bench.profile().add_contact(name, identity, jiff::Timestamp::UNIX_EPOCH).unwrap();
    };
    for number in [10, 1, 2, 11, 3, 20, 21] {
        add(&bench, number, &format!("Person {number}"));
    }
    bench.poll_changes().into_iter().for_each(|report| bench.report(report));
    assert!(!bench.sees("Search your contacts"));
    add(&bench, 99, "André");
    bench.poll_changes().into_iter().for_each(|report| bench.report(report));
    let names = |bench: &TestHarness| -> Vec<String> {
        let nodes = bench.harness.query_all_by_role(Role::ListItem);
        nodes.filter_map(|node| node.accesskit_node().label()).collect()
    };
    let all = [1, 2, 3, 10, 11, 20, 21].map(|number| format!("Person {number}"));
    assert_eq!(names(&bench)[0], "André");
    assert_eq!(names(&bench)[1..], all);
    bench.write("Search your contacts", "ANDRE");
    assert_eq!(names(&bench), ["André"]);
    bench.write("Search your contacts", "x");
    assert!(bench.sees("No contact is called \u{201c}ANDREx\u{201d}."));
    bench.click("Clear");
    assert_eq!(names(&bench).len(), 8);
}

#[test]
fn other_ways_than_a_camera_are_one_click_away() {
    let mut bench = TestHarness::ana();
    bench.click("Import a key file");
    assert!(bench.done().contains("OpenDialog(Open"));
    let file = bench.folder().join("bo.key");
    bench.report(Report::FilesChosen(FileDialog::Open, Some(vec![file])));
    assert!(!bench.sees("Share a secret key"), "the file is looked into");
    bench.click("Back to Home");
    bench.click("Restore a backup");
    assert!(bench.sees("Backup file"));
}
