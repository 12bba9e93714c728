//! Keys and addresses of single programs.

use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::finding::{Content, Finding, Miss, OTHER, Reading, check, form};
use crate::input::Input;
use crate::read::Reader;
use crate::read::checksum::sha256;
use crate::read::encoding::{base58, base64, base64_of, hex_of, is_digits};
use crate::read::ini;
use crate::verdict::{Algorithm, Role};

/// A key that signs files, alone or after its comment. Source: minisign, "Signature format".
pub(crate) fn minisign(input: &Input<'_>) -> Reading {
    let text = input.text()?;
    let line = match text.strip_prefix("untrusted comment:") {
        Some(rest) => rest.lines().nth(1).ok_or(OTHER)?.trim(),
        None => text,
    };
    form(line.starts_with("RW") && line.len() == 56)?;
    let bytes = base64_of(line, 42).ok_or(OTHER)?;
    let mut reader = Reader(&bytes.raw);
    form(reader.take(2) == Some(b"Ed"))?;
    let id: [u8; 8] = reader.array().ok_or(OTHER)?;
    let key = Content::new(line, reader.0.to_vec()).of(Algorithm::Ed25519);
    Ok(Finding::exact()
        .format("base64")
        .public("key", key)
        .detail("key_id", format!("{:016X}", u64::from_le_bytes(id))))
}

/// A tunnel's private key and its peers. Source: wg(8), "Configuration file format";
/// wg-quick(8).
pub(crate) fn wireguard_config(input: &Input<'_>) -> Reading {
    let text = input.text()?;
    form(text.contains('['))?;
    let sections = ini::sections(text).ok_or(OTHER)?;
    let interface =
        sections.iter().find(|it| it.name.eq_ignore_ascii_case("Interface")).ok_or(OTHER)?;
    let private = interface.get("PrivateKey").ok_or(OTHER)?;
    let key = |text| base64_of(text, 32).map(|key| key.of(Algorithm::X25519));
    let private = key(private).ok_or("the private key is not 32 bytes in base64")?;
    let bytes: [u8; 32] = private.raw.as_slice().try_into().map_err(|_| OTHER)?;
    let public = PublicKey::from(&StaticSecret::from(*Zeroizing::new(bytes)));
    let mut found = Finding::exact()
        .format("INI")
        .secret("private key", private)
        .detail("public_key", data_encoding::BASE64.encode(public.as_bytes()));
    for peer in sections.iter().filter(|it| it.name.eq_ignore_ascii_case("Peer")) {
        let public = peer.get("PublicKey").and_then(key);
        found = found.public("peer key", public.ok_or("a peer's key is not 32 bytes in base64")?);
        if let Some(shared) = peer.get("PresharedKey") {
            let shared =
                base64_of(shared, 32).ok_or("the preshared key is not 32 bytes in base64")?;
            found = found.secret("preshared key", shared);
        }
        found = found.maybe(Role::Address, "endpoint", peer.get("Endpoint"));
    }
    Ok(found)
}

/// The beginning of an Ed25519 key's multihash: identity, 36 bytes, a protobuf.
const LIBP2P_ED25519: &[u8] = &[0x00, 0x24, 0x08, 0x01, 0x12, 0x20];

/// A peer: its Ed25519 key. Source: libp2p, peer-ids specification.
pub(crate) fn libp2p_peer(input: &Input<'_>) -> Reading {
    let line = input.line()?;
    form(line.starts_with("12D3KooW") && line.len() <= 60 && !line.contains(' '))?;
    let bytes = base58(line).ok_or("it has a letter that is not allowed")?;
    let key = bytes.strip_prefix(LIBP2P_ED25519).filter(|key| key.len() == 32);
    let key = key.ok_or("it is not 32 bytes after its beginning")?;
    let key = Content::new(line, key.to_vec()).of(Algorithm::Ed25519);
    Ok(Finding::exact().format("base58").public("key", key))
}

/// Multicodec's prefixes of keys, as they are written, and the bytes that follow.
const MULTICODEC: &[([u8; 2], usize, &str, Algorithm)] = &[
    ([0xed, 0x01], 32, "Ed25519", Algorithm::Ed25519),
    ([0xec, 0x01], 32, "X25519", Algorithm::X25519),
    ([0xe7, 0x01], 33, "secp256k1", Algorithm::Secp256k1),
    ([0x80, 0x24], 33, "P-256", Algorithm::P256),
    ([0x81, 0x24], 49, "P-384", Algorithm::Other),
    ([0x82, 0x24], 67, "P-521", Algorithm::Other),
];

/// A public key as an identifier. Source: W3C CCG, did:key method.
pub(crate) fn did_key(input: &Input<'_>) -> Reading {
    let text = input.after("did:key:")?;
    let text = text.split(['#', '?', '/']).next().unwrap_or_default();
    let encoded = text.strip_prefix('z').ok_or("it does not begin with z, for base58")?;
    let bytes = base58(encoded).ok_or("it has a letter that is not allowed")?;
    let (codec, key) = bytes.split_first_chunk::<2>().ok_or("it is cut off")?;
    let known = MULTICODEC.iter().find(|it| it.0 == *codec).ok_or(Miss::Newer)?;
    check(key.len() == known.1, "the key is not as long as its kind")?;
    let key = Content::new(text, key.to_vec()).of(known.3);
    Ok(Finding::exact().format("base58").public("key", key).detail("type", known.2))
}

/// One value after its length.
fn stamp_value<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let length = reader.u8()?;
    reader.take(length.into())
}

/// Values, of which all but the last have 128 added to their length.
fn stamp_values(reader: &mut Reader<'_>) -> Option<()> {
    loop {
        let length = reader.u8()?;
        reader.take(usize::from(length & 0x7f))?;
        if length < 0x80 {
            return Some(());
        }
    }
}

