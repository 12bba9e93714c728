//! Somebody came under the name of a known contact.

pub const NOTHING_TO_DECIDE: &str = "There is nothing to decide any more.";
pub const ESC_LATER: &str = "Esc  decide later: nothing changes until then";
pub const SOMEBODY_ELSE: &str = "Somebody else with that name? Give them another…";
pub const THE_KEY_YOU_KNOW: &str = "The key you know";
pub const YOU_HAVE_DELETED_IT: &str = "You have deleted it.";
pub const THE_NEW_KEY: &str = "The new key";
pub const HELD_BACK: &str = "Held back until you decide.";
pub const IN_USE: &str = "In use. It stays in use.";
pub const NOT_IN_USE: &str = "Not in use. It stays so.";
pub const THERE_IS_NO_KEY: &str = "There is no key.";
pub const WHAT_TO_CALL_THEM: &str = "What to call them";
pub const THEIR_NEW_DEVICE: &str = "Their new device: compare…";
pub const TWO_DEVICES: &str = "Two devices: keep both…";
pub const BLOCK: &str = "Not them: block";
pub const ABOUT: &str = "A new device, a new installation, or somebody else under that name. Ask in person or by \
     phone.";
pub const COMPARING: &str = "Comparing means reading six digits or the safety number to each other. Only then does the \
     new key take the old one’s place, and the old key is kept but no longer used. Blocking \
     keeps the new key out for good; the old key is not touched.";

pub fn title(name: &str) -> String {
    format!("“{name}” has appeared with a different key")
}

pub fn never_compared(day: &str) -> String {
    format!("Never compared · paired {day}")
}
