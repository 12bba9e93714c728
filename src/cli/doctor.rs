//! `keyglance doctor`: what works on this computer, and how to fix the rest.

use std::time::{Duration, Instant};

use rand_core::TryRng as _;
use serde_json::{Value, json};

use super::Context;
use super::failure::Failure;
use crate::messages;
#[cfg(feature = "gui")]
use crate::messages::system_packages::Distribution;
#[cfg(feature = "gui")]
use crate::sound::{self, SoundError};
use keyglance_capture::{CameraError, CaptureError, FrameSource, NextFrame};
use keyglance_profile::{Profile, printable, printable_path};
use keyglance_qr::{self as qr, Code};

/// How long a camera or a screen may take for its first frame.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CheckState {
    Works,
    /// Something is missing, but there is another way.
    Missing,
    /// Pairing is impossible without this.
    Broken,
}

impl CheckState {
    const fn word(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Missing => "missing",
            Self::Broken => "broken",
        }
    }
}

/// The result of one check.
struct Check {
    name: String,
    state: CheckState,
    what: String,
    advice: Option<String>,
}

impl Check {
    fn new(name: impl Into<String>, state: CheckState, what: impl Into<String>) -> Self {
        Self { name: name.into(), state, what: what.into(), advice: None }
    }

    fn failed(name: impl Into<String>, state: CheckState, failure: &Failure) -> Self {
        let (what, advice) = failure.said();
        Self { advice: advice.map(str::to_owned), ..Self::new(name, state, what) }
    }

    fn capture(name: impl Into<String>, error: impl Into<CaptureError>) -> Self {
        Self::failed(name, CheckState::Missing, &error.into().into())
    }

    fn line(&self) -> String {
        let mut line = format!("{:<8} {:<12} {}\n", self.state.word(), self.name, self.what);
        if let Some(advice) = &self.advice {
            line.push_str(&format!("{:21} {advice}\n", ""));
        }
        line
    }

    fn json(&self) -> Value {
        json!({
            "name": self.name,
            "state": self.state.word(),
            "what": self.what,
            "advice": self.advice,
        })
    }
}

pub fn run(context: &Context) -> Result<(), Failure> {
    let mut checks = vec![program(), randomness(), reading(), profile(context)];
    checks.extend(cameras());
    checks.extend([screen(), window()]);
    #[cfg(feature = "gui")]
    checks.push(sound());
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
        _ => Err(Failure::error("Something that pairing needs is broken.")),
    }
}

fn program() -> Check {
    let parts = [
        ("window", cfg!(feature = "gui")),
        ("camera", cfg!(feature = "camera")),
        ("screen", cfg!(feature = "screen")),
        ("sound", cfg!(feature = "sound")),
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
    Check::new("Program", CheckState::Works, what)
}

fn randomness() -> Check {
    let mut bytes = [0; 32];
    match getrandom::SysRng.try_fill_bytes(&mut bytes) {
        Ok(()) => Check::new("Randomness", CheckState::Works, "the system gives random bytes"),
        Err(_) => Check::new("Randomness", CheckState::Broken, "the system gives no random bytes"),
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
        let what = format!("a code was drawn and read back in {ms:.1} ms");
        Check::new("Reading", CheckState::Works, what)
    } else {
        Check::new("Reading", CheckState::Broken, "a code was drawn and not read back")
    }
}

/// Checks the profile without creating one.
fn profile(context: &Context) -> Check {
    let opened = context.profile_folder().and_then(|folder| {
        if !folder.exists() {
            let what = format!("none yet; the first pairing makes {}", printable_path(&folder));
            return Ok(Check::new("Profile", CheckState::Works, what));
        }
        let profile = Profile::open(&folder)?;
        let mut what = printable_path(&folder);
        for warning in profile.warnings() {
            what.push_str(&format!("; {}", printable(&warning.to_string())));
        }
        Ok(Check::new("Profile", CheckState::Works, what))
    });
    opened.unwrap_or_else(|failure| Check::failed("Profile", CheckState::Broken, &failure))
}

fn cameras() -> Vec<Check> {
    let cameras = match keyglance_capture::cameras() {
        Ok(cameras) if cameras.is_empty() => {
            return vec![Check::capture("Camera", CameraError::NoCamera)];
        }
        Ok(cameras) => cameras,
        Err(error) => return vec![Check::capture("Camera", error)],
    };
    let check = |camera: &keyglance_capture::CameraInfo| {
        let name = format!("Camera {}", camera.index);
        let kind = super::cameras::kind(camera.kind).map_or(String::new(), |k| format!(" ({k})"));
        let began = Instant::now();
        let seen = keyglance_capture::Camera::open(Some(camera.index))
            .map_err(CaptureError::from)
            .and_then(|mut open| {
                first_frame(&mut open)?;
                Ok(open.info().clone())
            });
        match seen {
            Ok(info) => {
                let rate = info.frames_per_second;
                let rate = rate.map_or(String::new(), |rate| format!(" at {}", rounded(rate)));
                let what = format!(
                    "{}{kind}: {} × {}{rate}, the first picture after {} ms",
                    info.name,
                    info.width,
                    info.height,
                    began.elapsed().as_millis()
                );
                Check::new(name, CheckState::Works, what)
            }
            Err(error) => {
                let check = Check::capture(name, error);
                Check { what: format!("{}{kind}: {}", camera.name, check.what), ..check }
            }
        }
    };
    cameras.iter().map(check).collect()
}

/// Two decimals, for rates such as 29.97.
fn rounded(rate: f64) -> f64 {
    (rate * 100.0).round() / 100.0
}

fn screen() -> Check {
    let began = Instant::now();
    let seen =
        keyglance_capture::Screen::open().map_err(CaptureError::from).and_then(|mut screen| {
            first_frame(&mut screen)?;
            Ok(screen.info().clone())
        });
    match seen {
        Ok(info) => {
            let ms = began.elapsed().as_millis();
            let what = format!("{} × {}, read in {ms} ms", info.width, info.height);
            Check::new("Screen", CheckState::Works, what)
        }
        Err(error) => Check::capture("Screen", error),
    }
}

fn first_frame(source: &mut impl FrameSource) -> Result<(), CaptureError> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let NextFrame::Frame(_) = source.next_frame(Duration::from_millis(100))? {
            return Ok(());
        }
    }
    Err(CameraError::Stalled.into())
}

fn window() -> Check {
    let missing = |what: &str| {
        let check = Check::new("Window", CheckState::Missing, what);
        Check { advice: Some(messages::terminal::WITHOUT_WINDOW.to_owned()), ..check }
    };
    let has = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if !cfg!(feature = "gui") {
        missing("this program was built without the window")
    } else if cfg!(target_os = "linux") && !has("DISPLAY") && !has("WAYLAND_DISPLAY") {
        missing("there is no display to open a window on")
    } else {
        Check::new("Window", CheckState::Works, "there is a display to open it on")
    }
}

#[cfg(feature = "gui")]
fn sound() -> Check {
    let error = match sound::probe() {
        Ok(server) => {
            return Check::new("Sound", CheckState::Works, messages::doctor::sound(&server));
        }
        Err(error) => error,
    };
    let state = match error {
        SoundError::NoAnswer | SoundError::Refused | SoundError::NotUnderstood => {
            CheckState::Broken
        }
        _ => CheckState::Missing,
    };
    let messages::Notification { what, advice } =
        messages::doctor::no_sound(error, Distribution::here());
    Check { advice: Some(advice).filter(|a| !a.is_empty()), ..Check::new("Sound", state, what) }
}
