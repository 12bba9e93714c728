//! Threema.

use crate::finding::{Content, Finding, OTHER, Reading, check, form};
use crate::input::Input;
use crate::read::Reader;
use crate::read::encoding::{base32, base64, hex_of};
use crate::read::protobuf::Message;
use crate::text::is_host;
use crate::verdict::{Algorithm, Role};

/// Eight of capitals, digits and the asterisk of gateways.
fn is_id(text: &str) -> bool {
    text.len() == 8
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'*')
}

/// A contact with its public key. Source: threema-android, ContactUrlUtilTest, 2026.
pub(crate) fn contact(input: &Input<'_>) -> Reading {
    let fields: Vec<&str> = input.after("3mid:")?.split(',').collect();
    let (id, key, expires) = match fields.as_slice() {
        [id, key] => (*id, *key, None),
        [id, key, expires] => (*id, *key, Some(*expires)),
        _ => return Err("it does not have two or three values".into()),
    };
    check(is_id(id), "the ID is not eight capitals and digits")?;
    let key = hex_of(key, 32).ok_or("the public key does not have 64 hexadecimal digits")?;
    let expires = match expires.map(str::parse::<i64>) {
        Some(Err(_)) => return Err("the time is not a number".into()),
        Some(Ok(seconds)) => Some(seconds),
        None => None,
    };
    let found = Finding::exact().address("identity", id);
    Ok(found.public("key", key.of(Algorithm::X25519)).expires(expires))
}

/// What a browser shows: version, options, three values of 32 bytes, port and host of a
/// server. Source: threema-android, WebSessionQRCodeParser, 2026.
pub(crate) fn web(input: &Input<'_>) -> Reading {
    let text = input.line()?;
    form(text.len() >= 136)?;
    let bytes = base64(text).ok_or(OTHER)?;
    let mut reader = Reader(&bytes.raw);
    let read = || -> Option<_> {
        let (version, options) = (reader.u16()?, reader.u8()?);
        let (key, token) = (reader.take(32)?, reader.take(32)?);
        let (server, port) = (reader.take(32)?, reader.u16()?);
        let host = str::from_utf8(reader.0).ok()?;
        let named = host.contains('.') && is_host(host) && host.len() >= 4 || host == "localhost";
        (options < 4 && port > 0 && named).then_some((version, key, token, server, port, host))
    };
    let mut read = read;
    let (version, key, token, server, port, host) = read().ok_or(OTHER)?;
    let server = Some(server).filter(|server| server.iter().any(|byte| *byte != 0));
    Ok(Finding::exact()
        .format("base64")
        .public("key", Content::bytes(key).of(Algorithm::X25519))
        .token("auth token", Content::bytes(token))
        .maybe(
            Role::PublicKey,
            "server key",
            server.map(|key| Content::bytes(key).of(Algorithm::X25519)),
        )
        .address("host", format!("{host}:{port}"))
        .detail("version", version))
}

/// What a new device shows to join: the key of the first connection and a relay. Source:
/// threema-android, url-payloads.proto and md-d2d-rendezvous.proto, 2026.
pub(crate) fn group_join(input: &Input<'_>) -> Reading {
    let link = input.scheme("threema")?;
    form(link.host == "device-group" && link.segments() == ["join"])?;
    let text = link.fragment().ok_or("the part after # is missing")?;
    let bytes = base64(text).ok_or("the part after # is not base64url")?;
    let message = Message::parse(&bytes.raw).ok_or("its fields do not end where it ends")?;
    let meeting = message.message(3).ok_or("the first connection is missing")?;
    let key = meeting.bytes(2).filter(|key| key.len() == 32);
    let key = key.ok_or("the authentication key is not 32 bytes long")?;
    let relay = meeting.message(3).and_then(|relay| relay.text(3).map(str::to_owned));
    Ok(Finding::exact().secret("authentication key", Content::bytes(key)).maybe(
        Role::Address,
        "relay URL",
        relay,
    ))
}

/// A link to an ID. Source: Threema's FAQ.
pub(crate) fn id_link(input: &Input<'_>) -> Reading {
    let link = input.page("threema.id")?;
    let segments = link.segments();
    let [id] = segments.as_slice() else { return Err(OTHER) };
    check(is_id(&id.to_ascii_uppercase()), "the ID is not eight capitals and digits")?;
    Ok(Finding::exact().address("identity", *id))
}

/// An identity with its private key, encrypted with a password. Source: libthreema, ID
/// backup; Threema's cryptography whitepaper, 2026-11.
pub(crate) fn id_backup(input: &Input<'_>) -> Reading {
    let line = input.line()?;
    let groups = || line.split('-');
    let letter = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    form(groups().count() == 20)?;
    form(groups().all(|group| group.len() == 4 && group.bytes().all(letter)))?;
    let bytes =
        base32(&line.replace('-', "")).ok_or("it has digits that no backup has: 0, 1, 8 or 9")?;
    Ok(Finding::exact().format("base32").secret("encrypted identity", Content::new(line, bytes)))
}
