//! Why there is no picture of a camera, a screen or a file, and what to do about it.

use std::path::{Path, PathBuf};

use keyglance_capture::{CameraError, CaptureError, PictureFileError};
use keyglance_profile::printable_path;

use super::{Notification, sentence};
use crate::messages;

pub const NO_CAMERA: &str = "No camera found. Connect one, or use this screen, a picture or text.";

/// Why there is no picture, and what to do about it.
pub fn capture(error: &CaptureError) -> Notification {
    let CaptureError::Camera(camera) = error else {
        let advice = match error {
            CaptureError::File(PictureFileError::Picture { error, .. }) => {
                messages::picture(*error).unwrap_or("Choose another picture.")
            }
            CaptureError::File(_) => "Choose another picture.",
            _ => "Use a camera, a picture or text instead.",
        };
        return Notification::new(sentence(error), advice);
    };
    let (what, advice) = match camera {
        CameraError::NoCamera | CameraError::NotBuilt => {
            ("No camera found.", "Connect one, or use this screen, a picture or text.")
        }
        CameraError::Denied => (
            "The camera is blocked.",
            "Allow it in the system's settings (on Linux, by membership of the group video), then \
             try again.",
        ),
        CameraError::Busy => ("Another app is using the camera.", "Close it, or choose another."),
        CameraError::Stalled => (
            "The camera sends no pictures.",
            "Choose another camera, or plug it in again, then try again.",
        ),
        CameraError::Unplugged => {
            ("The camera was unplugged.", "Plug it in again; this continues by itself.")
        }
        CameraError::NoSuchCamera(_) => {
            ("That camera is no longer connected.", "Choose another camera.")
        }
        CameraError::UnsupportedFormat => (
            "The camera's pictures cannot be read.",
            "Choose another camera, or use a picture or text instead.",
        ),
        _ => ("The camera failed.", "Plug it in again, then try again."),
    };
    Notification::new(what, advice)
}

/// There is no code in these files, which are pictures.
pub fn no_code(files: &[PathBuf]) -> Notification {
    let what = match files {
        [file] => {
            let name = file.file_name().map(Path::new).unwrap_or(file);
            format!("There is no code in {}.", printable_path(name))
        }
        _ => "There is no code in these pictures.".to_owned(),
    };
    Notification::new(what, WHOLE_CODE)
}

/// What makes a picture of a code one.
pub const WHOLE_CODE: &str = "The whole code with its white edge must be in it.";
