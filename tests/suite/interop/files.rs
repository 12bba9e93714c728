//! Programs that lock single files.

use super::{LETTER, Pair, contains, failed, need, passed, succeeded, text};

const SEAL: &str = "age -R {file}.pub -o SECRET.age SECRET";
const OPEN: &str = "age -d -i {file} SECRET.age";
const LETTER_HERE: &[(&str, &str)] = &[("SECRET", "letter")];

/// age in Go and in Rust take the same arguments.
#[test]
fn age_and_rage() {
    for program in ["age", "rage"] {
        if !keyglance_core::test_util::found(program) {
            continue;
        }
        let pair = Pair::new();
        pair.stand_in("age", &format!("exec $(PATH=${{PATH#*:}} command -v {program}) \"$@\""));
        pair.write("letter", LETTER);
        let files = pair.files("age");
        files.ana.ok(SEAL, LETTER_HERE);
        let sealed = std::fs::read(pair.path("letter.age")).unwrap();
        assert!(!contains(&sealed, LETTER));
        assert_eq!(files.bo.ok(OPEN, LETTER_HERE), LETTER);
        for wrong in files.wrong_ones() {
            wrong.fails(OPEN, LETTER_HERE);
        }
        passed(program);
    }
}

/// age has post-quantum identities from 1.3 on.
#[test]
fn age_with_post_quantum_identities() {
    need!("age");
    let pair = Pair::new();
    let version = String::from_utf8(pair.ok("age", &["--version"], b"")).unwrap();
    let mut numbers = version.trim().trim_start_matches('v').split(['.', '-', '+']);
    let mut number = || numbers.next().and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    if (number(), number()) < (1, 3) {
        println!("skipped: age 1.3 not found");
        return;
    }
    let files = pair.files("age-pq");
    pair.write("letter", LETTER);
    files.ana.ok(SEAL, LETTER_HERE);
    assert_eq!(files.bo.ok(OPEN, LETTER_HERE), LETTER);
    for wrong in files.wrong_ones() {
        wrong.fails(OPEN, LETTER_HERE);
    }
    passed("age (post-quantum)");
}

/// What the program seals, the export opens, whichever of the two sealed it.
#[test]
fn age_and_rage_with_sealed_files() {
    for program in ["age", "rage"] {
        if !keyglance_core::test_util::found(program) {
            continue;
        }
        let pair = Pair::new();
        pair.stand_in("age", &format!("exec $(PATH=${{PATH#*:}} command -v {program}) \"$@\""));
        let files = pair.files("sealed-files");
        for side in [0, 1] {
            pair.write("letter.age", pair.seal(side, LETTER));
            assert_eq!(files.bo.ok(OPEN, LETTER_HERE), LETTER);
            assert_eq!(files.ana.ok(OPEN, LETTER_HERE), LETTER);
            for wrong in files.wrong_ones() {
                wrong.fails(OPEN, LETTER_HERE);
            }
        }
        passed(&format!("{program} (sealed files)"));
    }
}

#[test]
fn openssl_enc() {
    need!("openssl");
    let pair = Pair::new();
    let files = pair.files("openssl");
    pair.write("letter", LETTER);
    files.ana.ok(
        "openssl enc -aes-256-cbc -pbkdf2 -pass file:{file} -in SECRET -out SECRET.enc",
        LETTER_HERE,
    );
    let open = "openssl enc -d -aes-256-cbc -pbkdf2 -pass file:{file} -in SECRET.enc -out SECRET";
    std::fs::remove_file(pair.path("letter")).unwrap();
    files.bo.ok(open, LETTER_HERE);
    assert_eq!(text(&pair.path("letter")).as_bytes(), LETTER);
    for wrong in files.wrong_ones() {
        // Without authentication one wrong key in 256 gives rubbish, and no error.
        wrong.run(open, LETTER_HERE, b"");
        assert!(!contains(&std::fs::read(pair.path("letter")).unwrap(), LETTER));
    }
    passed("openssl enc");
}

#[test]
fn openssl_x25519() {
    need!("openssl");
    let pair = Pair::new();
    let files = pair.files("pem-x25519");
    pair.ok("openssl", &["genpkey", "-algorithm", "x25519", "-out", "guest.pem"], b"");
    pair.ok("openssl", &["pkey", "-in", "guest.pem", "-pubout", "-out", "guest.pub"], b"");
    pair.ok("cp", &["guest.pub", "guest.pub.pem"], b"");
    // A guest who has the public half agrees with whichever device answers.
    let public = format!("{}.pub", files.ana.file());
    let args = ["pkeyutl", "-derive", "-inkey", "guest.pem", "-peerkey", &public];
    let guest = pair.ok("openssl", &args, b"");
    assert_eq!(guest.len(), 32);
    let derive = "openssl pkeyutl -derive -inkey {file} -peerkey THEIRS.pem -out SECRET";
    for (told, same) in
        [(&files.ana, true), (&files.bo, true), (&files.wrong, false), (&files.stranger, false)]
    {
        told.ok(derive, &[("THEIRS", "guest.pub"), ("SECRET", "agreed")]);
        assert_eq!(std::fs::read(pair.path("agreed")).unwrap() == guest, same);
    }
    passed("openssl pkeyutl");
}

