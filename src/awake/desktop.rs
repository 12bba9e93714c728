//! By asking the desktop over D-Bus.
//!
//! Each desktop listens in one of these places. Whoever was asked forgets it when our
//! connection ends, so that a killed program keeps nothing awake.

use std::collections::HashMap;
use std::time::Duration;

use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::zvariant::{OwnedFd, OwnedObjectPath, Value};

use crate::messages;

/// How long each may think.
const PATIENCE: Duration = Duration::from_secs(5);

/// XDG Desktop Portal, org.freedesktop.portal.Inhibit: neither suspend (4) nor idle (8).
const SUSPEND_AND_IDLE: u32 = 4 | 8;

/// What keeps the computer awake.
#[derive(Debug, Default)]
pub struct Held {
    /// Kept open.
    session: Option<(Connection, How)>,
    /// logind's, which suspends where no desktop does; closing it gives it back.
    _system: Option<(Connection, OwnedFd)>,
}

/// How it is given back.
#[derive(Debug)]
enum How {
    Request(OwnedObjectPath),
    Cookie(u32),
}

/// Asks whoever is there.
pub fn hold() -> Held {
    hold_on(Builder::session, Builder::system)
}

pub(super) fn hold_on(
    session: impl FnOnce() -> zbus::Result<Builder<'static>>,
    system: impl FnOnce() -> zbus::Result<Builder<'static>>,
) -> Held {
    let session = session().and_then(connect).and_then(|bus| {
        let how = portal(&bus).or_else(|error| {
            tracing::debug!("no portal keeps the screen lit: {error}");
            screen_saver(&bus)
        })?;
        Ok((bus, how))
    });
    let system = system().and_then(connect).and_then(|bus| {
        let descriptor = login_manager(&bus)?;
        Ok((bus, descriptor))
    });
    Held {
        session: session
            .inspect_err(|error| tracing::debug!("nothing keeps the screen lit: {error}"))
            .ok(),
        _system: system
            .inspect_err(|error| tracing::debug!("nothing keeps the computer awake: {error}"))
            .ok(),
    }
}

fn connect(builder: Builder<'static>) -> zbus::Result<Connection> {
    builder.method_timeout(PATIENCE).build()
}

const PORTAL: &str = "org.freedesktop.portal.Desktop";
const SAVER: &str = "org.freedesktop.ScreenSaver";

/// GNOME, KDE and others, and from within a sandbox.
fn portal(bus: &Connection) -> zbus::Result<How> {
    let options = HashMap::from([("reason", Value::from(messages::KEEPS_AWAKE))]);
    let answer = bus.call_method(
        Some(PORTAL),
        "/org/freedesktop/portal/desktop",
        Some("org.freedesktop.portal.Inhibit"),
        "Inhibit",
        &("", SUSPEND_AND_IDLE, options),
    )?;
    Ok(How::Request(answer.body().deserialize()?))
}

/// Desktops without that portal: Xfce, MATE, Hyprland.
fn screen_saver(bus: &Connection) -> zbus::Result<How> {
    let path = "/org/freedesktop/ScreenSaver";
    let body = ("Keyglance", messages::KEEPS_AWAKE);
    let answer = bus.call_method(Some(SAVER), path, Some(SAVER), "Inhibit", &body)?;
    Ok(How::Cookie(answer.body().deserialize()?))
}

/// Where a computer is suspended by systemd alone.
fn login_manager(bus: &Connection) -> zbus::Result<OwnedFd> {
    let answer = bus.call_method(
        Some("org.freedesktop.login1"),
        "/org/freedesktop/login1",
        Some("org.freedesktop.login1.Manager"),
        "Inhibit",
        &("idle", "Keyglance", messages::KEEPS_AWAKE, "block"),
    )?;
    answer.body().deserialize()
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some((bus, how)) = &self.session else { return };
        let given_back = match how {
            How::Request(path) => {
                let request = "org.freedesktop.portal.Request";
                bus.call_method(Some(PORTAL), path, Some(request), "Close", &())
            }
            How::Cookie(cookie) => {
                let path = "/org/freedesktop/ScreenSaver";
                bus.call_method(Some(SAVER), path, Some(SAVER), "UnInhibit", &(cookie,))
            }
        };
        if let Err(error) = given_back {
            tracing::debug!("the end of pairing was not told: {error}");
        }
    }
}
