//! JSON Web Keys and Tokens (RFC 7517 to 7519, RFC 8037).

use serde_json::{Map, Value};

use crate::finding::{Content, Finding, Miss, OTHER, Reading, check, form};
use crate::input::Input;
use crate::read::encoding::{base64, base64_of};
use crate::read::json;
use crate::text::one_of;
use crate::verdict::{Algorithm, WarningCode};

/// Curves, with their type of key and the bytes of each number.
const CURVES: &[(&str, &str, usize, Algorithm)] = &[
    ("OKP", "Ed25519", 32, Algorithm::Ed25519),
    ("OKP", "X25519", 32, Algorithm::X25519),
    ("OKP", "Ed448", 57, Algorithm::Other),
    ("OKP", "X448", 56, Algorithm::X448),
    ("EC", "P-256", 32, Algorithm::P256),
    ("EC", "P-384", 48, Algorithm::Other),
    ("EC", "P-521", 66, Algorithm::Other),
    ("EC", "secp256k1", 32, Algorithm::Secp256k1),
];

/// The object, if it is a key of one of these types.
fn key_object<'i>(input: &'i Input<'_>, types: &[&str]) -> Result<&'i Map<String, Value>, Miss> {
    let object = input.json()?;
    let kind = json::text(object, "kty").ok_or(OTHER)?;
    form(types.contains(&kind))?;
    Ok(object)
}

/// The public numbers.
fn public_part(object: &Map<String, Value>) -> Result<(Content, usize, Algorithm), Miss> {
    let number = |name| json::text(object, name).and_then(base64);
    if json::text(object, "kty") == Some("RSA") {
        check(number("e").is_some(), "the exponent is not base64url")?;
        let modulus = number("n").filter(|n| n.raw.len() >= 64);
        let modulus = modulus.ok_or("the modulus is cut off")?.of(Algorithm::Rsa);
        let length = modulus.raw.len();
        return Ok((modulus, length, Algorithm::Rsa));
    }
    let (kind, curve) = (json::text(object, "kty"), json::text(object, "crv"));
    let known = CURVES.iter().find(|it| Some(it.0) == kind && Some(it.1) == curve);
    let (kind, _, length, algorithm) = known.ok_or(Miss::Newer)?;
    let x = json::text(object, "x").and_then(|x| base64_of(x, *length));
    let mut x = x.ok_or("the key is not as long as its curve's are")?;
    if *kind == "EC" {
        let y = json::text(object, "y").and_then(|y| base64_of(y, *length));
        // SEC 1, uncompressed.
        let y = y.ok_or("the key's second number is not as long as its curve's are")?;
        x.raw = [&[4][..], &x.raw, &y.raw].concat().into();
    }
    Ok((x.of(*algorithm), *length, *algorithm))
}

/// A public key. Source: RFC 7517, section 4; RFC 7518, section 6; RFC 8037, section 2.
pub(crate) fn public(input: &Input<'_>) -> Reading {
    let object = key_object(input, &["OKP", "EC", "RSA"])?;
    form(!object.contains_key("d"))?;
    Ok(Finding::exact().format("JSON").public("key", public_part(object)?.0))
}

/// A private key with its public part. Source: as above.
pub(crate) fn private(input: &Input<'_>) -> Reading {
    if let Some(keys) = input.json()?.get("keys").and_then(Value::as_array) {
        return private_set(keys);
    }
    private_key(key_object(input, &["OKP", "EC", "RSA"])?)
}

/// Several keys, of which one at least is secret. Source: RFC 7517, section 5.
fn private_set(keys: &[Value]) -> Reading {
    let mut found = Finding::exact().format("JSON");
    for key in keys.iter().filter_map(Value::as_object) {
        if key.contains_key("d") {
            found.parts.extend(private_key(key)?.parts);
        } else if let Some(secret) = json::text(key, "k") {
            found = found.secret("key", base64(secret).ok_or("a key is not base64url")?);
        }
    }
    form(!found.parts.is_empty())?;
    Ok(found)
}

fn private_key(object: &Map<String, Value>) -> Reading {
    form(object.contains_key("d"))?;
    let (public, length, algorithm) = public_part(object)?;
    let secret = json::text(object, "d").and_then(base64).filter(|d| match algorithm {
        // In as few octets as it needs (RFC 7518, section 6.3.2.1).
        Algorithm::Rsa => d.raw.len() <= length,
        _ => d.raw.len() == length,
    });
    let secret = secret.ok_or("the private key is not as long as its public part")?;
    Ok(Finding::exact()
        .format("JSON")
        .secret("key", secret.of(algorithm))
        .public("public part", public))
}

/// A key that both sides have. Source: RFC 7518, section 6.4.
pub(crate) fn symmetric(input: &Input<'_>) -> Reading {
    let object = key_object(input, &["oct"])?;
    let key = json::text(object, "k").and_then(base64).ok_or("the key is not base64url")?;
    let weak = key.raw.len() < 16;
    Ok(Finding::exact().format("JSON").secret("key", key).warn_if(
        weak,
        WarningCode::Weak,
        "The key has fewer than 16 bytes.",
    ))
}

/// RFC 7518, section 3.1; RFC 8037; RFC 8812; RFC 9864.
const JWS_ALGORITHMS: &[&str] = &[
    "none", "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
    "ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519", "Ed448",
];

/// A token: who has it is let in. Source: RFC 7519, section 3; RFC 7515, section 7.1.
pub(crate) fn jwt(input: &Input<'_>) -> Reading {
    let line = input.line()?;
    let parts: Vec<&str> = line.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else { return Err(OTHER) };
    let object = |text| {
        let bytes = base64(text)?;
        json::object(str::from_utf8(&bytes.raw).ok()?)
    };
    let header = object(header).ok_or(OTHER)?;
    let algorithm = json::text(&header, "alg").ok_or(OTHER)?;
    let claims = object(claims).ok_or(OTHER)?;
    check(signature.is_empty() || base64(signature).is_some(), "the signature is not base64url")?;
    let expires = claims.get("exp").and_then(|time| time.as_f64());
    // Fractions are allowed; what is past any calendar does not end.
    let expires = expires.filter(|time| time.abs() < 1e15).map(|time| time as i64);
    Ok(Finding::exact()
        .format("base64url")
        .token("bearer token", line)
        .note("Whoever holds it is let in.")
        .expires(expires)
        .detail("algorithm", one_of(algorithm, JWS_ALGORITHMS))
        .warn_if(
            signature.is_empty(),
            WarningCode::Weak,
            "It is not signed: anybody can write one.",
        ))
}
