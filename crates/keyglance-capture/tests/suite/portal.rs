//! Pictures of the screen by the desktop's portal: a false one, on a bus of its own, which
//! gives what it is told to. Whatever it gives, no picture of ours stays behind, and no file
//! of somebody else is read or deleted.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use keyglance_capture::test_util::FalsePortal;
use keyglance_capture::{
    CaptureError, FrameSource as _, NextFrame, Region, Scan, Scanner, Screen, ScreenAccess,
    ScreenError, ScreenOptions, portal_version,
};
use keyglance_qr::{self as qr, Code, Reading};
use tempfile::TempDir;

const WAIT: Duration = Duration::from_secs(10);
const SOON: Duration = Duration::from_millis(50);

/// A picture with a code, and a folder that the portal writes to.
struct Place {
    folder: TempDir,
    picture: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let picture = folder.path().join("source.png");
        let code = qr::render_grayscale(&Code::new("on the screen").unwrap(), 4).unwrap();
        let mut screen = image::GrayImage::from_pixel(800, 600, image::Luma([90]));
        image::imageops::replace(&mut screen, &code, 500, 300);
        screen.save(&picture).unwrap();
        fs::create_dir(folder.path().join("out")).unwrap();
        Self { folder, picture }
    }

    fn out(&self, name: &str) -> PathBuf {
        self.folder.path().join("out").join(name)
    }

    /// A step that gives the picture under this name.
    fn give(&self, name: &str) -> String {
        FalsePortal::give(&self.picture, &self.out(name))
    }

    /// A step that names this file, which is there already.
    fn name(&self, name: &str) -> String {
        format!("name file://{}", self.out(name).display())
    }

    /// What is in the folder that the portal writes to.
    fn files(&self) -> Vec<String> {
        let names = fs::read_dir(self.out("")).unwrap();
        names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }
}

fn options(portal: &FalsePortal) -> ScreenOptions {
    ScreenOptions { bus: Some(portal.bus.address.clone()), ..ScreenOptions::default() }
}

fn open(portal: &FalsePortal) -> Screen {
    Screen::open_portal(&options(portal)).unwrap()
}

