//! Health records.

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use crate::finding::{Finding, OTHER, Reading, check, form};
use crate::input::{Input, after};
use crate::read::cbor::Cbor;
use crate::read::encoding::{base45, base64, base64_of, is_digits};
use crate::read::json;
use crate::read::url::Link;
use crate::verdict::WarningCode;

/// Records on a server, encrypted under a key that the link holds. Source: HL7, SMART
/// Health Cards and Links, STU 1, 2026-11.
pub(crate) fn shlink(input: &Input<'_>) -> Reading {
    let line = input.line()?;
    // A page that shows them may stand before.
    let text = match after(line, "shlink:/") {
        Some(text) => text,
        None => {
            let (viewer, text) = line.split_once('#').ok_or(OTHER)?;
            form(viewer.starts_with("https://"))?;
            after(text, "shlink:/").ok_or(OTHER)?
        }
    };
    let bytes = base64(text).ok_or("it is not base64url")?;
    let object = str::from_utf8(&bytes.raw).ok().and_then(json::object).ok_or("it is not JSON")?;
    let url = json::text(&object, "url").ok_or("the server is missing")?;
    check(Link::parse(url).is_some_and(|url| url.is_web()), "the server is not a URL")?;
    let key = json::text(&object, "key").and_then(|key| base64_of(key, 32));
    let key = key.ok_or("the key is not 32 bytes in base64url")?;
    let expires = object.get("exp").and_then(|time| time.as_f64()).filter(|time| time.abs() < 1e15);
    let newer = object.get("v").and_then(|v| v.as_u64()).is_some_and(|v| v > 1);
    let found = Finding::exact()
        .format("base64url")
        .address("server", url)
        .secret("key", key)
        .expires(expires.map(|time| time as i64))
        .warn_if(newer, WarningCode::Newer, "Its version is newer than we know.");
    let flags = json::text(&object, "flag").unwrap_or_default();
    Ok(found.detail("asks_for_a_passcode", flags.contains('P')))
}

/// A signed record in digits. Source: SMART Health Cards Framework, "Encoding chunks as QR
/// codes".
pub(crate) fn shc(input: &Input<'_>) -> Reading {
    let text = input.after("shc:/")?;
    let fields: Vec<&str> = text.split('/').collect();
    let (part, digits) = match fields.as_slice() {
        [digits] => (None, *digits),
        [number, count, digits] => (Some((*number, *count)), *digits),
        _ => return Err("it has more parts than a card".into()),
    };
    let letter = |pair: &[u8]| {
        let [tens, ones] = pair else { return None };
        let number = (tens - b'0') * 10 + (ones - b'0');
        (number <= 77).then(|| char::from(number + 45))
    };
    check(is_digits(digits), "it has other characters than digits")?;
    let token: Option<String> = digits.as_bytes().chunks(2).map(letter).collect();
    let token = token.ok_or("two digits stand for no letter")?;
    let found = Finding::exact().format("digits").address("personal data", text);
    if let Some((number, count)) = part {
        let order = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0);
        let (number, count) = order(number).zip(order(count)).ok_or("its number is not valid")?;
        check(number <= count, "its number is larger than their count")?;
        return Ok(found.detail("part", number).detail("parts", count));
    }
    let whole =
        token.split('.').count() == 3 && token.split('.').all(|part| base64(part).is_some());
    check(whole, "it is not three values in base64url")?;
    Ok(found)
}

/// More than any certificate has when it is unpacked.
const MAX_UNPACKED: usize = 64 * 1024;

/// A signed certificate. Source: eHealth Network, "Technical specifications for EU Digital
/// COVID Certificates", volume 1, 2021; RFC 9052.
pub(crate) fn hc1(input: &Input<'_>) -> Reading {
    let text = input.after("HC1:")?;
    let packed = base45(text).ok_or("it is not base45")?;
    let bytes = match packed.first() {
        Some(0x78) => decompress_to_vec_zlib_with_limit(&packed, MAX_UNPACKED)
            .map_err(|_| "it cannot be unpacked")?,
        _ => packed,
    };
    let cbor = Cbor::parse(&bytes).ok_or("what it holds does not end where it ends")?;
    let signed = match &cbor {
        Cbor::Tag(18, signed) => signed.array(),
        _ => None,
    };
    let [Cbor::Bytes(_), Cbor::Map(_), Cbor::Bytes(claims), Cbor::Bytes(_)] =
        signed.unwrap_or_default()
    else {
        return Err("it is not signed as certificates are".into());
    };
    // RFC 8392: 1 is who issued it, 4 when it ends.
    let claims = Cbor::parse(claims);
    let get = |key| claims.as_ref().and_then(|claims| claims.get(key));
    let ends = get(4).and_then(Cbor::unsigned).and_then(|time| i64::try_from(time).ok());
    let found = Finding::exact().format("base45").address("personal data", text).expires(ends);
    Ok(match get(1).and_then(Cbor::text) {
        Some(issuer) => found.detail("issuer", issuer),
        None => found,
    })
}
