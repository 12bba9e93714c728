//! How a command ends when it does not succeed.

use std::process::ExitCode;

use serde_json::json;

use super::code_size::CodeTooLarge;
use super::output::{Output, to_standard_error};
use crate::messages::{self, Explain, Notification};
use keyglance_capture::CaptureError;
use keyglance_core::contacts::{IdentityError, LocalNameError};
use keyglance_core::crypto::{PublicKeyError, PurposeError};
use keyglance_core::exports::ExportError;
use keyglance_core::keyfile::{KeyFileError, PassphraseError, StreamError};
use keyglance_core::pairing::{NameError, PairingError};
use keyglance_core::paper::{GatherError, PlanError};
use keyglance_profile::{
    BackupError, CardReadError, CodeFileError, ExportFailure, IdentityChangeError,
    PageAddressError, PaperError, PhonePageError, ShareError, StoreError, WriteError, printable,
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

    /// What the terminal says of an error.
    fn explained(code: u8, kind: &'static str, error: &impl Explain) -> Self {
        let Notification { what, advice } = messages::terminal::explain(error);
        let advice = (!advice.is_empty()).then_some(advice);
        Self { code, kind, what, advice }
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

    /// Says one more thing to do.
    pub fn and_advise(mut self, more: Option<String>) -> Self {
        if let Some(more) = more {
            let advice = self.advice.take().map_or_else(String::new, |advice| advice + "\n");
            self.advice = Some(advice + &more);
        }
        self
    }

    pub fn about(mut self, subject: &str) -> Self {
        self.what = format!("{subject}: {}", self.what);
        self
    }

    /// All of it in one line, for a program that shows no more of another's errors.
    pub fn in_one_line(mut self) -> Self {
        if let Some(advice) = self.advice.take() {
            let advice = advice.split_whitespace().collect::<Vec<_>>().join(" ");
            let is_command = advice.starts_with("keyglance ");
            let advice = if is_command { format!("({advice})") } else { advice };
            self.what = format!("{} {advice}", self.what);
        }
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

/// Turns errors of the libraries into failures: what is said of them, the exit code, and
/// what it is in JSON.
macro_rules! failures {
    ($($error:ty => $kinds:expr;)+) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                #[allow(clippy::redundant_closure_call)]
                let (code, kind) = ($kinds)(&error);
                Self::explained(code, kind, &error)
            }
        }
    )+};
}

failures! {
    IdentityError => |_| (ERROR, "not_a_device");
    PublicKeyError => |_| (USAGE, "usage");
    StreamError => |_| (ERROR, "not_sealed");
    CaptureError => |_| (ERROR, "no_source");
    KeyFileError => |_| (ERROR, "not_a_key_file");
    PassphraseError => |_| (ERROR, "passphrase");
    EncodeError => |_| (ERROR, "no_room");
    RenderError => |_| (ERROR, "no_room");
    LocalNameError => |_| (USAGE, "name");
    NameError => |_| (USAGE, "name");
    PurposeError => |_| (USAGE, "usage");
    WriteError => |_| (ERROR, "not_written");
    StoreError => store;
    CodeFileError => code_file;
    ExportFailure => export;
    ExportError => target;
    CardReadError => |_| (ERROR, "not_shared");
    ShareError => |_| (ERROR, "not_shared");
    BackupError => backup;
    IdentityChangeError => identity_change;
    PaperError => paper;
    PlanError => |_| (USAGE, "usage");
    PageAddressError => |_| (USAGE, "usage");
    PhonePageError => phone_page;
}

const fn store(error: &StoreError) -> (u8, &'static str) {
    match error {
        StoreError::Refused(refusal) => (MISMATCH, refusal.code()),
        StoreError::Name(_) => (USAGE, "name"),
        StoreError::NotFound { .. } | StoreError::NothingCalled { .. } => (ERROR, "not_found"),
        StoreError::Ambiguous { .. } => (ERROR, "ambiguous"),
        StoreError::NoKey(_) => (ERROR, "no_key"),
        StoreError::KeyKnown(_) | StoreError::Known(_) => (ERROR, "known"),
        StoreError::Passphrase(_) => (ERROR, "passphrase"),
        _ => (ERROR, "profile"),
    }
}

