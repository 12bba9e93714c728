//! `keyglance cameras`.

use super::Context;
use super::args::CamerasArgs;
use super::failure::Failure;
use keyglance_capture::{CameraInfo, CameraKind, CaptureError};
use serde_json::{Value, json};

pub fn run(context: &Context, args: &CamerasArgs) -> Result<(), Failure> {
    let mut cameras = keyglance_capture::all_cameras().map_err(CaptureError::from)?;
    let none = CameraInfo::none_usable(&cameras);
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
    none.map_or(Ok(()), |none| Err(CaptureError::from(none).into()))
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
