//! Devices that are taken into a network: home automation, radio, sensors.

use sha1::{Digest as _, Sha1};
use zeroize::Zeroizing;

use crate::finding::{Content, Finding, Miss, OTHER, Reading, check, form};
use crate::input::Input;
use crate::read::checksum::{crc16_modbus, crc16_x25};
use crate::read::encoding::{base64, hex, hex_of, is_digits, little_endian};
use crate::read::json;
use crate::read::protobuf::Message;
use crate::read::url::{Link, form_decoded, param};
use crate::verdict::{Algorithm, Role, WarningCode};

const TRIVIAL: &str = "The code is one that everybody tries.";

/// Eight digits that no device may have: all alike, or counted up or down.
fn is_trivial(code: u64) -> bool {
    code.is_multiple_of(11_111_111) || matches!(code, 12_345_678 | 87_654_321)
}

const EXAMPLE: &str = "The code is an example's: everybody knows it.";
/// What the test devices of the Connected Home over IP repository have.
const MATTER_TEST: u64 = 20_202_021;
/// What examples of HAP-NodeJS and of esp-homekit have.
const HOMEKIT_EXAMPLES: [u64; 2] = [3_145_154, 11_122_333];
/// What esp-idf's examples have.
const ESP_EXAMPLE: &str = "abcd1234";
/// What OpenThread's guide has.
const THREAD_EXAMPLE: &str = "J01NME";

/// Base38: five letters for three bytes, the first letter lowest (Matter Core
/// Specification, section 5.1.3.1).
fn base38(text: &str) -> Option<Vec<u8>> {
    const ALPHABET: &[u8; 38] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-.";
    let mut bytes = Vec::with_capacity(text.len());
    for chunk in text.as_bytes().chunks(5) {
        let count = match chunk.len() {
            5 => 3,
            4 => 2,
            2 => 1,
            _ => return None,
        };
        let mut number = 0_u32;
        for letter in chunk.iter().rev() {
            let digit = ALPHABET.iter().position(|a| a == letter)?;
            number = number.checked_mul(38)?.checked_add(u32::try_from(digit).ok()?)?;
        }
        bytes.extend(little_endian(number.into(), count)?);
    }
    Some(bytes)
}

/// What takes a device in: a passcode and how to find it. Several codes may follow each
/// other after an asterisk. Source: Matter Core Specification, section 5.1.3; matter.js's
/// tests, 2026.
pub(crate) fn matter(input: &Input<'_>) -> Reading {
    let text = input.after("MT:")?;
    // Messages between banks and notes begin so too.
    form(text.len() > 10 && !text.contains(|c: char| c.is_whitespace() || "/:".contains(c)))?;
    let codes: Vec<&str> = text.split('*').collect();
    let mut found = Finding::exact().format("base38");
    for code in &codes {
        let bytes = base38(code).ok_or("its letters stand for no bytes")?;
        let (fixed, extra) = bytes.split_at_checked(11).ok_or("it has fewer than 88 bits")?;
        let bits = fixed.iter().rev().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        let field = |from: u32, length: u32| {
            u64::try_from(bits >> from & ((1 << length) - 1)).unwrap_or_default()
        };
        if field(0, 3) != 0 {
            return Err(Miss::Newer);
        }
        check(field(84, 4) == 0, "its last letter does not fit")?;
        let passcode = field(57, 27);
        check(passcode <= 99_999_999, "the passcode has more than eight digits")?;
        let (vendor, product) = (field(3, 16), field(19, 16));
        let device = format!("vendor {vendor}, product {product}, discriminator {}", field(45, 12));
        found = found
            .secret("passcode", format!("{passcode:08}"))
            .address("device", device)
            .detail("extra_bytes", extra.len())
            .warn_if(is_trivial(passcode), WarningCode::Weak, TRIVIAL)
            .warn_if(passcode == MATTER_TEST, WarningCode::PublicKeyKnown, EXAMPLE);
    }
    Ok(found.detail("codes", codes.len()))
}

