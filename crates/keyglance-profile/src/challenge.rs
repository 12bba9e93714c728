//! Asking somebody in a call who they are, with a key that passed the gate.

use keyglance_core::challenge::Challenge;
use keyglance_core::crypto::Purpose;
use keyglance_core::exports::ExportError;

use crate::gate::UsableKey;

impl UsableKey {
    /// A conversation with the holder of this key, by the separate key that `purpose`
    /// names. Nothing of it is kept. A key that nobody compared ([`UsableKey::is_unverified`])
    /// proves no more than that it is the device that was paired with; a face says so.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn challenge(&self, purpose: &Purpose) -> Result<Challenge, ExportError> {
        Challenge::new(&self.file, purpose)
    }
}
