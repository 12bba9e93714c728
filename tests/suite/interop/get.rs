//! No key on the disk: each program by the very line that an export tells, on two sides,
//! under a watch that sees whatever is written. Only what stands in capitals, the user's
//! own places, is replaced.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use keyglance_core::test_util::found;

use super::network::Server;
use super::{LETTER, Pair, contains, failed, finish, need, passed_again, shown, succeeded};

/// Two sides, and who looks on.
struct Watched {
    pair: Pair,
    /// Keys in every form that a program may write.
    forms: Vec<Vec<u8>>,
    runs: Cell<u32>,
}

const LABELS: [&str; 2] = ["our office", "wrong"];

impl Watched {
    fn new() -> Self {
        let pair = Pair::new();
        for n in 0..3 {
            pair.write(&format!("letter{n}"), LETTER);
            pair.write(&format!("letter{n}.yml"), LETTER);
        }
        fs::create_dir(pair.path("letters")).unwrap();
        pair.write("letters/letter", LETTER);
        // What runs the rest as another user.
        fs::create_dir_all(pair.path("bin")).unwrap();
        let sudo = pair.write("bin/sudo", "#!/bin/sh\nexec \"$@\"\n");
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(sudo, executable).unwrap();
        Self { pair, forms: Vec::new(), runs: Cell::new(0) }
    }

    /// The lines that one side's export tells, and no file of it left.
    fn told(&self, side: usize, program: &str, label: &str) -> Vec<String> {
        let file = self.pair.path("told");
        let args = ["export", ["Bo", "Ana"][side], "--for", program, "--without-passphrase"];
        let more = ["--separate-key-for", label, "--json", "--out", shown(&file)];
        let run = self.pair.homes[side].run([&args[..], &more].concat()).ended(0);
        fs::remove_file(&file).unwrap();
        let _ = fs::remove_file(file.with_extension("pub"));
        let lines = run.json()["without_file"].as_array().unwrap().clone();
        lines.iter().map(|line| line.as_str().unwrap().to_owned()).collect()
    }

    /// The one line of them that has this in it.
    fn line(&self, side: usize, program: &str, label: &str, part: &str) -> String {
        let lines = self.told(side, program, label);
        let mut fitting = lines.iter().filter(|line| line.contains(part));
        let line = fitting.next().unwrap_or_else(|| panic!("{program}: {part}: {lines:?}"));
        assert_eq!(fitting.next(), None, "{program}: {part}");
        line.clone()
    }

    /// The key, which from now on must not be seen.
    fn watch_for(&mut self, program: &str) {
        for label in LABELS {
            let args = ["get", "Bo", "--for", program, "--separate-key-for", label];
            let key = self.pair.homes[0].run(args).ended(0).out;
            self.forms.extend(forms(&key));
        }
    }

    /// Runs a script of a shell, and looks at all that it writes to files.
    fn run(&self, script: &str) -> Output {
        let (output, written) = self.look_at(script);
        assert_eq!(written, Vec::<String>::new(), "the key was written by: {script}");
        let found = self.lying_about();
        assert_eq!(found, Vec::<PathBuf>::new(), "the key was left by: {script}");
        output
    }

