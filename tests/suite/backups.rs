//! `keyglance backup` and `restore`, by the program itself.

use serde_json::json;

use crate::program::{Home, paired};

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
    assert!(home.run(args).ended(1).err.contains("passphrase is wrong"));
    assert!(!home.profile().exists());
}
