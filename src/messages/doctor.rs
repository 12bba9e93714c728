//! What `keyglance doctor` says of the computer.

use std::time::Duration;

use super::Notification;
#[cfg(all(feature = "gui", target_os = "linux"))]
use super::system_packages::Desktop;
#[cfg(feature = "gui")]
use super::system_packages::{Distribution, Need};
#[cfg(feature = "gui")]
use crate::display::{Description, Graphics};
#[cfg(feature = "gui")]
use crate::sound::{SoundError, SoundServer};
use keyglance_profile::{Warning, printable};

pub const SOMETHING_BROKEN: &str = "Something here is broken: see the lines that say so.";
pub const RANDOM: &str = "the system gives random bytes";
pub const NOT_RANDOM: &str = "the system gives no random bytes";
pub const NOT_READ_BACK: &str = "a code was drawn and not read back";

/// A part of it that took too long.
pub fn hangs(limit: Duration) -> Notification {
    let what = format!("no answer within {} seconds", limit.as_secs());
    Notification::new(what, "Restart what it belongs to, or the computer.")
}

/// A part of it that failed in a way nobody thought of.
pub fn ended_by_itself() -> Notification {
    Notification::new("this check failed", "keyglance -v doctor says what to report.")
}

pub fn read_back(ms: f64) -> String {
    format!("a code was drawn and read back in {ms:.1} ms")
}

pub fn no_profile_yet(folder: &str) -> String {
    format!("none yet; the first pairing makes {folder}")
}

/// The folder was opened, so its owner and its permissions are right.
pub fn profile(folder: &str, warnings: &[&Warning]) -> String {
    let private = if cfg!(unix) { ", which only you can read" } else { "" };
    let mut what = format!("{folder}{private}");
    for warning in warnings {
        what.push_str(&format!("; {}", printable(&warning.to_string())));
    }
    what
}

pub fn without_window() -> Notification {
    Notification::new("this program was built without the window", super::WITHOUT_WINDOW)
}

/// Where windows open.
#[cfg(feature = "gui")]
pub fn display(description: &Description) -> String {
    let Description { server, place, emulated } = description;
    let place = place.as_ref().map_or(String::new(), |place| format!(", {}", printable(place)));
    let by_wayland = if *emulated { ", which runs on Wayland" } else { "" };
    format!("{}{place}{by_wayland}", printable(server))
}

pub const SCREEN_BY_PORTAL: &str = "the desktop takes a picture of it when you want one";

/// What draws.
#[cfg(feature = "gui")]
pub fn graphics(graphics: &Graphics) -> String {
    let Graphics { version, renderer, vendor } = graphics;
    let software = if graphics.is_software() {
        "; the processor draws, which is slower and enough"
    } else {
        ""
    };
    printable(&format!("{renderer} by {vendor}, OpenGL {version}{software}"))
}

#[cfg(feature = "gui")]
pub const NOT_TRIED: &str = "not tried: there is no display to draw on";

#[cfg(feature = "gui")]
pub fn no_trial() -> Notification {
    Notification::new("it could not be tried", "keyglance window tries it.")
}

#[cfg(feature = "gui")]
pub fn driver_hangs(distribution: Distribution) -> Notification {
    Notification::new("the graphics driver does not answer", distribution.install(Need::OpenGl))
}

#[cfg(feature = "gui")]
pub fn driver_crashes(distribution: Distribution) -> Notification {
    Notification::new("the graphics driver crashed", distribution.install(Need::OpenGl))
}

/// Each name can be read.
#[cfg(feature = "gui")]
pub fn letters(names: usize) -> String {
    match names {
        0 => "no names to show yet".to_owned(),
        1 => "the name in your contacts can be shown".to_owned(),
        names => format!("the {names} names in your contacts can be shown"),
    }
}

/// Some have letters that no font has.
#[cfg(feature = "gui")]
pub fn unseen(unseen: &[String], of: usize, distribution: Distribution) -> Notification {
    let names = unseen.iter().map(|name| format!("“{}”", printable(name)));
    let names = names.collect::<Vec<_>>().join(", ");
    let what = format!(
        "{} of {of} names in your contacts have letters that this computer cannot show: {names}",
        unseen.len()
    );
    Notification::new(what, distribution.install(Need::Fonts))
}

/// Pairing makes sounds.
#[cfg(feature = "gui")]
pub fn sound(server: &SoundServer) -> String {
    let SoundServer { name, loudspeaker } = server;
    printable(&format!("{name} plays on {loudspeaker}"))
}

/// It makes none.
#[cfg(feature = "gui")]
pub fn no_sound(error: SoundError, distribution: Distribution) -> Notification {
    match error {
        #[cfg(not(feature = "sound"))]
        SoundError::NotBuilt => Notification::new("this program was built without sound", ""),
        SoundError::NoServer => Notification::new(
            "nothing that plays sound runs here; the window's edge lights up instead",
            distribution.install(Need::SoundServer),
        ),
        SoundError::Elsewhere => Notification::new(
            "PULSE_SERVER names another computer, where a sound helps nobody here",
            "Start keyglance without PULSE_SERVER.",
        ),
        SoundError::NoAnswer => Notification::new(
            "the sound server does not answer",
            "Log out and in again, or restart PipeWire or PulseAudio.",
        ),
        SoundError::Refused => Notification::new(
            "the sound server refused",
            "Start keyglance as the user who is logged in.",
        ),
        SoundError::NotUnderstood => Notification::new(
            "what plays sound here is neither PulseAudio nor PipeWire",
            distribution.install(Need::SoundServer),
        ),
        SoundError::NoLoudspeaker => Notification::new(
            "there is no loudspeaker",
            "Connect one, or choose one in the desktop's settings.",
        ),
    }
}

/// Why a portal cannot be used.
#[cfg(all(feature = "gui", target_os = "linux"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortalError {
    /// There is no session bus.
    NoBus,
    /// No desktop answers for it.
    NotThere,
    /// It is there and says nothing.
    NoAnswer,
}

/// The desktop takes pictures of the screen for who asks it.
#[cfg(all(feature = "gui", target_os = "linux"))]
pub fn screenshot_portal(version: u32) -> String {
    format!("the desktop gives pictures of the screen, and may ask you first (version {version})")
}

/// The desktop gives cameras to who asks it.
#[cfg(all(feature = "gui", target_os = "linux"))]
pub fn camera_portal(version: u32, present: bool) -> String {
    let there = if present { "has a camera" } else { "has no camera" };
    format!("the desktop {there} for programs that ask it (version {version})")
}

/// It does not.
#[cfg(all(feature = "gui", target_os = "linux"))]
pub fn no_portal(error: PortalError, distribution: Distribution, desktop: Desktop) -> Notification {
    match error {
        PortalError::NoBus => Notification::new(
            "no desktop session runs here, so there is nobody to ask",
            "Start keyglance from the desktop.",
        ),
        PortalError::NotThere => Notification::new(
            "the desktop does not offer this to programs",
            distribution.install(Need::Portal(desktop)),
        ),
        PortalError::NoAnswer => {
            Notification::new("the desktop does not answer", "Log out and in again.")
        }
    }
}
