//! Briar.

use crate::finding::{Content, Finding, OTHER, Reading, form};
use crate::input::Input;
use crate::read::encoding::base32;
use crate::read::{MAX_DEPTH, Reader};
use crate::verdict::{Algorithm, Role};

/// A contact's key for the first handshake. Source: briar, PendingContactFactoryImpl, 2026.
pub(crate) fn link(input: &Input<'_>) -> Reading {
    let line = input.line()?;
    let after = input.after("briar://");
    let text = after.clone().unwrap_or(line);
    let letter = |b: u8| b.is_ascii_lowercase() || matches!(b, b'2'..=b'7');
    let fits = text.len() == 53 && text.bytes().all(letter);
    // Five letters are left over, of 25 bits, of which the last is none of a byte.
    let bytes = Some(text).filter(|_| fits).and_then(base32);
    let key = bytes.filter(|bytes| bytes.len() == 33 && bytes.first() == Some(&0));
    let key =
        key.map(|bytes| Content::new(text, bytes.iter().skip(1).copied().collect::<Vec<_>>()));
    let key = key.map(|key| key.of(Algorithm::X25519));
    match (after, key) {
        (Ok(_), Some(key)) => Ok(Finding::exact().public("key", key)),
        (Ok(_), None) => Err("it is not 53 letters of a version and a key".into()),
        (Err(_), Some(key)) => Ok(Finding::could_be().public("key", key)),
        (Err(_), None) => Err(OTHER),
    }
}

/// What two devices show each other: a commitment to a key, and how to be reached. Source:
/// briar, PayloadEncoderImpl, 2026; BDF, BdfReaderImpl.
pub(crate) fn nearby(input: &Input<'_>) -> Reading {
    let list = input.bytes.strip_prefix(&[4]).ok_or(OTHER)?;
    let inner = list.strip_prefix(&[0x60, 0x51, 0x10]).ok_or(OTHER)?;
    let (commitment, transports) = inner.split_at_checked(16).ok_or(OTHER)?;
    let mut reader = Reader(list);
    form(bdf(&mut reader, MAX_DEPTH).is_some() && reader.is_empty())?;
    let transports = transports.strip_suffix(&[0x80]).filter(|rest| !rest.is_empty());
    Ok(Finding::exact().format("binary").public("commitment", Content::bytes(commitment)).maybe(
        Role::Address,
        "transport descriptors",
        transports.map(Content::bytes),
    ))
}

/// One value of Briar's binary data format; `Some(true)` for the end of a list.
fn bdf(reader: &mut Reader<'_>, depth: usize) -> Option<bool> {
    let depth = depth.checked_sub(1)?;
    match reader.u8()? {
        0x00 | 0x10 | 0x11 => {}
        0x21 => drop(reader.take(1)?),
        0x22 => drop(reader.take(2)?),
        0x24 => drop(reader.take(4)?),
        0x28 | 0x38 => drop(reader.take(8)?),
        0x41 => {
            let length = reader.u8()?;
            str::from_utf8(reader.take(length.into())?).ok()?;
        }
        0x42 => {
            str::from_utf8(reader.prefixed16()?).ok()?;
        }
        0x51 => {
            let length = reader.u8()?;
            reader.take(length.into())?;
        }
        0x52 => drop(reader.prefixed16()?),
        // A dictionary is a list of names and values.
        0x60 | 0x70 => while !bdf(reader, depth)? {},
        0x80 => return Some(true),
        _ => return None,
    }
    Some(false)
}

/// What a mailbox shows to be paired: its onion service's key, and the token that lets in.
/// Source: briar, MailboxPairingTaskImpl, 2026.
pub(crate) fn mailbox(input: &Input<'_>) -> Reading {
    let [0x20, rest @ ..] = input.bytes else { return Err(OTHER) };
    // A text may begin with a space too.
    form(rest.len() == 64 && str::from_utf8(rest).is_err())?;
    let (key, token) = rest.split_first_chunk::<32>().ok_or(OTHER)?;
    // No key that a service has made is outside the group; of random bytes, 15 in 16 are.
    let point = ed25519_dalek::VerifyingKey::from_bytes(key).map_err(|_| OTHER)?;
    form(point.to_edwards().is_torsion_free())?;
    Ok(Finding::exact()
        .format("binary")
        .public("onion key", Content::bytes(key).of(Algorithm::Ed25519))
        .token("setup token", Content::bytes(token)))
}
