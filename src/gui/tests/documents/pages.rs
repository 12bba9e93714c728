//! The pictures of docs/guide.md, one a step.

use eframe::egui::Vec2;
use image::RgbImage;

use super::couple::{Couple, State, TICK, draw};
use crate::gui::tests::TestHarness;
use crate::gui::tests::harness::press;

/// The pictures, in the order in which they are drawn.
pub const NAMES: [&str; 8] =
    ["first-start", "home-empty", "looking", "seen", "same-key", "compare", "what-next", "home"];

const SIZE: Vec2 = Vec2::new(960.0, 640.0);

/// The pictures so far.
struct Album(Vec<(&'static str, RgbImage)>);

impl Album {
    fn add(&mut self, name: &'static str, window: &mut TestHarness) {
        assert_eq!(NAMES[self.0.len()], name);
        self.0.push((name, draw(window)));
    }
}

/// Draws all of them.
pub fn all() -> Vec<(&'static str, RgbImage)> {
    let mut album = Album(Vec::new());
    let mut couple = Couple::new(SIZE, 1.0, 3);
    album.add("first-start", &mut couple.windows[0]);
    couple = couple.begun();
    album.add("home-empty", &mut couple.windows[0]);
    pair(&mut album, &mut couple);
    compare(&mut album, &mut couple);
    let [mut window, _] = couple.windows;
    press(&mut window, "Done");
    album.add("home", &mut window);
    album.0
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
