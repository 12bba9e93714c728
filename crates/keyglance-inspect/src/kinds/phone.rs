//! Messengers that belong to a telephone, and logins by scanning.

use crate::finding::{Content, Finding, OTHER, Reading, check, form};
use crate::input::Input;
use crate::read::encoding::{base64, base64_of, is_alphanumeric, is_base64url, is_digits};
use crate::read::protobuf::Message;
use crate::text::is_host;
use crate::verdict::{Algorithm, Role};

/// What a browser shows so that a telephone links it: a reference of the server, two public
/// keys and a secret. Source: whatsmeow, pair.go, 2026-05; Baileys.
pub(crate) fn whatsapp_link(input: &Input<'_>) -> Reading {
    let text = match input.page("wa.me") {
        Ok(link) => {
            form(link.segments() == ["settings", "linked_devices"])?;
            link.fragment().ok_or("the part after # is missing")?
        }
        Err(_) => {
            let line = input.line()?;
            form(line.starts_with("2@") && line.matches(',').count() >= 3)?;
            line
        }
    };
    check(text.starts_with("2@"), "it does not begin with 2@")?;
    let fields: Vec<&str> = text.split(',').collect();
    let [reference, noise, identity, secret, client @ ..] = fields.as_slice() else {
        return Err("it has fewer than four values".into());
    };
    check(client.len() <= 1, "it has more than five values")?;
    let is_client = |text: &str| matches!(text.as_bytes(), [b'0'..=b'9' | b'c' | b'e']);
    check(client.iter().all(|client| is_client(client)), "the last value is not a kind of client")?;
    let key = |text| base64_of(text, 32);
    let found = Finding::exact()
        .token("ref", *reference)
        .public(
            "noise key",
            key(noise).ok_or("the first key is not 32 bytes in base64")?.of(Algorithm::X25519),
        )
        .public(
            "identity key",
            key(identity).ok_or("the second key is not 32 bytes in base64")?.of(Algorithm::X25519),
        )
        .secret("adv secret", key(secret).ok_or("the secret is not 32 bytes in base64")?);
    Ok(match client {
        [client] => found.detail("client", *client),
        _ => found,
    })
}

/// A contact's code. Form as published.
pub(crate) fn whatsapp_contact(input: &Input<'_>) -> Reading {
    let link = input.page("wa.me")?;
    let segments = link.segments();
    let ["qr" | "message", code] = segments.as_slice() else { return Err(OTHER) };
    let letter = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    check(code.len() == 14 && code.bytes().all(letter), "the code is not 14 capitals and digits")?;
    Ok(Finding::exact().address("contact token", *code))
}

/// A telephone number. Source: WhatsApp's help, "click to chat".
pub(crate) fn whatsapp_chat(input: &Input<'_>) -> Reading {
    let number = match input.page("wa.me") {
        Ok(link) => match link.segments().as_slice() {
            [number] => (*number).to_owned(),
            _ => return Err(OTHER),
        },
        Err(_) => {
            let link = input.page("api.whatsapp.com")?;
            form(link.segments() == ["send"])?;
            link.param("phone").ok_or(OTHER)?.to_string()
        }
    };
    let digits = number.trim_start_matches(['+', ' ']);
    form(is_digits(digits) && (7..=15).contains(&digits.len()))?;
    Ok(Finding::exact().address("number", digits))
}

/// An invitation to a group. Form as published.
pub(crate) fn whatsapp_group(input: &Input<'_>) -> Reading {
    let link = input.page("chat.whatsapp.com")?;
    let segments = link.segments();
    let ([code] | ["invite", code]) = segments.as_slice() else { return Err(OTHER) };
    check(
        (20..=24).contains(&code.len()) && is_alphanumeric(code),
        "the code is not 20 to 24 letters and digits",
    )?;
    Ok(Finding::exact().token("invite code", *code))
}

