//! "Use key with…": programs, their options, files and codes.

use std::path::Path;
use std::time::Duration;

use super::TestHarness;
use super::harness::{clear, paired, peer, press};
use crate::gui::effect::FileDialog;
use crate::gui::message::Message;
use crate::gui::report::Report;
use crate::gui::route::Route;
use crate::gui::screen::Screen;
use crate::gui::screens::export;
use crate::messages;
use eframe::egui::{Key, Vec2};
use egui_kittest::kittest::Queryable as _;
use keyglance_core::crypto::{Purpose, Suite};
use keyglance_core::exports::{Group, OptionValues, PROGRAMS, Program, Target};
use keyglance_core::keyfile::{KeyFile, Passphrase, decrypt_with_passphrase};
use keyglance_core::pairing::Suites;
use keyglance_profile::ExportFailure;

pub const SEARCH: &str = "Program or thing: restic, Wi-Fi, KeePassXC, SOPS…";
const WORDS: &str = "correct horse battery staple";

fn pass(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned().into()).unwrap()
}

/// The programs that get something of the key; `they_shared.rs` has the others.
fn of_the_key() -> impl Iterator<Item = &'static Program> {
    PROGRAMS.iter().filter(|program| !program.target.is_public())
}

/// The page for the key of the contact that was paired.
pub fn use_key(bench: &mut TestHarness) {
    let key = bench.profile().find_key("Bo").unwrap().file.key_id();
    bench.window().update(Message::Go(Route::Export(key)));
    bench.settle();
}

/// The options of this program.
pub fn options(bench: &mut TestHarness, program: &str) {
    bench.write(SEARCH, program);
    bench.key(Key::Enter);
}

pub fn set_file(bench: &mut TestHarness, path: &Path) {
    let message = export::Message::Path(path.to_string_lossy().into_owned());
    bench.window().update(Message::Export(message));
    bench.settle();
}

#[test]
fn every_program_is_shown_in_its_group() {
    let (mut bench, _) = paired();
    use_key(&mut bench);
    assert!(bench.sees("Use the key of Bo with…"));
    for group in Group::ALL {
        assert!(bench.sees(group.title()));
    }
    for program in PROGRAMS {
        assert!(bench.harness().query_all_by_label(program.name).next().is_some(), "{program:?}");
    }
}

#[test]
fn a_program_is_found_by_name_by_another_name_and_by_use() {
    let (mut bench, _) = paired();
    use_key(&mut bench);
    for (typed, found, hidden) in [
        ("restic", "restic", "LUKS"),
        ("luks", "LUKS", "restic"),
        ("veracrypt", "VeraCrypt", "restic"),
        ("backup", "restic", "LUKS"),
        ("disk", "LUKS", "restic"),
        ("vpn", "WireGuard", "restic"),
        ("SOPS", "age", "borg"),
    ] {
        clear(&mut bench, SEARCH);
        bench.write(SEARCH, typed);
        assert!(bench.harness().query_by_label(hidden).is_none(), "{typed}: {hidden}");
        assert!(bench.harness().query_all_by_label(found).next().is_some(), "{typed}: {found}");
    }
    clear(&mut bench, SEARCH);
    bench.write(SEARCH, "no such thing");
    assert!(bench.sees("Nothing is called “no such thing”."));
    bench.click("Show Passphrase");
    assert!(bench.sees("43 letters and digits"));
    clear(&mut bench, SEARCH);
    bench.write(SEARCH, "signal");
    assert!(bench.sees("It cannot take a key from outside. Check its code instead."));
    bench.click("What is this code?");
    assert!(matches!(bench.window().app.screen, Screen::WhatCode(_)));
}

