//! Why there is no window.

use super::{Explain, Face, Notification, sentence};
use crate::display::{DisplayError, Server};
use crate::messages::WITHOUT_WINDOW;
use crate::messages::system_packages::{Distribution, Need};

impl Explain for DisplayError {
    fn explain(&self, face: Face) -> Notification {
        explain_on(self, Distribution::here(), face)
    }
}

/// What is said of it on this distribution.
fn explain_on(error: &DisplayError, distribution: Distribution, face: Face) -> Notification {
    // A program that is its window alone has no commands to offer.
    let elsewhere = face.choose("", WITHOUT_WINDOW);
    let advice = match error {
        DisplayError::NoDisplay => elsewhere.to_owned(),
        DisplayError::Unreachable { .. } => {
            lines(["Open the window from the desktop that is to show it.", elsewhere])
        }
        DisplayError::Library { server: Server::X11, .. } => distribution.install(Need::X11),
        DisplayError::Library { .. } => distribution.install(Need::Wayland),
        DisplayError::NoOpenGl if cfg!(target_os = "linux") => distribution.install(Need::OpenGl),
        DisplayError::NoOpenGl => "Update the driver of its graphics.".to_owned(),
        DisplayError::Refused(_) => {
            let details = face.choose("", "What is known of it: keyglance -v window");
            lines([details, elsewhere])
        }
        DisplayError::Lost => STORED.to_owned(),
        DisplayError::Fault => {
            let report =
                face.choose("", "If it happens again: keyglance -v window says what to report.");
            lines([STORED, report])
        }
    };
    Notification::new(sentence(error), advice)
}

const STORED: &str = "Start it again. What was stored is kept.";

fn lines(lines: [&str; 2]) -> String {
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::Cause;

    fn all() -> Vec<DisplayError> {
        vec![
            DisplayError::NoDisplay,
            DisplayError::unreachable(":9\u{1b}[2J".as_ref()),
            DisplayError::Library { name: "libwayland-egl.so.1", server: Server::Wayland },
            DisplayError::Library { name: "libXi.so.6", server: Server::X11 },
            DisplayError::NoOpenGl,
            DisplayError::Refused(Cause::Desktop),
            DisplayError::Refused(Cause::Program),
            DisplayError::Lost,
            DisplayError::Fault,
        ]
    }

    #[test]
    fn why_there_is_no_window_is_one_sentence_and_what_to_do() {
        for error in all() {
            for face in [Face::Window, Face::Terminal] {
                let Notification { what, advice } = explain_on(&error, Distribution::Debian, face);
                assert!(what.ends_with('.') && what.lines().count() == 1, "{what}");
                assert!(what.starts_with(char::is_uppercase), "{what}");
                assert!(face == Face::Window || !advice.is_empty(), "{what}");
                let all = format!("{what}\n{advice}");
                assert!(!all.contains('\u{1b}') && !all.contains(" {"), "{all}");
                for foreign in ["::", ".rs:", "/src/", "Err", "panic", "glutin", "winit", "eframe"]
                {
                    assert!(!all.contains(foreign), "{foreign} in {all}");
                }
                assert!(face == Face::Terminal || !all.contains("keyglance"), "{all}");
            }
        }
    }

    #[test]
    fn what_is_missing_is_installed_by_one_command() {
        let said = |error: &DisplayError, distribution| {
            let Notification { what, advice } = explain_on(error, distribution, Face::Terminal);
            format!("{what} {advice}")
        };
        let egl = DisplayError::Library { name: "libwayland-egl.so.1", server: Server::Wayland };
        assert_eq!(
            said(&egl, Distribution::Debian),
            "The library libwayland-egl.so.1 is missing. Install it: sudo apt install \
             libwayland-client0 libwayland-egl1 libxkbcommon0"
        );
        let xi = DisplayError::Library { name: "libXi.so.6", server: Server::X11 };
        assert!(said(&xi, Distribution::Fedora).contains("sudo dnf install libX11 "));
        if cfg!(target_os = "linux") {
            assert!(said(&DisplayError::NoOpenGl, Distribution::Arch).ends_with("pacman -S mesa"));
        }
        assert!(said(&DisplayError::NoDisplay, Distribution::Other).contains("keyglance pair"));
    }
}
