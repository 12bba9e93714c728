//! Programs whose address is a key.

use data_encoding::BASE32_NOPAD;
use ed25519_dalek::{Signature, VerifyingKey};

use crate::finding::{Content, Finding, Miss, OTHER, Reading, check, form};
use crate::input::{Input, after};
use crate::read::Reader;
use crate::read::checksum::crc32;
use crate::read::encoding::{base64, base64_of, hex_of, is_base32, is_base64url};
use crate::read::protobuf::Message;
use crate::text::{is_random, is_uuid};
use crate::verdict::{Algorithm, Role, WarningCode};

/// A user. Source: wire-android, SelfQRCodeViewModel, 2026.
pub(crate) fn wire_user(input: &Input<'_>) -> Reading {
    let (domain, user) = if let Ok(link) = input.page("account.wire.com") {
        form(link.segments() == ["user-profile"])?;
        let id = link.param("id").ok_or(OTHER)?;
        match id.split_once('@') {
            Some((user, domain)) => (Some(domain.to_owned()), user.to_owned()),
            None => (None, id.to_string()),
        }
    } else {
        let link = input.scheme("wire")?;
        form(link.host == "user")?;
        match link.segments().as_slice() {
            [user] => (None, (*user).to_owned()),
            [domain, user] => (Some((*domain).to_owned()), (*user).to_owned()),
            _ => return Err("it names no user".into()),
        }
    };
    check(is_uuid(&user), "the user's id is not a UUID")?;
    Ok(Finding::exact().maybe(Role::Address, "domain", domain).address("user", user))
}

/// An invitation: both values go to the server. Source: wire-android, DeepLinkProcessor,
/// 2026.
pub(crate) fn wire_join(input: &Input<'_>) -> Reading {
    let link = match input.scheme("wire") {
        Ok(link) => {
            form(link.host == "conversation-join")?;
            link
        }
        Err(_) => {
            let link = input.page("account.wire.com")?;
            form(link.segments() == ["conversation-join"])?;
            link
        }
    };
    let get = |name| link.param(name).filter(|value| !value.is_empty());
    Ok(Finding::exact()
        .token("code", get("code").ok_or("the code is missing")?)
        .token("key", get("key").ok_or("the key is missing")?)
        .maybe(Role::Address, "domain", get("domain")))
}

/// An account's ID, which is its public key. Source: docs.getsession.org, 2026-11.
pub(crate) fn session_id(input: &Input<'_>) -> Reading {
    let line = input.line()?;
    let key = line.strip_prefix("05").and_then(|key| hex_of(key, 32)).ok_or(OTHER)?;
    let key = Content { shown: line.to_owned().into(), ..key };
    Ok(Finding::exact().format("hex").public("key", key.of(Algorithm::X25519)))
}

/// A community's room and its server's key. Source: Session's open groups.
pub(crate) fn session_community(input: &Input<'_>) -> Reading {
    let link = input.web()?;
    let key = link.param("public_key").and_then(|key| hex_of(&key, 32)).ok_or(OTHER)?;
    let segments = link.segments();
    let ([room] | ["r", room]) = segments.as_slice() else { return Err(OTHER) };
    // In the order of the payload the room would come first; the key is what matters.
    Ok(Finding::exact().public("server key", key.of(Algorithm::X25519)).address("room", *room))
}

