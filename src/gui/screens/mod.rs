//! One screen a file: what it knows, what can be done on it, and how it is drawn.
//! A screen is drawn from the state alone and pushes actions.

pub mod add;
pub mod camera_test;
pub mod contact;
pub mod export;
pub mod first_run;
pub mod help;
pub mod home;
pub mod identity;
pub mod pairing;
pub mod result;
pub mod settings;
pub mod verify;
