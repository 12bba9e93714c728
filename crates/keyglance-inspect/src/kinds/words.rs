//! Seeds as words and digits (BIP-39, SeedQR), and Blockchain Commons' uniform resources.

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::finding::{Content, Finding, Miss, OTHER, Reading, check, form};
use crate::input::Input;
use crate::read::cbor::Cbor;
use crate::read::checksum::{crc32, sha256};
use crate::read::encoding::is_digits;
use crate::verdict::{Role, WarningCode};

/// The lists of BIP-39, each 2048 words in the order of their numbers (bitcoin/bips,
/// bip-0039; MIT). Those that share words with another are asked one after the other.
const LISTS: &[(&str, &str)] = &[
    ("English", keyglance_core::words::LIST),
    ("Spanish", include_str!("../../assets/bip39/spanish.txt")),
    ("French", include_str!("../../assets/bip39/french.txt")),
    ("Italian", include_str!("../../assets/bip39/italian.txt")),
    ("Portuguese", include_str!("../../assets/bip39/portuguese.txt")),
    ("Czech", include_str!("../../assets/bip39/czech.txt")),
    ("Japanese", include_str!("../../assets/bip39/japanese.txt")),
    ("Korean", include_str!("../../assets/bip39/korean.txt")),
    ("Chinese (simplified)", include_str!("../../assets/bip39/chinese_simplified.txt")),
    ("Chinese (traditional)", include_str!("../../assets/bip39/chinese_traditional.txt")),
];

/// The entropy of numbers below 2048, if the checksum after it fits (BIP-39, "Generating the
/// mnemonic").
fn entropy(numbers: &[u16]) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(33));
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    for number in numbers {
        buffer = (buffer << 11 | u32::from(*number)) & 0x0007_ffff;
        bits += 11;
        while bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits).to_le_bytes()[0]);
        }
    }
    // A 33rd of all bits is the checksum: 4 to 8.
    let checksum_bits = u32::try_from(numbers.len() / 3).ok()?;
    let given = match bits {
        0 => u32::from(bytes.pop()?),
        _ => buffer & ((1 << bits) - 1),
    };
    let hash = u32::from(*sha256(&bytes).first()?);
    (hash >> (8 - checksum_bits) == given).then_some(bytes)
}

/// Every wallet's examples have all bytes alike.
fn is_known(entropy: &[u8]) -> bool {
    entropy.windows(2).all(|pair| matches!(pair, [one, other] if one == other))
}

const KNOWN: &str = "These words are an example that everybody knows.";

/// The words of a wallet: of one list, with a checksum of 4 to 8 bits, which one text of
/// many fits by chance. Source: BIP-39.
pub(crate) fn bip39(input: &Input<'_>) -> Reading {
    let text = input.text()?;
    form(text.len() <= 1024)?;
    let small: Zeroizing<String> = Zeroizing::new(text.to_lowercase().nfkd().collect());
    // Wallets number them: "1. word", "1) word".
    let number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ':' | '#' | ',');
    let words = small.split_whitespace().map(|word| word.trim_matches(number));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    form(matches!(words.len(), 12 | 15 | 18 | 21 | 24))?;
    let mut nearly = false;
    for (language, list) in LISTS {
        let number = |word: &&str| {
            let place = list.lines().position(|line| line == *word)?;
            u16::try_from(place).ok()
        };
        let numbers: Zeroizing<Vec<u16>> =
            Zeroizing::new(words.iter().filter_map(number).collect());
        nearly |= numbers.len() + 1 == words.len();
        if numbers.len() != words.len() {
            continue;
        }
        let Some(entropy) = entropy(&numbers) else { continue };
        let known = is_known(&entropy);
        return Ok(Finding::could_be()
            .secret("wallet seed", Content { raw: entropy, ..Content::from(text) })
            .detail("words", words.len())
            .detail("language", *language)
            .warn_if(known, WarningCode::PublicKeyKnown, KNOWN));
    }
    check(!nearly, "a word is not in the list that all others are in")?;
    Err(OTHER)
}

/// The same words as four digits each. Source: SeedSigner, docs/seed_qr/README.md, 2026;
/// BIP-39.
pub(crate) fn seedqr(input: &Input<'_>) -> Reading {
    let line = input.line()?;
    form(matches!(line.len(), 48 | 96) && is_digits(line))?;
    let group = |digits: &[u8]| {
        digits.iter().fold(0_u16, |number, digit| number * 10 + u16::from(digit - b'0'))
    };
    let numbers: Zeroizing<Vec<u16>> =
        Zeroizing::new(line.as_bytes().chunks(4).map(group).collect());
    form(numbers.iter().all(|number| *number < 2048))?;
    let entropy = entropy(&numbers).ok_or("the checksum does not fit: a digit is wrong")?;
    let known = is_known(&entropy);
    Ok(Finding::exact()
        .format("digits")
        .secret("wallet seed", Content { raw: entropy, ..Content::from(line) })
        .detail("words", numbers.len())
        .warn_if(known, WarningCode::PublicKeyKnown, KNOWN))
}