/// The whole account: 13 words, of which the last repeats one, or the seed itself. Source:
/// docs.getsession.org, 2026-11; Electrum's old mnemonic in Monero's form.
pub(crate) fn session_recovery(input: &Input<'_>) -> Reading {
    let text = input.text()?;
    if let Some(seed) = hex_of(text, 16).filter(|_| is_random(text)) {
        // A version 4 UUID without its hyphens has fixed digits, which a seed has by chance only.
        let digit = |place: usize| text.as_bytes().get(place).copied();
        let variant = digit(16).is_some_and(|digit| b"89abAB".contains(&digit));
        form(!(digit(12) == Some(b'4') && variant))?;
        return Ok(Finding::could_be()
            .format("hex")
            .secret("seed", seed)
            .note("A file's hash has this form too: that is likelier unless Session showed it."));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let (last, words) = words.split_last().ok_or(OTHER)?;
    let is_word = |word: &&str| word.len() >= 3 && word.bytes().all(|b| b.is_ascii_lowercase());
    form(words.len() == 12 && words.iter().all(is_word) && is_word(last))?;
    let starts: String = words.iter().filter_map(|word| word.get(..3)).collect();
    let place = usize::try_from(crc32(starts.as_bytes()) % 12).map_err(|_| OTHER)?;
    form(words.get(place) == Some(last))?;
    Ok(Finding::exact().secret("seed", words.join(" ")))
}

/// An address: a public key, a number against spam, and a checksum. Source: TokTok's
/// specification, "Messenger", 2026.
pub(crate) fn tox_id(input: &Input<'_>) -> Reading {
    let line = input.line()?;
    let text = after(line, "tox:").unwrap_or(line);
    let Some(id) = hex_of(text, 38) else {
        form(text.len() < line.len() && !text.contains('@'))?;
        return Err("it does not have 76 hexadecimal digits".into());
    };
    let pairs = id.raw.chunks(2).map(|pair| pair.iter().fold(0_u16, |n, b| n << 8 | u16::from(*b)));
    check(
        pairs.fold(0, |sum, pair| sum ^ pair) == 0,
        "the checksum does not fit: a digit is wrong",
    )?;
    let (key, rest) = id.raw.split_at_checked(32).ok_or(OTHER)?;
    let key = Content::new(text.get(..64).unwrap_or_default(), key.to_vec());
    let nospam = Content::bytes(rest.get(..4).unwrap_or_default());
    Ok(Finding::exact()
        .format("hex")
        .public("key", key.of(Algorithm::X25519))
        .address("nospam", nospam))
}

/// The check letter of 13: Luhn's, modulo 32. Source: syncthing, lib/protocol/luhn.go.
pub(crate) fn luhn32(text: &[u8]) -> Option<u8> {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut sum = 0;
    for (i, letter) in text.iter().enumerate() {
        let value = ALPHABET.iter().position(|a| a == letter)?;
        let product = value * (1 + i % 2);
        sum += product / 32 + product % 32;
    }
    ALPHABET.get((32 - sum % 32) % 32).copied()
}

/// A device's ID: the SHA-256 of its certificate, with a check letter after each 13.
/// Source: syncthing, lib/protocol/deviceid.go and lib/api's tests, 2026.
pub(crate) fn syncthing_id(input: &Input<'_>) -> Reading {
    let text = input.text()?;
    let compact = input.compact()?.replace('-', "").to_ascii_uppercase();
    form(compact.len() == 56 && is_base32(&compact))?;
    let mut groups = text.split(['-', ' ']);
    let grouped = groups.clone().count() == 8 && groups.all(|group| group.len() == 7);
    form(grouped || text.len() == 56)?;
    let mut plain = Vec::with_capacity(52);
    for part in compact.as_bytes().chunks(14) {
        let (given, letters) = part.split_last().ok_or(OTHER)?;
        if luhn32(letters) != Some(*given) {
            form(grouped)?;
            return Err("a check letter does not fit: a letter is wrong".into());
        }
        plain.extend_from_slice(letters);
    }
    let hash = BASE32_NOPAD.decode(&plain).map_err(|_| "its last letter does not fit")?;
    Ok(Finding::exact().format("base32").public("certificate hash", Content::new(text, hash)))
}

/// A contact: the hash of its key. Form as the program shows it.
pub(crate) fn jami_contact(input: &Input<'_>) -> Reading {
    let text = input.after("jami:").or_else(|_| input.after("ring:"))?;
    let text = text.strip_prefix("//").unwrap_or(text);
    let hash = hex_of(text, 20).ok_or("it does not have 40 hexadecimal digits")?;
    Ok(Finding::exact().public("key hash", hash))
}

/// One value of Olvid's encoding: a type, a length of four bytes, and that many.
fn olvid_value<'a>(reader: &mut Reader<'a>, kind: u8) -> Option<&'a [u8]> {
    (reader.u8()? == kind).then_some(())?;
    reader.prefixed32()
}

/// An identity: a server, two public keys and a name. Source: Olvid for iOS, 2026.
pub(crate) fn olvid_identity(input: &Input<'_>) -> Reading {
    let link = input.page("invitation.olvid.io")?;
    let text = link.fragment().or_else(|| link.path().strip_prefix('/'));
    let text = text.filter(|text| !text.is_empty()).ok_or(OTHER)?;
    let bytes = base64(text).ok_or("it is not base64url")?;
    let mut outer = Reader(&bytes.raw);
    let list = olvid_value(&mut outer, 3).filter(|_| outer.is_empty());
    let mut list = Reader(list.ok_or("it is not a list to its end")?);
    let identity = olvid_value(&mut list, 0).ok_or("the identity is missing")?;
    let name = olvid_value(&mut list, 0).and_then(|name| str::from_utf8(name).ok());
    let name = name.filter(|_| list.is_empty()).ok_or("the name is missing")?;
    let end = identity.iter().position(|byte| *byte == 0).ok_or("the server is missing")?;
    let (server, keys) = identity.split_at_checked(end).ok_or(OTHER)?;
    let server = str::from_utf8(server).ok().filter(|server| server.contains("://"));
    // A zero, then twice a type and 32 bytes.
    let [0, _, keys @ ..] = keys else { return Err("the keys are missing".into()) };
    check(keys.len() == 65, "the keys are not 32 bytes long each")?;
    Ok(Finding::exact()
        .address("server", server.ok_or("the server is not a URL")?)
        .public("authentication key", Content::bytes(keys.get(..32).unwrap_or_default()))
        .public("encryption key", Content::bytes(keys.get(33..).unwrap_or_default()))
        .maybe(Role::Address, "name", Some(name)))
}

