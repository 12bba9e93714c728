use serde_json::{Value, json as value};

use super::{Page, UNIX, code, compared, digits, json, names, page, paired, seen};

#[test]
fn two_pages_pair_with_both_suites_and_hold_the_same_key() {
    for (suites, suite) in [(0, 2), (1, 1)] {
        let (mut pages, told) = paired(suites, 7);
        let summaries = [0, 1].map(|me| json(&pages[me].summary(UNIX).unwrap()));
        let [ana, bo] = &summaries;
        assert_eq!(ana["key_id"], bo["key_id"]);
        assert_eq!(ana["safety_number"], bo["safety_number"]);
        assert_eq!((&ana["peer"], &bo["peer"]), (&value!("Bo"), &value!("Ana's phone")));
        assert_ne!((&ana["role"], &ana["check_code"]), (&bo["role"], &bo["check_code"]));
        for (summary, told) in summaries.iter().zip(&told) {
            assert_eq!(summary["suite"], suite);
            assert_eq!(summary["post_quantum"], suite == 2);
            assert_eq!(summary["acknowledged"], true);
            assert_eq!(summary["compared"], false);
            assert_eq!(summary["entries_left"], 2);
            let shown = told.iter().find(|event| event["event"] == "check-code").unwrap();
            let digits = summary["check_code"].as_str().unwrap().replace(' ', "");
            assert_eq!(shown["digits"], digits);
            let roles: Vec<_> = told.iter().filter(|event| event["event"] == "locked").collect();
            assert_eq!(roles, [&value!({ "event": "locked", "role": summary["role"] })]);
        }
    }
}

#[test]
fn a_large_message_is_shown_in_parts_and_the_other_page_counts_them() {
    let (_, told) = paired(0, 11);
    let parts: Vec<_> = told.iter().flatten().filter(|event| event["event"] == "part").collect();
    assert!(parts.iter().any(|part| part["have"] == 1 && part["count"].as_u64() > Some(2)));
    let (_, told) = paired(1, 11);
    assert!(told.iter().flatten().all(|event| event["event"] != "part"));
}

