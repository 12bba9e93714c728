//! What is on an X11 screen is read: under Xvfb, which draws into memory.

use crate::common::XServer;
use std::thread::sleep;
use std::time::{Duration, Instant};

use image::GrayImage;
use keyglance::optics::{FrameSource as _, Next, OpticsError, Region, Scan, Scanner, Screen};
use keyglance::qr::{self, Code};
use x11rb::connection::Connection as _;
use x11rb::protocol::randr::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{
    ConnectionExt as _, CreateGCAux, CreateWindowAux, Gcontext, ImageFormat, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;

const WAIT: Duration = Duration::from_secs(10);

/// A display of its own, ended with the test.
struct Display {
    server: XServer,
    connection: RustConnection,
    window: Window,
    context: Gcontext,
}

impl Display {
    /// `None`, with a word, where there is no Xvfb.
    fn start(screen: &str) -> Option<Self> {
        let server = XServer::start(screen)?;
        let (connection, _) = RustConnection::connect(Some(&server.name)).unwrap();
        let (window, context) =
            (connection.generate_id().unwrap(), connection.generate_id().unwrap());
        let display = Self { server, connection, window, context };
        display.open_window();
        Some(display)
    }

    fn open_window(&self) {
        let root = self.connection.setup().roots[0].clone();
        let class = WindowClass::INPUT_OUTPUT;
        let (w, h) = (root.width_in_pixels, root.height_in_pixels);
        let aux = CreateWindowAux::new().background_pixel(root.white_pixel);
        let connection = &self.connection;
        connection.create_window(0, self.window, root.root, 0, 0, w, h, 0, class, 0, &aux).unwrap();
        connection.map_window(self.window).unwrap();
        connection.create_gc(self.context, self.window, &CreateGCAux::new()).unwrap();
        self.settle();
    }

    /// Draws a grey picture with its corner here, on a screen of 24 bits.
    fn draw(&self, picture: &GrayImage, x: i16, y: i16) {
        let (width, height) = (picture.width() as u16, picture.height() as u16);
        let pixels: Vec<u8> =
            picture.iter().flat_map(|level| [*level, *level, *level, 0]).collect();
        // A request holds 256 KiB.
        for (row, bytes) in (0..height).zip(pixels.chunks_exact(usize::from(width) * 4)) {
            let format = ImageFormat::Z_PIXMAP;
            let y = y + row as i16;
            self.connection
                .put_image(format, self.window, self.context, width, 1, x, y, 0, 24, bytes)
                .unwrap();
        }
        self.settle();
    }

    /// As a monitor does that is turned or replaced.
    fn resize(&self, width: u16, height: u16) {
        let root = self.connection.setup().roots[0].root;
        let resources = self.connection.randr_get_screen_resources(root).unwrap().reply().unwrap();
        // A screen never gets smaller than what is shown on it.
        for crtc in resources.crtcs {
            let (now, none) = (x11rb::CURRENT_TIME, x11rb::NONE);
            let rotation = randr::Rotation::ROTATE0;
            let off =
                self.connection.randr_set_crtc_config(crtc, now, now, 0, 0, none, rotation, &[]);
            off.unwrap().reply().unwrap();
        }
        let size = self.connection.randr_set_screen_size(root, width, height, 100, 100).unwrap();
        size.check().unwrap();
    }

    /// Waits until the server has done everything.
    fn settle(&self) {
        self.connection.get_input_focus().unwrap().reply().unwrap();
    }

    fn open(&self) -> Screen {
        Screen::open_display(&self.server.name).unwrap()
    }
}

fn code(text: &str, pixels: u32) -> GrayImage {
    qr::luma(&Code::new(text).unwrap(), pixels).unwrap()
}

/// Every text in the next frame.
fn read(scanner: &mut Scanner) -> Vec<String> {
    match scanner.poll(WAIT).unwrap() {
        Scan::Seen { readings, .. } => readings.into_iter().filter_map(|r| r.text).collect(),
        other => panic!("{other:?}"),
    }
}

fn next(screen: &mut Screen) -> GrayImage {
    match screen.next_frame(WAIT).unwrap() {
        Next::Frame(frame) => frame.luma,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_code_on_the_screen_is_read_and_so_is_the_next_one() {
    let Some(display) = Display::start("1280x800x24") else { return };
    let mut scanner = Scanner::new(Box::new(display.open()));
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
    let whole = next(&mut display.open());
    assert_eq!(whole.dimensions(), (1280, 800));
    let shown = image::imageops::crop_imm(&whole, 301, 57, 256, 100).to_image();
    assert_eq!(shown, picture);
    // The region alone gives the same, from its own corner.
    let region = Region { x: 301, y: 57, width: 256, height: 100 };
    let mut screen = display.open().only(region);
    assert_eq!(next(&mut screen), picture);
    assert_eq!((screen.info().width, screen.info().height), (256, 100));
}

#[test]
fn a_region_sees_nothing_beside_itself() {
    let Some(display) = Display::start("1280x800x24") else { return };
    display.draw(&code("left", 4), 100, 100);
    display.draw(&code("right", 4), 800, 100);
    let right = Region { x: 640, y: 0, width: 640, height: 800 };
    let mut scanner = Scanner::new(Box::new(display.open().only(right)));
    assert_eq!(read(&mut scanner), ["right"]);
}

#[test]
fn eleven_frames_a_second_at_most_and_no_wait_is_overdrawn() {
    let Some(display) = Display::start("1280x800x24") else { return };
    let mut screen = display.open();
    let began = Instant::now();
    for _ in 0..5 {
        next(&mut screen);
    }
    assert!(began.elapsed() >= Duration::from_millis(360), "{:?}", began.elapsed());
    let began = Instant::now();
    assert_eq!(screen.next_frame(Duration::from_millis(20)), Ok(Next::Nothing));
    assert!(began.elapsed() < Duration::from_millis(90), "{:?}", began.elapsed());
}

#[test]
fn a_screen_may_change_its_size_meanwhile() {
    let Some(display) = Display::start("1280x800x24") else { return };
    let far = Region { x: 900, y: 500, width: 300, height: 200 };
    let (mut screen, mut corner) = (display.open(), display.open().only(far));
    assert_eq!(next(&mut corner).dimensions(), (300, 200));
    display.resize(640, 480);
    assert_eq!(next(&mut screen).dimensions(), (640, 480));
    assert_eq!((screen.info().width, screen.info().height), (640, 480));
    assert_eq!(corner.next_frame(WAIT), Ok(Next::Nothing), "the corner is off the screen");
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
    let mut screen = display.open();
    drop(display);
    let error = screen.next_frame(WAIT).unwrap_err();
    assert_eq!(error, OpticsError::ScreenLost);
    assert!(error.is_final());
}

#[test]
fn colours_that_are_not_understood_are_named() {
    for (screen, depth) in [("640x480x16", 16), ("640x480x8", 8)] {
        let Some(display) = Display::start(screen) else { return };
        let error = Screen::open_display(&display.server.name).err();
        assert_eq!(error, Some(OpticsError::ScreenFormat(depth)));
    }
}

#[test]
fn no_display_is_no_screen() {
    for name in [":4094", "nonsense", ":", ":4094.7"] {
        let error = Screen::open_display(name).err();
        assert_eq!(error, Some(OpticsError::NoScreen), "{name}");
    }
}

#[cfg(feature = "cli")]
mod program {
    use super::*;
    use crate::program::{Home, Running};

    #[test]
    fn the_program_says_what_to_do_without_a_screen() {
        let run = |envs: &[(&str, &str)]| {
            let home = Home::new();
            let mut command = home.command(["pair", "--screen", "--show", "code.png"]);
            command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
            command.envs(envs.iter().copied());
            let run = Running::start(&mut command).end().ended(1);
            assert!(!home.profile().exists(), "a failed start leaves no identity");
            run.err
        };
        let wayland = ("WAYLAND_DISPLAY", "wayland-0");
        for said in [run(&[]), run(&[("DISPLAY", ":4094")]), run(&[("DISPLAY", ":4094"), wayland])]
        {
            assert!(said.contains("there is no screen to read"), "{said}");
            assert!(said.contains("--picture"), "{said}");
        }
        let said = run(&[wayland]);
        assert!(said.contains("does not let programs read the screen"), "{said}");
        assert!(said.contains("screenshot"), "{said}");
    }

    #[test]
    fn a_black_root_beside_wayland_is_not_taken_for_an_empty_screen() {
        let Some(display) = Display::start("640x480x24") else { return };
        display.draw(&GrayImage::new(640, 480), 0, 0);
        let home = Home::new();
        let mut command = home.command(["pair", "--screen", "--show", "code.png"]);
        command.env("DISPLAY", &display.server.name).env("WAYLAND_DISPLAY", "wayland-0");
        let run = Running::start(&mut command).end().ended(1);
        assert!(run.err.contains("does not let programs read the screen"), "{run:?}");
    }

    /// One program reads the screen, where the test shows what the other one
    /// writes; one's own code beside it does no harm.
    #[test]
    fn two_programs_pair_over_a_screen() {
        let Some(display) = Display::start("1280x800x24") else { return };
        let homes = [Home::new(), Home::new()];
        let [a, b] = ["a.png", "b.png"].map(|name| homes[0].path(name));
        let common = ["pair", "--json", "--yes-check", "--name", "Ana", "--show"];
        let mut screen = homes[0].command(common);
        screen
            .arg(&a)
            .arg("--screen")
            .env("DISPLAY", &display.server.name)
            .env_remove("WAYLAND_DISPLAY");
        let mut watch = homes[1].command(common);
        watch.arg(&b).arg("--watch").arg(&a);
        let both = [&mut screen, &mut watch].map(Running::start);
        let waiting =
            std::thread::spawn(move || both.map(|run| run.end().ended(0)).map(|run| run.json()));
        let began = Instant::now();
        while !waiting.is_finished() && began.elapsed() < Duration::from_secs(60) {
            for (path, x) in [(&b, 20), (&a, 660)] {
                // Half written is not there yet.
                let picture = std::fs::read(path).ok().and_then(|bytes| qr::read(&bytes).ok());
                if let Some(picture) = picture {
                    display.draw(&picture, x, 20);
                }
            }
            sleep(Duration::from_millis(100));
        }
        let [a, b] = waiting.join().unwrap();
        for same in ["check_code", "safety_number", "key_id"] {
            assert_eq!(a[same], b[same]);
        }
    }
}
