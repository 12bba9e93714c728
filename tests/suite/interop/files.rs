//! Programs that lock files and folders.

use std::path::Path;

use super::{LETTER, Pair, contains, failed, finish, need, passed, shown, succeeded, text};

#[test]
fn age_and_rage() {
    for program in ["age", "rage"] {
        if !keyglance_core::test_util::found(program) {
            continue;
        }
        let pair = Pair::new();
        let files = pair.files("age");
        let recipient = text(&files.ana.with_file_name("0-age-false.pub"));
        let sealed = pair.ok(program, &["-r", recipient.trim()], LETTER);
        assert_eq!(pair.ok(program, &["-d", "-i", shown(&files.bo)], &sealed), LETTER);
        pair.fails(program, &["-d", "-i", shown(&files.wrong)], &sealed);
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
    let public = files.ana.with_file_name("0-age-pq-false.pub");
    let sealed = pair.ok("age", &["-R", shown(&public)], LETTER);
    assert_eq!(pair.ok("age", &["-d", "-i", shown(&files.bo)], &sealed), LETTER);
    pair.fails("age", &["-d", "-i", shown(&files.wrong)], &sealed);
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
        let files = pair.files("sealed-files");
        for side in [0, 1] {
            let sealed = pair.seal(side, LETTER);
            assert_eq!(pair.ok(program, &["-d", "-i", shown(&files.bo)], &sealed), LETTER);
            assert_eq!(pair.ok(program, &["-d", "-i", shown(&files.ana)], &sealed), LETTER);
            pair.fails(program, &["-d", "-i", shown(&files.wrong)], &sealed);
        }
        passed(&format!("{program} (sealed files)"));
    }
}

#[test]
fn openssl_enc() {
    need!("openssl");
    let pair = Pair::new();
    let files = pair.files("passphrase");
    let pass = |file| format!("file:{}", shown(file));
    let args = ["enc", "-aes-256-cbc", "-pbkdf2", "-pass"];
    let sealed = pair.ok("openssl", &[&args[..], &[&pass(&files.ana)]].concat(), LETTER);
    let open = |file| [&args[..], &[&pass(file), "-d"]].concat().join(" ");
    let run = |file| pair.run("openssl", &open(file).split(' ').collect::<Vec<_>>(), &sealed);
    assert_eq!(succeeded("openssl", run(&files.bo)), LETTER);
    // Without authentication one wrong key in 256 gives rubbish, and no error.
    assert!(!contains(&run(&files.wrong).stdout, LETTER));
    passed("openssl (passphrase)");
}

#[test]
fn openssl_x25519() {
    need!("openssl");
    let pair = Pair::new();
    let files = pair.files("pem-x25519");
    pair.ok("openssl", &["genpkey", "-algorithm", "x25519", "-out", "guest.pem"], b"");
    pair.ok("openssl", &["pkey", "-in", "guest.pem", "-pubout", "-out", "guest.pub"], b"");
    let derive = |own: &str, peer: &str| {
        pair.ok("openssl", &["pkeyutl", "-derive", "-inkey", own, "-peerkey", peer], b"")
    };
    // A guest who has the public half agrees with whichever device answers.
    let guest = derive("guest.pem", "0-pem-x25519-false.pub");
    assert_eq!(guest.len(), 32);
    assert_eq!(guest, derive(shown(&files.bo), "guest.pub"));
    assert_ne!(guest, derive(shown(&files.wrong), "guest.pub"));
    passed("openssl (X25519)");
}

#[test]
fn gnupg() {
    need!("gpg");
    let pair = Pair::new();
    let files = pair.files("passphrase");
    let gpg = |file: &std::path::Path, more: &str, input: &[u8]| {
        let mut command = pair.program("gpg");
        command.args(["--batch", "--yes", "--quiet", "--no-symkey-cache"]);
        command.args(["--pinentry-mode", "loopback", "--passphrase-file", shown(file)]);
        finish(command.args(["--s2k-count", "1024"]).arg(more), input)
    };
    let sealed = succeeded("gpg", gpg(&files.ana, "-c", LETTER));
    assert_eq!(succeeded("gpg", gpg(&files.bo, "-d", &sealed)), LETTER);
    failed("gpg", &gpg(&files.wrong, "-d", &sealed));
    // Its agent would stay behind.
    pair.run("gpgconf", &["--kill", "all"], b"");
    passed("gpg");
}

