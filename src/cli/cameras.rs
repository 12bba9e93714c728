//! `keyglance cameras`.

use super::Context;
use super::failure::Failure;
use crate::optics::OpticsError;

#[cfg(feature = "camera")]
pub(super) fn run(context: &Context) -> Result<(), Failure> {
    use serde_json::{Value, json};

    let cameras = crate::optics::list()?;
    let lines = || {
        let line = |camera: &crate::optics::CameraInfo| {
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

/// What a user should know of a camera before choosing it.
#[cfg(feature = "camera")]
pub(super) fn kind(kind: crate::optics::CameraKind) -> Option<&'static str> {
    use crate::optics::CameraKind;

    match kind {
        CameraKind::Real => None,
        CameraKind::Virtual => Some("virtual"),
        CameraKind::Infrared => Some("infrared"),
    }
}

#[cfg(not(feature = "camera"))]
pub(super) fn run(_context: &Context) -> Result<(), Failure> {
    Err(OpticsError::NotBuilt.into())
}
