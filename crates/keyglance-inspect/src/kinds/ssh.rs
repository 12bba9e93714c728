//! OpenSSH (RFC 4253, RFC 5656, RFC 8709, PROTOCOL.key, PROTOCOL.u2f).

use data_encoding::BASE64_NOPAD;
use zeroize::Zeroizing;

use crate::finding::{Content, Finding, OTHER, Reading, check, form};
use crate::input::Input;
use crate::read::Reader;
use crate::read::checksum::sha256;
use crate::read::encoding::{base64, base64_of, is_digits};
use crate::read::pem::Pem;
use crate::text::looks_secret;
use crate::verdict::{Algorithm, Role};

/// Types of keys, with how many values follow the type, and which of them is the key.
const TYPES: &[(&str, usize, usize, Algorithm)] = &[
    ("ssh-ed25519", 1, 0, Algorithm::Ed25519),
    ("ssh-rsa", 2, 1, Algorithm::Rsa),
    ("ssh-dss", 4, 3, Algorithm::Other),
    ("ecdsa-sha2-nistp256", 2, 1, Algorithm::P256),
    ("ecdsa-sha2-nistp384", 2, 1, Algorithm::Other),
    ("ecdsa-sha2-nistp521", 2, 1, Algorithm::Other),
    ("sk-ssh-ed25519@openssh.com", 2, 0, Algorithm::Ed25519),
    ("sk-ecdsa-sha2-nistp256@openssh.com", 3, 1, Algorithm::P256),
];

/// `SHA256:` and base64 of the blob's hash, as ssh-keygen prints it.
fn fingerprint_of(blob: &[u8]) -> String {
    format!("SHA256:{}", BASE64_NOPAD.encode(&sha256(blob)))
}

/// A public key, as in authorized_keys. Source: RFC 4253, section 6.6; RFC 8709, section 4.
pub(crate) fn public_key(input: &Input<'_>) -> Reading {
    let mut fields = input.text()?.splitn(3, [' ', '\t']);
    let (name, blob) = (fields.next().ok_or(OTHER)?, fields.next().ok_or(OTHER)?);
    let (_, count, place, algorithm) = TYPES.iter().find(|it| it.0 == name).ok_or(OTHER)?;
    let blob = base64(blob).ok_or("the key is not base64")?;
    let mut reader = Reader(&blob.raw);
    let inner = reader.prefixed32().ok_or("the key is cut off")?;
    check(inner == name.as_bytes(), "the type inside is another")?;
    let mut values = Vec::new();
    while !reader.is_empty() {
        values.push(reader.prefixed32().ok_or("the key is cut off")?);
    }
    check(values.len() == *count, "it does not have as many values as its type")?;
    let key = values.get(*place).copied().unwrap_or_default();
    let fits = *algorithm != Algorithm::Ed25519 || key.len() == 32;
    check(fits, "the key is not 32 bytes long")?;
    let fingerprint = fingerprint_of(&blob.raw);
    let mut found =
        Finding::exact().public("key", Content { raw: key.to_vec().into(), ..blob }.of(*algorithm));
    if let Some(part) = found.parts.first_mut() {
        part.algorithm = *algorithm;
    }
    // A comment is free: what was pasted into it by mistake is not repeated.
    let comment = fields.next().map(str::trim).filter(|comment| !looks_secret(comment));
    Ok(found
        .maybe(Role::Address, "comment", comment)
        .detail("type", name)
        .detail("fingerprint", fingerprint))
}

/// The SHA-256 of a public key. Source: ssh-keygen(1), option -l.
pub(crate) fn fingerprint(input: &Input<'_>) -> Reading {
    let text = input.line()?.strip_prefix("SHA256:").ok_or(OTHER)?;
    // Others write hexadecimal digits after the same word.
    form((42..=44).contains(&text.len()))?;
    let hash = base64_of(text, 32).ok_or("it is not 32 bytes in base64")?;
    Ok(Finding::exact().public("fingerprint", hash))
}

/// PuTTY's file. Source: PuTTY's manual, appendix C "PPK file format".
fn putty_key(text: &str) -> Reading {
    let mut lines = text.lines().map(str::trim_end);
    let version = lines.next().and_then(|line| line.split(':').next()).ok_or(OTHER)?;
    form(version.strip_prefix("PuTTY-User-Key-File-").is_some_and(is_digits))?;
    let mut encryption = None;
    let count = loop {
        let line = lines.next().ok_or("the private key is missing")?;
        if let Some(value) = line.strip_prefix("Encryption:") {
            encryption = Some(value.trim());
        } else if let Some(count) = line.strip_prefix("Private-Lines:") {
            break count.trim().parse::<usize>().map_err(|_| "the number of lines is no number")?;
        }
    };
    let body: Zeroizing<String> = Zeroizing::new(lines.by_ref().take(count).collect());
    let key = base64(&body).ok_or("the private key is not base64")?;
    check(lines.any(|line| line.starts_with("Private-MAC:")), "it is cut off")?;
    let has_passphrase = encryption.ok_or("how it is encrypted is missing")? != "none";
    Ok(Finding::exact().format("text").secret("key", key).detail("has_passphrase", has_passphrase))
}

/// A private key. Source: openssh-portable, PROTOCOL.key.
pub(crate) fn private_key(input: &Input<'_>) -> Reading {
    if input.text()?.starts_with("PuTTY-User-Key-File-") {
        return putty_key(input.text()?);
    }
    let pem = Pem::find(input.text()?, &["OPENSSH PRIVATE KEY"]).ok_or(OTHER)?;
    check(pem.is_whole, "it does not end as it began")?;
    let bytes = pem.bytes().ok_or("it is not base64")?;
    let rest =
        bytes.strip_prefix(b"openssh-key-v1\0").ok_or("it does not begin with openssh-key-v1")?;
    let mut reader = Reader(rest);
    let mut read = || {
        let cipher = reader.prefixed32()?;
        let (_, _) = (reader.prefixed32()?, reader.prefixed32()?);
        let keys = reader.u32().filter(|keys| (1..=8).contains(keys))?;
        for _ in 0..keys {
            reader.prefixed32()?;
        }
        reader.prefixed32()?;
        Some(cipher)
    };
    let cipher = read().ok_or("it is cut off")?;
    let has_passphrase = cipher != b"none";
    // Ciphers with a tag put it after the end.
    let end = reader.is_empty() || has_passphrase && reader.0.len() == 16;
    check(end, "something follows its end")?;
    Ok(Finding::exact()
        .format("PEM")
        .secret("key", Content::new(&pem.body, bytes.to_vec()))
        .detail("has_passphrase", has_passphrase))
}
