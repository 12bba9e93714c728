//! The display: on which one a window can be opened, and what is missing for that.
//!
//! A toolkit makes one event loop in a process and takes Wayland where its variable is set,
//! whether anything answers there or not. So what can fail is tried before it is asked.

#[cfg(feature = "cli")]
mod describe;
mod error;
#[cfg(feature = "cli")]
mod graphics;
#[cfg(all(unix, not(target_os = "macos")))]
mod probe;

#[cfg(feature = "cli")]
pub use describe::{Description, describe};
pub use error::{Cause, DisplayError};
#[cfg(feature = "cli")]
pub use graphics::Graphics;

/// What draws windows and brings what is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    Wayland,
    X11,
    /// The system has one only, and it is always there.
    #[cfg_attr(all(unix, not(target_os = "macos")), allow(dead_code))]
    System,
}

/// The one to open a window on; `only` that one, if one is named.
///
/// # Errors
/// [`DisplayError`]: what is missing.
#[cfg(all(unix, not(target_os = "macos")))]
pub fn choose(only: Option<Server>) -> Result<Server, DisplayError> {
    select(&Environment::here(), only, &probe::System)
}

/// The one to open a window on.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub fn choose(_only: Option<Server>) -> Result<Server, DisplayError> {
    Ok(Server::System)
}

/// What the environment says of displays.
#[cfg(all(unix, not(target_os = "macos")))]
#[derive(Clone, Debug, Default)]
struct Environment {
    wayland_display: Option<std::ffi::OsString>,
    /// A connection to Wayland was handed to us, which only its user can try.
    wayland_socket: bool,
    runtime_folder: Option<std::path::PathBuf>,
    x11_display: Option<std::ffi::OsString>,
}

#[cfg(all(unix, not(target_os = "macos")))]
impl Environment {
    fn here() -> Self {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        Self {
            wayland_display: set("WAYLAND_DISPLAY"),
            wayland_socket: set("WAYLAND_SOCKET").is_some(),
            runtime_folder: set("XDG_RUNTIME_DIR").map(Into::into),
            x11_display: set("DISPLAY"),
        }
    }

    /// Where Wayland's socket should be.
    fn wayland_path(&self) -> Option<std::path::PathBuf> {
        let display = std::path::Path::new(self.wayland_display.as_ref()?);
        match &self.runtime_folder {
            _ if display.is_absolute() => Some(display.to_owned()),
            Some(folder) => Some(folder.join(display)),
            None => None,
        }
    }
}

/// What can be tried without a window.
#[cfg(all(unix, not(target_os = "macos")))]
trait Probe {
    /// Whether something answers at this socket.
    fn answers(&self, socket: &std::path::Path) -> bool;
    /// Whether the X server of the environment lets us in.
    fn x11_answers(&self) -> bool;
    /// The first library that a window on this server needs and the system has not.
    fn missing_library(&self, server: Server) -> Option<&'static str>;
}

/// Wayland if it can be used, else X11; else what is wrong with the one that was meant.
#[cfg(all(unix, not(target_os = "macos")))]
fn select(
    environment: &Environment,
    only: Option<Server>,
    probe: &impl Probe,
) -> Result<Server, DisplayError> {
    let wants = |server| only.is_none_or(|only| only == server);
    let wayland = wants(Server::Wayland).then(|| wayland(environment, probe)).flatten();
    if let Some(Ok(())) = wayland {
        return Ok(Server::Wayland);
    }
    let x11 = wants(Server::X11).then(|| x11(environment, probe)).flatten();
    if let Some(Ok(())) = x11 {
        return Ok(Server::X11);
    }
    let error = match (wayland.and_then(Result::err), x11.and_then(Result::err)) {
        // A desktop that answers is the one in use, so its library is what is missing.
        (Some(error @ DisplayError::Library { .. }), _) => error,
        (_, Some(error)) | (Some(error), None) => error,
        (None, None) => DisplayError::NoDisplay,
    };
    Err(error)
}

/// Whether a window can be opened on Wayland; `None` where there is no word of it.
#[cfg(all(unix, not(target_os = "macos")))]
fn wayland(environment: &Environment, probe: &impl Probe) -> Option<Result<(), DisplayError>> {
    let name = environment.wayland_display.as_ref();
    if name.is_none() && !environment.wayland_socket {
        return None;
    }
    let answers = environment.wayland_socket
        || environment.wayland_path().is_some_and(|path| probe.answers(&path));
    Some(if answers {
        library(Server::Wayland, probe)
    } else {
        Err(DisplayError::unreachable(name.map(AsRef::as_ref).unwrap_or_default()))
    })
}

