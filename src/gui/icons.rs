//! The icons of `assets/icons.ttf`, by their names in Phosphor.
// A set to draw with: the next screen should not need another font.
#![allow(dead_code)]

pub const ARROWS_CLOCKWISE: &str = "\u{E094}";
pub const ARROW_LEFT: &str = "\u{E058}";
pub const CAMERA: &str = "\u{E10E}";
pub const CHECK_CIRCLE: &str = "\u{E184}";
pub const CIRCLE: &str = "\u{E18A}";
pub const CIRCLE_HALF: &str = "\u{E18C}";
pub const CLIPBOARD: &str = "\u{E196}";
pub const COPY: &str = "\u{E1CA}";
pub const EXPORT: &str = "\u{EAF0}";
pub const EYE: &str = "\u{E220}";
pub const FLOPPY_DISK: &str = "\u{E248}";
pub const FOLDER: &str = "\u{E24A}";
pub const GEAR: &str = "\u{E270}";
pub const IMAGE: &str = "\u{E2CA}";
pub const KEY: &str = "\u{E2D6}";
pub const LOCK: &str = "\u{E2FA}";
pub const LOCK_OPEN: &str = "\u{E306}";
pub const MAGNIFYING_GLASS: &str = "\u{E30C}";
pub const MONITOR: &str = "\u{E32E}";
pub const MOON: &str = "\u{E330}";
pub const PENCIL: &str = "\u{E3AE}";
pub const PLUS: &str = "\u{E3D4}";
pub const QR_CODE: &str = "\u{E3E6}";
pub const QUESTION: &str = "\u{E3E8}";
pub const RECORD: &str = "\u{E3EE}";
pub const SPEAKER_HIGH: &str = "\u{E44A}";
pub const SUN: &str = "\u{E472}";
pub const TRASH: &str = "\u{E4A6}";
pub const USER: &str = "\u{E4C2}";
pub const WARNING: &str = "\u{E4E0}";
pub const X: &str = "\u{E4F6}";
