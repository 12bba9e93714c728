//! Damaged and foreign texts: refused for the right reason, and nothing moves.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keyglance_core::pairing::{
    Diagnostic, DisplayName, Event, Frame, FrameError, NameError, Session,
};
use rand_chacha::ChaCha20Rng;

use keyglance_core::test_util::{STEPS, at, body, forged, pair_at};

/// All texts of one pairing.
pub fn texts() -> Vec<String> {
    let mut texts = Vec::new();
    for step in 0..STEPS {
        let (i, r) = pair_at(step);
        texts.extend([i.text().unwrap().to_owned(), r.text().unwrap().to_owned()]);
    }
    texts.sort();
    texts.dedup();
    // HELLO twice, messages 1 to 3, CONFIRM and DONE.
    assert_eq!(texts.len(), 7);
    texts
}

fn refuses(session: &mut Session<ChaCha20Rng>, text: &str, error: FrameError) {
    let before = (session.text().map(str::to_owned), session.phase());
    let events = session.handle(at(0.2), text);
    assert!(
        matches!(events[..], [Event::Diagnostic(Diagnostic::Unusable(e))] if e == error),
        "{text}: {events:?}, not {error:?}"
    );
    assert_eq!((session.text().map(str::to_owned), session.phase()), before);
}

#[test]
fn every_bit_flip_and_truncation_of_every_frame_in_every_phase() {
    let texts = texts();
    for step in 0..=STEPS {
        let (mut i, mut r) = pair_at(step);
        for text in &texts {
            let bytes = Frame::from_text(text).unwrap().to_bytes();
            let damaged = |bytes: &[u8]| format!("kg1:{}", URL_SAFE_NO_PAD.encode(bytes));
            for bit in 0..bytes.len() * 8 {
                let mut flipped = bytes.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                refuses(&mut i, &damaged(&flipped), FrameError::Damaged);
                refuses(&mut r, &damaged(&flipped), FrameError::Damaged);
            }
            for length in 0..bytes.len() {
                refuses(&mut i, &damaged(&bytes[..length]), FrameError::Damaged);
                refuses(&mut r, &damaged(&bytes[..length]), FrameError::Damaged);
            }
        }
        // Nothing was lost: the pairing goes on to its end.
        for n in step..STEPS {
            let (from, to) = if n % 2 == 0 { (&r, &mut i) } else { (&i, &mut r) };
            let text = from.text().unwrap().to_owned();
            to.handle(at(0.3), &text);
        }
        let (a, b) = (i.pairing().unwrap(), r.pairing().unwrap());
        assert!(a.is_acknowledged() && b.is_acknowledged());
        assert_eq!(a.exporter().unwrap().secret_bytes(), b.exporter().unwrap().secret_bytes());
    }
}

#[test]
fn every_flip_and_cut_of_the_text_itself_is_refused() {
    let codes = texts().into_iter().map(|text| Frame::from_text(&text).unwrap().to_code());
    for text in texts().into_iter().chain(codes) {
        for bit in 0..text.len() * 7 {
            let mut flipped = text.clone().into_bytes();
            flipped[bit / 7] ^= 1 << (bit % 7);
            let flipped = String::from_utf8(flipped).unwrap();
            // A flip may make a letter of a line break, which is not read at all.
            let Err(error) = Frame::from_text(&flipped) else { panic!("{flipped}") };
            if bit / 7 >= 4 {
                // A lower-case letter in a code is how version 0.1 wrote it.
                let older = flipped.starts_with("KG") && error == FrameError::Older;
                assert!(older || error == FrameError::Damaged, "{flipped}: {error:?}");
            }
        }
        for length in 0..text.len() {
            let error = Frame::from_text(&text[..length]).unwrap_err();
            let expected = if length < 4 { FrameError::NotOurs } else { FrameError::Damaged };
            assert_eq!(error, expected, "{length}");
        }
        assert!(Frame::from_text(&format!("{text}A")).is_err());
    }
}

#[test]
fn each_kind_of_foreign_text_is_told_apart() {
    let hello = texts().into_iter().find(|text| body(text)[1] == 0).unwrap();
    let with = |at: usize, byte: u8| {
        let mut body = body(&hello);
        body[at] = byte;
        forged(&body)
    };
    let long = format!("kg1:{}", "A".repeat(2045));
    let long_code = format!("KG1:{}", "0".repeat(2045));
    for (text, error) in [
        ("", FrameError::NotOurs),
        ("https://example.org", FrameError::NotOurs),
        ("Kg1:AAAA", FrameError::NotOurs),
        ("KG1", FrameError::NotOurs),
        ("KG:AAAA", FrameError::NotOurs),
        ("KG12345:AAAA", FrameError::NotOurs),
        ("KF1:AAAA", FrameError::FingerprintCode),
        ("KG2:AAAA", FrameError::Newer),
        ("KG0:AAAA", FrameError::Older),
        ("KG1:", FrameError::Damaged),
        ("kf1:AAAA", FrameError::FingerprintCode),
        ("KG1:AQABABJjud-HpEzC", FrameError::Older),
        ("kg1:", FrameError::Damaged),
        ("kg1:AA AA", FrameError::Damaged),
        ("kg1:AA+/", FrameError::Damaged),
        ("kg1:AA==", FrameError::Damaged),
        ("kg1:AB", FrameError::Damaged),
        ("KG1:GGW", FrameError::Damaged),
        ("KG1:ZZ", FrameError::Damaged),
        ("KG1:BB8B", FrameError::Damaged),
        (&long, FrameError::Damaged),
        (&long_code, FrameError::Damaged),
        (&with(0, 0), FrameError::Older),
        (&with(0, 2), FrameError::Newer),
        (&with(1, 0x40), FrameError::Newer),
        (&with(1, 0x06), FrameError::Newer),
        (&with(3, 1), FrameError::Flags),
        (&with(3, 0x80), FrameError::Flags),
        (&forged(&[body(&hello), vec![0]].concat()), FrameError::Damaged),
        (&forged(&body(&hello)[..35]), FrameError::Damaged),
    ] {
        assert_eq!(Frame::from_text(text), Err(error), "{text}");
        let (mut i, _) = pair_at(0);
        refuses(&mut i, text, error);
    }
}

