//! The icons of `assets/icons.ttf`, by their names in Phosphor. To add one,
//! add it here and rebuild the font (`assets/README.md`).

pub const CHECK_CIRCLE: &str = "\u{E184}";
pub const CIRCLE: &str = "\u{E18A}";
pub const CIRCLE_HALF: &str = "\u{E18C}";
pub const GEAR: &str = "\u{E270}";
pub const QR_CODE: &str = "\u{E3E6}";
pub const QUESTION: &str = "\u{E3E8}";
pub const RECORD: &str = "\u{E3EE}";
pub const WARNING: &str = "\u{E4E0}";
