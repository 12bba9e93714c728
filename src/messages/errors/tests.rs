//! Every error is told to people, in the window and in a terminal.

use std::io;
use std::io::ErrorKind;
use std::path::PathBuf;

use keyglance_capture::{CameraError, CaptureError, PictureFileError, ScreenError};
use keyglance_core::contacts::LocalNameError;
use keyglance_core::crypto::PurposeError;
use keyglance_core::exports::{ExportError, OptionError, Target};
use keyglance_core::identifiers::{IdentifierError, IdentifierKind};
use keyglance_core::keyfile::{KeyFileError, PassphraseError, StreamError};
use keyglance_profile::{
    BackupError, CardNotice, CardReadError, CodeFileError, ExportFailure, FileKindError, GpgError,
    IdentityChangeError, OpenKeyError, Refusal, SealFileError, ShareError, StoreError, WriteError,
};
use keyglance_qr::{OtherFormat, PictureError};

use super::*;

/// Every kind of error that a system gives.
const KINDS: [ErrorKind; 9] = [
    ErrorKind::NotFound,
    ErrorKind::PermissionDenied,
    ErrorKind::StorageFull,
    ErrorKind::ReadOnlyFilesystem,
    ErrorKind::NotADirectory,
    ErrorKind::IsADirectory,
    ErrorKind::Interrupted,
    ErrorKind::InvalidFilename,
    ErrorKind::Other,
];

fn path() -> PathBuf {
    PathBuf::from("/home/ana/\u{202e}it's \"here\"")
}

fn refusals() -> Vec<Refusal> {
    let name = || "Zoë \"x\"\u{200b}".to_owned();
    vec![
        Refusal::Mismatch(name()),
        Refusal::HeldBack { contact: name(), known: name(), decided: false },
        Refusal::HeldBack { contact: name(), known: name(), decided: true },
        Refusal::Blocked(name()),
        Refusal::Retired(name()),
        Refusal::NotAcknowledged(name()),
        Refusal::ContactUnreadable(name()),
        Refusal::NotCompared(name()),
    ]
}

fn passphrases() -> Vec<PassphraseError> {
    vec![
        PassphraseError::Empty,
        PassphraseError::Wrong,
        PassphraseError::NotAgeFile,
        PassphraseError::NotByPassphrase,
        PassphraseError::Damaged,
    ]
}

fn stores() -> Vec<StoreError> {
    let name = || "Zoë \"x\"\u{200b}".to_owned();
    let mut all = vec![
        StoreError::NoHome,
        StoreError::NotAFolder(path()),
        StoreError::NotAFile(path()),
        StoreError::TooLarge(path()),
        StoreError::NotAProfile(path()),
        StoreError::NotOurs(path()),
        StoreError::ForeignFile(path()),
        StoreError::WritableByOthers(path()),
        StoreError::Newer(9),
        StoreError::Permission(path()),
        StoreError::ReadOnly(path()),
        StoreError::NoSpace(path()),
        StoreError::NotMoved { from: path(), to: path() },
        StoreError::IdentityDamaged,
        StoreError::OwnCardDamaged(path()),
        StoreError::ProtectionLost,
        StoreError::IdentityExists,
        StoreError::NoIdentity,
        StoreError::NotFound { what: "contact", name: name() },
        StoreError::NothingToCompare(name()),
        StoreError::Ambiguous { text: name(), candidates: Vec::new() },
        StoreError::NoKey(name()),
        StoreError::Known(name()),
        StoreError::Decided(name()),
        StoreError::KeyKnown(name()),
        StoreError::KeyRejected,
        StoreError::NameTaken(name()),
        StoreError::Name(LocalNameError::Empty),
        StoreError::Name(LocalNameError::TooLong),
        StoreError::Name(LocalNameError::Hidden('\u{200b}')),
    ];
    all.extend(KINDS.map(|kind| StoreError::Io { path: path(), kind }));
    all.extend(refusals().into_iter().map(StoreError::Refused));
    all.extend(passphrases().into_iter().map(StoreError::Passphrase));
    all
}

fn writes() -> Vec<WriteError> {
    let kinds = KINDS.map(|kind| WriteError::Io { path: path(), kind }).into_iter();
    kinds.chain([WriteError::Exists(path())]).collect()
}

