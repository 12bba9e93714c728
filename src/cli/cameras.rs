//! `keyglance cameras`.

use super::Context;
use super::args::CamerasArgs;
use super::failure::Failure;
use keyglance_capture::{CameraError, CameraInfo, CameraKind, CaptureError};
use serde_json::{Value, json};

pub fn run(context: &Context, args: &CamerasArgs) -> Result<(), Failure> {
    let mut cameras = keyglance_capture::all_cameras().map_err(CaptureError::from)?;
    let usable = cameras.iter().filter(|camera| camera.kind != CameraKind::Raw).count();
    // Behind a helper or a relay they are known to be there, and nothing to choose.
    let none = match cameras.is_empty() {
        true => CameraError::NoCamera,
        false => CameraError::NeedsPipeWire,
    };
    if !args.all {
        cameras.retain(|camera| camera.kind != CameraKind::Raw);
    }
    let lines = || {
        let line = |camera: &CameraInfo| {
            let kind = kind(camera.kind).map_or(String::new(), |kind| format!(" ({kind})"));
            format!("{:>3}  {}{kind}  {}\n", camera.index, camera.name, camera.description)
        };
        cameras.iter().map(line).collect()
    };
    let list: Vec<Value> = cameras
        .iter()
        .map(|camera| {
            json!({
                "index": camera.index,
                "name": camera.name,
                "description": camera.description,
                "kind": id(camera.kind),
            })
        })
        .collect();
    context.output.result(lines, &json!({ "cameras": list }))?;
    match usable {
        0 => Err(CaptureError::from(none).into()),
        _ => Ok(()),
    }
}

/// What a user should know about a camera before choosing it.
pub fn kind(kind: CameraKind) -> Option<&'static str> {
    match kind {
        CameraKind::Real => None,
        CameraKind::Relay => Some("relay"),
        CameraKind::PipeWire => Some("PipeWire"),
        CameraKind::Raw => Some("raw pictures"),
        CameraKind::Virtual => Some("virtual"),
        CameraKind::Infrared => Some("infrared"),
    }
}

/// A camera's kind in JSON.
const fn id(kind: CameraKind) -> &'static str {
    match kind {
        CameraKind::Real => "real",
        CameraKind::Relay => "relay",
        CameraKind::PipeWire => "pipewire",
        CameraKind::Virtual => "virtual",
        CameraKind::Infrared => "infrared",
        CameraKind::Raw => "raw",
    }
}
