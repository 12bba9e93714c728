//! The window, driven by its accessible names, with a real profile and a
//! scripted world around it: no display, no camera, no clock.

mod challenge;
mod codes_in_turn;
#[cfg(unix)]
mod documents;
mod every_screen;
mod exports;
mod files;
mod harness;
mod layout;
mod look;
mod opening;
mod pairing_page;
mod pairing_pictures;
mod pairings;
mod paper;
mod people;
mod phone_page;
mod pictures;
mod scripts;
mod settings;
mod sharing;
mod shortcuts;
mod software_renderer;
mod they_shared;
mod this_screen;
mod verification;
mod walks;
mod worker;

pub use harness::{TestHarness, peer};
