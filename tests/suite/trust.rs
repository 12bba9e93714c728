//! Who is who, and what may be done with which key, by the program itself.

use std::path::Path;

use keyglance_core::keyfile::{WorkFactor, encrypt_with_passphrase};
use keyglance_core::test_util::passphrase;
use serde_json::{Value, json};

use crate::program::{Home, pair_and_compare, pair_through_pipes, paired};

fn pair_as(ana: &Home, other: &Home, name: &str) {
    pair_and_compare([ana, other], [&[], &[&format!("--name={name}")]]);
}

fn keys(home: &Home) -> Vec<Value> {
    home.run(["keys", "list", "--json"]).ended(0).json()["keys"].clone().as_array().unwrap().clone()
}

fn key_of(home: &Home, contact: &str) -> Value {
    let shown = home.run(["contacts", "show", contact, "--json"]).ended(0).json();
    shown["keys"][0]["key_id"].clone()
}

/// The audit's attack: a device that calls itself by the id of Bo's key.
#[test]
fn a_device_called_by_the_id_of_anothers_key_gets_nothing() {
    let [ana, bo] = paired();
    let id = key_of(&ana, "Bo").as_str().unwrap().to_owned();
    let mallory = Home::new();
    pair_as(&ana, &mallory, &id);
    let contacts = ana.run(["contacts", "--json"]).ended(0).json()["contacts"].clone();
    let hers = contacts.as_array().unwrap().iter().find(|contact| contact["name"] == *id).unwrap();
    ana.run(["contacts", "rename", hers["id"].as_str().unwrap(), "Mallory"]).ended(0);

    ana.write("letter", "Noon.");
    for name in ["Bo", &id] {
        ana.run(["seal", "letter", "--for", name, "--out", "letter.age"]).ended(0);
        let sealed = std::fs::read(ana.path("letter.age")).unwrap();
        bo.write("letter.age", &sealed);
        mallory.write("letter.age", &sealed);
        bo.run(["open", "letter.age", "--out", "opened"]).ended(0);
        mallory.run(["open", "letter.age", "--out", "opened"]).ended(1);
        assert!(!mallory.path("opened").exists());
        for path in [bo.path("opened"), ana.path("letter.age")] {
            std::fs::remove_file(path).unwrap();
        }
    }
    let export = |home: &Home, name: &str| {
        home.run(["export", name, "--for", "hex", "--plain", "--out", "-"]).ended(0).out
    };
    assert_eq!(export(&ana, &id), export(&bo, "Ana"));
    assert_eq!(ana.run(["keys", "show", &id, "--json"]).json()["name"], "Bo");

    // A comparison by the id is one with Bo.
    let compared = ana.run(["compare", &id, "--json"]).ended(0).json();
    assert_eq!(compared["contact"], "Bo");
    ana.run(["keys", "remove", &id, "--yes"]).ended(0);
    let left: Vec<_> = keys(&ana).into_iter().map(|key| key["key_id"].clone()).collect();
    assert_eq!(left, [key_of(&ana, "Mallory")]);
    assert_ne!(left[0], id.as_str());
}

/// And one that calls itself by Bo's public key, as a person would paste it.
#[test]
fn a_device_called_by_anothers_public_key_gets_nothing() {
    let [ana, bo] = paired();
    let shown = ana.run(["contacts", "show", "Bo", "--json"]).ended(0).json();
    let public = shown["public_key"].as_str().unwrap().to_owned();
    let mallory = Home::new();
    pair_as(&ana, &mallory, &public);
    assert_eq!(
        ana.run(["contacts", "list", "--json"]).json()["contacts"]
            .clone()
            .as_array()
            .unwrap()
            .len(),
        2
    );

    ana.write("letter", "Noon.");
    ana.run(["seal", "letter", "--for", &public]).ended(0);
    let sealed = std::fs::read(ana.path("letter.age")).unwrap();
    mallory.write("letter.age", &sealed);
    mallory.run(["open", "letter.age"]).ended(1);
    bo.write("letter.age", &sealed);
    bo.run(["open", "letter.age"]).ended(0);
    let export = |home: &Home, name: &str| {
        home.run(["export", name, "--for", "hex", "--plain", "--out", "-"]).ended(0).out
    };
    assert_eq!(export(&ana, &public), export(&bo, "Ana"));
    assert_eq!(ana.run(["compare", &public, "--json"]).ended(0).json()["contact"], "Bo");
    // An id comes before a name, also where something is stopped.
    ana.run(["keys", "stop", "--", &public]).ended(0);
    ana.run(["export", "Bo", "--for", "hex", "--plain", "--out", "-"]).ended(3);
    let all = keys(&ana);
    let hers = all.iter().find(|key| key["key_id"] != key_of(&ana, "Bo")).unwrap();
    assert_eq!(hers["not_in_use_since"], Value::Null);
}

