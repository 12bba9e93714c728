//! The command line.

mod alternate_screen;
mod args;
mod backup;
mod cameras;
mod card;
mod challenge;
mod check_code_page;
mod code;
mod code_size;
mod compare;
mod contacts;
mod demo;
mod doctor;
#[cfg(test)]
mod documents;
mod export;
mod failure;
mod farewell;
mod file;
mod fingerprint;
mod get;
mod guide;
mod help;
#[cfg(unix)]
mod hidden_prompt;
mod identity;
mod import;
mod input;
mod inspect;
mod keys;
mod manual;
mod output;
mod page;
mod pair;
mod pairing_screen;
mod pairing_view;
mod paper;
mod passphrase;
mod phone;
mod scan;
mod seal;
mod show;
mod source;
mod terminal;
mod terminal_mode;
mod window;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, FromArgMatches as _};

use args::{Args, Command, ContactsCommand, DeviceAct, KeysCommand, WindowArgs};
use failure::Failure;
use output::Output;

use crate::{hardening, messages};
use keyglance_capture::finish_screen_pictures;
use keyglance_core::crypto::PublicKey;
use keyglance_profile::Profile;

#[cfg(feature = "gui")]
pub use args::Backend;
pub use window::Window;
#[cfg(feature = "gui")]
pub use window::{NoWindow, WindowRequest};

/// Runs the command in the process's arguments. The faces do not know each other,
/// so the program hands in the window, if it was built with one.
#[must_use]
pub fn run(window: Option<Window>) -> ExitCode {
    let args = match parse() {
        Ok(args) => args,
        Err(error) => {
            let help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            usage_error(&error, help);
            if !help && std::env::args_os().any(|arg| arg == "--json") {
                let said = error.render().to_string();
                let what = said.lines().next().unwrap_or_default();
                let what = what.strip_prefix("error: ").unwrap_or(what);
                // What asks for a key takes whatever comes on standard output for one.
                let aside = std::env::args_os().any(|arg| arg == "get");
                Failure::usage(what).report_json(Output { json: true, aside });
            }
            return ExitCode::from(if help { failure::DONE } else { failure::USAGE });
        }
    };
    // A window where somebody sits before one, for what a desktop opens in windows.
    let window = window.filter(|window| match &args.command {
        None if args.files.is_empty() => !args.json,
        None => !args.json && output::on_terminal() && (window.has_display)(),
        // Whoever asks the desktop for something has to be looked up by it.
        Some(command) => matches!(command, Command::Window(_) | Command::Doctor(_)),
    });
    hardening::harden(window.is_none());
    output::log(args.verbose);
    let mut context =
        Context { output: Output::new(args.json), profile: args.profile, verbose: args.verbose };
    let result = match (args.command, window) {
        (None, Some(window)) if args.files.is_empty() => {
            window::open(&context, WindowArgs::default(), Some(window))
        }
        (None, Some(window)) => window::open_files(&context, &args.files, window),
        (None, None) if args.files.is_empty() => welcome(&context),
        (None, None) => file::open_all(&context, &args.files),
        (Some(Command::Window(args)), window) => window::open(&context, args, window),
        (Some(Command::Doctor(args)), window) => doctor::run(&context, &args, window),
        (Some(command), _) => run_command(&mut context, command),
    };
    finish_screen_pictures(LAST_PICTURE);
    match result {
        Ok(()) => ExitCode::from(failure::DONE),
        Err(failure) => failure.report(context.output),
    }
}

/// How long a picture of the screen that is being taken may keep the program from ending.
const LAST_PICTURE: Duration = Duration::from_secs(2);

