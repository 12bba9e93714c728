//! Names, paths and texts that came from outside, on their way through the program: to a
//! terminal, into a shell, in from other programs.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use keyglance_core::crypto::PublicKey;
use keyglance_core::text::is_hidden;
use keyglance_qr::{Code, render_png};

use crate::program::{Home, Run, Running, pair_through_pipes};

/// A file's name that acts on a terminal, hides and forges a line of ours.
const HOSTILE: &str = "r\rSealed harmless.txt\u{1b}[K\u{9b}2J\u{202e}\nSealed";

/// A home with a key that both `demo` devices share.
fn home() -> Home {
    let home = Home::new();
    home.run(["identity"]).ended(0);
    home.run(["demo", "--seed", "7", "--out", "demo"]).ended(0);
    home.run(["import", "demo/alice.keyglance", "--name", "Bo"]).ended(0);
    home
}

/// The program with `input` on its standard input.
fn fed(home: &Home, args: &[&str], input: &[u8]) -> Run {
    let mut program = Running::start(&mut home.command(args));
    program.write(input);
    program.end()
}

/// Nothing that acts on a terminal, and no line that a name forged.
fn harmless(run: &Run) {
    let out = String::from_utf8(run.out.clone()).unwrap();
    for text in [&out, &run.err] {
        let acts = |c: char| c != '\n' && is_hidden(c);
        assert!(!text.chars().any(acts), "{text:?}");
        assert!(
            !text.lines().any(|line| line == "Sealed" || line.starts_with("Sealed.")),
            "{text}"
        );
    }
}

#[test]
fn a_files_name_does_nothing_to_the_terminal() {
    let home = home();
    home.write(HOSTILE, "x");
    for (args, code) in [
        (&["seal", HOSTILE, "--for", "Bo"][..], 0),
        (&["seal", HOSTILE, "--for", "Bo"], 1),
        (&["open", &format!("{HOSTILE}.age"), "--out", "opened"], 0),
        (&["open", HOSTILE], 2),
        (&["open", "missing\u{1b}[2J.age"], 1),
        (&["scan", HOSTILE, "missing\r.png"], 1),
        (&["keys", "check", HOSTILE], 1),
        (&["import", HOSTILE], 1),
        (&["export", "Bo", "--for", "age", "--plain", "--out", "key\u{1b}[K\nSealed"], 0),
        (&["export", "Bo", "--for", "age", "--plain", "--out", "key\u{1b}[K\nSealed"], 1),
        (&["code", "Bo", "--for", "wifi", "--out", "code\u{1b}[K\r.png"], 0),
        (&["code", "Bo", "--for", "wifi", "--out", "code\u{1b}[K\r.txt"], 2),
        (&["code", "--identity", "--out", "own\u{1b}[K\r.png"], 0),
        (&["--profile", "demo/alice.keyglance\u{1b}[K\r", "keys", "list"], 0),
        (&["identity", "--restore", HOSTILE], 1),
        (&["export", "\u{1b}[2J", "--for", "age", "--plain"], 1),
        (&["contacts", "show", "a\rb"], 1),
        (&["export", "Bo", "--for", "\u{1b}[2J", "--plain"], 2),
        (&["pair", "--picture", HOSTILE, "--show", "x\r.txt"], 2),
        (&["seal", "--\u{1b}[2J\rSealed", "--for", "Bo"], 2),
    ] {
        let run = home.run(args);
        assert_eq!(run.code, Some(code), "{args:?}: {run:?}");
        harmless(&run);
        let json: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
        harmless(&home.run(json));
    }
}

#[test]
fn a_scanned_text_is_shown_as_it_is_and_not_as_it_wants_to_look() {
    let home = Home::new();
    let text = "\u{202e}https://example.net/moc.elpmaxe\u{200b}\r\nSealed\u{1b}[K";
    home.write("code.png", render_png(&Code::new(text).unwrap(), 8).unwrap());
    let run = home.run(["scan", "code.png"]).ended(0);
    harmless(&run);
    let shown = "\\u{202e}https://example.net/moc.elpmaxe\\u{200b}\\r\\nSealed\\u{1b}[K\n";
    assert_eq!(run.text(), shown);
    // A program gets the text itself, in escapes that mean the same.
    let run = home.run(["scan", "code.png", "--json"]).ended(0);
    harmless(&run);
    assert_eq!(run.json()["codes"][0]["text"], text);
}

