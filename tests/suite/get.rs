//! `keyglance get`: a key through a pipe, for programs that ask a command.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::thread;

use serde_json::Value;

use crate::program::{Home, Running, pair_through_pipes, paired};

/// What a run wrote to a pipe; it must have succeeded and said nothing.
fn given(home: &Home, args: &[&str]) -> Vec<u8> {
    let run = home.run([&["get"], args].concat()).ended(0);
    assert_eq!(run.err, "", "{args:?}");
    run.out
}

/// What the history of the only key says.
fn history(home: &Home) -> Vec<Value> {
    let keys = home.run(["keys", "--json"]).ended(0).json();
    keys["keys"][0]["exports"].as_array().unwrap().clone()
}

fn key_id(home: &Home) -> String {
    let keys = home.run(["keys", "--json"]).ended(0).json();
    keys["keys"][0]["key_id"].as_str().unwrap().to_owned()
}

#[test]
fn it_gives_what_export_writes_and_nothing_else() {
    let [ana, bo] = paired();
    for (target, more) in [
        ("restic", &[][..]),
        ("raw", &[]),
        ("age", &["--separate-key-for", "our office"]),
        ("git-crypt", &[]),
        ("wireguard-psk", &[]),
        ("words", &["--words", "24"]),
        ("rclone", &["--remote", "cloud:shared"]),
        ("keyglance", &[]),
    ] {
        let with = |first: &[&'static str]| [first, &["--for", target], more].concat();
        let file = format!("{target}.file");
        let mut export = with(&["export", "Bo", "--without-passphrase", "--out"]);
        export.insert(4, &file);
        ana.run(export).ended(0);
        let out = given(&ana, &with(&["Bo"]));
        assert_eq!(out, fs::read(ana.path(&file)).unwrap(), "{target}");
        // Each side notes its own time in age's file, and the whole key is told from its side.
        let secret = |out: &[u8]| {
            let lines = String::from_utf8_lossy(out).into_owned();
            lines.lines().filter(|line| !line.starts_with("# created")).collect::<String>()
        };
        if target != "keyglance" {
            let other = given(&bo, &with(&["Ana"]));
            assert_eq!(secret(&out), secret(&other), "{target}");
        }
    }
    let [plain, other] = [&[][..], &["--separate-key-for", "x"]]
        .map(|more| given(&ana, &[&["Bo", "--for", "restic"], more].concat()));
    assert!(plain.len() == 43 && plain != other && !plain.ends_with(b"\n"));
    assert_eq!(plain, given(&ana, &[&key_id(&ana), "--for", "restic"]));
}

/// What stands behind it in a script reads its own input.
#[test]
fn it_never_reads_standard_input() {
    let [ana, _] = paired();
    let mut command = Command::new("sh");
    let script = format!("'{}' get Bo --for hex | cat; cat", env!("CARGO_BIN_EXE_keyglance"));
    command.args(["-c", &script]).env("KEYGLANCE_PROFILE", ana.profile());
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut shell = Running::start(pipes);
    shell.write("for the next one");
    let text = shell.end().ended(0).text();
    assert!(text.len() > 64 && text.ends_with("\nfor the next one"), "{text}");
}

#[test]
fn it_writes_to_pipes_and_sockets_only() {
    let [ana, _] = paired();
    let args = ["get", "Bo", "--for", "restic"];
    let told = "For a file: keyglance export Bo --for restic --out FILE";
    for place in ["file", "/dev/null"] {
        let path = ana.path(place);
        let run = Running::start(ana.command(args).stdout(File::create(&path).unwrap())).end();
        let run = run.ended(2);
        assert!(run.err.contains(told) && run.err.lines().count() == 1, "{run:?}");
        if place == "file" {
            assert_eq!(fs::metadata(&path).unwrap().len(), 0);
        }
    }
    if let Some(mut command) = ana.on_terminal(&args) {
        let text = Running::start(&mut command).end().ended(2).text();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("is a terminal") && text.contains(told), "{text}");
    }
    // Nothing of it is in the history: nothing was made.
    assert_eq!(history(&ana), Vec::<Value>::new());

    let (mut socket, other) = std::os::unix::net::UnixStream::pair().unwrap();
    let other = Stdio::from(std::os::fd::OwnedFd::from(other));
    Running::start(ana.command(args).stdout(other)).end().ended(0);
    let mut key = Vec::new();
    socket.read_to_end(&mut key).unwrap();
    assert_eq!(key, given(&ana, &args[1..]));
}

