//! What the tests show to a camera, and the camera.

use std::time::Duration;

use keyglance_capture::simulated::{SimulatedCamera, SimulatedDisplay, Timing, View};
use keyglance_qr::{Code, Reading};

/// The one code of a picture.
pub fn only(readings: Vec<Reading>) -> Reading {
    let [reading] = readings.try_into().unwrap_or_else(|all| panic!("not one: {all:?}"));
    reading
}

/// Texts of the lengths that the protocol has, from 47 to 195 characters.
pub fn texts() -> Vec<String> {
    let text = |length: usize| "KG1:".to_owned() + &"Qd7_xV3-".repeat(length)[..length - 4];
    [47, 58, 112, 152, 195].map(text).to_vec()
}

pub fn screen_with(text: &str) -> SimulatedDisplay {
    screen(&Code::new(text).unwrap())
}

pub fn screen(code: &Code) -> SimulatedDisplay {
    let screen = SimulatedDisplay::new();
    screen.show(Duration::ZERO, Some(code));
    screen
}

pub fn hard_view(seed: u64) -> View {
    let sign = if seed.is_multiple_of(2) { 1.0 } else { -1.0 };
    View {
        tilt_degrees: 30.0 * sign,
        blur_pixels: 1.0,
        noise: 6.0,
        roll_degrees: (seed % 7) as f64 * 3.0 - 9.0,
        offset: ((seed % 5) as f64 * 0.06 - 0.12, (seed % 3) as f64 * 0.05 - 0.05),
        ..View::default()
    }
}

pub fn camera(screen: SimulatedDisplay, view: View, seed: u64) -> SimulatedCamera {
    let timing = Timing { latency: Duration::ZERO, ..Timing::default() };
    SimulatedCamera::new(screen, view, timing, seed)
}
