//! `keyglance window`: the window, and what it opens.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::args::{Backend, WindowArgs};
use super::failure::Failure;
use super::{Context, file, input};
use crate::hardening;
use crate::messages::{self, Notification};
use keyglance_profile::{named_file, shell_path};

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
    /// Begin with pairing.
    pub pair: bool,
    /// Open these, by absolute paths.
    pub files: Vec<PathBuf>,
    /// On this display server and no other.
    pub backend: Option<Backend>,
    /// The arguments that say the same, on X11.
    pub on_x11: Vec<OsString>,
}

/// The window, if the program was built with it.
#[derive(Clone, Copy)]
pub struct Window {
    /// Opens it and returns when it is closed, or why there is none.
    pub open: fn(WindowRequest) -> Result<(), NoWindow>,
    /// Whether it could be opened, as far as that can be told before.
    pub has_display: fn() -> bool,
    /// What would draw it, or why nothing can. Once in a process.
    #[cfg(feature = "gui")]
    pub graphics: fn() -> Result<crate::display::Graphics, Notification>,
    /// Those of some names that have letters which it cannot show.
    #[cfg(feature = "gui")]
    pub unseen: fn(&[String]) -> Vec<String>,
}

/// Why there is no window, or none any more.
#[derive(Clone, Debug)]
pub struct NoWindow {
    pub notification: Notification,
    /// It was open, and ended by itself.
    pub was_open: bool,
}

/// Opens files in the window, or here where none can be opened.
pub fn open_files(context: &Context, files: &[PathBuf], window: Window) -> Result<(), Failure> {
    let args = WindowArgs { files: files.to_vec(), ..WindowArgs::default() };
    match try_open(context, args, window)? {
        Err(NoWindow { was_open: false, .. }) => {
            hardening::harden(true);
            file::open_all(context, files)
        }
        Err(NoWindow { notification, .. }) => Err(failure(notification, &[])),
        Ok(()) => Ok(()),
    }
}

/// Opens the window.
pub fn open(context: &Context, args: WindowArgs, window: Option<Window>) -> Result<(), Failure> {
    let Some(window) = window else {
        let advice = without_window(&args.files, messages::WITHOUT_WINDOW);
        return Err(Failure::error("This program was built without the window.").advise(advice));
    };
    let files = args.files.clone();
    try_open(context, args, window)?.map_err(|no| failure(no.notification, &files))
}

fn failure(Notification { what, advice }: Notification, files: &[PathBuf]) -> Failure {
    Failure::error(what).of_kind("no_window").advise(without_window(files, &advice))
}

fn try_open(
    context: &Context,
    args: WindowArgs,
    window: Window,
) -> Result<Result<(), NoWindow>, Failure> {
    let files = args.files.iter().map(|path| whole(path)).collect::<Result<Vec<_>, _>>()?;
    let profile = context.profile_folder()?;
    let args = WindowArgs { files, ..args };
    let on_x11 = on_x11(&profile, context.verbose, &args);
    let WindowArgs { watch, screen, show, pair, files, backend } = args;
    let request = WindowRequest { profile, watch, screen, show, pair, files, backend, on_x11 };
    Ok((window.open)(request))
}

/// A file that is there, by its absolute path: a window that is open already has another
/// working folder.
fn whole(argument: &Path) -> Result<PathBuf, Failure> {
    let path = named_file(argument);
    match std::fs::metadata(&path) {
        Ok(about) if about.is_dir() => {
            Err(input::unreadable(&path, &std::io::ErrorKind::IsADirectory.into()))
        }
        Ok(_) => Ok(std::path::absolute(&path).unwrap_or(path)),
        Err(error) => Err(input::unreadable(&path, &error)),
    }
}

/// What to do without it; the terminal opens files too.
fn without_window(files: &[PathBuf], advice: &str) -> String {
    if files.is_empty() {
        return advice.to_owned();
    }
    let files = files.iter().map(|path| shell_path(path)).collect::<Vec<_>>().join(" ");
    let here = messages::terminal::open_in_terminal(&files);
    let rest = advice.replace(messages::WITHOUT_WINDOW, "");
    format!("{}\n{here}", rest.trim_end()).trim_start().to_owned()
}

/// The arguments of the same window on X11, for when the other display fails.
fn on_x11(profile: &Path, verbose: u8, args: &WindowArgs) -> Vec<OsString> {
    let WindowArgs { watch, screen, show, pair, files, backend: _ } = args;
    let mut arguments: Vec<OsString> = vec!["--profile".into(), profile.into()];
    arguments.extend((0..verbose).map(|_| "-v".into()));
    arguments.extend(["window", "--backend", "x11"].map(OsString::from));
    for (option, file) in [("--watch=", watch), ("--show=", show)] {
        let with = |file: &PathBuf| [option.as_ref(), file.as_os_str()].into_iter().collect();
        arguments.extend(file.as_ref().map(with));
    }
    for (option, on) in [("--screen", screen), ("--pair", pair)] {
        arguments.extend(on.then(|| option.into()));
    }
    // A path may begin with a hyphen.
    arguments.push("--".into());
    arguments.extend(files.iter().map(|file| file.into()));
    arguments
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::args::{Args, Command};

    #[test]
    fn the_window_on_x11_is_the_same_window() {
        let args = WindowArgs {
            watch: None,
            screen: true,
            show: Some("-odd name.png".into()),
            pair: true,
            files: vec!["/tmp/a b".into(), "--screen".into()],
            backend: None,
        };
        let arguments = on_x11(Path::new("/home/ana/my profile"), 2, &args);
        let parsed =
            Args::try_parse_from([OsString::from("keyglance")].into_iter().chain(arguments));
        let parsed = parsed.map_err(|error| error.to_string()).unwrap();
        assert_eq!((parsed.verbose, parsed.files.len()), (2, 0));
        assert_eq!(parsed.profile, Some("/home/ana/my profile".into()));
        let Some(Command::Window(window)) = parsed.command else { panic!("another command") };
        let backend = Some(Backend::X11);
        let same = format!("{:?}", WindowArgs { backend, ..args });
        assert_eq!(format!("{window:?}"), same);
    }
}
