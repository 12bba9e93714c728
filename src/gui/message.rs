//! Everything that can happen to the window.

use std::path::PathBuf;

use super::report::Report;
use super::route::Route;
use super::screens::{
    add, check, compare, contact, decide, export, first_run, home, identity, import, locked,
    pairing, phone, restore, result, settings, verify, what_code,
};

/// What the user, the world or the clock did.
#[derive(Debug)]
pub enum Message {
    Go(Route),
    DismissNotification,
    /// Open the profile once more.
    Retry,
    FirstRun(first_run::Message),
    Locked(locked::Message),
    Home(home::Message),
    Pairing(pairing::Message),
    Result(result::Message),
    Contact(contact::Message),
    Decide(decide::Message),
    Verify(verify::Message),
    Export(export::Message),
    Compare(compare::Message),
    Add(add::Message),
    Identity(identity::Message),
    Restore(restore::Message),
    Settings(settings::Message),
    Check(check::Message),
    Phone(phone::Message),
    WhatCode(what_code::Message),
    Import(import::Message),
    /// Picture files were dropped on the window.
    Dropped(Vec<PathBuf>),
    /// The window's size changed, in points.
    Resized([f32; 2]),
    /// Time passed.
    Tick,
    Report(Report),
}
