//! Matrix: Element and others.

use crate::finding::{Content, Finding, Miss, OTHER, Reading, check, form};
use crate::input::Input;
use crate::read::Reader;
use crate::read::encoding::base58;
use crate::read::url::decoded;
use crate::text::{is_domain, is_host, visible};
use crate::verdict::{Algorithm, Role, WarningCode};

/// What stands after `MATRIX`, the version 2 and one of these modes.
fn after_magic<'i>(
    input: &Input<'i>,
    modes: std::ops::RangeInclusive<u8>,
) -> Result<(u8, Reader<'i>), Miss> {
    let rest = input.bytes.strip_prefix(b"MATRIX").ok_or(OTHER)?;
    let [version @ ..0x20, mode @ ..0x20, rest @ ..] = rest else { return Err(OTHER) };
    match (version, mode) {
        (2, mode) if modes.contains(mode) => Ok((*mode, Reader(rest))),
        (2, 0..=4) => Err(OTHER),
        (2.., _) => Err(Miss::Newer),
        _ => Err(OTHER),
    }
}

/// Two devices that verify each other: an id, two keys and a secret. Source: Matrix
/// specification, 11.12.2.4 "QR code format"; matrix-sdk-qrcode, 2026.
pub(crate) fn verification(input: &Input<'_>) -> Reading {
    let (mode, mut reader) = after_magic(input, 0..=2)?;
    let mut read = || Some((reader.prefixed16()?, reader.take(32)?, reader.take(32)?));
    let (id, first, second) = read().ok_or("it is cut off")?;
    let secret = reader.0;
    check(!secret.is_empty(), "the secret is missing")?;
    let id = str::from_utf8(id).map_err(|_| "the id is not text")?;
    check(!id.is_empty(), "the id is missing")?;
    let (one, other) = match mode {
        0 => ("own master key", "other's master key"),
        1 => ("own master key", "other device's key"),
        _ => ("own device's key", "master key"),
    };
    let key = |bytes| Content::bytes(bytes).of(Algorithm::Ed25519);
    Ok(Finding::exact()
        .format("binary")
        .address("flow id", id)
        .public(one, key(first))
        .public(other, key(second))
        .secret("secret", Content::bytes(secret))
        .detail("mode", mode)
        .warn_if(secret.len() < 8, WarningCode::Weak, "The secret has fewer than 8 bytes."))
}

/// A login by a second device. Source: matrix-rust-sdk, msc_4108.rs, 2026.
pub(crate) fn login_4108(input: &Input<'_>) -> Reading {
    let (mode, mut reader) = after_magic(input, 3..=4)?;
    let key = reader.take(32).ok_or("it is cut off")?;
    let url = reader.prefixed16().and_then(|url| str::from_utf8(url).ok());
    let url = url.filter(|url| url.contains("://")).ok_or("the meeting point is not a URL")?;
    let server = match mode {
        4 => {
            let server = reader.prefixed16().and_then(|name| str::from_utf8(name).ok());
            Some(server.ok_or("the server's name is missing")?)
        }
        _ => None,
    };
    check(reader.is_empty(), "something follows its end")?;
    Ok(Finding::exact()
        .format("binary")
        .public("ephemeral key", Content::bytes(key).of(Algorithm::X25519))
        .address("rendezvous URL", url)
        .maybe(Role::Address, "server", server)
        .detail("mode", mode))
}

/// A login by a second device, as proposed later. Source: matrix-rust-sdk, msc_4388.rs,
/// 2026.
pub(crate) fn login_4388(input: &Input<'_>) -> Reading {
    let rest = input.bytes.strip_prefix(b"IO_ELEMENT_MSC4388").ok_or(OTHER)?;
    let [version @ ..0x20, intent, rest @ ..] = rest else { return Err(OTHER) };
    if *version > 3 {
        return Err(Miss::Newer);
    }
    check(*version == 3 && *intent < 2, "its version or intent is not valid")?;
    let mut reader = Reader(rest);
    let key = reader.take(32).ok_or("it is cut off")?;
    let mut text = || reader.prefixed16().and_then(|text| str::from_utf8(text).ok());
    let id = text().filter(|id| !id.is_empty()).ok_or("the meeting's id is missing")?;
    let url = text().filter(|url| url.contains("://")).ok_or("the server is not a URL")?;
    check(reader.is_empty(), "something follows its end")?;
    Ok(Finding::exact()
        .format("binary")
        .public("ephemeral key", Content::bytes(key).of(Algorithm::X25519))
        .token("rendezvous id", id)
        .address("base URL", url)
        .detail("intent", *intent))
}