/// Every line of ours that begins a command, run by a shell as it was told.
#[test]
fn a_told_command_names_the_contact_and_runs_nothing_else() {
    for name in ["$(touch pwned)", "`touch pwned`", "a'b;touch pwned", "-rf", "--yes", "Zoe\u{308}"]
    {
        let homes = [Home::new(), Home::new()];
        let own = format!("--name={name}");
        let names: [&[&str]; 2] = [&["--name", "Me"], &[own.as_str()]];
        let [(run, _), _] = pair_through_pipes([&homes[0], &homes[1]], names);
        let key: serde_json::Value = crate::program::result(&run);
        let told = run.err.lines().filter_map(|line| line.split_once("keyglance "));
        let mut told: Vec<String> = told.map(|(_, command)| command.to_owned()).collect();
        // The same for what is said about a contact that was added.
        let added = homes[0].run(["contacts", "show", "--", key["contact"].as_str().unwrap()]);
        added.ended(0);
        let refused = homes[0].run([
            "export",
            "--for=age",
            "--plain",
            "--out=f",
            "--require-verified",
            "--",
            key["key"].as_str().unwrap(),
        ]);
        let more = refused.err.lines().filter_map(|line| line.split_once("  keyglance "));
        told.extend(more.map(|(_, command)| command.to_owned()));
        assert!(told.len() >= 2, "{told:?}");
        // It wipes the key, so that the others would not find it.
        told.sort_by_key(|command| command.contains("--says-no"));
        let bin = homes[0].path("bin");
        fs::create_dir(&bin).unwrap();
        symlink(env!("CARGO_BIN_EXE_keyglance"), bin.join("keyglance")).unwrap();
        for command in &told {
            let run = Command::new("sh")
                .args(["-c", &format!("keyglance {}", command.replace("DIGITS", "111222"))])
                .current_dir(homes[0].path(""))
                .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
                .env("KEYGLANCE_PROFILE", homes[0].profile())
                .stdin(Stdio::null())
                .output()
                .unwrap();
            let said = String::from_utf8(run.stderr).unwrap();
            for wrong in ["is called", "unexpected argument", "no contact", "no key", "required"] {
                assert!(!said.contains(wrong), "{command}: {said}");
            }
            assert!(!homes[0].path("pwned").exists(), "{command}");
        }
    }
}

#[test]
fn an_option_that_is_given_empty_is_a_mistake_and_no_default() {
    let home = home();
    for args in [
        &["code", "Bo", "--for", "wifi", "--ssid", "", "--out", "w.png"][..],
        &["code", "Bo", "--for", "wifi", "--ssid", " ", "--out", "w.png"],
        &["code", "Bo", "--for", "wifi", "--ssid=", "--out", "w.png"],
        &["code", "Bo", "--for", "meshtastic", "--channel", "", "--out", "w.png"],
        &["export", "Bo", "--for", "wireguard", "--own-devices", "--plain", "--endpoint", ""],
        &["export", "Bo", "--for", "wireguard", "--own-devices", "--plain", "--listen-port", ""],
        &["export", "Bo", "--for", "age", "--plain", "--purpose", ""],
        &["export", "Bo", "--for", "age", "--plain", "--out", ""],
        &["export", "Bo", "--for", "age", "--passphrase-file", ""],
        &["import", "demo/bob.keyglance", "--name", ""],
        &["--profile", "", "keys", "list"],
        &["seal", "demo/bob.keyglance", "--for", ""],
    ] {
        let run = home.run(args);
        assert_eq!(run.code, Some(2), "{args:?}: {run:?}");
    }
    assert!(!home.path("w.png").exists());
    assert_eq!(
        home.run(["keys", "list", "--json"]).json()["keys"].clone().as_array().unwrap().len(),
        1
    );
}

