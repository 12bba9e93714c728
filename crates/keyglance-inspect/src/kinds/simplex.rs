//! SimpleX. Sources: simplexmq, tests/AgentTests/ConnectionRequestTests.hs and
//! src/Simplex/Messaging/Agent/Protocol.hs, 2026.

use crate::finding::{Content, Finding, Miss, OTHER, Reading, form};
use crate::input::Input;
use crate::read::der::{PublicKeyInfo, X448, X25519};
use crate::read::encoding::{base64, base64_of};
use crate::read::url::{Link, param};
use crate::verdict::{Algorithm, Role};

/// The fragment's parameters of a long link: `/?v=…&smp=…`.
fn long<'i>(input: &'i Input<'_>, path: &str) -> Result<&'i str, Miss> {
    let link = input.scheme("simplex").or_else(|_| input.page("simplex.chat"))?;
    form(link.segments() == [path])?;
    let fragment = link.fragment().ok_or("the part after # is missing")?;
    Ok(fragment.strip_prefix("/?").unwrap_or(fragment))
}

/// A SubjectPublicKeyInfo in base64url.
fn key(text: &str, algorithm: &[u8], bytes: usize) -> Option<Content> {
    let der = base64(text)?;
    let info = PublicKeyInfo::parse(&der.raw)?;
    let fits = info.algorithm == algorithm && info.parameters.is_empty() && info.key.len() == bytes;
    fits.then(|| Content::new(text, info.key.to_vec()))
}

/// The key and the queue's address of the first server.
fn queue(parameters: &str) -> Result<(Content, String), Miss> {
    let queues = param(parameters, "smp").ok_or("the queue is missing")?;
    // Others may follow; a server's other hosts stand after commas too.
    let end = queues.match_indices("smp://").nth(1).map_or(queues.len(), |(at, _)| at);
    let first = queues.get(..end).unwrap_or_default().trim_end_matches([',', ';']);
    let link = Link::parse(first).filter(|link| link.scheme == "smp" && !link.host.is_empty());
    let link = link.ok_or("the queue is not an smp: address")?;
    let tail = link.fragment().unwrap_or_default();
    let dh = param(tail.strip_prefix("/?").unwrap_or(tail), "dh");
    let dh =
        dh.and_then(|dh| key(&dh, X25519, 32)).ok_or("the queue's key is not an X25519 key")?;
    let at = first.split('#').next().unwrap_or_default();
    Ok((dh.of(Algorithm::X25519), at.trim_end_matches('/').to_owned()))
}

/// A short link: what its kind's letter and what stands after `#`.
fn short<'i>(input: &'i Input<'_>, letters: &[&str]) -> Result<(&'i Link, &'i str), Miss> {
    let link = input.scheme("simplex").or_else(|_| input.web())?;
    let segments = link.segments();
    let [letter] = segments.as_slice() else { return Err(OTHER) };
    form(letters.contains(letter))?;
    Ok((link, link.fragment().ok_or(OTHER)?))
}

/// The part of a short link before its parameters.
fn before_query(fragment: &str) -> &str {
    fragment.split('?').next().unwrap_or_default()
}

/// The link's own host, or for `simplex:` the one that it names.
fn server(link: &Link, fragment: &str) -> Option<String> {
    if link.is_web() {
        return Some(link.host_port());
    }
    let host = fragment.split_once('?').and_then(|(_, query)| param(query, "h"));
    host.map(|host| host.to_string())
}

/// A short link with only a key; on a host of no app only a fitting one is told.
fn short_key(input: &Input<'_>, letters: &[&str]) -> Reading {
    let (link, fragment) = short(input, letters)?;
    let Some(key) = base64_of(before_query(fragment), 32) else {
        form(!link.is_web())?;
        return Err("the link's key is not 32 bytes in base64url".into());
    };
    Ok(Finding::exact().secret("link key", key).maybe(
        Role::Address,
        "server",
        server(link, fragment),
    ))
}

/// An invitation to be used once.
pub(crate) fn invitation(input: &Input<'_>) -> Reading {
    if let Ok((link, fragment)) = short(input, &["i"]) {
        let (id, key) = before_query(fragment).split_once('/').unwrap_or_default();
        let (Some(id), Some(key)) = (base64_of(id, 24), base64_of(key, 32)) else {
            form(!link.is_web())?;
            return Err("the link is not an id of 24 and a key of 32 bytes".into());
        };
        return Ok(Finding::exact().address("link id", id).secret("link key", key).maybe(
            Role::Address,
            "server",
            server(link, fragment),
        ));
    }
    let parameters = long(input, "invitation")?;
    let (dh, queue) = queue(parameters)?;
    let ratchet = param(parameters, "e2e").ok_or("the keys of the connection are missing")?;
    let ratchet = param(&ratchet, "x3dh").ok_or("the keys of the connection are missing")?;
    let mut found = Finding::exact().public("DH key", dh);
    for one in ratchet.split(',') {
        let x448 = key(one, X448, 56).ok_or("a key of the connection is not an X448 key")?;
        found = found.public("X448 key", x448.of(Algorithm::X448));
    }
    Ok(found.address("queue", queue))
}

/// An address that anybody may write to.
pub(crate) fn address(input: &Input<'_>) -> Reading {
    if short(input, &["a"]).is_ok() {
        return short_key(input, &["a"]);
    }
    let (dh, queue) = queue(long(input, "contact")?)?;
    Ok(Finding::exact().public("DH key", dh).address("queue", queue))
}

/// A group.
pub(crate) fn group(input: &Input<'_>) -> Reading {
    short_key(input, &["g"])
}

/// A channel, or a relay of channels.
pub(crate) fn channel(input: &Input<'_>) -> Reading {
    let relay = short(input, &["r"]).is_ok();
    let found = short_key(input, &["c", "r"])?;
    Ok(if relay { found.detail("relay", true) } else { found })
}
