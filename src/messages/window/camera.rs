//! Cameras, and what is in view of one.

use std::path::{Path, PathBuf};

use keyglance_profile::printable_path;

use super::Notification;

pub const STOP_THE_TEST: &str = "Stop the test";
pub const TEST_THE_CAMERA: &str = "Test the camera";
pub const IT_WORKS_AND_READS_CODES: &str = "It works, and reads codes.";
pub const IT_WORKS: &str = "It works. Hold a code in front of it to see the code outlined.";
pub const NO_CAMERA: &str = "No camera found. Connect one, or use this screen, a picture or text.";

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
