//! The arguments of a program that is its window alone: what a desktop gives, and no more.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::display::Server;
use crate::gui::Options;
use keyglance_profile::named_file;

/// The same program on X11 alone.
const X11: &str = "--x11";

/// Files to open, and `window` and `--pair` as the desktop's entry has them.
pub fn arguments(arguments: impl Iterator<Item = OsString>) -> Options {
    let mut options = Options::default();
    let mut only_files = false;
    let mut rest = Vec::new();
    for (position, argument) in arguments.enumerate() {
        match argument.to_str() {
            Some("window") if position == 0 => {}
            Some("--") if !only_files => only_files = true,
            Some("--pair") if !only_files => options.pair = true,
            Some(X11) if !only_files => options.server = Some(Server::X11),
            _ => rest.push(argument),
        }
    }
    let full = |path: &OsString| {
        let path = named_file(Path::new(path));
        std::path::absolute(&path).unwrap_or(path)
    };
    options.files = rest.iter().map(full).collect::<Vec<PathBuf>>();
    options.on_x11 = [X11.into()].into_iter().collect();
    options.on_x11.extend(options.pair.then(|| "--pair".into()));
    options.on_x11.push("--".into());
    options.on_x11.extend(options.files.iter().map(|path| path.into()));
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desktop_opens_files_or_begins_with_pairing() {
        let of = |text: &str| arguments(text.split_whitespace().map(OsString::from));
        let options = of("window --pair /tmp/a file:///tmp/b -- --pair");
        assert!(options.pair && options.server.is_none());
        let here = std::env::current_dir().unwrap();
        assert_eq!(options.files, ["/tmp/a".into(), "/tmp/b".into(), here.join("--pair")]);
        // The same once more, on X11.
        let again = arguments(options.on_x11.iter().cloned());
        assert_eq!((again.files, again.pair), (options.files, true));
        assert_eq!(again.server, Some(Server::X11));
        assert_eq!(of("").files, Vec::<PathBuf>::new());
    }
}
