//! Delta Chat and other programs on chatmail/core.

use zeroize::Zeroizing;

use crate::finding::{Content, Finding, Miss, OTHER, Reading, check, form};
use crate::input::Input;
use crate::read::encoding::{hex_of, is_digits};
use crate::read::json;
use crate::read::url::{Link, form_decoded, param};
use crate::text::{is_domain, is_host};
use crate::verdict::{Role, WarningCode};

/// The fingerprint and the parameters of an invite.
struct Invite<'i> {
    fingerprint: &'i str,
    parameters: &'i str,
}

impl<'i> Invite<'i> {
    /// `OPENPGP4FPR:FPR#…`, or a link to i.delta.chat whose slash may be missing; `%23` may
    /// stand for `#`.
    fn read(input: &'i Input<'_>) -> Result<Self, Miss> {
        let hash = |text: &'i str| text.strip_prefix('#').or_else(|| text.strip_prefix("%23"));
        if let Ok(rest) = input.after("https://i.delta.chat") {
            let rest = hash(rest.strip_prefix('/').unwrap_or(rest)).ok_or(OTHER)?;
            let (fingerprint, parameters) = rest.split_once('&').unwrap_or((rest, ""));
            return Ok(Self { fingerprint, parameters });
        }
        let rest = input.after("OPENPGP4FPR:")?;
        let at = rest.find(['#', '%']).ok_or(OTHER)?;
        let (fingerprint, rest) = rest.split_at_checked(at).ok_or(OTHER)?;
        Ok(Self { fingerprint, parameters: hash(rest).ok_or(OTHER)? })
    }

    fn get(&self, name: &str) -> Option<Zeroizing<String>> {
        param(self.parameters, name).filter(|value| !value.is_empty())
    }

    /// A name, in which `+` is a space.
    fn name(&self, name: &str) -> Option<Zeroizing<String>> {
        let pair = self.parameters.split('&').find_map(|pair| {
            pair.split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value)
        });
        pair.map(form_decoded)
    }

    fn fingerprint(&self) -> Result<Content, Miss> {
        let hex = |bytes| hex_of(self.fingerprint, bytes);
        hex(20)
            .or_else(|| hex(32))
            .ok_or("the fingerprint does not have 40 or 64 hexadecimal digits".into())
    }

    /// What is the same in all three.
    fn finding(&self, group: &'static str, name: &str, invite: &str) -> Reading {
        let fingerprint = self.fingerprint()?;
        let secret = self.get("s").ok_or("the secret is missing")?;
        let address = self.get("a").ok_or("the address is missing")?;
        let newer = self.get("v").is_some_and(|v| v.parse::<u32>().is_ok_and(|v| v > 3));
        Ok(Finding::exact()
            .public("fingerprint", fingerprint)
            .maybe(Role::Address, group, self.name(name))
            .maybe(Role::Token, "invite", self.get(invite))
            .secret("auth", secret)
            .address("address", address)
            .maybe(Role::Address, "name", self.name("n"))
            .maybe(Role::Address, "relays", self.get("r"))
            .warn_if(newer, WarningCode::Newer, "Its version is newer than we know."))
    }
}

/// An invite to a contact. Source: chatmail/core, src/qr.rs and src/securejoin.rs, 2026-08.
pub(crate) fn contact(input: &Input<'_>) -> Reading {
    let invite = Invite::read(input)?;
    form(invite.get("g").is_none() && invite.get("b").is_none())?;
    invite.finding("name", "", "i")
}

/// An invite to a group: `g` its name, `x` its id. Source: chatmail/core,
/// src/qr/qr_tests.rs, 2026-08.
pub(crate) fn group(input: &Input<'_>) -> Reading {
    let invite = Invite::read(input)?;
    form(invite.get("g").is_some() && invite.get("b").is_none())?;
    check(invite.get("x").is_some(), "the group's id is missing")?;
    check(invite.get("i").is_some(), "the invitation's number is missing")?;
    invite.finding("group", "g", "i")
}

