//! Encrypting a file for a contact.

pub const GONE: &str = "This contact is gone";
pub const ENCRYPTING: &str = "Encrypting…";
pub const NO_KEY: &str = "No key yet.";
pub const PAIR_FIRST: &str = "Pair to share one.";
pub const CHOOSE_FIRST: &str = "Choose a file first.";
pub const WHO_CAN_OPEN: &str =
    "Only the two of you can open it, on the devices that share the key.";
pub const FILE: &str = "File";
pub const DROP_IT: &str = "Or drop it anywhere in this window.";
pub const LOOKS_ENCRYPTED: &str = "This looks like a file to open, not to encrypt.";
pub const OPEN_INSTEAD: &str = "Open it instead…";
pub const ENCRYPT: &str = "Encrypt";
pub const ANOTHER: &str = "Encrypt another file…";
pub const SEND_IT: &str = "Send it any way you like. Nobody else can open it.";
pub const HOW_TO_OPEN: &str =
    "To open it: the other device drops it on Keyglance, or opens it there.";

pub fn title(name: &str) -> String {
    format!("Encrypt a file for {name}")
}

pub fn done(name: &str) -> String {
    format!("Encrypted for {name}")
}

/// Where the encrypted file goes.
pub fn written_beside(file: &str) -> String {
    format!("{file} is written beside it. The file itself stays.")
}