#[test]
fn a_key_file_is_read_from_a_pipe_and_with_a_byte_order_mark() {
    let home = home();
    let key = fs::read(home.path("demo/bob.keyglance")).unwrap();
    let marked = [b"\xEF\xBB\xBF".as_slice(), &key].concat();
    home.write("marked", &marked);
    home.write("word", "correct horse\n");
    let args = ["export", "Bo", "--for", "keyglance", "--passphrase-file", "word", "--out", "safe"];
    home.run(args).ended(0);
    let sealed = fs::read(home.path("safe")).unwrap();
    home.write("marked.age", [b"\xEF\xBB\xBF\r\n".as_slice(), &sealed].concat());

    let mut n = 0;
    let mut imported = |args: &[&str], input: &[u8]| {
        n += 1;
        let profile = format!("fresh-{n}");
        let args: Vec<&str> =
            ["--profile", &profile].into_iter().chain(args.iter().copied()).collect();
        let run = fed(&home, &args, input);
        assert_eq!(run.code, Some(0), "{args:?}: {run:?}");
    };
    imported(&["import", "marked"], b"");
    imported(&["import", "marked.age", "--passphrase-file", "word"], b"");
    imported(&["import", "-"], &key);
    imported(&["import", "-"], &marked);
    imported(&["import", "/dev/stdin"], &key);
    imported(&["keys", "check", "-"], &key);
    // What <(…) of a shell makes.
    let pipe = home.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let bytes = key.clone();
    let to = pipe.clone();
    let writer = std::thread::spawn(move || fs::write(to, bytes).unwrap());
    imported(&["import", "pipe"], b"");
    writer.join().unwrap();
    // An identity under a passphrase, whose file an editor marked.
    let args = ["identity", "--backup", "own.age", "--backup-passphrase-file", "word"];
    home.run(args).ended(0);
    let backup = fs::read(home.path("own.age")).unwrap();
    let marked = [b"\xEF\xBB\xBF".as_slice(), &backup].concat();
    let restore = ["identity", "--restore", "-", "--backup-passphrase-file", "word"];
    imported(&restore, &backup);
    imported(&restore, &marked);
    let picture = render_png(&Code::new("hello").unwrap(), 8).unwrap();
    assert_eq!(fed(&home, &["scan", "-"], &picture).ended(0).text(), "hello\n");
    // A stream without an end is refused, and not read to it.
    let run = home.run(["import", "/dev/zero"]).ended(1);
    assert!(run.err.contains("too large"), "{run:?}");
    home.run(["import", "demo"]).ended(1);
}

#[test]
fn what_other_programs_carried_is_read() {
    let home = home();
    let key = PublicKey::from_bytes([9; 32]);
    let expected = home.run(["fingerprint", &key.to_string()]).ended(0).text();
    let pairs = ["09"; 32];
    for coat in [
        pairs.join(":"),
        pairs.join(" "),
        ["0909"; 16].join(" "),
        format!("\n{}\n", key.to_base64url()),
        "BQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJ".to_owned(),
        "BQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk%4A".to_owned(),
        format!("\u{feff}{key}\r\n"),
    ] {
        assert_eq!(home.run(["fingerprint", &coat]).ended(0).text(), expected, "{coat:?}");
    }
    // A label printer's byte order mark.
    home.write("key.png", render_png(&Code::new(&format!("\u{feff}{key}")).unwrap(), 8).unwrap());
    home.run(["contacts", "add", "Q", "--scan", "key.png"]).ended(0);

    let number = home.run(["verify", "Bo", "--json"]).ended(0).json()["safety_number"].clone();
    let number = number.as_str().unwrap();
    let groups: Vec<&str> = (0..12).map(|i| &number[5 * i..5 * i + 5]).collect();
    for form in
        [groups.join("-"), groups.join("\u{2011}"), format!("\u{2066}{}\u{2069}", groups.join(" "))]
    {
        home.run(["verify", "Bo", "--compare", &form]).ended(0);
    }
    let run = home.run(["verify", "Bo", "--compare", &format!("{number}x")]).ended(2);
    assert!(run.err.contains("and nothing else"), "{run:?}");
}

#[test]
fn a_stranger_does_not_come_in_under_a_name_that_looks_the_same() {
    let home = Home::new();
    let key = |n: u8| PublicKey::from_bytes([n; 32]).to_string();
    home.run(["contacts", "add", "Ana", &key(2)]).ended(0);
    for (name, code) in
        [("Ana\u{200b}", 2), ("A\u{301}na", 0), ("\u{410}na", 1), ("ＡＮＡ", 1), ("ana", 1)]
    {
        let run = home.run(["contacts", "add", name, &key(3)]);
        assert_eq!(run.code, Some(code), "{name:?}: {run:?}");
        harmless(&run);
    }
    let run = home.run(["contacts", "add", "Bo\u{200b}", &key(4)]).ended(2);
    assert!(run.err.contains("U+200B"), "what is wrong with it: {run:?}");
}

/// The id of the only key.
fn key_id(home: &Home, profile: &str) -> String {
    let keys = home.run(["--profile", profile, "keys", "list", "--json"]).ended(0).json();
    keys["keys"][0]["key_id"].as_str().unwrap().to_owned()
}

