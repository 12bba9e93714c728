//! The other screens.

use std::time::Duration;

use eframe::egui::{Vec2, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::{TestHarness, peer};
use crate::gui::effect::FileDialog;
use crate::gui::message::Message;
use crate::gui::report::Report;
use crate::gui::route::Route;
use crate::gui::screens::{export, pairing};
use keyglance_capture::ScanEvent;
use keyglance_core::crypto::{Fingerprint, FingerprintCode, Purpose};
use keyglance_core::exports::{OptionValues, TARGETS, Target};
use keyglance_core::keyfile::{KeyFile, Passphrase, decrypt_with_passphrase};
use keyglance_core::trust::Method;
use keyglance_core::trust::Trust;
use keyglance_profile::{Identity, IdentityState, Theme};

fn paired() -> (TestHarness, super::harness::Peer) {
    let mut bench = TestHarness::ana();
    let mut bo = peer("Bo", 1, 1);
    bench.pair(&mut bo);
    bench.click("Save contact");
    (bench, bo)
}

fn pass(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned().into()).unwrap()
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
    bench.click("Begin");
    assert!(bench.sees("No contacts yet."));
    let IdentityState::Plain(identity) = bench.profile().identity().unwrap() else { panic!() };
    assert_eq!(identity.name.as_str(), "Ana");
}

#[test]
fn an_export_is_protected_by_default_and_opens_with_its_passphrase() {
    let (mut bench, bo) = paired();
    bench.click("Bo");
    bench.click("Export…");
    let path = bench.folder().join("key.json.age");
    set_file(&mut bench, &path);
    bench.write("Passphrase", "correct horse");
    bench.write("Repeat the passphrase", "wrong horse");
    bench.click("Save key file");
    assert!(bench.sees("The two passphrases do not match.") && !path.exists());
    for field in ["Passphrase", "Repeat the passphrase"] {
        clear(&mut bench, field);
        bench.write(field, "correct horse battery staple");
    }
    assert!(bench.sees("Strong."));
    bench.click("Save key file");
    assert!(bench.sees("Saved"));
    let bytes = std::fs::read(&path).unwrap();
    let opened = decrypt_with_passphrase(&bytes, &pass("correct horse battery staple")).unwrap();
    let public = std::fs::read_to_string(path.with_extension("age.pub")).unwrap();
    assert!(String::from_utf8_lossy(&opened).contains(public.trim()), "age's identity");
    bench.click("Save key file");
    assert!(!bench.sees("Saved"), "the passphrase is not kept");
    assert!(bo.pairing().is_some());
}

#[test]
fn a_plain_export_never_replaces_a_file_and_can_be_shown_as_a_code() {
    let (mut bench, _) = paired();
    bench.click("Bo");
    bench.click("Export…");
    bench.click("Plain");
    let path = bench.folder().join("key.txt");
    std::fs::write(&path, "precious").unwrap();
    set_file(&mut bench, &path);
    bench.click("Save key file");
    assert!(bench.sees("is already there."));
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    assert!(!bench.folder().join("key.txt.pub").exists());
    bench.click("Show as code");
    assert!(bench.sees("Anyone who photographs this code has the key."));
    let page = bench.folder().join("bo.html");
    let save_as = "Save as .png, .svg or, to print, .html";
    clear(&mut bench, save_as);
    bench.write(save_as, page.to_str().unwrap());
    press(&mut bench, "Save code");
    assert!(bench.sees("Saved "));
    let text = std::fs::read_to_string(&page).unwrap();
    assert!(text.contains("<svg") && text.contains("This code is the secret."), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&page).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "it is a secret");
    }
    press(&mut bench, "Save code");
    assert!(bench.sees("is already there."), "never replaced");
    bench.click("Hide");
    assert!(bench.sees("Export the key Bo"));
}

#[test]
fn a_target_asks_for_its_options_and_shows_a_code_only_where_one_is_scanned() {
    let (mut bench, bo) = paired();
    bench.click("Bo");
    bench.click("Export…");
    let choose = |bench: &mut TestHarness, target: &str| {
        let target = Target::find(target).unwrap();
        bench.window().update(Message::Export(export::Message::Target(target)));
        bench.settle();
    };
    for target in TARGETS {
        choose(&mut bench, target.name);
        assert_eq!(bench.sees("Show as code"), target.scanned_by.is_some(), "{target:?}");
        assert_eq!(bench.sees("The network's name, at most 32 bytes"), target.name == "wifi");
    }
    // Without the other device's public key, parts of a tunnel are left to fill in.
    choose(&mut bench, "wireguard");
    press(&mut bench, "Show as code");
    assert!(bench.sees("A code would lack the parts that you have to fill in."));
    press(&mut bench, "Both devices are mine: derive both private keys");
    press(&mut bench, "Show as code");
    assert!(bench.sees("Both private keys come from the shared key"), "the honest warning");
    bench.click("Hide");
    // Options of one target do not carry over to another.
    choose(&mut bench, "wifi");
    bench.write("The network's name, at most 32 bytes", "a name that is much too long for Wi-Fi");
    press(&mut bench, "Show as code");
    assert!(bench.sees("is longer than 32 bytes"));
    bench
        .window()
        .update(Message::Export(export::Message::TargetOption("ssid", "Guests".to_owned())));
    bench.settle();
    press(&mut bench, "Plain");
    let path = bench.folder().join("wifi.txt");
    set_file(&mut bench, &path);
    press(&mut bench, "Save key file");
    let time = jiff::Timestamp::UNIX_EPOCH;
    let theirs = KeyFile::from_pairing(bo.pairing().unwrap(), time);
    let choices = OptionValues::default().with("ssid", "Guests");
    let target = Target::find("wifi").unwrap();
    let theirs = target.export_with(&theirs, &Purpose::none(), &choices).unwrap();
    assert_eq!(std::fs::read(path).unwrap(), theirs.file.expose());
}

