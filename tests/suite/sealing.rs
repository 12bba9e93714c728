//! Files sealed with a pair's key: by us, by age, and by nobody else.

use std::path::Path;
use std::process::Command;

use crate::program::{Home, Running, files, paired};
use keyglance_capture::test_util::found;

/// More than one of age's chunks, and of our blocks.
fn long() -> Vec<u8> {
    (0..3_000_000_u32).flat_map(u32::to_le_bytes).take(3_000_001).collect()
}

#[test]
fn one_seals_and_the_other_opens() {
    let [ana, bo] = paired();
    for (name, content) in [("empty", vec![]), ("letter.txt", b"Noon.".to_vec()), ("film", long())]
    {
        ana.write(name, &content);
        ana.run(["seal", name, "--for", "Bo"]).ended(0);
        assert_eq!(std::fs::read(ana.path(name)).unwrap(), content, "the original is kept");
        let sealed = format!("{name}.age");
        std::fs::copy(ana.path(&sealed), bo.path(&sealed)).unwrap();
        let told = bo.run(["open", &sealed, "--json"]).ended(0).json();
        assert_eq!((&told["contact"], &told["trust"]), (&"Ana".into(), &"verified".into()));
        assert_eq!(told["bytes"], content.len());
        assert_eq!(std::fs::read(bo.path(name)).unwrap(), content);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(bo.path(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "what was secret stays so");
        }
    }
}

#[test]
fn age_opens_what_we_seal_and_we_open_what_age_seals() {
    if !found("age") {
        return;
    }
    let [ana, bo] = paired();
    for purpose in ["", "office"] {
        let out = format!("key-{purpose}");
        let export =
            ["export", "Ana", "--for", "age", "--plain", "--purpose", purpose, "--out", &out];
        bo.run(export).ended(0);
        let letter = format!("letter-{purpose}");
        ana.write(&letter, long());
        ana.run(["seal", &letter, "--for", "Bo", "--purpose", purpose]).ended(0);
        let sealed = ana.path(&format!("{letter}.age"));
        let age = |args: &[&Path]| {
            let run = Command::new("age").args(args).output().unwrap();
            assert!(run.status.success(), "{run:?}");
            run.stdout
        };
        let opened = age(&["-d".as_ref(), "-i".as_ref(), &bo.path(&out), &sealed]);
        assert_eq!(opened, long());

        let recipients = bo.path(&format!("{out}.pub"));
        let theirs = ana.path(&format!("theirs-{purpose}.age"));
        age(&["-R".as_ref(), &recipients, "-o".as_ref(), &theirs, &ana.path(&letter)]);
        ana.run(["open", theirs.to_str().unwrap(), "--purpose", purpose]).ended(0);
        assert_eq!(std::fs::read(theirs.with_extension("")).unwrap(), long());
        // Bo exported for this purpose, so that nobody needs to name it.
        std::fs::copy(&sealed, bo.path(&format!("{letter}.age"))).unwrap();
        bo.run(["open", &format!("{letter}.age")]).ended(0);
    }
}

#[test]
fn nothing_half_written_and_nothing_replaced() {
    let [ana, bo] = paired();
    ana.write("film", long());
    ana.run(["seal", "film", "--for", "Bo", "--out", "sealed"]).ended(0);
    let sealed = std::fs::read(ana.path("sealed")).unwrap();
    let before = |home: &Home| files(home.path("").as_path()).len();
    let there = before(&bo);
    let mut flipped = sealed.clone();
    let middle = flipped.len() - 100_000;
    flipped[middle] ^= 1;
    let many = [&sealed[..], b"more"].concat();
    for bad in [
        &sealed[..sealed.len() - 1],
        &sealed[..2_000_000],
        &sealed[..30],
        &flipped,
        &many,
        b"",
        b"age-encryption.org/v1\n",
    ] {
        bo.write("film.age", bad);
        let run = bo.run(["open", "film.age"]).ended(1);
        assert!(run.err.contains("damaged") || run.err.contains("not an age file"), "{run:?}");
        assert_eq!(before(&bo), there + 1, "only what we wrote is there");
    }
    // What is there stays there.
    bo.write("film.age", &sealed);
    bo.write("film", "another film");
    let run = bo.run(["open", "film.age"]).ended(1);
    assert!(run.err.contains("already there"), "{run:?}");
    assert_eq!(std::fs::read(bo.path("film")).unwrap(), b"another film");
    bo.run(["open", "film.age", "--out", "ours"]).ended(0);
    assert_eq!(std::fs::read(bo.path("ours")).unwrap(), long());
    ana.run(["seal", "film", "--for", "Bo", "--out", "sealed"]).ended(1);
    for wrong in [
        &["seal", "nothing", "--for", "Bo"][..],
        &["seal", "film", "--for", "Nobody"],
        &["seal", "profile", "--for", "Bo"],
    ] {
        ana.run(wrong).ended(1);
    }
    ana.run(["seal", "film", "film", "--for", "Bo", "--out", "x"]).ended(2);
    bo.run(["open", "ours"]).ended(2);
}

