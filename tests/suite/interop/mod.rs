//! Other programs: what one side's export locks, the other side's export opens, and an
//! export for another purpose or of another key does not. The commands are those that
//! `keyglance export` told, run as they stand.
//!
//! `make interop` runs all of these with everything installed; the quick ones
//! run with the other tests where their program is there.

mod backups;
mod cards;
mod cloud;
mod coverage;
mod disks;
mod files;
mod get;
mod home_automation;
mod namespaces;
mod network;
mod node;
mod passwords;
mod python;
mod radios;
mod syncthing;
mod told;
mod vpn;

use std::ffi::OsStr;
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::program::{Home, paired};

pub use told::Told;

/// What is sent from one side to the other.
const LETTER: &[u8] = b"Dinner at eight, behind the old mill.";

/// Two devices that have paired, a third that has nothing to do with them, and a folder for
/// what the programs write.
pub struct Pair {
    homes: [Home; 2],
    stranger: Home,
    folder: tempfile::TempDir,
}

impl Pair {
    pub fn new() -> Self {
        Self::of(paired())
    }

    pub fn of(homes: [Home; 2]) -> Self {
        let pair = Self { homes, stranger: Home::new(), folder: tempfile::tempdir().unwrap() };
        pair.stranger.write("cy.keyglance", strangers_key());
        pair.stranger.run(["import", "cy.keyglance", "--name", "Cy"]).ended(0);
        std::fs::create_dir(pair.path("bin")).unwrap();
        // Whoever runs the tests is root already, or is not asked to become it.
        pair.stand_in("sudo", "exec \"$@\"");
        pair
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn make_folder(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(&path).unwrap();
        path
    }

    /// A folder with the letter in it.
    pub fn letters(&self) -> &'static str {
        self.make_folder("letters");
        self.write("letters/letter", LETTER);
        "letters"
    }

    /// A script that is found before any program of its name.
    pub fn stand_in(&self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.write(&format!("bin/{name}"), format!("#!/bin/sh\n{script}\n"));
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// What one side seals for the other.
    pub fn seal(&self, side: usize, content: &[u8]) -> Vec<u8> {
        let mut command = self.homes[side].command(["seal", "-", "--for", ["Bo", "Ana"][side]]);
        let mut seal = crate::program::Running::start(&mut command);
        seal.write(content);
        seal.end().ended(0).out
    }

    /// A program that works in our folder, and never longer than two minutes.
    pub fn program(&self, name: &str) -> Command {
        self.program_for(120, name)
    }

    /// The same for a server that stays for a whole test, and no longer than this.
    pub fn program_for(&self, seconds: u32, name: &str) -> Command {
        self.limited_to(seconds, &[name])
    }

    /// The same with its first arguments.
    pub fn limited(&self, words: &[&str]) -> Command {
        self.limited_to(120, words)
    }

    fn limited_to(&self, seconds: u32, words: &[&str]) -> Command {
        let mut command = Command::new("timeout");
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .arg(seconds.to_string())
            .args(words)
            .current_dir(self.folder.path())
            // No program finds or leaves anything in a real home.
            .env("HOME", self.folder.path())
            .env("PATH", format!("{}:{path}", shown(&self.path("bin"))))
            .env("LC_ALL", "C.UTF-8")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn run<S: AsRef<OsStr>>(&self, name: &str, args: &[S], input: &[u8]) -> Output {
        finish(self.program(name).args(args), input)
    }

    /// What it writes; it must succeed.
    pub fn ok<S: AsRef<OsStr>>(&self, name: &str, args: &[S], input: &[u8]) -> Vec<u8> {
        succeeded(name, self.run(name, args, input))
    }

    /// It must fail, by itself and not because it took too long.
    pub fn fails<S: AsRef<OsStr>>(&self, name: &str, args: &[S], input: &[u8]) {
        failed(name, &self.run(name, args, input));
    }
}

/// A key that has nothing to do with any pair's: made once, since a simulated pairing takes
/// its time.
fn strangers_key() -> &'static [u8] {
    static KEY: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    KEY.get_or_init(|| {
        let home = Home::new();
        home.run(["demo", "--seed", "7", "--out", "demo"]).ended(0);
        std::fs::read(home.path("demo/alice.keyglance")).unwrap()
    })
}

/// Runs it to its end. What it writes goes through files: a program that stays behind in
/// the background would keep a pipe open.
pub fn finish(command: &mut Command, input: &[u8]) -> Output {
    let [mut out, mut err] = [(), ()].map(|()| tempfile::tempfile().unwrap());
    command.stdout(out.try_clone().unwrap()).stderr(err.try_clone().unwrap());
    let mut child = command.spawn().unwrap();
    // One that refuses its key may end before it reads.
    let _ = child.stdin.take().unwrap().write_all(input);
    let status = child.wait().unwrap();
    let [stdout, stderr] = [&mut out, &mut err].map(|file| {
        let mut bytes = Vec::new();
        file.rewind().unwrap();
        file.read_to_end(&mut bytes).unwrap();
        bytes
    });
    Output { status, stdout, stderr }
}

pub fn succeeded(name: &str, output: Output) -> Vec<u8> {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{name}: {} {said}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout)
    );
    output.stdout
}

pub fn failed(name: &str, output: &Output) {
    assert!(!output.status.success(), "{name} took a wrong key");
    assert_ne!(output.status.code(), Some(124), "{name} did not end");
    assert_ne!(output.status.code(), Some(127), "{name} was not run at all");
    assert!(!contains(&output.stdout, LETTER), "{name} gave the letter away");
}

pub fn contains(all: &[u8], part: &[u8]) -> bool {
    all.windows(part.len()).any(|window| window == part)
}

pub fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

pub fn shown(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Says that a program passed: `make interop` shows it.
pub fn passed(what: &str) {
    println!("passed: {what}");
}

/// Says that a program of that list passed in another way, which counts no program more.
pub fn passed_again(what: &str) {
    println!("passed: {what}");
}

/// Leaves the test, with a word, where a program is missing.
macro_rules! need {
    ($($program:expr),+) => {
        $(if !keyglance_core::test_util::found($program) {
            return;
        })+
    };
}
pub(crate) use need;
