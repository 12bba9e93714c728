//! A message bus of its own, and a Screenshot portal on it that does as it is told.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use super::found;

/// A session bus of its own, ended with the test.
pub struct Bus {
    daemon: Child,
    /// Its address, as `DBUS_SESSION_BUS_ADDRESS` has it.
    pub address: String,
}

impl Bus {
    /// `None`, with a word, where there is no `dbus-daemon`. Nobody is on it but who comes:
    /// this computer's services are not started for who asks for them.
    pub fn start() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        if !found("dbus-daemon") {
            return None;
        }
        let settings = "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>\
                        <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
                        <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>";
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("keyglance-bus-{}-{count}.conf", std::process::id());
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, settings).unwrap();
        let mut daemon = Command::new("dbus-daemon")
            .args([&format!("--config-file={}", file.display()), "--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        // It was read by then.
        let _ = std::fs::remove_file(file);
        Some(Self { daemon, address: address.trim().to_owned() })
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// A Screenshot portal on a bus of its own. It does at each call what its next step says,
/// and what the last one says from then on: see `false_portal.py`.
pub struct FalsePortal {
    pub bus: Bus,
    portal: Child,
    said: BufReader<ChildStdout>,
}

/// Debian's own, which has its packages.
const PYTHON: &str = "/usr/bin/python3";

impl FalsePortal {
    /// `None`, with a word, where there is no `dbus-daemon` or `python3-gi`.
    pub fn start<S: AsRef<str>>(steps: &[S]) -> Option<Self> {
        let able = Command::new(PYTHON).args(["-c", "import gi"]).stderr(Stdio::null()).status();
        if !able.is_ok_and(|status| status.success()) && !found("python3-gi") {
            return None;
        }
        let bus = Bus::start()?;
        let mut portal = Command::new(PYTHON)
            .args(["-c", include_str!("false_portal.py")])
            .args(steps.iter().map(AsRef::as_ref))
            .env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(portal.stdout.take().unwrap());
        let mut portal = Self { bus, portal, said };
        assert_eq!(portal.line(), "ready");
        Some(portal)
    }

    /// A step that gives a copy of this picture as a file of this name.
    pub fn give(picture: &Path, file: &Path) -> String {
        format!("give {} {}", picture.display(), file.display())
    }

    /// The next that it says.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    /// Everything that it says until it is ended, which it is now.
    pub fn end(mut self) -> Vec<String> {
        let _ = self.portal.kill();
        self.said.by_ref().lines().map_while(Result::ok).collect()
    }
}

impl Drop for FalsePortal {
    fn drop(&mut self) {
        let _ = self.portal.kill();
        let _ = self.portal.wait();
    }
}