#[test]
fn gnupg() {
    need!("gpg");
    let pair = Pair::new();
    let files = pair.files("gpg");
    pair.write("letter", LETTER);
    pair.make_folder(".gnupg");
    pair.ok("chmod", &["700", ".gnupg"], b"");
    // Its own count takes a second each; and a key that was used is remembered for a while.
    pair.write(".gnupg/gpg.conf", "s2k-count 1024\nno-symkey-cache\n");
    files
        .ana
        .ok("gpg --batch --pinentry-mode loopback --passphrase-file {file} -c SECRET", LETTER_HERE);
    std::fs::remove_file(pair.path("letter")).unwrap();
    let open =
        "gpg --batch --pinentry-mode loopback --passphrase-file {file} -o SECRET -d SECRET.gpg";
    for wrong in files.wrong_ones() {
        wrong.fails(open, LETTER_HERE);
    }
    files.bo.ok(open, LETTER_HERE);
    assert_eq!(text(&pair.path("letter")).as_bytes(), LETTER);
    // Its agent would stay behind.
    pair.run("gpgconf", &["--kill", "all"], b"");
    passed("gpg");
}

#[test]
#[ignore = "slow: make interop runs it"]
fn ansible_vault() {
    need!("ansible-vault");
    let pair = Pair::new();
    let files = pair.files("ansible-vault");
    let here = &[("SECRET", "letter"), ("NEW", "new/key.vault-password")];
    pair.write("letter.yml", LETTER);
    let letter = || std::fs::read(pair.path("letter.yml")).unwrap();
    files.ana.ok("ansible-vault encrypt --vault-password-file {file} SECRET.yml", here);
    assert!(letter().starts_with(b"$ANSIBLE_VAULT") && !contains(&letter(), LETTER));
    let open = "ansible-vault decrypt --vault-password-file {file} SECRET.yml";
    let rekey =
        "ansible-vault rekey --vault-password-file {file} --new-vault-password-file NEW SECRET.yml";
    let new = pair.new_file("ansible-vault");
    for wrong in files.wrong_ones() {
        wrong.fails(open, here);
        wrong.fails(rekey, here);
    }
    files.bo.ok(rekey, here);
    files.bo.fails(open, here);
    new.ok(open, here);
    assert_eq!(letter(), LETTER);
    passed("ansible-vault");
}

#[test]
fn jose() {
    need!("jose");
    let pair = Pair::new();
    let files = pair.files("jwk");
    pair.write("letter", LETTER);
    files.ana.ok("jose jwe enc -I SECRET -k {file} -o SECRET.jwe", LETTER_HERE);
    std::fs::remove_file(pair.path("letter")).unwrap();
    let open = "jose jwe dec -i SECRET.jwe -k {file} -O SECRET";
    for wrong in files.wrong_ones() {
        wrong.fails(open, LETTER_HERE);
    }
    files.bo.ok(open, LETTER_HERE);
    assert_eq!(text(&pair.path("letter")).as_bytes(), LETTER);
    // The key's name is its thumbprint, as another program counts it.
    let thumbprint = pair.ok("jose", &["jwk", "thp", "-i", &files.ana.shown()], b"");
    let jwk: serde_json::Value = serde_json::from_str(&files.ana.text()).unwrap();
    assert_eq!(jwk["kid"], String::from_utf8(thumbprint).unwrap().trim());
    passed("jose");
}

