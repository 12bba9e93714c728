//! How a command ends when it does not succeed.

use std::process::ExitCode;

use serde_json::json;

use super::code_size::CodeTooLarge;
use super::output::{Output, to_standard_error};
use crate::messages;
use keyglance_capture::CaptureError;
use keyglance_core::contacts::{IdentityError, LocalNameError};
use keyglance_core::crypto::{PublicKeyError, PurposeError};
use keyglance_core::exports::{ExportError, TARGETS};
use keyglance_core::keyfile::{KeyFileError, PassphraseError, StreamError};
use keyglance_core::pairing::{NameError, PairingError};
use keyglance_profile::{
    BackupError, CodeFileError, ExportFailure, IdentityChangeError, StoreError, WriteError,
    printable,
};
use keyglance_qr::{EncodeError, RenderError};

pub const DONE: u8 = 0;
pub const ERROR: u8 = 1;
pub const USAGE: u8 = 2;
pub const MISMATCH: u8 = 3;
pub const NOTHING_SCANNED: u8 = 4;

/// What happened, what to do about it, and the exit code.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    /// What it is in JSON.
    kind: &'static str,
    what: String,
    advice: Option<String>,
}

impl Failure {
    pub fn new(code: u8, what: impl Into<String>) -> Self {
        let kind = match code {
            USAGE => "usage",
            MISMATCH => "not_compared",
            NOTHING_SCANNED => "nothing_found",
            _ => "error",
        };
        Self { code, kind, what: what.into(), advice: None }
    }

    /// The same, called so in JSON.
    pub const fn of_kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    fn advise_maybe(mut self, advice: Option<String>) -> Self {
        self.advice = advice;
        self
    }

    pub fn error(what: impl Into<String>) -> Self {
        Self::new(ERROR, what)
    }

    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(USAGE, what)
    }

    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    pub fn about(mut self, subject: &str) -> Self {
        self.what = format!("{subject}: {}", self.what);
        self
    }

    /// What happened, and what to do.
    pub fn said(&self) -> (&str, Option<&str>) {
        (&self.what, self.advice.as_deref())
    }

    /// Writes it as a JSON result, unless there was a result already: then the exit code
    /// tells.
    pub fn report_json(&self, output: Output) {
        let error = json!({ "code": self.kind, "message": self.what, "next": self.advice });
        output.failure(&json!({ "error": error }));
    }

    /// Writes it to standard error, with `--json` also as a result, and returns the exit
    /// code.
    pub fn report(self, output: Output) -> ExitCode {
        self.report_json(output);
        // One line: what is told may hold a file's name, or another program's error.
        let mut text = format!("keyglance: {}\n", printable(&self.what));
        if let Some(advice) = self.advice {
            text.push_str(&advice);
            text.push('\n');
        }
        to_standard_error(&text);
        ExitCode::from(self.code)
    }
}

/// Turns errors of the libraries into failures: their own text, and our advice.
macro_rules! failures {
    ($($error:ty => $code:expr, $kind:expr, $advice:expr;)+) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                #[allow(clippy::redundant_closure_call)]
                let advice: Option<String> = ($advice)(&error);
                Self::new($code, messages::told(error)).of_kind($kind).advise_maybe(advice)
            }
        }
    )+};
}

failures! {
    IdentityError => ERROR, "not_a_device", |_| None;
    PublicKeyError => USAGE, "usage", |_| None;
    StreamError => ERROR, "not_sealed", messages::terminal::stream;
    CaptureError => ERROR, "no_source", messages::terminal::capture;
    KeyFileError => ERROR, "not_a_key_file", messages::terminal::key_file;
    PassphraseError => ERROR, "passphrase", messages::terminal::passphrase;
    EncodeError => ERROR, "no_room", |_| None;
    RenderError => ERROR, "no_room", |_| None;
    LocalNameError => USAGE, "name", |_| None;
    NameError => USAGE, "name", |_| None;
    PurposeError => USAGE, "usage", |_| None;
}

