//! The window, driven by its accessible names, with a real profile and a
//! scripted world around it: no display, no camera, no clock.

mod clerk;
mod desk;
mod flows;
mod pairings;
mod people;
mod pictures;
mod shortcuts;

pub use desk::{Bench, peer};