#[test]
fn a_file_that_a_dialog_chose_keeps_its_name() {
    let (mut bench, _) = paired();
    bench.click("Bo");
    bench.click("Export…");
    let path = bench.folder().join("chosen");
    let chosen = Some(vec![path.clone()]);
    bench.report(Report::FilesChosen(FileDialog::ExportFile, chosen));
    bench.click("Plain");
    press(&mut bench, "Save key file");
    assert!(bench.sees("Saved") && path.exists());
}

/// Presses it as a screen reader does, wherever the page is scrolled to.
fn press(bench: &mut TestHarness, name: &str) {
    bench.harness().get_by_label(name).click_accesskit();
    bench.settle();
}

fn set_file(bench: &mut TestHarness, path: &std::path::Path) {
    let message = export::Message::Path(path.to_string_lossy().into_owned());
    bench.window().update(Message::Export(message));
    bench.settle();
}

pub fn clear(bench: &mut TestHarness, field: &str) {
    let harness = bench.harness();
    harness.get_by_label(field).focus();
    harness.run_steps(2);
    harness.key_combination_modifiers(eframe::egui::Modifiers::COMMAND, &[eframe::egui::Key::A]);
    harness.key_press(eframe::egui::Key::Backspace);
    bench.settle();
}

#[test]
fn four_ticked_rows_verify_and_a_mismatch_blocks_exports() {
    let (mut bench, bo) = paired();
    bench.click("Check Bo");
    let number = bo.pairing().unwrap().safety_number();
    let rows: Vec<String> = number
        .to_string()
        .split(' ')
        .collect::<Vec<_>>()
        .chunks(3)
        .map(|row| row.join(" "))
        .collect();
    assert_eq!(rows.len(), 4);
    for row in &rows {
        assert!(!bench.enabled("All match"));
        bench.click(row);
    }
    bench.click("All match");
    assert!(bench.sees("Bo is verified"));
    let Trust::Verified(verified) = bench.profile().find_contact("Bo").unwrap().trust() else {
        panic!()
    };
    assert_eq!(verified.method, Method::SafetyNumber);
    bench.click("Done");
    bench.click("Check safety number");
    bench.click("They don't match");
    assert!(bench.sees("These numbers do not match."));
    assert_eq!(bench.profile().find_contact("Bo").unwrap().trust(), Trust::Broken);
    bench.click("Stop using this key");
    assert!(bench.sees("Does not match") && !bench.enabled("Export…"));
}

#[test]
fn scanning_their_fingerprint_code_verifies_and_a_foreign_one_does_not() {
    let (mut bench, bo) = paired();
    let local = Fingerprint::of(&bo.pairing().unwrap().local.identity);
    let remote = Fingerprint::of(&bo.pairing().unwrap().peer.identity);
    bench.click("Check Bo");
    bench.click("Show mine");
    assert!(bench.sees("Our fingerprint code"));
    bench.click("Done");
    bench.click("Scan theirs");
    bench.camera_sees("KG1:AAAA");
    assert!(bench.sees("not a fingerprint code"));
    bench.camera_sees(&FingerprintCode::new(&remote, &local).to_text());
    assert!(bench.sees("That is our own code."));
    bench.camera_sees(&FingerprintCode::new(&local, &remote).to_text());
    assert!(bench.sees("Bo is verified"));
    bench.click("Done");
    bench.click("Check safety number");
    bench.click("Scan theirs");
    bench.camera_sees(&FingerprintCode::new(&local, &local).to_text());
    assert!(bench.sees("These numbers do not match."));
    assert_eq!(bench.profile().find_contact("Bo").unwrap().trust(), Trust::Broken);
}

