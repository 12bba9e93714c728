//! What this computer answers when it is asked for a display.
//!
//! Wayland's and X11's libraries are opened while the program runs, by the same crates that
//! the toolkit uses, so what is found here is found there.

use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::OnceLock;

use x11rb::rust_connection::RustConnection;

use super::{Probe, Server};

/// A library's file, and whether it can be opened.
type Library = (&'static str, fn() -> bool);

/// This computer.
pub struct System;

impl Probe for System {
    fn answers(&self, socket: &Path) -> bool {
        UnixStream::connect(socket).is_ok()
    }

    fn x11_answers(&self) -> bool {
        // Kept open: a server that loses its last client starts over, and answers nobody
        // meanwhile.
        static CONNECTION: OnceLock<Option<RustConnection>> = OnceLock::new();
        CONNECTION.get_or_init(|| x11rb::connect(None).ok().map(|(x11, _)| x11)).is_some()
    }

    fn missing_library(&self, server: Server) -> Option<&'static str> {
        let needed: &[Library] = match server {
            Server::Wayland => &[
                ("libwayland-client.so.0", wayland_sys::client::is_lib_available),
                ("libwayland-egl.so.1", wayland_sys::egl::is_lib_available),
                ("libxkbcommon.so.0", || xkbcommon_dl::xkbcommon_option().is_some()),
            ],
            Server::X11 => &[
                ("libX11.so.6", || x11_dl::xlib::Xlib::open().is_ok()),
                ("libX11-xcb.so.1", || x11_dl::xlib_xcb::Xlib_xcb::open().is_ok()),
                ("libXcursor.so.1", || x11_dl::xcursor::Xcursor::open().is_ok()),
                ("libXi.so.6", || x11_dl::xinput2::XInput2::open().is_ok()),
                ("libxkbcommon.so.0", || xkbcommon_dl::xkbcommon_option().is_some()),
                ("libxkbcommon-x11.so.0", || xkbcommon_dl::x11::xkbcommon_x11_option().is_some()),
            ],
            Server::System => &[],
        };
        needed.iter().find(|(_, is_there)| !is_there()).map(|(name, _)| *name)
    }
}