#[test]
fn jose() {
    need!("jose");
    let pair = Pair::new();
    let files = pair.files("jwk");
    let sealed = pair.ok("jose", &["jwe", "enc", "-I", "-", "-k", shown(&files.ana)], LETTER);
    let open = |file| ["jwe", "dec", "-i", "-", "-k", shown(file)];
    assert_eq!(pair.ok("jose", &open(&files.bo), &sealed), LETTER);
    pair.fails("jose", &open(&files.wrong), &sealed);
    // The key's name is its thumbprint, as another program counts it.
    let thumbprint = pair.ok("jose", &["jwk", "thp", "-i", shown(&files.ana)], b"");
    let jwk: serde_json::Value = serde_json::from_str(&text(&files.ana)).unwrap();
    assert_eq!(jwk["kid"], String::from_utf8(thumbprint).unwrap().trim());
    passed("jose");
}

#[test]
fn sqlcipher() {
    need!("sqlcipher");
    let pair = Pair::new();
    let files = pair.files("sqlcipher");
    let sql = |file, more: &str| {
        let script = format!("PRAGMA key = \"{}\";\n{more}\n", text(file));
        pair.run("sqlcipher", &["-bail", "letters.db"], script.as_bytes())
    };
    let letter = String::from_utf8(LETTER.to_vec()).unwrap();
    let insert = format!("CREATE TABLE letters(text); INSERT INTO letters VALUES('{letter}');");
    succeeded("sqlcipher", sql(&files.ana, &insert));
    let select = "SELECT text FROM letters;";
    assert!(contains(&succeeded("sqlcipher", sql(&files.bo, select)), LETTER));
    failed("sqlcipher", &sql(&files.wrong, select));
    let stored = std::fs::read(pair.path("letters.db")).unwrap();
    assert!(!contains(&stored, LETTER), "it is not encrypted at all");
    passed("sqlcipher");
}

#[test]
fn cryptsetup() {
    need!("cryptsetup");
    let pair = Pair::new();
    let files = pair.files("raw");
    std::fs::File::create(pair.path("disk")).unwrap().set_len(20 << 20).unwrap();
    let format = ["luksFormat", "-q", "--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000"];
    pair.ok("cryptsetup", &[&format[..], &["disk", shown(&files.ana)]].concat(), b"");
    let open = |file| ["open", "--test-passphrase", "--key-file", shown(file), "disk"];
    pair.ok("cryptsetup", &open(&files.bo), b"");
    pair.fails("cryptsetup", &open(&files.wrong), b"");
    passed("cryptsetup");
}

#[test]
#[ignore = "slow: make interop runs it"]
fn restic() {
    need!("restic");
    let pair = Pair::new();
    let files = pair.files("passphrase");
    pair.write("letter", LETTER);
    let restic = |file, more: &[&str]| {
        let first = ["--no-cache", "-q", "-r", "repository", "--password-file", shown(file)];
        pair.run("restic", &[&first[..], more].concat(), b"")
    };
    succeeded("restic", restic(&files.ana, &["init"]));
    succeeded("restic", restic(&files.ana, &["backup", "letter"]));
    let dump = succeeded("restic", restic(&files.bo, &["dump", "latest", "letter"]));
    assert_eq!(dump, LETTER);
    failed("restic", &restic(&files.wrong, &["dump", "latest", "letter"]));
    passed("restic");
}

#[test]
#[ignore = "slow: make interop runs it"]
fn borg() {
    need!("borg");
    let pair = Pair::new();
    let files = pair.files("passphrase");
    pair.write("letter", LETTER);
    let borg = |file, args: &[&str]| {
        let mut command = pair.program("borg");
        command.env("BORG_PASSCOMMAND", format!("cat {}", shown(file)));
        // Once it is unlocked, nothing of it may stay in a cache.
        command.env("BORG_BASE_DIR", pair.path("borg")).args(args);
        finish(&mut command, b"")
    };
    succeeded("borg", borg(&files.ana, &["init", "-e", "repokey", "repository"]));
    succeeded("borg", borg(&files.ana, &["create", "repository::letters", "letter"]));
    let extract = ["extract", "--stdout", "repository::letters", "letter"];
    assert_eq!(succeeded("borg", borg(&files.bo, &extract)), LETTER);
    failed("borg", &borg(&files.wrong, &extract));
    passed("borg");
}

