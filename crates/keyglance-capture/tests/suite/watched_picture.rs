//! A picture that is watched while others write it.

use std::fs;
use std::time::{Duration, Instant};

use keyglance_capture::{Scan, Scanner, WatchedPicture};
use keyglance_qr::{self as qr, Code};

use crate::samples::only;

#[test]
fn a_watched_picture_is_seen_when_it_comes_and_whenever_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("code.png");
    let mut scanner = Scanner::new(Box::new(WatchedPicture::new(&path)));
    assert_eq!(scanner.poll(Duration::ZERO), Ok(Scan::Nothing));
    // Being written: half of it is nothing to see, and no error.
    let first = qr::render_png(&Code::new("text 0").unwrap(), 3).unwrap();
    fs::write(&path, &first[..first.len() / 2]).unwrap();
    assert_eq!(scanner.poll(Duration::ZERO), Ok(Scan::Nothing));
    fs::write(&path, &first).unwrap();

    let mut next = |wait| match scanner.poll(wait) {
        Ok(Scan::Seen { readings, .. }) => Some(only(readings).into_text().unwrap()),
        Ok(Scan::Nothing) => None,
        other => panic!("{other:?}"),
    };
    let wait = Duration::from_secs(5);
    assert_eq!(next(wait).as_deref(), Some("text 0"));
    // The same length, in the same tick of the clock: a rename must be noticed.
    for number in 1..20 {
        let text = format!("text {}", number % 2);
        let other = folder.path().join("other.png");
        let mut bytes = qr::render_png(&Code::new(&text).unwrap(), 3).unwrap();
        bytes.resize(2000, 0);
        fs::write(&other, bytes).unwrap();
        fs::rename(&other, &path).unwrap();
        assert_eq!(next(Duration::ZERO), Some(text), "change {number}");
    }
    // Unchanged, it is still in view, but not thirty times a second.
    let start = Instant::now();
    assert_eq!(next(Duration::ZERO), None);
    assert_eq!(next(wait).as_deref(), Some("text 1"));
    assert!(start.elapsed() >= Duration::from_millis(150));
    // Rewritten in place, with the same length and perhaps the same time.
    let mut bytes = qr::render_png(&Code::new("text 2").unwrap(), 3).unwrap();
    bytes.resize(2000, 0);
    fs::write(&path, bytes).unwrap();
    assert_eq!(next(wait).as_deref(), Some("text 2"));
    fs::remove_file(&path).unwrap();
    assert_eq!(next(Duration::ZERO), None);
}