/// A server for names. Source: dnscrypt.info, "DNS stamps specifications".
pub(crate) fn dns_stamp(input: &Input<'_>) -> Reading {
    let bytes = base64(input.after("sdns://")?).ok_or("it is not base64url")?;
    let mut reader = Reader(&bytes.raw);
    let protocol = reader.u8().ok_or("it is cut off")?;
    let mut read = || -> Option<(String, Option<Vec<u8>>)> {
        if protocol != 0x81 {
            reader.take(8)?;
        }
        let text = |bytes: &[u8]| str::from_utf8(bytes).ok().map(str::to_owned);
        let mut address =
            if protocol == 5 { String::new() } else { text(stamp_value(&mut reader)?)? };
        let mut key = None;
        match protocol {
            0x00 | 0x81 => {}
            0x01 => {
                key = Some(stamp_value(&mut reader)?.to_vec()).filter(|key| key.len() == 32);
                key.as_ref()?;
                stamp_value(&mut reader)?;
            }
            0x02..=0x05 | 0x85 => {
                if protocol != 5 {
                    stamp_values(&mut reader)?;
                }
                let host = text(stamp_value(&mut reader)?)?;
                if matches!(protocol, 0x02 | 0x05 | 0x85) {
                    stamp_value(&mut reader)?;
                }
                // Addresses to begin with may follow.
                if !reader.is_empty() && protocol != 5 {
                    stamp_values(&mut reader)?;
                }
                if !host.is_empty() {
                    address = host;
                }
            }
            _ => return None,
        }
        reader.is_empty().then_some((address, key))
    };
    let known = matches!(protocol, 0..=5 | 0x81 | 0x85);
    let (address, key) = read().ok_or(if known {
        "its values do not end where it ends".into()
    } else {
        Miss::Newer
    })?;
    let name = match protocol {
        0x00 => "plain DNS",
        0x01 => "DNSCrypt",
        0x02 => "DNS over HTTPS",
        0x03 => "DNS over TLS",
        0x04 => "DNS over QUIC",
        0x05 => "Oblivious DoH target",
        0x81 => "DNSCrypt relay",
        _ => "Oblivious DoH relay",
    };
    let key = key.map(|key| Content::bytes(&key).of(Algorithm::Ed25519));
    Ok(Finding::exact()
        .maybe(Role::Address, "server", Some(address))
        .maybe(Role::PublicKey, "provider key", key)
        .detail("protocol", name))
}

/// The text between two others.
fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    text.split_once(start)?.1.split_once(end).map(|(inner, _)| inner)
}

/// A key file. Source: KeePass, "Key files", 2026.
pub(crate) fn keepass_keyfile(input: &Input<'_>) -> Reading {
    let text = input.text()?;
    form(text.starts_with('<'))?;
    let file = between(text, "<KeyFile>", "</KeyFile>").ok_or(OTHER)?;
    let version = between(file, "<Version>", "</Version>").ok_or("the version is missing")?.trim();
    let (attributes, data) = between(file, "<Data", "</Data>")
        .and_then(|it| it.split_once('>'))
        .ok_or("the key is missing")?;
    let data: Zeroizing<String> =
        Zeroizing::new(data.chars().filter(|c| !c.is_whitespace()).collect());
    match version.split('.').next() {
        // Version 1 has no checksum.
        Some("1") => {
            let key = base64_of(&data, 32).ok_or("the key is not 32 bytes in base64")?;
            Ok(Finding::could_be().format("XML").secret("key", key).detail("version", version))
        }
        Some("2") => {
            let key = hex_of(&data, 32).ok_or("the key does not have 64 hexadecimal digits")?;
            let hash = between(attributes, "Hash=\"", "\"").and_then(|hash| hex_of(hash, 4));
            let hash = hash.ok_or("the checksum is missing")?;
            let holds = sha256(&key.raw).starts_with(&hash.raw);
            check(holds, "the checksum does not fit: a digit is wrong")?;
            Ok(Finding::exact().format("XML").secret("key", key).detail("version", version))
        }
        Some(major) if is_digits(major) => Err(Miss::Newer),
        _ => Err("the version is not valid".into()),
    }
}

/// What opens an account beside its password. Source: 1Password, security design white
/// paper, "Secret Key"; its characters cannot be checked.
pub(crate) fn onepassword_secret_key(input: &Input<'_>) -> Reading {
    let line = input.line()?;
    let mut groups = line.split('-');
    form(groups.next() == Some("A3"))?;
    let letter = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    let rest: Vec<&str> = groups.collect();
    form(rest.iter().map(|group| group.len()).eq([6, 6, 5, 5, 5, 5]))?;
    form(rest.iter().all(|group| group.bytes().all(letter)))?;
    Ok(Finding::could_be().secret("account key", line))
}

/// What opens a disk: eight numbers, each eleven times one of 16 bits. Source: Microsoft,
/// "BitLocker recovery overview".
pub(crate) fn bitlocker(input: &Input<'_>) -> Reading {
    let line = input.line()?;
    let groups: Vec<&str> = line.split('-').collect();
    form(groups.len() == 8 && groups.iter().all(|group| group.len() == 6 && is_digits(group)))?;
    let mut key = Vec::with_capacity(16);
    for group in &groups {
        let number: u32 = group.parse().map_err(|_| OTHER)?;
        check(number.is_multiple_of(11), "a group is not divisible by 11: a digit is wrong")?;
        let number = u16::try_from(number / 11).map_err(|_| "a group is too large")?;
        key.extend(number.to_le_bytes());
    }
    Ok(Finding::exact().format("digits").secret("disk key", Content::new(line, key)))
}
