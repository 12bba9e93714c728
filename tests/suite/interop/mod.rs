//! Other programs: what one side's export locks, the other side's export opens,
//! and an export for another purpose does not.
//!
//! `make interop` runs all of these with everything installed; the quick ones
//! run with the other tests where their program is there.

mod cloud;
mod files;
mod get;
mod namespaces;
mod network;
mod node;
mod python;

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::program::{Home, paired};

/// What is sent from one side to the other.
const LETTER: &[u8] = b"Dinner at eight, behind the old mill.";

/// Two devices that have paired, and a folder for what the programs write.
pub struct Pair {
    homes: [Home; 2],
    folder: tempfile::TempDir,
}

/// The same target's file from one side, from the other, and for another purpose.
pub struct Files {
    pub ana: PathBuf,
    pub bo: PathBuf,
    pub wrong: PathBuf,
}

impl Pair {
    pub fn new() -> Self {
        Self { homes: paired(), folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn files(&self, target: &str) -> Files {
        self.files_with(target, [&[], &[]])
    }

    /// With further arguments for each side.
    pub fn files_with(&self, target: &str, more: [&[&str]; 2]) -> Files {
        Files {
            ana: self.export(0, target, more[0]),
            bo: self.export(1, target, more[1]),
            wrong: self.export(1, target, &[more[1], &["--purpose", "wrong"]].concat()),
        }
    }

    pub fn export(&self, side: usize, target: &str, more: &[&str]) -> PathBuf {
        let name = format!("{side}-{target}-{}", more.contains(&"--purpose"));
        let path = self.path(&name);
        let args = ["export", ["Bo", "Ana"][side], "--for", target, "--plain", "--out"];
        let mut command = self.homes[side].command(args);
        command.arg(&path).args(more);
        let run = crate::program::Running::start(&mut command).end().ended(0);
        assert!(run.text().contains("How to use it"), "{run:?}");
        path
    }

    /// What one side seals for the other.
    pub fn seal(&self, side: usize, content: &[u8]) -> Vec<u8> {
        let mut command = self.homes[side].command(["seal", "-", "--for", ["Bo", "Ana"][side]]);
        let mut seal = crate::program::Running::start(&mut command);
        seal.write(content);
        seal.end().ended(0).out
    }

    /// A program that works in our folder, and never longer than a minute.
    pub fn program(&self, name: &str) -> Command {
        self.program_for(60, name)
    }

    /// The same for a server that stays for a whole test, and no longer than this.
    pub fn program_for(&self, seconds: u32, name: &str) -> Command {
        let mut command = Command::new("timeout");
        command
            .args([&seconds.to_string(), name])
            .current_dir(self.folder.path())
            // No program finds or leaves anything in a real home.
            .env("HOME", self.folder.path())
            .env("LC_ALL", "C")
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

pub fn finish(command: &mut Command, input: &[u8]) -> Output {
    let mut child = command.spawn().unwrap();
    // One that refuses its key may end before it reads.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
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

/// Leaves the test, with a word, where a program is missing.
macro_rules! need {
    ($($program:expr),+) => {
        $(if !keyglance_core::test_util::found($program) {
            return;
        })+
    };
}
pub(crate) use need;
