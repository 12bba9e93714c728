//! Syncthing: a folder on a device that cannot read it.

use std::path::Path;
use std::time::{Duration, Instant};

use super::network::{Server, port};
use super::{LETTER, Pair, contains, failed, need, passed, succeeded, text};

const SET: &str =
    "syncthing cli config folders ID devices DEVICE encryption-password set -- \"$(cat {file})\"";
const DECRYPT: &str =
    "syncthing decrypt --to FOLDER --password=\"$(cat {file})\" --folder-id ID COPY";

/// One device, which talks to nobody but who is told.
struct Device {
    _server: Server,
    home: String,
    id: String,
    address: String,
}

impl Device {
    fn start(pair: &Pair, home: &str) -> Self {
        let generate = ["generate", "--home", home, "--no-default-folder", "--skip-port-probing"];
        pair.ok("syncthing", &generate, b"");
        let config = pair.path(home).join("config.xml");
        let (gui, listen) = (port(), format!("tcp://127.0.0.1:{}", port()));
        let mut settings = text(&config).replace(":8384</address>", &format!(":{gui}</address>"));
        settings = settings.replace(
            "<listenAddress>default</listenAddress>",
            &format!("<listenAddress>{listen}</listenAddress>"),
        );
        for name in [
            "globalAnnounceEnabled",
            "localAnnounceEnabled",
            "relaysEnabled",
            "natEnabled",
            "startBrowser",
            "crashReportingEnabled",
        ] {
            settings = settings
                .replace(&format!("<{name}>true</{name}>"), &format!("<{name}>false</{name}>"));
        }
        settings = settings.replace("<urAccepted>0</urAccepted>", "<urAccepted>-1</urAccepted>");
        std::fs::write(&config, settings).unwrap();
        let id = pair.ok("syncthing", &["--home", home, "--device-id"], b"");
        let mut command = pair.program("syncthing");
        command.args(["serve", "--home", home, "--no-browser", "--no-restart", "--no-upgrade"]);
        let mut server = Server::start(&mut command);
        server.says(false, &["GUI and API listening on"]);
        let id = String::from_utf8(id).unwrap().trim().to_owned();
        Self { _server: server, home: home.to_owned(), id, address: listen }
    }

    fn cli(&self, pair: &Pair, args: &[&str]) {
        pair.ok("syncthing", &[&["cli", "--home", &self.home, "config"], args].concat(), b"");
    }

    fn knows(&self, pair: &Pair, other: &Self) {
        self.cli(pair, &["devices", "add", "--device-id", &other.id]);
        self.cli(pair, &["devices", &other.id, "addresses", "add", &other.address]);
    }
}

#[test]
#[ignore = "slow: make interop runs it"]
fn an_untrusted_device_keeps_what_only_the_two_read() {
    need!("syncthing");
    let pair = Pair::new();
    let files = pair.files("syncthing-folder");
    // Where the command line looks for the program that runs.
    let ana = Device::start(&pair, ".config/syncthing");
    let keeper = Device::start(&pair, "keeper");
    let copy = pair.make_folder("copy");
    ana.knows(&pair, &keeper);
    keeper.knows(&pair, &ana);
    pair.letters();
    let letters = pair.path("letters");
    let add = ["folders", "add", "--id", "letters-1", "--path"];
    ana.cli(&pair, &[&add[..], &[super::shown(&letters)]].concat());
    let share = ["folders", "letters-1", "devices", "add", "--device-id"];
    ana.cli(&pair, &[&share[..], &[&keeper.id]].concat());
    files.ana.ok(SET, &[("ID", "letters-1"), ("DEVICE", &keeper.id)]);
    let encrypted = [super::shown(&copy), "--type", "receiveencrypted"];
    keeper.cli(&pair, &[&add[..], &encrypted].concat());
    keeper.cli(&pair, &[&share[..], &[&ana.id]].concat());

    let decrypt = |told: &super::Told<'_>, to: &str| {
        told.run(DECRYPT, &[("FOLDER", to), ("ID", "letters-1"), ("COPY", "copy")], b"")
    };
    let opened = |to: &str| std::fs::read(pair.path(to).join("letter")).ok();
    // How long the two take to find each other is theirs.
    let start = Instant::now();
    let mut last = decrypt(&files.bo, "out");
    while opened("out").as_deref() != Some(LETTER) {
        let said = String::from_utf8_lossy(&last.stderr).into_owned();
        assert!(start.elapsed() < Duration::from_secs(100), "nothing came: {said}");
        std::thread::sleep(Duration::from_millis(500));
        last = decrypt(&files.bo, "out");
    }
    succeeded("syncthing decrypt", last);
    plain_nowhere(&copy);
    for (wrong, to) in files.wrong_ones().into_iter().zip(["wrong-1", "wrong-2"]) {
        failed("syncthing decrypt", &decrypt(wrong, to));
        assert_ne!(opened(to).as_deref(), Some(LETTER));
    }
    passed("syncthing");
}

fn plain_nowhere(folder: &Path) {
    let stored = crate::program::files(folder);
    assert!(!stored.is_empty());
    for file in stored {
        assert!(!contains(file.as_os_str().as_encoded_bytes(), b"letter"), "{file:?}");
        assert!(!contains(&std::fs::read(&file).unwrap(), LETTER), "{file:?}");
    }
}
