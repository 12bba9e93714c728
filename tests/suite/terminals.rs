//! What the program leaves of a terminal, and of itself, when it is interrupted.

use std::process::Command;

use crate::program::{Home, Running};
use keyglance_capture::test_util::found;

/// Runs `keyglance export` in a terminal of its own, types half a passphrase, sends
/// a signal, and tells how the terminal is and what was left in it to read.
const SCRIPT: &str = r#"
import os, pty, select, signal, sys, termios, time
program, how = sys.argv[1], sys.argv[2]
shell, terminal = pty.openpty()
def echo(): return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
assert echo()
child = os.fork()
if child == 0:
    os.setsid()
    import fcntl
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for n in (0, 1, 2): os.dup2(terminal, n)
    if how == 'ignored': signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.execv(program, [program, 'export', 'Bo', '--for', 'age'])
seen = b''
def until(text):
    global seen
    end = time.time() + 50
    while text not in seen:
        assert time.time() < end, seen
        if select.select([shell], [], [], 1)[0]: seen += os.read(shell, 4096)
until(b'words): ')
assert not echo(), 'shown while it is typed'
if how == 'typed':
    os.write(shell, b'violet anchor teapot ninety\nnext line\n')
    until(b'again: ')
os.write(shell, b'half')
keys = {'INT': b'\x03', 'QUIT': b'\x1c'}
if how in keys: os.write(shell, keys[how])
elif how == 'ignored':
    os.kill(child, signal.SIGHUP)
    time.sleep(0.2)
    assert os.waitpid(child, os.WNOHANG) == (0, 0) and not echo()
    os.kill(child, signal.SIGTERM)
elif how == 'STOP':
    os.write(shell, b'\x1a')
    status = os.waitpid(child, os.WUNTRACED)[1]
    assert os.WIFSTOPPED(status) and echo(), 'stopped, and the terminal is as before'
    seen = b''
    os.kill(child, signal.SIGCONT)
    until(b'words): ')
    assert not echo(), 'asked again'
    os.kill(child, signal.SIGTERM)
elif how != 'typed': os.kill(child, getattr(signal, 'SIG' + how))
if how == 'typed': os.kill(child, signal.SIGTERM)
status = os.waitpid(child, 0)[1]
assert os.WIFSIGNALED(status), status
assert not os.WCOREDUMP(status), 'a core was dumped'
assert echo(), 'the echo stayed off'
assert not select.select([terminal], [], [], 0)[0], 'half a passphrase is left to read'
print(os.WTERMSIG(status))
"#;

#[test]
fn after_every_signal_the_terminal_shows_what_is_typed() {
    if !found("python3") {
        return;
    }
    let home = Home::new();
    home.run(["demo", "--seed", "7", "--out", "demo"]).ended(0);
    home.run(["import", "demo/alice.keyglance", "--name", "Bo"]).ended(0);
    let ways = [
        ("INT", 2),
        ("QUIT", 3),
        ("TERM", 15),
        ("HUP", 1),
        ("STOP", 15),
        ("ignored", 15),
        ("typed", 15),
    ];
    for (how, signal) in ways {
        let run = Command::new("python3")
            .args(["-c", SCRIPT, env!("CARGO_BIN_EXE_keyglance"), how])
            .current_dir(home.path(""))
            .env("KEYGLANCE_PROFILE", home.profile())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{how}: {said}");
        assert_eq!(String::from_utf8_lossy(&run.stdout).trim(), signal.to_string(), "{how}");
    }
}

/// A `*` of the shell can put any file's name among the arguments.
#[test]
fn an_argument_that_is_none_of_ours_does_not_act_on_the_terminal() {
    let home = Home::new();
    for name in ["e\u{1b}[Kx", "e\u{1b}]0;title\u{7}x", "e\u{9b}2Jx", "e\u{202e}x"] {
        for args in [["keys", "list", name], ["compare", "Bo", name], ["--json", "x", name]] {
            let Some(mut command) = home.on_terminal(&args) else { return };
            let said = Running::start(&mut command).end().text();
            let ours = said.replace("\u{1b}[0m", "");
            assert!(said.contains("error"), "{said:?}");
            for act in ["\u{1b}[K", "\u{1b}]", "\u{7}", "\u{9b}", "\u{202e}"] {
                assert!(!ours.contains(act), "{args:?}: {said:?}");
            }
        }
    }
}

/// Another program of the same user reads neither its memory nor a core of it.
#[cfg(target_os = "linux")]
#[test]
fn no_core_is_dumped_and_nobody_else_reads_its_memory() {
    use crate::program::Running;
    use std::os::unix::fs::MetadataExt as _;
    if !found("setpriv") {
        return;
    }
    let home = Home::new();
    let program = home.command([] as [&str; 0]).get_program().to_owned();
    let root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let mut wrapped = Command::new(if root { "setpriv" } else { "env" });
    if root {
        // Root's processes belong to root in any case.
        std::os::unix::fs::chown(home.path(""), Some(65_534), None).unwrap();
        wrapped.args(["--clear-groups", "--reuid=65534"]);
    }
    let script = "ulimit -c unlimited; exec \"$@\"";
    wrapped.args(["sh", "-c", script, "sh"]).arg(program);
    wrapped.args(["pair", "--stdin", "--json"]).current_dir(home.path(""));
    wrapped.env("KEYGLANCE_PROFILE", home.profile());
    wrapped.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    wrapped.stderr(std::process::Stdio::piped());
    let mut pair = Running::start(&mut wrapped);
    if pair.line().is_none() {
        println!("skipped: a place that others may run the program from not found");
        return;
    }
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", pair.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    // What `/proc` shows of a process that may not be dumped belongs to root.
    let environment = std::fs::metadata(format!("/proc/{}/environ", pair.id())).unwrap();
    assert_eq!(environment.uid(), 0);
    pair.kill();
}
