//! `keyglance phone`: the page's address as a code, and its files for a host.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use keyglance_qr::decode_image;
use serde_json::Value;

use crate::program::Home;
use crate::pseudo_terminal::PseudoTerminal;

const ADDRESS: &str = "https://keys.example/phone/";
const FILES: [&str; 6] =
    ["SHA256SUMS", "icon-192.png", "icon-512.png", "index.html", "manifest.webmanifest", "sw.js"];
/// SHA-256 of nothing.
const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The program as an installation has it, below a prefix of its own.
struct Installed {
    home: Home,
    program: PathBuf,
}

impl Installed {
    fn new() -> Self {
        let home = Home::new();
        let program = home.path("usr/bin/keyglance");
        fs::create_dir_all(program.parent().unwrap()).unwrap();
        let built = env!("CARGO_BIN_EXE_keyglance");
        if fs::hard_link(built, &program).is_err() {
            // Not by this process, whose other threads start programs meanwhile: a file that
            // is open for writing in one of them is not started.
            assert!(Command::new("cp").arg(built).arg(&program).status().unwrap().success());
        }
        Self { home, program }
    }

    fn with_page() -> Self {
        let installed = Self::new();
        let folder = installed.page();
        fs::create_dir_all(&folder).unwrap();
        let mut sums = "# compiler: rustc 1.95\n".to_owned();
        for name in FILES.into_iter().filter(|name| *name != "SHA256SUMS") {
            fs::write(folder.join(name), "").unwrap();
            sums.push_str(&format!("{NOTHING}  {name}\n"));
        }
        fs::write(folder.join("SHA256SUMS"), sums).unwrap();
        installed
    }

    fn page(&self) -> PathBuf {
        self.home.path("usr/share/keyglance/phone")
    }

    fn run(&self, args: &[&str]) -> crate::program::Run {
        let command = self.home.command::<&str>([]);
        let mut ours = Command::new(&self.program);
        ours.args(args)
            .current_dir(self.home.path(""))
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => ours.env(name, value),
                None => ours.env_remove(name),
            };
        }
        crate::program::Running::start(&mut ours).end()
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn where_nothing_is_set_three_ways_are_named() {
    let program = Installed::with_page();
    let text = program.run(&["phone"]).ended(0).text();
    for way in ["keyglance phone --url ", "keyglance phone --out ", "keyglance code NAME --for "] {
        assert!(text.contains(way), "{text}");
    }
    assert!(text.contains("leaks the key of that pairing and shows false digits"), "{text}");
    assert!(text.contains(NOTHING), "{text}");
    let json = program.run(&["phone", "--json"]).ended(0).json();
    assert_eq!((&json["url"], &json["sha256"]), (&Value::Null, &Value::from(NOTHING)));
    assert_eq!(json["page"], program.page().canonicalize().unwrap().to_str().unwrap());
    assert!(json["host"].as_str().unwrap().contains("false digits"));
}

