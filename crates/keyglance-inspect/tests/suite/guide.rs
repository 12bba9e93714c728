//! What is told of apps has a source.

use keyglance_inspect::guide::{Fact, Openness, Source, State, guide};
use keyglance_inspect::jiff::civil::date;
use keyglance_inspect::{inspect, kinds};

use crate::samples::now;

#[test]
fn every_statement_has_a_source_and_every_place_exists() {
    assert!(guide().apps.len() >= 30);
    let mut count = 0;
    for app in &guide().apps {
        let name = &app.name;
        let e2ee = &app.e2ee;
        let facts: [&Option<Fact>; 6] =
            [&e2ee.messages, &e2ee.groups, &e2ee.calls, &e2ee.backups, &e2ee.files, &e2ee.links];
        let facts: Vec<&Fact> = facts.into_iter().flatten().collect();
        for fact in &facts {
            assert_eq!(fact.value == State::Unknown, fact.sources.is_empty(), "{name}: {fact:?}");
        }
        let open = &app.client_open_source;
        assert!(open.value == Openness::Unknown || !open.sources.is_empty(), "{name}");
        let verify = &app.verify;
        assert!(verify.path.is_empty() || !verify.sources.is_empty(), "{name}");
        assert!(verify.path.is_empty() || !verify.compare.is_empty(), "{name}");
        let named = facts.iter().flat_map(|fact| &fact.sources);
        let notes = app.notes.iter().flat_map(|note| &note.sources);
        for place in named.chain(notes).chain(&verify.sources).chain(&open.sources) {
            assert!(*place < app.sources.len(), "{name}: {place}");
        }
        for source in &app.sources {
            assert!(source.url.starts_with("https://"), "{name}: {}", source.url);
            assert!(!source.is_old(guide().checked), "{name}: {}", source.title);
        }
        count += app.sources.len();
    }
    assert!(count >= 60, "{count}");
}

#[test]
fn every_code_is_a_kind_of_one_app() {
    let codes: Vec<&String> = guide().apps.iter().flat_map(|app| &app.codes).collect();
    for code in &codes {
        assert!(kinds().any(|kind| kind.id == **code), "{code}");
        assert_eq!(codes.iter().filter(|other| other == &code).count(), 1, "{code}");
    }
}

#[test]
fn apps_are_found_by_id_and_name() {
    for name in ["signal", "Signal", " SIGNAL ", "Element (Matrix)", "element"] {
        assert!(guide().find(name).is_some(), "{name}");
    }
    assert!(guide().find("sig").is_none());
    assert!(guide().search("sIg").any(|app| app.id == "signal"));
}

#[test]
fn a_source_is_old_after_two_years() {
    let source: &Source = &guide().apps[0].sources[0];
    assert!(!source.is_old(date(2028, 11, 30)));
    assert!(source.is_old(date(2028, 12, 1)));
}

/// A verdict says how to check, or that it is not known.
#[test]
fn verdicts_name_the_path() {
    let signal = inspect(
        b"sgnl://rereg?uuid=x&pub_key=Be14TG0VMtmqn7%2BvknYHKN5LiNIEm2L0PNFqQtt0%2F284",
        now(),
    );
    let path =
        "In Signal: Chat › contact's name › View safety number. Read the digits to each other";
    assert!(signal.unproved.contains(path), "{}", signal.unproved);
    let telegram = inspect(b"tg://login?token=Y3JtzZwErOBf2vbaNbJiGAoG8hAHR97ZvB8Fmz-c8Vs", now());
    let unknown = "Where Telegram shows a number to compare is not known to us.";
    assert!(telegram.unproved.ends_with(unknown), "{}", telegram.unproved);
    let wifi = inspect(b"WIFI:S:Guest;;", now());
    assert!(!wifi.unproved.contains("number to compare"), "{}", wifi.unproved);
}
