//! Tor's onion services (rend-spec-v3; tor(1), "Client authorization").

use sha3::{Digest as _, Sha3_256};

use crate::finding::{Content, Finding, Miss, OTHER, Reading, check, form};
use crate::input::{Input, after};
use crate::read::encoding::{base32, is_base32};
use crate::verdict::Algorithm;

/// The key of an address without `.onion`: 32 bytes, a checksum and the version 3.
fn onion_key(text: &str) -> Result<Vec<u8>, Miss> {
    let bytes = base32(text).ok_or("it has letters that no address has")?;
    let [key @ .., one, two, version] = bytes.as_slice() else { return Err(OTHER) };
    check(*version == 3, "its version is not 3")?;
    let hash = Sha3_256::new()
        .chain_update(b".onion checksum")
        .chain_update(key)
        .chain_update([3])
        .finalize();
    check(hash.starts_with(&[*one, *two]), "the checksum does not fit: a letter is wrong")?;
    Ok(key.to_vec())
}

/// The address of an onion service, which is its public key. Source: rend-spec-v3, section 6
/// "Encoding onion addresses".
pub(crate) fn onion(input: &Input<'_>) -> Reading {
    let line = input.line()?;
    let text = match input.link() {
        Ok(link) if link.has_authority => {
            let host = link.host.strip_suffix(".onion").ok_or(OTHER)?;
            host.rsplit('.').next().unwrap_or_default()
        }
        _ => {
            let bare = after(line, "ricochet:").unwrap_or(line);
            let named = bare.len() >= 6
                && bare.get(bare.len() - 6..).is_some_and(|end| end.eq_ignore_ascii_case(".onion"));
            let named = named || bare.len() < line.len();
            let text = bare
                .get(..bare.len().saturating_sub(6))
                .filter(|_| bare.to_ascii_lowercase().ends_with(".onion"));
            let text = text.unwrap_or(bare);
            let text = text.rsplit('.').next().unwrap_or_default();
            // Bare letters are told only where everything fits.
            if !named {
                form(text.len() == 56 && is_base32(text))?;
                let key = onion_key(text).map_err(|_| OTHER)?;
                return Ok(found(text, key));
            }
            text
        }
    };
    form(!text.contains(char::is_whitespace))?;
    check(text.len() != 16, "it is of version 2, which has ended")?;
    check(text.len() == 56, "it does not have 56 letters")?;
    Ok(found(text, onion_key(text)?))
}

fn found(text: &str, key: Vec<u8>) -> Finding {
    Finding::exact().format("base32").public("key", Content::new(text, key).of(Algorithm::Ed25519))
}

/// 32 bytes in 52 letters.
fn key(text: &str) -> Option<Content> {
    let bytes = base32(text).filter(|bytes| text.len() == 52 && bytes.len() == 32)?;
    Some(Content::new(text, bytes).of(Algorithm::X25519))
}

/// The key of a client that a service lets in. Source: tor(1), "Client authorization".
pub(crate) fn client_public(input: &Input<'_>) -> Reading {
    let text = input.after("descriptor:x25519:")?;
    Ok(Finding::exact().public("client key", key(text).ok_or("it is not 32 bytes in base32")?))
}

/// A client's private key, with the service that it opens or alone. Source: tor(1);
/// OnionShare.
pub(crate) fn client_private(input: &Input<'_>) -> Reading {
    let line = input.line()?;
    if let Some(text) = Some(line).filter(|line| line.len() == 52 && is_base32(line)) {
        let key = key(text).ok_or(OTHER)?;
        return Ok(Finding::could_be().format("base32").secret("client key", key));
    }
    let (onion, rest) = line.split_once(':').ok_or(OTHER)?;
    let secret = after(rest, "descriptor:x25519:").ok_or(OTHER)?;
    form(onion.len() == 56)?;
    let service = onion_key(onion)?;
    Ok(Finding::exact()
        .public("onion key", Content::new(onion, service).of(Algorithm::Ed25519))
        .secret("client key", key(secret).ok_or("the key is not 32 bytes in base32")?))
}
