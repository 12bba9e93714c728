//! What every page has around it.

pub const KEYGLANCE: &str = "Keyglance";
pub const LEAVE_WITHOUT_SAVING: &str = "Leave without saving?";
pub const KEEP_EDITING: &str = "Keep editing";
pub const LEAVE: &str = "Leave";
pub const STOP_PAIRING: &str = "Stop pairing?";
pub const GO_ON: &str = "Go on";
pub const STOP: &str = "Stop";
pub const DISMISS: &str = "Dismiss";
pub const A_PICTURE_OF_YOUR_SCREEN: &str = "A picture of your screen";
pub const DESKTOP_MAY_ASK: &str = "Your desktop may ask whether Keyglance may.";
pub const TAKE_IT: &str = "Take it";
pub const OPENING_THE_PROFILE: &str = "Opening the profile…";
pub const CHOOSE_FOLDER: &str = "Choose folder…";

/// The window's title, with how far a pairing has come.
pub fn title(state: &str) -> String {
    format!("{KEYGLANCE}: {state}")
}