fn run_command(context: &mut Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Window(args) => window::open(context, args, None),
        Command::Demo(args) => demo::run(context, &args),
        Command::Pair(args) => pair::run(context, args),
        Command::Compare(args) => compare::run(context, &args),
        Command::Fingerprint(args) => fingerprint::run(context, &args),
        Command::Seal(args) => seal::seal(context, &args),
        Command::Open(args) => seal::open(context, &args),
        Command::Export(args) => export::run(context, &args),
        Command::Get(args) => {
            context.output.aside = true;
            get::run(context, &args)
        }
        Command::Code(args) => code::run(context, &args),
        Command::Card(args) => card::run(context, &args),
        Command::Import(args) => import::run(context, &args),
        Command::Backup(args) => backup::back_up(context, &args),
        Command::Restore(args) => backup::restore(context, &args),
        Command::Identity(args) => identity::run(context, &args),
        Command::Device(args) => match args.act() {
            DeviceAct::Identity(args) => identity::run(context, &args),
            DeviceAct::Backup(args) => backup::back_up(context, &args),
            DeviceAct::Restore(args) => backup::restore(context, &args),
        },
        Command::Paper(args) => paper::run(context, args),
        Command::Keys(args) => keys::run(context, args.command.unwrap_or(KeysCommand::List)),
        Command::Contacts(args) => {
            contacts::run(context, args.command.unwrap_or(ContactsCommand::List))
        }
        Command::Phone(args) => phone::run(context, args),
        Command::Challenge(args) => challenge::run(context, &args),
        Command::Inspect(args) => inspect::run(context, &args),
        Command::Scan(args) => scan::run(context, &args),
        Command::Cameras(args) => cameras::run(context, &args),
        Command::Doctor(args) => doctor::run(context, &args, None),
        Command::Completions(args) => manual::completions(context, args.shell),
        Command::Man(args) => manual::pages(context, args.out.as_deref()),
    }
}

/// The process's arguments. An option that is given empty is a mistake: a script whose
/// variable is not set does not mean the default.
fn parse() -> Result<Args, clap::Error> {
    let mut command = help::command();
    let args = std::env::args_os().scan(true, |options, arg| {
        *options &= arg != "--";
        Some(if *options { no_option(arg) } else { arg })
    });
    let matches = command.try_get_matches_from_mut(args)?;
    if let Some(option) = empty_option(&command, &matches) {
        let what = format!("{option} is given empty; leave it away for its default");
        return Err(command.error(ErrorKind::InvalidValue, what));
    }
    Args::from_arg_matches(&matches)
}

/// One public key in 64 begins with a hyphen in base64url, which the JSON gives: it is a
/// key, and no option.
fn no_option(arg: OsString) -> OsString {
    let key = arg.to_str().filter(|text| text.starts_with('-')).and_then(PublicKey::from_base64url);
    key.map_or(arg, |key| key.to_string().into())
}

fn empty_option(command: &clap::Command, matches: &ArgMatches) -> Option<String> {
    let is_empty = |id: &str| {
        let given = matches.try_get_raw(id).ok().flatten();
        matches.value_source(id) == Some(ValueSource::CommandLine)
            && given.is_some_and(|mut texts| texts.any(std::ffi::OsStr::is_empty))
    };
    let mut options = command.get_arguments().filter(|arg| !arg.is_positional());
    let own = options.find(|arg| is_empty(arg.get_id().as_str()));
    let below = || {
        let (name, matches) = matches.subcommand()?;
        empty_option(command.find_subcommand(name)?, matches)
    };
    own.and_then(|arg| arg.get_long()).map(|name| format!("--{name}")).or_else(below)
}

/// Help in clap's own colours, unless the terminal has not got the letters, or an argument
/// (which a `*` of the shell may have put there) would act on the terminal.
fn usage_error(error: &clap::Error, help: bool) {
    let text = error.render().to_string();
    // The rendered text has lost escapes of arguments together with clap's own.
    let harmless = |arg: &str| arg == terminal::shown(arg, true);
    let acts = std::env::args_os().any(|arg| !arg.to_str().is_some_and(harmless));
    if help && (text.is_ascii() || terminal::takes_unicode())
        || !acts && text == terminal::shown(&text, true)
    {
        // If standard output or error is closed, there is nobody to tell.
        let _ = error.print();
    } else if help {
        let _ = Output::new(false).text(&text);
    } else {
        output::to_standard_error(&text);
    }
}

fn welcome(context: &Context) -> Result<(), Failure> {
    context.output.result(
        || messages::terminal::WELCOME.to_owned(),
        &serde_json::json!({ "name": "keyglance", "version": env!("CARGO_PKG_VERSION") }),
    )
}

/// What every command gets.
struct Context {
    output: Output,
    profile: Option<PathBuf>,
    /// How much is logged.
    verbose: u8,
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