/// The same of X11.
#[cfg(all(unix, not(target_os = "macos")))]
fn x11(environment: &Environment, probe: &impl Probe) -> Option<Result<(), DisplayError>> {
    let name = environment.x11_display.as_ref()?;
    Some(if probe.x11_answers() {
        library(Server::X11, probe)
    } else {
        Err(DisplayError::unreachable(name))
    })
}

#[cfg(all(unix, not(target_os = "macos")))]
fn library(server: Server, probe: &impl Probe) -> Result<(), DisplayError> {
    match probe.missing_library(server) {
        Some(name) => Err(DisplayError::Library { name, server }),
        None => Ok(()),
    }
}

#[cfg(all(test, unix, not(target_os = "macos")))]
mod tests {
    use std::path::Path;

    use super::*;

    /// A computer on which these answer, and these libraries are missing.
    #[derive(Default)]
    struct Computer {
        socket: Option<&'static str>,
        x11: bool,
        missing: Vec<(Server, &'static str)>,
    }

    impl Probe for Computer {
        fn answers(&self, socket: &Path) -> bool {
            self.socket.is_some_and(|there| socket == Path::new(there))
        }

        fn x11_answers(&self) -> bool {
            self.x11
        }

        fn missing_library(&self, server: Server) -> Option<&'static str> {
            self.missing.iter().find(|(of, _)| *of == server).map(|(_, name)| *name)
        }
    }

    fn environment(wayland: &str, display: &str) -> Environment {
        let set = |text: &str| (!text.is_empty()).then(|| text.into());
        Environment {
            wayland_display: set(wayland),
            wayland_socket: false,
            runtime_folder: Some("/run/user/1".into()),
            x11_display: set(display),
        }
    }

    fn unreachable(name: &str) -> Result<Server, DisplayError> {
        Err(DisplayError::unreachable(name.as_ref()))
    }

    #[test]
    fn wayland_is_taken_where_it_answers_and_x11_where_it_does_not() {
        let both = environment("wayland-0", ":0");
        let computer =
            Computer { socket: Some("/run/user/1/wayland-0"), x11: true, ..Computer::default() };
        assert_eq!(select(&both, None, &computer), Ok(Server::Wayland));
        assert_eq!(select(&both, Some(Server::X11), &computer), Ok(Server::X11));
        // An absolute name, a variable that is left from another session, none at all.
        let absolute = environment("/run/user/1/wayland-0", "");
        assert_eq!(select(&absolute, None, &computer), Ok(Server::Wayland));
        let stale = environment("wayland-7", ":0");
        assert_eq!(select(&stale, None, &computer), Ok(Server::X11));
        let nowhere = Environment { runtime_folder: None, ..both.clone() };
        assert_eq!(select(&nowhere, None, &computer), Ok(Server::X11));
        assert_eq!(select(&environment("", ":0"), None, &computer), Ok(Server::X11));
        // Handed to us, which nobody can try without using it up.
        let handed = Environment { wayland_socket: true, ..Environment::default() };
        assert_eq!(select(&handed, None, &computer), Ok(Server::Wayland));
    }

    #[test]
    fn what_is_wrong_is_said_of_the_display_that_was_meant() {
        let none = Computer::default();
        let select = |environment: Environment, computer: &Computer| {
            super::select(&environment, None, computer)
        };
        assert_eq!(select(environment("", ""), &none), Err(DisplayError::NoDisplay));
        assert_eq!(select(environment("wayland-0", ""), &none), unreachable("wayland-0"));
        assert_eq!(select(environment("", ":9"), &none), unreachable(":9"));
        assert_eq!(select(environment("wayland-0", ":9"), &none), unreachable(":9"));
    }

    #[test]
    fn a_missing_library_leads_to_the_other_display_or_is_named() {
        let libraries = vec![(Server::Wayland, "libwayland-egl.so.1"), (Server::X11, "libXi.so.6")];
        let wayland =
            Err(DisplayError::Library { name: "libwayland-egl.so.1", server: Server::Wayland });
        let mut computer =
            Computer { socket: Some("/run/user/1/wayland-0"), x11: true, missing: libraries };
        let both = environment("wayland-0", ":0");
        assert_eq!(select(&both, None, &computer), wayland);
        computer.missing.pop();
        assert_eq!(select(&both, None, &computer), Ok(Server::X11));
        assert_eq!(select(&environment("wayland-0", ""), None, &computer), wayland);
        // X11 that does not answer is not what is missing.
        computer.x11 = false;
        assert_eq!(select(&both, None, &computer), wayland);
        let libxi = Err(DisplayError::Library { name: "libXi.so.6", server: Server::X11 });
        let computer =
            Computer { x11: true, missing: vec![(Server::X11, "libXi.so.6")], socket: None };
        assert_eq!(select(&both, None, &computer), libxi);
    }
}