/// What a browser shows: a pairing key and two secrets. Source: open clients (URLData),
/// 2026-11.
pub(crate) fn google_messages(input: &Input<'_>) -> Reading {
    let link = input.page("support.google.com")?;
    form(link.segments() == ["messages"])?;
    let data = link.fragment().and_then(|it| it.strip_prefix("?c=")).ok_or(OTHER)?;
    let data = crate::read::url::decoded(data);
    let bytes = base64(&data).ok_or("it is not base64")?;
    let message = Message::parse(&bytes.raw).ok_or("its fields do not end where it ends")?;
    let secret = |number| message.bytes(number).filter(|key| key.len() == 32).map(Content::bytes);
    let pairing = message.bytes(1).filter(|key| !key.is_empty()).map(Content::bytes);
    Ok(Finding::exact()
        .token("pairing key", pairing.ok_or("the pairing key is missing")?)
        .secret("AES key", secret(2).ok_or("the first secret is not 32 bytes long")?)
        .secret("HMAC key", secret(3).ok_or("the second secret is not 32 bytes long")?))
}

/// What a computer shows: a session and a public key, which is named "secret". Source:
/// linejs, 2026-11.
pub(crate) fn line_link(input: &Input<'_>) -> Reading {
    let link = input.page("line.me")?;
    let segments = link.segments();
    let ["R", "au", "lgn", "sq", session] = segments.as_slice() else { return Err(OTHER) };
    let key = link.param("secret").ok_or("the public key is missing")?;
    let key = base64_of(&key, 32).ok_or("the public key is not 32 bytes in base64")?;
    Ok(Finding::exact()
        .token("session", *session)
        .public("key", key.of(Algorithm::X25519))
        .detail("version", link.param("e2eeVersion").map_or(String::new(), |it| it.to_string())))
}

/// What a computer shows: the SHA-256 of its RSA key, which the telephone's login names.
/// Source: remote-auth clients, 2026-11.
pub(crate) fn discord_login(input: &Input<'_>) -> Reading {
    let link = input.page("discord.com")?;
    let segments = link.segments();
    let ["ra", hash] = segments.as_slice() else { return Err(OTHER) };
    let hash = base64_of(hash, 32).ok_or("it is not 32 bytes in base64url")?;
    Ok(Finding::exact().public("key hash", hash.clone()).token("login", hash))
}

/// A login. Source: core.telegram.org/api/qr-login.
pub(crate) fn telegram_login(input: &Input<'_>) -> Reading {
    let link = input.scheme("tg")?;
    form(link.host == "login" && link.param("token").is_some())?;
    let token = link.param("token").and_then(|token| base64(&token));
    let token = token.filter(|token| token.raw.len() >= 16);
    Ok(Finding::exact()
        .token("token", token.ok_or("the token is not 16 bytes or more in base64url")?))
}

/// The page of a Telegram link, at either host.
fn telegram<'i>(input: &'i Input<'_>) -> Result<&'i crate::read::url::Link, crate::finding::Miss> {
    input.page("t.me").or_else(|_| input.page("telegram.me"))
}

/// First parts of links that are no names (core.telegram.org/api/links).
const TELEGRAM_WORDS: &[&str] = &[
    "joinchat",
    "socks",
    "proxy",
    "addstickers",
    "addemoji",
    "addtheme",
    "addlist",
    "share",
    "setlanguage",
    "login",
    "confirmphone",
    "invoice",
    "contact",
    "giftcode",
    "boost",
    "nft",
];

/// A name. Source: core.telegram.org/api/links.
pub(crate) fn telegram_contact(input: &Input<'_>) -> Reading {
    let name = match telegram(input) {
        Ok(link) => match link.segments().as_slice() {
            [name] if !TELEGRAM_WORDS.contains(name) => (*name).to_owned(),
            _ => return Err(OTHER),
        },
        Err(_) => {
            let link = input.scheme("tg")?;
            form(link.host == "resolve")?;
            link.param("domain").ok_or(OTHER)?.to_string()
        }
    };
    let letter = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    form(name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(letter))?;
    // Some have fewer letters, and look like other pages of the host.
    form((5..=32).contains(&name.len()))?;
    Ok(Finding::exact().address("name", name))
}