/// What takes an accessory in: its setup code. Source: HomeKit Accessory Protocol, setup
/// payload; samples made from it.
pub(crate) fn homekit(input: &Input<'_>) -> Reading {
    let text = input.after("X-HM://")?;
    let letter = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    check(text.len() == 13 && text.bytes().all(letter), "it does not have 13 capitals and digits")?;
    let (payload, setup_id) = text.split_at_checked(9).ok_or(OTHER)?;
    let bits = u64::from_str_radix(payload, 36).map_err(|_| "its number is not valid")?;
    let code = bits & 0x07ff_ffff;
    check(code <= 99_999_999, "the setup code has more than eight digits")?;
    let (category, reserved, version) = (bits >> 31 & 0xff, bits >> 39 & 0x0f, bits >> 43);
    check(reserved == 0, "bits that have no meaning are set")?;
    if version != 0 {
        return Err(Miss::Newer);
    }
    Ok(Finding::exact()
        .secret("setup code", format!("{code:08}"))
        .address("device", format!("category {category}, setup id {setup_id}"))
        .warn_if(is_trivial(code), WarningCode::Weak, TRIVIAL)
        .warn_if(HOMEKIT_EXAMPLES.contains(&code), WarningCode::PublicKeyKnown, EXAMPLE))
}

/// What takes a device in: half of its public key. Source: Silicon Labs SDS13937; zwave-js,
/// 2026-11.
pub(crate) fn zwave(input: &Input<'_>) -> Reading {
    let line = input.line()?;
    form(line.starts_with("90") && line.len() >= 52 && is_digits(line))?;
    let digits = |from: usize, length: usize| line.get(from..from + length).unwrap_or_default();
    // 00 is the same without SmartStart: the device joins when somebody asks it to.
    let smart_start = digits(2, 2) == "01";
    let hash = Sha1::digest(line.get(9..).unwrap_or_default().as_bytes());
    let start = hash.first_chunk::<2>().map_or(0, |start| u16::from_be_bytes(*start));
    let holds = digits(4, 5).parse() == Ok(start);
    if !smart_start {
        // Any long number may begin with 90.
        form(holds)?;
        if digits(2, 2) != "00" {
            return Err(Miss::Newer);
        }
    }
    check(holds, "the checksum does not fit: a digit is wrong")?;
    let mut dsk = Vec::with_capacity(16);
    let mut groups = Vec::with_capacity(8);
    for place in 0..8 {
        let group = digits(12 + place * 5, 5);
        let number: u16 = group.parse().map_err(|_| "a group of the key is too large")?;
        dsk.extend(number.to_be_bytes());
        groups.push(group);
    }
    let mut rest = line.get(52..).unwrap_or_default();
    let mut product = Vec::new();
    while !rest.is_empty() {
        let length = rest.get(2..4).and_then(|length| length.parse::<usize>().ok());
        let value = length.and_then(|length| rest.get(4..4 + length));
        let value = value.ok_or("what follows the key is cut off")?;
        if matches!(rest.get(..2), Some("00" | "02")) {
            product.push(value);
        }
        rest = rest.get(4 + value.len()..).unwrap_or_default();
    }
    Ok(Finding::exact()
        .format("digits")
        .public("DSK", Content::new(&groups.join("-"), dsk))
        .maybe(Role::Address, "product", Some(product.join(" ")))
        .detail("requested_keys", digits(9, 3))
        .detail("smart_start", smart_start))
}

/// What follows `NAME:` up to the next separator.
fn zigbee_field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let mut fields = text.split(['$', '%', ' ']);
    fields.find_map(|field| field.strip_prefix(name)?.strip_prefix(':'))
}

/// Whether it begins `Z:` and 16 hexadecimal digits, or near them: a path may begin so too.
fn is_zigbee_address(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("Z:") else { return false };
    rest.contains("$I:") || rest.get(..16).is_some_and(|device| hex_of(device, 8).is_some())
}

