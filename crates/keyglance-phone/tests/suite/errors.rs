use std::collections::BTreeSet;

use keyglance_core::test_util::seeded;
use serde_json::json as value;

use super::{Page, UNIX, code, json};

#[test]
fn a_name_must_be_one_and_is_told_as_it_is_kept() {
    let mut page = Page::default();
    let mut begin = |name: &[u8]| page.begin(name, 0.0, 0, seeded(1));
    assert_eq!(code(begin(&[b'x'; 64])), -3);
    assert_eq!(code(begin("a\u{202e}b".as_bytes())), -3);
    assert_eq!(code(begin(b"\xff")), -1);
    for (typed, kept) in [("  Ana ", "Ana"), ("", ""), (" ", ""), ("Zoe\u{308}", "Zo\u{eb}")] {
        assert_eq!(json(&begin(typed.as_bytes()).unwrap()), value!({ "name": kept }));
    }
}

#[test]
fn what_the_page_asks_wrongly_is_an_error_and_changes_nothing() {
    let mut page = Page::default();
    assert_eq!(code(page.begin(b"Ana", 0.0, 2, seeded(1))), -1);
    for now in [-1.0, f64::NAN, f64::INFINITY, 1e300] {
        assert_eq!(code(page.begin(b"Ana", now, 0, seeded(1))), -1);
        assert_eq!(code(page.tick(now)), -1);
        assert_eq!(code(page.sighted(b"x", now)), -1);
        assert_eq!(code(page.restart(now)), -1);
        assert_eq!(code(page.code(now)), -1);
    }
    assert_eq!(page.next_deadline(), -1.0);
    // Without a session, and without a key.
    let missing = [
        page.tick(0.0),
        page.sighted(b"x", 0.0),
        page.restart(0.0),
        page.cancel(),
        page.acknowledge(),
        page.compare(b"123456", UNIX),
        page.summary(UNIX),
        page.card(),
        page.export(b"age", UNIX),
        page.key_json(),
        page.key_file(b"x", 8),
        page.seal(b"", &b""[..], Vec::new()),
        page.open(b"", &b""[..], Vec::new()),
    ];
    for result in missing {
        assert_eq!(code(result), -2);
    }
    page.begin(b"Ana", 0.0, 0, seeded(1)).unwrap();
    assert_eq!(code(page.compare(b"\xff", UNIX)), -1);
    assert_eq!(code(page.summary(UNIX)), -2);
}

#[test]
fn hostile_codes_move_nothing() {
    let mut page = super::page("Ana", 0, 3);
    let own = page.text();
    for sight in [&b""[..], b"KG1:", b"hello", &[0xff; 4000], &own, &[b'K'; 100_000]] {
        let events = json(&page.sighted(sight, 10.0).unwrap());
        let what = events[0]["what"].as_str().unwrap();
        assert!(["unusable", "own-code"].contains(&what), "{events}");
    }
    assert_eq!(page.text(), own);
}

/// The numbers of the contract, each with one name.
#[test]
fn every_error_has_its_number_and_name() {
    use keyglance_core::keyfile::{KeyFileError, PassphraseError};
    use keyglance_core::pairing::{NameError, NotAcknowledged};
    use keyglance_phone::Error;
    let all = [
        Error::Input("x"),
        Error::State("x"),
        Error::Name(NameError::Blank),
        Error::NoSuchOption { target: "age", option: "x".to_owned() },
        Error::NotAcknowledged(NotAcknowledged),
        Error::PassphraseNeeded,
        Error::KeyFile(KeyFileError::Damaged),
        Error::from(PassphraseError::TooCostly(30)),
        Error::Read,
        Error::Write,
        Error::TooLong(keyglance_qr::EncodeError::Empty),
        Error::NotPostQuantum(keyglance_core::exports::ExportError::NotPostQuantum {
            target: "age-pq",
        }),
        Error::Retired,
        Error::SharedNotCompared("Bo".to_owned()),
    ];
    let numbers: Vec<i32> = all.iter().map(Error::code).collect();
    assert_eq!(numbers, (1..=14).map(|number| -number).collect::<Vec<_>>());
    let names: BTreeSet<_> = all.iter().map(Error::name).collect();
    assert_eq!(names.len(), 14);
}
