//! Addresses and keys of wallets.

use sha3::{Digest as _, Keccak256};

use crate::finding::{Content, Finding, Miss, OTHER, Reading, check, form};
use crate::input::{Input, after};
use crate::read::bech32::{self, Bech32, Variant};
use crate::read::encoding::{base58check, hex_of};
use crate::verdict::{Algorithm, WarningCode};

/// The text without a scheme and without a query, and whether the scheme was there.
fn bare<'i>(input: &'i Input<'_>, scheme: &str) -> Result<(&'i str, bool), Miss> {
    let line = input.line()?;
    let rest = after(line, scheme);
    let text = rest.unwrap_or(line).split('?').next().unwrap_or_default();
    Ok((text, rest.is_some()))
}

/// An address to pay to. Source: BIP-173, BIP-350; base58check.
pub(crate) fn bitcoin_address(input: &Input<'_>) -> Reading {
    let (text, named) = bare(input, "bitcoin:")?;
    let segwit = ["bc1", "tb1"].iter().any(|start| after(text, start).is_some());
    if segwit {
        form(named || text.len() >= 14 && text.bytes().all(|b| b.is_ascii_alphanumeric()))?;
        let read = Bech32::parse(text).ok_or(
            "it has a letter that is not allowed, or capitals and small letters are mixed",
        )?;
        let (version, program) = read.values.split_first().ok_or("it is cut off")?;
        let wanted = if *version == 0 { Variant::Bech32 } else { Variant::Bech32m };
        check(read.variant == Some(wanted), "the checksum does not fit: a letter is wrong")?;
        let program = bech32::bytes(program).ok_or("its last letter does not fit")?;
        let length = match version {
            0 => matches!(program.len(), 20 | 32),
            _ => (2..=40).contains(&program.len()) && *version <= 16,
        };
        check(length, "it is not as long as its version's")?;
        return Ok(Finding::exact().format("bech32").address("address", text));
    }
    let usual = text.starts_with(['1', '3']) && (25..=35).contains(&text.len());
    form(named || usual)?;
    match base58check(text) {
        Some(Ok(bytes))
            if bytes.len() == 21 && matches!(bytes.first(), Some(0 | 5 | 0x6f | 0xc4)) =>
        {
            Ok(Finding::exact().format("base58").address("address", text))
        }
        _ if named => Err("the checksum does not fit: a letter is wrong".into()),
        _ => Err(OTHER),
    }
}

/// The key of an extended key with one of these beginnings: 78 bytes.
fn extended(input: &Input<'_>, starts: &[(&str, u32)]) -> Result<Content, Miss> {
    let line = input.line()?;
    let start = starts.iter().find(|(start, _)| line.starts_with(start));
    let (_, version) = start.ok_or(OTHER)?;
    form((100..=120).contains(&line.len()) && line.bytes().all(|b| b.is_ascii_alphanumeric()))?;
    let bytes = base58check(line).ok_or("it has a letter that is not allowed")?;
    let bytes = bytes.map_err(|()| "the checksum does not fit: a letter is wrong")?;
    check(
        bytes.len() == 78 && bytes.starts_with(&version.to_be_bytes()),
        "it is not 78 bytes of its kind",
    )?;
    Ok(Content::new(line, bytes))
}

/// A key that shows all payments and spends none. Source: BIP-32, SLIP-132.
pub(crate) fn xpub(input: &Input<'_>) -> Reading {
    let starts = [
        ("xpub", 0x0488_b21e),
        ("ypub", 0x049d_7cb2),
        ("zpub", 0x04b2_4746),
        ("tpub", 0x0435_87cf),
    ];
    let key = extended(input, &starts)?;
    check(matches!(key.raw.get(45), Some(2 | 3)), "its key is not a point")?;
    Ok(Finding::exact().format("base58").public("key", key.of(Algorithm::Secp256k1)))
}

