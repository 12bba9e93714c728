//! What people type or scan beside frames: fingerprint codes, public keys, safety
//! numbers, names, purposes, and the card that a device tells of itself.

use keyglance_core::contacts::Name;
use keyglance_core::crypto::{FingerprintCode, PublicKey, Purpose, SafetyNumber};
use keyglance_core::pairing::{Card, DisplayName};

/// Whatever is accepted is written in one way, which is accepted as the same.
pub fn run(data: &[u8]) {
    if let Ok(code) = FingerprintCode::from_bytes(data) {
        assert_eq!(code.to_bytes(), data);
    }
    if let Ok(card) = Card::from_bytes(data) {
        assert_eq!(card.to_bytes(), data);
    }
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(code) = FingerprintCode::from_text(text) {
        for form in [code.to_text(), code.to_code()] {
            assert_eq!(FingerprintCode::from_text(&form).unwrap().to_bytes(), code.to_bytes());
        }
    }
    if let Some(key) = PublicKey::from_base64url(text) {
        assert_eq!(PublicKey::from_base64url(&key.to_base64url()), Some(key));
    }
    if let Some(number) = SafetyNumber::parse(text) {
        assert_eq!(SafetyNumber::parse(&number.to_string()), Some(number));
    }
    if let Ok(purpose) = Purpose::new(text) {
        assert_eq!(Purpose::new(purpose.as_str()).as_ref(), Ok(&purpose));
    }
    if let Ok(name) = DisplayName::new(text) {
        assert_eq!(DisplayName::new(name.as_str()).as_ref(), Ok(&name));
    }
    if let Ok(name) = text.parse::<Name>() {
        assert_eq!(name.as_str().parse::<Name>().as_ref(), Ok(&name));
        assert!(name.is_same(name.as_str()));
    }
}
