//! Two laptops pair, compare and are done: the picture of the README. Both windows are
//! real, read each other's codes and agree on a key.

use image::RgbImage;

use super::couple::{Couple, TICK};
use super::laptops::{Laptops, SCALE, window_size};
use crate::gui::tests::harness::press;

/// One picture of the film, and how long it stays.
pub struct Frame {
    /// Not drawn if only some frames are asked for.
    pub picture: Option<RgbImage>,
    pub milliseconds: u16,
}

/// What stays this long, in milliseconds, is drawn whatever is asked for.
const LONG: u16 = 800;

struct Film {
    couple: Couple,
    laptops: Laptops,
    frames: Vec<Frame>,
    draw_all: bool,
}

/// The film; unless `draw_all`, only the frames are drawn that stay long.
pub fn shoot(draw_all: bool) -> Vec<Frame> {
    let couple = Couple::new(window_size(), SCALE, 3).begun();
    let mut film = Film { couple, laptops: Laptops::default(), frames: Vec::new(), draw_all };
    film.pair();
    film.compare();
    film.frames
}

impl Film {
    fn is_drawn(&self, milliseconds: u16) -> bool {
        self.draw_all || milliseconds >= LONG
    }

    /// Takes a picture that stays for this long.
    fn take(&mut self, caption: &'static str, milliseconds: u16) {
        let picture = self.is_drawn(milliseconds).then(|| {
            let screens = self.couple.screens();
            self.laptops.draw(caption, &screens)
        });
        self.frames.push(Frame { picture, milliseconds });
    }

    fn pair(&mut self) {
        self.take("Open Keyglance on both, and press Pair a device.", 1200);
        self.couple.both(|window| press(window, "Pair a device"));
        self.take("Turn the screens to each other.", 1000);
        let mut before = self.couple.states();
        for tick in 0.. {
            assert!(tick < 100, "not paired");
            self.couple.look(TICK);
            if self.couple.have_paired() {
                break;
            }
            let now = self.couple.states();
            let milliseconds = if now == before { 80 } else { LONG };
            if now != before || tick % 2 == 0 {
                self.couple.look_again(self.is_drawn(milliseconds));
                self.take("Each reads the other’s codes. No network is used.", milliseconds);
            }
            before = now;
        }
        for _ in 0..8 {
            self.couple.both(|window| window.step(TICK));
            self.take("Now both have the same key.", 100);
        }
        self.take("Now both have the same key.", 1200);
    }

    fn compare(&mut self) {
        let caption = "Was anybody in between? Each types what the other screen shows.";
        let codes = self.couple.check_codes();
        self.couple.both(|window| press(window, "Compare the check code"));
        self.take(caption, 1000);
        for digit in 0..6 {
            for (window, code) in self.couple.windows.iter_mut().zip(codes.iter().rev()) {
                window.write("Six digits of the other screen", &code[digit..=digit]);
            }
            self.take(caption, 180);
        }
        self.take(caption, 500);
        self.couple.both(|window| press(window, "Check"));
        self.take("Nobody was. Use the key for backups, disks, VPN, Wi-Fi and more.", 2500);
    }
}