/// An invite to a channel: `b` its name, `x` its id, `j` the invitation. Source:
/// chatmail/core, src/securejoin.rs, 2026-08.
pub(crate) fn channel(input: &Input<'_>) -> Reading {
    let invite = Invite::read(input)?;
    form(invite.get("b").is_some())?;
    check(invite.get("x").is_some(), "the channel's id is missing")?;
    check(invite.get("j").is_some(), "the invitation's number is missing")?;
    invite.finding("channel", "b", "j")
}

/// A server that makes an account: a domain, or a link with a token. Source: chatmail/core,
/// src/qr/qr_tests.rs, 2026-08.
pub(crate) fn account(input: &Input<'_>) -> Reading {
    let rest = input.after("DCACCOUNT:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let Some(link) = Link::parse(rest).filter(Link::is_web) else {
        check(is_host(rest), "the server's name is not valid")?;
        return Ok(Finding::exact().address("server", rest));
    };
    check(is_host(&link.host), "the server's name is not valid")?;
    let token = link.param("t").filter(|token| !token.is_empty());
    Ok(Finding::exact()
        .address("server", link.host_port())
        .warn_if(
            link.scheme == "http",
            WarningCode::InsecureTransport,
            "The connection is not encrypted.",
        )
        .maybe(Role::Token, "token", token))
}

/// An e-mail account with its password. Source: chatmail/core, src/qr/qr_tests.rs, 2026-08.
pub(crate) fn login(input: &Input<'_>) -> Reading {
    let rest = input.after("DCLOGIN:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (address, query) = rest.split_once('?').ok_or("the password is missing")?;
    let domain = address.rsplit_once('@').map(|(_, domain)| domain.trim_end_matches('/'));
    check(domain.is_some_and(is_domain), "the address is not valid")?;
    let get = |name| param(query, name).filter(|value| !value.is_empty());
    let version = get("v").ok_or("the version is missing")?;
    let newer = version.parse::<u32>().map_err(|_| "the version is not a number")? > 1;
    Ok(Finding::exact()
        .address("address", address.trim_end_matches('/'))
        .secret("password", get("p").ok_or("the password is missing")?)
        .maybe(Role::Secret, "SMTP password", get("spw"))
        .maybe(Role::Secret, "IMAP password", get("ipw"))
        .warn_if(newer, WarningCode::Newer, "Its version is newer than we know."))
}

/// The newest version of the backup's code that is known.
const BACKUP: u32 = 5;

/// All of an account, offered to a second device. Source: chatmail/core,
/// src/qr/qr_tests.rs, 2026-08.
pub(crate) fn backup(input: &Input<'_>) -> Reading {
    let rest = input.after("DCBACKUP")?;
    let (version, rest) = rest.split_once(':').ok_or(OTHER)?;
    form(is_digits(version))?;
    let newer = version.parse::<u32>().map_or(true, |version| version > BACKUP);
    let read = || {
        let (token, rest) = rest.split_once('&').ok_or("the address is missing")?;
        check(!token.is_empty(), "the token is missing")?;
        let node = json::object(rest).ok_or("the address is not JSON")?;
        let key = json::text(&node, "node_id").and_then(|id| hex_of(id, 32));
        let mut addresses: Vec<&str> = json::text(&node, "relay_url").into_iter().collect();
        let direct = node.get("direct_addresses").and_then(|list| list.as_array());
        addresses.extend(direct.into_iter().flatten().filter_map(|address| address.as_str()));
        Ok(Finding::exact()
            .secret("token", token)
            .public("node key", key.ok_or("the node's key does not have 64 hexadecimal digits")?)
            .maybe(Role::Address, "addresses", Some(addresses.join(" ")))
            .detail("version", version)
            .warn_if(newer, WarningCode::Newer, "Its version is newer than we know."))
    };
    read().map_err(|miss| if newer { Miss::Newer } else { miss })
}
