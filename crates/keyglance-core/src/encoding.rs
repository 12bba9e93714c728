//! How our bytes travel: in a QR symbol as upper-case base45 (RFC 9285), which
//! one alphanumeric segment holds; through pipes, clipboards and people as
//! base64url without padding (RFC 4648, section 5).
//!
//! | | pairing | fingerprint |
//! |---|---|---|
//! | in a QR symbol | `KG1:` | `KF1:` |
//! | as text | `kg1:` | `kf1:` |
//!
//! Both forms are read from every source. Reading is strict: what was read would
//! be written the same.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::intake;

/// The longest text that is read, in bytes.
pub(crate) const MAX_TEXT: usize = 2048;

/// The version in the prefix.
const VERSION: u32 = 1;

/// What a text carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A frame of the pairing.
    Pairing,
    /// A fingerprint code.
    Fingerprint,
}

/// Why a text does not carry bytes of the wanted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextError {
    /// Any other text.
    NotOurs,
    /// Ours, and of another kind.
    OtherKind,
    /// A version of a later program.
    Newer,
    /// A version of an earlier program.
    Older,
    /// Misread, cut off, or not in its canonical form.
    Damaged,
}

impl Kind {
    const fn letter(self) -> char {
        match self {
            Self::Pairing => 'G',
            Self::Fingerprint => 'F',
        }
    }

    /// The text for a QR symbol: alphanumeric.
    pub(crate) fn to_code(self, bytes: &[u8]) -> String {
        format!("K{}{VERSION}:{}", self.letter(), base45::encode(bytes))
    }

    /// The text for pipes and people.
    pub(crate) fn to_text(self, bytes: &[u8]) -> String {
        let letter = self.letter().to_ascii_lowercase();
        format!("k{letter}{VERSION}:{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads either form.
    pub(crate) fn read(self, text: &str) -> Result<Vec<u8>, TextError> {
        let text = intake::code(text);
        let (form, kind, version, encoded) = split(&text).ok_or(TextError::NotOurs)?;
        if kind != self {
            return Err(TextError::OtherKind);
        }
        match version.cmp(&VERSION) {
            std::cmp::Ordering::Less => return Err(TextError::Older),
            std::cmp::Ordering::Greater => return Err(TextError::Newer),
            std::cmp::Ordering::Equal => {}
        }
        if text.len() > MAX_TEXT {
            return Err(TextError::Damaged);
        }
        match form {
            // Version 0.1 wrote base64url here.
            Form::Code if encoded.contains(|c: char| c.is_ascii_lowercase() || c == '_') => {
                Err(TextError::Older)
            }
            Form::Code => {
                // The crate takes some groups that no encoder writes.
                let bytes = base45::decode(encoded).map_err(|_| TextError::Damaged)?;
                let canonical = base45::encode(&bytes) == encoded;
                if canonical { Ok(bytes) } else { Err(TextError::Damaged) }
            }
            Form::Text => URL_SAFE_NO_PAD.decode(encoded).map_err(|_| TextError::Damaged),
        }
    }
}

#[derive(Clone, Copy)]
enum Form {
    Code,
    Text,
}

/// `K`, the kind's letter, a version and a colon, all in one case; and the rest.
fn split(text: &str) -> Option<(Form, Kind, u32, &str)> {
    let (prefix, encoded) = text.split_once(':')?;
    let form = match prefix.chars().next()? {
        'K' => Form::Code,
        'k' => Form::Text,
        _ => return None,
    };
    let mut letters = prefix.chars();
    letters.next();
    let letter = match form {
        Form::Code => letters.next()?,
        Form::Text => letters.next().filter(char::is_ascii_lowercase)?.to_ascii_uppercase(),
    };
    let kind = [Kind::Pairing, Kind::Fingerprint].into_iter().find(|k| k.letter() == letter)?;
    let version = letters.as_str();
    let number = (1..=3).contains(&version.len()) && version.bytes().all(|b| b.is_ascii_digit());
    // As it is written: one text for each version.
    let canonical = version == "0" || !version.starts_with('0');
    if number && canonical { Some((form, kind, version.parse().ok()?, encoded)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_rfc_9285() {
        for (bytes, encoded) in [
            ("AB", "BB8"),
            ("Hello!!", "%69 VD92EX0"),
            ("base-45", "UJCLQE7W581"),
            ("ietf!", "QED8WEX0"),
        ] {
            let code = format!("KG1:{encoded}");
            assert_eq!(Kind::Pairing.to_code(bytes.as_bytes()), code);
            assert_eq!(Kind::Pairing.read(&code).unwrap(), bytes.as_bytes());
        }
    }

    /// Found by fuzzing: `KG01:` was read as `KG1:`.
    #[test]
    fn a_version_with_a_leading_zero_is_none() {
        for prefix in ["KG01", "KG001", "kg01", "KF01", "kf001", "KG00", "KG02"] {
            let text = format!("{prefix}:BB8");
            assert_eq!(Kind::Pairing.read(&text), Err(TextError::NotOurs), "{text}");
        }
        assert_eq!(Kind::Pairing.read("KG0:BB8"), Err(TextError::Older));
        assert_eq!(Kind::Pairing.read("KG10:BB8"), Err(TextError::Newer));
    }

    #[test]
    fn groups_that_no_encoder_writes_are_damaged() {
        // 65536, above 65536, above 255, a lone last character, a character outside.
        for encoded in ["GGW", ":::", "ZZ", "BB8B", "BB#", "::"] {
            let code = format!("KG1:{encoded}");
            assert_eq!(Kind::Pairing.read(&code), Err(TextError::Damaged), "{encoded}");
        }
        for encoded in ["AB", "A", "AA==", "A-_=", "AA AA", "\u{e9}"] {
            let text = format!("kg1:{encoded}");
            assert_eq!(Kind::Pairing.read(&text), Err(TextError::Damaged), "{encoded}");
        }
    }

    #[test]
    fn other_texts_are_told_apart() {
        for (text, error) in [
            ("", TextError::NotOurs),
            ("KG", TextError::NotOurs),
            ("KG1", TextError::NotOurs),
            ("KG:BB8", TextError::NotOurs),
            ("KG1234:BB8", TextError::NotOurs),
            ("KGx:BB8", TextError::NotOurs),
            ("Kg1:BB8", TextError::NotOurs),
            ("kG1:BB8", TextError::NotOurs),
            ("https://example.org", TextError::NotOurs),
            ("KF1:BB8", TextError::OtherKind),
            ("kf2:QUI", TextError::OtherKind),
            ("KG0:BB8", TextError::Older),
            ("kg0:QUI", TextError::Older),
            ("KG1:AQABABJjud", TextError::Older),
            ("KG1:AQ_A", TextError::Older),
            ("KG2:BB8", TextError::Newer),
            ("kg22:QUI", TextError::Newer),
        ] {
            assert_eq!(Kind::Pairing.read(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn what_programs_put_around_a_text_does_not_harm_it() {
        for text in ["\u{feff}kg1:QUJD", " kg1:QUJD\r\n", "kg1:QU\r\nJD", "\n\u{feff}kg1:\nQUJD "] {
            assert_eq!(Kind::Pairing.read(text).unwrap(), b"ABC", "{text:?}");
        }
        // A space within is a character of base45.
        let code = Kind::Pairing.to_code(b"Hello!!");
        assert!(code.contains(' '));
        assert_eq!(Kind::Pairing.read(&format!("\u{feff} {code} \n")).unwrap(), b"Hello!!");
    }
}
