//! What goes between screens, state and world: actions in, effects out, and
//! reports of what became of them.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::ColorImage;
use zeroize::Zeroizing;

use super::screens::{
    add, contact, export, first_run, identity, pairing, result, settings, verify,
};
use super::state::{CameraName, ContactList, FrameSourceChoice, LocalDevice};
use crate::messages::Notification;
use crate::sound::Cue;
use keyglance_capture::ScanEvent;
use keyglance_core::contacts::{ContactId, PeerIdentity};
use keyglance_core::crypto::KeyId;
use keyglance_core::keyfile::{KeyFile, Passphrase};
use keyglance_core::pairing::DisplayName;
use keyglance_core::trust::Trust;
use keyglance_core::trust::Verified;
use keyglance_profile::{Decision, SavedPairing, Settings};

/// A text that is wiped.
pub type Secret = Zeroizing<String>;

/// Something that a person or the world did.
#[derive(Debug)]
pub enum Action {
    Home,
    Pair,
    Contact(ContactId),
    Verify(ContactId),
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
pub enum Report {
    Opened(Result<Box<Opened>, Notification>),
    Identity(Result<LocalDevice, Notification>),
    ContactList(ContactList),
    SavedPairing(Result<SavedPairing, Notification>),
    Stored(Result<(), Notification>),
    Ready(Box<pairing::Session>),
    Scan(ScanEvent),
    /// Texts and bytes of codes that were pasted, dropped or opened.
    Read(Result<Vec<Vec<u8>>, Notification>),
    Cameras(Vec<CameraName>),
    /// A dialog's answer; none where it was closed, or there is none.
    Picked(FileDialog, Option<Vec<PathBuf>>),
    Saved(Result<PathBuf, Notification>),
    /// A contact was added: its id.
    Added(Result<ContactId, Notification>),
    BackedUp(Result<PathBuf, Notification>),
    Exported(Result<export::Done, Notification>),
    /// The system cannot be asked, or cannot do it.
    Failed(Notification),
}

/// A profile that was opened.
#[derive(Debug)]
pub struct Opened {
    pub identity: Found,
    pub people: ContactList,
    pub settings: Settings,
    pub notes: Vec<String>,
    pub suggested_name: String,
    /// Where exports go unless the user says otherwise.
    pub home: PathBuf,
}

#[derive(Debug)]
pub enum Found {
    None,
    LocalDevice(LocalDevice),
    Sealed,
}

/// What a dialog is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileDialog {
    Pictures,
    CodePicture,
    ExportFile,
}

/// Something to be done in the world.
#[derive(Debug)]
pub enum Effect {
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
    Begin(LocalDevice),
    Keep(Box<KeyFile>, Trust),
    Acknowledge(KeyId),
    Verified(KeyId, Verified),
    SetTrust(String, Trust),
    Forget(SavedPairing),
    /// Retires a contact's keys but this one.
    ReplaceKeys {
        keep: KeyId,
    },
    AddContact(String, PeerIdentity),
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
    Scan(FrameSourceChoice, Option<String>),
    StopScan,
    Cameras,
    ReadPictures(Vec<PathBuf>),
    Paste,
    ReadScreen,
    ReadPasted(Arc<ColorImage>),
    Copy(String),
    FileDialog(FileDialog, String),
    /// A code that is a secret.
    SaveSecretCode(export::ExportCode, PathBuf),
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
pub enum Protection {
    /// As it is.
    Same,
    None,
    By(Passphrase),
}
