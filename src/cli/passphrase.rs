//! Passphrases: from a prompt or a file, never from arguments or the environment.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use zeroize::Zeroizing;

use super::failure::Failure;
use super::{input, output};
use keyglance_core::keyfile::Passphrase;

/// Only this many bytes of a passphrase file are read.
const MAX: u64 = 64 * 1024;

/// The passphrase that opens `what`, from `file` or from a prompt.
pub fn existing(file: Option<&Path>, what: &str) -> Result<Passphrase, Failure> {
    match file {
        Some(file) => from_file(file),
        None => prompt(&format!("Passphrase of {what}: ")),
    }
}

/// A passphrase to protect `what` with, from `file` or from two prompts.
pub fn new(file: Option<&Path>, what: &str) -> Result<Passphrase, Failure> {
    if let Some(file) = file {
        return from_file(file);
    }
    let first = prompt(&format!("New passphrase for {what}: "))?;
    let second = prompt("The same again: ")?;
    if first.matches(&second) {
        Ok(first)
    } else {
        Err(Failure::error("the two passphrases differ").advise("Nothing was written. Try again."))
    }
}

fn prompt(question: &str) -> Result<Passphrase, Failure> {
    if !output::can_ask() {
        return Err(Failure::usage("a passphrase is needed, and there is no terminal to ask on")
            .advise("Name a file that holds it: see --help."));
    }
    let text = rpassword::prompt_password(question).map_err(|error| {
        Failure::error(format!("the passphrase could not be read: {}", error.kind()))
    })?;
    Ok(Passphrase::new(Zeroizing::new(text))?)
}

fn from_file(path: &Path) -> Result<Passphrase, Failure> {
    let failed = |kind| Failure::error(format!("{} could not be read: {kind}", input::name(path)));
    let mut text = Zeroizing::new(String::with_capacity(4096));
    File::open(path)
        .and_then(|file| file.take(MAX).read_to_string(&mut text))
        .map_err(|error| failed(error.kind()))?;
    let first = text.lines().next().unwrap_or_default();
    Ok(Passphrase::new(Zeroizing::new(first.to_owned()))?)
}
