//! One screen a file: what it holds, what can be done on it, and how it is drawn.
//!
//! Each has a `Page`, a `Message`, an `update` that returns effects, and a `ui`
//! that draws the page and the model and sends messages. No screen knows another.

pub mod add;
pub mod camera_test;
pub mod challenge;
pub mod check;
pub mod compare;
pub mod contact;
pub mod contact_row;
pub mod decide;
pub mod export;
pub mod first_run;
pub mod from_paper;
pub mod help;
pub mod home;
pub mod identity;
pub mod import;
pub mod locked;
pub mod manage;
pub mod next_step;
pub mod page_address;
pub mod pairing;
pub mod paper;
pub mod phone;
pub mod restore;
pub mod result;
pub mod seal;
pub mod secret_code;
pub mod settings;
pub mod share;
pub mod verify;
pub mod what_code;
