//! Comparing by the safety number, or its verification code.

pub const NO_LONGER: &str = "This contact no longer exists.";
pub const ANOTHER_CODE_WAS_IN_VIEW: &str = "Another code was in view";
pub const NO_SCAN_AGAIN: &str = "No, scan again";
pub const DOES_NOT_MATCH: &str = "Yes: it does not match";
pub const OUR_VERIFICATION_CODE: &str = "Our verification code";
pub const NOBODY_BETWEEN: &str =
    "Each of you holds the other’s real key. Nobody stands between you.";
pub const NOTHING_IS_DONE: &str = "Nothing is done with their keys until then.";
pub const COMPARE_AGAIN: &str = "Compare again";
pub const DO_THEY_REALLY_DIFFER: &str = "Do they really differ?";
pub const READ_IT_AGAIN: &str = "Read it again";
pub const YES_THEY_DIFFER: &str = "Yes, they differ";
pub const BOTH_HERE: &str = "Both here";
pub const SCAN_EACH_OTHER: &str = "Scan each other’s verification code. Both of you are sure then.";
pub const SCAN_THEIRS: &str = "Scan theirs";
pub const SHOW_MINE: &str = "Show mine";
pub const BY_PHONE: &str = "By phone";
pub const THEY_READ: &str = "They read a row from their screen. Tick it if yours is the same.";
pub const ALL_FOUR_MATCH: &str = "All four match";
pub const THEY_DIFFER: &str = "They differ";
pub const SCAN_THEIR_VERIFICATION_CODE: &str = "Scan their verification code";
pub const ON_THE_OTHER_DEVICE: &str =
    "On the other device: Check a contact, then this device, then Show mine.";
pub const COMPARE_NUMBERS_INSTEAD: &str = "Compare numbers instead";

pub fn was_it_the_screen_of(name: &str) -> String {
    format!("Was it the screen of {name} that you scanned?")
}

pub fn press_scan_theirs(name: &str) -> String {
    format!("On {name}, press Scan theirs.")
}

pub fn compared_with(name: &str) -> String {
    format!("Compared with {name}")
}

pub fn if_they_differ(name: &str) -> String {
    format!(
        "Have the row read once more, and see that each of you has the other’s page open. If a row \
         differs, nothing is done with the keys of {name} until you have compared again."
    )
}