/// What takes a device in: its address and install code. Source: tests of zigbee-herdsman and
/// of ZHA, 2026-11; Zigbee Base Device Behavior, section 10.1. Makers write
/// `Z:ADDRESS$I:CODE`, `G$M:…$A:ADDRESS$I:CODE`, `HUE:Z:CODE M:ADDRESS`, `ADDRESS|CODE`,
/// `RB01SG…ADDRESSDLKCODE`; the last has a key without a checksum too.
pub(crate) fn zigbee(input: &Input<'_>) -> Reading {
    let line = Zeroizing::new(input.line()?.to_ascii_uppercase());
    let mut may_be_key = false;
    let (device, code) = if let Some(rest) = line.strip_prefix("HUE:") {
        (zigbee_field(rest, "M"), zigbee_field(rest, "Z"))
    } else if line.starts_with("G$M:") || is_zigbee_address(&line) {
        let device = zigbee_field(&line, "A").or_else(|| zigbee_field(&line, "Z"));
        (device, zigbee_field(&line, "I"))
    } else if let Some((device, code)) = line.split_once('|') {
        form(hex_of(device, 8).is_some() && hex_of(code, 18).is_some())?;
        (Some(device), Some(code))
    } else {
        let (before, code) = line.split_once("DLK").ok_or(OTHER)?;
        let (maker, rest) = before.split_at_checked(6).ok_or(OTHER)?;
        let is_hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
        form(maker.ends_with("SG") && rest.len() >= 16 && is_hex(rest) && is_hex(code))?;
        may_be_key = true;
        (rest.get(rest.len() - 16..), Some(code))
    };
    let device = device.filter(|device| hex_of(device, 8).is_some());
    let device = device.ok_or("the device's address does not have 16 hexadecimal digits")?;
    let code = code.and_then(hex).ok_or("the install code is missing")?;
    let holds = match code.raw.split_at_checked(16) {
        Some((_, [])) => may_be_key,
        Some((code, [low, high])) => crc16_x25(code) == u16::from_le_bytes([*low, *high]),
        _ => false,
    };
    let length = matches!(code.raw.len(), 16 | 18);
    check(length, "the install code does not have 36 hexadecimal digits")?;
    check(holds, "the install code's checksum does not fit: a digit is wrong")?;
    Ok(Finding::exact().address("device", device).secret("install code", code))
}

/// What takes a device in. Source: OpenThread, external commissioning guide.
pub(crate) fn thread(input: &Input<'_>) -> Reading {
    let query = input.line()?;
    form(query.starts_with("v=") && query.contains("&&eui=") || query.starts_with("v=1&eui="))?;
    let version = param(query, "v").ok_or(OTHER)?;
    if version.parse::<u32>().is_ok_and(|version| version > 1) {
        return Err(Miss::Newer);
    }
    let device = param(query, "eui").and_then(|eui| hex_of(&eui, 8));
    let code = param(query, "cc").ok_or("the credential is missing")?;
    let letter = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase() && !b"IOQZ".contains(&b);
    check((6..=32).contains(&code.len()), "the credential does not have 6 to 32 characters")?;
    check(code.bytes().all(letter), "the credential has a letter that is not allowed")?;
    Ok(Finding::exact()
        .address(
            "device",
            device.ok_or("the device's address does not have 16 hexadecimal digits")?,
        )
        .warn_if(code.as_str() == THREAD_EXAMPLE, WarningCode::PublicKeyKnown, EXAMPLE)
        .secret("joining credential", code))
}

