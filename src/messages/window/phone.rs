//! Codes for a phone.

pub const TITLE: &str = "For a phone";
pub const WHAT_FOR: &str = "What does the phone need?";

pub const WIFI: &str = "Wi-Fi for a guest";
pub const WIFI_HOW: &str = "The camera app joins it";
pub const WIREGUARD: &str = "WireGuard tunnel";
pub const WIREGUARD_HOW: &str = "The WireGuard app scans it";
pub const MESHTASTIC: &str = "Meshtastic channel";
pub const MESHTASTIC_HOW: &str = "The Meshtastic app scans it";
pub const PASSWORD: &str = "Password or words";
pub const PASSWORD_HOW: &str = "For any password field";

pub const KEY_FROM: &str = "Key from";
pub const CODE_APPEARS_HERE: &str =
    "The code appears here, for two minutes. It is a secret: keep other cameras away.";
pub const NOT_FROM_OUTSIDE: &str = "Signal, WhatsApp, Threema and Session cannot take a key from outside. Check their codes \
     instead.";

pub const MADE_OF_A_KEY: &str =
    "A code for a phone is made of a key that you share with a contact.";
pub const NO_USABLE_KEY: &str = "No contact has a key that can be used.";

/// Which key, where there is nothing to choose.
pub fn key_from(name: &str) -> String {
    format!("Key from {name}")
}
