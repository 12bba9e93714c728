//! `keyglance cameras`.

use super::Context;
use super::failure::Failure;
use keyglance_capture::OpticsError;

#[cfg(feature = "camera")]
pub fn run(context: &Context) -> Result<(), Failure> {
    use serde_json::{Value, json};

    let cameras = keyglance_capture::list()?;
    let lines = || {
        let line = |camera: &keyglance_capture::CameraInfo| {
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
    context.output.result(lines, &Value::Array(list))?;
    if cameras.is_empty() { Err(OpticsError::NoCamera.into()) } else { Ok(()) }
}

/// What a user should know about a camera before choosing it.
#[cfg(feature = "camera")]
pub fn kind(kind: keyglance_capture::CameraKind) -> Option<&'static str> {
    use keyglance_capture::CameraKind;

    match kind {
        CameraKind::Real => None,
        CameraKind::Virtual => Some("virtual"),
        CameraKind::Infrared => Some("infrared"),
    }
}

#[cfg(not(feature = "camera"))]
pub fn run(_context: &Context) -> Result<(), Failure> {
    Err(OpticsError::NotBuilt.into())
}
