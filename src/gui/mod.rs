//! The window: contacts and keys, pairing, verifying, exporting.
//!
//! Screens draw their page and the model, and send messages. [`app::App::update`]
//! turns a message into a new state and effects. The root carries the effects
//! out through the worker and the world, and what became of them comes back as
//! reports, which are messages too.

mod app;
mod camera_view;
mod clipboard;
mod clock;
mod code;
mod code_display;
mod effect;
mod focus;
mod icons;
mod instance;
mod lock;
mod message;
mod model;
mod passphrase_form;
mod picture;
mod report;
mod route;
mod screen;
mod screens;
mod shortcuts;
mod system_motion;
mod theme;
mod widgets;
mod worker;
mod world;

#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use eframe::egui::{self, Context, Frame, Margin, Panel, Ui, ViewportBuilder, ViewportCommand};

use app::App;
use clock::Clock;
use code::Textures;
use effect::{Effect, ProfileCommand};
use instance::Instance;
use message::Message;
use model::FrameSourceChoice;
use route::{Outbox, OutboxItem};
use screen::{Question, Screen};
use screens::{
    add, check, compare, contact, decide, export, first_run, help, home, identity, import, locked,
    pairing, phone, restore, result, seal, settings, verify, what_code,
};
use widgets::Dialog;
use world::{SystemWorld, World};

/// What the command line can say about the window.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The profile folder.
    pub profile: PathBuf,
    /// A picture file to use as a camera.
    pub watch: Option<PathBuf>,
    /// Use this screen as a camera.
    pub screen: bool,
    /// A picture file to write our code to as well.
    pub show: Option<PathBuf>,
}

impl Options {
    /// Whether a window of this profile is open already. One that shows its code in a file
    /// or sees by other means is a window of its own.
    fn claim(&self) -> Option<Instance> {
        let plain = self.watch.is_none() && !self.screen && self.show.is_none();
        plain.then(|| instance::claim(&self.profile))
    }
}

/// Why no window was opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// There is no display.
    #[error("there is no display to open a window on")]
    NoDisplay,
    /// The graphics system refused, with this explanation.
    #[error("the window could not be opened: the graphics system says: {0}")]
    Refused(String),
}

/// By which the desktop knows the program.
const APP_ID: &str = "org.keyglance.Keyglance";
/// The smallest size in which every screen is usable, in points.
const SMALLEST: [f32; 2] = [480.0, 400.0];
const USUAL: [f32; 2] = [1000.0, 680.0];

/// Opens the window, and returns when it is closed.
///
/// # Errors
/// [`WindowError`].
pub fn open(options: Options) -> Result<(), WindowError> {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(target_os = "linux") && !set("DISPLAY") && !set("WAYLAND_DISPLAY") {
        return Err(WindowError::NoDisplay);
    }
    let place = keyglance_profile::Profile::remembered_place(&options.profile);
    let mut viewport = ViewportBuilder::default()
        .with_title("Keyglance")
        .with_app_id(APP_ID)
        .with_icon(window_icon())
        .with_inner_size(place.map_or(USUAL, |place| place.size))
        .with_min_inner_size(SMALLEST);
    if let Some(place) = place {
        viewport = viewport.with_fullscreen(place.full_screen);
        if let Some(position) = place.position {
            viewport = viewport.with_position(position);
        }
    }
    let native =
        eframe::NativeOptions { viewport, renderer: eframe::Renderer::Glow, ..Default::default() };
    let mut door = match options.claim() {
        Some(Instance::Raised) => return Ok(()),
        Some(Instance::First(door)) => Some(door),
        None => None,
    };
    let create = |cc: &eframe::CreationContext<'_>| {
        let ctx = cc.egui_ctx.clone();
        let (profile, show) = (options.profile.clone(), options.show.clone());
        let world = SystemWorld::new(ctx.clone(), profile, show, door.take());
        let window = Window::new(&ctx, world, &options);
        Ok(Box::new(window) as Box<dyn eframe::App>)
    };
    eframe::run_native("keyglance", native, Box::new(create)).map_err(refused)
}

/// The mark, for title bars and task switchers.
fn window_icon() -> egui::IconData {
    let png = include_bytes!("../../assets/icon-128.png");
    eframe::icon_data::from_png_bytes(png).unwrap_or_default()
}

/// Keeps the first line of what the graphics system said.
fn refused(error: eframe::Error) -> WindowError {
    let said = error.to_string();
    WindowError::Refused(said.lines().next().unwrap_or_default().to_owned())
}

struct Window<W> {
    app: App,
    world: W,
    textures: Textures,
    clock: Clock,
    /// What screen it is on was told to the app.
    monitor_told: bool,
    /// What the title bar says.
    title: String,
    /// In tests, the time since the window opened.
    fixed_time: Option<Duration>,
}

impl<W: World> Window<W> {
    fn new(ctx: &Context, world: W, options: &Options) -> Self {
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
        window.carry_out(App::start());
        window
    }

    fn now(&self) -> Duration {
        self.fixed_time.unwrap_or_else(|| self.clock.elapsed())
    }

