//! A screen reader, as far as tests need one: it tells what it is told of a window.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use keyglance_capture::test_util::found;

const PYTHON: &str = "/usr/bin/python3";
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/accessibility.py");

/// A session bus of its own, and a screen reader on it.
pub struct ScreenReader {
    bus: Child,
    /// Where the bus is, as `DBUS_SESSION_BUS_ADDRESS` has it.
    pub address: String,
    script: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// Of the bus and what it starts.
    _runtime: tempfile::TempDir,
}

/// What a window tells.
#[derive(Debug)]
pub struct Told(pub Vec<Node>);

/// A widget as a screen reader has it.
#[derive(Debug)]
pub struct Node {
    pub role: String,
    pub name: String,
    /// What is in a field.
    pub text: String,
    pub focused: bool,
}

impl ScreenReader {
    /// `None`, with a word, where there is no AT-SPI.
    pub fn start(display: &str) -> Option<Self> {
        let load = "import gi; gi.require_version('Atspi', '2.0')";
        let able = Command::new(PYTHON).args(["-c", load]).stderr(Stdio::null()).status();
        if !found("dbus-daemon") || !able.is_ok_and(|status| status.success()) {
            println!("skipped: AT-SPI not found");
            return None;
        }
        let runtime = tempfile::tempdir().unwrap();
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            .env("DISPLAY", display)
            .env("XDG_RUNTIME_DIR", runtime.path())
            .env_remove("WAYLAND_DISPLAY")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        let mut script = Command::new(PYTHON)
            .arg(SCRIPT)
            .env("DISPLAY", display)
            .env("DBUS_SESSION_BUS_ADDRESS", &address)
            .env("XDG_RUNTIME_DIR", runtime.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let requests = script.stdin.take().unwrap();
        let answers = BufReader::new(script.stdout.take().unwrap());
        Some(Self { bus, address, script, requests, answers, _runtime: runtime })
    }

    /// What this program's window tells, once something in it is called `name`.
    pub fn shows(&mut self, pid: u32, name: &str) -> Told {
        self.told(&format!("shows\t{pid}\t{name}"))
    }

    /// What it tells now.
    pub fn tells(&mut self, pid: u32) -> Told {
        self.told(&format!("tells\t{pid}"))
    }

    fn told(&mut self, request: &str) -> Told {
        let node = |line: String| {
            let parts: Vec<&str> = line.split('\t').collect();
            let [role, name, text, states] = parts[..] else { panic!("{line:?}") };
            let focused = states.split(' ').any(|state| state == "focused");
            let [role, name, text] = [role, name, text].map(str::to_owned);
            Node { role, name, text, focused }
        };
        Told(self.ask(request).into_iter().map(node).collect())
    }

    /// Presses what is called so, once it is there.
    pub fn press(&mut self, pid: u32, name: &str) {
        self.ask(&format!("press\t{pid}\t{name}"));
    }

    /// What was announced by itself so far.
    pub fn heard(&mut self, pid: u32) -> Vec<String> {
        self.ask(&format!("heard\t{pid}"))
    }

    fn ask(&mut self, request: &str) -> Vec<String> {
        writeln!(self.requests, "{request}").unwrap();
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            let read = self.answers.read_line(&mut line).unwrap();
            assert!(read > 0, "no answer to {request:?}");
            match line.trim_end_matches('\n') {
                "" => return lines,
                line => lines.push(line.to_owned()),
            }
        }
    }
}

impl Drop for ScreenReader {
    fn drop(&mut self) {
        for child in [&mut self.script, &mut self.bus] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// What does something, and so needs a name.
const CONTROLS: [&str; 9] = [
    "push button",
    "toggle button",
    "check box",
    "radio button",
    "entry",
    "combo box",
    "slider",
    "link",
    "list item",
];

impl Told {
    /// A node of this role that is called so.
    pub fn has(&self, role: &str, name: &str) -> bool {
        self.0.iter().any(|node| node.role == role && node.name == name)
    }

    /// The names of this role.
    pub fn all(&self, role: &str) -> Vec<&str> {
        self.0.iter().filter(|node| node.role == role).map(|node| node.name.as_str()).collect()
    }

    /// Whether this is all of it.
    pub fn is_page(&self, title: &str, heading: &str, focus: &str) -> bool {
        let focused = self.0.iter().any(|node| node.focused && node.name == focus);
        focused && self.has("frame", title) && self.has("heading", heading)
    }

    /// A page that a screen reader can be used on: it has this heading and a focus, every
    /// control has a name, and no icon is read out.
    pub fn assert_page(&self, title: &str, heading: &str, focus: &str) {
        assert!(self.has("frame", title), "the window is not called {title}: {self:#?}");
        assert!(self.has("heading", heading), "no heading {heading}: {self:#?}");
        let focused: Vec<_> =
            self.0.iter().filter(|node| node.focused).map(|node| node.name.as_str()).collect();
        assert_eq!(focused, [focus], "{heading}");
        for node in &self.0 {
            let control = CONTROLS.contains(&node.role.as_str());
            assert!(!control || !node.name.trim().is_empty(), "no name: {node:?} in {self:#?}");
            // Icons are shapes for the eye; to a reader they would be noise.
            assert!(!node.name.contains(|c| ('\u{e000}'..='\u{f8ff}').contains(&c)), "{node:?}");
        }
    }
}
