//! What only the window needs: a display, something that draws, letters, sound, and the
//! desktop's portals.

use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::check::{Check, CheckState};
use crate::cli::failure::Failure;
use crate::cli::{Context, window::Window};
use crate::display::{self, Graphics};
use crate::messages::doctor as words;
use crate::messages::system_packages::Distribution;
use crate::messages::{self, Notification};
use crate::sound::{self, SoundError};

/// How long the trial of the graphics may take. It starts a program, whose driver may
/// compile what it runs.
pub const GRAPHICS_LIMIT: Duration = Duration::from_secs(10);

/// The display that the window opens on.
pub fn display() -> Check {
    match display::choose(None) {
        Ok(server) => Check::works("Display", words::display(&display::describe(server))),
        Err(error) => {
            Check::told("Display", CheckState::Missing, messages::terminal::explain(&error))
        }
    }
}

/// Draws as the window would, in a process of its own: a driver may end it.
pub fn graphics() -> Check {
    if display::choose(None).is_err() {
        return Check::new("Graphics", CheckState::Missing, words::NOT_TRIED);
    }
    let broken = |said| Check::told("Graphics", CheckState::Broken, said);
    let distribution = Distribution::here();
    let Ok(program) = std::env::current_exe() else {
        return broken(words::no_trial());
    };
    let started = Command::new(program)
        .args(["--json", "doctor", "--probe", "graphics"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = started else { return broken(words::no_trial()) };
    let (sender, output) = channel();
    if let Some(mut out) = child.stdout.take() {
        thread::spawn(move || {
            let mut text = String::new();
            let read = std::io::Read::read_to_string(&mut out, &mut text);
            // Nobody waits any more once its time is over.
            let _ = sender.send(read.map(|_| text));
        });
    }
    let said = output.recv_timeout(GRAPHICS_LIMIT.saturating_sub(Duration::from_millis(500)));
    // One that is still running hangs.
    let hung = said.is_err();
    if hung {
        let _ = child.kill();
    }
    let ended = child.wait();
    if hung {
        return broken(words::driver_hangs(distribution));
    }
    let text = said.ok().and_then(Result::ok).unwrap_or_default();
    let answer: Value = serde_json::from_str(text.trim()).unwrap_or_default();
    if let Some(graphics) = graphics_of(&answer) {
        return Check::works("Graphics", words::graphics(&graphics));
    }
    let text = |pointer: &str| answer.pointer(pointer).and_then(Value::as_str);
    match text("/error/message") {
        Some(what) => {
            let said = Notification::new(what, text("/error/next").unwrap_or_default());
            Check::told("Graphics", CheckState::Missing, said)
        }
        None => {
            tracing::info!("the trial of the graphics ended with {ended:?}");
            broken(words::driver_crashes(distribution))
        }
    }
}

/// The trial itself.
pub fn probe_graphics(context: &Context, window: Window) -> Result<(), Failure> {
    let Graphics { version, renderer, vendor } = (window.graphics)()
        .map_err(|said| Failure::error(said.what).of_kind("no_graphics").advise(said.advice))?;
    let answer = json!({ "version": version, "renderer": renderer, "vendor": vendor });
    context.output.result(|| format!("{version}\n{renderer}\n{vendor}\n"), &answer)
}

fn graphics_of(answer: &Value) -> Option<Graphics> {
    let text = |name: &str| Some(answer.get(name)?.as_str()?.to_owned());
    let (version, renderer) = (text("version")?, text("renderer")?);
    Some(Graphics { version, renderer, vendor: text("vendor")? })
}

/// Whether the names in the profile can be read on the screen.
pub fn letters(names: &[String], window: Window) -> Check {
    let unseen = (window.unseen)(names);
    if unseen.is_empty() {
        Check::works("Letters", words::letters(names.len()))
    } else {
        let said = words::unseen(&unseen, names.len(), Distribution::here());
        Check::told("Letters", CheckState::Missing, said)
    }
}

/// Lets the sound server play a moment of silence.
pub fn sound() -> Check {
    let error = match sound::probe() {
        Ok(server) => return Check::works("Sound", words::sound(&server)),
        Err(error) => error,
    };
    let state = match error {
        SoundError::NoAnswer | SoundError::Refused | SoundError::NotUnderstood => {
            CheckState::Broken
        }
        _ => CheckState::Missing,
    };
    Check::told("Sound", state, words::no_sound(error, Distribution::here()))
}
