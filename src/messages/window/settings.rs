//! Settings.

pub const SAVED: &str = "Saved.";
pub const SAVING: &str = "Saving…";

pub const THIS_DEVICE: &str = "This device";
pub const NAME: &str = "Name that the other device sees";
pub const SAVE_NAME: &str = "Save name";
pub const PROTECTED: &str =
    "A passphrase protects this device. Whoever copies its profile needs it to pass for you.";
pub const NOT_PROTECTED: &str =
    "No passphrase protects this device. Whoever copies its profile can pass for you.";
pub const PASSPHRASE_NEEDED: &str = "Needed to change the name or the passphrase.";
pub const PASSPHRASE_FIRST: &str = "Type the passphrase of this device first.";
pub const NEW_PASSPHRASE: &str = "New passphrase";
pub const SET_PASSPHRASE: &str = "Set passphrase";
pub const CHANGE_PASSPHRASE: &str = "Change passphrase";
pub const REMOVE_PASSPHRASE: &str = "Remove passphrase";
pub const BACK_UP_OR_RESTORE: &str = "Back up or restore…";

pub const LOOK: &str = "Look";
pub const THEME: &str = "Theme";
pub const AS_THE_SYSTEM: &str = "As the system";
pub const LIGHT: &str = "Light";
pub const DARK: &str = "Dark";
pub const SIZE: &str = "Size of everything";
pub const SOUNDS: &str = "Short sounds while pairing";
pub const MOTION: &str = "Motion";
pub const MOTION_OF_THE_SYSTEM: &str = "As the system does";
pub const REDUCED: &str = "Reduced";
pub const FULL: &str = "Full";
pub const MIRROR: &str = "Mirror the preview of the camera";
pub const REDUCED_MOTION_MEANS: &str =
    "With reduced motion nothing slides or fades, and a code in parts changes more slowly.";

pub const USE_CAMERA: &str = "Use";

pub const PHONE_PAGE: &str = "Page for phones";

pub const PROFILE: &str = "Profile";
pub const FOLDER: &str = "This device’s key, its contacts and its keys are in this folder:";
pub const OTHER_FOLDER: &str =
    "Another folder is another device with contacts of its own, until you close Keyglance.";
pub const LOCK_AFTER: &str = "Lock after";
pub const NEVER: &str = "Off";
pub const LOCK_MEANS: &str = "Counted from when the window was last used. Locked, it shows nothing, and it forgets this \
     device’s own key until you type the passphrase. The files in the folder stay as they are.";
pub const LOCK_NEEDS_PASSPHRASE: &str =
    "Keyglance can lock itself when the window is not used. Set a passphrase first.";

pub const ABOUT: &str = "About";
pub const VERSION: &str = concat!("Keyglance ", env!("CARGO_PKG_VERSION"));
pub const NOTHING_IS_SENT: &str =
    "Everything stays on this device. Nothing is sent over a network.";

/// A size of everything.
pub fn percent(size: u16) -> String {
    format!("{size} %")
}

/// After how long the window locks.
pub fn minutes(count: u16) -> String {
    format!("{count} minutes")
}

/// This device's half of every safety number, in groups of five digits.
pub fn half_of_the_numbers(digits: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    let groups: Vec<String> = digits.chunks(5).map(|group| group.iter().collect()).collect();
    format!("This device’s half of every safety number: {}", groups.join(" "))
}
