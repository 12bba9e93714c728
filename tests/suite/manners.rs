//! The command line's manners: JSON of one style, names that mean one thing, files that
//! are opened for what they are, manual pages and completions.

use serde_json::{Value, json};

use crate::program::{Home, Running, pair_through_pipes, paired};
use keyglance_qr::{self as qr, Code};

/// What a JSON result must be, all the way down.
fn assert_one_style(value: &Value, at: &str) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let snake = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
                assert!(name.chars().all(snake), "{at}: {name}");
                let at = format!("{at}.{name}");
                let is_time = ["at", "created", "since"].contains(&name.as_str())
                    || name.ends_with("_at")
                    || name.ends_with("_since");
                match member {
                    Value::String(text) if is_time => {
                        let time: jiff::Timestamp = text.parse().expect(&at);
                        let second = time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
                        assert_eq!(*text, second, "{at}");
                    }
                    Value::Number(_) if is_time => panic!("{at} is a number"),
                    // The kind of a code has a name.
                    Value::String(_) if name == "id" && members.contains_key("evidence") => {}
                    Value::String(text) if name.ends_with("id") => {
                        assert!(text.bytes().all(|b| b.is_ascii_hexdigit()), "{at}: {text}");
                    }
                    Value::String(text) if name == "bytes" || name == "public_key" => {
                        let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
                        assert!(text.bytes().all(fits), "{at}: {text}");
                    }
                    member => assert_one_style(member, &at),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| assert_one_style(item, at)),
        _ => {}
    }
}

/// These two places have no day in common, whenever it is.
#[test]
fn dates_are_those_of_where_the_user_is_and_utc_in_json() {
    let home = Home::new();
    home.run(["device", "name", "Ana"]).ended(0);
    let run = |zone: &str, args: &[&str]| {
        let mut command = home.command(args);
        let run = Running::start(command.env("TZ", zone)).end().ended(0);
        run.text()
    };
    let created = |zone: &str| {
        let text = run(zone, &["device"]);
        let line = text.lines().find_map(|line| line.strip_prefix("Created"));
        line.unwrap_or_else(|| panic!("{text}")).trim().to_owned()
    };
    let zones = ["EARLY-14", "UTC0", "LATE12"];
    let [early, utc, late] = zones.map(created);
    let day = |text: &str| text.split(',').next().unwrap().to_owned();
    assert_ne!(day(&early), day(&late));
    let json = zones.map(|zone| run(zone, &["device", "--json"]));
    assert!(json[0] == json[1] && json[1] == json[2], "{json:?}");
    let object: Value = serde_json::from_str(&json[0]).unwrap();
    let at: jiff::Timestamp = object["created"].as_str().unwrap().parse().unwrap();
    assert_eq!(utc, at.strftime("%-d %b %Y, %H:%M").to_string());
}

