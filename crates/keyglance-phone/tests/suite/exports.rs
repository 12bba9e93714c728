use std::path::Path;

use keyglance_core::crypto::Purpose;
use keyglance_core::exports::{Place, Program, TARGETS};
use keyglance_core::identifiers::{Identifier, IdentifierKind};
use keyglance_core::keyfile::KeyFile;
use keyglance_core::pairing::{Card, CardItem, CardItemKind};
use serde_json::{Value, json as value};

use super::{Page, UNIX, code, compared, json, paired};

#[test]
fn every_export_is_the_programs() {
    let [mut ana, _] = compared(0, 51);
    let key = KeyFile::from_json(&ana.key_json().unwrap()).unwrap();
    let mut made = 0;
    for target in TARGETS {
        for purpose in ["", "office"] {
            let request = format!("{}\n{purpose}\n", target.name);
            let theirs = target.export(&key, &Purpose::new(purpose).unwrap());
            let ours = ana.export(request.as_bytes(), UNIX);
            match (ours, theirs) {
                (Ok(ours), Ok(theirs)) => {
                    assert_eq!(ours[..], *theirs.file.expose(), "{}", target.name);
                    let details = json(&ana.export_details().unwrap());
                    let program = Program::find(target.name).unwrap();
                    let purpose = Purpose::new(purpose).unwrap();
                    let name = program.file_name("Bo", &purpose, key.key_id(), false);
                    assert_eq!(details["file_name"], name);
                    assert_eq!(details["complete"], theirs.complete);
                    assert_eq!(details["danger"], target.danger);
                    let path = Path::new(&name);
                    let place = Place { path, full: path, own: &theirs.places };
                    assert_eq!(details["usage"], value!(program.usage_lines(place)));
                    made += 1;
                }
                (Err(ours), Err(theirs)) => {
                    assert_eq!((ours.code(), ours.to_string()), (-4, theirs.to_string()));
                    assert_eq!(code(ana.export_details()), -2, "of no earlier one");
                }
                (ours, theirs) => panic!("{}: {ours:?} {theirs:?}", target.name),
            }
        }
    }
    assert!(made > 40, "{made}");
}

#[test]
fn options_are_the_targets_own() {
    let [mut ana, _] = compared(1, 53);
    let wifi = ana.export(b"wifi\n\nssid=Guests = all\n", UNIX).unwrap();
    assert!(wifi.starts_with(b"WIFI:T:WPA;S:Guests = all;P:"));
    assert_eq!(code(ana.export(b"wifi\n\nwords=6", UNIX)), -4);
    assert_eq!(code(ana.export(b"wifi\n\nssid", UNIX)), -1);
    assert_eq!(code(ana.export(b"wireguard\n\nlisten-port=0", UNIX)), -4);
    let error = ana.export(b"age\n\nssid=x", UNIX).unwrap_err();
    assert_eq!(error.to_string(), "age has no ssid");
    assert_eq!(code(ana.export(b"no such thing", UNIX)), -4);
    assert_eq!(code(ana.export(b"", UNIX)), -4);
    assert_eq!(code(ana.export(b"age\n a", UNIX)), -1);
    assert_eq!(code(ana.export(b"age-pq", UNIX)), -12);
    assert_eq!(code(ana.export(b"Signal", UNIX)), -4);
}

#[test]
fn the_date_is_that_of_the_first_call_and_stays() {
    let (mut pages, _) = paired(1, 57);
    let ana = &mut pages[0];
    let first = ana.export(b"age", UNIX).unwrap();
    assert!(first.starts_with(b"# created: 2026-11-27T01:00:00Z\n"));
    assert_eq!(ana.export(b"age", UNIX + 1e9).unwrap(), first);
    for impossible in [f64::NAN, f64::INFINITY, 1e300, -1e300] {
        assert_eq!(code(ana.export(b"age", impossible)), -1);
    }
}

#[test]
fn every_target_is_described_and_says_why_it_is_refused() {
    let described = json(&Page::default().targets().unwrap());
    let names: Vec<_> = described.as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
    assert_eq!(names, TARGETS.iter().map(|target| target.name).collect::<Vec<_>>());
    assert!(described.as_array().unwrap().iter().all(|it| it["refused"].is_null()));

    let [mut ana, _] = compared(1, 59);
    let described = json(&ana.targets().unwrap());
    for it in described.as_array().unwrap() {
        let request = format!("{}\n\n", it["name"].as_str().unwrap());
        if let Some(why) = it["refused"].as_str() {
            let error = ana.export(request.as_bytes(), UNIX).unwrap_err();
            assert_eq!(error.to_string(), why);
        }
    }
    let one = |name: &str| described.as_array().unwrap().iter().find(|it| it["name"] == name);
    let wifi = one("wifi").unwrap();
    assert_eq!(wifi["code"], true);
    assert_eq!(wifi["options"][0]["name"], "ssid");
    assert_eq!(one("wireguard").unwrap()["file_name"], "kg-Bo.conf");
    assert!(one("ssh").unwrap()["public"].as_bool().unwrap());
    assert!(one("ssh").unwrap()["refused"].as_str().unwrap().contains("SSH host key"));
    assert!(one("raw").unwrap()["binary"].as_bool().unwrap());
}

/// A page with a key whose other device shared these.
fn with_card(items: Vec<CardItem>, claims: bool) -> Page {
    let [mut ana, _] = compared(0, 61);
    let mut key = KeyFile::from_json(&ana.key_json().unwrap()).unwrap();
    key.set_card(&Card::new(items).unwrap());
    if !claims {
        key.verified = None;
    }
    let mut page = Page::default();
    page.import(&[&[0; 4], &key.to_json()[..]].concat()).unwrap();
    page
}

const LINE: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFhmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZm";

#[test]
fn what_they_shared_is_shown_as_programs_take_it() {
    let ssh = IdentifierKind::SshHost.parse(LINE).unwrap();
    let age = CardItem { kind: IdentifierKind::Age.on_card(), value: vec![0; 32] };
    let later = CardItem { kind: CardItemKind(77), value: vec![1, 0xab] };
    let page = with_card(vec![ssh.to_item(), age, later], true);
    let card = json(&page.card().unwrap());
    assert_eq!(card[0], value!({ "kind": "ssh-host", "title": "SSH host key", "text": LINE }));
    // Everybody could open what is sealed to it.
    assert_eq!(
        (&card[1]["kind"], &card[1]["text"]),
        (&value!("refused"), &value!("00".repeat(32)))
    );
    assert_eq!(card[2], value!({ "kind": "unknown", "title": "Type 77", "text": "01ab" }));
}

#[test]
fn of_what_they_shared_nothing_is_made_before_it_is_compared() {
    let ssh: Identifier = IdentifierKind::SshUser.parse(LINE).unwrap();
    // What a file claims of a comparison proves nothing.
    for claims in [false, true] {
        let mut page = with_card(vec![ssh.to_item()], claims);
        let summary = json(&page.summary(UNIX).unwrap());
        assert_eq!((&summary["compared"], &summary["imported"]), (&value!(false), &value!(true)));
        assert_eq!(summary["claimed"], if claims { value!("check-code") } else { Value::Null });
        assert_eq!(code(page.export(b"ssh-login", UNIX)), -14);
        let targets = json(&page.targets().unwrap());
        let found = targets.as_array().unwrap().iter().find(|it| it["name"] == "ssh-login");
        assert_eq!(found.unwrap()["refused"], "what \"Bo\" shared is not compared");
        // Its own keys can be used, with the notice.
        assert!(page.export(b"passphrase", UNIX).is_ok());
    }
}
