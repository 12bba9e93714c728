//! Secrets as words that a person can read, write down and type (BIP 39).

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// BIP 39's English list, a word a line: 2,048 words, each known by its first four letters.
pub const LIST: &str = include_str!("../assets/words.txt");

/// The longest word, and a space.
const WIDEST: usize = 9;

/// `secret` and its checksum as words with a space between them: twelve for 16 bytes,
/// twenty-four for 32 (BIP 39, "Generating the mnemonic").
#[must_use]
pub fn phrase<const BYTES: usize>(secret: &[u8; BYTES]) -> Zeroizing<String> {
    const { assert!(BYTES.is_multiple_of(4) && BYTES >= 16 && BYTES <= 32) };
    let words: Vec<&str> = LIST.lines().collect();
    let checksum = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(secret)));
    // One bit of the checksum for each four bytes; eleven bits a word.
    let bit = |at: usize| {
        let byte = secret.iter().chain(checksum.iter()).nth(at / 8).copied().unwrap_or_default();
        usize::from(byte >> (7 - at % 8) & 1)
    };
    let count = BYTES * 3 / 4;
    // Its final length at most, so that no copy is left behind.
    let mut text = Zeroizing::new(String::with_capacity(count * WIDEST));
    for n in 0..count {
        let word = (0..11).fold(0, |word, at| word << 1 | bit(11 * n + at));
        if n > 0 {
            text.push(' ');
        }
        text.push_str(words.get(word).copied().unwrap_or_default());
    }
    text
}

/// The secret that these words are; `None` if they are none, or their checksum is wrong.
#[must_use]
pub fn secret(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut numbers = Zeroizing::new(Vec::with_capacity(24));
    for typed in text.split(' ') {
        if numbers.len() == 24 {
            return None;
        }
        numbers.push(LIST.lines().position(|word| word == typed)?);
    }
    // 32 bits of secret and one of checksum for every three words.
    if numbers.len() < 12 || !numbers.len().is_multiple_of(3) {
        return None;
    }
    let bytes = numbers.len() / 3 * 4;
    let bit = |at: usize| numbers.get(at / 11).map_or(0, |word| (word >> (10 - at % 11) & 1) as u8);
    let mut secret = Zeroizing::new(Vec::with_capacity(bytes));
    for n in 0..bytes {
        secret.push((0..8).fold(0, |byte, at| byte << 1 | bit(8 * n + at)));
    }
    let checksum = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(&*secret)));
    let sum = (0..numbers.len() / 3).fold(0, |sum, at| sum << 1 | bit(8 * bytes + at));
    let first = checksum.first().copied().unwrap_or_default();
    (sum == first >> (8 - numbers.len() / 3)).then_some(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_the_published_one() {
        let digest = Sha256::digest(LIST.as_bytes());
        let published = "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda";
        assert_eq!(data_encoding::HEXLOWER.encode(&digest), published);
        let words: Vec<&str> = LIST.lines().collect();
        assert_eq!((words.len(), words[0], words[2047]), (2048, "abandon", "zoo"));
        assert!(words.iter().all(|word| word.len() < WIDEST));
        let mut starts: Vec<&str> = words.iter().map(|word| &word[..word.len().min(4)]).collect();
        starts.dedup();
        assert_eq!(starts.len(), 2048, "each is known by four letters");
    }

    /// Of the vectors that BIP 39 names as its test vectors.
    #[test]
    fn the_published_secrets_have_the_published_words() {
        let repeated = |word: &str, times: usize, last: &str| {
            let mut words = vec![word; times];
            words.push(last);
            words.join(" ")
        };
        assert_eq!(*phrase(&[0; 16]), repeated("abandon", 11, "about"));
        assert_eq!(*phrase(&[0xff; 16]), repeated("zoo", 11, "wrong"));
        assert_eq!(*phrase(&[0; 32]), repeated("abandon", 23, "art"));
        assert_eq!(*phrase(&[0xff; 32]), repeated("zoo", 23, "vote"));
        let legal = "legal winner thank year wave sausage worth useful legal winner thank yellow";
        assert_eq!(*phrase(&[0x7f; 16]), legal);
        let letter =
            "letter advice cage absurd amount doctor acoustic avoid letter advice cage above";
        assert_eq!(*phrase(&[0x80; 16]), letter);
        assert_eq!(secret(letter).unwrap()[..], [0x80; 16]);
        assert_eq!(secret(&phrase(&[0x5a; 32])).unwrap()[..], [0x5a; 32]);
        for none in ["", "zoo", "letter advice cage", &letter.replace("above", "abuse")] {
            assert!(secret(none).is_none(), "{none}");
        }
    }
}
