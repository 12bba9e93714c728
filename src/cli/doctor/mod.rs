//! `keyglance doctor`: what works on this computer, and how to fix the rest.

mod cameras;
mod check;
#[cfg(feature = "gui")]
mod desktop;
#[cfg(all(feature = "gui", target_os = "linux"))]
mod portals;

use std::path::PathBuf;
use std::time::Instant;

use rand_core::TryRng as _;
use serde_json::json;

use super::args::DoctorArgs;
use super::failure::Failure;
use super::{Context, window::Window};
use crate::messages::doctor as words;
use check::{Check, CheckState, Pending, quietly};
use keyglance_profile::{Profile, printable_path};
use keyglance_qr::{self as qr, Code};

pub fn run(context: &Context, args: &DoctorArgs, window: Option<Window>) -> Result<(), Failure> {
    #[cfg(feature = "gui")]
    if args.probe.is_some()
        && let Some(window) = window
    {
        return desktop::probe_graphics(context, window);
    }
    #[cfg(not(feature = "gui"))]
    let _ = (args, window);
    let checks = quietly(|| checks(context, window));
    let broken = checks.iter().filter(|check| check.state == CheckState::Broken).count();
    context.output.result(
        || checks.iter().map(Check::line).collect(),
        &json!({
            "ok": broken == 0,
            "checks": checks.iter().map(Check::json).collect::<Vec<_>>(),
        }),
    )?;
    match broken {
        0 => Ok(()),
        _ => Err(Failure::error(words::SOMETHING_BROKEN)),
    }
}

/// All of them, what pairing cannot do without first. They run side by side, but for the
/// cameras, which may share a cable.
fn checks(context: &Context, window: Option<Window>) -> Vec<Check> {
    let profile = profile(context.profile_folder());
    let first = [Pending::start("Randomness", randomness), Pending::start("Reading", reading)];
    let screen = Pending::start("Screen", cameras::screen);
    let desktop = desktop_checks(window, profile.names);
    let mut checks = vec![program(), profile.check];
    checks.extend(first.into_iter().map(Pending::finish));
    checks.extend(cameras::cameras());
    checks.push(screen.finish());
    checks.extend(desktop.into_iter().map(Pending::finish));
    if window.is_none() {
        checks.push(Check::told("Window", CheckState::Missing, words::without_window()));
    }
    checks
}

/// What the window needs of the desktop.
#[cfg(feature = "gui")]
fn desktop_checks(window: Option<Window>, names: Vec<String>) -> Vec<Pending> {
    let mut pending = Vec::new();
    #[cfg(target_os = "linux")]
    pending.extend([
        Pending::start("Camera portal", portals::camera),
        Pending::start("Screen portal", portals::screenshot),
    ]);
    if let Some(window) = window {
        pending.extend([
            Pending::start("Display", desktop::display),
            Pending::start_within(desktop::GRAPHICS_LIMIT, "Graphics", desktop::graphics),
            Pending::start("Letters", move || desktop::letters(&names, window)),
            Pending::start("Sound", desktop::sound),
        ]);
    }
    pending
}

#[cfg(not(feature = "gui"))]
fn desktop_checks(_window: Option<Window>, _names: Vec<String>) -> Vec<Pending> {
    Vec::new()
}

fn program() -> Check {
    let parts = [
        ("window", cfg!(feature = "gui")),
        ("camera", cfg!(feature = "camera")),
        ("screen", cfg!(feature = "screen")),
        ("sound", cfg!(feature = "sound")),
        ("awake", cfg!(feature = "awake")),
    ];
    let built = |with: bool| {
        let names = parts.iter().filter(|(_, has)| *has == with).map(|(name, _)| *name);
        names.collect::<Vec<_>>().join(", ")
    };
    let without = match built(false) {
        none if none.is_empty() => String::new(),
        parts => format!("; without: {parts}"),
    };
    let what = format!("Keyglance {}, with: {}{without}", env!("CARGO_PKG_VERSION"), built(true));
    Check::works("Program", what)
}

fn randomness() -> Check {
    let mut bytes = [0; 32];
    match getrandom::SysRng.try_fill_bytes(&mut bytes) {
        Ok(()) => Check::works("Randomness", words::RANDOM),
        Err(_) => Check::new("Randomness", CheckState::Broken, words::NOT_RANDOM),
    }
}

/// A code of the size that pairing shows, drawn and read back.
fn reading() -> Check {
    let text: String = ('A'..='Z').cycle().take(200).collect();
    let began = Instant::now();
    let read = Code::new(&text).ok().and_then(|code| qr::render_grayscale(&code, 4).ok());
    let read = read.map(|picture| qr::decode_frame(&picture));
    let ms = began.elapsed().as_secs_f64() * 1000.0;
    if read.is_some_and(|read| matches!(&*read, [one] if one.bytes == text.as_bytes())) {
        Check::works("Reading", words::read_back(ms))
    } else {
        Check::new("Reading", CheckState::Broken, words::NOT_READ_BACK)
    }
}

/// The profile, and the names in it.
struct ProfileCheck {
    check: Check,
    names: Vec<String>,
}

/// Checks the profile without creating one.
fn profile(folder: Result<PathBuf, Failure>) -> ProfileCheck {
    let opened = folder.and_then(|folder| {
        if !folder.exists() {
            return Ok((words::no_profile_yet(&printable_path(&folder)), Vec::new()));
        }
        let profile = Profile::open(&folder)?;
        let (contacts, unread) = profile.contacts()?;
        let warnings: Vec<_> = profile.warnings().iter().chain(&unread).collect();
        let names = contacts.iter().map(|contact| contact.name.to_string()).collect();
        Ok((words::profile(&printable_path(&folder), &warnings), names))
    });
    match opened {
        Ok((what, names)) => ProfileCheck { check: Check::works("Profile", what), names },
        Err(failure) => ProfileCheck {
            check: Check::failed("Profile", CheckState::Broken, &failure),
            names: Vec::new(),
        },
    }
}
