//! `keyglance cameras`.

use super::Context;
use super::failure::Failure;
use crate::optics::OpticsError;

#[cfg(feature = "camera")]
pub(super) fn run(context: &Context) -> Result<(), Failure> {
    let cameras = crate::optics::list()?;
    if cameras.is_empty() {
        context.output.result(String::new, &serde_json::json!([]))?;
        return Err(OpticsError::NoCamera.into());
    }
    context.output.result(
        || cameras.iter().map(|c| format!("{:>3}  {}  {}\n", c.index, c.name, c.description)).collect(),
        &cameras
            .iter()
            .map(|c| serde_json::json!({ "index": c.index, "name": c.name, "description": c.description }))
            .collect(),
    )
}

#[cfg(not(feature = "camera"))]
pub(super) fn run(_context: &Context) -> Result<(), Failure> {
    Err(OpticsError::NotBuilt.into())
}
