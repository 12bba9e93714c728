//! Passphrases that a person chooses, and such as are made for them.

use keyglance_core::words::LIST;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Words of a passphrase that is made: 66 bits, each guess at which takes about a second
/// behind the passphrase files' scrypt.
const COUNT: usize = 6;

/// How long somebody who has the file would have to guess: an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Guessed within hours.
    Weak,
    /// Holds against who finds the file by chance.
    Fair,
    /// Holds against most.
    Good,
    /// Holds.
    Strong,
}

impl Strength {
    /// Of a passphrase; takes up to some milliseconds.
    ///
    /// ```
    /// use keyglance_profile::Strength;
    ///
    /// assert_eq!(Strength::of("password"), Strength::Weak);
    /// assert_eq!(Strength::of("maple anchor violin seven orbit lamp"), Strength::Strong);
    /// ```
    #[must_use]
    pub fn of(text: &str) -> Self {
        match u8::from(zxcvbn::zxcvbn(text, &[]).score()) {
            0 | 1 => Self::Weak,
            2 => Self::Fair,
            3 => Self::Good,
            _ => Self::Strong,
        }
    }
}

/// A passphrase of six words.
#[must_use]
pub fn six_words(rng: &mut (impl CryptoRng + ?Sized)) -> Zeroizing<String> {
    // Long enough for the longest words, so that no copy is left behind.
    let mut text = Zeroizing::new(String::with_capacity(COUNT * 9));
    for n in 0..COUNT {
        // 2,048 words take 11 bits, so that none comes more often.
        let word = LIST.lines().nth((rng.next_u32() & 2047) as usize).unwrap_or_default();
        if n > 0 {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

#[cfg(test)]
mod tests {
    use keyglance_core::test_util::seeded;

    use super::*;

    #[test]
    fn six_words_are_strong_and_never_the_same() {
        let mut rng = seeded(7);
        let mut seen = std::collections::HashSet::new();
        let mut words = std::collections::HashSet::new();
        for _ in 0..200 {
            let made = six_words(&mut rng);
            let list: Vec<String> = made.split(' ').map(str::to_owned).collect();
            assert_eq!(list.len(), 6, "{list:?}");
            assert!(list.iter().all(|word| LIST.lines().any(|known| known == word)));
            words.extend(list);
            assert!(seen.insert(made.to_string()));
        }
        // Of 1,200 draws from 2,048 some 900 differ.
        assert!(words.len() > 800, "{} words of the list come up", words.len());
        assert_eq!(Strength::of(&six_words(&mut rng)), Strength::Strong);
    }

    #[test]
    fn what_many_people_choose_is_weak() {
        for weak in ["", "abc", "password", "12345678", "qwertyuiop", "letmein1"] {
            assert_eq!(Strength::of(weak), Strength::Weak, "{weak}");
        }
    }
}