#[test]
fn arrows_and_enter_choose_and_esc_leaves_the_search_first() {
    let (mut bench, _) = paired();
    use_key(&mut bench);
    let chosen = |bench: &mut TestHarness, summary: &str| bench.sees(summary);
    assert!(chosen(&mut bench, "Opens the files that you encrypt for each other"));
    bench.key(Key::ArrowRight);
    assert!(chosen(&mut bench, "An identity that both devices hold, to encrypt"));
    bench.key(Key::ArrowDown);
    assert!(!chosen(&mut bench, "An identity that both devices hold"), "the row below");
    bench.key(Key::ArrowUp);
    assert!(chosen(&mut bench, "An identity that both devices hold"), "and back");
    bench.write(SEARCH, "borg");
    bench.key(Key::Escape);
    assert!(bench.sees("Use the key of Bo with…") && bench.sees("LUKS"), "the search first");
    bench.write(SEARCH, "borg");
    bench.key(Key::Enter);
    assert!(bench.sees("borg with the key of Bo"));
    assert!(!changed(&mut bench));
    bench.write("Passphrase", "typed");
    assert!(changed(&mut bench), "what is typed is not thrown away unasked");
    bench.key(Key::Escape);
    assert!(bench.sees("Leave without saving?"));
    bench.click("Leave");
    assert!(bench.sees("Use the key of Bo with…"), "back to the programs");
    bench.key(Key::Escape);
    bench.key(Key::Escape);
    assert!(!bench.sees("Use the key of Bo with…"), "then out of the screen");
}

fn changed(bench: &mut TestHarness) -> bool {
    let Screen::Export(page) = &bench.window().app.screen else { panic!() };
    page.is_changed()
}

#[test]
fn the_save_button_is_always_in_view() {
    let (mut bench, _) = paired();
    use_key(&mut bench);
    for (width, height) in [(900.0, 600.0), (480.0, 400.0)] {
        bench.harness().set_size(Vec2::new(width, height));
        for program in of_the_key() {
            bench.window().update(Message::Export(export::Message::Another));
            bench.window().update(Message::Export(export::Message::Program(program)));
            bench.settle();
            in_view(&mut bench, "Continue", height);
            bench.window().update(Message::Export(export::Message::Continue));
            bench.settle();
            in_view(&mut bench, if program.phone { "Show code" } else { "Save" }, height);
        }
    }
}

fn in_view(bench: &mut TestHarness, button: &str, height: f32) {
    let node = bench.harness().get_by_label(button);
    let rect = node.rect();
    assert!(rect.min.y >= 0.0 && rect.max.y <= height, "{button} at {rect:?}");
}

#[test]
fn a_key_file_is_protected_unless_asked_otherwise_and_opens_with_its_passphrase() {
    let (mut bench, bo) = paired();
    use_key(&mut bench);
    options(&mut bench, "age");
    let path = bench.folder().join("key.age.txt.age");
    set_file(&mut bench, &path);
    bench.write("Passphrase", "correct horse");
    bench.write("Repeat the passphrase", "wrong horse");
    press(&mut bench, "Save");
    assert!(bench.sees("The two passphrases do not match.") && !path.exists());
    for field in ["Passphrase", "Repeat the passphrase"] {
        clear(&mut bench, field);
        bench.write(field, WORDS);
    }
    assert!(bench.sees("Strong."));
    press(&mut bench, "Save");
    assert!(bench.sees("Ready for age"));
    assert!(bench.sees("The key file is saved and protected with your passphrase."));
    let bytes = std::fs::read(&path).unwrap();
    let opened = decrypt_with_passphrase(&bytes, &pass(WORDS)).unwrap();
    let public = std::fs::read_to_string(path.with_extension("age.pub")).unwrap();
    assert!(String::from_utf8_lossy(&opened).contains(public.trim()), "age's identity");
    assert!(bench.sees(&format!("{} bytes", bytes.len())));
    bench.click("Use with another program…");
    options(&mut bench, "age");
    press(&mut bench, "Save");
    assert!(!bench.sees("Ready for age"), "the passphrase is not kept");
    assert!(bo.pairing().is_some());
}

