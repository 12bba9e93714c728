//! Two laptops share a folder and a backup through an object store, by the very commands
//! of docs/cloud-storage.md. Neither the store nor who ends TLS before it comes to see a
//! name or a byte; without the encryption both do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::network::Server;
use super::{LETTER, Pair, contains, failed, finish, need, passed_again, shown, succeeded};

/// Names in the folder that is shared, and what is in them.
const FILES: [(&str, &[u8]); 3] = [
    ("Diary of Ana.txt", LETTER),
    ("Holidays in Lisbon/Überraschung für Bo.txt", "Geschenk: Ohrringe, 14. März".as_bytes()),
    ("Holidays in Lisbon/tickets & hotel+spa.txt", b"Booking 7PQX4M, room with a view"),
];

/// What the document says is run.
struct Document(String);

impl Document {
    fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cloud-storage.md");
        Self(fs::read_to_string(path).unwrap())
    }

    /// The one command of it that begins so.
    fn line(&self, start: &str) -> String {
        let mut lines = self.0.lines().filter(|line| line.trim_start().starts_with(start));
        let line = lines.next().unwrap_or_else(|| panic!("the document has no: {start}"));
        assert_eq!(lines.next(), None, "{start}");
        line.trim_start().to_owned()
    }
}

/// The store, who stands before it, and two people with an access key each.
struct Cloud {
    pair: Pair,
    server: Server,
    address: String,
}

