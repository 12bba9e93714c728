//! The scripted world, and what tests do in it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use eframe::egui::accesskit::Role;
use eframe::egui::{Theme, Ui, UiBuilder, Vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, HarnessBuilder, Node};
use image::GrayImage;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use tempfile::TempDir;

use super::software_renderer::SoftwareRenderer;
use crate::gui::code_display::CodeDisplay;
use crate::gui::effect::{ProfileCommand, WorldCommand};
use crate::gui::message::Message;
use crate::gui::model::Model;
use crate::gui::report::Report;
use crate::gui::screen::Screen;
use crate::gui::window::Window;
use crate::gui::worker::{Environment, ProfileWorker};
use crate::gui::world::{World, find_pasted};
use crate::gui::{Options, theme};
use keyglance_capture::{Quality, ScanEvent, ScannedFrame, ScreenAccess};
use keyglance_core::crypto::IdentityKey;
use keyglance_core::keyfile::WorkFactor;
use keyglance_core::pairing::{Carousel, DisplayName, Phase, Session};
use keyglance_profile::{CardPlaces, PairingFlow, Profile, six_words};
use keyglance_qr::{Mode, Point, Reader, Reading, Segment, Version};

/// Does the worker's part at once, and writes down the rest.
pub struct FakeWorld {
    worker: ProfileWorker,
    reports: Vec<Report>,
    /// Every command to the world that it does not carry out itself, as it prints.
    pub done: Vec<String>,
    seed: u64,
}

impl World for FakeWorld {
    fn command_profile(&mut self, command: ProfileCommand) {
        self.reports.extend(self.worker.carry_out(command));
    }

    fn command_world(&mut self, command: WorldCommand, _model: &Model) {
        match command {
            WorldCommand::StartPairing(device, card) => {
                self.seed += 1;
                let rng = Box::new(ChaCha20Rng::seed_from_u64(self.seed));
                let pairing =
                    PairingFlow::new(device.key, device.name, None, rng as _, Duration::ZERO)
                        .with_card(card);
                self.reports.push(Report::PairingStarted(Box::new(pairing)));
            }
            WorldCommand::FindPasted(text) => self.reports.push(find_pasted(text)),
            WorldCommand::MakePassphrase => {
                self.seed += 1;
                let words = six_words(&mut ChaCha20Rng::seed_from_u64(self.seed));
                self.reports.push(Report::PassphraseMade(words.into()));
            }
            WorldCommand::FindScreen => {
                self.reports.push(Report::ScreenAccess(ScreenAccess::Direct));
            }
            WorldCommand::Scan(..)
            | WorldCommand::StopScan
            | WorldCommand::ListCameras
            | WorldCommand::ReadPictures(_)
            | WorldCommand::ReadScreen
            | WorldCommand::ReadPastedPicture(_)
            | WorldCommand::Paste
            | WorldCommand::Copy(_)
            | WorldCommand::CopySecret(_)
            | WorldCommand::OpenFolder(_)
            | WorldCommand::OpenDialog(..)
            | WorldCommand::Play(_)
            | WorldCommand::KeepAwake(_)
            | WorldCommand::Restyle
            | WorldCommand::FullScreen(_)
            | WorldCommand::Alert(_)
            | WorldCommand::Raise(_)
            | WorldCommand::Cancel => self.done.push(format!("{command:?}")),
        }
    }

    fn reports(&mut self) -> Vec<Report> {
        std::mem::take(&mut self.reports)
    }

    fn closing(&mut self) {}

    fn close(&mut self) {}
}

/// Where a test's user keeps what can be shared.
pub fn card_places(folder: &Path) -> CardPlaces {
    CardPlaces {
        home: folder.to_owned(),
        ssh_server: folder.join("etc/ssh"),
        host_name: "ana-laptop".to_owned(),
        gpg: folder.join("no-gpg").into(),
    }
}

/// A window in a scripted world.
pub struct TestHarness {
    pub harness: Harness<'static, Option<Window<FakeWorld>>>,
    folder: TempDir,
}

impl TestHarness {
    /// A window at its first run.
    pub fn new() -> Self {
        Self::seeded(0)
    }

    /// The same, of another device: another seed makes other keys.
    pub fn seeded(seed: u64) -> Self {
        Self::of(Harness::builder().with_size(Vec2::new(1000.0, 900.0)), seed)
    }

    /// One that is painted, for snapshots.
    pub fn painted(theme: Theme, seed: u64) -> Self {
        let size = Vec2::new(900.0, 600.0);
        let renderer = SoftwareRenderer::default();
        Self::of(Harness::builder().with_size(size).with_theme(theme).renderer(renderer), seed)
    }

    /// One that is painted from edge to edge, of this size in points, each of so many
    /// pixels.
    pub fn painted_whole(theme: Theme, size: Vec2, pixels_per_point: f32, seed: u64) -> Self {
        let builder = Harness::builder()
            .with_size(size)
            .with_pixels_per_point(pixels_per_point)
            .with_theme(theme)
            .with_render_cursor(false)
            .renderer(SoftwareRenderer::default());
        Self::within(builder, seed, |ui, window| {
            let whole = ui.ctx().content_rect();
            ui.set_clip_rect(whole);
            ui.scope_builder(UiBuilder::new().max_rect(whole), |ui| window.window_ui(ui));
        })
    }

