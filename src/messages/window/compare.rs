//! The pages on which check codes and safety numbers are compared.

use keyglance_core::pairing::CheckCode;

pub const KEYS: &str = "Enter  check      Esc  later";
pub const WHY: &str = "If somebody stood between you, the digits would not be accepted.";
pub const YOU_READ_FIRST: &str = "You read first.";
pub const LISTEN_FIRST: &str = "Listen first.";
pub const READ_ALOUD: &str = "read aloud";
pub const READ_DIGIT_BY_DIGIT: &str = "Read these aloud, digit by digit.";
pub const TYPED_OVER_THERE: &str = "They are typed on the other device.";
pub const THE_OTHER_SCREEN: &str = "The other screen";
pub const TYPE_HERE: &str = "type here";
pub const SIX_DIGITS: &str = "Six digits of the other screen";
pub const TYPE_THE_DIGITS: &str = "Type the six digits of the other screen.";
pub const HAVE_THEM_READ: &str = "Have them read to you, or look there.";
pub const SHOW_OUR_CODE_AGAIN: &str = "Show our code again";
pub const LATER: &str = "Later";
pub const KEPT: &str = "The key is kept as “Not compared”.";
pub const SOMETHING_IS_WRONG: &str = "Something is wrong…";
pub const DOUBT: &str = "Something is wrong";
pub const DO_THEY_DIFFER: &str =
    "Do the digits differ, or does the other device say that they are wrong?";
pub const DELETE_HERE_TOO: &str =
    "Then delete the key here too. The two devices cannot tell each other.";
pub const WHAT_TO_DO: &str = "What to do";

/// What is asked aloud, since the other device's check is never sent to us.
pub const OWN_CHECK: &str =
    "Its own check is made over there. Ask: \u{201c}Did yours accept too?\u{201d}";

/// A check code as it is read to a person: "6 0 6, 3 6 8".
pub fn digit_by_digit(code: CheckCode) -> String {
    let apart = |digits: &str| digits.chars().map(String::from).collect::<Vec<_>>().join(" ");
    code.to_string().split(' ').map(apart).collect::<Vec<_>>().join(", ")
}

pub fn compare_with(name: &str) -> String {
    format!("Compare with {name}")
}

pub fn compared_with(name: &str) -> String {
    format!("Compared with {name}.")
}

pub fn has_the_same_key(name: &str) -> String {
    format!("{name} has the same key.")
}
