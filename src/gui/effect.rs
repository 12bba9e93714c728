//! What is to be done once a message was handled. An `update` only returns
//! effects; the root, the worker and the world carry them out, each with an
//! exhaustive match.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::ColorImage;
use zeroize::Zeroizing;

use super::model::{FrameSourceChoice, LocalDevice, SecretText};
use super::route::Route;
use crate::messages::Notification;
use crate::sound::Cue;
use keyglance_core::contacts::{ContactId, PeerIdentity};
use keyglance_core::crypto::{KeyId, Purpose};
use keyglance_core::exports::{OptionValues, Program};
use keyglance_core::identifiers::IdentifierKind;
use keyglance_core::keyfile::Passphrase;
use keyglance_core::pairing::{Card, DisplayName};
use keyglance_core::paper::{Kind, Plan};
use keyglance_profile::{
    CardCandidate, Decision, PageAddress, PaperReader, SavedPairing, Settings, StoreRequest,
    VerificationResult,
};

#[derive(Debug)]
pub enum Effect {
    /// For the worker, which owns the profile.
    Profile(ProfileCommand),
    /// For the camera, the clipboard and the rest of the world.
    World(WorldCommand),
    /// Opens another screen.
    Go(Route),
    /// Shows a line above every screen.
    Notify(Notification),
    /// Removes that line.
    DismissNotification,
    /// Uses and stores these settings.
    ChangeSettings(Settings),
    /// Frames come from here from now on.
    ChangeFrameSource(FrameSourceChoice),
}

impl From<ProfileCommand> for Effect {
    fn from(command: ProfileCommand) -> Self {
        Self::Profile(command)
    }
}

impl From<WorldCommand> for Effect {
    fn from(command: WorldCommand) -> Self {
        Self::World(command)
    }
}