    fn update(&mut self, message: Message) {
        let effects = self.app.update(message, self.now());
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Profile(command) => self.world.command_profile(command),
                Effect::World(command) => {
                    self.world.command_world(command, &self.app.model);
                }
                Effect::Go(route) => {
                    let effects = self.app.go(route);
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
    fn advance(&mut self, ctx: &Context) {
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

    fn window_ui(&mut self, ui: &mut Ui) {
        if shortcuts::is_used(ui.ctx()) {
            self.update(Message::Active);
        }
        let mut messages = Vec::new();
        shortcuts::read(ui.ctx(), &self.app, &mut messages);
        notification_ui(ui, &self.app, &mut messages);
        focus::begin(ui.ctx(), self.app.screen.place());
        screen_ui(ui, &self.app, &mut self.textures, &mut messages);
        focus::end(ui.ctx());
        leaving_ui(ui, &self.app, &mut messages);
        let title = title(&self.app);
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

fn screen_ui(ui: &mut Ui, app: &App, textures: &mut Textures, messages: &mut Vec<Message>) {
    let model = &app.model;
    match &app.screen {
        Screen::Opening => widgets::page(ui, |ui| {
            widgets::status(ui, widgets::Severity::Waiting, "Opening the profile…");
        }),
        Screen::Unusable(notification) => widgets::page(ui, |ui| {
            widgets::status(ui, widgets::Severity::Problem, &notification.what);
            ui.label(&notification.advice);
            ui.horizontal_wrapped(|ui| {
                if widgets::primary(ui, "Try again").clicked() {
                    messages.push(Message::Retry);
                }
                if widgets::button(ui, "Choose folder…").clicked() {
                    messages.push(Message::ChooseProfile);
                }
            });
        }),
        Screen::Locked(page) => {
            collect(messages, Message::Locked, |out| locked::ui(ui, page, out));
        }
        Screen::FirstRun(page) => collect(messages, Message::FirstRun, |out| {
            first_run::ui(ui, page, model, textures, out);
        }),
        Screen::Home(page) => {
            collect(messages, Message::Home, |out| home::ui(ui, page, model, out));
        }
        Screen::Pairing(page) => collect(messages, Message::Pairing, |out| {
            pairing::ui(ui, page, model, textures, out);
        }),
        Screen::Result(page) => collect(messages, Message::Result, |out| {
            result::ui(ui, page, model.now, textures, out);
        }),
        Screen::Contact(page) => {
            collect(messages, Message::Contact, |out| contact::ui(ui, page, model, out));
        }
        Screen::Decide(page) => {
            collect(messages, Message::Decide, |out| decide::ui(ui, page, model, out));
        }
        Screen::Verify(page) => collect(messages, Message::Verify, |out| {
            verify::ui(ui, page, model, textures, out);
        }),
        Screen::Export(page) => collect(messages, Message::Export, |out| {
            export::ui(ui, page, model, textures, out);
        }),
        Screen::Compare(page) => {
            collect(messages, Message::Compare, |out| compare::ui(ui, page, out));
        }
        Screen::Add(page) => {
            collect(messages, Message::Add, |out| add::ui(ui, page, model, textures, out));
        }
        Screen::Identity(page) => {
            collect(messages, Message::Identity, |out| identity::ui(ui, page, model, out));
        }
        Screen::Restore(page) => {
            collect(messages, Message::Restore, |out| restore::ui(ui, page, model, out));
        }
        Screen::Settings(page) => collect(messages, Message::Settings, |out| {
            settings::ui(ui, page, model, textures, out);
        }),
        Screen::Check(page) => {
            collect(messages, Message::Check, |out| check::ui(ui, page, model, out));
        }
        Screen::Phone(page) => collect(messages, Message::Phone, |out| {
            phone::ui(ui, page, model, textures, out);
        }),
        Screen::WhatCode(page) => collect(messages, Message::WhatCode, |out| {
            what_code::ui(ui, page, model, textures, out);
        }),
        Screen::Seal(page) => {
            collect(messages, Message::Seal, |out| seal::ui(ui, page, model, out));
        }
        Screen::Import(page) => {
            collect(messages, Message::Import, |out| import::ui(ui, page, model, out));
        }
        Screen::Help => collect(
            messages,
            |never: Infallible| match never {},
            |out| {
                help::ui(ui, out);
            },
        ),
    }
}

/// Draws a screen, and wraps what it sends into messages of the window.
fn collect<M>(
    messages: &mut Vec<Message>,
    wrap: impl Fn(M) -> Message,
    draw: impl FnOnce(&mut Outbox<M>),
) {
    let mut out = Outbox::new();
    draw(&mut out);
    messages.extend(out.into_iter().map(|request| match request {
        OutboxItem::Message(message) => wrap(message),
        OutboxItem::Go(route) => Message::Go(route),
    }));
}

fn title(app: &App) -> String {
    match app.screen.title() {
        Some(state) => format!("Keyglance: {state}"),
        None => "Keyglance".to_owned(),
    }
}

/// The question that stands before leaving a screen.
fn leaving_ui(ui: &mut Ui, app: &App, messages: &mut Vec<Message>) {
    let Some(leaving) = &app.leaving else { return };
    let (title, stay, leave) = match leaving.question {
        Question::Unsaved => ("Leave without saving?", "Keep editing", "Leave"),
        Question::StopPairing => ("Stop pairing?", "Go on", "Stop"),
    };
    let dialog = widgets::dialog(ui.ctx(), title, |ui| {
        ui.horizontal(|ui| {
            if widgets::primary(ui, stay).clicked() {
                messages.push(Message::Stay);
            }
            if widgets::button(ui, leave).clicked() {
                messages.push(Message::Leave);
            }
        });
    });
    if dialog == Dialog::Dismissed {
        messages.push(Message::Stay);
    }
}

/// The line above every screen, until it is dismissed.
fn notification_ui(ui: &mut Ui, app: &App, messages: &mut Vec<Message>) {
    let Some(notification) = &app.notification else { return };
    let palette = theme::palette(ui.ctx());
    let frame = Frame::new().fill(palette.raised).inner_margin(Margin::symmetric(24, 10));
    Panel::top("notification").frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if widgets::button(ui, "Dismiss").clicked() {
                    messages.push(Message::DismissNotification);
                }
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    let text = format!("{} {}", notification.what, notification.advice);
                    ui.add(egui::Label::new(text).wrap());
                });
            });
        });
    });
}
