//! Cameras, and what is in view of one.

pub const STOP_THE_TEST: &str = "Stop the test";
pub const TEST_THE_CAMERA: &str = "Test the camera";
pub const IT_WORKS_AND_READS_CODES: &str = "It works, and reads codes.";
pub const IT_WORKS: &str = "It works. Hold a code in front of it to see the code outlined.";

pub const NO_CAMERA: &str = "No camera found. Connect one, or use this screen, a picture or text.";