/// What the worker does with the profile, one command after another. The
/// worker has the clock: it dates what it stores.
#[derive(Debug)]
pub enum ProfileCommand {
    Open,
    /// Opens the profile in this folder instead, for this run.
    OpenAt(PathBuf),
    /// Looks at a file that was opened or dropped, reported as `FileSeen`.
    LookIntoFile(PathBuf, Option<Passphrase>),
    /// Says what codes are, reported as `Inspected`: it may depend on the time.
    Inspect(Payloads),
    /// Takes in the key that was found in it, reported as `KeyImported`.
    ImportKey,
    /// Encrypts a file for a contact, reported as `Sealed`.
    Seal {
        contact: ContactId,
        from: PathBuf,
        to: PathBuf,
    },
    /// Opens an encrypted file, reported as `Unsealed`.
    Unseal {
        from: PathBuf,
        to: PathBuf,
    },
    CreateIdentity(DisplayName),
    Unlock(Passphrase),
    /// Changes the name or the protection.
    ChangeIdentity {
        name: DisplayName,
        /// Opens an identity that is protected now.
        current: Option<Passphrase>,
        protection: ProtectionChange,
    },
    BackUpIdentity {
        path: PathBuf,
        /// Opens an identity that is protected now.
        current: Option<Passphrase>,
        /// Protects the backup.
        passphrase: Passphrase,
    },
    /// The whole profile, reported as `IdentityBackedUp`.
    BackUpProfile {
        path: PathBuf,
        /// Opens an identity that is protected now.
        current: Option<Passphrase>,
        /// Protects the backup.
        passphrase: Passphrase,
    },
    /// Looks into a backup of a profile, reported as `RestorationPlanned`.
    PlanRestoration {
        path: PathBuf,
        /// Opens an identity that is protected now.
        current: Option<Passphrase>,
        /// Opens the backup.
        passphrase: Passphrase,
    },
    /// Restores the backup that was looked into, reported as `Restored`.
    Restore,
    RestoreIdentity {
        path: PathBuf,
        passphrase: Passphrase,
    },
    CreateNewIdentity {
        /// Opens an identity that is protected now, and protects the new one.
        current: Option<Passphrase>,
    },
    /// Reads again what was chosen to be shared, for a pairing that begins; reported as
    /// `CardToShare`.
    ReadCardToShare,
    /// Reported as `OwnCard`.
    ReadOwnCard,
    /// Reads something to be shared from now on, reported as `CardRead`.
    ReadForCard(IdentifierKind, CardInput),
    /// Shares this from now on, reported as `CardRead`.
    ShareOnCard(Box<CardCandidate>),
    TakeOffCard(IdentifierKind),
    /// Where the page for phones is, and whether it came with the program; reported as
    /// `PhonePage`.
    ReadPhonePage,
    /// Keeps where that is, or that it is nowhere; reported likewise.
    SetPhonePage(Option<PageAddress>),
    /// Writes the page's files to a folder, reported as `PhonePageSaved`.
    SavePhonePage(PathBuf),
    /// Stores what a pairing asks for, reported as `PairingStored`.
    StorePairing(StoreRequest),
    /// The user typed digits of the other screen, reported as `CheckCodeEntered`.
    EnterCheckCode(KeyId, String),
    /// The devices do not agree: the key is wiped.
    RejectCheckCode(KeyId),
    DiscardPairing(SavedPairing),
    /// The other device has the key too.
    Acknowledge(KeyId),
    /// What a comparison with this contact said.
    RecordVerification(ContactId, VerificationResult),
    AddContact(String, PeerIdentity),
    RenameContact(ContactId, String),
    RemoveContact(ContactId),
    /// Decides about this contact, which came under the name of another.
    Decide(ContactId, Decision),
    /// Saves pages to print, reported as `PaperSaved`.
    Paper(Box<PaperRequest>),
    /// Restores what pages hold, reported as `Identity` or `PaperRestored`, else as
    /// `PaperNotRestored`.
    RestoreFromPaper(Box<PaperRestoration>),
    /// Makes the numbers of a call, reported as `ChallengeOpened`.
    Challenge(KeyId, Purpose),
    /// Tells the time of day, reported as `Time`.
    TellTime,
    /// The user has taken back what was made of a card whose key is gone.
    ForgetLeftBehind,
    SetKeyPurpose(KeyId, String),
    /// Retires a key, or uses it again.
    RetireKey(KeyId, bool),
    /// Retires the other keys of this key's contact.
    RetireOtherKeys {
        keep: KeyId,
    },
    RemoveKey(KeyId),
    Export(Box<ExportRequest>),
    /// Saves a code that is public.
    SaveCode {
        text: String,
        path: PathBuf,
    },
    /// Saves a code that is a secret.
    SaveSecretCodes(Vec<ExportCode>, PathBuf),
    /// Our code changed: it goes into the file that the command line named.
    ShowCode(String),
    SaveSettings(Settings),
    /// The window locks: forgets the secrets that were read.
    Forget,
}

/// What happens outside the profile.
#[derive(Debug)]
pub enum WorldCommand {
    /// Starts a pairing with fresh keys, reported as `PairingStarted`.
    StartPairing(LocalDevice, Card),
    /// Starts a camera (the one of this name, or the first), a file or the screen.
    Scan(FrameSourceChoice, Option<String>),
    StopScan,
    ListCameras,
    /// Finds out how this screen is read, reported as `ScreenAccess`.
    FindScreen,
    ReadPictures(Vec<PathBuf>),
    /// Reads the codes on this screen: one picture.
    ReadScreen,
    ReadPastedPicture(Arc<ColorImage>),
    Paste,
    /// Looks whether a pasted text names files.
    FindPasted(String),
    Copy(String),
    /// Makes a passphrase, reported as `PassphraseMade`.
    MakePassphrase,
    /// Copies a secret, which leaves the clipboard after a while.
    CopySecret(SecretText),
    /// Shows a folder in the system's file manager.
    OpenFolder(PathBuf),
    /// Opens a dialog that suggests this path.
    OpenDialog(FileDialog, String),
    /// Cancels the worker's present command, and those that wait behind it.
    Cancel,
    Play(Cue),
    /// The screen stays lit, and the computer awake, from now on; or no longer.
    KeepAwake(bool),
    /// The theme or the size of the text changed.
    Restyle,
    FullScreen(bool),
    /// Brings the window to the front, with what the desktop gave for that.
    Raise(Option<String>),
    /// Something happened that is worth a look, if another window is in front.
    Alert(&'static str),
}

impl WorldCommand {
    /// Whether a picture of the screen is taken for it.
    pub const fn looks_at_screen(&self) -> bool {
        matches!(self, Self::ReadScreen | Self::Scan(FrameSourceChoice::Screen, _))
    }

