//! `keyglance cameras`.

use super::Context;
use super::failure::Failure;
use keyglance_capture::{CameraError, CameraInfo, CameraKind, CaptureError};
use serde_json::{Value, json};

pub fn run(context: &Context) -> Result<(), Failure> {
    let cameras = keyglance_capture::cameras().map_err(CaptureError::from)?;
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
                "kind": kind(camera.kind).unwrap_or("real"),
            })
        })
        .collect();
    context.output.result(lines, &json!({ "cameras": list }))?;
    match cameras.is_empty() {
        true => Err(CaptureError::from(CameraError::NoCamera).into()),
        false => Ok(()),
    }
}

/// What a user should know about a camera before choosing it.
pub fn kind(kind: CameraKind) -> Option<&'static str> {
    match kind {
        CameraKind::Real => None,
        CameraKind::Virtual => Some("virtual"),
        CameraKind::Infrared => Some("infrared"),
    }
}
