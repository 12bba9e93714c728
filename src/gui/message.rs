//! Everything that can happen to the window.

use std::path::PathBuf;

use keyglance_profile::WindowPlace;

use super::report::Report;
use super::route::Route;
use super::screens::{
    add, challenge, check, compare, contact, decide, export, first_run, from_paper, home, identity,
    import, locked, pairing, paper, phone, restore, result, seal, settings, share, verify,
    what_code,
};

/// What the user, the world or the clock did.
#[derive(Debug)]
pub enum Message {
    Go(Route),
    /// Leave the screen after all, and lose what was asked about.
    Leave,
    /// Stay on the screen.
    Stay,
    DismissNotification,
    /// Take the picture of the screen that was explained, or do not.
    LookAtScreen(bool),
    /// Fill the whole screen, or do not.
    FullScreen(bool),
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
    Share(share::Message),
    Check(check::Message),
    Phone(phone::Message),
    WhatCode(what_code::Message),
    Import(import::Message),
    Seal(seal::Message),
    Challenge(challenge::Message),
    Paper(paper::Message),
    FromPaper(from_paper::Message),
    /// Asks for a file, to see what it is.
    OpenFile,
    /// Asks for the folder of another profile.
    ChooseProfile,
    /// Files were dropped on the window.
    Dropped(Vec<PathBuf>),
    /// A text was pasted that reads like the names of files.
    PastedPaths(String),
    /// The window is elsewhere, or of another size.
    Moved(WindowPlace),
    /// What screen the window is on: its height in pixels, and pixels a point.
    Monitor(f32, f32),
    /// A key was pressed, or the mouse moved.
    Active,
    /// Time passed.
    Tick,
    Report(Report),
}
