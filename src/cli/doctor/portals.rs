//! What the desktop does for programs that ask it: pictures of the screen, cameras.

use std::time::Duration;

use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::zvariant::OwnedValue;

use super::check::{Check, CheckState};
use crate::messages::doctor::{self as words, PortalError};
use crate::messages::system_packages::{Desktop, Distribution};

/// Less than a check may take, so that what happened is said.
const PATIENCE: Duration = Duration::from_secs(3);

/// The portal that takes pictures of the screen.
pub fn screenshot() -> Check {
    let name = "Screen portal";
    match Portal::connect("Screenshot").and_then(|portal| portal.number("version")) {
        Ok(version) => Check::works(name, words::screenshot_portal(version)),
        Err(error) => failed(name, error),
    }
}

/// The portal that gives cameras.
pub fn camera() -> Check {
    let name = "Camera portal";
    let answer = Portal::connect("Camera").and_then(|portal| {
        Ok((portal.number("version")?, portal.get("IsCameraPresent")?.try_into()))
    });
    match answer {
        Ok((version, present)) => {
            Check::works(name, words::camera_portal(version, present == Ok(true)))
        }
        Err(error) => failed(name, error),
    }
}

fn failed(name: &str, error: PortalError) -> Check {
    let state = match error {
        PortalError::NoAnswer => CheckState::Broken,
        PortalError::NoBus | PortalError::NotThere => CheckState::Missing,
    };
    let desktop = std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default();
    Check::told(name, state, words::no_portal(error, Distribution::here(), Desktop::of(&desktop)))
}

/// One of them, by the end of its interface's name.
struct Portal {
    bus: Connection,
    interface: String,
}

impl Portal {
    fn connect(name: &str) -> Result<Self, PortalError> {
        let bus = Builder::session().map(|builder| builder.method_timeout(PATIENCE));
        let bus = bus.and_then(Builder::build).map_err(|_| PortalError::NoBus)?;
        Ok(Self { bus, interface: format!("org.freedesktop.portal.{name}") })
    }

    fn get(&self, property: &str) -> Result<OwnedValue, PortalError> {
        let answer = self.bus.call_method(
            Some("org.freedesktop.portal.Desktop"),
            "/org/freedesktop/portal/desktop",
            Some("org.freedesktop.DBus.Properties"),
            "Get",
            &(&self.interface, property),
        );
        let value = answer.and_then(|answer| answer.body().deserialize());
        value.map_err(|error| match &error {
            zbus::Error::InputOutput(io) if io.kind() == std::io::ErrorKind::TimedOut => {
                PortalError::NoAnswer
            }
            zbus::Error::MethodError(name, ..) if name.ends_with(".NoReply") => {
                PortalError::NoAnswer
            }
            _ => PortalError::NotThere,
        })
    }

    fn number(&self, property: &str) -> Result<u32, PortalError> {
        self.get(property)?.try_into().map_err(|_| PortalError::NotThere)
    }
}
