//! What comes after a pairing.

pub const NAME: &str = "Name";
pub const SAVED_ON_BOTH: &str = "The key is already saved on both devices.";
pub const DELETE_THIS_KEY: &str = "Delete this key…";
pub const TYPED: &str = "You typed what the other screen shows. Nobody stood between you.";
pub const THE_KEY_IS_SAVED: &str = "The key is saved.";
pub const SOMEBODY_COULD: &str = "Somebody could stand between you until you compare.";
pub const NOT_COMPARED_YET: &str = "Not compared yet.";
pub const PICTURE: &str = "Both devices now show this picture. It is a reminder, not a proof.";
pub const KEEP_BOTH_KEYS: &str = "Keep both keys";
pub const REPLACE: &str = "Replace: stop using the old key";
pub const USE_THE_KEY_WITH_A_PROGRAM: &str = "Use the key with a program…";
pub const PROGRAMS: &str = "Backups, disks, passwords, VPN";
pub const ENCRYPT_A_FILE_FOR_IT: &str = "Encrypt a file for it…";
pub const ONLY_THE_TWO_OF_YOU: &str = "Only the two of you can open it";
pub const PUT_IT_ON_A_PHONE: &str = "Put it on a phone…";
pub const PHONE_CODES: &str = "Wi-Fi, WireGuard, Meshtastic";
pub const WHAT_NEXT: &str = "What next?";
pub const REALLY_DELETE: &str = "Delete this key?";

pub fn compared(name: &str) -> String {
    format!("Compared. This is {name}.")
}

pub fn compared_before(name: &str, method: &str) -> String {
    format!("You compared with {name} before, by {method}.")
}

/// Somebody came under the name of the known contact `name`.
pub fn different_key(name: &str) -> String {
    format!(
        "{name} has a different key than before, which stays in use. This one is held back until \
         you have decided and compared."
    )
}

pub fn you_already_have(name: &str) -> String {
    format!("You already have {name}.")
}

pub fn calls_itself(name: &str) -> String {
    format!("It calls itself “{name}”. Only you see the name you give.")
}

pub fn deleted_here(name: &str) -> String {
    format!(
        "It is deleted here. {name} still has it: tell them. Nothing you had before is affected."
    )
}
