//! Which display server that is, for who has to mend it.

#[cfg(all(unix, not(target_os = "macos")))]
use super::Environment;
use super::Server;

/// A display server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Its name, with its version where it tells.
    pub server: String,
    /// As the environment names it.
    pub place: Option<String>,
    /// X11 that is made of Wayland's windows.
    pub emulated: bool,
}

/// Says which one it is.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub fn describe(_server: Server) -> Description {
    Description { server: std::env::consts::OS.to_owned(), place: None, emulated: false }
}

/// Says which one it is.
#[cfg(all(unix, not(target_os = "macos")))]
pub fn describe(server: Server) -> Description {
    let environment = Environment::here();
    let text = |name: &std::ffi::OsStr| name.to_string_lossy().into_owned();
    match server {
        Server::Wayland => Description {
            server: compositor(&environment)
                .map_or("Wayland".to_owned(), |name| format!("Wayland by {name}")),
            place: environment.wayland_display.as_deref().map(text),
            emulated: false,
        },
        Server::X11 => {
            let (server, emulated) = x_server().unwrap_or(("X11".to_owned(), false));
            Description { server, place: environment.x11_display.as_deref().map(text), emulated }
        }
        Server::System => {
            Description { server: std::env::consts::OS.to_owned(), place: None, emulated: false }
        }
    }
}

/// The program at the other end of Wayland's socket: the protocol itself has no name for it.
#[cfg(target_os = "linux")]
fn compositor(environment: &Environment) -> Option<String> {
    let socket = std::os::unix::net::UnixStream::connect(environment.wayland_path()?).ok()?;
    let peer = rustix::net::sockopt::socket_peercred(&socket).ok()?;
    let process = peer.pid.as_raw_nonzero();
    let name = std::fs::read_to_string(format!("/proc/{process}/comm")).ok()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "macos"))))]
fn compositor(_environment: &Environment) -> Option<String> {
    None
}

/// What an X server says of itself when a client comes.
#[cfg(all(unix, not(target_os = "macos")))]
fn x_server() -> Option<(String, bool)> {
    use x11rb::connection::{Connection as _, RequestConnection as _};
    let (x11, _) = x11rb::connect(None).ok()?;
    let setup = x11.setup();
    let vendor = String::from_utf8_lossy(&setup.vendor).into_owned();
    let emulated = x11.extension_information("XWAYLAND").is_ok_and(|found| found.is_some());
    // X.Org's numbers have two digits a part: 12101007 is 21.1.7.
    let number = setup.release_number;
    let version = match number {
        10_000_000.. if vendor.contains("X.Org") => {
            let parts = (number / 100_000 % 100, number / 1000 % 100, number % 1000);
            format!(" {}.{}.{}", parts.0, parts.1, parts.2)
        }
        _ => String::new(),
    };
    Some((format!("X11 by {vendor}{version}"), emulated))
}
