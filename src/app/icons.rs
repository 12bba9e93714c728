//! The icons of `assets/icons.ttf`, by their names in Phosphor.
// A set to draw with: the next screen should not need another font.
#![allow(dead_code)]

pub(super) const ARROWS_CLOCKWISE: &str = "\u{E094}";
pub(super) const ARROW_LEFT: &str = "\u{E058}";
pub(super) const CAMERA: &str = "\u{E10E}";
pub(super) const CHECK_CIRCLE: &str = "\u{E184}";
pub(super) const CIRCLE: &str = "\u{E18A}";
pub(super) const CIRCLE_HALF: &str = "\u{E18C}";
pub(super) const CLIPBOARD: &str = "\u{E196}";
pub(super) const COPY: &str = "\u{E1CA}";
pub(super) const EXPORT: &str = "\u{EAF0}";
pub(super) const EYE: &str = "\u{E220}";
pub(super) const FLOPPY_DISK: &str = "\u{E248}";
pub(super) const FOLDER: &str = "\u{E24A}";
pub(super) const GEAR: &str = "\u{E270}";
pub(super) const IMAGE: &str = "\u{E2CA}";
pub(super) const KEY: &str = "\u{E2D6}";
pub(super) const LOCK: &str = "\u{E2FA}";
pub(super) const LOCK_OPEN: &str = "\u{E306}";
pub(super) const MAGNIFYING_GLASS: &str = "\u{E30C}";
pub(super) const MONITOR: &str = "\u{E32E}";
pub(super) const MOON: &str = "\u{E330}";
pub(super) const PENCIL: &str = "\u{E3AE}";
pub(super) const PLUS: &str = "\u{E3D4}";
pub(super) const QR_CODE: &str = "\u{E3E6}";
pub(super) const QUESTION: &str = "\u{E3E8}";
pub(super) const RECORD: &str = "\u{E3EE}";
pub(super) const SPEAKER_HIGH: &str = "\u{E44A}";
pub(super) const SUN: &str = "\u{E472}";
pub(super) const TRASH: &str = "\u{E4A6}";
pub(super) const USER: &str = "\u{E4C2}";
pub(super) const WARNING: &str = "\u{E4E0}";
pub(super) const X: &str = "\u{E4F6}";
