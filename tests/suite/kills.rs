//! The program killed on its way into each call that changes a file, and run again
//! an hour later: nothing is lost, nothing is zeroed, nothing has two names.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use keyglance_core::pairing::Session;
use keyglance_core::test_util::{at, device};
use rand_chacha::ChaCha20Rng;

use crate::program::{Home, Running, files, paired};

/// The calls that change a disk. A name with `?` is not on every processor.
const CALLS: [&str; 15] = [
    "openat",
    "write",
    "copy_file_range",
    "sendfile",
    "splice",
    "ftruncate",
    "fsync",
    "fdatasync",
    "?rename",
    "?renameat",
    "renameat2",
    "linkat",
    "?unlink",
    "?mkdir",
    "?chmod",
];

/// A command, and the file that it makes: all of it or nothing.
struct Case {
    name: &'static str,
    args: &'static [&'static str],
    makes: Option<&'static str>,
    /// Run it again, it says that its work is done already.
    once: bool,
}

const CASES: [Case; 6] = [
    Case {
        name: "seal",
        args: &["seal", "letter", "--for", "Bo"],
        makes: Some("letter.age"),
        once: true,
    },
    Case {
        name: "open",
        args: &["open", "in.age", "--out", "opened"],
        makes: Some("opened"),
        once: true,
    },
    Case {
        name: "export",
        args: &["export", "Bo", "--for", "age", "--plain", "--out", "exported"],
        makes: Some("exported"),
        once: true,
    },
    Case {
        name: "import",
        args: &["import", "key.keyglance", "--name", "Cid"],
        makes: None,
        once: true,
    },
    Case {
        name: "identity --name",
        args: &["identity", "--name", "Zoe"],
        makes: None,
        once: false,
    },
    Case {
        name: "identity --new",
        args: &["identity", "--new", "--yes"],
        makes: None,
        once: false,
    },
];

fn traced(home: &Path, args: &[&str], options: &[String]) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-y", "-s", "0"]).args(options);
    command.arg(env!("CARGO_BIN_EXE_keyglance")).args(args);
    command
        .current_dir(home)
        .env("KEYGLANCE_PROFILE", home.join("profile"))
        .env_remove("LD_LIBRARY_PATH")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Which calls of a run change something below `home`: each by its name and its
/// number among those of that name, as `strace` counts them.
fn kill_points(
    home: &Path,
    args: &[&str],
    run: impl FnOnce(Command),
) -> Vec<(&'static str, usize)> {
    let log = tempfile::NamedTempFile::new().unwrap();
    let trace = format!("trace={}", CALLS.join(","));
    let options = ["-o", log.path().to_str().unwrap(), "-e", &trace].map(str::to_owned);
    run(traced(home, args, &options));
    let text = fs::read_to_string(log.path()).unwrap();
    // `strace` counts each thread's calls by themselves; the first one does it all.
    let thread = text.split(' ').next().unwrap().to_owned();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut points = Vec::new();
    for line in text.lines().filter(|line| line.split(' ').next() == Some(&thread)) {
        let call = line[thread.len()..].trim_start();
        let Some(name) = CALLS
            .iter()
            .map(|name| name.trim_start_matches('?'))
            .find(|name| call.strip_prefix(name).is_some_and(|rest| rest.starts_with('(')))
        else {
            continue;
        };
        let count = counts.entry(name).or_default();
        *count += 1;
        let ours = call.contains(home.to_str().unwrap()) || !call.contains("\"/");
        let changes = match name {
            "openat" => {
                ["O_CREAT", "O_TMPFILE", "O_WRONLY", "O_RDWR"].iter().any(|f| call.contains(f))
            }
            // Standard output and error are not files.
            "write" | "ftruncate" => call.contains(home.to_str().unwrap()),
            _ => true,
        };
        if ours && changes {
            points.push((name, *count));
        }
    }
    points
}

fn content(home: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let name = |path: &Path| path.strip_prefix(home).unwrap().to_owned();
    files(home).into_iter().map(|path| (name(&path), fs::read(path).unwrap())).collect()
}

/// A copy of `home` in `folder`, called `n`.
fn copy_to(home: &Path, folder: &Path, n: usize) -> PathBuf {
    let copy = folder.join(n.to_string());
    let status = Command::new("cp").arg("-a").arg(home).arg(&copy).status().unwrap();
    assert!(status.success());
    copy
}