#[test]
fn the_result_page_has_the_commands_to_copy_and_opens_the_folder() {
    let (mut bench, _) = paired();
    use_key(&mut bench);
    options(&mut bench, "restic");
    let path = bench.folder().join("it's.restic.age");
    set_file(&mut bench, &path);
    for field in ["Passphrase", "Repeat the passphrase"] {
        bench.write(field, WORDS);
    }
    press(&mut bench, "Save");
    assert!(bench.sees("Ready for restic") && bench.sees("it's.restic.age"));
    assert!(!bench.sees("borg"), "only this program's commands");
    bench.done();
    press(&mut bench, "Copy command 1");
    assert!(bench.done().contains("age -d -o"));
    press(&mut bench, "Copy command 2");
    let copied = bench.done();
    assert!(copied.contains("restic -r REPOSITORY") && copied.contains(r"it'\\''s"), "{copied}");
    assert!(bench.sees("Copied"));
    assert!(!bench.sees("keyglance get"), "it is folded");
    press(&mut bench, "Without a file on the disk…");
    press(&mut bench, "Copy command 5");
    let copied = bench.done();
    let id = bench.profile().find_key("Bo").unwrap().file.key_id();
    assert!(copied.contains(&format!("keyglance get {id} --for restic")), "{copied}");
    assert!(bench.sees("Anyone with this file and its passphrase can open"));
    press(&mut bench, "Open folder");
    assert!(bench.done().contains("OpenFolder"));
    bench.key(Key::Enter);
    assert!(matches!(bench.window().app.screen, Screen::Contact(_)), "Enter is Done");
}

#[test]
fn nothing_is_replaced_and_a_code_is_shown_for_two_minutes() {
    let (mut bench, _) = paired();
    use_key(&mut bench);
    options(&mut bench, "Passphrase");
    bench.click("Without a passphrase");
    let path = bench.folder().join("key.txt");
    std::fs::write(&path, "precious").unwrap();
    set_file(&mut bench, &path);
    press(&mut bench, "Save");
    assert!(bench.sees("is already there."));
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    press(&mut bench, "Show code");
    assert!(
        bench.sees("Whoever photographs this has the password.") && bench.sees("Hides in 2:00")
    );
    bench.wait(2.0);
    assert!(bench.sees("Hides in 1:58"));
    bench.done();
    press(&mut bench, "Copy");
    assert_eq!(bench.done(), "CopySecret(SecretText { … })", "and is not printed");
    let page = bench.folder().join("bo.html");
    press(&mut bench, "Save…");
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
    bench.wait(118.5);
    assert!(bench.sees("Hidden.") && !bench.sees("Hides in"), "by itself");
    press(&mut bench, "Show again");
    assert!(bench.sees("Hides in 2:00"));
    press(&mut bench, "Hide now");
    assert!(bench.sees("Hidden."));
    assert_eq!(bench.window().app.next_deadline(), None, "and nothing is repainted");
}

#[test]
fn a_countdown_is_drawn_once_a_second() {
    let (mut bench, _) = paired();
    use_key(&mut bench);
    options(&mut bench, "Passphrase");
    press(&mut bench, "Show code");
    let now = bench.window().fixed_time.unwrap();
    let next = bench.window().app.next_deadline().unwrap();
    assert!(next > now && next <= now + Duration::from_secs(1), "{next:?}");
}

#[test]
fn a_program_asks_for_its_options_and_shows_a_code_only_where_one_is_scanned() {
    let (mut bench, bo) = paired();
    use_key(&mut bench);
    let choose = |bench: &mut TestHarness, program: &'static Program| {
        bench.window().update(Message::Export(export::Message::Another));
        bench.window().update(Message::Export(export::Message::Program(program)));
        bench.window().update(Message::Export(export::Message::Continue));
        bench.settle();
    };
    const SSID: &str = "The network's name, at most 32 bytes";
    for program in of_the_key() {
        choose(&mut bench, program);
        assert_eq!(bench.sees("Show code"), program.target.scanned_by.is_some(), "{program:?}");
        assert_eq!(bench.sees(SSID), program.target.name == "wifi");
    }
    // Without the other device's public key, parts of a tunnel are left to fill in.
    choose(&mut bench, Program::find("wireguard").unwrap());
    press(&mut bench, "Show code");
    assert!(bench.sees("A code would lack the parts that you have to fill in."));
    press(&mut bench, "Both devices are mine: derive both private keys");
    press(&mut bench, "Show code");
    assert!(bench.sees("Both private keys come from the shared key"), "the honest warning");
    bench.key(Key::Escape);
    // Options of one program do not carry over to another.
    choose(&mut bench, Program::find("wifi").unwrap());
    bench.write(SSID, "a name that is much too long for Wi-Fi");
    press(&mut bench, "Show code");
    assert!(bench.sees("is longer than 32 bytes"));
    let name = export::Message::TargetOption("ssid", "Guests".to_owned());
    bench.window().update(Message::Export(name));
    bench.settle();
    press(&mut bench, "Without a passphrase");
    let path = bench.folder().join("wifi.txt");
    set_file(&mut bench, &path);
    press(&mut bench, "Save file");
    let time = jiff::Timestamp::UNIX_EPOCH;
    let theirs = KeyFile::from_pairing(bo.pairing().unwrap(), time);
    let choices = OptionValues::default().with("ssid", "Guests");
    let target = Target::find("wifi").unwrap();
    let theirs = target.export_with(&theirs, &Purpose::none(), &choices).unwrap();
    assert_eq!(std::fs::read(path).unwrap(), theirs.file.expose());
}

