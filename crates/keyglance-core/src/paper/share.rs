//! One share as words (SLIP-0039, "Format of the share mnemonic").

use std::fmt;

use zeroize::Zeroizing;

use crate::text::is_hidden;

/// SLIP-0039's list, a word a line: 1,024 words, each known by its first four letters.
pub const LIST: &str = include_str!("../../assets/share-words.txt");

/// The longest word, and a space.
const WIDEST: usize = 9;
/// Bits of a word.
const WORD: usize = 10;
/// Words beside the value: two that name the set, two that say which share it is, and three
/// of checksum.
const BESIDE: usize = 7;
/// Words of the checksum.
const CHECKSUM: usize = 3;
/// The fewest words: 16 bytes.
const FEWEST: usize = BESIDE + 13;
/// The most that are looked at: no page holds so many.
const MOST: usize = 200;
/// What the checksum is over besides.
const CUSTOM: &[u8] = b"shamir";
const CUSTOM_EXTENDABLE: &[u8] = b"shamir_extendable";

/// Which shares belong together. `Display` writes the two words with which all of them begin.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SetId {
    /// 15 bits.
    pub(super) id: u16,
    /// Whether the id is no part of how the secret is disguised.
    pub(super) extendable: bool,
    /// How much work that is.
    pub(super) exponent: u8,
}

impl SetId {
    /// All of it, as the first two words have it.
    pub(super) const fn bits(self) -> u32 {
        (self.id as u32) << 5 | (self.extendable as u32) << 4 | self.exponent as u32
    }

    const fn custom(self) -> &'static [u8] {
        if self.extendable { CUSTOM_EXTENDABLE } else { CUSTOM }
    }
}

impl fmt::Display for SetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.bits();
        write!(f, "{} {}", word(bits >> WORD), word(bits & 1023))
    }
}

impl fmt::Debug for SetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SetId({self})")
    }
}

/// One share of a secret. Wiped on drop.
#[derive(Clone)]
pub struct Share {
    pub(super) set: SetId,
    pub(super) needed: u8,
    pub(super) index: u8,
    pub(super) value: Zeroizing<Vec<u8>>,
}

/// Why words are no share.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShareError {
    /// A word that is not in the list.
    #[error("word {place} is not in the list")]
    UnknownWord {
        /// Which one, counted from 1.
        place: usize,
        /// Words of the list that are near it, at most three.
        close: Vec<&'static str>,
    },
    /// No share has so many words.
    #[error("a page has 20 or 33 words, mostly, and these are {0}")]
    Length(usize),
    /// A word is another one of the list, or two are exchanged.
    #[error("the words do not fit together: one is wrong, or two are exchanged")]
    Checksum,
    /// It was made by another program, in a way that this one does not read.
    #[error("the share is of a kind that another program made, with groups or slow to open")]
    OtherKind,
}

impl Share {
    /// Which set it is of.
    #[must_use]
    pub const fn set(&self) -> SetId {
        self.set
    }

    /// How many shares are needed.
    #[must_use]
    pub const fn needed(&self) -> u8 {
        self.needed
    }

    /// Which one it is, counted from 1.
    #[must_use]
    pub const fn number(&self) -> u8 {
        self.index + 1
    }

