//! Labels that stand on several pages: one thing is called the same everywhere.

/// The way back to the first page.
pub const HOME: &str = "Home";

pub const PAIR_A_DEVICE: &str = "Pair a device";
pub const COMPARE: &str = "Compare…";
pub const COMPARE_AGAIN: &str = "Compare again…";
pub const DECIDE: &str = "Decide…";
pub const USE_KEY_WITH: &str = "Use key with…";
pub const ENCRYPT_A_FILE: &str = "Encrypt a file…";
pub const RENAME: &str = "Rename…";
pub const DELETE: &str = "Delete…";
pub const CHECK_A_CONTACT: &str = "Check a contact…";
pub const WHAT_IS_THIS_CODE: &str = "What is this code?";
pub const SETTINGS: &str = "Settings";
pub const HELP: &str = "Help";
pub const CONTACTS: &str = "Contacts";
pub const DONE: &str = "Done";
pub const CANCEL: &str = "Cancel";
pub const CHOOSE: &str = "Choose…";
pub const CHOOSE_FOLDER: &str = "Choose folder…";
pub const CLOSE: &str = "Close";
pub const OPEN: &str = "Open";
pub const OPEN_FOLDER: &str = "Open folder";
pub const SAVE: &str = "Save";
pub const COPY: &str = "Copy";
pub const COPIED: &str = "Copied";
pub const CHECK: &str = "Check";
pub const TRY_AGAIN: &str = "Try again";
pub const START_AGAIN: &str = "Start again";
pub const KEEP_IT: &str = "Keep it";
pub const DELETE_THE_KEY: &str = "Delete the key";
pub const SHOW_CODE: &str = "Show code";

/// The other device has the key, whatever this one heard of it.
pub const SHOWS_SAME_KEY: &str = "It shows Same key";

/// Of the code that this device shows, to a screen reader.
pub const OUR_CODE: &str = "Our code";

pub const CAMERA: &str = "Camera";
pub const STARTING_THE_CAMERA: &str = "Starting the camera…";
pub const THIS_SCREEN: &str = "This screen";
pub const PASSPHRASE_OF_THIS_DEVICE: &str = "Passphrase of this device";
pub const NO_CONTACTS_YET: &str = "No contacts yet.";
pub const SEARCH_YOUR_CONTACTS: &str = "Search your contacts";

/// Of a code that anyone may photograph.
pub const HOLDS_NO_SECRET: &str = "It holds no secret: anyone may see it.";

pub const NOTHING_CHANGED: &str = "Nothing was changed.";
