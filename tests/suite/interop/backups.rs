//! Programs that keep backups.

use super::{LETTER, Pair, contains, failed, finish, need, passed, succeeded};

#[test]
#[ignore = "slow: make interop runs it"]
fn restic() {
    need!("restic");
    let pair = Pair::new();
    let files = pair.files("restic");
    let here =
        &[("REPOSITORY", "repository"), ("FOLDER", pair.letters()), ("NEW", "new/key.restic")];
    let out = &[("REPOSITORY", "repository"), ("FOLDER", "out")];
    let back_up = "restic -r REPOSITORY --password-file {file} backup FOLDER";
    let restore = "restic -r REPOSITORY --password-file {file} restore latest --target FOLDER";
    files.ana.ok("restic -r REPOSITORY --password-file {file} init", here);
    files.ana.ok(back_up, here);
    for wrong in files.wrong_ones() {
        wrong.fails(back_up, here);
        wrong.fails(restore, out);
    }
    files.bo.ok(restore, out);
    let restored = crate::program::files(&pair.path("out"));
    assert_eq!(std::fs::read(&restored[0]).unwrap(), LETTER);
    // Renewed, the old file is of no use.
    let new = pair.new_file("restic");
    files
        .bo
        .ok("restic -r REPOSITORY --password-file {file} key passwd --new-password-file NEW", here);
    files.ana.fails(back_up, here);
    new.ok(back_up, here);
    passed("restic");
}

#[test]
#[ignore = "slow: make interop runs it"]
fn borg() {
    need!("borg");
    let pair = Pair::new();
    let files = pair.files("borg");
    let archive = |name: &'static str| {
        [
            ("REPOSITORY", "repository"),
            ("ARCHIVE", name),
            ("FOLDER", pair.letters()),
            ("NEW", "new/key.borg"),
        ]
    };
    let create = "BORG_PASSCOMMAND={cat} borg create REPOSITORY::ARCHIVE FOLDER";
    let extract = "BORG_PASSCOMMAND={cat} borg extract REPOSITORY::ARCHIVE";
    files.ana.ok("BORG_PASSCOMMAND={cat} borg init -e repokey REPOSITORY", &archive(""));
    files.ana.ok(create, &archive("one"));
    files.bo.ok(create, &archive("two"));
    std::fs::remove_dir_all(pair.path("letters")).unwrap();
    for wrong in files.wrong_ones() {
        wrong.fails(extract, &archive("one"));
        std::fs::remove_dir_all(pair.path("letters")).unwrap_or_default();
    }
    let one = archive("one");
    std::fs::remove_dir_all(pair.path("letters")).unwrap();
    files.bo.ok(extract, &one);
    assert_eq!(std::fs::read(pair.path("letters/letter")).unwrap(), LETTER);
    let new = pair.new_file("borg");
    files.bo.ok(
        "BORG_PASSCOMMAND={cat} BORG_NEW_PASSPHRASE=\"$(cat NEW)\" borg key change-passphrase REPOSITORY",
        &archive(""),
    );
    files.ana.fails(create, &archive("three"));
    new.ok(create, &archive("three"));
    passed("borg");
}

#[test]
#[ignore = "slow: make interop runs it"]
fn duplicity() {
    need!("duplicity", "gpg");
    let pair = Pair::new();
    let files = pair.files("duplicity");
    let url = format!("file://{}", pair.path("backup").display());
    pair.letters();
    let back_up = "PASSPHRASE=\"$(cat {file})\" duplicity FOLDER URL";
    let restore = "PASSPHRASE=\"$(cat {file})\" duplicity restore URL FOLDER";
    files.ana.ok(back_up, &[("FOLDER", "letters"), ("URL", &url)]);
    for stored in crate::program::files(&pair.path("backup")) {
        assert!(!contains(&std::fs::read(&stored).unwrap(), LETTER), "{stored:?}");
    }
    // What one side remembers of the backup in plain, the other does not have.
    let forget = || std::fs::remove_dir_all(pair.path(".cache/duplicity")).unwrap();
    for wrong in files.wrong_ones() {
        forget();
        wrong.fails(restore, &[("FOLDER", "out"), ("URL", &url)]);
    }
    forget();
    let _ = std::fs::remove_dir_all(pair.path("out"));
    files.bo.ok(restore, &[("FOLDER", "out"), ("URL", &url)]);
    assert_eq!(std::fs::read(pair.path("out/letter")).unwrap(), LETTER);
    pair.run("gpgconf", &["--kill", "all"], b"");
    passed("duplicity");
}

/// A cloud that is a folder here, and never holds a plain name or byte.
#[test]
#[ignore = "slow: make interop runs it"]
fn rclone() {
    need!("rclone");
    let pair = Pair::new();
    let cloud = pair.path("cloud");
    let remote = ["--remote", super::shown(&cloud)];
    let files = pair.files_with("rclone", [&remote, &remote]);
    files.ana.ok("rclone --config {file} copy FOLDER keyglance:", &[("FOLDER", pair.letters())]);
    for entry in std::fs::read_dir(&cloud).unwrap() {
        let entry = entry.unwrap();
        assert!(!entry.file_name().to_string_lossy().contains("letter"));
        assert!(!contains(&std::fs::read(entry.path()).unwrap(), LETTER));
    }
    let back = "rclone --config {file} copy keyglance: FOLDER";
    files.bo.ok(back, &[("FOLDER", "out")]);
    assert_eq!(std::fs::read(pair.path("out/letter")).unwrap(), LETTER);
    for (n, wrong) in files.wrong_ones().into_iter().enumerate() {
        // It skips names that it cannot read, and calls that no error.
        let out = format!("wrong-{n}");
        wrong.run(back, &[("FOLDER", &out)], b"");
        assert!(crate::program::files(&pair.path(&out)).is_empty());
        let mut command = pair.program("rclone");
        let config = wrong.shown();
        command.args(["--config", &config, "lsf", "--error-on-no-transfer", "keyglance:letter"]);
        failed("rclone", &finish(&mut command, b""));
    }
    // As rclone itself sees the passwords: those of both sides are the same.
    let shown = |file: &str| {
        let args = ["--config", file, "config", "show", "keyglance"];
        succeeded("rclone", pair.run("rclone", &args, b""))
    };
    assert_eq!(shown(&files.ana.shown()), shown(&files.bo.shown()));
    passed("rclone");
}
