//! What is handed over at the door, and what is not.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};

use super::*;

/// A door at this path, and what is heard there.
fn door(path: &Path) -> (Door, Receiver<Report>) {
    let Instance::First(door) = claim_at(path.to_owned(), &Request::default()) else {
        panic!("somebody was there");
    };
    let (sender, heard) = channel();
    door.listen(move |report| sender.send(report).unwrap());
    (door, heard)
}

fn next(heard: &Receiver<Report>) -> Option<Request> {
    match heard.recv_timeout(Duration::from_secs(10)) {
        Ok(Report::StartedAgain(request)) => Some(request),
        Ok(other) => panic!("{other:?}"),
        Err(RecvTimeoutError::Timeout) => None,
        Err(RecvTimeoutError::Disconnected) => panic!("the door is gone"),
    }
}

#[test]
fn a_second_start_hands_over_everything_that_it_was_to_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("door");
    let (door, heard) = door(&path);
    let odd = PathBuf::from(OsStr::from_bytes(b"/tmp/\xff line\nbreak"));
    for request in [
        Request::default(),
        Request { pair: true, ..Request::default() },
        Request {
            files: vec!["/home/ana/a b.keyglance".into(), odd],
            pair: false,
            token: Some("gnome-shell-1234_TIME5".to_owned()),
        },
    ] {
        assert!(matches!(claim_at(path.clone(), &request), Instance::Raised));
        assert_eq!(next(&heard), Some(request));
    }
    drop(door);
    assert!(!path.exists());
    // One that was killed left its socket: nobody is kept out.
    drop(UnixListener::bind(&path).unwrap());
    assert!(matches!(claim_at(path, &Request::default()), Instance::First(Door(Some(_)))));
}

#[test]
fn what_no_start_of_ours_says_is_not_heard() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("door");
    let (_door, heard) = door(&path);
    let long = vec![b'a'; MOST_BYTES + 1];
    let magic = |rest: &[u8]| [MAGIC, b"\0", rest].concat();
    let garbage: [&[u8]; 10] = [
        b"",
        b"\0",
        b"GET / HTTP/1.1\r\n\r\n",
        MAGIC,
        &magic(b""),
        &magic(b"\0"),
        &magic(b"paid\0\0"),
        &magic(b"\0to\nken\0"),
        // A path that would be another one here than where the start was.
        &magic(b"\0\0file.keyglance\0"),
        &long,
    ];
    for bytes in garbage {
        let mut stream = UnixStream::connect(&path).unwrap();
        // A long one is not read to its end.
        let _ = stream.write_all(bytes).and_then(|()| stream.shutdown(Shutdown::Write));
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(answer.is_empty(), "{:?}", String::from_utf8_lossy(bytes));
    }
    // And the next one is.
    let request = Request { pair: true, ..Request::default() };
    assert!(matches!(claim_at(path, &request), Instance::Raised));
    assert_eq!(next(&heard), Some(request));
    assert!(heard.try_recv().is_err());
}

#[test]
fn a_window_that_does_not_answer_keeps_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("door");
    let listener = UnixListener::bind(&path).unwrap();
    let other = thread::spawn(move || drop(listener.accept().unwrap()));
    assert!(matches!(claim_at(path.clone(), &Request::default()), Instance::First(Door(None))));
    other.join().unwrap();
    assert!(path.exists(), "its socket is its own");
    // More than can be handed over.
    let files = vec!["/long".repeat(1000).into(); 100];
    assert!(encode(&Request { files, ..Request::default() }).is_none());
}

/// Reached by another user, where the folder lets one in.
#[cfg(target_os = "linux")]
#[test]
fn nobody_else_is_heard() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::process::Command;

    let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    let can = Command::new("setpriv").args(nobody).arg("true").output();
    if !can.is_ok_and(|output| output.status.success()) {
        println!("skipped: setpriv not found, or not allowed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("door");
    let (_door, heard) = door(&path);
    for open in [folder.path(), &path] {
        fs::set_permissions(open, fs::Permissions::from_mode(0o777)).unwrap();
    }
    let speak = "
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
try:
    s.sendall(b'keyglance window 1\\0pair\\0\\0')
    s.shutdown(1)
    print(s.recv(9))
except ConnectionError:
    print(b'')
";
    let said = |command: &mut Command| {
        let command = command.args(["python3", "-c", speak]).arg(&path);
        // A Python that everybody may run.
        let output = command.env("PATH", "/usr/bin:/bin").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let other = said(Command::new("setpriv").args(nobody));
    if other.is_empty() {
        println!("skipped: python3 not found");
        return;
    }
    assert_eq!(other.trim(), "b''");
    assert!(heard.try_recv().is_err());
    // The same words of our own.
    assert_eq!(said(&mut Command::new("env")).trim(), "b'taken'");
    assert_eq!(next(&heard), Some(Request { pair: true, ..Request::default() }));
}
