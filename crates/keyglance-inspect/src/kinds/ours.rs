//! Our own codes (`docs/protocol.md`).

use keyglance_core::crypto::{
    FingerprintCode, FingerprintCodeError, PublicKey, PublicKeyError, SafetyNumber,
};
use keyglance_core::pairing::{Frame, FrameError};

use crate::finding::{Content, Finding, Miss, OTHER, Reading, form};
use crate::input::Input;
use crate::read::encoding::base64;
use crate::read::json;
use crate::verdict::{Algorithm, Role};

fn frame(input: &Input<'_>) -> Result<Frame, Miss> {
    Frame::from_text(input.line()?).map_err(|error| match error {
        FrameError::NotOurs | FrameError::FingerprintCode => OTHER,
        FrameError::Newer => Miss::Newer,
        FrameError::Older => "it is from a version before this one, which reads it no more".into(),
        FrameError::Flags => "it has flags that its version does not have".into(),
        _ => "the checksum, a length or the encoding does not fit".into(),
    })
}

fn format(input: &Input<'_>) -> &'static str {
    if input.line().is_ok_and(|line| line.starts_with('K')) { "base45" } else { "base64url" }
}

/// A frame of the pairing, whole.
pub(crate) fn pairing(input: &Input<'_>) -> Reading {
    let found = Finding::exact().format(format(input));
    let ephemeral = |noise: &[u8]| -> Content {
        Content::bytes(noise.get(..32).unwrap_or_default()).of(Algorithm::X25519)
    };
    Ok(match frame(input)? {
        Frame::Hello(hello) => {
            found.public("commitment", Content::bytes(&hello.commitment)).detail("message", "HELLO")
        }
        Frame::Message1 { noise, .. } => {
            found.public("ephemeral key", ephemeral(&noise)).detail("message", "M1")
        }
        Frame::Message2 { noise, .. } => {
            found.public("ephemeral key", ephemeral(&noise)).detail("message", "M2")
        }
        Frame::Message3 { sid, .. } => {
            found.address("session id", Content::bytes(&sid)).detail("message", "M3")
        }
        Frame::Confirm { sid, .. } => {
            found.address("session id", Content::bytes(&sid)).detail("message", "CONFIRM")
        }
        Frame::Done { sid, .. } => {
            found.address("session id", Content::bytes(&sid)).detail("message", "DONE")
        }
        _ => return Err(OTHER),
    })
}

/// A part of a frame that is too large for one code.
pub(crate) fn pairing_part(input: &Input<'_>) -> Reading {
    let Frame::Fragment(fragment) = frame(input)? else { return Err(OTHER) };
    Ok(Finding::exact()
        .format(format(input))
        .detail("part", u32::from(fragment.index) + 1)
        .detail("parts", fragment.count)
        .detail("message_id", data_encoding::HEXLOWER.encode(&fragment.message.0)))
}

/// Both devices' fingerprints, as Signal has them, version 2.
pub(crate) fn fingerprint(input: &Input<'_>) -> Reading {
    let line = input.line()?;
    form(line.get(..2).is_some_and(|start| matches!(start, "KF" | "kf")))?;
    let code = FingerprintCode::from_text(line).map_err(|error| match error {
        FingerprintCodeError::NotOurs => OTHER,
        FingerprintCodeError::Version => Miss::Newer,
        _ => "its length or the encoding does not fit".into(),
    })?;
    let number = SafetyNumber::new(code.shown_by(), code.meant_for());
    Ok(Finding::exact()
        .format(format(input))
        .public("local", Content::bytes(code.shown_by().as_bytes()))
        .public("remote", Content::bytes(code.meant_for().as_bytes()))
        .detail("digits", number.to_string())
        .detail("version", FingerprintCode::VERSION))
}

/// What a device is known by, to be added to contacts.
pub(crate) fn public_key(input: &Input<'_>) -> Reading {
    match input.line()?.parse::<PublicKey>() {
        Ok(key) => Ok(Finding::exact()
            .public("public key", Content::bytes(key.as_bytes()).of(Algorithm::X25519))),
        Err(PublicKeyError::NotOurs) => Err(OTHER),
        Err(_) => Err("the checksum or the length does not fit".into()),
    }
}

/// A key file without a passphrase (`docs/key-file.md`).
pub(crate) fn shared_key(input: &Input<'_>) -> Reading {
    let text = input.text()?;
    let object = json::object(text).ok_or(OTHER)?;
    form(json::text(&object, "format") == Some("keyglance-shared-key"))?;
    match object.get("version").and_then(serde_json::Value::as_u64) {
        Some(1) => {}
        Some(2..) => return Err(Miss::Newer),
        _ => return Err("it has no version".into()),
    }
    let member = |name: &str| json::text(&object, name);
    let key = member("exporter").and_then(base64).filter(|key| key.raw.len() == 32);
    let key = key.ok_or("its key has not 32 bytes")?;
    let name = |party: &str| {
        let name = object.get(party)?.as_object().and_then(|party| json::text(party, "name"))?;
        Some(name.to_owned())
    };
    Ok(Finding::exact()
        .format("JSON")
        .secret("shared key", key)
        .maybe(Role::Address, "device", name("local"))
        .maybe(Role::Address, "other device", name("peer"))
        .detail("key_id", member("key_id").unwrap_or_default()))
}
