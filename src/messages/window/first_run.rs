//! The first start.

pub const TWO_SCREENS_ONE_KEY: &str = "Two screens, one key";
pub const WELCOME_TO_KEYGLANCE: &str = "Welcome to Keyglance";
pub const WHAT_IS_THIS_DEVICE_CALLED: &str = "What is this device called?";
pub const ABOUT_THE_NAME: &str = "The other person sees this name. You can change it later.";
pub const BEGIN: &str = "Begin";
pub const RESTORE_A_BACKUP: &str = "Restore a backup…";
pub const NOTHING_LEAVES: &str = "Nothing leaves this computer.";
pub const NO_ACCOUNT: &str = "No account. Everything is kept in one folder: Settings, Profile.";
pub const TEST_IT: &str = "Test it";
pub const CAMERA_FOUND: &str = "Found. Nothing is recorded.";
pub const NO_CAMERA: &str = "No camera found";
pub const WITHOUT_CAMERA: &str = "Connect one, or pair with this screen, a picture or text.";
pub const STOP: &str = "Stop";

/// What it does, in lines of their own where there is room.
pub const ABOUT: &str = "\
Two devices look at each other’s screens
and end up with the same secret key.
No network carries it.";