#[test]
fn what_must_not_be_used_is_not_given() {
    let [ana, _] = paired();
    let refused = |args: &[&str], code: i32, what: &str| {
        let run = ana.run([&["get"], args].concat()).ended(code);
        assert!(run.out.is_empty(), "{run:?}");
        assert!(run.err.contains(what), "{run:?}");
        run.err
    };
    let one_line = |args: &[&str], code: i32, what: &str| {
        let said = refused(args, code, what);
        assert!(said.lines().count() == 1 && said.starts_with("keyglance: "), "{said:?}");
        assert!(!said.trim_end().contains(|c: char| c.is_control()), "{said:?}");
    };
    one_line(&["Cleo", "--for", "restic"], 1, "Nothing is called \"Cleo\"");
    one_line(&["\u{1b}[2J\nBo", "--for", "restic"], 1, "Nothing is called");
    one_line(&["Bo", "--for", "\u{1b}[2Jrestoc"], 2, "No program called");
    one_line(&["Bo", "--for", "Signal"], 2, "Signal");
    one_line(&["Bo", "--for", "rclone"], 2, "remote");
    // A result in JSON would be taken for the key.
    refused(&["Cleo", "--for", "restic", "--json"], 1, "\"not_found\"");
    refused(&["Bo", "--json"], 2, "\"usage\"");

    ana.run(["compare", "Bo", "--differs"]).ended(3);
    one_line(&["Bo", "--for", "restic"], 3, "did not match");
}

#[test]
fn a_key_that_was_not_compared_is_told_and_can_be_refused() {
    let [ana, bo] = [Home::new(), Home::new()];
    let names: [&[&str]; 2] =
        [&["--name", "Ana", "--skip-check"], &["--name", "Bo", "--skip-check"]];
    for (run, _) in pair_through_pipes([&ana, &bo], names) {
        run.ended(3);
    }
    let run = ana.run(["get", "Bo", "--for", "restic"]).ended(0);
    assert!(run.out.len() == 43 && run.err.contains("not compared"), "{run:?}");
    let run = ana.run(["get", "Bo", "--for", "restic", "--require-compared"]).ended(3);
    assert!(run.out.is_empty() && run.err.lines().count() == 1, "{run:?}");
}

/// A backup asks every hour, and several programs at once.
#[test]
fn its_history_does_not_grow() {
    let [ana, _] = paired();
    let args = ["get", "Bo", "--for", "restic"];
    let runs: Vec<_> = (0..8).map(|_| Running::start(&mut ana.command(args))).collect();
    for run in runs {
        assert_eq!(run.end().ended(0).out.len(), 43);
    }
    let keys = || crate::program::files(&ana.profile().join("keys"));
    let modified = || fs::metadata(&keys()[0]).unwrap().modified().unwrap();
    let before = modified();
    given(&ana, &args[1..]);
    assert_eq!(modified(), before, "the profile was written though it says so already");
    given(&ana, &["Bo", "--for", "restic", "--separate-key-for", "office"]);
    given(&ana, &["Bo", "--for", "borg"]);
    let history = history(&ana);
    let told: Vec<_> = history
        .iter()
        .map(|made| [&made["program"], &made["separate_key_for"], &made["to"]])
        .collect();
    let to = "given to a program";
    let all = [["restic", "", to], ["restic", "office", to], ["borg", "", to]];
    assert_eq!(
        told,
        all.map(|texts| texts.map(Value::from)).iter().map(|t| t.each_ref()).collect::<Vec<_>>()
    );
    let shown = ana.run(["keys", "show", "Bo"]).ended(0).text();
    assert_eq!(shown.matches(to).count(), 3, "{shown}");
}

/// One that is stopped while it changes the profile stops no backup.
#[test]
fn it_waits_for_nobody() {
    let [ana, _] = paired();
    let lock = File::open(ana.profile().join("lock")).unwrap();
    lock.lock().unwrap();
    let run = ana.run(["get", "Bo", "--for", "restic"]).ended(0);
    assert_eq!(run.out.len(), 43);
    assert!(run.err.contains("its history does not say so"), "{run:?}");
    drop(lock);
    assert_eq!(history(&ana).len(), 0);
    // Known already, it needs no lock.
    given(&ana, &["Bo", "--for", "restic"]);
    let lock = File::open(ana.profile().join("lock")).unwrap();
    lock.lock().unwrap();
    given(&ana, &["Bo", "--for", "restic"]);
}