#[test]
fn every_json_result_is_of_one_style() {
    let [ana, bo] = paired();
    ana.write("word", "correct horse battery");
    ana.write("letter", "Noon.");
    let code = qr::render_png(&Code::new("over the fence\u{7f}").unwrap(), 4).unwrap();
    ana.write("code.png", code);
    let public = bo.run(["code", "--device"]).ended(0).text();
    let word = ["--passphrase-file", "word"];
    let commands: Vec<(Vec<&str>, i32)> = vec![
        (vec![], 0),
        (vec!["contacts"], 0),
        (vec!["contacts", "show", "Bo"], 0),
        (vec!["keys"], 0),
        (vec!["keys", "show", "Bo"], 0),
        (vec!["keys", "label", "Bo", "family"], 0),
        (vec!["keys", "confirm", "Bo"], 0),
        (vec!["device"], 0),
        (vec!["device", "show"], 0),
        (vec!["device", "name", "Ana"], 0),
        (vec!["device", "backup", "backup", word[0], word[1]], 0),
        (vec!["compare", "Bo"], 0),
        (vec!["export", "--list"], 0),
        (vec!["export", "Bo", "--for", "age", "--without-passphrase"], 0),
        (vec!["export", "Bo", "--for", "keyglance", word[0], word[1], "--out", "whole.age"], 0),
        (vec!["keys", "show", "Bo"], 0),
        (vec!["keys", "check", "whole.age", word[0], word[1]], 0),
        (vec!["code", "Bo", "--for", "wifi", "--out", "wifi.png"], 0),
        (vec!["code", "--device"], 0),
        (vec!["code", "--verification", "Bo", "--out", "mine.png"], 0),
        (vec!["seal", "letter", "--for", "Bo"], 0),
        (vec!["open", "letter.age", "--out", "again"], 0),
        (vec!["scan", "code.png"], 0),
        (vec!["code.png"], 0),
        (vec!["fingerprint", public.trim()], 0),
        (vec!["demo", "--seed", "1"], 0),
        (vec!["doctor"], 0),
        (vec!["man", "--out", "pages"], 0),
        (vec!["keys", "stop", "Bo"], 0),
        (vec!["keys", "show", "Bo"], 0),
        // What fails says so in one style too.
        (vec!["export", "Bo", "--for", "raw", "--without-passphrase"], 3),
        (vec!["seal", "letter", "--for", "Bo"], 3),
        (vec!["keys", "stop", "--undo", "Bo"], 0),
        (vec!["seal", "nofile", "--for", "Bo"], 1),
        (vec!["export", "Bo", "--for", "foo", "--without-passphrase"], 2),
        (vec!["export", "Nobody", "--for", "raw", "--without-passphrase"], 1),
        (vec!["keys", "show", "Nobody"], 1),
        (vec!["keys", "delete", "Bo"], 2),
        (vec!["import", "whole.age", word[0], word[1]], 1),
        (vec!["keys", "check", "letter"], 1),
        (vec!["scan", "nofile.png"], 1),
        (vec!["pair", "--frobnicate"], 2),
        (vec!["frobnicate"], 2),
        (vec!["compare", "Bo", "--check-code", "12345"], 1),
        (vec!["contacts", "rename", "Bo", "Bert"], 0),
        (vec!["contacts", "delete", "Bert", "--yes"], 0),
        (vec!["import", "whole.age", word[0], word[1]], 0),
        (vec!["device", "restore", "backup", word[0], word[1], "--yes"], 0),
    ];
    for (args, code) in commands {
        let run = ana.run(["--json"].iter().chain(&args)).ended(code);
        let lines = run.text();
        assert_eq!(lines.lines().count(), 1, "{args:?}: {run:?}");
        let value: Value = run.json();
        assert_eq!(value["v"], 1, "{args:?}");
        assert_one_style(&value, &format!("{args:?}"));
        if code == 0 {
            assert!(value.get("error").is_none(), "{args:?}: {value}");
        } else {
            let error = &value["error"];
            assert!(error["code"].is_string() && error["message"].is_string(), "{args:?}: {value}");
            assert!(run.err.contains(error["message"].as_str().unwrap()), "{args:?}: {run:?}");
        }
    }
    // Codes are on standard output there, so that the failure is beside them.
    let run = ana.run(["pair", "--stdin", "--json", "--skip-check"]).ended(4);
    assert!(run.text().lines().all(|line| line.to_uppercase().starts_with("KG1:")), "{run:?}");
    let failure: Value =
        serde_json::from_str(run.err.lines().find(|l| l.starts_with('{')).unwrap()).unwrap();
    assert_eq!(failure["error"]["code"], "nothing_found");
}

#[test]
fn what_fails_is_told_in_words_and_says_what_next() {
    let [ana, _bo] = paired();
    ana.write("letter", "Noon.");
    std::fs::create_dir(ana.path("folder")).unwrap();
    for (args, what, next) in [
        (
            &["export", "B", "--for", "raw", "--plain"][..],
            "Nothing is called \"B\".",
            "keyglance contacts",
        ),
        (
            &["keys", "show", "Boo"],
            "Nothing is called \"Boo\". Close: \"Bo\".",
            "keyglance contacts",
        ),
        (&["seal", "nofile", "--for", "Bo"], "There is no file nofile.", ""),
        (&["scan", "nofile"], "There is no file nofile.", ""),
        (&["import", "nofile"], "nofile: There is no such file.", ""),
        (&["keys", "check", "folder"], "folder: It is a folder.", ""),
        (
            &["export", "Bo", "--for", "raw", "--plain", "--out", "none/key"],
            "The folder of none/key is not there.",
            "",
        ),
        (
            &["seal", "letter", "--for", "Bo", "--out", "none/a"],
            "The folder of none/a is not there.",
            "",
        ),
        (&["nofile.age"], "There is no file nofile.age.", ""),
        (&["letter"], "letter is nothing that Keyglance opens.", "key files"),
        (&["piar"], "No command and no file called “piar”.", "Close: keyglance pair"),
        (&["frobnicate"], "No command and no file called “frobnicate”.", "keyglance --help"),
    ] {
        let run = ana.run(args);
        assert!(run.code.is_some_and(|code| code != 0), "{run:?}");
        assert!(run.err.contains(what) && run.err.contains(next), "{args:?}: {}", run.err);
        // A sentence, or one after the name of the file that it is about.
        let first = run.err.lines().find_map(|line| line.strip_prefix("keyglance: ")).unwrap();
        let said = first.split_once(": ").map_or(first, |(_, said)| said);
        let begins = |said: &str| said.starts_with(|c: char| c.is_uppercase());
        let begins = begins(first) || begins(said) || first.starts_with(args[0]);
        assert!(begins && said.ends_with('.'), "{args:?}: {first}");
        for word in ["entity", "os error", "Os {", "kind:"] {
            assert!(!run.err.contains(word), "{args:?}: {}", run.err);
        }
    }
}