impl Cloud {
    /// `None`, with a word, where there is no store to be had.
    fn new() -> Option<Self> {
        let pair = Pair::new();
        let python = std::env::var("KEYGLANCE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let has = pair.run(&python, &["-c", "import boto3, moto.server"], b"");
        if !has.status.success() {
            println!("skipped: moto not found");
            return None;
        }
        let made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
        let named = ["-nodes", "-subj", "/CN=store", "-addext", "subjectAltName=IP:127.0.0.1"];
        let files = ["-keyout", "store.key", "-out", "store.pem"];
        pair.ok("openssl", &[&made[..], &named, &files].concat(), b"");
        let script = pair.write("cloud.py", include_str!("cloud.py"));
        let mut command = pair.program_for(600, &python);
        // Nothing else on this computer stands before it.
        command.env_remove("HTTP_PROXY").env_remove("http_proxy").env_remove("AWS_CA_BUNDLE");
        command.args([shown(&script), shown(&pair.path("")), "store.pem", "store.key"]);
        let mut server = Server::start(&mut command);
        let (_, line) = server.says(false, &["listening on"]);
        let port = line.trim().rsplit(' ').next().unwrap();
        let address = format!("https://127.0.0.1:{port}");
        Some(Self { pair, server, address })
    }

    fn home(&self, side: usize) -> PathBuf {
        let home = self.pair.path(["ana", "bo", "eve"][side]);
        fs::create_dir_all(home.join(".config/rclone")).unwrap();
        home
    }

    /// What one of them types, with the places of the document filled in.
    fn types(&self, side: usize, script: &str) -> Output {
        let access = ["ana", "bo", "eve"][side];
        let key = self.pair.homes[side % 2].run(["keys", "--json"]).ended(0).json();
        let script = script
            .replace("https://s3.example.org", &self.address)
            .replace("MY-ID", &format!("{access}-access"))
            .replace("MY-SECRET", &format!("{access}-secret"))
            .replace("KEY-ID", key["keys"][0]["key_id"].as_str().unwrap())
            .replace("get Bo ", if side == 0 { "get Bo " } else { "get Ana " });
        let keyglance = Path::new(env!("CARGO_BIN_EXE_keyglance")).parent().unwrap();
        let path = format!("{}:{}", shown(keyglance), std::env::var("PATH").unwrap());
        let mut command: Command = self.pair.program("sh");
        command.args(["-c", &script]).current_dir(self.home(side)).env("HOME", self.home(side));
        command.env("PATH", path).env("KEYGLANCE_PROFILE", self.pair.homes[side % 2].profile());
        // The store's certificate, which is nobody's else.
        command.env("SSL_CERT_FILE", self.pair.path("store.pem")).env_remove("SSL_CERT_DIR");
        command.env_remove("AWS_CA_BUNDLE").env("AWS_DEFAULT_REGION", "us-east-1");
        finish(&mut command, b"")
    }

    fn ok(&self, side: usize, script: &str) -> Vec<u8> {
        succeeded(script, self.types(side, script))
    }

    /// The folder that is to be shared, with Ana.
    fn fill(&self, name: &str) {
        for (path, content) in FILES {
            let path = self.home(0).join(name).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
    }

    fn has(&self, side: usize, name: &str) {
        for (path, content) in FILES {
            let path = self.home(side).join(name).join(path);
            assert_eq!(fs::read(&path).unwrap(), content, "{}", path.display());
        }
    }

    /// All that went by, and all that is held: the look is over.
    fn seen(mut self) -> [Vec<u8>; 2] {
        self.server.close_input();
        let (_, line) = self.server.says(false, &["held "]);
        assert!(!line.contains("held 0"), "{line}");
        let [seen, held] = ["seen", "held"].map(|name| fs::read(self.pair.path(name)).unwrap());
        assert!(seen.len() > 1000 && held.len() > 100);
        [seen, held]
    }
}

/// Every form in which a name or a content may go by.
fn forms(text: &[u8]) -> Vec<Vec<u8>> {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    let hex: String = text.iter().map(|byte| format!("{byte:02x}")).collect();
    let escaped = |kept: &[u8], space: &str, upper: bool| -> String {
        let escape = |byte: &u8| match byte {
            b' ' if space == "+" => "+".to_owned(),
            byte if byte.is_ascii_alphanumeric() || kept.contains(byte) => char::from(*byte).into(),
            byte if upper => format!("%{byte:02X}"),
            byte => format!("%{byte:02x}"),
        };
        text.iter().map(escape).collect()
    };
    let mut forms = vec![text.to_vec(), hex.to_uppercase().into(), hex.into()];
    for kept in [&b"-_.~"[..], b"-_.~/", b"-_.~&+/"] {
        for space in ["+", "%20"] {
            forms.extend([true, false].map(|upper| escaped(kept, space, upper).into_bytes()));
        }
    }
    // In base64 it may begin at any of three places; what stands at its ends is another's.
    for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        for before in 0..3 {
            let encoded = engine.encode([&b"\0\0"[..before], text].concat());
            let (start, end) = ([0, 2, 3][before], encoded.len() / 4 * 4);
            let end = if (before + text.len()).is_multiple_of(3) { end } else { encoded.len() - 1 };
            forms.push(encoded.as_bytes()[start..end].to_vec());
        }
    }
    forms
}

/// Which names and contents are to be found in what was seen.
fn found_in(seen: &[u8]) -> Vec<String> {
    let names = FILES.iter().flat_map(|(path, _)| path.split('/')).map(str::as_bytes);
    let contents = FILES.iter().map(|(_, content)| *content);
    let is_seen = |text: &&[u8]| forms(text).iter().any(|form| contains(seen, form));
    names.chain(contents).filter(is_seen).map(|t| String::from_utf8_lossy(t).into_owned()).collect()
}

/// Also of a name that is the start of another, or stands within a longer text.
#[test]
fn the_look_finds_a_text_in_every_form() {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    for before in ["", "a", "ab", "abc"] {
        for after in ["", "y", "yz"] {
            let text = format!("{before}Überraschung für Bo.txt{after}");
            for encoded in [STANDARD.encode(&text), URL_SAFE.encode(&text)] {
                assert_eq!(found_in(encoded.as_bytes()), ["Überraschung für Bo.txt"], "{text}");
            }
        }
    }
    for text in [
        "GET /b/Holidays%20in%20Lisbon/x",
        "?prefix=Holidays+in+Lisbon%2F",
        "x-name: 486F6C696461797320696E204C6973626F6E",
        "<Key>a/Holidays in Lisbon/",
    ] {
        assert_eq!(found_in(text.as_bytes())[0], "Holidays in Lisbon", "{text}");
    }
    assert_eq!(found_in(b"Holidays in Porto"), Vec::<String>::new());
}

#[test]
#[ignore = "slow: make interop runs it"]
fn rclone_shares_a_folder_that_the_cloud_cannot_read() {
    need!("rclone", "openssl");
    let Some(cloud) = Cloud::new() else { return };
    let document = Document::read();
    let [create, add] = ["rclone config create cloud", "keyglance get Bo --for rclone --remote"]
        .map(|start| document.line(start));
    for side in [0, 1] {
        cloud.ok(side, &create);
        cloud.ok(side, &add);
    }
    // Somebody with an access key, the whole configuration, and the key for another word.
    cloud.ok(2, &create);
    cloud.ok(2, &add.replace("cloud 2026", "cloud 2025"));

    cloud.fill("Photos");
    cloud.ok(0, &document.line("rclone copy Photos with-bo:Photos"));
    let listed = String::from_utf8(cloud.ok(1, &document.line("rclone lsf -R"))).unwrap();
    for (path, _) in FILES {
        assert!(listed.contains(path), "{listed}");
    }
    cloud.ok(1, &document.line("rclone copy with-bo:Photos Photos-of-us"));
    cloud.has(1, "Photos-of-us");
    cloud.ok(0, &document.line("rclone check Photos"));

    // And back.
    cloud.ok(1, "rclone moveto 'with-bo:Photos/Diary of Ana.txt' 'with-bo:Photos/old.txt'");
    let old = cloud.ok(0, "rclone cat with-bo:Photos/old.txt");
    assert_eq!(old, LETTER);
    cloud.ok(1, "rclone moveto with-bo:Photos/old.txt 'with-bo:Photos/Diary of Ana.txt'");

    let other = cloud.types(2, "rclone lsf -R with-bo:; rclone copy with-bo: out; ls -R out");
    assert_eq!(found_in(&[other.stdout, other.stderr].concat()), Vec::<String>::new());
    failed("rclone", &cloud.types(2, "rclone cat 'with-bo:Photos/Diary of Ana.txt' | grep ."));

    // A file that knows the store itself, by the line that the export tells.
    let whole = document.line("keyglance export Bo --for rclone --remote");
    let more = " --separate-key-for 'cloud 2026' --without-passphrase --out alone.conf --json";
    cloud.ok(0, &(whole + more));
    cloud.ok(0, "mkdir more && cp 'Photos/Diary of Ana.txt' more/");
    let environment = "AWS_ACCESS_KEY_ID=MY-ID AWS_SECRET_ACCESS_KEY=MY-SECRET";
    cloud.ok(0, &format!("{environment} rclone --config alone.conf copy more keyglance:more"));
    assert_eq!(cloud.ok(1, "rclone cat 'with-bo:more/Diary of Ana.txt'"), LETTER);

    for seen in cloud.seen() {
        assert_eq!(found_in(&seen), Vec::<String>::new());
    }
    passed_again("rclone (S3)");
}

/// The same without our key: so the look is real.
#[test]
#[ignore = "slow: make interop runs it"]
fn without_encryption_the_cloud_sees_everything() {
    need!("rclone", "openssl");
    let Some(cloud) = Cloud::new() else { return };
    cloud.ok(0, &Document::read().line("rclone config create cloud"));
    cloud.fill("Photos");
    cloud.ok(0, "rclone copy Photos cloud:our-bucket/shared/Photos");
    for seen in cloud.seen() {
        let found = found_in(&seen);
        for (path, content) in FILES {
            let texts = path.split('/').map(str::to_owned);
            for text in texts.chain([String::from_utf8_lossy(content).into_owned()]) {
                assert!(found.contains(&text), "{text} was not seen: {found:?}");
            }
        }
    }
}

#[test]
#[ignore = "slow: make interop runs it"]
fn restic_keeps_a_backup_that_the_cloud_cannot_read() {
    need!("restic", "openssl");
    let Some(cloud) = Cloud::new() else { return };
    let document = Document::read();
    let environment =
        ["export AWS_ACCESS_KEY_ID", "export RESTIC_REPOSITORY", "export RESTIC_PASSWORD_COMMAND"]
            .map(|start| document.line(start))
            .join("\n");
    let with = |line: &str| format!("{environment}\n{line}");
    let told = |start: &str| with(&document.line(start));
    cloud.fill("Documents");
    cloud.ok(0, &told("restic init"));
    cloud.ok(0, &told("restic backup"));
    assert!(contains(&cloud.ok(1, &told("restic snapshots")), b"Documents"));
    cloud.ok(1, &told("restic restore"));
    cloud.has(1, "restored/Documents");
    cloud.ok(1, &with("echo 'from Bo' > note && restic backup note"));
    let dump = cloud.ok(0, &with("restic dump latest /note"));
    assert_eq!(dump, b"from Bo\n");

    let other = told("restic snapshots").replace("cloud 2026", "cloud 2025");
    failed("restic", &cloud.types(2, &other));
    // What must not be used stops it, and changes nothing in the cloud.
    cloud.pair.homes[0].run(["compare", "Bo", "--differs"]).ended(3);
    let refused = cloud.types(0, &told("restic backup"));
    failed("restic", &refused);
    assert!(contains(&refused.stderr, b"did not match"), "{refused:?}");

    let [seen, held] = cloud.seen();
    for seen in [&seen, &held] {
        assert_eq!(found_in(seen), Vec::<String>::new());
        // As the document says.
        assert!(contains(seen, b"\"username\":"));
    }
    passed_again("restic (S3)");
}
