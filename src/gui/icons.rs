//! The icons of `assets/icons.ttf`, by their names in Phosphor. To add one,
//! add it here and rebuild the font (`assets/README.md`).

pub const ARROW_LEFT: &str = "\u{E058}";
pub const CAMERA: &str = "\u{E10E}";
pub const CHECK_CIRCLE: &str = "\u{E184}";
pub const CLIPBOARD_TEXT: &str = "\u{E198}";
pub const DOTS_THREE_VERTICAL: &str = "\u{E208}";
pub const FLOPPY_DISK: &str = "\u{E248}";
pub const GEAR: &str = "\u{E270}";
pub const KEY: &str = "\u{E2D6}";
pub const LOCK: &str = "\u{E2FA}";
pub const LOCK_OPEN: &str = "\u{E306}";
pub const MAGNIFYING_GLASS: &str = "\u{E30C}";
pub const QR_CODE: &str = "\u{E3E6}";
pub const QUESTION: &str = "\u{E3E8}";
pub const RECORD: &str = "\u{E3EE}";
