//! Two real profiles make sure of each other on the command line: by digits,
//! by pictures of their fingerprint codes, by pipes.

use serde_json::Value;

use crate::program::{Home, Run, Running, paired};

fn trust(home: &Home, name: &str) -> Value {
    home.run(["contacts", "show", name, "--json"]).ended(0).json()["trust"].clone()
}

fn number(home: &Home, name: &str) -> String {
    let told = home.run(["verify", name, "--json"]).ended(0).json();
    told["safety_number"].as_str().unwrap().to_owned()
}

/// Ana and Bo, neither of whom compared anything.
fn unchecked() -> [Home; 2] {
    let homes = [Home::new(), Home::new()];
    let names: [&[&str]; 2] = [&["--name", "Ana"], &["--name", "Bo"]];
    for (run, _) in crate::program::pair_through_pipes([&homes[0], &homes[1]], names) {
        run.ended(3);
    }
    homes
}

#[test]
fn by_digits_however_they_are_spaced() {
    let [ana, bo] = unchecked();
    assert_eq!(trust(&ana, "Bo"), "unverified");
    let digits = number(&bo, "Ana");
    assert_eq!(digits, number(&ana, "Bo"), "the same on both");
    let rows = bo.run(["verify", "Ana"]).ended(0).text();
    let rows = rows.lines().filter(|line| line.starts_with("  "));
    let aloud: String = rows.collect::<Vec<_>>().join(" \t ");
    for form in [digits.clone(), aloud] {
        let told = ana.run(["verify", "Bo", "--compare", &form]).ended(0).text();
        assert!(told.contains("Compared with Bo, by safety number"), "{told}");
        assert_eq!(trust(&ana, "Bo"), "verified");
    }
    let shown = ana.run(["contacts", "show", "bo"]).ended(0).text();
    assert!(shown.contains("Compared by safety number"), "the history: {shown}");
    // And the key with it.
    let keys = ana.run(["keys", "list", "--json"]).ended(0).json()["keys"].clone();
    assert_eq!(keys[0]["verified"]["method"], "safety-number");
    assert_eq!(trust(&bo, "Ana"), "unverified", "Bo has compared nothing");
}

#[test]
fn other_digits_say_the_three_steps_and_block_exports_until_they_match() {
    let [ana, bo] = paired();
    let digits = number(&bo, "Ana");
    let mut wrong = digits.clone().into_bytes();
    wrong[59] = if wrong[59] == b'0' { b'1' } else { b'0' };
    let wrong = String::from_utf8(wrong).unwrap();
    // What is no safety number is compared with nothing.
    for form in ["30035", &digits[1..], &format!("{digits}0"), &digits.replacen('0', "O", 60)] {
        let run = ana.run(["verify", "Bo", "--compare", form]).ended(2);
        assert!(run.err.contains("60 digits"), "{run:?}");
    }
    assert_eq!(trust(&ana, "Bo"), "verified");
    let run = ana.run(["verify", "Bo", "--compare", &wrong]).ended(3);
    for step in ["do not match", "1. Check both names.", "2. Compare again.", "3. Still different"]
    {
        assert!(run.err.contains(step), "{run:?}");
    }
    assert_eq!(trust(&ana, "Bo"), "broken");
    let export = ["export", "Bo", "--for", "raw", "--plain", "--out", "-"];
    let refused = ana.run(export).ended(3);
    assert!(refused.out.is_empty() && refused.err.contains("did not match"), "{refused:?}");
    let letter = ana.write("letter", "Noon.");
    let seal = ["seal", letter.to_str().unwrap(), "--for", "Bo"];
    ana.run(seal).ended(3);
    assert!(!ana.path("letter.age").exists());
    ana.run(["verify", "Bo", "--compare", &digits]).ended(0);
    ana.run(export).ended(0);
    ana.run(seal).ended(0);
}

