//! Python's libraries: `make interop` installs them into an environment of its
//! own and names its interpreter.

use std::process::Output;

use super::{LETTER, Pair, contains, failed, finish, passed, succeeded};

/// Runs a script with the interpreter that has the module; `None`, with a
/// word, where none has.
pub struct Python<'a> {
    pair: &'a Pair,
    interpreter: String,
}

impl<'a> Python<'a> {
    /// Not all modules go into one environment: ESPHome holds back what others need.
    pub fn with(pair: &'a Pair, module: &str) -> Option<Self> {
        let named = ["KEYGLANCE_PYTHON", "KEYGLANCE_PYTHON_ESPHOME"];
        let interpreters = named.iter().filter_map(|name| std::env::var(name).ok());
        let found = interpreters
            .chain(["python3".to_owned()])
            .map(|interpreter| Self { pair, interpreter })
            .find(|python| python.run(&format!("import {module}"), &[], b"").status.success());
        if found.is_none() {
            println!("skipped: {module} not found");
        }
        found
    }

    pub fn interpreter(&self) -> &str {
        &self.interpreter
    }

    pub fn command(&self) -> std::process::Command {
        self.pair.program(&self.interpreter)
    }

    pub fn run(&self, script: &str, args: &[&str], input: &[u8]) -> Output {
        let script = format!(
            "import sys\nrest = sys.stdin.buffer\nkey = sys.argv[1:2] and open(sys.argv[1]).read()\n{script}"
        );
        finish(self.command().arg("-c").arg(script).args(args), input)
    }
}

/// One script seals, the other opens.
fn round_trip(module: &str, target: &str, seal: &str, open: &str) {
    let pair = Pair::new();
    let Some(python) = Python::with(&pair, module) else { return };
    let files = pair.files(target);
    let sealed = succeeded(module, python.run(seal, &[&files.ana.shown()], LETTER));
    assert!(!contains(&sealed, LETTER), "{module} sealed nothing");
    let opened = succeeded(module, python.run(open, &[&files.bo.shown()], &sealed));
    assert_eq!(opened, LETTER, "{module}");
    for wrong in files.wrong_ones() {
        failed(module, &python.run(open, &[&wrong.shown()], &sealed));
    }
    passed(module);
}

#[test]
#[ignore = "slow: make interop runs it"]
fn jwcrypto() {
    let start = "from jwcrypto import jwk, jwe\nk = jwk.JWK.from_json(key)\nassert k.thumbprint() == k['kid']\n";
    round_trip(
        "jwcrypto",
        "jwk",
        &format!(
            "{start}e = jwe.JWE(rest.read(), '{{\"alg\":\"dir\",\"enc\":\"A256GCM\"}}')\n\
             e.add_recipient(k)\nprint(e.serialize(True))"
        ),
        &format!(
            "{start}e = jwe.JWE()\ne.deserialize(rest.read().decode().strip(), k)\n\
             sys.stdout.buffer.write(e.payload)"
        ),
    );
}

#[test]
#[ignore = "slow: make interop runs it"]
fn tink() {
    let start = "import tink\nfrom tink import aead, secret_key_access\naead.register()\n\
        handle = tink.json_proto_keyset_format.parse(key, secret_key_access.TOKEN)\n\
        primitive = handle.primitive(aead.Aead)\n";
    let with =
        |verb| format!("{start}sys.stdout.buffer.write(primitive.{verb}(rest.read(), b'letter'))");
    round_trip("tink", "tink", &with("encrypt"), &with("decrypt"));
}

#[test]
#[ignore = "slow: make interop runs it"]
fn pyseto() {
    let start = "import pyseto\nk = pyseto.Key.from_paserk(key)\n";
    round_trip(
        "pyseto",
        "paseto",
        &format!("{start}sys.stdout.buffer.write(pyseto.encode(k, rest.read()))"),
        &format!("{start}sys.stdout.buffer.write(pyseto.decode(k, rest.read()).payload)"),
    );
}

#[test]
#[ignore = "slow: make interop runs it"]
fn pykeepass() {
    let start = "from pykeepass import PyKeePass, create_database\n";
    let pair = Pair::new();
    let Some(python) = Python::with(&pair, "pykeepass") else { return };
    let files = pair.files("keepassxc");
    let seal = format!(
        "{start}db = create_database('db.kdbx', keyfile=sys.argv[1])\n\
         db.add_entry(db.root_group, 'letter', rest.read().decode(), '')\ndb.save()"
    );
    let open = format!(
        "{start}db = PyKeePass('db.kdbx', keyfile=sys.argv[1])\n\
         print(db.find_entries(title='letter', first=True).username)"
    );
    succeeded("pykeepass", python.run(&seal, &[&files.ana.shown()], LETTER));
    let opened = succeeded("pykeepass", python.run(&open, &[&files.bo.shown()], b""));
    assert!(contains(&opened, LETTER));
    for wrong in files.wrong_ones() {
        failed("pykeepass", &python.run(&open, &[&wrong.shown()], b""));
    }
    // And what one program made, the other opens.
    if keyglance_core::test_util::found("keepassxc-cli") {
        let file = files.bo.shown();
        let args = ["show", "-q", "--no-password", "-k", &file, "db.kdbx", "letter"];
        assert!(contains(&pair.ok("keepassxc-cli", &args, b""), LETTER));
    }
    passed("pykeepass");
}

