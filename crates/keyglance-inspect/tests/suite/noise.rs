//! What was made by chance is never told as a kind with certainty, and nothing panics.

use keyglance_inspect::{Confidence, Verdict, inspect};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

use crate::samples::{now, samples};

const ALPHABETS: &[&str] = &[
    "0123456789abcdef",
    "0123456789ABCDEF",
    "0123456789",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
    "abcdefghijklmnopqrstuvwxyz234567",
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:",
    "abcdefghijklmnopqrstuvwxyz ",
    " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\n",
    "aäßéжд漢字🦊 \u{200b}\u{202e}",
];

fn below(rng: &mut ChaCha20Rng, end: usize) -> usize {
    usize::try_from(rng.next_u64() % u64::try_from(end).unwrap()).unwrap()
}

fn letters(rng: &mut ChaCha20Rng, alphabet: &str, length: usize) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    (0..length).map(|_| alphabet[below(rng, alphabet.len())]).collect()
}

/// A text of one alphabet, or a link or groups of such texts.
fn text(rng: &mut ChaCha20Rng) -> String {
    let alphabet = ALPHABETS[below(rng, ALPHABETS.len())];
    let length = below(rng, 200);
    match below(rng, 4) {
        0 => format!(
            "https://{}.example/{}?{}={}#{}",
            letters(rng, ALPHABETS[9], 5).trim(),
            letters(rng, ALPHABETS[6], 8),
            letters(rng, ALPHABETS[9], 3),
            letters(rng, ALPHABETS[6], 12),
            letters(rng, alphabet, length / 4),
        ),
        1 => (0..length / 5).map(|_| letters(rng, alphabet, 5)).collect::<Vec<_>>().join("-"),
        _ => letters(rng, alphabet, length),
    }
}

fn assert_uncertain(verdict: &Verdict, payload: &[u8]) {
    assert_ne!(
        verdict.confidence,
        Confidence::Exact,
        "{} for {:?}",
        verdict.id,
        String::from_utf8_lossy(payload)
    );
}

#[test]
fn a_hundred_thousand_random_texts_are_no_kind() {
    let mut rng = ChaCha20Rng::seed_from_u64(18);
    for _ in 0..100_000 {
        let text = text(&mut rng);
        assert_uncertain(&inspect(text.as_bytes(), now()), text.as_bytes());
    }
}

#[test]
fn a_hundred_thousand_random_byte_strings_are_no_kind() {
    let mut rng = ChaCha20Rng::seed_from_u64(19);
    for _ in 0..100_000 {
        let mut bytes = vec![0; below(&mut rng, 200)];
        rng.fill_bytes(&mut bytes);
        assert_uncertain(&inspect(&bytes, now()), &bytes);
    }
}

/// Every sample with a byte changed, left out or doubled, cut anywhere, and two of them in
/// one: whatever it is then, it is told, and as JSON too.
#[test]
fn changed_samples_are_told_without_panic() {
    let mut rng = ChaCha20Rng::seed_from_u64(20);
    let samples = samples();
    for sample in &samples {
        for _ in 0..60 {
            let mut bytes = sample.payload.clone();
            let at = below(&mut rng, bytes.len());
            match below(&mut rng, 5) {
                0 => bytes[at] = rng.next_u32().to_le_bytes()[0],
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, bytes[at]),
                3 => bytes.truncate(at),
                _ => {
                    let other = &samples[below(&mut rng, samples.len())].payload;
                    bytes.truncate(at);
                    bytes.extend_from_slice(&other[below(&mut rng, other.len())..]);
                }
            }
            let verdict = inspect(&bytes, now());
            assert!(verdict.to_json(true).is_object());
        }
    }
}
