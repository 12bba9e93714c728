//! Texts that people read: which characters they can see, and which names look
//! the same to them.

use std::cmp::Ordering;
use std::iter::Peekable;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};
use unicode_script::UnicodeScript as _;
use unicode_security::confusable_detection::skeleton;

/// Whether a reader cannot see `c`, or it acts on the text around it: control and
/// format characters, line and paragraph separators, private and unassigned ones
/// (general category, UAX 44), what is drawn as nothing by default
/// (Default_Ignorable_Code_Point) and what is drawn blank without being a space.
///
/// ```
/// use keyglance_core::text::is_hidden;
///
/// assert!(is_hidden('\u{200B}') && is_hidden('\u{202E}') && is_hidden('\u{1B}'));
/// assert!(!is_hidden(' ') && !is_hidden('é') && !is_hidden('🦊'));
/// ```
#[must_use]
pub fn is_hidden(c: char) -> bool {
    let by_category = matches!(
        c.general_category(),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::PrivateUse
            | GeneralCategory::Surrogate
            | GeneralCategory::Unassigned
    );
    by_category || is_default_ignorable(c) || is_blank(c)
}

/// Default_Ignorable_Code_Point of DerivedCoreProperties.txt. Unicode reserves whole
/// ranges for it, so that a later version hardly changes it.
const fn is_default_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Symbols, letters and marks whose glyph is empty: the Brahmi number joiner, the blank
/// Braille pattern, the object replacement character, the Egyptian blanks, the Khitan
/// filler and the musical null notehead.
const fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\u{1107F}' | '\u{2800}' | '\u{FFFC}' | '\u{13441}'
            ..='\u{13442}' | '\u{16FE4}' | '\u{1D159}'
    )
}