#[test]
#[ignore = "slow: make interop runs it"]
fn gocryptfs() {
    need!("gocryptfs");
    let pair = Pair::new();
    let files = pair.files("passphrase");
    for folder in ["cipher", "plain"] {
        std::fs::create_dir(pair.path(folder)).unwrap();
    }
    let gocryptfs = |file, args: &[&str]| {
        pair.run("gocryptfs", &[&["-q", "-passfile", shown(file)], args].concat(), b"")
    };
    succeeded("gocryptfs", gocryptfs(&files.ana, &["-init", "-scryptn", "10", "cipher"]));
    failed("gocryptfs", &gocryptfs(&files.wrong, &["-fsck", "cipher"]));
    let mounted = gocryptfs(&files.ana, &["cipher", "plain"]);
    if mounted.status.success() {
        pair.write("plain/letter", LETTER);
        pair.ok("fusermount", &["-u", "plain"], b"");
        failed("gocryptfs", &gocryptfs(&files.wrong, &["cipher", "plain"]));
        succeeded("gocryptfs", gocryptfs(&files.bo, &["cipher", "plain"]));
        let letter = std::fs::read(pair.path("plain/letter")).unwrap();
        pair.ok("fusermount", &["-u", "plain"], b"");
        assert_eq!(letter, LETTER);
    } else {
        println!("skipped: gocryptfs may not mount here, only its key is opened");
        succeeded("gocryptfs", gocryptfs(&files.bo, &["-fsck", "cipher"]));
    }
    passed("gocryptfs");
}

/// A cloud that is a folder here, and never holds a plain name or byte.
#[test]
#[ignore = "slow: make interop runs it"]
fn rclone() {
    need!("rclone");
    let pair = Pair::new();
    let cloud = pair.path("cloud");
    let remote = ["--remote", shown(&cloud)];
    let files = pair.files_with("rclone", [&remote, &remote]);
    let rclone = |file: &Path, args: &[&str]| {
        pair.run("rclone", &[&["--config", shown(file)], args].concat(), b"")
    };
    std::fs::create_dir(pair.path("plain")).unwrap();
    pair.write("plain/letter.txt", LETTER);
    succeeded("rclone", rclone(&files.ana, &["copy", "plain", "keyglance:"]));
    assert_eq!(succeeded("rclone", rclone(&files.bo, &["cat", "keyglance:letter.txt"])), LETTER);
    let wrong = rclone(&files.wrong, &["cat", "keyglance:letter.txt"]);
    assert!(!contains(&wrong.stdout, LETTER), "another purpose's key reads nothing");
    failed(
        "rclone",
        &rclone(&files.wrong, &["lsf", "--error-on-no-transfer", "keyglance:letter.txt"]),
    );
    for entry in std::fs::read_dir(&cloud).unwrap() {
        let entry = entry.unwrap();
        assert!(!entry.file_name().to_string_lossy().contains("letter"));
        assert!(!contains(&std::fs::read(entry.path()).unwrap(), LETTER));
    }
    passed("rclone");
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
    let unlock = |folder: &str, file: &Path| {
        let mut command = pair.program("git-crypt");
        command.arg("unlock").arg(file).current_dir(pair.path(folder));
        finish(&mut command, b"")
    };
    git(".", &["init", "-q", "-b", "main", "one"]);
    succeeded("git-crypt", unlock("one", &files.ana));
    std::fs::create_dir(pair.path("one/secret")).unwrap();
    pair.write("one/.gitattributes", "secret/** filter=git-crypt diff=git-crypt\n");
    pair.write("one/secret/letter", LETTER);
    git("one", &["add", "."]);
    git("one", &["commit", "-q", "-m", "A letter"]);
    assert!(!contains(&git("one", &["cat-file", "blob", "HEAD:secret/letter"]), LETTER));
    for (folder, file) in [("two", &files.bo), ("three", &files.wrong)] {
        git(".", &["clone", "-q", "one", folder]);
        assert_ne!(std::fs::read(pair.path(folder).join("secret/letter")).unwrap(), LETTER);
        let run = unlock(folder, file);
        let letter = std::fs::read(pair.path(folder).join("secret/letter"));
        if folder == "two" {
            succeeded("git-crypt", run);
            assert_eq!(letter.unwrap(), LETTER);
        } else {
            // git takes the file away before its filter finds that it cannot bring it back.
            failed("git-crypt", &run);
            assert!(letter.is_err());
        }
    }
    passed("git-crypt");
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
    let [ana, bo, wrong] = [&files.ana, &files.bo, &files.wrong].map(|file| codes(file));
    assert_eq!([ana.len(), bo.len()], [2, 2]);
    assert!(ana[0] == bo[1] && ana[1] == bo[0] && ana[0] != ana[1]);
    assert!(!wrong.contains(&ana[0]) && !wrong.contains(&ana[1]));
    passed("oathtool");
}

