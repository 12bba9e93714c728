//! Files that are encrypted, opened or dropped, codes for a phone, and codes that somebody
//! wants to know about.

use std::path::Path;

use eframe::egui::Key;

use super::TestHarness;
use super::harness::{paired, press};
use crate::gui::effect::FileDialog;
use crate::gui::message::Message;
use crate::gui::model::CameraName;
use crate::gui::report::Report;
use crate::gui::route::Route;
use crate::gui::screen::Screen;
use crate::gui::screens::{phone, what_code};
use egui_kittest::kittest::Queryable as _;
use keyglance_core::keyfile::{WorkFactor, encrypt_with_passphrase};
use keyglance_core::test_util::passphrase;
use keyglance_profile::Profile;

fn drop_file(bench: &mut TestHarness, path: &Path) {
    bench.window().update(Message::Dropped(vec![path.to_owned()]));
    bench.settle();
}

fn contact(bench: &mut TestHarness) -> Route {
    let name = bench.window().app.model.contacts.contacts[0].contact.name.to_string();
    Route::Contact(bench.profile().find_contact(&name).unwrap().id())
}

fn go(bench: &mut TestHarness, route: Route) {
    bench.window().update(Message::Go(route));
    bench.settle();
}

/// Ana's window and Bo's, which share a key.
fn two() -> [TestHarness; 2] {
    let [mut ana, mut bo] = TestHarness::two(7);
    for bench in [&mut ana, &mut bo] {
        bench.click("Pair a device");
    }
    for _ in 0..60 {
        for step in 0..2 {
            let (from, to) = if step == 0 { (&mut ana, &mut bo) } else { (&mut bo, &mut ana) };
            if let Some(code) = from.code_in_turn() {
                to.camera_sees(&code);
            }
            from.wait(0.3);
            to.wait(0.3);
        }
        if ana.has_paired() && bo.has_paired() {
            break;
        }
    }
    assert!(ana.has_paired() && bo.has_paired());
    [ana, bo]
}

#[test]
fn a_file_dropped_on_a_contact_is_sealed_and_opens_on_the_other_device_only() {
    let [mut ana, mut bo] = two();
    let route = contact(&mut ana);
    go(&mut ana, route);
    let plain = ana.folder().join("contract.pdf");
    std::fs::write(&plain, "signed").unwrap();
    drop_file(&mut ana, &plain);
    assert!(ana.sees("Encrypt a file for Bo laptop") && ana.sees("contract.pdf.age"));
    ana.key(Key::Enter);
    assert!(ana.sees("Encrypted for Bo laptop") && ana.sees("contract.pdf.age"));
    let sealed = ana.folder().join("contract.pdf.age");
    assert!(!std::fs::read(&sealed).unwrap().windows(6).any(|part| part == b"signed"));
    assert_eq!(std::fs::read(&plain).unwrap(), b"signed", "the file itself stays");

    let there = bo.folder().join("contract.pdf.age");
    std::fs::copy(&sealed, &there).unwrap();
    drop_file(&mut bo, &there);
    assert!(bo.sees("An encrypted file."));
    press(&mut bo, "Open");
    assert!(bo.sees("Opened contract.pdf") && bo.sees("Sealed by Ana laptop on their side"));
    assert_eq!(std::fs::read(bo.folder().join("contract.pdf")).unwrap(), b"signed");
    bo.done();
    press(&mut bo, "Open folder");
    assert!(bo.done().contains("OpenFolder"));

    // Never in place of another, and not by anybody else.
    drop_file(&mut bo, &there);
    press(&mut bo, "Open");
    assert!(bo.sees("is already there."));
    let (mut stranger, _) = paired();
    let elsewhere = stranger.folder().join("contract.pdf.age");
    std::fs::copy(&sealed, &elsewhere).unwrap();
    drop_file(&mut stranger, &elsewhere);
    press(&mut stranger, "Open");
    assert!(stranger.sees("None of your keys opens this file."));
    assert!(!stranger.folder().join("contract.pdf").exists());
}

