//! Damaged and foreign texts: refused for the right reason, and nothing moves.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keyglance_core::pairing::{
    Diagnostic, DisplayName, Event, Frame, FrameError, NameError, ResetReason, Session, Suites,
};
use rand_chacha::ChaCha20Rng;

use keyglance_core::test_util::{
    BOTH_KINDS, STEPS, at, body, device_of, forged, initiator_first, pair_at,
};

/// All texts of one pairing.
pub fn texts(suites: Suites) -> Vec<String> {
    let mut texts = Vec::new();
    for step in 0..STEPS {
        let (i, r) = pair_at(suites, step);
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

/// The same in parts, each of which fits into a code of version 5.
fn parts(suites: Suites) -> Vec<String> {
    let frames = texts(suites).into_iter().map(|text| Frame::from_text(&text).unwrap());
    frames.flat_map(|frame| frame.to_codes(122)).filter(|code| code.starts_with("KG1:57")).collect()
}

/// One session in suite 1, where every damage meets every state; in suite 2 the frames are
/// as long as thirty of those, and each damage meets one state.
#[test]
fn every_bit_flip_and_truncation_of_every_frame_in_every_phase() {
    for suites in BOTH_KINDS {
        let texts: Vec<_> = texts(suites).into_iter().chain(parts(suites)).collect();
        assert!(texts.len() > 12, "{}", texts.len());
        for step in 0..=STEPS {
            let (mut i, mut r) = pair_at(suites, step);
            for text in &texts {
                let bytes = Frame::from_text(text).unwrap().to_bytes();
                let damaged = |bytes: &[u8]| format!("kg1:{}", URL_SAFE_NO_PAD.encode(bytes));
                let meets = |n: usize| suites == Suites::XX || n % (STEPS + 1) == step;
                for bit in (0..bytes.len() * 8).filter(|bit| meets(*bit)) {
                    let mut flipped = bytes.clone();
                    flipped[bit / 8] ^= 1 << (bit % 8);
                    refuses(&mut i, &damaged(&flipped), FrameError::Damaged);
                    refuses(&mut r, &damaged(&flipped), FrameError::Damaged);
                }
                for length in (0..bytes.len()).filter(|length| meets(*length)) {
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
}

/// The body of a FRAG, with one thing changed and a right checksum.
fn fragment(change: impl Fn(&mut Vec<u8>)) -> String {
    let mut body = body(parts(Suites::XX).first().unwrap());
    change(&mut body);
    forged(&body)
}

#[test]
fn a_fragment_that_breaks_the_rules_is_damaged() {
    // Byte 7 is the count; what follows it is the chunk.
    for (fragment, fine) in [
        (fragment(|_| {}), true),
        (fragment(|body| body[7] = 0), false),
        (fragment(|body| body[7] = 1), false),
        (fragment(|body| body[7] = 32), true),
        (fragment(|body| body[7] = 33), false),
        (fragment(|body| body[7] = 255), false),
        (fragment(|body| body.truncate(8)), false),
        (fragment(|body| body.truncate(9)), true),
        (fragment(|body| body.truncate(7)), false),
        // Room for later versions.
        (fragment(|body| body[6] = 200), true),
    ] {
        let read = Frame::from_text(&fragment).map(|_| ());
        assert_eq!(read, if fine { Ok(()) } else { Err(FrameError::Damaged) }, "{fragment}");
    }
    // A FRAG in FRAGs: not whole frames all the way down.
    let inner = Frame::from_text(parts(Suites::XX).first().unwrap()).unwrap();
    let (mut i, mut r) = pair_at(Suites::XX, 0);
    let outer = inner.to_codes(0);
    let (last, before) = outer.split_last().unwrap();
    for session in [&mut i, &mut r] {
        for code in before {
            session.handle(at(0.2), code);
        }
        refuses(session, last, FrameError::Damaged);
    }
}

/// Reads everything that the other one shows, in parts of the smallest codes: in order,
/// backwards, doubled, with some lost and shown again, and with a stranger's between.
#[test]
fn every_order_of_the_parts_leads_to_the_same_key() {
    type Order = fn(&[String], &[String]) -> Vec<String>;
    let orders: [Order; 5] = [
        |ours, _| ours.to_vec(),
        |ours, _| ours.iter().rev().cloned().collect(),
        |ours, _| ours.iter().flat_map(|code| [code.clone(), code.clone()]).collect(),
        |ours, _| ours.iter().step_by(2).chain(ours).cloned().collect(),
        |ours, strange| {
            ours.iter().zip(strange.iter().cycle()).flat_map(|(a, b)| [a, b]).cloned().collect()
        },
    ];
    for suites in BOTH_KINDS {
        let strange = parts(suites);
        for order in orders {
            let (mut i, mut r) = initiator_first(device_of(suites, 5), device_of(suites, 6));
            let mut counted = false;
            for n in 0..STEPS {
                let (from, to) = if n % 2 == 0 { (&r, &mut i) } else { (&i, &mut r) };
                for code in order(&from.codes(0), &strange) {
                    let events = to.handle(at(0.3), &code);
                    counted |= events.iter().any(|e| matches!(e, Event::Part { have: 2, .. }));
                }
            }
            assert!(counted);
            let (a, b) = (i.pairing().unwrap(), r.pairing().unwrap());
            assert_eq!(a.exporter().unwrap().secret_bytes(), b.exporter().unwrap().secret_bytes());
        }
    }
}

#[test]
fn parts_of_our_own_code_are_told_and_those_read_before_are_nothing_new() {
    let (mut i, mut r) = pair_at(Suites::OFFERED, 2);
    let [message1, message2] = [&i, &r].map(|session| session.codes(0));
    for (session, own) in [(&mut i, &message1), (&mut r, &message2)] {
        let events = session.handle(at(0.2), &own[0]);
        assert!(matches!(events[..], [Event::Diagnostic(Diagnostic::OwnCode)]), "{events:?}");
    }
    // Nor is what we showed before anybody else's.
    let (mut later, _) = pair_at(Suites::OFFERED, 3);
    let events = later.handle(at(0.2), &message1[0]);
    assert!(matches!(events[..], [Event::Diagnostic(Diagnostic::OwnCode)]), "{events:?}");
    // The responder has read message 1: its parts are not counted from the start again.
    for code in &message1 {
        assert!(r.handle(at(0.2), code).is_empty());
    }
    // The initiator has not read message 2.
    assert!(matches!(i.handle(at(0.2), &message2[3])[..], [Event::Part { have: 1, .. }]));
}

#[test]
fn a_change_of_state_begins_every_message_anew() {
    let (i, mut r) = pair_at(Suites::XX, 1);
    let strange = parts(Suites::OFFERED);
    assert!(matches!(r.handle(at(0.2), &strange[0])[..], [Event::Part { have: 1, .. }]));
    let message1 = i.text().unwrap().to_owned();
    r.handle(at(0.2), &message1);
    assert!(matches!(r.handle(at(0.2), &strange[1])[..], [Event::Part { have: 1, .. }]));
}

#[test]
fn a_part_is_progress_for_the_hint_and_not_for_the_stall() {
    let (mut i, r) = pair_at(Suites::OFFERED, 2);
    let codes = r.codes(0);
    // A new part every nine seconds, and never the last.
    for (n, code) in codes.iter().take(6).enumerate() {
        let events = i.handle(at(0.1 + 9.0 * (n + 1) as f64), code);
        assert!(matches!(events[..], [Event::Part { .. }]), "{events:?}");
    }
    let events = i.tick(at(60.2));
    assert!(
        matches!(events[..], [Event::Reset(ResetReason::Stalled), Event::ShowCode]),
        "{events:?}"
    );
}

#[test]
fn every_flip_and_cut_of_the_text_itself_is_refused() {
    let codes =
        texts(Suites::XX).into_iter().map(|text| Frame::from_text(&text).unwrap().to_code());
    for text in texts(Suites::XX).into_iter().chain(parts(Suites::XX)).chain(codes) {
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
    let hello = texts(Suites::OFFERED).into_iter().find(|text| body(text)[1] == 0).unwrap();
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
        (&with(1, 0x41), FrameError::Newer),
        (&with(1, 0x06), FrameError::Newer),
        (&with(3, 1), FrameError::Flags),
        (&with(3, 0x80), FrameError::Flags),
        (&forged(&[body(&hello), vec![0]].concat()), FrameError::Damaged),
        (&forged(&body(&hello)[..35]), FrameError::Damaged),
    ] {
        assert_eq!(Frame::from_text(text), Err(error), "{text}");
        let (mut i, _) = pair_at(Suites::OFFERED, 0);
        refuses(&mut i, text, error);
    }
}

#[test]
fn a_later_suite_is_newer_and_two_suites_at_once_are_damage() {
    for text in texts(Suites::OFFERED).into_iter().filter(|text| body(text)[1] != 0) {
        for (suite, error) in [
            (4, FrameError::Newer),
            (128, FrameError::Newer),
            (3, FrameError::Damaged),
            (0, FrameError::Damaged),
        ] {
            let mut body = body(&text);
            body[2] = suite;
            assert_eq!(Frame::from_text(&forged(&body)), Err(error));
        }
    }
}

/// Each message has the lengths of its suite and no others.
#[test]
fn a_message_of_the_other_suite_s_length_is_damaged() {
    for suites in BOTH_KINDS {
        for text in texts(suites).into_iter().filter(|text| matches!(body(text)[1], 1 | 2)) {
            let mut body = body(&text);
            body[2] ^= 3;
            assert_eq!(Frame::from_text(&forged(&body)), Err(FrameError::Damaged));
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
