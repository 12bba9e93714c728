//! A new passphrase, wherever one is asked for.

use keyglance_profile::Strength;

pub const REPEAT: &str = "Repeat the passphrase";
pub const DIFFER: &str = "The two passphrases do not match.";
pub const MAKE: &str = "Make one of six words";

/// How long a passphrase holds.
pub const fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Weak => "Weak: guessed within hours. Three or four random words are better.",
        Strength::Fair => "Fair: holds against someone who finds the file by chance.",
        Strength::Good => "Good.",
        Strength::Strong => "Strong.",
    }
}
