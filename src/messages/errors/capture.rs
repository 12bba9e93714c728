//! Why there is no picture of a camera, a screen or a file.

use std::io::ErrorKind;

use keyglance_capture::{CameraError, CaptureError, PictureFileError, ScreenError};
use keyglance_profile::printable_path;
use keyglance_qr::{OtherFormat, PictureError};

use crate::messages::system_packages::{Distribution, Need};

use super::{Explain, Face, Notification, read_failed, sentence};

/// What to do about a picture file that cannot be read, if another file of it can.
pub const fn picture(error: PictureError) -> Option<&'static str> {
    match error {
        PictureError::OtherFormat(
            OtherFormat::Pdf | OtherFormat::PostScript | OtherFormat::Svg | OtherFormat::Film,
        ) => Some("Take a screenshot of the code."),
        PictureError::OtherFormat(_) | PictureError::Unsupported => {
            Some("Save it as PNG, or take a screenshot.")
        }
        PictureError::TooManyBytes
        | PictureError::TooManyPixels { .. }
        | PictureError::TooMuchMemory => {
            Some("Cut out the part with the code, or take a screenshot.")
        }
        _ => None,
    }
}

impl Explain for CaptureError {
    fn explain(&self, face: Face) -> Notification {
        match self {
            Self::Camera(error) => error.explain(face),
            Self::Screen(error) => error.explain(face),
            Self::File(error) => error.explain(face),
            error => Notification::new(
                sentence(error),
                face.choose("Use a camera, a picture or text instead.", ""),
            ),
        }
    }
}

impl Explain for CameraError {
    fn explain(&self, face: Face) -> Notification {
        let connect = face.choose(
            "Connect one, or use this screen, a picture or text.",
            "Connect one, or use --watch FILE, --picture FILE or --stdin instead.",
        );
        let choose =
            face.choose("Choose another camera.", "Choose another camera with --camera N.");
        let switch_on = face.choose(
            "Switch it on (some have a slider or a key), start what feeds it, or choose another.",
            "Switch it on (some have a slider or a key), start what feeds it, or choose another \
             with --camera N.",
        );
        let (what, advice) = match self {
            Self::NoCamera => ("No camera found.", connect),
            Self::NotBuilt => ("This program was built without camera support.", connect),
            Self::Denied => ("The camera is blocked.", allow(std::env::consts::OS, face)),
            Self::AwaitingPermission => (
                "The system asks whether the camera may be used.",
                "Answer it; this continues by itself.",
            ),
            Self::Busy => (
                "Another app is using the camera.",
                face.choose(
                    "Close it, or choose another.",
                    "Close it, or choose another camera with --camera N.",
                ),
            ),
            Self::Stalled => (
                "The camera sends no pictures.",
                face.choose(
                    "Choose another camera, or plug it in again, then try again.",
                    "Plug it in again, then try again.",
                ),
            ),
            Self::FixedStalled => ("The camera sends no pictures.", switch_on),
            Self::FixedFailed => ("The camera failed.", switch_on),
            Self::NeedsPipeWire => {
                return Notification::new(
                    "This computer's camera is reached through PipeWire.",
                    needs_pipewire(Distribution::here()),
                );
            }
            Self::Unplugged => (
                "The camera was unplugged.",
                face.choose(
                    "Plug it in again; this continues by itself.",
                    "Plug it in again, then try again.",
                ),
            ),
            Self::NoSuchCamera(number) => {
                return face.choose(
                    Notification::new("That camera is no longer connected.", choose),
                    Notification::new(
                        format!("There is no camera {number}."),
                        "keyglance cameras lists them.",
                    ),
                );
            }
            Self::UnsupportedFormat => ("The camera's pictures cannot be read.", choose),
            _ => ("The camera failed.", "Plug it in again, then try again."),
        };
        Notification::new(what, advice)
    }
}

/// What reaches a camera through PipeWire: a part of ours, and parts of the system.
fn needs_pipewire(distribution: Distribution) -> String {
    format!(
        "Install our optional program keyglance-pipewire, and what it needs of the system. {}",
        distribution.install(Need::PipeWireCamera)
    )
}

/// Where the user lets this program use the camera. What runs in a terminal has the
/// terminal's permission on macOS.
fn allow(system: &str, face: Face) -> &'static str {
    match system {
        "macos" => face.choose(
            "Allow it in System Settings, Privacy & Security, Camera, then start Keyglance again.",
            "Allow your terminal to use it in System Settings, Privacy & Security, Camera, then \
             start it again.",
        ),
        "windows" => "Allow it in Settings, Privacy & security, Camera, then try again.",
        _ => {
            "Allow it in the system's settings (on Linux, by membership of the group video), then \
             try again."
        }
    }
}

impl Explain for ScreenError {
    fn explain(&self, face: Face) -> Notification {
        let what = match self {
            Self::NotSupported => {
                "This desktop does not let programs look at the screen.".to_owned()
            }
            Self::PictureLeft(path) => {
                let path = printable_path(path);
                return Notification::new(
                    format!("A picture of your screen is left in {path}."),
                    "Delete it.",
                );
            }
            error => sentence(error),
        };
        let advice = match self {
            Self::Refused => face.choose(
                "Nothing was read. Press it again to be asked again, or take a screenshot and press \
                 Ctrl+V here.",
                "Nothing was read. Start again to be asked again, or take a screenshot and give its \
                 file instead.",
            ),
            Self::Denied => face.choose(
                SCREENSHOT,
                "Start it as the user of that screen, or take a screenshot and use --picture FILE.",
            ),
            Self::NotSupported
            | Self::ColourDepth(_)
            | Self::NoAnswer
            | Self::PortalFailed
            | Self::NotOurs
            | Self::Unreadable => {
                face.choose(SCREENSHOT, "Take a screenshot and give its file instead.")
            }
            Self::Lost => face.choose(
                "Use a camera, a picture or text instead.",
                "No key was saved. Start again on both.",
            ),
            _ => face.choose(
                "Use a camera, a picture or text instead.",
                "Use --camera, --picture FILE or --stdin instead.",
            ),
        };
        Notification::new(what, advice)
    }
}

const SCREENSHOT: &str = "Take a screenshot, then press Ctrl+V here.";

impl Explain for PictureFileError {
    fn explain(&self, face: Face) -> Notification {
        let another = face.choose("Choose another picture.", "");
        let read = |path: &std::path::Path, kind| read_failed(&face.file(path), kind);
        match self {
            Self::NotFound(path) => Notification::new(read(path, ErrorKind::NotFound), another),
            Self::IsDirectory(path) => {
                Notification::new(read(path, ErrorKind::IsADirectory), another)
            }
            Self::NotAFile(path) => {
                Notification::new(format!("{} is not a file.", face.file(path)), another)
            }
            Self::Unreadable { path, kind } => Notification::new(read(path, *kind), another),
            Self::Picture { path, error } => Notification::new(
                format!("{}: {}", face.file(path), sentence(error)),
                picture(*error).unwrap_or(another),
            ),
            error => Notification::new(sentence(error), another),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blocked_camera_is_allowed_where_each_system_does_so() {
        for face in [Face::Window, Face::Terminal] {
            assert!(allow("macos", face).contains("System Settings, Privacy & Security, Camera"));
            assert!(allow("windows", face).contains("in Settings, Privacy & security, Camera"));
            assert!(allow("linux", face).contains("group video"));
        }
        // The terminal has the permission, not what runs in it.
        assert!(allow("macos", Face::Terminal).contains("your terminal"));
        assert!(!allow("macos", Face::Window).contains("terminal"));
    }
}
