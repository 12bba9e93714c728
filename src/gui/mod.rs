//! The window: contacts and keys, pairing, verifying, exporting.
//!
//! Screens draw their page and the model, and send messages. [`app::App::update`]
//! turns a message into a new state and effects. The root carries the effects
//! out through the worker and the world, and what became of them comes back as
//! reports, which are messages too.

mod app;
mod camera_view;
mod chrome;
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
mod pages;
mod passphrase_form;
mod picture;
mod report;
mod route;
mod screen;
mod screens;
mod secret_clipboard;
mod shortcuts;
mod system_motion;
mod theme;
mod widgets;
mod window;
mod worker;
mod world;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use eframe::egui::{self, ViewportBuilder};

use instance::Instance;
use window::Window;
use world::SystemWorld;

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
use crate::app_id::APP_ID;
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
