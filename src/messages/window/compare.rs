//! The pages on which check codes and safety numbers are compared.

use keyglance_core::pairing::CheckCode;

/// What is asked aloud, since the other device's check is never sent to us.
pub const OWN_CHECK: &str =
    "Its own check is made over there. Ask: \u{201c}Did yours accept too?\u{201d}";

/// A check code as it is read to a person: "6 0 6, 3 6 8".
pub fn digit_by_digit(code: CheckCode) -> String {
    let apart = |digits: &str| digits.chars().map(String::from).collect::<Vec<_>>().join(" ");
    code.to_string().split(' ').map(apart).collect::<Vec<_>>().join(", ")
}