    /// What it says, and the places of all files to which it wrote the key, were it for a
    /// moment.
    fn look_at(&self, script: &str) -> (Output, Vec<String>) {
        let number = self.runs.replace(self.runs.get() + 1);
        // Beside the folders that are looked through.
        let log = self.pair.homes[0].path(&format!("trace{number}"));
        let traced = found("strace");
        let mut command = self.pair.program(if traced { "strace" } else { "sh" });
        if traced {
            command.args(["-f", "--seccomp-bpf", "-qq", "-y", "-xx", "-s", "1000000"]);
            command.args(["-e", "trace=write,pwrite64,writev,pwritev,pwritev2"]);
            command.args(["-e", "signal=none", "-o", shown(&log), "sh"]);
        }
        let keyglance = Path::new(env!("CARGO_BIN_EXE_keyglance")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        let path = format!("{}:{}:{path}", shown(&self.pair.path("bin")), shown(keyglance));
        fs::create_dir_all(self.pair.path("tmp")).unwrap();
        command.args(["-c", script]).env("PATH", path).env("TMPDIR", self.pair.path("tmp"));
        command.env("BORG_BASE_DIR", self.pair.path("borg"));
        // Ansible wants it so.
        command.env("LC_ALL", "C.UTF-8");
        let output = finish(&mut command, b"");
        let trace = fs::read(&log).unwrap_or_default();
        assert!(!traced || contains(&trace, b"write("), "nothing was seen of: {script}");
        let _ = fs::remove_file(&log);
        (output, self.places(&trace))
    }

    /// To which files a trace wrote a key.
    fn places(&self, trace: &[u8]) -> Vec<String> {
        let mut places = Vec::new();
        for call in trace.split(|byte| *byte == b'\n').map(unescaped) {
            if self.forms.iter().any(|form| contains(&call, form)) {
                let text = String::from_utf8_lossy(&call);
                let place = text.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
                let place = place.map(|(place, _)| place.to_owned()).unwrap_or_default();
                // Pipes and sockets have no path.
                if place.starts_with('/') && !place.starts_with("/dev/") {
                    places.push(place);
                }
            }
        }
        places
    }

    /// Files that hold a key, wherever a program may leave one.
    fn lying_about(&self) -> Vec<PathBuf> {
        let shared = PathBuf::from("/dev/shm");
        let folders =
            [self.pair.path(""), self.pair.homes[0].path(""), self.pair.homes[1].path("")];
        let files = folders.iter().chain([&shared]).flat_map(|folder| regular_files(folder));
        // A disk is large, and few of its bytes begin a key.
        let begins = |byte: &u8| self.forms.iter().any(|form| form.first() == Some(byte));
        let begins: Vec<bool> = (0..=u8::MAX).map(|byte| begins(&byte)).collect();
        let holds = |path: &PathBuf| {
            let bytes = fs::read(path).unwrap_or_default();
            let mut starts = (0..bytes.len()).filter(|i| begins[usize::from(bytes[*i])]);
            starts.any(|i| self.forms.iter().any(|form| bytes[i..].starts_with(form)))
        };
        files.filter(holds).collect()
    }
}

/// Nothing that waits for somebody who writes.
fn regular_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let of = entry.file_type().unwrap();
        if of.is_dir() {
            found.extend(regular_files(&entry.path()));
        } else if of.is_file() {
            found.push(entry.path());
        }
    }
    found
}

/// A key as it is, and as bytes, digits and letters of it.
fn forms(key: &[u8]) -> Vec<Vec<u8>> {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    let mut forms = Vec::new();
    // Whole, but for what everybody may know of it.
    let lines = key.split(|byte| *byte == b'\n').filter(|line| !line.starts_with(b"#"));
    let secret = lines.filter(|line| line.len() >= 16).map(<[u8]>::to_vec);
    let secret: Vec<_> = if key.is_ascii() { secret.collect() } else { vec![key.to_vec()] };
    for text in secret {
        let decoded = URL_SAFE_NO_PAD.decode(&text).or_else(|_| STANDARD.decode(&text));
        let raw = decoded.unwrap_or_else(|_| text.clone());
        let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
        forms.extend([hex.to_uppercase().into_bytes(), hex.into_bytes()]);
        forms.extend(
            [STANDARD_NO_PAD.encode(&raw), URL_SAFE_NO_PAD.encode(&raw)].map(String::into_bytes),
        );
        forms.extend([raw, text]);
    }
    forms
}

/// A line of the trace, with what stands in it in digits.
fn unescaped(line: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| (byte as char).to_digit(16);
    let (mut bytes, mut i) = (Vec::with_capacity(line.len()), 0);
    while let Some(byte) = line.get(i) {
        let escape = line.get(i..i + 4).filter(|four| four.starts_with(b"\\x"));
        let value = escape.and_then(|four| Some(digit(four[2])? * 16 + digit(four[3])?));
        bytes.push(value.map_or(*byte, |value| value as u8));
        i += if value.is_some() { 4 } else { 1 };
    }
    bytes
}