#[test]
fn a_later_suite_is_newer_and_two_suites_at_once_are_damage() {
    for text in texts().into_iter().filter(|text| body(text)[1] != 0) {
        for (suite, error) in [
            (2, FrameError::Newer),
            (4, FrameError::Newer),
            (3, FrameError::Damaged),
            (0, FrameError::Damaged),
        ] {
            let mut body = body(&text);
            body[2] = suite;
            assert_eq!(Frame::from_text(&forged(&body)), Err(error));
        }
    }
}

#[test]
fn names_are_shown_as_they_are_or_not_at_all() {
    let too_long = "x".repeat(64);
    for (name, error) in [
        ("a\u{7}b", NameError::Hidden('\u{7}')),
        ("a\nb", NameError::Hidden('\n')),
        ("\u{202e}evil", NameError::Hidden('\u{202e}')),
        ("a\u{2066}b", NameError::Hidden('\u{2066}')),
        ("a\u{200f}", NameError::Hidden('\u{200f}')),
        ("\u{85}", NameError::Hidden('\u{85}')),
        ("Bob\u{200b}", NameError::Hidden('\u{200b}')),
        ("Bob\u{3164}", NameError::Hidden('\u{3164}')),
        ("Bob\u{2800}", NameError::Hidden('\u{2800}')),
        ("Bob\u{e0041}", NameError::Hidden('\u{e0041}')),
        ("Bob\u{e000}", NameError::Hidden('\u{e000}')),
        ("Bob\u{378}", NameError::Hidden('\u{378}')),
        ("👩\u{200d}💻", NameError::Hidden('\u{200d}')),
        (" \u{a0}", NameError::Blank),
        (&too_long, NameError::TooLong),
    ] {
        assert_eq!(DisplayName::new(name), Err(error), "{name:?}");
        // The wire is no way around.
        let length = if name.len() < 32 { 32 } else { 64 };
        let mut payload = vec![u8::try_from(name.len()).unwrap()];
        payload.extend(name.as_bytes());
        payload.resize(length.max(payload.len()), 0);
        assert!(DisplayName::from_payload(&payload).is_err(), "{name:?}");
        assert!(DisplayName::new(DisplayName::lossy(name).as_str()).is_ok());
    }
    // What cannot be seen is named, so that it can be looked for.
    let told = DisplayName::new("Bob\u{200b}").unwrap_err().to_string();
    assert!(told.ends_with("(U+200B)"), "{told}");
}

#[test]
fn names_travel_in_two_lengths_and_one_spelling() {
    for (name, length) in [
        ("", 32),
        ("Ana’s laptop", 32),
        ("ラップトップ", 32),
        ("🦊", 32),
        ("abcdefghijklmnopqrstuvwxyz12345", 32),
        ("abcdefghijklmnopqrstuvwxyz123456", 64),
        ("Ноутбук Анастасии Вадимовны Я.", 64),
    ] {
        let name = DisplayName::new(name).unwrap();
        let payload = name.to_payload();
        assert_eq!(payload.len(), length);
        assert_eq!(DisplayName::from_payload(&payload).unwrap(), name);
    }
    let longest = DisplayName::new(&"x".repeat(63)).unwrap();
    assert_eq!(DisplayName::from_payload(&longest.to_payload()).unwrap(), longest);

    // Typed in either spelling it is one name; on the wire only NFC is.
    assert_eq!(DisplayName::new("Rene\u{301}"), DisplayName::new("René"));
    let mut decomposed = vec![6];
    decomposed.extend("Rene\u{301}".as_bytes());
    decomposed.resize(32, 0);
    assert_eq!(DisplayName::from_payload(&decomposed), Err(NameError::NotComposed));

    let good = DisplayName::new("Bob").unwrap().to_payload();
    let mut padded = good.clone();
    padded[31] = 1;
    let mut past_the_end = good.clone();
    past_the_end[0] = 32;
    let mut cut = DisplayName::new("é").unwrap().to_payload();
    cut[0] = 1;
    cut[2] = 0;
    // A short name in the long payload would be a second spelling of it.
    let mut widened = good.clone();
    widened.resize(64, 0);
    let long = DisplayName::new(&"x".repeat(40)).unwrap().to_payload();
    let mut long_padded = long.clone();
    long_padded[63] = 1;
    let mut beyond = long.clone();
    beyond[0] = 64;
    for payload in [
        &padded[..],
        &past_the_end,
        &cut,
        &widened,
        &long_padded,
        &beyond,
        &long[..63],
        &good[..31],
        &[],
    ] {
        assert_eq!(DisplayName::from_payload(payload), Err(NameError::Encoding), "{payload:?}");
    }
}
