//! The program as its users run it: a process with arguments, pipes, a
//! terminal and a profile of its own.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use keyglance_capture::test_util::found;

/// No test waits longer for a process: it would wait for ever.
const LIMIT: Duration = Duration::from_secs(60);

/// A folder with a profile, and the program run in it.
pub struct Home {
    folder: tempfile::TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub out: Vec<u8>,
    pub err: String,
}

impl Run {
    pub fn text(&self) -> String {
        String::from_utf8(self.out.clone()).unwrap()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// The run, which must have ended so, and said it plainly where it failed.
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(!self.err.contains("panicked"), "{self:?}");
        if code != 0 {
            let said = self.err.lines().filter(|l| l.starts_with("keyglance: ")).count();
            assert!(said == 1 || code == 2, "not one clear sentence: {self:?}");
        }
        self
    }
}

impl Home {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn profile(&self) -> PathBuf {
        self.path("profile")
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The program with these arguments, everything piped.
    pub fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyglance"));
        self.prepare(&mut command);
        command.args(args);
        command
    }

    /// The same on a terminal of its own. `None`, with a word, where nothing
    /// makes one.
    pub fn on_terminal(&self, args: &[&str]) -> Option<Command> {
        if !found("script") {
            return None;
        }
        let quoted: Vec<String> = std::iter::once(env!("CARGO_BIN_EXE_keyglance"))
            .chain(args.iter().copied())
            .map(|arg| format!("'{}'", arg.replace('\'', r"'\''")))
            .collect();
        let mut command = Command::new("script");
        self.prepare(&mut command);
        command.args(["-qec", &quoted.join(" "), "/dev/null"]);
        Some(command)
    }

    fn prepare(&self, command: &mut Command) {
        command
            .current_dir(self.folder.path())
            .env("KEYGLANCE_PROFILE", self.profile())
            .env_remove("NO_COLOR")
            .env("TERM", "xterm-256color")
            .env("LC_ALL", "C.UTF-8")
            // No test opens a window by mistake.
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            // Nor asks whoever tests for a picture of the screen.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
    }

    /// Runs it to its end, with nothing on standard input.
    pub fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Run {
        Running::start(&mut self.command(args)).end()
    }
}

/// A process that is running.
pub struct Running {
    child: Child,
    input: Option<ChildStdin>,
    output: Option<BufReader<ChildStdout>>,
    err: Receiver<Vec<u8>>,
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let input = child.stdin.take();
        let output = child.stdout.take().map(BufReader::new);
        let err = drain(child.stderr.take().unwrap());
        Self { child, input, output, err }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Types, or pipes in.
    pub fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let input = self.input.as_mut().unwrap();
        // A process that has ended reads no more; its exit code tells why.
        let _ = input.write_all(bytes.as_ref()).and_then(|()| input.flush());
    }

    /// The next line that it writes, without its end. `None` at the end.
    pub fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        self.output.as_mut().unwrap().read_line(&mut line).unwrap();
        (!line.is_empty()).then(|| line.trim_end().to_owned())
    }

    /// Everything up to and with `text`.
    pub fn until(&mut self, text: &str) -> String {
        let mut seen = Vec::new();
        let output = self.output.as_mut().unwrap();
        while !String::from_utf8_lossy(&seen).contains(text) {
            let mut byte = [0];
            assert_eq!(output.read(&mut byte).unwrap(), 1, "{}", String::from_utf8_lossy(&seen));
            seen.extend(byte);
        }
        String::from_utf8_lossy(&seen).into_owned()
    }

    pub fn take_input(&mut self) -> ChildStdin {
        self.input.take().unwrap()
    }

    pub fn take_output(&mut self) -> BufReader<ChildStdout> {
        self.output.take().unwrap()
    }

    /// Closes its standard input and waits for its end.
    pub fn end(mut self) -> Run {
        self.input = None;
        self.wait()
    }

    /// Waits for its end, with its standard input left open.
    pub fn wait(mut self) -> Run {
        let out = self.output.take().map(drain);
        let end = |from: Receiver<Vec<u8>>, child: &mut Child| {
            from.recv_timeout(LIMIT).unwrap_or_else(|_| {
                let _ = child.kill();
                panic!("the program did not end");
            })
        };
        let out = out.map(|out| end(out, &mut self.child)).unwrap_or_default();
        let err = String::from_utf8(end(self.err, &mut self.child)).unwrap();
        let code = self.child.wait().unwrap().code();
        Run { code, out, err }
    }

    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn drain(mut from: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}

/// Two programs whose lines go to each other, each with its own further
/// arguments. Gives both ends, and the lines that each wrote.
pub fn pair_through_pipes(homes: [&Home; 2], args: [&[&str]; 2]) -> [(Run, Vec<String>); 2] {
    let command = |i: usize| {
        let args = ["pair", "--stdin", "--json"].into_iter().chain(args[i].iter().copied());
        homes[i].command(args)
    };
    pair_commands([command(0), command(1)])
}

/// The same of two commands that run the program in any place.
pub fn pair_commands(commands: [Command; 2]) -> [(Run, Vec<String>); 2] {
    let mut both = commands.map(|mut command| Running::start(&mut command));
    let pipe = |from: BufReader<ChildStdout>, mut to: ChildStdin| {
        thread::spawn(move || {
            let mut lines = Vec::new();
            for line in from.lines().map_while(Result::ok) {
                // The other one may have ended already.
                let _ = writeln!(to, "{line}");
                lines.push(line);
            }
            lines
        })
    };
    let [a, b] = &mut both;
    let threads = [pipe(a.take_output(), b.take_input()), pipe(b.take_output(), a.take_input())];
    let runs = both.map(Running::wait);
    let mut lines = threads.map(|thread| thread.join().unwrap()).into_iter();
    runs.map(|run| (run, lines.next().unwrap()))
}

/// What a program on pipes said of its pairing.
pub fn result(run: &Run) -> serde_json::Value {
    run.err
        .lines()
        .find_map(|line| serde_json::from_str(line).ok())
        .unwrap_or_else(|| panic!("no result: {run:?}"))
}

/// The same, and on each device somebody types what the other one shows.
pub fn pair_and_compare(homes: [&Home; 2], args: [&[&str]; 2]) -> [(Run, Vec<String>); 2] {
    let args = args.map(|args| args.iter().copied().chain(["--skip-check"]).collect::<Vec<_>>());
    let both = pair_through_pipes(homes, [&args[0], &args[1]]);
    let [a, b] = [result(&both[0].0), result(&both[1].0)];
    for (home, own, other) in [(homes[0], &a, &b), (homes[1], &b, &a)] {
        let shown = other["check_code"].as_str().unwrap();
        let key = own["key_id"].as_str().unwrap();
        home.run(["compare", key, "--check-code", shown]).ended(0);
    }
    both
}

/// Two homes that have paired and compared.
pub fn paired() -> [Home; 2] {
    let homes = [Home::new(), Home::new()];
    let names: [&[&str]; 2] = [&["--name", "Ana"], &["--name", "Bo"]];
    for (run, _) in pair_and_compare([&homes[0], &homes[1]], names) {
        run.ended(3);
    }
    homes
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
