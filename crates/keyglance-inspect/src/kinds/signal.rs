//! Signal. Routes: Signal-Desktop, ts/util/signalRoutes.std.ts, 2026.

use keyglance_core::crypto::{FingerprintCode, SafetyNumber};

use crate::finding::{Content, Finding, Miss, OTHER, Reading, check, form};
use crate::input::Input;
use crate::read::encoding::{base64, base64_of, hex_of, is_digits};
use crate::read::protobuf::Message;
use crate::read::url::Link;
use crate::text::is_host;
use crate::verdict::{Algorithm, Role};

/// `https://HOST/…`, or `sgnl://HOST/…`, or `sgnl://NAME…`.
fn route<'i>(input: &'i Input<'_>, host: &str, name: &str) -> Result<&'i Link, Miss> {
    input.page(host).or_else(|_| {
        let link = input.scheme("sgnl")?;
        form(link.host == host || link.host == name)?;
        Ok(link)
    })
}

/// `uuid` and `pub_key`, as the provisioning has them.
fn provisioning(input: &Input<'_>, name: &str) -> Reading {
    let link = input.scheme("sgnl")?;
    form(link.host == name && matches!(link.path(), "" | "/"))?;
    let key = link.param("pub_key").ok_or("the public key is missing")?;
    let key = base64_of(&key, 33).filter(|key| key.raw.first() == Some(&5));
    let key = key.ok_or("the public key is not the byte 05 and 32 bytes in base64")?;
    let address = link.param("uuid").filter(|uuid| !uuid.is_empty());
    let capabilities = link.param("capabilities").filter(|text| !text.is_empty());
    let found = Finding::exact()
        .public("ephemeral key", key.of(Algorithm::X25519))
        .address("provisioning address", address.ok_or("the address is missing")?);
    Ok(match capabilities {
        Some(capabilities) => found.detail("capabilities", capabilities.as_str()),
        None => found,
    })
}

/// What a new device shows so that a telephone links it. Source: signalRoutes.std.ts, 2026.
pub(crate) fn link_device(input: &Input<'_>) -> Reading {
    provisioning(input, "linkdevice")
}

/// What a new telephone shows so that the old one hands the account over. Source:
/// Signal-Android, ProvisioningSocket, 2025.
pub(crate) fn rereg(input: &Input<'_>) -> Reading {
    provisioning(input, "rereg")
}

/// Both sides' fingerprints, as one side shows them: 74 bytes. Source: libsignal,
/// rust/protocol/src/fingerprint.rs, 2026.
pub(crate) fn safety_number(input: &Input<'_>) -> Reading {
    let [0x08, version @ 0x01..=0x7f, 0x12, 0x22, ..] = input.bytes else { return Err(OTHER) };
    form((60..=90).contains(&input.bytes.len()))?;
    let known = matches!(version, 1 | 2);
    let code = match FingerprintCode::from_bytes(input.bytes) {
        Ok(_) if !known => return Err(Miss::Newer),
        Ok(code) => code,
        Err(_) if !known => return Err(OTHER),
        Err(_) => return Err("it is not 74 bytes of two fingerprints".into()),
    };
    let number = SafetyNumber::new(code.shown_by(), code.meant_for());
    Ok(Finding::exact()
        .format("binary")
        .public("local", Content::bytes(code.shown_by().as_bytes()))
        .public("remote", Content::bytes(code.meant_for().as_bytes()))
        .detail("digits", number.to_string())
        .detail("version", *version))
}

/// A telephone number. Source: signalRoutes.std.ts, 2026.
pub(crate) fn phone(input: &Input<'_>) -> Reading {
    let link = route(input, "signal.me", "signal.me")?;
    let number = link.fragment().and_then(|it| it.strip_prefix("p/")).ok_or(OTHER)?;
    let digits = number.strip_prefix('+').or_else(|| number.strip_prefix("%2B"));
    let digits = digits.filter(|digits| is_digits(digits) && (7..=15).contains(&digits.len()));
    let digits = digits.ok_or("the number is not a plus sign and 7 to 15 digits")?;
    Ok(Finding::exact().address("number", format!("+{digits}")))
}

/// A username, encrypted on the server under what stands in the link. Source:
/// signalRoutes.std.ts, 2026: 32 bytes of entropy and a 16-byte handle.
pub(crate) fn username(input: &Input<'_>) -> Reading {
    let link = route(input, "signal.me", "signal.me")?;
    let text = link.fragment().and_then(|it| it.strip_prefix("eu/")).ok_or(OTHER)?;
    let bytes = base64_of(text, 48).ok_or("it is not 48 bytes in base64url")?;
    let (entropy, handle) = bytes.raw.split_at_checked(32).ok_or(OTHER)?;
    let entropy_text = text.get(..43).unwrap_or_default();
    Ok(Finding::exact()
        .secret("entropy", Content::new(entropy_text, entropy.to_vec()))
        .address("handle", Content::bytes(handle)))
}

