//! Every label that separates one use of a hash or key from another.
//!
//! `00` after a label, where the protocol asks for it, is part of the constant.

/// The Noise protocol name of suite 1 (Noise rev 34, section 8). 32 bytes.
pub const NOISE_XX: &[u8] = b"Noise_XX_25519_ChaChaPoly_SHA256";

/// Begins the Noise prologue; the suite and both HELLO bodies follow.
pub const PROLOGUE: &[u8] = b"keyglance/1\0";
/// Begins the preimage of a commitment.
pub const COMMIT: &[u8] = b"keyglance/1 commit\0";
/// Begins the preimage of a session id.
pub const SESSION_ID: &[u8] = b"keyglance/1 sid\0";
/// Begins the preimage of the check code.
pub const CHECK: &[u8] = b"keyglance/1 check\0";

/// Extracts the exporter's root from the final chaining key.
pub const EXPORTER: &[u8] = b"keyglance/1 exporter";
/// Asks the root for the exporter's chain (Noise ASK draft); `01` is its index.
pub const ASK: &[u8] = b"ask\x01";
/// Stands before the label of every export.
pub const EXPORT_PREFIX: &[u8] = b"keyglance/1 ";

/// The identifier in every fingerprint, where a messenger has a phone number.
pub const FINGERPRINT_IDENTIFIER: &[u8] = b"keyglance";

/// Export: the public id of a shared key, 8 bytes.
pub const KEY_ID: &str = "key-id";
/// Export: 32 bytes for any program.
pub const RAW: &str = "raw";
/// Export: an X25519 identity in the age format.
pub const AGE_X25519: &str = "age-x25519";