/// How long bitchat takes such a code (TransportConfig, 2026-11), in seconds.
const BITCHAT_LIFE: i64 = 5 * 60;

/// A contact's keys, signed by one of them. Source: bitchat, VerificationService, 2026-11.
pub(crate) fn bitchat_verify(input: &Input<'_>) -> Reading {
    let link = input.scheme("bitchat")?;
    form(link.host == "verify")?;
    let get = |name| link.param(name).filter(|value| !value.is_empty());
    let version = get("v").ok_or("the version is missing")?;
    if version.parse::<u32>().is_ok_and(|version| version > 1) {
        return Err(Miss::Newer);
    }
    check(version.as_str() == "1", "the version is not valid")?;
    let hex_value = |name, bytes| get(name).and_then(|value| hex_of(&value, bytes));
    let noise =
        hex_value("noise", 32).ok_or("the first key does not have 64 hexadecimal digits")?;
    let sign =
        hex_value("sign", 32).ok_or("the signing key does not have 64 hexadecimal digits")?;
    let signature =
        hex_value("sig", 64).ok_or("the signature does not have 128 hexadecimal digits")?;
    let nonce = get("nonce").filter(|nonce| base64_of(nonce, 16).is_some());
    let nonce = nonce.ok_or("the random number is not 16 bytes in base64url")?;
    let name = get("nick").ok_or("the nickname is missing")?;
    let time = get("ts").ok_or("the time is missing")?;
    let seconds: i64 = time.parse().map_err(|_| "the time is not a number")?;
    let npub = get("npub");
    let fields = [
        "bitchat-verify-v1",
        version.as_str(),
        &noise.shown.to_ascii_lowercase(),
        &sign.shown.to_ascii_lowercase(),
        npub.as_deref().map_or("", String::as_str),
        name.as_str(),
        time.as_str(),
        nonce.as_str(),
    ];
    let mut signed = Vec::new();
    for field in fields {
        let bytes = field.as_bytes().get(..255).unwrap_or(field.as_bytes());
        signed.extend(u8::try_from(bytes.len()));
        signed.extend_from_slice(bytes);
    }
    let holds = || {
        let key = VerifyingKey::from_bytes(sign.raw.as_slice().try_into().ok()?).ok()?;
        key.verify_strict(&signed, &Signature::from_slice(&signature.raw).ok()?).ok()
    };
    let bad = holds().is_none();
    Ok(Finding::exact()
        .public("noise key", noise.of(Algorithm::X25519))
        .public("signing key", sign.of(Algorithm::Ed25519))
        .address("nickname", name)
        .expires(seconds.checked_add(BITCHAT_LIFE))
        .warn_if(
            bad,
            WarningCode::SignatureBad,
            "The signature does not fit: somebody changed it, or it is made up.",
        ))
}

/// A contact: a seed by which it is found, and its account's key. Source: berty, README,
/// 2026-11.
pub(crate) fn berty_contact(input: &Input<'_>) -> Reading {
    let link = input.page("berty.tech")?;
    form(link.segments() == ["id"])?;
    let key = link.fragment_param("key").ok_or(OTHER)?;
    let bytes = base64(&key).ok_or("it is not base64url")?;
    let message = Message::parse(&bytes.raw).ok_or("its fields do not end where it ends")?;
    let field = |number| message.bytes(number).filter(|key| key.len() == 32).map(Content::bytes);
    let account = field(2).ok_or("the account's key is not 32 bytes long")?;
    Ok(Finding::exact()
        .address("rendezvous seed", field(1).ok_or("the seed is not 32 bytes long")?)
        .public("account key", account.of(Algorithm::Ed25519))
        .maybe(Role::Address, "name", link.fragment_param("name")))
}

/// A feed's key. Source: Scuttlebutt Protocol Guide, "Keys and identities".
pub(crate) fn ssb_feed(input: &Input<'_>) -> Reading {
    let line = input.line()?;
    let key = line.strip_prefix('@').and_then(|rest| rest.strip_suffix(".ed25519"));
    let key = base64_of(key.ok_or(OTHER)?, 32).ok_or("the key is not 32 bytes in base64")?;
    Ok(Finding::exact().public("key", key.of(Algorithm::Ed25519)))
}

/// What contacts compare in iMessage. No document of Apple's says what is in it: the form is
/// that of two published ones, 2026-11.
pub(crate) fn apple_contact_key(input: &Input<'_>) -> Reading {
    let line = input.line()?;
    form(line.starts_with("APKTID") && is_base64url(line))?;
    let key = base64_of(line, 39).ok_or("it does not have 52 letters")?;
    let usual = key.raw.starts_with(&[0x00, 0xf2, 0x93, 0x20, 0x3b]);
    Ok(Finding::could_be().public("verification key", key).detail("usual_start", usual))
}