/// A program, and what is done with it.
struct Trial<'a> {
    /// As `--for` calls it.
    program: &'a str,
    /// Parts of the told lines by which Ana locks, in their order.
    lock: &'a [&'a str],
    /// The user's places, and what they are here; `NN` becomes a number.
    places: &'a [(&'a str, &'a str)],
    /// What of the last line is another verb, to open; the letter comes on standard output.
    open: (&'a str, &'a str),
    /// What ends what the program leaves running.
    after: &'a str,
}

impl Trial<'_> {
    fn run(&self) -> Watched {
        let mut watched = Watched::new();
        self.run_in(&mut watched);
        watched
    }

    fn script(&self, line: &str, number: u32) -> String {
        let mut script = line.to_owned();
        for (place, here) in self.places {
            script = script.replace(place, here);
        }
        let script = script.replace("NN", &number.to_string());
        format!(
            "{script}\ncode=$?; {}; exit $code",
            if self.after.is_empty() { ":" } else { self.after }
        )
    }

    fn run_in(&self, watched: &mut Watched) {
        let [label, wrong] = LABELS;
        let (program, last) = (self.program, *self.lock.last().unwrap());
        let open = |label| {
            let line = watched.line(1, program, label, last);
            let (verb, other) = self.open;
            assert!(line.contains(verb), "{line}");
            self.script(&line.replace(verb, other), 1)
        };
        let (open, open_wrong) = (open(label), open(wrong));
        let locks: Vec<_> =
            self.lock.iter().map(|part| watched.line(0, program, label, part)).collect();
        watched.watch_for(program);
        for lock in &locks {
            succeeded(program, watched.run(&self.script(lock, 1)));
        }
        let opened = succeeded(program, watched.run(&open));
        assert!(contains(&opened, LETTER), "{program}: {}", String::from_utf8_lossy(&opened));
        let not_opened = watched.run(&open_wrong);
        assert!(!contains(&not_opened.stdout, LETTER), "{program} took another purpose's key");
        // openssl does not see that a key is wrong.
        if program != "openssl" {
            failed(program, &not_opened);
        }

        // A key that must not be used locks nothing, not even with an empty password.
        watched.pair.homes[0].run(["compare", "Bo", "--differs"]).ended(3);
        for (number, lock) in locks.iter().enumerate() {
            let refused = watched.run(&self.script(lock, 2));
            let said = String::from_utf8_lossy(&refused.stderr).into_owned();
            failed(program, &refused);
            let why = said.contains("did not match") || said.contains("exit status 3");
            assert!(why || number > 0, "{program} failed for another reason: {said}");
        }
        let name = if program == "passphrase" { last } else { program };
        passed_again(&format!("{name} (get)"));
    }
}

/// The look is real: what is written and removed at once is seen, in any form, and so is
/// what is left.
#[test]
fn the_watch_sees_a_key_that_is_written() {
    need!("strace", "od");
    let mut watched = Watched::new();
    let line = watched.line(0, "openssl", "our office", "openssl");
    let get = line.split(" | ").next().unwrap();
    watched.watch_for("openssl");
    for (script, seen) in [
        (format!("{get} | cat > copy; rm copy"), "/copy"),
        (
            format!("{get} | tr '_-' '/+' | (cat; echo =) | base64 -d | tee raw | wc -c; rm raw"),
            "/raw",
        ),
        (
            format!(
                "{get} | tr '_-' '/+' | (cat; echo =) | base64 -d | od -An -v -tx1 | tr -d ' \\n' > /dev/shm/kg-$$; rm /dev/shm/kg-$$"
            ),
            "/dev/shm/",
        ),
    ] {
        let (output, written) = watched.look_at(&script);
        succeeded("sh", output);
        let in_memory = seen.starts_with("/dev");
        assert!(
            in_memory || written.iter().any(|place| place.ends_with(seen)),
            "{script}: {written:?}"
        );
    }
    assert_eq!(watched.lying_about(), Vec::<PathBuf>::new());
    succeeded("sh", watched.look_at(&format!("{get} | cat > left")).0);
    assert_eq!(watched.lying_about(), [watched.pair.path("left")]);
    fs::remove_file(watched.pair.path("left")).unwrap();
    succeeded("sh", watched.run(&format!("{get} | cat | wc -c")));
}