#[test]
fn sealing_says_what_is_wrong_and_leaves_nothing() {
    let (mut bench, _) = paired();
    let Route::Contact(id) = contact(&mut bench) else { panic!() };
    go(&mut bench, Route::Seal(id, None));
    press(&mut bench, "Encrypt");
    assert!(bench.sees("Choose a file first."));
    let gone = bench.folder().join("gone.txt");
    bench.report(Report::FilesChosen(FileDialog::Open, Some(vec![gone])));
    press(&mut bench, "Encrypt");
    assert!(bench.sees("There is no file gone.txt."));
    let folder = bench.folder().join("folder");
    std::fs::create_dir(&folder).unwrap();
    drop_file(&mut bench, &folder);
    press(&mut bench, "Encrypt");
    assert!(bench.sees("folder is a folder."));
    assert!(!bench.folder().join("folder.age").exists());
    let several = ["one", "two"].map(|name| bench.folder().join(name));
    bench.window().update(Message::Dropped(several.to_vec()));
    bench.settle();
    assert!(bench.sees("One file at a time"));
}

/// The key file of the first contact of `bench`.
fn key_file(bench: &TestHarness) -> Vec<u8> {
    bench.profile().find_key("Bo").unwrap().file.to_json().to_vec()
}

#[test]
fn a_key_file_is_looked_at_before_it_is_added() {
    let (bench, _) = paired();
    let key = key_file(&bench);
    let (mut other, _) = (TestHarness::seeded(9).called("Desk"), ());
    let path = other.folder().join("bo.keyglance");
    std::fs::write(&path, &key).unwrap();
    drop_file(&mut other, &path);
    assert!(other.sees("A shared key for “Bo”, made 2 May 2026."));
    assert!(other.profile().contacts().unwrap().0.is_empty(), "not before it is asked for");
    other.key(Key::Enter);
    assert!(matches!(other.window().app.screen, Screen::Contact(_)));
    assert_eq!(other.profile().find_key("Bo").unwrap().file.to_json().to_vec(), key);
    go(&mut other, Route::Home);
    drop_file(&mut other, &path);
    assert!(other.sees("You have this key already.") && !other.sees("Add to contacts"));

    // The same under a passphrase, whatever it is called.
    let path = other.folder().join("holiday.jpg");
    let word = passphrase("correct horse");
    std::fs::write(&path, encrypt_with_passphrase(&key, &word, WorkFactor::Log2(2)).unwrap())
        .unwrap();
    drop_file(&mut other, &path);
    other.write("Passphrase of the file", "wrong");
    other.key(Key::Enter);
    assert!(other.sees("That is not the passphrase of this file."));
    other.write("Passphrase of the file", "correct horse");
    other.key(Key::Enter);
    assert!(other.sees("You have this key already."));
}

#[test]
fn each_file_goes_to_the_page_that_it_is_for() {
    let (mut bench, _) = paired();
    let put = |bench: &mut TestHarness, name: &str, bytes: &[u8]| {
        let path = bench.folder().join(name);
        std::fs::write(&path, bytes).unwrap();
        bench.done();
        drop_file(bench, &path);
    };
    put(&mut bench, "odd", b"\x7fELF\0\0");
    assert!(bench.sees("Keyglance does not know what odd is."));
    press(&mut bench, "Bo");
    assert!(bench.sees("Encrypt a file for Bo"), "whatever it is");
    go(&mut bench, Route::Home);
    put(&mut bench, "empty", b"");
    assert!(bench.sees("empty is empty."));
    let key = key_file(&bench);
    put(&mut bench, "cut.keyglance", &key[..300]);
    assert!(bench.sees("The key file is damaged."));
    put(&mut bench, "code.txt", b"hello");
    assert!(matches!(bench.window().app.screen, Screen::WhatCode(_)) && bench.sees("hello"));
    put(&mut bench, "picture", b"GIF89a");
    assert!(matches!(bench.window().app.screen, Screen::WhatCode(_)));
    assert!(bench.done().contains("ReadPictures"));
    let own = bench.profile().unlock_identity(None).unwrap();
    let (backup, word) = (bench.folder().join("backup"), passphrase("word"));
    let now = "2026-05-02T12:00:00Z".parse().unwrap();
    Profile::open(&bench.folder().join("profile"))
        .unwrap()
        .back_up(&backup, &own, &word, WorkFactor::Log2(2), now)
        .unwrap();
    drop_file(&mut bench, &backup);
    bench.write("Passphrase of the file", "word");
    press(&mut bench, "Open");
    assert!(bench.sees("Restore a backup"));
}