#[test]
fn an_address_is_shown_once_or_kept_until_it_is_forgotten() {
    let program = Installed::with_page();
    let url = |args: &[&str]| program.run(args).ended(0).json()["url"].clone();
    assert_eq!(url(&["phone", "--json", "--url", ADDRESS]), ADDRESS);
    assert_eq!(url(&["phone", "--json"]), Value::Null, "that was this once");
    assert_eq!(url(&["phone", "--json", "--url", &format!(" {ADDRESS} "), "--save"]), ADDRESS);
    assert_eq!(url(&["phone", "--json"]), ADDRESS);
    let text = program.run(&["phone"]).ended(0).text();
    for word in [ADDRESS, NOTHING, "leaks the key", "Press Pair", "keyglance pair", "new device"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    // Another one, this once, leaves the one that is kept.
    assert_eq!(url(&["phone", "--json", "--url", "https://b.example"]), "https://b.example");
    assert_eq!(url(&["phone", "--json"]), ADDRESS);
    let forgotten = program.run(&["phone", "--forget", "--json"]).ended(0).json();
    assert_eq!(forgotten["forgotten"], true);
    assert_eq!(url(&["phone", "--json"]), Value::Null);
    let again = program.run(&["phone", "--forget", "--json"]).ended(0).json();
    assert_eq!(again["forgotten"], false);
}

#[test]
fn an_address_that_a_phone_could_not_use_is_refused_and_changes_nothing() {
    let program = Installed::with_page();
    program.run(&["phone", "--url", ADDRESS, "--save"]).ended(0);
    for (wrong, said) in [
        ("http://keys.example/", "has to begin with https://"),
        ("keys.example", "has to begin with https://"),
        ("file:///home/ana/index.html", "has to begin with https://"),
        ("https://ana:word@keys.example/", "a user or a password"),
        ("https://keys.example/#pair", "a part after ? or #"),
        ("https://kеys.example/", "not plain ASCII"),
        ("https://keys\u{200B}.example/", "U+200B"),
        ("https://keys.example/a b", "a space"),
        ("https:///phone", "names no host"),
        ("https://keys.example:70000/", "port"),
        ("  ", "No address"),
        ("", "given empty"),
    ] {
        let run = program.run(&["phone", "--url", wrong, "--save"]).ended(2);
        assert!(run.err.contains(said), "{wrong}: {run:?}");
        let error = program.run(&["phone", "--json", "--url", wrong]).ended(2).json();
        assert_eq!(error["error"]["code"], "usage", "{wrong}");
    }
    assert_eq!(program.run(&["phone", "--json"]).ended(0).json()["url"], ADDRESS);
    program.run(&["phone", "--save"]).ended(2);
    program.run(&["phone", "--forget", "--url", ADDRESS]).ended(2);
}

#[test]
fn the_files_are_written_as_they_are_installed_and_replace_nothing() {
    let program = Installed::with_page();
    let out = program.home.path("www/phone");
    let json = program.run(&["phone", "--out", "www/phone", "--json"]).ended(0).json();
    assert_eq!((json["files"].as_array().unwrap().len(), &json["out"]), (6, &"www/phone".into()));
    assert_eq!(names(&out), FILES);
    for name in FILES {
        assert_eq!(fs::read(out.join(name)).unwrap(), fs::read(program.page().join(name)).unwrap());
    }
    #[cfg(unix)]
    for name in FILES {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(out.join(name)).unwrap().permissions().mode();
        assert_eq!(
            mode & 0o044,
            fs::metadata(program.page().join(name)).unwrap().permissions().mode() & 0o044
        );
    }
    let text = program.run(&["phone", "--out", "www/phone"]).ended(0).text();
    assert!(text.contains("www/phone") && text.contains(NOTHING), "{text}");

    let mine = program.home.path("mine");
    fs::create_dir(&mine).unwrap();
    fs::write(mine.join("sw.js"), "mine").unwrap();
    let run = program.run(&["phone", "--out", "mine"]).ended(1);
    assert!(run.err.contains("mine/sw.js is already there."), "{run:?}");
    assert!(run.err.contains("--out DIR"), "{run:?}");
    assert_eq!(
        (names(&mine), fs::read(mine.join("sw.js")).unwrap()),
        (vec!["sw.js".to_owned()], b"mine".to_vec())
    );
    // An address is kept only if the rest was done.
    program.run(&["phone", "--out", "mine", "--url", ADDRESS, "--save"]).ended(1);
    assert_eq!(program.run(&["phone", "--json"]).ended(0).json()["url"], Value::Null);
    program.home.write("file", "mine");
    let run = program.run(&["phone", "--out", "file"]).ended(1);
    assert!(run.err.contains("file is not a folder."), "{run:?}");
}

#[test]
fn without_the_page_it_is_said_and_its_address_is_shown_all_the_same() {
    let program = Installed::new();
    let run = program.run(&["phone", "--out", "www"]).ended(1);
    assert!(run.err.contains("was not installed with this program"), "{run:?}");
    assert!(run.err.contains("make phone"), "what to do: {run:?}");
    assert!(!program.home.path("www").exists());
    let error = program.run(&["phone", "--out", "www", "--json"]).ended(1).json();
    assert_eq!(error["error"]["code"], "no_page");
    let text = program.run(&["phone", "--url", ADDRESS]).ended(0).text();
    assert!(text.contains(ADDRESS) && text.contains("was not installed"), "{text}");
    let json = program.run(&["phone", "--json", "--url", ADDRESS]).ended(0).json();
    assert_eq!((&json["sha256"], &json["page"]), (&Value::Null, &Value::Null));

    // One that somebody changed is none.
    let program = Installed::with_page();
    fs::write(program.page().join("index.html"), "<script>evil()</script>").unwrap();
    let run = program.run(&["phone", "--out", "www"]).ended(1);
    assert!(run.err.contains("index.html is missing or not as it was built."), "{run:?}");
    assert!(!program.home.path("www").exists());
    assert_eq!(program.run(&["phone", "--json"]).ended(0).json()["sha256"], Value::Null);
}

#[test]
fn the_code_on_the_terminal_is_the_address() {
    let home = Home::new();
    let args = ["phone", "--url", ADDRESS];
    for size in [(100, 60), (80, 24)] {
        let Some(terminal) = PseudoTerminal::start(&home, size, &args, &[]) else { return };
        let (status, shown, bytes) = terminal.end();
        assert_eq!(status.code(), Some(0), "{}", shown.text());
        let readings = decode_image(&shown.picture(false, 4));
        let read: Vec<_> = readings.into_iter().filter_map(|reading| reading.into_text()).collect();
        assert_eq!(read, [ADDRESS], "{}", shown.text());
        assert!(String::from_utf8_lossy(&bytes).contains("false digits"));
    }
    // Where it has no room the address can still be typed.
    let Some(terminal) = PseudoTerminal::start(&home, (30, 12), &args, &[]) else { return };
    let (status, shown, bytes) = terminal.end();
    assert_eq!(status.code(), Some(0), "{}", shown.text());
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(text.contains(ADDRESS) && text.contains("too small for its code"), "{text}");
}
