//! Passphrases: from a prompt or a file, never from arguments or the environment.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use zeroize::Zeroizing;

use super::failure::Failure;
#[cfg(unix)]
use super::hidden_prompt::ask_hidden;
use super::input;
use super::output;
use crate::messages;
use keyglance_core::keyfile::{
    MAX_PASSPHRASE_FILE, Passphrase, PassphraseError, passphrase_memory,
};

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

/// Says beforehand that opening a passphrase file takes more memory than most.
pub fn note_cost(sealed: &[u8]) {
    const USUAL: u64 = 512 * 1024 * 1024;
    if let Some(memory) = passphrase_memory(sealed).filter(|memory| *memory > USUAL) {
        let megabytes = memory / (1024 * 1024);
        output::to_standard_error(&format!(
            "Opening it takes {megabytes} MiB of memory, and a while.\n"
        ));
    }
}

fn prompt(question: &str) -> Result<Passphrase, Failure> {
    if !output::can_ask() {
        return Err(Failure::usage("a passphrase is needed, and there is no terminal to ask on")
            .advise("Name a file that holds it: see --help."));
    }
    let text = ask_hidden(question).map_err(|error| match error.kind() {
        // A terminal takes no longer line.
        ErrorKind::InvalidData => PassphraseError::TooLong.into(),
        ErrorKind::UnexpectedEof => Failure::from(PassphraseError::Empty),
        kind => Failure::error(messages::file_error("the passphrase", kind, false)),
    })?;
    Ok(Passphrase::new(text)?)
}

#[cfg(not(unix))]
fn ask_hidden(question: &str) -> std::io::Result<Zeroizing<String>> {
    rpassword::prompt_password(question).map(Zeroizing::new)
}

fn from_file(path: &Path) -> Result<Passphrase, Failure> {
    let shown = input::name(path);
    let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
    File::open(path)
        .and_then(|file| file.take(MAX_PASSPHRASE_FILE as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| Failure::error(messages::file_error(&shown, error.kind(), false)))?;
    Passphrase::from_file(&bytes).map_err(|error| Failure::from(error).about(&shown.to_string()))
}
