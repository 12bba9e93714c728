//! `keyglance backup` and `restore`, by the program itself.

use serde_json::json;

use crate::program::{Home, pair_through_pipes, paired};

const WORD: [&str; 2] = ["--passphrase-file", "word"];

fn back_up(home: &Home) -> Vec<u8> {
    home.write("word", "correct horse");
    home.run(["backup", "all.age"].iter().chain(&WORD)).ended(0);
    std::fs::read(home.path("all.age")).unwrap()
}

fn given(backup: &[u8]) -> Home {
    let home = Home::new();
    home.write("word", "correct horse");
    home.write("all.age", backup);
    home
}

fn hex(home: &Home, name: &str) -> Vec<u8> {
    let args = ["export", name, "--for", "hex", "--plain", "--out", "-", "--require-compared"];
    home.run(args).ended(0).out
}

#[test]
fn a_lost_computer_is_replaced() {
    let [ana, bo] = paired();
    let backup = back_up(&ana);
    let again = ana.run(["backup", "all.age"].iter().chain(&WORD)).ended(1);
    assert!(again.err.contains("already there"), "{again:?}");

    let new = given(&backup);
    // It says what it would do, and asks.
    let asked = new.run(["restore", "all.age"].iter().chain(&WORD)).ended(2);
    for words in
        ["A backup of Ana", "becomes the one that made it", "keys: Bo", "Nothing is replaced"]
    {
        assert!(asked.err.contains(words), "{words}: {asked:?}");
    }
    assert!(!new.profile().join("identity.json").exists());

    let args = ["restore", "all.age", "--yes", "--json"];
    let done = new.run(args.iter().chain(&WORD)).ended(0).json();
    assert_eq!((&done["identity"], &done["contacts"]), (&json!("taken"), &json!(["Bo"])));
    assert_eq!(hex(&new, "Bo"), hex(&bo, "Ana"));
    let key = new.run(["keys", "show", "Bo", "--json"]).ended(0).json();
    assert_eq!((&key["trust"], &key["provenance"]), (&json!("verified"), &json!("paired-relayed")));
    assert!(key["restored_at"].is_string());
    let whose =
        |home: &Home| home.run(["identity", "--json"]).ended(0).json()["public_key"].clone();
    assert_eq!(whose(&new), whose(&ana));
    let done = new.run(args.iter().chain(&WORD)).ended(0).json();
    assert_eq!((&done["identity"], &done["keys"]), (&json!("same"), &json!([])));
}

#[test]
fn a_protected_identity_stays_protected() {
    let [ana, _bo] = paired();
    ana.write("own", "its own");
    ana.run(["identity", "--protect", "--new-passphrase-file", "own"]).ended(0);
    ana.write("word", "correct horse");
    let args = ["backup", "all.age", "--identity-passphrase-file", "own"];
    ana.run(args.iter().chain(&WORD)).ended(0);
    let new = given(&std::fs::read(ana.path("all.age")).unwrap());
    let said = new.run(["restore", "all.age", "--yes"].iter().chain(&WORD)).ended(0).err;
    assert!(said.contains("under the passphrase that it had there"), "{said}");
    assert!(new.profile().join("identity.json.age").exists());
    assert!(!new.profile().join("identity.json").exists());
    new.write("own", "its own");
    new.run(["identity", "--passphrase-file", "own"]).ended(0);
}

#[test]
fn anothers_backup_makes_nobody_compared() {
    let [ana, _bo] = paired();
    let [eve, _] = paired();
    let backup = back_up(&eve);
    ana.write("word", "correct horse");
    ana.write("theirs.age", backup);
    let whose =
        |home: &Home| home.run(["identity", "--json"]).ended(0).json()["public_key"].clone();
    let (own, key) = (whose(&ana), hex(&ana, "Bo"));
    let args = ["restore", "theirs.age", "--yes", "--json"];
    let run = ana.run(args.iter().chain(&WORD)).ended(0);
    assert!(run.err.contains("Another device made it"), "{run:?}");
    assert_eq!(run.json()["identity"], "foreign");
    assert_eq!((whose(&ana), hex(&ana, "Bo")), (own, key));
    let name = run.json()["keys"][0].as_str().unwrap().to_owned();
    let theirs = ana.run(["keys", "show", &name, "--json"]).ended(0).json();
    assert_eq!(
        (&theirs["trust"], &theirs["provenance"]),
        (&json!("not-compared"), &json!("imported"))
    );
    // Their Bo is another one than ours.
    assert_eq!(theirs["refusal"], "held_back");
}

