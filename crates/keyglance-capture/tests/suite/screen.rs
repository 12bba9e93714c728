//! What is on an X11 screen is read: under Xvfb, which draws into memory.

use std::time::{Duration, Instant};

use image::GrayImage;
use keyglance_capture::test_util::Display;
use keyglance_capture::{FrameSource as _, NextFrame, Region, Scan, Scanner, Screen, ScreenError};
use keyglance_qr::{self as qr, Code, Reading};

const WAIT: Duration = Duration::from_secs(10);

fn code(text: &str, pixels: u32) -> GrayImage {
    qr::render_grayscale(&Code::new(text).unwrap(), pixels).unwrap()
}

/// Every text in the next frame.
fn read(scanner: &mut Scanner) -> Vec<String> {
    match scanner.poll(WAIT).unwrap() {
        Scan::Seen { readings, .. } => {
            readings.into_iter().filter_map(Reading::into_text).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn next(screen: &mut Screen) -> GrayImage {
    match screen.next_frame(WAIT).unwrap() {
        NextFrame::Frame(frame) => frame,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_code_on_the_screen_is_read_and_so_is_the_next_one() {
    let Some(display) = Display::start("1280x800x24") else { return };
    let mut scanner = Scanner::new(Box::new(open(&display)));
    assert_eq!(read(&mut scanner), [""; 0]);
    display.draw(&code("on the screen", 4), 700, 300);
    assert_eq!(read(&mut scanner), ["on the screen"]);
    display.draw(&code("another text!", 4), 700, 300);
    assert_eq!(read(&mut scanner), ["another text!"]);
}

#[test]
fn every_pixel_arrives_as_it_was_drawn() {
    let Some(display) = Display::start("1280x800x24") else { return };
    let picture = GrayImage::from_fn(256, 100, |x, y| image::Luma([(x as u8) ^ (y as u8)]));
    display.draw(&picture, 301, 57);
    let whole = next(&mut open(&display));
    assert_eq!(whole.dimensions(), (1280, 800));
    let shown = image::imageops::crop_imm(&whole, 301, 57, 256, 100).to_image();
    assert_eq!(shown, picture);
    // The region alone gives the same, from its own corner.
    let region = Region { x: 301, y: 57, width: 256, height: 100 };
    let mut screen = open(&display).only(region);
    assert_eq!(next(&mut screen), picture);
    assert_eq!((screen.info().width, screen.info().height), (256, 100));
}

#[test]
fn a_region_sees_nothing_beside_itself() {
    let Some(display) = Display::start("1280x800x24") else { return };
    display.draw(&code("left", 4), 100, 100);
    display.draw(&code("right", 4), 800, 100);
    let right = Region { x: 640, y: 0, width: 640, height: 800 };
    let mut scanner = Scanner::new(Box::new(open(&display).only(right)));
    assert_eq!(read(&mut scanner), ["right"]);
}

#[test]
fn eleven_frames_a_second_at_most_and_no_wait_is_overdrawn() {
    let Some(display) = Display::start("1280x800x24") else { return };
    let mut screen = open(&display);
    let began = Instant::now();
    for _ in 0..5 {
        next(&mut screen);
    }
    assert!(began.elapsed() >= Duration::from_millis(360), "{:?}", began.elapsed());
    let began = Instant::now();
    assert_eq!(screen.next_frame(Duration::from_millis(20)), Ok(NextFrame::Nothing));
    assert!(began.elapsed() < Duration::from_millis(90), "{:?}", began.elapsed());
}

#[test]
fn a_screen_may_change_its_size_meanwhile() {
    let Some(display) = Display::start("1280x800x24") else { return };
    let far = Region { x: 900, y: 500, width: 300, height: 200 };
    let (mut screen, mut corner) = (open(&display), open(&display).only(far));
    assert_eq!(next(&mut corner).dimensions(), (300, 200));
    display.resize(640, 480);
    assert_eq!(next(&mut screen).dimensions(), (640, 480));
    assert_eq!((screen.info().width, screen.info().height), (640, 480));
    assert_eq!(corner.next_frame(WAIT), Ok(NextFrame::Nothing), "the corner is off the screen");
    // Windows are drawn anew then.
    display.draw(&code("still here", 4), 20, 20);
    let mut scanner = Scanner::new(Box::new(screen));
    assert_eq!(read(&mut scanner), ["still here"]);
    display.resize(1280, 800);
    assert_eq!(next(&mut corner).dimensions(), (300, 200));
}

#[test]
fn a_display_that_ends_is_said_to_be_gone() {
    let Some(display) = Display::start("1280x800x24") else { return };
    let mut screen = open(&display);
    drop(display);
    let error = screen.next_frame(WAIT).unwrap_err();
    assert_eq!(error, ScreenError::Lost.into());
    assert!(error.is_final());
}

#[test]
fn colours_that_are_not_understood_are_named() {
    for (screen, depth) in [("640x480x16", 16), ("640x480x8", 8)] {
        let Some(display) = Display::start(screen) else { return };
        let error = Screen::open_display(&display.server.name).err();
        assert_eq!(error, Some(ScreenError::ColourDepth(depth)));
    }
}

#[test]
fn no_display_is_no_screen() {
    for name in [":4094", "nonsense", ":", ":4094.7"] {
        let error = Screen::open_display(name).err();
        assert_eq!(error, Some(ScreenError::NoScreen), "{name}");
    }
}

fn open(display: &Display) -> Screen {
    Screen::open_display(&display.server.name).unwrap()
}