fn texts(scan: Scan) -> Vec<String> {
    match scan {
        Scan::Seen { readings, .. } => {
            readings.into_iter().filter_map(Reading::into_text).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// Why the first picture is none.
fn refusal(portal: &FalsePortal) -> ScreenError {
    match open(portal).next_frame(WAIT) {
        Err(CaptureError::Screen(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_code_in_the_picture_is_read_and_the_picture_is_deleted() {
    let place = Place::new();
    // Its address is percent-encoded.
    let Some(portal) = FalsePortal::start(&[place.give("50%25_ü\u{202e}.png")]) else { return };
    assert_eq!(portal_version(&options(&portal)), Ok(2));
    let screen = open(&portal).once();
    assert_eq!(screen.access(), ScreenAccess::Portal);
    let mut scanner = Scanner::new(Box::new(screen));
    assert_eq!(texts(scanner.poll(WAIT).unwrap()), ["on the screen"]);
    assert_eq!(scanner.poll(WAIT), Ok(Scan::Ended), "one press, one picture");
    assert_eq!(place.files(), [""; 0]);
    assert!(place.picture.exists());
    assert_eq!(portal.end(), ["quiet"]);
}

#[test]
fn a_region_is_cut_from_the_picture() {
    let place = Place::new();
    let Some(portal) = FalsePortal::start(&[place.give("a.png")]) else { return };
    let sees = |region| {
        let mut scanner = Scanner::new(Box::new(open(&portal).only(region)));
        let seen = texts(scanner.poll(WAIT).unwrap());
        (seen, scanner.info().width, scanner.info().height)
    };
    let right = Region { x: 450, y: 250, width: 300, height: 300 };
    assert_eq!(sees(right), (vec!["on the screen".to_owned()], 300, 300));
    assert_eq!(sees(Region { width: 60, ..right }).0, [""; 0]);
    let outside = Region { x: 900, ..right };
    assert_eq!(open(&portal).only(outside).next_frame(WAIT), Ok(NextFrame::Nothing));
    assert_eq!(place.files(), [""; 0]);
}

/// Some desktops fail without a word unless they may ask.
#[test]
fn a_portal_that_fails_is_asked_once_more_and_may_ask_then() {
    let place = Place::new();
    for first in ["answer 2", "answer 77", "error"] {
        let steps = [first.to_owned(), place.give("a.png")];
        let Some(portal) = FalsePortal::start(&steps) else { return };
        let mut scanner = Scanner::new(Box::new(open(&portal)));
        assert_eq!(texts(scanner.poll(WAIT).unwrap()), ["on the screen"], "{first}");
        assert_eq!(portal.end(), ["quiet", "interactive"]);
        let Some(portal) = FalsePortal::start(&[first]) else { return };
        assert_eq!(refusal(&portal), ScreenError::PortalFailed);
        assert_eq!(portal.end(), ["quiet", "interactive"], "and no third time");
    }
    assert_eq!(place.files(), [""; 0]);
}

#[test]
fn whoever_says_no_is_not_asked_again() {
    let Some(portal) = FalsePortal::start(&["answer 1"]) else { return };
    let error = refusal(&portal);
    assert_eq!(error, ScreenError::Refused);
    assert!(CaptureError::from(error).is_final());
    assert_eq!(portal.end(), ["quiet"]);
}

#[test]
fn a_question_without_an_answer_is_taken_back() {
    let Some(mut portal) = FalsePortal::start(&["silent"]) else { return };
    let limit = Duration::from_secs(1);
    let mut screen = Screen::open_portal(&ScreenOptions { limit, ..options(&portal) }).unwrap();
    let began = Instant::now();
    assert_eq!(screen.next_frame(SOON), Err(ScreenError::NoAnswer.into()));
    assert!((limit..limit * 5).contains(&began.elapsed()), "{:?}", began.elapsed());
    assert_eq!([portal.line(), portal.line()], ["quiet", "closed"]);
}

#[test]
fn a_desktop_without_a_portal_does_not_let_programs_look() {
    let Some(portal) = FalsePortal::start(&["silent"]) else { return };
    let options = options(&portal);
    let nowhere = ScreenOptions { bus: Some("unix:path=/nowhere".to_owned()), ..options.clone() };
    assert_eq!(Screen::open_portal(&nowhere).err(), Some(ScreenError::NotSupported));
    portal.end();
    // The bus is gone with it.
    assert_eq!(Screen::open_portal(&options).err(), Some(ScreenError::NotSupported));
}

/// What the portal names is ours to read only as a file that was written just now, by us,
/// under one name. Everything else stays as it is, unread.
#[test]
fn a_file_that_is_not_ours_is_neither_read_nor_deleted() {
    let place = Place::new();
    let copy = |name: &str| {
        fs::copy(&place.picture, place.out(name)).unwrap();
        place.out(name)
    };
    copy("target.png");
    symlink(place.out("target.png"), place.out("link.png")).unwrap();
    fs::hard_link(copy("twice.png"), place.out("second name.png")).unwrap();
    let old = fs::File::options().append(true).open(copy("old.png")).unwrap();
    old.set_modified(SystemTime::now() - Duration::from_secs(30)).unwrap();
    fs::create_dir(place.out("folder")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        place.out("pipe.png"),
        rustix::fs::FileType::Fifo,
        0o600.into(),
        0,
    )
    .unwrap();
    let before = place.files();
    let names = ["link.png", "twice.png", "old.png", "folder", "pipe.png"];
    let mut steps: Vec<String> = names.iter().map(|name| place.name(name)).collect();
    steps.extend(
        [
            "http://localhost/target.png",
            "file://elsewhere/target.png",
            "file:///%zz",
            "/etc/passwd",
        ]
        .map(|uri| format!("name {uri}")),
    );
    // Root reads it, and it is not ours.
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(copy("others.png"), Some(12_345), None).unwrap();
        steps.push(place.name("others.png"));
    } else {
        println!("skipped: a file of another user, since these are not root's rights");
    }
    let before = [before, place.files()].into_iter().max_by_key(Vec::len).unwrap();
    // As if each had just been written, but the one that is old.
    let fresh = ["target.png", "twice.png", "folder", "pipe.png", "others.png"];
    for step in steps {
        let Some(portal) = FalsePortal::start(&[&step]) else { return };
        for path in fresh.map(|name| place.out(name)).iter().filter(|path| path.exists()) {
            let now = rustix::fs::Timespec { tv_sec: 0, tv_nsec: rustix::fs::UTIME_NOW };
            let now = rustix::fs::Timestamps { last_access: now, last_modification: now };
            rustix::fs::utimensat(rustix::fs::CWD, path, &now, rustix::fs::AtFlags::empty())
                .unwrap();
        }
        let began = Instant::now();
        assert_eq!(refusal(&portal), ScreenError::NotOurs, "{step}");
        assert!(began.elapsed() < Duration::from_secs(5), "{step}");
        assert_eq!(place.files(), before, "{step}");
    }
}

#[test]
fn what_is_no_picture_is_deleted_all_the_same() {
    let place = Place::new();
    let text = place.folder.path().join("text");
    fs::write(&text, "no picture").unwrap();
    let huge = place.folder.path().join("huge");
    fs::File::create(&huge).unwrap().set_len(65 * 1024 * 1024).unwrap();
    for source in [&text, &huge] {
        let step = FalsePortal::give(source, &place.out("a.png"));
        let Some(portal) = FalsePortal::start(&[step]) else { return };
        assert_eq!(refusal(&portal), ScreenError::Unreadable);
        assert_eq!(place.files(), [""; 0], "{}", source.display());
    }
    for step in [place.name("gone.png"), place.name("no-folder/gone.png")] {
        let Some(portal) = FalsePortal::start(&[step]) else { return };
        assert_eq!(refusal(&portal), ScreenError::Unreadable);
    }
}

/// It is read, and whoever looks for it is told where it is.
#[test]
fn a_picture_that_cannot_be_deleted_is_named() {
    let place = Place::new();
    let Some(locked) = Locked::new(&place.out("")) else { return };
    let Some(portal) = FalsePortal::start(&[place.give("a.png")]) else { return };
    let mut screen = open(&portal).once();
    assert!(matches!(screen.next_frame(WAIT), Ok(NextFrame::Picture(_))));
    let error: CaptureError = ScreenError::PictureLeft(place.out("a.png")).into();
    assert!(!error.is_final());
    assert_eq!(screen.next_frame(WAIT), Err(error));
    assert_eq!(screen.next_frame(WAIT), Ok(NextFrame::Ended));
    drop(locked);
}

/// A folder in which files are made and none is deleted, until this is dropped.
struct Locked(PathBuf);

impl Locked {
    /// `None`, with a word, where there is no such folder.
    fn new(folder: &Path) -> Option<Self> {
        let change = Command::new("chattr").arg("+a").arg(folder).stderr(Stdio::null()).status();
        if change.is_ok_and(|status| status.success()) {
            return Some(Self(folder.to_owned()));
        }
        println!("skipped: chattr not found, or not allowed");
        None
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        let _ = Command::new("chattr").arg("-a").arg(&self.0).status();
    }
}

#[test]
fn pictures_follow_each_other_while_nobody_is_asked() {
    let place = Place::new();
    let slow = place.give("a.png").replacen("give", "slow", 1);
    let Some(mut portal) = FalsePortal::start(&[place.give("a.png"), slow, place.give("a.png")])
    else {
        return;
    };
    let mut screen = open(&portal);
    let shutter = screen.shutter().unwrap();
    let picture = |seen| matches!(seen, Ok(NextFrame::Picture(_)));
    let began = Instant::now();
    assert!(picture(screen.next_frame(WAIT)));
    assert_eq!(screen.next_frame(SOON), Ok(NextFrame::Nothing));
    assert!(!shutter.waits());
    assert!(picture(screen.next_frame(WAIT)));
    assert!(began.elapsed() > Duration::from_secs(3), "{:?}", began.elapsed());
    // That one took as long as a question does.
    assert!(shutter.waits());
    assert_eq!(screen.next_frame(Duration::from_millis(3_500)), Ok(NextFrame::Nothing));
    assert_eq!([portal.line(), portal.line()], ["quiet", "quiet"]);
    shutter.press();
    assert!(picture(screen.next_frame(WAIT)));
    assert_eq!(portal.end(), ["quiet"]);
    assert_eq!(place.files(), [""; 0]);
}