/// Both links of each side: what one says is what the other expects.
#[test]
#[ignore = "slow: make interop runs it"]
fn pyotp() {
    let pair = Pair::new();
    let Some(python) = Python::with(&pair, "pyotp") else { return };
    let files = pair.files("totp");
    let codes = "import pyotp\nfor link in key.splitlines():\n\
        \x20   totp = pyotp.parse_uri(link)\n    print(totp.at(1795000000), totp.issuer, totp.name)";
    let lines = |file: &str| -> Vec<String> {
        let said = succeeded("pyotp", python.run(codes, &[file], b""));
        String::from_utf8(said).unwrap().lines().map(str::to_owned).collect()
    };
    let [ana, bo] = [&files.ana, &files.bo].map(|told| lines(&told.shown()));
    assert!(
        ana[0].ends_with(" Keyglance I say to Bo") && bo[1].ends_with(" Keyglance Ana says to me")
    );
    let digits = |line: &str| line.split(' ').next().unwrap().to_owned();
    assert_eq!(digits(&ana[0]), digits(&bo[1]));
    assert_eq!(digits(&ana[1]), digits(&bo[0]));
    for wrong in files.wrong_ones() {
        assert!(lines(&wrong.shown()).iter().all(|line| digits(line) != digits(&ana[0])));
    }
    passed("pyotp");
}

/// The reference implementation of the words, and of their checksum.
#[test]
#[ignore = "slow: make interop runs it"]
fn mnemonic() {
    let pair = Pair::new();
    let Some(python) = Python::with(&pair, "mnemonic") else { return };
    // Other words in the same places fit the checksum of twelve once in sixteen times.
    for (n, more) in [&[][..], &["--words", "24"]].into_iter().enumerate() {
        let folders = ["my dir", "it's", "a$HOME", "b"].map(|folder| format!("{folder}/{n}"));
        let files = pair.files_in("words", [more, more], folders.each_ref().map(String::as_str));
        let read = "from mnemonic import Mnemonic\nm = Mnemonic('english')\n\
            assert m.check(key)\nassert m.to_mnemonic(bytes(m.to_entropy(key))) == key\n\
            words = key.split()\n\
            assert not all(m.check(' '.join(words[n:] + words[:n])) for n in range(1, 12))\n\
            print(bytes(m.to_entropy(key)).hex())";
        let entropy = |file: &str| succeeded("mnemonic", python.run(read, &[file], b""));
        let ana = entropy(&files.ana.shown());
        assert_eq!(ana.len(), if more.is_empty() { 33 } else { 65 });
        assert_eq!(entropy(&files.bo.shown()), ana);
        for wrong in files.wrong_ones() {
            assert_ne!(entropy(&wrong.shown()), ana);
        }
    }
    passed("mnemonic");
}

/// Names of networks that are not ASCII, as a phone's kind of reader sees them.
#[test]
#[ignore = "slow: make interop runs it"]
fn zxing() {
    let pair = Pair::new();
    let Some(python) = Python::with(&pair, "zxingcpp, PIL") else { return };
    for (n, name) in [
        "User\u{2019}s Wi-Fi",
        "Caf\u{e9}",
        "\u{30ab}\u{30d5}\u{30a7}",
        "\u{1f98a}",
        "\u{43f}\u{440}",
        "Guests",
    ]
    .into_iter()
    .enumerate()
    {
        let told = pair.told(0, "wifi", &format!("my dir/{n}"), &["--ssid", name]);
        let picture = pair.path(&format!("{n}.png"));
        let args = ["code", "Bo", "--for", "wifi", "--ssid", name, "--out", super::shown(&picture)];
        pair.homes[0].run(args).ended(0);
        let read = "import zxingcpp\nfrom PIL import Image\n\
            (code,) = zxingcpp.read_barcodes(Image.open(sys.argv[2]))\n\
            sys.stdout.buffer.write(code.text.encode())";
        let files = [&told.shown(), super::shown(&picture)];
        let said = succeeded("zxing-cpp", python.run(read, &files, b""));
        assert_eq!(String::from_utf8(said).unwrap(), told.text());
    }
    passed("zxing-cpp");
}
