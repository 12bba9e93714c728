//! Passphrase files, armored or binary: key files, identities and exports.

use keyglance_core::keyfile::{Passphrase, decrypt_with_passphrase};
use keyglance_core::zeroize::Zeroizing;

/// The passphrase of the corpus, whose files say [`CONTENT`].
const PASSPHRASE: &str = "right";
const CONTENT: &[u8] = b"for two devices only";

/// Nobody who has not the passphrase makes a file that opens to something else.
pub fn run(data: &[u8]) {
    if asks_for_work(data) || asks_for_work(&unarmored(data)) {
        return;
    }
    let passphrase = Passphrase::new(Zeroizing::new(PASSPHRASE.to_owned())).unwrap();
    if let Ok(opened) = decrypt_with_passphrase(data, &passphrase) {
        assert_eq!(*opened, CONTENT);
    }
}

/// Whether scrypt would take longer than a fuzzer should wait: a work factor of two
/// digits.
fn asks_for_work(data: &[u8]) -> bool {
    let stanza = data.split(|byte| *byte == b'\n').find(|line| line.starts_with(b"-> scrypt "));
    let factor = stanza.and_then(|line| line.rsplit(|byte| *byte == b' ').next());
    factor.is_some_and(|factor| factor.len() > 1)
}

/// What stands in the armor, as well as it can be read.
fn unarmored(data: &[u8]) -> Vec<u8> {
    let lines = data.split(|byte| *byte == b'\n').filter(|line| !line.starts_with(b"-"));
    let mut bits = 0_u32;
    let mut count = 0;
    let mut bytes = Vec::new();
    for digit in lines.flatten() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}
