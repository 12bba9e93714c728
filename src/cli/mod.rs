//! The command line.

mod args;
mod cameras;
mod contacts;
mod demo;
mod export;
mod failure;
mod identity;
mod keys;
mod output;
mod pair;
mod passphrase;
mod scan;
mod sentences;
mod show;
mod source;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use args::{Args, Command};
use failure::Failure;
use output::Output;

use crate::store::Profile;

/// Runs the command that the process's arguments name.
#[must_use]
pub fn run() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            // A closed standard output or error leaves nobody to tell.
            let _ = error.print();
            return ExitCode::from(if help { failure::DONE } else { failure::USAGE });
        }
    };
    output::log(args.verbose);
    let context = Context { output: Output::new(args.json), profile: args.profile };
    let result = match args.command {
        None => context.output.result(
            || sentences::WELCOME.to_owned(),
            &serde_json::json!({ "name": "keyglance", "version": env!("CARGO_PKG_VERSION") }),
        ),
        Some(Command::Demo(args)) => demo::run(&context, &args),
        Some(Command::Pair(args)) => pair::run(&context, args),
        Some(Command::Export(args)) => export::run(&context, &args),
        Some(Command::Identity(args)) => identity::run(&context, &args),
        Some(Command::Keys(args)) => keys::run(&context, args.command),
        Some(Command::Contacts(args)) => contacts::run(&context, args.command),
        Some(Command::Scan(args)) => scan::run(&context, &args),
        Some(Command::Cameras) => cameras::run(&context),
    };
    match result {
        Ok(()) => ExitCode::from(failure::DONE),
        Err(failure) => failure.report(),
    }
}

/// What every command is given.
struct Context {
    output: Output,
    profile: Option<PathBuf>,
}

impl Context {
    fn open_profile(&self) -> Result<Profile, Failure> {
        let environment = std::env::var_os("KEYGLANCE_PROFILE").map(PathBuf::from);
        let folder = Profile::locate(self.profile.clone(), environment)?;
        let profile = Profile::open(&folder)?;
        self.output.warn_all(profile.warnings());
        Ok(profile)
    }
}
