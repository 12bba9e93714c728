//! `keyglance FILE…`: what a file is for.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::args::{ImportArgs, OpenArgs};
use super::failure::Failure;
use super::{Context, help, import, input, inspect, seal};
use keyglance_capture::{PictureFileError, read_picture};
use keyglance_core::keyfile::{is_age_file, passphrase_memory};
use keyglance_core::text::is_near;
use keyglance_profile::named_file;
use keyglance_qr::PictureError;

/// Enough of a file to tell what it is.
const HEAD: u64 = 64 * 1024;

/// Does with each file what it is for; the first failure ends it.
pub fn open_all(context: &Context, files: &[PathBuf]) -> Result<(), Failure> {
    for file in files {
        open(context, &named_file(file))?;
    }
    Ok(())
}

fn open(context: &Context, path: &Path) -> Result<(), Failure> {
    let name = input::name(path);
    let mut head = Zeroizing::new(Vec::with_capacity(HEAD as usize));
    let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    if let Err(error) = read {
        return Err(match no_command(path) {
            Some(failure) if error.kind() == std::io::ErrorKind::NotFound => failure,
            _ => input::unreadable(path, &error),
        });
    }
    if is_age_file(&head) && passphrase_memory(&head).is_none() {
        let files = vec![path.to_owned()];
        return seal::open(context, &OpenArgs { files, purpose: String::new(), out: None });
    }
    if is_age_file(&head) || head.trim_ascii_start().starts_with(b"{") {
        let file = path.to_owned();
        return import::run(context, &ImportArgs { file, name: None, passphrase_file: None });
    }
    let unknown = matches!(
        read_picture(path),
        Err(PictureFileError::Picture {
            error: PictureError::NotAPicture | PictureError::Empty,
            ..
        })
    );
    if unknown {
        return Err(Failure::error(format!("{name} is nothing that Keyglance opens."))
            .advise("It opens key files, sealed files and pictures of codes."));
    }
    inspect::picture(context, path)
}

/// A word that is no file was meant as a command.
fn no_command(path: &Path) -> Option<Failure> {
    let word = path.to_str().filter(|word| word.chars().all(|c| c.is_ascii_alphabetic()))?;
    let command = help::command();
    let near = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(clap::Command::get_name)
        .find(|name| is_near(word, name));
    let failure = Failure::usage(format!("No command and no file called “{word}”."));
    Some(match near {
        Some(near) => failure.advise(format!("Close: keyglance {near}")),
        None => failure.advise("keyglance --help"),
    })
}
