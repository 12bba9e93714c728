//! The window: a message is handled, its effects are carried out, and the page is drawn.

use std::time::{Duration, Instant};

use eframe::egui::{self, Context, Ui, ViewportCommand};

use super::app::App;
use super::clock::Clock;
use super::code::Textures;
use super::effect::{Effect, ProfileCommand};
use super::message::Message;
use super::model::FrameSourceChoice;
use super::screen::Screen;
use super::world::World;
use super::{Options, chrome, focus, pages, shortcuts, theme};

/// The window: its app, and the world that carries out what the app wants.
pub struct Window<W> {
    pub app: App,
    pub world: W,
    textures: Textures,
    clock: Clock,
    /// What screen it is on was told to the app.
    monitor_told: bool,
    /// What the title bar says.
    title: String,
    /// In tests, the time since the window opened.
    pub fixed_time: Option<Duration>,
}

impl<W: World> Window<W> {
    pub fn new(ctx: &Context, world: W, options: &Options) -> Self {
        theme::install(ctx);
        let source = match &options.watch {
            Some(path) => FrameSourceChoice::Watch(path.clone()),
            None if options.screen => FrameSourceChoice::Screen,
            None => FrameSourceChoice::Camera,
        };
        let mut window = Self {
            app: App::new(options.profile.clone(), source),
            world,
            textures: Textures::default(),
            clock: Clock::start(),
            monitor_told: false,
            title: String::new(),
            fixed_time: None,
        };
        window.app.open_later(options.files.clone(), options.pair);
        window.carry_out(App::start());
        window
    }

    fn now(&self) -> Duration {
        self.fixed_time.unwrap_or_else(|| self.clock.elapsed())
    }

    pub fn update(&mut self, message: Message) {
        let effects = self.app.update(message, self.now());
        self.carry_out(effects);
    }

    pub fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Profile(command) => self.world.command_profile(command),
                Effect::World(command) => {
                    if let Some(command) = self.app.consider(command) {
                        self.world.command_world(command, &self.app.model);
                    }
                }
                Effect::Go(route) => {
                    let effects = self.app.follow(route);
                    self.carry_out(effects);
                }
                Effect::Notify(notification) => self.app.notification = Some(notification),
                Effect::DismissNotification => self.app.notification = None,
                Effect::ChangeSettings(settings) => {
                    self.app.model.settings = settings.clone();
                    self.world.command_profile(ProfileCommand::SaveSettings(settings));
                }
                Effect::ChangeFrameSource(source) => self.app.model.frame_source = source,
            }
        }
    }

    /// Handles all reports, and then the passing of time.
    pub fn advance(&mut self, ctx: &Context) {
        loop {
            let reports = self.world.reports();
            if reports.is_empty() {
                break;
            }
            for report in reports {
                self.update(Message::Report(report));
            }
        }
        self.update(Message::Tick);
        if ctx.input(|input| input.viewport().close_requested()) {
            self.world.closing();
        }
        self.tell_monitor(ctx);
        if let Some(at) = self.app.next_deadline() {
            ctx.request_repaint_after(at.saturating_sub(self.now()));
        }
    }

    /// Once the first page is open.
    fn tell_monitor(&mut self, ctx: &Context) {
        if self.monitor_told || matches!(self.app.screen, Screen::Opening) {
            return;
        }
        let monitor = ctx.input(|input| {
            let scale = input.viewport().native_pixels_per_point?;
            // In points of the present zoom.
            let height = input.viewport().monitor_size?.y * input.pixels_per_point;
            Some((height, scale))
        });
        if let Some((height, scale)) = monitor {
            self.monitor_told = true;
            self.update(Message::Monitor(height, scale));
        }
    }

    pub fn window_ui(&mut self, ui: &mut Ui) {
        if shortcuts::is_used(ui.ctx()) {
            self.update(Message::Active);
        }
        let mut messages = Vec::new();
        shortcuts::read(ui.ctx(), &self.app, &mut messages);
        chrome::notification_ui(ui, &self.app, &mut messages);
        focus::begin(ui.ctx(), self.app.screen.place());
        pages::draw(ui, &self.app, &mut self.textures, &mut messages);
        chrome::leaving_ui(ui, &self.app, &mut messages);
        chrome::explaining_ui(ui, &self.app, &mut messages);
        focus::end(ui.ctx());
        let title = chrome::title(&self.app);
        // To a screen reader the window is called as its title bar says.
        ui.ctx().accesskit_node_builder(egui::accesskit_root_id(), |node| {
            node.set_label(title.as_str());
        });
        if self.title != title {
            ui.ctx().send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
        self.textures.end_pass();
        if !messages.is_empty() {
            ui.ctx().request_repaint();
        }
        for message in messages {
            self.update(message);
        }
    }
}

impl<W: World> eframe::App for Window<W> {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.advance(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let began = Instant::now();
        self.window_ui(ui);
        let took = began.elapsed();
        tracing::trace!("ui pass {} us", took.as_micros());
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        if self.app.model.device.is_some() || matches!(self.app.screen, Screen::Locked(_)) {
            // The window may have another size than when they were last saved.
            let settings = self.app.model.settings.clone();
            self.carry_out(vec![ProfileCommand::SaveSettings(settings).into()]);
        }
        self.world.close();
    }
}