#[test]
fn by_pictures_of_their_codes() {
    let [ana, bo] = unchecked();
    let picture = |home: &Home, name: &str, file: &str| {
        let path = home.path(file);
        home.run(["code", "--fingerprint", name, "--out", file]).ended(0);
        path.to_str().unwrap().to_owned()
    };
    let (anas, bos) = (picture(&ana, "Bo", "ana.png"), picture(&bo, "Ana", "bo.png"));
    // Our own is told as that, and changes nothing.
    let own = ana.run(["verify", "Bo", "--scan", &anas]).ended(4);
    assert!(own.err.contains("our own code"), "{own:?}");
    assert_eq!(trust(&ana, "Bo"), "unverified");
    for (home, name, picture) in [(&ana, "Bo", &bos), (&bo, "Ana", &anas)] {
        let told = home.run(["verify", name, "--scan", picture, "--json"]).ended(0).json();
        assert_eq!(
            (&told["trust"], &told["method"]),
            (&"verified".into(), &"fingerprint-code".into())
        );
        assert_eq!(trust(home, name), "verified");
    }
    // Somebody else's code says nothing of Bo until a person says that it was Bo's.
    let [_, eve] = paired();
    let eves = picture(&eve, "Ana", "eve.svg");
    assert!(std::fs::read_to_string(eves).unwrap().contains("<svg"));
    let eves = picture(&eve, "Ana", "eve.png");
    let run = ana.run(["verify", "Bo", "--scan", &eves]).ended(3);
    assert!(run.err.contains("not the code that Bo would show"), "{run:?}");
    assert_eq!(trust(&ana, "Bo"), "verified");
    let run = ana.run(["compare", "Bo", "--differs"]).ended(3);
    assert!(run.err.contains("1. Check both names."), "{run:?}");
    assert_eq!(trust(&ana, "Bo"), "broken");
    // No code at all: nothing scanned, nothing changed.
    let blank = ana.path("blank.png");
    image::GrayImage::from_pixel(64, 64, image::Luma([255])).save(&blank).unwrap();
    bo.run(["verify", "Ana", "--scan", blank.to_str().unwrap()]).ended(4);
    bo.run(["verify", "Ana", "--scan", "nowhere.png"]).ended(1);
    assert_eq!(trust(&bo, "Ana"), "verified");
}

/// One program's line goes into the other's standard input.
fn piped(home: &Home, args: &[&str], line: &[u8]) -> Run {
    let mut running = Running::start(&mut home.command(args));
    running.write(line);
    running.end()
}

#[test]
fn by_pipes() {
    let [ana, bo] = unchecked();
    let code = bo.run(["code", "--fingerprint", "Ana"]).ended(0);
    assert!(code.text().starts_with("kf1:"));
    let both = [b"hello\n".as_slice(), &code.out].concat();
    piped(&ana, &["verify", "Bo", "--scan", "-"], &both).ended(0);
    assert_eq!(trust(&ana, "Bo"), "verified");
    // Cut off on its way: nothing was scanned.
    let cut = &code.out[..code.out.len() / 2];
    piped(&ana, &["verify", "Bo", "--scan", "-"], cut).ended(4);
    let own = ana.run(["code", "--fingerprint", "Bo"]).ended(0);
    piped(&ana, &["verify", "Bo", "--scan", "-"], &own.out).ended(4);
    assert_eq!(trust(&ana, "Bo"), "verified");
    ana.run(["verify", "Nobody", "--scan", "-"]).ended(1);
    ana.run(["verify", "Bo", "--scan", "camera:x"]).ended(2);
}

/// libsignal's vectors (rust/protocol/src/fingerprint.rs), its serialized keys.
#[test]
fn libsignals_vectors_through_the_command_line() {
    let home = Home::new();
    let alice = "0506863bc66d02b40d27b8d49ca7c09e9239236f9d7d25d6fcca5ce13c7064d868";
    let bob = "05f781b6fb32fed9ba1cf2de978d4d5da28dc34046ae814402b5c0dbd96fda907b";
    let ids = ["--id", "+14152222222", "--id", "+14153333333"];
    let told = |one: &str, other: &str, ids: [&str; 4]| {
        let args = ["fingerprint", one, other, "--json"].into_iter().chain(ids);
        home.run(args).ended(0).json()
    };
    let ours = told(alice, bob, ids);
    let number = "300354477692869396892869876765458257569162576843440918079131";
    assert_eq!(ours["safety_number"], number);
    let scannable = "080212220a201e301a0353dce3dbe7684cb8336e85136cdc0ee96219494ada305d62a7bd61df\
                     1a220a20d62cbf73a11592015b6b9f1682ac306fea3aaf3885b84d12bca631e9d4fb3a4d";
    assert_eq!(ours["scannable"], scannable);
    // In the other order, and without the type byte, the number is the same.
    let theirs = told(&bob[2..], &alice[2..], [ids[0], ids[3], ids[2], ids[1]]);
    assert_eq!(theirs["safety_number"], number);
    let text = home.run(["fingerprint", alice, bob].into_iter().chain(ids)).ended(0).text();
    assert!(
        text.contains("30035 44776 92869 39689 28698 76765 45825 75691 62576 84344 09180 79131")
    );
    // Another number of Alice's makes another.
    let wrong = told(alice, bob, [ids[0], "+141512222222", ids[2], ids[3]]);
    assert_ne!(wrong["safety_number"], number);
    for key in ["", "05", "zz", &alice[4..], "keyglance1qqqq"] {
        home.run(["fingerprint", key]).ended(2);
    }
    // base64url may begin with the sign of an option.
    let hyphen = format!("-{}", "A".repeat(42));
    let hex = format!("f8{}", "0".repeat(62));
    assert_eq!(told(&hyphen, bob, ids), told(&hex, bob, ids));
    assert!(!home.profile().exists(), "this needs no profile, and makes none");
}