/// Options of `strace` that kill a program on its way into this call.
fn killing_at(call: &str, number: usize) -> [String; 6] {
    let inject = format!("inject={call}:signal=KILL:when={number}");
    ["-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &inject].map(str::to_owned)
}

/// As if all that was written was an hour ago.
fn age(home: &Path) {
    let then = SystemTime::now() - Duration::from_secs(3600);
    for path in files(home) {
        fs::File::open(path).unwrap().set_modified(then).unwrap();
    }
}

/// Nothing with two names, nothing overwritten, and all that `before` had outside
/// the profile.
fn assert_whole(home: &Path, before: &BTreeMap<PathBuf, Vec<u8>>, at: &str) {
    let now = content(home);
    for (path, bytes) in &now {
        let metadata = fs::metadata(home.join(path)).unwrap();
        assert_eq!(metadata.nlink(), 1, "{at}: {}", path.display());
        let zeroed = !bytes.is_empty() && bytes.iter().all(|byte| *byte == 0);
        assert!(!zeroed, "{at}: {}", path.display());
    }
    for (path, bytes) in before.iter().filter(|(path, _)| !path.starts_with("profile")) {
        assert_eq!(now.get(path), Some(bytes), "{at}: {}", path.display());
    }
    for (path, bytes) in before {
        // A key or contact may have been written anew; it is still there.
        let kept = path.starts_with("profile/keys") || path.starts_with("profile/contacts");
        assert!(!kept || now.get(path).is_some_and(|now| now.len() >= bytes.len() / 2), "{at}");
    }
}

/// Whether programs can be killed on their way; says so where they cannot.
fn can_kill() -> bool {
    let can = Command::new("strace")
        .args(["-qq", "-o", "/dev/null", "-e", "inject=openat:signal=KILL:when=1", "true"])
        .stderr(Stdio::null())
        .status();
    let can = can.ok().and_then(|status| status.signal()) == Some(9);
    if !can {
        eprintln!("skipped: strace not found");
    }
    can
}

/// Kills every command at every point, or at every `step`th.
fn kill_all(step: usize) {
    if !can_kill() {
        return;
    }
    let [ana, bo] = paired();
    ana.write("letter", "Noon.");
    bo.write("in", "Midnight.");
    bo.run(["seal", "in", "--for", "Ana"]).ended(0);
    fs::copy(bo.path("in.age"), ana.path("in.age")).unwrap();
    let other = Home::new();
    other.run(["demo", "--seed", "7", "--out", "demo"]).ended(0);
    fs::copy(other.path("demo/alice.keyglance"), ana.path("key.keyglance")).unwrap();
    let original = ana.path("");
    let mut tried = 0;
    for case in &CASES {
        let scratch = tempfile::tempdir().unwrap();
        let fresh = |n| copy_to(&original, scratch.path(), n);
        let finished = fresh(0);
        let before = content(&finished);
        let points = kill_points(&finished, case.args, |mut command| {
            assert!(command.status().unwrap().success(), "{}", case.name);
        });
        assert!(points.len() >= 6, "{}: {points:?}", case.name);
        for (n, (call, number)) in points.iter().enumerate().step_by(step) {
            let home = fresh(n + 1);
            let at = format!("{}: killed at {call} {number}", case.name);
            let options = killing_at(call, *number);
            let status = traced(&home, case.args, &options).status().unwrap();
            if *call == "write" && status.success() {
                // An age header has a random number of lines, each a call.
                fs::remove_dir_all(&home).unwrap();
                continue;
            }
            assert_eq!(status.signal(), Some(9), "{at}");
            tried += 1;
            let whole = case.makes.is_some_and(|made| home.join(made).exists());
            age(&home);
            // What runs next, whatever it is, finds all as it should be.
            let run = |args: &[&str]| {
                Command::new(env!("CARGO_BIN_EXE_keyglance"))
                    .args(args)
                    .current_dir(&home)
                    .env("KEYGLANCE_PROFILE", home.join("profile"))
                    .stdin(Stdio::null())
                    .output()
                    .unwrap()
            };
            assert!(run(&["keys", "list"]).status.success(), "{at}");
            let next = run(case.args);
            let said = String::from_utf8_lossy(&next.stderr).into_owned();
            let done = case.once && said.contains("already");
            assert!(next.status.success() || done, "{at}: {said}");
            assert!(!whole || done, "{at}: what was finished stays");
            assert_whole(&home, &before, &at);
            if let Some(made) = case.makes {
                assert!(!fs::read(home.join(made)).unwrap().is_empty(), "{at}");
            }
            if case.name == "open" {
                assert_eq!(fs::read(home.join("opened")).unwrap(), b"Midnight.", "{at}");
            }
            let left =
                files(&home).into_iter().filter(|p| p.to_string_lossy().contains("keyglance-tmp"));
            assert_eq!(left.count(), 0, "{at}: a leftover");
            fs::remove_dir_all(&home).unwrap();
        }
        println!("{}: {} kill points", case.name, points.len());
    }
    println!("{tried} kills");
}

#[test]
fn a_killed_program_loses_nothing_an_hour_later() {
    kill_all(3);
}

#[test]
#[ignore = "all of what the test above takes every third of"]
fn a_killed_program_loses_nothing_wherever_it_is_killed() {
    kill_all(1);
}

const PAIR: [&str; 5] = ["pair", "--stdin", "--skip-check", "--name", "Ana"];

/// Pairs the program with a device of the test. Gives the program's exit code, none
/// if it was killed, and that device.
fn pair_with(mut command: Command, seed: u64) -> (Option<i32>, Session<ChaCha20Rng>) {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = Running::start(&mut command);
    let mut peer = device(seed);
    program.write(format!("{}\n", peer.text().unwrap()));
    while let Some(line) = program.line() {
        peer.handle(at(1.0), &line);
        program.write(format!("{}\n", peer.text().unwrap()));
    }
    (program.end().code, peer)
}

/// Kills pairings. What a killed program told the other device that it has, it has.
fn kill_pairings(step: usize) {
    if !can_kill() {
        return;
    }
    let [ana, _] = paired();
    let original = ana.path("");
    let scratch = tempfile::tempdir().unwrap();
    let fresh = |n| copy_to(&original, scratch.path(), n);
    let finished = fresh(0);
    let before = content(&finished);
    let points = kill_points(&finished, &PAIR, |command| {
        assert_eq!(pair_with(command, 1).0, Some(3));
    });
    assert!(points.len() >= 10, "{points:?}");
    let (mut tried, mut believed) = (0, 0);
    for (n, (call, number)) in points.iter().enumerate().step_by(step) {
        let home = fresh(n + 1);
        let at = format!("pair: killed at {call} {number}");
        let options = killing_at(call, *number);
        let (code, peer) = pair_with(traced(&home, &PAIR, &options), n as u64 + 2);
        // The other role makes fewer calls.
        tried += usize::from(code.is_none());
        age(&home);
        let mut list = Command::new(env!("CARGO_BIN_EXE_keyglance"));
        list.args(["keys", "list", "--json"]).env("KEYGLANCE_PROFILE", home.join("profile"));
        let listed = list.output().unwrap();
        assert!(listed.status.success(), "{at}");
        let keys: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
        if let Some(theirs) = peer.pairing().filter(|pairing| pairing.is_acknowledged()) {
            believed += usize::from(code.is_none());
            let id = theirs.key_id().to_string();
            let has =
                keys["keys"].as_array().unwrap().iter().any(|key| key["key_id"] == id.as_str());
            assert!(has, "{at}: the other device believes in a key that is lost");
        }
        assert_whole(&home, &before, &at);
        let next = traced(&home, &PAIR, &["-o", "/dev/null"].map(str::to_owned));
        assert_eq!(pair_with(next, n as u64 + 1000).0, Some(3), "{at}: the next pairing");
        fs::remove_dir_all(&home).unwrap();
    }
    assert!(tried > 0);
    println!(
        "pair: {} kill points, {tried} kills, {believed} after we were believed",
        points.len()
    );
}

#[test]
fn a_killed_pairing_never_told_of_a_key_that_is_lost() {
    kill_pairings(3);
}

#[test]
#[ignore = "all of what the test above takes every third of"]
fn a_killed_pairing_never_told_of_a_key_that_is_lost_wherever_it_is_killed() {
    kill_pairings(1);
}
