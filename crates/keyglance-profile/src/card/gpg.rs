//! Asks gpg which keys the user has.

use std::ffi::OsStr;
use std::io::Read as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use keyglance_core::identifiers::IdentifierKind;

use super::{CardCandidate, CardSource};

/// gpg may start an agent first.
const LIMIT: Duration = Duration::from_secs(10);
/// Most bytes of its answer: some thousand keys.
const MAX: u64 = 1024 * 1024;

/// Why gpg named no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GpgError {
    /// It is not installed.
    #[error("gpg is not installed")]
    NotInstalled,
    /// It did not answer in time.
    #[error("gpg did not answer within ten seconds")]
    TooSlow,
    /// It ended with an error, or its answer is not what it documents.
    #[error("gpg could not list its keys")]
    Failed,
    /// There is no key that is still good.
    #[error("gpg has no secret key that is still good")]
    NoKey,
}

/// The fingerprints of the keys whose secret part the user has.
///
/// # Errors
/// [`GpgError`].
pub(super) fn secret_keys(program: &OsStr) -> Result<Vec<CardCandidate>, GpgError> {
    let answer = run(program)?;
    let keys = parse(&answer).ok_or(GpgError::Failed)?;
    if keys.is_empty() { Err(GpgError::NoKey) } else { Ok(keys) }
}

fn run(program: &OsStr) -> Result<Vec<u8>, GpgError> {
    let mut child = Command::new(program)
        .args(["--batch", "--no-tty", "--with-colons", "--list-secret-keys"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => GpgError::NotInstalled,
            _ => GpgError::Failed,
        })?;
    let began = Instant::now();
    let answer = read_within(&mut child, LIMIT);
    // It has closed its output, and may go on all the same.
    let ended = answer.and_then(|answer| {
        let left = LIMIT.saturating_sub(began.elapsed());
        Ok((answer, wait_within(&mut child, left)?))
    });
    match ended {
        Ok((answer, status)) if status.success() => Ok(answer),
        Ok(_) => Err(GpgError::Failed),
        Err(error) => {
            let _ = child.kill();
            let _ = child.wait();
            Err(error)
        }
    }
}

fn wait_within(child: &mut Child, limit: Duration) -> Result<ExitStatus, GpgError> {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if began.elapsed() >= limit => return Err(GpgError::TooSlow),
            Ok(None) => thread::sleep(Duration::from_millis(5)),
            Err(_) => return Err(GpgError::Failed),
        }
    }
}

/// Its output to the end. What it starts in the background may keep the pipe open, so a
/// thread reads.
fn read_within(child: &mut Child, limit: Duration) -> Result<Vec<u8>, GpgError> {
    let output = child.stdout.take().ok_or(GpgError::Failed)?;
    let (tell, told) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.take(MAX + 1).read_to_end(&mut bytes);
        // Nobody listens any more after the limit.
        let _ = tell.send(read.map(|_| bytes));
    });
    match told.recv_timeout(limit) {
        Ok(Ok(bytes)) if bytes.len() as u64 <= MAX => Ok(bytes),
        Ok(_) | Err(RecvTimeoutError::Disconnected) => Err(GpgError::Failed),
        Err(RecvTimeoutError::Timeout) => Err(GpgError::TooSlow),
    }
}

/// Reads what `doc/DETAILS` of GnuPG describes: a `sec` record begins a key, the first
/// `fpr` behind it is its fingerprint, and `uid` records name it.
fn parse(answer: &[u8]) -> Option<Vec<CardCandidate>> {
    let answer = std::str::from_utf8(answer).ok()?;
    let mut keys: Vec<CardCandidate> = Vec::new();
    // Of the key that began last: whether its fingerprint is still to come.
    let (mut awaits, mut named) = (false, true);
    for line in answer.lines() {
        let fields: Vec<&str> = line.split(':').collect();
        let field = |at: usize| fields.get(at).copied().unwrap_or_default();
        match field(0) {
            "sec" => {
                // Revoked, expired, disabled, invalid.
                let good = !field(1).starts_with(['r', 'e', 'd', 'i', 'n']);
                let enabled = !field(11).contains('D');
                (awaits, named) = (good && enabled, true);
            }
            "ssb" => (awaits, named) = (false, true),
            "fpr" if awaits => {
                // Neither spaces nor small letters: what gpg never writes is not gpg's.
                let digits = field(9);
                let strict = |b: u8| b.is_ascii_digit() || (b'A'..=b'F').contains(&b);
                if !digits.bytes().all(strict) {
                    return None;
                }
                let identifier = IdentifierKind::OpenPgp.parse(digits).ok()?;
                keys.push(CardCandidate { identifier, source: CardSource::Gpg, label: None });
                (awaits, named) = (false, false);
            }
            "uid" if !named && !field(1).starts_with(['r', 'e']) => {
                named = true;
                if let Some(key) = keys.last_mut() {
                    key.label = Some(unescape(field(9)));
                }
            }
            _ => {}
        }
    }
    Some(keys)
}