    fn of(builder: HarnessBuilder<Option<Window<FakeWorld>>>, seed: u64) -> Self {
        Self::within(builder, seed, |ui, window| window.window_ui(ui))
    }

    fn within(
        builder: HarnessBuilder<Option<Window<FakeWorld>>>,
        seed: u64,
        show: impl Fn(&mut Ui, &mut Window<FakeWorld>) + 'static,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let profile = folder.path().join("profile");
        let harness = builder.with_context_setup(theme::install).build_ui_state(
            move |ui, window: &mut Option<Window<FakeWorld>>| {
                let window = window.get_or_insert_with(|| {
                    let options = Options { profile: profile.clone(), ..Options::default() };
                    let cancelled = Arc::new(AtomicU64::new(0));
                    let environment = Environment {
                        clock: || "2026-05-02T12:00:00Z".parse().unwrap(),
                        rng: Box::new(ChaCha20Rng::seed_from_u64(seed)),
                        places: card_places(profile.parent().unwrap()),
                        program: Some(profile.with_file_name("bin").join("keyglance")),
                        any_folder_is_usual: true,
                    };
                    let work = WorkFactor::Log2(2);
                    let worker =
                        ProfileWorker::new(profile.clone(), None, work, cancelled, environment);
                    let world = FakeWorld { worker, reports: Vec::new(), done: Vec::new(), seed };
                    let mut window = Window::new(ui.ctx(), world, &options);
                    window.fixed_time = Some(Duration::from_secs(1));
                    window
                });
                window.advance(ui.ctx());
                show(ui, window);
            },
            None,
        );
        let mut bench = Self { harness, folder };
        bench.settle();
        // What is saved without a place goes here, not into the home of whoever tests.
        let home = bench.folder.path().to_owned();
        bench.window().app.model.home = home;
        bench
    }

    /// A window whose device is called Ana.
    pub fn ana() -> Self {
        Self::new().called_ana()
    }

    /// Two windows, of Ana and of Bo.
    pub fn two(seed: u64) -> [Self; 2] {
        [("Ana laptop", seed), ("Bo laptop", 1000 + seed)]
            .map(|(name, seed)| Self::seeded(seed).called(name))
    }

    pub fn called_ana(self) -> Self {
        self.called("Ana laptop")
    }

    pub fn called(self, name: &str) -> Self {
        let mut bench = self;
        bench.window().update(Message::FirstRun(crate::gui::screens::first_run::Message::Name(
            name.to_owned(),
        )));
        bench.click("Begin");
        bench
    }

    pub fn window(&mut self) -> &mut Window<FakeWorld> {
        self.harness.state_mut().as_mut().unwrap()
    }