/// What names a sensor. Source: LoRa Alliance TR005; the Things Network, qrcodegenerator,
/// 2026-11.
pub(crate) fn lorawan(input: &Input<'_>) -> Reading {
    let text = input.after("LW:D0:")?;
    let fields: Vec<&str> = text.split(':').collect();
    let [join, device, profile, rest @ ..] = fields.as_slice() else {
        return Err("it has fewer than three values".into());
    };
    check(
        hex_of(join, 8).is_some() && hex_of(device, 8).is_some(),
        "an id does not have 16 hexadecimal digits",
    )?;
    check(hex_of(profile, 4).is_some(), "the profile does not have 8 hexadecimal digits")?;
    let get = |letter: char| rest.iter().find_map(|field| field.strip_prefix(letter));
    if let Some(checksum) = get('C') {
        let line = input.line()?;
        let before = line.rsplit_once(":C").map_or("", |(before, _)| before);
        let given = u16::from_str_radix(checksum, 16).ok().filter(|_| checksum.len() == 4);
        check(
            given == Some(crc16_modbus(before.as_bytes())),
            "the checksum does not fit: a character is wrong",
        )?;
    }
    let found = Finding::exact()
        .address("ids", format!("{join} {device}"))
        .maybe(Role::Token, "owner token", get('O'))
        .detail("profile", *profile);
    Ok(match get('S') {
        Some(serial) => found.detail("serial_number", serial),
        None => found,
    })
}

/// What a device without a screen has on a label. Source: esp-idf, "Unified provisioning".
pub(crate) fn esp_provisioning(input: &Input<'_>) -> Reading {
    let object = input.json()?;
    let get = |name| json::text(object, name);
    let version = get("ver").ok_or(OTHER)?;
    let (name, transport) = (get("name").ok_or(OTHER)?, get("transport").ok_or(OTHER)?);
    form(matches!(transport, "ble" | "softap"))?;
    if version != "v1" {
        return Err(Miss::Newer);
    }
    Ok(Finding::exact()
        .format("JSON")
        .address("device", name)
        .maybe(Role::Secret, "proof of possession", get("pop"))
        .maybe(Role::Secret, "network password", get("password"))
        .warn_if(get("pop") == Some(ESP_EXAMPLE), WarningCode::PublicKeyKnown, EXAMPLE)
        .detail("transport", transport))
}

/// The key that every Meshtastic device has from the beginning: one byte is short for it.
const MESHTASTIC: [u8; 16] = [
    0xd4, 0xf1, 0xbb, 0x3a, 0x20, 0x29, 0x07, 0x59, 0xf0, 0xbc, 0xff, 0xab, 0xcf, 0x4e, 0x69, 0x01,
];

fn meshtastic<'i>(input: &'i Input<'_>) -> Result<&'i Link, Miss> {
    input.page("meshtastic.org").or_else(|_| input.page("www.meshtastic.org"))
}

/// Channels and their keys. Source: meshtastic/protobufs, apponly.proto and channel.proto,
/// 2026: {1: {2: key, 3: name}, 2: radio}.
pub(crate) fn meshtastic_channel(input: &Input<'_>) -> Reading {
    let link = meshtastic(input)?;
    let old = link.segments() == ["d"];
    form(old || link.segments() == ["e"])?;
    let text = link.fragment().filter(|text| !text.is_empty()).ok_or("the channels are missing")?;
    let bytes = base64(text).ok_or("it is not base64url")?;
    let message = Message::parse(&bytes.raw).ok_or("its fields do not end where it ends")?;
    let mut found = Finding::exact();
    for channel in message.all(1) {
        let channel =
            Message::parse(channel).ok_or("a channel's fields do not end where it ends")?;
        // Links from before 2.0 have other numbers.
        let (key, name) = match channel.bytes(4).filter(|_| old) {
            Some(key) => (key, channel.text(5)),
            None => (channel.bytes(2).unwrap_or_default(), channel.text(3)),
        };
        check(matches!(key.len(), 0 | 1 | 16 | 32), "a key is not 0, 1, 16 or 32 bytes long")?;
        let known = key.len() == 1
            || key.len() == 16
                && key.iter().zip(MESHTASTIC).take(15).all(|(one, other)| *one == other);
        found = found
            .maybe(Role::Secret, "key", Some(Content::bytes(key)))
            .maybe(Role::Address, "channel name", name)
            .warn_if(
                known,
                WarningCode::PublicKeyKnown,
                "This channel's key is one that every device has: everybody reads the channel.",
            )
            .warn_if(
                key.is_empty(),
                WarningCode::InsecureTransport,
                "A channel has no key: everybody reads it.",
            );
    }
    check(message.all(1).next().is_some(), "it has no channel")?;
    Ok(found)
}

