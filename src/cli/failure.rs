//! How a command ends when it does not succeed.

use std::process::ExitCode;

use super::code_size::CodeTooLarge;
use super::output;
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
    what: String,
    advice: Option<String>,
}

impl Failure {
    pub fn new(code: u8, what: impl Into<String>) -> Self {
        Self { code, what: what.into(), advice: None }
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

    /// Writes it to standard error and returns the exit code.
    pub fn report(self) -> ExitCode {
        // One line: what is told may hold a file's name, or another program's error.
        let mut text = format!("keyglance: {}\n", printable(&self.what));
        if let Some(advice) = self.advice {
            text.push_str(&advice);
            text.push('\n');
        }
        output::to_standard_error(&text);
        ExitCode::from(self.code)
    }
}

/// Turns errors of the libraries into failures: their own text, and our advice.
macro_rules! failures {
    ($($error:ty => $code:expr, $advice:expr;)+) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                #[allow(clippy::redundant_closure_call)]
                let advice: Option<String> = ($advice)(&error);
                Self { code: $code, what: error.to_string(), advice }
            }
        }
    )+};
}

failures! {
    IdentityError => ERROR, |_| None;
    PublicKeyError => USAGE, |_| None;
    StreamError => ERROR, messages::terminal::stream;
    CaptureError => ERROR, messages::terminal::capture;
    KeyFileError => ERROR, messages::terminal::key_file;
    PassphraseError => ERROR, messages::terminal::passphrase;
    EncodeError => ERROR, |_| None;
    RenderError => ERROR, |_| None;
    CodeTooLarge => ERROR, |_| Some(messages::terminal::CODE_TOO_LARGE.to_owned());
    LocalNameError => USAGE, |_| None;
    NameError => USAGE, |_| None;
    PurposeError => USAGE, |_| None;
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let advice = messages::terminal::store(&error);
        let code = match error {
            StoreError::Refused(_) => MISMATCH,
            StoreError::Name(_) => USAGE,
            _ => ERROR,
        };
        Self { code, what: error.to_string(), advice }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        let failure = Self::error(error.to_string());
        match error {
            WriteError::Exists(_) => {
                failure.advise("Nothing was written. Choose another name with --out FILE.")
            }
            _ => failure,
        }
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
            error => Self::error(error.to_string()).advise("Nothing was changed."),
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
                 the passphrase with: keyglance identity --unprotect",
            ),
            error => Self::error(error.to_string()),
        }
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        let advice = messages::terminal::export(&error);
        let code = match error {
            ExportError::NotAcknowledged(_) | ExportError::NotPostQuantum { .. } => MISMATCH,
            // The rest is about what was asked for.
            _ => USAGE,
        };
        Self { code, what: error.to_string(), advice }
    }
}

impl From<PairingError> for Failure {
    fn from(error: PairingError) -> Self {
        let code = if error == PairingError::CheckCodeDiffers { MISMATCH } else { ERROR };
        let (what, advice) = messages::terminal::pairing(error);
        Self { code, what, advice: Some(advice) }
    }
}
