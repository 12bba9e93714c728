//! Texts on their way out. A shell gets what was meant, a terminal nothing that acts on it.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use keyglance_core::exports::{TARGETS, Target, is_sentence};
use keyglance_core::test_util::found;
use keyglance_profile::{
    printable, printable_lines, printable_path, shell_argument, shell_path, shell_quoted,
    undo_lines, usage_lines,
};
use tempfile::tempdir;

/// Names that somebody may choose, or a file may have.
const ODD: [&str; 22] = [
    "my dir/key file.pass",
    "it's",
    "say \"hi\"",
    "a$HOME",
    "$(touch pwned)",
    "`touch pwned`",
    "a;touch pwned",
    "a&touch pwned",
    "a|touch pwned",
    "a>pwned",
    "back\\slash",
    "\\",
    "'",
    "*",
    "~",
    "~root",
    "#no",
    "!!",
    "{a,b}",
    "ünï 🦊",
    "=ls",
    "-rf",
];

/// What `sh` makes of one word.
fn words(shell: &str, line: &str, folder: &Path) -> Vec<Vec<u8>> {
    let script = format!("printf '%s\\0' {line}");
    let out = Command::new(shell).arg("-c").arg(script).current_dir(folder).output().unwrap();
    assert!(out.status.success(), "{line}: {out:?}");
    let mut words: Vec<_> = out.stdout.split(|b| *b == 0).map(<[u8]>::to_vec).collect();
    assert_eq!(words.pop(), Some(Vec::new()));
    words
}