/// A colon and some others are written as `\x3a`.
fn unescape(text: &str) -> String {
    text.replace("\\x3a", ":").replace("\\x5c", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "\
sec:u:255:22:AAAAAAAAAAAAAAAA:1700000000:::u:::scESC:::+::ed25519:::0:
fpr:::::::::00112233445566778899AABBCCDDEEFF00112233:
grp:::::::::FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF:
uid:u::::1700000000::CC::Ana \\x3a <ana@example.org>::::::::::0:
ssb:u:255:18:BBBBBBBBBBBBBBBB:1700000000::::::e:::+::cv25519::
fpr:::::::::FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF:
sec:e:255:22:CCCCCCCCCCCCCCCC:1600000000:1600000001::u:::sc:::+::ed25519:::0:
fpr:::::::::EEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEE:
sec:u:255:22:DDDDDDDDDDDDDDDD:1700000000:::u:::scSC:::+::ed25519:::0:
fpr:::::::::112233445566778899AABBCCDDEEFF0011223344:
";

    #[test]
    fn primary_keys_that_are_still_good_are_named_by_their_fingerprints() {
        let keys = parse(TWO.as_bytes()).unwrap();
        let hex = |key: &CardCandidate| key.identifier.to_string().replace(' ', "");
        assert_eq!(
            keys.iter().map(hex).collect::<Vec<_>>(),
            [
                "00112233445566778899AABBCCDDEEFF00112233",
                "112233445566778899AABBCCDDEEFF0011223344"
            ]
        );
        assert_eq!(keys[0].label.as_deref(), Some("Ana : <ana@example.org>"));
        assert_eq!(keys[1].label, None);
    }

    #[test]
    fn an_answer_that_is_not_understood_is_refused_whole() {
        let damaged = TWO.replace("112233445566778899AABB", "XX2233445566778899AABB");
        assert_eq!(parse(damaged.as_bytes()), None);
        assert_eq!(parse(b"sec:u\xff"), None);
        assert_eq!(parse(b""), Some(Vec::new()));
    }

    #[cfg(unix)]
    fn script(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gpg");
        std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        (folder, path)
    }

    #[cfg(unix)]
    #[test]
    fn gpg_that_is_absent_fails_or_hangs_is_told_apart() {
        assert_eq!(secret_keys(OsStr::new("/nonexistent/gpg")), Err(GpgError::NotInstalled));
        let (_folder, fails) = script("exit 2");
        assert_eq!(secret_keys(fails.as_os_str()), Err(GpgError::Failed));
        let (_folder, none) = script("exit 0");
        assert_eq!(secret_keys(none.as_os_str()), Err(GpgError::NoKey));
        let (_folder, hangs) = script("exec sleep 1000");
        let mut child = Command::new(hangs).stdout(Stdio::piped()).spawn().unwrap();
        let answer = read_within(&mut child, Duration::from_millis(1));
        assert_eq!(answer, Err(GpgError::TooSlow));
        child.kill().unwrap();
        child.wait().unwrap();
        let (_folder, goes_on) = script("exec sleep 1000 >&- 2>&-");
        let mut child = Command::new(goes_on).stdout(Stdio::piped()).spawn().unwrap();
        assert_eq!(read_within(&mut child, LIMIT), Ok(Vec::new()));
        let status = wait_within(&mut child, Duration::from_millis(1));
        assert_eq!(status, Err(GpgError::TooSlow));
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