/// Typed, as any password.
#[test]
#[ignore = "slow: make interop runs it"]
fn words() {
    need!("keepassxc-cli");
    let pair = Pair::new();
    let [twelve, more] = [vec![], vec!["--words", "24"]];
    for count in [&twelve, &more] {
        let files = pair.files_with("words", [count, count]);
        let [ana, bo, wrong] = [&files.ana, &files.bo, &files.wrong].map(|file| text(file));
        assert_eq!(ana.split(' ').count(), if count.is_empty() { 12 } else { 24 });
        let database = pair.path(&format!("{}.kdbx", count.len()));
        let typed = |words: &str| format!("{words}\n{words}\n").into_bytes();
        pair.ok("keepassxc-cli", &["db-create", "-q", "-p", shown(&database)], &typed(&ana));
        let list = ["ls", "-q", shown(&database)];
        pair.ok("keepassxc-cli", &list, &typed(&bo));
        pair.fails("keepassxc-cli", &list, &typed(&wrong));
        for file in [&files.ana, &files.bo, &files.wrong] {
            std::fs::remove_file(file).unwrap();
        }
    }
    passed("keepassxc-cli (typed words)");
}

#[test]
#[ignore = "slow: make interop runs it"]
fn keepassxc() {
    need!("keepassxc-cli");
    let pair = Pair::new();
    let files = pair.files("keepassxc");
    let cli = "keepassxc-cli";
    pair.ok(cli, &["db-create", "-q", "--set-key-file", shown(&files.ana), "db.kdbx"], b"");
    let letter = std::str::from_utf8(LETTER).unwrap();
    let first = |verb, file| [verb, "-q", "--no-password", "-k", shown(file), "db.kdbx"];
    pair.ok(cli, &[&first("add", &files.ana)[..], &["letter", "-u", letter]].concat(), b"");
    let show = |file| [&first("show", file)[..], &["letter", "-a", "UserName"]].concat();
    assert!(contains(&pair.ok(cli, &show(&files.bo), b""), LETTER));
    pair.fails(cli, &show(&files.wrong), b"");
    passed("keepassxc-cli");
}

/// Not an export's file, but its code: another reader sees what we drew.
#[test]
fn zbar_reads_our_codes() {
    need!("zbarimg");
    let pair = Pair::new();
    let wanted: [(&str, &[&str]); 3] = [
        ("wifi", &["--ssid", "Ana; \"5\""]),
        ("meshtastic", &[]),
        ("wireguard", &["--own-devices"]),
    ];
    for (target, more) in wanted {
        let file = pair.export(0, target, more);
        let picture = pair.path(&format!("{target}.png"));
        let args = ["code", "Ana", "--for", target, "--out", shown(&picture)];
        let side_two = pair.homes[1].run(args.iter().chain(more)).ended(0);
        assert!(side_two.text().contains("This code is the secret"));
        let read = pair.ok("zbarimg", &["-q", "--raw", "-Sbinary", shown(&picture)], b"");
        if target == "wireguard" {
            let own = pair.export(1, target, more);
            assert_eq!(read, std::fs::read(own).unwrap());
        } else {
            assert_eq!(read, std::fs::read(file).unwrap(), "{target}");
        }
    }
    passed("zbarimg");
}
