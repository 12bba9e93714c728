//! Signing in: one-time passwords, hybrid sign-in, logins by scanning.

use serde_json::Value;
use zeroize::Zeroizing;

use crate::finding::{Content, Finding, Miss, Reading, check, form};
use crate::input::Input;
use crate::read::cbor::Cbor;
use crate::read::encoding::{base32, base64, base64_of, hex_of, is_digits, little_endian};
use crate::read::json;
use crate::read::protobuf::Message;
use crate::read::url::{Link, decoded};
use crate::text::{is_host, looks_secret, one_of};
use crate::verdict::{Algorithm, Role, WarningCode};

/// The bytes of a base32 secret of any length.
fn otp_secret(text: &str) -> Option<Content> {
    let letters: Zeroizing<String> = Zeroizing::new(
        text.chars()
            .filter(|c| !matches!(c, ' ' | '-' | '='))
            .map(|c| c.to_ascii_uppercase())
            .collect(),
    );
    let fits = letters.bytes().all(|b| b.is_ascii_uppercase() || matches!(b, b'2'..=b'7'));
    if letters.is_empty() || !fits {
        return None;
    }
    // Programs take lengths too that no encoder writes: the bits that are left over go.
    let whole = (0..=7).rev().find_map(|cut| {
        let kept = letters.get(..letters.len().checked_sub(cut)?)?;
        base32(kept)
    });
    Some(Content::new(text, whole.unwrap_or_default()))
}

const OTP_ALGORITHMS: &[&str] =
    &["SHA1", "SHA256", "SHA512", "MD5", "HmacSHA1", "HmacSHA256", "HmacSHA512"];

/// A secret for one-time passwords. Source: Key URI format (Google Authenticator's wiki);
/// RFC 4226, RFC 6238.
pub(crate) fn otpauth_secret(input: &Input<'_>) -> Reading {
    let link = input.scheme("otpauth")?;
    check(
        matches!(link.host.as_str(), "totp" | "hotp" | "steam" | "yaotp" | "motp"),
        "its type is not valid",
    )?;
    let secret = link.param("secret").ok_or("the secret is missing")?;
    let secret = otp_secret(&secret).ok_or("the secret has letters that base32 has not")?;
    let account = decoded(link.path().trim_start_matches('/'));
    let known =
        secret.raw.starts_with(b"Hello!") || secret.raw.starts_with(b"12345678901234567890");
    // RFC 4226, section 4, R6.
    let weak = secret.raw.len() < 16;
    let mut found = Finding::exact()
        .maybe(Role::Address, "account", Some(account))
        .secret("secret", secret)
        .detail("type", link.host.as_str())
        .warn_if(
            known,
            WarningCode::PublicKeyKnown,
            "This secret is an example that everybody knows.",
        )
        .warn_if(
            weak,
            WarningCode::Weak,
            "The secret has fewer than 16 bytes, which the standard asks for.",
        );
    // Details are told without being asked for: nothing that may be a secret is among them.
    if let Some(issuer) = link.param("issuer").filter(|issuer| !looks_secret(issuer)) {
        found = found.detail("issuer", issuer.as_str());
    }
    if let Some(algorithm) = link.param("algorithm") {
        found = found.detail("algorithm", one_of(&algorithm, OTP_ALGORITHMS));
    }
    for name in ["digits", "period", "counter"] {
        if let Some(value) = link.param(name) {
            let number = value.parse::<u64>().ok().filter(|_| is_digits(&value));
            found = found.detail(name, number.map_or("other".to_owned(), |it| it.to_string()));
        }
    }
    Ok(found)
}

/// Several such secrets at once. Source: tests of programs that read Google Authenticator's
/// export, 2026: {1: {1: secret, 2: name, 3: issuer}, 3: codes, 4: index}.
pub(crate) fn otpauth_export(input: &Input<'_>) -> Reading {
    let link = input.scheme("otpauth-migration")?;
    let data = link.param("data").ok_or("the data is missing")?;
    let bytes = base64(&data).ok_or("the data is not base64")?;
    let message = Message::parse(&bytes.raw).ok_or("its fields do not end where it ends")?;
    let mut found = Finding::exact();
    for account in message.all(1) {
        let account =
            Message::parse(account).ok_or("an account's fields do not end where it ends")?;
        let secret = account.bytes(1).filter(|secret| !secret.is_empty());
        let name =
            [account.text(3), account.text(2)].into_iter().flatten().collect::<Vec<_>>().join(": ");
        found = found
            .maybe(Role::Address, "account", Some(name))
            .secret("secret", Content::bytes(secret.ok_or("a secret is missing")?));
    }
    check(!found.parts.is_empty(), "it has no account")?;
    let count = message.varint(3).unwrap_or(1);
    let index = message.varint(4).unwrap_or(0);
    Ok(found.detail("batch", index.saturating_add(1)).detail("batches", count))
}

