//! The window: contacts and keys, pairing, verifying, exporting.
//!
//! Screens draw the state and push actions; [`state::State::apply`] makes of
//! them a new state and effects; the effects are carried out elsewhere, and
//! what becomes of them comes back as actions.

mod code;
mod effects;
mod icons;
mod message;
mod screens;
mod shortcuts;
mod state;
mod theme;
mod widgets;
mod worker;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use eframe::egui::{self, Context, Frame, Margin, Panel, Ui, ViewportBuilder};

use code::Textures;
use effects::{Effects, World};
use message::{Action, Effect};
use screens::{
    add, contact, export, first_run, help, home, identity, pairing, result, settings, verify,
};
use state::{FrameSourceChoice, Screen, State};

/// What the command line says about the window.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The profile folder.
    pub profile: PathBuf,
    /// A picture file to use as a camera.
    pub watch: Option<PathBuf>,
    /// Use what is on the screen as a camera.
    pub screen: bool,
    /// Show our code in this file too.
    pub show: Option<PathBuf>,
}

/// Why there is no window.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// Nothing to show it on.
    #[error("there is no display to open a window on")]
    NoDisplay,
    /// The graphics system refuses.
    #[error("the window could not be opened: the graphics system says: {0}")]
    Refused(String),
}

/// The smallest size in which every screen is usable, in points.
const SMALLEST: [f32; 2] = [480.0, 400.0];
const USUAL: [f32; 2] = [1000.0, 680.0];

/// Opens the window and stays until it is closed.
///
/// # Errors
/// [`WindowError`].
pub fn open(options: Options) -> Result<(), WindowError> {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(target_os = "linux") && !set("DISPLAY") && !set("WAYLAND_DISPLAY") {
        return Err(WindowError::NoDisplay);
    }
    let size = keyglance_profile::Profile::remembered_window(&options.profile).unwrap_or(USUAL);
    let native = eframe::NativeOptions {
        viewport: ViewportBuilder::default()
            .with_title("Keyglance")
            .with_app_id("keyglance")
            .with_inner_size(size)
            .with_min_inner_size(SMALLEST),
        renderer: eframe::Renderer::Glow,
        ..Default::default()
    };
    let create = |cc: &eframe::CreationContext<'_>| {
        let ctx = cc.egui_ctx.clone();
        let effects = Effects::new(ctx.clone(), options.profile.clone(), options.show.clone());
        let window = Window::new(&ctx, effects, &options);
        Ok(Box::new(window) as Box<dyn eframe::App>)
    };
    eframe::run_native("keyglance", native, Box::new(create)).map_err(refused)
}

/// What the graphics system said, in a line.
fn refused(error: eframe::Error) -> WindowError {
    let said = error.to_string();
    WindowError::Refused(said.lines().next().unwrap_or_default().to_owned())
}

struct Window<W> {
    state: State,
    world: W,
    textures: Textures,
    began: Instant,
    longest_pass: Duration,
    /// For tests: the time is this one.
    fixed: Option<Duration>,
}

impl<W: World> Window<W> {
    fn new(ctx: &Context, world: W, options: &Options) -> Self {
        theme::install(ctx);
        let eye = match &options.watch {
            Some(path) => FrameSourceChoice::Watch(path.clone()),
            None if options.screen => FrameSourceChoice::Screen,
            None => FrameSourceChoice::Camera,
        };
        let state = State::new(options.profile.clone(), eye);
        let textures = Textures::default();
        let mut window = Self {
            state,
            world,
            textures,
            began: Instant::now(),
            longest_pass: Duration::ZERO,
            fixed: None,
        };
        window.carry_out(State::begin());
        window
    }

    fn now(&self) -> Duration {
        self.fixed.unwrap_or_else(|| self.began.elapsed())
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.world.carry_out(effect, &self.state.settings);
        }
    }

    fn apply(&mut self, action: Action) {
        let effects = self.state.apply(action, self.now());
        self.carry_out(effects);
    }

    /// What happened since, and time.
    fn advance(&mut self, ctx: &Context) {
        loop {
            let reports = self.world.reports();
            if reports.is_empty() {
                break;
            }
            for report in reports {
                self.apply(Action::Report(report));
            }
        }
        self.apply(Action::Tick);
        if let Some(at) = self.state.next_deadline() {
            ctx.request_repaint_after(at.saturating_sub(self.now()));
        }
    }

    fn show(&mut self, ui: &mut Ui) {
        let mut actions = Vec::new();
        shortcuts::read(ui.ctx(), &self.state, &mut actions);
        told(ui, &self.state, &mut actions);
        let (state, textures) = (&self.state, &mut self.textures);
        match &state.screen {
            Screen::Opening => widgets::page(ui, |ui| {
                widgets::status(ui, widgets::Severity::Waiting, "Opening the profile…");
            }),
            Screen::Unusable(told) => widgets::page(ui, |ui| {
                widgets::status(ui, widgets::Severity::Problem, &told.what);
                ui.label(&told.advice);
                if widgets::primary(ui, "Try again").clicked() {
                    actions.push(Action::Retry);
                }
            }),
            Screen::Locked(_) => first_run::show_locked(ui, state, &mut actions),
            Screen::FirstRun(_) => first_run::show(ui, state, textures, &mut actions),
            Screen::Home(_) => home::show(ui, state, &mut actions),
            Screen::Pairing(_) => pairing::show(ui, state, textures, &mut actions),
            Screen::Result(_) => result::show(ui, state, textures, &mut actions),
            Screen::Contact(_) => contact::show(ui, state, &mut actions),
            Screen::Verify(_) => verify::show(ui, state, textures, &mut actions),
            Screen::Export(_) => export::show(ui, state, textures, &mut actions),
            Screen::Add(_) => add::show(ui, state, &mut actions),
            Screen::Identity(_) => identity::show(ui, state, &mut actions),
            Screen::Settings(_) => settings::show(ui, state, textures, &mut actions),
            Screen::Help => help::show(ui, &mut actions),
        }
        let acted = !actions.is_empty();
        for action in actions {
            self.apply(action);
        }
        if acted {
            ui.ctx().request_repaint();
        }
    }
}

impl<W: World> eframe::App for Window<W> {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.advance(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let began = Instant::now();
        self.show(ui);
        let took = began.elapsed();
        if took > self.longest_pass {
            self.longest_pass = took;
            tracing::debug!("longest ui pass {took:?}");
        }
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        if self.state.own.is_some() {
            self.carry_out(vec![Effect::SaveSettings(self.state.settings.clone())]);
        }
    }
}

/// What happened, above everything until it is dismissed.
fn told(ui: &mut Ui, state: &State, actions: &mut Vec<Action>) {
    let Some(told) = &state.told else { return };
    let palette = theme::palette(ui.ctx());
    let frame = Frame::new().fill(palette.raised).inner_margin(Margin::symmetric(24, 10));
    Panel::top("told").frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if widgets::button(ui, "Dismiss").clicked() {
                    actions.push(Action::Dismiss);
                }
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    ui.add(egui::Label::new(format!("{} {}", told.what, told.advice)).wrap());
                });
            });
        });
    });
}