#[test]
fn somebody_is_added_before_they_are_met() {
    let [ana, bo] = [Home::new(), Home::new()];
    for (home, name) in [(&ana, "Ana"), (&bo, "Bo")] {
        home.run(["identity", "--name", name]).ended(0);
    }
    let bos = bo.run(["code", "--identity"]).ended(0).text();
    assert!(bos.starts_with("keyglance1"), "{bos}");
    ana.run(["contacts", "add", "Bo at work", bos.trim()]).ended(0);
    let picture = ana.path("ana.png");
    ana.run(["code", "--identity", "--out", "ana.png"]).ended(0);
    bo.run(["contacts", "add", "Ana", "--scan", picture.to_str().unwrap()]).ended(0);
    // They talk, before they ever pair.
    let digits = number(&bo, "Ana");
    ana.run(["verify", "Bo at work", "--compare", &digits]).ended(0);
    // Then they pair: nobody needs to compare anything again.
    let [(run, _), _] = crate::program::pair_through_pipes([&ana, &bo], [&[], &[]]);
    run.ended(0);
    let contacts = ana.run(["contacts", "list", "--json"]).ended(0).json()["contacts"].clone();
    assert_eq!(contacts.as_array().unwrap().len(), 1);
    assert_eq!(
        (&contacts[0]["name"], &contacts[0]["suggested_name"]),
        (&"Bo at work".into(), &"Bo".into())
    );
    let keys = ana.run(["keys", "list", "--json"]).ended(0).json()["keys"].clone();
    assert_eq!(keys[0]["verified"]["method"], "safety-number");

    let own = ana.run(["code", "--identity"]).ended(0).text();
    let refused = ana.run(["contacts", "add", "Me", own.trim()]).ended(1);
    assert!(refused.err.contains("This is this device itself."), "{refused:?}");
    let known = ana.run(["contacts", "add", "Bo again", bos.trim()]).ended(1);
    assert!(known.err.contains("Bo at work"), "{known:?}");
}

#[test]
fn a_changed_key_is_decided_on_the_command_line() {
    let [ana, _bo] = paired();
    let other = Home::new();
    let args: [&[&str]; 2] = [&[], &["--name", "Bo"]];
    let [(run, _), _] = crate::program::pair_and_compare([&ana, &other], args);
    let run = run.ended(3);
    assert!(run.err.contains("Bo has a different key than before"), "{run:?}");
    let export = |name: &str| ana.run(["export", name, "--for", "raw", "--plain", "--out", "-"]);
    // The new one is held back, compared or not; the old one goes on, with a word.
    let refused = export("Bo 2").ended(3);
    assert!(refused.err.contains("keyglance contacts decide 'Bo 2'"), "{refused:?}");
    assert!(refused.out.is_empty());
    let known = export("Bo").ended(0);
    assert!(known.err.contains("Somebody else came under this name"), "{known:?}");
    ana.write("letter", "Noon.");
    ana.run(["seal", "letter", "--for", "Bo 2"]).ended(3);
    ana.run(["code", "Bo 2", "--for", "wifi", "--out", "x.png"]).ended(3);
    let confirmed = ana.run(["keys", "confirm", "Bo 2"]).ended(0).text();
    assert!(!confirmed.contains("can be exported"), "{confirmed}");
    assert!(!ana.path("letter.age").exists() && !ana.path("x.png").exists());
    for command in ["contacts", "keys"] {
        let list = ana.run([command, "list", "--json"]).ended(0).json()[command].clone();
        assert_eq!(list[0]["different_key"][0], "Bo 2", "{list}");
        let text = ana.run([command, "list"]).ended(0).text();
        assert!(text.contains("Different key"), "{text}");
    }
    ana.run(["contacts", "decide", "Bo 2"]).ended(2);
    let decided = ana.run(["contacts", "decide", "Bo", "--new-device", "--json"]).ended(0).json();
    assert_eq!((&decided["held_back"], &decided["replaced"]), (&false.into(), &true.into()));
    let names = ana.run(["contacts", "list", "--json"]).ended(0).json()["contacts"].clone();
    let names: Vec<_> = names.as_array().unwrap().iter().map(|c| c["name"].clone()).collect();
    assert_eq!(names, ["Bo", "Bo (old)"]);
    export("Bo").ended(0);
    assert!(export("Bo (old)").ended(3).err.contains("not in use any more"));
    ana.run(["keys", "retire", "--undo", "Bo (old)"]).ended(0);
    export("Bo (old)").ended(0);
}

