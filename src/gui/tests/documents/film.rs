//! Two laptops pair, compare and are done: the picture of the README. Both windows are
//! real, read each other's codes and agree on a key.

use std::time::Duration;

use eframe::egui::Theme;
use image::RgbImage;

use super::laptops::{Laptops, SCREEN, opaque, seen_by_camera};
use crate::gui::message::Message;
use crate::gui::report::Report;
use crate::gui::screen::Screen;
use crate::gui::tests::TestHarness;
use crate::gui::tests::harness::frame as plain_frame;
use keyglance_capture::{ScanEvent, ScannedFrame};
use keyglance_qr::{VideoDecoder, WorkBudget};

/// One picture of the film, and how long it stays.
pub struct Frame {
    /// Not drawn if only some frames are asked for.
    pub picture: Option<RgbImage>,
    pub milliseconds: u16,
}

const NAMES: [&str; 2] = ["Ana laptop", "Bo laptop"];

/// Words of a pairing's states, the last one first.
const STATES: [&str; 5] =
    ["Same key", "They see me", "Waiting for them to see us", "I see them", "Looking"];

/// A camera's time for a frame.
const TICK: Duration = Duration::from_millis(100);

/// What stays this long, in milliseconds, is drawn whatever is asked for.
const LONG: u16 = 800;

struct Film {
    windows: [TestHarness; 2],
    cameras: [VideoDecoder; 2],
    laptops: Laptops,
    frames: Vec<Frame>,
    draw_all: bool,
}

/// The film; unless `draw_all`, only the frames are drawn that stay long.
pub fn shoot(draw_all: bool) -> Vec<Frame> {
    let windows = [(NAMES[0], 3), (NAMES[1], 1003)].map(|(name, seed)| {
        let mut window = TestHarness::painted_at(Theme::Light, SCREEN, seed);
        window.harness().set_render_cursor(false);
        window.called(name)
    });
    let mut film = Film {
        windows,
        cameras: [VideoDecoder::default(), VideoDecoder::default()],
        laptops: Laptops::default(),
        frames: Vec::new(),
        draw_all,
    };
    film.pair();
    film.compare();
    film.frames
}

fn has_paired(window: &mut TestHarness) -> bool {
    matches!(window.window().app.screen, Screen::Result(_))
}

/// The words that a window shows in large.
fn state(window: &TestHarness) -> Option<&'static str> {
    STATES.into_iter().find(|words| window.sees(words))
}

fn sees(window: &mut TestHarness, frame: ScannedFrame) {
    window.window().update(Message::Report(Report::Scan(ScanEvent::Seen(frame))));
}

impl Film {
    fn both(&mut self, act: impl Fn(&mut TestHarness)) {
        self.windows.iter_mut().for_each(act);
    }

    fn screens(&mut self) -> [RgbImage; 2] {
        self.windows.each_mut().map(|window| opaque(&window.harness().render().unwrap()))
    }

    fn is_drawn(&self, milliseconds: u16) -> bool {
        self.draw_all || milliseconds >= LONG
    }

    /// Takes a picture that stays for this long.
    fn take(&mut self, caption: &'static str, milliseconds: u16) {
        let picture = self.is_drawn(milliseconds).then(|| {
            let screens = self.screens();
            self.laptops.draw(caption, &screens)
        });
        self.frames.push(Frame { picture, milliseconds });
    }

    /// Both see the code that the other shows, and this much time passes.
    fn look(&mut self, time: Duration) {
        let codes = self.windows.each_mut().map(TestHarness::code_in_turn);
        for (window, code) in self.windows.iter_mut().zip(codes.iter().rev()) {
            if let Some(code) = code {
                sees(window, plain_frame(code));
            }
        }
        self.both(|window| window.step(time));
    }

    /// Both see the same again: if `drawn`, as a camera sees it, and what it reads there.
    fn look_again(&mut self, drawn: bool) {
        if !drawn {
            return self.look(Duration::ZERO);
        }
        let screens = self.screens();
        let codes = self.windows.each_mut().map(TestHarness::code_in_turn);
        for (i, window) in self.windows.iter_mut().enumerate() {
            let view = seen_by_camera(&screens[1 - i]);
            let readings = self.cameras[i].read(&view, &mut WorkBudget::live());
            let shown = codes[1 - i].as_ref();
            let read = |code: &String| readings.iter().any(|r| r.bytes == code.as_bytes());
            assert!(shown.is_none_or(read), "the camera reads what is drawn");
            sees(window, ScannedFrame::new(view, readings));
        }
        self.both(|window| window.step(Duration::ZERO));
    }

    fn states(&self) -> [Option<&'static str>; 2] {
        self.windows.each_ref().map(state)
    }

    fn pair(&mut self) {
        self.take("Open Keyglance on both, and press Pair a device.", 1200);
        self.both(|window| window.click("Pair a device…"));
        self.take("Turn the screens to each other.", 1000);
        let mut before = self.states();
        for tick in 0.. {
            assert!(tick < 100, "not paired");
            self.look(TICK);
            if self.windows.iter_mut().all(has_paired) {
                break;
            }
            let now = self.states();
            let milliseconds = if now == before { 80 } else { LONG };
            if now != before || tick % 2 == 0 {
                self.look_again(self.is_drawn(milliseconds));
                self.take("Each reads the other’s codes. No network is used.", milliseconds);
            }
            before = now;
        }
        for _ in 0..8 {
            self.both(|window| window.step(TICK));
            self.take("Now both have the same key.", 100);
        }
        self.take("Now both have the same key.", 1200);
    }

    fn compare(&mut self) {
        let caption = "Was anybody in between? Each types what the other screen shows.";
        let codes = self.windows.each_mut().map(|window| {
            let (keys, _) = window.profile().keys().unwrap();
            keys[0].comparison.unwrap().codes().shown.digits()
        });
        self.both(|window| window.click("Compare the check code"));
        self.take(caption, 1000);
        for digit in 0..6 {
            for (window, code) in self.windows.iter_mut().zip(codes.iter().rev()) {
                window.write("Six digits of the other screen", &code[digit..=digit]);
            }
            self.take(caption, 180);
        }
        self.take(caption, 500);
        self.both(|window| window.click("Check"));
        self.take("Nobody was. Use the key for backups, disks, VPN, Wi-Fi and more.", 2500);
    }
}