    pub fn harness(&mut self) -> &mut Harness<'static, Option<Window<FakeWorld>>> {
        &mut self.harness
    }

    pub fn profile(&self) -> Profile {
        Profile::open(&self.folder.path().join("profile")).unwrap()
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Draws until nothing changes any more; idle must be idle.
    pub fn settle(&mut self) {
        self.harness.run_steps(4);
    }

    pub fn wait(&mut self, seconds: f64) {
        let window = self.window();
        window.fixed_time = window.fixed_time.map(|now| now + Duration::from_secs_f64(seconds));
        self.settle();
    }

    pub fn report(&mut self, report: Report) {
        self.window().update(Message::Report(report));
        self.settle();
    }

    /// Clicks the widget with this name, in preference to a label with the same text.
    pub fn click(&mut self, name: &str) {
        let nodes: Vec<_> = self.harness.query_all_by_label(name).collect();
        let acts = |node: &&Node<'_>| node.accesskit_node().role() != Role::Label;
        let node = nodes.iter().find(acts).or(nodes.first());
        node.unwrap_or_else(|| panic!("nothing is called {name:?}")).click();
        drop(nodes);
        self.settle();
    }

    /// Presses a key.
    pub fn key(&mut self, key: eframe::egui::Key) {
        self.harness.key_press(key);
        self.settle();
    }

    pub fn write(&mut self, field: &str, text: &str) {
        self.harness.get_by_label(field).focus();
        self.settle();
        self.harness.get_by_label(field).type_text(text);
        self.settle();
    }

    pub fn sees(&self, text: &str) -> bool {
        self.harness.query_all_by_label_contains(text).next().is_some()
    }

    pub fn enabled(&self, name: &str) -> bool {
        !self.harness.get_by_label(name).accesskit_node().is_disabled()
    }

    /// What the world was asked for since this was last called.
    pub fn done(&mut self) -> String {
        std::mem::take(&mut self.window().world.done).join("; ")
    }

    /// What our code says.
    pub fn code(&mut self) -> Option<String> {
        match &self.window().app.screen {
            Screen::Pairing(page) => page.code(),
            Screen::Result(page) => page.display().map(|ours| ours.carousel().code().to_owned()),
            _ => None,
        }
    }

    /// How our code is on the screen.
    pub fn display(&mut self) -> Option<&CodeDisplay> {
        match &self.window().app.screen {
            Screen::Pairing(page) => Some(page.display()),
            Screen::Result(page) => page.display(),
            _ => None,
        }
    }

    /// What our codes in turn are, and which of them is shown.
    pub fn carousel(&mut self) -> Option<&Carousel> {
        self.display().map(CodeDisplay::carousel)
    }

    /// The code that is on the screen now.
    pub fn code_in_turn(&mut self) -> Option<String> {
        self.carousel().map(|codes| codes.code().to_owned())
    }

    /// Lets this much time pass, and draws once.
    pub fn step(&mut self, time: Duration) {
        let window = self.window();
        window.fixed_time = window.fixed_time.map(|now| now + time);
        self.harness.step();
    }

    /// What the worker finds when it looks at the profile again.
    pub fn poll_changes(&mut self) -> Option<Report> {
        self.window().world.worker.poll_changes()
    }

    /// The camera sees this text.
    pub fn camera_sees(&mut self, text: &str) {
        self.report(Report::Scan(ScanEvent::Seen(frame(text))));
    }

    /// Both look at each other, for this many rounds at most, until the peer has finished.
    pub fn face(&mut self, peer: &mut Peer, rounds: usize) {
        for _ in 0..rounds {
            let now = self.window().fixed_time.unwrap();
            if let Some(code) = self.code() {
                peer.handle(now, &code);
            }
            if peer.phase() == Phase::Finished && self.has_paired() {
                break;
            }
            let theirs = peer.text().unwrap().to_owned();
            self.camera_sees(&theirs);
            self.wait(0.1);
        }
    }

    /// Whether both have the same key.
    pub fn has_paired(&mut self) -> bool {
        matches!(self.window().app.screen, Screen::Result(_))
    }

    /// Types what the peer's screen shows, and checks it.
    pub fn compare(&mut self, peer: &Peer) {
        self.click("Compare the check code");
        let digits = peer.check_code().unwrap().to_string();
        self.write("Six digits of the other screen", &digits);
        self.click("Check");
    }

    /// Leaves the comparison for later: the key is kept.
    pub fn compare_later(&mut self) {
        self.click("Compare the check code");
        self.click("Later");
    }

    /// Presses Pair a device and pairs with `peer`, to the result.
    pub fn pair(&mut self, peer: &mut Peer) {
        self.click("Pair a device");
        self.face(peer, 12);
        assert!(self.has_paired(), "not paired");
    }
}

pub type Peer = Session<ChaCha20Rng>;

/// The other device: its identity by the first seed, its keys by the second.
pub fn peer(name: &str, identity: u64, seed: u64) -> Peer {
    let key = IdentityKey::generate(&mut ChaCha20Rng::seed_from_u64(1000 + identity));
    let rng = ChaCha20Rng::seed_from_u64(2000 + seed);
    Session::new(Arc::new(key), DisplayName::new(name).unwrap(), rng, Duration::ZERO)
}

pub fn frame(text: &str) -> ScannedFrame {
    let corners = [(200.0, 80.0), (400.0, 80.0), (400.0, 280.0), (200.0, 280.0)];
    let reading = Reading {
        bytes: text.as_bytes().to_vec(),
        segments: vec![Segment { mode: Mode::Byte, eci: None, bytes: 0..text.len() }],
        fnc1: None,
        part: None,
        corners: corners.map(|(x, y)| Point { x, y }),
        version: Version::Normal(3),
        reader: Reader::Rxing,
    };
    let quality =
        Quality { height: 0.55, contrast: 0.8, margin: 80.0, module: 7.0, sharpness: 0.6 };
    let preview = GrayImage::from_fn(640, 360, |x, y| image::Luma([((x + y) / 5) as u8]));
    ScannedFrame { preview, codes: vec![(reading, quality)], scale: 1.0 }
}

pub fn paired() -> (TestHarness, Peer) {
    let mut bench = TestHarness::ana();
    let mut bo = peer("Bo", 1, 1);
    bench.pair(&mut bo);
    bench.compare_later();
    bench.click("Done");
    (bench, bo)
}

/// Presses it as a screen reader does, wherever the page is scrolled to.
pub fn press(bench: &mut TestHarness, name: &str) {
    bench.harness().get_by_label(name).click_accesskit();
    bench.settle();
}

pub fn clear(bench: &mut TestHarness, field: &str) {
    let harness = bench.harness();
    harness.get_by_label(field).focus();
    harness.run_steps(2);
    harness.key_combination_modifiers(eframe::egui::Modifiers::COMMAND, &[eframe::egui::Key::A]);
    harness.key_press(eframe::egui::Key::Backspace);
    bench.settle();
}