/// What no build has taken into a name: control and bidi characters (UAX 9), and the two
/// separators that break lines. A stored name that has one was not written by us.
pub(crate) fn always_refused(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether two names look the same to a person: the sameness by which names are unique,
/// found and in conflict.
///
/// The skeletons (UTS 39, section 4) of the compatibility forms (NFKC) are compared three
/// times: in lower case, in capitals, and as the names stand. One is not enough: Cyrillic
/// `В` looks like `B` and its small letter not like `b`; `I` looks like `l`, and `i` does
/// not. Hidden characters do not count, and white space only between words.
///
/// ```
/// use keyglance_core::text::same_name;
///
/// assert!(same_name("Bob", "bOB") && same_name("Bob", "Ｂob\u{200B}"));
/// assert!(same_name("Bob", "Воb") && same_name("Iris", "lris"));
/// assert!(!same_name("Bob", "Bobby") && !same_name("René", "Rene"));
/// ```
#[must_use]
pub fn same_name(one: &str, other: &str) -> bool {
    Look::of(one).is_same(&Look::of(other))
}

/// The letters by which `new` differs from `known`, a name that looks the same, each with the
/// script that it belongs to; none where only capitals and accents differ.
///
/// ```
/// use keyglance_core::text::other_letters;
///
/// assert_eq!(other_letters("Bo laptop", "Во laptop"), [('В', "Cyrillic"), ('о', "Cyrillic")]);
/// assert!(other_letters("Bo laptop", "BO LAPTOP").is_empty());
/// ```
#[must_use]
pub fn other_letters(known: &str, new: &str) -> Vec<(char, &'static str)> {
    let known = small(&known.nfc().collect::<String>());
    let mut others: Vec<(char, &'static str)> = Vec::new();
    for letter in new.nfc().filter(|c| !c.is_whitespace()) {
        let is_known = letter.to_lowercase().all(|c| known.contains(c)) || known.contains(letter);
        if !is_known && !others.iter().any(|(other, _)| *other == letter) {
            others.push((letter, letter.script().full_name()));
        }
    }
    others
}

/// `text` without capitals and accents: what a search compares, in which "andre" finds "André".
///
/// ```
/// use keyglance_core::text::without_accents;
///
/// assert!(without_accents("André’s laptop").contains(&without_accents("ANDRE")));
/// ```
#[must_use]
pub fn without_accents(text: &str) -> String {
    small(&text.nfkd().filter(|c| !is_combining_mark(*c)).collect::<String>())
}

/// The order in which people look for names: whatever their capitals and accents, and numbers
/// by their value, so that "Person 2" comes before "Person 10".
///
/// ```
/// use keyglance_core::text::natural_order;
///
/// let mut names = ["Zoe", "Person 10", "élan", "Person 2", "Eva"];
/// names.sort_by(|a, b| natural_order(a, b));
/// assert_eq!(names, ["élan", "Eva", "Person 2", "Person 10", "Zoe"]);
/// ```
#[must_use]
pub fn natural_order(one: &str, other: &str) -> Ordering {
    let (plain, other_plain) = (without_accents(one), without_accents(other));
    let (mut left, mut right) = (plain.chars().peekable(), other_plain.chars().peekable());
    loop {
        let order = match (left.peek().copied(), right.peek().copied()) {
            // Names that differ in nothing else are still in one order.
            (None, None) => return one.cmp(other),
            (a, b) if a.is_some_and(is_digit) && b.is_some_and(is_digit) => {
                let (a, b) = (number(&mut left), number(&mut right));
                a.len().cmp(&b.len()).then_with(|| a.cmp(&b))
            }
            (a, b) => {
                left.next();
                right.next();
                a.cmp(&b)
            }
        };
        if order.is_ne() {
            return order;
        }
    }
}

const fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// The digits that come next, without the zeros that they begin with.
fn number(chars: &mut Peekable<std::str::Chars<'_>>) -> String {
    let mut digits = String::new();
    while let Some(digit) = chars.next_if(|c| is_digit(*c)) {
        if digit != '0' || !digits.is_empty() {
            digits.push(digit);
        }
    }
    digits
}

/// Whether somebody who wrote `name` may have meant `other`: at most two letters are
/// wrong, missing, too many or exchanged, and no more than a third of them. Further away a
/// guess would only mislead.
///
/// ```
/// use keyglance_core::text::is_near;
///
/// assert!(is_near("wiregaurd", "wireguard") && is_near("An", "Ana"));
/// assert!(!is_near("signal", "meshtastic") && !is_near("foo", "tor"));
/// ```
#[cfg(feature = "exports")]
#[must_use]
pub fn is_near(name: &str, other: &str) -> bool {
    let (name, other) = (small(name), small(other));
    let edits = strsim::osa_distance(&name, &other);
    edits <= 2 && edits * 3 <= name.chars().count().max(other.chars().count())
}

/// Whether `host` is a host name: labels of letters, digits and inner hyphens
/// (RFC 1123, 2.1), the last no number, which resolvers take for an address of the old form.
#[cfg(feature = "keyfile")]
pub(crate) fn is_host_name(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_number = last.bytes().all(|b| b.is_ascii_digit())
        || last.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("0x"));
    host.len() <= 253 && host.split('.').all(is_label) && !is_number
}

/// What [`same_name`] compares, for one name against many.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    small: String,
    capital: String,
    as_it_stands: String,
}

impl Look {
    pub(crate) fn of(name: &str) -> Self {
        let visible: String = name.nfkc().filter(|c| !is_hidden(*c)).collect();
        let name = visible.split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            small: skeleton(&small(&name)).collect(),
            capital: skeleton(&capital(&name)).collect(),
            as_it_stands: small(&skeleton(&name).collect::<String>()),
        }
    }

    /// Not transitive: `lan` looks like `Ian` and not like `ian`.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.small == other.small
            || self.capital == other.capital
            || self.as_it_stands == other.as_it_stands
    }
}

/// Case folding: capitals first, so that `ß` and `ss`, `ς` and `σ` are one.
fn small(text: &str) -> String {
    capital(text).chars().flat_map(char::to_lowercase).collect()
}

fn capital(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).collect()
}

