//! Picture files: what is opened, and what is said of what is not.
#![cfg_attr(not(unix), allow(unused_imports, reason = "pipes are of Unix"))]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use keyglance_capture::image::{ImageFormat, RgbaImage};
use keyglance_capture::{
    FrameSource, NextFrame, PictureFileError, Scan, Scanner, StillPictures, WatchedPicture,
    read_picture,
};
use keyglance_qr::{self as qr, Code, OtherFormat, PictureError};

use crate::samples::only;

#[test]
fn a_file_that_is_no_picture_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let picture = |path: &Path, error| PictureFileError::Picture { path: path.to_owned(), error };
    let whole = qr::render_png(&Code::new("x").unwrap(), 4).unwrap();

    let text = write("text.png", b"This is not a picture.");
    assert_eq!(read_picture(&text), Err(picture(&text, PictureError::NotAPicture)));
    let gif = write("gif.png", b"GIF89a\x01\x00\x01\x00");
    assert_eq!(read_picture(&gif), Err(picture(&gif, PictureError::Damaged)));
    let pdf = write("pdf.png", b"%PDF-1.7\n");
    let other = PictureError::OtherFormat(OtherFormat::Pdf);
    assert_eq!(read_picture(&pdf), Err(picture(&pdf, other)));
    let empty = write("empty.png", b"");
    assert_eq!(read_picture(&empty), Err(picture(&empty, PictureError::Empty)));
    let half = write("half.png", &whole[..whole.len() / 2]);
    assert_eq!(read_picture(&half), Err(picture(&half, PictureError::Damaged)));
    let start = write("start.png", &whole[..20]);
    assert_eq!(read_picture(&start), Err(picture(&start, PictureError::Damaged)));
    let is_folder = PictureFileError::IsDirectory(folder.path().to_owned());
    assert_eq!(read_picture(folder.path()), Err(is_folder));
    let missing = folder.path().join("missing.png");
    assert_eq!(read_picture(&missing), Err(PictureFileError::NotFound(missing)));
    // A wrong extension is nothing.
    assert!(read_picture(write("code.txt", &whole)).is_ok());

    // A sparse file: it takes no room, and must not be read.
    let large = folder.path().join("large.png");
    fs::File::create(&large).unwrap().set_len(65 * 1024 * 1024).unwrap();
    let start = Instant::now();
    assert_eq!(read_picture(&large), Err(picture(&large, PictureError::TooManyBytes)));
    assert!(start.elapsed() < Duration::from_secs(1));
}

/// White on nothing, as a PNG: over white there is nothing to see.
fn white_on_clear(text: &str) -> Vec<u8> {
    let code = qr::render_grayscale(&Code::new(text).unwrap(), 4).unwrap();
    let mut clear = RgbaImage::new(code.width(), code.height());
    for (pixel, level) in clear.pixels_mut().zip(code.as_raw()) {
        pixel.0 = [255, 255, 255, 255 - level];
    }
    let mut file = std::io::Cursor::new(Vec::new());
    clear.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

#[test]
fn every_source_of_pictures_looks_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clear.png");
    fs::write(&path, white_on_clear("twice")).unwrap();
    let sources: [Box<dyn FrameSource>; 2] =
        [Box::new(StillPictures::new(vec![path.clone()])), Box::new(WatchedPicture::new(&path))];
    for source in sources {
        match Scanner::new(source).poll(Duration::from_secs(5)) {
            Ok(Scan::Seen { readings, .. }) => assert_eq!(only(readings).bytes, b"twice"),
            other => panic!("{other:?}"),
        }
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_device_neither_hangs_nor_fills_memory() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.png");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [pipe, PathBuf::from("/dev/zero")] {
        let (send, receive) = mpsc::channel();
        let theirs = path.clone();
        std::thread::spawn(move || send.send(read_picture(theirs)));
        let result = receive.recv_timeout(Duration::from_secs(5)).expect("it hangs");
        assert_eq!(result, Err(PictureFileError::NotAFile(path.clone())));
        let mut watched = WatchedPicture::new(&path);
        assert_eq!(watched.next_frame(Duration::ZERO), Ok(NextFrame::Nothing));
    }
}

#[test]
fn still_pictures_come_once_each_and_a_bad_one_spoils_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let [one, bad, two] = ["one", "bad", "two"].map(|name| folder.path().join(name));
    fs::write(&one, qr::render_png(&Code::new("one").unwrap(), 3).unwrap()).unwrap();
    fs::write(&bad, "no picture").unwrap();
    fs::write(&two, qr::render_png(&Code::new("two").unwrap(), 3).unwrap()).unwrap();
    let mut scanner = Scanner::new(Box::new(StillPictures::new(vec![one, bad.clone(), two])));
    let text = |scan| match scan {
        Ok(Scan::Seen { readings, .. }) => only(readings).into_text().unwrap(),
        other => panic!("{other:?}"),
    };
    assert_eq!(text(scanner.poll(Duration::ZERO)), "one");
    let error = scanner.poll(Duration::ZERO).unwrap_err();
    assert_eq!(
        error,
        PictureFileError::Picture { path: bad, error: PictureError::NotAPicture }.into()
    );
    assert!(!error.is_final());
    assert_eq!(text(scanner.poll(Duration::ZERO)), "two");
    assert_eq!(scanner.poll(Duration::ZERO), Ok(Scan::Ended));
    assert_eq!(scanner.poll(Duration::ZERO), Ok(Scan::Ended));
}
