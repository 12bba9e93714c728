//! Verifying a contact: by its safety number, or by its fingerprint code.

use jiff::Timestamp;
use keyglance_core::contacts::ContactId;
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
) -> Result<VerificationResult, FingerprintScanHint> {
    match FingerprintCode::from_text(text).and_then(|theirs| ours.compare(&theirs)) {
        Ok(Comparison::Match) => Ok(VerificationResult::Match(Method::FingerprintCode)),
        Ok(Comparison::Mismatch) => Ok(VerificationResult::Mismatch),
        Ok(Comparison::OwnCode) => Err(FingerprintScanHint::OwnCode),
        Err(FingerprintCodeError::NotOurs) => Err(FingerprintScanHint::NotAFingerprintCode),
        Err(FingerprintCodeError::Version) => Err(FingerprintScanHint::OtherVersion),
        Err(_) => Err(FingerprintScanHint::Damaged),
    }
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