/// A contact. Source: meshtastic/protobufs, SharedContact, 2026: {1: number, 2: {2: name, 8:
/// key}}.
pub(crate) fn meshtastic_contact(input: &Input<'_>) -> Reading {
    let link = meshtastic(input)?;
    form(link.segments() == ["v"])?;
    let text = link.fragment().filter(|text| !text.is_empty()).ok_or("the contact is missing")?;
    let bytes = base64(text).ok_or("it is not base64url")?;
    let message = Message::parse(&bytes.raw).ok_or("its fields do not end where it ends")?;
    let node = message.varint(1).ok_or("the node's number is missing")?;
    let user = message.message(2).ok_or("the node's name is missing")?;
    let key = user.bytes(8).filter(|key| key.len() == 32).ok_or("the key is not 32 bytes long")?;
    let name = format!("{} (!{node:08x})", user.text(2).unwrap_or_default());
    Ok(Finding::exact()
        .address("node", name.trim_start())
        .public("key", Content::bytes(key).of(Algorithm::X25519)))
}

/// The key of the channel that all are in.
const MESHCORE_PUBLIC: &str = "8b3387e9c5cdea6ac9e5edbaa115cd72";

/// The query of `meshcore://KIND/add?…`, and its name.
fn meshcore<'i>(input: &'i Input<'_>, kind: &str) -> Result<(&'i str, String), Miss> {
    let link = input.scheme("meshcore")?;
    form(link.host == kind && link.segments() == ["add"])?;
    let query = link.query().ok_or("its values are missing")?;
    let name = query.split('&').find_map(|pair| pair.strip_prefix("name="));
    Ok((query, form_decoded(name.ok_or("the name is missing")?).to_string()))
}

/// A channel and its key. Source: MeshCore, docs/qr_codes.md, 2026.
pub(crate) fn meshcore_channel(input: &Input<'_>) -> Reading {
    let (query, name) = meshcore(input, "channel")?;
    let key = param(query, "secret").and_then(|key| hex_of(&key, 16));
    let key = key.ok_or("the key does not have 32 hexadecimal digits")?;
    let known = key.shown.eq_ignore_ascii_case(MESHCORE_PUBLIC);
    Ok(Finding::exact().maybe(Role::Address, "name", Some(name)).secret("key", key).warn_if(
        known,
        WarningCode::PublicKeyKnown,
        "This key is public: everybody reads the channel.",
    ))
}

/// A contact. Source: MeshCore, docs/qr_codes.md, 2026.
pub(crate) fn meshcore_contact(input: &Input<'_>) -> Reading {
    let (query, name) = meshcore(input, "contact")?;
    let key = param(query, "public_key").and_then(|key| hex_of(&key, 32));
    let key = key.ok_or("the key does not have 64 hexadecimal digits")?.of(Algorithm::Ed25519);
    let found = Finding::exact().maybe(Role::Address, "name", Some(name)).public("key", key);
    Ok(match param(query, "type").as_deref().map(String::as_str) {
        Some("1") => found.detail("type", "companion"),
        Some("2") => found.detail("type", "repeater"),
        Some("3") => found.detail("type", "room server"),
        Some("4") => found.detail("type", "sensor"),
        _ => found,
    })
}

/// Settings with all keys, under a passphrase. Source: obsidian-livesync, docs, 2026.
pub(crate) fn obsidian_livesync(input: &Input<'_>) -> Reading {
    let link = input.scheme("obsidian")?;
    form(link.host == "setuplivesync")?;
    let settings = link.param("settings").filter(|settings| !settings.is_empty());
    let settings = settings.ok_or("the settings are missing")?;
    Ok(Finding::exact().secret("encrypted settings", settings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base38_of_the_specification() {
        assert_eq!(base38("A0"), Some(vec![10]));
        assert_eq!(base38(".."), None);
        assert_eq!(base38("A"), None);
    }
}