/// An invitation to a group or channel. Source: core.telegram.org/api/links.
pub(crate) fn telegram_group(input: &Input<'_>) -> Reading {
    let invite = match telegram(input) {
        Ok(link) => match link.segments().as_slice() {
            [hash] => hash.strip_prefix('+').ok_or(OTHER)?.to_owned(),
            ["joinchat", hash] => (*hash).to_owned(),
            _ => return Err(OTHER),
        },
        Err(_) => {
            let link = input.scheme("tg")?;
            form(link.host == "join")?;
            link.param("invite").ok_or("the invitation is missing")?.to_string()
        }
    };
    // A plus sign and digits are a telephone number.
    form(!is_digits(&invite))?;
    check(invite.len() >= 16 && is_base64url(&invite), "the invitation is cut off")?;
    Ok(Finding::exact().token("invite", invite))
}

/// A proxy, with a password or a secret of its own. Source: chatmail/core,
/// src/qr/qr_tests.rs, 2026-08; core.telegram.org/api/links.
pub(crate) fn telegram_proxy(input: &Input<'_>) -> Reading {
    let link = match telegram(input) {
        Ok(link) => {
            form(matches!(link.segments().as_slice(), ["socks" | "proxy"]))?;
            link
        }
        Err(_) => {
            let link = input.scheme("tg")?;
            form(matches!(link.host.as_str(), "socks" | "proxy"))?;
            link
        }
    };
    let server = link.param("server").filter(|server| !server.is_empty());
    let server = server.ok_or("the server is missing")?;
    let port =
        link.param("port").and_then(|port| port.parse::<u16>().ok()).filter(|port| *port > 0);
    let port = port.ok_or("the port is not valid")?;
    let get = |name| link.param(name).filter(|value| !value.is_empty());
    let address = format!("{}:{port}", server.as_str());
    check(is_host(&address) || server.contains(':'), "the server's name is not valid")?;
    Ok(Finding::exact()
        .address("server", address)
        .maybe(Role::Address, "user", get("user"))
        .maybe(Role::Secret, "password", get("pass"))
        .maybe(Role::Secret, "secret", get("secret")))
}

/// A login. Source: clients that read Steam's codes, 2026-11.
pub(crate) fn steam_login(input: &Input<'_>) -> Reading {
    let link = input.page("s.team")?;
    let segments = link.segments();
    let ["q", version, challenge] = segments.as_slice() else { return Err(OTHER) };
    form(is_digits(version))?;
    if *version != "1" {
        return Err(crate::finding::Miss::Newer);
    }
    check(
        is_digits(challenge) && challenge.parse::<u64>().is_ok(),
        "the challenge is not a number of 64 bits",
    )?;
    Ok(Finding::exact().token("challenge", *challenge))
}

/// A login. Source: open clients, 2026-11.
pub(crate) fn wechat_login(input: &Input<'_>) -> Reading {
    let link = input.page("login.weixin.qq.com")?;
    let segments = link.segments();
    let ["l", id] = segments.as_slice() else { return Err(OTHER) };
    let inner = id.strip_suffix("==").or_else(|| id.strip_suffix('=')).unwrap_or(id);
    check(
        (10..=16).contains(&inner.len()) && is_base64url(inner),
        "the login's id is not 10 to 16 letters",
    )?;
    Ok(Finding::exact().token("login id", *id))
}

/// A contact. Form as published.
pub(crate) fn wechat_contact(input: &Input<'_>) -> Reading {
    let link = input.page("u.wechat.com")?;
    let segments = link.segments();
    let token = segments.last().ok_or(OTHER)?;
    Ok(Finding::exact().address("contact token", *token))
}
