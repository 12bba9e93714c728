//! The real cameras, of which a test machine may have none.

use std::time::{Duration, Instant};

use keyglance_capture::{Camera, CameraError, cameras};

#[test]
fn without_a_camera_there_is_an_answer_at_once() {
    let start = Instant::now();
    let cameras = cameras().unwrap();
    if cameras.is_empty() {
        assert_eq!(Camera::open(None).unwrap_err(), CameraError::NoCamera);
        assert_eq!(Camera::open(Some(3)).unwrap_err(), CameraError::NoCamera);
    } else {
        assert_eq!(Camera::open(Some(999)).unwrap_err(), CameraError::NoSuchCamera(999));
    }
    assert!(start.elapsed() < Duration::from_secs(3));
}