#[test]
fn contacts_are_found_renamed_and_removed_only_when_sure() {
    let (mut bench, _) = paired();
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

#[test]
fn the_identity_is_protected_locked_and_opened() {
    let (mut bench, _) = paired();
    bench.click("Settings");
    bench.write("New passphrase", "first");
    bench.write("Repeat the passphrase", "second");
    bench.click("Set passphrase");
    assert!(bench.sees("The two passphrases do not match."));
    bench.write("New passphrase", "first");
    bench.write("Repeat the passphrase", "first");
    bench.click("Set passphrase");
    assert!(bench.sees("Saved.") && bench.sees("The identity is protected."));
    let IdentityState::Sealed(bytes) = bench.profile().identity().unwrap() else { panic!() };
    Identity::unseal(&bytes, &pass("first")).unwrap();

    // As at the next start.
    bench.window().app.model.device = None;
    bench.window().carry_out(crate::gui::app::App::start());
    bench.settle();
    bench.write("Passphrase", "wrong");
    bench.click("Open");
    assert!(bench.sees("The passphrase is wrong."));
    bench.write("Passphrase", "first");
    bench.click("Open");
    assert!(bench.sees("Contacts") && bench.sees("Bo"));
}

#[test]
fn settings_are_kept_and_the_camera_is_tested() {
    let (mut bench, _) = paired();
    bench.click("Settings");
    for choice in ["Dark", "125 %", "Short sounds while pairing"] {
        bench.click(choice);
    }
    let settings = bench.profile().settings().unwrap();
    assert_eq!((settings.theme, settings.text_size), (Theme::Dark, 125));
    assert!(!settings.sounds);
    bench.click("Test the camera");
    bench.camera_sees("anything");
    assert!(bench.sees("It works, and reads codes."));
    bench.done();
    bench.click("Back");
    assert!(bench.done().contains("StopScan"), "the camera is let go");
    bench.click("Pair a device…");
    bench.report(Report::Scan(ScanEvent::Ended));
    assert!(bench.sees("The camera is off."));
}

#[test]
fn a_profile_that_cannot_be_opened_is_told_and_tried_again() {
    let mut bench = TestHarness::new();
    let profile = bench.folder().join("profile");
    std::fs::write(profile.join("profile.json"), r#"{"format":"keyglance-profile","version":9}"#)
        .unwrap();
    bench.window().carry_out(crate::gui::app::App::start());
    bench.settle();
    assert!(bench.sees("newer than this program") && bench.sees("Nothing was changed."));
    std::fs::remove_file(profile.join("profile.json")).unwrap();
    bench.click("Try again");
    assert!(bench.sees("Welcome to Keyglance"));
}

/// Every screen, one after the other.
fn tour(bench: &mut TestHarness, mut look: impl FnMut(&mut TestHarness, &str)) {
    let id = bench.profile().find_contact("Bo").unwrap().id();
    let key = bench.profile().find_key("Bo").unwrap().file.key_id();
    for (screen, message) in [
        ("home", Message::Go(Route::Home)),
        ("help", Message::Go(Route::Help)),
        ("settings", Message::Go(Route::Settings)),
        ("contact", Message::Go(Route::Contact(id))),
        ("export", Message::Go(Route::Export(key))),
        ("verify", Message::Go(Route::Verify(id))),
        ("pairing", Message::Go(Route::Pair)),
        ("pairing by other ways", Message::Pairing(pairing::Message::OtherWays(true))),
    ] {
        bench.window().update(message);
        bench.settle();
        look(bench, screen);
    }
    bench.face(&mut peer("Bo", 1, 7), 12);
    look(bench, "result");
}

#[test]
fn everything_that_can_be_pressed_or_written_in_has_a_name() {
    let (mut bench, _) = paired();
    tour(&mut bench, |bench, screen| {
        let root = bench.harness().root();
        let mut count = 0;
        for node in root.children_recursive() {
            let node = node.accesskit_node();
            let acts = matches!(
                node.role(),
                Role::Button
                    | Role::CheckBox
                    | Role::RadioButton
                    | Role::TextInput
                    | Role::PasswordInput
                    | Role::ComboBox
                    | Role::Link
                    | Role::Image
            );
            if acts {
                count += 1;
                let named = node.label().is_some_and(|label| !label.trim().is_empty())
                    || node.labelled_by().next().is_some();
                assert!(named, "{screen}: a {:?} without a name", node.role());
            }
        }
        assert!(count > 0, "{screen}");
    });
}

#[test]
fn every_screen_is_whole_in_the_smallest_window() {
    let (mut bench, _) = paired();
    bench.harness().set_size(Vec2::new(480.0, 400.0));
    bench.settle();
    tour(&mut bench, |bench, screen| {
        for node in bench.harness().root().children_recursive() {
            let node = node.accesskit_node();
            let Some(bounds) = node.bounding_box() else { continue };
            // The area where a scroll bar can be grabbed reaches past its edge.
            if node.role() == Role::ScrollBar {
                continue;
            }
            let within = bounds.x0 >= -1.0 && bounds.x1 <= 481.0;
            assert!(within, "{screen}: {bounds:?} {:?}", node.label());
        }
    });
}

#[test]
fn idle_is_idle() {
    let (mut bench, _) = paired();
    let asks = |bench: &mut TestHarness| {
        bench.harness().run_steps(5);
        let output = bench.harness().output();
        output.viewport_output.values().map(|viewport| viewport.repaint_delay).min().unwrap()
    };
    assert_eq!(asks(&mut bench), Duration::MAX, "home");
    bench.click("Pair a device…");
    assert!(asks(&mut bench) > Duration::from_millis(500), "pairing with nothing in view");
}
