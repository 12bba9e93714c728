//! What is known about a camera before it is opened.

use crate::error::CameraError;

/// A camera that the system lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameraInfo {
    /// The number to open it by.
    pub index: usize,
    /// The driver's name for it.
    pub name: String,
    /// Where it is connected.
    pub description: String,
    /// What it is good for.
    pub kind: CameraKind,
}

/// What a camera is good for, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CameraKind {
    /// It sees what people see.
    Real,
    /// A service or a phone feeds it with what a camera sees.
    Relay,
    /// Reached through PipeWire, by the helper program `keyglance-pipewire`.
    PipeWire,
    /// Another program feeds it, or may.
    Virtual,
    /// It sees heat and lamps, but hardly anything on a screen.
    Infrared,
    /// A sensor whose raw pictures others make pictures of. Not among those that
    /// [`cameras`](crate::cameras) lists.
    Raw,
}

impl CameraInfo {
    /// Why none of `cameras` can be opened, as far as the list says: there is none, or each
    /// gives a sensor's raw pictures only. `None` where one can be tried.
    #[must_use]
    pub fn none_usable(cameras: &[Self]) -> Option<CameraError> {
        if cameras.is_empty() {
            return Some(CameraError::NoCamera);
        }
        let raw = cameras.iter().all(|camera| camera.kind == CameraKind::Raw);
        raw.then_some(CameraError::NeedsPipeWire)
    }
}

impl CameraKind {
    /// The kind that a name suggests, where the system says nothing more.
    #[cfg_attr(not(feature = "camera"), allow(dead_code))]
    pub(crate) fn of_name(name: &str) -> Self {
        let name = name.to_lowercase();
        let mut words = name.split(|c: char| !c.is_alphanumeric());
        let any = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        if words.any(|word| word == "ir") || any(&["infrared", "windows hello"]) {
            Self::Infrared
        } else if any(&["mipi camera", "v4l2-relayd"]) {
            Self::Relay
        } else if any(&["virtual", "loopback", "dummy video", "obs-camera", "vivid"]) {
            Self::Virtual
        } else {
            Self::Real
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_a_camera_is() {
        for (name, kind) in [
            ("Integrated Camera: Integrated C", CameraKind::Real),
            ("Integrated IR Camera", CameraKind::Infrared),
            ("HP IR-Camera", CameraKind::Infrared),
            ("Mirror cam", CameraKind::Real),
            ("OBS Virtual Camera", CameraKind::Virtual),
            ("Intel MIPI Camera", CameraKind::Relay),
            ("Dummy video device (0x0000)", CameraKind::Virtual),
        ] {
            assert_eq!(CameraKind::of_name(name), kind, "{name}");
        }
    }
}
