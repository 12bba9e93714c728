//! Passphrases: from a prompt or a file, never from arguments or the environment.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use getrandom::SysRng;
use rand_core::UnwrapErr;
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
use keyglance_profile::{Strength, six_words};

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
        let passphrase = from_file(file)?;
        if first_line(file).is_some_and(|line| Strength::of(&line) == Strength::Weak) {
            output::to_standard_error(&format!("Note: {}\n", messages::WEAK_PASSPHRASE));
        }
        return Ok(passphrase);
    }
    let mut typed = ask(&format!("New passphrase for {what} (Enter for one of six words): "))?;
    // Who insists on a weak one types it again, as every other is typed again.
    while !typed.is_empty() && Strength::of(&typed) == Strength::Weak {
        output::to_standard_error(&format!("{}\n", messages::WEAK_PASSPHRASE));
        let again = ask("The same again to use it, another, or Enter for one of six words: ")?;
        if *again == *typed {
            return Ok(Passphrase::new(typed)?);
        }
        typed = again;
    }
    if typed.is_empty() {
        let made = six_words(&mut UnwrapErr(SysRng));
        let told = Zeroizing::new(format!(
            "The passphrase of {what} is:\n  {}\n{}\n",
            *made,
            messages::WRITE_IT_DOWN
        ));
        output::to_standard_error(&told);
        return Ok(Passphrase::new(made)?);
    }
    let first = Passphrase::new(typed)?;
    if first.matches(&prompt("The same again: ")?) {
        Ok(first)
    } else {
        Err(Failure::error("The two passphrases differ.").advise("Nothing was written. Try again."))
    }
}

/// The first line of a passphrase's file that can be read once more: not of a pipe.
fn first_line(path: &Path) -> Option<Zeroizing<String>> {
    let is_file = std::fs::metadata(path).is_ok_and(|of| of.is_file());
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_PASSPHRASE_FILE + 1));
    let file = is_file.then(|| File::open(path).ok())??;
    file.take(MAX_PASSPHRASE_FILE as u64 + 1).read_to_end(&mut bytes).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    Some(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
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
    Ok(Passphrase::new(ask(question)?)?)
}

/// What is typed, unseen.
fn ask(question: &str) -> Result<Zeroizing<String>, Failure> {
    if !output::can_ask() {
        return Err(Failure::usage("A passphrase is needed, and there is no terminal to ask on.")
            .advise("Name a file that holds it: see --help."));
    }
    ask_hidden(question).map_err(|error| match error.kind() {
        // A terminal takes no longer line.
        ErrorKind::InvalidData => PassphraseError::TooLong.into(),
        ErrorKind::UnexpectedEof => Failure::from(PassphraseError::Empty),
        _ => Failure::error("The passphrase could not be read."),
    })
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
        .map_err(|error| input::unreadable(path, &error))?;
    Passphrase::from_file(&bytes).map_err(|error| Failure::from(error).about(&shown.to_string()))
}
