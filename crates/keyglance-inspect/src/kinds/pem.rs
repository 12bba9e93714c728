//! Keys and certificates between `-----BEGIN` and `-----END` (RFC 7468).

use data_encoding::HEXUPPER;

use crate::finding::{Content, Finding, Miss, OTHER, Reading, check};
use crate::input::Input;
use crate::read::Reader;
use crate::read::checksum::sha256;
use crate::read::der::{
    self, EC, ED25519, INTEGER, P256, PublicKeyInfo, RSA, SEQUENCE, X448, X25519, element, expect,
};
use crate::read::json;
use crate::read::pem::Pem;
use crate::verdict::Algorithm;

fn block<'i>(input: &Input<'i>, labels: &[&str]) -> Result<(Pem<'i>, Vec<u8>), Miss> {
    block_of(input.text()?, labels)
}

fn block_of<'t>(text: &'t str, labels: &[&str]) -> Result<(Pem<'t>, Vec<u8>), Miss> {
    let pem = Pem::find(text, labels).ok_or(OTHER)?;
    check(pem.is_whole, "it does not end as it began")?;
    let bytes = pem.bytes().ok_or("it is not base64")?.to_vec();
    Ok((pem, bytes))
}

/// What the key of a SubjectPublicKeyInfo is for.
fn algorithm(info: &PublicKeyInfo<'_>) -> Algorithm {
    let curve = der::whole(info.parameters, der::OID).unwrap_or_default();
    match info.algorithm {
        X25519 => Algorithm::X25519,
        X448 => Algorithm::X448,
        ED25519 => Algorithm::Ed25519,
        RSA => Algorithm::Rsa,
        EC if curve == P256 => Algorithm::P256,
        _ => Algorithm::Other,
    }
}

/// A public key. Source: RFC 7468, section 13; RFC 5280, section 4.1.
pub(crate) fn public_key(input: &Input<'_>) -> Reading {
    let (pem, bytes) = block(input, &["PUBLIC KEY", "RSA PUBLIC KEY"])?;
    if pem.label == "RSA PUBLIC KEY" {
        check(der::whole(&bytes, SEQUENCE).is_some(), "it does not end where it says")?;
        let key = Content::new(&pem.body, bytes).of(Algorithm::Rsa);
        return Ok(Finding::exact().format("PEM").public("key", key));
    }
    let info = PublicKeyInfo::parse(&bytes).ok_or("it is not a public key to its end")?;
    let algorithm = algorithm(&info);
    let length = match algorithm {
        Algorithm::X25519 | Algorithm::Ed25519 => info.key.len() == 32,
        Algorithm::X448 => info.key.len() == 56,
        _ => true,
    };
    check(length, "the key is not as long as its kind")?;
    let key = Content::new(&pem.body, info.key.to_vec()).of(algorithm);
    Ok(Finding::exact().format("PEM").public("key", key))
}

/// The block in JSON that holds a program's own key, as cloud services give it.
fn service_account<'i>(input: &'i Input<'_>) -> Option<&'i str> {
    json::text(input.json().ok()?, "private_key")
}

/// A private key, also under a password. Source: RFC 7468, sections 10 and 11; RFC 8017,
/// appendix A.1.2; RFC 5915.
pub(crate) fn private_key(input: &Input<'_>) -> Reading {
    let labels = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"];
    let (pem, bytes) = match service_account(input) {
        Some(text) => block_of(text, &labels)?,
        None => block(input, &labels)?,
    };
    let encrypted = pem.label.starts_with("ENCRYPTED") || pem.has_headers;
    // The old way of encrypting leaves no structure.
    if !pem.has_headers {
        let inner = der::whole(&bytes, SEQUENCE).ok_or("it does not end where it says")?;
        let version = expect(&mut Reader(inner), INTEGER).is_some_and(|version| version.len() == 1);
        check(encrypted || version, "it does not begin with a version")?;
    }
    let key = Content::new(&pem.body, bytes);
    Ok(Finding::exact().format("PEM").secret("key", key).detail("encrypted", encrypted))
}

/// A certificate. Source: RFC 7468, section 5; RFC 5280, section 4.1.
pub(crate) fn certificate(input: &Input<'_>) -> Reading {
    let (pem, bytes) = block(input, &["CERTIFICATE"])?;
    let inner = der::whole(&bytes, SEQUENCE).ok_or("it does not end where it says")?;
    let hash = HEXUPPER.encode(&sha256(&bytes));
    let (key, ends) = tbs(inner).ok_or("its key is missing")?;
    let key = match key {
        Some((key, algorithm)) => Content::new(&pem.body, key).of(algorithm),
        None => Content::new(&pem.body, bytes.clone()),
    };
    let found = Finding::exact().format("PEM").public("key", key).expires(ends);
    Ok(found.detail("sha256", hash))
}

type Key = Option<(Vec<u8>, Algorithm)>;

/// The key of a certificate, and the second at which it ends.
fn tbs(certificate: &[u8]) -> Option<(Key, Option<i64>)> {
    let mut fields = Reader(expect(&mut Reader(certificate), SEQUENCE)?);
    let mut first = fields;
    // The version is only there from the second on.
    if element(&mut first)?.0 == 0xa0 {
        fields = first;
    }
    expect(&mut fields, INTEGER)?;
    expect(&mut fields, SEQUENCE)?;
    expect(&mut fields, SEQUENCE)?;
    let mut validity = Reader(expect(&mut fields, SEQUENCE)?);
    element(&mut validity)?;
    let (tag, ends) = element(&mut validity)?;
    let ends = str::from_utf8(ends).ok().and_then(|ends| time(tag, ends));
    expect(&mut fields, SEQUENCE)?;
    let before = fields.0;
    element(&mut fields)?;
    let info = before.get(..before.len() - fields.0.len()).and_then(PublicKeyInfo::parse)?;
    Some((Some((info.key.to_vec(), algorithm(&info))), ends))
}

/// UTCTime and GeneralizedTime, as RFC 5280 writes them.
fn time(tag: u8, text: &str) -> Option<i64> {
    let digits = text.strip_suffix('Z')?;
    let full = match (tag, digits.len()) {
        (0x17, 12) if digits < "50" => format!("20{digits}"),
        (0x17, 12) => format!("19{digits}"),
        (0x18, 14) => digits.to_owned(),
        _ => return None,
    };
    let time = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", &full).ok()?;
    Some(jiff::tz::TimeZone::UTC.to_timestamp(time).ok()?.as_second())
}
