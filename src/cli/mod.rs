//! The command line.

mod args;
mod cameras;
mod code;
mod compare;
mod contacts;
mod demo;
mod doctor;
mod export;
mod failure;
mod fingerprint;
mod identity;
mod import;
mod keys;
mod output;
mod pair;
mod passphrase;
mod scan;
mod seal;
mod show;
mod source;
#[cfg(unix)]
mod terminal;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use args::{Args, Command, WindowArgs};
use failure::Failure;
use output::Output;

use crate::{hardening, messages};
use keyglance_profile::Profile;

/// How to open the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowRequest {
    /// The profile folder.
    pub profile: PathBuf,
    /// A picture file to use as a camera.
    pub watch: Option<PathBuf>,
    /// Use what is on the screen as a camera.
    pub screen: bool,
    /// Show our code in this file too.
    pub show: Option<PathBuf>,
}

/// Opens the window and returns when it is closed, or the reason why it cannot open.
pub type OpenWindow = fn(WindowRequest) -> Result<(), String>;

/// Runs the command in the process's arguments. The faces do not know each other,
/// so the program hands in the window, if it was built with one.
#[must_use]
pub fn run(window: Option<OpenWindow>) -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            // If standard output or error is closed, there is nobody to tell.
            let _ = error.print();
            return ExitCode::from(if help { failure::DONE } else { failure::USAGE });
        }
    };
    let opens_window = match &args.command {
        None => !args.json && window.is_some(),
        Some(command) => matches!(command, Command::Window(_)),
    };
    hardening::harden(!opens_window);
    output::log(args.verbose);
    let context = Context { output: Output::new(args.json), profile: args.profile };
    let result = match args.command {
        None if args.json || window.is_none() => welcome(&context),
        None => open_window(&context, &WindowArgs::default(), window),
        Some(Command::Window(args)) => open_window(&context, &args, window),
        Some(Command::Demo(args)) => demo::run(&context, &args),
        Some(Command::Pair(args)) => pair::run(&context, args),
        Some(Command::Compare(args)) => compare::run(&context, &args),
        Some(Command::Fingerprint(args)) => fingerprint::run(&context, &args),
        Some(Command::Seal(args)) => seal::seal(&context, &args),
        Some(Command::Open(args)) => seal::open(&context, &args),
        Some(Command::Export(args)) => export::run(&context, &args),
        Some(Command::Code(args)) => code::run(&context, &args),
        Some(Command::Import(args)) => import::run(&context, &args),
        Some(Command::Identity(args)) => identity::run(&context, &args),
        Some(Command::Keys(args)) => keys::run(&context, args.command),
        Some(Command::Contacts(args)) => contacts::run(&context, args.command),
        Some(Command::Scan(args)) => scan::run(&context, &args),
        Some(Command::Cameras) => cameras::run(&context),
        Some(Command::Doctor) => doctor::run(&context),
    };
    match result {
        Ok(()) => ExitCode::from(failure::DONE),
        Err(failure) => failure.report(),
    }
}

fn welcome(context: &Context) -> Result<(), Failure> {
    context.output.result(
        || messages::terminal::WELCOME.to_owned(),
        &serde_json::json!({ "name": "keyglance", "version": env!("CARGO_PKG_VERSION") }),
    )
}

fn open_window(
    context: &Context,
    args: &WindowArgs,
    window: Option<OpenWindow>,
) -> Result<(), Failure> {
    let Some(window) = window else {
        return Err(Failure::error("this program was built without the window")
            .advise(messages::terminal::WITHOUT_WINDOW));
    };
    let WindowArgs { watch, screen, show } = args.clone();
    let options = WindowRequest { profile: context.profile_folder()?, watch, screen, show };
    window(options).map_err(|what| Failure::error(what).advise(messages::terminal::WITHOUT_WINDOW))
}

/// What every command gets.
struct Context {
    output: Output,
    profile: Option<PathBuf>,
}

impl Context {
    fn profile_folder(&self) -> Result<PathBuf, Failure> {
        let environment = std::env::var_os("KEYGLANCE_PROFILE").map(PathBuf::from);
        Ok(Profile::locate(self.profile.clone(), environment)?)
    }

    fn open_profile(&self) -> Result<Profile, Failure> {
        let profile = Profile::open(&self.profile_folder()?)?;
        self.output.warn_all(profile.warnings());
        Ok(profile)
    }
}
