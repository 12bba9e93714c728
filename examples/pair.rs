//! Two devices pair by the codes that they draw and read; one keeps the key in a
//! file, reads it back, and both derive the same key for an app:
//!
//! ```text
//! cargo run --example pair [-- KEY-FILE]
//! ```
//!
//! Without a file's name the key goes to a temporary one, which is removed.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use keyglance_core::crypto::{IdentityKey, Purpose};
use keyglance_core::jiff::Timestamp;
use keyglance_core::keyfile::KeyFile;
use keyglance_core::pairing::{
    Carousel, CheckEntry, DEFAULT_CODE_CHARACTERS, DisplayName, Event, Pace, Phase, Session,
};
use keyglance_core::rand_core::UnwrapErr;
use keyglance_core::{SysRng, zeroize::Zeroizing};
use keyglance_qr::{Code, decode_image, render_grayscale};

type Failure = Box<dyn Error>;

/// Labels that begin with `app` and your domain are yours: ours never do.
const LABEL: &str = "app org.example.notes";

/// One device: its name, its session, and the codes that its screen shows in turn.
struct Device {
    name: &'static str,
    session: Session<UnwrapErr<SysRng>>,
    screen: Carousel,
}

impl Device {
    fn new(name: &'static str) -> Result<Self, Failure> {
        let mut rng = UnwrapErr(SysRng);
        // A real program makes its identity once, and keeps it.
        let identity = Arc::new(IdentityKey::generate(&mut rng));
        let session = Session::new(identity, DisplayName::new(name)?, rng, Duration::ZERO);
        let screen = screen(&session, Duration::ZERO);
        Ok(Self { name, session, screen })
    }

    /// Its camera sees the other screen.
    fn look(&mut self, now: Duration, other: &str, key_file: Option<&Path>) -> Result<(), Failure> {
        self.screen.tick(now);
        let picture = render_grayscale(&Code::new(other)?, 4)?;
        let reading = decode_image(&picture).into_iter().next().ok_or("no code in the picture")?;
        let text = reading.into_text().ok_or("the code holds no text")?;
        for event in self.session.handle(now, &text) {
            match event {
                Event::ShowCode => {
                    // Stored first: the next code tells the other device that this
                    // one has the key.
                    if let (Some(pairing), Some(path)) = (self.session.pairing(), key_file) {
                        store(path, &KeyFile::from_pairing(pairing, Timestamp::now()))?;
                    }
                    self.screen = screen(&self.session, now);
                    println!(
                        "{} shows its next message. Codes: {}.",
                        self.name,
                        self.screen.count()
                    );
                }
                Event::CheckCode(code) => println!("{} shows {code} to its user.", self.name),
                Event::Finished => println!("{} has finished.", self.name),
                Event::Failed(error) => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Each message of a session is one code where it fits, else several.
fn screen(session: &Session<UnwrapErr<SysRng>>, now: Duration) -> Carousel {
    Carousel::new(session.codes(DEFAULT_CODE_CHARACTERS), Pace::Full, now)
}

fn main() -> Result<(), Failure> {
    let named = std::env::args_os().nth(1).map(PathBuf::from);
    let temporary = std::env::temp_dir().join(format!("pair-{}.keyglance", std::process::id()));
    let path = named.as_ref().unwrap_or(&temporary);

    let (mut ana, mut bo) = (Device::new("Ana's laptop")?, Device::new("Bo's laptop")?);
    let mut now = Duration::ZERO;
    while [&ana, &bo].iter().any(|device| device.session.phase() != Phase::Finished) {
        now += Duration::from_millis(100);
        ana.look(now, bo.screen.code(), Some(path))?;
        bo.look(now, ana.screen.code(), None)?;
    }
    // Each person types what the other screen shows.
    let shown = bo.session.check_code().ok_or("Bo shows no check code")?;
    if ana.session.enter_check_code(&shown.digits()) != Some(CheckEntry::Match) {
        return Err("somebody is in the middle".into());
    }
    // What was stored before the other device confirmed the key is locked.
    let pairing = ana.session.pairing().ok_or("Ana has no pairing")?;
    store(path, &KeyFile::from_pairing(pairing, Timestamp::now()))?;

    let key = KeyFile::from_json(&Zeroizing::new(std::fs::read(path)?))?;
    let ours = key.exporter()?.derive32(LABEL, &Purpose::new("diary")?)?;
    let pairing = bo.session.pairing().ok_or("Bo has no pairing")?;
    let theirs = pairing.exporter()?.derive32(LABEL, &Purpose::new("diary")?)?;
    if ours != theirs {
        return Err("the devices derived different keys".into());
    }
    println!("Both have the key {}; it derives the same for {LABEL:?}.", key.key_id());
    println!("Safety number {}", key.safety_number());
    match named {
        Some(path) => println!("The key is in {}.", path.display()),
        None => std::fs::remove_file(temporary)?,
    }
    Ok(())
}

/// Writes the key file: at no time is it half there, or readable by others.
fn store(path: &Path, key: &KeyFile) -> Result<(), Failure> {
    let new = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(&key.to_json())?;
    file.sync_all()?;
    Ok(std::fs::rename(new, path)?)
}
