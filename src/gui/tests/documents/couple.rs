//! Two windows that look at each other's screens.

use std::time::Duration;

use eframe::egui::{Theme, Vec2};
use image::{RgbImage, RgbaImage};

use super::laptops::seen_by_camera;
use crate::gui::message::Message;
use crate::gui::report::Report;
use crate::gui::screen::Screen;
use crate::gui::tests::TestHarness;
use crate::gui::tests::harness::frame;
use keyglance_capture::{ScanEvent, ScannedFrame};
use keyglance_qr::{VideoDecoder, WorkBudget};

/// A camera's time for a frame.
pub const TICK: Duration = Duration::from_millis(100);

const NAMES: [&str; 2] = ["Ana laptop", "Bo laptop"];

/// The words that a window shows in large while it pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Looking,
    Seen,
    Agreed,
    SameKey,
}

impl State {
    /// The last of them that this window shows.
    pub fn of(window: &TestHarness) -> Self {
        let all = [
            ("now share a secret", Self::SameKey),
            ("Agreed: now", Self::Agreed),
            ("Seen: now", Self::Seen),
        ];
        let shown = all.into_iter().find(|(words, _)| window.sees(words));
        shown.map_or(Self::Looking, |(_, state)| state)
    }
}

/// The windows of Ana and of Bo.
pub struct Couple {
    pub windows: [TestHarness; 2],
    cameras: [VideoDecoder; 2],
}

/// The same without transparency, which there is none of.
pub fn opaque(picture: &RgbaImage) -> RgbImage {
    image::DynamicImage::ImageRgba8(picture.clone()).into_rgb8()
}

/// A window's picture.
pub fn draw(window: &mut TestHarness) -> RgbImage {
    opaque(&window.harness().render().unwrap())
}

/// Nothing is pointed at any more.
pub fn put_mouse_away(window: &mut TestHarness) {
    window.harness().remove_cursor();
    window.settle();
}

fn sees(window: &mut TestHarness, frame: ScannedFrame) {
    window.window().update(Message::Report(Report::Scan(ScanEvent::Seen(frame))));
}

fn has_paired(window: &mut TestHarness) -> bool {
    matches!(window.window().app.screen, Screen::Result(_))
}

impl Couple {
    /// At their first start; of this size in points, each of so many pixels.
    pub fn new(size: Vec2, pixels_per_point: f32, seed: u64) -> Self {
        let windows = [seed, 1000 + seed]
            .map(|seed| TestHarness::painted_whole(Theme::Light, size, pixels_per_point, seed));
        Self { windows, cameras: [VideoDecoder::default(), VideoDecoder::default()] }
    }

    /// Both have told their names.
    pub fn begun(self) -> Self {
        let [ana, bo] = self.windows;
        let mut windows = [ana.called(NAMES[0]), bo.called(NAMES[1])];
        windows.iter_mut().for_each(put_mouse_away);
        Self { windows, ..self }
    }

    pub fn both(&mut self, act: impl Fn(&mut TestHarness)) {
        self.windows.iter_mut().for_each(act);
    }

    pub fn screens(&mut self) -> [RgbImage; 2] {
        self.windows.each_mut().map(draw)
    }

    pub fn states(&self) -> [State; 2] {
        self.windows.each_ref().map(State::of)
    }

    pub fn have_paired(&mut self) -> bool {
        self.windows.iter_mut().all(has_paired)
    }

    /// Both see the code that the other shows, and this much time passes.
    pub fn look(&mut self, time: Duration) {
        let codes = self.windows.each_mut().map(TestHarness::code_in_turn);
        for (window, code) in self.windows.iter_mut().zip(codes.iter().rev()) {
            if let Some(code) = code {
                sees(window, frame(code));
            }
        }
        self.both(|window| window.step(time));
    }

    /// Both see the same again: if `drawn`, as a camera sees it, and what it reads there.
    pub fn look_again(&mut self, drawn: bool) {
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

    /// The digits that each shows.
    pub fn check_codes(&self) -> [String; 2] {
        self.windows.each_ref().map(|window| {
            let (keys, _) = window.profile().keys().unwrap();
            keys[0].comparison.unwrap().codes().shown.digits()
        })
    }
}
