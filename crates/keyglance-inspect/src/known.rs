//! Secrets that everybody knows, since a standard prints them.

use data_encoding::HEXLOWER;

/// Private keys of examples, in hexadecimal.
const EXAMPLES: &[&str] = &[
    // RFC 8032, section 7.1, tests 1 to 3; the first is RFC 8037's too.
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    // RFC 7748, section 6.1.
    "77076d0a7318a57d3c16c17251b26645ec4e6b4f92c39eb0eeb7b9d0d3b1f5ca",
    "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
    // BIP-32, test vector 1.
    "e8f32e723decf4051aefac8e2c93c9c5b214313817cdb01a1494b917c8436b35",
    // Bitcoin wiki, "Wallet import format".
    "0c28fca386c7a227600b2fe50b7cae11ec86d3bf1fbe471be89827e19d72aa1d",
    // NIP-19.
    "67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa",
];

/// Whether a secret holds an example's key, or is one byte over and over.
pub(crate) fn is_known(secret: &[u8]) -> bool {
    if secret.len() >= 16 && secret.windows(2).all(|pair| pair.first() == pair.last()) {
        return true;
    }
    let digits = zeroize::Zeroizing::new(HEXLOWER.encode(secret));
    EXAMPLES.iter().any(|example| digits.contains(example))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_known_wherever_they_stand() {
        for example in EXAMPLES {
            assert_eq!(example.len(), 64);
            let mut bytes = HEXLOWER.decode(example.as_bytes()).unwrap();
            assert!(is_known(&bytes));
            bytes.insert(0, 4);
            assert!(is_known(&bytes));
            bytes[9] ^= 1;
            assert!(!is_known(&bytes));
        }
        assert!(is_known(&[7; 16]) && !is_known(&[7; 15]) && !is_known(&[]));
    }
}