#[test]
fn openssl() {
    need!("openssl");
    Trial {
        program: "openssl",
        lock: &["openssl enc"],
        places: &[("SECRET", "letterNN")],
        open: ("-in SECRET -out SECRET.enc", "-d -in SECRET.enc"),
        after: "",
    }
    .run();
}

#[test]
fn gnupg() {
    need!("gpg");
    Trial {
        program: "gpg",
        lock: &["gpg "],
        places: &[("SECRET", "letterNN")],
        open: ("-c SECRET", "-q -d SECRET.gpg"),
        after: "gpgconf --kill all",
    }
    .run();
}

#[test]
fn age() {
    need!("age");
    let watched = Watched::new();
    let line = watched.line(0, "age", LABELS[0], "age -e");
    drop(watched);
    assert!(line.contains("| age -e -i - -o SECRET.age SECRET"), "{line}");
    Trial {
        program: "age",
        lock: &["age -e"],
        places: &[("SECRET", "letterNN")],
        open: ("age -e -i - -o SECRET.age SECRET", "age -d -i - SECRET.age"),
        after: "",
    }
    .run();
}

#[test]
fn sealed_files_with_age() {
    need!("age");
    let mut watched = Watched::new();
    let sealed = watched.pair.seal(0, LETTER);
    watched.pair.write("letter.age", sealed);
    let args = ["export", "Ana", "--for", "sealed-files", "--without-passphrase"];
    let export = watched.pair.homes[1].run([&args[..], &["--json"]].concat()).ended(0).json();
    fs::remove_file(watched.pair.homes[1].path(export["file"].as_str().unwrap())).unwrap();
    let line = export["without_file"][0].as_str().unwrap().replace("SECRET", "letter");
    let key = watched.pair.homes[1].run(["get", "Ana", "--for", "sealed-files"]).ended(0).out;
    watched.forms.extend(forms(&key));
    assert_eq!(succeeded("age", watched.run(&line)), LETTER);
    passed_again("age (sealed files, get)");
}

#[test]
#[ignore = "slow: make interop runs it"]
fn restic() {
    need!("restic");
    Trial {
        program: "restic",
        lock: &[" init", " backup"],
        places: &[("REPOSITORY", "repositoryNN"), ("FOLDER", "letters")],
        open: ("backup FOLDER", "dump latest /letters/letter"),
        after: "",
    }
    .run();
}

#[test]
#[ignore = "slow: make interop runs it"]
fn borg() {
    need!("borg");
    Trial {
        program: "borg",
        lock: &[" init ", " create "],
        places: &[("REPOSITORY", "repositoryNN"), ("ARCHIVE", "archive"), ("FOLDER", "letters")],
        open: ("create REPOSITORY::ARCHIVE FOLDER", "extract --stdout REPOSITORY::ARCHIVE"),
        after: "",
    }
    .run();
}

#[test]
#[ignore = "slow: make interop runs it"]
fn gocryptfs() {
    need!("gocryptfs", "fusermount");
    let watched = Watched::new();
    let mount = "d=$(mktemp -d) && mkdir $d/c $d/p && gocryptfs -q -init -extpass 'echo x' $d/c && \
                 gocryptfs -q -extpass 'echo x' $d/c $d/p && fusermount -u $d/p";
    if !watched.look_at(mount).0.status.success() {
        println!("skipped: gocryptfs may not mount here");
        return;
    }
    drop(watched);
    let mut watched = Watched::new();
    for folder in ["cipher1", "cipher2", "plain"] {
        fs::create_dir(watched.pair.path(folder)).unwrap();
    }
    Trial {
        program: "gocryptfs",
        lock: &["-init", " CIPHERFOLDER FOLDER"],
        places: &[("CIPHERFOLDER", "cipherNN"), ("FOLDER", "plain")],
        open: ("CIPHERFOLDER FOLDER", "CIPHERFOLDER FOLDER && cat plain/letter"),
        // What Ana mounts gets the letter.
        after: "[ $code = 0 ] && [ ! -e plain/letter ] && mountpoint -q plain && \
                cp letters/letter plain/; mountpoint -q plain && fusermount -u plain",
    }
    .run_in(&mut watched);
}