fn files() -> Vec<FileKindError> {
    let mut files = vec![
        FileKindError::Missing(path()),
        FileKindError::Folder(path()),
        FileKindError::NotAFile(path()),
        FileKindError::Empty(path()),
        FileKindError::Denied(path()),
    ];
    files.extend(KINDS.map(|kind| FileKindError::Io { path: path(), kind }));
    files
}

fn streams() -> Vec<StreamError> {
    let mut streams = vec![
        StreamError::NotAgeFile,
        StreamError::UnknownVersion,
        StreamError::HeaderTooLarge,
        StreamError::TooManyRecipients,
        StreamError::ByPassphrase,
        StreamError::NoKey,
        StreamError::Damaged,
        StreamError::Read(io::Error::from_raw_os_error(5)),
        StreamError::Write(io::Error::from_raw_os_error(28)),
        StreamError::Write(ErrorKind::BrokenPipe.into()),
    ];
    streams.extend(KINDS.map(|kind| StreamError::Read(kind.into())));
    streams.extend(KINDS.map(|kind| StreamError::Write(kind.into())));
    streams
}

fn key_files() -> Vec<KeyFileError> {
    vec![
        KeyFileError::NotOurs,
        KeyFileError::Older(0),
        KeyFileError::Newer(9),
        KeyFileError::Damaged,
        KeyFileError::KeyId,
        KeyFileError::SafetyNumber,
        KeyFileError::TooLarge,
    ]
}

fn backups() -> Vec<BackupError> {
    let mut backups = vec![
        BackupError::NotABackup,
        BackupError::Newer(9),
        BackupError::Damaged,
        BackupError::Changed,
        BackupError::Incomplete("x: entity not found".to_owned()),
        BackupError::TooLarge,
    ];
    backups.extend(KINDS.map(BackupError::Read));
    backups.extend(writes().into_iter().map(BackupError::Write));
    backups.extend(stores().into_iter().map(BackupError::Store));
    backups.extend(passphrases().into_iter().map(BackupError::Passphrase));
    backups
}

fn exports() -> Vec<ExportFailure> {
    let options = [
        OptionError::Missing,
        OptionError::TooLong(32),
        OptionError::Empty,
        OptionError::Hidden('\u{200b}'),
        OptionError::Address,
        OptionError::Endpoint,
        OptionError::Brackets,
        OptionError::NotAscii,
        OptionError::Port,
        OptionError::PublicKey,
        OptionError::NotWith("own-devices"),
        OptionError::Onion,
    ];
    let option = |error| ExportError::InvalidOption { option: "peer-public-key", error };
    let wifi = Target::find("wifi").unwrap().name;
    let mut targets: Vec<ExportError> = options.into_iter().map(option).collect();
    targets.extend([
        ExportError::NotPostQuantum { target: wifi },
        ExportError::Unknown { name: "wfii".to_owned(), close: vec![wifi] },
        ExportError::Unknown { name: "nothing".to_owned(), close: Vec::new() },
        ExportError::TakesNoKey { app: "Signal", answer: "Check its code instead." },
        ExportError::NoSuchOption { target: wifi, option: "endpoint" },
    ]);
    let mut exports: Vec<ExportFailure> = targets.into_iter().map(ExportFailure::Target).collect();
    exports.extend([ExportFailure::NotScanned(wifi), ExportFailure::Incomplete(wifi)]);
    exports.extend(writes().into_iter().map(ExportFailure::Write));
    exports.extend(stores().into_iter().map(ExportFailure::Store));
    exports
}

fn identifiers() -> Vec<IdentifierError> {
    let mut errors =
        vec![IdentifierError::Private, IdentifierError::OtherType("ssh-rsa\u{202e}".to_owned())];
    for kind in IdentifierKind::ALL {
        errors.extend([
            IdentifierError::NotThis(kind),
            IdentifierError::Mistyped(kind),
            IdentifierError::Unsafe(kind),
        ]);
    }
    errors
}

