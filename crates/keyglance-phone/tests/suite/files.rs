use std::io::{self, Read, Write};

use keyglance_core::test_util::seeded;
use serde_json::json as value;

use super::{Page, UNIX, code, compared, json};

struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::Other.into())
    }
}

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::Other.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn opened(page: &Page, purposes: &str, sealed: &[u8]) -> (Vec<u8>, serde_json::Value) {
    let mut plain = Vec::new();
    let told = json(&page.open(purposes.as_bytes(), sealed, &mut plain).unwrap());
    (plain, told)
}

#[test]
fn a_sealed_file_opens_on_both_sides_and_tells_who_sealed_it() {
    let [ana, bo] = compared(0, 91);
    for letter in [Vec::new(), vec![7; 200_000]] {
        let mut sealed = Vec::new();
        let told = json(&ana.seal(b"", &letter[..], &mut sealed).unwrap());
        assert_eq!(told, value!({ "bytes": letter.len() }));
        for (page, sealed_by) in [(&ana, "this-device"), (&bo, "peer")] {
            let (plain, told) = opened(page, "", &sealed);
            assert_eq!(plain, letter);
            let bytes = letter.len();
            assert_eq!(told, value!({ "bytes": bytes, "sealed_by": sealed_by, "why": null }));
        }
    }
}

#[test]
fn a_purpose_is_tried_where_it_is_named() {
    let [ana, bo] = compared(1, 93);
    let mut sealed = Vec::new();
    ana.seal(b"office", &b"letter"[..], &mut sealed).unwrap();
    assert_eq!(code(bo.open(b"", &sealed[..], Vec::new())), -7);
    assert_eq!(opened(&bo, "home\noffice", &sealed).0, b"letter");
    assert_eq!(code(ana.seal(b" ", &b"x"[..], Vec::new())), -1);
    assert_eq!(code(ana.open(b"\xff", &sealed[..], Vec::new())), -1);
}

#[test]
fn a_files_worker_opens_what_the_page_gave_it() {
    let [mut ana, bo] = compared(0, 95);
    ana.summary(UNIX).unwrap();
    let mut worker = Page::default();
    worker.import(&[&[0; 4], &ana.key_json().unwrap()[..]].concat()).unwrap();
    let mut sealed = Vec::new();
    bo.seal(b"", &b"letter"[..], &mut sealed).unwrap();
    let (plain, told) = opened(&worker, "", &sealed);
    assert_eq!((&plain[..], &told["sealed_by"]), (&b"letter"[..], &value!("peer")));
}

#[test]
fn what_cannot_be_opened_says_why() {
    let [ana, mut stranger] = compared(0, 97);
    let mut sealed = Vec::new();
    ana.seal(b"", &vec![1; 150_000][..], &mut sealed).unwrap();
    let mut cut = sealed.clone();
    cut.truncate(100_000);
    let mut changed = sealed.clone();
    *changed.last_mut().unwrap() ^= 1;
    for (file, number) in [(&b"no age file"[..], -7), (&cut, -7), (&changed, -7), (b"", -7)] {
        assert_eq!(code(ana.open(b"", file, Vec::new())), number);
    }
    assert_eq!(code(ana.open(b"", Broken, Vec::new())), -9);
    assert_eq!(code(ana.open(b"", &sealed[..], Broken)), -10);
    assert_eq!(code(ana.seal(b"", Broken, Vec::new())), -9);
    assert_eq!(code(ana.seal(b"", &b"x"[..], Broken)), -10);

    stranger.begin(b"Eve", 0.0, 0, seeded(5)).unwrap();
    assert_eq!(code(stranger.open(b"", &sealed[..], Vec::new())), -2);
    let [stranger, _] = compared(0, 99);
    let error = stranger.open(b"", &sealed[..], Vec::new()).unwrap_err();
    assert_eq!((error.code(), error.to_string()), (-7, "none of these keys opens the file".into()));
}