#[test]
#[ignore = "slow: make interop runs it"]
fn git_crypt() {
    need!("git", "git-crypt");
    let pair = Pair::new();
    let files = pair.files("git-crypt");
    let git = |folder: &str, args: &[&str]| {
        let who = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-C", folder];
        pair.ok("git", &[&who[..], args].concat(), b"")
    };
    let unlock = "cd REPOSITORY && git-crypt unlock {full}";
    git(".", &["init", "-q", "-b", "main", "one"]);
    files.ana.ok(unlock, &[("REPOSITORY", "one")]);
    pair.make_folder("one/secret");
    let told = "In its .gitattributes, once: secret/** filter=git-crypt diff=git-crypt (never git-crypt init, which makes a key of its own)";
    let line = files.ana.line(told).split_once(": ").unwrap().1.split_once(" (").unwrap().0;
    pair.write("one/.gitattributes", format!("{line}\n"));
    pair.write("one/secret/letter", LETTER);
    git("one", &["add", "."]);
    git("one", &["commit", "-q", "-m", "A letter"]);
    assert!(!contains(&git("one", &["cat-file", "blob", "HEAD:secret/letter"]), LETTER));
    for (folder, told) in [("two", &files.bo), ("three", &files.wrong), ("four", &files.stranger)] {
        git(".", &["clone", "-q", "one", folder]);
        let letter = || std::fs::read(pair.path(folder).join("secret/letter"));
        assert_ne!(letter().unwrap(), LETTER);
        let run = told.run(unlock, &[("REPOSITORY", folder)], b"");
        if folder == "two" {
            succeeded("git-crypt", run);
            assert_eq!(letter().unwrap(), LETTER);
        } else {
            // git takes the file away before its filter finds that it cannot bring it back.
            failed("git-crypt", &run);
            assert!(letter().is_err());
        }
    }
    passed("git-crypt");
}

/// Both texts of the 32 bytes, as a program of one's own gets them.
#[test]
fn digits_and_letters_of_the_raw_key() {
    need!("xxd", "base64");
    let pair = Pair::new();
    let raw = pair.files("raw");
    let hex = pair.files("hex");
    let base64 = pair.files("base64");
    let places = &[("PROGRAM", "cat")];
    let bytes = std::fs::read(raw.ana.path()).unwrap();
    assert_eq!(bytes.len(), 32);
    for (told, same) in [(&hex.ana, true), (&hex.bo, true), (&hex.wrong, false)] {
        assert_eq!(told.ok("xxd -r -p {file} | PROGRAM", places) == bytes, same);
    }
    for (told, same) in [(&base64.ana, true), (&base64.bo, true), (&base64.stranger, false)] {
        assert_eq!(told.ok("base64 -d {file} | PROGRAM", places) == bytes, same);
    }
    passed("xxd");
    passed("base64");
}

/// Another profile takes the whole key.
#[test]
fn another_keyglance() {
    let pair = Pair::new();
    let files = pair.files("keyglance");
    pair.stand_in("keyglance", &format!("exec '{}' \"$@\"", env!("CARGO_BIN_EXE_keyglance")));
    let checked = files.bo.ok("keyglance keys check {file}", &[]);
    assert!(!checked.is_empty());
    for (told, profile) in [(&files.ana, "one"), (&files.bo, "two"), (&files.stranger, "three")] {
        let mut import = told.shell("keyglance import {file}", &[]);
        import.env("KEYGLANCE_PROFILE", pair.path(profile));
        succeeded("keyglance import", super::finish(&mut import, b""));
    }
    let raw = |profile: &str| {
        let mut command = pair.program("keyglance");
        command.env("KEYGLANCE_PROFILE", pair.path(profile));
        let keys = super::finish(command.args(["keys", "list", "--json"]), b"").stdout;
        let keys: serde_json::Value = serde_json::from_slice(&keys).unwrap();
        let id = keys["keys"][0]["key_id"].as_str().unwrap().to_owned();
        let mut command = pair.program("keyglance");
        command.env("KEYGLANCE_PROFILE", pair.path(profile));
        let args = ["export", &id, "--for", "hex", "--plain", "--out", "-"];
        succeeded("keyglance export", super::finish(command.args(args), b""))
    };
    assert_eq!(raw("one"), raw("two"));
    assert_ne!(raw("one"), raw("three"));
    passed("keyglance");
}