#[test]
fn an_export_is_remembered_with_its_purpose_and_place() {
    let [ana, _bo] = paired();
    ana.run(["export", "Bo", "--for", "restic", "--plain", "--purpose", "office", "--out", "k"])
        .ended(0);
    ana.run(["keys", "purpose", "Bo", "family backup"]).ended(0);
    let key = ana.run(["keys", "show", "Bo", "--json"]).ended(0).json();
    let place = ana.path("k").canonicalize().unwrap();
    assert_eq!(key["label"], "family backup");
    assert_eq!(key["exports"][0]["target"], "passphrase");
    assert_eq!(key["exports"][0]["program"], "restic");
    assert_eq!(key["exports"][0]["separate_key_for"], "office");
    assert_eq!(key["exports"][0]["to"], place.to_str().unwrap());
    let shown = ana.run(["keys", "show", "Bo"]).ended(0).text();
    assert!(shown.contains("restic (office)") && shown.contains("Contact        Bo"), "{shown}");
    let shredded = ana.run(["keys", "shred", "Bo", "--yes"]).ended(0).text();
    assert!(shredded.contains("backup"), "what it cannot do is said: {shredded}");
}

#[test]
fn an_identity_is_backed_up_restored_and_replaced() {
    let [ana, bo] = paired();
    let key = |home: &Home| home.run(["identity", "--json"]).ended(0).json()["public_key"].clone();
    let first = key(&ana);
    ana.write("word", "correct horse\n");
    ana.write("wrong", "battery staple\n");
    let with = |args: &[&str], word: &str| {
        let args = args.iter().copied().chain(["--backup-passphrase-file", word]);
        ana.run(args)
    };
    with(&["identity", "--backup", "id.age"], "word").ended(0);
    let backup = std::fs::read_to_string(ana.path("id.age")).unwrap();
    assert!(backup.starts_with("-----BEGIN AGE ENCRYPTED FILE-----"));
    with(&["identity", "--backup", "id.age"], "word").ended(1);
    assert_eq!(std::fs::read_to_string(ana.path("id.age")).unwrap(), backup, "never replaced");

    // Somebody new: said loudly, asked first, and everybody verifies again.
    let refused = ana.run(["identity", "--new"]).ended(2);
    assert!(refused.err.contains("Every contact must verify"), "{refused:?}");
    assert_eq!(key(&ana), first);
    assert_eq!(trust(&ana, "Bo"), "verified");
    ana.run(["identity", "--new", "--yes"]).ended(0);
    assert_ne!(key(&ana), first);
    assert_eq!(trust(&ana, "Bo"), "unverified");
    let shown = ana.run(["contacts", "show", "Bo"]).ended(0).text();
    assert!(shown.contains("became another one"), "{shown}");
    assert_ne!(number(&ana, "Bo"), number(&bo, "Ana"), "Bo knows the old one");
    let told = ana.run(["contacts", "show", "Bo", "--json"]).ended(0).json();
    assert_eq!(told["safety_number"], number(&ana, "Bo").as_str());
    // The key that they share is what it was.
    let raw = |home: &Home, name: &str| {
        home.run(["export", name, "--for", "raw", "--plain", "--out", "-"]).ended(0).out
    };
    assert_eq!(raw(&ana, "Bo"), raw(&bo, "Ana"));

    let wrong = with(&["identity", "--restore", "id.age", "--yes"], "wrong").ended(1);
    assert!(wrong.err.contains("That is not the passphrase."), "{wrong:?}");
    with(&["identity", "--restore", "id.age", "--yes"], "word").ended(0);
    assert_eq!(key(&ana), first);
    assert_eq!(number(&ana, "Bo"), number(&bo, "Ana"));
    // On a new computer, nothing is replaced and nothing asked.
    let laptop = Home::new();
    std::fs::copy(ana.path("id.age"), laptop.path("id.age")).unwrap();
    laptop.write("word", "correct horse\n");
    let args = ["identity", "--restore", "id.age", "--backup-passphrase-file", "word"];
    laptop.run(args).ended(0);
    assert_eq!(key(&laptop), first);
    for damaged in ["", "{}", &backup[..backup.len() / 2]] {
        laptop.write("id.age", damaged);
        laptop.run(args).ended(1);
        assert_eq!(key(&laptop), first);
    }
}
