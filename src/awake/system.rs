//! By the system's own interface: power assertions, execution states.

use keepawake::{Builder, KeepAwake};

use crate::messages;

/// Asks for it. None where the system refuses.
pub fn hold() -> Option<KeepAwake> {
    let asked = Builder::default()
        .display(true)
        .idle(true)
        .reason(messages::KEEPS_AWAKE)
        .app_name("Keyglance")
        .app_reverse_domain(crate::app_id::APP_ID)
        .create();
    asked.inspect_err(|error| tracing::debug!("nothing keeps the computer awake: {error}")).ok()
}
