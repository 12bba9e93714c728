//! The pictures of docs/guide.md, one a step.

use std::path::PathBuf;

use eframe::egui::{Shape, Vec2};
use egui_kittest::kittest::NodeT as _;
use image::RgbImage;

use super::couple::{Couple, State, TICK, draw, put_mouse_away};
use crate::gui::message::Message;
use crate::gui::model::CameraName;
use crate::gui::report::Report;
use crate::gui::route::Route;
use crate::gui::screens::export;
use crate::gui::tests::harness::{clear, peer, press};
use crate::gui::tests::{TestHarness, phone_page};
use keyglance_core::exports::Program;

/// The pictures, in the order in which they are drawn.
pub const NAMES: [&str; 20] = [
    "first-start",
    "home-empty",
    "looking",
    "seen",
    "same-key",
    "compare",
    "what-next",
    "home",
    "use-with",
    "use-options",
    "use-result",
    "for-a-phone",
    "pair-a-phone",
    "contact",
    "encrypt",
    "check",
    "what-code",
    "settings",
    "not-working",
    "different-key",
];

const NAME: &str = "What is this device called?";

const SIZE: Vec2 = Vec2::new(960.0, 640.0);

/// The pictures so far, and all words on the pages.
#[derive(Default)]
pub struct Album {
    pub pictures: Vec<(&'static str, RgbImage)>,
    words: Vec<String>,
}

impl Album {
    fn add(&mut self, name: &'static str, window: &mut TestHarness) {
        assert_eq!(NAMES[self.pictures.len()], name);
        put_mouse_away(window);
        self.pictures.push((name, draw(window)));
        self.read(window);
    }

    /// What is written, and what a screen reader says.
    fn read(&mut self, window: &mut TestHarness) {
        for node in window.harness().root().children_recursive() {
            let node = node.accesskit_node();
            self.words.extend([node.label(), node.value()].into_iter().flatten());
        }
        for clipped in &window.harness().output().shapes {
            self.read_shape(&clipped.shape);
        }
    }

    fn read_shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Text(text) => self.words.push(text.galley.text().to_owned()),
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| self.read_shape(shape)),
            _ => {}
        }
    }

    /// Those of a text's bold words that are on no page.
    pub fn missing(&self, text: &str) -> Vec<String> {
        let bold = text.split("**").skip(1).step_by(2);
        let bold = bold.map(|words| words.split_whitespace().collect::<Vec<_>>().join(" "));
        let is_missing = |words: &String| {
            let words = words.trim_end_matches(['.', ':']);
            !self.words.iter().any(|there| there.contains(words))
        };
        bold.filter(is_missing).collect()
    }
}

/// Draws all of them.
pub fn all() -> Album {
    let mut album = Album::default();
    let mut couple = Couple::new(SIZE, 1.0, 3);
    first_start(&mut album, &mut couple.windows[0]);
    couple = couple.begun();
    album.add("home-empty", &mut couple.windows[0]);
    pair(&mut album, &mut couple);
    compare(&mut album, &mut couple);
    let [mut window, _] = couple.windows;
    press(&mut window, "Done");
    window.pair(&mut peer("Work box", 2, 4));
    go(&mut window, Route::Home);
    album.add("home", &mut window);
    use_key(&mut album, &mut window);
    other_pages(&mut album, &mut window);
    album
}

fn first_start(album: &mut Album, window: &mut TestHarness) {
    clear(window, NAME);
    window.write(NAME, "Ana laptop");
    window.report(Report::Cameras(vec![CameraName {
        index: 0,
        name: "Integrated Camera".to_owned(),
    }]));
    album.add("first-start", window);
}

fn go(window: &mut TestHarness, route: Route) {
    window.window().update(Message::Go(route));
    window.settle();
}

fn use_key(album: &mut Album, window: &mut TestHarness) {
    let key = window.profile().find_key("Bo laptop").unwrap().file.key_id();
    go(window, Route::Export(key));
    let restic = Program::find("restic").unwrap();
    window.window().update(Message::Export(export::Message::Program(restic)));
    window.settle();
    album.add("use-with", window);
    press(window, "Continue");
    for field in ["Passphrase", "Repeat the passphrase"] {
        window.write(field, "correct horse battery staple");
    }
    let folder = PathBuf::from("/tmp/keyglance-pictures");
    let path = folder.join("Bo-laptop.restic.age");
    _ = std::fs::remove_file(&path);
    std::fs::create_dir_all(&folder).unwrap();
    let path = export::Message::Path(path.to_string_lossy().into_owned());
    window.window().update(Message::Export(path));
    window.settle();
    album.add("use-options", window);
    press(window, "Save");
    album.add("use-result", window);
    std::fs::remove_dir_all(folder).unwrap();
    go(window, Route::Phone(Some(key)));
    press(window, "Show code");
    album.add("for-a-phone", window);
    go(window, Route::Phone(None));
    window.report(phone_page::known());
    album.add("pair-a-phone", window);
}

fn other_pages(album: &mut Album, window: &mut TestHarness) {
    let bo = window.profile().find_contact("Bo laptop").unwrap().id();
    go(window, Route::Contact(bo));
    album.add("contact", window);
    go(window, Route::Seal(bo, Some(PathBuf::from("/tmp/report.pdf"))));
    album.add("encrypt", window);
    go(window, Route::Verify(bo));
    album.add("check", window);
    go(window, Route::WhatCode);
    window.report(Report::CodesRead(Ok(vec![
        b"https://mega.nz/folder/ByBQ6lVx#WQB5Jssr-JGIW9k9RihmIw".to_vec(),
    ])));
    album.add("what-code", window);
    go(window, Route::Settings);
    album.add("settings", window);
    go(window, Route::Pair);
    press(window, "Not working?");
    album.add("not-working", window);
    go(window, Route::Home);
    window.pair(&mut peer("Bo laptop", 12, 9));
    go(window, Route::Home);
    let rival = window.profile().find_contact("Bo laptop 2").unwrap().id();
    go(window, Route::Decide(rival));
    album.add("different-key", window);
}

fn pair(album: &mut Album, couple: &mut Couple) {
    couple.both(|window| press(window, "Pair a device"));
    couple.both(|window| window.wait(1.0));
    album.add("looking", &mut couple.windows[0]);
    let mut seen = false;
    for tick in 0.. {
        assert!(tick < 100, "not paired");
        couple.look(TICK);
        if couple.have_paired() {
            break;
        }
        album.read(&mut couple.windows[0]);
        if !seen && couple.states()[0] == State::Seen {
            seen = true;
            couple.look_again(true);
            couple.windows[0].step(TICK);
            album.add("seen", &mut couple.windows[0]);
        }
    }
    couple.both(|window| window.wait(1.0));
    couple.both(TestHarness::settle);
    album.add("same-key", &mut couple.windows[0]);
}

fn compare(album: &mut Album, couple: &mut Couple) {
    let [_, theirs] = couple.check_codes();
    let window = &mut couple.windows[0];
    press(window, "Compare the check code");
    window.write("Six digits of the other screen", &theirs[..2]);
    album.add("compare", window);
    window.write("Six digits of the other screen", &theirs[2..]);
    press(window, "Check");
    window.wait(1.0);
    album.add("what-next", window);
}