/// A key that spends all money. Source: BIP-32, SLIP-132.
pub(crate) fn xprv(input: &Input<'_>) -> Reading {
    let starts = [
        ("xprv", 0x0488_ade4),
        ("yprv", 0x049d_7878),
        ("zprv", 0x04b2_430c),
        ("tprv", 0x0435_8394),
    ];
    let key = extended(input, &starts)?;
    check(key.raw.get(45) == Some(&0), "its key does not begin with zero")?;
    Ok(Finding::exact().format("base58").secret("key", key.of(Algorithm::Secp256k1)))
}

/// The private key of one address. Source: Bitcoin wiki, "Wallet import format".
pub(crate) fn wif(input: &Input<'_>) -> Reading {
    let line = input.line()?;
    form(matches!(line.len(), 51 | 52) && line.starts_with(['5', 'K', 'L']))?;
    let Some(Ok(bytes)) = base58check(line) else { return Err(OTHER) };
    let key = match bytes.as_slice() {
        [0x80, key @ ..] if key.len() == 32 => key,
        [0x80, key @ .., 1] if key.len() == 32 => key,
        _ => return Err(OTHER),
    };
    let key = Content::new(line, key.to_vec()).of(Algorithm::Secp256k1);
    Ok(Finding::exact().format("base58").secret("key", key))
}

/// Five bits each, the first highest.
fn number(values: &[u8]) -> u64 {
    values.iter().fold(0, |number, value| number << 5 | u64::from(*value))
}

/// When an invoice was made and how long it is good (BOLT 11, "Tagged fields").
fn invoice_end(values: &[u8]) -> Option<i64> {
    let (time, mut rest) = values.split_at_checked(7)?;
    // The signature ends it.
    rest = rest.get(..rest.len().checked_sub(104)?)?;
    let mut life = 3600;
    while let [kind, high, low, after @ ..] = rest {
        let length = usize::from(*high) << 5 | usize::from(*low);
        let (value, next) = after.split_at_checked(length)?;
        if *kind == 6 && length <= 10 {
            life = number(value);
        }
        rest = next;
    }
    i64::try_from(number(time).checked_add(life)?).ok()
}

/// A payment that is asked for. Source: BOLT 11.
pub(crate) fn lightning_invoice(input: &Input<'_>) -> Reading {
    let (text, named) = bare(input, "lightning:")?;
    form(["lnbc", "lntb"].iter().any(|start| after(text, start).is_some()))?;
    form(text.len() >= 100 && text.bytes().all(|b| b.is_ascii_alphanumeric()) || named)?;
    let read = Bech32::parse(text)
        .ok_or("it has a letter that is not allowed, or capitals and small letters are mixed")?;
    check(read.variant == Some(Variant::Bech32), "the checksum does not fit: a letter is wrong")?;
    check(read.values.len() >= 111, "it is cut off")?;
    Ok(Finding::exact()
        .format("bech32")
        .address("payee and amount", text)
        .expires(invoice_end(&read.values)))
}

/// An address to pay to. Capitals are its checksum. Source: EIP-55, EIP-681.
pub(crate) fn ethereum_address(input: &Input<'_>) -> Reading {
    let (text, named) = bare(input, "ethereum:")?;
    let text = text.strip_prefix("pay-").unwrap_or(text);
    let text = text.split(['@', '/']).next().unwrap_or_default();
    let Some(digits) = text.strip_prefix("0x").filter(|digits| hex_of(digits, 20).is_some()) else {
        form(named)?;
        return Err("it does not have 40 hexadecimal digits".into());
    };
    let mixed = digits.bytes().any(|b| b.is_ascii_lowercase())
        && digits.bytes().any(|b| b.is_ascii_uppercase());
    if mixed {
        let hash = Keccak256::digest(digits.to_ascii_lowercase().as_bytes());
        let halves = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let fits = digits.bytes().zip(halves).all(|(digit, half)| {
            digit.is_ascii_digit() || digit.is_ascii_uppercase() == (half >= 8)
        });
        check(fits, "its capitals do not fit: a digit is wrong")?;
    }
    let zero = digits.bytes().all(|b| b == b'0');
    Ok(Finding::exact().format("hex").address("address", text).warn_if(
        zero,
        WarningCode::PublicKeyKnown,
        "It is nobody's: what is paid to it is lost.",
    ))
}