/// `text` with a capital first letter, as a sentence begins.
///
/// ```
/// assert_eq!(keyglance_core::text::begin_large("öffne it"), "Öffne it");
/// ```
#[must_use]
pub fn begin_large(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// `text` in NFC without what [`is_hidden`], cut to `most` bytes at a character's
/// boundary, without white space around it.
pub(crate) fn nearest_name(text: &str, most: usize) -> String {
    let visible: String = text.nfc().filter(|c| !is_hidden(*c)).collect();
    // Two letters may compose once what stood between them is gone.
    let composed: String = visible.trim().nfc().collect();
    let end = composed.floor_char_boundary(most);
    composed.get(..end).unwrap_or_default().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_hidden_character_is_hidden_and_no_letter_is() {
        let hidden = "\0\t\n\u{1B}\u{7F}\u{85}\u{AD}\u{34F}\u{61C}\u{115F}\u{17B4}\u{180E}\
            \u{200B}\u{200D}\u{200F}\u{2028}\u{2029}\u{202E}\u{2060}\u{2066}\u{206A}\u{2800}\
            \u{3164}\u{E000}\u{FDD0}\u{FE0F}\u{FEFF}\u{FFA0}\u{FFF9}\u{FFFC}\u{FFFF}\u{378}\
            \u{1D173}\u{13441}\u{E0041}\u{E01EF}\u{F0000}\u{10FFFF}";
        for c in hidden.chars() {
            assert!(is_hidden(c), "U+{:04X}", u32::from(c));
        }
        for c in " \u{A0}\u{3000}aÉé\u{301}ßЯж字ラ한ख़ع’-_$🦊👩🏽\u{1F1E9}".chars()
        {
            assert!(!is_hidden(c), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn names_that_look_the_same_are_the_same() {
        // The variants of an audit, then other kinds of each.
        for hidden in [
            '\u{200B}',
            '\u{200D}',
            '\u{2060}',
            '\u{3164}',
            '\u{AD}',
            '\u{FEFF}',
            '\u{FE0F}',
            '\u{E0041}',
            '\u{115F}',
            '\u{2800}',
            '\u{34F}',
            '\u{206A}',
            '\u{FFF9}',
            '\u{200E}',
            '\u{E000}',
            '\u{FFA0}',
        ] {
            assert!(same_name("Bob", &format!("Bo{hidden}b")), "{hidden:?}");
            assert!(same_name(&format!("{hidden}Bob"), "bob"), "{hidden:?}");
        }
        for (one, other) in [
            ("Bob", "Вob"),
            ("Bob", "Ｂｏｂ"),
            ("Bob", "𝐁𝐨𝐛"),
            ("Bob", "BОB"),
            ("Bob", "B0b"),
            ("Bob", " bOB\u{A0}"),
            ("Bob", "\u{392}\u{3BF}b"),
            ("René", "Rene\u{301}"),
            ("RENÉ", "rene\u{301}"),
            ("Iris", "lris"),
            ("Ana's  laptop", "ana\u{2019}s\u{3000}laptop"),
            ("Straße", "STRASSE"),
            ("Νίκος", "ΝΊΚΟΣ"),
            ("Вова", "вова"),
            ("Bian", "ВIAN"),
            ("Mary", "rnary"),
            ("Paul 1", "Paul l"),
            ("ﬁona", "Fiona"),
            ("scope", "ѕсоре"),
        ] {
            assert!(same_name(one, other) && same_name(other, one), "{one:?} {other:?}");
        }
        for (one, other) in [
            ("Bob", "Bo"),
            ("Bob", "Bobo"),
            ("Bob", "Rob"),
            ("René", "Rene"),
            ("Bo 2", "Bo 3"),
            ("Ana Li", "AnaLi"),
            ("Ali", "All"),
            ("Вова", "Вера"),
            ("山田", "山本"),
            ("🦊", "🦉"),
            ("Bob", ""),
        ] {
            assert!(!same_name(one, other) && !same_name(other, one), "{one:?} {other:?}");
        }
    }

    #[test]
    fn people_find_names_where_they_look_for_them() {
        let sorted = [
            "",
            "Ana",
            "Ana 02",
            "ana 2",
            "Ana 10",
            "Ána 11",
            "Box 7b",
            "Box 7c",
            "Box 70",
            "Person 1",
            "Person 2",
            "Person 99999999999999999999999",
            "Person 100000000000000000000000",
            "Zoë",
            "Вера",
            "مريم",
            "山田",
        ];
        for (i, one) in sorted.iter().enumerate() {
            for (j, other) in sorted.iter().enumerate() {
                assert_eq!(natural_order(one, other), i.cmp(&j), "{one:?} {other:?}");
            }
        }
        assert_eq!(without_accents("ÀÉÎ ñ ﬁ İ"), "aei n fi i");
    }

    #[test]
    fn the_nearest_name_is_composed_visible_and_short() {
        assert_eq!(nearest_name(" Rene\u{200B}\u{301}\u{1B} ", 63), "René");
        assert_eq!(nearest_name("ééé", 5), "éé");
        assert_eq!(nearest_name("ab cd", 3), "ab");
        assert_eq!(nearest_name("\u{3164}", 63), "");
    }
}