/// Other readers see what we drew, network names with accents included.
#[test]
fn other_readers_read_our_codes() {
    let has_zbar = keyglance_core::test_util::found("zbarimg");
    let has_zxing = keyglance_core::test_util::found("ZXingReader");
    let pair = Pair::new();
    let names = [
        "User\u{2019}s Wi-Fi",
        "Caf\u{e9} Zo\u{eb}",
        "\u{30ab}\u{30d5}\u{30a7}",
        "\u{1f98a} guest",
        "Ana; \"5\"",
    ];
    let mut wanted: Vec<(&str, Vec<&str>)> =
        names.iter().map(|name| ("wifi", vec!["--ssid", name])).collect();
    wanted.push(("meshtastic", vec![]));
    wanted.push(("meshtastic", vec!["--channel", "Zo\u{eb}"]));
    wanted.push(("meshcore", vec!["--channel", "Zo\u{eb} & Bo"]));
    wanted.push(("wireguard", vec!["--own-devices"]));
    wanted.push(("age", vec![]));
    wanted.push(("words", vec![]));
    wanted.push(("passphrase", vec![]));
    for (number, (target, more)) in wanted.iter().enumerate() {
        let picture = format!("{number}.png");
        let args = ["code", "Ana", "--for", target, "--out", &picture];
        let mut command = pair.homes[1].command(args.iter().chain(more));
        let run = crate::program::Running::start(command.current_dir(pair.path(""))).end();
        assert!(run.ended(0).text().contains("This code is the secret"));
        let file = pair.told(1, target, &format!("{number}"), more);
        let content = std::fs::read(file.path()).unwrap();
        if has_zbar {
            let read = pair.ok("zbarimg", &["-q", "--raw", "-Sbinary", &picture], b"");
            assert_eq!(read, content, "zbar: {target} {more:?}");
        }
        if has_zxing {
            let said = String::from_utf8(pair.ok("ZXingReader", &[&picture], b"")).unwrap();
            let bytes = said.lines().find_map(|line| line.strip_prefix("Bytes:")).unwrap();
            let bytes: String = bytes.split_whitespace().collect();
            let wanted: String = content.iter().map(|byte| format!("{byte:02X}")).collect();
            assert_eq!(bytes, wanted, "zxing: {target} {more:?}");
        }
    }
    if has_zbar {
        passed("zbarimg");
    }
    if has_zxing {
        passed("ZXingReader");
    }
}

/// Ten paths that a shell takes for something else, in the programs that read them in
/// ways of their own.
#[test]
#[ignore = "slow: make interop runs it"]
fn files_in_ten_odd_folders() {
    const ODD: [&str; 10] = [
        "my dir",
        "it's",
        "say \"hi\"",
        "a$HOME",
        "a;b",
        "back\\slash",
        "`id`",
        "-rf",
        "ünï",
        "a,b",
    ];
    let pair = Pair::new();
    pair.write("letter", LETTER);
    pair.write(".borg", "");
    let letters = pair.letters();
    for (n, folder) in ODD.into_iter().enumerate() {
        let next = ODD[(n + 1) % ODD.len()];
        let repository = format!("repository-{n}");
        let places = [
            ("SECRET", "letter"),
            ("REPOSITORY", repository.as_str()),
            ("FOLDER", letters),
            ("ARCHIVE", "one"),
        ];
        // Of one side in this folder, of the other in the next.
        let both = |program| {
            let of = |side, folder| {
                let folder = format!("{folder}/{side}-{n}");
                pair.told(side, program, &folder, &[])
            };
            [of(0, folder), of(1, next)]
        };
        for (program, locks, opens) in [
            ("age", SEAL, OPEN),
            (
                "openssl",
                "openssl enc -aes-256-cbc -pbkdf2 -pass file:{file} -in SECRET -out SECRET.enc",
                "openssl enc -d -aes-256-cbc -pbkdf2 -pass file:{file} -in SECRET.enc -out SECRET",
            ),
            (
                "gpg",
                "gpg --batch --pinentry-mode loopback --passphrase-file {file} -c SECRET",
                "gpg --batch --pinentry-mode loopback --passphrase-file {file} -o SECRET -d SECRET.gpg",
            ),
            (
                "restic",
                "restic -r REPOSITORY --password-file {file} init",
                "restic -r REPOSITORY --password-file {file} backup FOLDER",
            ),
            (
                "borg",
                "BORG_PASSCOMMAND={cat} borg init -e repokey REPOSITORY",
                "BORG_PASSCOMMAND={cat} borg create REPOSITORY::ARCHIVE FOLDER",
            ),
        ] {
            if !keyglance_core::test_util::found(program) {
                continue;
            }
            let [ana, bo] = both(program);
            let mut places = places;
            if program == "borg" {
                places[1].1 = "borg-here";
                let _ = std::fs::remove_dir_all(pair.path("borg-here"));
            }
            ana.ok(locks, &places);
            if program == "gpg" {
                std::fs::remove_file(pair.path("letter")).unwrap();
            }
            let said = bo.ok(opens, &places);
            match program {
                "age" => assert_eq!(said, LETTER),
                "gpg" | "openssl" => assert_eq!(text(&pair.path("letter")).as_bytes(), LETTER),
                _ => {}
            }
            for ending in ["age", "enc", "gpg"] {
                let _ = std::fs::remove_file(pair.path(&format!("letter.{ending}")));
            }
        }
    }
    pair.run("gpgconf", &["--kill", "all"], b"");
}