#[test]
#[ignore = "slow: make interop runs it"]
fn ansible_vault() {
    need!("ansible-vault");
    Trial {
        program: "ansible-vault",
        lock: &["ansible-vault encrypt"],
        places: &[("SECRET.yml", "letterNN.yml")],
        open: ("ansible-vault encrypt", "ansible-vault view"),
        after: "",
    }
    .run();
}

#[test]
#[ignore = "slow: make interop runs it"]
fn duplicity() {
    need!("duplicity", "gpg");
    let watched = Watched::new();
    let url = format!("file://{}/archiveNN", shown(&watched.pair.path("")));
    let mut watched = watched;
    Trial {
        program: "passphrase",
        lock: &["duplicity"],
        places: &[("FOLDER", "letters"), ("URL", &url)],
        open: (
            "duplicity FOLDER URL",
            "duplicity restore --file-to-restore letter URL out && cat out; rm out",
        ),
        after: "gpgconf --kill all",
    }
    .run_in(&mut watched);
}

/// The password of rclone's own configuration, which then holds no key that can be read.
#[test]
#[ignore = "slow: make interop runs it"]
fn rclone() {
    need!("rclone", "python3");
    let mut watched = Watched::new();
    let conf = watched.pair.path(".config/rclone");
    fs::create_dir_all(&conf).unwrap();
    fs::write(conf.join("rclone.conf"), "[cloud]\ntype = local\n").unwrap();
    let args = ["get", "Bo", "--for", "passphrase", "--separate-key-for", LABELS[0]];
    let key = watched.pair.homes[0].run(args).ended(0).out;
    let script = "import os, pty, sys\n\
         key = sys.stdin.read()\n\
         pid, fd = pty.fork()\n\
         if pid == 0: os.execvp('rclone', ['rclone', 'config'])\n\
         def answer(question, text):\n    \
             said = b''\n    \
             while question not in said: said += os.read(fd, 4096)\n    \
             os.write(fd, text.encode() + b'\\n')\n\
         for question, text in [(b'q> ', 's'), (b'a/q> ', 'a'), (b'assword:', key), \
             (b'assword:', key), (b'q> ', 'q'), (b'q> ', 'q')]: answer(question, text)\n\
         os.waitpid(pid, 0)\n";
    succeeded("rclone config", watched.pair.run("python3", &["-c", script], &key));
    let encrypted = fs::read(conf.join("rclone.conf")).unwrap();
    assert!(contains(&encrypted, b"RCLONE_ENCRYPT"), "{}", String::from_utf8_lossy(&encrypted));
    let remote = format!("cloud:{}/remoteNN", shown(&watched.pair.path("")));
    Trial {
        program: "passphrase",
        lock: &["rclone"],
        places: &[("FOLDER", "letters"), ("REMOTE", &remote)],
        open: ("copy FOLDER REMOTE", "cat REMOTE/letter"),
        after: "",
    }
    .run_in(&mut watched);
}

#[test]
fn cryptsetup() {
    need!("cryptsetup");
    let mut watched = Watched::new();
    fs::File::create(watched.pair.path("disk")).unwrap().set_len(20 << 20).unwrap();
    let line = watched.line(0, "LUKS", LABELS[0], "cryptsetup open");
    let get = line.split(" | ").next().unwrap().to_owned();
    let format =
        "cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file - disk";
    let open = |watched: &Watched, side, label| {
        let line = watched.line(side, "LUKS", label, "cryptsetup open");
        line.replace("DEVICE NAME", "--test-passphrase disk")
    };
    let opens = [(0, LABELS[0]), (1, LABELS[0]), (1, LABELS[1])]
        .map(|(side, label)| open(&watched, side, label));
    watched.watch_for("LUKS");
    succeeded("cryptsetup", watched.run(&format!("{get} | {format}")));
    succeeded("cryptsetup", watched.run(&opens[0]));
    succeeded("cryptsetup", watched.run(&opens[1]));
    failed("cryptsetup", &watched.run(&opens[2]));
    passed_again("cryptsetup (get)");
}

