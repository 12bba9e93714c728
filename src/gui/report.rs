//! What became of the effects.

use std::path::PathBuf;

use super::effect::{ExportCode, FileDialog};
use super::instance::Request;
use super::model::{
    CameraName, ContactList, LocalDevice, OwnCardView, PhonePageView, SecretText, WindowPairing,
};
use super::screens::what_code::Code;
use crate::messages::Notification;
use crate::messages::window::restore::RestorationPlan;
use jiff::Timestamp;
use keyglance_capture::{ScanEvent, ScreenAccess};
use keyglance_core::challenge::Challenge;
use keyglance_core::contacts::ContactId;
use keyglance_core::identifiers::IdentifierKind;
use keyglance_core::pairing::CheckEntry;
use keyglance_profile::{CardCandidate, PaperReader, Settings, SharedCard, StoreReport};

/// What the worker and the world tell the window.
#[derive(Debug)]
pub enum Report {
    ProfileOpened(Result<Box<OpenedProfile>, Notification>),
    Identity(Result<LocalDevice, Notification>),
    ContactList(ContactList),
    /// What became of a request to store a pairing.
    PairingStored(StoreReport),
    Stored(Result<(), Notification>),
    PairingStarted(Box<WindowPairing>),
    /// What a pairing that begins tells of this device.
    CardToShare(SharedCard),
    OwnCard(Box<OwnCardView>),
    /// What became of something that was to be shared from now on.
    CardRead(IdentifierKind, Result<(), CardReadFailure>),
    PhonePage(Box<PhonePageView>),
    /// The folder that has the page's files now.
    PhonePageSaved(Result<PathBuf, Notification>),
    Scan(ScanEvent),
    /// The bytes of codes that were pasted, dropped or opened.
    CodesRead(Result<Vec<Vec<u8>>, Notification>),
    Cameras(Vec<CameraName>),
    ScreenAccess(ScreenAccess),
    /// A dialog's answer; none where it was closed, or could not be opened.
    FilesChosen(FileDialog, Option<Vec<PathBuf>>),
    CodeSaved(Result<PathBuf, Notification>),
    ContactAdded(Result<ContactId, Notification>),
    /// What digits that were typed said.
    CheckCodeEntered(Result<CheckEntry, Notification>),
    /// A passphrase of six words.
    PassphraseMade(SecretText),
    IdentityBackedUp(Result<PathBuf, Notification>),
    /// What restoring a backup would do.
    RestorationPlanned(Result<RestorationPlan, Notification>),
    Restored(Result<(), Notification>),
    Exported(Result<ExportOutcome, Notification>),
    /// What a file is that was opened or dropped.
    FileSeen(PathBuf, Result<FileContent, Notification>),
    /// What the codes are that were read.
    Inspected(Vec<Code>),
    KeyImported(Result<ContactId, Notification>),
    PaperSaved(Result<PathBuf, Notification>),
    /// The file that pages held is there.
    PaperRestored(PathBuf),
    /// What pages held is not restored; they are given back.
    PaperNotRestored(Box<PaperReader>, Notification),
    /// The numbers of a call.
    ChallengeOpened(Result<Box<OpenChallenge>, Notification>),
    /// The time of day.
    Time(Timestamp),
    Sealed(Result<WrittenFile, Notification>),
    Unsealed(Result<OpenedFile, Notification>),
    /// Whether the system wishes for less motion.
    SystemMotion(bool),
    /// The program was started again, to open this.
    #[cfg_attr(not(unix), allow(dead_code))]
    StartedAgain(Request),
    /// Files that were pasted by their names.
    PastedFiles(Vec<PathBuf>),
    /// What was pasted named no files.
    PastedText(String),
    /// The system refused what was asked of it.
    Failed(Notification),
}

/// Why something is not shared yet.
#[derive(Debug)]
pub enum CardReadFailure {
    /// The user has to choose.
    Several(Vec<CardCandidate>),
    /// It looks private, unless the user says that it is not.
    LooksPrivate(Notification, Box<CardCandidate>),
    Other(Notification),
}

/// What is in a file that was opened or dropped.
#[derive(Debug)]
pub enum FileContent {
    Key(FoundKey),
    /// Under a passphrase, which tells what it is.
    Protected,
    Sealed,
    /// A backup of a whole profile.
    Backup,
    /// The key of a device itself.
    Device,
    Picture,
    Text(Vec<u8>),
    /// The passphrase opens it, and another program reads it.
    ForAnother,
    Other,
}

/// The numbers of a call, and the time of day.
#[derive(Debug)]
pub struct OpenChallenge {
    pub challenge: Challenge,
    pub at: Timestamp,
}

/// A shared key in a file, without its secret.
#[derive(Debug)]
pub struct FoundKey {
    /// Whose, how old, and whether it says that it was compared.
    pub about: String,
    pub warning: Option<String>,
    /// The contact that has it already, and what to say of that.
    pub known: Option<(Option<ContactId>, String)>,
}

/// A file that was written.
#[derive(Debug)]
pub struct WrittenFile {
    pub path: PathBuf,
    pub bytes: u64,
}

/// An encrypted file that was opened.
#[derive(Debug)]
pub struct OpenedFile {
    pub file: WrittenFile,
    pub sealed_by: String,
    pub warning: Option<String>,
}

/// A profile that was opened.
#[derive(Debug)]
pub struct OpenedProfile {
    pub identity: StoredIdentity,
    pub contacts: ContactList,
    pub settings: Settings,
    pub notes: Vec<String>,
    /// Why nothing can be stored, if that is so.
    pub unwritable: Option<Notification>,
    pub suggested_name: String,
    /// Where exports go unless the user says otherwise.
    pub home: PathBuf,
}

#[derive(Debug)]
pub enum StoredIdentity {
    Missing,
    Open(LocalDevice),
    /// Protected by a passphrase.
    Sealed,
}

/// The answer to an export request.
#[derive(Debug)]
pub struct ExportOutcome {
    /// The number of the request.
    pub number: u64,
    pub export: FinishedExport,
}

#[derive(Debug)]
pub enum FinishedExport {
    Files(Box<WrittenFiles>),
    /// Mostly one.
    Codes(Vec<ExportCode>),
}

/// Which files were written, and how they are used.
#[derive(Clone, Debug)]
pub struct WrittenFiles {
    /// The secret one.
    pub path: PathBuf,
    /// The public one beside it.
    pub public: Option<PathBuf>,
    pub protected: bool,
    /// How large the secret one is.
    pub bytes: u64,
    pub notes: Vec<&'static str>,
    /// The command that opens a protected file.
    pub open_command: Option<String>,
    /// How to use it.
    pub usage: Vec<String>,
    /// How its program is given the key without a file.
    pub without_file: Vec<String>,
    /// How the key is revoked or renewed.
    pub undo: Vec<String>,
    /// For which host ssh trusts a key by it, and what it knows of that one already.
    pub trusted: Option<(String, Option<String>)>,
}