    /// Its words, with a space between them. They are the secret of this share.
    #[must_use]
    pub fn words(&self) -> Zeroizing<String> {
        // Group 1 of 1, of which one is needed.
        let which = u32::from(self.index) << 4 | u32::from(self.needed - 1);
        let set = self.set.bits();
        let mut data = Zeroizing::new(Vec::with_capacity(MOST));
        for number in [set >> WORD, set & 1023, which >> WORD, which & 1023] {
            data.push(number);
        }
        let count = (8 * self.value.len()).div_ceil(WORD);
        let padding = WORD * count - 8 * self.value.len();
        let bit = |at: usize| {
            let byte = at.checked_sub(padding).and_then(|at| self.value.get(at / 8));
            byte.map_or(0, |byte| u32::from(*byte >> (7 - (at - padding) % 8) & 1))
        };
        for n in 0..count {
            data.push((0..WORD).fold(0, |word, at| word << 1 | bit(WORD * n + at)));
        }
        let zeros = [0; CHECKSUM];
        let sum = checksum(self.set.custom(), data.iter().copied().chain(zeros)) ^ 1;
        for n in (0..CHECKSUM).rev() {
            data.push(sum >> (WORD * n) & 1023);
        }
        // Its final length at most, so that no copy is left behind.
        let mut text = Zeroizing::new(String::with_capacity(data.len() * WIDEST));
        for number in data.iter() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word(*number));
        }
        text
    }

    /// The share that these words are. Capital letters, numbers before the words as on the
    /// page, and any white space between them are allowed, and four letters of a word are
    /// enough.
    ///
    /// # Errors
    /// [`ShareError`].
    pub fn from_words(text: &str) -> Result<Self, ShareError> {
        let mut data = Zeroizing::new(Vec::with_capacity(MOST));
        let no_letter = |c: char| c.is_whitespace() || c.is_ascii_punctuation() || is_hidden(c);
        let typed = text.split(no_letter);
        let typed =
            typed.filter(|word| !word.is_empty() && !word.bytes().all(|b| b.is_ascii_digit()));
        for (n, typed) in typed.enumerate() {
            if n == MOST {
                return Err(ShareError::Length(n + 1));
            }
            let typed = Zeroizing::new(typed.to_lowercase());
            let found = find(&typed);
            data.push(
                found.ok_or_else(|| ShareError::UnknownWord {
                    place: n + 1,
                    close: close(&typed),
                })?,
            );
        }
        Self::from_numbers(&data)
    }

    fn from_numbers(data: &[u32]) -> Result<Self, ShareError> {
        let length = || ShareError::Length(data.len());
        if data.len() < FEWEST {
            return Err(length());
        }
        let count = data.len() - BESIDE;
        // The value has an even number of bytes, and the fewest words that hold them.
        let padding = WORD * count % 16;
        if padding > 8 {
            return Err(length());
        }
        let (head, rest) = data.split_first_chunk::<4>().ok_or_else(length)?;
        let value = rest.get(..count).ok_or_else(length)?;
        let [first, second, third, fourth] = *head;
        let (set, which) = (first << WORD | second, third << WORD | fourth);
        let set = SetId {
            id: u16::try_from(set >> 5).unwrap_or_default(),
            extendable: set >> 4 & 1 == 1,
            exponent: (set & 15) as u8,
        };
        if checksum(set.custom(), data.iter().copied()) != 1 {
            return Err(ShareError::Checksum);
        }
        // Group 1 of 1.
        if which >> 8 != 0 || set.exponent > super::split::MAX_EXPONENT {
            return Err(ShareError::OtherKind);
        }
        let bit =
            |at: usize| value.get(at / WORD).map_or(0, |word| word >> (WORD - 1 - at % WORD) & 1);
        if (0..padding).any(|at| bit(at) != 0) {
            return Err(ShareError::Checksum);
        }
        let bytes = (WORD * count - padding) / 8;
        let mut secret = Zeroizing::new(Vec::with_capacity(bytes));
        for n in 0..bytes {
            let byte = (0..8).fold(0, |byte, at| byte << 1 | bit(padding + 8 * n + at));
            secret.push(byte as u8);
        }
        let (index, needed) = ((which >> 4 & 15) as u8, (which & 15) as u8 + 1);
        Ok(Self { set, needed, index, value: secret })
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Share {{ number: {}, set: {:?}, … }}", self.number(), self.set)
    }
}

/// RS1024 (SLIP-0039, "Checksum"): over the custom string and the words.
fn checksum(custom: &[u8], words: impl Iterator<Item = u32>) -> u32 {
    const GENERATOR: [u32; 10] = [
        0x00e0_e040,
        0x01c1_c080,
        0x0383_8100,
        0x0707_0200,
        0x0e0e_0009,
        0x1c0c_2412,
        0x3808_6c24,
        0x3090_fc48,
        0x21b1_f890,
        0x03f3_f120,
    ];
    let values = custom.iter().map(|byte| u32::from(*byte)).chain(words);
    values.fold(1, |sum, value| {
        let high = sum >> 20;
        let sum = (sum & 0x000f_ffff) << 10 ^ value;
        let chosen = GENERATOR.iter().enumerate().filter(|(n, _)| high >> n & 1 == 1);
        chosen.fold(sum, |sum, (_, generator)| sum ^ generator)
    })
}

fn word(number: u32) -> &'static str {
    LIST.lines().nth(number as usize).unwrap_or_default()
}

/// The number of a word, or of the one that begins with these four letters or more.
fn find(typed: &str) -> Option<u32> {
    let found = LIST.lines().position(|word| word == typed).or_else(|| {
        let begins = |word: &str| typed.len() >= 4 && word.starts_with(typed);
        LIST.lines().position(begins)
    });
    found.and_then(|place| u32::try_from(place).ok())
}

/// The words of the list that are nearest.
fn close(typed: &str) -> Vec<&'static str> {
    if typed.len() > 4 * WIDEST {
        return Vec::new();
    }
    let mut near: Vec<_> =
        LIST.lines().map(|word| (strsim::damerau_levenshtein(word, typed), word)).collect();
    near.retain(|(distance, _)| *distance <= 2);
    near.sort();
    near.into_iter().map(|(_, word)| word).take(3).collect()
}