/// First and last letter of each of the 256 bytewords (BCR-2020-012).
const BYTEWORDS: &str = "aeadaoaxaaahamatayasbkbdbnbtbabsbebybgbwbbbzcmchcscfcycwcecackct\
     cxclcpcndkdadsdidedtdrdndwdpdmdldyeheyeoeeecenemetesftfrfnfsfmfh\
     fzfpfwfxfyfefgflfdgagegrgsgtglgwgdgygmgughgohfhghdhkhthphhhlhyhe\
     hnhsidiaieihiyioisinimjejzjnjtjljojsjpjkjykpkoktkskkknkgkekikblb\
     lalylflslrlplnltloldlelulklgmnmymhmemomumwmdmtmsmknlnyndnsntnnne\
     nboyoeotoxonolospdptpkpypspmplpepfpaprqdqzrerprlrorhrdrkrfryrnrs\
     rtsesasrssskswstspsosgsbsfsntotktitttdtetytltbtstptatnuyuoutueur\
     vtvyvovlvevwvavdvswlwdwmwpwewywswtwnwzwfwkykynylyaytzszoztzczezm";

/// What minimal bytewords hold before their CRC-32.
fn bytewords(text: &str) -> Result<Vec<u8>, Miss> {
    let small = text.to_ascii_lowercase();
    let byte = |pair: &[u8]| {
        let place = BYTEWORDS.as_bytes().chunks(2).position(|word| word == pair)?;
        u8::try_from(place).ok()
    };
    let bytes: Option<Vec<u8>> = small.as_bytes().chunks(2).map(byte).collect();
    let mut bytes = bytes.ok_or("two letters stand for no byte")?;
    let end = bytes.len().checked_sub(4).ok_or("it is cut off")?;
    let checksum = bytes.split_off(end);
    check(
        crc32(&bytes).to_be_bytes() == *checksum,
        "the checksum does not fit: a letter is wrong",
    )?;
    Ok(bytes)
}

/// Type, part and letters after `ur:` (BCR-2020-005).
fn ur<'i>(input: &'i Input<'_>) -> Result<(String, Option<&'i str>, &'i str), Miss> {
    let mut fields = input.after("ur:")?.split('/');
    let kind = fields.next().unwrap_or_default().to_ascii_lowercase();
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    form(!kind.is_empty() && kind.bytes().all(letter))?;
    let fields: Vec<&str> = fields.collect();
    match fields.as_slice() {
        [letters] => Ok((kind, None, letters)),
        [part, letters] => Ok((kind, Some(part), letters)),
        _ => Err(OTHER),
    }
}

/// A seed. Source: BCR-2020-005, BCR-2020-006.
pub(crate) fn ur_seed(input: &Input<'_>) -> Reading {
    let (kind, part, letters) = ur(input)?;
    form(part.is_none() && matches!(kind.as_str(), "seed" | "crypto-seed"))?;
    let cbor =
        Cbor::parse(&bytewords(letters)?).ok_or("what it holds does not end where it ends")?;
    let seed = cbor.get(1).and_then(Cbor::bytes).filter(|seed| !seed.is_empty());
    let seed = seed.ok_or("the seed is missing")?;
    let weak = seed.len() < 16;
    Ok(Finding::exact().format("bytewords").secret("seed", Content::bytes(seed)).warn_if(
        weak,
        WarningCode::Weak,
        "The seed has fewer than 16 bytes.",
    ))
}

/// A part of something larger. Source: BCR-2020-005, section "Multipart UR".
pub(crate) fn ur_part(input: &Input<'_>) -> Reading {
    let (kind, part, letters) = ur(input)?;
    let (number, count) = part.and_then(|part| part.split_once('-')).ok_or(OTHER)?;
    let (number, count): (u32, u32) = match (number.parse(), count.parse()) {
        (Ok(number), Ok(count)) if number > 0 && count > 0 => (number, count),
        _ => return Err("the part's number is not valid".into()),
    };
    let cbor =
        Cbor::parse(&bytewords(letters)?).ok_or("what it holds does not end where it ends")?;
    let fields = cbor.array().filter(|fields| fields.len() == 5);
    let fields = fields.ok_or("the part does not have five values")?;
    let value = |place: usize| fields.get(place).and_then(Cbor::unsigned);
    let agrees = value(0) == Some(number.into()) && value(1) == Some(count.into());
    check(agrees, "the part's number inside is another")?;
    let data = fields.get(4).and_then(Cbor::bytes).ok_or("the data is missing")?;
    let (role, label) = match kind.strip_prefix("crypto-").unwrap_or(&kind) {
        "hdkey" | "account" | "account-descriptor" | "output" | "output-descriptor"
        | "multi-accounts" | "coin-info" => (Role::PublicKey, "key"),
        "psbt" | "request" | "response" | "sign-request" => (Role::Address, "payment"),
        "seed" => (Role::Secret, "seed"),
        _ => (Role::Secret, "data"),
    };
    Ok(Finding::exact()
        .format("bytewords")
        .part(role, label, Content::bytes(data))
        .detail("type", kind)
        .detail("part", number)
        .detail("parts", count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_whole() {
        for (language, list) in LISTS {
            assert_eq!(list.lines().count(), 2048, "{language}");
        }
        assert_eq!(BYTEWORDS.len(), 512);
    }

    /// BIP-39's test vectors: 128 and 256 bits.
    #[test]
    fn entropy_of_the_test_vectors() {
        assert_eq!(entropy(&[[0; 11].as_slice(), &[3]].concat()).unwrap().as_slice(), [0; 16]);
        assert_eq!(entropy(&[[0; 23].as_slice(), &[102]].concat()).unwrap().as_slice(), [0; 32]);
        assert!(entropy(&[[0; 11].as_slice(), &[4]].concat()).is_none());
    }
}
