//! What goes between screens, state and world: actions in, effects out, and
//! reports of what became of them.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::ColorImage;
use zeroize::Zeroizing;

use super::screens::{
    add, contact, export, first_run, identity, pairing, result, settings, verify,
};
use super::state::{CameraName, Eye, Own, People, Told};
use crate::contacts::{Identity, Trust};
use crate::crypto::KeyId;
use crate::keyfile::{KeyFile, Passphrase, Verified};
use crate::optics::ScanEvent;
use crate::pairing::DisplayName;
use crate::sound::Cue;
use crate::store::{Decision, Kept, Settings};

/// A text that is wiped.
pub(super) type Secret = Zeroizing<String>;

/// Something that a person or the world did.
#[derive(Debug)]
pub(super) enum Action {
    Home,
    Pair,
    Contact(String),
    Verify(String),
    Export(KeyId),
    Add,
    Settings,
    Identity,
    Help,
    Back,
    Dismiss,
    Retry,
    FirstRun(first_run::Do),
    Search(String),
    Pairing(pairing::Do),
    Result(result::Do),
    ContactPage(contact::Do),
    VerifyPage(verify::Do),
    ExportPage(export::Do),
    AddPage(add::Do),
    IdentityPage(identity::Do),
    SettingsPage(settings::Do),
    /// Pictures were dropped on the window.
    Dropped(Vec<PathBuf>),
    /// The window's size, in points.
    Resized([f32; 2]),
    /// Time passed.
    Tick,
    Report(Report),
}

/// What became of an effect.
#[derive(Debug)]
pub(super) enum Report {
    Opened(Result<Box<Opened>, Told>),
    Identity(Result<Own, Told>),
    People(People),
    Kept(Result<Kept, Told>),
    Stored(Result<(), Told>),
    Ready(Box<pairing::Session>),
    Scan(ScanEvent),
    /// Texts and bytes of codes that were pasted, dropped or opened.
    Read(Result<Vec<Vec<u8>>, Told>),
    Cameras(Vec<CameraName>),
    /// A dialog's answer; none where it was closed, or there is none.
    Picked(Pick, Option<Vec<PathBuf>>),
    Saved(Result<PathBuf, Told>),
    /// A contact was added: its id.
    Added(Result<String, Told>),
    BackedUp(Result<PathBuf, Told>),
    Exported(Result<export::Done, Told>),
    /// The system cannot be asked, or cannot do it.
    Failed(Told),
}

/// A profile that was opened.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) identity: Found,
    pub(super) people: People,
    pub(super) settings: Settings,
    pub(super) notes: Vec<String>,
    pub(super) suggested_name: String,
    /// Where exports go unless the user says otherwise.
    pub(super) home: PathBuf,
}

#[derive(Debug)]
pub(super) enum Found {
    None,
    Own(Own),
    Sealed,
}

/// What a dialog is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pick {
    Pictures,
    CodePicture,
    ExportFile,
}

/// Something to be done in the world.
#[derive(Debug)]
pub(super) enum Effect {
    Open,
    CreateIdentity(DisplayName),
    Unlock(Passphrase),
    /// Another name, or other protection. `present` opens it where it is protected.
    ChangeIdentity {
        name: DisplayName,
        present: Option<Passphrase>,
        protection: Protection,
    },
    /// A fresh session, reported as `Ready`.
    Begin(Own),
    Keep(Box<KeyFile>, Trust),
    Acknowledge(KeyId),
    Verified(KeyId, Verified),
    SetTrust(String, Trust),
    Forget(Kept),
    /// Retires a contact's keys but this one.
    ReplaceKeys {
        contact: String,
        keep: KeyId,
    },
    AddContact(String, Identity),
    /// Between a contact and the one whose name it was to have. Then the new
    /// one is called so, where it is to be called otherwise.
    Decide(String, Decision),
    Purpose(KeyId, String),
    Retire(KeyId, bool),
    BackUp {
        path: PathBuf,
        present: Option<Passphrase>,
        by: Passphrase,
    },
    Restore {
        path: PathBuf,
        by: Passphrase,
    },
    NewIdentity,
    Rename {
        from: String,
        to: String,
    },
    RemoveContact(String),
    RemoveKey(KeyId),
    Scan(Eye, Option<String>),
    StopScan,
    Cameras,
    ReadPictures(Vec<PathBuf>),
    Paste,
    ReadScreen,
    ReadPasted(Arc<ColorImage>),
    Copy(String),
    Pick(Pick, String),
    /// A code that is a secret.
    SaveSecretCode(export::Scannable, PathBuf),
    SaveCode {
        text: String,
        path: PathBuf,
    },
    /// Our code changed: where the command line named a file, show it there too.
    ShowCode(String),
    Export(Box<export::Order>),
    /// The clerk's present work, and what waits behind it, is not wanted.
    Cancel,
    Play(Cue),
    SaveSettings(Settings),
    /// The light or the size of the texts changed.
    Restyle,
    FullScreen,
}

/// How an identity is kept from now on.
#[derive(Debug)]
pub(super) enum Protection {
    /// As it is.
    Same,
    None,
    By(Passphrase),
}