    /// Shows the folder of a file, where there is one.
    pub fn open_folder_of(file: Option<&Path>) -> Vec<Effect> {
        let folder = file.and_then(Path::parent);
        folder.map(|folder| Self::OpenFolder(folder.to_owned()).into()).into_iter().collect()
    }
}

/// What a dialog is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileDialog {
    /// Any file: to encrypt it, or to see what it is.
    Open,
    /// The folder of another profile.
    Folder,
    /// Where the files of the page for phones are to be saved.
    PageFolder,
    /// Where something is to be saved.
    SaveAs,
    Pictures,
    CodePicture,
    ExportFile,
}

/// Where something to be shared comes from.
#[derive(Clone, Debug)]
pub enum CardInput {
    /// Where its program keeps it.
    Place,
    /// A text or a path that was typed.
    Given(String),
    File(PathBuf),
}

/// What becomes of the protection of an identity.
#[derive(Debug)]
pub enum ProtectionChange {
    Keep,
    Remove,
    Set(Passphrase),
}

/// An export that the worker is to make.
#[derive(Debug)]
pub struct ExportRequest {
    /// Tells the answer to this request from that to an earlier one.
    pub number: u64,
    pub key: KeyId,
    pub program: &'static Program,
    pub purpose: Purpose,
    pub options: OptionValues,
    pub passphrase: Option<Passphrase>,
    /// The user goes on though nobody has compared what they shared.
    pub not_compared: bool,
    /// None shows it as a code instead.
    pub path: Option<PathBuf>,
}

/// What is put on paper.
#[derive(Clone, Debug)]
pub enum PaperOf {
    /// This device's own key.
    Device,
    Export {
        key: KeyId,
        program: &'static Program,
        purpose: Purpose,
        options: OptionValues,
    },
}

/// Pages that the worker is to save.
#[derive(Debug)]
pub struct PaperRequest {
    pub of: PaperOf,
    pub plan: Plan,
    pub path: PathBuf,
    /// Opens an identity that is protected now.
    pub current: Option<Passphrase>,
}

/// Pages that were read, for the worker to restore what they hold.
#[derive(Debug)]
pub struct PaperRestoration {
    pub reader: PaperReader,
    /// What they hold, where no code said it.
    pub kind: Option<Kind>,
    /// Where a file goes.
    pub path: PathBuf,
    /// The user agreed to become the pages' device; opens an identity that is protected
    /// now, and protects the new one.
    pub current: Option<Passphrase>,
}

/// What an export holds as a code, and what the user should know about it.
#[derive(Clone)]
pub struct ExportCode {
    pub text: SecretText,
    /// Which one it is, where there are several.
    pub caption: Option<String>,
    pub notes: Vec<&'static str>,
    /// The caption on paper.
    pub lines: Vec<String>,
}

impl fmt::Debug for ExportCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExportCode { … }")
    }
}

/// What codes say, which may be secret.
#[derive(Clone)]
pub struct Payloads(pub Vec<Zeroizing<Vec<u8>>>);

impl From<Vec<Vec<u8>>> for Payloads {
    fn from(codes: Vec<Vec<u8>>) -> Self {
        Self(codes.into_iter().map(Zeroizing::new).collect())
    }
}

impl fmt::Debug for Payloads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Payloads({})", self.0.len())
    }
}