const fn code_file(error: &CodeFileError) -> (u8, &'static str) {
    match error {
        CodeFileError::Several | CodeFileError::Ending { .. } => (USAGE, "usage"),
        CodeFileError::Write(_) => (ERROR, "not_written"),
        _ => (ERROR, "error"),
    }
}

const fn export(error: &ExportFailure) -> (u8, &'static str) {
    match error {
        ExportFailure::Store(error) => store(error),
        ExportFailure::Target(error) => target(error),
        ExportFailure::Passphrase(_) => (ERROR, "passphrase"),
        ExportFailure::Code(_) => (ERROR, "no_room"),
        ExportFailure::Write(_) => (ERROR, "not_written"),
        ExportFailure::NotScanned(_)
        | ExportFailure::Incomplete(_)
        | ExportFailure::NoSecret(_) => (USAGE, "usage"),
        _ => (ERROR, "error"),
    }
}

const fn target(error: &ExportError) -> (u8, &'static str) {
    match error {
        ExportError::NotAcknowledged(_) => (MISMATCH, "unconfirmed"),
        ExportError::NotPostQuantum { .. } => (MISMATCH, "not_post_quantum"),
        ExportError::NotShared { .. } => (MISMATCH, "not_shared"),
        ExportError::Card(_) | ExportError::Identifier(_) => (MISMATCH, "shared_damaged"),
        ExportError::Unknown { .. } => (USAGE, "no_program"),
        ExportError::TakesNoKey { .. } => (USAGE, "takes_no_key"),
        // The rest is about what was asked for.
        _ => (USAGE, "usage"),
    }
}

const fn backup(error: &BackupError) -> (u8, &'static str) {
    match error {
        BackupError::Store(error) => store(error),
        BackupError::Passphrase(_) => (ERROR, "passphrase"),
        BackupError::Write(_) => (ERROR, "not_written"),
        _ => (ERROR, "backup"),
    }
}

const fn paper(error: &PaperError) -> (u8, &'static str) {
    match error {
        PaperError::Store(error) => store(error),
        PaperError::File(error) => code_file(error),
        PaperError::NoKind | PaperError::OtherKind(_) => (USAGE, "usage"),
        PaperError::Gather(GatherError::Missing { .. }) | PaperError::NoCode => {
            (NOTHING_SCANNED, "pages_missing")
        }
        PaperError::Gather(_) | PaperError::OtherCode => (MISMATCH, "other_pages"),
        PaperError::Share(_) => (ERROR, "no_page"),
        PaperError::TooLarge { .. } => (ERROR, "no_room"),
        _ => (ERROR, "error"),
    }
}

const fn phone_page(error: &PhonePageError) -> (u8, &'static str) {
    match error {
        PhonePageError::Write(_) => (ERROR, "not_written"),
        _ => (ERROR, "no_page"),
    }
}

const fn identity_change(error: &IdentityChangeError) -> (u8, &'static str) {
    match error {
        IdentityChangeError::Store(error) => store(error),
        IdentityChangeError::Write(_) => (ERROR, "not_written"),
        IdentityChangeError::ProtectionLost => (USAGE, "usage"),
        _ => (ERROR, "error"),
    }
}

impl From<CodeTooLarge> for Failure {
    fn from(error: CodeTooLarge) -> Self {
        let failure = Self::error(messages::sentence(&error)).of_kind("no_room");
        failure.advise(messages::terminal::CODE_TOO_LARGE)
    }
}

impl From<PairingError> for Failure {
    fn from(error: PairingError) -> Self {
        let (code, kind) = match error {
            PairingError::CheckCodeDiffers => (MISMATCH, "mismatch"),
            _ => (ERROR, "not_paired"),
        };
        let (what, advice) = messages::pairing(error);
        Self::new(code, what).of_kind(kind).advise(advice)
    }
}