/// git-crypt itself keeps its key in the repository, which is told.
#[test]
#[ignore = "slow: make interop runs it"]
fn git_crypt() {
    need!("git", "git-crypt");
    let mut watched = Watched::new();
    let git = "git -c user.name=A -c user.email=a@example.org";
    let lines = [(0, LABELS[0]), (1, LABELS[0]), (1, LABELS[1])]
        .map(|(side, label)| watched.line(side, "git-crypt", label, "git-crypt unlock"));
    let told = watched.told(0, "git-crypt", LABELS[0]);
    assert!(told.iter().any(|line| line.contains("git-crypt lock")), "{told:?}");
    watched.watch_for("git-crypt");
    let start = format!(
        "set -e; git init -q ana; cd ana; {git} commit -q --allow-empty -m 0; {}
         echo 'secret* filter=git-crypt diff=git-crypt' > .gitattributes; cp ../letter1 secret
         git add .; {git} commit -q -m 1",
        lines[0]
    );
    let (output, written) = watched.look_at(&start);
    succeeded("git-crypt", output);
    let within = |place: &str| place.contains("/.git/git-crypt/keys/");
    assert!(
        !found("strace") || !written.is_empty() && written.iter().all(|place| within(place)),
        "{written:?}"
    );
    let open = |line: &str, name: &str| {
        watched
            .look_at(&format!("set -e; git clone -q ana {name}; cd {name}; {line}; cat secret"))
            .0
    };
    assert!(contains(&succeeded("git-crypt", open(&lines[1], "bo")), LETTER));
    failed("git-crypt", &open(&lines[2], "wrong"));
    let lock =
        "for repository in ana bo; do (cd $repository && git-crypt lock); done; rm -rf wrong";
    succeeded("git-crypt", watched.look_at(lock).0);
    assert_eq!(watched.lying_about(), Vec::<PathBuf>::new());
    passed_again("git-crypt (get)");
}

/// On both sides the tunnel has the same second secret, and a key that must not be used
/// takes none away.
#[test]
#[ignore = "slow: make interop runs it"]
fn wireguard() {
    need!("wg", "wireguard-go");
    let mut watched = Watched::new();
    let device = format!("kgp{}", std::process::id());
    let mut command = watched.pair.program("unshare");
    command.args(["--net", "wireguard-go", "-f", &device]).env("LOG_LEVEL", "verbose");
    if !Path::new("/dev/net/tun").exists() {
        println!("skipped: /dev/net/tun not found");
        return;
    }
    let mut server = Server::start(&mut command);
    server.says(false, &["UAPI listener started"]);
    let peer =
        String::from_utf8(watched.pair.ok("sh", &["-c", "wg genkey | wg pubkey"], b"")).unwrap();
    let line = |watched: &Watched, side, label| {
        let line = watched.line(side, "wireguard-psk", label, "preshared-key");
        line.replace("INTERFACE", &device).replace("PUBLIC-KEY", peer.trim())
    };
    let lines = [(0, LABELS[0]), (1, LABELS[0]), (1, LABELS[1])]
        .map(|(side, label)| line(&watched, side, label));
    watched.watch_for("wireguard-psk");
    let secret = || watched.pair.ok("wg", &["show", &device, "preshared-keys"], b"");
    let [ana, bo, wrong] = lines.each_ref().map(|line| {
        succeeded("wg", watched.run(line));
        secret()
    });
    assert!(ana == bo && ana != wrong && !contains(&ana, b"(none)"));
    watched.pair.homes[0].run(["compare", "Bo", "--differs"]).ended(3);
    failed("wg", &watched.run(&lines[0]));
    assert_eq!(secret(), wrong);
    passed_again("wg (get)");
}
