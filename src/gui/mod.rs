//! The window: contacts and keys, pairing, verifying, exporting.
//!
//! Screens draw their page and the model, and send messages. [`app::App::update`]
//! turns a message into a new state and effects. The root carries the effects
//! out through the worker and the world, and what became of them comes back as
//! reports, which are messages too.

#[cfg(all(unix, not(target_os = "macos")))]
mod activation;
mod app;
mod camera_view;
mod chrome;
mod clock;
mod code;
mod code_display;
mod effect;
mod focus;
mod icons;
mod instance;
mod lock;
mod message;
mod model;
mod pages;
mod passphrase_form;
mod picture;
mod report;
mod route;
mod screen;
mod screens;
mod secret_clipboard;
mod shortcuts;
mod start;
mod system_motion;
mod theme;
mod widgets;
mod window;
mod worker;
mod world;

#[cfg(test)]
mod tests;

#[cfg(feature = "cli")]
pub use start::probe;
pub use start::{Options, open};

use crate::app_id::APP_ID;