#[test]
fn a_file_that_is_not_named_gets_a_name_that_every_disk_takes() {
    let home = Home::new();
    home.run(["demo", "--seed", "7", "--out", "demo"]).ended(0);
    let long = "\u{20000}".repeat(15);
    let (mut files, mut id) = (Vec::new(), String::new());
    for (n, name) in ["🦊", "🦉", &long, "-rf", "../up", "CON"].into_iter().enumerate() {
        let profile = format!("profile-{n}");
        let name = format!("--name={name}");
        home.run(["--profile", &profile, "import", "demo/alice.keyglance", &name]).ended(0);
        id = key_id(&home, &profile);
        for _ in 0..2 {
            let args = ["--profile", &profile, "export", &id, "--for=age", "--plain", "--json"];
            let file = home.run(args).ended(0).json()["file"].as_str().unwrap().to_owned();
            assert!(home.path(&file).is_file() && home.path(&format!("{file}.pub")).is_file());
            assert!(
                file.is_ascii() && file.len() <= 100 && !file.starts_with(['.', '-']),
                "{file}"
            );
            files.push(file);
        }
    }
    let id = &id[..8];
    assert_eq!(files[..2], [format!("key-{id}.age.txt"), format!("key-{id}-2.age.txt")]);
    let count = files.len();
    files.sort();
    files.dedup();
    assert_eq!(files.len(), count, "none was overwritten");
}

// Terminals.

fn on_terminal(home: &Home, args: &[&str], variables: &[(&str, &str)]) -> Option<String> {
    let mut command = home.on_terminal(args)?;
    command.envs(variables.iter().copied());
    let run = Running::start(&mut command).end();
    assert_eq!(run.code, Some(0), "{run:?}");
    Some(run.text())
}

#[test]
fn a_terminal_gets_only_what_it_can_show() {
    let home = home();
    let commands: [&[&str]; 3] =
        [&["code", "--identity"], &["code", "Bo", "--for", "wifi"], &["contacts", "list"]];
    home.run(["contacts", "rename", "Bo", "René"]).ended(0);
    let id = key_id(&home, "profile");
    for args in commands {
        let args: Vec<&str> =
            args.iter().map(|arg| if *arg == "Bo" { &id } else { *arg }).collect();
        let Some(shown) = on_terminal(&home, &args, &[("TERM", "dumb")]) else { return };
        assert!(!shown.contains('\x1b'), "{shown:?}");
        let shown = on_terminal(&home, &args, &[("TERM", "dumb"), ("LC_ALL", "C")]).unwrap();
        assert!(shown.is_ascii() && !shown.contains('\x1b'), "{shown:?}");
        assert!(args[0] != "code" || shown.contains("##########"), "{shown:?}");
        let shown = on_terminal(&home, &args, &[("NO_COLOR", "1")]).unwrap();
        assert!(!shown.contains("\x1b[3") && !shown.contains("\x1b[4"), "{shown:?}");
        let shown = on_terminal(&home, &args, &[("LC_ALL", "POSIX")]).unwrap();
        assert!(shown.is_ascii(), "{shown:?}");
    }
    let shown = on_terminal(&home, &["contacts", "list"], &[("LC_ALL", "C")]).unwrap();
    assert!(shown.contains("Ren\\u{e9}"), "{shown:?}");
    let shown = on_terminal(&home, &["contacts", "list"], &[]).unwrap();
    assert!(shown.contains("René"), "{shown:?}");
}

// The source.

fn sources(folder: &Path) -> Vec<std::path::PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// The ways around: whatever is told passes `Output` and `Failure`, which escape what acts
/// on a terminal; and whatever came from outside is one line and, in a command, one word.
#[test]
fn nothing_goes_around_the_escapes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for folder in ["src/cli", "src/messages"] {
        for path in sources(&root.join(folder)) {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let source = fs::read_to_string(&path).unwrap();
            let source = source.split("#[cfg(test)]").next().unwrap();
            for (n, line) in source.lines().enumerate() {
                seen += 1;
                let at = format!("{name}:{}: {line}", n + 1);
                let home_of = |files: &[&str]| files.contains(&name.as_str());
                assert!(!line.contains(".display()"), "use printable_path: {at}");
                assert!(
                    !line.contains("to_string_lossy()") || home_of(&["output.rs"]),
                    "use printable_path or json_path: {at}"
                );
                assert!(
                    !line.contains(":?}") || line.contains("tracing::"),
                    "Rust's quotes are no shell's: use printable or shell_argument: {at}"
                );
                assert!(!line.contains("\\\"{"), "double quotes run $(…): {at}");
                let streams = ["io::stdout()", "io::stderr()", "println!", "print!("];
                assert!(
                    !streams.iter().any(|way| line.contains(way)) || home_of(&["output.rs"]),
                    "use Output: {at}"
                );
                assert!(
                    !line.contains("\\x1b")
                        || home_of(&["output.rs", "page.rs", "alternate_screen.rs"]),
                    "an escape of our own: use Page: {at}"
                );
                assert!(
                    !line.contains("keyglance ") || !line.contains("'{"),
                    "a name may hold a quote: use shell_argument: {at}"
                );
            }
        }
    }
    assert!(seen > 3000, "{seen}");
}
