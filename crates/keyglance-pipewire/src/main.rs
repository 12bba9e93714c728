//! Gives Keyglance the frames of a camera that PipeWire has.
//!
//! It is a program of its own since libpipewire is linked hard and most computers need
//! none of it. Keyglance starts it and reads its standard output
//! ([`keyglance_capture::frame_stream`]); it ends when its standard input does.

mod failure;
mod output;
mod portal;
mod stream;

use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::process::ExitCode;
use std::{env, process, thread};

use failure::Failure;
use output::Output;
use stream::Target;

const USAGE: &str = "\
Gives Keyglance the frames of a camera that PipeWire has. Keyglance starts it by itself.

Usage: keyglance-pipewire --portal     the camera that the desktop's portal allows
       keyglance-pipewire --node NAME  a camera by the name of its node, without the portal
       keyglance-pipewire --present    ends with 0 if the portal has a camera, with 3 if not
       keyglance-pipewire --version

The frames are written to standard output; it ends when standard input does.
";

fn main() -> ExitCode {
    let arguments: Vec<String> =
        env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["--portal"] => film(None),
        ["--node", name] => film(Some(name)),
        ["--present"] => portal::is_camera_present().and_then(|is_present| match is_present {
            true => Ok(()),
            false => Err(Failure::NoCamera),
        }),
        ["--version" | "-V"] => {
            print(&format!("keyglance-pipewire {}\n", env!("CARGO_PKG_VERSION")))
        }
        ["--help" | "-h"] => print(USAGE),
        _ => Err(Failure::Usage),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "{failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

fn print(text: &str) -> Result<(), Failure> {
    io::stdout().write_all(text.as_bytes()).map_err(|_| Failure::Unread)
}

/// Writes frames until standard input ends, or nobody reads them.
fn film(node: Option<&str>) -> Result<(), Failure> {
    if io::stdout().is_terminal() {
        return Err(Failure::Usage);
    }
    // Whatever the desktop and PipeWire do meanwhile.
    thread::spawn(|| {
        let mut input = io::stdin().lock();
        let mut said = [0; 64];
        while input.read(&mut said).is_ok_and(|count| count > 0) {}
        process::exit(0);
    });
    let target = match node {
        Some(name) => Target::Node(name.to_owned()),
        None => Target::Portal(portal::open_camera()?),
    };
    stream::run(target, Output::start())
}
