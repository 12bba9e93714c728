//! age (C2SP age.md and age-plugin.md).

use crate::finding::{Content, Finding, Miss, OTHER, Reading, check, form};
use crate::input::{Input, after};
use crate::read::bech32::{Bech32, Variant};
use crate::read::encoding::base64_of;
use crate::read::pem::Pem;
use crate::verdict::Algorithm;

/// Shorter texts with such a beginning are none.
const SHORTEST: usize = 20;

/// The prefix and the bytes of a text that begins so.
fn bytes(input: &Input<'_>, start: &str) -> Result<(String, Content), Miss> {
    let line = key_line(input)?;
    let rest = after(line, start).ok_or(OTHER)?;
    form(rest.len() >= SHORTEST && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))?;
    let read = Bech32::parse(line)
        .ok_or("it has a letter that is not allowed, or capitals and small letters are mixed")?;
    check(read.variant == Some(Variant::Bech32), "the checksum does not fit: a letter is wrong")?;
    let bytes = read.bytes().ok_or("its last letter does not fit")?;
    Ok((read.prefix, Content::new(line, bytes)))
}

/// The text in one line, or the first key of a file as age-keygen writes it: after comments.
fn key_line<'i>(input: &'i Input<'_>) -> Result<&'i str, Miss> {
    if !input.text()?.starts_with('#') {
        return input.line();
    }
    let lines = input.text()?.lines().map(str::trim);
    lines.into_iter().find(|line| !line.is_empty() && !line.starts_with('#')).ok_or(OTHER)
}

/// The prefix of a text that begins like age's, as far as it can be told.
fn prefix<'t>(line: &'t str, start: &str) -> Result<&'t str, Miss> {
    after(line, start).ok_or(OTHER)?;
    line.rsplit_once('1').map(|(prefix, _)| prefix).ok_or(OTHER)
}

/// A key to encrypt to. Source: C2SP age.md, "The X25519 recipient type"; rage, 2026.
pub(crate) fn recipient(input: &Input<'_>) -> Reading {
    form(prefix(input.line()?, "age1")?.eq_ignore_ascii_case("age"))?;
    let (_, key) = bytes(input, "age1")?;
    let key = key.len(32).ok_or("the key is not 32 bytes long")?;
    Ok(Finding::exact().format("bech32").public("key", key.of(Algorithm::X25519)))
}

/// A key to decrypt with. Source: C2SP age.md; rage, 2026.
pub(crate) fn identity(input: &Input<'_>) -> Reading {
    let (_, key) = bytes(input, "AGE-SECRET-KEY-1")?;
    let key = key.len(32).ok_or("the key is not 32 bytes long")?;
    Ok(Finding::exact().format("bech32").secret("key", key.of(Algorithm::X25519)))
}

/// A key to encrypt to: ML-KEM-768 and X25519. Source: age 1.3, pq.go, 2026.
pub(crate) fn pq_recipient(input: &Input<'_>) -> Reading {
    form(prefix(input.line()?, "age1pq1")?.eq_ignore_ascii_case("age1pq"))?;
    let (_, key) = bytes(input, "age1pq1")?;
    let key = key.len(1216).ok_or("the key is not 1216 bytes long")?;
    Ok(Finding::exact().format("bech32").public("key", key))
}

/// The seed of a key to decrypt with. Source: age 1.3, pq.go, 2026.
pub(crate) fn pq_identity(input: &Input<'_>) -> Reading {
    let (_, seed) = bytes(input, "AGE-SECRET-KEY-PQ-1")?;
    let seed = seed.len(32).ok_or("the seed is not 32 bytes long")?;
    Ok(Finding::exact().format("bech32").secret("seed", seed))
}

/// A key to encrypt to that lives in hardware or a plugin. Source: C2SP age-plugin.md;
/// rage and age, 2026.
pub(crate) fn plugin_recipient(input: &Input<'_>) -> Reading {
    let prefix = prefix(input.line()?, "age1")?.to_ascii_lowercase();
    let name = prefix.strip_prefix("age1").filter(|name| !name.is_empty() && *name != "pq");
    let name = name.ok_or(OTHER)?;
    let (_, key) = bytes(input, "age1")?;
    let points = matches!(name, "tag" | "yubikey" | "se");
    check(!points || key.raw.len() == 33, "the key is not 33 bytes long")?;
    let key = if points { key.of(Algorithm::P256) } else { key };
    Ok(Finding::exact().format("bech32").public("key", key).detail("plugin", name))
}

/// How a plugin finds a key; some hold the key itself. Source: C2SP age-plugin.md.
pub(crate) fn plugin_identity(input: &Input<'_>) -> Reading {
    let (prefix, handle) = bytes(input, "AGE-PLUGIN-")?;
    let name = prefix.strip_prefix("age-plugin-").and_then(|name| name.strip_suffix('-'));
    let name = name.filter(|name| !name.is_empty()).ok_or("the plugin's name is missing")?;
    Ok(Finding::exact().format("bech32").secret("handle", handle).detail("plugin", name))
}

/// An encrypted file, armored or not. Source: C2SP age.md, "Format".
pub(crate) fn file(input: &Input<'_>) -> Reading {
    let armored = input.text().ok().and_then(|text| Pem::find(text, &["AGE ENCRYPTED FILE"]));
    let bytes = match &armored {
        Some(pem) => {
            check(pem.is_whole, "it does not end as it began")?;
            pem.bytes().ok_or("it is not base64")?.to_vec()
        }
        None => input.bytes.to_vec(),
    };
    let rest = bytes.strip_prefix(b"age-encryption.org/").ok_or(OTHER)?;
    let Some(rest) = rest.strip_prefix(b"v1\n") else {
        let version = rest.strip_prefix(b"v").and_then(|rest| rest.first());
        form(version.is_some_and(u8::is_ascii_digit))?;
        return Err(Miss::Newer);
    };
    let mut stanzas = Vec::new();
    let mut rest = rest;
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n').ok_or("its header is cut off")?;
        let (line, after) = rest.split_at_checked(end).ok_or(OTHER)?;
        rest = after.get(1..).unwrap_or_default();
        let line = str::from_utf8(line).map_err(|_| "its header is not text")?;
        if let Some(stanza) = line.strip_prefix("-> ") {
            stanzas.push(stanza.split(' ').next().unwrap_or_default().to_owned());
        } else if let Some(mac) = line.strip_prefix("--- ") {
            check(base64_of(mac, 32).is_some(), "its header's checksum is not 32 bytes long")?;
            break;
        }
    }
    check(!stanzas.is_empty(), "nobody can open it: it has no stanza")?;
    check(rest.len() >= 32, "what is encrypted is cut off")?;
    let format = if armored.is_some() { "PEM" } else { "binary" };
    Ok(Finding::exact().format(format).detail("stanzas", stanzas))
}