#[test]
fn ctrl_o_asks_for_a_file_and_ctrl_v_takes_a_code() {
    let (mut bench, _) = paired();
    bench.harness().key_press_modifiers(eframe::egui::Modifiers::COMMAND, Key::O);
    bench.settle();
    assert!(bench.done().contains("OpenDialog(Open"));
    let path = bench.folder().join("note.txt");
    std::fs::write(&path, "from a file").unwrap();
    bench.report(Report::FilesChosen(FileDialog::Open, Some(vec![path])));
    assert!(bench.sees("What is this code?") && bench.sees("from a file"));
    go(&mut bench, Route::Home);
    bench.harness().event(eframe::egui::Event::Paste("WIFI:T:WPA;S:x;P:a secret!;;".to_owned()));
    bench.settle();
    assert!(bench.sees("Wi-Fi: network") && !bench.sees("secret!"), "secrets wait");
    press(&mut bench, "Copy without secrets");
    assert!(!bench.done().contains("secret!"));
    press(&mut bench, "Show the password");
    assert!(bench.sees("secret!"));
    press(&mut bench, "Copy the password");
    assert!(bench.done().contains("CopySecret"), "it leaves the clipboard");
    bench.report(Report::CodesRead(Ok(vec![vec![0xfe; 32]])));
    assert!(bench.sees("32 bytes that could be a key; public and secret look alike."));
    assert!(!bench.sees("fe fe"));
}

#[test]
fn our_own_codes_lead_to_their_pages() {
    let (mut bench, bo) = paired();
    let paste = |bench: &mut TestHarness, text: &str| {
        go(bench, Route::WhatCode);
        let message = what_code::Message::Pasted(text.to_owned());
        bench.window().update(Message::WhatCode(message));
        bench.settle();
    };
    paste(&mut bench, "https://example.org/\u{202e}gro.live");
    assert!(
        bench.sees(r"https://example.org/\u{202e}gro.live") && bench.sees("Nothing was opened.")
    );
    paste(&mut bench, &"long ".repeat(1000));
    press(&mut bench, "Show all of it");
    assert!(!bench.sees("Show all of it"));
    paste(&mut bench, bo.text().unwrap());
    press(&mut bench, "Pair a device");
    assert!(matches!(bench.window().app.screen, Screen::Pairing(_)));
    go(&mut bench, Route::Home);
    let own = bench.window().app.model.device.as_ref().unwrap().key.public().to_string();
    paste(&mut bench, &own);
    press(&mut bench, "Add to contacts…");
    assert!(matches!(bench.window().app.screen, Screen::Add(_)));
    go(&mut bench, Route::WhatCode);
    assert!(bench.harness().query_by_label("Camera").is_none(), "there is none");
    let camera = CameraName { index: 0, name: "Desk".to_owned() };
    bench.report(Report::Cameras(vec![camera]));
    press(&mut bench, "Camera");
    bench.done();
    bench.camera_sees("seen");
    assert!(bench.sees("seen") && bench.done().contains("StopScan"), "one code is enough");
    bench.report(Report::CodesRead(Ok(Vec::new())));
    assert!(bench.sees("There is no code in that picture."));
    assert!(!bench.sees("seen"), "what was read before is another code");
}

#[test]
fn what_a_code_says_takes_the_place_of_the_empty_one() {
    let (mut bench, _) = paired();
    go(&mut bench, Route::WhatCode);
    let area = "Drop a picture of a code here.";
    let before = bench.harness().get_by_label(area).rect();
    bench.report(Report::CodesRead(Ok(vec![b"hello".to_vec()])));
    let (said, area) =
        (bench.harness().get_by_label("hello").rect(), bench.harness().get_by_label(area).rect());
    assert!(said.left() < before.left() && said.bottom() < area.top(), "{said:?} {area:?}");
    assert!(bench.sees("Another code"));
    bench.harness().get_by_label("Paste");
}