/// What adds an account to an authenticator. Source: programs that read it, 2026-11.
pub(crate) fn microsoft_authenticator(input: &Input<'_>) -> Reading {
    let link = input.scheme("phonefactor")?;
    form(link.host == "activate_account")?;
    let code =
        link.param("code").filter(|code| is_digits(code)).ok_or("the code is not a number")?;
    let url = link.param("url").ok_or("the server is missing")?;
    let server = Link::parse(&url).filter(|url| url.scheme == "https" && is_host(&url.host));
    check(server.is_some(), "the server is not an https URL")?;
    Ok(Finding::exact().token("code", code).address("server", url))
}

/// Seven bytes in 17 digits, fewer at the end; the first byte lowest.
fn fido_bytes(digits: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(digits.len() * 7 / 17 + 1);
    for chunk in digits.as_bytes().chunks(17) {
        let count = match chunk.len() {
            17 => 7,
            15 => 6,
            13 => 5,
            10 => 4,
            8 => 3,
            5 => 2,
            3 => 1,
            _ => return None,
        };
        let number: u64 = str::from_utf8(chunk).ok()?.parse().ok()?;
        bytes.extend(little_endian(number, count)?);
    }
    Some(bytes)
}

/// What a computer shows so that a telephone signs in. Source: CTAP 2.2, section 11.5
/// "Hybrid transports"; webauthn-rs, cable, 2026.
pub(crate) fn fido_hybrid(input: &Input<'_>) -> Reading {
    let digits = input.after("FIDO:/")?;
    check(is_digits(digits), "it has other characters than digits")?;
    let bytes = fido_bytes(digits).ok_or("the digits stand for no bytes")?;
    let cbor = Cbor::parse(&bytes).ok_or("what it holds does not end where it ends")?;
    let key = cbor
        .get(0)
        .and_then(Cbor::bytes)
        .filter(|key| matches!(key, [2 | 3, ..]) && key.len() == 33);
    let secret = cbor.get(1).and_then(Cbor::bytes).filter(|secret| secret.len() == 16);
    let mut found = Finding::exact()
        .format("digits")
        .public(
            "key",
            Content::bytes(key.ok_or("the key is not 33 bytes long")?).of(Algorithm::P256),
        )
        .secret("secret", Content::bytes(secret.ok_or("the secret is not 16 bytes long")?));
    let operation = match cbor.get(5).and_then(Cbor::text) {
        Some("ga") => "sign in",
        Some("mc") => "make a passkey",
        _ => "not said",
    };
    found = found.detail("operation", operation);
    let time = cbor.get(3).and_then(Cbor::unsigned).and_then(|time| i64::try_from(time).ok());
    Ok(match time.and_then(|time| jiff::Timestamp::from_second(time).ok()) {
        Some(time) => found.detail("made", time.to_string()),
        None => found,
    })
}

/// What a computer shows so that a telephone's browser joins an account. Source:
/// application-services and firefox-ios, 2026.
pub(crate) fn firefox_pairing(input: &Input<'_>) -> Reading {
    let link = input.page("accounts.firefox.com")?;
    // The page itself is one that people open too.
    form(link.segments() == ["pair"] && link.fragment().is_some())?;
    let channel = link.fragment_param("channel_id").and_then(|id| hex_of(&id, 16));
    let key = link.fragment_param("channel_key").and_then(|key| base64_of(&key, 32));
    let found = Finding::exact()
        .address("channel", channel.ok_or("the channel does not have 32 hexadecimal digits")?)
        .secret("channel key", key.ok_or("the key is not 32 bytes in base64url")?);
    let version = link.fragment_param("v").or_else(|| link.param("v"));
    Ok(match version.filter(|version| is_digits(version)) {
        Some(version) => {
            let newer = version.parse::<u32>().is_ok_and(|version| version > 2);
            found.detail("version", version.as_str()).warn_if(
                newer,
                WarningCode::Newer,
                "Its version is newer than we know.",
            )
        }
        None => found,
    })
}