/// A start of an id is none where it is somebody's name.
#[test]
fn a_device_called_by_the_start_of_an_id_makes_it_ambiguous() {
    let [ana, _bo] = paired();
    let id = key_of(&ana, "Bo").as_str().unwrap().to_owned();
    let mallory = Home::new();
    pair_as(&ana, &mallory, &id[..8]);
    ana.write("letter", "Noon.");
    for args in [
        &["seal", "letter", "--for", &id[..8]][..],
        &["export", &id[..8], "--for", "hex", "--plain", "--out", "-"],
        &["keys", "remove", &id[..8], "--yes"],
        &["compare", &id[..8]],
    ] {
        let run = ana.run(args).ended(1);
        assert!(run.err.contains(&id) && run.out.is_empty(), "{args:?}: {run:?}");
    }
    assert_eq!(keys(&ana).len(), 2);
    assert!(!ana.path("letter.age").exists());
}

/// The audit's forged import: a file in Bo's name under a passphrase that the
/// attacker tells, "verified", dated in the future, its secret the attacker's.
fn forge(ana: &Home, protected: bool) -> &'static str {
    ana.run(["export", "Bo", "--for", "keyglance", "--plain", "--out", "real"]).ended(0);
    let mut file: Value =
        serde_json::from_slice(&std::fs::read(ana.path("real")).unwrap()).unwrap();
    let [eve, _] = paired();
    eve.run(["export", "Bo", "--for", "keyglance", "--plain", "--out", "own"]).ended(0);
    let own: Value = serde_json::from_slice(&std::fs::read(eve.path("own")).unwrap()).unwrap();
    for member in ["exporter", "key_id"] {
        file[member] = own[member].clone();
    }
    file["created"] = "2099-01-01T00:00:00Z".into();
    file["verified"] = json!({ "method": "check-code", "at": "2099-01-01T00:00:00Z" });
    let mut bytes = file.to_string().into_bytes();
    if protected {
        let word = passphrase("as the attacker tells");
        bytes = encrypt_with_passphrase(&bytes, &word, WorkFactor::Log2(2)).unwrap();
    }
    ana.write("forged", bytes);
    ana.write("word", "as the attacker tells");
    "forged"
}

#[test]
fn a_forged_import_is_not_compared_and_never_preferred() {
    for protected in [false, true] {
        let [ana, bo] = paired();
        let real = key_of(&ana, "Bo");
        let file = forge(&ana, protected);
        let run = ana.run(["import", file, "--passphrase-file", "word", "--json"]).ended(0);
        assert_eq!(run.json()["verified"], false);
        assert!(run.err.contains("claims to be verified by check code on 1 Jan 2099"), "{run:?}");
        assert!(run.err.contains("in the future"), "{run:?}");
        let forged = run.json()["key_id"].as_str().unwrap().to_owned();

        let shown = ana.run(["keys", "show", &forged]).ended(0).text();
        assert!(shown.contains("Not compared") && shown.contains("claims to be"), "{shown}");
        let shown = ana.run(["keys", "show", &forged, "--json"]).ended(0).json();
        assert_eq!(shown["trust"], "not-compared");
        assert_eq!(shown["claim"]["at"], "2099-01-01T00:00:00Z");

        ana.write("plan", "Noon.");
        let sealed = ana.run(["seal", "plan", "--for", "Bo", "--json"]).ended(0).json();
        assert_eq!(sealed["key_id"], real);
        bo.write("plan.age", std::fs::read(ana.path("plan.age")).unwrap());
        bo.run(["open", "plan.age"]).ended(0);
        let exported = ana.run(["export", "Bo", "--for", "hex", "--plain", "--out", "x", "--json"]);
        assert_eq!(exported.ended(0).json()["key_id"], real);

        // By itself it is used with a notice, and not where compared keys are asked for.
        let by_id = ["export", &forged, "--for", "hex", "--plain", "--out", "y"];
        let strict = ana.run(by_id.iter().chain(&["--require-compared"])).ended(3);
        assert!(strict.err.contains("not compared") && !ana.path("y").exists(), "{strict:?}");
        assert!(ana.run(by_id).ended(0).err.contains("not compared"));
    }
}

#[test]
fn only_compared_keys_where_they_are_asked_for() {
    let [ana, bo] = [Home::new(), Home::new()];
    let names: [&[&str]; 2] =
        [&["--name", "Ana", "--skip-check"], &["--name", "Bo", "--skip-check"]];
    pair_through_pipes([&ana, &bo], names);
    ana.write("letter", "Noon.");
    for args in [
        &["seal", "letter", "--for", "Bo"][..],
        &["export", "Bo", "--for", "hex", "--plain", "--out", "x"],
        &["code", "Bo", "--for", "wifi", "--out", "x.png"],
        &["export", "Bo", "--for", "wifi", "--qr", "--out", "x.png"],
    ] {
        for strict in ["--require-compared", "--require-verified"] {
            let run = ana.run(args.iter().chain(&[strict])).ended(3);
            assert!(run.err.contains("keyglance compare Bo"), "{args:?}: {run:?}");
        }
    }
    for file in ["letter.age", "x", "x.png"] {
        assert!(!Path::new(&ana.path(file)).exists(), "{file}");
    }
}