fn card_reads() -> Vec<CardReadError> {
    let gpg = [GpgError::NotInstalled, GpgError::TooSlow, GpgError::Failed, GpgError::NoKey];
    let mut reads = vec![
        CardReadError::Missing(path()),
        CardReadError::NotAFile(path()),
        CardReadError::TooLarge(path()),
        CardReadError::PrivateKey(None),
        CardReadError::PrivateKey(Some(path())),
        CardReadError::LooksPrivate { path: None, unless_public: None },
        CardReadError::LooksPrivate { path: Some(path()), unless_public: None },
        CardReadError::Given,
        CardReadError::Several(Vec::new()),
        CardReadError::NoHostName,
    ];
    reads.extend(gpg.map(CardReadError::Gpg));
    reads.extend(KINDS.map(|kind| CardReadError::Io { path: path(), kind }));
    for error in identifiers() {
        reads.push(CardReadError::Invalid { path: None, error: error.clone() });
        reads.push(CardReadError::Invalid { path: Some(path()), error });
    }
    reads
}

fn shares() -> (Vec<ShareError>, Vec<CardNotice>) {
    let kind = IdentifierKind::SshHost;
    let mut errors = vec![ShareError::Changed(kind)];
    errors.extend(card_reads().into_iter().map(|error| ShareError::Read { kind, error }));
    let mut notices = vec![CardNotice::Changed(kind)];
    notices.extend(card_reads().into_iter().map(|error| CardNotice::Unreadable(kind, error)));
    notices.extend(stores().into_iter().map(CardNotice::NothingKnown));
    (errors, notices)
}

fn captures() -> Vec<CaptureError> {
    let picture = |error| PictureFileError::Picture { path: path(), error };
    let mut files = vec![
        PictureFileError::NotFound(path()),
        PictureFileError::IsDirectory(path()),
        PictureFileError::NotAFile(path()),
        picture(PictureError::Empty),
        picture(PictureError::NotAPicture),
        picture(PictureError::OtherFormat(OtherFormat::Pdf)),
        picture(PictureError::TooManyBytes),
        picture(PictureError::Damaged),
    ];
    files.extend(KINDS.map(|kind| PictureFileError::Unreadable { path: path(), kind }));
    let cameras = [
        CameraError::NoCamera,
        CameraError::NoSuchCamera(3),
        CameraError::Busy,
        CameraError::Denied,
        CameraError::AwaitingPermission,
        CameraError::Stalled,
        CameraError::Unplugged,
        CameraError::UnsupportedFormat,
        CameraError::Failed,
        CameraError::FixedStalled,
        CameraError::FixedFailed,
        CameraError::NeedsPipeWire,
        CameraError::NotBuilt,
    ];
    let screens = [
        ScreenError::NoScreen,
        ScreenError::Denied,
        ScreenError::NotSupported,
        ScreenError::ColourDepth(8),
        ScreenError::Lost,
        ScreenError::NotBuilt,
    ];
    let mut all = vec![CaptureError::NoThread];
    all.extend(files.into_iter().map(CaptureError::File));
    all.extend(cameras.map(CaptureError::Camera));
    all.extend(screens.map(CaptureError::Screen));
    all
}

/// Everything that can go wrong and that a face says.
fn all() -> Vec<Box<dyn Explain>> {
    fn each<E: Explain + 'static>(errors: Vec<E>) -> impl Iterator<Item = Box<dyn Explain>> {
        errors.into_iter().map(|error| Box::new(error) as Box<dyn Explain>)
    }
    let mut changes = vec![IdentityChangeError::ProtectionLost];
    changes.extend(KINDS.map(|kind| IdentityChangeError::Read { path: path(), kind }));
    let mut keys: Vec<OpenKeyError> = files().into_iter().map(OpenKeyError::File).collect();
    keys.extend(passphrases().into_iter().map(OpenKeyError::Passphrase));
    keys.extend(key_files().into_iter().map(OpenKeyError::Key));
    let mut sealed: Vec<SealFileError> = files().into_iter().map(SealFileError::File).collect();
    sealed.extend(streams().into_iter().map(SealFileError::Stream));
    let mut codes =
        vec![CodeFileError::Ending { path: path(), wanted: ".png" }, CodeFileError::Several];
    codes.extend(writes().into_iter().map(CodeFileError::Write));
    let words = vec![PurposeError::Space, PurposeError::Hidden('\u{200b}'), PurposeError::TooLong];
    let (shares, notices) = shares();
    each(stores())
        .chain(each(identifiers()))
        .chain(each(card_reads()))
        .chain(each(shares))
        .chain(each(notices))
        .chain(each(writes()))
        .chain(each(refusals()))
        .chain(each(backups()))
        .chain(each(changes))
        .chain(each(keys))
        .chain(each(sealed))
        .chain(each(exports()))
        .chain(each(codes))
        .chain(each(words))
        .chain(each(captures()))
        .collect()
}