impl From<CodeTooLarge> for Failure {
    fn from(error: CodeTooLarge) -> Self {
        let failure = Self::error(error.to_string()).of_kind("no_room");
        failure.advise(messages::terminal::CODE_TOO_LARGE)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let advice = messages::terminal::store(&error);
        let (code, kind) = match &error {
            StoreError::Refused(refusal) => (MISMATCH, refusal.code()),
            StoreError::Name(_) => (USAGE, "name"),
            StoreError::NotFound { .. } | StoreError::NothingCalled { .. } => (ERROR, "not_found"),
            StoreError::Ambiguous { .. } => (ERROR, "ambiguous"),
            StoreError::NoKey(_) => (ERROR, "no_key"),
            StoreError::KeyKnown(_) | StoreError::Known(_) => (ERROR, "known"),
            StoreError::Passphrase(_) => (ERROR, "passphrase"),
            _ => (ERROR, "profile"),
        };
        Self::new(code, messages::told(error)).of_kind(kind).advise_maybe(advice)
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        let advice = match &error {
            WriteError::Exists(_) => "Nothing was written. Choose another name with --out FILE.",
            WriteError::Io { kind, .. } => messages::file_advice(*kind),
            _ => "Nothing was written.",
        };
        Self::error(messages::told(error)).of_kind("not_written").advise(advice)
    }
}

impl From<CodeFileError> for Failure {
    fn from(error: CodeFileError) -> Self {
        match error {
            CodeFileError::Write(error) => error.into(),
            CodeFileError::Several => {
                Self::usage(error.to_string()).advise("Use --out FILE.html for a page of several.")
            }
            CodeFileError::Ending { .. } => Self::usage(error.to_string()),
            error => Self::error(error.to_string()),
        }
    }
}

impl From<ExportFailure> for Failure {
    fn from(error: ExportFailure) -> Self {
        match error {
            ExportFailure::Store(error) => error.into(),
            ExportFailure::Target(error) => error.into(),
            ExportFailure::Passphrase(error) => error.into(),
            ExportFailure::Code(error) => error.into(),
            ExportFailure::Write(error) => error.into(),
            ExportFailure::NotScanned(_) => {
                let scanned = TARGETS.iter().filter(|target| target.scanned_by.is_some());
                let names: Vec<_> = scanned.map(|target| target.name).collect();
                Self::usage(error.to_string()).advise(format!("These are: {}.", names.join(", ")))
            }
            ExportFailure::Incomplete(_) => Self::usage(error.to_string()).advise(
                "Between devices of your own use --own-devices; else export a file and fill it in.",
            ),
            error => Self::error(error.to_string()),
        }
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Store(error) => error.into(),
            BackupError::Passphrase(error) => error.into(),
            BackupError::Write(error) => error.into(),
            error => {
                Self::error(messages::told(error)).of_kind("backup").advise("Nothing was changed.")
            }
        }
    }
}

impl From<IdentityChangeError> for Failure {
    fn from(error: IdentityChangeError) -> Self {
        match error {
            IdentityChangeError::Store(error) => error.into(),
            IdentityChangeError::Write(error) => error.into(),
            IdentityChangeError::ProtectionLost => Self::usage(error.to_string()).advise(
                "Nothing was changed. Add --protect to protect the new one too, or first remove \
                 the passphrase with: keyglance device protect --undo",
            ),
            error => Self::error(messages::told(error)),
        }
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        let advice = messages::terminal::export(&error);
        let (code, kind) = match error {
            ExportError::NotAcknowledged(_) => (MISMATCH, "unconfirmed"),
            ExportError::NotPostQuantum { .. } => (MISMATCH, "not_post_quantum"),
            ExportError::Unknown { .. } => (USAGE, "no_program"),
            ExportError::TakesNoKey { .. } => (USAGE, "takes_no_key"),
            // The rest is about what was asked for.
            _ => (USAGE, "usage"),
        };
        Self::new(code, messages::told(error)).of_kind(kind).advise_maybe(advice)
    }
}

impl From<PairingError> for Failure {
    fn from(error: PairingError) -> Self {
        let (code, kind) = match error {
            PairingError::CheckCodeDiffers => (MISMATCH, "mismatch"),
            _ => (ERROR, "not_paired"),
        };
        let (what, advice) = messages::terminal::pairing(error);
        Self::new(code, what).of_kind(kind).advise(advice)
    }
}
