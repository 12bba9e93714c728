//! Verifying a contact: by its safety number, or by its fingerprint code.

use jiff::Timestamp;
use keyglance_core::contacts::{Contact, ContactId};
use keyglance_core::crypto::{Comparison, FingerprintCode, FingerprintCodeError};
use keyglance_core::trust::{Method, Trust, Verified};

use crate::storage::{Profile, StoreError};

/// What a comparison with a contact said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationResult {
    /// It matched, by this method.
    Match(Method),
    /// It did not.
    Mismatch,
}

/// What a fingerprint code says that was in view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FingerprintScan {
    /// The contact shows it to this device: both hold the other's real identity.
    Match,
    /// It is another code than the contact would show to this device. By itself that
    /// says nothing of the contact: it may be somebody else's screen. A person who
    /// says that it was the contact's makes it a [`VerificationResult::Mismatch`].
    Other(FingerprintCode),
}

/// A scanned text that decides nothing: the scan goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FingerprintScanHint {
    /// Our own code.
    OwnCode,
    /// A code of another kind.
    NotAFingerprintCode,
    /// A fingerprint code that cannot be read.
    Damaged,
    /// A fingerprint code of another version.
    OtherVersion,
}

/// Compares a scanned text with the code that we show to the same contact.
///
/// # Errors
/// [`FingerprintScanHint`] for a text that decides nothing.
pub fn compare_fingerprint_code(
    ours: &FingerprintCode,
    text: &str,
) -> Result<FingerprintScan, FingerprintScanHint> {
    let read = FingerprintCode::from_text(text);
    match read.and_then(|theirs| Ok((ours.compare(&theirs)?, theirs))) {
        Ok((Comparison::Match, _)) => Ok(FingerprintScan::Match),
        Ok((Comparison::Mismatch, theirs)) => Ok(FingerprintScan::Other(theirs)),
        Ok((Comparison::OwnCode, _)) => Err(FingerprintScanHint::OwnCode),
        Err(FingerprintCodeError::NotOurs) => Err(FingerprintScanHint::NotAFingerprintCode),
        Err(FingerprintCodeError::Version) => Err(FingerprintScanHint::OtherVersion),
        Err(_) => Err(FingerprintScanHint::Damaged),
    }
}

/// Which of `contacts` shows this code, as far as the code says.
#[must_use]
pub fn shown_by<'a>(code: &FingerprintCode, contacts: &'a [Contact]) -> Option<&'a Contact> {
    contacts.iter().find(|contact| contact.fingerprint() == code.shown_by())
}

impl Profile {
    /// Records what a comparison with a contact said.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn record_verification(
        &self,
        contact: ContactId,
        result: VerificationResult,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let trust = match result {
            VerificationResult::Match(method) => Trust::Verified(Verified { method, at }),
            VerificationResult::Mismatch => Trust::Broken,
        };
        self.set_trust(contact, trust, at)
    }
}
