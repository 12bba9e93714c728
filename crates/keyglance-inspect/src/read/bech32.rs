//! Bech32 and bech32m (BIP 173, BIP 350) of any length: age, Nostr and Lightning have longer
//! ones than addresses are.

use zeroize::Zeroizing;

const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];

/// How the checksum was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variant {
    Bech32,
    Bech32m,
}

/// A text of the form, whose checksum may be wrong.
pub(crate) struct Bech32 {
    /// In lower case.
    pub(crate) prefix: String,
    /// Values below 32, without the checksum.
    pub(crate) values: Zeroizing<Vec<u8>>,
    /// `None` if the checksum fits neither.
    pub(crate) variant: Option<Variant>,
}

impl Bech32 {
    /// Reads one case, a prefix, `1`, and at least the six letters of the checksum.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let upper = text.bytes().any(|b| b.is_ascii_uppercase());
        if upper && text.bytes().any(|b| b.is_ascii_lowercase()) {
            return None;
        }
        let text = Zeroizing::new(text.to_ascii_lowercase());
        let (prefix, data) = text.rsplit_once('1')?;
        if prefix.is_empty() || data.len() < 6 || !prefix.bytes().all(|b| (33..127).contains(&b)) {
            return None;
        }
        let value =
            |b: u8| ALPHABET.iter().position(|a| *a == b).and_then(|v| u8::try_from(v).ok());
        let values: Vec<u8> = data.bytes().map(value).collect::<Option<_>>()?;
        let mut values = Zeroizing::new(values);
        let high = prefix.bytes().map(|b| b >> 5);
        let low = prefix.bytes().map(|b| b & 31);
        let all = high.chain([0]).chain(low).chain(values.iter().copied());
        let variant = match polymod(all) {
            1 => Some(Variant::Bech32),
            0x2bc8_30a3 => Some(Variant::Bech32m),
            _ => None,
        };
        let end = values.len().saturating_sub(6);
        values.truncate(end);
        Some(Self { prefix: prefix.to_owned(), values, variant })
    }

    /// The bytes, if the bits that are left over are zero and fewer than five.
    pub(crate) fn bytes(&self) -> Option<Zeroizing<Vec<u8>>> {
        bytes(&self.values)
    }
}

/// Eight bits from five.
pub(crate) fn bytes(values: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(values.len() * 5 / 8 + 1));
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    for value in values {
        buffer = (buffer << 5 | u32::from(*value)) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits).to_le_bytes()[0]);
        }
    }
    (bits < 5 && buffer & ((1 << bits) - 1) == 0).then_some(bytes)
}

fn polymod(values: impl Iterator<Item = u8>) -> u32 {
    values.fold(1_u32, |sum, value| {
        let top = sum >> 25;
        let next = (sum & 0x01ff_ffff) << 5 ^ u32::from(value);
        GENERATOR
            .iter()
            .enumerate()
            .filter(|(i, _)| top >> i & 1 == 1)
            .fold(next, |sum, (_, generator)| sum ^ generator)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_bips() {
        for (text, variant) in [
            ("A12UEL5L", Some(Variant::Bech32)),
            ("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", Some(Variant::Bech32)),
            ("A1LQFN3A", Some(Variant::Bech32m)),
            ("?1v759aa", Some(Variant::Bech32m)),
            ("A12UEL5M", None),
        ] {
            assert_eq!(Bech32::parse(text).unwrap().variant, variant, "{text}");
        }
        for text in ["a12UEL5L", "pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3"] {
            assert!(Bech32::parse(text).is_none_or(|it| it.variant.is_none()), "{text}");
        }
    }
}
