//! For a phone: pairing it, and codes that its apps scan.

pub const TITLE: &str = "For a phone";
pub const WHAT_FOR: &str = "What does the phone need?";

pub const PAIR_IT: &str = "Pair the phone itself";
pub const PAIR_IT_HOW: &str = "In its browser, no app";
pub const WIFI: &str = "Wi-Fi for a guest";
pub const WIFI_HOW: &str = "The camera app joins it";
pub const WIREGUARD: &str = "WireGuard tunnel";
pub const WIREGUARD_HOW: &str = "The WireGuard app scans it";
pub const MESHTASTIC: &str = "Meshtastic channel";
pub const MESHTASTIC_HOW: &str = "The Meshtastic app scans it";
pub const PASSWORD: &str = "Password or words";
pub const PASSWORD_HOW: &str = "For any password field";

pub const ONE_TIME_CODES: &str = "One-time codes";
pub const ONE_TIME_CODES_HOW: &str = "Any authenticator app";

pub const THEY_ARE_ON_THE_PAGE: &str = "They are on the page";
pub const STEPS_LABEL: &str = "How a phone pairs";
pub const STEPS: [&str; 3] = [
    "1. Scan this with the phone’s camera.",
    "2. Press Pair on the phone.",
    "3. Press They are on the page here.",
];
pub const ADDRESS_CODE: &str = "The page’s address as a code";
pub const ANOTHER_ADDRESS: &str = "Another address…";

pub const WHERE_IS_IT: &str = "Where is the page?";
pub const WAYS_LABEL: &str = "Three ways";
pub const WAYS: [&str; 3] = [
    "• On a host of your own, over https: type its address.",
    "• On one that you are about to set up: save the page’s files for it.",
    "• Nowhere: what apps scan needs no page. Choose another tile.",
];
pub const ADDRESS: &str = "Address of the page";
pub const USE_ADDRESS: &str = "Use this address";
pub const REMOVE_ADDRESS: &str = "Remove the address";
pub const SAVE_THE_PAGE: &str = "Save the page’s files…";
pub const SAVE_IN: &str = "Save them in this folder";
pub const SAVE_FILES: &str = "Save the files";
/// What the folder of the page's files is called unless the user says otherwise.
pub const FOLDER_NAME: &str = "keyglance-phone";

pub const WHICH: &str = "Which";
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
