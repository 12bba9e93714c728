//! Asking each other in a call who one is: what a number says that was heard.

#[cfg(feature = "cli")]
use keyglance_core::challenge::OneTimeCode;
use keyglance_core::challenge::{Answer, STEP};

/// Said before the numbers: what they are good for, and what they are not.
pub const IN_A_CALL: &str = "\
Each of you reads out your own number. Who overhears it cannot answer for you with it, but can \
pass it on for half a minute: so ask a question of your own as well.";

/// Said where nobody has compared anything.
pub const NOT_COMPARED: &str = "\
This key is not compared. A right number proves only that it is the device you paired with, not \
whose it is.";

/// The same in a terminal, with what to do; the name as a word of a shell.
#[cfg(feature = "cli")]
pub fn not_compared_in_terminal(name: &str) -> String {
    format!("Attention: {NOT_COMPARED} Compare: keyglance compare {name}")
}

/// Our number, in a line that is always as wide.
#[cfg(feature = "cli")]
pub fn you_say(own: OneTimeCode) -> String {
    format!("You say:   {own}   ({} s left)", own.seconds_left())
}

/// Before the number that is heard; in line with ours.
#[cfg(feature = "cli")]
pub const THEY_SAY: &str = "They say: ";
/// Once theirs was right: they may still have to hear ours.
#[cfg(feature = "cli")]
pub const ENTER_ENDS: &str = "Enter when they have yours:";

#[cfg(feature = "cli")]
pub const NONE_GIVEN: &str = "No number of theirs was given.";
#[cfg(feature = "cli")]
pub const NONE_GIVEN_ADVICE: &str = "Nothing is known of who they are.";

/// What to do if nothing comes of it.
const HANG_UP: &str = "Do not trust this call. Hang up, and call them at a number that you know.";

/// What a number says, and what to do.
pub fn answer(answer: Answer, contact: &str, compared: bool) -> (String, String) {
    let again = "Ask for the one that their screen shows now.";
    let clocks = "If this happens again, your clocks differ: set both to the network's time.";
    let (what, then) = match answer {
        Answer::Right if compared => (format!("Right. It is {contact}."), ""),
        Answer::Right => ("Right. It is the device that you paired with.".to_owned(), NOT_COMPARED),
        Answer::Own => (
            "That is your own number: they repeat what you said.".to_owned(),
            "Ask for the number on their own screen. Whoever has none is somebody else.",
        ),
        Answer::Again => ("That number was right already, and counts once.".to_owned(), again),
        Answer::Late(seconds) => (
            format!("Too old: it was their number about {} ago.", minutes(seconds)),
            "Ask for the one that their screen shows now. If it is too old again, your clocks \
             differ: set both to the network's time.",
        ),
        Answer::Early(seconds) => {
            (format!("Too early: it will be their number in about {}.", minutes(seconds)), clocks)
        }
        Answer::Wrong { left: 0 } | Answer::NoTriesLeft => {
            ("Wrong, as those before it.".to_owned(), HANG_UP)
        }
        Answer::Wrong { left } => return (WRONG.to_owned(), tries(left)),
        Answer::NotSixDigits => ("A number has six digits.".to_owned(), "Type all of them."),
        // What comes with a later version of the library.
        _ => (WRONG.to_owned(), again),
    };
    (what, then.to_owned())
}

const WRONG: &str = "Wrong. That is no number of theirs.";

fn tries(left: u8) -> String {
    let left =
        if left == 1 { "One try is left.".to_owned() } else { format!("{left} tries are left.") };
    format!(
        "Have it read again. {left} Both of you need the same key, and the same word for a separate \
         one."
    )
}

fn minutes(seconds: u64) -> String {
    match (seconds + STEP) / 60 {
        0 | 1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}
