//! The program on a terminal of its own that has a size, and that a test looks at.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use keyglance_capture::test_util::found;
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use crate::program::Home;
use crate::terminal_emulator::Emulator;

/// No test waits longer for what the program should do.
const LIMIT: Duration = Duration::from_secs(60);

pub struct PseudoTerminal {
    shell: File,
    terminal: File,
    child: Child,
    shown: Arc<Mutex<Shown>>,
}

struct Shown {
    emulator: Emulator,
    bytes: Vec<u8>,
}

impl PseudoTerminal {
    /// Starts the program. `None`, with a word, where no program gives it the terminal.
    pub fn start(
        home: &Home,
        size: (usize, usize),
        args: &[&str],
        variables: &[(&str, &str)],
    ) -> Option<Self> {
        if !found("setsid") {
            return None;
        }
        let shell = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&shell).unwrap();
        unlockpt(&shell).unwrap();
        let name = ptsname(&shell, Vec::new()).unwrap();
        let open = || -> OwnedFd {
            use rustix::fs::{Mode, OFlags, open};
            open(&name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap()
        };
        tcsetwinsize(&shell, window(size)).unwrap();
        let terminal = File::from(open());
        (&terminal).write_all(b"what was there before\n").unwrap();

        let program = home.command([] as [&str; 0]);
        let mut command = Command::new("setsid");
        command.arg("--ctty").arg(program.get_program()).args(args);
        command.current_dir(home.path(""));
        for (variable, value) in program.get_envs() {
            match value {
                Some(value) => command.env(variable, value),
                None => command.env_remove(variable),
            };
        }
        command.env_remove("COLORFGBG").envs(variables.iter().copied());
        command.stdin(Stdio::from(open())).stdout(Stdio::from(open())).stderr(Stdio::from(open()));
        let child = command.spawn().unwrap();

        let shown = Shown { emulator: Emulator::new(size.0, size.1), bytes: Vec::new() };
        let shown = Arc::new(Mutex::new(shown));
        let shell = File::from(shell);
        let (mut from, to) = (shell.try_clone().unwrap(), Arc::clone(&shown));
        thread::spawn(move || {
            let mut bytes = [0; 65_536];
            // It fails once nobody has the terminal open.
            while let Ok(count @ 1..) = from.read(&mut bytes) {
                let mut shown = to.lock().unwrap();
                shown.bytes.extend(&bytes[..count]);
                shown.emulator.write(&bytes[..count]);
            }
        });
        Some(Self { shell, terminal, child, shown })
    }

    /// What is on it now.
    pub fn shown(&self) -> Emulator {
        self.shown.lock().expect("what the program wrote is no mystery").emulator.clone()
    }

    pub fn text(&self) -> String {
        self.shown().text()
    }

    /// Everything that was ever written to it.
    pub fn bytes(&self) -> Vec<u8> {
        self.shown.lock().unwrap().bytes.clone()
    }

    /// Waits until it looks so.
    pub fn until<T>(&self, what: &str, look: impl Fn(&Emulator) -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            let shown = self.shown();
            if let Some(seen) = look(&shown) {
                return seen;
            }
            assert!(began.elapsed() < LIMIT, "never: {what}\n{}", shown.text());
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn until_text(&self, text: &str) {
        self.until(text, |shown| shown.text().contains(text).then_some(()));
    }

    pub fn types(&mut self, keys: &str) {
        self.shell.write_all(keys.as_bytes()).unwrap();
    }

    pub fn resize(&self, size: (usize, usize)) {
        self.shown.lock().unwrap().emulator.resize(size.0, size.1);
        tcsetwinsize(&self.shell, window(size)).unwrap();
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Whether what is typed is shown and taken by lines, as a shell wants it.
    pub fn is_as_before(&self) -> bool {
        let modes = tcgetattr(&self.terminal).unwrap().local_modes;
        modes.contains(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG)
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits for its end: how it ended, and what is on the terminal then.
    pub fn end(mut self) -> (ExitStatus, Emulator, Vec<u8>) {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(began.elapsed() < LIMIT, "the program did not end\n{}", self.text());
            thread::sleep(Duration::from_millis(10));
        };
        // What it wrote last arrives in its own time: a mark of our own comes after it.
        (&self.terminal).write_all(b"\x1b[0m").unwrap();
        let count = |bytes: &[u8]| bytes.windows(4).filter(|four| four == b"\x1b[0m").count();
        let mut before = usize::MAX;
        loop {
            let bytes = self.bytes();
            if bytes.ends_with(b"\x1b[0m") && count(&bytes) == before {
                assert!(self.is_as_before(), "what is typed is not shown");
                return (status, self.shown(), bytes);
            }
            before = count(&bytes);
            thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The signal that ended it.
pub fn signal_of(status: ExitStatus) -> Option<i32> {
    status.signal()
}

fn window((columns, rows): (usize, usize)) -> Winsize {
    Winsize { ws_col: columns as u16, ws_row: rows as u16, ws_xpixel: 0, ws_ypixel: 0 }
}
