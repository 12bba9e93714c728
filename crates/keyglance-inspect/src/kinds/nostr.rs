//! Nostr (NIP-19, NIP-21, NIP-46, NIP-47, NIP-49), and wallets that connect by the same
//! means.

use crate::finding::{Content, Finding, Miss, OTHER, Reading, check, form};
use crate::input::{Input, after};
use crate::read::Reader;
use crate::read::bech32::{Bech32, Variant};
use crate::read::encoding::hex_of;
use crate::read::url::{Link, pairs};
use crate::verdict::{Algorithm, Role};

/// The bytes of a bech32 text with this prefix.
fn bytes(input: &Input<'_>, prefix: &str) -> Result<Content, Miss> {
    let line = input.line()?;
    let text = after(line, "nostr:").unwrap_or(line);
    let rest = after(text, prefix).and_then(|rest| rest.strip_prefix('1')).ok_or(OTHER)?;
    form(rest.len() >= 6 && rest.bytes().all(|b| b.is_ascii_alphanumeric()))?;
    let read = Bech32::parse(text)
        .ok_or("it has a letter that is not allowed, or capitals and small letters are mixed")?;
    check(read.variant == Some(Variant::Bech32), "the checksum does not fit: a letter is wrong")?;
    let bytes = read.bytes().ok_or("its last letter does not fit")?;
    Ok(Content::new(text, bytes))
}

/// A public key. Source: NIP-19.
pub(crate) fn npub(input: &Input<'_>) -> Reading {
    let key = bytes(input, "npub")?.len(32).ok_or("the key is not 32 bytes long")?;
    Ok(Finding::exact().format("bech32").public("key", key.of(Algorithm::Secp256k1)))
}

/// A private key. Source: NIP-19.
pub(crate) fn nsec(input: &Input<'_>) -> Reading {
    let key = bytes(input, "nsec")?.len(32).ok_or("the key is not 32 bytes long")?;
    Ok(Finding::exact().format("bech32").secret("key", key.of(Algorithm::Secp256k1)))
}

/// A public key and relays: type, length, value to the end. Source: NIP-19.
pub(crate) fn nprofile(input: &Input<'_>) -> Reading {
    let all = bytes(input, "nprofile")?;
    let mut reader = Reader(&all.raw);
    let (mut key, mut relays) = (None, Vec::new());
    while !reader.is_empty() {
        let mut next = || Some((reader.u8()?, reader.u8()?));
        let (kind, length) = next().ok_or("it is cut off")?;
        let value = reader.take(length.into()).ok_or("it is cut off")?;
        match kind {
            0 if value.len() == 32 => key = Some(Content::bytes(value)),
            1 => relays.push(str::from_utf8(value).map_err(|_| "a relay is not text")?.to_owned()),
            _ => {}
        }
    }
    let key = key.ok_or("the key is missing")?.of(Algorithm::Secp256k1);
    Ok(Finding::exact().format("bech32").public("key", key).maybe(
        Role::Address,
        "relays",
        Some(relays.join(" ")),
    ))
}

/// A private key under a password. Source: NIP-49.
pub(crate) fn ncryptsec(input: &Input<'_>) -> Reading {
    let key = bytes(input, "ncryptsec")?;
    match key.raw.first() {
        Some(2) => check(key.raw.len() == 91, "it is not 91 bytes long")?,
        Some(3..) => return Err(Miss::Newer),
        _ => return Err("its version is not valid".into()),
    }
    Ok(Finding::exact().format("bech32").secret("encrypted key", key))
}

/// `SCHEME://KEY?relay=…&secret=…`: the key, the relays and the secret.
fn connection<'i>(input: &'i Input<'_>, scheme: &str) -> Result<(&'i Link, Content, String), Miss> {
    let link = input.scheme(scheme)?;
    let host = if link.has_authority { link.host.as_str() } else { link.path() };
    let key = hex_of(host, 32).ok_or("the key does not have 64 hexadecimal digits")?;
    let named =
        pairs(link.query().unwrap_or_default()).filter(|(name, _)| name.as_str() == "relay");
    let relays: Vec<String> = named.map(|(_, relay)| relay.to_string()).collect();
    check(relays.iter().any(|relay| relay.contains("://")), "the relay is missing")?;
    Ok((link, key.of(Algorithm::Secp256k1), relays.join(" ")))
}

/// A program that asks a signer to connect. Source: NIP-46.
pub(crate) fn connect(input: &Input<'_>) -> Reading {
    let (link, key, relays) = connection(input, "nostrconnect")?;
    let secret = link.param("secret").filter(|secret| !secret.is_empty());
    Ok(Finding::exact()
        .public("client key", key)
        .token("secret", secret.ok_or("the secret is missing")?)
        .address("relay", relays))
}

/// A signer that a program may connect to. Source: NIP-46.
pub(crate) fn bunker(input: &Input<'_>) -> Reading {
    let (link, key, relays) = connection(input, "bunker")?;
    Ok(Finding::exact()
        .public("signer key", key)
        .maybe(Role::Token, "secret", link.param("secret"))
        .address("relay", relays))
}

/// A wallet: who has the client's key spends its money. Source: NIP-47.
pub(crate) fn wallet(input: &Input<'_>) -> Reading {
    let (link, key, relays) = connection(input, "nostr+walletconnect")?;
    let secret = link.param("secret").and_then(|secret| hex_of(&secret, 32));
    let secret = secret.ok_or("the client's key does not have 64 hexadecimal digits")?;
    Ok(Finding::exact()
        .public("wallet key", key)
        .secret("client key", secret.of(Algorithm::Secp256k1))
        .address("relay", relays))
}

/// A wallet and a program that talk under a key that the code holds. Source: WalletConnect
/// v2, pairing URI, 2026.
pub(crate) fn wallet_connect(input: &Input<'_>) -> Reading {
    let link = input.scheme("wc")?;
    let (topic, version) = link.path().split_once('@').ok_or("the version is missing")?;
    match version.parse::<u32>() {
        Ok(2) => {}
        Ok(3..) => return Err(Miss::Newer),
        _ => return Err("its version is not in use".into()),
    }
    let topic = hex_of(topic, 32).ok_or("the topic does not have 64 hexadecimal digits")?;
    let key = link.param("symKey").and_then(|key| hex_of(&key, 32));
    let key = key.ok_or("the key does not have 64 hexadecimal digits")?;
    let expires = link.param("expiryTimestamp").and_then(|time| time.parse().ok());
    Ok(Finding::exact().address("topic", topic).secret("symmetric key", key).expires(expires))
}