#[test]
fn a_name_means_the_same_in_every_command() {
    let [ana, bo] = paired();
    ana.run(["contacts", "rename", "Bo", "Robert"]).ended(0);
    ana.write("letter", "Noon.");
    let id = ana.run(["keys", "--json"]).ended(0).json()["keys"][0]["key_id"].clone();
    let contact = ana.run(["contacts", "--json"]).ended(0).json()["contacts"][0]["id"].clone();
    for (n, name) in ["Robert", "robert", id.as_str().unwrap(), contact.as_str().unwrap()]
        .into_iter()
        .enumerate()
    {
        let out = format!("{n}");
        ana.run(["export", name, "--for", "raw", "--plain", "--out", &out]).ended(0);
        ana.run(["code", name, "--for", "wifi", "--out", &format!("{n}.png")]).ended(0);
        ana.run(["seal", "letter", "--for", name, "--out", &format!("{n}.age")]).ended(0);
        ana.run(["keys", "show", name]).ended(0);
        ana.run(["keys", "label", name, "family"]).ended(0);
        ana.run(["contacts", "show", name]).ended(0);
        ana.run(["compare", name]).ended(0);
        ana.run(["code", "--verification", name]).ended(0);
    }
    for args in [
        &["export", "Bo", "--for", "raw", "--plain"][..],
        &["seal", "letter", "--for", "Bo"],
        &["code", "Bo", "--for", "wifi", "--out", "x.png"],
        &["keys", "show", "Bo"],
        &["contacts", "show", "Bo"],
    ] {
        assert!(ana.run(args).ended(1).err.contains("Nothing is called \"Bo\"."), "{args:?}");
    }
    let [(run, _), _] = pair_through_pipes([&ana, &bo], [&[], &[]]);
    let again = crate::program::result(&run.ended(0));
    assert_eq!(again["key"], "Robert · key 2");
    ana.run(["keys", "show", "robert key 2"]).ended(0);
}

#[test]
fn a_file_is_opened_for_what_it_is() {
    let [ana, bo] = paired();
    ana.write("letter", "Noon.");
    ana.run(["seal", "letter", "--for", "Bo"]).ended(0);
    ana.run(["export", "Bo", "--for", "keyglance", "--plain", "--out", "key.keyglance"]).ended(0);
    bo.write("letter.age", std::fs::read(ana.path("letter.age")).unwrap());
    let opened = bo.run(["letter.age"]).ended(0);
    assert!(opened.text().contains("Sealed by Ana on their side"), "{opened:?}");
    assert_eq!(std::fs::read(bo.path("letter")).unwrap(), b"Noon.");

    let other = Home::new();
    other.write("key.keyglance", std::fs::read(ana.path("key.keyglance")).unwrap());
    let code = qr::render_png(&Code::new("over the fence").unwrap(), 4).unwrap();
    other.write("code.png", code);
    let both = other.run(["key.keyglance", "code.png"]).ended(0).text();
    assert!(both.contains("Imported Bo") && both.contains("over the fence"), "{both}");
    assert_eq!(other.run(["keys", "--json"]).json()["keys"].as_array().unwrap().len(), 1);
    // Again, it is known.
    assert!(other.run(["key.keyglance"]).ended(1).err.contains("have this key already"));

    // Under a passphrase it is asked for, which needs a terminal.
    other.write("word", "correct horse battery");
    ana.write("word", "correct horse battery");
    let args =
        ["export", "Bo", "--for", "keyglance", "--passphrase-file", "word", "--out", "k.age"];
    ana.run(args).ended(0);
    assert!(ana.run(["k.age"]).ended(2).err.contains("no terminal to ask on"));
}

#[test]
fn manual_pages_and_completions_are_of_the_arguments() {
    let home = Home::new();
    let page = home.run(["man"]).ended(0).text();
    assert!(page.starts_with(".ie") && page.contains("keyglance"), "{page}");
    assert!(page.contains("completions") && !page.contains("retire"), "{page}");
    home.run(["man", "--out", "pages"]).ended(0);
    for name in ["keyglance.1", "keyglance-pair.1", "keyglance-contacts-rename.1"] {
        let page = std::fs::read_to_string(home.path("pages").join(name)).expect(name);
        assert!(page.contains("keyglance"), "{name}");
    }
    assert!(!home.path("pages/keyglance-identity.1").exists(), "a word of earlier builds");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = home.run(["completions", shell]).ended(0).text();
        for word in ["pair", "contacts", "separate-key-for"] {
            assert!(script.contains(word), "{shell} does not know {word}");
        }
        if ["bash", "zsh", "fish"].contains(&shell) {
            assert!(script.contains("restic"), "{shell} knows the programs");
        }
    }
    home.run(["completions", "cmd"]).ended(2);
    assert!(!home.profile().exists());
    if keyglance_core::test_util::found("bash") {
        let script = home.run(["completions", "bash"]).out;
        let script = home.write("completions", script);
        let asked = format!(
            "source {} && COMP_WORDS=(keyglance con) COMP_CWORD=1 && _keyglance keyglance con '' \
             && printf '%s\n' \"${{COMPREPLY[@]}}\"",
            script.display()
        );
        let said = std::process::Command::new("bash").args(["-c", &asked]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&said.stdout).trim(), "contacts", "{said:?}");
    }
}