/// A program that is killed cannot clean up; the next one does.
#[cfg(target_os = "linux")]
#[test]
fn what_a_killed_program_left_goes_with_the_next() {
    let [ana, _bo] = paired();
    let begun = |home: &Home| -> Vec<std::path::PathBuf> {
        let mut begun = files(&home.path(""));
        begun.retain(|path| path.to_string_lossy().contains("keyglance-tmp"));
        begun
    };
    let mut seal = Running::start(&mut ana.command(["seal", "-", "--for", "Bo", "--out", "x.age"]));
    seal.write(long());
    while begun(&ana).is_empty() {
        std::thread::yield_now();
    }
    // Another one that is at work meanwhile leaves it alone.
    ana.write("letter", "Noon.");
    ana.run(["seal", "letter", "--for", "Bo"]).ended(0);
    assert_eq!(begun(&ana).len(), 1);
    seal.kill();
    assert_eq!((begun(&ana).len(), ana.path("x.age").exists()), (1, false));
    let an_hour = std::time::Duration::from_secs(3600);
    let left = std::fs::File::options().write(true).open(&begun(&ana)[0]).unwrap();
    left.set_modified(std::time::SystemTime::now() - an_hour).unwrap();
    ana.run(["seal", "letter", "--for", "Bo", "--out", "y.age"]).ended(0);
    assert_eq!(begun(&ana), Vec::<std::path::PathBuf>::new());
}

#[test]
fn nobody_else_opens_it() {
    let [ana, _bo] = paired();
    let [_, eve] = paired();
    ana.write("letter", "Noon.");
    ana.run(["seal", "letter", "--for", "Bo"]).ended(0);
    std::fs::copy(ana.path("letter.age"), eve.path("letter.age")).unwrap();
    let run = eve.run(["open", "letter.age"]).ended(1);
    assert!(run.err.contains("none of these keys"), "{run:?}");
    assert!(!eve.path("letter").exists());
    // Another purpose is another key.
    ana.run(["seal", "letter", "--for", "Bo", "--purpose", "x", "--out", "x.age"]).ended(0);
    ana.run(["open", "x.age"]).ended(1);
    ana.run(["open", "x.age", "--purpose", "x", "--out", "again"]).ended(0);
    assert_eq!(std::fs::read(ana.path("again")).unwrap(), b"Noon.");
}

#[test]
fn a_retired_key_opens_and_seals_nothing() {
    let [ana, _bo] = paired();
    ana.write("letter", "Noon.");
    ana.run(["seal", "letter", "--for", "Bo"]).ended(0);
    ana.run(["keys", "retire", "Bo"]).ended(0);
    ana.run(["seal", "letter", "--for", "Bo", "--out", "again.age"]).ended(3);
    ana.run(["open", "letter.age", "--out", "opened"]).ended(0);
    assert_eq!(std::fs::read(ana.path("opened")).unwrap(), b"Noon.");
}

#[test]
fn through_pipes() {
    let [ana, bo] = paired();
    let mut seal = Running::start(&mut ana.command(["seal", "-", "--for", "Bo"]));
    seal.write(b"Noon.");
    let sealed = seal.end().ended(0).out;
    let mut open = Running::start(&mut bo.command(["open", "-"]));
    open.write(&sealed);
    let opened = open.end().ended(0);
    assert_eq!(opened.out, b"Noon.");
    let mut open = Running::start(&mut bo.command(["open", "-"]));
    open.write(&sealed[..sealed.len() - 3]);
    open.end().ended(1);
}
