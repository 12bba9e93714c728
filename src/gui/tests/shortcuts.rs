//! Each key of the help page does what the page says.

use eframe::egui::{Event, Key, Modifiers};

use super::{TestHarness, peer};
use crate::messages::window::help::{KEYS, PAIRING_KEYS};
use keyglance_core::pairing::Frame;

fn press(bench: &mut TestHarness, modifiers: Modifiers, key: Key) -> String {
    bench.done();
    bench.harness().key_press_modifiers(modifiers, key);
    bench.settle();
    bench.done()
}

#[test]
fn every_shortcut() {
    let command = Modifiers::COMMAND;
    let none = Modifiers::NONE;
    let mut bench = TestHarness::ana();
    let mut tried = Vec::new();

    press(&mut bench, none, Key::F1);
    assert!(bench.sees("How it works"));
    press(&mut bench, none, Key::Escape);
    assert!(bench.sees("Share a secret key with another device"));
    press(&mut bench, command, Key::Comma);
    assert!(bench.sees("Settings") && bench.sees("This device"));
    press(&mut bench, command, Key::N);
    assert!(bench.sees("Looking: now"));
    tried.extend(["F1", "Esc", "Ctrl+,", "Ctrl+N"]);

    assert!(press(&mut bench, command, Key::O).contains("OpenDialog(Pictures"));
    assert!(press(&mut bench, none, Key::F).contains("FullScreen"));
    let mirror = bench.window().app.model.settings.mirror;
    press(&mut bench, none, Key::M);
    assert_ne!(bench.window().app.model.settings.mirror, mirror);
    let cameras = ["one", "two"]
        .map(|name| crate::gui::model::CameraName { index: 0, name: name.to_owned() });
    bench.window().app.model.cameras = cameras.to_vec();
    assert!(press(&mut bench, none, Key::C).contains("Scan(Camera, Some(\"two\"))"));
    assert!(press(&mut bench, none, Key::C).contains("Scan(Camera, Some(\"one\"))"));
    tried.extend(["Ctrl+O", "F", "M", "C"]);

    let panel = |bench: &mut TestHarness| {
        let window = bench.window();
        let crate::gui::screen::Screen::Pairing(page) = &window.app.screen else { panic!() };
        page.display().panel().0
    };
    press(&mut bench, none, Key::OpenBracket);
    assert_eq!(panel(&mut bench), 75);
    press(&mut bench, none, Key::CloseBracket);
    assert_eq!(panel(&mut bench), 100);
    tried.push("[ and ]");

    // As text: the spaces of a symbol's letters do not survive every chat.
    let text = Frame::from_text(&bench.code().unwrap()).unwrap().to_text();
    bench.harness().event(Event::Copy);
    bench.settle();
    assert!(bench.done().contains(&text));
    let hello = peer("Bo", 1, 1).text().unwrap().to_owned();
    bench.harness().event(Event::Paste(hello));
    bench.settle();
    assert!(bench.sees("I see them"), "the pasted code was read");
    tried.extend(["Ctrl+C", "Ctrl+V"]);

    press(&mut bench, none, Key::Escape);
    assert!(bench.sees("Stop pairing?"));
    bench.click("Stop");
    bench.pair(&mut peer("Bo", 1, 2));
    bench.compare_later();
    bench.click("Done");
    press(&mut bench, command, Key::E);
    assert!(bench.sees("Use the key of Bo with…"));
    tried.push("Ctrl+E");

    let focus = |bench: &mut TestHarness| bench.harness().ctx.text_edit_focused();
    press(&mut bench, none, Key::Tab);
    assert!(!focus(&mut bench));
    press(&mut bench, command, Key::F);
    assert!(focus(&mut bench), "the search");
    press(&mut bench, none, Key::Enter);
    assert!(bench.sees("Sealed files with the key of Bo"));
    assert!(press(&mut bench, none, Key::F11).contains("FullScreen(true)"));
    press(&mut bench, Modifiers::ALT, Key::ArrowLeft);
    assert!(bench.sees("Use the key of Bo with…"));
    tried.extend(["Ctrl+F", "Enter", "F11", "Alt+Left"]);

    for (key, _) in KEYS.iter().chain(PAIRING_KEYS) {
        assert!(tried.contains(key), "{key} is promised and not tried");
    }
}

/// Before, it meant the last key by name, retired or not, and the page then refused.
#[test]
fn ctrl_e_means_a_key_that_may_be_used() {
    let mut bench = TestHarness::ana();
    bench.pair(&mut peer("Bo", 1, 2));
    bench.compare_later();
    bench.click("Done");
    bench.pair(&mut peer("Bo", 1, 3));
    bench.compare_later();
    bench.click("Done");
    let profile = bench.profile();
    let last = profile.find_key("Bo · key 2").unwrap().file.key_id();
    profile.retire_key(last, Some("2026-05-02T13:00:00Z".parse().unwrap())).unwrap();
    let changed = bench.poll_changes().unwrap();
    bench.report(changed);
    press(&mut bench, Modifiers::COMMAND, Key::E);
    let crate::gui::screen::Screen::Export(page) = &bench.window().app.screen else {
        panic!("no export page");
    };
    assert_eq!(page.key, profile.find_key("Bo").unwrap().file.key_id());
    assert!(bench.sees("Use the key of Bo with…"));
    assert!(!bench.sees("not in use"));
}

#[test]
fn letters_are_letters_while_somebody_writes() {
    let mut bench = TestHarness::ana();
    bench.click("Pair a device");
    bench.click("Not working?");
    let mirror = bench.window().app.model.settings.mirror;
    bench.write("Their code as text", "M");
    let pressed = press(&mut bench, Modifiers::NONE, Key::M);
    assert_eq!(bench.window().app.model.settings.mirror, mirror);
    assert!(!pressed.contains("FullScreen"));
}