/// A server, a user and a password made for one program. Source: nextcloud server,
/// ClientFlowLoginController, 2026-11.
pub(crate) fn nextcloud_login(input: &Input<'_>) -> Reading {
    let link = input.scheme("nc")?;
    form(matches!(link.host.as_str(), "login" | "onetime-login"))?;
    let fields = link.after_authority().trim_start_matches('/');
    let get = |name: &str| {
        fields
            .split('&')
            .find_map(|field| field.strip_prefix(name)?.strip_prefix(':'))
            .filter(|it| !it.is_empty())
    };
    let server = decoded(get("server").ok_or("the server is missing")?);
    let web = Link::parse(&server).is_some_and(|server| server.is_web());
    check(web || is_host(&server), "the server is not a URL")?;
    let unencrypted = Link::parse(&server).is_some_and(|server| server.scheme == "http");
    Ok(Finding::exact()
        .address("server", server)
        .address("user", decoded(get("user").ok_or("the user is missing")?))
        .secret("app password", decoded(get("password").ok_or("the password is missing")?))
        .detail("once", link.host == "onetime-login")
        .warn_if(
            unencrypted,
            WarningCode::InsecureTransport,
            "The password goes to the server without encryption: everybody on the way can read it.",
        ))
}

/// What a telephone shows to present a document. Source: ISO/IEC 18013-5, section 9.1.1.4;
/// isomdl, 2026.
pub(crate) fn mdoc_engagement(input: &Input<'_>) -> Reading {
    let text = input.after("mdoc:")?;
    form(!text.contains(char::is_whitespace))?;
    let bytes = base64(text.trim_start_matches('/')).ok_or("it is not base64url")?;
    let cbor = Cbor::parse(&bytes.raw).ok_or("what it holds does not end where it ends")?;
    let version = cbor.get(0).and_then(Cbor::text).ok_or("the version is missing")?;
    if !version.starts_with("1.") {
        return Err(Miss::Newer);
    }
    let security = cbor.get(1).and_then(Cbor::array).ok_or("the key is missing")?;
    let [_, Cbor::Tag(24, key)] = security else { return Err("the key is missing".into()) };
    let key = key.bytes().and_then(Cbor::parse).ok_or("the key is not of its form")?;
    let Cbor::Map(pairs) = &key else { return Err("the key is not of its form".into()) };
    // RFC 9053, section 7.1: -2 is x.
    let x = pairs.iter().find(|(name, _)| *name == Cbor::Negative(1)).and_then(|(_, x)| x.bytes());
    let x = x.filter(|x| matches!(x.len(), 32 | 48 | 56 | 57 | 66)).ok_or("the key is cut off")?;
    let ways = cbor.get(2).and_then(Cbor::array).unwrap_or_default();
    let names: Vec<&str> = ways
        .iter()
        .filter_map(|way| way.array()?.first()?.unsigned())
        .map(|way| match way {
            1 => "NFC",
            2 => "Bluetooth",
            3 => "Wi-Fi Aware",
            _ => "another way",
        })
        .collect();
    Ok(Finding::exact()
        .format("base64url")
        .public("ephemeral key", Content::bytes(x))
        .maybe(Role::Address, "transport", Some(names.join(", ")))
        .detail("version", version))
}

/// A document that an issuer offers. Source: OpenID for Verifiable Credential Issuance,
/// section 4.1.
pub(crate) fn openid_offer(input: &Input<'_>) -> Reading {
    let link = input.scheme("openid-credential-offer")?;
    if let Some(uri) = link.param("credential_offer_uri") {
        let fits = Link::parse(&uri).is_some_and(|uri| uri.scheme == "https" && is_host(&uri.host));
        check(fits, "the offer is not an https URL")?;
        return Ok(Finding::exact().address("issuer", uri));
    }
    let offer = link.param("credential_offer").ok_or("the offer is missing")?;
    let offer = json::object(&offer).ok_or("the offer is not JSON")?;
    let issuer = json::text(&offer, "credential_issuer").ok_or("the issuer is missing")?;
    let grants = offer.get("grants").and_then(Value::as_object);
    let code = grants
        .into_iter()
        .flatten()
        .find_map(|(_, grant)| grant.get("pre-authorized_code")?.as_str());
    Ok(Finding::exact().address("issuer", issuer).maybe(Role::Token, "pre-authorised code", code))
}