#[test]
fn a_separate_key_is_another_one() {
    let (mut bench, bo) = paired();
    use_key(&mut bench);
    options(&mut bench, "hex");
    press(&mut bench, "Without a passphrase");
    bench.write("Separate key for (optional)", "office ");
    let path = bench.folder().join("office.hex");
    set_file(&mut bench, &path);
    press(&mut bench, "Save");
    let theirs = KeyFile::from_pairing(bo.pairing().unwrap(), jiff::Timestamp::UNIX_EPOCH);
    let target = Target::find("hex").unwrap();
    let office = target.export(&theirs, &Purpose::new("office").unwrap()).unwrap();
    assert_eq!(std::fs::read(path).unwrap(), office.file.expose(), "a space at its end is none");
    bench.click("Use with another program…");
    options(&mut bench, "hex");
    bench.write("Separate key for (optional)", "of\u{200b}fice");
    press(&mut bench, "Save");
    assert!(bench.sees("holds a letter that cannot be seen (U+200B)."));
}

#[test]
fn a_program_that_the_key_cannot_serve_is_shown_and_cannot_be_chosen() {
    for suites in [Suites::XX, Suites::OFFERED] {
        let mut bench = TestHarness::ana();
        let mut bo = peer("Bo", 1, 1).with_suites(suites);
        bench.pair(&mut bo);
        use_key(&mut bench);
        for program in of_the_key() {
            bench.window().update(Message::Export(export::Message::Program(program)));
            bench.settle();
            let usable = !program.target.post_quantum || suites == Suites::OFFERED;
            assert_eq!(bench.enabled("Continue"), usable, "{program:?}");
            assert_eq!(bench.sees(messages::window::exports::NOT_FOR_THIS_KEY), !usable);
        }
    }
    // Whoever asks all the same is told what to do.
    let message = messages::window::explain(&ExportFailure::Target(
        Target::find("age-pq").unwrap().check_suite(Suite::Xx).unwrap_err(),
    ));
    assert!(message.what.contains("made without post-quantum protection"), "{message:?}");
    assert!(message.advice.starts_with("Pair again"), "{message:?}");
}

#[test]
fn a_file_that_a_dialog_chose_keeps_its_name() {
    let (mut bench, _) = paired();
    use_key(&mut bench);
    options(&mut bench, "age");
    let path = bench.folder().join("chosen");
    let chosen = Some(vec![path.clone()]);
    bench.report(Report::FilesChosen(FileDialog::ExportFile, chosen));
    bench.click("Without a passphrase");
    press(&mut bench, "Save");
    assert!(bench.sees("Ready for age") && path.exists());
}

#[test]
fn a_key_that_was_not_compared_says_so_wherever_it_is_used() {
    let (mut bench, _) = paired();
    use_key(&mut bench);
    let notice = "Not compared: somebody could be between you.";
    assert!(bench.sees(notice));
    options(&mut bench, "hex");
    assert!(bench.sees(notice));
    press(&mut bench, "Compare now…");
    assert!(matches!(bench.window().app.screen, Screen::Compare(_)));
}
