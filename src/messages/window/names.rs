//! Names of contacts, keys and devices, and why one is refused.

use keyglance_core::contacts::{LocalNameError, Name};
use keyglance_core::pairing::{DisplayName, NameError};
use unicode_segmentation::UnicodeSegmentation as _;

use super::{quoted, sentence};

/// What a contact's keys are called: the first as the contact, further ones with a number.
pub fn key_name(contact: &str, number: usize) -> String {
    match number {
        0 | 1 => contact.to_owned(),
        number => format!("{contact} \u{b7} key {number}"),
    }
}

/// A name that looks like another one, and is not.
pub fn other_letters(letters: &[(char, &str)]) -> String {
    const SHOWN: usize = 4;
    let list = letters.iter().take(SHOWN).map(|(letter, script)| match *script {
        "Common" | "Inherited" => format!("{letter} (U+{:04X})", u32::from(*letter)),
        script => format!("{letter} ({script})"),
    });
    let list = list.collect::<Vec<_>>().join(", ");
    format!("The new name is written with other letters: {list}.")
}

pub fn name_taken(name: &str) -> String {
    quoted("Another contact is called", name, ".")
}

/// Why `text` cannot be a contact's name.
pub fn refused_name(text: &str, error: LocalNameError) -> String {
    match error {
        LocalNameError::Empty => NAME_MISSING.to_owned(),
        LocalNameError::TooLong => too_long(text, Name::MAX),
        LocalNameError::Hidden(c) => hidden_letter(c),
        error => sentence(&error),
    }
}

/// Why `text` cannot be this device's name.
pub fn refused_device_name(text: &str, error: NameError) -> String {
    match error {
        NameError::Blank => NAME_MISSING.to_owned(),
        NameError::TooLong => too_long(text, DisplayName::MAX),
        NameError::Hidden(c) => hidden_letter(c),
        error => sentence(&error),
    }
}

pub const NAME_MISSING: &str = "Write a name.";

fn hidden_letter(c: char) -> String {
    format!("This name holds a letter that cannot be seen (U+{:04X}).", u32::from(c))
}

/// How many letters, as people count them, have to go until at most `most` bytes are left.
fn too_long(text: &str, most: usize) -> String {
    let text = text.trim();
    let mut bytes = 0;
    let fits = |letter: &&str| {
        bytes += letter.len();
        bytes <= most
    };
    let letters = text.graphemes(true);
    let kept = letters.clone().take_while(fits).count();
    match letters.count() - kept {
        1 => "1 letter too many.".to_owned(),
        many => format!("{many} letters too many."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted_as_people_see_them() {
        for (text, words) in [
            ("я".repeat(36), "5 letters too many."),
            ("я".repeat(32), "1 letter too many."),
            // Two code points each, and six bytes.
            ("नि".repeat(12), "2 letters too many."),
            ("\u{1f469}\u{1f3fd}".repeat(9), "2 letters too many."),
            (format!("  {}  ", "a".repeat(64)), "1 letter too many."),
        ] {
            assert_eq!(refused_name(&text, LocalNameError::TooLong), words, "{text}");
        }
    }

    #[test]
    fn letters_of_another_script_are_named_with_it() {
        let letters = [('В', "Cyrillic"), ('0', "Common")];
        let words = "The new name is written with other letters: В (Cyrillic), 0 (U+0030).";
        assert_eq!(other_letters(&letters), words);
    }
}