/// What a system, a programmer or a shell says, and what is never shown.
#[test]
fn no_error_speaks_of_systems_or_types_nor_in_the_window_of_a_shell() {
    const NEVER: [&str; 19] = [
        "entity not found",
        "os error",
        "errno",
        "uncategorized",
        "\\\"",
        "PathBuf",
        "Some(",
        "None)",
        "Err(",
        "Error",
        "Kind",
        "\u{202e}",
        "\u{200b}",
        "storage full",
        "permission denied",
        "read-only filesystem",
        "operation interrupted",
        "other error",
        "  keyglance: ",
    ];
    // The glossary: one word a thing.
    const WORDS: [&str; 5] = ["fingerprint code", "retire", "purpose", "identity", "recipient"];
    let all = all();
    assert!(all.len() > 250, "{}", all.len());
    for error in &all {
        for face in [Face::Window, Face::Terminal] {
            let Notification { what, advice } = error.explain(face);
            let whole = format!("{what} {advice}");
            for foreign in NEVER {
                assert!(!whole.contains(foreign), "“{foreign}” in {whole}");
            }
            for word in WORDS {
                assert!(!whole.to_lowercase().contains(word), "“{word}” in {whole}");
            }
            if face == Face::Window {
                for shell in [" --", "keyglance ", "stdin", "shell"] {
                    assert!(!whole.contains(shell), "“{shell}” in {whole}");
                }
            }
            // A sentence, unless it begins with a file's name or an option.
            let begins =
                what.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_alphabetic());
            assert!(begins && what.ends_with('.') && !what.ends_with(".."), "{what}");
        }
    }
}

/// Every kind that the system gives, as far as Rust can make one of a number.
#[test]
fn no_file_is_told_of_in_the_words_of_the_system() {
    let mut kinds: Vec<ErrorKind> =
        (1..134).map(|number| io::Error::from_raw_os_error(number).kind()).collect();
    kinds.extend([ErrorKind::UnexpectedEof, ErrorKind::WriteZero, ErrorKind::Other]);
    for kind in &kinds {
        let told = [
            read_failed("key", *kind),
            #[cfg(feature = "cli")]
            file_state(*kind).to_owned(),
            files::write_failed("key", *kind),
            StreamError::Read((*kind).into()).explain(Face::Terminal).what,
            StreamError::Write((*kind).into()).explain(Face::Terminal).what,
        ];
        for text in told {
            for theirs in kinds.iter().map(ToString::to_string) {
                assert!(theirs.len() < 12 || !text.contains(&theirs), "{text}: {theirs}");
            }
            assert!(text.ends_with('.'), "{text}");
        }
    }
}

#[test]
fn the_faces_differ_in_what_to_do() {
    let held_back = Refusal::HeldBack {
        contact: "Bo laptop 2".to_owned(),
        known: "Bo laptop".to_owned(),
        decided: false,
    };
    let [window, terminal] = [Face::Window, Face::Terminal].map(|face| held_back.explain(face));
    assert_eq!(
        window.what,
        "“Bo laptop” has a different key than before; the new one is held back."
    );
    assert_eq!(
        terminal.what,
        "\"Bo laptop\" has a different key than before; the new one is held back."
    );
    assert!(terminal.advice.ends_with("\n  keyglance contacts decide 'Bo laptop 2'"));
    assert!(!window.advice.contains("keyglance"), "{}", window.advice);
    let exists = WriteError::Exists(PathBuf::from("/home/ana/bo.key"));
    assert_eq!(exists.explain(Face::Window).what, "bo.key is already there.");
    assert_eq!(exists.explain(Face::Terminal).what, "/home/ana/bo.key is already there.");
}
