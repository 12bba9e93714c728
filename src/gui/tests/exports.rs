//! Exports: files, codes, options of targets.

use super::TestHarness;
use super::harness::{clear, paired, peer, press};
use crate::gui::effect::FileDialog;
use crate::gui::message::Message;
use crate::gui::report::Report;
use crate::gui::screens::export;
use crate::messages;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use keyglance_core::crypto::{Purpose, Suite};
use keyglance_core::exports::{OptionValues, TARGETS, Target};
use keyglance_core::keyfile::{KeyFile, Passphrase, decrypt_with_passphrase};
use keyglance_core::pairing::Suites;
use keyglance_profile::ExportFailure;

fn pass(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned().into()).unwrap()
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
fn a_target_that_the_key_cannot_serve_is_shown_and_cannot_be_chosen() {
    for suites in [Suites::XX, Suites::OFFERED] {
        let mut bench = TestHarness::ana();
        let mut bo = peer("Bo", 1, 1).with_suites(suites);
        bench.pair(&mut bo);
        bench.compare_later();
        let safe = "Also safe from a quantum computer that recorded the pairing.";
        assert_eq!(bench.sees(safe), suites == Suites::OFFERED);
        bench.click("Done");
        bench.click("Bo");
        assert_eq!(bench.sees(safe), suites == Suites::OFFERED);
        bench.click("Export…");
        bench.click("Use with");
        for target in TARGETS {
            let name = format!("{} — {}", target.name, target.summary);
            let choice = bench.harness().get_by_label(&name);
            let usable = !target.post_quantum || suites == Suites::OFFERED;
            assert_eq!(choice.accesskit_node().is_disabled(), !usable, "{target:?}");
        }
    }
    // Whoever asks all the same is told what to do.
    let message = messages::window::export(&ExportFailure::Target(
        Target::find("age-pq").unwrap().check_suite(Suite::Xx).unwrap_err(),
    ));
    assert!(message.what.contains("made without post-quantum protection"), "{message:?}");
    assert!(message.advice.starts_with("Pair again"), "{message:?}");
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

fn set_file(bench: &mut TestHarness, path: &std::path::Path) {
    let message = export::Message::Path(path.to_string_lossy().into_owned());
    bench.window().update(Message::Export(message));
    bench.settle();
}
