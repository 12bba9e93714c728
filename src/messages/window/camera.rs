//! Cameras, and what is in view of one.

pub const NO_CAMERA: &str = "No camera found. Connect one, or use this screen, a picture or text.";
