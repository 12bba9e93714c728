//! Opening the window: on the display that works, or with one right sentence why not.

#[cfg(feature = "cli")]
pub mod probe;
mod toolkit;

use std::ffi::OsString;
use std::path::PathBuf;

use eframe::egui::{self, ViewportBuilder};

use super::instance::{self, Door, Instance, Request};
use super::window::Window;
use super::world::SystemWorld;
use crate::display::{self, DisplayError, Server};
use toolkit::WasOpen;

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
    /// Begin with pairing.
    pub pair: bool,
    /// Files to open for what they are.
    pub files: Vec<PathBuf>,
    /// Open it on this display server and no other.
    pub server: Option<Server>,
    /// The arguments with which the program opens the same window on X11.
    pub on_x11: Vec<OsString>,
}

impl Options {
    /// Whether a window of this profile is open already. One that shows its code in a file
    /// or sees by other means is a window of its own.
    fn claim(&self) -> Option<Instance> {
        let plain = self.watch.is_none() && !self.screen && self.show.is_none();
        let request = || Request {
            files: self.files.clone(),
            pair: self.pair,
            token: instance::activation_token(),
        };
        plain.then(|| instance::claim(&self.profile, &request()))
    }
}

/// The smallest size in which every screen is usable, in points.
const SMALLEST: [f32; 2] = [480.0, 400.0];
const USUAL: [f32; 2] = [1000.0, 680.0];

/// Opens the window, and returns when it is closed.
///
/// # Errors
/// [`DisplayError`].
pub fn open(options: &Options) -> Result<(), DisplayError> {
    let server = display::choose(options.server)?;
    let door = match options.claim() {
        Some(Instance::Raised) => return Ok(()),
        Some(Instance::First(door)) => Some(door),
        None => None,
    };
    let was_open = WasOpen::default();
    let Err(failure) = toolkit::run(|| run(options, server, door, &was_open)) else {
        return Ok(());
    };
    let error = failure.meaning(was_open.get());
    tracing::info!("the window failed: {}", failure.details());
    // One process makes one event loop, so the other display is for another process.
    if server == Server::Wayland
        && options.server.is_none()
        && !was_open.get()
        && display::choose(Some(Server::X11)).is_ok()
    {
        start_again(&options.on_x11);
    }
    Err(error)
}

/// Becomes the same program with other arguments; returns only if the system refuses.
#[cfg(unix)]
fn start_again(arguments: &[OsString]) {
    use std::os::unix::process::CommandExt as _;
    if let Ok(program) = std::env::current_exe() {
        let error = std::process::Command::new(program).args(arguments).exec();
        tracing::info!("the program could not be started again: {error}");
    }
}

#[cfg(not(unix))]
fn start_again(_arguments: &[OsString]) {}

fn run(
    options: &Options,
    server: Server,
    mut door: Option<Door>,
    was_open: &WasOpen,
) -> eframe::Result {
    let create = |cc: &eframe::CreationContext<'_>| {
        was_open.set();
        let ctx = cc.egui_ctx.clone();
        let (profile, show) = (options.profile.clone(), options.show.clone());
        let world = SystemWorld::new(ctx.clone(), profile, show, door.take(), x11_window(cc));
        let window = Window::new(&ctx, world, options);
        Ok(Box::new(window) as Box<dyn eframe::App>)
    };
    let native = eframe::NativeOptions {
        viewport: viewport(options),
        renderer: eframe::Renderer::Glow,
        event_loop_builder: Some(Box::new(move |builder| on_server(builder, server))),
        ..Default::default()
    };
    eframe::run_native("keyglance", native, Box::new(create))
}

/// The window's number, on X11.
fn x11_window(window: &impl winit::raw_window_handle::HasWindowHandle) -> Option<u32> {
    use winit::raw_window_handle::RawWindowHandle;
    match window.window_handle().ok()?.as_raw() {
        RawWindowHandle::Xlib(handle) => u32::try_from(handle.window).ok(),
        RawWindowHandle::Xcb(handle) => Some(handle.window.get()),
        _ => None,
    }
}

/// The window as it was when it was last open.
fn viewport(options: &Options) -> ViewportBuilder {
    let place = keyglance_profile::Profile::remembered_place(&options.profile);
    let mut viewport = ViewportBuilder::default()
        .with_title("Keyglance")
        .with_app_id(super::APP_ID)
        .with_icon(window_icon())
        .with_inner_size(place.map_or(USUAL, |place| place.size))
        .with_min_inner_size(SMALLEST);
    if let Some(place) = place {
        viewport = viewport.with_fullscreen(place.full_screen);
        if let Some(position) = place.position {
            viewport = viewport.with_position(position);
        }
    }
    viewport
}

/// The mark, for title bars and task switchers.
fn window_icon() -> egui::IconData {
    let png = include_bytes!("../../../assets/icon-128.png");
    eframe::icon_data::from_png_bytes(png).unwrap_or_default()
}

/// The toolkit would take Wayland wherever its variable is set.
#[cfg(all(unix, not(target_os = "macos")))]
fn on_server(builder: &mut winit::event_loop::EventLoopBuilder<eframe::UserEvent>, server: Server) {
    use winit::platform::wayland::EventLoopBuilderExtWayland as _;
    use winit::platform::x11::EventLoopBuilderExtX11 as _;
    match server {
        Server::Wayland => {
            builder.with_wayland();
        }
        Server::X11 => {
            builder.with_x11();
        }
        Server::System => {}
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn on_server(
    _builder: &mut winit::event_loop::EventLoopBuilder<eframe::UserEvent>,
    _server: Server,
) {
}