#[test]
fn nothing_that_is_told_has_the_key_or_the_other_screens_digits() {
    let (mut pages, told) = paired(0, 13);
    let shown = [0, 1].map(|me| digits(&mut pages[me]));
    for me in [0, 1] {
        let key: Value = serde_json::from_slice(&pages[me].key_json().unwrap()).unwrap();
        let secret = key["exporter"].as_str().unwrap();
        let mut texts = vec![format!("{:?} {:?}", told[me], pages[me])];
        for output in [
            pages[me].summary(UNIX).unwrap(),
            pages[me].targets().unwrap(),
            pages[me].card().unwrap(),
            pages[me].text(),
        ] {
            texts.push(String::from_utf8(output.to_vec()).unwrap());
        }
        pages[me].export(b"raw", UNIX).unwrap();
        texts.push(String::from_utf8(pages[me].export_details().unwrap().to_vec()).unwrap());
        let theirs = &shown[1 - me];
        for text in texts {
            for secret in [secret, theirs, &theirs.replace(' ', "")] {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
        }
    }
}

#[test]
fn the_text_for_a_messenger_pairs_too() {
    let mut pages = [page("Ana", 0, 1), page("Bo", 0, 2)];
    let mut finished = [false; 2];
    for round in 1..50 {
        for me in [0, 1] {
            let text = pages[1 - me].text();
            let events = json(&pages[me].sighted(&text, f64::from(round) * 1e3).unwrap());
            finished[me] |= names(&events).contains(&"finished");
        }
    }
    assert_eq!(finished, [true; 2]);
}

#[test]
fn digits_are_compared_by_the_programs_rules() {
    let (mut pages, _) = paired(0, 17);
    let theirs = digits(&mut pages[1]);
    let own = digits(&mut pages[0]);
    let ana = &mut pages[0];
    let mut enter = |typed: &str| {
        let answer = json(&ana.compare(typed.as_bytes(), UNIX).unwrap());
        (answer["result"].as_str().unwrap().to_owned(), answer["left"].as_u64().unwrap())
    };
    let wrong = if theirs == "111 111" || own == "111 111" { "222222" } else { "111111" };
    assert_eq!(enter("12345"), ("not-six-digits".to_owned(), 2));
    assert_eq!(enter(&own), ("own-digits".to_owned(), 2));
    assert_eq!(enter(wrong), ("wrong".to_owned(), 1));
    assert_eq!(enter(&theirs), ("match".to_owned(), 1));
    let summary = json(&ana.summary(UNIX).unwrap());
    assert_eq!((&summary["compared"], &summary["check_code"]), (&value!(true), &Value::Null));
    let key: Value = serde_json::from_slice(&ana.key_json().unwrap()).unwrap();
    let verified = value!({ "method": "check-code", "at": "2026-11-27T01:00:00Z" });
    assert_eq!(key["verified"], verified);
    // There is nothing left to guess at.
    assert_eq!(code(ana.compare(b"111111", UNIX)), -2);
}

#[test]
fn two_wrong_entries_wipe_the_key_and_the_session() {
    let (mut pages, _) = paired(0, 19);
    let (own, theirs) = (digits(&mut pages[0]), digits(&mut pages[1]));
    let wrong = ["111111", "222222", "333333", "444444"]
        .into_iter()
        .filter(|wrong| ![&own, &theirs].iter().any(|digits| digits.replace(' ', "") == *wrong));
    let ana = &mut pages[0];
    let results: Vec<_> = wrong
        .take(2)
        .map(|wrong| json(&ana.compare(wrong.as_bytes(), UNIX).unwrap())["result"].clone())
        .collect();
    assert_eq!(results, ["wrong", "mismatch"]);
    assert_retired(ana);
    // Nothing helps, not even the right digits.
    assert_eq!(code(ana.compare(theirs.as_bytes(), UNIX)), -13);
    ana.begin(b"Ana", 0.0, 0, keyglance_core::test_util::seeded(3)).unwrap();
    assert!(!ana.code(0.0).unwrap().is_empty());
    assert_eq!(code(ana.summary(UNIX)), -2);
}

#[test]
fn a_person_who_says_that_the_digits_differ_ends_it() {
    for was_compared in [false, true] {
        let [mut ana, _] = if was_compared { compared(0, 23) } else { paired(0, 23).0 };
        let events = json(&ana.differ().unwrap());
        assert_eq!(names(&events), ["failed"]);
        assert_eq!(events[0]["reason"], "check-code-differs");
        assert_retired(&mut ana);
        assert_eq!(code(ana.differ()), -13);
    }
    assert_eq!(code(Page::default().differ()), -2);
}

fn assert_retired(page: &mut Page) {
    assert!(page.code(1e6).unwrap().is_empty() && page.text().is_empty());
    assert_eq!(code(page.export(b"age", UNIX)), -13);
    assert_eq!(code(page.summary(UNIX)), -13);
    assert_eq!(code(page.card()), -13);
    assert_eq!(code(page.targets()), -13);
    assert_eq!(code(page.key_json()), -13);
    assert_eq!(code(page.key_file(b"a passphrase", 10)), -13);
    assert_eq!(code(page.acknowledge()), -13);
    assert_eq!(code(page.seal(b"", &b"x"[..], Vec::new())), -13);
    assert_eq!(code(page.open(b"", &b"x"[..], Vec::new())), -13);
}

/// A responder that never saw DONE, and its peer.
fn unacknowledged() -> Page {
    // Who answers is decided by the commitments: one of few seeds has it so.
    for seed in 0..16 {
        let mut pages = [page("Ana", 0, 100 + seed), page("Bo", 0, 200 + seed)];
        for round in 1..200 {
            let now = f64::from(round) * 100.0;
            for me in [0, 1] {
                let sight = seen(&mut pages[1 - me], now);
                let events = json(&pages[me].sighted(&sight, now).unwrap());
                if names(&events).contains(&"paired") {
                    let [ana, bo] = pages;
                    return if me == 0 { ana } else { bo };
                }
            }
        }
    }
    panic!("nobody answered");
}

#[test]
fn a_key_that_only_this_page_may_hold_is_locked() {
    let mut page = unacknowledged();
    let summary = json(&page.summary(UNIX).unwrap());
    assert_eq!((&summary["acknowledged"], &summary["check_code"]), (&value!(false), &Value::Null));
    assert_eq!(code(page.export(b"age", UNIX)), -5);
    assert_eq!(code(page.seal(b"", &b"x"[..], Vec::new())), -5);
    assert_eq!(code(page.compare(b"123456", UNIX)), -5);
    let targets = json(&page.targets().unwrap());
    assert!(targets.as_array().unwrap().iter().all(|target| !target["refused"].is_null()));
    // It can be kept, and says of itself that it is locked.
    let key: Value = serde_json::from_slice(&page.key_json().unwrap()).unwrap();
    assert_eq!(key["acknowledged"], false);

    // A person says that the other device shows Paired.
    assert_eq!(names(&json(&page.acknowledge().unwrap())), ["finished"]);
    assert!(page.export(b"age", UNIX).is_ok());
    assert_eq!(json(&page.summary(UNIX).unwrap())["entries_left"], 2);
}

#[test]
fn a_locked_key_outlives_its_session_and_is_not_compared_any_more() {
    for restart in [false, true] {
        let mut page = unacknowledged();
        let id = json(&page.summary(UNIX).unwrap())["key_id"].clone();
        let events = if restart { page.restart(6e4) } else { page.cancel() };
        assert_eq!(names(&json(&events.unwrap()))[0], "unacknowledged");
        assert_eq!(json(&page.summary(UNIX).unwrap())["key_id"], id);
        assert_eq!(code(page.export(b"age", UNIX)), -5);
        assert_eq!(names(&json(&page.acknowledge().unwrap())), ["finished"]);
        assert!(page.export(b"age", UNIX).is_ok());
        // A key that was left is a guess that was spent.
        assert_eq!(code(page.compare(b"123456", UNIX)), -2);
    }
}

#[test]
fn beginning_again_forgets_the_key() {
    let [mut ana, mut bo] = compared(0, 29);
    assert_eq!(names(&json(&ana.restart(1e5).unwrap())), ["show-code"]);
    assert_eq!(code(ana.summary(UNIX)), -2);
    bo.begin(b"Bo", 0.0, 0, keyglance_core::test_util::seeded(31)).unwrap();
    assert_eq!(code(bo.key_json()), -2);
    assert_eq!(code(bo.export_details()), -2);
}

#[test]
fn after_wiping_nothing_is_left() {
    let [mut ana, _] = compared(0, 37);
    ana.export(b"age", UNIX).unwrap();
    ana.wipe();
    assert_eq!(code(ana.summary(UNIX)), -2);
    assert_eq!(code(ana.export_details()), -2);
    assert_eq!(code(ana.sighted(b"x", 0.0)), -2);
    assert_eq!(ana.next_deadline(), -1.0);
    assert!(ana.code(0.0).unwrap().is_empty() && ana.text().is_empty());
}

#[test]
fn time_is_told_and_never_goes_back() {
    let mut page = page("Ana", 0, 41);
    assert_eq!(page.next_deadline(), 10_000.0);
    assert_eq!(names(&json(&page.tick(10_000.0).unwrap())), ["waiting"]);
    assert_eq!(names(&json(&page.tick(0.0).unwrap())), [""; 0]);
    let events = json(&page.tick(300_000.0).unwrap());
    assert_eq!(events[0]["reason"], "timed-out");
    assert!(page.code(300_000.0).unwrap().is_empty());
    assert_eq!(names(&json(&page.restart(300_000.0).unwrap())), ["show-code"]);
    assert!(!page.code(300_000.0).unwrap().is_empty());
}

#[test]
fn parts_follow_each_other_slowly_where_less_motion_is_wished() {
    for (reduced, most) in [(false, 134.0), (true, 317.0)] {
        let mut ana = Page::default();
        ana.reduce_motion(reduced);
        ana.begin(b"Ana", 0.0, 0, keyglance_core::test_util::seeded(43)).unwrap();
        let mut bo = page("Bo", 0, 44);
        // Until one of them shows parts.
        let mut now = 0.0;
        while ana.code(now).unwrap()[3] < 2 {
            now += 20.0;
            let (hers, his) = (seen(&mut ana, now), seen(&mut bo, now));
            ana.sighted(&his, now).unwrap();
            bo.sighted(&hers, now).unwrap();
            assert!(now < 60_000.0);
        }
        let mut last = (ana.code(now).unwrap()[2], now);
        let mut longest: f64 = 0.0;
        for _ in 0..1000 {
            now += 10.0;
            let shown = ana.code(now).unwrap();
            if shown[2] != last.0 {
                assert_eq!(shown[2], last.0 % shown[3] + 1, "none is left out");
                longest = longest.max(now - last.1);
                last = (shown[2], now);
            }
        }
        assert!(longest <= most + 10.0 && longest > most - 70.0, "{longest}");
    }
}
