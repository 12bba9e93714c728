//! Help: what to do, what the words mean, and the keys.

use super::common;

pub const HOW_IT_WORKS: &str = "How it works";
pub const STEPS: [&str; 3] = [
    "1. Open Keyglance on both devices, press Pair a device on both, and turn their screens to \
     face each other. There is nothing else to press: a sound tells when it is done.",
    "2. Each screen shows six digits, the check code. Type those of the other screen on each \
     device. If both take them, nobody stood between you.",
    "3. Use the key: with a backup program, a password manager, a network, a phone, or to encrypt \
     a file that only the two of you can open.",
];

pub const WHAT_WORDS_MEAN: &str = "What the words mean";
/// Each word that is shown, and what it means.
pub const WORDS: [(&str, &str); 10] = [
    ("Compared", "Somebody compared the check code or the safety number, and it matched."),
    ("Not compared", "The key works. Until you compare, somebody could be between you."),
    (
        "Different key",
        "Somebody came under the name of a contact. Their key is held back until you decide and \
         compare. The key that you know stays in use.",
    ),
    ("Blocked", "You decided that this is not the contact you know. Its key is not used."),
    ("Does not match", "A comparison failed. Do not use this key; pair again in person."),
    ("Unconfirmed", "The other device may not have the key, so it cannot be used yet."),
    ("Not in use", "You stopped using this key."),
    ("Check code", "Six digits that each device shows when you have paired."),
    (
        "Safety number",
        "Sixty digits, the same on both devices at any time. Read them aloud to compare.",
    ),
    ("Verification code", "The safety number as a QR code, to scan from each other."),
];

pub const KEYS_TITLE: &str = "Keys";
/// Every shortcut of the window.
pub const KEYS: &[(&str, &str)] = &[
    ("Ctrl+N", common::PAIR_A_DEVICE),
    ("Ctrl+E", "Use the key of the contact that is shown"),
    ("Ctrl+O", "Open a file or a picture"),
    ("Ctrl+V", "Paste a code, a picture, a text or a copied file"),
    ("Ctrl+F", "Search"),
    ("Ctrl+,", common::SETTINGS),
    ("F1", common::HELP),
    ("F11", FULL_SCREEN),
    ("Alt+Left", "Back"),
    ("Esc", "Close what is open, leave full screen, or go back"),
    ("Enter", "The filled button"),
];

pub const PAIRING_KEYS_TITLE: &str = "Keys while pairing";
/// Those of the pairing.
pub const PAIRING_KEYS: &[(&str, &str)] = &[
    ("C", "Next camera"),
    ("M", "Mirror the preview"),
    ("F", FULL_SCREEN),
    ("[ and ]", "Our code darker or lighter"),
    ("Ctrl+C", "Copy our code"),
];

const FULL_SCREEN: &str = "Full screen";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages;
    use keyglance_core::trust::{Method, Verified};
    use keyglance_profile::Verdict;

    #[test]
    fn every_state_of_a_key_is_explained() {
        let compared =
            Verified { method: Method::CheckCode, at: "2026-05-02T12:00:00Z".parse().unwrap() };
        for verdict in [
            Verdict::Compared(compared),
            Verdict::NotCompared,
            Verdict::DifferentKey { decided: false },
            Verdict::Blocked,
            Verdict::DoesNotMatch,
            Verdict::Unconfirmed,
            Verdict::NotInUse,
        ] {
            let word = messages::verdict(verdict);
            assert!(WORDS.iter().any(|(explained, _)| *explained == word), "{word}");
        }
    }
}