#[test]
fn a_code_for_a_phone_is_shown_when_asked_for_and_hides() {
    let (mut bench, _) = paired();
    go(&mut bench, Route::Phone(None));
    for tile in [
        "Pair the phone itself",
        "Wi-Fi for a guest",
        "WireGuard tunnel",
        "Meshtastic channel",
        "Password or words",
        "One-time codes",
    ] {
        assert!(bench.harness().query_all_by_label_contains(tile).next().is_some(), "{tile}");
    }
    bench.click("Wi-Fi for a guest The camera app joins it");
    assert!(!bench.sees("Hides in"), "nothing secret before");
    press(&mut bench, "Show code");
    assert!(bench.sees("Wi-Fi “Keyglance guest”") && bench.sees("Hides in 2:00"));
    assert!(bench.sees("Whoever scans this can join the Wi-Fi."));
    bench.write("The network's name, at most 32 bytes", "Guests");
    assert!(!bench.sees("Hides in"), "that was another network");
    press(&mut bench, "Show code");
    assert!(bench.sees("Wi-Fi “Guests”"));
    bench.wait(120.5);
    assert!(bench.sees("Hidden."));
    press(&mut bench, "Show again");
    assert!(bench.sees("Hides in 2:00"));
    for (need, program) in [(1, 0), (2, 0), (3, 0), (3, 1), (4, 0), (4, 1), (5, 0)] {
        for choice in [phone::Message::Need(need), phone::Message::Program(program)] {
            bench.window().update(Message::Phone(choice));
        }
        bench.settle();
        assert!(!bench.sees("Hides in"));
        press(&mut bench, "Show code");
        assert!(bench.sees("Hides in"), "{need} {program}");
    }
    let mut used: Vec<String> =
        bench.profile().find_key("Bo").unwrap().exports.into_iter().map(|it| it.target).collect();
    used.sort();
    used.dedup();
    let all = ["meshcore", "meshtastic", "passphrase", "totp", "wifi", "wireguard", "words"];
    assert_eq!(used, all, "and it is recorded");
}

#[test]
fn without_contacts_a_phone_leads_to_pairing() {
    let mut bench = TestHarness::ana();
    go(&mut bench, Route::Phone(None));
    assert!(bench.sees("Where is the page?"), "which needs no contact");
    bench.click("Wi-Fi for a guest The camera app joins it");
    assert!(bench.sees("No contacts yet."));
    bench.key(Key::Enter);
    assert!(matches!(bench.window().app.screen, Screen::Pairing(_)));
}

#[test]
fn two_codes_are_compared_and_a_pasted_number_too() {
    let (mut bench, _) = paired();
    // Two safety number codes of Signal, each the other's mirror (its published example).
    let code = |local: u8, remote: u8| {
        let mut code = vec![0x08, 0x01, 0x12, 0x22, 0x0a, 0x20];
        code.extend([local; 32]);
        code.extend([0x1a, 0x22, 0x0a, 0x20]);
        code.extend([remote; 32]);
        code
    };
    let read = |bench: &mut TestHarness, code: Vec<u8>| {
        bench.report(Report::CodesRead(Ok(vec![code])));
    };
    go(&mut bench, Route::WhatCode);
    read(&mut bench, code(1, 2));
    assert!(bench.sees("Signal: safety number"));
    press(&mut bench, "Compare with another…");
    assert!(bench.sees("Compare with") && !bench.sees("Another code"));
    read(&mut bench, code(2, 1));
    assert!(bench.sees("Signal: safety number") && bench.sees("mirror"), "they match");
    press(&mut bench, "Compare with another…");
    read(&mut bench, code(1, 2));
    assert!(bench.sees("same screen"), "a picture of one's own code proves nothing");
    press(&mut bench, "Compare with another…");
    let text = what_code::Message::Pasted("0".repeat(60));
    bench.window().update(Message::WhatCode(text));
    bench.settle();
    assert!(!bench.sees("mirror") && !bench.sees("same screen"));
    press(&mut bench, "Compare with another…");
    bench.key(Key::Escape);
    assert!(bench.sees("Compare with another…") && bench.sees("Signal: safety number"));
}

#[test]
fn the_guide_says_how_to_check_in_an_app_and_goes_back_to_the_code() {
    let (mut bench, _) = paired();
    go(&mut bench, Route::WhatCode);
    let text = what_code::Message::Pasted(super::every_screen::LINK_DEVICE.to_owned());
    bench.window().update(Message::WhatCode(text));
    bench.settle();
    press(&mut bench, "How do I check Signal?");
    assert!(bench.sees("View safety number") && bench.sees("Sources"));
    bench.key(Key::Escape);
    assert!(bench.sees("Signal: link device"), "what was read is still there");
    press(&mut bench, "Is my messenger end-to-end encrypted?");
    bench.write("App: Signal, WhatsApp, Proton Drive…", "whats");
    assert!(bench.harness().query_by_label("Threema").is_none());
    press(&mut bench, "WhatsApp");
    assert!(bench.sees("How do I check WhatsApp?"));
    press(&mut bench, "Back to Apps");
    press(&mut bench, "How end-to-end encryption works");
    assert!(bench.sees("Network: cannot read"), "the picture in words");
    bench.key(Key::Escape);
    bench.key(Key::Escape);
    assert!(bench.sees("Signal: link device"));
}
