//! Python's libraries: `make interop` installs them into an environment of its
//! own and names its interpreter.

use std::process::Output;

use super::{LETTER, Pair, contains, failed, finish, passed, shown, succeeded, text};

/// Runs a script with the interpreter that has the module; `None`, with a
/// word, where none has.
struct Python<'a> {
    pair: &'a Pair,
    interpreter: String,
}

impl<'a> Python<'a> {
    fn with(pair: &'a Pair, module: &str) -> Option<Self> {
        let interpreter =
            std::env::var("KEYGLANCE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let python = Self { pair, interpreter };
        let found = python.run(&format!("import {module}"), &[], b"").status.success();
        if !found {
            println!("skipped: {module} not found");
        }
        found.then_some(python)
    }

    fn run(&self, script: &str, args: &[&str], input: &[u8]) -> Output {
        let script = format!(
            "import sys\nrest = sys.stdin.buffer\nkey = sys.argv[1:2] and open(sys.argv[1]).read()\n{script}"
        );
        let mut command = self.pair.program(&self.interpreter);
        finish(command.arg("-c").arg(script).args(args), input)
    }
}

/// One script seals, the other opens.
fn round_trip(module: &str, target: &str, seal: &str, open: &str) {
    let pair = Pair::new();
    let Some(python) = Python::with(&pair, module) else { return };
    let files = pair.files(target);
    let sealed = succeeded(module, python.run(seal, &[shown(&files.ana)], LETTER));
    assert!(!contains(&sealed, LETTER), "{module} sealed nothing");
    let opened = succeeded(module, python.run(open, &[shown(&files.bo)], &sealed));
    assert_eq!(opened, LETTER, "{module}");
    failed(module, &python.run(open, &[shown(&files.wrong)], &sealed));
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
    succeeded("pykeepass", python.run(&seal, &[shown(&files.ana)], LETTER));
    let opened = succeeded("pykeepass", python.run(&open, &[shown(&files.bo)], b""));
    assert!(contains(&opened, LETTER));
    failed("pykeepass", &python.run(&open, &[shown(&files.wrong)], b""));
    // And what one program made, the other opens.
    if keyglance_core::test_util::found("keepassxc-cli") {
        let args = ["show", "-q", "--no-password", "-k", shown(&files.bo), "db.kdbx", "letter"];
        assert!(contains(&pair.ok("keepassxc-cli", &args, b""), LETTER));
    }
    passed("pykeepass");
}

#[test]
#[ignore = "slow: make interop runs it"]
fn meshtastic() {
    let pair = Pair::new();
    let Some(python) = Python::with(&pair, "meshtastic") else { return };
    let files = pair.files("meshtastic");
    // As the library's own setURL reads a link.
    let read = "import base64\nfrom meshtastic.protobuf import apponly_pb2\n\
        part = key.split('#')[-1]\npart += '=' * (-len(part) % 4)\n\
        channels = apponly_pb2.ChannelSet()\n\
        channels.ParseFromString(base64.b64decode(part, altchars=b'-_'))\n\
        (settings,) = channels.settings\nassert len(settings.psk) == 32\n\
        print(settings.name, settings.psk.hex())";
    let [ana, bo, wrong] = [&files.ana, &files.bo, &files.wrong]
        .map(|file| succeeded("meshtastic", python.run(read, &[shown(file)], b"")));
    assert!(ana.starts_with(b"Keyglance "));
    assert!(ana == bo && ana != wrong, "both sides are in one channel, and nobody else");
    assert!(text(&files.ana).starts_with("https://meshtastic.org/e/?add=true#"));
    passed("meshtastic");
}