#[test]
fn a_quoted_word_is_the_same_word_to_a_shell_and_runs_nothing() {
    let folder = tempdir().unwrap();
    for text in ODD.into_iter().chain(["", " ", "plain", "a.b/c-d_e@f%g+h=i:j,k"]) {
        let quoted = shell_quoted(text);
        assert_eq!(words("sh", &quoted, folder.path()), [text.as_bytes()], "{quoted}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "something was run");
    for plain in ["letter.age", "a.b/c-d_e@f%g+h=i:j,k"] {
        assert_eq!(shell_quoted(plain), plain);
    }
}

/// Pasted from the terminal it must be whole, so it is not cut or hidden there.
#[test]
fn a_word_with_hidden_characters_is_shown_whole_and_still_names_the_file() {
    let hidden =
        ["a\rb", "r\rSealed.txt\u{1b}[K", "a\nb'c\\d", "Bo\u{202e}b", "\u{200b}7", "tab\t"];
    for text in hidden {
        let quoted = shell_quoted(text);
        assert_eq!(printable(&quoted), quoted, "{quoted}");
        if found("bash") {
            let folder = tempdir().unwrap();
            assert_eq!(words("bash", &quoted, folder.path()), [text.as_bytes()], "{quoted}");
        }
    }
    // A digit behind an octal escape is no part of it.
    assert_eq!(shell_quoted("\u{1}7"), r"$'\0017'");
    let latin1 = PathBuf::from(OsString::from_vec(b"-caf\xe9 '1".to_vec()));
    assert_eq!(shell_path(&latin1), r"$'./-caf\351 \'1'");
    if found("bash") {
        let folder = tempdir().unwrap();
        let word = words("bash", &shell_path(&latin1), folder.path());
        assert_eq!(word, [[b"./", latin1.as_os_str().as_bytes()].concat()]);
    }
}

#[test]
fn no_path_or_name_is_taken_for_an_option() {
    assert_eq!(shell_path(Path::new("-rf")), "./-rf");
    assert_eq!(shell_path(Path::new("-my file")), "'./-my file'");
    assert_eq!(shell_path(Path::new("a/-b")), "a/-b");
    assert_eq!(shell_argument("-rf"), "-- -rf");
    assert_eq!(shell_argument("--yes now"), "-- '--yes now'");
    assert_eq!(shell_argument("Bo"), "Bo");
}

#[test]
fn a_terminal_gets_nothing_that_acts_on_it() {
    for (text, shown) in [
        ("r\rSealed\u{1b}[K", "r\\rSealed\\u{1b}[K"),
        ("a\u{9b}2J", "a\\u{9b}2J"),
        ("moc.elpmaxe\u{202e}", "moc.elpmaxe\\u{202e}"),
        ("Bo\u{200b}b\u{feff}", "Bo\\u{200b}b\\u{feff}"),
        ("\u{e0041}\u{e000}\u{378}\u{2800}", "\\u{e0041}\\u{e000}\\u{378}\\u{2800}"),
        ("Zoë 🦊 “ok”", "Zoë 🦊 “ok”"),
    ] {
        assert_eq!(printable(text), shown);
        assert_eq!(printable_path(Path::new(text)), shown);
        assert_eq!(printable_lines(&format!("{text}\n{text}")), format!("{shown}\n{shown}"));
    }
    // One line stays one line: a name cannot forge a second one.
    assert_eq!(printable("a\nSealed b"), "a\\nSealed b");
}

/// Every told line that is a command, run by `sh` with stand-ins for the programs: each
/// gets the file's path as it is.
#[test]
fn told_commands_name_the_file_whatever_it_is_called() {
    const PROGRAMS: [&str; 27] = [
        "restic",
        "borg",
        "gocryptfs",
        "gpg",
        "openssl",
        "ansible-vault",
        "cryfs",
        "duplicity",
        "cryptsetup",
        "git-crypt",
        "rclone",
        "age",
        "keyglance",
        "meshtastic",
        "syncthing",
        "openvpn",
        "wg",
        "wg-quick",
        "swanctl",
        "systemctl",
        "keepassxc-cli",
        "install",
        "rm",
        "jose",
        "minisign",
        "ssh",
        "ssh-keygen",
    ];
    let folder = tempdir().unwrap();
    let bin = folder.path().join("bin");
    fs::create_dir(&bin).unwrap();
    for program in PROGRAMS.iter().chain(&["xxd", "base64", "PROGRAM", "sudo"]) {
        // A borg that runs its command as its own does; the others tell what they got.
        let script = "#!/bin/sh\n[ -n \"$BORG_PASSCOMMAND\" ] && exec sh -c \"$BORG_PASSCOMMAND\"\n\
                      for word in \"$@\" \"$PASSPHRASE\"; do echo \"$word\"; done\n[ -t 0 ] || cat\n";
        let script = if *program == "sudo" { "#!/bin/sh\nexec \"$@\"\n" } else { script };
        let path = bin.join(program);
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    }
    // Lines that add to a list of ssh find one that is nobody's.
    let home = folder.path().join("home");
    fs::create_dir_all(home.join(".ssh")).unwrap();
    let mut run = 0;
    for name in ODD {
        let place = folder.path().join("work").join(format!("{run}"));
        fs::create_dir_all(&place).unwrap();
        let file = Path::new(name);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(place.join(parent)).unwrap();
        }
        fs::write(place.join(file), "the secret").unwrap();
        fs::write(place.join(format!("{name}.pub")), "age1").unwrap();
        fs::create_dir(place.join("REPOSITORY")).unwrap();
        fs::write(place.join("NEW"), "the new one").unwrap();
        for target in TARGETS {
            let templates = target.usage.iter().chain(target.undo);
            let told =
                usage_lines(target, file, &[]).into_iter().chain(undo_lines(target, file, &[]));
            for (template, line) in templates.zip(told) {
                if is_sentence(&line) {
                    continue;
                }
                let out = Command::new("sh")
                    .arg("-c")
                    .arg(&line)
                    .current_dir(&place)
                    .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
                    .env("HOME", &home)
                    .stdin(std::process::Stdio::null())
                    .output()
                    .unwrap();
                let mut said = String::from_utf8(out.stdout).unwrap();
                assert!(out.status.success(), "{line}: {said}");
                for list in ["known_hosts", "authorized_keys"] {
                    let list = home.join(".ssh").join(list);
                    said += &fs::read_to_string(&list).unwrap_or_default();
                    fs::write(list, "").unwrap();
                }
                let wanted = match name.starts_with('-') {
                    _ if template.contains("{full}") => {
                        std::path::absolute(file).unwrap().display().to_string()
                    }
                    true => format!("./{name}"),
                    false => name.to_owned(),
                };
                let named = said.lines().any(|word| word.contains(&wanted));
                let is_of_the_file =
                    ["{file}", "{full}", "{cat}"].iter().any(|place| template.contains(place));
                assert!(named || said.contains("the secret") || !is_of_the_file, "{line}: {said}");
                run += 1;
            }
        }
        assert!(!place.join("pwned").exists(), "{name}");
    }
    assert!(run > 20 * ODD.len(), "{run}");
}

#[test]
fn a_target_that_is_told_in_words_shows_the_path_as_a_person_reads_it() {
    let wifi = usage_lines(Target::find("wifi").unwrap(), Path::new("my dir/f\u{1b}"), &[]);
    assert!(wifi.iter().any(|line| line.ends_with("/my dir/f\\u{1b}")), "{wifi:?}");
    let tink = usage_lines(Target::find("tink").unwrap(), Path::new("it's"), &[]);
    assert!(tink.iter().any(|line| line.contains(r"open('it\'s')")), "{tink:?}");
}
