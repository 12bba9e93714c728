//! Files that the program is started with, or started again with, and files that are pasted.

use std::path::PathBuf;

use eframe::egui::{Event, Key};

use super::TestHarness;
use super::harness::paired;
use crate::gui::instance::Request;
use crate::gui::message::Message;
use crate::gui::report::Report;
use crate::gui::route::Route;
use crate::gui::screen::Screen;
use crate::gui::screens::{contact, manage};

/// Files of these names, in a folder whose name has a space.
fn files<const N: usize>(bench: &TestHarness, names: [&str; N]) -> [PathBuf; N] {
    let folder = bench.folder().join("a folder");
    std::fs::create_dir_all(&folder).unwrap();
    names.map(|name| {
        let path = folder.join(name);
        std::fs::write(&path, b"\x7fELF\0\0").unwrap();
        path
    })
}

/// A key file of somebody that `bench` does not know.
fn key_file(bench: &TestHarness) -> PathBuf {
    let (other, _) = paired();
    let path = bench.folder().join("bo.keyglance");
    std::fs::write(&path, other.profile().find_key("Bo").unwrap().file.to_json()).unwrap();
    path
}

fn again(bench: &mut TestHarness, files: &[PathBuf], pair: bool) {
    let token = Some("token".to_owned());
    bench.done();
    bench.report(Report::StartedAgain(Request { files: files.to_vec(), pair, token }));
}

fn paste(bench: &mut TestHarness, text: &str) {
    bench.harness().event(Event::Paste(text.to_owned()));
    bench.settle();
}

#[test]
fn files_of_the_start_open_once_there_is_a_device_one_after_another() {
    let mut bench = TestHarness::seeded(3);
    let key = key_file(&bench);
    let [odd, other] = files(&bench, ["odd one", "other"]);
    bench.window().app.open_later(vec![key, odd, other], false);
    bench.settle();
    assert!(matches!(bench.window().app.screen, Screen::FirstRun(_)));
    let mut bench = bench.called("Desk");
    assert!(bench.sees("A shared key for “Bo”") && bench.sees("2 more files open after this one."));
    bench.key(Key::Enter);
    assert!(matches!(bench.window().app.screen, Screen::Contact(_)), "it was added");
    bench.key(Key::Escape);
    assert!(bench.sees("Keyglance does not know what odd one is."));
    assert!(bench.sees("1 more file opens after this one."));
    bench.key(Key::Escape);
    assert!(bench.sees("Keyglance does not know what other is.") && !bench.sees("more file"));
    bench.key(Key::Escape);
    assert!(matches!(bench.window().app.screen, Screen::Home(_)));
}

#[test]
fn a_second_start_opens_its_import_page_in_this_window() {
    let mut bench = TestHarness::seeded(4).called("Desk");
    let key = key_file(&bench);
    again(&mut bench, &[key], false);
    assert!(bench.sees("A shared key for “Bo”"));
    assert!(bench.done().contains("Raise(Some(\"token\"))"));
    assert!(bench.profile().contacts().unwrap().0.is_empty(), "it is asked first");
    again(&mut bench, &[], true);
    assert!(matches!(bench.window().app.screen, Screen::Pairing(_)));
}

#[test]
fn a_second_start_interrupts_no_pairing_and_loses_nothing_that_was_typed() {
    let (mut bench, _) = paired();
    let [odd, other] = files(&bench, ["odd", "other"]);
    bench.click("Pair a device");
    again(&mut bench, std::slice::from_ref(&odd), true);
    assert!(matches!(bench.window().app.screen, Screen::Pairing(_)));
    assert!(bench.sees("odd opens when you are done here."));
    bench.window().update(Message::Go(Route::Home));
    bench.settle();
    assert!(bench.sees("Keyglance does not know what odd is."));

    let id = bench.window().app.model.contacts.contacts[0].contact.id();
    bench.window().update(Message::Go(Route::Contact(id)));
    bench.settle();
    let typed = manage::Question::Rename(id, "Bob".to_owned());
    let typed = contact::Message::Manage(manage::Message::Ask(typed));
    bench.window().update(Message::Contact(typed));
    bench.settle();
    again(&mut bench, &[other], false);
    assert!(bench.sees("other opens when you are done here."));
    assert!(matches!(&bench.window().app.screen, Screen::Contact(_)));
}

#[test]
fn a_file_copied_in_the_file_manager_is_pasted_as_it_would_be_dropped() {
    let (mut bench, _) = paired();
    let [odd, other] = files(&bench, ["odd one", "other"]);
    let address = format!("file://{}", odd.display()).replace(' ', "%20");
    paste(&mut bench, &address);
    assert!(bench.sees("Keyglance does not know what odd one is."));
    bench.key(Key::Escape);
    // Several lines, and paths as they are.
    paste(&mut bench, &format!("{}\n{}\n", other.display(), odd.display()));
    assert!(bench.sees("Keyglance does not know what other is."));
    assert!(bench.sees("1 more file opens after this one."));
    bench.key(Key::Escape);
    bench.key(Key::Escape);
    // On a contact it is encrypted for it.
    let id = bench.window().app.model.contacts.contacts[0].contact.id();
    bench.window().update(Message::Go(Route::Contact(id)));
    bench.settle();
    paste(&mut bench, &address);
    assert!(bench.sees("Encrypt a file for Bo"));
    // While pairing it is read as a picture.
    bench.window().update(Message::Go(Route::Pair));
    bench.settle();
    bench.done();
    paste(&mut bench, &address);
    assert!(bench.done().contains("ReadPictures"));
}

#[test]
fn a_text_that_reads_like_a_path_and_names_no_file_is_a_code() {
    let (mut bench, _) = paired();
    // Of 64 keys in base64 one begins so.
    let key = "/3N0IGEga2V5IGJ1dCAzMiBieXRlcyBvZiBub3RoaW4=";
    paste(&mut bench, key);
    assert!(matches!(bench.window().app.screen, Screen::WhatCode(_)));
    assert!(bench.sees("32 bytes"));
    paste(&mut bench, "file:///nowhere/at/all");
    assert!(matches!(bench.window().app.screen, Screen::WhatCode(_)));
    bench.window().update(Message::Go(Route::Pair));
    bench.settle();
    bench.done();
    paste(&mut bench, key);
    assert!(!bench.done().contains("ReadPictures"));
    assert!(matches!(bench.window().app.screen, Screen::Pairing(_)));
}
