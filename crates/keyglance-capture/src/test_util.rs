//! What tests drive the real screen with. No part of the stable API.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing
)]

/// Whether a program is installed; says so where it is not.
pub fn found(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    if !found {
        println!("skipped: {program} not found");
    }
    found
}

mod desktop;

pub use desktop::{Bus, FalsePortal};

#[cfg(all(feature = "screen", unix, not(target_os = "macos")))]
pub use clipboard::Clipboard;
#[cfg(all(feature = "screen", unix, not(target_os = "macos")))]
pub use display::{Display, ask_to_close};

/// An X server of its own, ended with the test.
pub struct XServer {
    server: std::process::Child,
    /// Its display, as `DISPLAY` has it.
    pub name: String,
}

impl XServer {
    /// `None`, with a word, where there is no Xvfb.
    pub fn start(screen: &str) -> Option<Self> {
        use std::io::BufRead as _;
        if !found("Xvfb") {
            return None;
        }
        // Each chooses a free number and writes it; of two that choose the same
        // at once one ends without a word.
        for _ in 0..10 {
            let mut server = std::process::Command::new("Xvfb")
                // Without -noreset it refuses connections for a moment each time its
                // last client goes.
                .args(["-noreset", "-displayfd", "1", "-nolisten", "tcp"])
                .args(["-screen", "0", screen])
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap();
            let mut number = String::new();
            let mut out = std::io::BufReader::new(server.stdout.take().unwrap());
            out.read_line(&mut number).unwrap();
            if !number.trim().is_empty() {
                return Some(Self { server, name: format!(":{}", number.trim()) });
            }
            let _ = server.kill();
            let _ = server.wait();
        }
        panic!("no X server starts");
    }
}

impl Drop for XServer {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[cfg(all(feature = "screen", unix, not(target_os = "macos")))]
mod display {
    use image::GrayImage;
    use x11rb::connection::Connection as _;
    use x11rb::protocol::randr::{self, ConnectionExt as _};
    use x11rb::protocol::xproto::{
        ClientMessageEvent, ConnectionExt as _, CreateGCAux, CreateWindowAux, EventMask, Gcontext,
        ImageFormat, Window, WindowClass,
    };
    use x11rb::rust_connection::RustConnection;

    use super::XServer;

    /// Asks a window to close, as the button in its title bar does (ICCCM 4.2.8.1).
    pub fn ask_to_close(server: &XServer, window: Window) {
        let (connection, _) = RustConnection::connect(Some(&server.name)).unwrap();
        let atom = |name: &[u8]| connection.intern_atom(false, name).unwrap().reply().unwrap().atom;
        let data = [atom(b"WM_DELETE_WINDOW"), x11rb::CURRENT_TIME, 0, 0, 0];
        let event = ClientMessageEvent::new(32, window, atom(b"WM_PROTOCOLS"), data);
        connection.send_event(false, window, EventMask::NO_EVENT, event).unwrap();
        x11rb::wrapper::ConnectionExt::sync(&connection).unwrap();
    }

    /// A display of its own, ended with the test.
    pub struct Display {
        pub server: XServer,
        connection: RustConnection,
        window: Window,
        context: Gcontext,
    }

    impl Display {
        /// `None`, with a word, where there is no Xvfb.
        pub fn start(screen: &str) -> Option<Self> {
            let server = XServer::start(screen)?;
            let (connection, _) = RustConnection::connect(Some(&server.name)).unwrap();
            let (window, context) =
                (connection.generate_id().unwrap(), connection.generate_id().unwrap());
            let display = Self { server, connection, window, context };
            display.open_window();
            Some(display)
        }

        pub fn open_window(&self) {
            let root = self.connection.setup().roots[0].clone();
            let class = WindowClass::INPUT_OUTPUT;
            let (w, h) = (root.width_in_pixels, root.height_in_pixels);
            let aux = CreateWindowAux::new().background_pixel(root.white_pixel);
            let connection = &self.connection;
            connection
                .create_window(0, self.window, root.root, 0, 0, w, h, 0, class, 0, &aux)
                .unwrap();
            connection.map_window(self.window).unwrap();
            connection.create_gc(self.context, self.window, &CreateGCAux::new()).unwrap();
            self.settle();
        }