/// Nobody is there to type the device's passphrase, and nobody is asked: it protects who
/// this device is, not what it shares.
#[test]
fn it_asks_for_nothing_in_a_job_of_the_night() {
    let [ana, _] = paired();
    let word = ana.write("word", "correct horse battery staple");
    let protect = ["device", "protect", "--new-passphrase-file", word.to_str().unwrap()];
    ana.run(protect).ended(0);
    let mut command = Command::new("setsid");
    command.args(["--wait", env!("CARGO_BIN_EXE_keyglance"), "get", "Bo", "--for", "restic"]);
    command.env_clear().env("KEYGLANCE_PROFILE", ana.profile());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let run = Running::start(&mut command).end().ended(0);
    assert!(run.out.len() == 43 && run.err.is_empty(), "{run:?}");
}

#[test]
fn a_profile_that_cannot_be_written_gives_too() {
    if !keyglance_core::test_util::found("bwrap") {
        return;
    }
    let [ana, _] = paired();
    let mut command = Command::new("bwrap");
    command.args(["--ro-bind", "/", "/", "--dev", "/dev", env!("CARGO_BIN_EXE_keyglance")]);
    command.args(["get", "Bo", "--for", "restic"]).env("KEYGLANCE_PROFILE", ana.profile());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let run = Running::start(&mut command).end();
    if run.err.contains("bwrap:") {
        println!("skipped: bwrap may not work here");
        return;
    }
    let run = run.ended(0);
    assert!(run.out.len() == 43 && run.err.is_empty(), "{run:?}");
}

#[test]
fn a_reader_that_has_gone_ends_it_plainly() {
    let [ana, _] = paired();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let run = Running::start(ana.command(["get", "Bo", "--for", "restic"]).stdout(writer)).end();
    let run = run.ended(1);
    assert_eq!(run.err.lines().count(), 1, "{run:?}");
}

/// The told command is by the id, in the words of the very export.
#[test]
fn an_export_tells_how_it_is_done_without_a_file() {
    let [ana, _] = paired();
    let id = key_id(&ana);
    let at = ana.profile();
    let shown = format!("--profile {}", at.display());
    let export = |program: &str, file: &str| {
        let args = ["export", "Bo", "--for", program, "--without-passphrase", "--out", file];
        let more = ["--separate-key-for", "our office", "--json"];
        ana.run([&args[..], &more].concat()).ended(0).json()["without_file"].clone()
    };
    let label = "--separate-key-for";
    assert_eq!(
        export("restic", "a"),
        serde_json::json!([
            format!(
                "restic -r REPOSITORY --password-command 'keyglance get {id} --for restic {label} \"our office\" {shown}' init"
            ),
            format!(
                "restic -r REPOSITORY --password-command 'keyglance get {id} --for restic {label} \"our office\" {shown}' backup FOLDER"
            ),
        ])
    );
    assert_eq!(export("wifi", "b"), serde_json::json!([]));
    let args = ["export", "Bo", "--for", "git-crypt", "--without-passphrase"];
    let text = ana.run(args).ended(0).text();
    let told = format!(
        "Without a file on the disk:\n  keyglance get {id} --for git-crypt {shown} | git-crypt unlock -\n"
    );
    assert!(text.contains(&told), "{text}");
    let list = ana.run(["export", "--list", "--json"]).ended(0).json();
    let programs = list["programs"].as_array().unwrap();
    let restic = programs.iter().find(|program| program["name"] == "restic").unwrap();
    let told = "restic -r REPOSITORY --password-command 'keyglance get ID --for restic' init";
    assert_eq!(restic["without_file"][0], told);
}

/// A file of its own knows no other remote of the user.
#[test]
fn an_export_says_where_rclone_looks_for_a_remote() {
    let [ana, _] = paired();
    let told = |remote: &str, file: &str| {
        let args = ["export", "Bo", "--for", "rclone", "--without-passphrase", "--out", file];
        ana.run([&args[..], &["--remote", remote]].concat()).ended(0).text()
    };
    let note = "in its own configuration only";
    assert!(told("cloud:shared", "a").contains(note));
    assert!(!told(":s3,env_auth=true:shared", "b").contains(note));
    assert!(!told("/mnt/cloud", "c").contains(note));
}

/// Two that ask at once while a third writes: what is read is whole.
#[test]
fn it_gives_the_key_while_the_profile_changes() {
    let [ana, _] = paired();
    let wanted = given(&ana, &["Bo", "--for", "restic"]);
    thread::scope(|scope| {
        scope.spawn(|| {
            for label in ["one", "two", "three", "four"] {
                ana.run(["keys", "label", "Bo", label]).ended(0);
            }
        });
        for _ in 0..6 {
            assert_eq!(given(&ana, &["Bo", "--for", "restic"]), wanted);
        }
    });
    std::io::stdout().flush().unwrap();
}
