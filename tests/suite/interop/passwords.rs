//! Programs that keep passwords, and those that ask for one.

use std::path::Path;

use super::{LETTER, Pair, contains, failed, need, passed, shown, succeeded, text};

#[test]
fn sqlcipher() {
    need!("sqlcipher");
    let pair = Pair::new();
    let files = pair.files("sqlcipher");
    let sql = |file: &Path, more: &str| {
        let script = format!("PRAGMA key = \"{}\";\n{more}\n", text(file));
        pair.run("sqlcipher", &["-bail", "letters.db"], script.as_bytes())
    };
    let letter = String::from_utf8(LETTER.to_vec()).unwrap();
    let insert = format!("CREATE TABLE letters(text); INSERT INTO letters VALUES('{letter}');");
    succeeded("sqlcipher", sql(&files.ana.path(), &insert));
    let select = "SELECT text FROM letters;";
    assert!(contains(&succeeded("sqlcipher", sql(&files.bo.path(), select)), LETTER));
    for wrong in files.wrong_ones() {
        failed("sqlcipher", &sql(&wrong.path(), select));
    }
    let stored = std::fs::read(pair.path("letters.db")).unwrap();
    assert!(!contains(&stored, LETTER), "it is not encrypted at all");
    let new = pair.new_file("sqlcipher");
    let rekey = format!("{select}\nPRAGMA rekey = \"{}\";", new.text());
    succeeded("sqlcipher", sql(&files.bo.path(), &rekey));
    failed("sqlcipher", &sql(&files.ana.path(), select));
    assert!(contains(&succeeded("sqlcipher", sql(&new.path(), select)), LETTER));
    passed("sqlcipher");
}

/// In a call: what one side says is what the other expects, and no other way round.
#[test]
#[ignore = "slow: make interop runs it"]
fn oathtool() {
    need!("oathtool");
    let pair = Pair::new();
    let files = pair.files("totp");
    let codes = |file: &Path| -> Vec<Vec<u8>> {
        let text = text(file);
        let secrets = text.lines().map(|line| {
            line.split_once("?secret=").unwrap().1.split_once('&').unwrap().0.to_owned()
        });
        let code = |secret: String| {
            let at = ["--totp", "-b", "--now", "2026-11-26 12:00:00 UTC", "-"];
            pair.ok("oathtool", &at, secret.as_bytes())
        };
        secrets.map(code).collect()
    };
    let [ana, bo] = [&files.ana, &files.bo].map(|told| codes(&told.path()));
    assert_eq!([ana.len(), bo.len()], [2, 2]);
    assert!(ana[0] == bo[1] && ana[1] == bo[0] && ana[0] != ana[1]);
    for wrong in files.wrong_ones() {
        let wrong = codes(&wrong.path());
        assert!(!wrong.contains(&ana[0]) && !wrong.contains(&ana[1]));
    }
    passed("oathtool");
}

/// Typed, as any password.
#[test]
#[ignore = "slow: make interop runs it"]
fn words_that_are_typed() {
    let pair = Pair::new();
    let (twelve, more) = (&[][..], &["--words", "24"][..]);
    for (count, words) in [(twelve, 12), (more, 24)] {
        let folders = ["my dir", "it's", "a$HOME", "say \"hi\""].map(|f| format!("{f}/{words}"));
        let files = pair.files_in("words", [count, count], folders.each_ref().map(|f| f.as_str()));
        let [ana, bo] = [&files.ana, &files.bo].map(|told| told.text());
        assert_eq!(ana.split(' ').count(), words);
        let wrong = files.wrong_ones().map(|told| told.text());
        let twice = |words: &str| format!("{words}\n{words}\n").into_bytes();
        if keyglance_core::test_util::found("keepassxc-cli") {
            let database = pair.path(&format!("{words}.kdbx"));
            pair.ok("keepassxc-cli", &["db-create", "-q", "-p", shown(&database)], &twice(&ana));
            let list = ["ls", "-q", shown(&database)];
            pair.ok("keepassxc-cli", &list, &twice(&bo));
            for wrong in &wrong {
                pair.fails("keepassxc-cli", &list, &twice(wrong));
            }
            passed("keepassxc-cli (typed words)");
        }
        if keyglance_core::test_util::found("7z") {
            pair.write("letter", LETTER);
            let archive = format!("{words}.7z");
            pair.ok("7z", &["a", "-p", "-mhe=on", &archive, "letter"], &twice(&ana));
            let open = ["x", "-so", &archive, "letter"];
            assert!(contains(&pair.ok("7z", &open, &twice(&bo)), LETTER));
            for wrong in &wrong {
                pair.fails("7z", &open, &twice(wrong));
            }
            passed("7z");
        }
        if keyglance_core::test_util::found("cryptsetup") {
            std::fs::File::create(pair.path("disk")).unwrap().set_len(20 << 20).unwrap();
            let format = [
                "luksFormat",
                "-q",
                "--pbkdf",
                "pbkdf2",
                "--pbkdf-force-iterations",
                "1000",
                "disk",
            ];
            pair.ok("cryptsetup", &format, &twice(&ana));
            let open = ["open", "--test-passphrase", "disk"];
            pair.ok("cryptsetup", &open, &twice(&bo));
            for wrong in &wrong {
                pair.fails("cryptsetup", &open, &twice(wrong));
            }
            passed("cryptsetup (typed words)");
        }
    }
}

#[test]
#[ignore = "slow: make interop runs it"]
fn keepassxc() {
    need!("keepassxc-cli");
    let pair = Pair::new();
    let files = pair.files("keepassxc");
    let here = &[("DATABASE", "letters"), ("NEW", "new/key.keyx")];
    files.ana.ok("keepassxc-cli db-create --set-key-file {file} DATABASE.kdbx", here);
    let letter = std::str::from_utf8(LETTER).unwrap();
    let first = |verb, file: &str| {
        [verb, "-q", "--no-password", "-k", file, "letters.kdbx"].map(str::to_owned)
    };
    let add = [&first("add", &files.ana.shown())[..], &["letter", "-u", letter].map(str::to_owned)];
    pair.ok("keepassxc-cli", &add.concat(), b"");
    let list = "keepassxc-cli ls --no-password --key-file {file} DATABASE.kdbx";
    assert!(contains(&files.bo.ok(list, here), b"letter"));
    for wrong in files.wrong_ones() {
        wrong.fails(list, here);
    }
    let show =
        [&first("show", &files.bo.shown())[..], &["letter", "-a", "UserName"].map(str::to_owned)];
    assert!(contains(&pair.ok("keepassxc-cli", &show.concat(), b""), LETTER));
    let new = pair.new_file("keepassxc");
    files.bo.ok(
        "keepassxc-cli db-edit --no-password --key-file {file} --set-key-file NEW DATABASE.kdbx",
        here,
    );
    files.ana.fails(list, here);
    new.ok(list, here);
    passed("keepassxc-cli");
}
