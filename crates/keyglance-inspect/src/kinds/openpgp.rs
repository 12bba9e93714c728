//! OpenPGP (RFC 9580).

use data_encoding::{BASE64, HEXUPPER};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use crate::finding::{Content, Finding, Miss, OTHER, Reading, check, form};
use crate::input::Input;
use crate::read::Reader;
use crate::read::checksum::crc24;
use crate::read::encoding::hex_of;
use crate::read::pem::Pem;

/// A key's fingerprint: 20 bytes of version 4, 32 of version 6. Source: chatmail/core,
/// src/key.rs, 2026-08; RFC 9580, section 5.5.4.
pub(crate) fn fingerprint(input: &Input<'_>) -> Reading {
    let text = input.after("OPENPGP4FPR:")?;
    // With an address it is an invite.
    form(!text.contains('#') && !text.to_ascii_lowercase().contains("%23"))?;
    let compact: String = text.chars().filter(|c| *c != ' ').collect();
    let hex = hex_of(&compact, 20).or_else(|| hex_of(&compact, 32));
    let hex = hex.ok_or("the fingerprint does not have 40 or 64 hexadecimal digits")?;
    let version = if hex.raw.len() == 20 { 4 } else { 6 };
    Ok(Finding::exact().public("fingerprint", hex).detail("version", version))
}

/// The tag and the body of the first packet (RFC 9580, section 4.2).
fn first_packet(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let mut reader = Reader(bytes);
    let head = reader.u8()?;
    let (tag, length) = if head & 0xc0 == 0xc0 {
        let length = match reader.u8()? {
            one @ 0..=191 => u32::from(one),
            two @ 192..=223 => ((u32::from(two) - 192) << 8) + u32::from(reader.u8()?) + 192,
            255 => reader.u32()?,
            _ => return None,
        };
        (head & 0x3f, length)
    } else if head & 0x80 == 0x80 {
        let length = match head & 3 {
            0 => u32::from(reader.u8()?),
            1 => u32::from(reader.u16()?),
            2 => reader.u32()?,
            _ => return None,
        };
        (head >> 2 & 0x0f, length)
    } else {
        return None;
    };
    Some((tag, reader.take(usize::try_from(length).ok()?)?))
}

/// The fingerprint of a public key's packet, and its version.
fn fingerprint_of(body: &[u8]) -> Option<(u8, String)> {
    let version = *body.first()?;
    let hash = match version {
        4 => {
            let length = u16::try_from(body.len()).ok()?.to_be_bytes();
            let hash = Sha1::new().chain_update([0x99]).chain_update(length);
            HEXUPPER.encode(&hash.chain_update(body).finalize())
        }
        6 => {
            let length = u32::try_from(body.len()).ok()?.to_be_bytes();
            let hash = Sha256::new().chain_update([0x9b]).chain_update(length);
            HEXUPPER.encode(&hash.chain_update(body).finalize())
        }
        _ => return None,
    };
    Some((version, hash))
}

/// The block with this label, whose first packet has this tag.
fn block(input: &Input<'_>, label: &str, tag: u8) -> Result<(Content, Finding), Miss> {
    let pem = Pem::find(input.text()?, &[label]).ok_or(OTHER)?;
    check(pem.is_whole, "it does not end as it began")?;
    let bytes = pem.bytes().ok_or("it is not base64")?;
    if let Some(sum) = pem.checksum {
        let given = BASE64.decode(sum.as_bytes()).map_err(|_| "the checksum is not base64")?;
        let real = crc24(&bytes).to_be_bytes();
        check(real.ends_with(&given), "the checksum does not fit: a character is wrong")?;
    }
    let (found, body) = first_packet(&bytes).ok_or("its first packet is cut off")?;
    check(found == tag, "its first packet is not such a key")?;
    let mut finding = Finding::exact().format("PEM");
    if tag == 6 {
        let (version, fingerprint) = fingerprint_of(body).ok_or(Miss::Newer)?;
        finding = finding.detail("fingerprint", fingerprint).detail("version", version);
    }
    Ok((Content::new(&pem.body, bytes.to_vec()), finding))
}

/// A public key. Source: RFC 9580, sections 5.5.1.1 and 6.2.
pub(crate) fn public_block(input: &Input<'_>) -> Reading {
    let (key, finding) = block(input, "PGP PUBLIC KEY BLOCK", 6)?;
    Ok(finding.public("key", key))
}

/// A private key. Source: RFC 9580, sections 5.5.1.3 and 6.2.
pub(crate) fn private_block(input: &Input<'_>) -> Reading {
    let (key, finding) = block(input, "PGP PRIVATE KEY BLOCK", 5)?;
    Ok(finding.secret("key", key))
}