/// The key of all encrypted history: base58 of `8B 01`, 32 bytes and a parity byte. Source:
/// Matrix specification, appendices, "Cryptographic key representation".
pub(crate) fn recovery(input: &Input<'_>) -> Reading {
    let text = input.text()?;
    let compact = input.compact()?;
    // `Es` is what 8B 01 becomes.
    form(compact.starts_with("Es") && (46..=50).contains(&compact.len()))?;
    let mut groups = text.split_whitespace();
    let grouped = groups.clone().count() > 1 && groups.all(|group| group.len() <= 4);
    form(grouped || !text.contains(char::is_whitespace))?;
    let bytes = base58(&compact).filter(|bytes| bytes.starts_with(&[0x8b, 1]));
    let Some(bytes) = bytes.filter(|bytes| bytes.len() == 35) else {
        form(grouped)?;
        return Err("it is not 35 bytes in base58".into());
    };
    let parity = bytes.iter().fold(0, |sum, byte| sum ^ byte);
    check(parity == 0, "the parity byte does not fit: a character is wrong")?;
    let key = bytes.get(2..34).unwrap_or_default();
    Ok(Finding::exact()
        .format("base58")
        .secret("recovery key", Content::new(&compact, key.to_vec())))
}

/// `@name:server` and the like.
fn is_identifier(text: &str) -> bool {
    let Some((local, server)) = text.split_once(':') else { return false };
    local.len() > 1
        && local.starts_with(['@', '#', '!'])
        && (is_host(server) || is_domain(server) && server.contains('.'))
}

/// A user or a room. Source: Matrix specification, appendices, "matrix.to navigation" and
/// "Matrix URI scheme".
pub(crate) fn link(input: &Input<'_>) -> Reading {
    let identifier = if let Ok(link) = input.page("matrix.to") {
        let fragment = link.fragment().and_then(|it| it.strip_prefix('/')).ok_or(OTHER)?;
        let first = fragment.split(['/', '?']).next().unwrap_or_default();
        decoded(first).to_string()
    } else {
        let link = input.scheme("matrix")?;
        let segments = link.segments();
        let sigil = match segments.first() {
            Some(&"u") => '@',
            Some(&"r") => '#',
            Some(&"roomid") => '!',
            _ => return Err("it names neither a user nor a room".into()),
        };
        format!("{sigil}{}", decoded(segments.get(1).copied().unwrap_or_default()).as_str())
    };
    check(is_identifier(&identifier), "it names neither a user nor a room")?;
    let label = if identifier.starts_with('@') { "user" } else { "room" };
    Ok(Finding::exact()
        .address(label, visible(&identifier).into_owned())
        .note("What stands after # here is an address, no key."))
}

/// A call whose password stands after `#`. Source: element-call, docs/url-params.md.
pub(crate) fn element_call(input: &Input<'_>) -> Reading {
    let link = input.page("call.element.io")?;
    let password = link.fragment_param("password").or_else(|| {
        let (_, query) = link.fragment()?.split_once('?')?;
        crate::read::url::param(query, "password")
    });
    let password = password.ok_or(OTHER)?;
    check(password.len() >= 16, "the password is cut off: it does not have 16 characters")?;
    let fragment = link.fragment().unwrap_or_default();
    let (path, query) = fragment.split_once('?').unwrap_or((fragment, ""));
    let room = crate::read::url::param(query, "roomId").filter(|room| !room.is_empty());
    let room = room.map_or_else(|| path.trim_matches('/').to_owned(), |room| room.to_string());
    Ok(Finding::exact().maybe(Role::Address, "room", Some(room)).secret("password", password))
}
