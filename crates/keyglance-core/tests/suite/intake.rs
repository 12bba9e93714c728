//! Texts as other programs carry them: what they add changes nothing, and what is wrong
//! is still told apart.

use keyglance_core::contacts::{IdentityError, PeerIdentity};
use keyglance_core::crypto::{
    Fingerprint, FingerprintCode, FingerprintCodeError, PublicKey, PublicKeyError, SafetyNumber,
};
use keyglance_core::keyfile::{
    KeyFile, Passphrase, WorkFactor, decrypt_with_passphrase, encrypt_with_passphrase, is_age_file,
};
use keyglance_core::pairing::Frame;
use keyglance_core::test_util::{device, paired, pairing, time};

/// What mail programs, editors, label printers and messengers put around a text.
fn carried(text: &str) -> Vec<String> {
    let (start, end) = text.split_at(text.len() / 2);
    vec![
        text.to_owned(),
        format!("\u{FEFF}{text}"),
        format!("\u{FEFF} {text}\r\n"),
        format!("\t{text} \n\n"),
        format!("\u{200E}{text}\u{200F}"),
        format!("\u{2066}{text}\u{2069}"),
        format!("{start}\r\n{end}"),
        format!("{start}\n{end}\n"),
    ]
}

fn key() -> PublicKey {
    PublicKey::from_bytes(std::array::from_fn(|i| u8::try_from(i * 7 + 3).unwrap()))
}

#[test]
fn a_public_key_is_read_however_it_was_carried() {
    let key = key();
    for text in carried(&key.to_string()).iter().chain(&carried(&key.to_string().to_uppercase())) {
        assert_eq!(text.parse(), Ok(key), "{text:?}");
        assert_eq!(PublicKey::from_any_text(text), Ok(key), "{text:?}");
        let own = Fingerprint::of(&PublicKey::from_bytes([9; 32]));
        assert_eq!(PeerIdentity::read(text, &own), Ok(PeerIdentity::of(key)), "{text:?}");
    }
}

#[test]
fn a_public_key_is_read_as_other_programs_print_it() {
    let key = key();
    let hex: Vec<String> = key.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let quads: Vec<String> = hex.chunks(2).map(<[String]>::concat).collect();
    let standard = "AwoRGB8mLTQ7QklQV15lbHN6gYiPlp2kq7K5wMfO1dw=";
    let typed = "BQMKERgfJi00O0JJUFdeZWxzeoGIj5adpKuyucDHztXc";
    let forms = [
        hex.concat(),
        hex.concat().to_uppercase(),
        hex.join(":"),
        hex.join("-"),
        hex.join(" "),
        quads.join(" "),
        quads.chunks(8).map(|row| row.join(" ")).collect::<Vec<_>>().join("\n"),
        format!("05{}", hex.concat()),
        format!("05:{}", hex.join(":")),
        key.to_base64url(),
        standard.to_owned(),
        standard.trim_end_matches('=').to_owned(),
        standard.replace('=', "%3D"),
        typed.to_owned(),
        "BQMKERgfJi00O0JJUFdeZWxzeoGIj5adpKuyucDHztXc".replace('D', "%44"),
    ];
    for text in forms.iter().flat_map(|form| carried(form)) {
        assert_eq!(PublicKey::from_any_text(&text), Ok(key), "{text:?}");
    }
    for text in [
        "",
        "hello",
        &hex[..31].concat(),
        &format!("06{}", hex.concat()),
        &hex.join("."),
        &standard[..40],
        &standard.replace('A', "%"),
    ] {
        assert_eq!(PublicKey::from_any_text(text), Err(PublicKeyError::NotOurs), "{text:?}");
    }
    let damaged = key.to_string().replace("keyglance1q", "keyglance1p");
    assert_eq!(PublicKey::from_any_text(&damaged), Err(PublicKeyError::Damaged));
}

#[test]
fn a_safety_number_is_read_however_it_is_grouped() {
    let [ana, bo] = [[1; 32], [2; 32]].map(|key| Fingerprint::of(&PublicKey::from_bytes(key)));
    let number = SafetyNumber::new(&ana, &bo);
    let spaced = number.to_string();
    let wide: String =
        number.digits().chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect();
    for text in [
        number.digits().to_owned(),
        spaced.replace(' ', "-"),
        spaced.replace(' ', " \u{2013} "),
        spaced.replace(' ', "\u{2011}"),
        spaced.replace(' ', "\n"),
        spaced.replace(' ', "\u{A0}"),
        format!("\u{FEFF}\u{202A}{spaced}\u{202C}\r\n"),
        wide,
    ] {
        assert_eq!(SafetyNumber::parse(&text), Some(number.clone()), "{text:?}");
    }
    let short = number.digits()[..59].to_owned();
    for text in [short.clone(), format!("{short}x"), format!("{}1", number.digits())] {
        assert_eq!(SafetyNumber::parse(&text), None, "{text:?}");
    }
}

#[test]
fn codes_are_read_however_they_were_carried() {
    let [ana, bo] = [[1; 32], [2; 32]].map(|key| Fingerprint::of(&PublicKey::from_bytes(key)));
    let code = FingerprintCode::new(&ana, &bo);
    let session = device(1);
    let frame = session.text().unwrap();
    for text in carried(&code.to_text()).iter().chain(&carried(&code.to_code())) {
        assert_eq!(FingerprintCode::from_text(text), Ok(code), "{text:?}");
    }
    for text in carried(frame) {
        assert_eq!(Frame::from_text(&text), Frame::from_text(frame), "{text:?}");
        assert!(Frame::from_text(&text).is_ok());
    }
}

/// Of a code that cannot be compared nobody is added, and it is no mismatch either.
#[test]
fn a_fingerprint_code_of_another_version_is_told_as_that() {
    let [ana, bo] = [[1; 32], [2; 32]].map(|key| Fingerprint::of(&PublicKey::from_bytes(key)));
    let code = FingerprintCode::new(&ana, &bo);
    for version in [0, 1, 3, 127] {
        let mut bytes = code.to_bytes();
        bytes[1] = version;
        let other = FingerprintCode::from_bytes(&bytes).unwrap();
        for text in [other.to_text(), other.to_code()] {
            assert_eq!(FingerprintCode::from_text(&text), Err(FingerprintCodeError::Version));
            let error = IdentityError::Code(FingerprintCodeError::Version);
            assert_eq!(PeerIdentity::read(&text, &bo), Err(error));
        }
    }
}

#[test]
fn a_key_file_that_an_editor_saved_is_read() {
    let key =
        KeyFile::from_pairing(pairing(&paired(device(1), device(2))), time("2026-11-23T04:00:00Z"));
    let json = key.to_json();
    let passphrase = Passphrase::new("correct horse".to_owned().into()).unwrap();
    let armored = encrypt_with_passphrase(&json, &passphrase, WorkFactor::Log2(2)).unwrap();
    for before in ["\u{FEFF}", "\u{FEFF}\r\n", "\n "] {
        let file = [before.as_bytes(), &json].concat();
        assert_eq!(KeyFile::from_json(&file).unwrap().key_id(), key.key_id(), "{before:?}");
        let file = [before.as_bytes(), &armored].concat();
        assert!(is_age_file(&file), "{before:?}");
        assert_eq!(*decrypt_with_passphrase(&file, &passphrase).unwrap(), *json, "{before:?}");
    }
}