#[test]
fn what_is_no_backup_creates_and_changes_nothing() {
    let [ana, _bo] = paired();
    let backup = back_up(&ana);
    let home = given(&backup[..backup.len() / 2]);
    home.run(["restore", "all.age", "--yes"].iter().chain(&WORD)).ended(1);
    home.write("all.age", "nothing");
    let run = home.run(["restore", "all.age", "--yes"].iter().chain(&WORD)).ended(1);
    assert!(run.err.contains("not a backup"), "{run:?}");
    home.write("all.age", &backup);
    home.write("wrong", "battery staple");
    let args = ["restore", "all.age", "--yes", "--passphrase-file", "wrong"];
    assert!(home.run(args).ended(1).err.contains("That is not the passphrase."));
    assert!(!home.profile().exists());
}

/// Two homes that have paired, and not compared.
fn paired_only() -> [Home; 2] {
    let homes = [Home::new(), Home::new()];
    let args: [&[&str]; 2] =
        [&["--name", "Ana", "--skip-check"], &["--name", "Bo", "--skip-check"]];
    for (run, _) in pair_through_pipes([&homes[0], &homes[1]], args) {
        run.ended(3);
    }
    homes
}

/// Somebody in between may have made a key on which the devices do not agree. Neither a
/// backup from before nor a file that was exported before brings it back.
#[test]
fn a_key_that_was_wiped_since_the_devices_disagree_stays_away() {
    let [ana, _bo] = paired_only();
    back_up(&ana);
    let export = ["export", "Bo", "--for", "keyglance", "--plain", "--out", "bo.keyglance"];
    ana.run(export).ended(0);
    let own = ana.run(["compare", "Bo", "--json"]).ended(0).json()["check_code"].clone();
    // Neither of them is the other screen's but once in a million times.
    let wrong = ["314159", "271828", "161803"].into_iter().filter(|digits| own != *digits);
    for digits in wrong.take(2) {
        ana.run(["compare", "Bo", "--check-code", digits]).ended(3);
    }
    let empty = |home: &Home| {
        assert_eq!(home.run(["keys", "list", "--json"]).ended(0).json()["keys"].clone(), json!([]));
        assert_eq!(
            home.run(["contacts", "list", "--json"]).ended(0).json()["contacts"].clone(),
            json!([])
        );
    };
    empty(&ana);
    let restore = ["restore", "all.age", "--yes", "--json"];
    let done = ana.run(restore.iter().chain(&WORD)).ended(0);
    assert!(done.err.contains("Stays away  keys: Bo, on which the devices did not"), "{done:?}");
    assert_eq!(done.json()["rejected_keys"], json!(["Bo"]));
    empty(&ana);
    let refused = ana.run(["import", "bo.keyglance"]).ended(1);
    assert!(refused.err.contains("did not agree on this key"), "{refused:?}");
    empty(&ana);
}

/// Removing and restoring a key gives nobody two more tries at its check code.
#[test]
fn a_restored_key_does_not_forget_its_wrong_entries() {
    let [ana, bo] = paired_only();
    back_up(&ana);
    let shown = |home: &Home, name: &str| {
        home.run(["compare", name, "--json"]).ended(0).json()["check_code"].clone()
    };
    let right = shown(&bo, "Ana").as_str().unwrap().to_owned();
    ana.run(["keys", "remove", "Bo", "--yes"]).ended(0);
    ana.run(["restore", "all.age", "--yes"].iter().chain(&WORD)).ended(0);
    assert_eq!(shown(&ana, "Bo"), json!(null));
    let refused = ana.run(["compare", "Bo", "--check-code", &right]).ended(1);
    assert!(refused.err.contains("no check code to compare"), "{refused:?}");
}
