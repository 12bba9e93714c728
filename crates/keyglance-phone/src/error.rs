//! What a call could not do: a number of the contract with the page, a name, and a
//! sentence without secrets.

use keyglance_core::crypto::PurposeError;
use keyglance_core::exports::ExportError;
use keyglance_core::keyfile::{KeyFileError, PassphraseError, StreamError};
use keyglance_core::pairing::{CardError, NameError, NotAcknowledged};
use keyglance_qr::EncodeError;

/// Why a call did nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input is not what the call takes.
    #[error("the page asked wrongly: {0}")]
    Input(&'static str),
    /// There is nothing to do this with, or not yet.
    #[error("{0}")]
    State(&'static str),
    /// The name cannot be one.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The target or one of its options cannot be taken.
    #[error(transparent)]
    Target(ExportError),
    /// The target has no such option.
    #[error("{target} has no {option}")]
    NoSuchOption {
        /// The target.
        target: &'static str,
        /// The option that was asked for.
        option: String,
    },
    /// What a separate key is for cannot be said so.
    #[error(transparent)]
    Purpose(#[from] PurposeError),
    /// The other device has not confirmed that it holds the key.
    #[error(transparent)]
    NotAcknowledged(#[from] NotAcknowledged),
    /// The target promises what the key does not keep.
    #[error("{0}")]
    NotPostQuantum(ExportError),
    /// Nobody has compared the key, so what the other device shared may be somebody else's.
    #[error("what {0:?} shared is not compared")]
    SharedNotCompared(String),
    /// The passphrase cannot be one, or is another.
    #[error(transparent)]
    Passphrase(PassphraseError),
    /// No passphrase was given for a file that is protected by one.
    #[error("the file is protected by a passphrase")]
    PassphraseNeeded,
    /// A passphrase file that cannot be made or opened.
    #[error(transparent)]
    PassphraseFile(PassphraseError),
    /// A document that is no key file.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// What the other device shared was changed in the key file.
    #[error("what the other device shared is damaged: {0}")]
    Card(#[from] CardError),
    /// A file that cannot be sealed or opened.
    #[error(transparent)]
    Stream(StreamError),
    /// There is not as much memory as the file asks for.
    #[error("there is too little memory for this file's protection")]
    Memory,
    /// The page could not read the file.
    #[error("the file could not be read")]
    Read,
    /// The page could not take the result.
    #[error("the result could not be written")]
    Write,
    /// It does not fit a code.
    #[error(transparent)]
    TooLong(#[from] EncodeError),
    /// The devices did not agree: the key is wiped.
    #[error("the check codes of the two devices differ: nothing may be done with this key")]
    Retired,
}

impl Error {
    /// The number that the call gives, below zero.
    #[must_use]
    pub const fn code(&self) -> i32 {
        match self {
            Self::Input(_) | Self::Purpose(_) => -1,
            Self::State(_) => -2,
            Self::Name(_) => -3,
            Self::Target(_) | Self::NoSuchOption { .. } => -4,
            Self::NotAcknowledged(_) => -5,
            Self::Passphrase(_) | Self::PassphraseNeeded => -6,
            Self::PassphraseFile(_) | Self::KeyFile(_) | Self::Card(_) | Self::Stream(_) => -7,
            Self::Memory => -8,
            Self::Read => -9,
            Self::Write => -10,
            Self::TooLong(_) => -11,
            Self::NotPostQuantum(_) => -12,
            Self::Retired => -13,
            Self::SharedNotCompared(_) => -14,
        }
    }

    /// The name of its number.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self.code() {
            -1 => "input",
            -2 => "state",
            -3 => "name",
            -4 => "target",
            -5 => "not-acknowledged",
            -6 => "passphrase",
            -7 => "file",
            -8 => "memory",
            -9 => "read",
            -10 => "write",
            -11 => "too-long",
            -12 => "not-post-quantum",
            -13 => "retired",
            _ => "not-compared",
        }
    }

    /// What the page gets beside the number.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let text = self.to_string();
        serde_json::json!({ "error": self.name(), "text": text }).to_string().into_bytes()
    }
}

impl From<ExportError> for Error {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::NotAcknowledged(error) => Self::NotAcknowledged(error),
            ExportError::NotPostQuantum { .. } => Self::NotPostQuantum(error),
            error => Self::Target(error),
        }
    }
}

impl From<PassphraseError> for Error {
    fn from(error: PassphraseError) -> Self {
        match error {
            PassphraseError::TooCostly(_) => Self::Memory,
            PassphraseError::Empty
            | PassphraseError::TooLong
            | PassphraseError::NotText
            | PassphraseError::Wrong => Self::Passphrase(error),
            error => Self::PassphraseFile(error),
        }
    }
}

impl From<StreamError> for Error {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::NotAcknowledged(error) => Self::NotAcknowledged(error),
            StreamError::Read(_) => Self::Read,
            StreamError::Write(_) => Self::Write,
            error => Self::Stream(error),
        }
    }
}
