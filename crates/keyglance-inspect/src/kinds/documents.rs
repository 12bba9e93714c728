//! Health records.

use miniz_oxide::inflate::{decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit};

use crate::finding::{Finding, Miss, OTHER, Reading, check, form};
use crate::input::{Input, after};
use crate::read::cbor::Cbor;
use crate::read::encoding::{base45, base64, base64url_of, is_base64url, is_digits};
use crate::read::json;
use crate::read::url::Link;
use crate::text::is_host;
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
    let bytes = base64(text).filter(|_| is_base64url(text)).ok_or("it is not base64url")?;
    let object = str::from_utf8(&bytes.raw).ok().and_then(json::object).ok_or("it is not JSON")?;
    if object.get("v").and_then(|v| v.as_f64()).is_some_and(|v| v > 1.0) {
        return Err(Miss::Newer);
    }
    let url = json::text(&object, "url").ok_or("the server is missing")?;
    let server = Link::parse(url).filter(|url| url.is_web() && is_host(&url.host));
    let server = server.ok_or("the server is not a URL")?;
    let key = json::text(&object, "key").and_then(|key| base64url_of(key, 32));
    let key = key.ok_or("the key is not 32 bytes in base64url")?;
    let expires = object.get("exp").and_then(|time| time.as_f64()).filter(|time| time.abs() < 1e15);
    let found = Finding::exact()
        .format("base64url")
        .address("server", url)
        .secret("key", key)
        .expires(expires.map(|time| time as i64))
        .warn_if(
            server.scheme == "http",
            WarningCode::InsecureTransport,
            "The server is asked without encryption: everybody on the way sees what is fetched.",
        );
    let flags = json::text(&object, "flag").unwrap_or_default();
    let found = found.detail("asks_for_a_passcode", flags.contains('P'));
    Ok(match json::text(&object, "label") {
        Some(label) => found.detail("label", label),
        None => found,
    })
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
        let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        check(token.bytes().all(letter), "its digits stand for other than base64url")?;
        if count > 1 {
            return Ok(found.detail("part", number).detail("parts", count));
        }
    }
    let values: Vec<&str> = token.split('.').collect();
    let whole = values.len() == 3 && values.iter().all(|value| is_base64url(value));
    check(whole, "it is not three values in base64url")?;
    // The second is deflated JSON: who signed it is told where it can be read.
    let claims = values.get(1).and_then(|value| base64(value)).and_then(|packed| {
        let plain = decompress_to_vec_with_limit(&packed.raw, MAX_UNPACKED).ok()?;
        json::object(str::from_utf8(&plain).ok()?)
    });
    let claims = claims.unwrap_or_default();
    let ends = claims.get("exp").and_then(|time| time.as_i64());
    let found = found.expires(ends);
    Ok(match json::text(&claims, "iss") {
        Some(issuer) => found.detail("issuer", issuer),
        None => found,
    })
}

/// More than any certificate has when it is unpacked.
const MAX_UNPACKED: usize = 64 * 1024;

/// A signed certificate. Source: eHealth Network, "Technical specifications for EU Digital
/// COVID Certificates", volume 1, 2021; RFC 9052.
pub(crate) fn hc1(input: &Input<'_>) -> Reading {
    let text = input.after("HC1:")?;
    // What is packed begins otherwise; a sentence begins so.
    form(!text.starts_with(' '))?;
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
