//! One screen a file: what it knows, what can be done on it, and how it is drawn.
//! A screen is drawn from the state alone and pushes actions.

pub(super) mod add;
pub(super) mod camera_test;
pub(super) mod contact;
pub(super) mod export;
pub(super) mod first_run;
pub(super) mod help;
pub(super) mod home;
pub(super) mod identity;
pub(super) mod pairing;
pub(super) mod result;
pub(super) mod settings;
pub(super) mod verify;