#[test]
fn what_goes_to_standard_output_is_the_result_alone() {
    let [ana, bo] = paired();
    let public = ana.run(["code", "--device", "--out", "-"]).ended(0).text();
    assert!(public.starts_with("keyglance1") && public.lines().count() == 1, "{public}");
    let code = ana.run(["code", "--verification", "Bo", "--out", "-"]).ended(0).text();
    assert_eq!(code.lines().count(), 1, "{code}");
    let mut compare = Running::start(&mut bo.command(["compare", "Ana", "--scan", "-"]));
    compare.write(&code);
    compare.end().ended(0);
    assert_eq!(ana.run(["keys", "--json"]).json()["v"], json!(1));
}

/// As the manual says it: two pipes by name, each opened without waiting for the other.
#[test]
fn two_programs_pair_through_named_pipes() {
    if !keyglance_core::test_util::found("mkfifo") {
        return;
    }
    let homes = [Home::new(), Home::new()];
    let shell = |home: &Home, line: &str| {
        let mut command = home.command::<&str>([]);
        let program = command.get_program().to_owned();
        let envs: Vec<_> =
            command.get_envs().map(|(k, v)| (k.to_owned(), v.map(ToOwned::to_owned))).collect();
        command = std::process::Command::new("sh");
        for (name, value) in envs {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.args(["-c", &line.replace("keyglance", &program.to_string_lossy())]);
        command.current_dir(homes[0].path("")).stderr(std::process::Stdio::piped());
        Running::start(&mut command)
    };
    assert_eq!(shell(&homes[0], "mkfifo to-ana to-bo").end().code, Some(0));
    let lines = [
        "keyglance pair --stdin --name Ana <>to-ana >to-bo",
        "keyglance pair --stdin --name Bo <>to-bo >to-ana",
    ];
    let both = [shell(&homes[0], lines[0]), shell(&homes[1], lines[1])];
    for run in both.map(Running::wait) {
        assert_eq!(run.code, Some(3), "paired, and not compared: {run:?}");
        assert!(!run.err.contains("cameras") && run.err.contains("Paired with"), "{run:?}");
    }
}

/// Typed on both sides: neither's picture is there before the other begins.
#[test]
fn a_picture_that_is_not_there_yet_is_waited_for() {
    let homes = [Home::new(), Home::new()];
    let shared = Home::new();
    let start = |i: usize, own: &str, other: &str| {
        let args = ["pair", "--skip-check", "--name", ["Ana", "Bo"][i]];
        let mut command = homes[i].command(args);
        command.arg("--show").arg(shared.path(own)).arg("--picture").arg(shared.path(other));
        Running::start(&mut command)
    };
    let both = [start(0, "a.png", "b.png"), start(1, "b.png", "a.png")];
    for run in both.map(Running::wait) {
        assert_eq!(run.code, Some(3), "{run:?}");
        assert!(run.text().contains("Paired with"), "{run:?}");
    }
}

/// Whatever it shows its codes on, Ctrl-C says what became of the key.
#[test]
fn a_pairing_that_is_stopped_says_so() {
    let shared = Home::new();
    let (mine, theirs) = (shared.path("mine.png"), shared.path("theirs.png"));
    let picture = [mine.to_str().unwrap(), theirs.to_str().unwrap()];
    for args in [
        vec!["pair", "--stdin"],
        vec!["pair", "--show", picture[0], "--watch", picture[1]],
        vec!["pair", "--show", picture[0], "--picture", picture[1]],
    ] {
        let home = Home::new();
        let mut program = Running::start(&mut home.command(&args));
        // Its code is there, so that it pairs.
        if args[1] == "--stdin" {
            program.line().expect("a code");
        } else {
            while !mine.exists() {
                std::thread::yield_now();
            }
            std::fs::remove_file(&mine).unwrap();
        }
        let id = program.id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let run = program.wait();
        assert_eq!(run.code, None, "the signal ended it, which a shell tells as 130: {run:?}");
        assert!(run.err.contains("Stopped. No key was saved."), "{args:?}: {run:?}");
    }
}
