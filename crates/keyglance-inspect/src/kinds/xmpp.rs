//! XMPP (RFC 5122 and its extensions).

use zeroize::Zeroizing;

use crate::finding::{Finding, Miss, OTHER, Reading, check, form};
use crate::input::Input;
use crate::read::encoding::{hex, hex_of, is_digits};
use crate::read::url::{Link, decoded, pairs_by};
use crate::text::{is_domain, looks_secret};
use crate::verdict::Role;

type Pair = (Zeroizing<String>, Zeroizing<String>);

/// The address, what is asked for, and its parameters.
fn read<'i>(input: &'i Input<'_>) -> Result<(String, &'i str, Vec<Pair>), Miss> {
    let link: &Link = input.scheme("xmpp")?;
    let address = match link.has_authority {
        // `xmpp://host` names whom to be, `xmpp:address` whom to talk to.
        true => link
            .user
            .as_deref()
            .map_or(link.host.clone(), |user| format!("{}@{}", user.as_str(), link.host)),
        false => decoded(link.path()).to_string(),
    };
    let query = link.query().unwrap_or_default();
    let first = query.split([';', '&']).next().unwrap_or_default();
    let action = if first.contains('=') { "" } else { first };
    Ok((address, action, pairs_by(&query.replace('&', ";"), ';').collect()))
}

/// Whether it is `[local@]domain[/resource]`.
fn is_jid(text: &str) -> bool {
    let bare = text.split('/').next().unwrap_or_default();
    let (local, domain) = bare.split_once('@').unwrap_or(("x", bare));
    !local.is_empty() && !local.contains([' ', '"', '&', '\'', '<', '>', ':']) && is_domain(domain)
}

fn address_of(jid: String) -> Result<Finding, Miss> {
    check(is_jid(&jid), "the address is not valid")?;
    Ok(Finding::exact().address("JID", jid))
}

fn value<'p>(pairs: &'p [Pair], name: &str) -> Option<&'p str> {
    pairs.iter().find(|(key, _)| key.as_str() == name).map(|(_, value)| value.as_str())
}

/// The OMEMO fingerprint of each device. Source: Conversations, XmppUri, 2026.
pub(crate) fn omemo(input: &Input<'_>) -> Reading {
    let (jid, _, pairs) = read(input)?;
    form(pairs.iter().any(|(name, _)| name.starts_with("omemo-sid-")))?;
    let mut found = address_of(jid)?;
    let mut devices = Vec::new();
    for (name, value) in &pairs {
        let Some(device) = name.strip_prefix("omemo-sid-") else { continue };
        check(is_digits(device), "a device's number is not valid")?;
        let key = hex_of(value, 32).ok_or("a fingerprint does not have 64 hexadecimal digits")?;
        devices.push(device.to_owned());
        found = found.public("device", key);
    }
    Ok(found.detail("devices", devices))
}

/// Keys that another device trusts and distrusts. Source: XEP-0434.
pub(crate) fn trust(input: &Input<'_>) -> Reading {
    let (jid, action, pairs) = read(input)?;
    form(action == "trust-message")?;
    let mut found = address_of(jid)?;
    for (name, value) in &pairs {
        let label = match name.as_str() {
            "trust" => "trusted",
            "distrust" => "distrusted",
            _ => continue,
        };
        found = found.public(label, hex(value).ok_or("a key is not a hexadecimal number")?);
    }
    check(found.parts.len() > 1, "it names no key")?;
    Ok(match value(&pairs, "encryption").filter(|it| !looks_secret(it)) {
        Some(encryption) => found.detail("encryption", encryption),
        None => found,
    })
}

fn invitation(input: &Input<'_>, wanted: &str, label: &'static str) -> Reading {
    let (jid, action, pairs) = read(input)?;
    form(action == wanted)?;
    let token = value(&pairs, "preauth").ok_or(OTHER)?;
    check(!token.is_empty(), "the token is missing")?;
    check(is_jid(&jid), "the address is not valid")?;
    Ok(Finding::exact().address(label, jid).token("token", token))
}

/// An invitation that the other need not confirm. Source: XEP-0379.
pub(crate) fn invite(input: &Input<'_>) -> Reading {
    invitation(input, "roster", "JID")
}

/// An invitation to make an account. Source: XEP-0445.
pub(crate) fn register(input: &Input<'_>) -> Reading {
    invitation(input, "register", "server")
}

/// An address. Source: RFC 5122.
pub(crate) fn address(input: &Input<'_>) -> Reading {
    let (jid, action, pairs) = read(input)?;
    // What asks for more is told as that, or as damaged.
    let more =
        pairs.iter().any(|(name, _)| name.starts_with("omemo-sid-") || name.as_str() == "preauth");
    form(!more && action != "trust-message")?;
    check(is_jid(&jid), "the address is not valid")?;
    let label = if action == "join" { "room" } else { "JID" };
    let password = value(&pairs, "password").filter(|_| action == "join");
    Ok(Finding::exact().address(label, jid).maybe(Role::Secret, "password", password))
}