/// A group: its master key, and the password that lets in. Source: signalRoutes.std.ts,
/// 2026; Groups.proto, GroupInviteLink.
pub(crate) fn group(input: &Input<'_>) -> Reading {
    let link = route(input, "signal.group", "joingroup")?;
    let text = link.fragment().ok_or("the part after # is missing")?;
    let bytes = base64(text).ok_or("the part after # is not base64url")?;
    let message = Message::parse(&bytes.raw).and_then(|outer| {
        form(outer.numbers().eq([1])).ok()?;
        let inner = outer.message(1)?;
        Some((inner.bytes(1)?.to_vec(), inner.bytes(2)?.to_vec()))
    });
    let (key, password) = message.ok_or("it does not hold a key and a password")?;
    check(key.len() == 32, "the group's key is not 32 bytes long")?;
    Ok(Finding::exact()
        .secret("master key", Content::bytes(&key))
        .token("password", Content::bytes(&password)))
}

/// Groups of four letters, each of which is half a byte: Signal's call keys.
fn call_letters(text: &str, groups: usize) -> Option<Content> {
    const LETTERS: &[u8; 16] = b"bcdfghkmnpqrstxz";
    let fits = text.split('-').count() == groups && text.split('-').all(|it| it.len() == 4);
    let value = |b: u8| LETTERS.iter().position(|l| *l == b).and_then(|v| u8::try_from(v).ok());
    let letters = text.bytes().filter(|b| *b != b'-').map(value);
    let halves: Vec<u8> = letters.collect::<Option<_>>().filter(|_| fits)?;
    let bytes = halves.chunks(2).map(|pair| pair.iter().fold(0, |byte, half| byte << 4 | half));
    Some(Content::new(text, bytes.collect::<Vec<_>>()))
}

/// A call whose key stands after `#`. Source: signalRoutes.std.ts, 2026.
pub(crate) fn call(input: &Input<'_>) -> Reading {
    let link = route(input, "signal.link", "signal.link")?;
    form(link.segments() == ["call"])?;
    let key = link.fragment_param("key").ok_or("the key is missing")?;
    let key = call_letters(&key, 8).ok_or("the key is not eight groups of four letters")?;
    let epoch = link.fragment_param("epoch").filter(|epoch| !epoch.is_empty());
    let fits = epoch.as_ref().is_none_or(|epoch| call_letters(epoch, 2).is_some());
    check(fits, "the epoch is not two groups of four letters")?;
    let found = Finding::exact().secret("call key", key);
    Ok(match epoch {
        Some(epoch) => found.detail("epoch", epoch.as_str()),
        None => found,
    })
}

/// A sticker pack and the key that opens it. Source: signalRoutes.std.ts, 2026.
pub(crate) fn stickers(input: &Input<'_>) -> Reading {
    let link = route(input, "signal.art", "addstickers")?;
    form(link.host == "addstickers" || link.segments() == ["addstickers"])?;
    let get = |name| link.fragment_param(name).or_else(|| link.param(name));
    let id = get("pack_id").and_then(|id| hex_of(&id, 16));
    let key = get("pack_key").and_then(|key| hex_of(&key, 32));
    Ok(Finding::exact()
        .address("pack id", id.ok_or("the pack's id does not have 32 hexadecimal digits")?)
        .secret("pack key", key.ok_or("the pack's key does not have 64 hexadecimal digits")?))
}

/// The key of a backup: 64 letters and digits, in groups of four or none. Source:
/// libsignal, rust/account-keys, 2026. Nothing in it can be checked.
pub(crate) fn recovery(input: &Input<'_>) -> Reading {
    let text = input.text()?;
    let compact = input.compact()?;
    form(compact.len() == 64)?;
    form(compact.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))?;
    form(compact.bytes().any(|b| b.is_ascii_digit()) && compact.bytes().any(|b| b > b'f'))?;
    let grouped = text.split_whitespace().all(|group| group.len() == 4);
    form(grouped || !text.trim().contains([' ', '\t']))?;
    Ok(Finding::could_be().secret("backup key", compact))
}

/// A proxy: what stands after `#` is its host, no key. Source: signalRoutes.std.ts.
pub(crate) fn proxy(input: &Input<'_>) -> Reading {
    let link = route(input, "signal.tube", "signal.tube")?;
    let host = link.fragment().ok_or("the proxy's host is missing")?;
    check(is_host(host), "the proxy's host is not valid")?;
    Ok(Finding::exact()
        .address("host", host)
        .note("What stands after # here is an address, no key."))
}

/// The answer to a captcha, to be used once at registration. Source: signal-cli's wiki.
pub(crate) fn captcha(input: &Input<'_>) -> Reading {
    let token = input.after("signalcaptcha://")?;
    check(token.starts_with("signal-"), "it does not begin with signal-hcaptcha")?;
    check(token.matches('.').count() >= 3, "the token is cut off")?;
    Ok(Finding::exact().maybe(Role::Token, "token", Some(token)))
}