        /// Draws a grey picture with its corner here, on a screen of 24 bits.
        pub fn draw(&self, picture: &GrayImage, x: i16, y: i16) {
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
        pub fn resize(&self, width: u16, height: u16) {
            let root = self.connection.setup().roots[0].root;
            let resources =
                self.connection.randr_get_screen_resources(root).unwrap().reply().unwrap();
            // A screen never gets smaller than what is shown on it.
            for crtc in resources.crtcs {
                let (now, none) = (x11rb::CURRENT_TIME, x11rb::NONE);
                let rotation = randr::Rotation::ROTATE0;
                let off = self.connection.randr_set_crtc_config(
                    crtc,
                    now,
                    now,
                    0,
                    0,
                    none,
                    rotation,
                    &[],
                );
                off.unwrap().reply().unwrap();
            }
            let size =
                self.connection.randr_set_screen_size(root, width, height, 100, 100).unwrap();
            size.check().unwrap();
        }

        /// Waits until the server has done everything.
        pub fn settle(&self) {
            self.connection.get_input_focus().unwrap().reply().unwrap();
        }
    }
}

#[cfg(all(feature = "screen", unix, not(target_os = "macos")))]
mod clipboard {
    use std::sync::mpsc::{Receiver, channel};

    use x11rb::connection::Connection as _;
    use x11rb::protocol::Event;
    use x11rb::protocol::xproto::{
        Atom, AtomEnum, ConnectionExt as _, CreateWindowAux, EventMask, SELECTION_NOTIFY_EVENT,
        SelectionNotifyEvent, Window, WindowClass,
    };
    use x11rb::rust_connection::RustConnection;

    use super::XServer;

    /// Who looks into the clipboard of an X server.
    pub struct Clipboard {
        connection: RustConnection,
        window: Window,
    }

    impl Clipboard {
        pub fn of(server: &XServer) -> Self {
            let (connection, _) = RustConnection::connect(Some(&server.name)).unwrap();
            let root = connection.setup().roots[0].root;
            let window = connection.generate_id().unwrap();
            let (class, aux) = (WindowClass::INPUT_OUTPUT, CreateWindowAux::new());
            connection.create_window(0, window, root, 0, 0, 1, 1, 0, class, 0, &aux).unwrap();
            Self { connection, window }
        }

        fn atom(&self, name: &str) -> Atom {
            let asked = self.connection.intern_atom(false, name.as_bytes()).unwrap();
            asked.reply().unwrap().atom
        }

        /// What is in it as this; nothing where it is not, or there is none.
        pub fn read(&self, target: &str) -> Option<Vec<u8>> {
            let (clipboard, target) = (self.atom("CLIPBOARD"), self.atom(target));
            let property = self.atom("KEYGLANCE_TEST");
            self.connection
                .convert_selection(self.window, clipboard, target, property, x11rb::CURRENT_TIME)
                .unwrap();
            self.connection.flush().unwrap();
            loop {
                let Event::SelectionNotify(told) = self.connection.wait_for_event().unwrap() else {
                    continue;
                };
                if told.property == x11rb::NONE {
                    return None;
                }
                let any = AtomEnum::ANY;
                let asked =
                    self.connection.get_property(true, self.window, property, any, 0, 1 << 20);
                return Some(asked.unwrap().reply().unwrap().value);
            }
        }

        /// Becomes the clipboard manager: a program that is about to end asks it to keep
        /// what is in the clipboard. Gives what it kept, each time.
        pub fn manage(self) -> Receiver<Vec<u8>> {
            let manager = self.atom("CLIPBOARD_MANAGER");
            self.connection.set_selection_owner(self.window, manager, x11rb::CURRENT_TIME).unwrap();
            let owner = self.connection.get_selection_owner(manager).unwrap();
            assert_eq!(owner.reply().unwrap().owner, self.window);
            let (sender, kept) = channel();
            std::thread::spawn(move || {
                // Until the server ends.
                while let Ok(event) = self.connection.wait_for_event() {
                    let Event::SelectionRequest(asked) = event else { continue };
                    if let Some(text) = self.read("UTF8_STRING") {
                        let _ = sender.send(text);
                    }
                    let done = SelectionNotifyEvent {
                        response_type: SELECTION_NOTIFY_EVENT,
                        sequence: 0,
                        time: asked.time,
                        requestor: asked.requestor,
                        selection: asked.selection,
                        target: asked.target,
                        property: asked.property,
                    };
                    let no = EventMask::NO_EVENT;
                    let _ = self.connection.send_event(false, asked.requestor, no, done);
                    let _ = self.connection.flush();
                }
            });
            kept
        }
    }
}
